"""Reminders come once, at the time on the person's own clock."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.following.conftest import ZONE

SUNDAY = datetime(2026, 5, 31, 9)


def test_a_reminder_comes_when_it_is_due_and_once(halcyon_mail):
    """At four, not a minute before."""
    with halcyon_mail.at(SUNDAY) as office:
        assert "4:00 PM: call Nina" in halcyon_mail.say(office, "remind me at four to call Nina").text
        assert halcyon_mail.work(office, datetime(2026, 5, 31, 15, 59)) == []
        ((person, _, reply),) = halcyon_mail.work(office, datetime(2026, 5, 31, 16, 1))
        assert (person, reply.text) == ("ada", "Reminder: call Nina")
        assert halcyon_mail.work(office, datetime(2026, 5, 31, 17)) == []


def test_what_is_missing_is_asked_for(halcyon_mail):
    """The time, and what it is about; a day alone is nine in the morning, and that is said."""
    with halcyon_mail.at(SUNDAY) as office:
        assert halcyon_mail.say(office, "remind me to send the report").question == "When?"
        assert "June 1 at 9:00 AM: send the report" in halcyon_mail.say(office, "tomorrow at nine").text
        assert "comes at nine" in halcyon_mail.say(office, "remind me on Friday about the budget").text
        assert halcyon_mail.say(office, "remind me at noon").question == "Of what shall I remind you?"


def test_reminders_are_listed_and_taken_back(halcyon_mail):
    """By number, or all; others' reminders are not seen."""
    with halcyon_mail.at(SUNDAY) as office:
        number = halcyon_mail.say(office, "remind me at four to call Nina").answer.reminders[0].id
        halcyon_mail.say(office, "remind me at five to go")
        halcyon_mail.say(office, "remind me at three to eat", "nina", conversation="n")
        assert "eat" not in halcyon_mail.say(office, "what are my reminders").text
        assert "call Nina" in halcyon_mail.say(office, f"cancel reminder {number}").text
        assert "Your reminders" in halcyon_mail.say(office, "my reminders").text
        told = [reply.text for _, _, reply in halcyon_mail.work(office, datetime(2026, 5, 31, 18))]
    assert sorted(told) == ["Reminder: eat", "Reminder: go"]


def test_nobody_is_reminded_for_somebody_else(halcyon_mail):
    """That is said, and nothing else is made of it."""
    with halcyon_mail.at(SUNDAY) as office:
        assert "only remind you" in halcyon_mail.say(office, "remind Tom to come").text


def test_a_reminder_that_repeats_comes_each_time_once(halcyon_mail):
    """Every Monday at nine, also where several rounds look at it; the list says how it repeats."""
    with halcyon_mail.at(SUNDAY) as office:
        said = halcyon_mail.say(office, "remind me every Monday at nine to send the report").text
        assert "Monday, June 1 at 9:00 AM and every Monday: send the report" in said
        told = []
        for day, hour in ((1, 8), (1, 9), (1, 10), (2, 9), (8, 9), (8, 9), (15, 9)):
            told += [reply.text for _, _, reply in halcyon_mail.work(office, datetime(2026, 6, day, hour, 1))]
        assert told == ["Reminder: send the report"] * 3
        assert "Monday, June 22 at 9:00 AM and every Monday: send the report" in halcyon_mail.say(office, "what are my reminders").text


def test_what_nobody_could_send_in_time_comes_once_and_late(halcyon_mail):
    """After five days without a worker a daily reminder comes once, and then again at its time."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "every day at five remind me to water the plants")
        assert len(halcyon_mail.work(office, datetime(2026, 6, 4, 12))) == 1
        assert halcyon_mail.work(office, datetime(2026, 6, 4, 16, 59)) == []
        assert len(halcyon_mail.work(office, datetime(2026, 6, 4, 17, 1))) == 1


def test_a_reminder_that_repeats_is_taken_back_whole(halcyon_mail):
    """By words of it, and also between two of its times."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "remind me every weekday at ten to stand up")
        halcyon_mail.say(office, "remind me every weekday at ten to drink")
        assert len(halcyon_mail.work(office, datetime(2026, 6, 1, 10, 1))) == 2
        assert "stand up" in halcyon_mail.say(office, "cancel the reminder to stand up").text
        told = [reply.text for day in (2, 3) for _, _, reply in halcyon_mail.work(office, datetime(2026, 6, day, 10, 1))]
    assert told == ["Reminder: drink"] * 2


@pytest.mark.parametrize(
    ("opened", "said", "due"),
    [
        # Clocks in New York go back on November 1, 2026 and forward on March 14, 2027 (tzdata).
        (datetime(2026, 10, 30, 12), "remind me every day at nine to look", ["2026-10-31T13:00", "2026-11-01T14:00", "2026-11-02T14:00"]),
        (datetime(2027, 3, 12, 12), "remind me every day at 2:30 am to look", ["2027-03-13T07:30", "2027-03-14T07:30", "2027-03-15T06:30"]),
        (datetime(2026, 10, 31, 12), "remind me every day at 1:30 am to look", ["2026-11-01T05:30", "2026-11-02T06:30", "2026-11-03T06:30"]),
    ],
)
def test_it_comes_by_the_clock_on_the_wall_when_the_clocks_change(halcyon_mail, opened, said, due):
    """At nine is at nine, in summer and in winter; an hour that is skipped comes an hour later, one that comes twice is the first."""
    with halcyon_mail.at(opened) as office:
        halcyon_mail.say(office, said)
        for moment in due:
            exact = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZONE)
            assert halcyon_mail.work(office, exact - timedelta(minutes=1)) == [], moment
            assert len(halcyon_mail.work(office, exact + timedelta(seconds=1))) == 1, moment


def test_a_reminder_that_was_interrupted_goes_on(halcyon_mail):
    """A worker that died while sending leaves that one unknown; the next comes."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "remind me every day at ten to look")
        due = datetime(2026, 5, 31, 10, 1).replace(tzinfo=ZONE)
        assert office.ledger.claim_work("reminder", now=due, lease=timedelta(minutes=2)) is not None
        assert halcyon_mail.work(office, datetime(2026, 5, 31, 10, 30)) == []
        assert len(halcyon_mail.work(office, datetime(2026, 6, 1, 10, 1))) == 1


def test_what_comes_too_often_is_refused(halcyon_mail):
    """Once an hour is the most."""
    with halcyon_mail.at(SUNDAY) as office:
        assert "once an hour at most" in halcyon_mail.say(office, "remind me every ten minutes to drink").text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("tomorrow at ten remind me to eat", "June 1 at 10:00 AM: eat"),
        ("at three remind me to go", "May 31 at 3:00 PM: go"),
        ("every weekday at five, remind me to stand up", "June 1 at 5:00 PM and every weekday: stand up"),
    ],
)
def test_the_time_may_be_said_first(halcyon_mail, said, told):
    """It means the same as at the end."""
    with halcyon_mail.at(SUNDAY) as office:
        assert told in halcyon_mail.say(office, said).text
