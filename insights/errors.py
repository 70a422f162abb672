"""What goes wrong, in words the person can act on.

InsightsError
+-- AskerCanFix        the person asking can mend it: spoken as it stands
|   +-- NotPermitted
|   +-- NotAnswerable
|   +-- NothingFree
|   +-- UnknownThing
+-- OutsideFailed      another system failed: spoken with a reference, worth trying again
|   +-- DeadlinePassed
|   +-- NobodyWaits
|   +-- OutcomeUnknown
+-- WrongDefinition    whoever runs the service mends it: file, line, suggestion
    +-- WrongCatalog
    +-- WrongSettings
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class InsightsError(Exception):
    """Something went wrong; `remedy` says what to do and `options` what there is to choose from."""

    def __init__(self, problem: str, *, remedy: str = "", options: Iterable[str] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.options = tuple(options)

    def __str__(self) -> str:
        parts = [self.problem, self.remedy]
        if self.options:
            parts.append("There is " + ", ".join(self.options) + ".")
        return " ".join(part for part in parts if part)


class AskerCanFix(InsightsError):
    """The person asking can mend it; the message is spoken as it stands."""


class NotPermitted(AskerCanFix):
    """The asker may not have this, here; the message never tells more than they may know."""


class NotAnswerable(AskerCanFix):
    """The question is understood but the data or the definitions cannot answer it."""


class NothingFree(AskerCanFix):
    """No room or time fits; the remedy names the nearest that does."""


class UnknownThing(AskerCanFix):
    """A name that does not exist here."""


class OutsideFailed(InsightsError):
    """Another system failed; `reference` is what its log and ours have in common."""

    def __init__(self, problem: str, *, remedy: str = "", options: Iterable[str] = (), reference: str = "") -> None:
        super().__init__(problem, remedy=remedy, options=options)
        self.reference = reference


class DeadlinePassed(OutsideFailed):
    """The time the person can wait ran out before the work was done."""


class NobodyWaits(OutsideFailed):
    """Whoever asked went away before there was an answer."""


class OutcomeUnknown(OutsideFailed):
    """The other system was asked and did not say whether it acted: look before trying again."""


class WrongDefinition(InsightsError):
    """The definitions or the settings are wrong; told to whoever runs the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a file of definitions; `line` counts from 1, 0 when the whole file is meant."""

    file: str
    line: int
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.message}" + (f" {self.suggestion}" if self.suggestion else "")


class WrongCatalog(WrongDefinition):
    """The catalog cannot be used; `problems` lists every mistake found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class WrongSettings(WrongDefinition):
    """A setting is missing or cannot be used; the message names the setting."""


def nearest(word: str, among: Iterable[str]) -> str:
    """Return "Did you mean 'x'?" for the nearest of `among`, or an empty text when nothing is near.

    >>> nearest("revnue", ["revenue", "orders"])
    "Did you mean 'revenue'?"
    """
    letters = [(letter, word.count(letter)) for letter in set(word)]
    without = dict.fromkeys(map(ord, word))
    least, most = 3 * len(word) / 7, 7 * len(word) / 3  # the rest differ too much in length alone
    near = [name for name in dict.fromkeys(among) if least <= len(name) <= most and _shares(word, name, without) and _may_be_near(word, name, letters)]
    if not near:
        return ""
    import difflib

    close = difflib.get_close_matches(word, near, n=1)
    return f"Did you mean '{close[0]}'?" if close else ""


def _shares(word: str, name: str, without: Mapping[int, None]) -> bool:
    """Whether enough letters of a name are any of the word's, however often; `without` takes these away. What fails here would fail below, and later."""
    return len(name) - len(name.translate(without)) >= 0.3 * (len(word) + len(name)) - 1e-9


def _may_be_near(word: str, name: str, letters: Iterable[tuple[str, int]]) -> bool:
    """Whether enough of the `letters` of a word (with how often it has each) are in a name: what difflib would count too, at a fortieth of its cost."""
    enough = 0.3 * (len(word) + len(name)) - 1e-9
    return sum([min(count, name.count(letter)) for letter, count in letters]) >= enough
