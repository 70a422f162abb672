"""Query engines behind one port."""
