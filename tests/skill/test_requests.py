"""Every kind of request that Alexa sends, through the SDK, to the core and back."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from insights.errors import NothingFree, OutsideFailed, WrongCatalog, WrongSettings
from insights.turns import Reply
from skill import words
from skill.handler import Skill
from tests.skill.conftest import FERN, answered, asked_back

ALL = (
    "apl_user_event ask ask_in_session audio_player book can_fulfill cancel choose fallback help launch metric navigate_home no session_ended "
    "session_ended_by_error skill_disabled stop time unknown_type yes"
).split()


@pytest.mark.parametrize("name", ALL)
def test_every_request_gets_a_response_that_alexa_accepts(name, event, skill, check_response):
    """Known or unknown, each type of request gets a valid response."""
    check_response(skill.handle(event(name)))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ask", "revenue last month"),
        ("book", "book a room for four tomorrow at three for an hour"),
        ("metric", "revenue by region"),
        ("time", "2026-11-24 at 15:00 for 1 hour"),
        ("choose", "2"),
        ("help", "help"),
        ("yes", "yes"),
        ("no", "no"),
    ],
)
def test_the_core_hears_the_words_that_were_said(name, said, event, skill, assistant):
    """What Alexa took apart is put together again, carrier words included."""
    skill.handle(event(name))
    assert [turn.text for turn in assistant.turns] == [said]


@pytest.mark.parametrize("name", ["launch", "stop", "cancel", "navigate_home", "fallback", "session_ended", "can_fulfill", "unknown_type"])
def test_requests_that_say_nothing_do_not_reach_the_core(name, event, skill, assistant):
    """The door answers these by itself."""
    skill.handle(event(name))
    assert assistant.turns == []


def test_the_turn_says_where_when_and_in_which_conversation(event, skill, assistant):
    """Device, audience, session, request id, local time, deadline and locale arrive."""
    before = time.monotonic()
    skill.handle(event("ask"))
    (turn,) = assistant.turns
    assert (turn.device, turn.audience, turn.person) == ("echo-fern", "room", None)
    assert turn.conversation == "alexa:amzn1.echo-api.session.aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
    assert turn.id == "amzn1.echo-api.request.ask"
    assert turn.now == datetime(2026, 11, 23, 10, 4, 5), "15:04 UTC is 10:04 in New York in November"
    assert turn.locale == "en-US"
    assert turn.deadline is not None
    assert 6.0 < turn.deadline - before < 7.0


def test_a_clock_that_stands_on_another_day_is_not_overruled(event, skill, assistant):
    """A demo is asked on its own day, whenever the request was sent."""
    assistant.clock = datetime(2026, 6, 30, 9)
    skill.handle(event("ask"))
    assert assistant.turns[0].now is None


def test_launching_greets_and_listens(event, skill, check_response):
    """The skill opens with its name, and the microphone."""
    response = skill.handle(event("launch"))
    assert "Company Insights" in check_response(response)
    assert response["response"]["shouldEndSession"] is False


def test_one_question_in_passing_gets_one_answer(event, skill, check_response):
    """ "Ask company insights what revenue was" is answered, and the session ends."""
    response = skill.handle(event("ask"))
    assert check_response(response) == "Revenue was 4.2 million dollars."
    assert response["response"]["shouldEndSession"] is True
    assert response["response"]["card"]["content"] == "Revenue, October 2026: $4,213,777"


def test_who_opened_the_skill_is_asked_for_more(event, skill, check_response):
    """After "open company insights" the session outlives the answer, and goes on doing so."""
    launched = skill.handle(event("launch"))
    question = event("ask")
    question["session"] |= {"new": False, "attributes": launched["sessionAttributes"]}
    response = skill.handle(question)
    assert check_response(response).endswith(words.ANYTHING_ELSE)
    assert response["response"]["shouldEndSession"] is False
    assert response["sessionAttributes"] == launched["sessionAttributes"]


def test_help_asks_what_it_may_be(event, skill, check_response):
    """Who asked for help in passing is listened to."""
    response = skill.handle(event("help"))
    assert check_response(response).endswith(words.AFTER_HELP)
    assert response["response"]["shouldEndSession"] is False


def test_a_question_back_keeps_the_microphone_open(event, skill, assistant, check_response):
    """Even when the question was asked in passing."""
    assistant.answer = asked_back
    response = skill.handle(event("ask"))
    assert check_response(response) == "Do you mean net revenue or gross revenue?"
    assert response["response"]["shouldEndSession"] is False
    assert response["response"]["reprompt"]["outputSpeech"]["ssml"] == "<speak>Do you mean net revenue or gross revenue?</speak>"


def test_a_request_for_another_skill_runs_nothing(event, skill, assistant):
    """An application id that is not ours, in either of its places, is met with silence."""
    for path in (("context", "System"), ("session",)):
        stranger = event("ask")
        holder = stranger
        for key in path:
            holder = holder[key]
        holder["application"]["applicationId"] = "amzn1.ask.skill.someone-else"
        assert skill.handle(stranger) == {"version": "1.0", "response": {}}
    assert assistant.turns == []


def test_attributes_of_strangers_are_not_carried_on(event, skill):
    """Only what this door wrote into the session goes back into it."""
    question = event("ask")
    question["session"]["attributes"] = {"stay": "yes", "huge": "x" * 30_000, "nested": {"a": [1]}}
    assert skill.handle(question)["sessionAttributes"] == {}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            NothingFree("Every room for eight is taken until three.", remedy="Shall I hold Fern at three?"),
            "Every room for eight is taken until three. Shall I hold Fern at three?",
        ),
        (OutsideFailed("Athena: AccessDenied arn:aws:s3:::secret"), words.OUTSIDE_FAILED),
        (WrongSettings("The setting warehouse.kind is missing."), words.NOT_SET_UP),
        (WrongCatalog([]), words.NOT_SET_UP),
        (RuntimeError("boom"), words.WENT_WRONG),
        (RecursionError(), words.WENT_WRONG),
    ],
)
def test_a_failure_is_spoken_in_words_for_the_person(error, said, event, skill, assistant, check_response):
    """What the person can mend is said as it stands; of anything else only that it failed."""

    def fail(turn):
        raise error

    assistant.answer = fail
    assert check_response(skill.handle(event("ask"))) == said


def test_a_stalled_core_is_answered_for_in_time(event, assistant, configuration, check_response):
    """When the core overruns its deadline the door says so itself."""
    patient = Skill(configuration=configuration, open_assistant=lambda: assistant, intents=dict, patience=0.05)
    assistant.answer = lambda turn: time.sleep(1) or answered(turn)
    began = time.monotonic()
    said = check_response(patient.handle(event("yes")))
    assert said == words.TOO_SLOW
    assert time.monotonic() - began < 0.9


def test_the_deadline_heeds_what_lambda_has_left(event, skill, assistant):
    """A function with two seconds left does not promise six."""
    before = time.monotonic()
    skill.handle(event("ask"), remaining=2.0)
    assert assistant.turns[0].deadline - before < 1.5


def test_the_assistant_is_opened_once_and_not_for_a_greeting(event, assistant, configuration):
    """Opening is slow; a failed opening is tried again."""
    opened = []

    def open_assistant():
        opened.append(1)
        if len(opened) == 1:
            raise WrongSettings("not yet")
        return assistant

    lazy = Skill(configuration=configuration, open_assistant=open_assistant, intents=dict)
    lazy.handle(event("launch"))
    assert opened == []
    for _ in range(3):
        lazy.handle(event("yes"))
    assert len(opened) == 2
    assert len(assistant.turns) == 2


def test_many_at_once_each_get_their_own_answer(event, skill, assistant, check_response):
    """One skill object serves every thread of the server."""
    assistant.answer = lambda turn: replace(answered(turn), speech=f"You asked for {turn.text}.")

    def ask(number):
        question = event("ask")
        question["request"]["intent"]["slots"]["query"]["value"] = f"figure {number}"
        return check_response(skill.handle(question))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(200))) == [f"You asked for figure {number}." for number in range(200)]


def test_no_device_is_a_public_place(event, skill, assistant):
    """An envelope without a device is answered as if anybody listened."""
    question = event("ask")
    del question["context"]["System"]["device"]
    skill.handle(question)
    assert (assistant.turns[0].device, assistant.turns[0].audience) == (None, "room")
    assert FERN not in str(assistant.turns)


def test_a_reply_with_nothing_to_say_is_still_heard(event, skill, assistant, check_response):
    """Blank speech falls back to the text, and blank text to an apology."""
    assistant.answer = lambda turn: Reply(outcome="understood", utterance="", speech=" ", text="Written only.")
    assert check_response(skill.handle(event("ask"))) == "Written only."
    assistant.answer = lambda turn: Reply(outcome="understood", utterance="", speech="", text="")
    assert check_response(skill.handle(event("ask"))) == words.WENT_WRONG
