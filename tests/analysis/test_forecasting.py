"""Forecasts: models against brute force and another library, rules of honesty, and what is said about the demo company."""

from __future__ import annotations

import math
from datetime import date, datetime

import numpy as np
import pytest
from scipy.optimize import minimize
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from insights.analysis.forecasting.choosing import origins
from insights.analysis.forecasting.forecast import TooShort, budget, foretell, needed
from insights.analysis.forecasting.intervals import chance_above
from insights.analysis.forecasting.seasons import indices
from insights.analysis.forecasting.smoothing import smoothing
from insights.analysis.forecasting.theta import theta
from insights.findings import Forecast, Pace
from insights.turns import Turn


def dynamic_theta(parameters, values: np.ndarray) -> float:
    """The squared one-step errors of the dynamic Theta model, written out as Fiorucci and others have it."""
    level, alpha, theta_ = parameters
    weight, mean, line, slope, squares = 1 - 1 / theta_, 0.0, 0.0, 0.0, 0.0
    for t, value in enumerate(values):
        expected = level + weight * ((1 - alpha) ** t * line + (1 - (1 - alpha) ** (t + 1)) / alpha * slope)
        squares += (value - expected) ** 2 if t >= 2 else 0.0
        level = alpha * value + (1 - alpha) * level
        n = t + 1
        slope = ((n - 2) * slope + 6 * (value - mean) / n) / (n + 1) if n > 1 else 0.0
        mean = (t * mean + value) / n
        line = mean - slope * (n + 1) / 2
    return squares


@pytest.mark.parametrize("seed", range(4))
def test_theta_is_as_good_as_any_optimiser_finds(seed) -> None:
    """Solving for level and weight exactly loses nothing against a search over all three parameters."""
    rng = np.random.default_rng(seed)
    values = 100 + np.cumsum(rng.normal(rng.normal(0, 2), 3, 48))
    found = theta(values[None, :], np.array([48]), 6)
    starts = [(values[0], alpha, other) for alpha in (0.1, 0.5, 0.9) for other in (1.5, 3.0)]
    bounds = [(None, None), (0.01, 0.995), (1.0, 1e6)]
    best = min(minimize(dynamic_theta, start, args=(values,), bounds=bounds).fun for start in starts)
    assert found.squares[0] <= best * 1.002


@pytest.mark.parametrize("trend", ["none", "additive", "damped"])
def test_smoothing_is_near_what_another_library_finds(trend) -> None:
    """The grid loses little against an optimiser over all parameters and all seasonal states."""
    rng = np.random.default_rng(7)
    values = 200 + np.cumsum(rng.normal(0.5, 2, 72)) + 15 * np.sin(np.arange(72) * math.pi / 6)
    lengths = np.array([72])
    found = smoothing(values[None, :], lengths, "additive", indices(values[None, :], lengths, 12, "additive"), 6)[trend]
    theirs = ExponentialSmoothing(
        values, trend=None if trend == "none" else "add", damped_trend=trend == "damped", seasonal="add", seasonal_periods=12, initialization_method="estimated"
    ).fit()
    assert found.squares[0] <= theirs.sse * 1.12
    assert found.ahead[0] == pytest.approx(theirs.forecast(6), rel=0.06)


def test_every_beginning_is_fitted_as_if_the_rest_were_not_there() -> None:
    """A back-test that saw the future would be worth nothing."""
    rng = np.random.default_rng(3)
    values = 100 + rng.normal(0, 5, 60)
    changed = values.copy()
    changed[40:] += 500
    for fitted in (theta, lambda v, n, h: smoothing(v, n, "none", np.zeros((2, 1)), h)["damped"]):
        one, other = (fitted(np.tile(v, (2, 1)), np.array([60, 40]), 4) for v in (values, changed))
        assert one.ahead[1] == pytest.approx(other.ahead[1])
        assert one.ahead[0] != pytest.approx(other.ahead[0])


def test_a_straight_line_and_a_repeated_season_go_on_as_they_are() -> None:
    """What cannot be doubted is not."""
    assert foretell(np.arange(40.0) + 5, 1, 3).path == pytest.approx([45, 46, 47], rel=0.01)
    week = np.tile([10.0, 12, 15, 11, 9, 3, 2], 12)
    assert foretell(week, 7, 7).path == pytest.approx(week[:7], rel=0.02)


def test_there_is_no_forecast_under_two_seasons() -> None:
    """One season cannot be told from a trend."""
    with pytest.raises(TooShort) as short:
        foretell(np.arange(23.0), 12, 3)
    assert short.value.needed == 24 == needed(12)


