"""Tickets in Jira Service Management Cloud, over its REST API; the reference that we search for stands in the description."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from threading import Lock
from typing import Any
from urllib.parse import quote

from insights.errors import NotAnswerable, OutsideFailed, UnknownThing, WrongSettings
from insights.helpdesk import Attachment, Field, RequestType
from insights.ledger.port import FiledTicket, TicketState
from insights.systems import System
from insights.tickets.forms import told
from insights.tickets.port import Change, Filing, Seen

_OWN = frozenset({"summary", "description", "attachment", "labels", "priority"})
"""Fields that we fill ourselves."""
_PRIORITY = {"low": "Low", "normal": "Medium", "high": "High", "urgent": "Highest"}
_PAGE = "50"
_SHORT = 250


class JiraTickets:
    """Requests of one service desk; `request_type` is the form for a plain report. What a person asks is raised on their behalf.

    `addresses` are e-mail addresses by person, by which Jira knows them; times are told in `zone`.
    """

    name = "Jira"

    def __init__(
        self,
        *,
        url: str,
        account: str,
        token: Callable[[], str],
        desk: str,
        request_type: str,
        project: str,
        addresses: Mapping[str, str],
        zone: tzinfo = UTC,
        web: System | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._account = account
        self._token = token
        self._desk = desk
        self._type = request_type
        self._project = project
        self._addresses = addresses
        self._zone = zone
        self._web = web or System(self._url, name=self.name, headers=self._headers)
        self._types: tuple[RequestType, ...] | None = None
        self._lock = Lock()

    def _headers(self) -> Mapping[str, str]:
        basic = base64.b64encode(f"{self._account}:{self._token()}".encode()).decode()
        return {"Authorization": f"Basic {basic}", "Accept": "application/json", "X-ExperimentalApi": "opt-in"}

    def types(self) -> tuple[RequestType, ...]:
        """See the port. The form for plain reports comes without words of its own: it is used where no other is asked for."""
        with self._lock:
            if self._types is None:
                found = self._paged(f"/rest/servicedeskapi/servicedesk/{self._desk}/requesttype")
                self._types = tuple(self._read_type(one) for one in found)
            return self._types

    def _read_type(self, document: Mapping[str, Any]) -> RequestType:
        id_, name = str(document["id"]), str(document["name"])
        fields = self._web.get(f"/rest/servicedeskapi/servicedesk/{self._desk}/requesttype/{quote(id_)}/field").body["requestTypeFields"]
        wanted = [_field(one) for one in fields if one["fieldId"] not in _OWN and one.get("visible", True)]
        words = () if id_ == self._type else _words(name)
        return RequestType(id=id_, label=name, fields=tuple(wanted), words=words, usual=id_ == self._type)

    def file(self, filing: Filing, *, now: datetime) -> FiledTicket:  # noqa: ARG002 # Jira has its own clock
        """See the port; one at a time for each key is the caller's business."""
        reference = _reference(filing.key)
        form = next((one for one in self.types() if one.id == filing.type), None)
        values: dict[str, Any] = {"summary": filing.what[:_SHORT], "description": _description(filing, reference)}
        for name, value in filing.fields:
            field = next((one for one in form.fields if one.name == name), None) if form is not None else None
            values[name] = {"value": value} if field is not None and field.values else value
        body: dict[str, Any] = {
            "serviceDeskId": self._desk,
            "requestTypeId": form.id if form is not None else self._type,
            "requestFieldValues": values,
        }
        account = self._customer(filing.email)
        if account is not None:
            body["raiseOnBehalfOf"] = account
        made = self._web.send("POST", "/rest/servicedeskapi/request", json=body, acts=True).body
        return self._filed(made, filing)

    def filed(self, key: str) -> FiledTicket | None:
        """See the port: whatever the search finds is looked at, for it finds words and we want the very reference."""
        reference = _reference(key)
        query = {"jql": f'project = "{self._project}" AND text ~ "\\"{reference}\\""', "fields": "description,summary", "maxResults": _PAGE}
        for issue in self._web.get("/rest/api/3/search/jql", params=query).body.get("issues", []):
            if reference in _plain(issue.get("fields", {}).get("description")):
                return self._request(issue["key"], key=key)
        return None

    def ticket(self, person: str | None, ticket: str) -> FiledTicket | None:
        """See the port: it is theirs when they are the reporter."""
        found = self._seen(ticket)
        return self._as_filed(found, person) if found is not None and self._is_reporter(found, person) else None

    def open_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """See the port."""
        if person is None:
            return ()
        query = {"jql": f'project = "{self._project}" AND statusCategory != Done ORDER BY created DESC', "fields": "summary", "maxResults": "100"}
        keys = [issue["key"] for issue in self._web.get("/rest/api/3/search/jql", params=query).body.get("issues", [])]
        seen = (self._seen(key) for key in keys)
        found = [self._as_filed(one, person) for one in seen if one is not None and self._is_reporter(one, person)]
        return tuple(sorted((one for one in found if one.status in ("open", "in_progress")), key=lambda one: one.raised, reverse=True))

    def change(self, ticket: str, change: Change, *, now: datetime) -> TicketState:  # noqa: ARG002 # Jira has its own clock
        """See the port: the note goes first, with its reference; a repeated change finds it and only moves on."""
        path = f"/rest/servicedeskapi/request/{quote(ticket.strip().upper())}"
        if self._seen(ticket) is None:
            raise UnknownThing(f"There is no ticket {ticket.strip()[:40]}.")
        if not self.changed(ticket, change.key):
            who = f"{change.name}: " if change.name else ""
            said = change.note or (f"Priority {change.priority}." if change.priority else (change.status or "seen").replace("_", " ").capitalize() + ".")
            body = f"{who}{said}\n\n{_reference(change.key)}"
            if change.file is not None:
                self._attach(path, change.file, body)
            else:
                self._web.send("POST", f"{path}/comment", json={"body": body, "public": True}, acts=True)
        if change.priority is not None:
            fields = {"fields": {"priority": {"name": _PRIORITY[change.priority]}}}
            self._web.send("PUT", f"/rest/api/3/issue/{quote(ticket.strip().upper())}", json=fields)
        if change.status is not None:
            self._move(path, change.status)
        after = self._seen(ticket)
        return _state(after) if after is not None else "open"

    def _attach(self, path: str, file: Attachment, comment: str) -> None:
        """Bring the file there, where nobody sees it yet, then attach it and say so in one request."""
        upload = f"/rest/servicedeskapi/servicedesk/{self._desk}/attachTemporaryFile"
        brought = self._web.send("POST", upload, files={"file": (file.name, file.data, file.type)}, headers={"X-Atlassian-Token": "no-check"}).body
        ids = [str(one["temporaryAttachmentId"]) for one in brought["temporaryAttachments"]]
        document = {"temporaryAttachmentIds": ids, "public": True, "additionalComment": {"body": comment}}
        self._web.send("POST", f"{path}/attachment", json=document, acts=True)

    def has_file(self, ticket: str, file: Attachment) -> bool:  # noqa: ARG002 # its comment tells
        """See the port."""
        return False

    def _move(self, path: str, wanted: TicketState) -> None:
        """Take the transition that leads there, if it is not there already. Raises NotAnswerable where the workflow has none."""
        seen = self._web.get(path).body
        if _state(seen) == wanted or (wanted in ("resolved", "closed") and _state(seen) in ("resolved", "closed")):
            return
        offered = self._paged(f"{path}/transition")
        names = {"closed": ("close", "cancel", "done", "resolve"), "resolved": ("resolve", "done", "close"), "open": ("reopen", "open", "back")}
        for word in names.get(wanted, ("start", "progress", "in progress")):
            found = next((one for one in offered if word in str(one["name"]).casefold()), None)
            if found is not None:
                self._web.send("POST", f"{path}/transition", json={"id": str(found["id"])})
                return
        raise NotAnswerable("Its workflow does not allow that now.", remedy=f"It allows {', '.join(str(one['name']) for one in offered) or 'nothing'}.")

    def changed(self, ticket: str, key: str) -> bool:
        """See the port."""
        comments = self._paged(f"/rest/servicedeskapi/request/{quote(ticket.strip().upper())}/comment")
        return any(_reference(key) in str(one.get("body", "")) for one in comments)

    def look(self, ticket: str, *, person: str | None) -> Seen | None:
        """See the port."""
        found = self._seen(ticket)
        if found is None:
            return None
        comments = self._paged(f"/rest/servicedeskapi/request/{quote(ticket.strip().upper())}/comment")
        others = [
            one for one in comments if "insights-" not in str(one.get("body", "")) and not self._is(person, one.get("author", {}).get("emailAddress"))
        ]  # fmt: skip
        last = others[-1] if others else None
        return Seen(status=_state(found), said=str(last["body"])[:500] if last else None, by=last.get("author", {}).get("displayName") if last else None)

    def examine(self) -> str:
        """See the port: the forms are read anew, and the project is searched."""
        with self._lock:
            self._types = None
        types = self.types()
        if not any(one.usual for one in types):
            there = ", ".join(f"{one.id} ({one.label})" for one in types[:8])
            raise WrongSettings(f"Service desk {self._desk} has no form {self._type}.", remedy=f"Set tickets.request_type to one of {there or 'its forms'}.")
        self._web.get("/rest/api/3/search/jql", params={"jql": f'project = "{self._project}"', "fields": "summary", "maxResults": "1"})
        return f"service desk {self._desk} of project {self._project}, {told(types)}"

    def close(self) -> None:
        """Let go of the connections."""
        self._web.close()

    def url(self, ticket: str) -> str | None:
        """See the port."""
        return f"{self._url}/browse/{quote(ticket.strip().upper())}"

    def _seen(self, ticket: str) -> Mapping[str, Any] | None:
        key = ticket.strip().upper()
        if not key.isascii() or not key.startswith(f"{self._project}-") or not key[len(self._project) + 1 :].isdigit():
            return None
        reply = self._web.get(f"/rest/servicedeskapi/request/{quote(key)}", missing=True)
        return reply.body if reply.status == 200 else None

    def _request(self, ticket: str, *, key: str) -> FiledTicket:
        found = self._seen(ticket)
        if found is None:
            raise OutsideFailed("Jira does not show a ticket that it has.", remedy="Look again later.", reference=ticket)
        return replace(self._as_filed(found, None), key=key)

    def _as_filed(self, document: Mapping[str, Any], person: str | None) -> FiledTicket:
        raised = self._time(document["createdDate"])
        updated = self._time(document["currentStatus"].get("statusDate", document["createdDate"]))
        return FiledTicket(
            key="",
            id=str(document["issueKey"]),
            person=person,
            what=_value(document, "summary"),
            status=_state(document),
            raised=raised,
            updated=max(raised, updated),
        )

    def _filed(self, document: Mapping[str, Any], filing: Filing) -> FiledTicket:
        found = self._as_filed(document, filing.person)
        return replace(found, key=filing.key, what=filing.what, room=filing.room, urgency=filing.urgency)

    def _time(self, document: Mapping[str, Any]) -> datetime:
        return datetime.fromisoformat(str(document["iso8601"])).astimezone(self._zone).replace(tzinfo=None)

    def _is_reporter(self, document: Mapping[str, Any], person: str | None) -> bool:
        return self._is(person, document.get("reporter", {}).get("emailAddress"))

    def _is(self, person: str | None, email: str | None) -> bool:
        own = self._addresses.get(person or "")
        return bool(own and email) and str(own).casefold() == str(email).casefold()

    def _customer(self, email: str | None) -> str | None:
        """The account of a person by address; None for somebody without one, who is named in the description."""
        if not email:
            return None
        found = self._web.get("/rest/api/3/user/search", params={"query": email}).body or []
        return next((str(one["accountId"]) for one in found if str(one.get("emailAddress", "")).casefold() == email.casefold()), None)

    def _paged(self, path: str) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        while True:
            page = self._web.get(path, params={"start": str(len(found)), "limit": _PAGE}).body
            found += page["values"]
            if page.get("isLastPage", True) or not page["values"]:
                return found


