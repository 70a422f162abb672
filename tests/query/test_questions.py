"""What an answer carries, and what is refused, on a star small enough to see through."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from insights.catalog.model import Aggregation, ColumnRef, Field, FieldId, Metric, Relationship
from insights.catalog.values import EMPTY
from insights.errors import NotAnswerable, NotPermitted, UnknownThing
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.requests import ComparePeriod, CompareValues, Filter, MetricQuestion, Period

TABLES = {
    "regions": [{"region_id": 1, "area": "north"}, {"region_id": 2, "area": "south"}],
    "customers": [{"customer_id": n, "region_id": 1 + n % 2, "tier": "gold" if n < 3 else "silver"} for n in range(1, 7)],
    "orders": [
        {"customer_id": n % 7, "placed_on": date(2024, 1, 1) + timedelta(days=n * 5), "status": "paid" if n % 3 else "lost", "gift": n % 2 == 0, "amount": n}
        for n in range(20)
    ],
    "visits": [{"customer_id": n % 7, "began_at": datetime(2024, 1, 1, 23, 30) + timedelta(days=n * 4), "minutes": n} for n in range(20)],
}
JANUARY = Period(first=date(2024, 1, 1), last=date(2024, 1, 31), words="January")


@pytest.fixture
def ask(star, granted, fill):
    """Ask a question of the small star: its fields, and parts of the catalog or the grant."""

    def ask(*, catalog=None, grant=None, tables=TABLES, known=True, **question):
        catalog = catalog or star()
        engine = fill(tables)
        contents = collect(catalog, engine) if known else EMPTY
        return Questions(catalog, engine, contents).answer(MetricQuestion(**question), granted(catalog, **(grant or {})))

    return ask


def test_an_answer_says_what_it_is_made_of(ask):
    """Value, unit, period, definition, source, engine, freshness, SQL with its values."""
    answer = ask(metrics=("revenue",), period=JANUARY, filters=(Filter(dimension="status", values=("paid",)),))
    assert answer.value == 1 + 2 + 4 + 5
    assert (answer.unit, answer.period, answer.engine, answer.source) == ("USD", JANUARY, "DuckDB", "orders (orders)")
    assert answer.data_through == date(2024, 4, 5)
    assert [d.name for d in answer.definition] == ["revenue"]
    assert answer.labels == {"revenue": "revenue", "status": "status"}
    assert answer.parameters == (date(2024, 1, 1), date(2024, 2, 1), "paid")
    assert answer.sql.count("?") == 3
    assert answer.time_field == "orders.placed_on"
    assert "paid" not in answer.sql


def test_timings_tell_planning_from_querying(star, granted, fill):
    """Both in seconds."""
    timings = {}
    catalog = star()
    Questions(catalog, fill(TABLES), EMPTY).answer(MetricQuestion(metrics=("revenue",)), granted(catalog), timings=timings)
    assert set(timings) == {"plan", "query"}
    assert all(0 < seconds < 5 for seconds in timings.values())


def test_a_whole_day_of_instants_is_in_its_period(ask):
    """Half past eleven at night on the last day counts."""
    assert ask(metrics=("visits",), period=Period(first=date(2024, 1, 1), last=date(2024, 1, 1))).value == 1
    assert ask(metrics=("visits",), filters=(Filter(dimension="began_at", values=(date(2024, 1, 5),)),)).value == 1
    assert ask(metrics=("visits",), filters=(Filter(dimension="began_at", op="<=", values=("2024-01-05",)),)).value == 2
    assert ask(metrics=("visits",), filters=(Filter(dimension="began_at", op=">", values=("2024-01-05",)),)).value == 18
    assert ask(metrics=("visits",), filters=(Filter(dimension="began_at", op="!=", values=(date(2024, 1, 5),)),)).value == 19


def test_a_ranking_is_cut_and_says_how_many_there_were(ask):
    """The largest first, ties by name, and a tie at the limit is told."""
    tables = TABLES | {"orders": [{"customer_id": 1, "amount": 5}, {"customer_id": 3, "amount": 5}, {"customer_id": None, "amount": 9}]}
    answer = ask(analysis="ranking", metrics=("revenue",), group_by=("tier",), limit=2, tables=tables)
    assert [dict(row) for row in answer.rows] == [{"tier": None, "revenue": 9}, {"tier": "gold", "revenue": 5}]
    assert (answer.total_rows, answer.limit, answer.order) == (3, 2, "desc")
    assert answer.notes == ("Others tie with the last one listed.", "What has no known tier is ranked too; say 'exclude unknown' to leave it out.")
    least = ask(analysis="ranking", metrics=("revenue",), group_by=("tier",), limit=1, order="asc", tables=tables)
    assert least.rows[0]["tier"] == "gold"
    assert ask(analysis="ranking", metrics=("revenue",), group_by=("tier",), limit=3, tables=tables).notes == answer.notes[1:]


def test_a_month_can_be_ranked(ask):
    """A time bucket is a key like any other."""
    answer = ask(analysis="ranking", metrics=("revenue",), grain="month", limit=1)
    assert answer.rows[0]["orders.placed_on"] == date(2024, 3, 1)


def test_an_empty_month_of_a_series_is_zero_but_a_share_of_nothing_is_unknown(ask):
    """As far as the data goes, and no further."""
    orders = [{"placed_on": date(2024, 1, 31), "amount": 4, "status": "paid"}, {"placed_on": date(2024, 4, 1), "amount": 6}]
    answer = ask(
        analysis="series",
        metrics=("revenue", "paid_share"),
        grain="month",
        period=Period(first=date(2023, 11, 1), last=date(2024, 12, 31)),
        tables={"orders": orders},
    )
    assert [tuple(row.values()) for row in answer.rows] == [
        (date(2024, 1, 1), 4, 1.0),
        (date(2024, 2, 1), 0, None),
        (date(2024, 3, 1), 0, None),
        (date(2024, 4, 1), 6, 0.0),
    ]
    assert answer.notes == ("The data ends on April 1, 2024.",)


def test_a_series_of_groups_has_every_bucket_for_each(ask):
    """So that lines can be drawn."""
    orders = [{"placed_on": date(2024, 1, 1), "amount": 1, "status": "paid"}, {"placed_on": date(2024, 1, 3), "amount": 2, "status": "lost"}]
    answer = ask(analysis="series", metrics=("revenue",), grain="day", group_by=("status",), tables={"orders": orders})
    assert [tuple(row.values()) for row in answer.rows] == [
        (date(2024, 1, 1), "paid", 1),
        (date(2024, 1, 1), "lost", 0),
        (date(2024, 1, 2), "paid", 0),
        (date(2024, 1, 2), "lost", 0),
        (date(2024, 1, 3), "paid", 0),
        (date(2024, 1, 3), "lost", 2),
    ]


def test_the_leading_lines_of_a_series_are_whole_lines(ask):
    """A limit on a series of groups keeps the groups with the largest totals, with all their buckets."""
    answer = ask(analysis="series", metrics=("revenue",), grain="month", group_by=("tier",), limit=1)
    assert {row["tier"] for row in answer.rows} == {"silver"}
    assert [row["orders.placed_on"].month for row in answer.rows] == [1, 2, 3, 4]
    with pytest.raises(NotAnswerable, match="does not add up"):
        ask(analysis="series", metrics=("paid_share",), grain="month", group_by=("tier",), limit=1)


@pytest.mark.parametrize(("starts", "first"), [("monday", date(2024, 4, 1)), ("sunday", date(2024, 3, 31)), ("saturday", date(2024, 3, 30))])
def test_weeks_start_as_the_company_s_do(ask, star, starts, first):
    """Friday the fifth of April 2024 and the Saturday before it."""
    tables = {"orders": [{"placed_on": date(2024, 4, 5), "amount": 1}, {"placed_on": date(2024, 3, 30), "amount": 10}]}
    rows = ask(analysis="series", metrics=("revenue",), grain="week", catalog=star(week_starts=starts), tables=tables).rows
    assert rows[-1]["orders.placed_on"] == first
    assert sum(row["revenue"] for row in rows) == 11
    assert len(rows) == (1 if starts == "saturday" else 2)


def test_fiscal_quarters_and_years_where_the_company_has_them(ask, star):
    """A year that begins in February: 31 January 2024 closes the one of 2023."""
    tables = {
        "orders": [{"placed_on": date(2024, 1, 31), "amount": 1}, {"placed_on": date(2024, 2, 1), "amount": 10}, {"placed_on": date(2024, 5, 1), "amount": 100}]
    }
    fiscal = star(fiscal_periods=True, fiscal_year_starts=2)
    years = ask(analysis="series", metrics=("revenue",), grain="year", catalog=fiscal, tables=tables).rows
    assert [tuple(row.values()) for row in years] == [(date(2023, 2, 1), 1), (date(2024, 2, 1), 110)]
    quarters = ask(analysis="series", metrics=("revenue",), grain="quarter", catalog=fiscal, tables=tables).rows
    assert [tuple(row.values()) for row in quarters] == [(date(2023, 11, 1), 1), (date(2024, 2, 1), 10), (date(2024, 5, 1), 100)]


def test_quarters_are_fiscal_where_a_question_says_so(ask, star):
    """Of a company that counts by the calendar, and the other way round; the column says which, and a rollup of years is not taken for it."""
    tables = {
        "orders": [{"placed_on": date(2024, 1, 31), "amount": 1}, {"placed_on": date(2024, 2, 1), "amount": 10}, {"placed_on": date(2024, 5, 1), "amount": 100}]
    }
    asked = {"analysis": "series", "metrics": ("revenue",), "tables": tables}
    calendar, fiscal = star(fiscal_year_starts=2), star(fiscal_periods=True, fiscal_year_starts=2)
    said = ask(grain="quarter", options={"calendar": "fiscal"}, catalog=calendar, **asked)
    assert [tuple(row.values()) for row in said.rows] == [(date(2023, 11, 1), 1), (date(2024, 2, 1), 10), (date(2024, 5, 1), 100)]
    assert said.columns[0].calendar == "fiscal"
    years = ask(grain="year", options={"calendar": "calendar"}, catalog=fiscal, **asked)
    assert [tuple(row.values()) for row in years.rows] == [(date(2024, 1, 1), 111)]
    grown = ask(grain="quarter", options={"calendar": "fiscal", "change": "previous"}, catalog=calendar, **asked).rows
    assert [row["revenue.before"] for row in grown] == [None, 1, 10]


def test_hours_are_instants(ask):
    """Of a field that has them; days have none."""
    answer = ask(analysis="series", metrics=("visits",), grain="hour", period=Period(first=date(2024, 1, 1), last=date(2024, 1, 1)))
    assert {row["visits.began_at"]: row["visits"] for row in answer.rows}[datetime(2024, 1, 1, 23)] == 1
    with pytest.raises(NotAnswerable, match="days, not hours"):
        ask(analysis="series", metrics=("revenue",), grain="hour")


def test_days_are_those_of_the_company_s_clock(ask, star):
    """Instants stored in UTC: half past three at night there is still the evening before in New York, also when clocks change."""
    began = [datetime(2024, 1, 2, 3, 30), datetime(2024, 3, 10, 6, 59), datetime(2024, 3, 10, 7, 1), datetime(2024, 4, 1, 3, 59), datetime(2024, 4, 1, 4)]
    tables = {"visits": [{"began_at": at} for at in began]}
    catalog = star(timezone="America/New_York", datasets={"visits": {"timezone": "UTC"}})
    months = ask(analysis="series", metrics=("visits",), grain="month", catalog=catalog, tables=tables).rows
    assert [tuple(row.values()) for row in months] == [(date(2024, 1, 1), 1), (date(2024, 2, 1), 0), (date(2024, 3, 1), 3), (date(2024, 4, 1), 1)]
    assert ask(metrics=("visits",), period=Period(first=date(2024, 1, 1), last=date(2024, 1, 1)), catalog=catalog, tables=tables).value == 1
    assert ask(metrics=("visits",), period=Period(first=date(2024, 3, 1), last=date(2024, 3, 31)), catalog=catalog, tables=tables).value == 3
    hours = ask(analysis="breakdown", metrics=("visits",), grain="hour", catalog=catalog, tables=tables).rows
    assert [row["visits.began_at"] for row in hours][1:3] == [datetime(2024, 3, 10, 1), datetime(2024, 3, 10, 3)]
    assert ask(metrics=("visits",), catalog=catalog, tables=tables).data_through == date(2024, 4, 1)


def test_two_facts_each_keep_their_own_time(ask):
    """The field of the first is not forced upon the second."""
    answer = ask(analysis="series", metrics=("revenue", "visits"), grain="month", time_field="orders.placed_on")
    visits = {}
    for row in TABLES["visits"]:
        visits[row["began_at"].month] = visits.get(row["began_at"].month, 0) + 1
    assert {row["orders.placed_on"].month: row["visits"] for row in answer.rows if row["visits"]} == visits


def test_comparing_two_periods_gives_both_and_the_change(ask):
    """The ratio is of the earlier one's size, so a loss that shrinks is an improvement."""
    tables = {"orders": [{"placed_on": date(2024, 1, 5), "amount": -10}, {"placed_on": date(2024, 2, 5), "amount": -5.1}]}
    answer = ask(
        analysis="compare",
        metrics=("revenue",),
        period=Period(first=date(2024, 2, 1), last=date(2024, 2, 29)),
        compare=ComparePeriod(period=JANUARY),
        tables=tables,
    )
    assert dict(answer.rows[0]) == {"revenue": -5.1, "revenue.before": -10, "revenue.change": 4.9}
    assert (answer.comparison.value, answer.comparison.change, answer.comparison.ratio) == (-10, 4.9, pytest.approx(0.49))
    assert [column.name for column in answer.columns] == ["revenue", "revenue.before", "revenue.change"]


