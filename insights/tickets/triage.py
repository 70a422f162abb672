"""Category, priority and group of a report: from its words by what was learned from tickets, by rules where that is not sure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

from insights.errors import WrongSettings
from insights.helpdesk import OTHER, PRIORITIES, HelpDesk, Priority
from insights.tickets.bayes import Bayes, accuracy

SURE = 0.5
"""How likely a learned category must be to stand; on the held-out reports of the tests nineteen of twenty that are this likely are right."""
SURE_PRIORITY = 0.8
_FORMAT = 1
_EVERYBODY = re.compile(r"\b(?:everybody|everyone|nobody|no one|whole (?:floor|team|office|department|building)|all of us|entire|for all)\b")
_PRESSING = re.compile(
    r"\b(?:can't work|cannot work|can not work|deadline|presentation|in (?:five|ten|fifteen|\d{1,2}) minutes|right now|immediately|stolen|stuck in)\b"
)
_URGENT = re.compile(r"\b(?:urgent|urgently|emergency|critical|asap|fire|smoke|flood|flooding|gas|injured|bleeding|break ?in|leak|leaking)\b")


_ASKS = re.compile(
    r"(?:what|which|how|why|who|whom|whose|when|where|show|compare|top|bottom|list|is|are|was|were|does|do|did|has|have|can|could|will|would|should|forecast|by|only|and"
    r"|without|per|tell|give|play|sing|set|remind|book|find|schedule|move|cancel|follow|share|send|total|average|not|no|ok|thanks?|thank"
    r"|(?:the )?(?:most|least|busiest|quietest|biggest|best|worst|highest|lowest|first|last|number|share|percentage|delete|drop))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A report with what it was in the end."""

    text: str
    category: str
    priority: Priority = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a report was taken for, and how that was found."""

    category: str
    priority: Priority
    group: str
    judged: Literal["learned", "rules", "person"]


class Triage:
    """Judges reports for one help desk; immutable after construction."""

    def __init__(self, help_desk: HelpDesk, categories: Bayes, priorities: Bayes) -> None:
        self._desk = help_desk
        self._categories = categories
        self._priorities = priorities

    def judge(
        self, what: str, *, urgency: str = "normal", category: str | None = None, priority: Priority | None = None, group: str | None = None
    ) -> Judgement:
        """What the words mean; what a person said about it stands."""
        found, how = (category, "person") if category is not None else self._category(what)
        level = priority or self._priority(what, urgency)
        judged: Literal["learned", "rules", "person"] = "person" if how == "person" or priority is not None else "learned" if how == "learned" else "rules"
        return Judgement(category=found, priority=level, group=group or self._desk.group_of(found), judged=judged)

    def suspects(self, said: str) -> bool:
        """Whether it sounds like a report: no question and no command, and at least two of its words are known from reports of one kind."""
        words = said.split()
        if not 3 <= len(words) <= 60 or "?" in said or _ASKS.match(said.strip()):
            return False
        learned = self._categories.judge(said)
        return learned.known >= 2 and learned.probability >= SURE and learned.label in self._desk.categories

    def _category(self, what: str) -> tuple[str, str]:
        learned = self._categories.judge(what)
        if learned.known and learned.probability >= SURE and learned.label in self._desk.categories:
            return learned.label, "learned"
        words = set(re.findall(r"[\w-]+", what.casefold()))
        counted = {id_: sum(_said(word, words, what) for word in one.words) for id_, one in self._desk.categories.items()}
        best = max(counted, key=lambda id_: counted[id_], default=OTHER)
        if counted.get(best) and sum(number == counted[best] for number in counted.values()) == 1:
            return best, "rules"
        if learned.known >= 2 and learned.label in self._desk.categories and counted.get(learned.label):
            return learned.label, "learned"
        return OTHER, "rules"

    def _priority(self, what: str, urgency: str) -> Priority:
        said = what.casefold()
        if _URGENT.search(said):
            return "urgent"
        if urgency == "low":
            return "low"
        if urgency == "high" or _PRESSING.search(said):
            return "urgent" if _EVERYBODY.search(said) else "high"
        if _EVERYBODY.search(said):
            return "high"
        learned = self._priorities.judge(what)
        likely = next((one for one in PRIORITIES if one == learned.label), None)
        return likely if likely is not None and learned.known and learned.probability >= SURE_PRIORITY else "normal"


def _said(word: str, words: set[str], text: str) -> bool:
    return word in words or f"{word}s" in words or (" " in word and word in text.casefold())


def seed() -> tuple[Example, ...]:
    """The reports that a new help desk starts with."""
    return read_examples(resources.files("insights.tickets").joinpath("seed.csv").read_text(encoding="utf-8"), name="seed.csv", categories=None)


def read_examples(text: str, *, name: str, categories: Iterable[str] | None) -> tuple[Example, ...]:
    """Reports from CSV with the columns text and category, and perhaps priority. Raises WrongSettings naming file and line."""
    rows = csv.DictReader(io.StringIO(text))
    if rows.fieldnames is None or not {"text", "category"} <= set(rows.fieldnames):
        raise WrongSettings(f"{name} is no list of reports.", remedy="It is a CSV file whose first line names the columns: text,category,priority.")
    known = None if categories is None else set(categories)
    found = []
    for row in rows:
        category, said = (row["category"] or "").strip(), (row["text"] or "").strip()
        priority = next((one for one in PRIORITIES if one == (row.get("priority") or "normal").strip().casefold()), None)
        if not said or priority is None or (known is not None and category not in known):
            options = ", ".join(sorted(known or ()))
            raise WrongSettings(f"{name}:{rows.line_num}: that line is no report with a known category and priority.", remedy=f"Categories are {options}.")
        found.append(Example(text=said, category=category, priority=priority))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A pair of classifiers, with what they were learned from and the share of reports judged right that they had not seen."""

    categories: Bayes
    priorities: Bayes
    examples: int
    right_categories: float
    right_priorities: float


