"""Chores about what is heard again: follow a figure or an answer, on a schedule or past a limit; and what one follows, paused, muted or ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from insights.language.numbers import number
from insights.language.slots import Heard, SlotReader
from insights.language.words import tokenise
from insights.requests import (
    GRAINS,
    Choice,
    Clarify,
    Filter,
    Follow,
    Following,
    Grain,
    MetricQuestion,
    Operator,
    Reading,
    Request,
    Share,
    Understood,
    Unsupported,
)

CHANNEL = re.compile(
    r"(?:(?:in|into|to|on|at) )?(?:the )?(?:#(?P<hash>[\w-]{1,80})|channel (?P<after>[\w-]{1,80})|(?P<before>[\w-]{1,80}) channel)(?: channel)?\b",
    re.IGNORECASE,
)
_THAT = frozenset("it this that them these those".split())
_TO_ME = re.compile(r"^(it|this|that|them|these|those)(?: over| along| on)? to me$", re.IGNORECASE)
_ASKED = re.compile(
    r"^(?:please )?(?P<stop>unfollow|unsubscribe(?: me)?(?: from)?|stop (?:following|sending(?: me)?|alerting me about|the alerts? (?:for|on|about)|"
    r"telling me about|watching))?\s*"
    r"(?:(?:follow|watch|track|subscribe(?: me)? to|keep me (?:posted|updated|informed) (?:on|about)|keep an eye on|"
    r"(?:alert|notify|warn|tell|message|ping|inform) me (?:when(?:ever)?|if|as soon as|about|once)|let me know (?:when(?:ever)?|if|as soon as|once|about)|"
    r"(?:send|give|tell|show|email|mail|post|share)(?: me)?|report)\b)?\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_DOWN = r"drops?|falls?|sinks?|dips?|declines?|decreases?|shrinks?|(?:goes|is|are) down|loses?|lost"
_UP = r"rises?|grows?|increases?|climbs?|jumps?|(?:goes|is|are) up|gains?"
_ANY = r"changes?|moves?|swings?|varies|differs?"
_CHANGE = re.compile(
    rf"\b(?:(?P<down>{_DOWN})|(?P<up>{_UP})|(?P<any>{_ANY}))\s+(?:(?:by\s+)?(?:more than|at least)|by(?: over)?)\s+(?P<number>.+?)"
    r"(?:\s+(?:(?P<over>day over day|week over week|month over month)"
    r"|(?:from|against|compared (?:to|with)|versus|vs) (?:the )?(?P<before>day|week|month) before"
    r"|(?:in|within) (?:a|one) (?P<within>day|week|month)))?$",
    re.IGNORECASE,
)
_CHANGES = re.compile(rf"\b(?:{_DOWN}|{_UP}|{_ANY})$", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:(?:drops?|falls?|goes|gets|is|are|sinks?|dips?|climbs?|rises?|grows?|moves?|comes?|were|was)\s+)?"
    r"(?P<op>below|under|less than|lower than|above|over|more than|higher than|beyond|exceeds?|reach(?:es)?|hits?|at least|at most)\s+(?P<number>.+)$",
    re.IGNORECASE,
)
_ODD = r"(?:unusual|abnormal|anomalous|odd|strange|weird|out of the ordinary)"
_UNUSUAL = (
    re.compile(
        rf"^(?:there is |there's )?(?:anything|something) {_ODD}(?: (?:happens?|is happening|is going on|occurs?|shows?))?"
        r"(?: (?:with|in|to|about|on))? (?P<rest>.+)$",
        re.IGNORECASE,
    ),
    re.compile(rf"^(?P<rest>.+?) (?:is|are|looks?|gets?|becomes?|behaves?|does something|do something|goes) (?:very )?{_ODD}$", re.IGNORECASE),
)  # fmt: skip
_OPERATORS: dict[str, Operator] = {
    "below": "<", "under": "<", "less than": "<", "lower than": "<", "above": ">", "over": ">", "more than": ">", "higher than": ">", "beyond": ">",
    "exceed": ">", "exceeds": ">", "reach": ">=", "reaches": ">=", "hit": ">=", "hits": ">=", "at least": ">=", "at most": "<=",
}  # fmt: skip
_GRAINS: dict[str, Grain] = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "HOURLY": "hour"}
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_EACH = re.compile(
    r"^(?:(?:us )?(?:dollars?|euros?|pounds?|yen|rupees?|usd|eur|gbp)\b)?\s*(?:(?:a|per|each|every|in a|on a|on any) (?P<grain>day|week|month|hour)\b)?\s*",
    re.IGNORECASE,
)
_ID = re.compile(r"\b(?P<id>s ?-? ?\d+)\b", re.IGNORECASE)
_Act = Literal["list", "pause", "resume", "mute", "unmute", "end"]
_ACTS: tuple[tuple[_Act, str], ...] = (
    ("resume", r"resume|unpause|restart|continue"),
    ("unmute", r"unmute|unsnooze"),
    ("pause", r"pause|hold|suspend"),
    ("mute", r"mute|snooze|silence"),
    ("end", r"unfollow|unsubscribe(?: me)?(?: from)?|end|stop|cancel|delete|remove|drop"),
)
_SAID_MANAGING = re.compile(
    r"\b(?:following|follow|watching|sending|telling me about|alerting me about|my|the|all|every|each|of|digests?|alerts?|subscriptions?|notifications?|on|"
    r"about|from|for|me|everything|i|please|until|till|s ?-? ?\d+|them)\b",
    re.IGNORECASE,
)


class FollowReader:
    """Reads what is to be heard of again. `unit` gives the unit of a metric."""

    def __init__(self, reader: SlotReader, unit: Callable[[str], str | None]) -> None:
        self._reader = reader
        self._unit = unit

    def follow(self, heard: Heard) -> Reading | None:
        """What is to be heard of again, when, or past which limit."""
        match = _ASKED.match(heard.text.strip())
        if match is None:
            return None
        rest = match["rest"].strip(" .!?")
        repeating = next((item for item in self._reader.read(heard).found if item.kind == "recurrence"), None)
        if repeating is not None:
            rest = _tidied(rest.replace(repeating.span, " "))
            lead = _ASKED.match(rest)  # "every Monday at nine send me revenue"
            rest = lead["rest"].strip(" .!?") if lead is not None else rest
        channel, rest = without_channel(rest)
        request = Follow(repeats=repeating.rrule if repeating is not None else None, stop=match["stop"] is not None, channel=channel)
        found = self._condition(rest)
        if isinstance(found, Unsupported):
            return found
        asked, condition = found
        if condition is not None and repeating is not None and "BY" not in (repeating.rrule or ""):
            grain = _GRAINS.get((repeating.rrule or "").removeprefix("FREQ=").partition(";")[0])  # "weekly orders" says of what, not when
            request, condition = replace(request, repeats=None), replace(condition, grain=grain or condition.grain)
        asked = _TO_ME.sub(r"\1", asked)
        if not asked or set(asked.casefold().split()) <= _THAT:
            before = talked_of(heard.previous)
            if before is None:
                return (
                    Understood(request=request)
                    if request.stop
                    else Unsupported(reason="There is nothing to follow yet; say 'follow' and the name of a figure.", firm=True)
                )
            return self._on_question(Understood(request=before), request, condition)
        return self._on_question(heard.question(asked), request, condition)

    def manage(self, heard: Heard) -> Reading | None:
        """What one follows, or one of it paused, muted, heard again or ended."""
        plain = heard.plain
        act: _Act = next((name for name, words in _ACTS if re.match(rf"(?:please )?(?:{words})\b", plain)), "list")
        id_ = _ID.search(plain)
        until = self._until(heard) if act == "mute" else None
        request = Following(act=act, subscription=_number(id_["id"]) if id_ else None, until=until)
        if act == "list" or id_:
            return Understood(request=request)
        words = next(words for name, words in _ACTS if name == act)
        rest = re.sub(rf"^(?:please )?(?:{words})\b", "", heard.text.strip(" .!?"), flags=re.IGNORECASE)
        for item in self._reader.read(heard).found if act == "mute" else ():
            rest = rest.replace(item.span, " ")
        left = _tidied(_SAID_MANAGING.sub(" ", rest))
        if not left or set(left.casefold().split()) <= _THAT:
            every = re.search(r"\b(?:all|every|everything|alerts|digests|subscriptions|notifications)\b", plain) is not None
            before = talked_of(heard.previous)
            return Understood(request=replace(request, every=every, what=None if every else before))
        match heard.question(left):
            case Understood(request=MetricQuestion() as question, assumed=assumed, ignored=ignored):
                return Understood(request=replace(request, what=question), assumed=assumed, ignored=ignored)
            case Clarify(choices=choices) as asked if choices and all(isinstance(choice.request, MetricQuestion) for choice in choices):
                return replace(
                    asked, choices=tuple(Choice(label=c.label, request=replace(request, what=c.request)) for c in choices), partial=None  # type: ignore[arg-type]  # just checked
                )  # fmt: skip
            case _:
                return Unsupported(reason="I don't know which of what you follow that is; ask 'what do I follow' for the list.", firm=True)

    def _until(self, heard: Heard) -> datetime | None:
        """Until when nothing is told: a time, or a length from now; None for good."""
        found = self._reader.read(heard).found
        length = next((item for item in found if item.kind == "duration" and item.minutes), None)
        if length is not None and length.minutes is not None:
            return heard.now + timedelta(minutes=float(length.minutes))
        time = next((item for item in found if item.kind == "interval" and (item.start or item.end) is not None), None)
        return None if time is None else time.start if time.start is not None else time.end

    def _condition(self, rest: str) -> tuple[str, _Condition | None] | Unsupported:
        """The question, and what must hold of its figure to be told."""
        for pattern in _UNUSUAL:
            if (odd := pattern.match(rest)) is not None:
                return odd["rest"].strip(), _Condition(unusual=True)
        if (change := _CHANGE.search(rest)) is not None and (by := _amount(change["number"])) is not None:
            if by[1] != "%" or by[0] <= 0:
                return Unsupported(reason="I can tell you of a change in percent; say for example 'drops by 10 percent', or name a limit.", firm=True)
            direction: Literal["up", "down", "either"] = "down" if change["down"] else "up" if change["up"] else "either"
            grain = (change["over"] or change["before"] or change["within"] or "").partition(" ")[0].casefold()
            return rest[: change.start()].strip(), _Condition(change=by[0] / 100, direction=direction, grain=_grain(grain))
        if (limit := _LIMIT.search(rest)) is not None and (value := _amount(limit["number"])) is not None:
            each = _EACH.match(value[2])
            asked = f"{rest[: limit.start()]} {value[2][each.end() :] if each else value[2]}"  # "below 1,000 in EMEA" is of EMEA
            grain = _grain(each["grain"]) if each else None
            return _tidied(asked), _Condition(op=_OPERATORS[limit["op"].casefold()], value=value[0], symbol=value[1], grain=grain)
        if (moves := _CHANGES.search(rest)) is not None and rest[: moves.start()].strip():
            return Unsupported(reason="By how much? Say for example 'drops by 10 percent', or name a limit.", firm=True)
        return rest, None

    def _on_question(self, reading: Reading, request: Follow, condition: _Condition | None) -> Reading:
        """The question inside, followed."""
        try:
            match reading:
                case Understood(request=MetricQuestion() as question) if _followable(question):
                    dated = f"'{question.period.words}' is " if question.period is not None else None  # it will be another one then
                    assumed = tuple(one for one in reading.assumed if dated is None or not one.startswith(dated))
                    return replace(reading, request=self._followed(question, request, condition), assumed=assumed)
                case Clarify(choices=choices) if choices and all(isinstance(c.request, MetricQuestion) and _followable(c.request) for c in choices):
                    made = tuple(Choice(label=c.label, request=self._followed(c.request, request, condition)) for c in choices)  # type: ignore[arg-type]  # just checked
                    return replace(reading, choices=made, partial=None)
                case Unsupported():
                    return reading
                case _:
                    return Unsupported(reason="I can only follow a figure; say for example 'follow' and its name.", firm=True)
        except _NotOfThisFigure as problem:
            return Unsupported(reason=str(problem), firm=True)

    def _followed(self, question: MetricQuestion, request: Follow, condition: _Condition | None) -> Follow:
        if condition is None:
            return replace(request, what=question)
        if condition.grain is not None:
            question = replace(question, grain=condition.grain, analysis="series")
        alert = None
        if condition.op is not None:
            alert = Filter(metric=question.metrics[0], op=condition.op, values=(condition.scaled(self._unit(question.metrics[0])),))
        return replace(request, what=question, alert=alert, change=condition.change, direction=condition.direction, unusual=condition.unusual)


class _NotOfThisFigure(Exception):  # it is no error, it is what is said back
    """A limit in a unit that the figure has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    """What must hold of a figure; one of `op`, `change` and `unusual` is set. `symbol` is what was written to the limit, "%" too."""

    op: Operator | None = None
    value: int | float = 0
    symbol: str | None = None
    change: float | None = None
    direction: Literal["up", "down", "either"] = "either"
    unusual: bool = False
    grain: Grain | None = None

    def scaled(self, unit: str | None) -> int | float:
        """The limit in the unit of the figure: percent are fractions of one. Raises _NotOfThisFigure for another unit."""
        if self.symbol == "%" and unit != "percent":
            raise _NotOfThisFigure("That figure is no percentage; name a limit in its own unit, or say 'drops by 10 percent' to hear of a change.")
        if self.symbol in _SYMBOLS and unit != _SYMBOLS[self.symbol]:
            raise _NotOfThisFigure(f"That figure is not in {_SYMBOLS[self.symbol]}; name a limit in {unit or 'its own unit'}.")
        return self.value / 100 if unit == "percent" else self.value


