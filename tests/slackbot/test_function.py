"""Slack on Lambda: signed requests in the envelopes of AWS, and a Lambda of our own that invokes the function again as Bolt's adapter asks it to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import urlencode

import pytest

from insights.errors import OutsideFailed
from insights.turns import Reply
from slackbot import configuration
from slackbot.function import Function
from tests.slackbot.workplace import OURS, SECRET, TEAM, Workplace

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:slack"


@pytest.fixture
def invoked(monkeypatch):
    """A Lambda endpoint that keeps what it is to invoke: (the path that was called, the kind of invocation, the event)."""
    kept = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            """Accept an invocation as AWS does."""
            raw = self.rfile.read(int(self.headers["content-length"]))
            kept.append((self.path, self.headers["x-amz-invocation-type"], json.loads(raw)))
            self.send_response(202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{server.server_port}")
    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-central-1"}.items():
        monkeypatch.setenv(name, value)
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def made(slack, assistant, settings):
    """Makes instances of the function, as Lambda does; they share the ledger alone."""
    instances = []

    def make():
        instances.append(Function(assistant, configuration.read(settings)))
        return instances[-1]

    yield make
    for one in instances:
        one.close()


@pytest.fixture
def bodies(slack, assistant, settings):
    """Bodies as Slack sends them."""
    return Workplace(slack, assistant, settings)


def envelope(body, *, secret=SECRET, stamp=None, encoded=False, kind="application/x-www-form-urlencoded"):
    """A request as a function URL hands it over (payload format 2.0), signed."""
    stamp = str(int(time.time())) if stamp is None else stamp
    signature = "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "version": "2.0",
        "rawPath": "/slack/events",
        "headers": {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": signature},
        "requestContext": {"http": {"method": "POST", "path": "/slack/events"}},
        "body": base64.b64encode(body.encode()).decode() if encoded else body,
        "isBase64Encoded": encoded,
    }


def call(function, event):
    """Invoke it; events go through JSON, as they do at AWS."""
    return function(json.loads(json.dumps(event)), SimpleNamespace(function_name="slack", invoked_function_arn=ARN))


@pytest.mark.parametrize("encoded", [False, True])
def test_a_command_is_acknowledged_by_one_invocation_and_answered_by_another(made, bodies, slack, assistant, invoked, encoded):
    """Until the second one runs nothing was asked and nothing sent; it may be another instance."""
    first = call(made(), envelope(urlencode(bodies.command_body("hello")), encoded=encoded))
    assert (first["statusCode"], assistant.turns, slack.answers()) == (200, [], [])
    ((path, kind, event),) = invoked
    assert path.endswith("/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3Aslack/invocations")
    assert kind == "Event"
    call(made(), event)
    assert [one["text"] for one in slack.answers()] == ["You said hello"]


def test_the_same_delivery_and_the_same_invocation_many_times_act_once(made, bodies, slack, assistant, invoked):
    """Slack retries what it does not see acknowledged, and AWS may invoke twice what was to be invoked once."""
    function, body = made(), urlencode(bodies.command_body("hello"))
    for _ in range(5):
        assert call(function, envelope(body))["statusCode"] == 200
    for _, _, event in invoked * 2:
        call(made(), event)
    assert len(assistant.turns) == 1
    assert len(slack.answers()) == 1


def test_what_an_invocation_left_behind_is_done_by_a_scheduled_one(made, bodies, slack, assistant):
    """The invocation that was to do the work never came: there is no Lambda to ask here, and the acknowledgement does not depend on it."""
    body = envelope(urlencode(bodies.command_body("hello")))
    with patch("slack_bolt.adapter.aws_lambda.lazy_listener_runner.LambdaLazyListenerRunner.start"):
        assert call(made(), body)["statusCode"] == 200
    assert assistant.turns == []
    assert call(made(), {"version": "0", "source": "aws.events", "detail-type": "Scheduled Event"})["statusCode"] == 200
    assert [one["text"] for one in slack.answers()] == ["You said hello"]


def test_mentions_presses_and_shortcuts_are_all_answered(made, bodies, slack, assistant, invoked):
    """Whatever kind of request it is."""
    assistant.say = lambda turn: Reply(outcome="clarify", utterance=turn.text, speech="", text=f"{turn.text}?", question="?", choices=())
    event = {"type": "app_mention", "channel": "C01", "user": "U01", "text": "<@UBOT> hello", "ts": "7.7"}
    mention = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": "Ev1", "event": event, "authorizations": OURS}
    press = bodies.press_body({"action_id": "ask:1", "value": json.dumps({"say": "again", "of": "", "in": f"slack:{TEAM}:C01:U01"})})
    message = {"type": "message_action", "callback_id": "explain_number", "trigger_id": "t9", "user": {"id": "U01", "team_id": TEAM}, "team": {"id": TEAM}}
    message |= {"message": {"text": "12"}, "channel": {"id": "C01"}, "response_url": f"{slack.origin}/response/77"}
    function = made()
    assert call(function, envelope(json.dumps(mention), kind="application/json"))["statusCode"] == 200
    for body in (press, message):
        assert call(function, envelope(urlencode({"payload": json.dumps(body)})))["statusCode"] == 200
    for _, _, event in tuple(invoked):
        call(made(), event)
    assert sorted(one["text"] for one in slack.answers())[1:] == ["again?", "hello?"]
    assert "numbers that I gave" in sorted(one["text"] for one in slack.answers())[0]


def test_a_form_is_told_what_is_wrong_in_it_before_the_response(made, bodies, slack, assistant, invoked):
    """Slack shows errors only where the response brings them; what is right is done, in this invocation or in the next."""
    from slackbot.delivering import Origin
    from slackbot.listeners import forms

    assistant.now = lambda: datetime(2026, 6, 1, 9)
    desk = SimpleNamespace(organization=assistant.organization, assistant=assistant)
    view = forms.room(desk, Origin(user="U01", channel="C01"))
    fields = {block["block_id"]: block["element"]["type"] for block in view["blocks"]}
    given = {"room": {"selected_option": {"value": "-"}}, "day": {"selected_date": "2026-06-02"}, "time": {"selected_time": "15:00"}}
    given |= {"minutes": {"selected_option": {"value": "30"}}, "people": {"value": "many"}, "title": {"value": None}}

    def sent(people, number):
        values = {name: {"field": {"type": fields[name], **one}} for name, one in (given | {"people": {"value": people}}).items()}
        body = {"type": "view_submission", "user": {"id": "U01", "team_id": TEAM}, "team": {"id": TEAM}}
        return envelope(urlencode({"payload": json.dumps({**body, "view": {**view, "id": f"V{number}", "state": {"values": values}}})}))

    function = made()
    wrong = call(function, sent("many", 1))
    assert json.loads(wrong["body"])["errors"] == {"people": "Give a number."}
    assert assistant.turns == []
    slow = assistant.say

    def say(turn):
        time.sleep(1.5)
        return slow(turn)

    assistant.say = say
    began = time.monotonic()
    assert call(function, sent("4", 2))["statusCode"] == 200
    assert time.monotonic() - began < 2.5
    for _, _, event in tuple(invoked):
        call(made(), event)
    assert [turn.id for turn in assistant.turns] == [f"slack:{TEAM}:view:V2"] * len(assistant.turns)
    assert len(slack.answers()) == 1


def test_what_slack_did_not_sign_is_refused(made, bodies, assistant, invoked):
    """401 for a wrong secret, an old and a malformed timestamp, and for whoever pretends to be the second invocation; 405 and 400 as over HTTP."""
    body, function = urlencode(bodies.command_body("hello")), made()
    wrong = [envelope(body, secret="other"), envelope(body, stamp="1000000000"), envelope(body, stamp="soon"), envelope(body, stamp="")]
    lazy = envelope(body, secret="other")
    lazy["headers"] |= {"x-slack-bolt-lazy-only": "1", "x-slack-bolt-lazy-function-name": "work"}
    assert [call(function, event)["statusCode"] for event in (*wrong, lazy)] == [401] * 5
    assert call(function, envelope("{"))["statusCode"] == 400
    assert call(function, {**envelope(body), "requestContext": {"http": {"method": "GET"}}})["statusCode"] == 405
    assert call(function, {})["statusCode"] == 405
    assert (assistant.turns, invoked) == ([], [])


def test_slack_is_asked_to_try_again_where_nothing_can_be_written_down(made, bodies, assistant, monkeypatch, invoked):
    """An acknowledgement without a job would be a promise that nobody keeps."""
    monkeypatch.setattr(type(assistant.ledger), "record", lambda *_, **__: (_ for _ in ()).throw(OutsideFailed("The disk is full.")))
    assert call(made(), envelope(urlencode(bodies.command_body("hello"))))["statusCode"] == 500


def test_what_people_write_to_each_other_invokes_nothing(made, slack, invoked):
    """Most messages in channels are none of ours, and would cost an invocation each."""
    event = {"type": "message", "channel": "C01", "channel_type": "channel", "user": "U01", "text": "lunch?", "ts": "7.7"}
    body = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": "Ev2", "event": event, "authorizations": OURS}
    assert call(made(), envelope(json.dumps(body), kind="application/json"))["statusCode"] == 200
    assert call(made(), envelope(json.dumps({"type": "url_verification", "challenge": "abc"}), kind="application/json"))["body"] == '{"challenge": "abc"}'
    assert invoked == []
