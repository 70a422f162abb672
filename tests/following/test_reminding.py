"""Reminders come once, at the time on the person's own clock."""

from datetime import datetime

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
