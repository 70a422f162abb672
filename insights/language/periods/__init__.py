"""Time expressions in an utterance: which days, hours, lengths and repetitions were meant."""

from insights.language.periods.conventions import PROFILES, Conventions
from insights.language.periods.model import GRAINS, Calendar, Found, Grain, Lean, Other
from insights.language.periods.search import find, when_json

__all__ = ["GRAINS", "PROFILES", "Calendar", "Conventions", "Found", "Grain", "Lean", "Other", "find", "when_json"]
