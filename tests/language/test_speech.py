"""What a speech recogniser writes down: words that sound alike, words said twice, and what the speaker takes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.catalog.model import FieldId
from insights.language.understand import Understander
from insights.requests import Clarify, Understood
from tests.language.company import CATALOG, CONTENTS, NOW


def read(understander, text):
    """The request that a text is understood as."""
    reading = understander.understand(text, now=NOW)
    assert isinstance(reading, Understood), (text, reading)
    return reading.request


HEARD = [
    ("sails by region last month", "sales by region last month", "I took 'sails' as 'sales'"),
    ("revenue buy region", "revenue by region", "I took 'buy' as 'by'"),
    ("revenue bye region in may", "revenue by region in may", "I took 'bye' as 'by'"),
    ("revenue last weak", "revenue last week", "I took 'weak' as 'week'"),
    ("revenue by weak this year", "revenue by week this year", "I took 'weak' as 'week'"),
    ("orders over to million dollars", "orders over two million dollars", "I took 'to' as 'two'"),
    ("top for regions by revenue", "top four regions by revenue", "I took 'for' as 'four'"),
    ("top too regions by revenue", "top two regions by revenue", "I took 'too' as 'two'"),
    ("revenue in the last to weeks", "revenue in the last two weeks", "I took 'to' as 'two'"),
    ("revenue in q won", "revenue in q one", "I took 'won' as 'one'"),
    ("witch region has the highest revenue", "which region has the highest revenue", "I took 'witch' as 'which'"),
    ("revenue four emea", "revenue for emea", "I took 'four' as 'for'"),
    ("forecast revenue four next quarter", "forecast revenue for next quarter", "I took 'four' as 'for'"),
    ("show add spend by month", "show ad spend by month", "I took 'add' as 'ad'"),
    ("revenue in the first too weeks of may", "revenue in the first two weeks of may", "I took 'too' as 'two'"),
    ("revenue four our regions", "revenue for our regions", "I took 'four' as 'for'"),
    ("revenue by region four twenty twenty five", "revenue by region for twenty twenty five", "I took 'four' as 'for'"),
    ("revenue from peeper products", "revenue from paper products", None),
]


@pytest.mark.parametrize(("heard", "meant", "said"), HEARD, ids=[heard for heard, _, _ in HEARD])
def test_words_that_sound_alike_are_taken_for_what_makes_sense_and_that_is_said(understander, heard, meant, said):
    """The same request as what was meant, with what was taken; what sounds like nothing known is not guessed."""
    if said is None:
        assert not isinstance(understander.understand(heard, now=NOW), Understood)
        return
    assert read(understander, heard) == replace(read(understander, meant))
    assert said in understander.understand(heard, now=NOW).assumed


def test_an_exact_name_of_the_catalog_is_never_heard_otherwise():
    """In a company that sells sails, and has weeks that are weak, these are what they are called."""
    values = {**CONTENTS.values, FieldId("products", "product"): ("Sails", "Steel"), FieldId("products", "category"): ("Weak", "Strong")}
    understander = Understander(CATALOG, replace(CONTENTS, values=values))
    assert read(understander, "revenue of sails").filters[0].values == ("Sails",)
    assert read(understander, "revenue of weak products").filters[0].values == ("Weak",)
    assert read(understander, "revenue of steal").filters[0].values == ("Steel",)
    assert "I took 'steal' as 'steel'" in understander.understand("revenue of steal", now=NOW).assumed


@pytest.mark.parametrize(
    "text",
    [
        "revenue for orders over time",
        "compare revenue to last year",
        "revenue for emea",
        "the top region for revenue",
        "revenue by region to date",
        "orders to regions",
    ],
)
def test_little_words_stay_what_they_are(understander, text):
    """ "To" and "for" are numbers only where nothing else makes sense."""
    reading = understander.understand(text, now=NOW)
    assert not any("I took 'to'" in said or "I took 'for'" in said for said in getattr(reading, "assumed", ()))


SAID = [
    ("revenue in april no wait in may", "revenue in may"),
    ("revenue by region i mean by plan", "revenue by plan"),
    ("revenue by region in april no sorry by plan", "revenue by plan in april"),
    ("revenue by region last month er no last year", "revenue by region last year"),
    ("top five no wait top three regions by revenue", "top three regions by revenue"),
    ("revenue actually orders by region", "orders by region"),
    ("revenue for emea no wait for apac last month", "revenue for apac last month"),
    ("revenue by region scratch that orders by plan", "orders by plan"),
    ("revenue in april no wait in may no wait in june", "revenue in june"),
    ("revenue in april no wait in may by region", "revenue in may by region"),
    ("revenue by revenue by region", "revenue by region"),
    ("the the revenue for for emea", "revenue for emea"),
    ("um how do how do orders um develop by month", "how do orders develop by month"),
    ("revenue you know by like region", "revenue by region"),
    ("revenue by region last month er no last weak", "revenue by region last week"),
    ("revenue by region plan and category", "revenue by region, plan and category"),
    ("orders last month er no last week versus the week before by device", "orders last week versus the week before by device"),
    ("okay so show me so show me revenue by region", "show me revenue by region"),
    ("lowest two plans by net revenue in q two er no q three", "lowest two plans by net revenue in q three"),
    ("number of distinct customers last weak i mean last month", "number of distinct customers last month"),
    ("well revenue you know in us last month", "revenue in US last month"),
    ("revenue bye region top too", "revenue by region top two"),
    ("revenue by region in q four twenty twenty five", "revenue by region in q4 2025"),
]


@pytest.mark.parametrize(("text", "meant"), SAID, ids=[text for text, _ in SAID])
def test_what_is_taken_back_is_replaced_by_what_is_said_instead(understander, text, meant):
    """The same request as without the slip, whose words appear in no part of it."""
    found, wanted = read(understander, text), read(understander, meant)
    assert replace(found, period=None) == replace(wanted, period=None)
    assert (found.period and found.period.first) == (wanted.period and wanted.period.first)


def test_what_was_taken_back_is_said(understander):
    """The answer tells which words it went by."""
    assert "I took 'may' in place of 'april'" in understander.understand("revenue in april no wait in may", now=NOW).assumed


@pytest.mark.parametrize("text", ["revenue in april no wait by region", "revenue for emea no wait for premium"])
def test_a_correction_of_another_kind_is_asked_about(understander, text):
    """A region does not replace a month, nor a plan a region: both together or the second alone."""
    reading = understander.understand(text, now=NOW)
    assert isinstance(reading, Clarify), reading
    assert 1 <= len(reading.choices) <= 2


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("what did we actually sell in april", "what did we sell in april"),
        ("i mean revenue by region", "revenue by region"),
        ("revenue by region actually", "revenue by region"),
        ("twenty twenty five revenue", "2025 revenue"),
    ],
)
def test_words_that_only_look_like_a_slip_are_none(understander, text, meant):
    """ "Actually" and "I mean" often correct nothing, and a year says twenty twice."""
    first, second = understander.understand(text, now=NOW), understander.understand(meant, now=NOW)
    assert type(first) is type(second)
    if isinstance(first, Understood):
        assert replace(first.request, period=None) == replace(second.request, period=None)


def test_a_name_that_repeats_itself_stays_whole():
    """ "Baden Baden" is one place, "Duran" is another."""
    values = {**CONTENTS.values, FieldId("customers", "name"): ("Baden Baden", "Baden")}
    understander = Understander(CATALOG, replace(CONTENTS, values=values))
    assert read(understander, "revenue of baden baden").filters[0].values == ("Baden Baden",)


def test_a_figure_that_waits_is_no_restart():
    """Where a metric is called "wait time", "wait" corrects nothing."""
    metrics = {**CATALOG.metrics, "wait_time": replace(CATALOG.metrics["orders"], name="wait_time", label="Wait time", synonyms=())}
    understander = Understander(replace(CATALOG, metrics=metrics), CONTENTS)
    assert read(understander, "revenue and wait time by region").metrics == ("revenue", "wait_time")
