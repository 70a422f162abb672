"""Who speaks, and where: codes, PINs, devices and sign-ins, from what is said to an Echo to what the core allows."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from insights import wiring
from insights.language.intents import load
from insights.ledger.identity import Account
from skill.configuration import Configuration
from skill.handler import Skill
from skill.identity import Speaker, account_to_link, identify
from skill.model import written
from tests.skill.conftest import APPLICATION
from tests.skill.simulator import Echo, Model
from tests.skill.test_identity import envelope, known


@pytest.fixture(scope="module")
def folder(company, tmp_path_factory) -> Path:
    """The demo company with an organization.yaml of its own."""
    folder = tmp_path_factory.mktemp("company")
    for path in company.folder.iterdir():
        if path.name == "organization.yaml":
            shutil.copy(path, folder / path.name)
        else:
            (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="module")
def assistant(folder, demo_home, tmp_path_factory):
    """An assistant with a ledger of its own; each test has devices and voices of its own."""
    home = tmp_path_factory.mktemp("home")
    (home / "cache").symlink_to(demo_home / "cache")
    with closing(wiring.open_catalog(folder, home=home)) as opened:
        yield opened


@pytest.fixture(scope="module")
def heard(assistant) -> Model:
    """What Alexa listens for."""
    return Model(json.loads(written(assistant.catalog, load(), rooms=assistant.organization.rooms.values())))


@pytest.fixture
def echo(assistant, heard, request):
    """A device that nobody has met, with the skill on it."""
    skill = Skill(configuration=Configuration(skill_id=APPLICATION), open_assistant=lambda: assistant, sender=lambda *said: None)
    name = "".join(word[:1].upper() + word[1:] for word in request.node.name.split("_"))[:60]
    return Echo(heard, skill.handle, device=f"amzn1.ask.device.{name}", account=f"amzn1.ask.account.{name}")


def voice(echo: Echo) -> str:
    """A voice of its own for the test."""
    return echo.device.replace("device", "person")


def on_desk(echo: Echo, assistant, person: str) -> Echo:
    """The device, confirmed to stand on somebody's desk."""
    assistant.ledger.map_device(echo.device, person=person, now=assistant.now())
    return echo


def test_a_code_said_once_binds_the_voice(echo, assistant):
    """Eight digits from `insights people link`: from then on the voice is that person's, on every device; the code is used up."""
    echo.voice = voice(echo)
    code = assistant.ledger.new_code("ada", now=assistant.now())
    echo.open()
    assert "Ada" in echo.say(f"my code is {' '.join(code[:4])} {' '.join(code[4:])}")
    assert assistant.introductions.person(Account(kind="alexa voice", id=echo.voice)) == "ada"
    echo.voice = voice(echo) + "2"
    assert "does not work" in echo.say(f"my code is {code}")


def test_five_wrong_codes_are_the_last_for_an_hour(echo, assistant):
    """Guessing is not listened to for long."""
    echo.voice = voice(echo)
    echo.open()
    said = [echo.say(f"my code is 1000 000{n}") for n in range(6)]
    assert ["does not work" in one for one in said] == [True] * 5 + [False]
    assert "in an hour" in said[-1]


def test_an_account_is_bound_at_a_desk_and_never_where_others_share_it(echo, assistant):
    """In a room, and in a unit of Smart Properties, a code without a recognised voice binds nothing."""
    code = assistant.ledger.new_code("ada", now=assistant.now())
    assistant.ledger.map_device(echo.device, room="fern", now=assistant.now())
    echo.open()
    assert "did not recognise your voice" in echo.say(f"my code is {code}")
    assistant.ledger.map_device(echo.device, person="ada", now=assistant.now())
    echo.unit = "amzn1.alexa.unit.did.shared"
    assert "did not recognise your voice" in echo.say(f"my code is {code}")
    echo.unit = None
    assert "this account" in echo.say(f"my code is {code}")
    assert assistant.introductions.person(Account(kind="alexa account", id=echo.account)) == "ada"


