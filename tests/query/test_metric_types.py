"""Cumulative metrics, balances, conversions and percentiles: figures worked out by hand, and what is refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.catalog.model import Aggregation, Balance, Currency, Earlier, FieldId, Followed, Length, Metric, Rate, UpTo
from insights.errors import NotAnswerable, NotPermitted
from insights.requests import ComparePeriod, Filter, MetricQuestion, Period

AMOUNT, PLACED = FieldId("orders", "amount"), FieldId("orders", "placed_on")
SUM = Aggregation(function="sum", dataset="orders", operand=(AMOUNT,), time=PLACED)
COUNT = Aggregation(function="count", dataset="orders", time=PLACED)
BUYING = Aggregation(function="count_distinct", dataset="orders", operand=(FieldId("orders", "customer_id"),), time=PLACED)
VISITS = Aggregation(function="count", dataset="visits", time=FieldId("visits", "began_at"))
BUYERS = {"by": FieldId("visits", "customer_id"), "goal_by": FieldId("orders", "customer_id")}
BOUGHT = replace(VISITS, over=Followed(goal=COUNT, within=Length(7, "day"), **BUYERS))
FORMULAS = {
    "ever": (replace(SUM, over=UpTo()),),
    "week": (replace(SUM, over=UpTo(window=Length(7, "day"))),),
    "month_to_date": (replace(SUM, over=UpTo(to_date="month")),),
    "stock": (replace(SUM, over=Balance()),),
    "average_stock": (replace(SUM, over=Balance(take="average")),),
    "opening": (replace(SUM, over=Balance(take="first")),),
    "peak": (replace(SUM, over=Balance(take="max")),),
    "accounts": (replace(SUM, over=Balance(per=(FieldId("orders", "customer_id"),))),),
    "bought": (BOUGHT,),
    "conversion_rate": (BOUGHT, " / NULLIF(", VISITS, ", 0)"),
    "p90": (Aggregation(function="percentile", dataset="orders", operand=(AMOUNT,), at=0.9),),
    "p90_value": (Aggregation(function="percentile", dataset="orders", operand=(AMOUNT,), at=0.9, discrete=True),),
    "revenue": (SUM,),
    "month_before": (replace(SUM, over=Earlier(ago=Length(1, "month"))),),
    "week_before": (replace(SUM, over=Earlier(ago=Length(7, "day"))),),
    "month_start": (replace(SUM, over=Earlier(start_of="month")),),
    "ever_before": (replace(SUM, over=Earlier(ago=Length(1, "month"), then=UpTo())),),
    "week_of_month_before": (replace(SUM, over=Earlier(ago=Length(1, "month"), then=UpTo(window=Length(7, "day")))),),
    "stock_before": (replace(SUM, over=Earlier(ago=Length(1, "month"), then=Balance())),),
    "accounts_before": (replace(SUM, over=Earlier(ago=Length(1, "month"), then=Balance(per=(FieldId("orders", "customer_id"),)))),),
    "two_months_before": (replace(SUM, over=Earlier(ago=Length(1, "month"), then=Earlier(ago=Length(1, "month")))),),
    "stock_at_start": (replace(SUM, over=Earlier(start_of="month", then=Balance())),),
    "growth": (SUM, " - ", replace(SUM, over=Earlier(ago=Length(1, "month")))),
    "customers": (BUYING,),
    "customers_before": (replace(BUYING, over=Earlier(ago=Length(1, "month"))),),
}
DAY = lambda number, month=1: date(2024, month, number)  # noqa: E731  # reads as a word where it is used
CUSTOMERS = [{"customer_id": 1, "tier": "gold"}, {"customer_id": 2, "tier": "silver"}]
ORDERS = [
    {"customer_id": 1, "placed_on": DAY(30), "amount": 10},
    {"customer_id": 2, "placed_on": DAY(30), "amount": 100},
    {"customer_id": 1, "placed_on": DAY(2, 2), "amount": 20},
    {"customer_id": 1, "placed_on": DAY(5, 2), "amount": 40},
    {"customer_id": 2, "placed_on": DAY(5, 2), "amount": 200},
    {"customer_id": 1, "placed_on": DAY(3, 4), "amount": 80},
]
TABLES = {"customers": CUSTOMERS, "orders": ORDERS}
WHOLE = Period(first=DAY(1), last=DAY(30, 4))


@pytest.fixture
def ask(star, answered):
    """Ask the metrics of this file over the small tables."""
    metrics = {name: Metric(name=name, label=name.replace("_", " "), formula=formula, additive=False) for name, formula in FORMULAS.items()}

    def ask(metric, *, tables=TABLES, grant=None, parts=None, **question):
        known = {"metrics": (metric,), **question}
        return answered(tables, catalog=star(metrics=metrics, **(parts or {})), grant=grant, **known)

    return ask


def by_month(answer, name):
    """The figures by month, or by day where there are days."""
    key = answer.columns[0].name
    return [row[name] for row in answer.rows if row[key] is not None]


@pytest.mark.parametrize(
    ("metric", "months"),
    [
        # January 10 + 100; February 20 + 40 + 200; nothing in March; April 80; the data ends on April 3
        ("ever", [110, 370, 370, 450]),
        ("week", [110, 0, 0, 80]),
        ("month_to_date", [110, 260, 0, 80]),
        ("stock", [110, 240, 240, 80]),
        ("average_stock", [110, 130, None, 80]),  # February: (20 + 240) / 2
        ("opening", [110, 20, None, 80]),
        ("peak", [110, 240, None, 80]),
        ("accounts", [110, 240, 240, 280]),  # in April the silver account still has its 200
    ],
)
def test_a_series_says_how_things_stood_at_the_end_of_each_bucket(ask, metric, months):
    """A month without rows keeps what stood, or has nothing; a window ends with the data."""
    answer = ask(metric, analysis="series", grain="month", period=WHOLE)
    assert by_month(answer, metric) == months


def test_what_stood_earlier_is_told_as_it_stood_then(ask):
    """A month before each month: what had been ordered by then, the last day's orders, those of each customer, and what was a month before that."""
    for metric, months in {
        "ever_before": [None, 110, 370, 370],
        "week_of_month_before": [None, 110, None, None],  # of April the data has three days: the week up to March 3
        "stock_before": [None, 110, 240, 240],
        "accounts_before": [None, 110, 240, 240],
        "two_months_before": [None, None, 110, 260],
    }.items():
        assert by_month(ask(metric, analysis="series", grain="month", period=WHOLE), metric) == months, metric


