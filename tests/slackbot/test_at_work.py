"""What people do in Slack, end to end: the demo company behind the real Bolt app, a loopback Slack in front of it."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import closing
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode

import pytest

from insights import wiring
from tests.slackbot.workplace import SECRET, Workplace

REVENUE = "300,385.62"
"""Revenue of April 2026, by hand: `insights ask` of the demo, and the sum of its Parquet files."""
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def assistant(company, demo_home, tmp_path_factory):
    """The demo company, with one ledger for these tests."""
    home = tmp_path_factory.mktemp("slack-home")
    (home / "cache").symlink_to(demo_home / "cache")
    with closing(wiring.open_catalog(company.folder, home=home)) as made:
        yield made


@pytest.fixture
def at_work(assistant, slack, settings):
    """The app over HTTP; every test has channels of its own."""
    made = Workplace(slack, assistant, settings)
    made.triggers = 1_000 * next(_NUMBERS)  # deliveries are known to the ledger, which these tests share
    return made


@pytest.fixture
def channel(slack):
    """A channel with Priya (U08), Omar (U04) and the app in it."""
    name = f"C{next(_NUMBERS):05d}"
    slack.members[name] = ["U08", "U04", "UBOT"]
    return name


def buttons(message):
    """Every button and menu of a message or view, by its label or action id."""
    found = {}
    for block in message["blocks"]:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            found[element["text"]["text"] if "text" in element else element["action_id"]] = element
    return found


def run(at_work, scene):
    """Play a scene to its end: what is still at work then would be taken over by the next."""

    async def whole():
        result = await scene
        await at_work.app._inner._office.idle()
        return result

    return asyncio.run(whole())


async def until(condition, *, seconds=60):
    """Wait for what is to come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come")


def decoded(payload, key):
    """A JSON argument of a form-encoded call."""
    value = payload[key]
    return json.loads(value) if isinstance(value, str) else value


async def asked(at_work, slack, text, *, user="U08", **options):
    """The answer to a command."""
    before = len(slack.answers())
    await at_work.command(text, user=user, trigger=f"work.{next(_NUMBERS)}", **options)
    return (await until(lambda: slack.answers()[before:]))[0]


async def mentioned(at_work, slack, text, *, channel, user="U08"):
    """What a mention brings to the channel or to whoever asks."""
    before = len(slack.answers())
    event = {"type": "app_mention", "user": user, "text": f"<@UBOT> {text}", "channel": channel, "ts": f"7.{next(_NUMBERS)}"}
    await at_work.event(event, event_id=f"EvW{next(_NUMBERS)}")
    return (await until(lambda: [one for one in slack.answers()[before:] if one.get("channel") == channel]))[0]


async def pressed(at_work, slack, button, *, answers=1, **options):
    """What a press brings."""
    before = len(slack.answers())
    await at_work.press(button, **options)
    return (await until(lambda: len(slack.answers()) >= before + answers and slack.answers()[before:]))[0]


async def opened(slack, before=0):
    """The form that was opened."""
    return decoded((await until(lambda: slack.to("/api/views.open")[before:]))[0], "view")


def test_a_mention_is_answered_for_everybody_when_all_are_of_the_company(at_work, slack, channel):
    """Members are looked up once a minute, not for every question."""

    async def scene():
        first = await mentioned(at_work, slack, "revenue last month", channel=channel)
        return first, await mentioned(at_work, slack, "orders last month", channel=channel)

    first, _ = run(at_work, scene())
    assert REVENUE in first["text"]
    assert len(slack.to("/api/conversations.members")) == 1


@pytest.mark.parametrize(
    "who",
    [
        {"id": "UG", "team_id": "T0HOME", "is_restricted": True, "profile": {"email": "sam@halcyon.example"}},
        {"id": "UG", "team_id": "T0OTHER", "is_stranger": True, "profile": {"email": "somebody@elsewhere.example"}},
        {"id": "UG", "team_id": "T0HOME", "profile": {"email": "nobody@halcyon.example"}},
    ],
    ids=["a guest", "another company", "nobody we know"],
)
def test_with_a_stranger_in_the_channel_the_answer_goes_to_the_asker_alone(at_work, slack, channel, who):
    """The channel sees a note without a figure; the figure comes in a direct message."""
    slack.members[channel].append("UG")
    slack.accounts["UG"] = who

    async def scene():
        note = await mentioned(at_work, slack, "revenue last month", channel=channel)
        direct = await until(lambda: [one for one in slack.answers() if one.get("channel") == "U08"])
        return note, direct[0]

    note, direct = run(at_work, scene())
    assert "privately" in note["text"]
    assert "300" not in json.dumps(note)
    assert REVENUE in direct["text"]


