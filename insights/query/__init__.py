"""Question to plan to SQL to facts."""