@pytest.mark.parametrize(("metric", "value"), [("ever_before", 370), ("stock_before", 240), ("accounts_before", 240), ("month_before", 260)])
def test_a_period_is_told_by_what_stood_before_it(ask, metric, value):
    """Of March: at the end of February."""
    assert ask(metric, period=Period(first=DAY(1, 3), last=DAY(31, 3))).value == value


def test_what_stood_at_the_start_is_told_by_day(ask):
    """On February 4 and 5 the last count of February 1 or before it: that of January 30."""
    rows = ask("stock_at_start", analysis="series", grain="day", period=Period(first=DAY(4, 2), last=DAY(5, 2))).rows
    assert [row["stock_at_start"] for row in rows] == [110, 110]


def test_a_breakdown_of_what_stood_earlier_adds_up_to_it(ask):
    """Each account by tier: gold 40 on February 5, silver 200."""
    march = Period(first=DAY(1, 3), last=DAY(31, 3))
    rows = ask("accounts_before", analysis="breakdown", group_by=("tier",), period=march).rows
    assert {row["tier"]: row["accounts_before"] for row in rows} == {"gold": 40, "silver": 200}


@pytest.mark.parametrize(
    ("metric", "value"),
    [("ever", 370), ("week", 260), ("month_to_date", 260), ("stock", 240), ("average_stock", (110 + 20 + 240) / 3), ("opening", 110), ("accounts", 240)],
)
def test_a_value_stands_at_the_end_of_its_period(ask, metric, value):
    """Until February 8: a window is of the days before that."""
    assert ask(metric, period=Period(first=DAY(1), last=DAY(8, 2))).value == pytest.approx(value)


def test_a_period_without_rows_has_the_balance_of_the_last_day_before_it(ask):
    """In March nothing was recorded."""
    march = Period(first=DAY(1, 3), last=DAY(31, 3))
    assert ask("stock", period=march).value == 240
    assert ask("opening", period=march).value is None


