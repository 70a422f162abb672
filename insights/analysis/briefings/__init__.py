"""What a briefing is made of: how surprising changes are, and what was told to whom before."""
