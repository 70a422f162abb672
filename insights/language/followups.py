"""A fragment said after a question changes that question: "and by region?", "only mobile", "what about last year?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from insights.catalog.model import Catalog, FieldId
from insights.language.charting import is_styling
from insights.language.chunks import (
    Against,
    Asked,
    Binned,
    Bucketed,
    Chunk,
    Combined,
    Comparing,
    Grouped,
    Limited,
    Measured,
    Mention,
    Ranked,
    Timed,
    Valued,
    of,
)
from insights.language.draft import Draft, read_key
from insights.language.patterns import Pattern
from insights.language.pieces import Piece
from insights.language.stuck import Stuck
from insights.language.vocabulary import markers
from insights.requests import ComparePeriod, CompareValues, Filter, MetricQuestion, Reading, Request, Understood, Unsupported

_CUE = Pattern(
    r"(?:ok |okay |so |and |now |then |but |great |thanks |alright )*"
    r"(?:what about|how about|and|same for|same with|the same for|the same with|same|the same|only|just|without|excluding|make it|make that"
    r"|change it to|change that to|switch to|switch it to"
    r"|break it down|break that down|split it|split that|break them down|show it|show that|show them|show me that|do it|do that|instead"
    r"|compare it|compare that|compare this|group it|sort it|also"
    r"|and what about|and how about|not|except|but|now|rank them|rank it|filter|limit it|limit that|drill down|drill into|add|include|plus|along with"
    r"|together with|rather)\b.*"
)
_LAST = Pattern(r".* (?:instead|rather|as well|too|also|additionally)(?: please)?")
_MORE = Pattern(
    r".*\b(?:also|as well|too|additionally|on top)\b.*|(?:ok |okay |so |and |now |then |please |can you )*(?:add|include|plus|along with|together with)\b.*"
)
_MEANT = Pattern(
    r"^\W*(?:(?:no|nope|sorry|oh|wait|well|actually|hmm|not that|i said)\b[\s,.!-]*)*(?:i (?:really |actually )?(?:meant|mean)|what i meant (?:was|is))\s+"
    r"(?:to (?:say|ask|ask for|ask about)\s+)?(?P<meant>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NO = Pattern(
    r"^\W*(?:no|nope|no wait|wait no|no no|sorry|oops|no sorry|sorry no)\s*[,.!-]+\s*(?P<meant>\S.*)$"
    r"|^\W*(?:no|sorry|oops|actually)(?: (?:wait|sorry|no|hang on|hold on|actually))* (?P<bare>(?:by|in|for|only|just|last|this|the)\s\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_BARE_NO = Pattern(r"\W*(?:no|nope|sorry|oops|no wait|no sorry) (?P<meant>\S+(?: \S+){0,2})\W*", re.IGNORECASE)
_SAME = Pattern(
    r"^\W*(?:and )?(?:the )?same (?:thing |question |again |one )?(?:but|only|just|except)\s+(?P<meant>(?!for\s+the\s+same)\S.*)$", re.IGNORECASE | re.DOTALL
)
_AGAINST = Pattern(
    r"(?:ok |okay |so |and |now |then |but |also |what about |how about )*(?:compared )?(?:to|with|against|versus|vs) (?P<meant>(?:the |this |that )?\S.*)"
)
_SHORT, _LONG, _MOST = 3, 7, 80
_OWN = frozenset({"briefing", "list", "members", "segments", "cohorts", "funnel", "experiment"})
"""Analyses that are questions of their own without a figure."""


def corrected(text: str) -> str | None:
    """What was meant instead, as a fragment, where an utterance corrects the one before ("I meant net revenue", "no, by plan"); None where it does not."""
    if (same := _SAME.match(text)) is not None:
        return f"and {same['meant']}"
    match, most = _MEANT.match(text), _LONG
    if match is None:
        match, most = _NO.match(text), _SHORT
    if match is None:
        return None
    meant = next(found for found in match.groups() if found)
    return f"instead {meant}" if len(meant.split()) <= most else meant


def set_against(texts: Sequence[str], previous: MetricQuestion, is_time: Callable[[str], bool]) -> str | None:
    """ "And to last year?" after a comparison of periods: the same, set against another one; None for anything else."""
    match = _AGAINST.fullmatch(" ".join(texts)) if isinstance(previous.compare, ComparePeriod) else None
    return f"instead compared to {match['meant']}" if match is not None and is_time(match["meant"]) else None


def base_of(previous: Request | None, catalog: Catalog) -> MetricQuestion | None:
    """The question that a fragment can change; after what a metric means, that metric."""
    if isinstance(previous, MetricQuestion) and previous.analysis == "about" and previous.options.get("topic") in catalog.metrics:
        return MetricQuestion(metrics=(str(previous.options["topic"]),))
    return previous if isinstance(previous, MetricQuestion) and (previous.metrics or previous.analysis == "list") else None


def is_fragment(chunks: Sequence[Chunk], plain: str, measures: bool) -> bool:
    """Whether an utterance only makes sense with the question before it: it opens like one, or says what to show but not of what."""
    if _CUE.fullmatch(plain) or _LAST.fullmatch(plain):
        return True
    if is_styling(plain) and not any(isinstance(chunk, Measured | Combined) or (isinstance(chunk, Mention) and _is_figure(chunk.piece)) for chunk in chunks):
        return True
    if any(chunk.analysis == "briefing" for chunk in of(chunks, Asked)):
        return False  # it is about everything, whatever was asked before
    says = any(isinstance(chunk, Grouped | Valued | Ranked | Bucketed | Timed | Against | Limited | Comparing | Mention | Binned) for chunk in chunks)
    asks = any(chunk.analysis not in _OWN for chunk in of(chunks, Asked))
    return (says or asks) and not measures and not any(isinstance(chunk, Measured | Combined) for chunk in chunks)


def _is_figure(piece: Piece) -> bool:
    """Whether a name is that of a metric and not of records."""
    return bool(piece.metrics) and not piece.datasets


def corrected_softly(text: str) -> str | None:
    """As `corrected`, where the words may be none of a correction: "no march" as it is transcribed, but also "no discount"."""
    match = _BARE_NO.fullmatch(text) if len(text) <= _MOST else None
    return f"instead {match['meant']}" if match is not None else None


def keeps_rows(reading: Reading, base: MetricQuestion) -> bool:
    """Whether a reading is a question about the same rows: another figure, split or time."""
    return isinstance(reading, Understood) and isinstance(reading.request, MetricQuestion) and reading.request.filters == base.filters and not reading.ignored


@cache
def _everything() -> re.Pattern[str]:
    """The words for everything there is: "globally", "everyone"."""
    said = sorted((" ".join(words) for words, marker in markers().items() if marker.kind == "everything"), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, said))})\b")


def _of_everything(plain: str, chunks: Sequence[Chunk]) -> bool:
    """Whether an utterance speaks of everything there is, other than in a name: "worldwide gross"."""
    found = _everything().search(plain)
    return found is not None and not any(found[0] in getattr(getattr(chunk, "piece", None), "words", "") for chunk in chunks)


class Carried:
    """What goes on from the question before into a draft."""

    def __init__(self, base: MetricQuestion, chunks: Sequence[Chunk], plain: str, catalog: Catalog, draft: Draft) -> None:
        self._base = base
        self._chunks = chunks
        self._adds = _MORE.fullmatch(plain) is not None
        self._more = self._adds or is_styling(plain)  # a colour or a panel comes on top of the axes
        self._catalog = catalog
        self._draft = draft
        self._everything = _of_everything(plain, chunks)
        self._new: frozenset[str] = frozenset()

    def _says(self, *kinds: type) -> bool:
        return any(isinstance(chunk, kinds) for chunk in self._chunks)

    def measures(self) -> None:
        """New figures take the place of the old ones; "add orders" adds to them."""
        if self._adds and self._draft.measures:
            self._draft.measures = list(dict.fromkeys([*self._base.metrics, *self._draft.measures]))

    def groups(self) -> None:
        """New groups take the place of the old ones; "also by plan" adds to them."""
        draft, base = self._draft, self._base
        old = [read_key(name, self._catalog) for name in base.group_by]
        self._new = frozenset(key.written(self._catalog) for key in draft.group_by)
        if not draft.group_by or self._more:
            draft.group_by = list(dict.fromkeys([*old, *draft.group_by]))
        if not self._says(Bucketed) and (not self._says(Grouped) or self._more):
            draft.grain = draft.grain or base.grain

    def _widened(self, narrow: Sequence[Filter]) -> MetricQuestion:
        """ "And globally": the question before without the one condition on values that it had. Raises Stuck where it had several."""
        if len(narrow) > 1:
            named = ", ".join(f"'without {old.values[0]}'" for old in narrow)
            raise Stuck(Unsupported(reason=f"I don't know which condition that leaves out; say {named}."))
        self._draft.assume(f"without the condition on {' or '.join(map(str, narrow[0].values))}")
        return replace(self._base, filters=tuple(old for old in self._base.filters if old not in narrow))

    def filters(self) -> None:
        """A new condition takes the place of the old one on the same dimension; what is left out is taken out."""
        draft, base = self._draft, self._base
        new = list(draft.filters)
        kept: list[Filter] = []
        if self._everything and (narrow := [old for old in base.filters if old.dimension is not None and old.op in ("=", "!=")]):
            base = self._widened(narrow)
        for old in map(self._on_new_measure, base.filters):
            if old.dimension in self._new and old.op == "=" and len(old.values) == 1 and old.dimension not in base.group_by:
                draft.assume(f"without the condition on {old.values[0]}, as it is split by that")
                continue
            same = [condition for condition in new if (condition.dimension, condition.metric) == (old.dimension, old.metric)]
            if not same or all(_beside(old, condition) for condition in same):
                kept.append(old)
            elif self._adds and {old.op, *(condition.op for condition in same)} == {"="}:
                kept.append(replace(old, values=tuple(dict.fromkeys((*old.values, *(value for condition in same for value in condition.values))))))
                new = [condition for condition in new if condition not in same]
            elif old.op == "=" and all(condition.op == "!=" for condition in same):
                gone = {value for condition in same for value in condition.values}
                rest = tuple(value for value in old.values if value not in gone)
                if rest:
                    kept.append(Filter(dimension=old.dimension, values=rest))
                    new = [condition for condition in new if condition not in same]
            elif old.op == "!=" and all(condition.op == "!=" for condition in same):
                merged = tuple(dict.fromkeys((*old.values, *(value for condition in same for value in condition.values))))
                kept.append(Filter(dimension=old.dimension, op="!=", values=merged))
                new = [condition for condition in new if condition not in same]
        draft.filters = [*kept, *new]
        single = {condition.dimension for condition in new if condition.op == "=" and len(condition.values) == 1}
        if not self._says(Grouped):
            draft.group_by = [key for key in draft.group_by if key.written(self._catalog) not in single]
        if isinstance(base.compare, CompareValues) and draft.compare is None and base.compare.dimension not in single and not self._says(Grouped, Valued):
            draft.compare = base.compare

    def _on_new_measure(self, condition: Filter) -> Filter:
        """A condition on the one figure of before is one on the figure that takes its place."""
        before, now = self._base.metrics, tuple(self._draft.measures)
        if condition.metric is None or (condition.metric,) != before or len(now) != 1 or now == before:
            return condition
        return replace(condition, metric=now[0])

    def time(self, now: datetime) -> None:
        """The old period stays until another is said, unless it is past and what comes is asked for; an old comparison of periods only with it."""
        draft, base = self._draft, self._base
        past = base.period is not None and base.period.last is not None and base.period.last < now.date()
        if not self._says(Timed) and not (past and draft.analysis == "forecast"):
            draft.period = base.period
            if draft.analysis is None and not self._says(Against) and isinstance(base.compare, ComparePeriod):
                draft.compare = base.compare
        if draft.time_field is None and base.time_field is not None and draft.measures == list(base.metrics):
            draft.time_field = _field(base.time_field)

    def ranking(self) -> None:
        """The first five of one thing stay the first five of another."""
        draft, base = self._draft, self._base
        if base.analysis == "ranking" and not draft.ranking and (draft.group_by or draft.grain) and not self._says(Bucketed):
            draft.ranking, draft.limit, draft.order = True, base.limit, base.order
        same = [key.written(self._catalog) for key in draft.group_by] == list(base.group_by)
        if base.analysis == "share" and base.limit is not None and same and not draft.ranking and not draft.grain and draft.analysis in (None, "share"):
            draft.limit, draft.order = base.limit, base.order  # "which region has the highest share ... and last month"

    def tell_limit(self) -> None:
        """Say that what was one of the first few is all of it now."""
        draft, base = self._draft, self._base
        kept = {key.written(self._catalog) for key in draft.group_by} & set(base.group_by)
        if base.limit is not None and draft.limit is None and draft.grain is not None and base.grain is None and kept:
            draft.assume(f"all of them, not only {base.limit}")


_BOUNDS = {">": "low", ">=": "low", "<": "high", "<=": "high"}


def _beside(old: Filter, new: Filter) -> bool:
    """Whether two conditions on the same thing hold together: a bound at either end, and what is known beside what is left out."""
    ends = {_BOUNDS.get(old.op), _BOUNDS.get(new.op)}
    return ends == {"low", "high"} or (old.op == "not_null" and new.op == "!=") or (old.op == "!=" and new.op == "not_null")


def _field(text: str) -> FieldId:
    dataset, _, name = text.partition(".")
    return FieldId(dataset, name)