def learn(examples: Sequence[Example]) -> Learned:
    """Learn from reports. Raises WrongSettings when there are none."""
    if not examples:
        raise WrongSettings("There are no reports to learn from.", remedy="Name a CSV file, or close some tickets first.")
    by_category = [(one.text, one.category) for one in examples]
    by_priority: list[tuple[str, str]] = [(one.text, one.priority) for one in examples]
    return Learned(
        categories=Bayes.trained(by_category),
        priorities=Bayes.trained(by_priority),
        examples=len(examples),
        right_categories=accuracy(by_category),
        right_priorities=accuracy(by_priority),
    )


def save(learned: Learned, file: Path) -> None:
    """Keep it, whole or not at all."""
    document = {"format": _FORMAT, "examples": learned.examples, "categories": learned.categories.dump(), "priorities": learned.priorities.dump()}
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_suffix(".new")
    made.write_text(json.dumps(document), encoding="utf-8")
    made.replace(file)


def triage(help_desk: HelpDesk, file: Path | None) -> Triage:
    """A triage with what was kept in the file, else with the seed. Raises WrongSettings for a file that holds something else."""
    if file is None or not file.exists():
        learned = seed()
        return Triage(help_desk, Bayes.trained((one.text, one.category) for one in learned), Bayes.trained((one.text, one.priority) for one in learned))
    try:
        document: Mapping[str, object] = json.loads(file.read_text(encoding="utf-8"))
        if document["format"] != _FORMAT:
            raise ValueError
        return Triage(help_desk, Bayes.load(document["categories"]), Bayes.load(document["priorities"]))  # type: ignore[arg-type]  # `load` checks it
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise WrongSettings(f"{file} does not hold what was learned from tickets.", remedy="Remove it, or run `insights tickets train` again.") from None
