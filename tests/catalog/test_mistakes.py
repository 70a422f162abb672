"""Each kind of mistake is told with its file, its line and what to do."""

from __future__ import annotations

import pytest

MODEL_MISTAKES = [
    # what stands there, what is written instead, what tells the line, part of the message, part of the suggestion
    ('"0.1.1"', '"0.3"', "version", "version 0.3", "0.1.1"),
    ("    description: A small shop.", "    descripton: A small shop.", "descripton", "no key 'descripton'", "Did you mean 'description'?"),
    (
        "      - name: orders\n        source",
        "      - name: customers\n        source",
        "      - name: customers\n        source: data/customers",
        "declared twice",
        "Rename",
    ),
    ("source: data/orders.parquet", "source: data/ordres.parquet", "data/ordres", "cannot be read", "Make it."),
    ("source: data/orders.parquet", "source: select * from orders", "select *", "is a query", "Name a file"),
    ("source: data/orders.parquet", "source: data/nowhere", "data/nowhere", "does not exist", "relative to the model file"),
    ("source: data/orders.parquet", "source: https://x/orders.csv", "https", "cannot be read", "s3://"),
    ("primary_key: [id]\n        ai", "primary_key: [di]\n        ai", "[di]", "the column 'di' does not exist", "There is amount"),
    ("unique_keys: [[email]]", "unique_keys: [[mail]]", "[[mail]]", "the column 'mail' does not exist", "Did you mean 'email'?"),
    ("expression: status}", "expression: statsu}", "statsu", "'statsu' does not exist", "Did you mean 'status'?"),
    ("expression: amount - cost}", "expression: amount - coast}", "coast", "'coast' does not exist", "Did you mean 'cost'?"),
    ("expression: amount - cost}", "expression: customers.region}", "expression: customers.region", "not a column of orders", "Relate"),
    ("expression: amount - cost}", "expression: amount - profit}", "amount - profit", "defined by itself", "Name a column"),
    ("expression: amount - cost}", "expression: profit}", "expression: profit}", "there is no column 'profit' in orders", "There is amount"),
    ("expression: amount - cost}", "expression: SUM(amount)}", "SUM(amount)", "is an aggregate", "metric"),
    ("expression: amount - cost}", "expression: (amount}", "(amount", "not valid SQL", "parentheses"),
    ("expression: amount - cost}", "expression: amount; DROP TABLE x}", "DROP", "one and no more", "semicolons"),
    ("expression: amount - cost}", "expression: (SELECT 1)}", "SELECT 1", "query inside", ""),
    ("expression: amount - cost}", "expression: getenv('HOME')}", "getenv", "not known", ""),
    ("expression: amount - cost}", "expression: amount - CURRENT_DATE}", "CURRENT_DATE", "clock", ""),
    ("dialect: ANSI_SQL, expression: amount - cost", "dialect: MDX, expression: amount - cost", "MDX", "not SQL", "ANSI_SQL"),
    ("dialect: ANSI_SQL, expression: amount - cost", "dialect: ANSI, expression: amount - cost", "dialect: ANSI,", "'ANSI' is not known", "ANSI_SQL"),
    (
        "{name: profit, expression: {dialects: [{dialect: ANSI_SQL, expression: amount - cost}]}}",
        "{name: profit}",
        "{name: profit}",
        "needs 'expression'",
        "dialects",
    ),
    ("is_time: true", "is_time: maybe", "is_time: maybe", "must be true or false", ""),
    ("is_time: true", "is_tme: true", "is_tme", "no key 'is_tme'", "is_time"),
    ("name: profit", "name: net.profit", "net.profit", "cannot be the name", "'net_profit'"),
    ("name: profit", "name: cost", "name: cost, expression: {dialects: [{dialect: ANSI_SQL, expression: amount", "declared twice", "Rename"),
    ("to: customers", "to: customer", "to: customer,", "no dataset 'customer'", "Did you mean 'customers'?"),
    ("from_columns: [customer_id]", "from_columns: [custmer_id]", "custmer_id", "'custmer_id' does not exist", "Did you mean 'customer_id'?"),
    ("to_columns: [id]", "to_columns: [id, email]", "to_columns: [id, email]", "1 columns to 2", "as many"),
    ("to_columns: [id]", "to_columns: [region]", "to_columns: [region]", "no key of 'customers'", "unique_keys: [[region]]"),
    ("SUM(orders.amount)", "SUM(orders.amout)", "amout", "'orders.amout' does not exist", "Did you mean 'amount'?"),
    ("SUM(orders.amount)", "SUM(order.amount)", "order.amount", "dataset 'order' does not exist", "Did you mean 'orders'?"),
    ("SUM(orders.amount)", "SUM(id)", "SUM(id)", "several datasets", "customers.id or orders.id"),
    ("SUM(orders.amount)", "orders.amount", "expression: orders.amount", "outside an aggregate", "SUM(orders.amount)"),
    ("SUM(orders.amount)", "SUM(orders.amount * customers.id)", "* customers.id", "several datasets", "one dataset"),
    ("SUM(orders.amount)", "SUM(MAX(orders.amount))", "SUM(MAX", "aggregate", ""),
    ("SUM(orders.amount)", "STDDEV(orders.amount)", "STDDEV", "cannot be used", ""),
    ("SUM(orders.amount)", "SUM(orders.amount) OVER ()", "OVER", "window function", ""),
    ("SUM(orders.amount)", "'COUNT(DISTINCT orders.id, orders.status)'", "DISTINCT orders.id, ", "DISTINCT", ""),
    ("SUM(orders.amount)", "revenue * 2", "revenue * 2", "defined by itself", "circle"),
    ("SUM(orders.amount)", "1 + 1", "1 + 1", "needs an aggregate", "SUM"),
    ("- name: revenue\n", "- name: net revenue\n", "net revenue", "cannot be the name of a metric", "'net_revenue'"),
    ("    metrics:\n", "    metric:\n", "    metric:\n", "no key 'metric'", "Did you mean 'metrics'?"),
]
OVERLAY_MISTAKES = [
    ("version: 1", "version: 2", "version: 2", "version 2", "version: 1"),
    ("locale: en-US", "locale: english", "locale", "not a locale", "en-US"),
    ("timezone: America/New_York", "timezone: America/New_Yrok", "New_Yrok", "not a time zone", "America/New_York"),
    ("week_starts: monday", "week_starts: tuesday", "week_starts", "monday, sunday or saturday", ""),
    ("fiscal_year_starts: february", "fiscal_year_starts: febuary", "febuary", "must be", "Did you mean 'february'?"),
    ("periods: calendar", "period: calendar", "period: calendar", "no key 'period'", "Did you mean 'periods'?"),
    ("today: 2026-05-31", "today: 2026-05-32", "05-32", "must be a date", ""),
    ("holidays: US", "holidays: [2026-02-30]", "02-30", "must be a date", ""),
    ("    label: Revenue\n", "    label: Revenue\n    label: Sales\n", "    label: Sales", "given twice, first in line 11", "Keep one"),
    ("  revenue:\n    label", "  revenu:\n    label", "  revenu:", "is not in the model", "Did you mean 'revenue'?"),
    ("    good: up", "    good: yes", "good: yes", "up, down or neither", ""),
    ("time: orders.ordered_on", "time: orders.orderd_on", "orderd_on", "no field 'orders.orderd_on'", "Did you mean 'ordered_on'?"),
    ("time: orders.ordered_on", "time: orders.status", "time: orders.status", "not a time field", "is_time: true"),
    ("filter: orders.status <> 'test'", "filter: orders.staus <> 'test'", "staus", "'orders.staus' does not exist", "Did you mean 'status'?"),
    ("filter: orders.status <> 'test'", "filter: orders.amount + 1", "amount + 1", "condition is needed", "Compare"),
    ("filter: orders.status <> 'test'", "filter: orders.status <>", "filter", "not valid SQL", ""),
    ("target: {2026: 48000000}", "target: {2026: many}", "many", "must be a number", ""),
    ("target: {2026: 48000000}", "target: revenu", "target: revenu", "no metric 'revenu'", "Did you mean 'revenue'?"),
    ("certified: true", "certified: 3", "certified", "true or false", ""),
    ("sensitivity: internal\n    fresh", "sensitivity: secret\n    fresh", "secret", "public, internal or confidential", ""),
    ("fresh_within: 1 day", "fresh_within: soon", "soon", "length of time", "1 day"),
    ("type: ratio,", "type: ration,", "ration", "must be", "Did you mean 'ratio'?"),
    ("type: ratio,", "type: simple,", "average_order", "no key 'numerator'", ""),
    ("type: ratio, ", "", "average_order", "does not say its 'type'", "type: ratio"),
    ("numerator: revenue, denominator: orders", "numerator: revenue", "average_order", "needs 'denominator'", ""),
    ("denominator: orders", "denominator: order", "average_order", "no metric 'order'", "Did you mean 'orders'?"),
    ("expression: revenue * 2", "expression: revenu * 2", "revenu *", "no field 'revenu'", ""),
    ("expression: revenue * 2", "expression: double * 2", "double * 2", "defined by itself", "circle"),
    ("{type: derived, expression: revenue * 2}", "{type: cumulative, of: revenu}", "revenu}", "no metric 'revenu'", "Did you mean 'revenue'?"),
    ("{type: derived, expression: revenue * 2}", "{type: cumulative, of: revenue, window: a week}", "a week", "must be a length of time", "28 days"),
    ("{type: derived, expression: revenue * 2}", "{type: cumulative, of: revenue, to_date: week}", "to_date: week", "month, quarter or year", ""),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: cumulative, of: revenue, to_date: month, window: 7 days}",
        "window: 7 days",
        "a window and a to_date",
        "Keep one",
    ),
    ("{type: derived, expression: revenue * 2}", "{type: balance, of: revenue, take: middle}", "take: middle", "last, first, average, min or max", ""),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: balance, of: average_order, take: average}",
        "take: average",
        "does not add up",
        "divide two balances",
    ),
    ("{type: derived, expression: revenue * 2}", "{type: balance, of: average_order, take: min}", "take: min", "not one sum or count", "one sum or count"),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: balance, of: revenue, per: orders.custmer}",
        "orders.custmer",
        "no field 'orders.custmer'",
        "Did you mean 'customer_id'?",
    ),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: balance, of: revenue, take: average, per: orders.customer_id}",
        "take: average",
        "'per' goes with last and first",
        "Leave it out",
    ),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: conversion, from: orders, to: revenue, by: customers.email, within: soon}",
        "within: soon",
        "must be a length of time",
        "28 days",
    ),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: conversion, from: average_order, to: orders, by: customers.id}",
        "from: average_order",
        "not one count",
        "counts rows",
    ),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: conversion, from: orders, to: orders, by: orders.mail}",
        "by: orders.mail",
        "have no 'orders.mail'",
        "",
    ),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: conversion, from: orders, to: orders, by: orders.customer_id, same: {orders.status: orders.stat}}",
        "same: {orders",
        "same: rows of 'orders' have no 'orders.stat'",
        "Did you mean",
    ),
    ("{type: derived, expression: revenue * 2}", "{type: percentile, of: orders.amount, at: 95}", "at: 95", "a number from 0 to 1", "Write 0.95."),
    (
        "{type: derived, expression: revenue * 2}",
        "{type: percentile, of: orders.status, at: 0.95}",
        "of: orders.status",
        "'orders.status' is a text",
        "Take a number",
    ),
    ("{type: derived, expression: revenue * 2}", "{type: percentile, at: 0.95}", "at: 0.95", "needs 'of'", "Add of"),
    ("  orders: {sensitivity: internal", "  order: {sensitivity: internal", "  order:", "no dataset 'order'", "Did you mean 'orders'?"),
    ("currency: {field: orders.status", "currency: {field: orders.currency", "orders.currency", "no field 'currency'", ""),
    ("rates: rates.csv", "rates: rate.csv", "rate.csv", "no file 'rate.csv'", "Paths start at"),
    ("target: {2026: 48000000}", "target: plans/2026.csv", "target:", "no file 'plans/2026.csv'", "Paths start at"),
    ("report: USD", "report: dollars", "dollars", "not a currency", "ISO 4217"),
    ("personal: true", "personel: true", "personel", "no key 'personel'", "Did you mean 'personal'?"),
    ("  orders.amount:", "  orders.amont:", "orders.amont", "no field 'orders.amont'", "Did you mean 'amount'?"),
    ("aggregate: [avg, median]", "aggregate: [average]", "[average]", "'average' is no aggregate", "Did you mean 'avg'?"),
    ("    synonyms: [territory, area]", "    synonyms: [[territory]]", "[[territory]]", "list of texts", ""),
    ("events: {launch: 2025-03-01}", "events: {launch: soon}", "soon", "must be a date", ""),
    ("by: customers.id, steps", "by: customers.ident, steps", "customers.ident", "no field 'customers.ident'", ""),
    ("steps: [visited, registered]", "steps: [visited]", "[visited]", "two steps", ""),
    ("arm: status", "arm: stat", "arm: stat,", "no field 'stat'", "Did you mean 'status'?"),
    ("access: {confidential:", "access: {confidental:", "confidental", "no sensitivity 'confidental'", "Did you mean 'confidential'?"),
    ("  - dataset: customers\n    roles", "  - dataset: custmers\n    roles", "custmers", "no dataset 'custmers'", "Did you mean 'customers'?"),
    ("    roles: [regional_manager]\n", "", "  - dataset: customers", "needs 'roles'", "Add roles"),
    ('where: {region: "{person.region}"}', "where: {region: {person.region}}", "where", "is a mapping", 'quoted: "{person.region}"'),
    ('where: {region: "{person.region}"}', 'where: {region: "{region}"}', "where", "not an attribute of a person", "{person.attribute}"),
    ('where: {region: "{person.region}"}', 'where: {regio: "{person.region}"}', "where", "no field 'regio'", "Did you mean 'region'?"),
    ("minimum_group: 5", "minimum_group: 0", "minimum_group", "whole number from 1", ""),
    ("  - metrics: [revenue, orders]", "  - metrics: [revenues]", "[revenues]", "no metric 'revenues'", "Did you mean 'revenue'?"),
    ("    by: [region]", "    by: [regions]", "[regions]", "no field 'regions'", "Did you mean 'region'?"),
    ("    grain: day", "    grain: days", "grain: days", "must be", "Did you mean 'day'?"),
    ("analysis: value", "analysis: valu", "analysis: valu,", "must be", "Did you mean 'value'?"),
    ("metrics: [revenue], period", "metrics: [revenues], period", "[revenues], period", "no metric 'revenues'", "Did you mean 'revenue'?"),
    ("metrics: [revenue], period", "metric: [revenue], period", "metric: [revenue]", "no key 'metric'", "Did you mean 'metrics'?"),
]


