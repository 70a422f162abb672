"""Somebody who asks everything that can be asked about people, and puts all figures of all answers into one system, learns nothing of too few of them."""

from __future__ import annotations

import os
from datetime import date
from itertools import product
from random import Random

import pytest

from insights.errors import NotPermitted
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.query.results import Results
from insights.requests import CompareValues, Filter, MetricQuestion, Period

CASES = int(os.environ.get("ATTACKS", "1"))
LEAST = 3
PRIME = 1_000_000_007
TIERS, STATUSES, MONTHS = ("gold", "silver", "tin"), ("paid", "lost"), (1, 2, 3)
ATOMS = list(product(TIERS, STATUSES, MONTHS))
ENDS = {1: date(2024, 1, 31), 2: date(2024, 2, 29), 3: date(2024, 3, 31)}
STRETCHES = [(a, b) for a in MONTHS for b in MONTHS if a <= b]


class Known:
    """Sums of atoms that the answers told."""

    def __init__(self):
        self.rows = {}

    def add(self, atoms):
        """The sum of these is known now."""
        left = self._left(atoms)
        if left:
            inverse = pow(left[min(left)], -1, PRIME)
            self.rows[min(left)] = {n: v * inverse % PRIME for n, v in left.items()}

    def tells(self, atoms):
        """Whether the sum of these follows."""
        return not self._left(atoms)

    def _left(self, atoms):
        row = {ATOMS.index(atom): 1 for atom in atoms}
        while row and min(row) in self.rows:
            pivot = min(row)
            times = row[pivot]
            for n, value in self.rows[pivot].items():
                row[n] = (row.get(n, 0) - times * value) % PRIME
            row = {n: v for n, v in row.items() if v}
        return row


def company(random):
    """Orders of a few customers, each of one tier; some months and tiers have hardly anybody."""
    customers = [{"customer_id": n, "region_id": None, "tier": random.choices(TIERS, (6, 4, 1))[0]} for n in range(random.randint(8, 30))]
    orders = []
    for _ in range(random.randint(10, 90)):
        month = random.choices(MONTHS, random.choice([(5, 5, 5), (8, 1, 8), (9, 4, 1)]))[0]
        who, status = random.choice(customers)["customer_id"], random.choices(STATUSES, (4, 1))[0]
        amount = random.randint(1, 10**6)
        orders.append({"customer_id": who, "placed_on": date(2024, month, random.randint(1, 28)), "status": status, "gift": False, "amount": amount})
    return {"customers": customers, "orders": orders}


def behind(tables, atoms):
    """The people whose orders lie in some atoms."""
    tiers, wanted = {c["customer_id"]: c["tier"] for c in tables["customers"]}, set(atoms)
    return {o["customer_id"] for o in tables["orders"] if (tiers[o["customer_id"]], o["status"], o["placed_on"].month) in wanted}


def filters():
    """Conditions on tier and status as people set them, and the atoms they let through."""
    on_tier = [((), TIERS)]
    on_tier += [((Filter(dimension="tier", values=(t,)),), (t,)) for t in TIERS]
    on_tier += [((Filter(dimension="tier", op="!=", values=(t,)),), tuple(o for o in TIERS if o != t)) for t in TIERS]
    on_tier += [
        ((Filter(dimension="tier", op="starts_with", values=("g",)),), ("gold",)),
        ((Filter(dimension="tier", values=("gold", "tin")),), ("gold", "tin")),
    ]
    on_status = [((), STATUSES), *(((Filter(dimension="status", values=(s,)),), (s,)) for s in STATUSES)]
    for (one, tiers), (other, statuses) in product(on_tier, on_status):
        yield (*one, *other), tiers, statuses


def attacks():
    """Every question, with the atoms that each row of its answer is the sum of, by the values of its keys."""
    for (conditions, tiers, statuses), stretch in product(filters(), (None, *STRETCHES)):
        months = MONTHS if stretch is None else tuple(range(stretch[0], stretch[1] + 1))
        period = None if stretch is None else Period(first=date(2024, stretch[0], 1), last=ENDS[stretch[1]])
        asked = {"metrics": ("revenue",), "filters": conditions, "period": period}
        box = (tiers, statuses, months)
        yield {"analysis": "value"} | asked, (), box
        yield {"analysis": "breakdown", "group_by": ("tier",)} | asked, ("tier",), box
        if not conditions:
            yield {"analysis": "breakdown", "group_by": ("status",)} | asked, ("status",), box
            yield {"analysis": "breakdown", "group_by": ("tier", "status")} | asked, ("tier", "status"), box
            yield {"analysis": "ranking", "group_by": ("tier",), "limit": 2, "order": "asc"} | asked, ("tier",), box
            yield {"analysis": "share", "group_by": ("tier",)} | asked, ("tier",), box
            more = (*conditions, Filter(metric="revenue", op=">", values=(1,)))
            yield {"analysis": "breakdown", "group_by": ("tier",)} | asked | {"filters": more}, ("tier",), box
            compare = CompareValues(dimension="tier", values=("gold", "tin"))
            yield {"analysis": "compare", "compare": compare} | asked, ("tier",), (("gold", "tin"), statuses, months)
        if len(months) > 1:
            yield {"analysis": "series", "grain": "month"} | asked, ("month",), box
            yield {"analysis": "series", "grain": "month", "options": {"running": True}} | asked, ("month so far",), box
            if not conditions:
                yield {"analysis": "series", "grain": "month", "group_by": ("tier",)} | asked, ("month", "tier"), box


def atoms_of(row, keys, box):
    """What a row of an answer adds up."""
    tiers, statuses, months = box
    tiers = (row["tier"],) if "tier" in keys else tiers
    statuses = (row["status"],) if "status" in keys else statuses
    if "month" in keys or "month so far" in keys:
        at = row["orders.placed_on"].month
        months = (at,) if "month" in keys else tuple(m for m in months if m <= at)
    return list(product(tiers, statuses, months))


@pytest.mark.parametrize("seed", range(CASES))
def test_no_figure_of_few_people_follows_from_all_answers_together(star, granted, fill, seed):
    """Values, breakdowns, rankings, shares, conditions, comparisons, series, running totals; every filter and its opposite; in each stretch of months."""
    random = Random(seed)
    tables = company(random)
    catalog = star(datasets={"customers": {"personal": True}})
    engine = fill(tables)
    questions = Questions(catalog, engine, collect(catalog, engine), results=Results())
    grant = granted(catalog, minimum_group=LEAST)
    known, told, refused = {months: Known() for _, _, (_, _, months) in attacks()}, 0, 0
    for asked, keys, box in attacks():
        try:
            answer = questions.answer(MetricQuestion(**asked), grant)
        except NotPermitted:
            refused += 1
            continue
        told += 1
        name = "revenue" if asked["analysis"] != "share" else "revenue.part"
        for row in answer.rows:
            if row[name] is not None:
                known[box[2]].add(atoms_of(row, keys, box))
    assert told
    assert refused
    for tier, statuses, (first, last) in product(TIERS, (STATUSES, *((s,) for s in STATUSES)), STRETCHES):
        atoms = list(product((tier,), statuses, range(first, last + 1)))
        few = behind(tables, atoms)
        if 0 < len(few) < LEAST:
            for months, system in known.items():
                assert not system.tells(atoms), (months, tier, statuses, first, last, few)
