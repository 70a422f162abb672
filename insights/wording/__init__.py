"""Facts into speech and text."""

from insights.wording.sentences import Said, Wording

__all__ = ["Said", "Wording"]
