"""Chores that send something on: share an answer, follow a figure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from insights.language.numbers import number
from insights.language.patterns import Pattern
from insights.language.slots import Heard, SlotReader
from insights.language.words import tokenise
from insights.requests import Choice, Clarify, Filter, Follow, MetricQuestion, Operator, Reading, Share, Understood, Unsupported

_CHANNEL = Pattern(r"(?:#|\bchannel )([\w-]{1,80})", re.IGNORECASE)
_THAT = frozenset("it this that them these those".split())
_SAID_SHARING = frozenset(
    "send share email mail post forward text slack answer chart table result results report figures numbers link copy message channel over along it that "
    "those these myself inbox e-mail everyone team dm".split()
)
_FOLLOWING = Pattern(
    r"^(?:please )?(?P<stop>unfollow|unsubscribe(?: me)?(?: from)?|stop (?:following|sending(?: me)?|alerting me about|the alerts? (?:for|on|about)|"
    r"telling me about|watching))?\s*"
    r"(?:(?:follow|watch|track|subscribe(?: me)? to|keep me (?:posted|updated|informed) (?:on|about)|keep an eye on|"
    r"(?:alert|notify|warn|tell|message|ping|inform) me (?:when(?:ever)?|if|as soon as|about|once)|let me know (?:when(?:ever)?|if|as soon as|once|about)|"
    r"send me|give me|tell me|email me|mail me|report)\b)?\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_LIMIT = Pattern(
    r"\b(?:(?:drops?|falls?|goes|gets|is|are|sinks?|dips?|climbs?|rises?|grows?|moves?|comes?|were|was)\s+)?"
    r"(?P<op>below|under|less than|lower than|above|over|more than|higher than|beyond|exceeds?|reach(?:es)?|hits?|at least|at most)\s+(?P<number>.+)$",
    re.IGNORECASE,
)
_OPERATORS: dict[str, Operator] = {
    "below": "<", "under": "<", "less than": "<", "lower than": "<", "above": ">", "over": ">", "more than": ">", "higher than": ">", "beyond": ">",
    "exceed": ">", "exceeds": ">", "reach": ">=", "reaches": ">=", "hit": ">=", "hits": ">=", "at least": ">=", "at most": "<=",
}  # fmt: skip


class Sending:
    """Reads what is to be sent on."""

    def __init__(self, reader: SlotReader) -> None:
        self._reader = reader

    def share(self, heard: Heard) -> Reading:
        """To whom and through what the last answer goes; to the asker when nobody is named."""
        slots = self._reader.read(heard, people=True)
        channel = _CHANNEL.search(heard.text)
        through: Literal["slack", "email"] | None = None
        if re.search(r"\bslack\b", heard.plain) or channel is not None:
            through = "slack"
        elif re.search(r"\be-?mail\b|\bmail\b|\binbox\b", heard.plain):
            through = "email"
        request = Share(channel=channel[1] if channel else None, through=through)
        ignored = tuple(word for word in slots.ignored(_SAID_SHARING) if channel is None or word not in channel[1].casefold())
        doubtful = next((named for named in slots.people if len(named.ids) > 1), None)
        if doubtful is not None:
            names = self._reader.people.names
            choices = tuple(Choice(label=names[id_], request=replace(request, people=(id_,))) for id_ in doubtful.ids[:3])
            return Clarify(about=" ".join(word.text for word in heard.words[doubtful.first : doubtful.last]), choices=choices)
        return Understood(request=replace(request, people=tuple(dict.fromkeys(named.ids[0] for named in slots.people))), ignored=ignored)

    def follow(self, heard: Heard) -> Reading | None:
        """What is to be heard of again, when, or past which limit."""
        match = _FOLLOWING.match(heard.text.strip())
        if match is None:
            return None
        repeating = next((item for item in self._reader.read(heard).found if item.kind == "recurrence"), None)
        rest = match["rest"].strip(" .!?")
        if repeating is not None:
            rest = rest.replace(repeating.span, " ").strip(" .!?,")
        limit = _LIMIT.search(rest)
        limits = _limit(limit) if limit is not None else None
        asked = (rest[: limit.start()] if limit is not None and limits is not None else rest).strip(" .!?,")
        stop = match["stop"] is not None
        request = Follow(repeats=repeating.rrule if repeating is not None else None, stop=stop)
        if not asked or set(asked.casefold().split()) <= _THAT:
            if not isinstance(heard.previous, MetricQuestion):
                return Understood(request=request) if stop else Unsupported(reason="There is nothing to follow yet; say 'follow' and the name of a figure.")
            return self._on_question(Understood(request=heard.previous), request, limits)
        return self._on_question(heard.question(asked), request, limits)

    def _on_question(self, reading: Reading, request: Follow, limits: tuple[Operator, int | float] | None) -> Reading:
        """The question inside, followed."""

        def followed(question: object) -> Follow | None:
            if not isinstance(question, MetricQuestion) or not question.metrics:
                return None
            return replace(request, what=question, alert=_on(question.metrics[0], limits))

        match reading:
            case Understood(request=question) if (what := followed(question)) is not None:
                return replace(reading, request=what)
            case Clarify(choices=choices) if choices and all(followed(choice.request) for choice in choices):
                return replace(reading, choices=tuple(Choice(label=c.label, request=followed(c.request)) for c in choices), partial=None)  # type: ignore[arg-type]  # just checked
            case Unsupported():
                return reading
            case _:
                return Unsupported(reason="I can only follow a figure; say for example 'follow' and its name.")


def _limit(match: re.Match[str]) -> tuple[Operator, int | float] | None:
    tokens = tokenise(match["number"])
    found = number(tokens, 0) if tokens else None
    value = found.value if found is not None else None
    return (_OPERATORS[match["op"].casefold()], value) if isinstance(value, int | float) else None


def _on(metric: str, limits: tuple[Operator, int | float] | None) -> Filter | None:
    return None if limits is None else Filter(metric=metric, op=limits[0], values=(limits[1],))