def test_an_unknown_device_asks_where_it_is_and_believes_it_when_an_administrator_says_so(echo, assistant):
    """It is a public place before, in between, and the room afterwards."""
    assert "Which room is it in?" in echo.open()
    assert "I don't know a room" in echo.say("narnia").replace("&apos;", "'")
    assert "Fern" in echo.say("fern")
    met = next(one for one in assistant.ledger.known_devices() if one.device == echo.device)
    assert (met.state, met.room) == ("pending", "fern")
    assert "who is asking" in echo.say("is this room free")
    assert "Which room is it in?" not in echo.open()
    echo.voice = "amzn1.ask.person.ADA"
    assistant.ledger.bind(Account(kind="alexa voice", id=echo.voice), "ada", now=assistant.now())
    assistant.ledger.map_device(met.id, room="fern", now=assistant.now())
    assert "Fern is" in echo.say("is this room free")
    assert "An administrator can change that" in echo.say("we are in moss")
    assistant.ledger.remove_device(met.id, now=assistant.now())
    assert "Which room is it in?" in echo.open()


def test_a_question_in_place_of_a_room_is_answered(echo):
    """Nobody has to say where a device is before they may ask."""
    echo.open()
    assert "revenue" in echo.say("what was revenue last year").lower()
    assert "All right" not in echo.say("what was revenue last year")


def test_never_mind_leaves_the_question_of_the_room(echo):
    """And the session goes on."""
    echo.open()
    assert "All right" in echo.say("never mind")
    assert echo.session is not None


def test_the_unit_tells_the_room_before_the_device_does(echo, assistant):
    """Smart Properties: the Echo in a unit may be exchanged, the unit keeps its room."""
    echo.unit, echo.voice = "amzn1.alexa.unit.did.204", voice(echo)
    assistant.ledger.bind(Account(kind="alexa voice", id=echo.voice), "ada", now=assistant.now())
    assistant.ledger.map_device(echo.unit, room="moss", now=assistant.now())
    assistant.ledger.map_device(echo.device, room="fern", now=assistant.now())
    assert "Moss is" in echo.say("is this room free")


def test_a_pin_makes_sure_for_the_session_alone(echo, assistant):
    """At a desk, what is confidential is sent; who gives their PIN hears it, until the session ends."""
    on_desk(echo, assistant, "omar")
    assistant.ledger.set_pin("omar", "739105", now=assistant.now())
    echo.open()
    assert "send it to you" in echo.say("what was gross margin last month").replace("&apos;", "'")
    assert "not right" in echo.say("my pin is 7 3 9 1 0 6")
    assert "Thank you" in echo.say("my pin is 7 3 9 1 0 5")
    assert "Gross margin" in echo.say("what was gross margin last month")
    echo.open()
    assert "Gross margin" not in echo.say("what was gross margin last month")


@pytest.mark.parametrize("said", ["zero seven three nine", "0 7 3 9", "0739", "oh seven thirty nine"])
def test_a_pin_that_begins_with_a_zero_is_heard_with_it(said, echo, assistant):
    """However it is said; without the zero it is another one."""
    on_desk(echo, assistant, "nina")
    assistant.ledger.set_pin("nina", "0739", now=assistant.now())
    echo.open()
    assert "Thank you" in echo.say(f"my pin is {said}")
    assert echo.attributes["proven"] == "nina"


def test_what_is_no_pin_is_no_try(echo, assistant):
    """Ten times something that can be none, and the right one is still taken."""
    on_desk(echo, assistant, "luis")
    assistant.ledger.set_pin("luis", "0739", now=assistant.now())
    echo.open()
    for said in ("seven three nine", "seven hundred thirty nine", "blue elephants", "1 2 3 4 5 6 7 8 9 0 1 2 3") * 3:
        assert "four to twelve digits" in echo.say(f"my pin is {said}")
    assert "Thank you" in echo.say("my pin is zero seven three nine")