@pytest.mark.parametrize("about", [{"is_ext_shared": True}, None], ids=["shared with another company", "not to be looked at"])
def test_where_it_cannot_be_told_who_listens_nothing_internal_is_told(at_work, slack, channel, about):
    """Slack Connect, and a channel that we may not look into, are both full of strangers."""
    if about is None:
        slack.script("/api/conversations.members", (200, {}, {"ok": False, "error": "channel_not_found"}))
    else:
        slack.channels[channel] = about
    note = run(at_work, mentioned(at_work, slack, "revenue last month", channel=channel))
    assert "300" not in json.dumps(note)


def test_what_is_confidential_is_for_its_asker_alone(at_work, slack, channel):
    """Omar of finance gets the margin in a direct message, the channel a note."""

    async def scene():
        note = await mentioned(at_work, slack, "gross margin last month", channel=channel, user="U04")
        direct = await until(lambda: [one for one in slack.answers() if one.get("channel") == "U04"])
        return note, direct[0]

    note, direct = run(at_work, scene())
    assert "%" not in json.dumps(note)
    assert "Gross margin" in direct["text"]


def test_in_a_channel_that_is_denied_nothing_is_answered(assistant, slack, settings_of, channel):
    """Only the asker hears why."""
    from slackbot.door import door

    at_work = Workplace(slack, assistant, settings_of(signing_secret=SECRET, bot_token="xoxb-1", base_url=slack.base_url, channels_denied=[channel]))
    at_work.triggers = 1_000 * next(_NUMBERS)
    assert door.findings(at_work.settings)[0].state == "ok"
    message = run(at_work, mentioned(at_work, slack, "revenue last month", channel=channel))
    assert slack.to("/api/chat.postMessage") == []
    assert "not to answer in this channel" in message["text"]


def test_an_answer_is_shared_with_the_channel_it_was_asked_in(at_work, slack, channel):
    """It is answered anew, says who shared it, and the members are looked at again."""

    async def scene():
        answer = await asked(at_work, slack, "revenue last month", channel=channel)
        return await pressed(at_work, slack, buttons(answer)["Share"], user="U08", channel=channel)

    shared = run(at_work, scene())
    assert shared["channel"] == channel
    assert shared["text"].startswith("Shared by Priya Raman")
    assert REVENUE in shared["text"]
    assert "Share" not in buttons(shared if isinstance(shared["blocks"], list) else {"blocks": json.loads(shared["blocks"])})


@pytest.mark.parametrize(("user", "question", "guest"), [("U04", "gross margin last month", False), ("U08", "revenue last month", True)])
def test_what_the_channel_may_not_see_is_not_shared(at_work, slack, channel, user, question, guest):
    """Neither a confidential figure, nor any of ours before a guest: the sharer hears why."""
    if guest:
        slack.members[channel].append("UG")
        slack.accounts["UG"] = {"id": "UG", "team_id": "T0HOME", "is_ultra_restricted": True, "profile": {}}

    async def scene():
        answer = await asked(at_work, slack, question, channel=channel, user=user)
        return await pressed(at_work, slack, buttons(answer)["Share"], user=user, channel=channel)

    told = run(at_work, scene())
    assert told["response_type"] == "ephemeral"
    assert slack.to("/api/chat.postMessage") == []