@pytest.mark.parametrize(("old", "new", "place", "message", "suggestion"), MODEL_MISTAKES, ids=[m[3] + "/" + m[1][:20] for m in MODEL_MISTAKES])
def test_a_mistake_in_the_model_is_told_with_line_and_suggestion(shop, old: str, new: str, place: str, message: str, suggestion: str) -> None:
    """One of the problems is exactly this one, at the line of the mistake."""
    text = _changed(shop.model, old, new)
    _expect(shop.problems(model=text, overlay=""), text, shop.folder / "model.yaml", place, message, suggestion)


@pytest.mark.parametrize(("old", "new", "place", "message", "suggestion"), OVERLAY_MISTAKES, ids=[m[3] + "/" + m[1][:20] for m in OVERLAY_MISTAKES])
def test_a_mistake_in_the_overlay_is_told_with_line_and_suggestion(shop, old: str, new: str, place: str, message: str, suggestion: str) -> None:
    """One of the problems is exactly this one, at the line of the mistake."""
    text = _changed(shop.overlay, old, new)
    _expect(shop.problems(overlay=text), text, shop.folder / "assistant.yaml", place, message, suggestion)


def test_all_mistakes_of_both_files_are_told_at_once(shop) -> None:
    """Somebody who mends a catalog sees everything in one go, the model first, by line."""
    model = shop.model.replace("expression: status}", "expression: statsu}").replace("SUM(orders.amount)", "SUM(orders.amout)")
    overlay = shop.overlay.replace("locale: en-US", "locale: english").replace("good: up", "good: bad")
    problems = shop.problems(model=model, overlay=overlay)
    assert [p.file.rsplit("/", 1)[1] for p in problems] == sorted((p.file.rsplit("/", 1)[1] for p in problems), reverse=True)
    assert {"statsu" in p.message for p in problems} == {True, False}
    assert sum("english" in p.message or "'bad'" in p.message or "amout" in p.message for p in problems) == 3


