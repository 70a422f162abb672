"""When a fact is aggregated by a key before anything is joined: as often as each key repeats in the rows that are asked about."""

from __future__ import annotations

from datetime import date

import pytest

from insights.catalog.model import FieldId
from insights.catalog.values import EMPTY, Contents, Coverage
from insights.query.plan import plan
from insights.requests import MetricQuestion, Period

YEAR = Coverage(first=date(2025, 1, 1), last=date(2025, 12, 31))
SPREAD = Contents(fingerprint="", values={}, coverage={FieldId("orders", "placed_on"): YEAR}, rows={"orders": 3650, "customers": 100})


def _aggregates_first(star, granted, contents, period):
    catalog = star()
    (part,) = plan(MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("area",), period=period), granted(catalog), catalog, contents).parts
    assert bool(part.joins) == (part.regrouping is None), "customers and regions are joined once, before or after"
    return part.regrouping is not None


@pytest.mark.parametrize(
    ("days", "first"),
    [(1, False), (29, False), (31, True), (365, True)],
    ids=["10 rows for 100 customers", "290 rows", "310 rows", "the whole year"],
)
def test_a_key_comes_first_where_it_repeats_in_the_period(star, granted, days, first):
    """Ten orders a day of a hundred customers: from a month on there are three rows for each, and joining them one by one would be slower."""
    period = Period(first=date(2025, 1, 1), last=date.fromordinal(date(2025, 1, 1).toordinal() + days - 1))
    assert _aggregates_first(star, granted, SPREAD, period) == first


def test_a_period_counts_only_as_far_as_there_is_data(star, granted):
    """An open end reaches to the last day, and years without data hold no rows."""
    assert _aggregates_first(star, granted, SPREAD, Period(first=date(2025, 7, 1), last=None))
    assert not _aggregates_first(star, granted, SPREAD, Period(first=date(2025, 12, 20), last=date(2030, 12, 31)))
    assert not _aggregates_first(star, granted, SPREAD, Period(first=date(2030, 1, 1), last=date(2030, 12, 31)))


def test_where_nothing_is_known_about_the_rows_a_key_comes_first(star, granted):
    """Facts are far longer than what they refer to, as a rule."""
    assert _aggregates_first(star, granted, EMPTY, Period(first=date(2025, 1, 1), last=date(2025, 1, 1)))
    assert _aggregates_first(star, granted, SPREAD, None)
