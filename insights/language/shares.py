"""Parts of a whole: "share of revenue by region", "what percent of orders was refunded", and how much the biggest make."""

from __future__ import annotations

from collections.abc import Sequence

from insights.language.checks import UnknownWords
from insights.language.chunks import (
    Against,
    Asked,
    Beginning,
    Bucketed,
    Chunk,
    Combined,
    Comparing,
    Denied,
    Grouped,
    Limited,
    Measured,
    Mention,
    Missing,
    Parted,
    Ranked,
    Sorted,
    Valued,
    Verb,
    of,
)
from insights.language.conditions import Conditions, is_flag
from insights.language.draft import Key
from insights.language.scene import Scene
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.requests import Filter, Unsupported

_BOTH = "I can tell the share of each group, or of one part; here both are asked for. Leave out one of them."
_CONDITIONS = (Valued, Limited, Missing, Denied, Parted, Beginning)


def opening(scene: Scene) -> None:
    """Find what is the part and what the whole. Raises Ambiguous or Stuck."""
    if _of_the_biggest(scene):
        concentrate(scene)
        return
    if scene.has(Against, Comparing):
        raise Stuck(Unsupported(reason="I can't compare shares of two periods or values at once; ask for one, or for the shares by month."))
    if not _of_itself(scene) and scene.words.startswith("as ") and _of_another(scene):
        return
    verbs = of(scene.chunks, Verb)
    if verbs and _ratio(scene, verbs[-1]):
        return
    _limit_shares(scene)
    part = _part(scene, verbs)
    scene.take(*verbs, *of(scene.chunks, Asked))  # "distributed over the regions in percent"
    scene.draft.analysis = "share"
    if part:
        scene.split = lambda conditions, facts, measured: _apply(scene, conditions, facts, measured, part)


def implied(scene: Scene) -> str | None:
    """ "Regions with more than 10 percent of revenue": of what has no percents of its own, a part of the whole is meant."""
    grouped = any(isinstance(chunk, Grouped) or (isinstance(chunk, Mention) and _is_grouping(scene, chunk)) for chunk in scene.chunks)
    behind = any(_is_on_share(scene, chunk) and chunk.behind for chunk in of(scene.chunks, Limited))
    return "share" if grouped and behind and not scene.has(Against, Comparing, Combined) else None


def _is_grouping(scene: Scene, named: Mention) -> bool:
    """Whether a name that stands alone is of what there are shares for: "regions with a share of ..."."""
    return not named.piece.metrics and (bool(named.piece.fields) or any(map(scene.is_member, named.piece.datasets)))


def _is_on_share(scene: Scene, limited: Limited) -> bool:
    """Whether a percentage is one of a whole: of a figure that is no percentage itself."""
    names = limited.target.metrics if limited.target is not None else ()
    if limited.unit != "percent" or (limited.target is not None and not names):
        return False
    return all(scene.catalog.metrics[name].unit != "percent" for name in names)


def _limit_shares(scene: Scene) -> None:
    """Keep conditions on the share itself for when it is known of what."""
    for chunk in of(scene.chunks, Limited):
        if _is_on_share(scene, chunk):
            named = any(isinstance(other, Mention | Measured) and other.piece is chunk.target for other in scene.chunks)
            if chunk.target is not None and not named:
                scene.put(chunk, Mention(piece=chunk.target))
            else:
                scene.take(chunk)
            scene.on_share.append(chunk)
    if scene.on_share and not scene.has(Grouped):
        for mention in of(scene.chunks, Mention):
            if _is_grouping(scene, mention):
                scene.put(mention, Grouped(piece=mention.piece, asked=False))  # "regions with a share of ..."
                return


def _of_the_biggest(scene: Scene) -> bool:
    """ "The top 5 customers' share of revenue": the biggest are named before what they have a share of, and nothing is ranked by its share."""
    ranked = of(scene.chunks, Ranked)
    if not ranked or scene.words.startswith("by "):
        return False
    named = [chunk for chunk in of(scene.chunks, Grouped) if chunk.piece is ranked[0].of and not chunk.asked]
    return bool(named) and (ranked[0].count is not None or ranked[0].plural)


def _is_condition(scene: Scene, chunk: Chunk) -> bool:
    if isinstance(chunk, Parted):
        return bool(chunk.values)
    return isinstance(chunk, _CONDITIONS) or (isinstance(chunk, Mention) and is_flag(chunk.piece, scene.catalog))


