"""What people have taught about one catalog, as the understander takes it: phrases that name things, and questions with their right reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from insights.catalog.model import FieldId, Verified
from insights.language.forms import singular
from insights.language.lexicon import FieldLink, Lexicon, Link, Named, ValueLink
from insights.requests import MetricQuestion

_AROUND = frozenset("the a an our my please".split())
_MINE = ", as you taught me"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtPhrase:
    """`words` (in the singular) name `link`, which is called `label`; `mine` when the asker taught it rather than a data owner for everybody."""

    words: tuple[str, ...]
    link: Link
    label: str
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtQuestion:
    """The whole utterance `key` (see `question_key`) is to be read as `item`; `request` is that reading as it was taught, by which rights are judged."""

    key: str
    item: Verified
    request: MetricQuestion
    mine: bool = False

    @property
    def assumed(self) -> str:
        """What an answer says about it."""
        return "I read that as you taught me" if self.mine else "I read that as the data owner has it"


@dataclass(frozen=True, kw_only=True, eq=False)
class Lessons:
    """A small value; phrases are found by their first word. Of two lessons for the same words the first given holds."""

    phrases: Mapping[str, tuple[TaughtPhrase, ...]] = field(default_factory=dict)
    questions: Mapping[str, TaughtQuestion] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.phrases or self.questions)

    @classmethod
    def of(cls, phrases: Iterable[TaughtPhrase], questions: Iterable[TaughtQuestion]) -> Lessons:
        """The lessons, one for the same words."""
        by_words: dict[tuple[str, ...], TaughtPhrase] = {}
        for phrase in phrases:
            by_words.setdefault(phrase.words, phrase)
        by_first: dict[str, tuple[TaughtPhrase, ...]] = {}
        for phrase in sorted(by_words.values(), key=lambda phrase: -len(phrase.words)):
            by_first[phrase.words[0]] = (*by_first.get(phrase.words[0], ()), phrase)
        by_key: dict[str, TaughtQuestion] = {}
        for question in questions:
            by_key.setdefault(question.key, question)
        return cls(phrases=by_first, questions=by_key)

    def question(self, words: Sequence[str]) -> TaughtQuestion | None:
        """What was taught about a whole utterance, an article or a please aside."""
        return self.questions.get(question_key(words)) if self.questions else None

    def only(self, links: Callable[[Link], bool], requests: Callable[[MetricQuestion], bool]) -> Lessons:
        """Those about what may be known: `links` and `requests` tell."""
        phrases = (phrase for found in self.phrases.values() for phrase in found if links(phrase.link))
        return Lessons.of(phrases, (question for question in self.questions.values() if requests(question.request)))

    def at(self, words: Sequence[str], place: int) -> Iterator[Named]:
        """The taught phrases that start at word `place`, the longest first."""
        for phrase in self.phrases.get(singular(words[place]), ()):
            length = len(phrase.words)
            if tuple(singular(word) for word in words[place : place + length]) == phrase.words:
                yield Named(length, (phrase.link,), "taught", phrase.label + (_MINE if phrase.mine else ""))

    def said_in(self, words: Sequence[str]) -> tuple[str, ...]:
        """A sentence for each taught phrase in an utterance that says what it was taken as."""
        found = []
        place = 0
        while place < len(words):
            named = next(self.at(words, place), None)
            if named is not None:
                found.append(f"I took '{' '.join(words[place : place + named.length])}' as {named.meant}")
            place += named.length if named is not None else 1
        return tuple(dict.fromkeys(found))


def question_key(words: Sequence[str]) -> str:
    """What makes two utterances one taught question.

    >>> question_key(["the", "usual", "please"])
    'usual'
    """
    kept = list(words)
    while len(kept) > 1 and kept[0] in _AROUND:
        kept.pop(0)
    while len(kept) > 1 and kept[-1] == "please":
        kept.pop()
    return " ".join(kept)


NOTHING_TAUGHT = Lessons()


class TaughtLexicon(Lexicon):
    """A lexicon in which taught phrases name what they were taught to and nothing else. It shares all tables with the one it is made from."""

    def __init__(self, lexicon: Lexicon, lessons: Lessons, roles: Mapping[FieldId, tuple[FieldId, ...]]) -> None:  # shares, and so builds nothing
        self.__dict__.update(lexicon.__dict__)
        self._lessons = lessons
        self._roles = roles

    def at(self, words: Sequence[str], raws: Sequence[str], place: int) -> Iterator[Named]:
        """See Lexicon: what is taught stands in for whatever the same words name otherwise."""
        taught = [replace(named, links=self._in_roles(named.links)) if self._roles else named for named in self._lessons.at(words, place)]
        lengths = {named.length for named in taught}
        known = [named for named in super().at(words, raws, place) if named.length not in lengths]
        yield from sorted([*taught, *known], key=lambda named: -named.length)

    def _in_roles(self, links: Sequence[Link]) -> tuple[Link, ...]:
        """What was taught of a field holds for it in every role."""
        roles = (replace(link, id=id_) for link in links if isinstance(link, FieldLink | ValueLink) for id_ in self._roles.get(link.id, ()))
        return (*links, *roles)
