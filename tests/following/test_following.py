"""What is followed is told when it is due, once, by the right of that moment and for the place it goes to."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest

from insights.delivery.outbox import DIGEST
from insights.delivery.port import Channel
from insights.errors import NotPermitted
from insights.organization import Organization, Person
from insights.permit import Permit
from insights.requests import Follow, MetricQuestion
from insights.turns import Turn
from tests.language.company import CATALOG

ZONE = ZoneInfo("America/New_York")
SUNDAY = datetime(2026, 5, 31, 9)
MONDAY = datetime(2026, 6, 1, 9)


@pytest.fixture
def sums(company):
    """Revenue and orders between two days (both included), by SQL of our own."""
    files = str(company.folder / "data" / "orders" / "**" / "*.parquet")

    def between(first, last):
        return duckdb.execute(
            "SELECT sum(amount_usd), count(*) FROM read_parquet(?, hive_partitioning = true)"
            " WHERE status <> 'test' AND CAST(ordered_on AS DATE) BETWEEN CAST(? AS DATE) AND CAST(? AS DATE)",
            [files, first, last],
        ).fetchone()

    return lambda first, last: tuple(map(float, between(first, last)))


def test_a_digest_says_what_changed_and_why_in_three_sentences(halcyon_mail, sums):
    """The last whole week beside the one before, on Monday at nine by the person's clock; figures as SQL by hand has them."""
    with halcyon_mail.at(SUNDAY) as office:
        reply = halcyon_mail.say(office, "follow revenue every Monday at nine")
        assert "every Monday at 9:00 AM, next on Monday, June 1 (S-1001)" in reply.text
        assert halcyon_mail.work(office, SUNDAY) == []
    with halcyon_mail.at(MONDAY) as office:
        ((person, _, told),) = halcyon_mail.work(office, MONDAY)
        assert halcyon_mail.work(office, MONDAY + timedelta(minutes=1)) == []
    now, before = sums("2026-05-25", "2026-05-31")[0], sums("2026-05-18", "2026-05-24")[0]
    assert (person, round(told.answer.answer.value, 2)) == ("ada", round(now, 2))
    assert told.answer.answer.comparison.value == pytest.approx(before)
    first = told.text.splitlines()[0]
    assert f"${now:,.2f}" in first
    assert f"down {100 * (1 - now / before):.2g}% against" in first
    assert told.answer.why.finding.change == pytest.approx(now - before)
    assert len(told.text.splitlines()) <= 5
    assert told.suggestions == ("pause S-1001", "mute S-1001 for a week", "unfollow S-1001")


def test_an_answer_with_its_filters_is_told_again_as_time_goes_on(halcyon_mail):
    """ "Last month" is another month next month; groups, limits and conditions stay."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "top 2 markets by revenue last month without phones")
        assert "the last" not in halcyon_mail.say(office, "follow that every day at 8").text
    with halcyon_mail.at(MONDAY) as office:
        ((_, _, told),) = halcyon_mail.work(office, MONDAY)
    answer = told.answer.answer
    assert (answer.period.first.month, len(answer.rows), len(answer.filters)) == (5, 2, 1)


def test_an_alert_is_told_when_it_holds_and_again_only_after_it_did_not(halcyon_mail, sums):
    """Orders of each whole day: 2,054 on May 28, 140 on May 29 and 150 on the day after."""
    assert [sums(f"2026-05-{day}", f"2026-05-{day}")[1] for day in (28, 29, 30)] == [2054, 140, 150]
    with halcyon_mail.at(datetime(2026, 5, 29, 9)) as office:
        assert "(S-1001)" in halcyon_mail.say(office, "alert me when orders drop below 1,000").text
    told = {}
    for day in (29, 30, 31):
        moment = datetime(2026, 5, day, 12)
        with halcyon_mail.at(moment) as office:
            told[day] = [reply.text for _, _, reply in halcyon_mail.work(office, moment)]
    assert (told[29], told[31]) == ([], [])
    assert "Orders: under 1,000 orders." in told[30][0]
    assert "140 on May 29" in told[30][0]


def test_an_alert_about_a_change_looks_at_the_day_before(halcyon_mail):
    """From 2,054 to 140: down by more than half, and not up."""
    with halcyon_mail.at(datetime(2026, 5, 29, 9)) as office:
        halcyon_mail.say(office, "alert me when orders drop by 50 percent")
        halcyon_mail.say(office, "alert me when orders rise by 50 percent")
    moment = datetime(2026, 5, 30, 12)
    with halcyon_mail.at(moment) as office:
        told = halcyon_mail.work(office, moment)
    assert [reply.answer.followed.direction for _, _, reply in told] == ["down"]


def test_a_limit_in_percent_is_one_of_a_rate_and_of_nothing_else(halcyon_mail):
    """Five percent of churn is 0.05; of revenue it is nothing."""
    with halcyon_mail.at(SUNDAY) as office:
        assert halcyon_mail.say(office, "alert me when churn rate goes above 5 percent").answer.followed[0].limit == 0.05
        reply = halcyon_mail.say(office, "alert me when revenue drops below 5 percent")
    assert (reply.outcome, "no percentage" in reply.text) == ("unsupported", True)


def test_what_is_followed_is_listed_paused_muted_and_ended(halcyon_mail):
    """By its number or by its name; nobody else's is touched."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "follow revenue every day at 8")
        halcyon_mail.say(office, "follow orders every day at 8")
        halcyon_mail.say(office, "follow orders every day at 7", "nina", conversation="n")
        assert "• S-1002: Orders, every day at 8:00 AM" in halcyon_mail.say(office, "what do I follow").text
        assert "Paused" in halcyon_mail.say(office, "pause S-1001").text
        assert "until Sunday, June 7" in halcyon_mail.say(office, "mute orders for a week").text
        assert "You don't follow anything" not in halcyon_mail.say(office, "what do I follow").text
        assert halcyon_mail.say(office, "unfollow S-1003").outcome == "unsupported"  # it is Nina's
    with halcyon_mail.at(MONDAY) as office:
        assert [person for person, _, _ in halcyon_mail.work(office, MONDAY)] == ["nina"]
        assert "2" in halcyon_mail.say(office, "unfollow everything").text
        assert "You don't follow anything" in halcyon_mail.say(office, "what do I follow").text


