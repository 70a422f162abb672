"""The intents as Alexa hears them: made once from the core's declarations, read by the model (what to listen for) and by the door (what was said).

Alexa does not tell which sample matched, and strips the words around a slot. So samples that mean different things stand in different intents,
and each intent knows the words (`says`) that give its slots their meaning back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

QUERY = "{query}"
HELP = "AMAZON.HelpIntent"
REPEAT = "AMAZON.RepeatIntent"
METRIC, DIMENSION, VALUE, CHOICE, PHRASE, ROOM = "METRIC", "DIMENSION", "FILTER_VALUE", "CHOICE", "PHRASE", "ROOM"
_SLOT = re.compile(r"\{(\w+)\}")
# Words that only lead up to a question: without them it is the same question, so that all of them can share one intent.
_LEADS = (
    *("ask", "tell me", "give me", "get me", "i want", "i want to know", "i would like to know", "i'd like to know", "do you know", "can you tell me"),
    *("what is", "what's", "what are", "what was", "what were", "what is the", "what's the", "what was the", "what are the", "what were the"),
    *("what is our", "what's our", "what was our", "what were our", "what are our"),
)


class Declared(Protocol):
    """An intent as the core declares it. A carrier is the words before what is asked ("book", "how many"), or a sentence with {query} in it."""

    @property
    def name(self) -> str:
        """Its name, in any spelling: "book_room"."""

    @property
    def kind(self) -> str:
        """The kind of request that it leads to: "metric_question", "book_room"."""

    @property
    def samples(self) -> Sequence[str]:
        """Whole utterances, without slots."""

    @property
    def afterwards(self) -> Sequence[str]:
        """Whole utterances that go on from an answer, without slots."""

    @property
    def carriers(self) -> Sequence[str]:
        """What stands around free words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenIntent:
    """One custom intent. `says` are tried in order: the first whose slots all have a value is what was said."""

    name: str
    samples: tuple[str, ...]
    says: tuple[str, ...]
    slots: Mapping[str, str] = field(default_factory=dict)

    def text(self, values: Mapping[str, str]) -> str | None:
        """What was said, from the words of each slot that has a value; None when no form fits.

        >>> SpokenIntent(name="BookRoomIntent", samples=("book {query}",), says=("book {query}",)).text({"query": "a room for four"})
        'book a room for four'
        """
        for form in self.says:
            if all(name in values for name in _SLOT.findall(form)):
                return _SLOT.sub(lambda found: values[found[1]], form)
        return None


# Answers to a question back, and questions that are only names of the catalog; Alexa allows free words (AMAZON.SearchQuery) nowhere without a carrier.
TYPED = (
    SpokenIntent(name="AskIntent", samples=tuple(f"{lead} {QUERY}" for lead in _LEADS), says=(QUERY,), slots={"query": "AMAZON.SearchQuery"}),
    # Alexa takes "july" for the next one, and data questions mean the last: `slots` turns the date back (PAST), and the core says which one it took.
    SpokenIntent(
        name="MetricIntent",
        samples=(
            *("{metric}", "{metric} by {dimension}", "{metric} per {dimension}", "{metric} for each {dimension}"),
            *("{metric} {past}", "{metric} in {past}", "{metric} for {past}", "{metric} by {dimension} in {past}", "{metric} in {past} by {dimension}"),
        ),
        says=("{metric} by {dimension} in {past}", "{metric} in {past}", "{metric} by {dimension}", "{metric}"),
        slots={"metric": METRIC, "dimension": DIMENSION, "past": "AMAZON.DATE"},
    ),
    # Whole utterances without slots, all in one: what was recognised comes back by its name, and what was not as it was heard.
    SpokenIntent(name="PhraseIntent", samples=("{phrase}", "please {phrase}"), says=("{phrase}",), slots={"phrase": PHRASE}),
    # The answer to a question back, which Alexa is told to listen for (Dialog.ElicitSlot): only there are free words possible without a carrier.
    SpokenIntent(name="AnswerIntent", samples=("my answer is {query}", "the answer is {query}"), says=(QUERY,), slots={"query": "AMAZON.SearchQuery"}),
    SpokenIntent(name="RoomIntent", samples=("{room}", "in {room}", "the room {room}"), says=("{room}",), slots={"room": ROOM}),
    SpokenIntent(
        name="BreakdownIntent",
        samples=("by {dimension}", "and by {dimension}", "per {dimension}", "for each {dimension}", "break it down by {dimension}", "split it by {dimension}"),
        says=("by {dimension}",),
        slots={"dimension": DIMENSION},
    ),
    SpokenIntent(
        name="ValueIntent",
        samples=("only {value}", "only for {value}", "just {value}", "{value}"),
        says=("only {value}",),
        slots={"value": VALUE},
    ),
    SpokenIntent(
        name="ChooseIntent", samples=("{choice}", "the {choice} one", "number {choice}", "option {choice}"), says=("{choice}",), slots={"choice": CHOICE}
    ),
    SpokenIntent(
        name="TimeIntent",
        samples=(
            *("{date}", "on {date}", "{date} at {time}", "on {date} at {time}", "{time}", "at {time}", "{duration}", "for {duration}"),
            *("{date} for {duration}", "at {time} for {duration}", "{date} at {time} for {duration}", "on {date} at {time} for {duration}"),
        ),
        says=(
            "{date} at {time} for {duration}",
            "{date} at {time}",
            "{date} for {duration}",
            "at {time} for {duration}",
            "{date}",
            "at {time}",
            "for {duration}",
        ),
        slots={"date": "AMAZON.DATE", "time": "AMAZON.TIME", "duration": "AMAZON.DURATION"},
    ),
)