def test_from_a_direct_message_a_channel_is_chosen(at_work, slack, channel):
    """A form asks where to; what is shared there is decided for that channel."""

    async def scene():
        event = {"type": "message", "channel_type": "im", "user": "U08", "text": "revenue last month", "channel": "DU08", "ts": f"8.{next(_NUMBERS)}"}
        await at_work.event(event, event_id=f"EvW{next(_NUMBERS)}")
        answer = (await until(slack.answers))[0]
        blocks = decoded(answer, "blocks")
        await at_work.press(buttons({"blocks": blocks})["Share"], user="U08", channel="DU08", ephemeral=False)
        view = await opened(slack)
        await at_work.submit(view, {"channel": {"selected_conversation": channel}}, user="U08", view_id=f"V{next(_NUMBERS)}")
        return (await until(lambda: [one for one in slack.answers() if one.get("channel") == channel]))[0]

    assert REVENUE in run(at_work, scene())["text"]


def test_steps_go_on_with_the_answer_they_stand_under(at_work, slack, channel):
    """Another question in between changes nothing; the explanation is for whoever wants it."""

    async def scene():
        answer = await asked(at_work, slack, "revenue last month", channel=channel)
        await asked(at_work, slack, "orders in March 2026", channel=channel)
        under = buttons(answer)
        why = await pressed(at_work, slack, under["Why?"], user="U08", channel=channel)
        return why, await pressed(at_work, slack, under["Explain"], user="U08", channel=channel)

    why, explained = run(at_work, scene())
    assert why["text"].startswith("Revenue went up")
    assert "SUM(orders.amount_usd)" in explained["text"]
    assert "SQL" in explained["text"]
    assert explained["response_type"] == "ephemeral"


def test_who_may_not_know_learns_nothing_by_pressing(at_work, slack, channel):
    """Priya presses Explain under what Omar was told."""

    async def scene():
        answer = await asked(at_work, slack, "gross margin last month", channel=channel, user="U04")
        return await pressed(at_work, slack, buttons(answer)["Explain"], user="U08", channel=channel)

    told = run(at_work, scene())
    assert "SQL" not in told["text"]
    assert "confidential" in told["text"]


def test_the_rows_come_as_a_file_in_a_direct_message(at_work, slack, channel):
    """With the figures as they are, for whoever chose it, and a note where it was chosen."""

    async def scene():
        answer = await asked(at_work, slack, "orders by category last month", channel=channel)
        row = next(block for block in answer["blocks"] if block["type"] == "actions" and block.get("block_id"))
        await at_work.choose(buttons(answer)["step:menu"], "csv", block_id=row["block_id"], user="U08", channel=channel)
        await until(lambda: slack.to("/api/files.completeUploadExternal"))
        await until(lambda: len(slack.answers()) > 1)
        return answer

    answer = run(at_work, scene())
    (sent,), (completed,) = slack.to("/upload"), slack.to("/api/files.completeUploadExternal")
    table = next(block for block in answer["blocks"] if block["type"] == "data_table")
    lines = [line for line in sent["content"].replace("\\r", "").split("\n") if "," in line]
    assert completed["channel_id"] == "DU08"
    assert len([line for line in lines if line.strip()]) >= len(table["rows"])
    for row in table["rows"][1:]:
        assert any(line.strip() == f"{row[0]['text']},{row[1]['value']}" for line in lines), (row, lines)


def test_a_correction_is_asked_for_and_the_question_asked_again(at_work, slack, channel):
    """What was meant is written into a form; the answer names it."""

    async def scene():
        answer = await asked(at_work, slack, "revenue last month", channel=channel)
        row = next(block for block in answer["blocks"] if block["type"] == "actions" and block.get("block_id"))
        await at_work.choose(buttons(answer)["step:menu"], "correct", block_id=row["block_id"], user="U08", channel=channel)
        view = await opened(slack)
        before = len(slack.answers())
        await at_work.submit(view, {"meaning": {"value": "orders"}}, user="U08", view_id=f"V{next(_NUMBERS)}")
        return (await until(lambda: slack.answers()[before:]))[0]

    assert run(at_work, scene())["text"].startswith("Orders in April 2026")


