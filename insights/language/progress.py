"""How figures go: why they moved, what they will be, what is unusual, whether they trend, keep pace, grow or add up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from insights.language.checks import UnknownWords
from insights.language.chunks import Against, Aim, Bucketed, Combined, Comparing, Grouped, Limited, Measured, Mention, Ranked, Timed, of
from insights.language.phrasing import said
from insights.language.scene import Scene
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.language.timing import bucket, grain_for, is_whole
from insights.requests import ComparePeriod, Grain, Period, Unsupported

_DOWN = ("down", "decreas", "fall", "fell", "drop", "declin", "shrink", "shrank", "shrunk", "low", "plung", "slump", "dip", "plummet", "lost", "lose", "losing",
         "few", "less", "small")  # fmt: skip
_UP = ("up", "increas", "rise", "rose", "risen", "rising", "grow", "grew", "high", "jump", "surg", "soar", "gain", "more", "big", "larg", "great")
_BETTER, _WORSE = ("improv", "better"), ("worse",)
_CHAINS = {"mom": "month", "wow": "week", "qoq": "quarter", "yoy": "year", "dod": "day"}
_DAYS: dict[Grain, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_CHANCE = re.compile(r"\b(?:chances?|odds|probability|likelihood|how likely)\b")
_MOST = 10_000
"""Days ahead; nobody asks further."""


def direction_of(words: Iterable[str], good: str) -> str | None:
    """Which way it went: "up" or "down", None when it was not said or both were."""
    found: set[str] = set()
    for word in " ".join(words).split():
        if word.startswith(_DOWN):
            found.add("down")
        if word.startswith(_UP):
            found.add("up")
        if word.startswith(_BETTER + _WORSE) and good != "neither":
            found.add("up" if (good == "up") == word.startswith(_BETTER) else "down")
    return found.pop() if len(found) == 1 else None


def explain(scene: Scene) -> None:
    """Why a figure moved: against the period before, unless another was said."""
    scene.draft.analysis = "drivers"
    if of(scene.chunks, Ranked):
        raise Stuck(Unsupported(reason="I can't rank by how much something moved yet; I can show it by one dimension, compared to the period before."))
    moved = [chunk for chunk in of(scene.chunks, Against) if chunk.relative == "moved"]
    metric = next((name for chunk in of(scene.chunks, Mention) for name in chunk.piece.metrics), None)
    if metric is None and scene.base is not None and scene.base.metrics and scene.base.metrics[0] in scene.catalog.metrics:
        metric = scene.base.metrics[0]
    direction = direction_of(
        (*(chunk.words for chunk in moved), *(word for word in scene.words.split() if word == "growth")),
        scene.catalog.metrics[metric].good if metric else "neither",
    )
    if direction:
        scene.draft.options["direction"] = direction
    if not of(scene.chunks, Timed) and (scene.base is None or scene.base.period is None):
        take_last_month(scene)
    if _is_backwards(scene):
        scene.chunks.append(Comparing(difference=True))
    against = of(scene.chunks, Against)
    base = scene.base
    if base is not None and isinstance(base.compare, ComparePeriod) and not of(scene.chunks, Timed) and len(against) == len(moved):
        scene.take(*moved)  # it fell, or did not, against what it was just set against
        scene.draft.compare = base.compare
    elif not against:
        scene.chunks.append(Against(relative="moved", words="why"))


def _is_backwards(scene: Scene) -> bool:
    """ "The change between Q1 2026 and Q4 2025": two periods of which the later was said first are set against each other, not added up."""
    said = [chunk.found for chunk in of(scene.chunks, Timed)]
    if len(said) != 2 or scene.has(Comparing) or any(chunk.found is not None for chunk in of(scene.chunks, Against)):
        return False
    first, second = said[0].start, said[1].end
    return first is not None and second is not None and second <= first


def take_last_month(scene: Scene) -> None:
    """Without a period the last whole month is meant, and that is said."""
    found = scene.setting.times.reread("last month")
    if found is not None:
        scene.chunks.append(Timed(found=found))
        scene.draft.assume("no period was said, so I took the last whole month")


def explained(scene: Scene) -> None:
    """Reasons are of one figure, over one period against another."""
    draft = scene.draft
    draft.grain = None
    if draft.compare is None or draft.period is None:
        raise Stuck(Unsupported(reason="I need to know which two periods to explain the change between, such as last month and the month before."))


def _aims(scene: Scene) -> None:
    """The number that is aimed at, said in one way or another."""
    aims = of(scene.chunks, Aim)
    limits = [chunk for chunk in of(scene.chunks, Limited) if chunk.op in (">", ">=") and (chunk.target is None or chunk.target.metrics)]
    numbers = [chunk.number for chunk in aims] + ([] if aims or scene.has(Grouped) else [chunk.numbers[0] for chunk in limits])
    if len(numbers) > 1:
        raise Stuck(Unsupported(reason="I can aim at one number at a time."))
    if numbers:
        scene.draft.options["target"] = numbers[0]
        for chunk in limits:
            if chunk.target is not None and not any(said.piece is chunk.target for said in of(scene.chunks, Mention)):
                scene.chunks.append(Mention(piece=chunk.target))
        scene.take(*aims, *limits)


def foresee(scene: Scene) -> None:
    """What a figure will be."""
    scene.draft.analysis = "forecast"
    scene.ahead = True
    if of(scene.chunks, Ranked):
        raise Stuck(Unsupported(reason="I can't rank by what will be; ask for the forecast by one dimension."))
    _aims(scene)
    if _CHANCE.search(scene.words) and "target" not in scene.draft.options:
        raise Stuck(Unsupported(reason="I can tell the chance that a figure reaches a number; say both, as in 'chance that revenue reaches 300k next month'."))
    scene.take(*(chunk for chunk in of(scene.chunks, Against) if chunk.relative == "moved"))


def foreseen(scene: Scene) -> None:
    """The period must lie ahead, at least in part; its grain follows its length, and the horizon is counted in grains."""
    draft, today = scene.draft, scene.setting.now.date()
    if draft.compare is not None:
        raise Stuck(Unsupported(reason="I can't set a forecast against another period; ask for the forecast, and for the other period by itself."))
    if draft.period is None:
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        draft.period = Period(first=first, last=last, words="next month")
        draft.grain = draft.grain or "day"
        draft.assume(f"no period was said, so I took next month, {said(draft.period)}")
    if draft.time_field is None:
        draft.time_field = scene.moments.time_field()
    if draft.period.first is None and draft.period.last is not None:
        if "target" in draft.options:
            raise Stuck(Unsupported(reason="Over which time is that number to be reached? Say a month, a quarter or a year, such as 'in July' or 'this year'."))
        draft.period = replace(draft.period, first=today)
        draft.assume("it is counted from today on")
    start, end = max(draft.period.first or today, today), draft.period.last
    if end is None or end < today:
        raise Stuck(Unsupported(reason="I can only forecast what is still to come, up to a day that was said; say until when, such as 'next month'."))
    days = (end - start).days + 1
    if days > _MOST:
        raise Stuck(Unsupported(reason=f"{said(draft.period)} is too far ahead to say anything about."))
    if draft.grain is None:
        first, catalog = draft.period.first or start, scene.catalog
        even = is_whole(first, end, "week", catalog) or is_whole(first, end, "month", catalog)
        draft.grain = "day" if days <= 14 or (days <= 92 and not even) else "week" if days <= 91 else "month"
    draft.options["horizon"] = _buckets(start, end, draft.grain)


def _buckets(first: date, last: date, grain: Grain) -> int:
    """How many of a grain it takes to cover the days."""
    if grain in ("month", "quarter", "year"):
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        size = {"month": 1, "quarter": 3, "year": 12}[grain]
        return -(-months // size)
    days = (last - first).days + 1
    return days * 24 if grain == "hour" else -(-days // _DAYS[grain])


def watch(scene: Scene) -> None:
    """What is unusual, day by day unless another grain was said."""
    scene.draft.analysis = "anomalies"
    if of(scene.chunks, Ranked):
        raise Stuck(Unsupported(reason="I can't rank what is unusual; ask for what is unusual by one dimension."))
    scene.take(*(chunk for chunk in of(scene.chunks, Against) if chunk.relative == "moved"))


def watched(scene: Scene) -> None:
    """The grain is a day where none was said."""
    if sum("(" in measure for measure in scene.draft.measures) > 1:
        raise Stuck(Unsupported(reason="I can look for what is unusual in one number of the records at a time."))
    if not _outlying(scene):
        _over_time(scene, "day")


def _outlying(scene: Scene) -> bool:
    """ "Outliers in order amount": the records beyond the fences of a number, where neither a figure of them, nor groups, nor steps of time were said."""
    draft = scene.draft
    measure = draft.measures[0] if len(draft.measures) == 1 else ""
    name = measure.partition("(")[2].removesuffix(")")
    said = "outlier" in scene.words or "outliers" in scene.words
    if not said or not name or draft.group_by or draft.grain or scene.has(Measured) or scene.catalog.field_ids(name) == ():
        return False
    draft.analysis, draft.measures = "distribution", [name]
    draft.options["outliers"] = True
    draft.assumed[:] = [sentence for sentence in draft.assumed if " is the " not in sentence or "period" in sentence]
    return True


def _over_time(scene: Scene, usual: Grain) -> None:
    draft = scene.draft
    draft.grain = draft.grain or usual
    draft.time_field = draft.time_field or scene.moments.time_field()
    if draft.time_field is None:
        raise Stuck(Unsupported(reason=f"{scene.phrasing.measure(draft.measures[0])} has no date in the data, so I can't tell it over time."))


def lean(scene: Scene) -> None:
    """Whether and how a figure is trending."""
    scene.draft.analysis = "trend"
    scene.take(*(chunk for chunk in of(scene.chunks, Against) if chunk.relative == "moved"))


def keep_pace(scene: Scene) -> None:
    """How a figure stands against what was planned; where only one has a target, that one is meant."""
    scene.draft.analysis = "pace"
    _aims(scene)
    if any(isinstance(chunk, Mention | Measured | Combined) for chunk in scene.chunks):
        return
    aimed = [metric for metric in scene.catalog.metrics.values() if metric.target is not None]
    decided = scene.decisions.get(("metric", ""))
    if isinstance(decided, str):
        return
    if len(aimed) == 1:
        scene.draft.measures.append(aimed[0].name)
        scene.draft.assume(f"I took {aimed[0].label}, the one figure with a target")
    elif aimed:
        raise Ambiguous("metric", [Meaning(metric.label, metric.name) for metric in aimed], ("metric", ""), sure=False)


def paced(scene: Scene) -> None:
    """A pace is that of one figure, as a whole or by groups."""
    draft = scene.draft
    if draft.compare is not None:
        raise Stuck(Unsupported(reason="I can set a figure against its target or against another period, one at a time."))


def _chain(words: str) -> Grain | None:
    return bucket(_CHAINS.get(words, words.split()[0]))


def implied(scene: Scene) -> str | None:
    """ "Going to hit 400k" asks for what is to come; "quarter on quarter change": of a chain, the change is asked for."""
    for aim in of(scene.chunks, Aim):
        if aim.ahead:
            return "forecast"
        figures = [chunk.piece for chunk in of(scene.chunks, Mention) if chunk.piece.metrics]
        if scene.has(Grouped, Bucketed) and len(figures) == 1:  # "which months did revenue reach 290k"
            scene.put(aim, Limited(op=">=", numbers=(aim.number,), target=figures[0], words=aim.words))
    against = of(scene.chunks, Against)
    changes = [chunk for chunk in against if chunk.relative == "moved" and chunk.words.split()[-1] in ("change", "changes", "increase", "decrease", "in")]
    return "growth" if changes and any(chunk.relative == "chain" for chunk in against) else None


def grow(scene: Scene) -> None:
    """From one bucket to the next, or from one period to the one before."""
    chains = [
        chunk for chunk in of(scene.chunks, Against) if chunk.relative == "chain" or (chunk.relative == "year" and chunk.words.startswith(("year o", "yoy")))
    ]
    yearly = any(_chain(chunk.words) == "year" for chunk in chains) or any(chunk.relative == "year" for chunk in of(scene.chunks, Against))
    named = next((chunk.grain for chunk in of(scene.chunks, Bucketed) if chunk.grain), None)
    grain = named or next((_chain(chunk.words) for chunk in chains), None)
    timed = bool(of(scene.chunks, Timed))
    if of(scene.chunks, Ranked):
        raise Stuck(Unsupported(reason="I can't rank by growth yet; I can compare one period with another by a dimension."))
    if timed and named is None and not _is_series(scene, grain):
        if not of(scene.chunks, Against):
            scene.chunks.append(Against(relative="moved", words=scene.words))
        return  # the growth of one period is a comparison
    if grain is None and of(scene.chunks, Against):
        return
    if grain is None and of(scene.chunks, Grouped):
        raise Stuck(Unsupported(reason="Growth over which time? Say a period, as in 'last month', or 'by month'."))
    scene.take(*(chunk for chunk in of(scene.chunks, Against) if chunk in chains or chunk.relative in ("moved", "year")))
    if grain is None:
        scene.draft.assume("I took growth from month to month")
    scene.draft.grain = grain or "month"
    scene.draft.options["change"] = "year" if yearly and scene.draft.grain != "year" else "previous"


def _is_series(scene: Scene, grain: Grain | None) -> bool:
    """Whether the period that was said holds several of the grain."""
    found = of(scene.chunks, Timed)[0].found
    if grain is None:
        return False
    if found.start is None or found.end is None:
        return True
    return (found.end - found.start).days > _DAYS.get(grain, 0)


def grown(scene: Scene) -> None:
    """A series keeps its change; a comparison has it already."""
    if "change" in scene.draft.options:
        _over_time(scene, "month")
        scene.draft.analysis = "series"


def add_up(scene: Scene) -> None:
    """From the first day of the period on, one bucket after the other."""
    if scene.has(Ranked, Against):
        raise UnknownWords((scene.words,))
    for chunk in of(scene.chunks, Mention):
        if not chunk.piece.metrics and scene.is_number(chunk.piece):
            scene.put(chunk, Measured(function="sum", piece=chunk.piece))  # what accumulates is a total, whatever is meant elsewhere
    if of(scene.chunks, Grouped) and scene.words.startswith("cumula") and not of(scene.chunks, Bucketed) and not of(scene.chunks, Timed):
        scene.draft.assume(f"no time was said to go by, so '{scene.words}' is the total")
        return
    scene.draft.options["running"] = True


def added_up(scene: Scene) -> None:
    """In steps that fit the period where none were said."""
    draft = scene.draft
    if "running" not in draft.options:
        return
    if draft.grain is None and draft.period is None and draft.group_by:
        decided = scene.decisions.get(("running", scene.words))
        if decided is None:
            meanings = [Meaning("added up month by month", "month"), Meaning("the total", "total")]
            raise Ambiguous(scene.words, meanings, ("running", scene.words))
        if decided == "total":
            draft.options.pop("running")
            return
    if draft.grain is None:
        field = scene.moments.time_field()
        coverage = scene.setting.contents.coverage.get(field) if field is not None else None
        usual = grain_for(draft.period, coverage)
        draft.assume(f"'{scene.words}' is by {usual}")
        draft.grain = usual
    _over_time(scene, draft.grain)
    draft.analysis = "series"


def brief(scene: Scene) -> None:
    """What is worth knowing, of everything; the summary of one figure is that figure."""
    if scene.names_something() and any(word in scene.words.split() for word in ("summary", "recap", "overview")):
        scene.draft.ignored.append(scene.words)
        return
    scene.draft.analysis = "briefing"
    scene.measureless = True
