"""Every answer equals one worked out row by row in plain Python, on small random stars."""

from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from insights.catalog.values import EMPTY
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.requests import ComparePeriod, CompareValues, Filter, MetricQuestion, Period

DAYS = [date(2024, 1, 29) + timedelta(days=n) for n in range(0, 40, 3)]
maybe = lambda values: st.one_of(st.none(), st.sampled_from(values))  # noqa: E731  # reads as a word where it is used

regions = st.lists(st.fixed_dictionaries({"region_id": st.integers(1, 3), "area": maybe(["north", "south"])}), unique_by=lambda r: r["region_id"], max_size=3)
customers = st.lists(
    st.fixed_dictionaries({"customer_id": st.integers(1, 6), "region_id": maybe([1, 2, 3, 9]), "tier": maybe(["gold", "silver", "' OR 1=1 --"])}),
    unique_by=lambda c: c["customer_id"],
    max_size=6,
)
orders = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": maybe([1, 2, 3, 4, 8]),
            "placed_on": maybe(DAYS),
            "status": maybe(["paid", "lost"]),
            "gift": maybe([True, False]),
            "amount": maybe([-5, 0, 10, 20.5, 99.99]),
        }
    ),
    max_size=14,
)
visits = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": maybe([1, 2, 5, 8]),
            "began_at": maybe([datetime(d.year, d.month, d.day, hour, 59) for d in DAYS for hour in (0, 23)]),
            "minutes": maybe([0, 7, 30]),
        }
    ),
    max_size=10,
)
stars = st.fixed_dictionaries({"regions": regions, "customers": customers, "orders": orders, "visits": visits})

MEASURES = {  # text -> [(fact, function, column, condition)], and how to put the figures together
    "revenue": ([("orders", "sum", "amount", None)], None),
    "orders": ([("orders", "count", None, None)], None),
    "paid": ([("orders", "sum", "amount", ("status", "paid"))], None),
    "gold_orders": ([("orders", "count", None, ("tier", "gold"))], None),
    "paid_share": ([("orders", "sum", "amount", ("status", "paid")), ("orders", "sum", "amount", None)], "/"),
    "minutes": ([("visits", "sum", "minutes", None)], None),
    "visits": ([("visits", "count", None, None)], None),
    "conversion": ([("orders", "count", None, None), ("visits", "count", None, None)], "/"),
    "avg(orders.amount)": ([("orders", "avg", "amount", None)], None),
    "median(orders.amount)": ([("orders", "median", "amount", None)], None),
    "max(visits.minutes)": ([("visits", "max", "minutes", None)], None),
    "count_distinct(orders.customer_id)": ([("orders", "count_distinct", "customer_id", None)], None),
    "revenue - minutes": ([("orders", "sum", "amount", None), ("visits", "sum", "minutes", None)], "-"),
}
TIMES = {"orders": "placed_on", "visits": "began_at"}
SHARED, OWN = ["tier", "area"], {"orders": ["status", "gift"], "visits": []}
VALUES = {"tier": ["gold", "silver", "' OR 1=1 --"], "area": ["north", "south"], "status": ["paid", "lost"], "gift": [True, False], "amount": [0, 10, 20.5]}


@st.composite
def questions(draw):
    """A question that can be answered: measures, and only dimensions that all their facts have."""
    measures = draw(st.lists(st.sampled_from(sorted(MEASURES)), min_size=1, max_size=3, unique=True))
    facts = {fact for text in measures for fact, *_ in MEASURES[text][0]}
    dimensions = SHARED + (OWN[next(iter(facts))] if len(facts) == 1 else [])
    group_by = draw(st.lists(st.sampled_from(dimensions), max_size=2, unique=True))
    filters = draw(st.lists(conditions(dimensions + (["amount"] if facts == {"orders"} else [])), max_size=2))
    grain = draw(st.sampled_from([None, None, "day", "week", "month", "quarter", "year"]))
    period = draw(st.one_of(st.none(), st.tuples(maybe(DAYS), maybe(DAYS)).map(lambda ends: Period(first=ends[0], last=ends[1]))))
    compare = draw(st.sampled_from([None, None, None, Period(first=DAYS[0], last=DAYS[5])])) if grain is None else None
    return MetricQuestion(
        analysis="compare" if compare else "breakdown" if grain or group_by else "value",
        metrics=tuple(measures),
        group_by=tuple(group_by),
        grain=grain,
        filters=tuple(filters),
        period=period,
        compare=ComparePeriod(period=compare) if compare else None,
        order=draw(st.sampled_from([None, "asc", "desc"])),
    )


