"""The Slack door: events in, messages out."""
