"""Groups that lie within wider ones: a region less its other cities tells the last of them, so what is withheld looks at both."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations, product
from random import Random

import pytest

from insights.catalog.model import ColumnRef, FieldId
from insights.errors import NotPermitted
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.query.results import Results
from insights.requests import Filter, MetricQuestion, Period

CASES = int(os.environ.get("CASES", "4"))
LEAST = 3
AREAS = {"gold": "north", "silver": "north", "bronze": "north", "tin": "south", "lead": "south"}
STATUSES, MONTHS = ("paid", "lost"), (1, 2)
ATOMS = list(product(AREAS, STATUSES, MONTHS))
ENDS = {1: date(2024, 1, 31), 2: date(2024, 2, 29)}


def company(random):
    """Tiers of some customers each, of which every one lies in one area."""
    weights = [random.choice((1, 2, 5, 9)) for _ in AREAS]
    customers = [{"customer_id": n, "tier": tier} for n, tier in enumerate([*AREAS, *random.choices([*AREAS], weights, k=random.randint(7, 35))])]
    for one in customers:
        one["region_id"] = 1 if AREAS[one["tier"]] == "north" else 2
    orders = [
        {
            "customer_id": random.randrange(len(customers)),
            "placed_on": date(2024, random.choice(MONTHS), random.randint(1, 28)),
            "status": random.choices(STATUSES, (5, 1))[0],
            "amount": random.randint(1, 10**6),
        }
        for _ in range(random.randint(20, 90))
    ]
    return {"regions": [{"region_id": 1, "area": "north"}, {"region_id": 2, "area": "south"}], "customers": customers, "orders": orders}


def asked():
    """What somebody asks who wants to know, and the atoms that each row adds up, by its keys."""
    for keys in ((), ("tier",), ("area",), ("status",), ("status", "tier"), ("area", "status"), ("area", "tier"), ("area", "status", "tier")):
        for period in (None, *(Period(first=date(2024, m, 1), last=ENDS[m]) for m in MONTHS)):
            months = MONTHS if period is None else (period.first.month,)
            question = MetricQuestion(analysis="breakdown" if keys else "value", metrics=("revenue",), group_by=keys, period=period)
            yield question, keys, AREAS, months
            if not keys:
                for tier in AREAS:
                    yield MetricQuestion(metrics=("revenue",), filters=(Filter(dimension="tier", values=(tier,)),), period=period), keys, (tier,), months
                    others = [one for one in AREAS if one != tier]
                    unlike = Filter(dimension="tier", op="!=", values=(tier,))
                    yield MetricQuestion(metrics=("revenue",), filters=(unlike,), period=period), keys, others, months


def atoms_of(row, keys, tiers, months):
    """The atoms behind a row."""
    fits = {"tier": lambda atom: atom[0], "area": lambda atom: AREAS[atom[0]], "status": lambda atom: atom[1]}
    return [atom for atom in ATOMS if atom[0] in tiers and atom[2] in months and all(fits[key](atom) == row[key] for key in keys)]


def spanned(vectors):
    """A basis of what is known, by plain elimination."""
    basis = []
    for vector in vectors:
        left = reduced(vector, basis)
        if (pivot := next((n for n, value in enumerate(left) if value), None)) is not None:
            basis.append((pivot, [value / left[pivot] for value in left]))
    return basis


def reduced(vector, basis):
    """What is left of a vector."""
    left = [Fraction(value) for value in vector]
    for pivot, other in basis:
        if left[pivot]:
            times = left[pivot]
            left = [a - times * b for a, b in zip(left, other, strict=True)]
    return left


@pytest.mark.parametrize("seed", range(CASES))
def test_no_group_of_few_follows_from_wider_groups(star, granted, fill, seed):
    """By tier and by area, alone, together and with the status, filtered and left out: of no tier with too few people is the figure known."""
    tables = company(Random(seed))
    catalog = star(datasets={"customers": {"personal": True}}, minimum_group=LEAST)
    engine = fill(tables)
    contents = collect(catalog, engine)
    assert contents.within[FieldId("customers", "tier")] >= {FieldId("regions", "area")}
    questions = Questions(catalog, engine, contents, results=Results())
    grant = granted(catalog, minimum_group=LEAST)
    known = {MONTHS: [], (1,): [], (2,): []}
    for question, keys, tiers, months in asked():
        try:
            answer = questions.answer(question, grant)
        except NotPermitted:
            continue
        for row in answer.rows:
            behind = set(atoms_of(row, keys, tiers, months))
            known[months].append([int(atom in behind) for atom in ATOMS])
    tier_of = {one["customer_id"]: one["tier"] for one in tables["customers"]}
    for months, rows in known.items():
        basis = spanned(rows)
        for tier, statuses in product(AREAS, (STATUSES, ("paid",), ("lost",))):
            atoms = set(product((tier,), statuses, months))
            people = {o["customer_id"] for o in tables["orders"] if (tier_of[o["customer_id"]], o["status"], o["placed_on"].month) in atoms}
            if 0 < len(people) < LEAST:
                assert any(reduced([int(atom in atoms) for atom in ATOMS], basis)), (months, tier, statuses, people)


def test_the_last_city_of_a_region_does_not_follow_from_the_region(star, granted, fill):
    """Nine customers in the north, one of them of tin; five of gold in the south are the smallest others, and withholding those hides nothing."""
    tiers = {"silver": (8, 1), "tin": (1, 1), "gold": (5, 2), "lead": (6, 2)}
    customers, orders = [], []
    for tier, (people, region) in tiers.items():
        for _ in range(people):
            customers.append({"customer_id": len(customers), "tier": tier, "region_id": region})
            orders.append({"customer_id": len(orders), "placed_on": date(2024, 1, 5), "amount": 100})
    catalog = star(datasets={"customers": {"personal": True}}, minimum_group=LEAST)
    engine = fill({"regions": [{"region_id": 1, "area": "north"}, {"region_id": 2, "area": "south"}], "customers": customers, "orders": orders})
    questions = Questions(catalog, engine, collect(catalog, engine))
    grant = granted(catalog, minimum_group=LEAST)
    by_area = questions.answer(MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("area",)), grant)
    assert {row["area"]: row["revenue"] for row in by_area.rows} == {"north": 900, "south": 1100}
    by_tier = questions.answer(MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("tier",)), grant)
    assert {row["tier"]: row["revenue"] for row in by_tier.rows} == {"gold": 500, "lead": 600}
    assert by_tier.hidden == 2
    with pytest.raises(NotPermitted):
        questions.answer(MetricQuestion(metrics=("revenue",), filters=(Filter(dimension="tier", values=("silver",)),)), grant)


def test_what_lies_within_what_is_read_from_all_rows(star, fill):
    """Held against plain Python over 4,000 customers, with a field that lies within others in all rows but the last."""
    random = Random(7)
    towns = [f"town {n}" for n in range(40)]
    county = {town: random.choice("abcdef") for town in towns}
    country = {one: "x" if one in "abc" else "y" for one in "abcdef"}
    rows = []
    for n in range(4_000):
        town = random.choice(towns) if random.random() > 0.02 or n == 3_999 else None
        known = county.get(town)
        nearly = known if n < 3_999 else "b" if known == "a" else "a"
        rows.append((n, town, known, country.get(known), f"nearly {nearly}", random.choice("pq"), "same"))
    names = ("town", "county", "country", "nearly", "random", "constant")
    catalog = star(minimum_group=LEAST)
    customers = catalog.datasets["customers"]
    like = next(field for field in customers.fields.values() if field.role == "dimension")
    more = {name: replace(like, id=FieldId("customers", name), expression=(ColumnRef(name),), label=name) for name in names}
    keys = {name: field for name, field in customers.fields.items() if field.role == "key"}
    catalog = replace(catalog, datasets={**catalog.datasets, "customers": replace(customers, fields=keys | more, personal=True)})
    engine = fill({})
    spelled = ", ".join(f"{name} VARCHAR" for name in names)
    engine._database.execute(f"CREATE OR REPLACE TABLE customers (customer_id INTEGER, region_id INTEGER, {spelled})")
    engine._database.execute(
        f"INSERT INTO customers SELECT unnest(?::INTEGER[]), 1{''.join(', unnest(?::VARCHAR[])' for _ in names)}", [*zip(*rows, strict=True)]
    )
    within = collect(catalog, engine).within
    found = {(one.name, wider.name) for one, held in within.items() if one.dataset == "customers" for wider in held if wider.dataset == "customers"}
    expected = set()
    for (a, one), (b, other) in permutations(list(enumerate(names, 1)), 2):
        pairs = {(row[a], row[b]) for row in rows if row[a] is not None and row[b] is not None}
        if len(pairs) == len({value for value, _ in pairs}) and len({row[b] for row in rows} - {None}) > 1:
            expected.add((one, other))
    assert {("town", "county"), ("county", "country")} <= expected
    assert ("nearly", "county") not in expected
    assert found == expected


def test_nothing_lies_within_anything_where_no_people_are_counted(star, fill):
    """Then it is not looked for."""
    catalog = star(datasets={"customers": {"personal": True}})
    assert collect(catalog, fill(company(Random(1)))).within == {}
