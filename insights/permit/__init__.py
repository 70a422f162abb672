"""Who may ask, see, hear and do what: the one place that decides. Everything below only enforces the grant."""

from insights.permit.asking import LEVELS, Asker, Grant, RowFilter, identify
from insights.permit.deciding import Permit
from insights.permit.office import FACILITIES, acts_for, keeps_rooms, knows_holders, may_know
from insights.permit.table import RULES, Rule, Subject, Verdict, verdict

__all__ = [
    "FACILITIES",
    "LEVELS",
    "RULES",
    "Asker",
    "Grant",
    "Permit",
    "RowFilter",
    "Rule",
    "Subject",
    "Verdict",
    "acts_for",
    "identify",
    "keeps_rooms",
    "knows_holders",
    "may_know",
    "verdict",
]
