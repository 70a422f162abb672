"""Dialogues through the handler: what Alexa is told to listen for, a word in between, and what is said when time is up."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from insights.errors import OutsideFailed
from insights.requests import Choice, Help
from insights.turns import Reply
from skill import progress, words
from skill.handler import Skill
from skill.progress import begin
from skill.spoken import spoken
from tests.skill.conftest import DECLARED, answered, asked_back
from tests.skill.simulator import ENVELOPE, Echo, Model


@pytest.fixture
def echo(catalog, declared, skill, organization):
    """An Echo in a room, with the small model."""
    from skill.model import model

    return Echo(Model(model(catalog, declared, rooms=organization.rooms.values())), skill.handle)


def choose(turn):
    """A question back with two choices."""
    choices = tuple(Choice(label=label, request=Help()) for label in ("Smith, Anna", "Smith, Bert"))
    return replace(asked_back(turn), choices=choices)


def directives(echo):
    """The types of the directives in the last response."""
    return [directive["type"] for directive in echo.last["response"].get("directives", ())]


def test_an_answer_to_a_question_back_may_be_any_words(echo, assistant, check_response):
    """Alexa listens for free words, which it allows nowhere else without a carrier."""
    assistant.answer = asked_back
    echo.say("book a room")
    assert directives(echo) == ["Dialog.ElicitSlot"]
    assistant.answer = answered
    echo.say("the one by the purple elephants")
    check_response(echo.last)
    assert assistant.turns[-1].text == "the one by the purple elephants"
    assert directives(echo) == []


def test_the_subject_may_change_in_the_middle(echo, assistant):
    """What a sample fits is that, though an answer was waited for."""
    assistant.answer = asked_back
    echo.say("book a room")
    echo.say("what have i booked")
    assert assistant.turns[-1].text == "what have i booked"


def test_which_smith_is_heard_by_name_number_or_place(echo, assistant):
    """The choices are dynamic entities; they come back as their numbers, and go when they are no choice any more."""
    for said, number in (("bert", "2"), ("smith anna", "1"), ("the second", "2"), ("one", "1")):
        assistant.answer = choose
        echo.say("book a room")
        assert set(directives(echo)) == {"Dialog.ElicitSlot", "Dialog.UpdateDynamicEntities"}
        assistant.answer = answered
        echo.say(said)
        assert assistant.turns[-1].text == number, said
        assert directives(echo) == ["Dialog.UpdateDynamicEntities"]
        assert echo.dynamic == {}


def test_never_mind_leaves_the_question_and_a_second_one_the_skill(echo, assistant, check_response):
    """ "Cancel" in a dialogue is a no; without one it is a goodbye."""
    echo.open()
    assistant.answer = asked_back
    echo.say("book a room")
    assistant.answer = answered
    echo.say("never mind")
    assert assistant.turns[-1].text == "never mind"
    assert echo.session is not None
    echo.say("never mind")
    assert check_response(echo.last) == words.GOODBYE
    assert echo.session is None


def test_words_that_nothing_fits_leave_the_question_waiting(echo, assistant, check_response):
    """The fallback inside a dialogue."""
    assistant.answer = asked_back
    echo.say("book a room")
    echo.eliciting = None
    echo.say("colourless green ideas")
    assert echo.last["response"]["reprompt"]["outputSpeech"]["ssml"] == f"<speak>{words.STILL_WAITING}</speak>"
    assert echo.attributes["waiting"] is True


def stalled(assistant, configuration, **more):
    """A skill whose core does not answer until it is let go."""
    gate = threading.Event()

    def answer(turn):
        gate.wait(60)
        return answered(turn)

    assistant.answer = answer
    intents = {intent.name: intent for intent in spoken(DECLARED)}
    return gate, Skill(configuration=configuration, open_assistant=lambda: assistant, intents=lambda: intents, patience=0.05, **more)


class Later:
    """A core that can send answers later, and notes what it is asked to send."""

    def __init__(self) -> None:
        self.sent = []

    def keep(self, turn, reply, *, place):
        """Forget it."""

    def can_wait(self, turn):
        """A question can."""
        return "revenue" in turn.text

    def later(self, turn):
        """Note it."""
        self.sent.append((turn.text, turn.id))
        return Reply(outcome="understood", utterance=turn.text, speech="I'll send it.", text="I'll send it.")


@pytest.mark.parametrize(("said", "sent"), [("yes", True), ("no", False), ("never mind", False), ("what have i booked", False)])
def test_what_takes_too_long_is_offered_to_be_sent(said, sent, echo, assistant, configuration, check_response):
    """A yes sends it, under the id of the request it came in; anything else does not, and the offer is over."""
    assistant.recalling = Later()
    gate, slow = stalled(assistant, configuration)
    echo.send = slow.handle
    echo.say("what is revenue last month")
    asked = echo._envelope["request"]["requestId"]
    assert check_response(echo.last) == words.SEND_LATER
    assert echo.session is not None
    gate.set()
    echo.say(said)
    check_response(echo.last)
    assert assistant.recalling.sent == ([("revenue last month", asked)] if sent else [])
    assert "later" not in echo.attributes


def test_an_answer_that_cannot_be_kept_is_still_told(echo, assistant, check_response):
    """A ledger that is busy costs "say that again", and not the answer."""

    class Busy(Later):
        def keep(self, turn, reply, *, place):
            raise OutsideFailed("The ledger is busy.")

    assistant.recalling = Busy()
    echo.say("what is revenue last month")
    assert check_response(echo.last) == "Revenue was 4.2 million dollars."


def test_an_errand_that_takes_too_long_is_not_offered(echo, assistant, configuration, check_response):
    """Only an answer can be sent: whether a room was booked is not for later."""
    assistant.recalling = Later()
    gate, slow = stalled(assistant, configuration)
    echo.send = slow.handle
    echo.say("book a room")
    assert check_response(echo.last) == words.TOO_SLOW
    gate.set()


def test_a_word_is_said_while_the_answer_takes_longer(monkeypatch, echo, assistant, configuration):
    """To the address and with the token of the request, for this request."""
    monkeypatch.setattr("skill.waiting.begin", lambda event, said, *, sender: begin(event, said, sender=sender, after=0.0))
    sent, heard = [], threading.Event()

    def sender(address, token, body):
        sent.append((address, token, json.loads(body)))
        heard.set()

    def answer(turn):
        heard.wait(60)
        return answered(turn)

    assistant.answer = answer
    patient = Skill(configuration=configuration, open_assistant=lambda: assistant, sender=sender, patience=60.0)
    echo.send = patient.handle
    echo.say("what is revenue last month")
    ((address, token, body),) = sent
    assert address == "https://api.amazonalexa.com/v1/directives"
    assert token == ENVELOPE["context"]["System"]["apiAccessToken"]
    assert body["header"]["requestId"] == echo._envelope["request"]["requestId"]
    assert body["directive"] == {"type": "VoicePlayer.Speak", "speech": f"<speak>{words.ONE_MOMENT}</speak>"}


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://api.amazonalexa.com",
        "https://evil.example",
        "https://amazonalexa.com.evil.example",
        "https://x@api.amazonalexa.com",
        "https://api.amazonalexa.com:8443",
        "https://[",
        "",
        3,
    ],
)
def test_no_token_goes_anywhere_but_to_alexa(endpoint):
    """The address stands in the request; only Amazon's own is taken."""
    asked = {"context": {"System": {"apiEndpoint": endpoint, "apiAccessToken": "t"}}, "request": {"requestId": "r"}}
    assert progress.progress(asked) is None
    for region in ("api", "api.eu", "api.fe"):
        asked["context"]["System"]["apiEndpoint"] = f"https://{region}.amazonalexa.com"
        assert progress.progress(asked).address == f"https://{region}.amazonalexa.com/v1/directives"


