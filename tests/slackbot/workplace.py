"""A loopback Slack that records what it is sent, an assistant that says what a test tells it to, and signed requests through the real Bolt app."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from insights.turns import Reply
from slackbot.door import door

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM = "T0HOME"
OURS = [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}]


def _json(value):
    """A JSON argument of a form-encoded call, as data."""
    return json.loads(value) if isinstance(value, str) else value


class FakeSlack:
    """The few Web API methods that are called, and response URLs; `script` makes the next calls to a path answer something else."""

    def __init__(self):
        self.sent: list[tuple[str, dict]] = []
        self.accounts: dict[str, dict] = {}
        self.members: dict[str, list[str]] = {}
        self.channels: dict[str, dict] = {}
        self.messages: dict[str, dict] = {}
        self.owners: dict[str, str] = {}  # whose a response URL is
        self.socket_url = ""
        self.streams: dict[str, list[dict]] | None = {}  # what is streamed, by its ts; None where nothing can be
        self.ended: set[str] = set()
        self._scripted = defaultdict(list)
        self._arrived = threading.Condition()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                """Form or JSON."""
                raw = self.rfile.read(int(self.headers.get("content-length") or 0)).decode("utf-8", "backslashreplace")
                if self.path == "/upload":
                    self._reply({"content": raw})
                    return
                asked = dict(parse_qsl(urlsplit(self.path).query))
                self._reply(asked | (json.loads(raw) if raw.startswith("{") else dict(parse_qsl(raw))))

            def do_GET(self):
                """Query."""
                self._reply(dict(parse_qsl(urlsplit(self.path).query)))

            def _reply(self, payload):
                status, headers, body = fake.take(urlsplit(self.path).path, payload)
                if status is None:
                    self.close_connection = True
                    return
                data = json.dumps(body).encode() if isinstance(body, dict) else body.encode()
                self.send_response(status)
                for name, value in {"content-type": "application/json" if isinstance(body, dict) else "text/plain", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def origin(self):
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self):
        """The Web API."""
        return f"{self.origin}/api/"

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def script(self, path, *answers):
        """Answers as (status, headers, body) for the next calls; status None drops the connection."""
        self._scripted[path] += answers

    def take(self, path, payload):
        """Record one request and find its answer."""
        with self._arrived:
            self.sent.append((path, payload))
            self._arrived.notify_all()
        if self._scripted[path]:
            return self._scripted[path].pop(0)
        return 200, {}, self._usual(path, payload)

    def _usual(self, path, payload):
        if path.startswith("/response/") or path == "/upload":
            return "ok"
        method = path.removeprefix("/api/")
        if method == "auth.test":
            return {
                "ok": True,
                "team_id": TEAM,
                "user_id": "UBOT",
                "bot_id": "BBOT",
                "url": "https://halcyon.slack.test/",
                "team": "Halcyon",
                "user": "insights",
            }
        if method == "users.info":
            account = self.accounts.get(payload["user"]) or ({"id": "UBOT", "team_id": TEAM, "is_bot": True} if payload["user"] == "UBOT" else None)
            return {"ok": True, "user": account} if account else {"ok": False, "error": "user_not_found"}
        if method == "users.lookupByEmail":
            found = [one for one in self.accounts.values() if one["profile"]["email"] == payload["email"]]
            return {"ok": True, "user": found[0]} if found else {"ok": False, "error": "users_not_found"}
        if method in ("chat.startStream", "chat.appendStream", "chat.stopStream") and self.streams is not None:
            return self._streamed(method, payload)
        if method == "chat.update" and payload["ts"] in (self.streams or {}) and payload["ts"] not in self.ended:
            return {"ok": False, "error": "streaming_state_conflict"}
        if method in ("chat.postMessage", "chat.postEphemeral", "chat.update"):
            return {"ok": True, "ts": "1.2", "channel": "D1"}
        if method == "conversations.info":
            return {"ok": True, "channel": {"id": payload["channel"], "is_member": True} | self.channels.get(payload["channel"], {})}
        if method == "conversations.list":  # a page holds two
            start, every = int(payload.get("cursor") or 0), [{"id": id_, "is_member": True} | about for id_, about in self.channels.items()]
            after = str(start + 2) if start + 2 < len(every) else ""
            return {"ok": True, "channels": every[start : start + 2], "response_metadata": {"next_cursor": after}}
        if method == "conversations.members":
            return {"ok": True, "members": self.members.get(payload["channel"], ["U01", "UBOT"])}
        if method == "conversations.history":
            posted = [one for where, one in self.sent if where == "/api/chat.postMessage" and one.get("channel") == payload["channel"]]
            return {"ok": True, "messages": [{**one, "ts": "1.2", "metadata": _json(one.get("metadata"))} for one in reversed(posted)]}
        if method == "conversations.replies":
            return {"ok": True, "messages": [self.messages[payload["ts"]]] if payload["ts"] in self.messages else []}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": f"D{payload['users']}"}}
        if method == "files.getUploadURLExternal":
            return {"ok": True, "upload_url": f"{self.origin}/upload", "file_id": "F1"}
        if method == "files.completeUploadExternal":
            return {"ok": True, "files": [{"id": "F1", "title": "answer"}]}
        if method in ("views.open", "views.publish", "chat.delete", "assistant.threads.setSuggestedPrompts"):
            return {"ok": True}
        if method == "apps.connections.open":
            return {"ok": True, "url": self.socket_url}
        return {"ok": False, "error": "unknown_method"}

    def _streamed(self, method, payload):
        """As Slack documents it: only in threads, in channels for somebody, nothing after the end; cards are known by their ids."""
        direct = payload["channel"].startswith("D")
        if method == "chat.startStream":
            if not payload.get("thread_ts"):
                return {"ok": False, "error": "invalid_thread_ts"}
            for needed in () if direct else ("recipient_team_id", "recipient_user_id"):
                if not payload.get(needed):
                    return {"ok": False, "error": f"missing_{needed}"}
            ts = f"9.{len(self.streams) + 1}"
            self.streams[ts] = []
        else:
            ts = payload["ts"]
            if ts not in self.streams or ts in self.ended:
                return {"ok": False, "error": "message_not_in_streaming_state"}
        for card in payload.get("chunks") or ():
            if card["type"] != "task_update" or card["status"] not in ("pending", "in_progress", "complete", "error") or not card["title"]:
                return {"ok": False, "error": "invalid_chunks"}
            self.streams[ts] = [one for one in self.streams[ts] if one["id"] != card["id"]] + [card]
        if method == "chat.stopStream":
            self.ended.add(ts)
        return {"ok": True, "ts": ts, "channel": payload["channel"]}

    def to(self, path):
        """What was sent to a path, in order."""
        return [payload for where, payload in self.sent if where == path]

    def answers(self):
        """Messages that reached people."""
        return [payload for where, payload in self.sent if where.startswith(("/response/", "/api/chat."))]

    async def until(self, count, *, seconds=5.0):
        """Wait until so many messages have reached people, and give them."""
        end = time.monotonic() + seconds
        while len(self.answers()) < count and time.monotonic() < end:
            await asyncio.sleep(0.01)
        assert len(self.answers()) >= count, f"only {len(self.answers())} of {count} messages arrived: {self.sent}"
        return self.answers()


class FakeAssistant:
    """Says what `say` returns, and remembers the turns it was given."""

    def __init__(self, organization, ledger=None):
        self.organization = organization
        self.ledger = ledger
        self.catalog = SimpleNamespace(locale="en-US")
        self.turns = []
        self.say = lambda turn: Reply(outcome="understood", utterance=turn.text, speech="", text=f"You said {turn.text}")

    def reply(self, turn):
        """The reply that the test wants."""
        self.turns.append(turn)
        return self.say(turn)


class Workplace:
    """The app over HTTP, and requests to it as Slack would sign them."""

    def __init__(self, slack, assistant, settings):
        self.slack, self.assistant, self.settings = slack, assistant, settings
        self.app = door.routes(assistant, settings)["/slack/events"]
        self.triggers = 0

    async def post(self, body, *, content_type="application/x-www-form-urlencoded", secret=SECRET, stamp=None, headers=None):
        """Send a body, signed."""
        raw = body if isinstance(body, bytes) else body.encode()
        stamp = str(int(time.time())) if stamp is None else stamp
        signature = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
        sent = {"content-type": content_type, "x-slack-request-timestamp": stamp, "x-slack-signature": signature} | (headers or {})
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://insights.test") as client:
            return await client.post("/slack/events", content=raw, headers=sent)

    def command_body(self, text, *, user="U01", channel="C01", team=TEAM, trigger=None, command="/insights"):
        """A slash command as Slack sends it."""
        self.triggers += 1
        self.slack.owners[f"/response/{self.triggers}"] = user
        return {
            "command": command,
            "text": text,
            "user_id": user,
            "team_id": team,
            "channel_id": channel,
            "trigger_id": trigger or f"trigger.{self.triggers}",
            "response_url": f"{self.slack.origin}/response/{self.triggers}",
            "api_app_id": "A1",
        }

    async def command(self, text, **options):
        """Send a slash command."""
        return await self.post(urlencode(self.command_body(text, **options)))

    async def event(self, event, *, event_id="Ev1", headers=None, **envelope):
        """Send an event."""
        body = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": event_id, "event": event, "authorizations": OURS} | envelope
        return await self.post(json.dumps(body), content_type="application/json", headers=headers)

    async def open_home(self, *, user="U01", tab="home", channel="D01", event_id="EvHome"):
        """Open the app's page, or its conversation."""
        return await self.event({"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, "event_ts": "1.1"}, event_id=event_id)

    async def submit(self, view, values, *, user="U01", team=TEAM, view_id="V1"):
        """Send a form that was opened, with what is filled into its fields."""
        fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
        state = {name: {"field": {"type": fields[name]["type"], **given}} for name, given in values.items()}
        body = {
            "type": "view_submission",
            "user": {"id": user, "team_id": team},
            "team": {"id": team},
            "view": {**view, "id": view_id, "state": {"values": state}},
        }
        return await self.post(urlencode({"payload": json.dumps(body)}))

    async def shortcut(self, callback, *, message=None, user="U01", channel="C01", team=TEAM):
        """Use a shortcut, on a message or from anywhere."""
        self.triggers += 1
        body = {
            "type": "message_action" if message is not None else "shortcut",
            "callback_id": callback,
            "trigger_id": f"trigger.{self.triggers}",
            "user": {"id": user, "team_id": team},
            "team": {"id": team},
        }
        self.slack.owners[f"/response/{self.triggers}"] = user
        if message is not None:
            body |= {"message": message, "channel": {"id": channel}, "response_url": f"{self.slack.origin}/response/{self.triggers}"}
        return await self.post(urlencode({"payload": json.dumps(body)}))

    async def choose(self, menu, value, *, block_id, **options):
        """Choose an entry of the menu behind three dots."""
        body = self.press_body({"action_id": menu["action_id"], "value": ""}, **options)
        body["actions"] = [{"type": "overflow", "action_id": menu["action_id"], "block_id": block_id, "selected_option": {"value": value}, "action_ts": "1.1"}]
        return await self.post(urlencode({"payload": json.dumps(body)}))

    def press_body(self, button, *, user="U01", channel="C01", team=TEAM, ephemeral=True, message_ts="5.5", thread=None):
        """A pressed button as Slack sends it."""
        self.triggers += 1
        self.slack.owners[f"/response/{self.triggers}"] = user
        container = {"type": "message", "message_ts": message_ts, "channel_id": channel, "is_ephemeral": ephemeral} | ({"thread_ts": thread} if thread else {})
        return {
            "type": "block_actions",
            "user": {"id": user, "team_id": team},
            "team": {"id": team},
            "channel": {"id": channel},
            "container": container,
            "trigger_id": f"trigger.{self.triggers}",
            "response_url": f"{self.slack.origin}/response/{self.triggers}",
            "actions": [{"type": "button", "action_id": button["action_id"], "block_id": "b", "value": button["value"], "action_ts": "1.1"}],
        }

    async def press(self, button, **options):
        """Press a button."""
        return await self.post(urlencode({"payload": json.dumps(self.press_body(button, **options))}))
