"""The door as the core finds it: off until it is configured, wrong when it cannot work, never open by half."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from insights.doors import GROUP
from insights.errors import WrongSettings
from insights.settings import Settings, read
from insights.turns import Turn
from skill import configuration
from skill.door import door
from skill.web import AlexaApp
from tests.skill.conftest import APPLICATION, answered, asked_back


def settings(**alexa):
    """Settings with an `[alexa]` section."""
    return Settings(home=Path("/nowhere"), sections={"alexa": alexa} if alexa else {})


def test_the_door_is_found_by_its_entry_point():
    """The core never imports it."""
    assert {point.name: point.value for point in entry_points(group=GROUP)}["alexa"] == "skill.door:door"
    assert door.name == "alexa"


@pytest.mark.parametrize(
    ("section", "state", "named"),
    [
        ({}, "off", "alexa.skill_id"),
        ({"enabled": False}, "off", ""),
        ({"enabled": False, "skill_id": APPLICATION}, "off", ""),
        ({"devices": {"a": "b"}}, "off", "alexa.skill_id"),
        ({"enabled": True}, "wrong", "alexa.skill_id"),
        ({"enabled": True, "skill_id": ""}, "wrong", "alexa.skill_id"),
        ({"enabled": "yes", "skill_id": APPLICATION}, "wrong", "alexa.enabled"),
        ({"skill_id": APPLICATION, "skil": 1}, "wrong", "alexa.skil"),
        ({"skill_id": APPLICATION, "devices": "echo"}, "wrong", "alexa.devices"),
        ({"skill_id": APPLICATION, "people": {"a": 1}}, "wrong", "alexa.people"),
        ({"skill_id": APPLICATION, "name": 7}, "wrong", "alexa.name"),
        ({"skill_id": APPLICATION}, "ok", APPLICATION),
        ({"enabled": True, "skill_id": APPLICATION, "devices": {"a": "b"}}, "ok", "1 devices"),
    ],
)
def test_what_is_wrong_is_named(section, state, named):
    """Off is fine; wrong names the setting and the way out."""
    finding = door.findings(settings(**section))[0]
    assert finding.state == state
    assert named in finding.detail + finding.remedy
    assert state != "wrong" or finding.detail


def test_settings_come_from_the_environment_too(tmp_path):
    """A function on Lambda has no file."""
    found = read(environ={"INSIGHTS_ALEXA__SKILL_ID": APPLICATION}, folder=tmp_path)
    assert configuration.read(found).skill_id == APPLICATION
    assert door.findings(found)[0].state == "ok"


def test_devices_and_people_are_mapped_in_the_file(tmp_path):
    """Alexa's ids hold full stops, so that they stand in quotes."""
    (tmp_path / "insights.toml").write_text(
        '[alexa]\nskill_id = "x"\n[alexa.devices]\n"amzn1.ask.device.A" = "echo-fern"\n[alexa.people]\n"amzn1.ask.person.B" = "ada"\n'
    )
    found = configuration.read(read(environ={}, folder=tmp_path))
    assert found.devices == {"amzn1.ask.device.A": "echo-fern"}
    assert found.people == {"amzn1.ask.person.B": "ada"}


def test_the_route_is_open_only_with_a_skill_id(assistant):
    """Switched on without one, the server must not start."""
    assert door.routes(assistant, settings()) == {}
    assert isinstance(door.routes(assistant, settings(skill_id=APPLICATION))["/alexa"], AlexaApp)
    with pytest.raises(WrongSettings, match=r"alexa\.skill_id"):
        door.routes(assistant, settings(enabled=True))


@pytest.mark.parametrize(("reply", "ends"), [(answered, True), (asked_back, False)])
def test_a_reply_is_rendered_as_alexa_would_get_it(reply, ends, check_response):
    """For `--format alexa`."""
    rendered = door.render(reply(Turn(text="revenue")))
    assert check_response(rendered)
    assert rendered["response"]["shouldEndSession"] is ends
    json.dumps(rendered)


def test_the_door_brings_no_messages():
    """A skill cannot begin a conversation."""
    assert door.messenger(None, settings(skill_id=APPLICATION)) is None
