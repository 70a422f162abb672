"""Slash commands, mentions, direct messages and buttons over HTTP, through Bolt with signatures."""

import asyncio
import threading
import time

import pytest

from insights.requests import Choice, MetricQuestion
from insights.turns import Reply


def clarify(turn):
    """A question back with two choices."""
    choices = (Choice(label="Net revenue", request=MetricQuestion()), Choice(label="Orders", request=MetricQuestion()))
    return Reply(outcome="clarify", utterance=turn.text, speech="", text="What do you mean by sales?", choices=choices, question="What do you mean by sales?")


def confirm(turn):
    """An action that waits for a yes."""
    return Reply(outcome="confirm", utterance=turn.text, speech="", text="Shall I book Fern? Say yes or no.", question="Shall I book Fern?")


def test_a_command_is_answered_privately_to_the_person_who_asked(workplace, slack, assistant):
    """The turn carries the person, audience and ids; the answer goes to the response URL, ephemeral, with text and blocks."""

    async def scene():
        response = await workplace.command("revenue last month")
        return response, await slack.until(1)

    response, (message,) = asyncio.run(scene())
    assert (response.status_code, response.text) == (200, "")
    (turn,) = assistant.turns
    assert (turn.text, turn.person, turn.audience) == ("revenue last month", "ada", "private")
    assert (turn.id, turn.conversation) == ("slack:T0HOME:trigger.1", "slack:T0HOME:C01:U01")
    assert 0 < turn.deadline - time.monotonic() <= 25
    assert message["text"] == "You said revenue last month"
    assert message["response_type"] == "ephemeral"
    assert message["blocks"][0]["text"]["text"] == "You said revenue last month"


def test_the_acknowledgement_does_not_wait_for_the_answer(workplace, slack, assistant):
    """Slack has its 200 while the assistant is still thinking, and other commands are answered meanwhile."""
    thinking, go = threading.Event(), threading.Event()

    def slow(turn):
        if turn.text == "slow":
            thinking.set()
            go.wait(5)
        return Reply(outcome="understood", utterance=turn.text, speech="", text=turn.text)

    assistant.say = slow

    async def scene():
        await workplace.command("warm up")
        await slack.until(1)
        started = time.monotonic()
        response = await workplace.command("slow")
        acknowledged = time.monotonic() - started
        assert await asyncio.to_thread(thinking.wait, 5)
        assert len(slack.answers()) == 1
        await workplace.command("quick", channel="C02")
        await slack.until(2)
        go.set()
        return response, acknowledged, await slack.until(3)

    response, acknowledged, messages = asyncio.run(scene())
    assert response.status_code == 200
    assert acknowledged < 1.0
    assert [message["text"] for message in messages] == ["warm up", "quick", "slow"]


@pytest.mark.parametrize("text", ["", "help", "   "])
def test_nothing_or_help_asks_for_help(workplace, slack, assistant, text):
    """What works here is for the assistant to say, so help is a turn like any other."""

    async def scene():
        await workplace.command(text)
        await slack.until(1)

    asyncio.run(scene())
    assert [turn.text for turn in assistant.turns] == ["help"]


def test_the_same_command_delivered_twice_is_answered_once(workplace, slack, assistant):
    """A delivery is known by its trigger id."""

    async def scene():
        first, again, _ = await asyncio.gather(
            workplace.command("book a room", trigger="t.same"), workplace.command("book a room", trigger="t.same"), workplace.command("other")
        )
        await slack.until(2)
        await asyncio.sleep(0.1)
        return first, again

    first, again = asyncio.run(scene())
    assert (first.status_code, again.status_code) == (200, 200)
    assert sorted(turn.text for turn in assistant.turns) == ["book a room", "other"]
    assert len(slack.answers()) == 2