def test_a_code_with_zeros_in_front_of_its_halves_is_heard_whole(echo, assistant, monkeypatch):
    """What is no code is no try; the code said in two halves is."""
    rest = iter("04820073")
    monkeypatch.setattr("insights.ledger.topics.accounts.secrets.choice", lambda among: next(rest))
    code = assistant.ledger.new_code("mei", now=assistant.now())
    assert code == "04820073"
    echo.voice = voice(echo)
    echo.open()
    for _ in range(6):
        assert "eight digits" in echo.say("my code is 482 73")
    assert "Mei" in echo.say("my code is zero four eight two double zero seven three")


def test_a_pin_of_nobody_known_is_not_asked_for(echo):
    """On a device that nobody has placed there is nobody whose PIN it could be."""
    echo.open()
    assert "whose PIN" in echo.say("my pin is 4821").replace("&apos;", "'")


def test_wrong_pins_lock_it(echo, assistant):
    """Five are counted, the right one comes too late; it is said that an administrator can help."""
    on_desk(echo, assistant, "priya")
    assistant.ledger.set_pin("priya", "739105", now=assistant.now())
    echo.open()
    for _ in range(5):
        echo.say("my pin is 1 1 9 4 7 3")
    assert "administrator" in echo.say("my pin is 7 3 9 1 0 5")
    assert echo.attributes.get("proven") is None


def test_somebody_who_has_left_loses_everything_at_once(echo, assistant, folder):
    """Voice, account, desk and PIN: from the next request on, in the middle of a session."""
    on_desk(echo, assistant, "sam")
    echo.voice = voice(echo)
    code = assistant.ledger.new_code("sam", now=assistant.now())
    echo.open()
    echo.say(f"my code is {code}")
    assert "booking" in echo.say("what have i booked").lower() or "nothing" in echo.say("what have i booked").lower()
    text = (folder / "organization.yaml").read_text()
    there = next(line for line in text.splitlines() if "id: sam" in line)
    left = there.replace("active: true", "active: false")
    (folder / "organization.yaml").write_text(text.replace(there, left))
    assert assistant.renew()
    later = assistant.ledger.new_code("sam", now=assistant.now())
    try:
        for said in ("what have i booked", "what was revenue last year", "book this room at four for an hour"):
            assert "no longer active" in echo.say(said)
        stranger = replace(echo, voice=voice(echo) + "2", session=None)
        stranger.open()
        assert "no longer active" in stranger.say(f"my code is {later}")
        assert assistant.introductions.person(Account(kind="alexa voice", id=stranger.voice)) is None
    finally:
        (folder / "organization.yaml").write_text(text)
        assistant.renew()


@pytest.mark.parametrize(
    ("level", "sure"),
    [
        (None, "voice"),
        (400, "account"),
        (300, "voice"),
        (200, "owner"),
        (0, "owner"),
        ("300", "owner"),
        (True, "owner"),
        (float("nan"), "owner"),
        ([], "owner"),
    ],
)
def test_the_confidence_of_the_voice_is_read_from_the_raw_request(level, sure, organization, configuration):
    """The SDK drops it. What is no level makes nobody surer."""
    raw = envelope("amzn1.ask.device.AFERNROOM", "amzn1.ask.person.AADA")
    if level is not None:
        raw["context"]["System"]["person"]["authenticationConfidenceLevel"] = {"level": level}
    assert identify(raw, known(organization), configuration) == Speaker(person="ada", device="echo-fern", audience="room", confidence=sure)


def test_a_pin_that_somebody_else_gave_proves_nothing(organization, configuration):
    """The memory of the session names whose PIN it was."""
    raw = envelope("amzn1.ask.device.AFERNROOM", "amzn1.ask.person.AADA")
    assert identify(raw, known(organization), configuration, proven="sam").confidence == "voice"
    assert identify(raw, known(organization), configuration, proven="ada").confidence == "account"


def test_what_a_code_binds_is_nothing_without_voice_and_account():
    """An envelope that names nobody."""
    assert account_to_link({}, None) is None
