"""What is broken and who sees to it."""
