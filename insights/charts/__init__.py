"""One neutral description of a picture."""
