"""Turn -> Reply: what is done once, what is refused, what fails, and that none of it is ever an exception."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import jsonschema
import pytest

from insights import Turn
from insights.contract import encode_reading, encode_reply
from insights.schema import schema

BOOK = "book a room for four tomorrow at three for an hour"
BOOK_FERN = "book Fern tomorrow at three for an hour"
BROKEN = "the projector in Fern is broken"
VALID = jsonschema.Draft202012Validator(schema())


def booked_by(assistant, person):
    """What this person holds, by asking."""
    return assistant.reply(Turn("what have I booked?", person=person)).answer.bookings


def tickets_of(assistant, person):
    """The open tickets of this person, by asking."""
    return assistant.reply(Turn("what is the status of my ticket?", person=person)).answer.tickets


def without(assistant, monkeypatch, **parts):
    """Let the assistant stand on other parts for a while."""
    monkeypatch.setattr(assistant, "_parts", replace(assistant._parts, **parts))


class Crashing:
    """A part that is broken, whatever it is asked."""

    def __getattr__(self, name):
        """Any method."""

        def crash(*_, **__):
            raise ZeroDivisionError("secret detail")

        return crash


# What is done, and how often


@pytest.mark.parametrize("conversation", [None, "c1"])
def test_a_turn_that_arrives_twice_acts_once(office, conversation):
    """And says the same thing again."""
    turn = Turn(BOOK_FERN, person="ada", conversation=conversation, id="t1")
    first, second = office.reply(turn), office.reply(turn)
    assert (first.outcome, first.text) == ("understood", second.text)
    assert first.answer == second.answer
    assert len(booked_by(office, "ada")) == 1


@pytest.mark.parametrize("conversation", [None, "c1"])
@pytest.mark.parametrize(("text", "count"), [(BOOK_FERN, booked_by), (BOOK, booked_by), (BROKEN, tickets_of)])
def test_a_turn_that_arrives_twenty_times_at_once_acts_once(office, text, count, conversation):
    """Every reply tells of the one thing that was done."""
    turn = Turn(text, person="ada", conversation=conversation, id="t1", yes=True)
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(office.reply, [turn] * 20))
    assert {reply.outcome for reply in replies} == {"understood"}
    assert len({json.dumps(encode_reply(reply)["answer"]) for reply in replies}) == 1
    assert len(count(office, "ada")) == 1


@pytest.mark.parametrize(("text", "count"), [(BOOK, booked_by), (BROKEN, tickets_of)])
def test_a_second_yes_does_nothing_more(office, text, count):
    """Two different turns say yes to one question: one booking, one ticket."""
    asked = office.reply(Turn(text, person="ada", conversation="c1", id="t1"))
    assert asked.outcome == "confirm"
    assert asked.expects_reply
    assert count(office, "ada") == ()
    done = office.reply(Turn("yes", person="ada", conversation="c1", id="t2"))
    assert done.answer.status in ("booked", "raised")
    again = office.reply(Turn("yes", person="ada", conversation="c1", id="t3"))
    assert again.answer is None
    assert len(count(office, "ada")) == 1


def test_twenty_people_pressing_yes_at_once_confirm_one_booking(office):
    """The same question, twenty turns."""
    office.reply(Turn(BOOK, person="ada", conversation="c1", id="t0"))
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: office.reply(Turn("yes", person="ada", conversation="c1", id=f"y{n}")), range(20)))
    assert len(booked_by(office, "ada")) == 1


def test_no_leaves_it(office):
    """And a yes after the no confirms nothing."""
    office.reply(Turn(BOOK, person="ada", conversation="c1"))
    assert "leave it" in office.reply(Turn("no", person="ada", conversation="c1")).text
    assert office.reply(Turn("yes", person="ada", conversation="c1")).answer is None
    assert booked_by(office, "ada") == ()


def test_something_else_instead_of_yes_is_heard_as_that(office):
    """A new question does not confirm; the proposal has passed then."""
    office.reply(Turn(BOOK, person="ada", conversation="c1"))
    assert office.reply(Turn("what was revenue last month", person="ada", conversation="c1")).answer is not None
    assert office.reply(Turn("yes", person="ada", conversation="c1")).answer is None
    assert booked_by(office, "ada") == ()


def test_a_yes_of_somebody_else_confirms_nothing(office):
    """What Ada was asked, Sam does not answer; hers still waits for her."""
    office.reply(Turn(BOOK, person="ada", conversation="c1"))
    for other in ("sam", None):
        assert office.reply(Turn("yes", person=other, conversation="c1")).answer is None
    assert booked_by(office, "sam") == ()
    assert office.reply(Turn("yes", person="ada", conversation="c1")).answer.status == "booked"
    assert len(booked_by(office, "ada")) == 1


def test_one_room_is_not_given_to_twenty_people(office):
    """Different people, the same hour: one has it, nineteen are told so in words."""
    people = [person.id for person in office.organization.people.values() if person.active]
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda n: office.reply(Turn(BOOK_FERN, person=people[n % len(people)], id=f"t{n}")), range(20)))
    assert sorted(reply.outcome for reply in replies) == ["failed"] * 19 + ["understood"]
    assert all("Fern" in reply.text for reply in replies)


# What a conversation remembers


def test_a_follow_up_after_a_question_back_stands_on_what_was_chosen(halcyon, office):
    """Question back, choice, follow-up."""
    asked = office.reply(Turn("revenue for Narnia in April", conversation="c1"))
    assert (asked.outcome, asked.expects_reply) == ("clarify", True)
    chosen = office.reply(Turn("1", conversation="c1"))
    assert chosen.request == asked.choices[0].request
    followed = office.reply(Turn("and by market?", conversation="c1"))
    assert (followed.request.metrics, followed.request.group_by) == (("revenue",), ("market",))
    assert followed.request.period == chosen.request.period


def test_a_question_back_can_be_passed_over(office):
    """By asking something else; the number is then just a number."""
    office.reply(Turn("revenue for Narnia in April", conversation="c1"))
    assert office.reply(Turn("orders in May", conversation="c1")).request.metrics == ("orders",)
    assert office.reply(Turn("1", conversation="c1")).request is None


def test_conversations_do_not_hear_each_other(office):
    """A yes in one does not confirm what another asked."""
    office.reply(Turn(BOOK, person="ada", conversation="c1"))
    assert office.reply(Turn("yes", person="ada", conversation="c2")).answer is None
    assert office.reply(Turn("yes", person="ada")).answer is None
    assert booked_by(office, "ada") == ()


# Who may have what


def test_what_is_denied_says_what_to_do_instead(halcyon):
    """By role, by audience, by not being known."""
    for turn, remedy in (
        (Turn("gross margin last month", person="ada"), "Ask the data owner for access."),
        (Turn("gross margin last month"), "Ask the data owner for access."),
        (Turn("revenue last month", person="jo"), "Ask an administrator."),
        (Turn(BOOK), "Say who you are"),
    ):
        reply = halcyon.reply(turn)
        assert (reply.outcome, reply.answer, reply.chart) == ("denied", None, None)
        assert remedy in reply.text
        assert remedy in reply.reason
    assert halcyon.reply(Turn("gross margin last month", person="omar")).outcome == "understood"


@pytest.mark.parametrize(
    "question",
    [
        "gross", "profit by market", "margn by plan", "what can I ask", "help", "how is gross margin defined", "top 3 regions by net", "profit vs revenue",
        "revenue for Narnia", "sales in Q1", "how is it going", "gross of refunds", "what do you know about orders", "regions with gross margin over 20%",
    ],
)  # fmt: skip
@pytest.mark.parametrize("asker", [{"person": "ada"}, {}, {"person": "omar", "audience": "channel"}])
def test_what_somebody_may_not_see_is_not_named_to_them(halcyon, question, asker):
    """Not in a question back, a suggestion, an error, help or the contents; the person's own words aside."""
    reading, asked_back = halcyon.understand(Turn(question, **asker))
    read = encode_reading(question, reading, asked_back)
    documents = [encode_reply(halcyon.reply(Turn(question, **asker)))]
    documents += [read] if read["outcome"] != "understood" else []
    for document in documents:
        request = document.pop("request")
        assert document["outcome"] != "clarify" or "gross" not in json.dumps(request)
        for words in ("text", "definition"):
            document.pop(words, None)
        said = json.dumps(document).lower()
        for name in ("gross_profit", "gross_margin", "gross profit", "gross margin"):
            assert name not in said or name in question


