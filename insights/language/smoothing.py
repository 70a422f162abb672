"""Figures averaged over a moving window: "7-day moving average of orders", "rolling 3 month average of revenue"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from insights.language.chunks import Against, Bucketed, Chunk, Combined, Comparing, Grouped, Leftover, Limited, Measured, Mention, Ranked, Timed, of
from insights.language.scene import Scene
from insights.language.stuck import Stuck
from insights.language.timing import bucket
from insights.requests import Grain, Unsupported

_ROLLING = re.compile(r"(?:rolling|trailing|moving)\s+(?:the\s+)?(?:last\s+)?(?:\w+)[\s-]+(day|week|month|quarter|year)s?", re.IGNORECASE)
_DAYS: dict[Grain, float] = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.31, "year": 365.25}
_USUAL: dict[Grain, int] = {"hour": 24, "day": 7, "week": 4, "month": 3, "quarter": 4, "year": 3}
"""How many buckets are averaged where nobody said."""
MOST = 400
"""Buckets of a window."""


def implied(scene: Scene) -> str | None:
    """ "Rolling 3 month average of revenue": a window and an average of a figure, not a period of three months."""
    for timed, measured in zip(scene.chunks, scene.chunks[1:], strict=False):
        if not isinstance(timed, Timed) or not isinstance(measured, Measured) or measured.function != "avg" or not measured.piece.metrics:
            continue
        found = _ROLLING.fullmatch(timed.found.span)
        if found is not None and timed.found.start is not None and timed.found.end is not None:
            grain = bucket(found[1].lower())
            if grain is not None:
                _keep(scene, round((timed.found.end - timed.found.start).days / _DAYS[grain]), grain)
                scene.take(timed)
                scene.put(measured, Mention(piece=measured.piece))
                return "smoothed"
    return None


def smooth(scene: Scene) -> None:
    """Settle the window before anything is measured. Raises Stuck for what is not averaged like that."""
    if scene.has(Ranked, Against, Comparing, Combined, Grouped):
        raise Stuck(Unsupported(reason="I can give a moving average of one figure, over all of it; narrow it with a filter, such as 'for EMEA'."))
    if "moving" not in scene.draft.options:
        _before(scene, scene.before)
    if "moving" not in scene.draft.options:
        _behind(scene)


def _before(scene: Scene, said: Sequence[Chunk]) -> None:
    """ "7 day ...": the number and the step that stand directly in front."""
    match said[-2:]:
        case [Leftover(quantity=int(count)) as number, Leftover(words=words) as step] if (grain := bucket(words.removesuffix("s"))) is not None:
            _keep(scene, count, grain)
            scene.take(number, step)
        case [*_, Leftover(quantity=int(count), unit=unit) as number] if (grain := bucket(unit.removesuffix("s"))) is not None:
            _keep(scene, count, grain)
            scene.take(number)
        case _:
            pass


def _behind(scene: Scene) -> None:
    """ "... over 3 months", which is no condition here."""
    for limit in of(scene.chunks, Limited):
        grain = bucket(limit.unit.removesuffix("s"))
        if limit.words == "over" and grain is not None and isinstance(limit.numbers[0], int):
            _keep(scene, limit.numbers[0], grain)
            scene.take(limit)


def _keep(scene: Scene, count: int, grain: Grain) -> None:
    if not 2 <= count <= MOST:
        raise Stuck(Unsupported(reason=f"A moving average is over two to {MOST} {grain}s, not over {count}."))
    said = [chunk for chunk in of(scene.chunks, Bucketed) if chunk.grain is not None]
    if any(chunk.grain != grain for chunk in said):
        raise Stuck(Unsupported(reason=f"A moving average over {count} {grain}s is told by {grain}; leave out the '{said[0].words}'."))
    scene.draft.options["moving"] = count
    scene.draft.grain = grain


def smoothed(scene: Scene) -> None:
    """One step of time after the other; the usual window where none was said."""
    draft = scene.draft
    draft.grain = draft.grain or "day"
    if "moving" not in draft.options:
        draft.options["moving"] = _USUAL[draft.grain]
        draft.assume(f"no window was said, so each figure is the average of {_USUAL[draft.grain]} {draft.grain}s")
    draft.time_field = draft.time_field or scene.moments.time_field()
    if draft.time_field is None:
        raise Stuck(Unsupported(reason=f"{scene.phrasing.measure(draft.measures[0])} has no date in the data, so I can't tell it over time."))
    draft.analysis = "series"
