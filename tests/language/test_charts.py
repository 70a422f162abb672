"""Talking about charts: a chart of nothing yet, what only dresses one, words that were mended or left out are said."""

from __future__ import annotations

import pytest

from insights.requests import Clarify, MetricQuestion, Understood
from tests.language.company import NOW


def test_a_chart_of_nothing_waits_for_its_figure(understander):
    """ "Show me bars" asks which figure, and the next utterance is drawn that way."""
    asked = understander.understand("show me bars", now=NOW)
    assert isinstance(asked, Clarify)
    assert (asked.missing, asked.choices) == ("metric", ())
    reading = understander.understand("order amount", now=NOW, previous=asked.partial)
    assert isinstance(reading, Understood)
    assert (reading.request.analysis, reading.request.metrics) == ("distribution", ("orders.amount",))


def test_groups_said_first_hold_for_the_figure_said_next(understander):
    """What a question back was asked about is completed by the utterance that names the figure, and that is said."""
    asked = understander.understand("by region", now=NOW)
    assert isinstance(asked, Clarify)
    reading = understander.understand("plot revenue by month", now=NOW, previous=asked.partial)
    assert isinstance(reading, Understood)
    assert (reading.request.metrics, reading.request.group_by, reading.request.grain) == (("revenue",), ("region",), "month")
    assert "still by region, as you said before" in reading.assumed


@pytest.mark.parametrize("said", ["set the colors to blue and red", "use no gridlines", "put a legend on the right"])
def test_how_a_chart_is_to_look_changes_nothing_and_is_said(understander, said):
    """The question before stands, and the words are named as not used."""
    before = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("region",))
    reading = understander.understand(said, now=NOW, previous=before)
    assert reading == Understood(request=before, ignored=(said,))


@pytest.mark.parametrize(
    ("said", "mended"),
    [
        ("revenue for each diferent region", "I took 'for each diferent' as 'for each different'"),
        ("histgram of order amount", "I took 'histgram of' as 'histogram of'"),
        ("order amt histogram", "I took 'order amt' as 'order amount'"),
    ],
)
def test_a_mended_word_of_the_grammar_is_said(understander, said, mended):
    """Wrong letters and abbreviations are mended only aloud."""
    reading = understander.understand(said, now=NOW)
    assert isinstance(reading, Understood), reading
    assert mended in reading.assumed


def test_the_look_of_a_chart_is_named_among_the_words_not_used(understander):
    """A vertical bar chart is answered, and "vertical" was not used."""
    reading = understander.understand("vertical bar chart of revenue by region", now=NOW)
    assert isinstance(reading, Understood)
    assert (reading.request.group_by, reading.ignored) == (("region",), ("vertical",))


def test_what_a_stack_adds_up_is_said(understander):
    """A stacked chart of a bare number takes its total, and says so."""
    reading = understander.understand("stacked bars of order amount by region and plan", now=NOW)
    assert isinstance(reading, Understood)
    assert reading.request.metrics == ("sum(orders.amount)",)
    assert any("adds up" in sentence for sentence in reading.assumed)


def test_a_chart_is_put_together_piece_by_piece(understander):
    """After "show me bars" and what they go by, a figure alone takes the place of the one before it and the groups stay."""
    asked = understander.understand("show me bars", now=NOW)
    assert isinstance(asked, Clarify)
    grouped = understander.understand("orders by plan", now=NOW, previous=asked.partial)
    assert isinstance(grouped, Understood)
    reading = understander.understand("average discount", now=NOW, previous=grouped.request)
    assert isinstance(reading, Understood)
    assert (reading.request.metrics, reading.request.group_by) == (("avg(orders.discount)",), ("plan",))
