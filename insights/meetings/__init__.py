"""Rooms and the time people hold them."""