@pytest.mark.parametrize("values", [np.zeros(30), np.full(30, 7.0), np.r_[np.zeros(29), 1e12], -np.arange(30.0), np.r_[np.full(29, 1e-9), 5]])
def test_strange_values_give_finite_numbers(values) -> None:
    """Nothing, always the same, a sudden giant, below nothing."""
    found = foretell(values, 4, 5)
    assert np.isfinite(found.path).all()
    assert np.isfinite(found.reach.sure).all()
    assert (found.interval(sure=True)[0] <= found.interval(sure=False)[0] + 1e-9).all()


def test_what_is_never_negative_is_not_foretold_to_be() -> None:
    """Orders that dwindle end at nothing."""
    low, _ = foretell(np.maximum(np.linspace(50, 1, 30), 0), 1, 12).interval(sure=True)
    assert (low >= 0).all()


def test_less_time_means_fewer_models() -> None:
    """The deadline sets what is tried; Theta is always there."""
    rng = np.random.default_rng(1)
    values = 100 + rng.normal(0, 5, 60) + 20 * np.sin(np.arange(60) * math.pi / 6)
    counts = [len(foretell(values, 12, 6, seconds=seconds).shares) for seconds in (10.0, 0.15, 0.0)]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == 3
    assert budget(0.0, 60) == "least"
    assert "Theta" in foretell(values, 12, 6, seconds=0.0).shares


def test_origins_leave_two_seasons() -> None:
    """No beginning is too short to have a season."""
    assert all(length > 24 for length in origins(60, 12, 18))
    assert origins(24, 12, 3) == []


def test_the_chance_of_a_number_follows_the_intervals() -> None:
    """Half above what is expected, a tenth above the upper end of the likely range."""
    assert chance_above(0, 10, 20) == pytest.approx(0.5)
    assert chance_above(10, 10, 20) == pytest.approx(0.1)
    assert chance_above(-20, 10, 20) == pytest.approx(0.975)
    assert chance_above(1, 0, 0) == 0
    assert chance_above(-1, 0, 0) == 1


def test_a_forecast_of_the_demo_names_its_models_and_its_error(halcyon) -> None:
    """The revenue of the third quarter, which grew steadily for three years, beside the naive error."""
    reply = halcyon.reply(Turn("forecast revenue next quarter"))
    found = reply.answer.finding
    assert isinstance(found, Forecast)
    assert [step.start.month for step in found.steps] == [7, 8, 9]
    assert found.total.value == pytest.approx(sum(step.expected.value for step in found.steps))
    assert found.total.low95 < found.total.low80 < found.total.value < found.total.high80 < found.total.high95
    assert found.quality.error < found.quality.naive_error
    assert "repeating the season before would have been off by" in reply.text
    assert reply.chart.bands[0].lower[-1] == pytest.approx(found.steps[-1].expected.low95)
    assert reply.speech.count("US dollars") == 2


def test_the_chance_of_a_target_is_told(halcyon) -> None:
    """ "Will revenue reach 300,000" is answered by a chance, and so is asking for the chance itself; without a number there is none."""
    reply = halcyon.reply(Turn("will revenue reach 300000 next month"))
    for other in ("chance of hitting 300k revenue next month", "how likely is it that revenue reaches 300000 next month"):
        assert halcyon.reply(Turn(other)).answer.finding.chance == pytest.approx(reply.answer.finding.chance, rel=0.1)
    for other in ("chance that revenue stays below 300k next month", "chance of churn next month"):
        refused = halcyon.reply(Turn(other))
        assert refused.answer is None
        assert "the chance that a figure reaches a number" in refused.text
    assert reply.answer.finding.target == 300_000
    assert 0 < reply.answer.finding.chance < 1
    assert "The chance that revenue reaches 300,000 US dollars in June 2026 is about" in reply.speech


def test_groups_are_foretold_one_by_one(halcyon) -> None:
    """Each with its own total; they are near that of the whole."""
    groups = dict(halcyon.reply(Turn("forecast revenue by market next quarter")).answer.finding.by)
    whole = halcyon.reply(Turn("forecast revenue next quarter")).answer.finding.total.value
    assert {"EMEA", "Americas", "APAC"} <= set(groups)
    assert sum(one.value for one in groups.values()) == pytest.approx(whole, rel=0.03)