@pytest.mark.parametrize("failure", [[(500, {}, "oops")], [(None, {}, "")] * 2], ids=["an error", "a broken connection"])
def test_an_answer_that_slack_did_not_take_is_sent_again_by_itself(workplace, slack, assistant, failure):
    """Nobody has to deliver the question again; since the first may have arrived, the second says so. The question is answered once."""
    slack.script("/response/1", *failure)

    async def scene():
        await workplace.command("revenue", trigger="t.same")
        return await slack.until(len(failure) + 1, seconds=60)

    *_, said = asyncio.run(scene())
    assert [turn.id for turn in assistant.turns] == ["slack:T0HOME:t.same"]
    assert said["text"] == "You said revenue\n(I was interrupted; you may have seen this already.)"


def test_an_answer_that_slack_refused_is_given_anew_when_slack_delivers_again(workplace, slack, assistant):
    """A delivery that came to nothing is not remembered as done; the turn keeps its id, so an action is not repeated."""
    slack.script("/response/1", (404, {}, "expired_url"))

    async def scene():
        await workplace.command("revenue", trigger="t.same")
        await slack.until(1)
        for _ in range(500):
            if assistant.ledger.job_state("slack:T0HOME:t.same") == "failed":
                break
            await asyncio.sleep(0.02)
        await workplace.command("revenue", trigger="t.same")
        await slack.until(2)

    asyncio.run(scene())
    assert [turn.id for turn in assistant.turns] == ["slack:T0HOME:t.same"] * 2


def test_a_question_back_has_a_button_for_each_choice(workplace, slack, assistant, buttons_of):
    """Pressing one says its number in the same conversation, and the answer takes the question's place."""
    assistant.say = lambda turn: clarify(turn) if turn.text == "sales" else Reply(outcome="understood", utterance=turn.text, speech="", text="Orders: 12")

    async def scene():
        await workplace.command("sales")
        (question,) = await slack.until(1)
        buttons = buttons_of(question)
        assert list(buttons) == ["Net revenue", "Orders"]
        response = await workplace.press(buttons["Orders"])
        return response, (await slack.until(2))[1]

    response, answer = asyncio.run(scene())
    assert response.status_code == 200
    said = assistant.turns[1]
    assert (said.text, said.person, said.audience, said.conversation) == ("2", "ada", "private", assistant.turns[0].conversation)
    assert answer["text"] == "Orders: 12"
    assert answer["replace_original"] is True


def test_pressing_yes_twice_confirms_once(workplace, slack, assistant, buttons_of):
    """Both presses are one turn: the second gives nothing new to do."""
    assistant.say = lambda turn: Reply(outcome="understood", utterance=turn.text, speech="", text="Booked") if turn.text == "yes" else confirm(turn)

    async def scene():
        await workplace.command("book a room")
        buttons = buttons_of((await slack.until(1))[0])
        assert list(buttons) == ["Yes", "No"]
        assert buttons["Yes"]["style"] == "primary"
        await asyncio.gather(workplace.press(buttons["Yes"]), workplace.press(buttons["Yes"]))
        await slack.until(2)
        await asyncio.sleep(0.1)

    asyncio.run(scene())
    assert [turn.text for turn in assistant.turns] == ["book a room", "yes"]
    assert len(slack.answers()) == 2


def test_yes_under_an_old_question_does_not_confirm_a_newer_one(workplace, slack, assistant, buttons_of):
    """An action is only ever confirmed by the button under its own question."""
    assistant.say = lambda turn: Reply(outcome="understood", utterance=turn.text, speech="", text="Booked") if turn.text == "yes" else confirm(turn)

    async def scene():
        await workplace.command("book a room")
        old = buttons_of((await slack.until(1))[0])
        await workplace.command("the projector is broken")
        await slack.until(2)
        await workplace.press(old["Yes"])
        return (await slack.until(3))[2]

    said = asyncio.run(scene())
    assert "no longer open" in said["text"]
    assert [turn.text for turn in assistant.turns] == ["book a room", "the projector is broken"]