@pytest.mark.parametrize("metric", ["ever", "stock", "average_stock", "accounts"])
def test_a_breakdown_of_what_stands_adds_up_to_it(ask, metric):
    """At the same instants for every group."""
    period = Period(first=DAY(1), last=DAY(8, 2))
    rows = ask(metric, analysis="breakdown", group_by=("tier",), period=period).rows
    assert sum(row[metric] for row in rows) == pytest.approx(ask(metric, period=period).value)


def test_what_stands_is_compared_grows_and_is_shared(ask):
    """The change from January to February, growth by month, and the gold customers' share of the balance."""
    february, january = Period(first=DAY(1, 2), last=DAY(29, 2)), Period(first=DAY(1), last=DAY(31))
    compared = ask("stock", analysis="compare", period=february, compare=ComparePeriod(period=january))
    assert (compared.value, compared.comparison.value, compared.comparison.change) == (240, 110, 130)
    grown = ask("ever", analysis="series", grain="month", period=february, options={"change": "previous"})
    assert (grown.rows[0]["ever"], grown.rows[0]["ever.before"]) == (370, 110)
    share = ask("stock", analysis="share", group_by=("tier",), period=february)
    assert {row["tier"]: row["stock"] for row in share.rows} == {"silver": 200 / 240, "gold": 40 / 240}
    part = ask("stock", analysis="share", period=february, filters=(Filter(dimension="tier", values=("gold",)),), options={"part": "tier"})
    assert part.rows[0]["stock"] == 40 / 240


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"metrics": ("stock",), "analysis": "series", "grain": "month", "options": {"running": True}}, "running total"),
        ({"metrics": ("ever",), "analysis": "share", "grain": "month"}, "no shares over time"),
        ({"metrics": ("peak",), "analysis": "share", "group_by": ("tier",)}, "no shares"),
        ({"metrics": ("stock",), "analysis": "breakdown", "group_by": ("weekday(placed_on)",)}, "can't be told by"),
        ({"metrics": ("ever",), "period": WHOLE, "options": {"members": "orders.customer_id", "also_first": DAY(1)}}, "set of members"),
    ],
)
def test_what_would_mean_nothing_is_refused(ask, question, said):
    """With the reason."""
    with pytest.raises(NotAnswerable, match=said):
        ask("stock", **question)


def test_conditions_and_formulas_take_what_stands(ask):
    """Months that ended with more than 200 in stock; stock for each amount sold so far."""
    answer = ask("stock", analysis="series", grain="month", period=WHOLE, filters=(Filter(metric="stock", op=">", values=(200,)),))
    assert by_month(answer, "stock") == [240, 240]
    ratio = ask("stock / ever", analysis="series", grain="month", period=WHOLE)
    assert by_month(ratio, "stock / ever") == pytest.approx([1, 240 / 370, 240 / 370, 80 / 450])


VISITORS = [
    {"customer_id": 1, "began_at": datetime(2024, 1, 28, 9)},
    {"customer_id": 1, "began_at": datetime(2024, 1, 29, 9)},
    {"customer_id": 2, "began_at": datetime(2024, 1, 20, 9)},
    {"customer_id": 2, "began_at": datetime(2024, 2, 1, 9)},
    {"customer_id": None, "began_at": datetime(2024, 1, 29, 9)},
]


def test_an_order_belongs_to_the_latest_visit_before_it(ask):
    """Five visits: the order of January 30 belongs to the visit of the 29th alone; that of customer 2 came ten days after a visit."""
    tables = TABLES | {"visits": VISITORS}
    assert ask("bought", tables=tables).value == 3  # two after the visit of January 29, in less than seven days; one after that of February 1
    assert ask("conversion_rate", tables=tables).value == 3 / 5
    january = Period(first=DAY(1), last=DAY(31))
    assert ask("bought", tables=tables, period=january).value == 2
    rows = ask("bought", tables=tables, analysis="breakdown", group_by=("tier",)).rows
    assert {row["tier"]: row["bought"] for row in rows} == {"gold": 2, "silver": 1}


