"""Administrators in Slack: their page, for them alone, and what they do from it; the demo company behind the real Bolt app."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from insights.settings import Settings
from insights.turns import Turn
from tests.slackbot.accepted import refused
from tests.slackbot.workplace import SECRET, Workplace

ADMIN, ANALYST, FINANCE = "U09", "U08", "U04"
"""Tom, Priya and Omar; of them Tom alone has the role administrator."""


@pytest.fixture
def place(slack, office, tmp_path):
    """The demo company over HTTP."""
    settings = Settings(home=tmp_path, sections={"slack": {"signing_secret": SECRET, "bot_token": "xoxb-1", "base_url": slack.base_url}})
    return Workplace(slack, office, settings)


def run(place, scene):
    """Play a scene to its end."""

    async def whole():
        result = await scene
        await place.app._inner._office.idle()
        return result

    return asyncio.run(whole())


def elements(message):
    """Every button and menu, by action id."""
    return {one["action_id"]: one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]}


async def page(place, user=ADMIN, **options):
    """What `/insights admin` brings."""
    before = len(place.slack.answers())
    await place.command("admin", user=user, **options)
    return (await place.slack.until(before + 1, seconds=60))[before]


async def press(place, action, *, user=ADMIN, value="", answers=1, **more):
    """Press or choose something; what it brings."""
    before = len(place.slack.answers())
    body = place.press_body({"action_id": action, "value": value}, user=user)
    body["actions"][0] |= more
    await place.post(urlencode({"payload": json.dumps(body)}))
    return (await place.slack.until(before + answers, seconds=60))[before:]


async def form(place, action, *, user=ADMIN, value=""):
    """The form that a press opens."""
    before = len(place.slack.to("/api/views.open"))
    await press(place, action, user=user, value=value, answers=0)
    await place.app._inner._office.idle()
    view = place.slack.to("/api/views.open")[before]["view"]
    return json.loads(view) if isinstance(view, str) else view


async def mention(place, number, text="revenue last month"):
    """A mention in C0OPEN; what comes of it."""
    before = len(place.slack.answers())
    await place.event({"type": "app_mention", "channel": "C0OPEN", "user": ANALYST, "text": f"<@UBOT> {text}", "ts": f"7.{number}"}, event_id=f"EvM{number}")
    return (await place.slack.until(before + 1, seconds=60))[before]


def test_the_page_is_for_administrators_alone(place, slack):
    """Somebody else, in finance though they may be, hears whom it is for; so does whoever presses what an administrator sees."""

    async def scene():
        mine, theirs = await page(place), await page(place, user=FINANCE)
        pressed = [await press(place, action, user=FINANCE, selected_user=ADMIN) for action in elements(mine)]
        return mine, theirs, pressed

    mine, theirs, pressed = run(place, scene())
    assert {"admin:channels", "admin:who", "admin:rights", "admin:audit"} <= set(elements(mine))
    assert mine["response_type"] == "ephemeral"
    assert refused(mine) == []
    assert "for administrators" in theirs["text"]
    assert elements(theirs) == {}
    assert all("for administrators" in one["text"] for (one,) in pressed)
    assert slack.to("/api/views.open") == []
    assert slack.to("/upload") == []


def test_a_form_that_somebody_else_sends_changes_nothing(place, slack, office):
    """Who may is decided again when it is sent: here somebody forges what an administrator's form would send."""

    async def scene():
        view = await form(place, "admin:channels")
        forged = {**view, "private_metadata": json.dumps({"user": FINANCE})}
        return await place.submit(forged, {"rule": {"selected_option": {"value": "denied"}}, "channels": {"selected_conversations": ["C0OPEN"]}}, user=FINANCE)

    answer = run(place, scene())
    assert "for administrators" in answer.json()["errors"]["channels"]
    assert office.ledger.channel_rules() == {}


