"""Dates and times as they are said where the Echo stands, in one company."""

from __future__ import annotations

import json

import pytest

from insights.language.intents import load
from insights.wording import Wording
from skill.configuration import Configuration
from skill.handler import Skill
from skill.model import written
from tests.skill.conftest import APPLICATION
from tests.skill.simulator import Echo, Model


@pytest.fixture
def echo(office):
    """Ada's desk, in a company whose own locale is en-US; its locale is set by the test."""
    model = Model(json.loads(written(office.catalog, load(), rooms=office.organization.rooms.values())))
    configuration = Configuration(skill_id=APPLICATION, people={"amzn1.ask.person.ada": "ada"})
    skill = Skill(configuration=configuration, open_assistant=lambda: office, sender=lambda *said: None)
    return Echo(model, skill.handle, device="echo-ada", voice="amzn1.ask.person.ada")


@pytest.mark.parametrize(
    ("locale", "day", "moment"),
    [
        ("en-US", "March 5, 2026", "on Monday, June 1 at 4:00 PM"),
        ("en-CA", "March 5, 2026", "on Monday, June 1 at 4:00 p.m."),
        ("en-GB", "5 March 2026", "on Monday 1 June at 16:00"),
        ("en-AU", "5 March 2026", "on Monday 1 June at 4:00 pm"),
        ("en-IN", "5 March 2026", "on Monday 1 June at 4:00 pm"),
    ],
)
def test_days_and_times_are_said_as_there(locale, day, moment, echo):
    """The same question, the same figure, by each region's habit (CLDR)."""
    echo.locale = locale
    assert f"10,400 US dollars on {day}" in echo.say("what was revenue on march 5")
    assert moment.casefold() in echo.say("is fern free tomorrow at four pm").casefold()
    assert moment.casefold() in echo.say("cancel my meeting tomorrow at four pm").casefold()


def test_words_of_another_language_are_not_pretended():
    """There are English sentences only: a locale of another language, or none that there is, changes nothing."""
    words = Wording("en-US")
    assert [words.speaking(locale) for locale in (None, "en-US", "de-DE", "en-QQ", "x")] == [words] * 5
    assert words.speaking("en-GB").locale == "en-GB"