def test_one_mistake_is_one_problem(shop) -> None:
    """A dataset that cannot be read does not make its fields, metrics and relationships wrong too."""
    problems = shop.problems(model=shop.model.replace("data/orders.parquet", "data/gone.parquet"))
    assert len(problems) == 1
    assert "data/gone.parquet" in str(problems[0])


def test_a_condition_must_not_count_rows_twice(shop) -> None:
    """A filter over a dataset that the fact cannot reach, or reaches in two ways, is refused."""
    overlay = "metrics:\n  people: {type: derived, expression: COUNT(customers.id), filter: orders.status = 'paid'}\n"
    (problem,) = shop.problems(overlay=overlay)
    assert "cannot be reached" in problem.message
    twice = shop.model.replace("    metrics:\n", "      - {name: again, from: orders, to: customers, from_columns: [cost], to_columns: [id]}\n    metrics:\n")
    (problem,) = shop.problems(model=twice, overlay="metrics:\n  revenue: {filter: customers.region = 'EMEA'}\n")
    assert "several relationships" in problem.message
    assert problem.line == 2


def _changed(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, f"the test's own text {old!r} is not in the definitions"
    return text.replace(old, new, 1)


def _expect(problems, text: str, file, place: str, message: str, suggestion: str) -> None:
    at = text.index(place)
    line = text[:at].count("\n") + 1
    fitting = [p for p in problems if message in p.message]
    assert fitting, f"no problem says {message!r}: {[str(p) for p in problems]}"
    assert (fitting[0].file, fitting[0].line) == (str(file), line), str(fitting[0])
    assert suggestion in fitting[0].suggestion, str(fitting[0])
