"""Experiments: what an A/B test found, and whether it may be believed."""
