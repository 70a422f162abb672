"""Everything that truth.yaml says is planted can be seen in the data with plain SQL."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

import pytest


def test_one_device_in_one_region_carries_the_fall(sql, truth):
    """Revenue falls in May 2026, the planted cell loses more than the whole does, and every other cell hardly moves."""
    fall = truth["fall"]
    cells = {
        (region, device): (float(before), float(after))
        for region, device, before, after in sql(
            """SELECT region, device, sum(amount_usd * (ordered_on < '2026-05-01')::INT), sum(amount_usd * (ordered_on >= '2026-05-01')::INT)
            FROM sales WHERE ordered_on >= '2026-04-01' GROUP BY ALL"""
        )
    }
    change = {cell: after - before for cell, (before, after) in cells.items()}
    planted = change.pop((fall["region"], fall["device"]))
    assert planted < planted + sum(change.values()) < 0
    assert abs(min(change.values())) < abs(planted) / 5


def test_the_fall_takes_the_share_that_was_planted(sql, truth):
    """Orders a day in the planted cell after the start are a tenth of those in the four weeks before."""
    fall = truth["fall"]
    ((before, after),) = sql(
        f"""SELECT count(*) FILTER (ordered_on < DATE '{fall["from"]}') / 28, count(*) FILTER (ordered_on >= DATE '{fall["from"]}') / 28
        FROM sales WHERE region = '{fall["region"]}' AND device = '{fall["device"]}' AND ordered_on >= DATE '{fall["from"]}' - 28"""
    )
    assert after / before == pytest.approx(1 - fall["lost"], abs=0.05)


def test_satisfaction_falls_although_every_part_of_it_rises(sql, truth):
    """Two quarters before against two after: each way of contact is rated better, all together worse."""
    mix = truth["mix_shift"]
    halves = f"opened_at < DATE '{mix['from']}'", f"opened_at >= DATE '{mix['from']}'"
    select = f"avg(score) FILTER ({halves[0]}), avg(score) FILTER ({halves[1]}) FROM contacts WHERE opened_at >= '2025-07-01'"
    parts = {name: (before, after) for name, before, after in sql(f"SELECT contact_method, {select} GROUP BY 1")}
    ((total_before, total_after),) = sql(f"SELECT {select}")
    assert parts.keys() == mix["parts"].keys()
    for name, (before, after) in parts.items():
        assert after > before
        assert before == pytest.approx(mix["parts"][name]["score"], abs=0.15)
        assert after - before == pytest.approx(mix["better_by"], abs=0.25)
    assert total_after < total_before - 0.2


def test_the_contacts_move_as_planted(sql, truth):
    """The share of each way of contact before and after the start of the bot."""
    mix = truth["mix_shift"]
    counts = sql(f"SELECT opened_at >= DATE '{mix['from']}', contact_method, count(*) FROM contacts GROUP BY ALL")
    shares = {(shifted, name): count / sum(n for when, _, n in counts if when == shifted) for shifted, name, count in counts}
    for name in mix["parts"]:
        before, after = shares[False, name], shares[True, name]
        assert before == pytest.approx(mix["parts"][name]["share_before"], abs=0.02)
        assert after == pytest.approx(mix["parts"][name]["share_after"], abs=0.04)


def test_the_outage_is_one_day_without_sessions_and_full_of_calls(sql, truth):
    """Sessions of the day against the same weekday around it, none to speak of after it began, and five times the contacts."""
    outage = truth["outage"]
    day = outage["day"]
    sessions = dict(sql("SELECT CAST(started_at AS DATE), count(*) FROM sessions GROUP BY 1"))
    contacts = dict(sql("SELECT CAST(opened_at AS DATE), count(*) FROM contacts GROUP BY 1"))
    around = [day + timedelta(days=7 * week) for week in (-2, -1, 1, 2)]
    assert sessions[day] < 0.35 * sum(sessions[other] for other in around) / 4
    assert contacts[day] == pytest.approx(outage["contacts_times"] * sum(contacts[other] for other in around) / 4, rel=0.2)
    ((late, usual),) = sql(
        f"""SELECT count(*) FILTER (CAST(started_at AS DATE) = DATE '{day}'), count(*) FILTER (CAST(started_at AS DATE) = DATE '{day}' - 7)
        FROM sessions WHERE hour(started_at) >= {outage["from_hour"]}"""
    )
    assert late / usual == pytest.approx(1 - outage["lost"], abs=0.05)
    ((topic, share),) = sql(f"SELECT mode(topic), avg((topic = '{outage['topic']}')::INT) FROM contacts WHERE CAST(opened_at AS DATE) = DATE '{day}'")
    assert topic == outage["topic"]
    assert share > 0.7


def test_no_other_day_looks_like_an_outage(sql, truth):
    """Apart from the planted day no day has fewer than two thirds of the median of the four same weekdays around it."""
    lows = sql(
        """WITH days AS (SELECT CAST(started_at AS DATE) AS day, count(*) AS n FROM sessions GROUP BY 1)
        SELECT a.day FROM days a JOIN days b ON b.day IN (a.day - 14, a.day - 7, a.day + 7, a.day + 14) GROUP BY a.day, a.n HAVING a.n < median(b.n) * 2 / 3"""
    )
    assert lows == [(truth["outage"]["day"],)]


def test_premium_costs_the_new_price_from_the_day_it_changed(sql, truth):
    """Full renewals in US dollars are at the old price until the day before and at the new one since."""
    price = truth["price_change"]
    paid = sql(
        f"""SELECT ordered_on >= DATE '{price["from"]}', mode(amount_usd) FROM orders JOIN plans USING (plan_id)
        WHERE plan = '{price["plan"]}' AND currency = 'USD' AND status = 'completed' GROUP BY 1 ORDER BY 1"""
    )
    assert [(changed, float(amount)) for changed, amount in paid] == [(False, price["before"]), (True, price["after"])]


def test_more_subscribers_of_the_dear_plan_leave_for_two_months(sql, truth):
    """Those who leave a month, September and October 2025 against the six months before, by plan."""
    price = truth["price_change"]
    times = dict(
        sql(
            """SELECT plan, (count(*) FILTER (ended_on >= '2025-09-01') / 2) / (count(*) FILTER (ended_on < '2025-09-01') / 6)
            FROM subscriptions JOIN plans USING (plan_id) WHERE ended_on BETWEEN '2025-03-01' AND '2025-10-31' GROUP BY 1"""
        )
    )
    assert times.pop(price["plan"]) == pytest.approx(price["churn_times"], rel=0.25)
    assert max(times.values()) < 1.6


def test_sessions_follow_the_weekday(sql, truth):
    """Sessions by weekday against the average day, without the outage."""
    season = truth["season"]
    days = sql(f"SELECT lower(dayname(started_at)), count(*) FROM sessions WHERE CAST(started_at AS DATE) <> DATE '{truth['outage']['day']}' GROUP BY 1")
    average = sum(count for _, count in days) / 7
    planted = sum(season["weekday"].values()) / 7
    for weekday, count in days:
        assert count / average == pytest.approx(season["weekday"][weekday] / planted, rel=0.03)


def test_sessions_follow_the_year(sql, truth):
    """January against July of the same season, growth taken out by the Julys on both sides."""
    months = dict(sql("SELECT strftime(started_at, '%Y-%m'), count(*) FROM sessions GROUP BY 1"))
    low = 1 - truth["season"]["amplitude"]
    high = 1 + truth["season"]["amplitude"]
    for january, before, after in (("2024-01", "2023-07", "2024-07"), ("2025-01", "2024-07", "2025-07")):
        assert months[january] / ((months[before] + months[after]) / 2) == pytest.approx(high / low, rel=0.06)


def test_gifts_fill_the_shop_before_the_holidays(sql, truth):
    """Shop orders a day in the gift weeks against the four weeks before them, each year."""
    gifts = truth["season"]["gifts"]
    for year in (2023, 2024, 2025):
        first, last = f"DATE '{year}-{gifts['from']}'", f"DATE '{year}-{gifts['to']}'"
        ((ratio,),) = sql(
            f"""SELECT (count(*) FILTER (ordered_on >= {first}) / 30) / (count(*) FILTER (ordered_on < {first}) / 28)
            FROM orders WHERE category <> 'Subscription' AND ordered_on BETWEEN {first} - 28 AND {last}"""
        )
        assert ratio == pytest.approx(gifts["times"], rel=0.12)


def test_new_subscriptions_follow_marketing_after_two_weeks_and_not_sooner(sql, truth):
    """Weekly spend and weekly starts: highly correlated at the planted lag, hardly at any other up to six weeks."""
    weekly = sql(
        """SELECT week, spend, starts FROM (SELECT date_trunc('week', spent_on) AS week, sum(spend_usd) AS spend FROM marketing GROUP BY 1)
        JOIN (SELECT date_trunc('week', started_on) AS week, count(*) AS starts FROM subscriptions GROUP BY 1) USING (week)
        WHERE week BETWEEN '2023-06-05' AND '2026-05-25' ORDER BY week"""
    )
    spend = [float(row[1]) for row in weekly]
    starts = [float(row[2]) for row in weekly]
    at = {lag: _correlation(spend[: len(spend) - lag], starts[lag:]) for lag in range(7)}
    planted = truth["marketing_lag"]["lag_days"] // 7
    assert at.pop(planted) > 0.8
    assert max(map(abs, at.values())) < 0.35


def test_marketing_moves_starts_by_the_planted_elasticity(sql, truth):
    """The slope of relative starts on relative spend two weeks before."""
    lag = truth["marketing_lag"]
    weekly = sql(
        f"""SELECT spend / avg(spend) OVER near, starts / avg(starts) OVER near
        FROM (SELECT date_trunc('week', spent_on + {lag["lag_days"]}) AS week, sum(spend_usd) AS spend FROM marketing GROUP BY 1)
        JOIN (SELECT date_trunc('week', started_on) AS week, count(*) AS starts FROM subscriptions GROUP BY 1) USING (week)
        WHERE week BETWEEN '2023-06-19' AND '2026-05-25' WINDOW near AS (ORDER BY week ROWS BETWEEN 26 PRECEDING AND 26 FOLLOWING)"""
    )
    x, y = [row[0] for row in weekly], [row[1] for row in weekly]
    assert _correlation(x, y) * _deviation(y) / _deviation(x) == pytest.approx(lag["elasticity"], abs=0.08)


@pytest.mark.parametrize("test", ["checkout_test", "preview_test"])
def test_an_experiment_shows_its_planted_rates(sql, truth, test):
    """Each arm converts at its planted rate within three standard errors, arms are alike in size, and nobody is in it twice."""
    rates = truth["experiments"][test]["rates"]
    arms = {arm: (n, rate) for arm, n, rate in sql(f"SELECT variant, count(*), avg(converted::INT) FROM {test} GROUP BY 1")}
    assert arms.keys() == rates.keys()
    for arm, (n, rate) in arms.items():
        assert abs(rate - rates[arm]) < 3 * sqrt(rates[arm] * (1 - rates[arm]) / n)
    assert abs(arms["A"][0] - arms["B"][0]) < 3 * sqrt(arms["A"][0] + arms["B"][0])
    assert sql(f"SELECT customer_id FROM {test} GROUP BY 1 HAVING count(*) > 1") == []


def test_one_experiment_has_a_lift_and_the_other_has_none(sql):
    """The two-proportion z of the checkout test is beyond doubt, that of the preview test is not significant."""
    z = {}
    for test in ("checkout_test", "preview_test"):
        (a, n), (b, m) = sql(f"SELECT avg(converted::INT), count(*) FROM {test} GROUP BY variant ORDER BY variant")
        pooled = (a * n + b * m) / (n + m)
        z[test] = (b - a) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    assert z["checkout_test"] > 3
    assert abs(z["preview_test"]) < 1.96


def test_what_customers_watched_before_a_test_tells_what_they_watch_after(sql):
    """Minutes before and after are strongly correlated, and the minutes are the same in both arms: there is something to adjust with."""
    for test in ("checkout_test", "preview_test"):
        ((r,),) = sql(f"SELECT corr(minutes_before, minutes_after) FROM {test}")
        assert 0.8 < r < 0.97


def test_cohorts_keep_as_many_as_planted(sql, truth):
    """Subscribers left six months after their start: the winter offer loses most, the annual pass hardly any, the months around lie between."""
    kept = dict(
        sql(
            """SELECT strftime(started_on, '%Y-%m'), avg((until >= date_trunc('month', started_on) + INTERVAL 7 MONTH)::INT)
            FROM life WHERE started_on BETWEEN '2024-09-01' AND '2025-03-31' GROUP BY 1"""
        )
    )
    cohorts = truth["cohorts"]
    for month, cohort in cohorts["months"].items():
        assert kept.pop(month) == pytest.approx((1 - cohort["leave"]) ** 6, abs=0.08)
    usual = cohorts["usual"]
    for share in kept.values():
        assert share == pytest.approx((1 - usual["first_three_months"]) ** 3 * (1 - usual["later"]) ** 3, abs=0.09)


def test_quiet_months_are_quiet(sql, truth):
    """In a month without a story no region and device moves revenue by more than a fraction of what the planted fall does."""
    for month in truth["quiet_months"]:
        first = date.fromisoformat(f"{month}-01")
        ((worst, total),) = sql(
            f"""SELECT min(after - before) / sum(before), sum(after) / sum(before) - 1
            FROM (SELECT sum(amount_usd * this::INT) AS after, sum(amount_usd * (NOT this)::INT) AS before
            FROM (SELECT *, ordered_on >= DATE '{first}' AS this FROM sales)
            WHERE ordered_on >= DATE '{first}' - INTERVAL 1 MONTH AND ordered_on < DATE '{first}' + INTERVAL 1 MONTH GROUP BY region, device)"""
        )
        assert worst > -0.012, month
        assert abs(total) < 0.06, month


def _correlation(x: list[float], y: list[float]) -> float:
    mx, my = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / (len(x) * _deviation(x) * _deviation(y))


def _deviation(x: list[float]) -> float:
    mean = sum(x) / len(x)
    return sqrt(sum((a - mean) ** 2 for a in x) / len(x))
