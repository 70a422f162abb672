"""What is told of what was found: a few sentences where the match is clear, else the passages it may stand in, else nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from insights.company.index import Hit, Index
from insights.company.passages import sentences

CLEAR = 0.72
"""Share of the question's words, by weight, that the passage must have to be told aloud."""
AHEAD = 0.12
"""How far before the next passage its score must be."""
WORTH = 0.5
"""The share from which a passage is a source whatever its words are."""
STRONG = 0.95
"""The weight from which a passage with two words of a question is a source however long that is: that of a word which stands in hardly any other."""
RARE = 0.8
"""The weight from which one word of a question makes a passage a source."""
HEADED = 0.1
"""The share of a question, by weight, that makes a passage a source when it stands in its heading or title."""
PART = 0.2
"""The share of a question, by weight, that any source has at least."""
BESIDE = 0.3
"""What part of the best score another source has at least."""
MOST_SOURCES = 5
LONGEST_EXTRACT = 240
"""Characters said aloud, about twelve seconds."""
_NUMBER = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|noon|every|once|twice)\b", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)?\b")
_NAME_OF_TWO = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
_ASKS_FOR = (
    (re.compile(r"\b(?:how (?:much|many|long|far|often|old|big|large)|what (?:amount|number|size|time)|until when|when|which (?:day|date))\b"), _NUMBER),
    (re.compile(r"\b(?:who|whom|whose)\b"), _NAME),
)


_WHO = re.compile(r"\s*(?:and |so |please )*(?:who|whom)\b", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"\b(?:teams?|desk|department|office|manager|managers|reception|finance|facilities|security|support|lead|leads|head|board|staff"
    r"|everybody|everyone|anybody|anyone"
    r"|employees?|colleagues?|people|guests?|visitors?|extension|aiders?|wardens?|officers?)\b|\bIT\b|\bHR\b",
)
_WHEN = re.compile(r"\s*(?:and |so |please )*(?:when|(?:until|from|since|by|at) (?:when|what time)|what time)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:at|by|from|until|till|before|after|within|in|on|every|for|to) (?:the )?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|half|noon|midnight|first|last|end|start|beginning|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\b(?:morning|afternoon|evening|night|noon|midnight|days?|weeks?|months?|years?|quarters?|hours?|minutes?|o'clock|once|twice|always"
    r"|never|as soon as|whenever"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
    r"|\b\d{1,2}(?::\d\d)? ?(?:am|pm|a\.m\.|p\.m\.)|\b\d{1,2}:\d\d\b|\b\d{1,2}(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)


def clear(hits: Sequence[Hit], question: str = "") -> Hit | None:
    """The passage that answers, None where another is about as near, too much of the question is in none, or it has nobody where who was asked, no time
    where when was."""
    if not hits:
        return None
    best = hits[0]
    if best.covered < CLEAR or not _is_of_kind(best, question):
        return None
    others = [hit for hit in hits[1:] if _is_near(hit)]
    if others and best.score - others[0].score < AHEAD:
        return None
    return best


def _is_of_kind(hit: Hit, question: str) -> bool:
    """Whether the passage has what kind of thing the question asks for: somebody, or a time."""
    text = hit.passage.text
    if _WHO.match(question):
        return hit.passage.title == "People" or _SOMEBODY.search(text) is not None or _NAME_OF_TWO.search(text) is not None
    return _WHEN.match(question) is None or _TIME.search(text) is not None


def sources(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The passages that may answer, best first: those that are near, and those that have a rare word of the question, or one in their heading.

    What a passage lacks is no reason against it here: people ask in many words of their own, and whoever reads the place sees whether it answers.
    """
    loose = [hit for hit in hits if (hit.strength >= RARE or hit.headed >= HEADED) and hit.covered >= PART]
    least = BESIDE * max((hit.score for hit in loose), default=0.0)
    return tuple(hit for hit in hits if _is_near(hit) or (hit in loose and hit.score >= least))[:MOST_SOURCES]


def near(hits: Sequence[Hit]) -> bool:
    """Whether any passage has much of the question."""
    return any(map(_is_near, hits))


def _is_near(hit: Hit) -> bool:
    return hit.covered >= WORTH or (hit.strength >= STRONG and hit.words > 1)


def extract(index: Index, hit: Hit, question: str) -> str:
    """The sentences of a passage that say it: all of them when they are few, else the nearest to the question with what follows it."""
    told = sentences(hit.passage.text)
    if len(" ".join(told)) <= LONGEST_EXTRACT:
        return " ".join(told)
    scores = index.sentences_with(hit.passage, question)
    wanted = next((answer for asked, answer in _ASKS_FOR if asked.search(question.casefold())), None)
    best = max(range(len(told)), key=lambda n: (scores.get(told[n], 0.0) + (0.5 if wanted is not None and wanted.search(told[n]) else 0.0), -n))
    kept = told[best][:LONGEST_EXTRACT]
    for following in told[best + 1 :]:
        if len(kept) + len(following) + 1 > LONGEST_EXTRACT:
            break
        kept += f" {following}"
    return kept
