"""Speech and text for every answer, question back and refusal; the sentences are in `templates/`, one file a kind of answer."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from insights.answers import (
    AboutAnswer,
    Answer,
    BookingAnswer,
    CalendarAnswer,
    CallAnswer,
    Column,
    CompanyAnswer,
    DigestAnswer,
    FollowAnswer,
    HelpAnswer,
    MeetingAnswer,
    MetricAnswer,
    OutageAnswer,
    ReminderAnswer,
    RoomsAnswer,
    RoomStatusAnswer,
    ShareAnswer,
    TicketAnswer,
    TicketsAnswer,
)
from insights.catalog.labels import inside
from insights.errors import InsightsError
from insights.findings import Compared
from insights.requests import Clarify, Scalar, Unsupported
from insights.warehouse.budgets import amount
from insights.wording import formats
from insights.wording.changes import moved
from insights.wording.findings import TEMPLATE_OF
from insights.wording.formulas import aloud
from insights.wording.groupings import told
from insights.wording.numerals import is_number
from insights.wording.phrases import Figure, arrange, together
from insights.wording.repeats import repeated

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
_BY_ANALYSIS: Mapping[str, str] = {
    "value": "value",
    "breakdown": "breakdown",
    "ranking": "ranking",
    "series": "series",
    "compare": "compare",
    "share": "share",
    "list": "list",
}
_BY_TYPE: Mapping[type, str] = {
    AboutAnswer: "about",
    RoomsAnswer: "rooms",
    BookingAnswer: "booking",
    CalendarAnswer: "calendar",
    RoomStatusAnswer: "room_status",
    MeetingAnswer: "meeting",
    TicketAnswer: "ticket",
    TicketsAnswer: "tickets",
    OutageAnswer: "outage",
    CallAnswer: "call",
    CompanyAnswer: "company",
    FollowAnswer: "follow",
    DigestAnswer: "digest",
    ReminderAnswer: "reminder",
    ShareAnswer: "shared",
    HelpAnswer: "help",
}


@dataclass(frozen=True, slots=True)
class Said:
    """The same thing for the ear and for the eye. Neither is escaped: the front ends do that for their medium."""

    speech: str
    text: str


@cache
def _environment(locale: str, kept: Path | None) -> Environment:
    """Templates of one locale; what people said or data holds only ever enters as a value, never as a template."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from insights.wording.kept import KeptTemplates

    environment = Environment(  # noqa: S701 - plain text; SSML and mrkdwn are escaped once, by the front ends
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False, auto_reload=False
    )
    if kept is not None and _usable(folder := kept / _state(locale)):
        environment.bytecode_cache = KeptTemplates(str(folder))
    for name in ("exact", "spoken", "said", "added", "held", "bucket", "day", "weekday", "clock", "period", "dates", "number"):
        function = getattr(formats, name)
        environment.filters[name] = partial(_localised, function, locale)
    environment.globals |= {"moved": partial(_moved, locale), "went": partial(_went, locale)}
    environment.filters |= {
        "listed": formats.listed,
        "duration": formats.duration,
        "repeated": repeated,
        "sentence": _sentence,
        "line": formats.line,
        "plural": formats.plural,
        "stored": amount,
        "aged": formats.aged,
        "together": together,
        "aloud": aloud,
        "inside": inside,
        "capitalised": _capitalised,
    }
    environment.tests["figure"] = is_number
    return environment


def _state(locale: str) -> str:
    """What compiled templates depend on besides their text: the locale and the filters, which are applied to what is constant when they are compiled."""
    found = sorted((file.name, state.st_mtime_ns, state.st_size) for file in Path(__file__).parent.glob("*.py") for state in (file.stat(),))
    return hashlib.sha256(repr((locale, found)).encode()).hexdigest()[:16]


def _usable(folder: Path) -> bool:
    """Whether compiled templates can be kept there, for this user alone: what lies there is run."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        state = folder.stat()
    except OSError:
        return False
    return os.access(folder, os.W_OK) and state.st_uid == os.getuid() and not state.st_mode & 0o022


def _template(answer: MetricAnswer) -> str:
    """The template for an answer's figures: what an analysis found, growth and comparisons have their own, whatever they are figures of."""
    if answer.finding is not None:
        return TEMPLATE_OF[type(answer.finding)]
    if any(column.name.endswith(".growth") for column in answer.columns if column.role == "metric"):
        return "growth"
    compared = any(column.name.endswith(".before") for column in answer.columns if column.role == "metric")
    return "compare" if compared else _BY_ANALYSIS[answer.analysis]


def _localised(function: Any, locale: str, value: Any, *arguments: Any) -> str:
    return str(function(value, *arguments, locale=locale))


def _moved(locale: str, figure: Figure, *, aloud: bool = False) -> str:
    return moved(figure.value, figure.before, figure.unit, locale, aloud=aloud)


