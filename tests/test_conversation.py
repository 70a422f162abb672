"""What "yes", "the second one" and "mobile" refer to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.conversation import Pending, State, dump, restore, waiting_for
from insights.reactions import Picked, react
from insights.requests import BookRoom, Choice, Clarify, Filter, MetricQuestion

CHOICES = tuple(Choice(label=label, request=MetricQuestion(metrics=(label,))) for label in ("net revenue", "gross revenue", "ad revenue"))
CHOOSING = Pending(kind="choice", choices=CHOICES)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1", 0),
        ("2", 1),
        ("two", 1),
        ("the second one", 1),
        ("The third.", 2),
        ("option 3", 2),
        ("last", 2),
        ("gross revenue", 1),
        ("gross", 1),
        ("I mean net", 0),
        ("the ad one", 2),
        ("4", None),
        ("revenue", None),
        ("what is the weather", None),
        ("", None),
    ],
)
def test_a_choice_is_named_by_number_by_place_or_by_its_own_words(said, number) -> None:
    """A reply picks a choice only when it can mean no other."""
    reaction = react(said, CHOOSING)
    assert reaction == (None if number is None else Picked(CHOICES[number]))


@pytest.mark.parametrize(
    ("said", "expected"), [("yes", "yes"), ("Yes, please!", None), ("go ahead", "yes"), ("no", "no"), ("never mind", "no"), ("yes and no", None)]
)
def test_only_a_plain_yes_or_no_counts(said, expected) -> None:
    """An action is confirmed by a plain yes, never by a sentence that holds one."""
    assert react(said, Pending(kind="confirm", action=BookRoom(room="fern"), key="k")) == expected


def test_a_yes_to_a_question_that_wants_more_is_asked_which() -> None:
    """To a choice among several and to a slot; what is called "yes" is picked, the only one agreed to."""
    several = waiting_for(Clarify(about="slot", choices=CHOICES, missing="slot"), None)
    lacking = waiting_for(Clarify(about="start", missing="start", partial=BookRoom(room="fern")), None)
    assert [react(said, waiting) for waiting in (several, lacking) for said in ("yes", "Sure.", "no")] == ["which", "which", "no"] * 2
    assert lacking.question == Clarify(about="start", missing="start", partial=BookRoom(room="fern"))
    assert restore(dump(State(pending=lacking))).pending == lacking
    yes_or_no = tuple(Choice(label=label, request=MetricQuestion(metrics=(label,))) for label in ("yes", "no it is not"))
    assert react("yes", replace(several, choices=yes_or_no)) == Picked(yes_or_no[0])
    assert react("yes", replace(several, choices=CHOICES[:1])) == Picked(CHOICES[0])
    assert react("yes", CHOOSING) is None
    assert react("yes", Pending(kind="slot", missing="meaning")) == "yes"


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("1 and 3", "net revenue and ad revenue"),
        ("net and gross", "net revenue and gross revenue"),
        ("the first and the last one", "net revenue and ad revenue"),
        ("all of them", "net revenue and gross revenue and ad revenue"),
        ("all three, please", None),
        ("both", None),
        ("net or gross", None),
        ("1 and 4", None),
        ("net and net", None),
    ],
)
def test_several_choices_are_taken_together_where_they_can_be(said, labels) -> None:
    """Figures stand beside one another; "both" of three and "net or gross" are no answer."""
    reaction = react(said, CHOOSING)
    assert (reaction.choice.label if isinstance(reaction, Picked) else None) == labels
    if isinstance(reaction, Picked):
        assert reaction.choice.request.metrics == tuple(labels.split(" and "))


def test_choices_that_differ_in_more_than_one_thing_are_asked_about_again() -> None:
    """A figure and a split cannot be had together."""
    choices = (
        Choice(label="net", request=MetricQuestion(metrics=("net",))),
        Choice(label="by plan", request=MetricQuestion(metrics=("gross",), group_by=("plan",))),
    )
    assert react("both", Pending(kind="choice", choices=choices)) == "again"


def test_values_of_one_condition_are_joined_into_one_list() -> None:
    """Both of two values mean either of them."""
    choices = tuple(
        Choice(label=value, request=MetricQuestion(metrics=("net",), filters=(Filter(dimension="city", values=(value,)),))) for value in ("Bern", "Basel")
    )
    reaction = react("both of them", Pending(kind="choice", choices=choices))
    assert isinstance(reaction, Picked)
    assert reaction.choice.request.filters == (Filter(dimension="city", values=("Bern", "Basel")),)


@pytest.mark.parametrize("said", ["something else", "none of the above", "another one"])
def test_something_else_is_neither_a_choice_nor_a_no(said) -> None:
    """It asks what else there is."""
    assert react(said, CHOOSING) == "else"


@pytest.mark.parametrize("said", ["drop that", "cancel it", "leave it"])
def test_what_is_waiting_can_be_dropped_and_nothing_else_is_by_the_same_words(said) -> None:
    """Without a question back "drop that" is about the last answer and "cancel it" about a booking."""
    assert react(said, CHOOSING) == "no"
    assert react(said, Pending(kind="confirm", action=BookRoom(room="fern"), key="k")) == "no"
    assert react(said, None) is None


def test_no_declines_every_choice() -> None:
    """A no to a question back picks nothing."""
    assert react("none of them", CHOOSING) == "no"


def test_a_conversation_survives_being_written_down() -> None:
    """State is the same after a round trip through JSON."""
    state = State(request=MetricQuestion(metrics=("revenue",)), pending=CHOOSING, done=(("t1", "k1"),))
    assert restore(dump(state)) == state


@given(st.text(max_size=200))
def test_any_text_in_the_store_starts_afresh_at_worst(text) -> None:
    """A state nobody can read is forgotten, not an error."""
    assert isinstance(restore(text), State)


@given(st.text(max_size=300))
def test_any_reply_gets_a_reaction(text) -> None:
    """No reply breaks a conversation."""
    react(text, CHOOSING)


def test_a_turn_remembers_what_it_did() -> None:
    """A turn that arrives twice finds the key of its action, others do not."""
    state = State(pending=CHOOSING).acted("turn", "key")
    assert (state.pending, state.key_of("turn"), state.key_of("other"), state.key_of(None)) == (None, "key", None, None)
