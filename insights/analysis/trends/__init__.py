"""Trends: which way a series goes and how surely, where it changed, and how strong its season is."""
