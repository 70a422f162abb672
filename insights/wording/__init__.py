"""Facts into speech and text."""