def test_what_must_be_the_same_is_of_both_events(star, answered):
    """A visit as long as the amount of an order: only then it led to that order, though a later visit came before it."""
    same = ((FieldId("visits", "minutes"), AMOUNT),)
    bought = replace(VISITS, over=Followed(goal=COUNT, within=Length(7, "day"), same=same, **BUYERS))
    catalog = star(metrics={"bought": Metric(name="bought", label="bought", formula=(bought,))})
    visits = [{"customer_id": 1, "began_at": datetime(2024, 2, day, 9), "minutes": minutes} for day, minutes in ((1, 20), (2, 41), (3, None), (4, 40))]
    assert answered({**TABLES, "visits": visits}, catalog=catalog, analysis="value", metrics=("bought",)).value == 2  # 20 of the 1st, 40 of the 4th


def test_what_is_known_by_the_day_follows_what_happened_that_day(ask):
    """Orders have days and visits have hours: an order of the day of a visit followed it, whatever the hour."""
    tables = TABLES | {"visits": [{"customer_id": 1, "began_at": datetime(2024, 4, 3, 17, 30)}]}
    assert ask("bought", tables=tables).value == 1


def test_an_order_belongs_to_the_last_visit_of_its_day(star, answered):
    """Of two visits of the day before the later one led to it, whatever is grouped by or filtered on: each kind has the same figure both ways."""
    catalog = star(metrics={"bought": Metric(name="bought", label="bought", formula=(BOUGHT,))})
    visits = [{"customer_id": 1, "began_at": datetime(2024, 4, 2, hour), "minutes": hour} for hour in (9, 17, 11)]
    tables = {"customers": CUSTOMERS, "orders": [{"customer_id": 1, "placed_on": DAY(3, 4), "amount": 80}], "visits": visits}
    asked = {"catalog": catalog, "metrics": ("bought",)}
    for hour, wanted in ((9, 0), (11, 0), (17, 1)):
        only = Filter(dimension="visits.minutes", op="between", values=(hour, hour))
        assert answered(tables, filters=(only,), **asked).value == wanted, hour
    assert answered(tables, **asked).value == 1


def test_nothing_in_one_of_two_periods_is_nothing_in_a_formula_too(answered):
    """No order in March: what the visits took is all there is, as it is where March is asked about alone."""
    tables = {**TABLES, "visits": [{"customer_id": 1, "began_at": datetime(2024, month, 5, 9), "minutes": 7} for month in (2, 3)]}
    march, february = (Period(first=DAY(1, month), last=DAY(28, month)) for month in (3, 2))
    alone = answered(tables, metrics=("revenue - minutes",), period=march)
    assert alone.value == -7
    beside = answered(tables, analysis="compare", metrics=("revenue - minutes",), period=march, compare=ComparePeriod(period=february))
    assert (beside.value, beside.rows[0]["revenue - minutes.before"]) == (-7, 260 - 7)


def test_row_policies_hold_on_both_sides_of_a_conversion(ask):
    """Who may see gold customers sees only what they bought."""
    grant = {"rows": {"customers": ({FieldId("customers", "tier"): ("gold",)},)}}
    tables = TABLES | {"visits": VISITORS}
    assert ask("conversion_rate", tables=tables, grant=grant).value == 2 / 2  # each order counts


def test_percentiles_lie_between_values_or_on_one(ask):
    """Of 10, 20, 40, 80, 100, 200: the place 0.9 * 5 lies in the middle of the last two."""
    assert ask("p90").value == pytest.approx(150)
    assert ask("p90_value").value == 200
    rows = ask("p90", analysis="breakdown", group_by=("tier",)).rows
    assert {row["tier"]: row["p90"] for row in rows} == {"gold": pytest.approx(68), "silver": pytest.approx(190)}


def test_the_first_and_the_last_bucket_that_the_data_covers_in_part_are_named(ask):
    """The data begins on January 30 and ends on April 3."""
    answer = ask("revenue", analysis="series", grain="month", period=WHOLE)
    assert answer.incomplete == (DAY(1), DAY(1, 4))
    assert ask("revenue", analysis="series", grain="day", period=WHOLE).incomplete == ()


def test_a_window_ends_with_the_data_unless_it_is_of_a_model_that_says_otherwise(ask, star, answered):
    """The data ends on April 3: the week before that has 80, the last week of April nothing."""
    assert by_month(ask("week", analysis="series", grain="month", period=WHOLE), "week")[-1] == 80
    formula = (replace(SUM, over=UpTo(window=Length(7, "day"), with_data=False)),)
    catalog = star(metrics={"week": Metric(name="week", label="week", formula=formula)})
    answer = answered(TABLES, catalog=catalog, metrics=("week",), analysis="series", grain="month", period=WHOLE)
    assert by_month(answer, "week")[-1] == 0


