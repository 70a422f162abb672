"""Patterns that are compiled late, and what decides which of them are looked at."""

from __future__ import annotations

import difflib
import random
import re
from re import _constants as of  # type: ignore[attr-defined]  # the only parser of patterns that agrees with `re`
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from insights.errors import nearest
from insights.language.chores import PATTERNS, chore
from insights.language.patterns import Pattern


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    """A wrong pattern raises only where it is used, and one that is right works as `re` does."""
    wrong = Pattern("(")
    with pytest.raises(re.error):
        wrong.match("a")
    right = Pattern("b(.)", re.IGNORECASE)
    found = right.search("aBc")
    assert found is not None
    assert found[1] == "c"
    assert (right.fullmatch("abc"), right.sub("-", "abcb")) == (None, "a-b")
    with pytest.raises(AttributeError):
        right.nothing  # noqa: B018 - the access is what is tested


@pytest.mark.parametrize(("kind", "starts", "pattern"), PATTERNS)
def test_a_chore_begins_only_with_the_words_that_are_declared_for_it(kind: str, starts: str, pattern: str) -> None:
    """Every first word that a pattern itself allows is declared: else it would never be looked at."""
    first = {text for text, _ in _through(parser.parse(pattern), {("", False)})}
    declared = starts.split()
    if not declared:
        assert any(text.endswith("*") for text in first), f"{kind} can begin with {sorted(first)[:5]} only: declare them"
        return
    # an optional space ("show ?me") also allows words written together, which nobody says
    missing = [text for text in first if text not in declared and not any(text.startswith(word) for word in declared)]
    assert not missing, f"{kind} can also begin with {missing[:5]}"


def test_nothing_but_the_first_word_decides_which_chores_are_looked_at() -> None:
    """Every kind of chore that has declared beginnings is still found."""
    said = {"book fern": "book", "cancel my booking": "cancel", "help": "help", "can you help me": "help", "the outage is over": "outage", "hmm": None}
    assert {text: chore(text)[0] for text in said} == said
    assert chore("everything is fixed for everybody")[0] == "outage"


def test_the_nearest_name_is_the_one_that_difflib_finds() -> None:
    """Names that are left out beforehand are never the nearest."""
    rng = random.Random(20260531)
    letters = "aabcdeeehilnorstu "
    names = ["".join(rng.choice(letters) for _ in range(rng.randrange(1, 18))) for _ in range(300)]
    for _ in range(60):
        word = list(rng.choice(names))
        for _ in range(rng.randrange(5)):
            word[rng.randrange(len(word))] = rng.choice(letters)
        found = difflib.get_close_matches("".join(word), names, n=1)
        assert nearest("".join(word), names) == (f"Did you mean '{found[0]}'?" if found else "")


def _through(items: Any, begun: set[tuple[str, bool]]) -> set[tuple[str, bool]]:
    """Each first word that a run of a parsed pattern can go on to from some beginnings; True: it is a whole word, a star stands for any."""
    for op, argument in items:
        begun = {end for text, done in begun for end in ({(text, True)} if done else _after(op, argument, text))}
    return begun


def _after(op: Any, argument: Any, text: str) -> set[tuple[str, bool]]:
    if op is of.LITERAL:
        return {(text, True)} if argument == ord(" ") else {(text + chr(argument), False)}
    if op is of.IN and all(kind is of.LITERAL for kind, _ in argument):
        return {(text + chr(letter), False) for _, letter in argument}
    if op in (of.MAX_REPEAT, of.MIN_REPEAT):
        least, most, inside = argument
        found = {(end if done or most == 1 else end + "*", done or most > 1) for end, done in _through(inside, {(text, False)})}
        return found | {(text, False)} if least == 0 else found
    if op is of.BRANCH:
        return {end for way in argument[1] for end in _through(way, {(text, False)})}
    if op is of.SUBPATTERN:
        return _through(argument[3], {(text, False)})
    if op is of.AT:
        return {(text, bool(text))}
    return {(text, False)} if op in (of.ASSERT, of.ASSERT_NOT) else {(text + "*", True)}
