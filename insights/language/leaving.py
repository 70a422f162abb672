"""What can be left out of a question, one part at a time: "drop the region filter", "without the comparison", "drop that"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from insights.catalog.model import Catalog
from insights.language.forms import singular
from insights.language.phrasing import Phrasing, said
from insights.requests import Choice, Clarify, Filter, MetricQuestion, PlainField, Reading, Understood, Unsupported, parse_group

_MOST = 3
_KINDS: dict[str, str] = {
    word: kind
    for kind, words in {
        "filter": "filter filters condition conditions restriction restrictions limitation constraint",
        "group": "grouping group groups breakdown split dimension break",
        "compare": "comparison compare comparing",
        "period": "period date dates time timeframe range",
        "limit": "limit top ranking cutoff",
        "grain": "grain buckets trend",
    }.items()
    for word in words.split()
}
_EMPTY = frozenset("the a an on by for of in from only please too and".split())


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question that can be left out: its kind, what it is called, the words that name it, the question without it, and the words of its values."""

    kind: str
    label: str
    words: frozenset[str]
    without: MetricQuestion
    values: frozenset[str] = frozenset()


class Leaving:
    """Leaves parts out of questions over one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._phrasing = Phrasing(catalog)

    def last(self, base: MetricQuestion) -> Reading:
        """The question without the one thing it can go without; where there are several, the question which."""
        return _one_of(self.parts(base), "that")

    def named(self, base: MetricQuestion, what: str, *, values: bool = True, split: bool = False) -> Reading | None:
        """The question without what is named; None when no part of it is called so. Without `values` a part is not known by its values; with `split` only
        what it is split by can be meant."""
        words = what.split()
        kinds = {_KINDS[word] for word in words if word in _KINDS}
        names = {singular(word) for word in words if word not in _KINDS and word not in _EMPTY}
        parts = self.parts(base)
        if kinds and not names:
            if kinds == {"filter"} and words[-1].endswith("s") and base.filters:
                return Understood(request=replace(base, filters=()), assumed=("without any condition",))
            parts = [part for part in parts if part.kind in kinds]
            return _one_of(parts, what) if parts else Unsupported(reason=f"There is no {what.removeprefix('the ')} to leave out.")
        parts = [part for part in parts if names and names <= (part.words | part.values if values or kinds else part.words)]
        parts = [part for part in parts if (not kinds or part.kind in kinds) and (not split or part.kind in ("group", "grain"))]
        return _one_of(parts, what) if parts else None

    def parts(self, base: MetricQuestion) -> list[Part]:
        """Everything that can be left out: groups, the unit of time, the limit, conditions, the period, the comparison."""
        parts: list[Part] = []
        for place, metric in enumerate(base.metrics if len(base.metrics) > 1 else ()):
            label, fewer = self._phrasing.measure(metric), (*base.metrics[:place], *base.metrics[place + 1 :])
            parts.append(Part("metric", label, _words(label) | _words(metric.replace("_", " ")), replace(base, metrics=fewer)))
        for place, name in enumerate(base.group_by):
            rest = (*base.group_by[:place], *base.group_by[place + 1 :])
            parts.append(Part("group", f"the split by {self.label(name)}", self._words(name), fitting(replace(base, group_by=rest))))
        if base.grain is not None:
            parts.append(Part("grain", f"the split by {base.grain}", frozenset({base.grain}), fitting(replace(base, grain=None))))
        if base.limit is not None and base.group_by:
            parts.append(Part("limit", f"the limit of {base.limit}", frozenset({str(base.limit)}), replace(base, limit=None)))
        for condition in base.filters:
            parts += self._conditions(base, condition)
        if base.period is not None and base.analysis not in ("compare", "drivers", "forecast") and base.compare is None:
            timeless = replace(base, period=None, time_field=base.time_field if base.grain else None)
            parts.append(Part("period", f"the period {said(base.period)}", frozenset(base.period.words.casefold().split()), timeless))
        if base.compare is not None:
            parts.append(Part("compare", "the comparison", frozenset(), fitting(replace(base, compare=None))))
        return parts

    def label(self, name: str) -> str:
        """What a dimension is called, as a request writes it."""
        group = parse_group(name)
        if isinstance(group, PlainField):
            return self._phrasing.field(self._catalog.resolve(group.field)).lower()
        return name.split("(", 1)[0].replace("_", " ")

    def _conditions(self, base: MetricQuestion, condition: Filter) -> list[Part]:
        """A condition as a whole, and each value of a list of them."""
        label = self._phrasing.measure(condition.metric) if condition.metric else self.label(condition.dimension or "")
        called = _words(label) if condition.metric else self._words(condition.dimension or "")
        shown = ", ".join(str(value) for value in condition.values[:3])
        single = _words(str(condition.values[0])) if len(condition.values) == 1 and condition.op == "=" else frozenset()
        whole = Part("filter", f"the condition on {label}" + (f" ({shown})" if shown else ""), called, _without(base, condition), single)
        if len(condition.values) < 2 or condition.op not in ("=", "!="):
            return [whole]
        parts = [whole]
        for value in condition.values:
            kept = replace(condition, values=tuple(other for other in condition.values if other != value))
            filters = tuple(kept if other is condition else other for other in base.filters)
            parts.append(Part("value", str(value), frozenset(), replace(base, filters=filters), _words(str(value))))
        return parts

    def _words(self, name: str) -> frozenset[str]:
        group = parse_group(name)
        if not isinstance(group, PlainField):
            return _words(self.label(name))
        field = self._catalog.fields[self._catalog.resolve(group.field)]
        return _words(" ".join((field.id.name.replace("_", " "), field.label, *field.synonyms)))


def fitting(base: MetricQuestion) -> MetricQuestion:
    """The question in the form that fits what is left of it."""
    if base.group_by and base.analysis in ("ranking", "breakdown", "share", "list"):
        return base
    analysis = "series" if base.grain else "compare" if base.compare else "breakdown" if base.group_by else "value"
    return replace(
        base,
        analysis=analysis,  # type: ignore[arg-type]  # the names above are analyses
        time_field=base.time_field if base.period is not None or base.grain is not None else None,
        limit=base.limit if base.group_by else None,
        order=base.order if base.group_by else None,
        options={key: value for key, value in base.options.items() if key == "dataset"},
    )


def _without(base: MetricQuestion, condition: Filter) -> MetricQuestion:
    filters = tuple(other for other in base.filters if other is not condition)
    if condition.dimension is not None and base.options.get("part") == condition.dimension:
        return fitting(replace(base, filters=filters, analysis="value"))  # a share of nothing is the whole
    return replace(base, filters=filters)


def _words(text: str) -> frozenset[str]:
    return frozenset(singular(word) for word in text.casefold().split())


def _one_of(parts: Sequence[Part], about: str) -> Reading:
    if not parts:
        return Unsupported(reason="There is nothing to leave out: the question has no condition, group, comparison or period.")
    if len(parts) == 1:
        return Understood(request=parts[0].without, assumed=(f"without {parts[0].label}",))
    return Clarify(about=about, choices=tuple(Choice(label=f"without {part.label}", request=part.without) for part in parts[-_MOST:]))
