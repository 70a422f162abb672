"""What is held about a person, told and forgotten, and what was said, for as long as it is kept: by the list in `insights.ledger.privacy`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from insights.ledger.database import Session, Topic, Value
from insights.ledger.instants import instant
from insights.ledger.privacy import HOLDINGS, bound
from insights.ledger.topics.audit import note


class StoredPrivacy(Topic):
    """Over every table that is listed."""

    def held_about(self, person: str) -> Mapping[str, list[dict[str, Any]]]:
        """See the port."""
        values: dict[str, Value] = {"person": person}
        found: dict[str, list[dict[str, Any]]] = {}
        with self._database.reading() as session:
            for table, holding in HOLDINGS.items():
                if holding.of and table != "audit_names":
                    sql, bindings = bound(f"SELECT * FROM {table} WHERE {holding.of}", values)  # noqa: S608 # the names are ours
                    found[table] = [{name: value for name, value in row.items() if name not in holding.secret} for row in session.every(sql, *bindings)]
            mine = session.every("SELECT audit.* FROM audit JOIN audit_names ON who = audit.person WHERE audit_names.person = ? ORDER BY number", person)
            found["audit"] = [dict(row) for row in mine]
        return {table: rows for table, rows in found.items() if rows}

    def forget(self, person: str, *, now: datetime) -> Mapping[str, int]:
        """See the port."""
        with self._database.writing() as session:
            done = _run(session, ((table, one.forget) for table, one in HOLDINGS.items() if table != "audit_names"), {"person": person, "now": instant(now)})
            done["enquiries"] = done.get("enquiries", 0) + _unaddressed(session, person)
            if any(done.values()) or session.one("SELECT who FROM audit_names WHERE person = ?", person):
                note(session, "person forgotten", "", person=person, now=now)  # under the pseudonym, whose meaning goes with the next line
                done["audit_names"] = session.run("DELETE FROM audit_names WHERE person = ?", person)
        return {table: rows for table, rows in done.items() if rows}

    def expire(self, *, before: datetime, now: datetime) -> Mapping[str, int]:
        """See the port."""
        values: dict[str, Value] = {"before": instant(before), "day": before.replace(tzinfo=None).isoformat()}
        with self._database.writing() as session:
            done = _run(session, ((table, one.expire) for table, one in HOLDINGS.items()), values)
            if any(done.values()):
                note(session, "what was said expired", "", person=None, detail=f"{sum(done.values())} rows", now=now)
        return {table: rows for table, rows in done.items() if rows}


def _run(session: Session, statements: Iterable[tuple[str, tuple[str, ...]]], values: Mapping[str, Value]) -> dict[str, int]:
    done: dict[str, int] = {}
    for table, todo in statements:
        for statement in todo:
            sql, bindings = bound(statement, values)
            changed = session.run(sql, *bindings)
            if not statement.startswith("UPDATE lesson_marks"):
                done[table] = done.get(table, 0) + changed
    return done


def _unaddressed(session: Session, person: str) -> int:
    """Take a person off those whom questions went to; how many questions there were."""
    changed = 0
    for row in session.every("SELECT number, recipients FROM enquiries ORDER BY number"):
        to = json.loads(row["recipients"])
        if person in to:
            changed += session.run("UPDATE enquiries SET recipients = ? WHERE number = ?", json.dumps([one for one in to if one != person]), row["number"])
    return changed