def test_what_may_not_be_had_any_more_is_not_told(halcyon_mail):
    """Omar follows what is confidential in private; in a room he may not, and in a channel it is not told, whoever is there."""
    with halcyon_mail.at(SUNDAY) as office:
        assert halcyon_mail.say(office, "follow gross margin every day at 8", "omar", conversation="o").outcome == "understood"
        assert halcyon_mail.say(office, "follow gross margin every day at 8", "ada").outcome == "denied"
        assert halcyon_mail.say(office, "follow gross margin every day at 8", "omar", conversation="r", device="echo-fern").outcome == "denied"
        halcyon_mail.say(office, "post gross margin in #sales every day at 8", "omar", conversation="o")
    with halcyon_mail.at(MONDAY) as office:
        told = {place: reply for place, _, reply in halcyon_mail.work(office, MONDAY)}
    assert set(told) == {"omar"}


@pytest.mark.parametrize(
    ("channel", "posted"),
    [
        (Channel(id="C1", name="sales", members=("ada", "nina")), True),
        (Channel(id="C1", name="sales", members=("ada",), strangers=1), False),
        (None, False),
    ],
)
def test_a_channel_is_told_what_everybody_there_may_have(halcyon_mail, channel, posted):
    """Who reads along is looked at when it is sent; else its follower hears why not."""
    with halcyon_mail.at(SUNDAY) as office:
        assert "in #sales" in halcyon_mail.say(office, "post revenue in #sales every Monday at nine").text
    halcyon_mail.post.channels = {"sales": channel} if channel else {}
    with halcyon_mail.at(MONDAY) as office:
        ((place, _, reply),) = halcyon_mail.work(office, MONDAY)
    assert (place, reply.outcome) == (("#sales", "understood") if posted else ("ada", "denied"))


def test_it_is_told_once_by_two_workers_and_after_a_crash(halcyon_mail):
    """A worker dies between putting it into the outbox and writing down that it looked: the next one puts nothing there a second time."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "follow revenue every Monday at nine")
    with halcyon_mail.at(MONDAY) as office, halcyon_mail.at(MONDAY) as other:
        aware = MONDAY.astimezone()
        due = office.ledger.due_subscriptions(office.catalog.name, now=aware + timedelta(days=1))
        looked, office.ledger.__class__.looked = office.ledger.__class__.looked, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)
        try:
            with pytest.raises(KeyboardInterrupt):
                halcyon_mail.work(office, MONDAY)
        finally:
            office.ledger.__class__.looked = looked
        assert len(due) == len(office.ledger.work_in(DIGEST, "waiting")) == 1
        first, second = halcyon_mail.work(other, MONDAY), halcyon_mail.work(office, MONDAY)
    assert (len(first), len(second)) == (1, 0)


def test_what_was_unfollowed_since_is_not_told(halcyon_mail):
    """It stood in the outbox already."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "follow revenue every Monday at nine")
    with halcyon_mail.at(MONDAY) as office:
        assert office.look(MONDAY.replace(tzinfo=ZONE))["told"] == 1
        halcyon_mail.say(office, "unfollow revenue")
        assert halcyon_mail.work(office, MONDAY) == []


def test_the_same_turn_follows_once(halcyon_mail):
    """It arrives twice, and is told twice, and is one subscription."""
    with halcyon_mail.at(SUNDAY) as office:
        turn = Turn("follow revenue every Monday at nine", person="ada", id="same", conversation="x")
        first, again = office.reply(turn), office.reply(turn)
        assert first.text.splitlines()[0] == again.text
        assert len(office.ledger.subscriptions_of("ada")) == 1


def test_a_figure_that_may_not_be_heard_may_not_be_followed():
    """Following asks for the same right as asking."""
    secret = next(name for name, metric in CATALOG.metrics.items() if metric.sensitivity == "confidential")
    permit = Permit(CATALOG, Organization(people={"ada": Person(id="ada", name="Ada")}))
    asker = permit.asker(person="ada", device=None, audience="private")
    with pytest.raises(NotPermitted):
        permit.decide(Follow(what=MetricQuestion(metrics=(secret,))), asker)
    assert permit.decide(Follow(what=MetricQuestion(metrics=("orders",))), asker)
