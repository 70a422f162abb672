"""Whatever the facts are, there are words for them: no template fails, and none shows through."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from insights.answers import (
    AboutAnswer,
    Again,
    Answer,
    BookingAnswer,
    CalendarAnswer,
    Column,
    Comparison,
    Definition,
    DigestAnswer,
    Followed,
    HelpAnswer,
    MetricAnswer,
    RoomsAnswer,
)
from insights.errors import InsightsError
from insights.findings import Finding
from insights.requests import GRAINS, OPERATORS, PARTS, Choice, Clarify, Filter, Help, Period, Unsupported
from insights.wording import Wording
from insights.wording.findings import TEMPLATE_OF
from insights.wording.sentences import _BY_ANALYSIS, _BY_TYPE, TEMPLATES

SAY = Wording("en-US")
HOSTILE = [
    "",
    " ",
    "{{ 7*7 }}",
    "{% include '/etc/passwd' %}",
    "{# x #}",
    "'; DROP TABLE orders; --",
    "<speak>",
    "\ud800",
    "\x00",
    "\u202e",
    "😀",
    "%s %d {} {0}",
]
# A printable text of data; lines are Wording's own, so that line breaks within are not asked for here.
TEXT = st.sampled_from(HOSTILE) | st.text(max_size=12)
FIGURE = st.none() | st.floats() | st.integers(-(10**30), 10**30)
DAY = st.dates(min_value=date(1, 1, 2), max_value=date(9999, 12, 30))
CELL = st.none() | TEXT | st.integers() | st.booleans() | DAY | st.floats()
PERIOD = st.builds(lambda a, b: Period(first=(a and b and min(a, b)) or a, last=(a and b and max(a, b)) or b), st.none() | DAY, st.none() | DAY)
UNIT = st.sampled_from([None, "USD", "EUR", "percent", "orders", "minutes", "people"])


@st.composite
def metric_answers(draw):
    """Any columns with rows that fit them."""
    keys = draw(st.lists(st.sampled_from(["a", "b", "at"]), unique=True, max_size=3))
    metrics = draw(st.lists(st.sampled_from(["m", "n", "o"]), unique=True, min_size=1))
    compared = draw(st.booleans())
    columns = []
    for key in keys:
        time = key == "at"
        columns.append(
            Column(
                name=key,
                label=draw(TEXT),
                role="time" if time else "dimension",
                grain=draw(st.sampled_from([*GRAINS, None])) if time else None,
                part=None if time else draw(st.sampled_from([None, None, *PARTS])),
                width=None if time else draw(st.sampled_from([None, None, 0.1, 50])),
                unit=None if time else draw(UNIT),
            )
        )
    columns += [Column(name=metric, label=draw(TEXT), role="metric", unit=draw(UNIT)) for metric in metrics]
    columns += [Column(name=f"{metric}.before", label="before", role="metric") for metric in metrics if compared]
    analysis = draw(st.sampled_from(sorted(_BY_ANALYSIS)))
    beside = {"share": ["part", "whole"], "series": draw(st.sampled_from([[], ["before", "change", "growth"]]))}.get(analysis, []) if not compared else []
    beside = beside if keys or analysis != "series" else []
    columns += [Column(name=f"{metric}.{side}", label=side, role="metric", unit=draw(UNIT)) for metric in metrics for side in beside]
    time_cell = st.none() | DAY | st.datetimes()
    row = st.fixed_dictionaries({c.name: time_cell if c.role == "time" else CELL if c.role == "dimension" else FIGURE for c in columns})
    filters = st.builds(Filter, dimension=TEXT, op=st.sampled_from(OPERATORS), values=st.lists(CELL, max_size=3).map(tuple))
    return MetricAnswer(
        analysis=analysis,
        value=None,
        unit=None,
        columns=tuple(columns),
        rows=tuple(draw(st.lists(row, max_size=30 if draw(st.booleans()) else 2))) if keys else tuple(draw(st.lists(row, max_size=1))),
        definition=tuple(
            draw(st.lists(st.builds(Definition, name=TEXT, label=TEXT, expression=TEXT, filter=st.none() | TEXT, owner=st.none() | TEXT), max_size=2))
        ),
        source=draw(TEXT),
        engine="DuckDB",
        period=draw(st.none() | PERIOD),
        filters=tuple(draw(st.lists(filters, max_size=2))),
        comparison=Comparison(period=draw(PERIOD), value=None, change=None, ratio=None) if compared else None,
        data_through=draw(st.none() | DAY),
        total_rows=draw(st.none() | st.integers(0, 100)),
        order=draw(st.sampled_from([None, "asc", "desc"])),
        limit=draw(st.none() | st.integers(1, 9)),
        part=tuple(draw(st.lists(TEXT, max_size=1))),
        within=tuple(keys[:1]) if len(keys) > 1 and draw(st.booleans()) else (),
        again=tuple(draw(st.lists(st.builds(Again, members=TEXT, period=PERIOD, negated=st.booleans()), max_size=2))),
        running=draw(st.booleans()),
        growth=draw(st.sampled_from([None, "previous", "year"])),
        incomplete=tuple(draw(st.lists(DAY, max_size=1))),
        records=draw(st.none() | TEXT),
        sorted_by=draw(st.none() | TEXT),
        notes=tuple(draw(st.lists(TEXT, max_size=2))),
    )


ROOM = st.fixed_dictionaries({"name": TEXT, "capacity": st.integers(1, 99), "equipment": TEXT, "floor": TEXT})
OTHERS = st.one_of(
    st.builds(RoomsAnswer, start=st.datetimes(), end=st.datetimes(), rooms=st.lists(ROOM, max_size=4).map(tuple)),
    *(st.from_type(kind) for kind in get_args(Answer) if kind not in (MetricAnswer, DigestAnswer, RoomsAnswer, HelpAnswer)),
    st.builds(DigestAnswer, answer=metric_answers(), followed=st.none() | st.from_type(Followed), why=st.none(), shared_by=st.none() | TEXT),
    st.builds(HelpAnswer, groups=st.dictionaries(TEXT, st.lists(TEXT, min_size=1).map(tuple), max_size=5)),
)


def check(said, *facts):
    """Something is said, by somebody who knows the facts; what is data stays what it is."""
    assert said.text or said.speech
    for words in (said.speech, said.text):
        for leftover in ("{{", "{%", "Undefined", "None", "<insights", "Macro"):
            if leftover in words:
                assert any(leftover.casefold() in repr(fact).casefold() for fact in facts), (leftover, words)


def test_a_template_in_the_data_is_not_run():
    """What looks like a template is said as it stands."""
    said = SAY.answer(AboutAnswer(topic="{{ 7*7 }}", metrics=("{% raw %}",), dimensions={"{{ 7*7 }}": ("{{ 7*7 }}",)}))
    assert "{{ 7*7 }}" in said.text
    assert "49" not in said.text + said.speech


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(metric_answers(), st.lists(TEXT, max_size=3).map(tuple), st.lists(TEXT, max_size=6).map(tuple))
def test_every_metric_answer_has_words(answer, assumed, ignored):
    """Any columns, figures, filters, periods and labels."""
    said = SAY.answer(answer, assumed=assumed, ignored=ignored)
    check(said, answer, assumed, ignored)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OTHERS)
@example(AboutAnswer(topic=None, dimensions={"{{ 7*7 }}": ()}))
@example(CalendarAnswer(period=None, bookings=()))
def test_every_other_answer_has_words(answer):
    """Rooms, bookings, tickets, contents, help."""
    check(SAY.answer(answer), answer)


@given(TEXT, TEXT, st.lists(TEXT, max_size=3), st.none() | TEXT)
def test_every_question_back_and_refusal_has_words(problem, remedy, words, missing):
    """Whatever the names and the words of the person are."""
    choices = tuple(Choice(label=word, request=Help()) for word in words)
    check(SAY.question(Clarify(about=problem, choices=choices, missing=missing)), problem, words, missing)
    said = SAY.error(InsightsError(problem.strip() or "x", remedy=remedy, options=words))
    check(said, problem, remedy, words)
    check(SAY.unsupported(Unsupported(reason=problem.strip() or "x", suggestions=tuple(word for word in words if word))), problem, words)


def test_every_answer_has_its_template():
    """No kind without one, no template without a kind."""
    others = {"parts", "question", "refusal", "aside", "growth", "told", "origin"}
    assert set(_BY_TYPE) | {MetricAnswer} == set(get_args(Answer))
    assert set(TEMPLATE_OF) == set(get_args(Finding) or (Finding,))
    assert {path.stem for path in TEMPLATES.glob("*.j2")} == {*_BY_TYPE.values(), *_BY_ANALYSIS.values(), *TEMPLATE_OF.values()} | others


def test_words_of_data_are_never_templates():
    """A booking called like a template is read out as it was typed."""
    from insights.answers import Booking

    held = Booking(id="B", room="r", room_name="{{ 7*7 }}", start=datetime(2026, 1, 1, 9), end=datetime(2026, 1, 1, 10), title="{% raw %}")
    said = SAY.answer(BookingAnswer(status="booked", booking=held))
    assert "{{ 7*7 }}" in said.speech
    assert '"{% raw %}"' in said.text