@pytest.mark.parametrize("where", [None, "C000SALES1"])
def test_any_answer_is_scheduled_with_its_filters_and_ended_by_a_button(at_work, slack, assistant, channel, where):
    """A form asks how often, when and where; what is followed is the answer it stands under, whatever was asked since."""
    slack.members["C000SALES1"] = ["U08", "UBOT"]

    async def scene():
        answer = await asked(at_work, slack, "revenue in EMEA by plan last month", channel=channel)
        await asked(at_work, slack, "orders in March 2026", channel=channel)
        row = next(block for block in answer["blocks"] if block["type"] == "actions" and block.get("block_id"))
        await at_work.choose(buttons(answer)["step:menu"], "schedule", block_id=row["block_id"], user="U08", channel=channel)
        view = await opened(slack)
        filled = {"often": {"selected_option": {"value": "Tuesday"}}, "time": {"selected_time": "16:45"}, "channel": {"selected_conversation": where}}
        before = len(slack.answers())
        await at_work.submit(view, filled, user="U08", view_id=f"V{next(_NUMBERS)}")
        told = (await until(lambda: slack.answers()[before:]))[0]
        (kept,) = assistant.ledger.subscriptions_of("priya")
        ended = await pressed(at_work, slack, buttons(told)["Unfollow"], user="U08", channel=channel)
        return told, kept, ended

    told, kept, ended = run(at_work, scene())
    request = json.loads(kept.request)
    assert (kept.schedule.every, kept.schedule.weekday, f"{kept.schedule.at:%H:%M}") == ("weekly", 1, "16:45")
    assert (request["what"]["filters"][0]["values"], request["what"]["group_by"], request["channel"]) == (["EMEA"], ["plan"], where)
    assert "Tuesday at 4:45" in told["text"].replace("\u202f", " ")
    if where is not None:  # by its name, as Slack shows it
        assert f"<#{where}>" in told["text"]
        assert f"#{where}" not in json.dumps(told["blocks"][0]).replace(f"<#{where}>", "")
    assert kept.id in ended["text"]
    assert assistant.ledger.subscriptions_of("priya") == ()


def test_only_who_asked_deletes_an_answer(at_work, slack, channel):
    """Somebody else is told so."""

    async def scene():
        answer = await mentioned(at_work, slack, "revenue last month", channel=channel)
        blocks = decoded(answer, "blocks")
        row = next(block for block in blocks if block["type"] == "actions" and block.get("block_id"))
        menu = buttons({"blocks": blocks})["step:menu"]
        before = len(slack.answers())
        await at_work.choose(menu, "delete", block_id=row["block_id"], user="U04", channel=channel, ephemeral=False, thread=answer["thread_ts"])
        other = (await until(lambda: slack.answers()[before:]))[0]
        none = list(slack.to("/api/chat.delete"))
        await at_work.choose(menu, "delete", block_id=row["block_id"], user="U08", channel=channel, ephemeral=False, thread=answer["thread_ts"])
        return other, none, await until(lambda: slack.to("/api/chat.delete"))

    other, none, deleted = run(at_work, scene())
    assert "Only who asked" in other["text"]
    assert none == []
    assert [(one["channel"], one["ts"]) for one in deleted] == [(channel, "5.5")]


def test_a_thumb_counts_once(at_work, slack, assistant, channel):
    """Pressing it again says so."""
    from insights.delivery.ratings import tally

    async def scene():
        answer = await asked(at_work, slack, "revenue last month", channel=channel)
        first = await pressed(at_work, slack, buttons(answer)["👍"], user="U08", channel=channel)
        return first, await pressed(at_work, slack, buttons(answer)["👍"], user="U08", channel=channel)

    before = tally(assistant.ledger).get(True, 0)
    first, again = run(at_work, scene())
    assert ("Thank you" in first["text"], "already" in again["text"]) == (True, True)
    assert tally(assistant.ledger)[True] == before + 1


