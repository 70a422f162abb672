"""A slow answer in a thread is streamed: what is being done as it is done, then the answer in its place, whole."""

import asyncio
import json
import threading
from datetime import timedelta

import pytest

from insights.turns import Reply
from insights.underway import tell

MENTION = {"type": "app_mention", "channel": "C01", "user": "U01", "text": "revenue", "ts": "7.7"}
DIRECT = {"type": "message", "channel_type": "im", "channel": "D01", "user": "U01", "text": "revenue", "ts": "8.8", "thread_ts": "7.7"}


@pytest.fixture
def slowly(workplace, slack, assistant, monkeypatch):
    """Asks, and lets the assistant go on step by step once Slack has heard of the one before; gives what Slack was sent, by method."""
    monkeypatch.setattr("slackbot.progress.PATIENT", 0.05)
    monkeypatch.setattr("slackbot.send.APART", timedelta(0))

    def play(event, *, steps=(), reply=None, calls):
        """`calls`: how many calls there are once it begins, after each step, and in the end."""
        go = [threading.Event() for _ in range(len(steps) + 1)]

        def say(turn):
            for (kind, what), gate in zip(steps, go, strict=False):
                assert gate.wait(30)
                tell(kind, lambda what=what: what)
            assert go[-1].wait(30)
            return reply or Reply(outcome="understood", utterance=turn.text, speech="", text="Revenue was 12 <!channel>.")

        assistant.say = say

        async def scene():
            await workplace.event(event, event_id="EvSlow")
            for count, gate in zip(calls, go, strict=False):
                await slack.until(count, seconds=30)
                gate.set()
            await slack.until(calls[-1], seconds=30)
            await asyncio.sleep(0.1)
            return [(path.removeprefix("/api/chat."), payload) for path, payload in slack.sent if path.startswith("/api/chat.")]

        return asyncio.run(scene())

    return play


STEPS = (("understood", "Revenue in April <!here>"), ("reading", "orders (orders/*.parquet)"))


@pytest.mark.parametrize("event", [MENTION, DIRECT])
def test_steps_are_told_as_they_are_done_and_the_answer_takes_their_place(slowly, slack, event):
    """One message: begun in the thread, appended to, ended, then edited into what a quick answer would be."""
    sent = slowly(event, steps=STEPS, calls=(1, 2, 3, 5))
    assert [method for method, _ in sent] == ["startStream", "appendStream", "appendStream", "stopStream", "update"]
    (_, begun), (_, understood), (_, reading), (_, ended), (_, answer) = sent
    assert (begun["channel"], begun["thread_ts"]) == (event["channel"], "7.7")
    to = {name: begun[name] for name in begun if name.startswith("recipient")}
    assert to == ({} if event is DIRECT else {"recipient_team_id": "T0HOME", "recipient_user_id": "U01"})
    assert [(card["title"], card["status"]) for card in understood["chunks"]] == [("Understood as: Revenue in April ‹!here>", "in_progress")]
    assert [(card["title"][:10], card["status"]) for card in reading["chunks"]] == [("Understood", "complete"), ("Reading or", "in_progress")]
    assert [card["status"] for card in slack.streams["9.1"]] == ["complete"] * 3
    assert (ended["ts"], answer["ts"]) == ("9.1", "9.1")
    assert answer["text"] == "Revenue was 12 &lt;!channel&gt;."
    assert answer["blocks"]


def test_outside_of_a_thread_nothing_is_streamed(slowly):
    """A direct message is answered where it was written, which Slack streams nothing into."""
    sent = slowly({name: value for name, value in DIRECT.items() if name != "thread_ts"}, calls=(1, 2))
    assert [method for method, _ in sent] == ["postMessage", "update"]


@pytest.mark.parametrize("error", ["unknown_method", "channel_type_not_supported", "not_allowed_token_type"])
def test_where_slack_refuses_to_stream_there_is_a_note(slowly, slack, error):
    """The same as before there were streams."""
    slack.script("/api/chat.startStream", (200, {}, {"ok": False, "error": error}))
    sent = slowly(MENTION, calls=(2, 3))
    assert [method for method, _ in sent] == ["startStream", "postMessage", "update"]
    assert "working on it" in sent[1][1]["text"]


def test_a_stream_that_slack_ends_by_itself_becomes_the_answer_all_the_same(slowly, slack):
    """Slack closes what is streamed for minutes: no more steps, and the answer in its place."""
    closed = (200, {}, {"ok": False, "error": "message_not_in_streaming_state"})
    slack.script("/api/chat.appendStream", closed)
    slack.script("/api/chat.stopStream", closed)
    slack.script("/api/chat.update", (200, {}, {"ok": True, "ts": "9.1", "channel": "C01"}))
    sent = slowly(MENTION, steps=STEPS, calls=(1, 2, 2, 4))
    assert [method for method, _ in sent] == ["startStream", "appendStream", "stopStream", "update"]
    assert sent[-1][1]["text"] == "Revenue was 12 &lt;!channel&gt;."


def test_an_answer_that_cannot_take_the_place_of_its_stream_is_posted(slowly, slack):
    """Nothing is lost: it comes as a message of its own, once."""
    slack.script("/api/chat.update", (200, {}, {"ok": False, "error": "cant_update_message"}))
    sent = slowly(MENTION, calls=(1, 4))
    assert [method for method, _ in sent] == ["startStream", "stopStream", "update", "postMessage"]
    assert (sent[-1][1]["text"], sent[-1][1]["thread_ts"]) == ("Revenue was 12 &lt;!channel&gt;.", "7.7")


def test_blocks_that_slack_refuses_leave_no_cards_under_the_text(slowly, slack):
    """An edit keeps the blocks that a message has unless it names others."""
    slack.script("/api/chat.update", (200, {}, {"ok": False, "error": "invalid_blocks"}))
    sent = slowly(MENTION, calls=(1, 4))
    assert [method for method, _ in sent] == ["startStream", "stopStream", "update", "update"]
    assert sent[-1][1]["blocks"] in ([], "[]")


def test_what_slack_takes_neither_with_blocks_nor_without_is_posted(slowly, slack):
    """It is not tried for ever."""
    refused = (200, {}, {"ok": False, "error": "invalid_blocks"})
    slack.script("/api/chat.update", refused, refused)
    sent = slowly(MENTION, calls=(1, 5))
    assert [method for method, _ in sent] == ["startStream", "stopStream", "update", "update", "postMessage"]


def test_a_refusal_leaves_nothing_of_what_was_asked_in_the_channel(slowly):
    """The stream becomes a remark; the refusal goes to the asker alone."""
    denied = Reply(outcome="denied", utterance="margin", speech="", text="That is confidential.")
    sent = slowly(MENTION, reply=denied, calls=(1, 4))
    assert [method for method, _ in sent] == ["startStream", "stopStream", "update", "postEphemeral"]
    assert all("confidential" not in json.dumps(payload) for _, payload in sent[:-1])
    assert sent[-1][1]["user"] == "U01"


def test_a_start_that_slack_did_not_answer_is_not_tried_again(slowly, slack):
    """It may stream by now, and nothing would ever end a second one; the note is posted, and the answer is there once."""
    slack.script("/api/chat.startStream", (None, {}, {}))
    sent = slowly(MENTION, calls=(2, 3))
    assert [method for method, _ in sent] == ["startStream", "postMessage", "update"]
