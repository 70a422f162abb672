"""Our answers over MetricFlow's sample project beside MetricFlow's own, recorded by `benchmarks/metricflow.py`."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

import insights
from insights.catalog.model import Balance, Earlier, UpTo
from insights.errors import InsightsError
from insights.permit import Asker
from insights.requests import Filter, MetricQuestion, Period

SAMPLE = Path(__file__).parents[1] / "external" / "metricflow"
GRAINS = {"metric_time": "day", "metric_time__week": "week", "metric_time__month": "month"}
FIELDS = {
    "transaction__is_large": "transactions.is_large",
    "transaction__quick_buy_transaction": "transactions.quick_buy_transaction",
    "customer__customer_country": "customers.customer_country",
    "customer__country__region": "countries.region",
    "visit__channel": "visits.channel",
    "customer__tier": "tiers.tier",
    "metric_time__retail_period": "all_days.retail_period",
}
FILTERS = {
    "{{ Dimension('customer__customer_country') }} = 'MX'": Filter(dimension="customers.customer_country", op="=", values=("MX",)),
    "{{ Dimension('transaction__is_large') }}": Filter(dimension="transactions.is_large", op="=", values=(True,)),
    "{{ Dimension('customer__customer_country') }} IN ('MX', 'US')": Filter(dimension="customers.customer_country", op="=", values=("MX", "US")),
    "{{ Dimension('visit__channel') }} <> 'mail'": Filter(dimension="visits.channel", op="!=", values=("mail",)),
    "{{ Dimension('country__region', entity_path=['customer']) }} = 'NA'": Filter(dimension="countries.region", op="=", values=("NA",)),
}
RECORDED = json.loads((SAMPLE / "results.json").read_text())["answers"]
ANSWERED = [answer for answer in RECORDED if "error" not in answer]
METRICS = sorted({answer["metric"] for answer in ANSWERED})
LEFT_OUT = {"conversion_growth"}
"""What the model cannot say yet, an earlier time of a conversion: refused by name."""
MONTHS_BEFORE = ("amount_growth_1_month", "amount_growth_rate", "growth_of_monthly_growth", "weekly_growth_a_month_before", "account_growth")
WEEKS_BY_MONTHS = {(metric, "metric_time__week") for metric in MONTHS_BEFORE}
"""A month before a week lies no week: MetricFlow finds nothing but for one that begins a month after another did, here the question is refused."""
NESTED = {("growth_of_growth", "metric_time__month")}
"""Seven days before a month lies no month: of a growth seven days before MetricFlow finds nothing for any, here it is that of all the days."""
QUOTIENTS = {("mail_share_growth", "metric_time__month")}
"""Of a quotient seven days before a month MetricFlow tells that of one day, seven before the first; here it is that of the whole month, seven days before."""
SPARSE = ("transactions_7_days_last", ["metric_time__month", "transaction__is_large"])
"""MetricFlow tells the last day of the month that a group has rows for; here it is the last day of the month, on which this group has none."""


PERIOD = "metric_time__retail_period"
"""A granularity of the project's own: how things stood, and what is of another time, is refused by it; `ones_visits` fills periods that no row has."""


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The sample project as we read it."""
    with closing(insights.open(SAMPLE, home=tmp_path_factory.mktemp("home"))) as assistant:
        yield assistant


def question(asked):
    """MetricFlow's query as a question of ours."""
    grain = next((GRAINS[name] for name in asked["group_by"] if name in GRAINS), None)
    fields = tuple(FIELDS[name] for name in asked["group_by"] if name not in GRAINS)
    period = Period(first=date.fromisoformat(asked["start"]), last=date.fromisoformat(asked["end"])) if asked["start"] else None
    filters = (FILTERS[asked["where"]],) if asked["where"] else ()
    return MetricQuestion(
        analysis="series" if grain else "breakdown" if fields else "value",
        metrics=(asked["metric"],),
        group_by=fields,
        grain=grain,
        filters=filters,
        period=period,
    )


def cells(names, rows):
    """The figures by what they are grouped by, days as text; what has no figure is left out."""
    found = {}
    for *key, value in rows:
        if value is not None:
            found[tuple(str(part)[:10] if isinstance(part, date) else part for part in key)] = value
    return found


def compared(company, asked):
    """What is not as MetricFlow has it; an empty text when everything is."""
    request = question(asked)
    parts = company._parts
    try:
        answer = parts.questions.answer(request, parts.permit.decide(request, Asker(person=None, audience="private")))
    except InsightsError as error:
        return f"refused: {error}"[:150]
    theirs = cells(asked["columns"], asked["rows"])
    ours = cells(request.group_by, [tuple(row.values()) for row in answer.rows] if asked["group_by"] else [(answer.value,)])
    days = [str(next(iter(row.values())))[:10] for row in answer.rows] if request.grain else []
    theirs = {key: value for key, value in theirs.items() if not days or min(days) <= key[0] <= max(days)}
    ours = {key: value for key, value in ours.items() if key in theirs or value != 0}
    theirs = {key: value for key, value in theirs.items() if key in ours or value != 0}
    if ours.keys() != theirs.keys():
        only = [f"ours {k}={ours[k]}" for k in ours.keys() - theirs.keys()][:3] + [f"theirs {k}={theirs[k]}" for k in theirs.keys() - ours.keys()][:3]
        return f"keys: {only}"
    wrong = [f"{key}: {ours[key]} for {theirs[key]}" for key in ours if ours[key] != pytest.approx(theirs[key], abs=1e-6)]
    return f"values: {wrong[:3]} ({len(wrong)} of {len(ours)})" if wrong else ""


