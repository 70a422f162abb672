"""Jira Service Management as far as tickets need it: requests, comments, transitions, forms, users and JQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

from tests.contract.fakes.faulty import Faulty

STATUS = {"Waiting for support": "NEW", "In progress": "INDETERMINATE", "Resolved": "DONE", "Closed": "DONE"}
MOVES = {
    "Waiting for support": {"11": ("Start progress", "In progress"), "21": ("Close request", "Closed"), "31": ("Resolve", "Resolved")},
    "In progress": {"21": ("Close request", "Closed"), "31": ("Resolve", "Resolved")},
    "Resolved": {"41": ("Reopen", "Waiting for support"), "21": ("Close request", "Closed")},
    "Closed": {"41": ("Reopen", "Waiting for support")},
}
FORMS = {
    "10": ("Report a problem", []),
    "11": (
        "Request a new laptop",
        [
            {"fieldId": "customfield_100", "name": "Model", "required": True, "validValues": [{"value": "1", "label": "Air"}, {"value": "2", "label": "Pro"}]},
            {"fieldId": "customfield_101", "name": "Reason", "required": True, "validValues": []},
        ],
    ),
}


class FakeJira(Faulty):
    """One service desk, project IT. `people` are addresses by account; the search finds words, as Jira's does, also where we mean others."""

    def __init__(self, people: dict[str, str], now: datetime, **more: Any) -> None:
        super().__init__(**more)
        self.people = people
        self.now = now
        self.requests: dict[str, dict[str, Any]] = {}
        self.temporary: dict[str, tuple[str, str, bytes]] = {}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        """As Jira does."""
        if not headers.get("authorization", "").startswith("Basic "):
            return 401, {"errorMessage": "no credentials"}
        if path == "/rest/api/3/user/search":
            return 200, [{"accountId": id_, "emailAddress": email} for id_, email in self.people.items() if query["query"] in email]
        if path == "/rest/api/3/search/jql":
            return 200, {"issues": [self._issue(one) for one in self._search(query["jql"])], "isLast": True}
        if path == "/rest/servicedeskapi/request" and method == "POST":
            return self._create(body)
        if found := re.fullmatch(r"/rest/servicedeskapi/servicedesk/1/requesttype(?:/(\d+)/field)?", path):
            return self._forms(found[1], query)
        if found := re.fullmatch(r"/rest/api/3/issue/([\w-]+)", path):
            request = self.requests.get(found[1])
            if request is None:
                return 404, {"errorMessages": ["Issue does not exist"]}
            request["priority"] = body["fields"]["priority"]["name"]
            return 204, None
        if path == "/rest/servicedeskapi/servicedesk/1/attachTemporaryFile":
            if headers.get("x-atlassian-token") != "no-check":
                return 403, {"errorMessage": "XSRF check failed"}
            return 201, {"temporaryAttachments": [self._brought(*one) for one in files_of(headers["content-type"], body)]}
        if found := re.fullmatch(r"/rest/servicedeskapi/request/([\w-]+)(?:/(comment|transition|attachment))?", path):
            return self._of_request(method, self.requests.get(found[1]), found[2], body, query)
        return 404, {"errorMessage": f"no such thing {path}"}

    def _create(self, body: Any) -> tuple[int, Any]:
        form = FORMS.get(body["requestTypeId"])
        values = body["requestFieldValues"]
        missing = [one["fieldId"] for one in form[1] if one["required"] and one["fieldId"] not in values] if form else ["requestTypeId"]
        if missing or not values.get("summary"):
            return 400, {"errorMessage": f"{missing[0] if missing else 'summary'} is required"}
        key = f"IT-{len(self.requests) + 1}"
        self.requests[key] = {
            "issueKey": key,
            "requestTypeId": body["requestTypeId"],
            "values": values,
            "reporter": body.get("raiseOnBehalfOf"),
            "status": "Waiting for support",
            "created": self.now,
            "updated": self.now,
            "comments": [],
            "files": [],
            "priority": "Medium",
        }
        return 201, self._document(self.requests[key])

    def _of_request(self, method: str, request: dict[str, Any] | None, part: str | None, body: Any, query: dict[str, str]) -> tuple[int, Any]:
        if request is None:
            return 404, {"errorMessage": "The request does not exist"}
        if part is None:
            return 200, self._document(request)
        if part == "comment":
            if method == "POST":
                request["comments"].append({"body": body["body"], "author": {"displayName": "Integration", "emailAddress": "bot@halcyon.example"}})
                return 201, request["comments"][-1]
            return 200, _page(request["comments"], query)
        if part == "attachment":
            found = [self.temporary.pop(id_) for id_ in body["temporaryAttachmentIds"]]
            request["files"] += found
            request["comments"].append(
                {"body": body["additionalComment"]["body"], "author": {"displayName": "Integration", "emailAddress": "bot@halcyon.example"}}
            )
            return 201, {"comment": request["comments"][-1], "attachments": {"values": [{"filename": name} for name, _, _ in found]}}
        moves = MOVES[request["status"]]
        if method == "POST":
            if body["id"] not in moves:
                return 409, {"errorMessage": "that transition is not possible"}
            request["status"] = moves[body["id"]][1]
            return 204, None
        return 200, _page([{"id": id_, "name": name} for id_, (name, _) in moves.items()], query)

    def _brought(self, name: str, type_: str, data: bytes) -> dict[str, str]:
        id_ = f"temp{len(self.temporary)}-{name}"
        self.temporary[id_] = (name, type_, data)
        return {"temporaryAttachmentId": id_, "fileName": name}

    def _forms(self, form: str | None, query: dict[str, str]) -> tuple[int, Any]:
        if form is None:
            return 200, _page([{"id": id_, "name": name} for id_, (name, _) in FORMS.items()], query)
        own = [{"fieldId": "summary", "name": "Summary", "required": True, "validValues": []}]
        return 200, {"requestTypeFields": own + FORMS[form][1], "canRaiseOnBehalfOf": True}

    def _search(self, jql: str) -> list[dict[str, Any]]:
        text = re.search(r'text ~ "\\"(.+?)\\""', jql)
        found = list(self.requests.values())
        if text is not None:
            found = [one for one in found if text[1][:12] in one["values"].get("description", "")]  # words, not the very text
        if "statusCategory != Done" in jql:
            found = [one for one in found if STATUS[one["status"]] != "DONE"]
        return found

    def _issue(self, request: dict[str, Any]) -> dict[str, Any]:
        text = request["values"].get("description", "")
        document = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in text.split("\n")]}
        return {"key": request["issueKey"], "fields": {"summary": request["values"]["summary"], "description": document}}

    def _document(self, request: dict[str, Any]) -> dict[str, Any]:
        reporter = request["reporter"]
        return {
            "issueKey": request["issueKey"],
            "requestTypeId": request["requestTypeId"],
            "createdDate": {"iso8601": request["created"].replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")},
            "reporter": {"accountId": reporter or "bot", "emailAddress": self.people.get(reporter or "", "bot@halcyon.example")},
            "requestFieldValues": [{"fieldId": name, "value": value} for name, value in request["values"].items()],
            "currentStatus": {"status": request["status"], "statusCategory": STATUS[request["status"]]},
        }


def files_of(type_: str, body: bytes) -> list[tuple[str, str, bytes]]:
    """The files of a form with several parts: name, media type, what is in it."""
    message = message_from_bytes(f"Content-Type: {type_}\r\n\r\n".encode() + body, policy=policy.HTTP)
    return [(str(part.get_filename()), part.get_content_type(), part.get_payload(decode=True)) for part in message.iter_parts()]


def _page(values: list[Any], query: dict[str, str]) -> dict[str, Any]:
    """Two at a time, so that whoever does not turn the page misses some."""
    start = int(query.get("start", 0))
    return {"values": values[start : start + 2], "isLastPage": start + 2 >= len(values)}