def test_a_group_that_is_new_was_zero_before(ask):
    """And one that is gone is zero now."""
    tables = {"orders": [{"placed_on": date(2024, 1, 5), "status": "lost", "amount": 3}, {"placed_on": date(2024, 2, 5), "status": "paid", "amount": 5}]}
    answer = ask(
        analysis="compare",
        metrics=("revenue",),
        group_by=("status",),
        period=Period(first=date(2024, 2, 1), last=date(2024, 2, 29)),
        compare=ComparePeriod(period=JANUARY),
        tables=tables,
    )
    assert [tuple(row.values()) for row in answer.rows] == [("paid", 5, 0, 5), ("lost", 0, 3, -3)]


def test_a_condition_on_the_result_needs_no_place_in_it(ask):
    """Areas with more than ten orders, by revenue."""
    counts = {"north": 0, "south": 0, None: 0}
    for row in TABLES["orders"]:
        area = None if row["customer_id"] == 0 else "south" if row["customer_id"] % 2 else "north"
        counts[area] += 1
    most = max(counts.values())
    answer = ask(analysis="breakdown", metrics=("revenue",), group_by=("area",), filters=(Filter(metric="orders", op=">=", values=(most,)),))
    assert {row["area"] for row in answer.rows} == {area for area, count in counts.items() if count >= most}
    assert [column.name for column in answer.columns] == ["area", "revenue"]


