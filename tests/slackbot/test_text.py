"""Text in and out: what people type is understood as typed, what data holds never becomes a mention."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.organization import Organization
from slackbot.escape import literal, mrkdwn, unescape, whole
from slackbot.limits import lines_within, shorten
from slackbot.read import said

REFERENCE = re.compile(r"<[@#!]|<https?:|<mailto:")


@given(st.text())
def test_escaped_text_holds_no_markup_of_slack(text):
    """No angle bracket survives, and every ampersand begins one of the three entities."""
    out = mrkdwn(text)
    assert "<" not in out
    assert ">" not in out
    assert all(re.match(r"&(amp|lt|gt);", out[match.start() :]) for match in re.finditer("&", out))


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"])))
def test_escaping_loses_nothing(text):
    """What a person typed comes back from what Slack makes of it."""
    assert unescape(mrkdwn(text)) == text


@given(st.text())
def test_literal_fields_hold_no_reference_either(text):
    """Even should Slack interpret a header or a cell, it finds no mention or link."""
    assert not REFERENCE.search(literal(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("revenue &gt; 100 &amp; orders &lt; 5", "revenue > 100 & orders < 5"),
        ("tickets of <@U01>", "tickets of Ada Okafor"),
        ("tickets of <@U01|ada>", "tickets of Ada Okafor"),
        ("tickets of <@U77|kim>", "tickets of kim"),
        ("in <#C024BE7LR|general>", "in #general"),
        ("in <#C024BE7LR|>", "in #C024BE7LR"),
        ("see <https://halcyon.example/a|halcyon.example>", "see halcyon.example"),
        ("see <https://halcyon.example/a>", "see https://halcyon.example/a"),
        ("mail <mailto:ada@halcyon.example|ada@halcyon.example>", "mail ada@halcyon.example"),
        ("hey <!here> and <!subteam^S01|@finance>", "hey and @finance"),
        ("a < b and c > d", "a < b and c > d"),
        ("  two\n lines\t", "two lines"),
        ("broken \ud800 and \x00 gone", "broken ? and gone"),
    ],
)
def test_what_slack_made_of_the_text_is_undone(organization, typed, meant):
    """Mentions become names, links their labels, entities their characters."""
    assert said(typed, organization) == meant


@given(st.text(max_size=60), st.integers(2, 40))
def test_shortened_text_fits_and_cuts_no_entity(text, limit):
    """Lengths count after escaping."""
    out = shorten(text, limit, escaped=mrkdwn)
    assert len(out) <= limit
    assert not re.search(r"&(?!(amp|lt|gt);)", out)
    assert out == mrkdwn(text) or out.endswith("…")


@given(st.lists(st.text(st.characters(exclude_characters="\n\r"), max_size=20), max_size=12), st.integers(20, 120))
def test_lines_that_do_not_fit_are_counted(lines, limit):
    """Whole lines stay, and the rest is said: kept and counted lines make up all of them."""
    text = "\n".join(lines)
    out = lines_within(text, limit)
    assert len(out) <= limit
    counted = re.search(r"and (\d+) more lines?$", out)
    if out != mrkdwn(text) and counted:
        kept = out.split("\n")[:-1]
        assert len(kept) + int(counted[1]) == len(text.split("\n"))
        assert kept == [mrkdwn(line) for line in text.split("\n")[: len(kept)]]


def test_lone_surrogates_and_controls_can_be_sent():
    """JSON may hold what UTF-8 cannot."""
    assert whole("a\ud800b\x00c\td\n").encode() == b"a?bc\td\n"


def test_calling_everybody_is_no_part_of_a_question():
    """Whoever calls the channel and asks has asked no less and no more; words that are really there stay."""
    assert said("<@UBOT> <!channel> revenue last month <!here|here> please", Organization(), ours="UBOT") == "revenue last month please"
    assert said("is this channel here", Organization()) == "is this channel here"