@st.composite
def conditions(draw, dimensions):
    """A filter on one of the dimensions."""
    name = draw(st.sampled_from(dimensions))
    values = VALUES[name]
    ops = ["=", "=", "!=", "is_null", "not_null"] + (["between", ">", "<="] if name == "amount" else ["starts_with"] if values[0] is not True else [])
    op = draw(st.sampled_from(ops))
    if op in ("is_null", "not_null"):
        return Filter(dimension=name, op=op)
    if op == "between":
        return Filter(dimension=name, op=op, values=tuple(sorted(draw(st.lists(st.sampled_from(values), min_size=2, max_size=2)))))
    if op in (">", "<="):
        return Filter(dimension=name, op=op, values=(draw(st.sampled_from(values)),))
    if op == "starts_with":
        return Filter(dimension=name, op=op, values=(draw(st.sampled_from(["g", "%", "_old", "' OR"])),))
    return Filter(dimension=name, op=op, values=tuple(draw(st.lists(st.one_of(st.none(), st.sampled_from(values)), min_size=1, max_size=2, unique=True))))


def joined(tables, fact):
    """The rows of a fact with the attributes of what they refer to; None where there is nothing."""
    areas = {r["region_id"]: r["area"] for r in tables["regions"]}
    people = {c["customer_id"]: c for c in tables["customers"]}
    for row in tables[fact]:
        person = people.get(row["customer_id"], {})
        yield row | {"tier": person.get("tier"), "area": areas.get(person.get("region_id")), "home": person.get("region_id")}


def holds(row, condition):
    """Whether a row meets a filter: what is unknown meets `=` only where None is among the values, and `!=` only where it is not."""
    value, wanted = row[condition.dimension], condition.values
    if condition.op in ("is_null", "not_null"):
        return (value is None) == (condition.op == "is_null")
    if value is None:
        return (condition.op == "=" and None in wanted) or (condition.op == "!=" and None not in wanted)
    return {
        "=": lambda: value in wanted,
        "!=": lambda: value not in wanted,
        ">": lambda: value > wanted[0],
        "<=": lambda: value <= wanted[0],
        "between": lambda: wanted[0] <= value <= wanted[1],
        "starts_with": lambda: value.startswith(wanted[0]),
    }[condition.op]()


def day_of(row, fact):
    """The day of a row, None when it is unknown."""
    at = row[TIMES[fact]]
    return at.date() if isinstance(at, datetime) else at


def bucket(day, grain):
    """The first day of the calendar bucket."""
    if day is None:
        return None
    return {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "year": day.replace(month=1, day=1),
    }[grain]


def selected(tables, fact, question, period):
    """The rows that a question is about, each with its key."""
    for row in joined(tables, fact):
        day = day_of(row, fact)
        inside = period is None or (day is not None and (period.first is None or day >= period.first) and (period.last is None or day <= period.last))
        if inside and all(holds(row, condition) for condition in question.filters):
            key = (*((bucket(day, question.grain),) if question.grain else ()), *(row[name] for name in question.group_by))
            yield key, row


def figure(function, values, rows):
    """One aggregate of rows that exist."""
    if function == "count":
        return len(rows)
    known = [float(v) for v in values if v is not None]
    if function == "count_distinct":
        return len(set(known))
    if not known:
        return None
    return {"sum": sum, "avg": statistics.fmean, "median": statistics.median, "max": max}[function](known)


def expected(tables, question, period):
    """The rows of the answer by key; a row is there when any of its figures has a row behind it."""
    parts = {part for text in question.metrics for part in MEASURES[text][0]}
    groups = {fact: defaultdict(list) for fact, *_ in parts}
    for fact, found in groups.items():
        for key, row in selected(tables, fact, question, period):
            found[key].append(row)
    matched = defaultdict(dict)
    for part in parts:
        fact, _, _, condition = part
        for key, rows in groups[fact].items():
            fitting = [r for r in rows if condition is None or r[condition[0]] == condition[1]]
            if fitting:
                matched[key][part] = fitting
    if not (question.group_by or question.grain):
        matched.setdefault((), {})
    return {key: {text: measure(text, found, bool(key)) for text in question.metrics} for key, found in matched.items()}


def unreached(tables, question, period):
    """Whether no fact of the question has a day from which on, or up to which, the period could be known."""
    facts = {part[0] for text in question.metrics for part in MEASURES[text][0]}
    days = [day for fact in facts for row in tables[fact] if (day := day_of(row, fact)) is not None]
    if period is None or not days:
        return False
    return (period.first is not None and period.first > max(days)) or (period.last is not None and period.last < min(days))


def measure(text, found, keyed):
    """One measure of one group: what has no rows counts as none, and sums to 0 where the row is there at all."""
    parts, operator = MEASURES[text]
    figures = []
    for part in parts:
        fact, function, column, _ = part
        rows = found.get(part)
        if rows:
            figures.append(figure(function, [r[column] for r in rows] if column else [], rows))
        else:
            others = keyed or any(other[0] == fact for other in found) or len({p[0] for p in parts}) > 1
            figures.append(0 if function.startswith("count") or (function == "sum" and others) else None)
    if operator is None:
        return figures[0]
    left, right = figures
    if left is None or right is None or (operator == "/" and right == 0):
        return None
    return left / right if operator == "/" else left - right