def test_nobody_presses_for_somebody_else(workplace, slack, assistant, organization, buttons_of):
    """A button in a shared channel works for the person who was asked, and tells others so privately."""
    assistant.say = confirm
    slack.accounts["U02"] = {"id": "U02", "team_id": "T0HOME", "profile": {"email": "sam@halcyon.example"}}

    async def scene():
        await workplace.event({"type": "app_mention", "user": "U01", "text": "<@UBOT> book a room", "channel": "C01", "ts": "7.7"})
        question = (await slack.until(1))[0]
        await workplace.press(buttons_of(question)["Yes"], user="U02", ephemeral=False, thread="7.7")
        return (await slack.until(2))[1]

    said = asyncio.run(scene())
    assert said["response_type"] == "ephemeral"
    assert "somebody else" in said["text"]
    assert len(assistant.turns) == 1


def test_a_refusal_after_a_press_leaves_the_channels_message_alone(workplace, slack, assistant, buttons_of):
    """The asker is told privately; in a direct message it takes the question's place."""
    denied = Reply(outcome="denied", utterance="", speech="", text="Not for you here.")
    assistant.say = lambda turn: denied if turn.text == "yes" else confirm(turn)

    async def scene():
        await workplace.event({"type": "app_mention", "user": "U01", "text": "<@UBOT> book", "channel": "C01", "ts": "7.7"})
        await workplace.press(buttons_of((await slack.until(1))[0])["Yes"], ephemeral=False, thread="7.7")
        in_channel = (await slack.until(2))[1]
        await workplace.event({"type": "message", "channel_type": "im", "user": "U01", "text": "book", "channel": "D01", "ts": "8.8"}, event_id="Ev2")
        await workplace.press(buttons_of((await slack.until(3))[2])["Yes"], channel="D01", ephemeral=False)
        return in_channel, (await slack.until(4))[3]

    in_channel, direct = asyncio.run(scene())
    assert (in_channel["response_type"], in_channel["replace_original"], in_channel["thread_ts"]) == ("ephemeral", False, "7.7")
    assert (direct["response_type"], direct["replace_original"]) == ("in_channel", True)


def test_a_forged_button_is_not_acted_on(workplace, slack, assistant):
    """A value that is not one of ours says nothing for anybody."""

    async def scene():
        for value in ("yes", "{}", '{"say": "yes"}', "[]", '{"say":"yes","of":"x","in":"slack:T0HOME:C01:U09"}'):
            response = await workplace.press({"action_id": "answer:1", "value": value})
            assert response.status_code == 200
        await slack.until(5)

    asyncio.run(scene())
    assert assistant.turns == []


def test_a_mention_is_answered_in_its_thread_for_the_channel(workplace, slack, assistant):
    """The audience is the channel, our own name is not part of what was said, people are called by their names."""

    async def scene():
        await workplace.event({"type": "app_mention", "user": "U01", "text": "<@UBOT> bookings of <@U01>, orders &gt; 5", "channel": "C01", "ts": "7.7"})
        return await slack.until(1)

    asyncio.run(scene())
    (turn,) = assistant.turns
    assert (turn.text, turn.audience, turn.conversation) == ("bookings of Ada Okafor, orders > 5", "channel", "slack:T0HOME:C01:7.7:U01")
    (message,) = slack.to("/api/chat.postMessage")
    assert (message["channel"], message["thread_ts"]) == ("C01", "7.7")


def test_what_a_channel_may_not_see_is_told_to_the_asker_alone(workplace, slack, assistant):
    """A refusal may name what was asked for, so it is not for the channel either."""
    assistant.say = lambda turn: Reply(outcome="denied", utterance=turn.text, speech="", text="Margin is confidential.", reason="Margin is confidential.")

    async def scene():
        await workplace.event({"type": "app_mention", "user": "U01", "text": "<@UBOT> margin", "channel": "C01", "ts": "7.7"})
        await slack.until(1)

    asyncio.run(scene())
    assert slack.to("/api/chat.postMessage") == []
    (message,) = slack.to("/api/chat.postEphemeral")
    assert (message["user"], message["channel"], message["text"]) == ("U01", "C01", "Margin is confidential.")


