"""Slack on AWS Lambda: an invocation writes down what came and acknowledges it, another one that it starts does the work. `lambda_handler` is what AWS calls.

Nothing runs on Lambda after the response, so Bolt's lazy listeners invoke the same function again. What that invocation does is not what it was sent but
whatever the ledger holds and nobody is at work on: what was begun by an invocation that died is done by the next one, or by a scheduled one.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import json
import re
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from slackbot.gate import MAX_BODY, Gate, is_well_formed

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltResponse

    from insights.assistant import Assistant
    from slackbot.configuration import Configuration
    from slackbot.post import steps

_ANY = re.compile("")
T = TypeVar("T")


class Function:
    """One function, with an event loop of its own that stands still between invocations. For one invocation at a time, as Lambda has it."""

    def __init__(self, assistant: Assistant, configuration: Configuration, *, passed: steps.Passed | None = None) -> None:
        from slack_bolt.adapter.aws_lambda import SlackRequestHandler

        from slackbot.app import build, desk_of, installations_of, office_of
        from slackbot.post import steps

        assert configuration.signing_secret is not None
        self._loop = asyncio.new_event_loop()
        self._gate = Gate(_nobody, signing_secret=configuration.signing_secret)
        self._desk, installations = desk_of(assistant, configuration), installations_of(assistant, configuration)
        self._office = office_of(build(self._desk, configuration, installations), self._desk, installations, passed=passed or steps.silent)
        self._handler = SlackRequestHandler(self._front(configuration.signing_secret))

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """Answer one invocation: a request behind a function URL or an API Gateway, or a scheduled event, which does what was left undone."""
        if event.get("source") == "aws.events" or event.get("detail-type") == "Scheduled Event":
            self._run(self._work())
            return _response(200, "done")
        said = self._refusal(event)
        if said is not None:
            return _response(said, json.dumps({"error": "refused"}))
        # The adapter writes into the event that it is given.
        request = {**event, "headers": dict(event["headers"]), "isBase64Encoded": bool(event.get("isBase64Encoded"))}
        answer: dict[str, Any] = self._handler.handle(request, context)  # type: ignore[no-untyped-call]  # as slack_bolt has it
        return answer

    def close(self) -> None:
        """Let go of the loop."""
        self._loop.close()

    def _refusal(self, event: Mapping[str, Any]) -> int | None:
        """The status for what Slack did not send; None for what it did."""
        about = event.get("requestContext") or {}
        if ((about.get("http") or {}).get("method") or about.get("httpMethod")) != "POST":
            return 405
        try:
            body = base64.b64decode(event["body"]) if event.get("isBase64Encoded") else str(event.get("body") or "").encode()
        except (KeyError, TypeError, ValueError):
            return 400
        headers = [
            (str(name).lower().encode("latin-1", "replace"), str(value).encode("latin-1", "replace"))
            for name, value in dict(event.get("headers") or {}).items()
        ]
        if len(body) > MAX_BODY:
            return 413
        if not self._gate.is_signed(headers, body):
            return 401
        return None if is_well_formed(headers, body) else 400

    def _front(self, secret: str) -> App:
        """The application that Bolt's adapter takes: it writes down, acknowledges, and has the rest done by another invocation."""
        from slack_bolt import App
        from slack_bolt.authorization import AuthorizeResult

        def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)  # nothing is asked of Slack before the acknowledgement

        def receive(ack: Ack, body: dict[str, Any]) -> BoltResponse:
            # Raising gives 500, and Slack delivers it again.
            response = self._run(self._office.note(body))
            ack.response = response
            return response

        def work() -> None:
            self._run(self._work())

        def heeded(body: dict[str, Any]) -> bool:
            return self._run(self._office.heeds(body))

        def leave(ack: Ack) -> None:
            ack()

        app = App(signing_secret=secret, authorize=authorize, process_before_response=True, ignoring_self_events_enabled=False)
        for listen in (app.command, app.action, app.view, app.view_closed, app.shortcut):
            listen(_ANY)(ack=receive, lazy=[work])
        app.event(_ANY, matchers=[heeded])(ack=receive, lazy=[work])
        app.event(_ANY)(leave)
        return app

    async def _work(self) -> None:
        await self._office.work()
        await self._desk.brought()

    def _run(self, what: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(what)


async def _nobody(*_: Any) -> None:
    """Behind the gate stands Bolt's adapter."""


def _response(status: int, body: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": body}


def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """What AWS Lambda calls. Settings come from the environment; raises WrongSettings naming what is missing."""
    return the_function()(event, context)


@functools.cache
def the_function() -> Function:
    """The one function of this process. Raises WrongSettings naming what is missing."""
    from insights import settings as insights_settings
    from insights.errors import WrongSettings
    from insights.wiring import open_settings
    from slackbot import configuration

    settings = insights_settings.read()
    found = configuration.read(settings)
    if found.signing_secret is None:
        raise WrongSettings("slack.signing_secret is not set.", remedy="On Lambda Slack comes over HTTP: set INSIGHTS_SLACK__SIGNING_SECRET.")
    return Function(open_settings(settings), found)
