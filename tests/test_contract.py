"""The JSON that other programs rely on."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights import contract
from insights.requests import (
    ANALYSES,
    GRAINS,
    OPERATORS,
    BookRoom,
    Choice,
    Clarify,
    ComparePeriod,
    CompareValues,
    Filter,
    Help,
    MetricQuestion,
    MyCalendar,
    Period,
    RaiseTicket,
    TicketStatus,
    Understood,
    Unsupported,
)
from insights.schema import schema

VALIDATOR = jsonschema.Draft202012Validator(schema())
EXAMPLE = {
    "kind": "metric_question",
    "analysis": "ranking",
    "metrics": ["revenue"],
    "group_by": ["region"],
    "time_field": "orders.ordered_on",
    "grain": None,
    "filters": [{"dimension": "status", "op": "=", "values": ["shipped"]}],
    "period": {"first": "2026-07-01", "last": "2026-09-30", "words": "last quarter"},
    "compare": None,
    "limit": 3,
    "order": "desc",
    "columns": None,
    "options": {},
}

names = st.text("abcdefgh_", min_size=1, max_size=8)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
periods = st.builds(Period, first=st.none() | days, last=st.none() | days, words=st.text(max_size=10))
scalars = st.none() | st.text(max_size=6) | st.integers(-5, 5) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
filters = st.builds(Filter, dimension=names, op=st.sampled_from(OPERATORS), values=st.lists(scalars, max_size=3).map(tuple))
compares = st.none() | st.builds(ComparePeriod, period=periods) | st.builds(CompareValues, dimension=names, values=st.lists(scalars, max_size=2).map(tuple))
questions = st.builds(
    MetricQuestion,
    analysis=st.sampled_from(ANALYSES),
    metrics=st.lists(names, max_size=2).map(tuple),
    grain=st.none() | st.sampled_from(GRAINS),
    filters=st.lists(filters, max_size=2).map(tuple),
    period=st.none() | periods,
    compare=compares,
    limit=st.none() | st.integers(1, 9),
    options=st.dictionaries(names, scalars, max_size=2),
)
minutes = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))
actions = (
    st.builds(BookRoom, room=st.none() | names, start=st.none() | minutes, minutes=st.none() | st.integers(1, 600), title=st.none() | names)
    | st.builds(RaiseTicket, what=st.text(max_size=20), room=st.none() | names)
    | st.builds(TicketStatus, ticket=st.none() | names)
    | st.builds(MyCalendar, period=st.none() | periods)
    | st.builds(Help, topic=st.none() | names)
)
requests = questions | actions


def test_the_published_example_is_read_and_written_as_it_stands() -> None:
    """The request printed in the contract survives a round trip to the letter."""
    assert contract.encode(contract.decode_request(EXAMPLE)) == EXAMPLE


@given(requests)
def test_every_request_survives_its_json_form(request) -> None:
    """What is written down can be read back the same, and fits the schema."""
    document = json.loads(json.dumps(contract.encode(request)))
    assert contract.decode_request(document) == request
    VALIDATOR.validate(contract.encode_reading("said", Understood(request=request)))


@given(st.lists(requests, max_size=3), st.none() | requests)
def test_questions_back_and_refusals_fit_the_schema(choices, partial) -> None:
    """Every line of `understand` is described by the schema."""
    reading = Clarify(about="x", choices=tuple(Choice(label="l", request=choice) for choice in choices), partial=partial)
    VALIDATOR.validate(contract.encode_reading("said", reading, "Which?"))
    VALIDATOR.validate(contract.encode_reading("said", Unsupported(reason="No.", suggestions=("a",))))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"analysis": "nonsense"}, "analysis"),
        ({"grain": "fortnight"}, "grain"),
        ({"period": {"first": "yesterday"}}, "first"),
        ({"filters": {}}, "filters"),
        ({"filters": [{"dimension": "a", "op": "~"}]}, "op"),
        ({"compare": {"what": 1}}, "compare"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_does_not_fit_is_named(change, complaint) -> None:
    """A request that is no request is refused with the part that is wrong."""
    with pytest.raises(ValueError, match=complaint):
        contract.decode_request({**EXAMPLE, **change})


def test_the_committed_schema_is_the_one_the_types_make() -> None:
    """The schema in docs/ is fresh."""
    committed = Path(__file__).parents[1] / "docs" / "contract.schema.json"
    assert json.loads(committed.read_text()) == schema(), "stale: renew with `make models`"
