"""Fills the engine with what the facts are about, then writes the facts of one month after another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path

from insights.demo import dimensions
from insights.demo.chance import MACROS, folded
from insights.demo.days import days_of, month_number, months_of, slots, spend_level
from insights.demo.stories import Experiment, Stories
from insights.warehouse.scratch import Scratch

MONTHLY = ("subscriptions", "orders", "sessions", "ads", "marketing", "contacts")
_CUSTOMERS = 0.02
_FOUNDERS = 0.36
_SHARES = {"sessions": 0.465, "shop": 0.06, "ads": 0.08, "marketing": 0.03, "contacts": 0.03}
"""Rows of each fact for one row of all; renewals, subscriptions and tests follow from the customers."""
_ORDER = {"orders": "ordered_on, order_id"}
_TEST_COLUMNS = {"checkout_test": 301, "preview_test": 321}
_HOURS = {"Phone": 1.5, "Chat": 2.0, "Email": 20.0, "Bot": 6.0}


def prepare(engine: Scratch, folder: Path, stories: Stories, *, rows: int, seed: int) -> None:
    """Make the dimensions, in the engine and as files, and everything that the monthly statements refer to."""
    _tell(engine, stories, seed)
    engine.run(MACROS)
    engine.run(_sql("macros"))
    customers = round(rows * _CUSTOMERS)
    founders = round(customers * _FOUNDERS)
    engine.let("founders", founders)
    totals = {"joined": customers - founders, **{fact: round(rows * share) for fact, share in _SHARES.items()}}
    _fill_days(engine, stories, totals, founders, seed)
    _fill_dimensions(engine, stories, seed)
    engine.run(_sql("customers"))
    for table, select in _DIMENSION_FILES.items():
        engine.write_parquet(select, folder / "data" / f"{table}.parquet")
    _write_rates(folder / "rates.csv", dimensions.rates(stories, seed))


_DIMENSION_FILES = {
    "markets": "SELECT * FROM markets ORDER BY market_id",
    "regions": "SELECT region_id, region, market_id FROM regions ORDER BY region_id",
    "plans": "SELECT * FROM plans ORDER BY plan_id",
    "devices": "SELECT * FROM devices ORDER BY device_id",
    "publishers": "SELECT * FROM publishers ORDER BY publisher_id",
    "titles": "SELECT * FROM titles ORDER BY title_id",
    "campaigns": "SELECT * FROM campaigns ORDER BY campaign_id",
    "customers": "SELECT customer_id, joined_on, region_id, age_group, account_type FROM customers ORDER BY customer_id",
}


def write_months(engine: Scratch, folder: Path, stories: Stories, months: range) -> Iterator[tuple[str, int]]:
    """Write the rows that arrived in these months, a file for each table and month; yields each table and its number of rows.

    Planning a statement takes longer than a month of a small company: several months share one.
    """
    engine.let("from_month", months[0])
    engine.let("to_month", months[-1])
    engine.run(_sql("active"))
    for table in MONTHLY:
        yield table, _write(engine, folder, table, _sql(table), stories, months)
    for test in stories.experiments:
        _tell_test(engine, test)
        its_months = range(max(months[0], month_number(test.first, stories)), min(months[-1], month_number(test.last, stories)) + 1)
        yield test.name, _write(engine, folder, test.name, _sql("experiment"), stories, its_months)


def _write(engine: Scratch, folder: Path, table: str, select: str, stories: Stories, months: range) -> int:
    if not months:
        return 0
    engine.run(f"CREATE OR REPLACE TABLE arrived AS {select}")
    written = 0
    for month in months:
        year, number = month_name(month, stories).split("-")
        path = folder / "data" / table / f"year={year}" / f"month={number}" / "part-0.parquet"
        # The first column of every table is its key; orders are also cut well by day.
        written += engine.write_parquet(f"SELECT * FROM arrived WHERE month_of(loaded_on) = {month} ORDER BY {_ORDER.get(table, '1')}", path)  # noqa: S608 - names are our own
    return written


def month_name(month: int, stories: Stories) -> str:
    """The month as `2024-03`."""
    year, number = divmod(stories.first_day.year * 12 + stories.first_day.month - 1 + month, 12)
    return f"{year}-{number + 1:02}"


def _sql(name: str) -> str:
    return resources.files("insights.demo").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def _tell(engine: Scratch, stories: Stories, seed: int) -> None:
    fall, outage, price, mix, cohorts = stories.fall, stories.outage, stories.price_change, stories.mix_shift, stories.cohorts
    for name, value in {
        "seed": folded(seed),
        "first_day": stories.first_day,
        "months": months_of(stories),
        "fall_region": fall.region,
        "fall_device": fall.device,
        "fall_from": fall.start,
        "fall_lost": fall.lost,
        "outage_day": outage.day,
        "outage_hour": outage.from_hour,
        "outage_lost": outage.lost,
        "outage_contacts": outage.contacts_times,
        "outage_topic": outage.topic,
        "dear_plan": next(id_ for id_, plan, _, _ in dimensions.PLANS if plan == price.plan),
        "dear_from": price.start,
        "dear_before": price.before,
        "dear_churn": price.churn_times,
        "dear_months": price.churn_months,
        "mix_from": mix.start,
        "mix_better": mix.better_by,
        "leave_early": cohorts.early,
        "leave_later": cohorts.later,
    }.items():
        engine.let(name, value)
    engine.fill("cohorts", "start_month INTEGER, leave DOUBLE", [(month_number(day, stories), leave) for day, leave in cohorts.months.items()])
    engine.fill(
        "methods",
        "contact_method VARCHAR, score DOUBLE, hours DOUBLE, low_before DOUBLE, high_before DOUBLE, low_after DOUBLE, high_after DOUBLE",
        _methods(stories),
    )


def _tell_test(engine: Scratch, test: Experiment) -> None:
    for name, value in (("test", _TEST_COLUMNS[test.name]), ("test_first", test.first), ("test_last", test.last)):
        engine.let(name, value)
    for variant, rate in test.rates.items():
        engine.let(f"test_{variant.lower()}", rate)


def _methods(stories: Stories) -> list[tuple[object, ...]]:
    before = after = 0.0
    found: list[tuple[object, ...]] = []
    for name, part in stories.mix_shift.parts.items():
        next_before, next_after = round(before + part.share_before, 9), round(after + part.share_after, 9)
        found.append((name, part.score, _HOURS[name], before, next_before, after, next_after))
        before, after = next_before, next_after
    return found


def _fill_days(engine: Scratch, stories: Stories, totals: dict[str, int], founders: int, seed: int) -> None:
    all_slots = slots(totals, stories, seed)
    engine.fill(
        "slots",
        'fact VARCHAR, day DATE, month INTEGER, "first" BIGINT, "end" BIGINT',
        [(slot.fact, slot.day, slot.month, slot.first, slot.end) for slot in all_slots],
    )
    joined: dict[date, int] = {slot.day: founders + slot.first for slot in all_slots if slot.fact == "joined"}
    releases = [dimensions.released_on(number, stories) for number in range(dimensions.OLD_TITLES + dimensions.NEW_TITLES)]
    engine.fill(
        "days",
        "day DATE, month INTEGER, customers BIGINT, titles INTEGER, level DOUBLE",
        [
            (day, month_number(day, stories), max(joined[day], 1), sum(release <= day for release in releases), round(spend_level(day, seed), 6))
            for day in days_of(stories)
        ],
    )


def _fill_dimensions(engine: Scratch, stories: Stories, seed: int) -> None:
    engine.fill("markets", "market_id INTEGER, market VARCHAR, head_office VARCHAR", dimensions.MARKETS)
    engine.fill("regions", "region_id INTEGER, region VARCHAR, market_id INTEGER, currency VARCHAR", dimensions.REGIONS)
    engine.fill("plans", "plan_id INTEGER, plan VARCHAR, plan_kind VARCHAR, monthly_usd DOUBLE", dimensions.PLANS)
    engine.fill("devices", "device_id INTEGER, device VARCHAR, platform VARCHAR", dimensions.DEVICES)
    engine.fill("publishers", "publisher_id INTEGER, publisher VARCHAR, publisher_kind VARCHAR", dimensions.publishers())
    engine.fill(
        "titles",
        "title_id INTEGER, title VARCHAR, kind VARCHAR, genre VARCHAR, language VARCHAR, publisher_id INTEGER, released_on DATE, minutes INTEGER",
        dimensions.titles(stories, seed),
    )
    engine.fill(
        "campaigns",
        "campaign_id INTEGER, campaign VARCHAR, channel VARCHAR, objective VARCHAR, started_on DATE, ended_on DATE",
        dimensions.campaigns(stories),
    )
    engine.fill("usual_rates", "currency VARCHAR, rate DOUBLE", list(dimensions.RATES.items()))
    dated = [(month_number(day, stories), currency, rate) for day, currency, rate in dimensions.rates(stories, seed)]
    engine.fill("rates", "month INTEGER, currency VARCHAR, rate DOUBLE", dated)


def _write_rates(path: Path, rates: list[tuple[date, str, float]]) -> None:
    lines = ["date,currency,rate", *(f"{day.isoformat()},{currency},{rate:g}" for day, currency, rate in sorted(rates))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