def test_a_direct_message_is_answered_where_it_was_written(workplace, slack, assistant):
    """It is private, and in no thread unless it was written in one."""

    async def scene():
        await workplace.event({"type": "message", "channel_type": "im", "user": "U01", "text": "revenue", "channel": "D01", "ts": "8.8"})
        await slack.until(1)

    asyncio.run(scene())
    assert [(turn.text, turn.audience) for turn in assistant.turns] == [("revenue", "private")]
    (message,) = slack.to("/api/chat.postMessage")
    assert message["channel"] == "D01"
    assert message.get("thread_ts") is None


def test_the_same_event_delivered_a_hundred_times_is_answered_once(workplace, slack, assistant):
    """Retries carry the same event id, and are not dropped for their header but for having been done."""
    event = {"type": "message", "channel_type": "im", "user": "U01", "text": "book a room", "channel": "D01", "ts": "8.8"}

    async def scene():
        responses = await asyncio.gather(*(workplace.event(event, headers={"x-slack-retry-num": str(number)}) for number in range(100)))
        await slack.until(1)
        await asyncio.sleep(0.1)
        return responses

    responses = asyncio.run(scene())
    assert {response.status_code for response in responses} == {200}
    assert len(assistant.turns) == 1
    assert len(slack.answers()) == 1


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel_type": "im", "user": "U01", "subtype": "message_changed", "channel": "D01", "ts": "1.1"},
        {"type": "message", "channel_type": "im", "user": "U01", "bot_id": "B1", "text": "hi", "channel": "D01", "ts": "1.1"},
        {"type": "message", "channel_type": "im", "user": "UBOT", "text": "hi", "channel": "D01", "ts": "1.1"},
        {"type": "message", "channel_type": "channel", "user": "U01", "text": "hi", "channel": "C01", "ts": "1.1"},
    ],
    ids=["an edit", "another bot", "ourselves", "talk in a channel"],
)
def test_what_nobody_said_to_us_is_left_alone(workplace, slack, assistant, event):
    """Such events are acknowledged and nothing else."""

    async def scene():
        response = await workplace.event(event)
        await asyncio.sleep(0.1)
        return response

    assert asyncio.run(scene()).status_code == 200
    assert assistant.turns == []
    assert slack.answers() == []


def test_a_failure_is_said_with_a_reference_and_the_next_question_works(workplace, slack, assistant, caplog):
    """No traceback reaches Slack; the reference is in the log."""

    def broken(turn):
        if turn.text == "break":
            raise RuntimeError("secret detail")
        return Reply(outcome="understood", utterance=turn.text, speech="", text="fine")

    assistant.say = broken

    async def scene():
        await workplace.command("break")
        await slack.until(1)
        await workplace.command("again")
        return await slack.until(2)

    failed, fine = asyncio.run(scene())
    assert "secret" not in failed["text"]
    assert failed["text"].rstrip(".").split()[-1] in caplog.text
    assert fine["text"] == "fine"


def test_a_rate_limit_is_waited_for_and_nothing_is_lost(workplace, slack):
    """A 429 with Retry-After delays the message; it arrives whole."""
    slack.script("/response/1", (429, {"retry-after": "0"}, "rate_limited"))

    async def scene():
        await workplace.command("revenue")
        return await slack.until(2)

    first, second = asyncio.run(scene())
    assert first == second


def test_when_slack_refuses_the_blocks_the_text_goes_out_alone(workplace, slack):
    """The answer must not be lost over its looks."""
    slack.script("/response/1", (400, {}, "invalid_blocks"))

    async def scene():
        await workplace.command("revenue")
        return await slack.until(2)

    first, second = asyncio.run(scene())
    assert "blocks" in first
    assert "blocks" not in second
    assert second["text"] == first["text"]


