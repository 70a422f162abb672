"""A question that lacks its figure, and the utterance that says which: "by region", then "plot revenue by month"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from insights.language.chunks import Chunk, Drawn, Leftover, Measured, Mention
from insights.requests import Analysis, Clarify, MetricQuestion, Reading, Request, Understood

_LACKING: frozenset[Analysis] = frozenset({"value", "breakdown", "ranking", "series", "compare"})
_TAKING: frozenset[Analysis] = frozenset({"value", "breakdown", "series", "correlation", "distribution"})


def lacking(request: Request) -> MetricQuestion | None:
    """The same question without its figures; None for what measures nothing."""
    return replace(request, metrics=()) if isinstance(request, MetricQuestion) and request.analysis in _LACKING else None


def unfinished(previous: Request | None) -> MetricQuestion | None:
    """The question before, if it still lacks its figure."""
    if isinstance(previous, MetricQuestion) and not previous.metrics and previous.analysis in _LACKING:
        return previous
    return None


def only_drawn(chunks: Sequence[Chunk]) -> Clarify | None:
    """The question back for a chart of nothing: "show me bars"."""
    drawn = [chunk for chunk in chunks if isinstance(chunk, Drawn) and chunk.form not in ("", "parts")]
    if len(drawn) != 1 or not all(isinstance(chunk, Drawn) or (isinstance(chunk, Leftover) and chunk.weak) for chunk in chunks):
        return None
    return Clarify(about="metric", missing="metric", partial=MetricQuestion(options={"chart": drawn[0].form}))


def with_chart(chunks: Sequence[Chunk], before: MetricQuestion | None) -> Sequence[Chunk]:
    """The phrases with the chart that was named before them."""
    form = before.options.get("chart") if before is not None else None
    return (Drawn(form=str(form), words=str(form)), *chunks) if form is not None else chunks


def goes_into(chunks: Sequence[Chunk], base: MetricQuestion) -> bool:
    """Whether an utterance names a figure for a chart that is being put together: "show me bars", "show me regions", "show me average amount"."""
    said = [chunk for chunk in chunks if not (isinstance(chunk, Leftover) and chunk.weak)]
    return "chart" in base.options and bool(base.group_by) and len(said) == 1 and isinstance(said[0], Mention | Measured)


def completed(reading: Reading, before: MetricQuestion | None) -> Reading:
    """The question before with the figures of this one: its groups, conditions and period hold where this one says nothing else."""
    if before is None:
        return reading
    if isinstance(reading, Clarify) and reading.missing == "metric" and reading.partial is not None:
        return replace(reading, partial=_joined(reading.partial, before))
    if not isinstance(reading, Understood):
        return reading
    request = _joined(reading.request, before)
    names = ", ".join(name for name in before.group_by if name in getattr(request, "group_by", ()))
    said = (f"still by {names.replace('_', ' ')}, as you said before",) if names and request != reading.request else ()
    return replace(reading, request=request, assumed=(*reading.assumed, *said))


def _joined(request: Request, before: MetricQuestion) -> Request:
    if not isinstance(request, MetricQuestion) or request.analysis not in _TAKING:
        return request
    groups = tuple(dict.fromkeys((*before.group_by, *request.group_by)))
    known = {condition.dimension for condition in request.filters}
    filters = (*(condition for condition in before.filters if condition.dimension is not None and condition.dimension not in known), *request.filters)
    analysis: Analysis = "breakdown" if request.analysis == "value" and groups and request.grain is None else request.analysis
    chart = {"chart": before.options["chart"]} if "chart" in before.options else {}
    options = {**chart, **request.options} if request.metrics else {**before.options, **request.options}
    return replace(request, analysis=analysis, group_by=groups, filters=filters, options=options)
