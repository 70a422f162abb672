"""One neutral description of a picture, made from an answer."""

from insights.charts.describe import describe

__all__ = ["describe"]
