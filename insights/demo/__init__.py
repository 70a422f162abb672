"""Halcyon Media, a company that does not exist: its data, catalog, people, rooms and handbook, made from a seed."""

from insights.demo.company import Company, make, standing

__all__ = ["Company", "make", "standing"]