def _went(locale: str, value: Scalar, before: Scalar, unit: str | None = None, *, aloud: bool = False) -> str:
    """How a figure went as an analysis says it: aloud with two significant figures."""
    return moved(value, before, unit, locale, aloud=aloud, rough=aloud)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    """The text with a capital letter and a full stop."""
    text = text.strip()
    return text if not text else text[0].upper() + text[1:] + ("" if text[-1] in ".?!" else ".")


class Wording:
    """Words for one locale. Safe to use from many threads. In the folder `kept` templates are kept compiled, so that a new process need not do it."""

    def __init__(self, locale: str = "en-US", kept: Path | None = None) -> None:
        self._locale = locale
        self._kept = kept

    @property
    def locale(self) -> str:
        """Whose dates, times and numbers they are."""
        return self._locale

    def speaking(self, locale: str | None) -> Wording:
        """The same words with the dates, times and numbers of another region (BCP 47); itself for another language, whose words it does not have."""
        found = formats.spoken_in(locale, self._locale)
        return self if found == self._locale else Wording(found, self._kept)

    def answer(self, answer: Answer, *, assumed: tuple[str, ...] = (), ignored: tuple[str, ...] = ()) -> Said:
        """An answer in words, with what was taken for granted and which words were not used."""
        facts: dict[str, Any] = {"a": answer, "assumed": assumed, "ignored": ignored}
        if isinstance(answer, MetricAnswer):
            facts["view"] = arrange(answer, self._locale)
            return self._render(_template(answer), facts)
        if isinstance(answer, DigestAnswer):
            return self.digest(answer)
        return self._render(_BY_TYPE[type(answer)], facts)

    def digest(self, digest: DigestAnswer) -> Said:
        """What is new about something that is followed: of one figure what changed, what carries that, and whether it is usual; else the answer."""
        whole = self.answer(digest.answer)
        facts: dict[str, Any] = {"d": digest, "whole": whole, "changed": "", "why": "", "what": ""}
        if isinstance(digest.answer.finding, Compared):
            view = arrange(digest.answer, self._locale)
            module = self._module("compared", {"a": digest.answer, "view": view, "assumed": (), "ignored": ()})
            facts |= {"changed": _tidy(str(module.headline(False)), " "), "changed_aloud": _tidy(str(module.headline(True)), " "), "what": view.what}
        if digest.why is not None:
            module = self._module("drivers", {"a": digest.why, "view": arrange(digest.why, self._locale), "assumed": (), "ignored": ()})
            facts["why"] = _tidy(str(module.carried()), " ")
        return self._render("digest", facts)

    def origin(self, answer: MetricAnswer) -> Said:
        """How an answer came about: definitions with owner and version, period and filters, source, SQL."""
        return self._render("origin", {"a": answer, "view": arrange(answer, self._locale)})

    def name(self, value: Scalar, column: Column) -> str:
        """A cell of a dimension or time column as people call it."""
        return told(value, column, self._locale)

    def question(self, reading: Clarify) -> Said:
        """A question back with its choices."""
        return self._render("question", {"q": reading, "labels": [choice.label for choice in reading.choices]})

    def aside(
        self,
        name: Literal[
            "declined", "nothing_pending", "not_yours", "privately", "later", "started_over", "hello", "thanks", "goodbye", "who", "nothing_said", "not_later"
        ],
    ) -> Said:
        """A remark that is no answer."""
        return self._render("aside", {"name": name})

    def told(
        self,
        name: Literal[
            "taught",
            "forgotten",
            "nothing_to_forget",
            "assumed",
            "meant",
            "not_kept",
            "asked",
            "asked_nothing",
            "answered",
            "offer",
            "enquiry",
            "enquiry_answered",
            "answerable",
        ],
        **facts: object,
    ) -> Said:
        """What is said about a correction, a question for the data team, or one that can be answered now; `facts` are what its template names."""
        return self._render("told", {"name": name, **facts})

    def unsupported(self, reading: Unsupported) -> Said:
        """A refusal that says why and what can be asked."""
        return self._render("refusal", {"problem": reading.reason, "remedy": "", "options": (), "suggestions": reading.suggestions})

    def error(self, error: InsightsError, *, suggestions: tuple[str, ...] = ()) -> Said:
        """What went wrong, the remedy, the options."""
        return self._render("refusal", {"problem": error.problem, "remedy": error.remedy, "options": error.options[:5], "suggestions": suggestions})

    def _render(self, name: str, facts: Mapping[str, Any]) -> Said:
        module = self._module(name, facts)
        return Said(_tidy(str(module.speech()), " "), _tidy(str(module.text()), "\n"))

    def _module(self, name: str, facts: Mapping[str, Any]) -> Any:
        """The macros of a template over some facts; every template defines `speech` and `text`."""
        return _environment(self._locale, self._kept).get_template(f"{name}.j2").make_module(dict(facts))


def _tidy(text: str, joint: str) -> str:
    """Lines without blank ones: one sentence stream for speech, one line each for text."""
    return joint.join(line.strip() if joint == " " else line.rstrip() for line in text.splitlines() if line.strip())