def test_a_forecast_is_of_the_days_that_are_named(halcyon) -> None:
    """Its steps fill the period it says, no day more: days where the period is not made of whole weeks, whole weeks where they were asked for."""
    days = halcyon.reply(Turn("forecast revenue until july")).answer
    assert (days.period.first, days.period.last) == (date(2026, 5, 31), date(2026, 6, 30))
    assert len(days.finding.steps) + (days.finding.known_through is not None) == 31
    weeks = halcyon.reply(Turn("forecast revenue by week until the end of july"))
    assert (weeks.answer.period.first, weeks.answer.period.last) == (date(2026, 6, 1), date(2026, 8, 2))
    assert len(weeks.answer.finding.steps) * 7 == weeks.answer.period.days
    assert "It is told in whole weeks" in weeks.text


def test_a_number_is_reached_over_a_time_that_is_said(halcyon) -> None:
    """ "By July" does not say from when."""
    assert "Over which time" in halcyon.reply(Turn("will revenue hit 300k by july")).text


def test_too_far_ahead_is_refused_by_name(halcyon) -> None:
    """Four years from three is not a forecast."""
    reply = halcyon.reply(Turn("forecast revenue in 2029"))
    assert reply.answer is None
    assert "too far ahead" in reply.text


def test_a_pace_is_known_run_rate_and_forecast(halcyon, by_hand) -> None:
    """What is known is what SQL by hand finds; the run rate is by days."""
    [(known,)] = by_hand("SELECT sum(amount_usd) FROM orders WHERE status <> 'test' AND ordered_on >= DATE '2026-01-01'")
    reply = halcyon.reply(Turn("are we on track to hit our target"))
    found = reply.answer.finding
    assert isinstance(found, Pace)
    assert found.known == pytest.approx(float(known))
    assert found.run_rate == pytest.approx(float(known) * 365 / 151)
    assert found.elapsed == pytest.approx(151 / 365)
    assert found.expected.value > found.known
    assert f"Chance of reaching the target: {found.chance * 100:.1f}".rstrip("0").rstrip(".") in reply.text


def test_a_target_of_everything_is_not_held_against_a_part(halcyon) -> None:
    """Revenue in EMEA has no target of its own."""
    reply = halcyon.reply(Turn("revenue in EMEA against target this year"))
    assert reply.answer is None
    assert "The target is for all of it" in reply.text


def test_what_is_dated_later_than_today_is_in_no_pace(halcyon, by_hand) -> None:
    """On a day before the data ends the pace is that of the days that have come; what came later is neither known nor forecast from."""
    day = datetime(2026, 4, 15, 9)
    [(year,)], [(quarter,)] = (
        by_hand(f"SELECT sum(amount_usd) FROM orders WHERE status <> 'test' AND ordered_on BETWEEN DATE '{first}' AND DATE '2026-04-15'")
        for first in ("2026-01-01", "2026-04-01")
    )
    reply = halcyon.reply(Turn("are we on track to hit our target", now=day))
    found = reply.answer.finding
    assert (found.known, found.through) == (pytest.approx(float(year)), date(2026, 4, 15))
    assert found.run_rate == pytest.approx(float(year) * 365 / 105)
    assert found.steps[0].start == date(2026, 4, 1)
    assert max(one.start for one in found.past) == date(2026, 3, 1)
    assert "Rows dated after today are not counted." in reply.text
    part = halcyon.reply(Turn("are we on track to reach 900000 revenue this quarter", now=day)).answer.finding
    assert (part.known, part.run_rate) == (pytest.approx(float(quarter)), pytest.approx(float(quarter) * 91 / 15))


def test_a_forecast_is_made_from_what_is_known_today(halcyon) -> None:
    """The months that are not over yet are foretold, whole or by group, though rows of them are there."""
    day = datetime(2026, 4, 15, 9)
    found = halcyon.reply(Turn("forecast revenue this quarter", now=day))
    assert [step.start for step in found.answer.finding.steps] == [date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]
    assert found.answer.finding.known is None
    groups = halcyon.reply(Turn("forecast revenue by market this quarter", now=day))
    assert sum(one.value for _, one in groups.answer.finding.by) == pytest.approx(found.answer.finding.total.value, rel=0.03)
    for reply in (found, groups):
        assert reply.answer.notes.count("Rows dated after today are not counted.") == 1


def test_behind_a_target_is_a_pace(halcyon) -> None:
    """ "How far behind target" is told for the period that has a target, and refused for one that has none."""
    told = halcyon.reply(Turn("how far behind target are we this year")).answer.finding
    assert (told.target, told.period.last) == (3_600_000, date(2026, 12, 31))
    assert "There is no target for that period; there is one for 2026." in halcyon.reply(Turn("how far behind target are we this month")).text