def same(left, right):
    """Equal but for the last digits of a fraction."""
    return left == pytest.approx(right) if isinstance(left, (int, float)) and isinstance(right, (int, float)) else left == right


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tables=stars, question=questions(), known=st.booleans())
def test_every_answer_is_what_counting_by_hand_gives(star, granted, fill, tables, question, known):
    """Values, breakdowns, buckets and comparisons, over one fact or two, whatever order of joining the planner takes."""
    catalog, engine = star(), fill(tables)
    answer = Questions(catalog, engine, collect(catalog, engine) if known else EMPTY).answer(question, granted(catalog))
    names = [column.name for column in answer.columns if column.role != "metric"]
    got = {tuple(row[name] for name in names): row for row in answer.rows}
    assert len(got) == len(answer.rows), "a key is listed twice"
    wanted = expected(tables, question, question.period)
    if known and unreached(tables, question, question.period):
        wanted = {key: dict.fromkeys(row) for key, row in wanted.items()}
    event(f"{len(wanted)} groups" if len(wanted) < 3 else "many groups")
    if isinstance(question.compare, ComparePeriod):
        earlier = expected(tables, question, question.compare.period)
        if known and unreached(tables, question, question.compare.period):
            earlier = {key: dict.fromkeys(row) for key, row in earlier.items()}
        assert got.keys() == wanted.keys() | earlier.keys()
        for text in question.metrics:
            for key, row in earlier.items():
                assert same(row[text], got[key][f"{text}.before"]), (text, key, answer.sql)
    else:
        assert got.keys() == wanted.keys(), answer.sql
    for key, row in wanted.items():
        for text in question.metrics:
            assert same(row[text], got[key][text]), (text, key, answer.sql)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=stars, by=st.sampled_from(["tier", "area", "status", "gift"]), period=st.one_of(st.none(), st.just(Period(first=DAYS[2], last=DAYS[9]))))
def test_a_breakdown_adds_up_to_its_total(star, granted, fill, tables, by, period):
    """Orphans and unknown keys are told, not dropped."""
    catalog, engine = star(), fill(tables)
    questions_ = Questions(catalog, engine, EMPTY)
    total = questions_.answer(MetricQuestion(metrics=("revenue",), period=period), granted(catalog)).value
    parts = questions_.answer(MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=(by,), period=period), granted(catalog)).rows
    assert sum(row["revenue"] or 0 for row in parts) == pytest.approx(total or 0)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tables=stars,
    question=questions(),
    allowed=st.lists(
        st.fixed_dictionaries(
            {}, optional={"tier": st.lists(st.sampled_from(["gold", "silver"]), max_size=2), "region_id": st.lists(st.integers(1, 3), max_size=2)}
        ),
        min_size=1,
        max_size=2,
    ),
)
def test_no_row_beyond_the_policy_ever_counts(star, granted, fill, tables, question, allowed):
    """The answer with a row policy is the answer over only the rows it lets through."""
    from insights.catalog.model import FieldId

    catalog, engine = star(), fill(tables)
    rows = {"customers": tuple({FieldId("customers", name): tuple(values) for name, values in one.items()} for one in allowed)}
    answer = Questions(catalog, engine, EMPTY).answer(question, granted(catalog, rows=rows))
    people = {c["customer_id"] for c in tables["customers"] if any(all(c[name] in values for name, values in one.items()) for one in allowed)} | (
        {None, 8, 9} | set(range(1, 10)) if {} in allowed else set()
    )
    seen = tables | {fact: [r for r in tables[fact] if r["customer_id"] in people] for fact in TIMES}
    wanted = expected(seen, question, question.period)
    names = [column.name for column in answer.columns if column.role != "metric"]
    got = {tuple(row[name] for name in names): row for row in answer.rows}
    for key, row in wanted.items():
        for text in question.metrics:
            assert same(row[text], got[key][text]), (text, key, answer.sql)
    if question.compare is None:
        assert got.keys() == wanted.keys()


@pytest.mark.parametrize("values", [("gold", "bronze", None), ("' OR 1=1 --",)])
def test_compared_values_come_in_the_order_they_were_named(star, granted, fill, values):
    """Also those that never occur, as zero."""
    catalog = star()
    engine = fill({"customers": [{"customer_id": 1, "tier": "gold"}], "orders": [{"customer_id": 1, "amount": 3}, {"customer_id": None, "amount": 4}]})
    question = MetricQuestion(analysis="compare", metrics=("revenue",), compare=CompareValues(dimension="tier", values=values))
    rows = Questions(catalog, engine, EMPTY).answer(question, granted(catalog)).rows
    amounts = {"gold": 3, None: 4}
    assert [(row["tier"], row["revenue"]) for row in rows] == [(value, amounts.get(value, 0)) for value in values]
