"""Which tables hold something about people, and what becomes of it: the one list that export, forgetting and retention go by.

Every table of the ledger stands here; a test reads the migrations and names what is missing. In the statements `:person`, `:now` (seconds) and `:before`
(seconds) and `:today` and `:day` (the same as ISO 8601) stand for values that are bound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from insights.ledger.database import Value

NAMED = re.compile(r":(person|now|before|today|day)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a table holds about a person: the rows `of` them, how it is forgotten, how what was said in it expires, which columns are secrets.

    `people` are its columns that name somebody; after `forget` none of them names the person.
    """

    people: tuple[str, ...] = ()
    of: str = ""
    forget: tuple[str, ...] = ()
    expire: tuple[str, ...] = ()
    secret: frozenset[str] = frozenset()


def _erased(table: str, column: str = "person", **more: tuple[str, ...] | frozenset[str]) -> Holding:
    """Rows that are the person's alone."""
    return Holding(people=(column,), of=f"{column} = :person", forget=(f"DELETE FROM {table} WHERE {column} = :person",), **more)  # type: ignore[arg-type]  # noqa: S608 # names are ours


_THEIR_TICKETS = "ticket IN (SELECT id FROM desk_tickets WHERE person = :person)"
_MEETINGS = "meeting IN (SELECT number FROM meetings WHERE organizer = :person)"