def test_what_one_may_see_is_named(halcyon):
    """The same question to somebody of finance, in private."""
    assert "Gross margin" in halcyon.reply(Turn("what can I ask", person="omar")).text


def test_nobody_unnamed_acts_where_people_are_known(office):
    """Neither by a full sentence, nor by a yes in advance, nor through a device of a room."""
    for turn in (Turn(BOOK_FERN, yes=True), Turn(BROKEN, yes=True), Turn(BOOK_FERN, yes=True, device="echo-fern"), Turn("what have I booked?")):
        assert office.reply(turn).outcome == "denied"
    assert office.ledger.holds(datetime(2026, 1, 1).astimezone(), datetime(2027, 1, 1).astimezone()) == ()


def test_a_desk_device_stands_for_its_owner(office):
    """Ada's Echo books for Ada."""
    assert office.reply(Turn(BOOK_FERN, device="echo-ada")).answer.status == "booked"
    assert len(booked_by(office, "ada")) == 1


# What fails


def test_a_deadline_that_has_passed_is_told_in_words(halcyon):
    """The reply says so, at once, and the next turn has its own time."""
    started = time.monotonic()
    reply = halcyon.reply(Turn("revenue by region by month", deadline=started - 1))
    assert reply.outcome == "failed"
    assert reply.answer is None
    assert re.match(r"[A-Z].*[.?!]$", reply.speech)
    assert time.monotonic() - started < 2
    assert halcyon.reply(Turn("revenue last month", deadline=time.monotonic() + 30)).outcome == "understood"