def test_a_small_group_behind_a_balance_is_not_told(ask, star):
    """Two people are fewer than three."""
    personal = {"datasets": {"customers": {"personal": True}}}
    with pytest.raises(NotPermitted):
        ask("stock", parts=personal, grant={"minimum_group": 3}, analysis="breakdown", group_by=("tier",))


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 10, 23), (11, 3, 24), (11, 4, 24)])
def test_a_day_has_the_hours_of_the_clock(answered, star, month, day, hours):
    """Instants kept in UTC are told by the clock of New York: on March 10 there is no two o'clock, on November 3 one o'clock holds two hours."""
    first = datetime(2024, month, day, 4 if month == 3 or day == 3 else 5)
    began = [first + timedelta(hours=n) for n in range(28)]
    parts = {"timezone": "America/New_York", "datasets": {"visits": {"timezone": "UTC"}}}
    tables = {"visits": [{"began_at": at} for at in began]}
    today = Period(first=date(2024, month, day), last=date(2024, month, day))
    answer = answered(tables, catalog=star(**parts), metrics=("visits",), analysis="series", grain="hour", period=today)
    told = {row["visits.began_at"].hour: row["visits"] for row in answer.rows}
    zone = ZoneInfo("America/New_York")
    local = [at.replace(tzinfo=UTC).astimezone(zone) for at in began]
    wanted = Counter(at.hour for at in local if at.date() == today.first)
    assert len(answer.rows) == hours
    assert {hour: count for hour, count in told.items() if count} == wanted
    assert answered(tables, catalog=star(**parts), metrics=("visits",), period=today).value == sum(wanted.values())


EURO = Currency(
    field=FieldId("orders", "status"),
    rates="rates.csv",
    report="USD",
    dated=(Rate("EUR", DAY(1), DAY(31), 1.5), Rate("EUR", DAY(1, 2), None, 2.0)),
)


def test_amounts_in_several_currencies_are_converted_with_the_rate_of_their_day(answered, star):
    """10 EUR in January are 15 USD, in February 20; what has no rate makes the sum unknown, and that is said."""
    sold = [
        {"placed_on": DAY(5), "status": "EUR", "amount": 10},
        {"placed_on": DAY(5, 2), "status": "EUR", "amount": 10},
        {"placed_on": DAY(5, 2), "status": "USD", "amount": 7},
    ]
    metrics = {
        "revenue": Metric(name="revenue", label="revenue", formula=(replace(SUM, money="amount"),), unit="USD"),
        "ever": Metric(name="ever", label="ever", formula=(replace(SUM, money="amount", over=UpTo()),), unit="USD"),
    }
    catalog = star(metrics=metrics, datasets={"orders": {"currency": EURO}})
    answer = answered({"orders": sold}, catalog=catalog, metrics=("revenue",))
    assert answer.value == 15 + 20 + 7
    assert "Amounts are in USD, at the rates of their days." in answer.notes
    months = answered({"orders": sold}, catalog=catalog, analysis="series", grain="month", metrics=("revenue", "ever"))
    assert [(row["revenue"], row["ever"]) for row in months.rows] == [(15, 15), (27, 42)]
    pounds = [*sold, {"placed_on": DAY(6, 2), "status": "GBP", "amount": 1}]
    unknown = answered({"orders": pounds}, catalog=catalog, metrics=("revenue",))
    assert unknown.value is None
    assert any("no rate" in note for note in unknown.notes)
    parts = answered({"orders": pounds}, catalog=catalog, analysis="breakdown", metrics=("revenue",), group_by=("status",))
    assert {row["status"]: row["revenue"] for row in parts.rows} == {"EUR": 35, "USD": 7, "GBP": None}


def test_amounts_are_not_added_where_nobody_said_that_they_are_money(answered, star):
    """Its owner has to give the metric a unit."""
    metrics = {"revenue": Metric(name="revenue", label="revenue", formula=(replace(SUM, money="unclear"),))}
    with pytest.raises(NotAnswerable, match="several currencies"):
        answered({"orders": []}, catalog=star(metrics=metrics, datasets={"orders": {"currency": EURO}}), metrics=("revenue",))


