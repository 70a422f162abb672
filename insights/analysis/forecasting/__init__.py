"""Forecasts: models that are fitted to many series at once, the choice between them, and intervals that hold."""
