"""Whatever a request says, the outcome is an answer or an error in words, and the next question works."""

from __future__ import annotations

import contextlib
from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.answers import MetricAnswer
from insights.catalog.values import EMPTY
from insights.errors import AskerCanFix
from insights.query.answering import Questions
from insights.requests import ANALYSES, GRAINS, OPERATORS, ComparePeriod, CompareValues, Filter, MetricQuestion, Period

names = st.sampled_from(
    ["tier", "area", "status", "gift", "amount", "placed_on", "began_at", "customer_id", "orders.customer_id", "minutes", "", "a.b.c", '"', "x"]
)
metrics = st.sampled_from(
    [
        *("revenue", "orders", "visits", "conversion", "count(orders)", "count(regions)", "avg(orders.amount)", "avg(orders.status)", "revenue / visits"),
        *("orders * orders", "a b c", "()", "count()", "sum(x)", "revenue ; x", "", "\ud800"),
    ]
)
days = st.one_of(st.none(), st.sampled_from([date(2024, 1, 1), date(2024, 3, 1), date.min, date.max]))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.datetimes(),
    st.sampled_from([10**40, -(10**400), datetime.max, "2024-01-01", "9999-12-31"]),
)
periods = st.builds(Period, first=days, last=days)
filters = st.builds(
    Filter,
    dimension=st.one_of(st.none(), names),
    metric=st.one_of(st.none(), st.none(), metrics),
    op=st.sampled_from(OPERATORS),
    values=st.lists(scalars, max_size=3).map(tuple),
)
questions = st.builds(
    MetricQuestion,
    analysis=st.sampled_from([*ANALYSES[:4], *ANALYSES]),
    metrics=st.lists(metrics, min_size=1, max_size=3).map(tuple),
    group_by=st.lists(names, max_size=2).map(tuple),
    time_field=st.one_of(st.none(), st.none(), names),
    grain=st.one_of(st.none(), st.sampled_from(GRAINS)),
    filters=st.lists(filters, max_size=2).map(tuple),
    period=st.one_of(st.none(), periods),
    compare=st.one_of(
        st.none(), st.builds(ComparePeriod, period=periods), st.builds(CompareValues, dimension=names, values=st.lists(scalars, max_size=2).map(tuple))
    ),
    limit=st.one_of(st.none(), st.integers(-1, 3), st.just(10**30)),
    order=st.sampled_from([None, "asc", "desc"]),
)
TABLES = {
    "regions": [{"region_id": 1, "area": "north"}],
    "customers": [{"customer_id": 1, "region_id": 1, "tier": "gold"}],
    "orders": [{"customer_id": 1, "placed_on": date(2024, 2, 1), "status": "paid", "gift": True, "amount": 1}, {}],
    "visits": [{"customer_id": 1, "began_at": datetime(2024, 2, 1, 5), "minutes": 5}, {}],
}


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(question=questions)
def test_nonsense_is_answered_in_words(star, granted, fill, question):
    """Names that do not exist, values of the wrong kind, periods without end."""
    catalog = star()
    asked = Questions(catalog, fill(TABLES), EMPTY)
    with contextlib.suppress(AskerCanFix):
        assert isinstance(asked.answer(question, granted(catalog)), MetricAnswer)
    assert asked.answer(MetricQuestion(metrics=("orders",)), granted(catalog)).value == 2
