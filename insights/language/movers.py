"""Which group moved the most: "which region grew fastest", "the biggest drop by device", "the top three titles by growth"."""

from __future__ import annotations

import re
from itertools import pairwise

from insights.language.chunks import Against, Asked, Bucketed, Comparing, Grouped, Leftover, Limited, Measured, Mention, Ranked, Timed, Valued, of
from insights.language.draft import read_key
from insights.language.forms import singular
from insights.language.progress import direction_of, take_last_month
from insights.language.ranking import USUAL
from insights.language.scene import Scene
from insights.language.stuck import Stuck
from insights.requests import Unsupported

_FAST = {"fastest": "top", "quickest": "top", "hardest": "top", "strongest": "top", "sharpest": "top", "steepest": "top", "slowest": "bottom",
         "faster": "top", "quicker": "top", "slower": "bottom", "more quickly": "top"}  # fmt: skip
_BESIDE = re.compile(r"\b(?:and|with|plus|including|along)\b.{0,40}\b(?:grow|grew|chang|increas|declin|mov|fell|drop)")
"""The change stands beside what is ranked: "the top regions by revenue and how they changed"."""


def wanted(scene: Scene, plain: str) -> bool:
    """Whether groups are to be ranked by how much they moved."""
    asked = {chunk.analysis for chunk in of(scene.chunks, Asked)}
    moved = [chunk for chunk in of(scene.chunks, Against) if chunk.relative == "moved"]
    if not asked <= {"growth", "moving"} or not (asked or moved) or _BESIDE.search(plain):
        return False
    if any(chunk.words in _FAST for chunk in of(scene.chunks, Leftover)) or _picks(scene, plain):
        return True
    return scene.has(Ranked) and ("growth" in asked or (not asked and _beside_each_other(scene)))


def _picks(scene: Scene, plain: str) -> bool:
    """ "Which regions declined last month" asks for those that did, and no others."""
    moved = [chunk.words for chunk in of(scene.chunks, Against) if chunk.relative == "moved"]
    if len(moved) != 1 or len(of(scene.chunks, Against)) != 1 or scene.has(Ranked, Bucketed, Limited, Comparing, Asked) or not of(scene.chunks, Timed):
        return False
    named = [chunk.piece.words for chunk in scene.chunks if isinstance(chunk, Grouped | Mention) and not chunk.piece.metrics]
    asked = any(re.search(rf"(?:^(?:in |for |at |on )?(?:which|what)|\bany) (?:of (?:the |our )?)?{re.escape(words)}\b", plain) for words in named)
    return asked and _order(scene, "", moved[0]) in ("up", "down")


def _beside_each_other(scene: Scene) -> bool:
    """ "The biggest drop", "grew the most", "increased revenue the most"; not "the top five by revenue against ..."."""
    chunks = [chunk for chunk in scene.chunks if not isinstance(chunk, Timed)]
    bare = [chunk for chunk in chunks if not isinstance(chunk, Mention | Measured)]
    near = [pair for way in (chunks, bare) for pair in pairwise(way)]
    return any({type(one), type(other)} == {Ranked, Against} for one, other in near)


def open_movers(scene: Scene) -> None:
    """Settle how the groups are ranked. Raises Stuck where it cannot be told which way."""
    if scene.has(Bucketed):
        raise Stuck(Unsupported(reason="I can't rank times by how much something moved from one to the next; I can rank groups, or show its growth by month."))
    ranked, fast = of(scene.chunks, Ranked), [chunk for chunk in of(scene.chunks, Leftover) if chunk.words in _FAST]
    asked, moved = of(scene.chunks, Asked), [chunk for chunk in of(scene.chunks, Against) if chunk.relative == "moved"]
    picks = not ranked and not fast
    most = ranked[0].direction if ranked else _FAST[fast[0].words] if fast else ""
    words = " ".join([*(chunk.words for chunk in moved), *(chunk.words for chunk in asked)])
    draft = scene.draft
    draft.analysis = "compare"
    draft.options["movers"] = _order(scene, most, words)
    draft.options["ranked_by"] = "ratio" if fast or asked or re.search(r"\b(?:percent|rate|relative)", words) else "change"
    plural = ranked[0].plural if ranked else any(_names_several(chunk) for chunk in of(scene.chunks, Mention) + of(scene.chunks, Grouped))
    draft.limit = None if picks else ranked[0].count if ranked and ranked[0].count is not None else USUAL if plural else 1
    scene.take(*ranked, *fast, *asked)
    if len(of(scene.chunks, Valued)) > 1:
        scene.take(*of(scene.chunks, Comparing))  # "is Premium growing faster than Family": they are ranked beside each other
    for named in [chunk for chunk in of(scene.chunks, Mention) if chunk.piece.fields and not chunk.piece.metrics and not scene.has(Grouped)]:
        scene.put(named, Grouped(piece=named.piece, asked=False))  # "the fastest growing regions"
    if not of(scene.chunks, Timed) and (scene.base is None or scene.base.period is None):
        take_last_month(scene)
    if not of(scene.chunks, Against):
        scene.chunks.append(Against(relative="moved", words=words or fast[0].words))


def _between_values(scene: Scene) -> None:
    """ "Which is growing faster, DACH or France": those that were named are what is ranked, all of them."""
    draft = scene.draft
    several = [condition for condition in draft.filters if condition.dimension and condition.op == "=" and len(condition.values) > 1]
    if not draft.group_by and len(several) == 1 and several[0].dimension is not None:
        draft.group_by.append(read_key(several[0].dimension, scene.catalog))
        draft.limit = len(several[0].values)


def _names_several(chunk: Mention | Grouped) -> bool:
    return bool(chunk.piece.fields) and not chunk.piece.metrics and singular(chunk.piece.words) != chunk.piece.words


def _order(scene: Scene, most: str, words: str) -> str:
    """The most up, the most down, the least up, or by size alone."""
    metric = next((name for chunk in of(scene.chunks, Mention) for name in chunk.piece.metrics), None)
    good = scene.catalog.metrics[metric].good if metric else "neither"
    went = direction_of((words,), good)
    if most in ("best", "worst"):
        if good == "neither":
            raise Stuck(Unsupported(reason=f"I can't tell whether growth is good there; ask which grew most, or which fell most, instead of the {most}."))
        return "up" if (most == "best") == (good == "up") else "down"
    if most == "bottom":
        if went == "down":
            raise Stuck(Unsupported(reason="I can tell which fell most, which grew most and which grew least."))
        return "least"
    return went or "most"


def close_movers(scene: Scene) -> None:
    """Something must be ranked, between two periods."""
    draft = scene.draft
    draft.grain = draft.order = None
    draft.ranking = False
    _between_values(scene)
    if not draft.group_by:
        raise Stuck(Unsupported(reason="I need to know what to rank by how much it moved; say for example 'which region'."))
    if draft.compare is None:
        raise Stuck(Unsupported(reason="I need two periods to tell what moved between them, such as last month and the month before."))
    if len(draft.measures) > 1:
        raise Stuck(Unsupported(reason="I can rank by how much one figure moved; ask for one figure."))