def _reference(key: str) -> str:
    """What stands in a ticket and can be searched for: one word, the same for the same key."""
    return f"insights-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _description(filing: Filing, reference: str) -> str:
    lines = [filing.what, ""]
    lines += [f"Reported by {filing.name}{f' <{filing.email}>' if filing.email else ''}"] if filing.name else []
    lines += [f"Room: {filing.room_name}"] if filing.room_name else []
    lines += [f"Category: {filing.category_label}; priority: {filing.priority}; for: {filing.team}", "", reference]
    return "\n".join(lines)


def _field(document: Mapping[str, Any]) -> Field:
    name = str(document["name"])
    values = tuple(str(one["label"]) for one in document.get("validValues") or ())
    return Field(name=str(document["fieldId"]), label=name, question=f"{name}?", values=values, required=bool(document.get("required")))


def _words(name: str) -> tuple[str, ...]:
    """What a form is asked for by: its name without the verbs of forms."""
    empty = {"request", "a", "an", "new", "get", "report", "the", "for", "of", "to", "ask"}
    words = [word for word in "".join(char if char.isalnum() else " " for char in name.casefold()).split() if word not in empty]
    return (" ".join(words),) if words else ()


def _plain(value: Any) -> str:
    """Text of a description, whether it is text or a document."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return " ".join([str(value.get("text", "")), *(_plain(one) for one in value.get("content", ()))])
    return " ".join(_plain(one) for one in value) if isinstance(value, list) else ""


def _state(document: Mapping[str, Any]) -> TicketState:
    status = document.get("currentStatus", {})
    name, category = str(status.get("status", "")).casefold(), str(status.get("statusCategory", "")).casefold()
    if category == "done":
        return "closed" if "clos" in name or "cancel" in name else "resolved"
    return "in_progress" if category in ("indeterminate", "in_progress") else "open"


def _value(document: Mapping[str, Any], field: str) -> str:
    return next((str(one.get("value", "")) for one in document.get("requestFieldValues", ()) if one.get("fieldId") == field), "")
