"""Messages, forms and pages of Slack that nobody asks for in words, as the demo company gets them; drawn by `benchmarks.slack_pictures`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from insights import wiring
from insights.assistant import Assistant
from insights.delivery.port import Channel
from insights.organization import Person
from insights.permit import Places
from insights.requests import RaiseTicket, UpdateTicket
from insights.turns import Reply, Turn
from insights.wiring.working import work_once
from slackbot import administration, views
from slackbot.answering import Desk
from slackbot.delivering import Origin
from slackbot.listeners import forms, home
from slackbot.read import BROUGHT
from slackbot.reply import dress

TRIAGE, TALK = "C0TRIAGE01", "C0TALK0001"
Picture = tuple[str, Mapping[str, Any]]


@dataclass(slots=True)
class Kept:
    """A messenger that keeps what it is to bring, in place of Slack."""

    brought: list[tuple[str, Reply]] = field(default_factory=list)
    name: str = "slack"

    def reaches(self, person: Person) -> bool:
        """Everybody with an account."""
        return person.slack is not None

    def send(self, person: Person, reply: Reply, *, key: str) -> None:  # noqa: ARG002 - as the port has it
        """Keep it."""
        self.brought.append((person.id, reply))

    def channel(self, name: str) -> Channel | None:
        """The channel of the help desk, and a channel of colleagues."""
        id_, _, thread = name.partition("/")
        members = {TRIAGE: ("tom", "ivan"), TALK: ("priya", "ben", "tom")}
        id_ = TRIAGE if id_.removeprefix("#") == "it-triage" else id_
        return Channel(id=id_, name=id_, members=members[id_], thread=thread or None) if id_ in members else None

    def post(self, channel: Channel, reply: Reply, *, key: str) -> str | None:  # noqa: ARG002 - as the port has it
        """Keep it."""
        self.brought.append((channel.id, reply))
        return f"{channel.id}/{channel.thread or '1.2'}"

    def posted(self, channel: Channel, *, key: str) -> str | None:  # noqa: ARG002 - as the port has it
        """Nothing is looked for."""
        return None

    def for_whom(self, whom: str, words: str) -> Mapping[str, Any]:
        """What was brought to a person or channel and holds these words, as Slack gets it."""
        reply = next(reply for to, reply in self.brought if to == whom and words in reply.text)
        return dress(reply, conversation=BROUGHT)


def scenes(company: Path, scratch: Path) -> Iterator[Picture]:
    """Each picture's name, with a message or a view."""
    folder = scratch / "company"
    folder.mkdir()
    for one in company.iterdir():
        if one.name != "organization.yaml":
            (folder / one.name).symlink_to(one.absolute())
    text = (company / "organization.yaml").read_text("utf-8")
    (folder / "organization.yaml").write_text(text.replace("help_desk:\n", 'help_desk:\n  channel: "#it-triage"\n'), "utf-8")
    with closing(wiring.open_catalog(folder, home=scratch / "home")) as assistant:
        yield from _tickets(assistant)
        yield from _meeting(assistant)
        yield from _pages(assistant)


def _tickets(assistant: Assistant) -> Iterator[Picture]:
    kept, now = Kept(), datetime(2026, 5, 31, 12, tzinfo=UTC)
    thread = f"{TALK}/8.5"
    _do(assistant, "priya", RaiseTicket(what="The projector in Birch shows no picture", thread=thread), yes=True)
    work_once(assistant, {"slack": kept}, clock=lambda: now)
    (ticket,) = assistant.ledger.registered_since(None)
    _do(assistant, "tom", UpdateTicket(ticket=ticket.id, note="A new lamp is ordered, it comes on Tuesday"))
    work_once(assistant, {"slack": kept}, clock=lambda: now)
    yield "triage", kept.for_whom(TRIAGE, "reports")
    yield "thread-notice", kept.for_whom(TALK, "lamp")


def _meeting(assistant: Assistant) -> Iterator[Picture]:
    kept, start = Kept(), assistant.now() + timedelta(minutes=10)
    said = f"schedule a meeting with ben today at {start:%H:%M} for 30 minutes in fern called Launch plan"
    for number, text in enumerate((said, "yes")):
        assistant.reply(Turn(text, person="ada", conversation="meet", id=f"meet-{number}"))
    moment = (start - timedelta(minutes=5)).replace(tzinfo=ZoneInfo(assistant.catalog.timezone))
    work_once(assistant, {"slack": kept}, clock=lambda: moment)
    work_once(assistant, {"slack": kept}, clock=lambda: moment)
    yield "before-meeting", kept.for_whom("ben", "begins")


def _pages(assistant: Assistant) -> Iterator[Picture]:
    desk, people = Desk(assistant=assistant), assistant.organization.people
    for person, text in (
        ("priya", "revenue for xyzzy last month"), ("priya", "ask the data team"), ("ada", "How is our takings doing?"), ("ben", "how is our takings doing"),
        ("rosa", "burn multiple last month"), ("ada", "follow revenue every monday at 9"),
    ):  # fmt: skip
        assistant.reply(Turn(text, person=person, conversation=f"{person}-talk", id=f"{person}-{text}"))
    for number, text in enumerate(("book a room for four tomorrow at three for an hour", "yes")):
        assistant.reply(Turn(text, person="ada", conversation="book", id=f"book-{number}"))
    assistant.administration.rule(["C0LOUNGE01"], "denied", people["tom"], now=assistant.now())
    waiting = next(iter(assistant.ledger.enquiries(assistant.catalog.name)))
    yield "schedule", forms.schedule(desk, Origin(user="U01", channel="C01"), about="slack:T1:x")
    yield "home", views.home(home.page(desk, people["ada"], "slack:T1:D01:U01"))
    yield "judge", views.home(home.page(desk, people[waiting.to[0]], "slack:T1:D01:U01"))
    yield "admin", administration.page(assistant.administration, people["tom"], Places(), now=assistant.now())
    rights = assistant.administration.rights("ada", people["tom"])
    yield "rights", {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": administration.told_rights(rights)}}]}


def _do(assistant: Assistant, person: str, request: RaiseTicket | UpdateTicket, *, yes: bool = False) -> None:
    done = assistant.reply(Turn("", person=person, id=f"{person}-{request.__class__.__name__}", request=request, yes=yes, place="chat"))
    assert done.outcome == "understood", done.text