def test_a_channel_that_is_denied_is_not_answered_in_until_it_is_allowed_again(place, slack, office):
    """By mention, by sharing there and by what is posted there; in private as before. It is in the audit log, and a second look shows it on the page."""

    async def rule(value, channels, number):
        view = await form(place, "admin:channels")
        filled = {"rule": {"selected_option": {"value": value}}, "channels": {"selected_conversations": channels}}
        return await place.submit(view, filled, user=ADMIN, view_id=f"VC{number}")

    async def scene():
        found = [await mention(place, 1)]
        for number, (value, channels) in enumerate([("denied", ["C0OPEN"]), ("allowed", ["C0OTHER"]), ("allowed", ["C0OPEN"]), ("denied", [])], start=2):
            assert (await rule(value, channels, number)).status_code == 200
            await place.app._inner._office.idle()
            found.append(await mention(place, number))
            if number == 2:
                shown = await page(place)
        return found, shown

    found, shown = run(place, scene())
    assert ["300,385.62" in one["text"] for one in found] == [True, False, False, True, True]
    assert "not to answer in this channel" in found[1]["text"]
    assert found[1]["user"] == ANALYST
    assert "<#C0OPEN>" in json.dumps(shown)
    assert [(entry.person, entry.subject, entry.detail) for entry in office.ledger.audit_trail() if entry.event == "channels ruled"] == [
        ("tom", "denied", "C0OPEN"), ("tom", "allowed", "C0OTHER"), ("tom", "allowed", "C0OPEN"), ("tom", "denied", ""),
    ]  # fmt: skip


def test_nothing_is_posted_into_a_channel_that_is_denied(place, slack, office):
    """What was to come there is told to who wanted it, without the figure."""
    slack.channels["C0SALES"] = {"name": "sales"}
    slack.members["C0SALES"] = [ANALYST, "UBOT"]
    from insights.delivery.worker import work
    from slackbot.door import door

    tom = office.organization.people["tom"]
    messenger = door.messenger(office, place.settings)
    for number, denied in enumerate(([], ["C0SALES"])):
        office.administration.rule(denied, "denied", tom, now=office.now())
        office.reply(Turn("revenue last month", person="priya", conversation="c", id=f"q{number}"))
        office.reply(Turn("post it in #sales", person="priya", conversation="c", id=f"p{number}", yes=True))
        work(office.ledger, {"slack": messenger}, office.organization.people, office.now, compose=office.compose)
    first, second = slack.to("/api/chat.postMessage")
    assert (first["channel"], second["channel"]) == ("C0SALES", ANALYST)
    assert "300,385.62" in first["text"]
    assert "300" not in json.dumps(second)


def test_who_may_ask_what_is_told_without_names_that_the_reader_may_not_have(place, slack, office):
    """Tom may not have what is confidential, so it is counted; Grace of the board, made an administrator, reads its name."""
    from dataclasses import replace

    grace = office.organization.people["grace"]
    grace = replace(grace, roles=grace.roles | {"administrator"})

    async def scene():
        return (await press(place, "admin:who", selected_user="U01"))[0], (await press(place, "admin:who", selected_user="UNOBODY1"))[0]

    slack.accounts["UNOBODY1"] = {"id": "UNOBODY1", "team_id": "T0HOME", "profile": {}}
    told, unknown = run(place, scene())
    assert told["text"].startswith("Ada Okafor (regional_manager)")
    assert "Revenue" in told["text"]
    assert "margin" not in told["text"]
    assert "I may not name to you" in told["text"]
    assert "I don't know that person" in unknown["text"]
    assert office.administration.rights("ada", grace).withheld["Gross margin"] == "board or finance"
    assert "Gross margin" in office.administration.rights("omar", grace).metrics


def test_everybodys_rights_come_as_a_file(place, slack, office):
    """A row for each person and metric; who is no longer active may ask nothing."""

    async def scene():
        return await press(place, "admin:rights")

    told = run(place, scene())[0]
    assert "direct message" in told["text"]
    content = slack.to("/upload")[0]["content"]
    rows = [line.split(",") for line in content.splitlines()]
    assert [row[5] for row in rows if row[0] == "jo" and row[4] == "Revenue"] == ["no"]
    assert [row[5] for row in rows if row[0] == "ada" and row[4] == "Revenue"] == ["yes"]
    assert "margin" not in content