HOLDINGS: Mapping[str, Holding] = {
    "conversations": _erased("conversations", expire=("DELETE FROM conversations WHERE saved_at < :before",)),
    "actions": Holding(
        people=("person",),
        of="person = :person",
        forget=(
            "UPDATE actions SET state = 'failed', reason = NULL WHERE person = :person AND state IN ('intended', 'attempted', 'doubted')",
            "UPDATE actions SET person = NULL, request = '{}', reason = NULL, result = CASE WHEN result IS NULL THEN NULL ELSE '{}' END WHERE person = :person",
        ),
        expire=(
            "UPDATE actions SET request = '{}', reason = NULL, result = CASE WHEN result IS NULL THEN NULL ELSE '{}' END"
            " WHERE begun_at < :before AND state IN ('confirmed', 'failed') AND request <> '{}'",
        ),
    ),
    "bookings": Holding(
        people=("person",),
        of="person = :person",
        forget=(
            "UPDATE bookings SET state = 'released' WHERE person = :person AND state = 'held' AND end_at > :now",
            "UPDATE bookings SET person = NULL, title = NULL WHERE person = :person",
        ),
    ),
    "room_changes": Holding(),
    "check_ins": Holding(people=("person",), of="person = :person", forget=("UPDATE check_ins SET person = NULL WHERE person = :person",)),
    "invitations": Holding(
        people=("person",),
        of="person = :person",
        forget=(f"DELETE FROM invitations WHERE {_MEETINGS}", "DELETE FROM invitations WHERE person = :person"),  # noqa: S608 # the names are ours
    ),
    "answers": Holding(
        people=("person",),
        of="person = :person",
        forget=(f"DELETE FROM answers WHERE {_MEETINGS}", "DELETE FROM answers WHERE person = :person"),  # noqa: S608 # the names are ours
    ),
    "altered": Holding(of=_MEETINGS, forget=(f"DELETE FROM altered WHERE {_MEETINGS}",)),  # noqa: S608 # the names are ours
    "meeting_changes": Holding(of=_MEETINGS, forget=(f"DELETE FROM meeting_changes WHERE {_MEETINGS}",)),  # noqa: S608 # the names are ours
    "meetings": _erased("meetings", "organizer"),
    "tickets": Holding(
        people=("person",),
        of="person = :person",
        forget=("UPDATE tickets SET person = NULL, what = '(erased)' WHERE person = :person",),
    ),
    "desk_watchers": _erased("desk_watchers"),
    "desk_notes": Holding(
        people=("person",),
        of=f"person = :person OR {_THEIR_TICKETS}",
        forget=(
            f"UPDATE desk_notes SET note = '(erased)' WHERE person = :person OR {_THEIR_TICKETS}",  # noqa: S608 # the names are ours
            "UPDATE desk_notes SET person = NULL WHERE person = :person",
        ),
    ),
    "desk_tickets": Holding(
        people=("person", "approver"),
        of="person = :person OR approver = :person",
        forget=(
            "UPDATE desk_tickets SET person = NULL, what = '(erased)', fields = '{}' WHERE person = :person",
            "UPDATE desk_tickets SET approver = NULL WHERE approver = :person",
        ),
    ),
    "desk_filings": Holding(),
    "desk_threads": Holding(),
    "desk_files": Holding(
        people=("person",),
        of=f"person = :person OR {_THEIR_TICKETS}",
        forget=(f"DELETE FROM desk_files WHERE person = :person OR {_THEIR_TICKETS}",),  # noqa: S608 # the names are ours
        secret=frozenset({"data"}),
    ),
    "desk_outages": Holding(people=("person",), of="person = :person", forget=("UPDATE desk_outages SET person = NULL WHERE person = :person",)),
    "work": _erased(
        "work",
        expire=("UPDATE work SET payload = '{}', problem = '' WHERE due_at < :before AND state IN ('done', 'failed', 'unknown') AND payload <> '{}'",),
    ),
    "lessons": Holding(
        people=("person", "by"),
        of="person = :person OR by = :person",
        forget=(
            "UPDATE lesson_marks SET mark = mark + 1 WHERE catalog IN (SELECT catalog FROM lessons WHERE person = :person)",
            "DELETE FROM lessons WHERE person = :person AND state <> 'accepted'",
            "UPDATE lessons SET person = NULL, context = '{}' WHERE person = :person",
            "UPDATE lessons SET by = NULL WHERE by = :person",
        ),
        expire=(
            "UPDATE lesson_marks SET mark = mark + 1 WHERE catalog IN (SELECT catalog FROM lessons WHERE taught < :day AND context <> '{}')",
            "DELETE FROM lessons WHERE taught < :day AND state IN ('rejected', 'withdrawn')",
            "UPDATE lessons SET context = '{}' WHERE taught < :day AND state IN ('taught', 'accepted') AND context <> '{}'",
        ),
    ),
    "lesson_marks": Holding(),
    "enquiries": Holding(
        people=("person", "by", "recipients"),
        of="person = :person OR by = :person",
        forget=(
            "DELETE FROM enquiries WHERE person = :person",
            "UPDATE enquiries SET by = NULL WHERE by = :person",
        ),
        expire=("DELETE FROM enquiries WHERE asked < :day",),
    ),
    "refusals": _erased("refusals", expire=("DELETE FROM refusals WHERE refused < :day",)),
    "bindings": _erased("bindings"),
    "pins": _erased("pins", secret=frozenset({"salt", "digest"})),
    "link_codes": _erased("link_codes", expire=("DELETE FROM link_codes WHERE expires_at < :before",), secret=frozenset({"digest"})),
    "link_tries": Holding(expire=("DELETE FROM link_tries WHERE since < :before",)),
    "devices": Holding(
        people=("person", "asked_by"),
        of="person = :person OR asked_by = :person",
        forget=("DELETE FROM devices WHERE person = :person", "UPDATE devices SET asked_by = NULL WHERE asked_by = :person"),
    ),
    "subscriptions": _erased("subscriptions", expire=("DELETE FROM subscriptions WHERE state = 'ended' AND created_at < :before",)),
    # What was said goes with the end of a job and with a message that went out; what nobody ended goes here.
    "received": Holding(expire=("DELETE FROM received WHERE received_at < :before",)),
    "postings": Holding(expire=("DELETE FROM postings WHERE written_at < :before",)),
    "lanes": Holding(expire=("DELETE FROM lanes WHERE free_at < :before",)),
    "installations": Holding(secret=frozenset({"sealed"})),
    "one_time": Holding(expire=("DELETE FROM one_time WHERE expires_at < :before",), secret=frozenset({"digest"})),
    "spending": _erased("spending", expire=("DELETE FROM spending WHERE day < :day",)),
    "channel_rules": Holding(),
    "last_answers": _erased("last_answers", expire=("DELETE FROM last_answers WHERE at < :before",)),
    "audit": Holding(people=("person",)),  # holds a pseudonym
    "audit_names": _erased("audit_names"),  # forgotten last, see topics/privacy.py
}


def bound(statement: str, values: Mapping[str, Value]) -> tuple[str, tuple[Value, ...]]:
    """A statement with `?`, and the values in that order.

    >>> bound("DELETE FROM t WHERE person = :person", {"person": "ada"})
    ('DELETE FROM t WHERE person = ?', ('ada',))
    """
    return NAMED.sub("?", statement), tuple(values[name] for name in NAMED.findall(statement))
