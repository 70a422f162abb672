"""Socket Mode: the same app over a WebSocket to a small gateway of our own."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import WSMsgType, web

from insights.turns import Reply
from slackbot.door import door


class Gateway:
    """Slack's end of the connection: sends envelopes, and notes which were acknowledged and when."""

    def __init__(self):
        self.acknowledged = []
        self.connections = 0
        self._socket = None
        self._open = asyncio.Event()

    async def serve(self, request):
        """One connection, greeted as Slack does."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}, "debug_info": {}})
        self._socket = socket
        self._open.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data)["envelope_id"])
        return socket

    async def send(self, kind, payload, envelope):
        """Deliver one envelope over the open connection."""
        await asyncio.wait_for(self._open.wait(), 5)
        await self._socket.send_json({"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True})

    async def until_acknowledged(self, *envelopes):
        """Wait until these were acknowledged."""
        for _ in range(500):
            if set(envelopes) <= set(self.acknowledged):
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"only {self.acknowledged} of {envelopes} were acknowledged")

    async def drop(self):
        """Break the connection as Slack does now and then, and forget it."""
        self._open.clear()
        await self._socket.close()


@asynccontextmanager
async def connected(slack, assistant, settings):
    """The door's background work, connected to a gateway."""
    gateway = Gateway()
    application = web.Application()
    application.router.add_get("/link", gateway.serve)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.socket_url = f"ws://127.0.0.1:{runner.addresses[0][1]}/link"
    work = asyncio.create_task(door.run(assistant, settings))
    try:
        yield gateway
    finally:
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        await runner.cleanup()


@pytest.fixture
def socket_settings(slack, settings_of):
    """Socket Mode alone: there is no signing secret."""
    return settings_of(app_token="xapp-1", bot_token="xoxb-1", base_url=slack.base_url)


def test_a_command_in_socket_mode_is_acknowledged_and_answered(slack, assistant, socket_settings, workplace):
    """The same turn and the same message as over HTTP; the app token opens the connection."""

    async def scene():
        async with connected(slack, assistant, socket_settings) as gateway:
            await gateway.send("slash_commands", workplace.command_body("revenue last month"), "e1")
            await gateway.until_acknowledged("e1")
            return (await slack.until(1))[0]

    message = asyncio.run(scene())
    (turn,) = assistant.turns
    assert (turn.text, turn.person, turn.audience, turn.id) == ("revenue last month", "ada", "private", "slack:T0HOME:trigger.1")
    assert (message["text"], message["response_type"]) == ("You said revenue last month", "ephemeral")
    assert len(slack.to("/api/apps.connections.open")) == 1


def test_mentions_presses_and_repeats_work_in_socket_mode(slack, assistant, socket_settings, workplace, buttons_of):
    """A question back is answered by a button; the same event in two envelopes is answered once, and both are acknowledged."""

    def say(turn):
        if turn.text == "yes":
            return Reply(outcome="understood", utterance=turn.text, speech="", text="Booked")
        return Reply(outcome="confirm", utterance=turn.text, speech="", text="Shall I?", question="Shall I?")

    assistant.say = say
    event = {"type": "app_mention", "user": "U01", "text": "<@UBOT> book a room", "channel": "C01", "ts": "7.7"}
    body = {
        "type": "event_callback",
        "team_id": "T0HOME",
        "event_id": "Ev1",
        "event": event,
        "authorizations": [{"team_id": "T0HOME", "user_id": "UBOT", "is_bot": True}],
    }

    async def scene():
        async with connected(slack, assistant, socket_settings) as gateway:
            await gateway.send("events_api", body, "e1")
            await gateway.send("events_api", body, "e2")
            question = (await slack.until(1))[0]
            await gateway.send("interactive", workplace.press_body(buttons_of(question)["Yes"], ephemeral=False, thread="7.7"), "e3")
            await gateway.until_acknowledged("e1", "e2", "e3")
            return await slack.until(2)

    messages = asyncio.run(scene())
    assert [turn.text for turn in assistant.turns] == ["book a room", "yes"]
    assert [message["text"] for message in messages] == ["Shall I?", "Booked"]


def test_a_lost_connection_is_opened_again(slack, assistant, socket_settings, workplace):
    """Slack closes connections every few hours; what comes after is answered."""

    async def scene():
        async with connected(slack, assistant, socket_settings) as gateway:
            await gateway.send("slash_commands", workplace.command_body("one"), "e1")
            await slack.until(1)
            await gateway.drop()
            await gateway.send("slash_commands", workplace.command_body("two"), "e2")
            await slack.until(2)
            return gateway.connections

    assert asyncio.run(scene()) == 2
    assert [turn.text for turn in assistant.turns] == ["one", "two"]
