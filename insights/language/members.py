"""Sets over time: "customers who bought in May and not since", "... and again in June"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from insights.catalog.model import FieldId
from insights.language.checks import UnknownWords
from insights.language.chunks import Again, Against, Bucketed, Combined, Comparing, Grouped, Leftover, Measured, Mention, Ranked, Timed, of
from insights.language.forms import singular
from insights.language.pieces import Piece
from insights.language.scene import Scene
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.language.timing import preceding
from insights.requests import Unsupported

_BOUGHT = frozenset("bought buy buying purchased purchase ordered order spent paid".split())
_CAME = frozenset("active came were was been visited used us".split())
_TWICE = r"\b{did} (?:both )?(?:in |during |on )?{one} and (?:(?:who |that )?{did} )?(?:also )?(?:in|during|on) {other}\b"


def implied(scene: Scene) -> str | None:
    """Members that were there at one time and (not) at another."""
    _both(scene)
    for again in of(scene.chunks, Again):
        nouns = [chunk for chunk in scene.chunks if isinstance(chunk, Mention | Measured | Grouped) and _is_noun(scene, chunk.piece)]
        if nouns or again.negated:
            return "members"
        if again.found is not None:  # "in May and also in June" of what has no members is both
            scene.put(again, Timed(found=again.found))
    return None


def _both(scene: Scene) -> None:
    """ "Ordered in May and in June", "ordered in May and ordered in June": who did it twice; "in May or June" is either."""
    times = of(scene.chunks, Timed)
    grouped = any(chunk.asked or chunk.piece.words not in _BOUGHT for chunk in of(scene.chunks, Grouped) if not _is_noun(scene, chunk.piece))
    if len(times) != 2 or grouped or scene.has(Again, Comparing, Against, Bucketed, Ranked):
        return
    one, other = (re.escape(chunk.found.words) for chunk in times)
    twice = _TWICE.format(did=f"(?:{'|'.join(sorted(_BOUGHT | _CAME))})", one=one, other=other)
    if re.search(twice, scene.plain) and any(_is_noun(scene, chunk.piece) for chunk in scene.chunks if isinstance(chunk, Mention | Measured | Grouped)):
        scene.put(times[1], Again(negated=False, words=f"and in {times[1].found.words}", found=times[1].found))
        scene.take(*(chunk for chunk in of(scene.chunks, Leftover) if chunk.words == "both"))
        either = f"{times[0].found.words} or {times[1].found.words}"
        scene.draft.assume(f"those are meant who did in each of the two; say 'in {either}' for either")


def opening(scene: Scene) -> None:
    """Find who the members are and when they were there. Raises Ambiguous, UnknownWords or Stuck."""
    again = of(scene.chunks, Again)
    _check_left_out(scene, again)
    if not scene.has(Timed) or len(again) > 1 or scene.has(Bucketed, Ranked, Combined):
        raise UnknownWords(tuple(chunk.words for chunk in again))
    noun = next((chunk for chunk in scene.chunks if isinstance(chunk, Mention | Measured | Grouped) and _is_noun(scene, chunk.piece)), None)
    if noun is None:
        raise UnknownWords(tuple(chunk.words for chunk in again))
    verb = _verb(scene)
    scene.take(*(chunk for chunk in scene.chunks if isinstance(chunk, Mention | Grouped) and chunk.piece.how == "part" and chunk.piece.words.endswith("ed")))
    metric, field = _counted(scene, noun.piece, verb)
    scene.draft.options["members"] = str(field)
    scene.take(noun, *again, *(chunk for chunk in of(scene.chunks, Mention) if scene.catalog.counting.get(field.dataset) in chunk.piece.metrics))
    if (isinstance(noun, Grouped) and not noun.asked) or (isinstance(noun, Mention) and noun.picked):
        scene.draft.analysis = "list"
        scene.measureless = True
        scene.facts = frozenset({field.dataset})
        known = scene.candidates.naming(_dataset(scene, noun.piece, field)) if _dataset(scene, noun.piece, field) else field
        scene.draft.columns = (scene.catalog.written(known or field),)
    else:
        scene.draft.measures.append(metric)
    scene.again = again[0]


def _check_left_out(scene: Scene, again: list[Again]) -> None:
    """ "Revenue without May" leaves a time out of what has no members. Raises Stuck with the way out."""
    counts = any(_is_noun(scene, chunk.piece) for chunk in scene.chunks if isinstance(chunk, Mention | Measured | Grouped))
    for one in again:
        if one.negated and one.found is not None and not counts:
            words = one.found.words
            told = f"I can't leave '{words}' out of a figure: ask for what comes before it and for what comes after it, or by month to see it apart."
            raise Stuck(Unsupported(reason=told, firm=True), cost=0.5)


def _is_noun(scene: Scene, piece: Piece) -> bool:
    return any(scene.is_member(name) for name in piece.datasets) or any(_distinct(scene, name) is not None for name in piece.metrics)


def _distinct(scene: Scene, metric: str) -> FieldId | None:
    """The field whose different values a metric counts, None for other metrics."""
    parts = scene.catalog.metrics[metric].aggregations
    if len(scene.catalog.metrics[metric].formula) != 1 or len(parts) != 1 or parts[0].function != "count_distinct":
        return None
    operand = parts[0].operand or ()
    return operand[0] if len(operand) == 1 and isinstance(operand[0], FieldId) else None


def _verb(scene: Scene) -> str:
    """What they did, taken out of the words that fit nowhere; empty where nothing was said."""
    said = ""
    for chunk in of(scene.chunks, Leftover):
        words = [word for word in chunk.words.split() if word in _BOUGHT or word in _CAME or word.endswith("ed")]
        if words and len(chunk.words.split()) == len(words) and said in ("", words[0]):
            scene.take(chunk)
            said = words[0]
    return said


def _counted(scene: Scene, piece: Piece, verb: str) -> tuple[str, FieldId]:
    """The measure that counts the members, and the field whose values they are. Raises Ambiguous or Stuck."""
    metrics = [(name, field) for name in piece.metrics if (field := _distinct(scene, name)) is not None]
    keys = [
        FieldId(step.many, column)
        for step in scene.catalog.relationships
        if step.one in piece.datasets
        for column in step.many_columns
        if FieldId(step.many, column) in scene.catalog.fields
    ]
    fits = [key for key in keys if _did(scene, key.dataset, verb)]
    if fits and not any(field in fits for _, field in metrics):
        metrics = [_by_metric(scene, key) for key in fits]
    if not metrics:
        metrics = [_by_metric(scene, key) for key in keys]
    if len(metrics) == 1:
        return metrics[0]
    decided = scene.decisions.get(("members", piece.words))
    for choice in metrics:
        if choice[0] == decided:
            return choice
    if not metrics:
        raise Stuck(Unsupported(reason=f"I don't know when {piece.words} were there; nothing that happens is recorded with them."))
    raise Ambiguous(piece.words, [Meaning(scene.phrasing.measure(name), name) for name, _ in metrics[:3]], ("members", piece.words))


def _did(scene: Scene, dataset: str, verb: str) -> bool:
    """Whether a verb is what the records of a dataset are: ordered, orders."""
    stem = verb.removesuffix("ed").removesuffix("d")
    known = scene.catalog.datasets[dataset]
    names = {singular(word) for name in (known.name, known.label, *known.synonyms) for word in name.replace("_", " ").casefold().split()}
    return bool(stem) and len(stem) > 3 and any(name.startswith(stem) for name in names)


def _by_metric(scene: Scene, key: FieldId) -> tuple[str, FieldId]:
    """The metric that counts the different values of a field, else the aggregate."""
    for name in scene.catalog.metrics:
        if _distinct(scene, name) == key:
            return name, key
    return f"count_distinct({key})", key


def _dataset(scene: Scene, piece: Piece, field: FieldId) -> str:
    """The dataset that the members stand in."""
    ones = [step.one for step in scene.catalog.relationships if step.many == field.dataset and field.name in step.many_columns]
    return next((name for name in ones if name in piece.datasets or len(ones) == 1), "")


def closing(scene: Scene) -> None:
    """The other time: from the day after, until what was said. Raises Stuck."""
    draft, again = scene.draft, scene.again
    if draft.period is None or again is None or draft.compare is not None:
        raise Stuck(Unsupported(reason="I need to know when, as in 'customers who bought in May and not since'."))
    first: date | None
    last: date | None
    if again.found is not None:
        other = scene.moments.days(again.found)
        first, last = other.first, other.last
    elif again.before:
        other = preceding(draft.period, again.before)
        first, last = other.first, other.last
    elif draft.period.last is not None:
        first, last = draft.period.last + timedelta(days=1), None
    else:
        raise Stuck(Unsupported(reason="I need to know when, as in 'customers who bought in May and not since'."))
    if draft.period.last is not None and first is not None and first <= draft.period.last and again.negated and last is None:
        first = draft.period.last + timedelta(days=1)
    side = "not" if again.negated else "also"
    draft.options[f"{side}_first"], draft.options[f"{side}_last"] = first, last
    draft.grain = None
