"""Why a figure moved: what is planted in the demo company is found when it is asked about, and nothing is invented about quiet months."""

from __future__ import annotations

from calendar import month_name

import pytest
import yaml

from insights.findings import Drivers
from insights.turns import Turn

QUIET = ["2024-03", "2024-06", "2024-10", "2025-05", "2025-06", "2026-04"]


def why(halcyon, text: str) -> tuple[Drivers, str, str]:
    """What was found, the text and the speech."""
    reply = halcyon.reply(Turn(text))
    assert isinstance(reply.answer.finding, Drivers), reply.text
    return reply.answer.finding, reply.text, reply.speech


def test_the_fall_is_laid_at_one_device_in_one_region(halcyon, by_hand) -> None:
    """The planted pair, with its contribution as SQL by hand has it, and nothing else."""
    found, text, speech = why(halcyon, "why did revenue fall in May")
    [driver] = found.drivers
    assert {held.label: held.values for held in driver.where} == {"Device": ("Smart TV",), "Region": ("DACH",)}
    [(before, now, rows)] = by_hand(
        """SELECT sum(amount_usd) FILTER (ordered_on < '2026-05-01'), sum(amount_usd) FILTER (ordered_on >= '2026-05-01'), count(*)
        FROM orders JOIN customers USING (customer_id) JOIN regions USING (region_id) JOIN devices USING (device_id)
        WHERE status <> 'test' AND region = 'DACH' AND device = 'Smart TV' AND ordered_on BETWEEN '2026-04-01' AND '2026-05-31'"""
    )
    assert driver.contribution == pytest.approx(float(now - before))
    assert sum(driver.rows) == rows
    assert speech.startswith("Revenue went down 4.5 percent in May 2026")
    assert "not what caused it" in text
    assert "segments of 12 dimensions were tested" in text


def test_everything_adds_up_to_the_change(halcyon) -> None:
    """Drivers, other days and the rest."""
    for text in ("why did revenue fall in May", "why did satisfaction fall in January 2026", "why did churned subscriptions rise in September 2025"):
        found, _, _ = why(halcyon, text)
        parts = sum(one.contribution for one in (*found.drivers, *found.came_or_went)) + (found.calendar or 0) + found.rest
        assert parts == pytest.approx(found.now - found.before, abs=1e-9 * abs(found.before))


def test_a_mix_that_moves_the_total_against_its_parts_is_named(halcyon) -> None:
    """Every way of contact is rated better, and the total worse, for there is more of the bot."""
    found, text, _ = why(halcyon, "why did satisfaction fall in January 2026")
    assert found.parting is not None
    assert found.parting.dimension == "contact_method"
    assert found.parting.reversed
    assert (found.parting.against, found.parting.values) == (4, 4)
    assert found.parting.rate + found.parting.mix == pytest.approx(found.change, abs=1e-9)
    assert found.drivers[0].where[0].values == ("Bot",)
    assert "Simpson's paradox" in text


def test_the_price_change_shows_in_who_left(halcyon) -> None:
    """Premium, and the event is told as falling into the same time, no more."""
    found, text, _ = why(halcyon, "why did churned subscriptions rise in September 2025")
    assert [held.values for held in found.drivers[0].where] == [("Premium",)]
    assert found.events == ("premium price change",)
    assert "That it fell into the same time is all that is known." in text


def test_the_outage_is_laid_at_its_hours(halcyon) -> None:
    """From ten in the morning, and at no single value."""
    found, _, speech = why(halcyon, "why did sessions fall on November 19, 2025")
    assert found.drivers == ()
    assert found.hours is not None
    assert (found.hours.first, found.hours.last) == (10, 23)
    assert "from 10 to 24" in speech


@pytest.mark.parametrize("month", QUIET)
def test_nothing_is_invented_about_quiet_months(halcyon, month) -> None:
    """Whatever is asked about, no value is named."""
    truth = yaml.safe_load((halcyon_truth()).read_text(encoding="utf-8"))
    assert truth["quiet_months"] == QUIET
    year, number = month.split("-")
    for metric in ("revenue", "orders", "satisfaction", "average order value", "refunds", "support contacts", "churned subscriptions"):
        found, text, _ = why(halcyon, f"why did {metric} fall in {month_name[int(number)]} {year}")
        assert (*found.drivers, *found.came_or_went) == (), text
        assert found.parting is None, text
        assert found.hours is None


@pytest.mark.parametrize("month", QUIET)
def test_new_titles_make_nothing_else_look_new(halcyon, by_hand, month) -> None:
    """Titles come out each month, and draw most sessions: their genre, language or publisher is no driver, and titles spoken of came out then."""
    year, number = month.split("-")
    found, text, _ = why(halcyon, f"why did sessions fall in {month_name[int(number)]} {year}")
    assert (*found.drivers, *found.came_or_went) == (), text
    named = [title for held in found.as_ever if held.label == "Title" for title in held.values]
    released = by_hand(f"""SELECT title FROM titles WHERE released_on BETWEEN DATE '{month}-01' - INTERVAL 3 MONTH AND last_day(DATE '{month}-01')""")
    assert set(named) <= {title for (title,) in released}, text
    assert found.rest + (found.calendar or 0) == pytest.approx(found.change)


def test_what_goes_on_under_another_name_is_not_called_gone(halcyon, by_hand) -> None:
    """Each half-year a channel's campaign ends and the next begins: the campaign is gone, not the channel."""
    found, text, _ = why(halcyon, "why did new subscriptions fall in June 2024")
    gone = [driver for driver in found.came_or_went if driver.contribution < 0]
    assert gone, text
    for driver in gone:
        [held] = driver.where
        assert held.label == "Campaign", text
        [(now,)] = by_hand(
            f"""SELECT count(*) FROM subscriptions JOIN campaigns USING (campaign_id)
            WHERE campaign = '{held.values[0]}' AND subscriptions.started_on BETWEEN '2024-06-01' AND '2024-06-30'"""
        )
        assert driver.now == now == 0


@pytest.mark.parametrize("month", QUIET)
def test_a_figure_of_several_sums_scatters_as_its_rows_do(halcyon, month) -> None:
    """Net revenue is one sum less another, of large and small amounts: counted as if all were alike, chance would look like news."""
    year, number = month.split("-")
    found, text, _ = why(halcyon, f"why did net revenue fall in {month_name[int(number)]} {year}")
    assert (*found.drivers, *found.came_or_went) == (), text


def halcyon_truth():
    """Where the planted stories are told."""
    from importlib import resources

    return resources.files("insights.demo").joinpath("truth.yaml")


def test_a_fall_that_did_not_happen_is_denied(halcyon) -> None:
    """April's revenue rose."""
    _, text, speech = why(halcyon, "why did revenue fall in April")
    assert text.startswith("Revenue did not fall in April 2026 against March 2026: it rose")
    assert speech.startswith("Revenue did not fall in April 2026")


def test_what_cannot_be_taken_apart_is_said(halcyon) -> None:
    """A median has no parts that make the whole."""
    reply = halcyon.reply(Turn("why did resolution time fall in May"))
    assert reply.outcome == "unsupported"
    assert "its parts do not make the whole" in reply.text


def test_the_change_is_drawn_as_a_waterfall(halcyon) -> None:
    """From before to now, by the driver, the days and the rest."""
    chart = halcyon.reply(Turn("why did revenue fall in May")).chart
    assert chart.kind == "waterfall"
    assert (chart.labels[0], chart.labels[-1]) == ("Before", "Now")
    first, *steps, last = chart.series[0].values
    assert first + sum(steps) == pytest.approx(last)
