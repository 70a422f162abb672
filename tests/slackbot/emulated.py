"""A Slack that no one here wrote (npm emulate), and in front of it a gateway of our own: response URLs, Socket Mode, and a record of all that is sent."""

import asyncio
import json
import shutil
import subprocess
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import aiohttp
import httpx
from aiohttp import WSMsgType, web

from tests.servers import free_port, missing

NODE = Path(__file__).parents[1] / "node"
BOT, WATCHER = "xoxb-insights", "xoxp-watcher"
READING = ["channels:read", "channels:history", "im:read", "im:history", "groups:read", "groups:history", "users:read", "users:read.email", "files:read"]
CLIENT = {"client_id": "111.222", "client_secret": "the-client-secret"}


class Emulated:
    """The emulator as a test asks it."""

    def __init__(self, address):
        self.address = address
        self._client = httpx.Client(verify=False, timeout=60)  # it speaks no TLS, and a context for it takes long

    def close(self):
        """Let go of the connection."""
        self._client.close()

    def post(self, method, token, **arguments):
        """What a Web API method says, refusals too."""
        return self._client.post(f"{self.address}/api/{method}", headers={"authorization": f"Bearer {token}"}, json=arguments).json()

    def ask(self, method, token=WATCHER, **arguments):
        """A Web API method's answer."""
        answer = self.post(method, token, **arguments)
        assert answer["ok"], (method, answer)
        return answer

    def user(self, email):
        """The id of the account with this address."""
        return self.ask("users.lookupByEmail", email=email)["user"]["id"]

    def channel(self, name):
        """The id of a channel."""
        return next(one["id"] for one in self.ask("conversations.list")["channels"] if one["name"] == name)

    def said(self, channel, thread=None):
        """Messages of a channel or a thread, oldest first."""
        if thread is None:
            return list(reversed(self.ask("conversations.history", channel=channel)["messages"]))
        return self.ask("conversations.replies", channel=channel, ts=thread)["messages"]


@contextmanager
def emulator(scopes):
    """A fresh Slack with strict scopes: our bot has these and no others, the one who looks on may read."""
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "emulate").is_dir():
        missing("npm emulate is not installed: run npm --prefix tests/node install")
    port = free_port()
    seed = {
        "slack": {
            "team": {"name": "Halcyon", "domain": "halcyon"},
            "users": [
                {"name": "ada", "real_name": "Ada Okafor", "email": "ada@halcyon.example"},
                {"name": "sam", "real_name": "Sam Lee", "email": "sam@halcyon.example"},
                {"name": "omar", "real_name": "Omar Haddad", "email": "omar@halcyon.example"},
                {"name": "insights", "real_name": "Insights", "email": "insights@halcyon.example"},
            ],
            "channels": [{"name": "finance"}],
            "oauth_apps": [{**CLIENT, "name": "Insights", "redirect_uris": ["http://insights.test/slack/oauth_redirect"], "scopes": scopes}],
            "tokens": [
                {"token": BOT, "type": "bot", "user": "insights", "scopes": scopes},
                {"token": WATCHER, "user": "ada", "scopes": [*READING, "chat:write"]},
            ],
            "strict_scopes": True,
        }
    }
    process = subprocess.Popen([node, "slack.mjs", str(port), json.dumps(seed)], cwd=NODE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout.readline().strip(), process.stdout.read()
        found = Emulated(f"http://127.0.0.1:{port}")
        yield found
        found.close()
    finally:
        process.kill()
        process.communicate()


class Gateway:
    """What Slack does beside its Web API: response URLs and Socket Mode. Everything for the Web API goes on to the emulator. All that is sent is kept."""

    def __init__(self, emulated):
        self.emulated = emulated
        self.sent, self.answered = [], []
        self.acknowledged = []
        self.address = ""
        self._socket = None
        self._open = asyncio.Event()

    async def api(self, request):
        """Hand a call on to the emulator, and what it answers back."""
        raw = await request.read()
        method = request.match_info["method"]
        self.sent.append((method, _payload(raw)))
        if method == "apps.connections.open":
            return web.json_response({"ok": True, "url": f"{self.address.replace('http', 'ws')}/link"})
        headers = {name.lower(): value for name, value in request.headers.items() if name.lower() in ("authorization", "content-type")}
        if request.method == "GET" or (request.query and not raw):  # Slack takes both, the emulator of some methods only the one
            raw, headers["content-type"] = urlencode(request.query).encode(), "application/x-www-form-urlencoded"
        if method == "files.getUploadURLExternal":  # Slack calls it alt_txt, the emulator alt_text
            raw = raw.replace(b"alt_txt", b"alt_text")
        async with aiohttp.ClientSession() as session, session.post(f"{self.emulated.address}/api/{method}", data=raw, headers=headers) as answer:
            said = await answer.read()
            self.answered.append((method, json.loads(said)))
            return web.Response(body=said, status=answer.status, content_type="application/json")

    async def responded(self, request):
        """A response URL was posted to."""
        self.sent.append(("response", await request.json()))
        return web.Response(text="ok")

    async def link(self, request):
        """A Socket Mode connection, greeted as Slack does."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}, "debug_info": {}})
        self._socket = socket
        self._open.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data)["envelope_id"])
        return socket

    async def envelope(self, kind, payload, number):
        """Deliver over Socket Mode, and wait until it was acknowledged."""
        await asyncio.wait_for(self._open.wait(), 60)
        await self._socket.send_json({"type": kind, "envelope_id": str(number), "payload": payload, "accepts_response_payload": True})
        await until(lambda: str(number) in self.acknowledged)

    def taken(self, method):
        """What Slack said of each call that it took."""
        return [said for called, said in self.answered if called == method and said["ok"]]

    def to(self, *methods):
        """What was sent to these methods, in order."""
        return [payload for method, payload in self.sent if method in methods]


async def until(holds, seconds=60):
    """Wait until it holds, and give what it gives."""
    for _ in range(int(seconds / 0.02)):
        found = holds()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to pass in time")


@asynccontextmanager
async def gateway(emulated):
    """The gateway, listening."""
    found = Gateway(emulated)
    application = web.Application(client_max_size=20_000_000)
    application.router.add_route("*", "/api/{method}", found.api)
    application.router.add_post("/response/{number}", found.responded)
    application.router.add_get("/link", found.link)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield found
    finally:
        await runner.cleanup()


def _payload(raw):
    text = raw.decode("utf-8", "replace")
    return json.loads(text) if text.startswith("{") else dict(parse_qsl(text))
