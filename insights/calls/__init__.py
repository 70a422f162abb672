"""Conferences: found in a meeting, started, and brought to people and room systems."""