def test_who_is_not_known_connects_and_has_the_question_answered(at_work, slack, assistant, channel):
    """A wrong code is refused in the form; the right one makes the account theirs, here only, and then they are answered."""
    slack.accounts["UNEW"] = {"id": "UNEW", "team_id": "T0HOME", "profile": {"email": "new@elsewhere.example"}}
    code = assistant.ledger.new_code("rosa", now=assistant.now(), lasts=timedelta(minutes=15))

    async def scene():
        refused = await asked(at_work, slack, "revenue last month", channel=channel, user="UNEW")
        await at_work.press(buttons(refused)["Connect"], user="UNEW", channel=channel)
        view = await opened(slack)
        wrong = await at_work.submit(view, {"code": {"value": "0000 0000"}}, user="UNEW", view_id=f"V{next(_NUMBERS)}")
        before = len(slack.answers())
        right = await at_work.submit(view, {"code": {"value": f"{code[:4]} {code[4:]}"}}, user="UNEW", view_id=f"V{next(_NUMBERS)}")
        told = await until(lambda: len(slack.answers()) >= before + 2 and slack.answers()[before:])
        elsewhere = await asked(at_work, slack, "revenue last month", channel=channel, user="UNEW", team="T0OTHER")
        return refused, wrong.json(), right.status_code, told, elsewhere

    refused, wrong, right, told, elsewhere = run(at_work, scene())
    assert "300" not in json.dumps(refused)
    assert wrong["response_action"] == "errors"
    assert right == 200
    assert "Rosa Delgado" in told[0]["text"]
    assert REVENUE in told[1]["text"]
    assert "300" not in json.dumps(elsewhere)


def test_a_room_is_booked_by_a_form_and_given_back_by_buttons(at_work, slack, channel):
    """ "/room" alone opens the form; what was booked can be released where it stands, after a yes."""

    async def scene():
        await at_work.command("", user="U08", channel=channel, command="/room", trigger=f"work.{next(_NUMBERS)}")
        view = await opened(slack)
        filled = {
            "room": {"selected_option": {"value": "moss"}},
            "day": {"selected_date": "2026-06-02"},
            "time": {"selected_time": "15:00"},
            "minutes": {"selected_option": {"value": "30"}},
            "people": {"value": None},
            "title": {"value": "Planning"},
        }
        await at_work.submit(view, filled, user="U08", view_id=f"V{next(_NUMBERS)}")
        booked = (await until(slack.answers))[0]
        question = await pressed(at_work, slack, buttons(booked)["Release"], user="U08", channel=channel)
        return booked, question, await pressed(at_work, slack, buttons(question)["Yes"], user="U08", channel=channel)

    booked, question, released = run(at_work, scene())
    assert "Moss" in booked["text"]
    assert question["replace_original"] is True
    assert released["replace_original"] is True
    assert "Moss" in released["text"]


def test_a_command_for_rooms_understands_few_words(at_work, slack, channel):
    """ "/room moss at 5pm for 30 minutes" is a booking."""
    told = run(at_work, asked(at_work, slack, "moss on June 3 at 5pm for 30 minutes", channel=channel, command="/room"))
    assert "Moss" in told["text"]
    assert "Check in" in buttons(told)


def test_a_message_becomes_a_ticket(at_work, slack, channel):
    """Its words are in the form; the report is read back and filed after a yes."""

    async def scene():
        message = {"text": "The projector in Birch is &lt;dead&gt; again", "ts": "9.9", "user": "U11"}
        await at_work.shortcut("file_ticket", message=message, user="U08", channel=channel)
        view = await opened(slack)
        what = next(block["element"]["initial_value"] for block in view["blocks"] if block.get("block_id") == "what")
        filled = {"what": {"value": what}, "room": {"selected_option": {"value": "birch"}}, "urgency": {"selected_option": {"value": "normal"}}}
        await at_work.submit(view, filled, user="U08", view_id=f"V{next(_NUMBERS)}")
        question = (await until(slack.answers))[0]
        return what, question, await pressed(at_work, slack, buttons(question)["Yes"], user="U08", channel=channel)

    what, question, filed = run(at_work, scene())
    assert what == "The projector in Birch is <dead> again"
    assert "Birch" in question["text"]
    assert "T-" in filed["text"]
    assert "&lt;dead&gt;" in filed["text"] or "dead" not in filed["text"]


def test_a_number_of_ours_is_explained_and_no_other(at_work, slack, channel):
    """The shortcut finds the answer by what stands under it."""

    async def scene():
        answer = await mentioned(at_work, slack, "revenue last month", channel=channel)
        ours = {"text": answer["text"], "ts": "5.5", "blocks": decoded(answer, "blocks")}
        before = len(slack.answers())
        await at_work.shortcut("explain_number", message=ours, user="U04", channel=channel)
        explained = (await until(lambda: slack.answers()[before:]))[0]
        await at_work.shortcut("explain_number", message={"text": "revenue was 12", "ts": "5.6"}, user="U04", channel=channel)
        return explained, (await until(lambda: slack.answers()[before + 1 :]))[0]

    explained, other = run(at_work, scene())
    assert "SUM(orders.amount_usd)" in explained["text"]
    assert "numbers that I gave" in other["text"]