def test_a_question_of_both_kinds_meets_in_one_row(ask):
    """What was sold in a month beside what had been sold by its end, and by tier too."""
    answer = ask("revenue", metrics=("revenue", "ever", "stock"), analysis="series", grain="month", period=WHOLE)
    assert [(row["revenue"], row["ever"], row["stock"]) for row in answer.rows] == [(110, 110, 110), (260, 370, 240), (0, 370, 240), (80, 450, 80)]
    assert MetricQuestion(metrics=("revenue",)).grain is None


@pytest.mark.parametrize(
    ("metric", "months"),
    [
        # January 110; February 260; nothing in March; April 80; the data begins on January 30 and ends on April 3
        ("month_before", [None, 110, 260, None]),
        ("growth", [None, 150, -260, None]),
        ("customers_before", [None, 2, 2, None]),
        ("week_before", [None, 370, None, 80]),  # of February: January 25 to February 22
    ],
)
def test_a_series_is_told_with_what_was_earlier(ask, metric, months):
    """Each month has the one before it, or its days a week before; without rows there, or before the data begins, it is unknown."""
    assert by_month(ask(metric, analysis="series", grain="month", period=WHOLE), metric) == months


def test_days_have_the_first_day_of_their_month(ask):
    """What was sold on the first of a month stands beside each of its days, and nothing where nothing was."""
    tables = {**TABLES, "orders": [*ORDERS, {"customer_id": 2, "placed_on": DAY(1, 2), "amount": 7}]}
    answer = ask("month_start", tables=tables, analysis="series", grain="day", period=Period(first=DAY(30), last=DAY(3, 2)))
    assert by_month(answer, "month_start") == [None, None, 7, 7, 7]
    with pytest.raises(NotAnswerable, match="first day of each month, so I can't tell it by quarter"):
        ask("month_start", tables=tables, analysis="series", grain="quarter", period=WHOLE)


@pytest.mark.parametrize(
    ("metric", "first", "last", "value"),
    [
        ("month_before", DAY(1, 2), DAY(29, 2), 110),  # all of January, 31 days
        ("month_before", DAY(1, 3), DAY(30, 3), 260),  # to the last of February, where there is no 30th
        ("month_before", DAY(1, 3), DAY(4, 3), 20),
        ("week_before", DAY(6, 2), DAY(9, 2), 130),  # January 30 to February 2
        ("growth", DAY(1, 2), DAY(29, 2), 150),
    ],
)
def test_a_period_is_told_with_the_one_before_it(ask, metric, first, last, value):
    """Whole months with whole months, other days with the same days of the month before."""
    assert ask(metric, period=Period(first=first, last=last)).value == value


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"period": None}, "of which period"),
        ({"period": Period(first=DAY(1), last=DAY(31))}, "data begins after"),
        ({"analysis": "series", "grain": "week", "period": WHOLE}, "does not fall on a week"),
        ({"analysis": "series", "grain": "quarter", "period": WHOLE}, "does not fall on a quarter"),
        ({"analysis": "series", "grain": "month", "period": WHOLE, "options": {"running": True}}, "do not add up"),
    ],
)
def test_what_has_no_earlier_time_is_refused(ask, question, said):
    """Instead of a figure that compares what does not compare."""
    with pytest.raises(NotAnswerable, match=said):
        ask("month_before", **question)


def test_a_breakdown_of_growth_adds_up_to_it(ask):
    """Whoever bought nothing now lost what they had, and the other way round."""
    period = Period(first=DAY(1, 3), last=DAY(31, 3))
    rows = ask("growth", analysis="breakdown", group_by=("tier",), period=period).rows
    assert {row["tier"]: row["growth"] for row in rows} == {"gold": -60, "silver": -200}
    assert sum(row["growth"] for row in rows) == ask("growth", period=period).value == -260


def test_an_earlier_figure_of_people_is_not_told_where_they_must_be_counted(ask):
    """What lies around the earlier time is not looked at, so that a single customer could be worked out."""
    personal = {"datasets": {"customers": {"personal": True}}}
    with pytest.raises(NotPermitted, match="few people"):
        ask(
            "month_before",
            period=Period(first=DAY(1, 5), last=DAY(31, 5)),
            parts=personal,
            grant={"minimum_group": 2},
            analysis="breakdown",
            group_by=("tier",),
        )
