"""How long answers take beside the same questions written as SQL by hand, and whether the built package works on its own."""
