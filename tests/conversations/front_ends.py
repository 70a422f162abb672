"""The real front ends, driven as their platforms drive them: argv for the shell, envelopes for Alexa, signed requests for Slack."""

from __future__ import annotations

import asyncio
import contextlib
import html
import io
import json
import re
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from insights.cli import main
from insights.language.intents import load
from insights.settings import Settings
from skill.configuration import Configuration
from skill.handler import Skill
from skill.model import written
from tests.conversations.script import Exchange
from tests.skill.simulator import Echo, Model
from tests.slackbot.accepted import refused
from tests.slackbot.scanned import leaks
from tests.slackbot.workplace import SECRET, FakeSlack, Workplace

SKILL_ID = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"


class Shell:
    """`insights ask`, one process's worth of it a turn: nothing but the ledger remembers."""

    def __init__(self, company: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._company = company
        monkeypatch.setenv("INSIGHTS_HOME", str(home))
        self._turn = 0

    def say(self, exchange: Exchange) -> str:
        """What is printed."""
        if not exchange.again:
            self._turn += 1
        arguments = ["ask", exchange.text, "--catalog", str(self._company), "--conversation", f"shell-{exchange.place}", "--id", f"shell-{self._turn}"]
        arguments += ["--as", exchange.person] if exchange.person else []
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            main(arguments)
        return printed.getvalue()


class Alexa:
    """The handler, given the envelopes that Alexa would make from the generated interaction model; every device has the skill open."""

    def __init__(self, assistant) -> None:
        people = {f"amzn1.ask.person.{person}": person for person in assistant.organization.people}
        self._skill = Skill(configuration=Configuration(skill_id=SKILL_ID, people=people), open_assistant=lambda: assistant, sender=lambda *said: None)
        self._model = Model(json.loads(written(assistant.catalog, load(), rooms=assistant.organization.rooms.values())))
        self._echoes: dict[str, Echo] = {}

    def say(self, exchange: Exchange) -> str:
        """What is spoken and what is on the card, as plain text; "(open)" and "(silence)" are what they say."""
        echo = self._echoes.get(exchange.place)
        if echo is None:
            echo = self._echoes[exchange.place] = Echo(self._model, self._skill.handle, device=exchange.place)
            echo.open()
        echo.voice = f"amzn1.ask.person.{exchange.person}" if exchange.person else None
        if exchange.again:
            echo.again()
        elif exchange.text == "(open)":
            echo.open()
        elif exchange.text == "(silence)":
            echo.silence()
        else:
            echo.say(exchange.text)
        response = echo.last["response"]
        spoken = html.unescape(re.sub(r"<[^>]+>", "", response.get("outputSpeech", {}).get("ssml", "")))
        card = response.get("card") or {}
        ended = "" if echo.session else "\n(ends)"
        return f"{spoken}\n{card.get('content', '')}{ended}"


class Slack:
    """Bolt, given signed requests over ASGI; what it sends goes to a Slack on loopback, which takes more than a message a second."""

    def __init__(self, assistant, figures=frozenset()) -> None:
        self._figures = figures
        self._hurried = pytest.MonkeyPatch()
        self._hurried.setattr("slackbot.send.APART", timedelta(milliseconds=1))
        self._hurried.setattr("slackbot.progress.PATIENT", 60.0)  # a note on a busy machine would be taken for the answer
        self._slack = FakeSlack()
        settings = Settings(home=Path("/nonexistent"), sections={"slack": {"signing_secret": SECRET, "bot_token": "xoxb-1", "base_url": self._slack.base_url}})
        self._people = {person.id: person.slack for person in assistant.organization.people.values()}
        self._workplace = Workplace(self._slack, assistant, settings)
        self._numbers = count(1)
        self._number = 0

    def say(self, exchange: Exchange) -> str:
        """What the person or the channel gets to see."""
        return asyncio.run(self._told(exchange))

    async def _told(self, exchange: Exchange) -> str:
        """A job that is left open is begun again when the next message is worked on, and would be taken for its answer."""
        said = await self._say(exchange)
        await asyncio.wait_for(self._workplace.app._inner._office.idle(), 60)
        return said

    async def _say(self, exchange: Exchange) -> str:
        before = len(self._said())
        if not exchange.again:
            self._number = next(self._numbers)
        text, _, file = exchange.text.removesuffix("]").partition(" [") if exchange.text.endswith("]") else (exchange.text, "", "")
        shared = {"subtype": "file_share", "files": [self._file(file)]} if file else {}
        user = self._people[exchange.person] if exchange.person else "U99"
        channel = "C" + exchange.place[1:].upper()
        if exchange.place.startswith("#"):
            await self._workplace.command(exchange.text, user=user, channel=channel, trigger=f"trigger.say.{self._number}")
        elif exchange.place.startswith("@"):
            event = {
                "type": "app_mention",
                "user": user,
                "channel": channel,
                "text": f"<@UBOT> {text}",
                "ts": f"17.{self._number}",
                "thread_ts": "17.0",
            } | {name: value for name, value in shared.items() if name == "files"}
            await self._workplace.event(event, event_id=f"Ev{self._number}")
        else:
            event = {"type": "message", "channel_type": "im", "user": user, "channel": f"D{user}", "text": text, "ts": f"18.{self._number}"} | shared
            await self._workplace.event(event, event_id=f"Ev{self._number}")
        if exchange.again:
            await asyncio.sleep(0.3)
            answers = self._said()
            return answers[-1].get("text", "") if len(answers) > before else ""
        end = time.monotonic() + 60
        while len(self._said()) <= before and time.monotonic() < end:
            await asyncio.sleep(0.01)
        return self._said()[before].get("text", "")

    def _file(self, name: str) -> dict:
        """A file of somebody's, as an event has it; what is in it is what a GET of its address gives."""
        self._slack.script(f"/files-pri/T1-F1/download/{name}", (200, {"content-type": "image/png"}, f"what is in {name}"))
        return {"id": "F1", "name": name, "mimetype": "image/png", "size": 20, "url_private_download": f"{self._slack.origin}/files-pri/T1-F1/download/{name}"}

    def _said(self) -> list[dict]:
        """What was said where it was asked; what is brought to a person's direct messages besides is not."""
        return [one for one in self._slack.answers() if not str(one.get("channel", "")).startswith("U")]

    def close(self) -> None:
        """Stop the loopback Slack. Every message that it was sent is one that Slack takes, and holds no confidential figure that is not for its reader."""
        self._slack.close()
        self._hurried.undo()
        assert [refused(message) for message in self._slack.answers() if refused(message)] == []
        assert leaks(self._slack.sent, self._slack.owners, self._figures) == []