LINK, PIN = "LinkIntent", "PinIntent"
# What the door answers by itself. Codes and PINs are free words: the slots for numbers drop a leading zero.
OWN = (
    SpokenIntent(
        name=LINK,
        samples=("my code is {query}", "my link code is {query}", "link code {query}", "link my voice with code {query}", "link my account with code {query}"),
        says=(QUERY,),
        slots={"query": "AMAZON.SearchQuery"},
    ),
    SpokenIntent(name=PIN, samples=("my pin is {query}", "the pin is {query}", "pin {query}"), says=(QUERY,), slots={"query": "AMAZON.SearchQuery"}),
    SpokenIntent(
        name="PlaceIntent",
        samples=("this device is in {room}", "this device stands in {room}", "this echo is in {room}", "we are in {room}", "we're in {room}"),
        says=("{room}",),
        slots={"room": ROOM},
    ),
    SpokenIntent(name="SlowerIntent", samples=("slower", "say that slower", "more slowly", "not so fast", "say it slowly", "slower please"), says=("slower",)),
    SpokenIntent(
        name=REPEAT,
        samples=("say that again", "what did you say", "once more", "come again", "i didn't get that", "pardon"),
        says=("say that again",),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A whole utterance without slots, and other ways to say the same."""

    text: str
    others: tuple[str, ...] = ()


def phrases(declared: Iterable[Declared]) -> tuple[Phrase, ...]:
    """Every whole utterance of the declarations, once; what the help intent or the door listens for is left to them."""
    taken = {sample for intent in OWN for sample in intent.samples}
    found = [sample for intent in declared if intent.kind != "help" for sample in _fixed(intent) if sample not in taken]
    return tuple(Phrase(text=text, others=tuple(one for one in (f"{text} please",) if one not in found)) for text in dict.fromkeys(found))


def spoken(declared: Iterable[Declared]) -> tuple[SpokenIntent, ...]:
    """Every custom intent: the typed ones, and those of the declarations. Where two declare the same sample, the first keeps it."""
    drafts = [*TYPED, *OWN]
    for intent in declared:
        drafts += _drafts(intent)
    taken: set[str] = set()
    kept: list[SpokenIntent] = []
    for draft in drafts:
        samples = tuple(s for s in dict.fromkeys(draft.samples) if sample_key(s, draft.slots) not in taken)
        taken.update(sample_key(s, draft.slots) for s in samples)
        if samples:
            kept.append(SpokenIntent(name=draft.name, samples=samples, says=draft.says, slots=draft.slots))
    return tuple(kept)


def sample_key(sample: str, slots: Mapping[str, str]) -> str:
    """What makes two samples the same to Alexa: the words, and the types of the slots between them.

    >>> sample_key("Book  {query}", {"query": "AMAZON.SearchQuery"})
    'book {AMAZON.SearchQuery}'
    """
    return " ".join(_SLOT.sub(lambda found: "{" + slots.get(found[1], "") + "}", " ".join(sample.lower().split())).split())


def _drafts(intent: Declared) -> list[SpokenIntent]:
    """An intent for each carrier, so that no word is lost; what only leads up to a question is AskIntent's, whole utterances are PhraseIntent's."""
    if intent.kind == "help":
        return [SpokenIntent(name=HELP, samples=tuple(sample for sample in _fixed(intent) if sample != "help"), says=("help",))]
    forms = [form for form in map(_form, intent.carriers) if _lead(form) not in _LEADS]
    names = _Names(_stem(intent.name))
    return [_with_query(names.next(_lead(form)), form) for form in forms]


def _fixed(intent: Declared) -> list[str]:
    """The whole utterances of a declaration."""
    return [spelled for sample in (*intent.samples, *intent.afterwards) if not _SLOT.search(sample) and (spelled := speakable(sample))]


class _Names:
    """Names for the intents of one declaration: the first has the declaration's own, the others the words that they listen for."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self._taken = {intent.name for intent in (*TYPED, *OWN)}

    def next(self, words: str) -> str:
        """A name that was not given yet."""
        name = f"{self._stem}Intent"
        if name in self._taken:
            name = f"{self._stem}{_pascal(words)}Intent"
        while name in self._taken:
            name = name.removesuffix("Intent") + "PlainIntent"
        self._taken.add(name)
        return name


def _lead(form: str) -> str:
    return " ".join(form.replace(QUERY, " ").split())


def _with_query(name: str, form: str) -> SpokenIntent:
    return SpokenIntent(name=name, samples=(form,), says=(form,), slots={"query": "AMAZON.SearchQuery"})


def _form(carrier: str) -> str:
    form = speakable(carrier)
    return form if QUERY in form else f"{form} {QUERY}"


def speakable(text: str) -> str:
    """The text with only what a sample may hold: letters, spaces, apostrophes, hyphens, full stops of initials, slots.

    >>> speakable("What's the Wi-Fi password?")
    "what's the wi-fi password"
    """
    kept = re.sub(r"[^\w\s'{}.-]|[_\d](?![^{]*\})", " ", text.replace("’", "'"))
    kept = re.sub(r"(?<!\b[A-Za-z])\.", " ", kept)
    return " ".join(kept.lower().split())


def _stem(name: str) -> str:
    stem = _pascal(name)
    return stem.removesuffix("Intent") or stem


def _pascal(text: str) -> str:
    """Letters only: intents are named so.

    >>> _pascal("how many"), _pascal("BookRoomIntent"), _pascal("what's")
    ('HowMany', 'BookRoomIntent', 'Whats')
    """
    words = re.findall(r"[A-Za-z]+", text.replace("'", ""))
    return "".join(word[:1].upper() + word[1:] for word in words)