def test_two_questions_of_one_conversation_are_answered_in_order(workplace, slack, assistant):
    """A follow-up never overtakes the question it follows."""
    log = []

    def slow_first(turn):
        log.append(f"begin {turn.text}")
        time.sleep(0.2 if turn.text == "first" else 0)
        log.append(f"end {turn.text}")
        return Reply(outcome="understood", utterance=turn.text, speech="", text=turn.text)

    assistant.say = slow_first

    async def scene():
        await workplace.command("first")
        await workplace.command("second")
        await slack.until(2)

    asyncio.run(scene())
    assert log == ["begin first", "end first", "begin second", "end second"]


def test_slacks_check_of_the_address_is_answered(workplace):
    """Saving a request URL sends a challenge that must come back."""

    async def scene():
        return await workplace.post('{"type": "url_verification", "challenge": "3eZbrw1aB"}', content_type="application/json")

    response = asyncio.run(scene())
    assert response.status_code == 200
    assert response.json() == {"challenge": "3eZbrw1aB"}


@pytest.mark.parametrize("direct", [True, False])
def test_a_slow_answer_takes_the_place_of_a_note_that_it_is_worked_on(workplace, slack, assistant, monkeypatch, direct):
    """One message to be seen in the end, and it is the answer; a quick one needs no note."""
    monkeypatch.setattr("slackbot.progress.PATIENT", 0.2)
    slack.streams = None
    usual = assistant.say

    def say(turn):
        time.sleep(1.0 if "slow" in turn.text else 0)
        return usual(turn)

    assistant.say = say
    where = {"type": "message", "channel_type": "im", "channel": "D01"} if direct else {"type": "app_mention", "channel": "C01"}

    async def scene():
        await workplace.event({**where, "user": "U01", "text": "slow", "ts": "7.7"}, event_id="EvSlow")
        await slack.until(2 if direct else 3, seconds=60)  # in a thread a stream is tried first
        await workplace.event({**where, "user": "U01", "text": "quick", "ts": "8.7"}, event_id="EvQuick")
        return (await slack.until(3 if direct else 4, seconds=60))[-3:]

    note, answer, quick = asyncio.run(scene())
    assert "working on it" in note["text"]
    (updated,) = slack.to("/api/chat.update")
    assert (answer["text"], answer["ts"], quick["text"]) == ("You said slow", "1.2", "You said quick")
    assert updated == answer


def test_a_slow_command_says_so_and_is_answered_in_its_place(workplace, slack, assistant, monkeypatch):
    """By the response URL, which only the asker sees."""
    monkeypatch.setattr("slackbot.progress.PATIENT", 0.2)
    usual = assistant.say

    def say(turn):
        time.sleep(1.0)
        return usual(turn)

    assistant.say = say

    async def scene():
        await workplace.command("slow")
        return await slack.until(2, seconds=60)

    note, answer = asyncio.run(scene())
    assert (note["response_type"], answer["response_type"]) == ("ephemeral", "ephemeral")
    assert (answer["text"], answer["replace_original"]) == ("You said slow", True)


def test_what_turns_out_to_be_for_the_asker_alone_leaves_no_figure_where_the_note_was(workplace, slack, assistant, monkeypatch):
    """A refusal that took long: the channel sees that it went to the asker."""
    monkeypatch.setattr("slackbot.progress.PATIENT", 0.2)

    def say(turn):
        time.sleep(1.0)
        return Reply(outcome="denied", utterance=turn.text, speech="", text="That is confidential.")

    assistant.say = say

    async def scene():
        await workplace.event({"type": "app_mention", "channel": "C01", "user": "U01", "text": "margin", "ts": "7.7"}, event_id="EvSlow")
        return await slack.until(4, seconds=60)

    _, _, instead, answer = asyncio.run(scene())
    assert "alone" in instead["text"]
    assert (answer["text"], answer["user"]) == ("That is confidential.", "U01")