def _ratio(scene: Scene, verb: Verb) -> bool:
    """ "What percent of revenue is refunds": one figure divided by another."""
    place = next(at for at, chunk in enumerate(scene.chunks) if chunk is verb)
    whole = [chunk for chunk in scene.chunks[:place] if isinstance(chunk, Mention | Measured)]
    part = [chunk for chunk in scene.chunks[place:] if isinstance(chunk, Mention) and chunk.piece.metrics and not chunk.piece.values]
    rest = [chunk for chunk in scene.chunks[place + 1 :] if _is_condition(scene, chunk)]
    if len(whole) != 1 or len(part) != 1 or rest or part[0].piece.metrics == whole[0].piece.metrics:
        return False
    scene.put(whole[0], Combined(left=part[0], operator="/", right=whole[0]))
    scene.take(part[0], *of(scene.chunks, Verb))
    scene.draft.assume(f"I divided {part[0].piece.words} by {whole[0].piece.words}")
    return True


def _of_itself(scene: Scene) -> bool:
    """ "Revenue by region as a share of revenue": what is named as the whole is the figure itself. Raises Stuck for a part of each group."""
    said = [chunk for chunk in scene.chunks if isinstance(chunk, Mention | Measured) and chunk.piece.metrics]
    before = [chunk for chunk in said if any(chunk is one for one in scene.before)]
    if len(said) != 2 or len(before) != 1 or said[0].piece.metrics != said[1].piece.metrics:
        return False
    if scene.has(Grouped) and any(_is_condition(scene, chunk) for chunk in scene.before):
        raise Stuck(Unsupported(reason=_BOTH))
    scene.take(next(chunk for chunk in said if chunk is not before[0]))
    return True


def _of_another(scene: Scene) -> bool:
    """ "Refunds as a percentage of revenue": what stands before, divided by what stands behind."""
    said = [chunk for chunk in scene.chunks if isinstance(chunk, Mention | Measured) and chunk.piece.metrics]
    before = [chunk for chunk in said if any(chunk is one for one in scene.before)]
    if len(said) != 2 or len(before) != 1:
        return False
    behind = next(chunk for chunk in said if chunk is not before[0])
    scene.put(before[0], Combined(left=before[0], operator="/", right=behind))
    scene.take(behind, *of(scene.chunks, Verb))
    return True


def _part(scene: Scene, verbs: Sequence[Verb]) -> list[Chunk]:
    """The conditions that make the part; none where every group is a part. Raises Ambiguous where some may belong to the whole."""
    conditions = [chunk for chunk in scene.chunks if _is_condition(scene, chunk)]
    groups = [chunk for chunk in scene.chunks if isinstance(chunk, Grouped) or (isinstance(chunk, Parted) and not chunk.values)]
    if verbs and (behind := _behind(scene, conditions, verbs)):
        if groups:
            raise Stuck(Unsupported(reason=_BOTH))
        return behind
    if groups and any(_is_state(scene, chunk) for chunk in conditions):
        raise Stuck(Unsupported(reason=_BOTH))
    if groups or not conditions:
        return []
    before = [chunk for chunk in conditions if any(chunk is one for one in scene.before)]
    if before and len(before) < len(conditions):
        return before
    if len(conditions) == 1 or before:
        return conditions
    fields = {_field_of(chunk) for chunk in conditions}
    if len(fields) == 1:
        return conditions
    return _chosen(scene, conditions)


def _is_state(scene: Scene, condition: Chunk) -> bool:
    """ "Percent of contacts resolved by topic": what the records have become, said behind them, is a part of each group."""
    places = {id(chunk): at for at, chunk in enumerate(scene.chunks)}
    measured = [places[id(said)] for said in scene.measures_said()]
    flag = isinstance(condition, Mention | Denied) and is_flag(condition.piece, scene.catalog)
    return flag and bool(measured) and places[id(condition)] > min(measured)


def _behind(scene: Scene, conditions: Sequence[Chunk], verbs: Sequence[Verb]) -> list[Chunk]:
    places = {id(chunk): at for at, chunk in enumerate(scene.chunks)}
    for verb in verbs:
        measured = any(isinstance(chunk, Mention | Measured) and scene.measures.can_measure(chunk.piece) for chunk in scene.chunks[: places[id(verb)]])
        if measured:
            return [chunk for chunk in conditions if places[id(chunk)] > places[id(verb)]]
    return []


def _field_of(chunk: Chunk) -> str:
    match chunk:
        case Valued(piece=piece):
            return ",".join(sorted(str(link.id) for link in piece.values))
        case _:
            return str(id(chunk))


