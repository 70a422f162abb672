"""The form of a question goes on into its follow-ups: a share stays a share, a growth a growth, a list a list; nothing of it is dropped without being said."""

from __future__ import annotations

from collections.abc import Callable

from insights.language.chunks import Against, Bucketed, Combined, Comparing, Grouped, Limited, Measured, Mention, Ranked, Timed, of
from insights.language.phrasing import Phrasing, said
from insights.language.scene import Scene
from insights.language.stuck import Stuck
from insights.language.timing import preceding
from insights.requests import ComparePeriod, MetricQuestion, Unsupported

_WHOLE = frozenset({"trend", "anomalies", "forecast", "pace", "concentration", "segments", "cohorts", "funnel", "experiment", "drivers"})
"""Analyses that hold for whatever rows and period they are asked of."""
_STEPS = frozenset({"running", "change", "average", "moving"})


def keep_list(scene: Scene, base: MetricQuestion) -> None:
    """Go on with a list of records, where only other rows of it are asked for; before anything is measured."""
    draft = scene.draft
    others = Grouped | Measured | Combined | Bucketed | Comparing | Against | Ranked
    if base.analysis != "list" or draft.analysis is not None or any(isinstance(chunk, others) for chunk in scene.chunks):
        return
    if any(isinstance(chunk, Mention) and scene.measures.can_measure(chunk.piece) for chunk in scene.chunks):
        return
    draft.analysis, draft.columns, draft.limit, draft.order = "list", base.columns, base.limit, base.order
    draft.options = {**base.options, **draft.options}
    scene.measureless, scene.facts = True, frozenset({str(base.options.get("dataset", ""))})


def keep_form(scene: Scene, base: MetricQuestion) -> None:
    """Give a draft the form of the question it goes on from, unless it asks for another. Raises Stuck where the two do not fit together."""
    draft = scene.draft
    if draft.analysis is not None:
        return
    keep = _KEPT.get(base.analysis)
    if keep is not None:
        keep(scene, base)
    elif base.analysis in _WHOLE:
        _keep_whole(scene, base)
    elif base.options and draft.measures:
        _keep_options(scene, base)


def _keep_share(scene: Scene, base: MetricQuestion) -> None:
    """Another part, another period, by something else: still a share."""
    draft, catalog = scene.draft, scene.catalog
    if _says(scene, Comparing, Against):
        raise Stuck(Unsupported(reason="I can't compare shares with one another yet; I can show each of them, or compare the figures themselves."))
    part = base.options.get("part")
    filtered = {condition.dimension for condition in draft.filters}
    if part is None and base.group_by and not draft.group_by:
        gone = [name for name in base.group_by if name in filtered]
        if not gone:
            return
        draft.options["part"] = ",".join(gone)  # "and EMEA?" after the share of each region
    elif part is not None:
        left = [name for name in str(part).split(",") if name in filtered]
        if not left:
            return
        if draft.group_by:
            by = Phrasing(catalog).field(draft.group_by[0].id)
            raise Stuck(Unsupported(reason=f"I can tell the share of one part, or of each {by}: say 'share by {by.lower()}' for the second."))
        draft.options["part"] = ",".join(left)
    draft.analysis = "share"


def _keep_whole(scene: Scene, base: MetricQuestion) -> None:
    draft = scene.draft
    if _says(scene, Ranked, Bucketed, Comparing, Against) or (base.analysis == "forecast" and _says(scene, Timed)):
        return
    draft.analysis = base.analysis
    draft.options = {**base.options, **draft.options}
    draft.limit, draft.order = base.limit, base.order
    if base.analysis == "drivers" and _says(scene, Timed) and draft.period is not None and draft.period.days is not None:
        before = preceding(draft.period, "before")
        draft.compare = ComparePeriod(period=before)
        draft.assume(f"compared to {said(before)}")


def _keep_options(scene: Scene, base: MetricQuestion) -> None:
    """What figures and rows were to be besides: growth, running totals, the width of steps, the first of each, who did not come back."""
    draft, options = scene.draft, base.options
    written = [key.written(scene.catalog) for key in draft.group_by]
    ranked = "average" in options and draft.ranking  # "which month was the best" looks at each of them
    if base.analysis == "series" and _STEPS & options.keys() and draft.grain is not None and draft.compare is None and not ranked:
        draft.options = {**options, **draft.options}
    if {"width", "bins"} & options.keys() and any(name.startswith("bin(") for name in written):
        draft.options = {**options, **draft.options}
    if "within" in options and draft.ranking and set(str(options["within"]).split(",")) < set(written):
        draft.options.setdefault("within", options["within"])
    if "calendar" in options and draft.grain == base.grain and not _says(scene, Bucketed):
        draft.options.setdefault("calendar", options["calendar"])
    if "members" in options:
        if _says(scene, Timed, Bucketed, Comparing, Against, Limited):
            raise Stuck(Unsupported(reason="Those are told by two periods; ask the whole question again with the periods you mean."))
        draft.options = {**options, **draft.options}


def _says(scene: Scene, *kinds: type) -> bool:
    return any(of(scene.chunks, kind) for kind in kinds)


_KEPT: dict[str, Callable[[Scene, MetricQuestion], None]] = {"share": _keep_share}
