"""One suite of questions that every engine answers with the same rows."""

from datetime import date

from insights.catalog.model import FieldId
from insights.permit import Asker, Grant
from insights.requests import ComparePeriod, CompareValues, Filter, MetricQuestion, Period

YEAR = Period(first=date(2024, 1, 1), last=date(2024, 12, 31))
TURN = Period(first=date(2024, 12, 29), last=date(2025, 1, 3))
SPRING = Period(first=date(2025, 3, 29), last=date(2025, 3, 31))
HALF, OTHER_HALF = Period(first=date(2024, 1, 1), last=date(2024, 6, 30)), Period(first=date(2024, 7, 1), last=date(2024, 12, 31))
EMEA = {"rows": {"regions": ({FieldId("regions", "area"): ("EMEA",)},)}}

MEDIANS = {"median", "median of whole numbers", "percentile", "discrete percentile", "median by tier", "percentiles by gift"}
"""Questions that Athena can only estimate the answer of."""


def ask(analysis="value", metrics=("revenue",), grant=None, **more):
    """A question and what its asker is restricted by."""
    more = {key: (value,) if isinstance(value, str) and key in ("group_by",) else value for key, value in more.items()}
    return MetricQuestion(analysis=analysis, metrics=(metrics,) if isinstance(metrics, str) else metrics, **more), grant or {}


def where(dimension, *values, op="="):
    """A condition."""
    return Filter(dimension=dimension, op=op, values=values)