@pytest.mark.parametrize("part", ["hearing", "questions", "permit", "wording", "office"])
def test_a_part_that_crashes_is_a_reply_with_a_reference(office, part, monkeypatch, caplog):
    """What went wrong stands in the log under the reference, never in the reply; the next turn works."""
    text = BOOK if part == "office" else "revenue by market last month"
    with monkeypatch.context() as patched:
        broken = Crashing().anything if part == "office" else Crashing()
        without(office, patched, **{part: broken})
        reply = office.reply(Turn(text, person="ada", conversation="c1"))
    assert reply.outcome == "failed"
    (reference,) = re.findall(r"Something went wrong on our side \(reference (\w+)\)\.", reply.text)
    assert "secret detail" not in json.dumps(encode_reply(reply))
    assert f"turn failed, reference {reference}" in caplog.text
    assert "secret detail" in caplog.text
    VALID.validate(encode_reply(reply))
    assert office.reply(Turn(text, person="ada", conversation="c1")).outcome in ("understood", "confirm")


def test_what_is_not_there_is_told_in_words(halcyon):
    """An unknown person, an unknown device, a room, a ticket: with the nearest or with what there is."""
    for turn, said in (
        (Turn("revenue", person="adda"), "Did you mean 'ada'?"),
        (Turn("revenue", device="echo-fren"), "Did you mean 'echo-fern'?"),
        (Turn("what is the status of ticket T-99", person="ada"), "T-99"),
    ):
        reply = halcyon.reply(turn)
        assert reply.outcome == "unsupported"
        assert said in reply.text


def test_a_refusal_offers_what_works(halcyon):
    """Each suggestion of a refusal is understood when it is asked."""
    reply = halcyon.reply(Turn("what is the meaning of life"))
    assert reply.outcome == "unsupported"
    assert reply.suggestions
    for suggestion in reply.suggestions:
        assert halcyon.reply(Turn(suggestion)).outcome == "understood", suggestion


def test_every_example_of_help_is_understood(office):
    """Help names only what works here, as it stands."""
    groups = office.reply(Turn("help", person="ada")).answer.groups
    assert len(groups) >= 4
    for examples in groups.values():
        for example in examples:
            device = "echo-fern" if "this room" in example else None
            assert office.reply(Turn(example, person="ada", device=device)).outcome in ("understood", "confirm", "clarify"), example


# What comes with it


def test_timings_say_where_the_time_went(halcyon):
    """Understand, permit, plan, query, word: seconds, none of them negative, together less than it took."""
    started = time.perf_counter()
    reply = halcyon.reply(Turn("revenue by market last month"))
    took = time.perf_counter() - started
    assert set(reply.timings) == {"understand", "permit", "plan", "query", "word"}
    assert all(seconds >= 0 for seconds in reply.timings.values())
    assert sum(reply.timings.values()) <= took


def test_many_threads_get_the_answers_that_one_gets(halcyon):
    """Different questions at once do not get into each other."""
    questions = ["revenue last month", "orders by month this year", "top 3 regions by watch hours in April", "churn rate by plan last quarter"] * 8
    alone = {question: halcyon.reply(Turn(question)).text for question in set(questions)}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: (question, halcyon.reply(Turn(question)).text), questions))
    assert all(text == alone[question] for question, text in together)


def test_a_change_between_two_periods_names_both(halcyon):
    """Also when it is asked for by groups."""
    reply = halcyon.reply(Turn("revenue by market last month compared to the month before"))
    assert (reply.answer.comparison.period.first.isoformat(), reply.answer.comparison.period.last.isoformat()) == ("2026-03-01", "2026-03-31")
    for row in reply.answer.rows:
        assert row["revenue.change"] == pytest.approx(row["revenue"] - row["revenue.before"])
    assert "Compared with: March 1, 2026 to March 31, 2026" in reply.text


def test_closing_twice_is_fine(company, tmp_path):
    """And the ledger is only made when something is to be remembered."""
    import insights

    assistant = insights.open(company.folder, home=tmp_path)
    assert assistant.reply(Turn("revenue last month")).outcome == "understood"
    assert not (tmp_path / "ledger.sqlite").exists()
    assistant.close()
    assistant.close()


@pytest.mark.parametrize("year", [1, 1899, 3000, 9999])
def test_a_clock_that_nothing_can_be_counted_from_is_refused_in_words(halcyon, year):
    """No year breaks a turn."""
    reply = halcyon.reply(Turn("revenue last month", now=datetime(year, 1, 1)))
    assert (reply.outcome, "our side" in reply.text, str(year) in reply.text) == ("unsupported", False, True)
