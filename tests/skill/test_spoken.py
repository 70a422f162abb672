"""What Alexa strips from an utterance is given back."""

from __future__ import annotations

import pytest

from skill.slots import date_words, duration_words, words
from skill.spoken import SpokenIntent, phrases, sample_key, speakable, spoken
from tests.skill.conftest import Declaration


def by_name(declared):
    """The spoken intents by name."""
    return {intent.name: intent for intent in spoken(declared)}


@pytest.mark.parametrize(
    ("intent", "values", "said"),
    [
        ("AskIntent", {"query": "revenue by region"}, "revenue by region"),
        ("AskHowManyIntent", {"query": "orders yesterday"}, "how many orders yesterday"),
        ("AskWhyIntent", {"query": "did revenue fall"}, "why did revenue fall"),
        ("AskWhatAboutIntent", {"query": "last year"}, "what about last year"),
        ("BookRoomIntent", {"query": "fern at noon"}, "book fern at noon"),
        ("BookRoomReserveIntent", {"query": "fern at noon"}, "reserve fern at noon"),
        ("BookRoomINeedForAMeetingIntent", {"query": "fern"}, "i need fern for a meeting"),
        ("PhraseIntent", {"phrase": "what have i booked"}, "what have i booked"),
        ("LinkIntent", {"query": "four eight two one 7734"}, "four eight two one 7734"),
        ("MetricIntent", {"metric": "revenue", "past": "july"}, "revenue in july"),
        ("MetricIntent", {"metric": "revenue"}, "revenue"),
        ("MetricIntent", {"metric": "revenue", "dimension": "region"}, "revenue by region"),
        ("BreakdownIntent", {"dimension": "region"}, "by region"),
        ("TimeIntent", {"time": "15:00", "duration": "1 hour"}, "at 15:00 for 1 hour"),
    ],
)
def test_the_carrier_is_given_back_where_it_carries_meaning(intent, values, said, declared):
    """ "why" and "how many" matter, "what is" does not."""
    assert by_name(declared)[intent].text(values) == said


def test_a_slot_that_was_not_filled_makes_no_text(declared):
    """An intent without what it needs says nothing, rather than half a sentence."""
    assert by_name(declared)["AskWhyIntent"].text({}) is None


def test_whole_utterances_keep_their_own_meaning():
    """ "book this room" is not "book a room": each comes back as it was said, and those for help extend Amazon's own intent."""
    declared = (
        Declaration(name="book_room", kind="book_room", samples=("book a room", "book this room", "book {room}"), carriers=("book",)),
        Declaration(name="help", kind="help", samples=("help", "what can you do?")),
    )
    assert [phrase.text for phrase in phrases(declared)] == ["book a room", "book this room"]
    assert by_name(declared)["PhraseIntent"].text({"phrase": "book this room"}) == "book this room"
    assert by_name(declared)["AMAZON.HelpIntent"].samples == ("what can you do",)


def test_no_two_intents_share_a_sample():
    """Where two declarations claim a sample, the first keeps it."""
    twice = (Declaration(name="a", kind="x", carriers=("book",)), Declaration(name="b", kind="y", carriers=("Book", "take")))
    samples = [sample_key(s, intent.slots) for intent in spoken(twice) for s in intent.samples]
    assert len(samples) == len(set(samples))
    assert by_name(twice)["AIntent"].samples == ("book {query}",)


def test_every_sample_of_free_words_comes_back_whole(declared):
    """A carrier that was declared and its query together are what the person said, unless the carrier means nothing."""
    for intent in spoken(declared):
        if set(intent.slots) == {"query"} and intent.name not in ("AskIntent", "AnswerIntent", "LinkIntent", "PinIntent"):
            for sample in intent.samples:
                if "{query}" in sample:
                    assert intent.text({"query": "fern"}) == sample.replace("{query}", "fern")


def test_free_words_and_typed_words_may_follow_the_same_carrier():
    """ "for thirty minutes" is a duration and "for the EMEA region" is not."""
    found = by_name((Declaration(name="more", kind="metric_question", carriers=("for",)),))
    assert found["MoreIntent"].samples == ("for {query}",)
    assert "for {duration}" in found["TimeIntent"].samples


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("What's the Wi-Fi password?", "what's the wi-fi password"),
        ("book {query}", "book {query}"),
        ("P&L, net", "p l net"),
        ("top 10 orders", "top orders"),
        ("the U.S. office.", "the u.s. office"),
        ("<b>", "b"),
    ],
)
def test_samples_hold_only_what_alexa_allows(text, kept):
    """Signs and digits go, apostrophes, hyphens, initials and slots stay."""
    assert speakable(text) == kept


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026-11", "november 2026"),
        ("2026-11-XX", "november 2026"),
        ("2026", "2026"),
        ("2026-XX-XX", "2026"),
        ("2026-W48", "2026-11-23 to 2026-11-29"),
        ("2026-W48-WE", "2026-11-28 to 2026-11-29"),
        ("2026-Q3", "q3 2026"),
        ("PRESENT_REF", "now"),
        ("2026-13", "2026-13"),
        ("2026-W60", "2026-W60"),
        ("202X", "2020-01-01 to 2029-12-31"),
        ("2026-WI", "december 2026 to february 2027"),
        ("2026-SP", "march 2026 to may 2026"),
        ("2026-11-24TEV", "2026-11-24 evening"),
        ("20XX", "20XX"),
        ("", ""),
    ],
)
def test_dates_of_alexa_become_words(value, said):
    """Weeks are Monday to Sunday as ISO 8601 counts them; a form that is not known is passed on."""
    assert date_words(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("PT30M", "30 minutes"),
        ("PT1H", "1 hour"),
        ("PT1H30M", "1 hour 30 minutes"),
        ("P2D", "2 days"),
        ("P1W", "1 week"),
        ("P", "P"),
        ("PT", "PT"),
        ("soon", "soon"),
    ],
)
def test_durations_of_alexa_become_words(value, said):
    """Units in full, and the plural where it belongs."""
    assert duration_words(value) == said


def resolved(*matches, code="ER_SUCCESS_MATCH", heard="sales"):
    """A slot with what entity resolution found."""
    values = [{"value": {"id": id_, "name": name}} for id_, name in matches]
    return {"value": heard, "resolutions": {"resolutionsPerAuthority": [{"status": {"code": code}, "values": values}]}}


@pytest.mark.parametrize(
    ("slot", "kind", "said"),
    [
        (resolved(("revenue", "revenue")), "METRIC", "revenue"),
        (resolved(("revenue", "revenue"), ("orders", "orders")), "METRIC", "sales"),
        (resolved(code="ER_SUCCESS_NO_MATCH"), "METRIC", "sales"),
        ({"value": "sales"}, "METRIC", "sales"),
        ({"value": "sales", "resolutions": {"resolutionsPerAuthority": [3, {"status": None}]}}, "METRIC", "sales"),
        (resolved(("2", "two"), heard="the second"), "CHOICE", "2"),
        ({"value": "AF"}, "AMAZON.TIME", "afternoon"),
    ],
)
def test_a_name_is_the_catalogs_only_when_one_fits(slot, kind, said):
    """Two matches are left to the core, which asks."""
    assert words(slot, kind) == said


def test_forms_are_tried_from_the_fullest():
    """The first form whose slots are all there wins."""
    intent = SpokenIntent(name="X", samples=(), says=("{a} by {b}", "{a}"), slots={"a": "A", "b": "B"})
    assert [intent.text(v) for v in ({"a": "x", "b": "y"}, {"a": "x"}, {"b": "y"})] == ["x by y", "x", None]
