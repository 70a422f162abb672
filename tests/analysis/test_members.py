"""Cohorts, funnels and segments: against SQL by hand over the demo company and plain Python over a small club, with rights and few people."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from insights import Turn, wiring
from insights.analysis.clusters import fifths, grouped, scaled
from insights.analysis.funnel import passed
from insights.analysis.retention import Line, differing, guarded, surviving
from insights.findings import Cohorts, Passed, Segments
from tests.analysis.club import Club
from tests.analysis.test_drivers import halcyon_truth

EVERYWHERE = {"North", "South", "West"}


@pytest.fixture(scope="module")
def club(tmp_path_factory):
    """The club, and an assistant that tells everybody everything they may see."""
    made = Club(tmp_path_factory.mktemp("club"))
    with closing(wiring.open_catalog(made.folder, home=tmp_path_factory.mktemp("home"))) as assistant:
        yield made, assistant


@pytest.fixture(scope="module", params=[260, 1400])
def shy(request, tmp_path_factory):
    """The same club, small and large, where groups of fewer than five are not told about."""
    made = Club(tmp_path_factory.mktemp("shy"), people=request.param, least=5)
    with closing(wiring.open_catalog(made.folder, home=tmp_path_factory.mktemp("home"))) as assistant:
        yield made, assistant


def asked(assistant, text: str, kind: type, person: str = "all"):
    """What was found."""
    reply = assistant.reply(Turn(text, person=person))
    assert reply.answer is not None, reply.text
    assert isinstance(reply.answer.finding, kind), reply.text
    return reply.answer.finding


@pytest.mark.parametrize(("person", "regions"), [("all", EVERYWHERE), ("nora", {"North"})])
def test_the_triangle_is_that_of_plain_python(club, person, regions) -> None:
    """Cell by cell, over the rows that the asker may see."""
    made, assistant = club
    found = asked(assistant, "retention of visitors by month", Cohorts, person)
    wanted = made.triangle(regions)
    assert {one.began: (one.size, list(one.kept)) for one in found.cohorts} == wanted
    sizes, back = sum(size for size, kept in wanted.values() if len(kept) > 1), sum(kept[1] for _, kept in wanted.values() if len(kept) > 1)
    assert found.curve[1].share == pytest.approx(back / sizes)
    assert found.early == len({(day.year, day.month) for region, day in made.members.values() if region in regions and day < date(2025, 1, 1)})


def test_amounts_are_told_for_each_who_began(club) -> None:
    """What those who joined in March paid in each month since, for each of them."""
    made, assistant = club
    found = asked(assistant, "cohort analysis of takings by month joined", Cohorts)
    march = {n for n, (_, joined) in made.members.items() if (joined.year, joined.month) == (2025, 3)}
    wanted = [sum(paid for n, day, paid in made.visits if n in march and day.month == month and day.year == 2025) for month in range(3, 13)]
    (cohort,) = [one for one in found.cohorts if one.began == date(2025, 3, 1)]
    assert found.kind == "amount"
    assert list(cohort.kept) == pytest.approx(wanted)


@pytest.mark.parametrize(("person", "regions"), [("all", EVERYWHERE), ("nora", {"North"})])
def test_the_funnel_is_that_of_plain_python(club, person, regions) -> None:
    """Each step at or after the one before, in all the time there is and for those who began in a period."""
    made, assistant = club
    found = asked(assistant, "show me the training funnel", Passed, person)
    assert [step.members for step in found.steps] == made.passed(regions)
    spring = asked(assistant, "training funnel in April 2025", Passed, person)
    assert [step.members for step in spring.steps] == made.passed(regions, date(2025, 4, 1), date(2025, 4, 30))


def test_a_funnel_of_one_group_holds_for_its_members(club) -> None:
    """The filter is on who goes through, whatever the step."""
    made, assistant = club
    found = asked(assistant, "training funnel in South", Passed)
    assert [step.members for step in found.steps] == made.passed({"South"})


def test_a_step_that_is_confidential_makes_the_funnel_so(club) -> None:
    """Only those who may see the metric hear how many came to it."""
    _, assistant = club
    assert assistant.reply(Turn("show me the hidden funnel", person="all")).answer is None
    assert asked(assistant, "show me the hidden funnel", Passed, "fin").steps[1].members > 0


@pytest.mark.parametrize("text", ["retention of visitors by month", "training funnel", "segment our members by takings and visits"])
def test_who_may_see_no_rows_hears_nothing(club, text) -> None:
    """Deny by default holds for what is worked out member by member."""
    _, assistant = club
    reply = assistant.reply(Turn(text, person="none"))
    assert reply.answer is None


def test_a_step_that_means_nothing_is_said_to(club) -> None:
    """With how its owner can say what it is."""
    _, assistant = club
    reply = assistant.reply(Turn("vague funnel", person="all"))
    assert reply.outcome == "unsupported"
    assert "{name: dataset.time_field}" in reply.text


def test_cells_of_few_people_are_not_told(shy) -> None:
    """Nothing under five members, nor what leaves fewer than five out; what is told is right."""
    made, assistant = shy
    found = asked(assistant, "retention of visitors by month", Cohorts)
    wanted = made.triangle(EVERYWHERE)
    gaps = 0
    for one in found.cohorts:
        size, kept = wanted[one.began]
        assert size >= 5
        for shown, true in zip(one.kept, kept, strict=True):
            few = 0 < true < 5 or 0 < size - true < 5
            assert shown is None if few else shown == true
            gaps += few
    assert gaps or len(made.members) > 1000
    assert len(found.cohorts) + found.hidden == len(wanted)


def test_a_filter_does_not_tell_of_those_outside_of_it(shy) -> None:
    """Where all but a few of a cohort are inside, the whole less the inside would tell the few."""
    made, assistant = shy
    whole, inside = made.triangle(EVERYWHERE), made.triangle({"North", "South"})
    if len(made.members) < 1000:
        assert assistant.reply(Turn("retention of visitors in North and South by month", person="all")).answer is None
        return
    found = asked(assistant, "retention of visitors in North and South by month", Cohorts)
    told = {(one.began, age) for one in found.cohorts for age, value in enumerate(one.kept) if value is not None}
    for began, age in told:
        outside = whole[began][1][age] - inside[began][1][age]
        assert outside == 0 or outside >= 5
        assert whole[began][0] - inside[began][0] not in range(1, 5)
    assert told
    west = assistant.reply(Turn("training funnel in West in April 2025", person="all"))
    assert west.answer is None or all(step.members is None or step.members >= 5 or step.members == 0 for step in west.answer.finding.steps)


def test_retention_of_the_demo_is_what_sql_by_hand_finds(halcyon, by_hand) -> None:
    """Of those who joined in March 2025, how many ordered in each month since."""
    found = asked(halcyon, "retention of customers by month", Cohorts, None)
    (march,) = [one for one in found.cohorts if one.began == date(2025, 3, 1)]
    rows = by_hand(
        """SELECT date_trunc('month', ordered_on)::DATE AS month, count(DISTINCT customer_id) FROM orders JOIN customers USING (customer_id)
        WHERE status <> 'test' AND joined_on BETWEEN '2025-03-01' AND '2025-03-31' GROUP BY 1 ORDER BY 1"""
    )
    assert list(march.kept) == [count for month, count in rows if month >= date(2025, 3, 1)]
    ((size,),) = by_hand("SELECT count(*) FROM customers WHERE joined_on BETWEEN '2025-03-01' AND '2025-03-31'")
    assert march.size == size


def test_the_months_that_were_planted_stand_out(halcyon, by_hand) -> None:
    """Those of the half-price offer and of the annual pass, and no others; survival is that of the rows."""
    truth = yaml.safe_load(halcyon_truth().read_text(encoding="utf-8"))
    found = asked(halcyon, "retention of subscriptions by month", Cohorts, None)
    assert {f"{one.began:%Y-%m}" for one in found.differing} == set(truth["cohorts"]["months"])
    (winter,) = [one for one in found.cohorts if one.began == date(2024, 12, 1)]
    ((size, left),) = by_hand(
        """SELECT count(*), count(*) FILTER (ended_on < '2025-04-01') FROM subscriptions WHERE started_on BETWEEN '2024-12-01' AND '2024-12-31'"""
    )
    assert (winter.size, winter.kept[3]) == (size, size - left)


def test_the_signup_funnel_is_what_sql_by_hand_finds(halcyon, by_hand) -> None:
    """Joined, subscribed on or after that day, watched on or after that."""
    found = asked(halcyon, "show me the signup funnel for 2025", Passed, None)
    ((joined, subscribed, watched),) = by_hand(
        """WITH a AS (SELECT customer_id, joined_on AS at FROM customers WHERE joined_on BETWEEN '2025-01-01' AND '2025-12-31'),
        b AS (SELECT a.customer_id, min(started_on) AS at FROM a JOIN subscriptions s ON s.customer_id = a.customer_id AND started_on >= a.at GROUP BY 1),
        c AS (SELECT DISTINCT b.customer_id FROM b JOIN sessions s ON s.customer_id = b.customer_id AND started_at::DATE >= b.at)
        SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM c)"""
    )
    assert [step.members for step in found.steps] == [joined, subscribed, watched]


def test_every_customer_is_in_one_segment_of_recency_and_value(halcyon, by_hand) -> None:
    """The cells cover all, and their means are those of SQL by hand."""
    found = asked(halcyon, "segment our customers", Segments, None)
    ((members, revenue),) = by_hand("SELECT count(DISTINCT customer_id), sum(amount_usd) FROM orders WHERE status <> 'test' AND customer_id IS NOT NULL")
    assert found.method == "rfm"
    assert found.total == sum(one.members for one in found.segments) == members
    assert sum(trait.mean * one.members for one in found.segments for trait in one.traits if trait.name == "revenue") == pytest.approx(float(revenue))
    by_name = {one.name: {trait.name: trait.mean for trait in one.traits} for one in found.segments}
    assert by_name["Best"]["recency"] < by_name["Slipping away"]["recency"]
    assert by_name["Best"]["revenue"] > by_name["Gone quiet"]["revenue"]


def test_planted_groups_are_found_and_one_cloud_is_not_called_several() -> None:
    """Three clouds that lie apart come out to the point; one cloud is cut, and that is said."""
    generator = np.random.default_rng(3)
    centres = np.array([[0, 0], [6, 0], [0, 7]])
    planted = generator.integers(0, 3, 900)
    found = grouped(scaled(centres[planted] + generator.normal(size=(900, 2))), least=20)
    assert found is not None
    assert found.apart
    assert int(found.labels.max()) + 1 == 3
    agree = sum(np.bincount(planted[found.labels == n]).max() for n in range(3))
    assert agree >= 890
    cloud = grouped(scaled(generator.normal(size=(900, 2))), least=20)
    assert cloud is not None
    assert not cloud.apart


@given(st.lists(st.integers(0, 6), min_size=5, max_size=60))
def test_what_is_the_same_is_in_the_same_fifth(values) -> None:
    """And what is more is never in a lower one."""
    found = fifths(np.array(values, dtype=float))
    for a, one in zip(values, found, strict=True):
        for b, other in zip(values, found, strict=True):
            assert (one == other) if a == b else (a > b) <= (one >= other)


@given(st.lists(st.tuples(st.integers(1, 40), st.lists(st.integers(0, 9), max_size=6)), min_size=1, max_size=6))
def test_survival_of_whole_cohorts_is_the_share_that_is_left(drawn) -> None:
    """Where all cohorts are known to the same age, the product of steps is the plain share."""
    ages = min(len(left) for _, left in drawn)
    lines = []
    for size, left in drawn:
        there, kept = size, []
        for gone in left[:ages]:
            there = max(0, there - gone)
            kept.append(there)
        lines.append(Line(size=size, kept=tuple(kept)))
    for age, (share, _) in enumerate(surviving(lines)):
        assert share == pytest.approx(sum(line.kept[age] for line in lines) / sum(line.size for line in lines), abs=1e-12)


def test_cohorts_of_one_rate_rarely_stand_out() -> None:
    """Of 300 sets of 24 cohorts that are all alike, one in a hundred at most has one that is called different."""
    generator = np.random.default_rng(11)
    wrong = sum(bool(differing([Line(size=400, kept=(400, int(generator.binomial(400, 0.7)))) for _ in range(24)], 1)) for _ in range(300))
    assert wrong <= 9


def test_what_may_be_told_of_leaving_tells_no_small_step() -> None:
    """Of those who only leave, the difference of two ages is people too."""
    told = guarded(Line(size=100, kept=(90, 88, 70, 69, 40)), 5, leaving=True).kept
    assert told == (90, None, 70, None, 40)


def test_a_funnel_that_hides_a_step_names_no_leak() -> None:
    """Where most are lost is known only when all steps are."""
    assert passed("x", "people", ("a", "b", "c"), [100, None, 30]).leak is None
