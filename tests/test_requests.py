"""How requests write what they name."""

from __future__ import annotations

import pytest

from insights.requests import Bin, CompareValues, Filter, MetricQuestion, PlainField, TimePart, named_in, parse_group


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("region", PlainField("region")),
        ("customers.region", PlainField("customers.region")),
        ("hour(orders.ordered_at)", TimePart("hour", "orders.ordered_at")),
        ("month_of_year(ordered_on)", TimePart("month_of_year", "ordered_on")),
        ("bin(amount)", Bin("amount")),
    ],
)
def test_a_group_is_a_field_a_part_of_time_or_bins(text, key) -> None:
    """The three forms that a request writes."""
    assert parse_group(text) == key


@pytest.mark.parametrize("text", ["", "decade(ordered_on)", "weekday()", "bin(bin(amount))", "weekday(a", "(a)"])
def test_any_other_writing_is_an_error(text) -> None:
    """No text is silently taken for the name of a field."""
    with pytest.raises(ValueError, match="is not"):
        parse_group(text)


def test_everything_a_question_names_is_found_wherever_it_stands() -> None:
    """Fields in groups, filters, columns, comparisons and options; datasets in options."""
    question = MetricQuestion(
        metrics=("revenue",),
        group_by=("weekday(a)", "bin(b)"),
        filters=(Filter(dimension="hour(c)", values=(9,)), Filter(metric="orders", op=">", values=(2,))),
        columns=("d",),
        time_field="e.e",
        compare=CompareValues(dimension="f", values=("x", "y")),
        options={"part": "g,h", "within": "i", "members": "j.j", "by": "k", "dataset": "l", "of": "m", "target": 5},
    )
    named = named_in(question)
    assert set(named.fields) == {"a", "b", "c", "d", "e.e", "f", "g", "h", "i", "j.j", "k"}
    assert set(named.datasets) == {"l", "m"}
    assert [measure.name for measure in named.measures] == ["revenue", "orders"]