def _grain(said: str | None) -> Grain | None:
    return next((grain for grain in GRAINS if grain == (said or "").casefold()), None)


def without_channel(text: str) -> tuple[str | None, str]:
    """The channel that is named, and the text without it."""
    match = CHANNEL.search(text)
    if match is None:
        return None, text
    return (match["hash"] or match["after"] or match["before"]), _tidied(text[: match.start()] + " " + text[match.end() :])


def talked_of(previous: Request | None) -> MetricQuestion | None:
    """The question that was talked of, also where it was followed or shared since."""
    if isinstance(previous, Follow | Share):
        return previous.what
    return previous if isinstance(previous, MetricQuestion) else None


def _followable(question: MetricQuestion) -> bool:
    return bool(question.metrics) or question.analysis == "list"


def _amount(text: str) -> tuple[int | float, str | None, str] | None:
    """A number at the beginning of a text, "%" or the sign of a currency, and what stands behind it."""
    tokens = tokenise(text.strip(" .!?"))
    found = number(tokens, 0) if tokens else None
    if found is None or not isinstance(found.value, int | float):
        return None
    behind = text.strip(" .!?")[tokens[found.last].start :] if found.last < len(tokens) else ""
    return found.value, found.symbol, behind


def _number(said: str) -> str:
    return "S-" + "".join(char for char in said if char.isdigit())


def _tidied(text: str) -> str:
    return " ".join(text.split()).strip(" .!?,")