def test_a_formula_of_metrics_is_not_certified(ask):
    """Its unit is that of what is divided."""
    answer = ask(metrics=("revenue / orders",))
    assert answer.value == pytest.approx(sum(range(20)) / 20)
    assert (answer.definition[0].certified, answer.definition[0].label, answer.unit) == (False, "revenue per orders", "USD")


@pytest.mark.parametrize("text", ["'; DROP TABLE orders; --", '" OR ""="', "100%_\\", "$1 ? :x", "\x00", "\ud800", "x" * 100_000])
def test_hostile_values_are_values(ask, text):
    """They match nothing, harm nothing, and the next question works."""
    for op in ("=", "!=", "starts_with"):
        matching = ask(metrics=("orders",), filters=(Filter(dimension="status", op=op, values=(text,)),)).value
        assert matching == (20 if op == "!=" else 0)
    assert ask(metrics=("orders",)).value == 20


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({"metrics": ("revnue",)}, UnknownThing, "Did you mean 'revenue'?"),
        ({"metrics": ("revenue; DROP",)}, UnknownThing, "don't know what"),
        ({"metrics": ("avg(orders.amont)",)}, UnknownThing, "Did you mean 'amount'?"),
        ({"metrics": ("avg(order.amount)",)}, UnknownThing, "Did you mean 'orders'?"),
        ({"metrics": ("sum(orders)",)}, NotAnswerable, "count orders"),
        ({"metrics": ("sum(orders.customer_id)",)}, NotAnswerable, "number of different customer id"),
        ({"metrics": ()}, NotAnswerable, "something to measure"),
        ({"metrics": ("revenue",), "analysis": "forecast"}, NotAnswerable, "forecast"),
        ({"metrics": ("revenue",), "analysis": "ranking"}, NotAnswerable, "what to rank"),
        ({"metrics": ("revenue",), "analysis": "compare"}, NotAnswerable, "two things"),
        ({"metrics": ("revenue",), "group_by": ("teir",)}, UnknownThing, "Did you mean 'tier'?"),
        ({"metrics": ("revenue",), "group_by": ("customer_id",)}, None, ""),
        ({"metrics": ("visits",), "group_by": ("status",)}, NotAnswerable, "Status is not known for visits.*tier"),
        ({"metrics": ("revenue", "visits"), "group_by": ("gift",)}, NotAnswerable, "not known for orders and visits"),
        ({"metrics": ("revenue",), "time_field": "orders.placed"}, UnknownThing, "placed_on"),
        ({"metrics": ("revenue",), "time_field": "tier", "grain": "month"}, NotAnswerable, "not a date"),
        ({"metrics": ("revenue",), "filters": (Filter(dimension="gift", values=("maybe",)),)}, NotAnswerable, "cannot be 'maybe'"),
        ({"metrics": ("revenue",), "filters": (Filter(dimension="amount", op=">", values=("lots",)),)}, NotAnswerable, "cannot be 'lots'"),
        ({"metrics": ("revenue",), "filters": (Filter(dimension="amount", op="between", values=(1,)),)}, NotAnswerable, "two values"),
        ({"metrics": ("revenue",), "filters": (Filter(dimension="amount", op="starts_with", values=(1,)),)}, NotAnswerable, "cannot start"),
        ({"metrics": ("revenue",), "filters": (Filter(dimension="placed_on", values=("soon",)),)}, NotAnswerable, "cannot be 'soon'"),
        ({"metrics": ("revenue",), "filters": (Filter(metric="orders", op=">", values=("x",)),)}, NotAnswerable, "numbers"),
        ({"metrics": ("revenue",), "filters": (Filter(metric="nothing", op=">", values=(1,)),)}, UnknownThing, "nothing"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_way_out(ask, question, error, words):
    """A refusal names the nearest thing that works."""
    if error is None:
        assert ask(**question).rows
        return
    with pytest.raises(error, match=words):
        ask(**question)


def test_a_metric_outside_the_grant_is_refused_and_never_suggested(ask):
    """Not even as what was perhaps meant."""
    with pytest.raises(NotPermitted):
        ask(metrics=("revenue",), grant={"metrics": frozenset({"orders"})})
    with pytest.raises(NotPermitted):
        ask(metrics=("orders",), filters=(Filter(metric="revenue", op=">", values=(1,)),), grant={"metrics": frozenset({"orders"})})
    with pytest.raises(UnknownThing) as unknown:
        ask(metrics=("revnue",), grant={"metrics": frozenset({"orders"})})
    assert "revenue" not in str(unknown.value)


def test_a_policy_that_lets_nothing_through_refuses(ask):
    """Instead of answering zero; facts that do not lead there are not concerned."""
    with pytest.raises(NotPermitted):
        ask(metrics=("revenue",), grant={"rows": {"customers": ()}})
    assert ask(metrics=("revenue",), grant={"rows": {"visits": ()}}).value == sum(range(20))


def test_a_role_playing_dimension_is_asked_for_by_its_role(ask, star):
    """Two ways to the same dataset mean two things, unless one of them is a single step."""
    to_regions = {"one": "regions", "one_columns": ("region_id",)}
    ways = [
        Relationship(name="buyer", many="orders", one="customers", many_columns=("customer_id",), one_columns=("customer_id",)),
        Relationship(name="home", many="customers", many_columns=("region_id",), **to_regions),
        Relationship(name="work", many="customers", many_columns=("customer_id",), **to_regions),
    ]
    with pytest.raises(NotAnswerable, match=r"several ways.*customer then region, customer then customer"):
        ask(analysis="breakdown", metrics=("revenue",), group_by=("area",), catalog=star(relationships=tuple(ways)), known=False)
    direct = Relationship(name="shipped_to", many="orders", many_columns=("customer_id",), **to_regions)
    answer = ask(analysis="breakdown", metrics=("orders",), group_by=("area",), catalog=star(relationships=(*ways, direct)), known=False)
    assert {row["area"]: row["orders"] for row in answer.rows} == {"north": 3, "south": 3, None: 14}


def test_a_policy_holds_along_every_way(ask, star):
    """A row counts only when all its ways lead to rows that may be seen."""
    again = Relationship(name="sponsor", many="orders", one="regions", many_columns=("customer_id",), one_columns=("region_id",))
    rows = {"regions": ({FieldId("regions", "area"): ("south",)},)}
    answer = ask(metrics=("orders",), catalog=star(relationships=(*star().relationships, again)), grant={"rows": rows}, known=False)
    assert answer.value == 0
    assert ask(metrics=("orders",), grant={"rows": rows}).value == 9


def test_a_key_that_repeats_is_not_joined(ask):
    """It would count its orders twice; what needs no join is still answered."""
    tables = TABLES | {"customers": [*TABLES["customers"], {"customer_id": 1, "tier": "iron"}]}
    with pytest.raises(NotAnswerable, match="twice"):
        ask(analysis="breakdown", metrics=("revenue",), group_by=("tier",), tables=tables)
    assert ask(metrics=("revenue",), tables=tables).value == sum(range(20))


@pytest.mark.parametrize("missing", [True, False])
def test_counting_a_key_that_is_always_known_is_counting_rows(ask, star, missing):
    """One that is missing somewhere is counted where it is."""
    key = FieldId("orders", "customer_id")
    metrics = {"keys": Metric(name="keys", label="keys", formula=(Aggregation(function="count", dataset="orders", operand=(key,)),))}
    catalog = star(metrics=metrics, datasets={"orders": {"primary_key": ("customer_id",)}}, relationships=())
    tables = {"orders": [{"customer_id": 1}, {"customer_id": None if missing else 2}]}
    answer = ask(metrics=("keys",), catalog=catalog, tables=tables)
    assert answer.value == (1 if missing else 2)
    assert ("count(*) AS" in answer.sql) == (not missing)


def test_figures_about_few_people_are_refused(ask, star):
    """Whether the personal dataset is the fact, is joined, or is referred to by a key; and never where it plays no part."""
    catalog = star(datasets={"customers": {"personal": True}})
    grant = {"minimum_group": 3}
    with pytest.raises(NotPermitted, match="fewer than 3 people"):
        ask(analysis="breakdown", metrics=("revenue",), group_by=("orders.customer_id",), catalog=catalog, grant=grant)
    with pytest.raises(NotPermitted):
        ask(metrics=("gold_orders",), catalog=catalog, grant=grant)
    with pytest.raises(NotPermitted):
        ask(metrics=("count(customers)",), filters=(Filter(dimension="tier", values=("gold",)),), catalog=catalog, grant=grant)
    assert ask(metrics=("count(customers)",), catalog=catalog, grant=grant).value == 6
    silver = ask(metrics=("orders",), filters=(Filter(dimension="tier", values=("silver",)),), catalog=catalog, grant=grant)
    assert silver.value == 11
    assert len(ask(analysis="breakdown", metrics=("revenue",), group_by=("status",), catalog=catalog, grant=grant).rows) == 2
    assert ask(analysis="breakdown", metrics=("revenue",), group_by=("tier",), catalog=star(), grant=grant).rows


def test_values_are_compared_side_by_side(ask):
    """Within the same period and filters."""
    answer = ask(
        analysis="compare",
        metrics=("revenue",),
        period=JANUARY,
        filters=(Filter(dimension="gift", values=(False,)),),
        compare=CompareValues(dimension="status", values=("paid", "lost")),
    )
    assert [tuple(row.values()) for row in answer.rows] == [("paid", 1 + 5), ("lost", 3)]
    assert (answer.value, answer.comparison) == (None, None)


def test_a_period_before_the_data_or_after_it_is_told(ask):
    """With the day the data starts or ends."""
    assert ask(metrics=("revenue",), period=Period(first=date(2025, 1, 1), last=date(2025, 1, 31))).notes == (
        "The data ends on April 5, 2024, before January 1, 2025. The last whole month it covers is March 2024.",
    )
    assert ask(metrics=("revenue",), period=Period(first=date(2023, 12, 1), last=date(2024, 1, 31))).notes == ("The data starts only on January 1, 2024.",)
    assert ask(metrics=("revenue",), period=JANUARY).notes == ()


def test_a_metric_over_two_facts_is_joined_after_each_is_counted(ask):
    """Orders for each visit, by tier: neither multiplies the other."""
    answer = ask(analysis="breakdown", metrics=("conversion",), group_by=("tier",))
    assert {row["tier"]: row["conversion"] for row in answer.rows} == {None: 1.0, "gold": 1.0, "silver": 1.0}


def test_a_metric_may_read_attributes_of_what_its_fact_refers_to(ask, star):
    """Its operand too, not only its condition."""
    formula = (Aggregation(function="sum", dataset="orders", operand=("CASE WHEN ", FieldId("customers", "tier"), " = 'gold' THEN 1 ELSE 0 END")),)
    metrics = {"gold": Metric(name="gold", label="gold", formula=formula)}
    assert ask(metrics=("gold",), catalog=star(metrics=metrics)).value == 6


def test_periods_need_a_time(ask, star):
    """A metric over several dates, or none, asks which."""
    catalog = star()
    orders = catalog.datasets["orders"]
    shipped = Field(id=FieldId("orders", "shipped_on"), expression=(ColumnRef("placed_on"), " + 1"), kind="date", role="time", label="ship date")
    fields = dict(orders.fields) | {"shipped_on": shipped}
    metrics = {"revenue": Metric(name="revenue", label="revenue", formula=catalog.metrics["revenue"].formula)}
    two = star(datasets={"orders": {"fields": fields}}, metrics=metrics)
    with pytest.raises(NotAnswerable, match=r"several dates.*placed on, ship date"):
        ask(metrics=("revenue",), period=JANUARY, catalog=two, known=False)
    by_shipping = ask(metrics=("revenue",), period=JANUARY, time_field="shipped_on", catalog=two, known=False)
    assert by_shipping.value == 0 + 1 + 2 + 3 + 4 + 5
    assert by_shipping.time_field == "shipped_on"
    with pytest.raises(NotAnswerable, match="no dates"):
        ask(metrics=("count(customers)",), period=JANUARY)
    assert ask(metrics=("count(customers)",)).value == 6


@pytest.mark.parametrize(("period", "told"), [(None, True), (Period(first=date(2024, 1, 1), last=date(2024, 1, 4)), False)])
def test_rows_of_days_to_come_are_not_counted_in_silence(answered, star, period, told):
    """Bookings for later, or wrong dates: where the company's today lies before them, it is said that they are counted."""
    orders = [{"customer_id": 1, "placed_on": date(2024, 1, day), "amount": 1} for day in (2, 4, 9)]
    answer = answered({"orders": orders}, catalog=star(today=date(2024, 1, 5)), analysis="value", metrics=("orders",), period=period)
    assert answer.value == 3 - (period is not None)
    assert (answer.notes == ("Rows dated after today are counted, up to January 9, 2024.",)) == told