def test_a_word_that_cannot_be_said_spoils_nothing(echo):
    """A server that refuses, and a request without a token."""

    def refuse(address, token, body):
        raise OSError("status 401")

    timer = begin(ENVELOPE, "x", sender=refuse, after=0.0)
    timer.join(60)
    assert begin({}, "x", sender=refuse) is None


def test_the_last_answer_is_said_again_to_whoever_it_was_given_after_a_restart(office, check_response):
    """From the ledger: by another process, slowly, and to nobody else."""
    from skill.configuration import Configuration
    from tests.skill.conftest import APPLICATION

    people = {f"amzn1.ask.person.{person}": person for person in office.organization.people}
    model = Model(json.loads(_written(office)))

    def restarted():
        skill = Skill(configuration=Configuration(skill_id=APPLICATION, people=people), open_assistant=lambda: office, sender=lambda *said: None)
        return Echo(model, skill.handle, device="echo-fern", voice="amzn1.ask.person.ada")

    first = restarted()
    first.say("what was revenue last year")
    told = check_response(first.last)
    again = restarted()
    again.say("say that again")
    assert check_response(again.last) == told
    again.say("slower")
    assert check_response(again.last) == told
    assert '<prosody rate="slow">' in json.dumps(again.last["response"]["outputSpeech"]).replace("\\", "")
    again.voice = "amzn1.ask.person.priya"
    again.say("what did you say")
    assert check_response(again.last) != told


def _written(office):
    from insights.language.intents import load
    from skill.model import written

    return written(office.catalog, load(), rooms=office.organization.rooms.values())
