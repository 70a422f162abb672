"""Who may ask, see, hear and do what: the one place that decides. Everything below only enforces the grant."""

from insights.permit.asking import LEVELS, Asker, Grant, RowFilter, identify
from insights.permit.deciding import Permit
from insights.permit.office import ADMINISTRATOR, FACILITIES, acts_for, administer, administers, keeps_rooms, knows_holders, may_know
from insights.permit.places import Places
from insights.permit.table import RULES, Rule, Subject, Verdict, verdict

__all__ = [
    "ADMINISTRATOR",
    "FACILITIES",
    "LEVELS",
    "RULES",
    "Asker",
    "Grant",
    "Permit",
    "Places",
    "RowFilter",
    "Rule",
    "Subject",
    "Verdict",
    "acts_for",
    "administer",
    "administers",
    "identify",
    "keeps_rooms",
    "knows_holders",
    "may_know",
    "verdict",
]
