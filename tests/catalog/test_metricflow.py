"""Our answers over MetricFlow's sample project beside MetricFlow's own, recorded by `benchmarks/metricflow.py`."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import insights
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
LEFT_OUT = {"ones_visits", "amount_growth_7_days", "amount_growth_1_month", "amount_since_month_start"}
"""What the model cannot say yet: refused by name."""
SPARSE = ("transactions_7_days_last", ["metric_time__month", "transaction__is_large"])
"""MetricFlow tells the last day of the month that a group has rows for; here it is the last day of the month, on which this group has none."""


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
    last = max((key[0] for key in ours), default="") if request.grain else ""
    theirs = {key: value for key, value in theirs.items() if not last or key[0] <= last}
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
    asked = [answer for answer in ANSWERED if answer["metric"] == metric and (metric, answer["group_by"]) != SPARSE]
    wrong = {json.dumps({key: one[key] for key in ("group_by", "where", "start")}): said for one in asked if (said := compared(company, one))}
    assert asked
    assert wrong == {}


@pytest.mark.parametrize("metric", sorted(LEFT_OUT))
def test_what_cannot_be_said_is_left_out_by_name(company, metric):
    """A metric that this version cannot answer is not there, and the reason is kept with its name."""
    assert metric not in company.catalog.metrics
    assert company.catalog.refused[metric]