def test_the_audit_log_comes_as_a_file_and_a_change_in_it_is_told(place, slack, office):
    """Each line is an entry; where the chain of hashes is broken, that is said first."""
    office.reply(Turn("book fern tomorrow at 3 for 30 minutes", person="ada", id="b1", yes=True))
    entries = len(office.ledger.audit_trail())

    async def scene():
        return (await press(place, "admin:audit"))[0]

    run(place, scene())
    lines = [json.loads(line) for line in slack.to("/upload")[0]["content"].splitlines()]
    assert (len(lines), [one["number"] for one in lines]) == (entries, list(range(1, entries + 1)))
    with office.ledger._database.writing() as session, session.without_rules():
        session.run("UPDATE audit SET subject = 'other' WHERE number = 1")
    assert "entry 1" in run(place, scene())["text"]


def test_what_nobody_was_told_is_taught_in_one_form(place, slack, office):
    """Two people asked it; after it was taught it is no longer refused to the administrator, and its owner can let it hold for everybody."""
    for person in ("priya", "ada"):
        assert office.reply(Turn("How is our takings doing?", person=person, id=f"t-{person}")).outcome == "unsupported"

    assert office.reply(Turn("gross margin last month", person="priya", id="t-m")).outcome == "denied"

    async def scene():
        shown = await page(place)
        teach = next(one for id_, one in elements(shown).items() if id_.startswith("admin:teach"))
        view = await form(place, teach["action_id"], value=teach["value"])
        wrong = await place.submit(view, {"reading": {"value": "xyzzy plugh"}}, user=ADMIN, view_id="VT1")
        before = len(slack.answers())
        await place.submit(view, {"reading": {"value": "revenue last month"}}, user=ADMIN, view_id="VT2")
        return shown, wrong, (await slack.until(before + 1, seconds=60))[before]

    shown, wrong, told = run(place, scene())
    assert "asked by 2 people" in json.dumps(shown)
    assert "margin" not in json.dumps(shown)  # that was understood: it is a matter of rights, and Tom may not hear the name
    assert "don't understand" in wrong.json()["errors"]["reading"]
    assert "is read as" in told["text"]
    assert "300,385.62" in office.reply(Turn("How is our takings doing?", person="tom", id="t-tom")).text


def test_usage_counts_people_requests_and_what_was_done(place, slack, office):
    """Two people asked, one booked; a figure that the reader may not have is not named among what is asked for."""
    from datetime import UTC, datetime

    office.reply(Turn("revenue last month", person="ada", conversation="a", id="u1"))
    office.reply(Turn("gross margin last month", person="omar", conversation="o", id="u2"))
    office.reply(Turn("book fern tomorrow at 3 for 30 minutes", person="ada", conversation="a", id="u3", yes=True))
    usage = office.administration.usage(office.organization.people["tom"], now=office.now())
    assert usage.week.people == 2
    assert usage.week.actions == {"book_room": 1}
    labels = [label for label, _ in usage.metrics]  # others may have asked before, in the same company
    assert "Revenue" in labels
    assert "Gross margin" not in labels
    assert office.ledger.used(since=datetime.now(UTC) + timedelta(days=1)).people == 0


def test_an_administrator_finds_the_page_on_app_home(place, slack):
    """A button there, which others do not have, brings it into the direct messages."""

    async def scene():
        await place.open_home(user=FINANCE, channel="DU04", event_id="EvH1")
        await place.open_home(user=ADMIN, channel="DU09", event_id="EvH2")
        await place.app._inner._office.idle()
        views = {
            payload["user_id"]: json.loads(payload["view"]) if isinstance(payload["view"], str) else payload["view"]
            for payload in slack.to("/api/views.publish")
        }
        body = place.press_body({"action_id": "admin:open", "value": ""}, user=ADMIN)
        for key in ("channel", "response_url", "container"):
            del body[key]
        before = len(slack.answers())
        await place.post(urlencode({"payload": json.dumps(body)}))
        return views, (await slack.until(before + 1, seconds=60))[before]

    views, told = run(place, scene())
    assert "admin:open" in elements(views[ADMIN])
    assert "admin:open" not in elements(views[FINANCE])
    assert told["channel"] == ADMIN
    assert told["text"].startswith("Administration")