def _chosen(scene: Scene, conditions: Sequence[Chunk]) -> list[Chunk]:
    """Which of several conditions make the part: the one who asked must say."""
    decided = scene.decisions.get(("part", ""))
    if isinstance(decided, int):
        return list(conditions) if decided < 0 else [conditions[decided]]
    said = [_said(chunk) for chunk in conditions]
    meanings = [Meaning(f"{words} out of the rest that was named", at) for at, words in enumerate(said)][-2:]
    raise Ambiguous(" and ".join(said), [*reversed(meanings), Meaning(" and ".join(said) + " out of everything", -1)], ("part", ""))


def _said(chunk: Chunk) -> str:
    match chunk:
        case Valued(piece=piece) | Denied(piece=piece) | Missing(piece=piece) | Mention(piece=piece):
            return piece.words
        case Limited(words=words, numbers=numbers):
            return f"{words} {' and '.join(str(number) for number in numbers)}"
        case Parted(words=words):
            return words
        case Beginning(texts=texts):
            return " or ".join(texts)
        case _:
            return "that"


def _apply(scene: Scene, conditions: Conditions, facts: frozenset[str], measured: str, part: Sequence[Chunk]) -> None:
    """Keep the filters of the part and those of the whole apart, in the order they were said."""
    first = next(at for at, chunk in enumerate(scene.chunks) if any(chunk is one for one in part))
    whole = [chunk for chunk in scene.chunks if _is_condition(scene, chunk) and not any(chunk is one for one in part)]
    before = [chunk for chunk in whole if any(chunk is one for one in scene.chunks[:first])]
    after = [chunk for chunk in whole if not any(chunk is one for one in before)]
    draft = scene.draft
    conditions.apply(before, facts, measured)
    known = list(draft.filters)
    conditions.apply(list(part), facts, measured)
    if draft.filters[: len(known)] != known:
        raise Stuck(Unsupported(reason="The part and the whole are told apart by the same thing there; say 'share of ... by' it instead."))
    mine = draft.filters[len(known) :]
    conditions.apply(after, facts, measured)
    names = list(dict.fromkeys(name for one in mine if (name := one.dimension or one.metric)))
    others = {one.dimension or one.metric for one in draft.filters if one not in mine}
    if not names or others & set(names):
        raise Stuck(Unsupported(reason="The part and the whole are told apart by the same thing there; say 'share of ... by' it instead."))
    draft.options["part"] = ",".join(names)


def closing(scene: Scene) -> None:
    """A share needs parts: groups, or a condition. Raises Ambiguous."""
    draft = scene.draft
    if draft.analysis != "share":
        return
    if "part" not in draft.options and not draft.group_by:
        facts = scene.measures.facts(draft.measures)
        draft.group_by.append(Key(scene.candidates.decided_group(facts, scene.phrasing.measure(draft.measures[0]))))
    if len(draft.measures) > 1:
        one, other = (scene.phrasing.measure(name).lower() for name in draft.measures[:2])
        raise Stuck(Unsupported(reason=f"I can tell the shares of one figure at a time; for one divided by the other say '{one} as a percentage of {other}'."))
    for limited in scene.on_share:
        draft.filters.append(Filter(metric=draft.measures[0], op=limited.op, values=tuple(number / 100 for number in limited.numbers)))
        draft.options["on"] = "share"


def concentrate(scene: Scene) -> None:
    """How much the biggest make of the whole; the number of them is kept, else it is about all of them."""
    scene.draft.analysis = "concentration"
    ranked = of(scene.chunks, Ranked)
    if any(one.direction in ("bottom", "worst") for one in ranked):
        raise UnknownWords(tuple(one.words for one in ranked))
    scene.draft.limit = (ranked[0].count or (None if ranked[0].plural else 1)) if ranked else None
    scene.take(*ranked, *of(scene.chunks, Verb), *of(scene.chunks, Sorted), *of(scene.chunks, Asked))


def concentrated(scene: Scene) -> None:
    """Concentration is over the members of something. Raises Ambiguous where none is named."""
    draft = scene.draft
    if of(scene.chunks, Bucketed):
        raise Stuck(Unsupported(reason="I can tell a concentration for one period at a time, not over time."))
    if not draft.group_by:
        facts = scene.measures.facts(draft.measures)
        draft.group_by.append(Key(scene.candidates.decided_group(facts, scene.phrasing.measure(draft.measures[0]))))
