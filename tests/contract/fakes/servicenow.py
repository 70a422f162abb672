"""ServiceNow's Table API as far as tickets need it: incidents, users, the dictionary, choices and the journal."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from tests.contract.fakes.faulty import Faulty

DICTIONARY = [
    {"name": "incident", "element": "short_description", "column_label": "Short description", "mandatory": "true"},
    {"name": "incident", "element": "u_building", "column_label": "Building", "mandatory": "true"},
]
CHOICES = [
    {"name": "incident", "element": "u_building", "value": "dock", "label": "Dock", "inactive": "false"},
    {"name": "incident", "element": "u_building", "value": "mill", "label": "Mill", "inactive": "false"},
]


class FakeServiceNow(Faulty):
    """One instance. With `demanding` incidents without a building are refused, as a data policy does."""

    def __init__(self, people: dict[str, str], now: datetime, *, demanding: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.now = now
        self.demanding = demanding
        self.tables: dict[str, list[dict[str, Any]]] = {
            "incident": [],
            "sys_user": [{"sys_id": f"u-{id_}", "email": email} for id_, email in people.items()],
            "sys_dictionary": DICTIONARY if demanding else DICTIONARY[:1],
            "sys_choice": CHOICES,
            "sys_journal_field": [],
            "sys_attachment": [],
        }
        self.files: dict[str, bytes] = {}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        """As ServiceNow does."""
        if not headers.get("authorization", "").startswith("Basic "):
            return 401, {"error": {"message": "User Not Authenticated", "detail": "Required to provide Auth information"}, "status": "failure"}
        if path.startswith("/api/now/attachment"):
            return self._attachments(method, path, query, body, headers)
        found = re.fullmatch(r"/api/now/table/(\w+)(?:/([\w-]+))?", path)
        if found is None or found[1] not in self.tables:
            return 404, {"error": {"message": "Invalid table", "detail": None}}
        if method == "GET":
            rows = self._query(found[1], query.get("sysparm_query", ""))[: int(query.get("sysparm_limit", 10_000))]
            return 200, {"result": [self._shown(row, query.get("sysparm_fields")) for row in rows]}
        if method == "POST":
            return self._insert(body, query)
        row = next((one for one in self.tables["incident"] if one["sys_id"] == found[2]), None)
        if row is None:
            return 404, {"error": {"message": "No Record found", "detail": None}}
        return self._update(row, body, query)

    def _attachments(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        if method == "GET":
            return 200, {"result": self._query("sys_attachment", query.get("sysparm_query", ""))}
        if path != "/api/now/attachment/file" or not any(row["sys_id"] == query["table_sys_id"] for row in self.tables["incident"]):
            return 404, {"error": {"message": "Invalid table_sys_id", "detail": None}}
        data = body if isinstance(body, bytes) else str(body).encode()
        row = {"sys_id": f"a{len(self.files)}", **query, "content_type": headers["content-type"], "size_bytes": str(len(data))}
        self.tables["sys_attachment"].append(row)
        self.files[row["sys_id"]] = data
        return 201, {"result": row}

    def _insert(self, body: dict[str, Any], query: dict[str, str]) -> tuple[int, Any]:
        if not body.get("short_description") or (self.demanding and body.get("u_building") not in ("Dock", "Mill")):
            return 403, {"error": {"message": "Operation Failed", "detail": "Data Policy Exception: the following fields are mandatory: Building"}}
        number = len(self.tables["incident"]) + 1
        row = {
            "sys_id": f"{number:032x}",
            "number": f"INC{number:07d}",
            "state": "1",
            "sys_created_on": _time(self.now),
            "sys_updated_on": _time(self.now),
            **body,
        }
        self.tables["incident"].append(row)
        return 201, {"result": self._shown(row, query.get("sysparm_fields"))}

    def _update(self, row: dict[str, Any], body: dict[str, Any], query: dict[str, str]) -> tuple[int, Any]:
        if body.get("state") in ("6", "7") and not body.get("close_code"):
            return 403, {"error": {"message": "Operation Failed", "detail": "Data Policy Exception: Resolution code is mandatory"}}
        comment = body.pop("comments", None)
        if comment:
            self.tables["sys_journal_field"].append({"element_id": row["sys_id"], "element": "comments", "value": comment, "sys_created_by": "integration"})
        row.update(body, sys_updated_on=_time(self.now))
        return 200, {"result": self._shown(row, query.get("sysparm_fields"))}

    def _query(self, table: str, said: str) -> list[dict[str, Any]]:
        rows = list(self.tables[table])
        for part in said.split("^"):
            if part.startswith("ORDERBYDESC"):
                rows = rows[::-1]
            elif "STARTSWITH" in part or part.startswith("ORDERBY") or not part:
                continue
            elif "IN" in part and "=" not in part:
                name, _, values = part.partition("IN")
                rows = [row for row in rows if row.get(name) in values.split(",")]
            else:
                name, _, value = part.partition("=")
                rows = [row for row in rows if str(self._value(row, name)) == value]
        return rows

    def _value(self, row: dict[str, Any], name: str) -> Any:
        if name == "caller_id.email":
            return next((one["email"] for one in self.tables["sys_user"] if one["sys_id"] == row.get("caller_id")), "")
        return row.get(name, "")

    def _shown(self, row: dict[str, Any], fields: str | None) -> dict[str, Any]:
        return {name: self._value(row, name) for name in (fields.split(",") if fields else row)}


def _time(now: datetime) -> str:
    return now.strftime("%Y-%m-%d %H:%M:%S")