@pytest.mark.parametrize("metric", [metric for metric in METRICS if metric not in LEFT_OUT])
def test_every_figure_is_that_of_metricflow(company, metric):
    """A metric comes to what MetricFlow says, in total, by time, by dimension, filtered and within a period."""
    unlike = WEEKS_BY_MONTHS | QUOTIENTS | NESTED
    asked = [answer for answer in ANSWERED if answer["metric"] == metric and (metric, answer["group_by"]) != SPARSE]
    asked = [answer for answer in asked if not any((metric, name) in unlike for name in answer["group_by"])]
    stands = any(isinstance(part.over, UpTo | Balance | Earlier) for part in company.catalog.metrics[metric].aggregations)
    asked = [answer for answer in asked if PERIOD not in answer["group_by"] or (not stands and metric != "ones_visits")]
    wrong = {json.dumps({key: one[key] for key in ("group_by", "where", "start")}): said for one in asked if (said := compared(company, one))}
    assert asked
    assert wrong == {}


@pytest.mark.parametrize("metric", ["balance_last", "cumulative_transactions", "amount_growth_7_days"])
def test_how_things_stood_is_refused_by_a_granularity_of_the_project(company, metric):
    """With the steps that it can be told by."""
    (asked,) = [answer for answer in ANSWERED if answer["metric"] == metric and answer["group_by"] == [PERIOD]]
    assert compared(company, asked).endswith("can't be told by retail period. Ask for it by day, by week or by month.")


@pytest.mark.parametrize("metric", sorted(metric for metric, _ in WEEKS_BY_MONTHS))
def test_weeks_are_not_set_against_weeks_a_month_before(company, metric):
    """Where MetricFlow has no figure for weeks, but for March 28, a month after February 28, the question is refused with what can be asked."""
    asked = [answer for answer in ANSWERED if answer["metric"] == metric and answer["group_by"] == ["metric_time__week"]]
    assert {row[0] for answer in asked for row in answer["rows"] if row[-1] is not None} <= {"2022-03-28"}
    assert all(
        compared(company, answer) == "refused: A week does not fall on a week 1 month earlier. Ask by day, or by a step that goes into it." for answer in asked
    )


def test_a_quotient_of_an_earlier_time_is_that_of_all_its_days(company):
    """The share of mail in the 31 days that end a week before March does, and those before April, counted from the file."""
    with (SAMPLE / "extra" / "visits_seed.csv").open() as file:
        visits = [(date.fromisoformat(row["ds"]), row["channel"]) for row in csv.DictReader(file)]

    def share(first, last):
        there = [channel for day, channel in visits if first <= day <= last]
        return there.count("mail") / len(there)

    (asked,) = [
        answer for answer in ANSWERED if (answer["metric"], answer["group_by"]) == ("mail_share_growth", ["metric_time__month"]) and not answer["where"]
    ]
    request, parts = question(asked), company._parts
    rows = parts.questions.answer(request, parts.permit.decide(request, Asker(person=None, audience="private"))).rows
    march = share(date(2022, 3, 1), date(2022, 3, 31)) - share(date(2022, 2, 22), date(2022, 3, 24))
    april = share(date(2022, 4, 1), date(2022, 4, 30)) - share(date(2022, 3, 25), date(2022, 4, 23))
    assert [row["mail_share_growth"] for row in rows] == pytest.approx([march, april])


def test_the_growth_of_a_growth_is_that_of_all_the_days_of_a_month(company):
    """March against the same days a week and two weeks before, counted from the file; for MetricFlow there is none."""
    with (SAMPLE / "transactions_seed.csv").open() as file:
        amounts = [(date.fromisoformat(row["ds"]), float(row["transaction_amount_usd"])) for row in csv.DictReader(file)]

    def months(start, after, weeks):
        return sum(amount for day, amount in amounts if start <= day + timedelta(weeks=weeks) < after)

    def growth_of_growth(start, after):
        return months(start, after, 0) - 2 * months(start, after, 1) + months(start, after, 2)

    (asked,) = [answer for answer in ANSWERED if (answer["metric"], answer["group_by"]) == ("growth_of_growth", ["metric_time__month"]) and not answer["where"]]
    assert {row[-1] for row in asked["rows"]} == {None}
    request, parts = question(asked), company._parts
    rows = parts.questions.answer(request, parts.permit.decide(request, Asker(person=None, audience="private"))).rows
    wanted = [growth_of_growth(date(2022, 3, 1), date(2022, 4, 1)), growth_of_growth(date(2022, 4, 1), date(2022, 5, 1))]
    assert [row["growth_of_growth"] for row in rows] == pytest.approx(wanted)


@pytest.mark.parametrize("metric", sorted(LEFT_OUT))
def test_what_cannot_be_said_is_left_out_by_name(company, metric):
    """A metric that this version cannot answer is not there, and the reason is kept with its name."""
    assert metric not in company.catalog.metrics
    assert company.catalog.refused[metric]
