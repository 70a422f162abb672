"""What a word or two do to the question before: turn the order round, show all, the total, a share, the time before, why, leave something out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from insights.catalog.model import Catalog, FieldId
from insights.language.candidates import Candidates
from insights.language.edit_words import EDITS
from insights.language.leaving import Leaving
from insights.language.measures import Measures
from insights.language.phrasing import Phrasing, said
from insights.language.records import counted, left_out
from insights.language.timing import around, following, preceding, unit_of, year_after, year_before
from insights.requests import (
    AdHoc,
    AggregateFunction,
    Analysis,
    Choice,
    Clarify,
    ComparePeriod,
    CompareValues,
    Filter,
    MetricQuestion,
    Order,
    Period,
    PlainField,
    Reading,
    Understood,
    Unsupported,
    parse_group,
    parse_measure,
)

_MOST = 3
_LONGEST = 12
_FUNCTIONS: dict[str, AggregateFunction] = {
    "average": "avg", "mean": "avg", "median": "median", "total": "sum", "sum": "sum", "maximum": "max", "max": "max", "minimum": "min", "min": "min",
}  # fmt: skip
_FORMS: frozenset[Analysis] = frozenset({"value", "breakdown", "ranking", "share", "series", "compare"})
"""The analyses whose figures go on into another form."""


class Edits:
    """Changes questions over one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._phrasing = Phrasing(catalog)
        self._leaving = Leaving(catalog)
        self._rules: dict[str, Callable[[MetricQuestion, re.Match[str]], Reading | None]] = {
            "aggregate": self._aggregate,
            "known": self._known,
            "flip": self._flip,
            "up": lambda base, _: self._ordered(base, "asc"),
            "down": lambda base, _: self._ordered(base, "desc"),
            "records": self._records,
            "all": self._all,
            "total": self._total,
            "share": self._share,
            "why": self._why,
            "judge": self._judge,
            "earlier": lambda base, match: self._moved(base, match, earlier=True),
            "later": lambda base, match: self._moved(base, match, earlier=False),
            "drop": lambda base, _: self._leaving.last(base),
            "drop_named": self._drop_named,
            "deeper": self._deeper,
        }

    def read(self, words: Sequence[str], base: MetricQuestion | None, now: datetime) -> Reading | None:
        """The question that the words make of `base`; None when they are more than a word about it."""
        if base is None or len(words) > _LONGEST or base.analysis == "about":
            return None
        plain = _plain(words)
        for name, rule in self._rules.items():
            match = EDITS[name].fullmatch(plain)
            if match is not None and (reading := rule(base, match)) is not None:
                return None if _is_ahead(reading, now) else reading
        return None

    def _aggregate(self, base: MetricQuestion, match: re.Match[str]) -> Reading | None:
        """The same field under another aggregate."""
        measures = [parse_measure(metric) for metric in base.metrics]
        function = _FUNCTIONS[match["function"]]
        found = [measure for measure in measures if isinstance(measure, AdHoc) and measure.field is not None]
        if len(found) != 1 or len(measures) != 1 or found[0].function in ("count", "count_distinct"):
            return None
        dataset, name = found[0].dataset, str(found[0].field)
        if function not in self._catalog.fields[FieldId(dataset, name)].aggregates:
            return None  # the grammar says what may be asked of it
        return Understood(request=replace(base, metrics=(f"{function}({dataset}.{name})",)))

    def _known(self, base: MetricQuestion, _: re.Match[str]) -> Reading | None:
        """Without the rows of which it is not known what they belong to."""
        names = [name for name in base.group_by if isinstance(parse_group(name), PlainField)]
        if len(names) != 1 or base.analysis == "list":
            return None
        kept = tuple(condition for condition in base.filters if condition.dimension != names[0] or condition.op not in ("is_null", "not_null"))
        return Understood(request=replace(base, filters=(*kept, Filter(dimension=names[0], op="not_null"))))

    def _drop_named(self, base: MetricQuestion, match: re.Match[str]) -> Reading | None:
        weak = match["weak"]
        return self._leaving.named(base, match["what"], values=weak is None, split=weak is not None and weak.startswith("not"))

    def _flip(self, base: MetricQuestion, _: re.Match[str]) -> Reading | None:
        """The other way round: the order of a list, else the two sides of a comparison."""
        if base.group_by and not isinstance(base.compare, CompareValues):
            order: Order = "asc" if (base.order or "desc") == "desc" else "desc"
            return self._ordered(base, order)
        if isinstance(base.compare, ComparePeriod) and base.period is not None:
            return Understood(request=replace(base, period=base.compare.period, compare=ComparePeriod(period=base.period)))
        if isinstance(base.compare, CompareValues):
            return Understood(request=replace(base, compare=replace(base.compare, values=tuple(reversed(base.compare.values)))))
        return _nothing_in_order(base)

    def _ordered(self, base: MetricQuestion, order: Order) -> Reading | None:
        if base.analysis == "list":
            return Understood(request=replace(base, order=order))
        if not base.group_by or base.analysis not in ("breakdown", "ranking", "compare"):
            return _nothing_in_order(base)
        return Understood(request=replace(base, analysis="ranking", order=order))

    def _all(self, base: MetricQuestion, match: re.Match[str]) -> Reading | None:
        if base.limit is None and "everything" in match[0] and len(narrow := [one for one in base.filters if one.op in ("=", "!=")]) == 1:
            rest = tuple(one for one in base.filters if one not in narrow)
            return Understood(request=replace(base, filters=rest), assumed=(f"without the condition on {' or '.join(map(str, narrow[0].values))}",))
        return Understood(request=replace(base, limit=None)) if base.group_by or base.analysis == "list" else None

    def _records(self, base: MetricQuestion, _: re.Match[str]) -> Reading | None:
        """The records that a figure counts, one by one, without those that it leaves out."""
        name = base.metrics[0] if len(base.metrics) == 1 else ""
        dataset = counted(name, self._catalog)
        if dataset is None or base.analysis != "value" or any(condition.metric for condition in base.filters):
            return None
        left, untold = left_out(name, self._catalog)
        kept = tuple(dict.fromkeys((*base.filters, *left)))
        asked = replace(_plain_question(base, "list"), metrics=(), filters=kept, options={"dataset": dataset})
        told = tuple(
            f"without {self._phrasing.group(str(one.dimension)).lower()} {', '.join(map(str, one.values))}, as in {self._phrasing.measure(name)}"
            for one in left
        )
        return Understood(request=asked, assumed=told) if not untold else None

    def _total(self, base: MetricQuestion, _: re.Match[str]) -> Reading | None:
        """One number: nothing that splits it."""
        if not base.metrics or base.analysis not in _FORMS:
            return None
        conditions = tuple(condition for condition in base.filters if condition.metric is None)
        left = tuple(f"the condition on {self._phrasing.measure(c.metric)}" for c in base.filters if c.metric is not None)
        compare = base.compare if isinstance(base.compare, ComparePeriod) else None
        whole = replace(_plain_question(base, "compare" if compare else "value"), filters=conditions, compare=compare)
        return Understood(request=whole, assumed=tuple(f"{name} is left out: it is one of groups" for name in left))

    def _share(self, base: MetricQuestion, _: re.Match[str]) -> Reading | None:
        if not base.metrics or base.analysis not in _FORMS:
            return None
        if base.group_by:
            order = base.order if base.limit is not None else None
            request = replace(base, analysis="share", compare=None, order=order, options={})
            return Understood(request=request, assumed=_without_comparison(base))
        parts = [condition.dimension for condition in base.filters if condition.dimension is not None]
        if not parts:
            measured = " and ".join(self._phrasing.measure(metric) for metric in base.metrics)
            return Unsupported(reason=f"A share of {measured} needs parts: say by what, such as 'share by' and a name.")
        if len(parts) == 1:
            return Understood(request=replace(base, analysis="share", options={"part": parts[0]}))
        choices = [
            Choice(label=f"the part with that {self._leaving.label(name)}", request=replace(base, analysis="share", options={"part": name})) for name in parts
        ]
        both = Choice(label="the part with all of that", request=replace(base, analysis="share", options={"part": ",".join(parts)}))
        return Clarify(about="share", choices=(*choices[: _MOST - 1], both))

    def _why(self, base: MetricQuestion, _: re.Match[str]) -> Reading | None:
        if not base.metrics:
            return None
        before = base.compare if isinstance(base.compare, ComparePeriod) else None
        assumed: tuple[str, ...] = ()
        if before is None and base.period is not None and base.period.days is not None:
            before = ComparePeriod(period=preceding(base.period, "before"))
            assumed = (f"compared to {said(before.period)}",)
        kept = _plain_question(base, "drivers")
        return Understood(request=replace(kept, compare=before), assumed=assumed)

    def _judge(self, base: MetricQuestion, _: re.Match[str]) -> Reading | None:
        """Whether a figure is good can be told beside the one before it."""
        if not base.metrics or base.grain is not None or base.analysis not in _FORMS - {"share"}:
            return None
        if isinstance(base.compare, ComparePeriod):
            return Understood(request=base)
        if base.period is None or base.period.days is None or base.compare is not None:
            return Unsupported(
                reason="I can tell how that compares to the time before it: say for which period, such as 'last month compared to the month before'."
            )
        before = preceding(base.period, "before")
        request = replace(base, compare=ComparePeriod(period=before), analysis="ranking" if base.analysis == "ranking" else "compare")
        return Understood(request=request, assumed=(f"I compare it to {said(before)}",))

    def _moved(self, base: MetricQuestion, match: re.Match[str], *, earlier: bool) -> Reading | None:
        """The same over the period beside: a year on, or the next of its own kind."""
        unit = next((found for found in match.groups() if found), "year" if "year" in match[0].split() else "period")
        if base.period is None or base.period.days is None or isinstance(base.compare, CompareValues):
            return None
        moved = self._beside(base.period, unit, earlier=earlier)
        if not isinstance(base.compare, ComparePeriod):
            return Understood(request=replace(base, period=moved), assumed=(f"that is {said(moved)}",))
        other = self._beside(base.compare.period, unit, earlier=earlier)
        request = replace(base, period=moved, compare=ComparePeriod(period=other))
        return Understood(request=request, assumed=(f"that is {said(moved)} compared to {said(other)}",))

    def _beside(self, period: Period, unit: str, *, earlier: bool) -> Period:
        """The period a year on, the next of its own kind, or the unit of the calendar beside the one it is in."""
        words = f"the {unit} {'before' if earlier else 'after'}"
        own = unit_of(period)
        if unit == "year" and own != "year":
            return year_before(period, words) if earlier else year_after(period, words)
        if unit in ("period", "one", own) or period.first is None or period.last is None:
            return preceding(period, words) if earlier else following(period, words)
        return preceding(around(period.first, unit, self._catalog), words) if earlier else following(around(period.last, unit, self._catalog), words)

    def _deeper(self, base: MetricQuestion, _: re.Match[str]) -> Reading | None:
        """Further down than it is broken down: by what, is asked."""
        if not base.group_by or base.analysis not in _FORMS:
            return None
        facts = Measures(self._catalog, {}, []).facts(base.metrics)
        taken = {*base.group_by, *(condition.dimension for condition in base.filters if len(condition.values) == 1)}
        fields = [id_ for id_ in Candidates(self._catalog, {}).reached(facts) if self._catalog.written(id_) not in taken]
        choices = [
            Choice(label=f"by {self._phrasing.field(id_).lower()} too", request=replace(base, group_by=(*base.group_by, self._catalog.written(id_))))
            for id_ in fields[:_MOST]
        ]
        return Clarify(about="breakdown", choices=tuple(choices), missing="dimension") if choices else None

    def reworded(self, words: Sequence[str]) -> str | None:
        """What the grammar reads in their place: "remove Germany" is a condition, "forecast that" a question with what goes on; None for anything else."""
        if len(words) > _LONGEST:
            return None
        if EDITS["forecast"].fullmatch(_plain(words)):
            return "forecast"
        match = EDITS["drop_named"].fullmatch(_plain(words))
        return f"without {match['what']}" if match is not None and match["weak"] is None else None


def _plain_question(base: MetricQuestion, analysis: Analysis) -> MetricQuestion:
    """The same figures for the same rows and period, in another form."""
    timed = base.time_field if base.period is not None else None
    return MetricQuestion(analysis=analysis, metrics=base.metrics, time_field=timed, filters=base.filters, period=base.period)


def _plain(words: Sequence[str]) -> str:
    return " ".join("s" if word == "'s" else word.replace("'", " ") for word in words)


def _nothing_in_order(base: MetricQuestion) -> Reading | None:
    return Unsupported(reason="There is no list to put in another order: ask for a breakdown first, such as 'by' and a name.") if base.metrics else None


def _without_comparison(base: MetricQuestion) -> tuple[str, ...]:
    return () if base.compare is None else ("without the comparison",)


def _is_ahead(reading: Reading, now: datetime) -> bool:
    """Whether a question is about days that have not come: then it is none that was asked."""
    request = reading.request if isinstance(reading, Understood) else None
    period = request.period if isinstance(request, MetricQuestion) else None
    return period is not None and period.first is not None and period.first > now.date()
