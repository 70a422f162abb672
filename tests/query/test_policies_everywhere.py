"""Random policies, identities and questions of every form, from rows, caches and rollups: an answer is that over the asker's own rows, worked out by hand."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate, groupby
from random import Random

import pytest

from insights.catalog.model import RowPolicy
from insights.catalog.rollups import Rollup
from insights.errors import NotPermitted
from insights.lake.source import Source
from insights.organization import Organization, Person
from insights.permit import Permit
from insights.query.answering import Questions
from insights.query.building import Rollups
from insights.query.contents import collect
from insights.query.results import Results
from insights.query.visible import Sight
from insights.requests import ComparePeriod, CompareValues, Filter, MetricQuestion, Period
from insights.warehouse.duckdb import DuckDB
from tests.query.conftest import COLUMNS
from tests.query.test_brute_force import expected, holds, joined, same, unreached
from tests.query.test_rollups import write

FIRST, WORLDS = int(os.environ.get("FIRST", "0")), int(os.environ.get("WORLDS", "6"))
TRIPLES = int(os.environ.get("TRIPLES", "50"))
"""Of each world."""
AT_ONCE = 6
"""Worlds of one test."""
ROLLED = 5
"""One world in so many has its rows in files, and rollups of them."""
TIERS, AREAS, STATUSES = ("gold", "tin"), ("north", "south"), ("paid", "lost")
WORDS = {"tier": TIERS, "area": AREAS, "status": STATUSES}
FIELDS = (("customers", "tier"), ("regions", "area"), ("orders", "status"))
PLAIN = ("revenue", "orders", "paid", "gold_orders", "avg(orders.amount)", "median(orders.amount)", "count_distinct(orders.customer_id)")
BOTH = ("minutes", "visits", "conversion", "paid_share")
FEBRUARY = Period(first=date(2024, 2, 1), last=date(2024, 2, 29))
FORMS = ("value", "value", "breakdown", "breakdown", "series", "running", "ranking", "share", "before", "values", "list", "set", "cuts", "several")
PERIODS = (None, FEBRUARY, Period(first=date(2024, 1, 1), last=date(2024, 2, 29)), Period(first=date(2024, 2, 10)), Period(last=date(2024, 2, 20)))
ROLLUPS = (
    Rollup(name="by_tier", metrics=("revenue", "orders", "paid"), by=("tier",), grain="day"),  # lacks what some policies are about
    Rollup(name="all", metrics=("revenue", "orders", "paid", "gold_orders", "visits", "minutes"), by=("tier", "area"), grain="day"),
    Rollup(name="by_status", metrics=("revenue", "orders"), by=("status", "tier", "area"), grain="month"),
)


def company(random):
    """Rows with missing and dangling keys, unknown days and unknown amounts."""
    maybe = lambda values: random.choice([*values, None])  # noqa: E731  # reads as a word where it is used
    day = lambda: date(2024, random.randint(1, 3), random.randint(1, 28))  # noqa: E731
    regions = [{"region_id": n, "area": maybe(AREAS)} for n in range(3)]
    customers = [{"customer_id": n, "region_id": maybe([0, 1, 2, 9]), "tier": maybe(TIERS)} for n in range(random.randint(0, 6))]
    orders = [
        {
            "customer_id": maybe([*range(6), 99]),
            "placed_on": None if random.random() < 0.05 else day(),
            "status": maybe(STATUSES),
            "gift": maybe([True, False]),
            "amount": None if random.random() < 0.05 else random.randint(1, 1000),
        }
        for _ in range(random.randint(0, 25))
    ]
    visits = [
        {"customer_id": maybe([*range(6), 99]), "began_at": datetime(2024, (d := day()).month, d.day, random.randint(0, 23)), "minutes": random.randint(0, 60)}
        for _ in range(random.randint(0, 8))
    ]
    return {"regions": regions, "customers": customers, "orders": orders, "visits": visits}


def policies(random):
    """Some policies on customers, their regions, or the orders themselves."""
    found = []
    for _ in range(random.randint(1, 3)):
        dataset, name = random.choice(FIELDS)
        where = {name: random.choice(["{person.mine}", random.choice(WORDS[name]), WORDS[name]])}
        found.append(RowPolicy(dataset=dataset, roles=tuple(random.sample("rst", random.randint(1, 3))), where=where))
    return tuple(found)


def people(random):
    """Four people with some roles, and attributes of one value, of several, or none."""
    return {
        f"p{n}": Person(
            id=f"p{n}",
            name=f"P{n}",
            roles=frozenset(random.sample("rst", random.choice((0, 1, 2, 2, 3)))),
            attributes=random.choice([{}, {"mine": random.choice(["gold", "north", "paid"])}, {"mine": ("tin", "south", "lost")}]),
        )
        for n in range(4)
    }


def own(tables, rules, person):
    """What the person may see of the facts: OR within a dataset, AND between datasets, nothing by default; policies on orders say nothing about visits."""
    found = dict(tables)
    for fact in ("orders", "visits"):
        holding = sorted((rule for rule in rules if fact == "orders" or rule.dataset != "orders"), key=lambda rule: rule.dataset)
        by_dataset = [list(of) for _, of in groupby(holding, key=lambda rule: rule.dataset)]
        pairs = zip(tables[fact], joined(tables, fact), strict=True)
        found[fact] = [row for row, wide in pairs if all(any(fits(rule, person, wide) for rule in of) for of in by_dataset)]
    return found


def fits(rule, person, row):
    """Whether a policy lets a person see a row."""
    ((name, wanted),) = rule.where.items()
    mine = person.attributes.get("mine", ())
    values = [v for value in (wanted if isinstance(wanted, tuple) else (wanted,)) for v in _resolved(value, mine)]
    return bool(person.roles & set(rule.roles)) and row[name] is not None and row[name] in values


def _resolved(value, mine):
    return (value,) if value != "{person.mine}" else mine if isinstance(mine, tuple) else (mine,)


@dataclass(frozen=True)
class Asked:
    """One question of one form."""

    form: str
    question: MetricQuestion


def ask(random):
    """A question of any form about orders and visits."""
    form = random.choice(FORMS)
    conditions = tuple(_condition(random) for _ in range(random.choice((0, 0, 1, 1, 2))))
    asked = MetricQuestion(metrics=(random.choice(PLAIN),), filters=conditions, period=random.choice(PERIODS))
    by = tuple(random.sample(sorted(WORDS), random.choice((1, 1, 2))))
    match form:
        case "value":
            pass
        case "breakdown":
            asked = replace(asked, analysis="breakdown", group_by=by, grain=random.choice((None, None, "month", "week")))
        case "series":
            asked = replace(asked, analysis="series", grain=random.choice(("day", "week", "month", "quarter")))
        case "running":
            asked = replace(asked, analysis="series", metrics=(random.choice(("revenue", "orders")),), grain="month", options={"running": True})
        case "ranking":
            asked = replace(asked, analysis="ranking", group_by=by, limit=random.randint(1, 3), order=random.choice(("asc", "desc")))
        case "share":
            asked = replace(asked, analysis="share", metrics=(random.choice(("revenue", "orders")),), group_by=by[:1])
        case "before":
            before = ComparePeriod(period=Period(first=date(2024, 1, 1), last=date(2024, 1, 31)))
            asked = replace(asked, analysis="compare", period=FEBRUARY, compare=before, group_by=by[: random.randint(0, 1)])
        case "values":
            asked = replace(asked, analysis="compare", metrics=("revenue",), compare=CompareValues(dimension=by[0], values=WORDS[by[0]]))
            asked = replace(asked, filters=tuple(f for f in asked.filters if f.dimension != by[0]))
        case "list":
            columns = ("placed_on", "tier", "area", "status", "amount")
            asked = replace(asked, analysis="list", metrics=(), columns=columns, limit=random.choice((None, 3)), options={"dataset": "orders"})
        case "set":
            other = random.choice(({"not_first": date(2024, 2, 1), "not_last": None}, {"also_first": date(2024, 2, 1), "also_last": date(2024, 3, 5)}))
            january = Period(first=date(2024, 1, 1), last=date(2024, 1, 31))
            asked = replace(asked, metrics=(PLAIN[-1],), period=january, options={"members": "orders.customer_id"} | other)
        case "cuts":
            asked = replace(asked, analysis="breakdown", metrics=("revenue",))
        case "several":
            shared = tuple(f for f in asked.filters if f.dimension != "status")
            asked = replace(asked, analysis="breakdown", metrics=tuple(random.sample(BOTH, 2)), group_by=(random.choice(("tier", "area")),), filters=shared)
    return Asked(form, asked)


def _condition(random):
    name = random.choice(sorted(WORDS))
    op = random.choice(("=", "=", "!=", "starts_with", "is_null", "not_null"))
    if op in ("is_null", "not_null"):
        return Filter(dimension=name, op=op)
    return Filter(dimension=name, op=op, values=(random.choice(WORDS[name])[:1] if op == "starts_with" else random.choice(WORDS[name]),))


def facts_of(asked):
    """The facts that a question reads, as the star defines its metrics."""
    of = {"minutes": {"visits"}, "visits": {"visits"}, "conversion": {"orders", "visits"}}
    return set().union(*(of.get(name, {"orders"}) for name in asked.question.metrics or ("orders",)))


def grouped(answer, keys):
    """The rows by their keys."""
    found = {tuple(row[name] for name in keys): row for row in answer.rows}
    assert len(found) == len(answer.rows), "a key is listed twice"
    return found


def known(seen, everything, question, period):
    """The figures by the rows that are seen; nothing is known of a period that the data (everybody's) does not reach."""
    wanted = expected(seen, question, period)
    return {key: dict.fromkeys(row) for key, row in wanted.items()} if unreached(everything, question, period) else wanted


def check(asked, answer, seen, everything):
    """The answer is that over the rows that the asker may see."""
    question = asked.question
    wanted = known(seen, everything, question, question.period)
    keys = [column.name for column in answer.columns if column.role != "metric"]
    match asked.form:
        case "value" | "breakdown" | "several":
            _same_rows(grouped(answer, keys), wanted, question)
        case "series":
            _same_rows({key: row for key, row in grouped(answer, keys).items() if key in wanted or any(row[m] for m in question.metrics)}, wanted, question)
        case "running":
            _running(answer, wanted, question)
        case "ranking":
            _ranking(answer, wanted, question, keys)
        case "share":
            _shares(answer, wanted, question, keys)
        case "before":
            _before(answer, wanted, known(seen, everything, question, question.compare.period), question, keys)
        case "values":
            by = question.compare.dimension
            amounts = expected(seen, replace(question, group_by=(by,)), question.period)
            assert [(row[by], row["revenue"] or 0) for row in answer.rows] == [(v, amounts.get((v,), {}).get("revenue") or 0) for v in question.compare.values]
        case "list":
            _records(answer, seen, question)
        case "set":
            assert (answer.value or 0) == _members(seen, question)
        case _:
            raise AssertionError(asked.form)


def _same_rows(got, wanted, question):
    assert got.keys() == wanted.keys()
    for key, row in wanted.items():
        for name in question.metrics:
            assert same(row[name], got[key][name]), (key, name)


def _running(answer, wanted, question):
    (name,) = question.metrics
    sums = dict(zip(keys := sorted(key for key in wanted if key[0] is not None), accumulate(wanted[key][name] or 0 for key in keys), strict=True))
    for row in answer.rows:
        at = row["orders.placed_on"]
        if at is None:  # the rows without a day stand by themselves
            assert (row[name] or 0) == (wanted[None,][name] or 0)
            continue
        assert (row[name] or 0) == max(((key, of) for key, of in sums.items() if key[0] <= at), default=(None, 0))[1]
    assert {key[0] for key in sums} <= {row["orders.placed_on"] for row in answer.rows}


def _ranking(answer, wanted, question, keys):
    (name,) = question.metrics
    one = question.limit == 1 and len(keys) == 1 and len(wanted) > 1  # what belongs to nobody is no winner
    ranked = (row for key, row in wanted.items() if not (one and key == (None,)))
    figures = sorted((row[name] for row in ranked if row[name] is not None), reverse=question.order == "desc")
    got = grouped(answer, keys)
    for key, row in got.items():
        assert same(wanted[key][name], row[name]), key
    shown = [row[name] for row in answer.rows if row[name] is not None]
    assert shown == pytest.approx(figures[: len(shown)])
    assert len(answer.rows) == min(question.limit, len(wanted))


def _shares(answer, wanted, question, keys):
    (name,) = question.metrics
    whole = sum(row[name] or 0 for row in wanted.values())
    got = grouped(answer, keys)
    assert got.keys() == wanted.keys()
    for key, row in got.items():
        part = wanted[key][name] or 0
        assert (row[f"{name}.part"] or 0, row[f"{name}.whole"] or 0) == (part, whole)
        unknown = not whole or wanted[key][name] is None  # of amounts that nobody knows nobody knows the share
        assert row[name] is None if unknown else row[name] == pytest.approx(part / whole)


def _before(answer, wanted, earlier, question, keys):
    (name,) = question.metrics
    got = grouped(answer, keys)
    assert got.keys() == wanted.keys() | earlier.keys()
    for key, row in wanted.items():
        assert same(row[name], got[key][name]), key
    for key, row in earlier.items():
        assert same(row[name], got[key][f"{name}.before"]), key


def _records(answer, seen, question):
    inside = [
        row
        for row in joined(seen, "orders")
        if all(holds(row, f) for f in question.filters) and _within(row["placed_on"], question.period)
    ]  # fmt: skip
    records = Counter(tuple(row[name] for name in question.columns) for row in inside)
    shown = Counter(tuple(row.values()) for row in answer.rows)
    assert answer.total_rows == len(inside)
    assert shown == records if question.limit is None else not shown - records
    assert sum(shown.values()) == min(question.limit or len(inside), len(inside))


def _within(day, period):
    return period is None or (day is not None and (period.first is None or day >= period.first) and (period.last is None or day <= period.last))


def _members(seen, question):
    rows = [row for row in joined(seen, "orders") if all(holds(row, f) for f in question.filters) and row["customer_id"] is not None]
    options = question.options
    of = lambda period: {row["customer_id"] for row in rows if _within(row["placed_on"], period)}  # noqa: E731
    there = of(question.period)
    if "not_first" in options:
        return len(there - of(Period(first=options["not_first"], last=options["not_last"])))
    return len(there & of(Period(first=options["also_first"], last=options["also_last"])))


def cuts(questions, asked, grant, seen):
    """Several breakdowns at once, each as it is by itself."""
    sets = (("tier",), ("area", "status"), ())
    found = questions.cuts(asked.question, grant, sets)
    for keys in sets:
        wanted = expected(seen, replace(asked.question, group_by=keys), asked.question.period)
        got = {row[: len(keys)]: row[len(keys)] for row in found.rows[keys]}
        assert {key: figure for key, figure in got.items() if figure} == {key: row["revenue"] for key, row in wanted.items() if row["revenue"]}


def in_files(folder, tables, star, rules):
    """The same rows in files, with rollups; the catalog, the engine and the rollups."""
    for table in COLUMNS:
        write(folder / "data", table, "all", [{column: row.get(column) for column in COLUMNS[table]} for row in tables[table]])
    sources = {name: {"source": Source(paths=(str(folder / "data" / name / "*.parquet"),), format="parquet")} for name in COLUMNS}
    catalog = star(datasets=sources, rollups=ROLLUPS, policies=rules)
    engine = DuckDB(allowed=(f"{folder}/",), threads=1)
    rollups = Rollups(catalog, engine, collect(catalog, engine), folder / "rollups")
    assert not [built.problem for built in rollups.build() if built.problem]
    return catalog, engine, rollups


def values_known(rules, tables, seen, contents, person, view):
    """What may be named to the person: the values in their own rows of what policies choose, and no other."""
    reached = {"orders": {"orders", "customers", "regions"}, "customers": {"customers", "regions"}, "regions": {"regions"}}
    policied = {rule.dataset for rule in rules}
    for dataset, name in FIELDS:
        held = {value for id_, of in contents.values.items() if str(id_) == f"{dataset}.{name}" for value in of}
        got = {value for id_, of in view.contents.values.items() if str(id_) == f"{dataset}.{name}" for value in of}
        if not policied & reached[dataset]:
            assert got == held
            continue
        rows = seen["orders"] if dataset == "orders" else [r for r in _wide(tables, dataset) if _may(rules, reached[dataset], person, r)]
        assert got == {row[name] for row in rows if row[name] is not None}, (person, dataset)


def _wide(tables, dataset):
    areas = {r["region_id"]: r["area"] for r in tables["regions"]}
    return [row | {"area": areas.get(row["region_id"])} for row in tables[dataset]]


def _may(rules, reached, person, row):
    holding = sorted((rule for rule in rules if rule.dataset in reached), key=lambda rule: rule.dataset)
    return all(any(fits(rule, person, row) for rule in of) for of in (list(group) for _, group in groupby(holding, key=lambda rule: rule.dataset)))


@pytest.mark.parametrize("first", range(FIRST, FIRST + WORLDS, AT_ONCE))
def test_nothing_is_told_of_rows_beyond_the_policies_in_any_form(star, fill, tmp_path, first):
    """Worlds with one engine, one cache of results and the same rollups for everybody, each question asked by several people in any order.

    In the first few every form is asked, something is refused, and rollups are read: without that this would say little.
    """
    used = Counter()
    for seed in range(first, min(first + AT_ONCE, FIRST + WORLDS)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            world(seed, star, fill, folder, used)
        except AssertionError as error:
            error.add_note(f"in world {seed}")
            raise
    print(f"\n{sum(n for name, n in used.items() if not name.startswith('rollup'))} triples: {dict(sorted(used.items()))}")
    if first == 0 and WORLDS >= AT_ONCE:
        assert {*FORMS, "refused"} <= set(used)
        assert any(name.startswith("rollup") for name in used)


def world(seed, star, fill, folder, used):
    """Everything that is asked in one world; `used` counts it by form."""
    random = Random(seed)
    tables, rules, persons = company(random), policies(random), people(random)
    rollups = None
    if seed % ROLLED == 0:
        catalog, engine, rollups = in_files(folder, tables, star, rules)
    else:
        catalog, engine = star(policies=rules), fill(tables)
    permit = Permit(catalog, Organization(people=persons))
    contents = collect(catalog, engine)
    questions = Questions(catalog, engine, contents, results=Results(), rollups=rollups)
    sight = Sight(catalog, contents, engine)
    seen = {id_: own(tables, rules, person) for id_, person in persons.items()}
    before = []
    for _ in range(TRIPLES):
        asked = random.choice(before) if before and random.random() < 0.5 else ask(random)
        before.append(asked)
        id_ = random.choice(sorted(persons))
        asker = permit.asker(person=id_, device=None, audience="private")
        try:
            grant = permit.decide(asked.question, asker)
            if asked.form == "cuts":
                cuts(questions, asked, grant, seen[id_])
            else:
                answer = questions.answer(asked.question, grant)
                used.update(f"rollup {name}" for name in answer.rollups)
                check(asked, answer, seen[id_], tables)
            used[asked.form] += 1
        except NotPermitted:
            used["refused"] += 1
            assert not all(seen[id_][fact] for fact in facts_of(asked))  # one of the facts is closed to them
    for id_, person in persons.items():
        grant = permit.grant(permit.asker(person=id_, device=None, audience="private"))
        values_known(rules, tables, seen[id_], contents, person, sight.of(grant))
    if rollups is not None:
        engine.close()