QUESTIONS = {
    "total": ask(),
    "total of a year": ask(period=YEAR),
    "total at the turn of the year": ask(period=TURN),
    "orders": ask(metrics="orders"),
    "distinct buyers": ask(metrics="buyers"),
    "mean of decimals": ask(metrics="average_amount"),
    "mean of doubles": ask(metrics="score"),
    "median": ask(metrics="typical_amount"),
    "median of whole numbers": ask(metrics="median(orders.pieces)"),
    "percentile": ask(metrics="high_amount"),
    "discrete percentile": ask(metrics="high_pieces"),
    "largest and smallest": ask(metrics=("largest", "smallest")),
    "ratio of sums": ask(metrics="paid_share"),
    "ratio of whole numbers": ask(metrics="pieces_each"),
    "whole numbers divided in a row": ask(metrics="third"),
    "ratio of two facts": ask(metrics="conversion", period=YEAR),
    "formula": ask(metrics="revenue / buyers"),
    "nothing in the period": ask(period=Period(first=date(2024, 2, 30 - 1), last=date(2024, 2, 29)), filters=(where("status", "nowhere"),)),
    "a filtered metric without rows": ask(metrics="paid", filters=(where("status", "apple"),)),
    "by status": ask("breakdown", group_by="status"),
    "by status, orders": ask("breakdown", "orders", group_by="status"),
    "by gift": ask("breakdown", group_by="gift"),
    "by area through two joins": ask("breakdown", group_by="area"),
    "by area of a year": ask("breakdown", group_by="area", period=YEAR),
    "by tier and status": ask("breakdown", group_by=("tier", "status")),
    "by a definition with CASE": ask("breakdown", group_by="size"),
    "several metrics by tier": ask("breakdown", ("revenue", "orders", "buyers", "paid_share"), group_by="tier"),
    "two facts by tier": ask("breakdown", ("revenue", "visits"), group_by="tier"),
    "two facts and a ratio by area": ask("breakdown", ("orders", "minutes", "conversion"), group_by="area"),
    "median by tier": ask("breakdown", "typical_amount", group_by="tier"),
    "mean by status": ask("breakdown", "average_amount", group_by="status"),
    "percentiles by gift": ask("breakdown", ("high_amount", "high_pieces"), group_by="gift"),
    "rows of a joined filter by status": ask("breakdown", "gold_orders", group_by="status"),
    "top statuses": ask("ranking", group_by="status", limit=3, order="desc"),
    "least orders by status": ask("ranking", "orders", group_by="status", limit=4, order="asc"),
    "top of each tier": ask("ranking", "orders", group_by=("tier", "status"), limit=2, order="desc", options={"within": "tier"}),
    "top with a condition on figures": ask("ranking", group_by="status", limit=5, order="desc", filters=(Filter(metric="orders", op=">", values=(20,)),)),
    "by status with a condition on figures": ask("breakdown", group_by="status", filters=(Filter(metric="revenue", op=">=", values=(5000.5,)),)),
    "by hour": ask("series", "visits", grain="hour", period=SPRING),
    "by day at the turn of the year": ask("series", grain="day", period=TURN),
    "visits by day": ask("series", "visits", grain="day", period=TURN),
    "by week": ask("series", grain="week", period=YEAR),
    "visits by week": ask("series", "visits", grain="week"),
    "by month": ask("series", grain="month"),
    "visits by month": ask("series", ("visits", "score"), grain="month"),
    "by quarter": ask("series", grain="quarter"),
    "by year": ask("series", ("revenue", "buyers"), grain="year"),
    "by month and tier": ask("series", grain="month", group_by="tier", period=YEAR),
    "two facts by month": ask("series", ("orders", "visits"), grain="month"),
    "by weekday": ask("breakdown", group_by="weekday(placed_on)"),
    "visits by weekday": ask("breakdown", "visits", group_by="weekday(began_at)"),
    "visits by hour of the day": ask("breakdown", "visits", group_by="hour(began_at)"),
    "by day of the month": ask("breakdown", "orders", group_by="day_of_month(placed_on)"),
    "by month of the year": ask("breakdown", "orders", group_by="month_of_year(placed_on)"),
    "by quarter of the year": ask("breakdown", "orders", group_by="quarter_of_year(placed_on)"),
    "two halves compared": ask("compare", period=OTHER_HALF, compare=ComparePeriod(period=HALF)),
    "two halves compared by status": ask("compare", ("revenue", "orders"), group_by="status", period=OTHER_HALF, compare=ComparePeriod(period=HALF)),
    "two values compared": ask("compare", compare=CompareValues(dimension="status", values=("paid", "日本"))),
    "share": ask("share", group_by="status"),
    "share of a year by tier": ask("share", group_by="tier", period=YEAR),
    "share of a part": ask("share", filters=(where("tier", "gold"),), options={"part": "tier"}, group_by="status"),
    "share by month": ask("share", group_by="gift", grain="month", period=YEAR),
    "running": ask("series", ("revenue", "orders"), grain="month", period=YEAR, options={"running": True}),
    "running by gift": ask("series", grain="quarter", group_by="gift", period=YEAR, options={"running": True}),
    "running distinct": ask("series", "buyers", grain="month", period=YEAR, options={"running": True}),
    "running mean": ask("series", "average_amount", grain="month", period=YEAR, options={"running": True}),
    "running largest": ask("series", "max(orders.amount)", grain="month", period=YEAR, options={"running": True}),
    "growth": ask("series", grain="month", period=YEAR, options={"change": "previous"}),
    "growth over a year": ask("series", grain="month", options={"change": "year"}),
    "steps of a width": ask("breakdown", "orders", group_by="bin(orders.amount)", options={"width": 100}),
    "a few steps": ask("breakdown", "orders", group_by="bin(orders.pieces)", options={"bins": 3}),
    "steps of their own": ask("breakdown", "visits", group_by="bin(visits.score)"),
    "buyers who came again": ask(
        metrics="count_distinct(orders.customer_id)",
        period=HALF,
        options={"members": "orders.customer_id", "also_first": "2024-07-01", "also_last": "2024-12-31"},
    ),
    "buyers who did not come again": ask(
        metrics="count_distinct(orders.customer_id)",
        period=HALF,
        options={"members": "orders.customer_id", "not_first": "2024-07-01", "not_last": "2024-08-31"},
    ),
    "list": ask("list", (), columns=("order_id", "placed_on", "status", "orders.amount"), options={"dataset": "orders"}, limit=40),
    "list with joins in the order of status": ask(
        "list", (), columns=("status", "order_id", "tier", "area", "gift"), options={"dataset": "orders", "by": "status"}, limit=100
    ),
    "list in the order of amount": ask(
        "list", (), columns=("order_id", "orders.amount"), options={"dataset": "orders", "by": "orders.amount"}, order="desc", limit=20
    ),
    "list of instants": ask("list", (), columns=("began_at", "minutes", "score"), options={"dataset": "visits"}, period=SPRING),
    "one status": ask(filters=(where("status", "Éclair"),)),
    "several statuses": ask(metrics="orders", filters=(where("status", "paid", "straße", None),)),
    "other statuses": ask(metrics="orders", filters=(where("status", "paid", "日本", op="!="),)),
    "a quote in a value": ask("breakdown", "orders", group_by="tier", filters=(where("status", "it's; --"),)),
    "an empty text": ask(metrics="orders", filters=(where("status", ""),)),
    "starts with": ask("breakdown", "orders", group_by="status", filters=(where("status", "é", "PAID", op="starts_with"),)),
    "starts with an umlaut": ask("breakdown", "orders", group_by="status", filters=(where("status", "är", op="starts_with"),)),
    "unknown status": ask(metrics="orders", filters=(where("status", op="is_null"),)),
    "known area": ask(metrics="orders", filters=(where("area", op="not_null"),)),
    "between amounts": ask(metrics="orders", filters=(where("orders.amount", 0.1, 100, op="between"),)),
    "amount from a fraction": ask(metrics="orders", filters=(where("orders.amount", 10.05, op=">="),)),
    "gifts": ask(metrics="revenue", filters=(where("gift", True),)),
    "chosen by what customers ordered": ask(metrics=("visits_of_buyers", "minutes_of_much")),
    "chosen by what customers ordered, by tier": ask("breakdown", ("visits_of_buyers", "minutes_of_much"), group_by="tier"),
    "a month before": ask("series", ("revenue", "revenue_before", "ever_before"), grain="month", period=YEAR),
    "a policy and what customers ordered": ask(metrics=("visits_of_buyers", "minutes_of_much"), grant=EMEA),
    "a policy": ask(grant=EMEA),
    "a policy by tier": ask("breakdown", ("revenue", "orders"), group_by="tier", grant=EMEA),
    "a policy by month": ask("series", grain="month", period=YEAR, grant=EMEA),
    "a policy over two facts": ask("breakdown", ("orders", "visits"), group_by="tier", grant=EMEA),
    "a policy and a list": ask("list", (), columns=("order_id", "area", "status"), options={"dataset": "orders"}, limit=30, grant=EMEA),
}


def granted(catalog, restricted):
    """Everything, but for what restricts it."""
    return Grant(asker=Asker(person=None, audience="private"), metrics=frozenset(catalog.metrics), datasets=frozenset(catalog.datasets), **restricted)
