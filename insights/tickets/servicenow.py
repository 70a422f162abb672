"""Tickets in ServiceNow, over its Table API; our key stands in `correlation_id`, the field that is made for it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from threading import Lock
from typing import Any
from urllib.parse import quote

from insights.errors import UnknownThing
from insights.helpdesk import Attachment, Field, RequestType
from insights.ledger.port import FiledTicket, TicketState
from insights.systems import System
from insights.tickets.forms import told
from insights.tickets.port import Change, Filing, Seen

_TABLE = "/api/now/table"
_FILES = "/api/now/attachment"
_FIELDS = "sys_id,number,short_description,state,sys_created_on,sys_updated_on,caller_id.email,correlation_id"
_OWN = frozenset({"short_description", "description", "caller_id", "urgency", "impact", "correlation_id", "category", "priority", "state"})
_URGENCY = {"low": ("3", "3"), "normal": ("2", "3"), "high": ("2", "2"), "urgent": ("1", "1")}
"""Urgency and impact, of which ServiceNow makes its priority."""
_STATE: Mapping[str, TicketState] = {"1": "open", "2": "in_progress", "3": "in_progress", "6": "resolved", "7": "closed", "8": "closed"}
_CODE: Mapping[TicketState, str] = {"open": "1", "in_progress": "2", "resolved": "6", "closed": "7"}
_SHORT = 160


class ServiceNowTickets:
    """Incidents of one instance. `types` are forms that organization.yaml declares; what the table demands besides is asked for in each of them.

    `addresses` are e-mail addresses by person, by which ServiceNow knows them; times are told in `zone`.
    """

    name = "ServiceNow"

    def __init__(
        self,
        *,
        url: str,
        user: str,
        password: Callable[[], str],
        types: tuple[RequestType, ...],
        addresses: Mapping[str, str],
        zone: tzinfo = UTC,
        web: System | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._user = user
        self._password = password
        self._declared = types
        self._addresses = addresses
        self._zone = zone
        self._web = web or System(self._url, name=self.name, headers=self._headers)
        self._types: tuple[RequestType, ...] | None = None
        self._lock = Lock()

    def _headers(self) -> Mapping[str, str]:
        basic = base64.b64encode(f"{self._user}:{self._password()}".encode()).decode()
        return {"Authorization": f"Basic {basic}", "Accept": "application/json"}

    def types(self) -> tuple[RequestType, ...]:
        """See the port."""
        with self._lock:
            if self._types is None:
                demanded = self._demanded()
                forms = tuple(replace(one, fields=(*one.fields, *demanded)) for one in self._declared)
                self._types = (*forms, RequestType(id="incident", label="Incident", fields=demanded, usual=True))
            return self._types

    def _demanded(self) -> tuple[Field, ...]:
        """The fields that the table demands and we do not fill, with the values it allows."""
        query = {"sysparm_query": "name=incident^mandatory=true", "sysparm_fields": "element,column_label"}
        found = []
        for one in self._get("sys_dictionary", query):
            if one["element"] in _OWN:
                continue
            asked = {"sysparm_query": f"name=incident^element={one['element']}^inactive=false^ORDERBYsequence", "sysparm_fields": "value,label"}
            values = tuple(str(choice["label"]) for choice in self._get("sys_choice", asked))
            label = str(one["column_label"])
            found.append(Field(name=str(one["element"]), label=label, question=f"{label}?", values=values))
        return tuple(found)

    def file(self, filing: Filing, *, now: datetime) -> FiledTicket:  # noqa: ARG002 # ServiceNow has its own clock
        """See the port; one at a time for each key is the caller's business."""
        urgency, impact = _URGENCY[filing.priority]
        place = f"\nRoom: {filing.room_name}" if filing.room_name else ""
        who = f"\nReported by {filing.name}{f' <{filing.email}>' if filing.email else ''}" if filing.name else ""
        body: dict[str, str] = {
            "short_description": filing.what[:_SHORT],
            "description": f"{filing.what}\n{place}{who}\nCategory: {filing.category_label}; for: {filing.team}",
            "urgency": urgency,
            "impact": impact,
            "category": filing.category,
            "correlation_id": _reference(filing.key),
            "correlation_display": "insights",
            **dict(filing.fields),
        }
        caller = self._caller(filing.email)
        if caller is not None:
            body["caller_id"] = caller
        params = {"sysparm_fields": _FIELDS, "sysparm_input_display_value": "true"}
        made = self._web.send("POST", f"{_TABLE}/incident", json=body, params=params, acts=True).body["result"]
        return replace(self._filed(made, filing.person), key=filing.key, what=filing.what, room=filing.room, urgency=filing.urgency)

    def filed(self, key: str) -> FiledTicket | None:
        """See the port."""
        found = self._incidents(f"correlation_id={_reference(key)}^ORDERBYsys_created_on", limit=1)
        return replace(self._filed(found[0], None), key=key) if found else None

    def ticket(self, person: str | None, ticket: str) -> FiledTicket | None:
        """See the port: it is theirs when they are the caller."""
        found = self._seen(ticket)
        return self._filed(found, person) if found is not None and self._is(person, found.get("caller_id.email")) else None

    def open_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """See the port."""
        email = self._addresses.get(person or "")
        if email is None or "^" in email:  # the sign that divides a query
            return ()
        found = self._incidents(f"caller_id.email={email}^stateIN1,2,3^ORDERBYDESCsys_created_on", limit=100)
        return tuple(self._filed(one, person) for one in found if self._is(person, one.get("caller_id.email")))

    def change(self, ticket: str, change: Change, *, now: datetime) -> TicketState:  # noqa: ARG002 # ServiceNow has its own clock
        """See the port: note, state and urgency are one update, so that a repeated change finds all of it or nothing."""
        found = self._seen(ticket)
        if found is None:
            raise UnknownThing(f"There is no ticket {ticket.strip()[:40]}.")
        if self.changed(ticket, change.key):
            return _STATE.get(str(found["state"]), "open")
        who = f"{change.name}: " if change.name else ""
        said = change.note or (f"Priority {change.priority}." if change.priority else (change.status or "seen").replace("_", " ").capitalize() + ".")
        if change.file is not None and not self.has_file(ticket, change.file):
            where = {"table_name": "incident", "table_sys_id": str(found["sys_id"]), "file_name": change.file.name}
            self._web.send(
                "POST", f"{_FILES}/file", params=where, content=change.file.data, headers={"Content-Type": change.file.type}, acts=True
            )  # fmt: skip
        body = {"comments": f"{who}{said}\n\n{_reference(change.key)}"}
        if change.priority is not None:
            body["urgency"], body["impact"] = _URGENCY[change.priority]
        if change.status is not None:
            body["state"] = _CODE[change.status]
            if change.status in ("resolved", "closed"):
                body |= {"close_code": "Resolved by caller", "close_notes": said}
        made = self._web.send("PATCH", f"{_TABLE}/incident/{quote(str(found['sys_id']))}", json=body, params={"sysparm_fields": _FIELDS}, acts=True)
        return _STATE.get(str(made.body["result"]["state"]), "open")

    def has_file(self, ticket: str, file: Attachment) -> bool:
        """See the port: a file is known by its name and size."""
        found = self._seen(ticket)
        if found is None:
            return False
        query = {"sysparm_query": f"table_name=incident^table_sys_id={found['sys_id']}", "sysparm_limit": "500"}
        there = self._web.get(_FILES, params=query).body["result"]
        return any(str(one["file_name"]) == file.name and str(one["size_bytes"]) == str(len(file.data)) for one in there)

    def changed(self, ticket: str, key: str) -> bool:
        """See the port."""
        return any(_reference(key) in str(one["value"]) for one in self._journal(ticket))

    def look(self, ticket: str, *, person: str | None) -> Seen | None:  # noqa: ARG002 # what we write carries a reference, whoever had us write it
        """See the port."""
        found = self._seen(ticket)
        if found is None:
            return None
        others = [one for one in self._journal(ticket) if "insights-" not in str(one["value"])]
        last = others[-1] if others else None
        return Seen(
            status=_STATE.get(str(found["state"]), "open"), said=str(last["value"])[:500] if last else None, by=str(last["sys_created_by"]) if last else None
        )

    def examine(self) -> str:
        """See the port: what the table demands is read anew, and incidents are searched by our reference."""
        with self._lock:
            self._types = None
        self._incidents(f"correlation_id={_reference('doctor')}", limit=1)
        return f"the table of incidents, {told(self.types())}"

    def close(self) -> None:
        """Let go of the connections."""
        self._web.close()

    def url(self, ticket: str) -> str | None:
        """See the port."""
        return f"{self._url}/nav_to.do?uri=incident.do?sysparm_query=number={quote(ticket.strip().upper())}"

    def _journal(self, ticket: str) -> list[Mapping[str, Any]]:
        found = self._seen(ticket)
        if found is None:
            return []
        query = {"sysparm_query": f"element_id={found['sys_id']}^element=comments^ORDERBYsys_created_on", "sysparm_fields": "value,sys_created_by"}
        return self._get("sys_journal_field", query)

    def _seen(self, ticket: str) -> Mapping[str, Any] | None:
        number = ticket.strip().upper()
        if not (number.isascii() and number.startswith("INC") and number[3:].isdigit()):
            return None
        found = self._incidents(f"number={number}", limit=1)
        return found[0] if found else None

    def _incidents(self, query: str, *, limit: int) -> list[Mapping[str, Any]]:
        return self._get("incident", {"sysparm_query": query, "sysparm_fields": _FIELDS, "sysparm_limit": str(limit)})

    def _get(self, table: str, params: Mapping[str, str]) -> list[Mapping[str, Any]]:
        return list(self._web.get(f"{_TABLE}/{table}", params={"sysparm_exclude_reference_link": "true", **params}).body["result"])

    def _caller(self, email: str | None) -> str | None:
        """The user of an address; None for somebody without one, who is named in the description."""
        if not email or "^" in email:
            return None
        found = self._get("sys_user", {"sysparm_query": f"email={email}", "sysparm_fields": "sys_id,email", "sysparm_limit": "2"})
        return str(found[0]["sys_id"]) if len(found) == 1 and str(found[0]["email"]).casefold() == email.casefold() else None

    def _filed(self, document: Mapping[str, Any], person: str | None) -> FiledTicket:
        return FiledTicket(
            key="",
            id=str(document["number"]),
            person=person,
            what=str(document["short_description"]),
            status=_STATE.get(str(document["state"]), "open"),
            raised=self._time(document["sys_created_on"]),
            updated=self._time(document["sys_updated_on"]),
        )

    def _time(self, said: str) -> datetime:
        """ServiceNow tells UTC without saying so."""
        return datetime.strptime(str(said), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).astimezone(self._zone).replace(tzinfo=None)

    def _is(self, person: str | None, email: object) -> bool:
        own = self._addresses.get(person or "")
        return bool(own and email) and str(own).casefold() == str(email).casefold()


def _reference(key: str) -> str:
    return f"insights-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:24]}"
