"""What is withheld of a table about people, against a reader who knows everything that is shown of it and of all coarser tables."""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from insights.query.suppression import Margin, withheld

CASES = int(os.environ.get("CASES", "60"))


def margins(persons, keys, least):
    """The tables of every choice of keys over these persons, each a tuple of values."""
    tables = {}
    for n in range(keys + 1):
        for kept in combinations(range(keys), n):
            people = {}
            for person in persons:
                cell = tuple(person[k] for k in kept)
                people[cell] = people.get(cell, 0) + 1
            tables[kept] = Margin(people=people, small=frozenset(cell for cell, count in people.items() if count < least))
    return tables


def determined(wanted, known):
    """Whether a vector lies in the span of others, by plain elimination over fractions."""
    basis = []
    for row in known:
        row = [Fraction(value) for value in row]
        for pivot, other in basis:
            if row[pivot]:
                row = [a - row[pivot] * b for a, b in zip(row, other, strict=True)]
        pivot = next((n for n, value in enumerate(row) if value), None)
        if pivot is not None:
            basis.append((pivot, [value / row[pivot] for value in row]))
    left = [Fraction(value) for value in wanted]
    for pivot, other in basis:
        if left[pivot]:
            left = [a - left[pivot] * b for a, b in zip(left, other, strict=True)]
    return not any(left)


def test_a_city_of_one_takes_the_smallest_other_with_it():
    """Then the total tells only what both have together; others are shown."""
    tables = margins([("a",)] * 5 + [("b",)] * 4 + [("c",)], 1, 3)
    kept = withheld(tables, 3)
    assert kept.cells == {("b",), ("c",)}
    assert kept.gives([("a",)])
    assert kept.gives([("b",), ("c",)])
    assert not kept.gives([("b",)])
    assert not kept.gives([("a",), ("c",)])


def test_nothing_is_withheld_where_all_are_many():
    """No small cell, nothing hidden."""
    assert withheld(margins([("a",)] * 5 + [("b",)] * 4, 1, 3), 3).cells == frozenset()


def test_what_cannot_be_protected_is_withheld_altogether():
    """A single cell beside a known total of the same people."""
    table = {(): Margin(people={(): 2}), (0,): Margin(people={("a",): 2}, small=frozenset({("a",)}))}
    assert withheld(table, 3).whole


@pytest.mark.parametrize("seed", range(CASES))
def test_no_small_cell_follows_from_all_that_is_shown(seed):
    """Random tables of one to three keys: what every table of the family shows is put into one system over the finest cells, and solved by hand.

    A row that is missing is known to be nobody only where its table withholds nothing.
    """
    random = Random(seed)
    keys, least = random.choice([1, 2, 2, 3]), random.choice([2, 3, 5])
    values = [range(random.randint(2, 5 - keys // 2)) for _ in range(keys)]
    weights = [[random.choice([1, 1, 3, 9]) for _ in of] for of in values]
    persons = [tuple(random.choices(of, w)[0] for of, w in zip(values, weights, strict=True)) for _ in range(random.randint(3, 60))]
    tables = margins(persons, keys, least)
    finest = list(product(*values))
    known, secrets = [], []
    for kept, table in tables.items():
        own = {one: tables[one] for one in tables if set(one) <= set(kept)}
        numbers = {number: place for place, number in enumerate(kept)}
        screen = withheld({tuple(numbers[n] for n in one): margin for one, margin in own.items()}, least)
        for cell in product(*(values[k] for k in kept)):
            row = [int(all(fine[k] == value for k, value in zip(kept, cell, strict=True))) for fine in finest]
            if cell in table.small:
                assert cell in screen.cells
                secrets.append((kept, cell, row))
            elif cell not in screen.cells if cell in table.people else not screen.cells:
                known.append(row)
    for kept, cell, row in secrets:
        assert not determined(row, known), (kept, cell)


@pytest.mark.parametrize("seed", range(CASES // 3))
def test_a_sum_is_given_exactly_when_it_follows_from_what_is_known(seed):
    """Any choice of the cells, as filters make them: given when the tables give it away already, and never else."""
    random = Random(1000 + seed)
    persons = [(random.choice("abcd"), random.choice("xyz")) for _ in range(random.randint(5, 40))]
    tables = margins(persons, 2, 3)
    screen = withheld(tables, 3)
    finest = sorted(tables[0, 1].people)
    known = [[int(fine == cell) for fine in finest] for cell in finest if cell not in screen.cells]
    for kept in ((), (0,), (1,)):
        coarse = withheld({one: tables[one] for one in ((), kept)} if kept in ((), (0,)) else {(): tables[()], (0,): tables[1,]}, 3)
        known += [
            [int(all(fine[k] == v for k, v in zip(kept, cell, strict=True))) for fine in finest] for cell in tables[kept].people if cell not in coarse.cells
        ]
    for _ in range(30):
        cities, kinds = random.sample("abcd", random.randint(1, 3)), random.sample("xyz", random.randint(1, 3))
        box = [cell for cell in product(cities, kinds) if cell in finest]
        assert screen.gives(box) == (not screen.whole and determined([int(fine in box) for fine in finest], known))