def test_the_page_of_the_app_shows_what_is_somebodys_own(at_work, slack):
    """Questions that they get an answer to, today, tickets; who is not known is offered to connect."""

    async def scene():
        await at_work.open_home(user="U08", channel="DU08", event_id=f"EvW{next(_NUMBERS)}")
        await until(lambda: slack.to("/api/views.publish"))
        slack.accounts["UNOBODY"] = {"id": "UNOBODY", "team_id": "T0HOME", "profile": {}}
        await at_work.open_home(user="UNOBODY", channel="DUN", event_id=f"EvW{next(_NUMBERS)}")
        return await until(lambda: len(slack.to("/api/views.publish")) > 1 and slack.to("/api/views.publish"))

    known, unknown = run(at_work, scene())
    page = decoded(known, "view")
    ids = [element["action_id"] for block in page["blocks"] if block["type"] == "actions" for element in block["elements"]]
    assert len(ids) == len(set(ids))
    assert {"Book a room", "Report a problem", "Go on with what I asked last"} <= set(buttons(page))
    assert "Connect" in buttons(decoded(unknown, "view"))


def test_what_nobody_could_answer_is_answered_and_taught_from_the_page(at_work, slack, assistant, channel):
    """Its owner replies in a form and says how it is read; from then on it is answered. Who does not answer for it sees nothing of it, and cannot judge it."""

    async def page_of(user):
        before = len(slack.to("/api/views.publish"))
        await at_work.open_home(user=user, channel=f"D{user}", event_id=f"EvW{next(_NUMBERS)}")
        return decoded((await until(lambda: slack.to("/api/views.publish")[before:]))[0], "view")

    async def scene():
        await asked(at_work, slack, "revenue for xyzzy last month", channel=channel)
        await asked(at_work, slack, "ask the data team", channel=channel)
        (enquiry,) = [one for one in assistant.teaching.enquiries.listed(assistant.organization.people["priya"]) if one.text == "revenue for xyzzy last month"]
        owner = assistant.organization.people[enquiry.to[0]]
        others = await page_of("U13")
        page = await page_of(owner.slack)
        body = at_work.press_body(buttons(page)["Reply and teach"], user=owner.slack)
        for key in ("channel", "response_url", "container"):
            del body[key]
        await at_work.post(urlencode({"payload": json.dumps(body)}))
        view = await opened(slack)
        before = len(slack.answers())
        values = {"text": {"value": "It is what we earned."}, "reading": {"value": "revenue last month"}}
        await at_work.submit(view, values, user=owner.slack, view_id=f"V{next(_NUMBERS)}")
        told = (await until(lambda: slack.answers()[before:]))[0]
        return others, told, await asked(at_work, slack, "revenue for xyzzy last month", channel=channel, user=owner.slack)

    others, told, again = run(at_work, scene())
    assert "xyzzy" not in json.dumps(others)
    assert "Priya Raman" in told["text"]
    assert REVENUE in again["text"]
    assert [one.text for one in assistant.teaching.enquiries.listed(assistant.organization.people["priya"]) if one.answer is None] == []


def test_a_question_on_the_page_is_answered_in_the_conversation(at_work, slack):
    """There is no message to answer under."""

    async def scene():
        await at_work.open_home(user="U08", channel="DU08", event_id=f"EvW{next(_NUMBERS)}")
        page = decoded((await until(lambda: slack.to("/api/views.publish")))[0], "view")
        question = next(button for button in buttons(page).values() if button["action_id"].startswith("ask:1"))
        body = at_work.press_body(question, user="U08")
        for key in ("channel", "response_url", "container"):
            del body[key]
        await at_work.post(urlencode({"payload": json.dumps(body)}))
        return (await until(slack.answers))[0]

    assert run(at_work, scene())["channel"] == "DU08"
