"""What the company means by its data: the semantic layer."""
