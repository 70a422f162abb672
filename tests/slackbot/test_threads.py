"""Tickets where people talk, end to end: the demo company with a channel for those who work on tickets, behind the real Bolt app."""

import asyncio
import json
from contextlib import closing
from datetime import UTC, datetime
from itertools import count

import pytest

from insights import wiring
from insights.requests import UpdateTicket
from insights.settings import Settings
from insights.turns import Turn
from insights.wiring.working import work_once
from slackbot.door import door
from tests.slackbot.test_at_work import buttons, decoded
from tests.slackbot.workplace import SECRET, Workplace

PRIYA, TOM, IVAN, BEN = "U08", "U09", "U13", "U11"
TALK, WISHES, TRIAGE = "C0000TALK", "C000WISHES", "C00TRIAGE1"
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def folder(company, tmp_path_factory):
    """The demo company, which has a channel for its agents."""
    made = tmp_path_factory.mktemp("company")
    for one in company.folder.iterdir():
        if one.name != "organization.yaml":
            (made / one.name).symlink_to(one)
    text = (company.folder / "organization.yaml").read_text()
    assert "help_desk:\n" in text
    (made / "organization.yaml").write_text(text.replace("help_desk:\n", 'help_desk:\n  channel: "#it-triage"\n'))
    return made


@pytest.fixture
def desk(folder, demo_home, tmp_path):
    """Its assistant, with a ledger of its own."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "cache").symlink_to(demo_home / "cache")
    with closing(wiring.open_catalog(folder, home=home)) as assistant:
        yield assistant


@pytest.fixture
def place(slack, desk, tmp_path):
    """The app, where new messages in one channel are tickets."""
    section = {"signing_secret": SECRET, "bot_token": "xoxb-1", "base_url": slack.base_url, "ticket_channels": WISHES, "ticket_reaction": ":ticket:"}
    slack.channels = {TALK: {"name": "talk"}, WISHES: {"name": "wishes"}, TRIAGE: {"name": "it-triage"}}
    slack.members = {TALK: [PRIYA, BEN, TOM, "UBOT"], WISHES: [PRIYA, BEN, "UBOT"], TRIAGE: [TOM, IVAN, "UBOT"]}
    return Workplace(slack, desk, Settings(home=tmp_path, sections={"slack": section}))


class Killed(BaseException):
    """A process that ends in the middle."""


class Scene:
    """What people write and react to, and what the worker brings."""

    def __init__(self, place):
        self.place, self.slack, self.desk = place, place.slack, place.assistant
        self.messenger = door.messenger(place.assistant, place.settings)

    async def written(self, text, *, user, channel=TALK, ts=None, thread=None, **more):
        """A message in a channel."""
        ts = ts or f"9.{next(_NUMBERS)}"
        event = {"type": "message", "channel_type": "channel", "user": user, "text": text, "channel": channel, "ts": ts} | more
        if thread:
            event["thread_ts"] = thread
        await self.place.event(event, event_id=f"EvT{next(_NUMBERS)}")
        await self.done()
        return ts

    async def reacted(self, user, ts, *, reaction="ticket", text="The projector in Birch is &lt;dead&gt;", author=PRIYA):
        """A reaction to a message by somebody."""
        self.slack.messages = {ts: {"type": "message", "user": author, "text": text, "ts": ts}}
        item = {"type": "message", "channel": TALK, "ts": ts}
        event = {"type": "reaction_added", "user": user, "reaction": reaction, "item": item, "item_user": author, "event_ts": "1.1"}
        await self.place.event(event, event_id=f"EvT{next(_NUMBERS)}")
        await self.done()

    async def done(self):
        """Nothing is at work any more."""
        await self.place.app._inner._office.idle()

    def posted(self, channel=None):
        """What was posted, into a channel or everywhere."""
        return [one for one in self.slack.to("/api/chat.postMessage") if channel in (None, one["channel"])]

    async def work(self):
        """A round of the worker; what it posted."""
        before = len(self.posted())
        moment = datetime(2026, 5, 31, 12, tzinfo=UTC)
        await asyncio.to_thread(lambda: work_once(self.desk, {"slack": self.messenger}, clock=lambda: moment))
        return self.posted()[before:]


@pytest.fixture
def play(place):
    """Runs a scene."""

    def run(scene):
        return asyncio.run(asyncio.wait_for(scene(Scene(place)), 120))

    return run


def test_a_reaction_makes_a_ticket_of_a_message_once_and_it_is_its_authors(play, desk):
    """Whoever reacts, and however often; the thread is told its number."""

    async def scene(at):
        for user in (BEN, BEN, TOM):
            await at.reacted(user, "8.1")
        await at.reacted(BEN, "8.2", reaction="eyes")
        return at.posted()

    (told,) = play(scene)
    (ticket,) = desk.ledger.registered_since(None)
    assert (ticket.person, ticket.what, ticket.room) == ("priya", "The projector in Birch is <dead>", ticket.room)
    assert (told["channel"], told["thread_ts"]) == (TALK, "8.1")
    assert ticket.id in told["text"]
    assert "goes to the ticket" in json.dumps(told)


def test_who_is_not_of_the_company_makes_no_ticket(play, slack, desk):
    """A guest reacts: they alone hear that nobody knows them."""
    slack.accounts["UGUEST"] = {"id": "UGUEST", "team_id": "T0HOME", "is_restricted": True, "profile": {}}

    async def scene(at):
        await at.reacted("UGUEST", "8.3")
        return at.posted()

    assert play(scene) == []
    assert desk.ledger.registered_since(None) == ()
    (told,) = slack.to("/api/chat.postEphemeral")
    assert told["user"] == "UGUEST"


def test_what_is_new_in_a_chosen_channel_is_a_ticket_and_nothing_elsewhere(play, slack, desk):
    """Messages of other channels, of bots and mentions are not even written down."""

    async def scene(at):
        await at.written("My keyboard is broken", user=BEN, channel=WISHES, ts="8.4")
        await at.written("My mouse is broken", user=BEN, channel=TALK)
        await at.written("It is done", user=BEN, channel=WISHES, bot_id="B1")
        await at.written("<@UBOT> revenue", user=BEN, channel=WISHES)
        await at.written("Secret talk", user=BEN, channel=TALK, thread="8.0")
        return at.posted()

    (told,) = play(scene)
    (ticket,) = desk.ledger.registered_since(None)
    assert (ticket.person, ticket.what) == ("ben", "My keyboard is broken")
    assert (told["channel"], told["thread_ts"]) == (WISHES, "8.4")
    with desk.ledger._database.reading() as session:
        assert "Secret talk" not in "".join(row["payload"] for row in session.every("SELECT payload FROM received"))


def test_reactions_at_the_same_moment_make_one_ticket_and_say_so_once(play, desk):
    """Five people react before the first ticket is filed: whoever comes second waits until it is, and finds it."""

    async def scene(at):
        at.slack.messages = {"8.9": {"type": "message", "user": PRIYA, "text": "The screen in Moss flickers", "ts": "8.9"}}
        item = {"type": "message", "channel": TALK, "ts": "8.9"}
        events = [
            at.place.event({"type": "reaction_added", "user": user, "reaction": "ticket", "item": item, "event_ts": "1.1"}, event_id=f"EvT{next(_NUMBERS)}")
            for user in (PRIYA, BEN, TOM, PRIYA, BEN)
        ]
        await asyncio.gather(*events)
        await at.done()
        return at.posted(TALK)

    told = play(scene)
    assert len(desk.ledger.registered_since(None)) == 1
    assert len(told) == 1


def test_a_report_that_went_out_just_before_a_crash_has_its_thread_linked(play, desk, monkeypatch):
    """The worker ends after Slack took the message and before that is written down; the next one finds the message by its key and posts nothing again."""

    async def scene(at):
        await at.reacted(PRIYA, "8.95")
        joins = type(desk.ledger).join_thread

        def crash(ledger, thread, ticket):
            if thread.startswith(TRIAGE):
                raise Killed
            joins(ledger, thread, ticket)

        monkeypatch.setattr(type(desk.ledger), "join_thread", crash)
        with pytest.raises(Killed):
            await at.work()
        monkeypatch.setattr(type(desk.ledger), "join_thread", joins)
        before = len(at.posted(TRIAGE))
        await asyncio.to_thread(lambda: work_once(desk, {"slack": at.messenger}, clock=lambda: datetime(2026, 5, 31, 13, tzinfo=UTC)))
        await at.written("Cable is loose", user=IVAN, channel=TRIAGE, thread="1.2")
        return before, len(at.posted(TRIAGE))

    assert play(scene) == (1, 1)
    (ticket,) = desk.ledger.registered_since(None)
    assert [note.note for note in desk.ledger.notes_of(ticket.id)] == ["Cable is loose"]


def test_replies_go_to_the_ticket_and_what_is_new_about_it_comes_back(play, desk, slack):
    """A colleague's reply is a comment; the agent's comment, made elsewhere, comes into the thread once, and not to where it was said."""

    async def scene(at):
        await at.reacted(PRIYA, "8.5")
        await at.work()
        await at.written("It is <@U08> who needs it at 3", user=BEN, thread="8.5")
        first = [one for one in await at.work() if one["channel"] == TALK]
        (ticket,) = desk.ledger.registered_since(None)
        agent = await asyncio.to_thread(lambda: desk.reply(_turn(UpdateTicket(ticket=ticket.id, note="a new lamp is ordered"), "tom")))
        second = [one for one in await at.work() if one["channel"] == TALK]
        return ticket, first, agent, second, await at.work()

    ticket, first, agent, second, third = play(scene)
    assert agent.outcome == "understood", agent.text
    assert [(note.person, note.note) for note in desk.ledger.notes_of(ticket.id)][:1] == [("ben", "It is Priya Raman who needs it at 3")]
    assert first == []
    assert [(one["channel"], one["thread_ts"], "a new lamp is ordered" in one["text"], "Tom Becker" in one["text"]) for one in second] == [
        (TALK, "8.5", True, True)
    ]
    assert third == []


def test_with_a_guest_in_the_channel_nobodys_words_come_back(play, desk, slack):
    """They hear that it is being seen to."""
    slack.accounts["UGUEST"] = {"id": "UGUEST", "team_id": "T0HOME", "is_restricted": True, "profile": {}}

    async def scene(at):
        await at.reacted(PRIYA, "8.6")
        await at.work()
        slack.members[TALK].append("UGUEST")
        (ticket,) = desk.ledger.registered_since(None)
        await asyncio.to_thread(lambda: desk.reply(_turn(UpdateTicket(ticket=ticket.id, note="the password is swordfish"), "tom")))
        await asyncio.to_thread(lambda: desk.reply(_turn(UpdateTicket(ticket=ticket.id, status="resolved"), "tom", number=2)))
        return [one for one in await at.work() if one["channel"] == TALK]

    told = play(scene)
    assert "swordfish" not in json.dumps(told)
    assert "dead" not in json.dumps(told)
    assert ["resolved" in one["text"] for one in told] == [True]


def test_agents_claim_note_and_resolve_in_their_channel(play, desk, slack):
    """With buttons under the report; what is said in its thread goes to the ticket; the person hears of it, and the thread too."""

    async def scene(at):
        await at.reacted(PRIYA, "8.7")
        (report,) = [one for one in await at.work() if one["channel"] == TRIAGE]
        found = buttons({"blocks": decoded(report, "blocks")})
        await at.place.press(found["Claim"], user=TOM, channel=TRIAGE, ephemeral=False, message_ts="1.2")
        await at.done()
        (ticket,) = desk.ledger.registered_since(None)
        claimed = ticket.status
        await at.written("Lamp is ordered", user=IVAN, channel=TRIAGE, thread="1.2")
        await at.place.press(found["Resolve"], user=PRIYA, channel=TRIAGE, ephemeral=False, message_ts="1.2")
        await at.done()
        (after_stranger,) = desk.ledger.registered_since(None)
        await at.place.press(found["Resolve"], user=TOM, channel=TRIAGE, ephemeral=False, message_ts="1.2")
        await at.done()
        return report, claimed, after_stranger.status, await at.work()

    report, claimed, by_stranger, told = play(scene)
    (ticket,) = desk.ledger.registered_since(None)
    assert report["text"].startswith(f'Priya Raman reports ticket {ticket.id}: "The projector in Birch is &lt;dead&gt;"')
    assert (claimed, by_stranger, ticket.status) == ("in_progress", "in_progress", "resolved")
    assert [note.note for note in desk.ledger.notes_of(ticket.id) if note.person == "ivan"] == ["Lamp is ordered"]
    assert {one["channel"] for one in told} == {TALK, TRIAGE, PRIYA}
    assert sum(": resolved by Tom Becker" in one["text"] for one in told if one["channel"] == TALK) == 1


def test_a_report_waits_until_i_am_in_the_channel_of_those_who_work_on_tickets(play, desk, slack):
    """Somebody forgot to invite the app there; it says so to whoever runs it, and is told once it is in."""

    async def scene(at):
        del slack.channels[TRIAGE]
        await at.reacted(PRIYA, "8.97")
        none = [one for one in await at.work() if one["channel"] == TRIAGE]
        (item,) = desk.ledger.work_in("ticket", "waiting")
        slack.channels[TRIAGE] = {"name": "it-triage"}
        later = datetime(2026, 5, 31, 13, tzinfo=UTC)
        await asyncio.to_thread(lambda: work_once(desk, {"slack": at.messenger}, clock=lambda: later))
        return none, item.problem, at.posted(TRIAGE)

    none, problem, told = play(scene)
    assert none == []
    assert "no channel #it-triage that I am in" in problem.replace("channel it-triage", "channel #it-triage")
    assert len(told) == 1


def test_where_others_than_agents_read_their_channel_words_are_kept_back(play, slack):
    """Somebody of sales was invited there."""

    async def scene(at):
        slack.members[TRIAGE].append(BEN)
        await at.reacted(PRIYA, "8.8")
        return [one for one in await at.work() if one["channel"] == TRIAGE]

    (report,) = play(scene)
    assert "dead" not in json.dumps(report)
    assert "Priya" not in json.dumps(report)


def _turn(request, person, number=1):
    return Turn("", person=person, id=f"t{number}", request=request)
