"""Experiments: equal to scipy and statsmodels, honest at every look, corrected, and right about the demo company."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from statsmodels.stats.multitest import multipletests

from benchmarks import measured_experiments
from insights.analysis.distributions import chi_squared_above, student_above, student_quantile
from insights.analysis.experiments.arms import Arm, Sums
from insights.analysis.experiments.effects import cuped, effect
from insights.analysis.experiments.looking import always_valid
from insights.analysis.experiments.several import benjamini_hochberg, holm
from insights.analysis.experiments.verdict import judge, uneven
from insights.demo import stories
from insights.findings import Tested as Result
from insights.turns import Turn

PLANTED = {test.name: test for test in stories.read().experiments}


def sums(values, before=None) -> Sums:
    """Of one arm."""
    x = None if before is None else np.asarray(before)
    y = np.asarray(values, float)
    more = {} if x is None else {"x": float(x.sum()), "xx": float(x @ x), "xy": float(x @ y)}
    return Sums(units=len(y), y=float(y.sum()), yy=float(y @ y), **more)


def test_distributions_are_those_of_scipy() -> None:
    """Tails and quantiles over four powers of ten of freedom."""
    rng = np.random.default_rng(1)
    for _ in range(300):
        freedom, t, chance = float(10 ** rng.uniform(0, 4)), float(rng.normal(0, 4)), float(rng.uniform(0.001, 0.999))
        assert student_above(t, freedom) == pytest.approx(scipy.stats.t.sf(t, freedom), abs=1e-9)
        assert student_quantile(chance, freedom) == pytest.approx(scipy.stats.t.ppf(chance, freedom), rel=1e-6, abs=1e-8)
        value = float(rng.chisquare(min(freedom, 300)))
        assert chi_squared_above(value, min(freedom, 300)) == pytest.approx(scipy.stats.chi2.sf(value, min(freedom, 300)), abs=1e-9)


def test_textbook_tests_are_equal_to_other_libraries() -> None:
    """To one in a million, as promised; what is printed by the benchmark is what holds here."""
    assert measured_experiments._equal().met


def test_corrections_are_those_of_statsmodels() -> None:
    """Holm and Benjamini-Hochberg, with ties."""
    for chances in ((0.01, 0.04, 0.03, 0.04), (0.5,), (0.001, 0.9, 0.2, 0.04, 0.04)):
        assert holm(chances) == pytest.approx(multipletests(chances, method="holm")[1])
        assert benjamini_hochberg(chances) == pytest.approx(multipletests(chances, method="fdr_bh")[1])


def test_looking_every_day_does_not_find_what_is_not_there() -> None:
    """A seeded sample of the A/A tests; `make bench-analysis` runs ten thousand."""
    figure = measured_experiments._false_alarms(150, "share")
    assert float(figure.measured.split("%")[0]) <= 5


def test_the_interval_that_lasts_is_wider_and_agrees_with_its_chance() -> None:
    """It excludes nothing exactly where its chance is under the level."""
    for difference in np.linspace(0, 6, 61):
        held = always_valid(float(difference), 1.0, 8000)
        assert (held.low > 0) == (held.p < 0.05)
        assert held.high - held.low > 2 * 1.96


def test_the_time_before_narrows_the_interval_without_moving_it() -> None:
    """CUPED equals regression on the centred time before, with both arms' slope."""
    rng = np.random.default_rng(2)
    before = [rng.normal(100, 20, 3000) for _ in range(2)]
    after = [before[0] + rng.normal(0, 5, 3000), before[1] + 1 + rng.normal(0, 5, 3000)]
    plain, adjusted = (effect(sums(after[0], b0), sums(after[1], b1)) for b0, b1 in ((None, None), before))
    assert adjusted.reduced == pytest.approx(0.94, abs=0.02)
    assert adjusted.error < plain.error / 3
    assert adjusted.low < 1 < adjusted.high
    design = np.column_stack([np.ones(6000), np.r_[np.zeros(3000), np.ones(3000)], np.concatenate(before)])
    slope = np.linalg.lstsq(design, np.concatenate(after), rcond=None)[0][1]
    assert adjusted.difference == pytest.approx(slope, rel=1e-6)
    assert cuped(sums([1.0, 2.0], [3.0, 3.0]), sums([1.0, 3.0], [3.0, 3.0])) is None


def test_uneven_arms_are_not_trusted() -> None:
    """As scipy computes it; 52 to 48 of ten thousand is no luck."""
    assert uneven([5210, 4790]) == pytest.approx(scipy.stats.chisquare([5210, 4790]).pvalue)
    arms = [Arm(name=name, units=n, sums={"m": Sums(units=n, y=n * 0.1, yy=n * 0.1)}) for name, n in (("A", 5210), ("B", 4790))]
    assert not judge(arms, "A", {"m": "up"}).trusted


def test_few_units_are_too_few() -> None:
    """Whatever the figures say."""
    arms = [Arm(name="A", units=20, sums={"m": Sums(units=20, y=1, yy=1)}), Arm(name="B", units=20, sums={"m": Sums(units=20, y=19, yy=19)})]
    assert judge(arms, "A", {"m": "up"}).findings[0].found == "too little data"


def test_less_is_better_where_the_catalog_says_so() -> None:
    """A fall of what should fall is no harm."""
    arms = [Arm(name=name, units=5000, sums={"m": Sums(units=5000, y=y, yy=y)}) for name, y in (("A", 1000.0), ("B", 700.0))]
    found = judge(arms, "A", {"m": "down"}).findings[0]
    assert (found.found, found.harm < 0.01) == ("better", True)


def test_the_checkout_test_of_the_demo_is_won_by_b(halcyon, by_hand) -> None:
    """Every unit is counted, the shares are what SQL finds, and the lift is what was planted."""
    counted = dict(by_hand("SELECT variant, count(DISTINCT customer_id) FROM checkout_test GROUP BY 1"))
    reply = halcyon.reply(Turn("how did the checkout test go"))
    found = reply.answer.finding
    assert isinstance(found, Result)
    assert dict(found.units) == counted
    outcome = next(one for one in found.outcomes if one.measure.casefold() == "converted")
    rates = PLANTED["checkout_test"].rates
    assert outcome.found == "better"
    assert outcome.low < rates["B"] - rates["A"] < outcome.high
    assert found.trusted
    assert "B is better than A" in reply.speech


def test_the_preview_test_of_the_demo_is_undecided(halcyon) -> None:
    """Nothing was planted, nothing is found, and what it could have found is said."""
    reply = halcyon.reply(Turn("how did the preview test go"))
    assert {one.found for one in reply.answer.finding.outcomes} == {"undecided"}
    assert "no sure difference" in reply.speech
    assert "four times in five" in reply.text


def test_what_an_experiment_does_not_measure_is_refused(halcyon) -> None:
    """A breakdown and a figure of something else are not answered with something like it."""
    assert halcyon.reply(Turn("results of the checkout experiment by market")).answer is None
    reply = halcyon.reply(Turn("did the checkout test change revenue"))
    assert reply.answer is None or {one.measure for one in reply.answer.finding.outcomes} == {"converted"}
