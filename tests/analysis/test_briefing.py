"""The morning's briefing: what was planted is told, once, to those who may hear it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import numpy as np
import pytest

from insights import Turn
from insights.analysis import briefing
from insights.analysis.briefings.memory import Memory, Told, moved
from insights.analysis.briefings.surprise import surprise
from insights.findings import Briefing

MORNING_AFTER = datetime(2025, 11, 20, 8)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch) -> None:
    """What is told here must not depend on how fast the machine is."""
    monkeypatch.setattr(briefing, "_SECONDS", 600.0)


def briefed(office, now: datetime, text: str = "what should I know this morning", person: str = "ada") -> tuple[Briefing, str, str]:
    """What was found, the text and the speech."""
    reply = office.reply(Turn(text, person=person, now=now))
    assert reply.answer is not None, reply.text
    assert isinstance(reply.answer.finding, Briefing)
    return reply.answer.finding, reply.text, reply.speech


def test_the_outage_is_told_the_morning_after_and_not_again(office, by_hand) -> None:
    """With the figure that SQL by hand finds; whoever asks again that day hears it again, and the day after not."""
    found, text, speech = briefed(office, MORNING_AFTER)
    told = {one.metric: one for one in found.notices}
    sessions = next(one for one in found.notices if "Sessions" in (one.label, *one.also))
    assert sessions.kind == "unusual"
    assert (sessions.first, sessions.last) == (date(2025, 11, 19), date(2025, 11, 19))
    assert told["support_contacts"].kind == "unusual"
    assert told["support_contacts"].good is False
    ((count,),) = by_hand("SELECT count(*) FROM contacts WHERE opened_at::DATE = '2025-11-19'")
    assert told["support_contacts"].value == count
    assert "November 19" in speech
    assert "Support contacts: unusually high on November 19, 2025" in text
    assert found.looked == found.figures
    again, _, _ = briefed(office, MORNING_AFTER.replace(hour=9))
    assert again.notices == found.notices
    tomorrow, _, _ = briefed(office, datetime(2025, 11, 21, 8))
    assert not [one for one in tomorrow.notices if one.kind == "unusual" and one.first == date(2025, 11, 19)]
    assert tomorrow.told >= 2
    other, _, _ = briefed(office, datetime(2025, 11, 21, 8), person="priya")
    assert [one for one in other.notices if one.kind == "unusual" and one.first == date(2025, 11, 19)]
    assert 1 <= len(found.notices) <= 5


def test_nothing_is_told_that_the_asker_may_not_see(office) -> None:
    """Gross profit is for finance and the board."""
    for person in ("ada", "priya"):
        may = {"finance", "board"} & office.organization.people[person].roles
        found, text, speech = briefed(office, MORNING_AFTER, person=person)
        labels = {label for one in found.notices for label in (one.label, *one.also)}
        if not may:
            assert not {label for label in labels if "gross" in label.casefold()}
            assert "gross" not in (text + speech).casefold()
            assert not {"gross_profit", "gross_margin"} & {
                one.name for one in office.reply(Turn("brief me", person=person, now=MORNING_AFTER)).answer.definition
            }


def test_in_a_room_and_from_nobody_it_is_no_briefing(office) -> None:
    """It is for one person's ears."""
    room = office.reply(Turn("brief me", person="ada", device="echo-fern", now=MORNING_AFTER))
    assert room.answer is None
    nobody = office.reply(Turn("brief me", now=MORNING_AFTER))
    assert nobody.answer is None


def test_what_was_told_is_forgotten_with_the_person(office) -> None:
    """It is held about them, and erased with everything else."""
    briefed(office, MORNING_AFTER)
    held = office.ledger.held_about("ada")
    assert any("support_contacts" in str(row) for row in held["conversations"])
    office.ledger.forget("ada", now=MORNING_AFTER)
    memory = Memory(store=office.ledger, person="ada", now=MORNING_AFTER)
    assert memory.recall() == {}


def test_a_broken_memory_is_no_memory(office) -> None:
    """Whatever stands there, the briefing is given."""
    memory = Memory(store=office.ledger, person="ada", now=MORNING_AFTER)
    for broken in ("[]", "{", '{"a": 1}', '{"a": {"day": "x", "ratio": 1, "ongoing": false}}'):
        office.ledger.save_conversation(memory._name, broken, person="ada", now=MORNING_AFTER)
        assert memory.recall() == {}
    memory.keep({"a": Told(day=date(2025, 11, 20), ratio=0.5)})
    assert memory.recall() == {"a": Told(day=date(2025, 11, 20), ratio=0.5)}


def test_only_what_moved_is_news_again() -> None:
    """The other way, a good deal further, or over."""
    told = Told(day=date(2026, 5, 1), ratio=-0.4, ongoing=True)
    assert not moved(told, -0.45, ongoing=True)
    assert moved(told, -0.45, ongoing=False)
    assert moved(told, -0.2, ongoing=True)
    assert moved(told, 0.4, ongoing=True)
    assert moved(replace(told, ratio=None), 0.4, ongoing=True)


def test_the_score_is_that_of_plain_arithmetic() -> None:
    """The last change against the median and the median deviation of those before, on logarithms."""
    generator = np.random.default_rng(4)
    weeks = np.exp(generator.normal(5, 0.05, 30))
    values = np.repeat(weeks, 7)
    changes = [float(np.log(b / a)) for a, b in pairwise(weeks)]
    median = float(np.median(changes[:-1]))
    spread = 1.4826 * float(np.median([abs(one - median) for one in changes[:-1]]))
    assert surprise(values, 7) == pytest.approx((changes[-1] - median) / spread)


def test_ordinary_weeks_rarely_surprise_and_halved_ones_do() -> None:
    """Of 400 noisy series under two in a hundred are called surprising; all whose last week was halved are."""
    generator = np.random.default_rng(8)
    week = np.array([0.9, 0.9, 0.9, 1, 1.1, 1.2, 1.1])
    wrong = found = 0
    for _ in range(400):
        values = np.tile(week, 60) * 1000 * np.exp(generator.normal(0, 0.08, 420))
        wrong += abs(surprise(values, 7) or 0) >= briefing.SURPRISING
        values[-7:] *= 0.5
        found += abs(surprise(values, 7) or 0) >= briefing.SURPRISING
    assert wrong <= 8
    assert found == 400


def test_what_comes_each_year_is_no_surprise() -> None:
    """Gift weeks double every year, at the same time."""
    generator = np.random.default_rng(9)
    values = 1000 * np.exp(generator.normal(0, 0.03, 800))
    values[-7:] *= 2
    assert abs(surprise(values, 7) or 0) > briefing.SURPRISING
    values[-364 - 7 : -364] *= 2
    assert abs(surprise(values, 7) or 0) < briefing.SURPRISING
