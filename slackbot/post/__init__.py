"""What is received is done once, what is said arrives in order: over crashes, over processes."""
