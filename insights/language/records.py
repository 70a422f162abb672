"""Lists of the records themselves: "show the claims closed in 2019 with their policy number", "the largest ten orders"."""

from __future__ import annotations

import re

from insights.catalog.model import Catalog, FieldId
from insights.language.chunks import (
    Again,
    Against,
    Beginning,
    Bucketed,
    Columns,
    Combined,
    Comparing,
    Counted,
    Grouped,
    Limited,
    Measured,
    Mention,
    Missing,
    Parted,
    Ranked,
    Sorted,
    Stepped,
    Timed,
    Valued,
    of,
)
from insights.language.pieces import Piece
from insights.language.refusals import two_dates
from insights.language.scene import Scene
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.requests import AdHoc, Filter, MetricName, Unsupported, parse_measure

_MONEY = frozenset({"amount", "price", "value", "total", "cost", "premium", "payment"})
_RECENT = {"last": "desc", "latest": "desc", "newest": "desc", "most recent": "desc", "recent": "desc", "oldest": "asc", "earliest": "asc", "first": "asc"}

_SINGLE = frozenset({"largest", "biggest", "smallest", "latest", "newest", "most recent", "oldest", "earliest"})
"""Of these one is asked for, too: "the largest order"."""


def implied(scene: Scene) -> str | None:
    """A list is also asked for by its columns, or by ranking records by their size ("the largest ten orders")."""
    columns = of(scene.chunks, Columns)
    if columns and not (columns[0].plain and _is_figure(scene)):
        return "list"
    for chunk in columns:  # "revenue with region" is a figure by groups
        scene.chunks += [Grouped(piece=column) for column in chunk.pieces]
        scene.take(chunk)
    if _picks_members(scene):
        return "list"
    ranked = of(scene.chunks, Ranked)
    if len(ranked) != 1 or ranked[0].of is None or ranked[0].direction in ("best", "worst"):
        return None
    if not (ranked[0].plural or ranked[0].count or _words(ranked[0]) in _SINGLE):
        return None
    piece = _ranked_piece(scene, ranked[0])
    if piece is None:
        return None
    events = [name for name in piece.datasets if not scene.is_member(name)]
    named = [chunk for chunk in scene.chunks if isinstance(chunk, Mention | Grouped) and chunk.piece is not piece and not _is_size(scene, chunk.piece, events)]
    others = [chunk for chunk in scene.chunks if isinstance(chunk, Measured | Combined | Bucketed | Comparing | Counted | Parted | Stepped)]
    by = any(isinstance(chunk, Mention | Grouped) and chunk.piece is not piece and _is_size(scene, chunk.piece, events) for chunk in scene.chunks)
    sized = (by and _words(ranked[0]) in ("top", "bottom")) or _words(ranked[0]) in ("largest", "biggest", "smallest", "highest", "lowest", *_RECENT)
    return "list" if events and sized and not named and not others and not piece.fields else None


def _words(ranked: Ranked) -> str:
    return ranked.words.removeprefix("the ").removeprefix("single ")


def _ranked_piece(scene: Scene, ranked: Ranked) -> Piece | None:
    """What is ranked: the name behind the superlative, values that describe it aside ("the latest cancelled orders")."""
    place = next(at for at, chunk in enumerate(scene.chunks) if chunk is ranked)
    behind = [chunk for chunk in scene.chunks[place + 1 :] if not isinstance(chunk, Valued)]
    first = behind[0] if behind else None
    return first.piece if isinstance(first, Mention | Grouped) else None


def _is_size(scene: Scene, piece: Piece, events: list[str]) -> bool:
    return any(scene.number_of(_only(piece, name)) is not None for name in events)


def _is_figure(scene: Scene) -> bool:
    """Whether something is measured that is no mere count of records."""
    return any(not (isinstance(said, Mention) and said.piece.datasets) for said in scene.measures_said())


def _picks_members(scene: Scene) -> bool:
    """ "Which titles were released this year": who or what they are is asked, with a condition and no figure."""
    picked = [chunk for chunk in scene.chunks if (isinstance(chunk, Grouped) and not chunk.asked) or (isinstance(chunk, Mention) and chunk.picked)]
    if len(picked) != 1 or not _names_records(scene, picked[0].piece):
        return False
    others = [chunk for chunk in scene.measures_said() if chunk is not picked[0]]
    bad = (Ranked, Bucketed, Comparing, Against, Sorted, Again, Parted, Stepped, Limited, Counted)
    told = any(isinstance(chunk, Valued | Timed | Missing | Beginning) for chunk in scene.chunks)
    return told and not others and not any(isinstance(chunk, bad) for chunk in scene.chunks)


def _names_records(scene: Scene, piece: Piece) -> str | None:
    """The dataset that a name stands for: its own, or that of the field which names its records."""
    if piece.datasets:
        return piece.datasets[0]
    named = [link.id.dataset for link in piece.fields if scene.candidates.naming(link.id.dataset) == link.id]
    return named[0] if len(named) == 1 else None


def opening(scene: Scene) -> None:
    """Find whose records, which columns and in which order. Raises Ambiguous or Stuck."""
    draft = scene.draft
    draft.analysis = "list"
    scene.measureless = True
    scene.take(*(chunk for chunk in of(scene.chunks, Comparing) if not chunk.versus and scene.has(Columns)))  # "every documentary and its publisher"
    for bad in (Bucketed, Combined, Measured, Comparing, Against, Stepped):
        if of(scene.chunks, bad):
            raise Stuck(Unsupported(reason="I can list records, or work out figures from them; ask for one of both."))
    dataset = _dataset(scene)
    draft.options["dataset"] = dataset
    scene.facts = frozenset({dataset})
    _limits(scene, dataset)
    _order(scene, dataset)


def _limits(scene: Scene, dataset: str) -> None:
    """A number of the records that a condition names ("where quantity is at least 5") says which they are, and neither their order nor a figure."""
    limited = [chunk.target for chunk in of(scene.chunks, Limited) if chunk.target is not None and scene.number_of(_only(chunk.target, dataset)) is not None]
    scene.take(*(chunk for chunk in scene.chunks if isinstance(chunk, Mention | Grouped) and chunk.piece in limited))


def _dataset(scene: Scene) -> str:
    """The dataset that was named first, taken out of the phrases."""
    for chunk in scene.chunks:
        if isinstance(chunk, Mention | Grouped) and (name := _names_records(scene, chunk.piece)) is not None:
            later = [other for other in scene.chunks if isinstance(other, Mention | Grouped) and other is not chunk and other.piece.words == chunk.piece.words]
            scene.take(chunk, *later)
            return name
    valued = {link.id.dataset for chunk in of(scene.chunks, Valued) for link in chunk.piece.values}
    if len(valued) == 1:
        return valued.pop()  # "every Spanish documentary"
    raise Stuck(Unsupported(reason="I don't know which records to list; name them, as in 'list the orders of last week'."), cost=2.0)


def _order(scene: Scene, dataset: str) -> None:
    """The largest come first by the records' own amount; the number of them is the limit."""
    ranked = of(scene.chunks, Ranked)
    draft = scene.draft
    if len(ranked) > 1:
        raise Stuck(Unsupported(reason="I can put a list into one order at a time."))
    for one in ranked:
        draft.limit = one.count
        draft.order = "asc" if one.direction in ("bottom", "worst") else "desc"
        if _words(one) in _RECENT:
            draft.order = "desc" if _RECENT[_words(one)] == "desc" else "asc"
            by = scene.moments.time_of_dataset(dataset)
            if by is None:
                raise Stuck(Unsupported(reason=f"{scene.phrasing.dataset(dataset).capitalize()} have no date to put them in order by."))
        else:
            by = _said_number(scene, dataset) or _amount(scene, dataset, one.words)
        draft.options["by"] = str(by)
        scene.take(one)
    for sort in of(scene.chunks, Sorted):
        number = _said_number(scene, dataset)
        if number is not None:
            draft.options["by"] = str(number)
            draft.order = "asc" if sort.order == "asc" else "desc"
            scene.take(sort)


def _said_number(scene: Scene, dataset: str) -> FieldId | None:
    """The number of the records that was named to order them by: "by amount"."""
    for chunk in scene.chunks:
        if isinstance(chunk, Mention | Grouped):
            number = scene.number_of(_only(chunk.piece, dataset))
            if number is not None:
                scene.take(chunk)
                return number
    return None


def _only(piece: Piece, dataset: str) -> Piece:
    return piece._replace(links=tuple(link for link in piece.fields if link.id.dataset == dataset))


def _amount(scene: Scene, dataset: str, words: str) -> FieldId:
    """What makes a record large: its one amount, else the one who asked must say. Raises Ambiguous or Stuck."""
    facts = [field for field in scene.catalog.datasets[dataset].fields.values() if field.role == "fact"]
    own = [field for field in facts if scene.phrasing.dataset(dataset).rstrip("s") in field.label.lower().split() or field.label.lower() in _MONEY]
    chosen = own if len(own) == 1 else facts
    if len(chosen) == 1:
        scene.draft.assume(f"'{words}' is by {chosen[0].label}")
        return chosen[0].id
    decided = scene.decisions.get(("by", words))
    if isinstance(decided, FieldId):
        return decided
    if not chosen:
        raise Stuck(Unsupported(reason=f"I don't know what makes {scene.phrasing.dataset(dataset)} the {words}."))
    raise Ambiguous(words, [Meaning(f"by {scene.phrasing.field(field.id)}", field.id) for field in chosen[:3]], ("by", words))


def closing(scene: Scene) -> None:
    """The columns, and nothing that only figures have. Raises Ambiguous or Stuck."""
    draft = scene.draft
    measured = scene.phrasing.dataset(str(draft.options["dataset"]))
    columns = [scene.candidates.dimension(piece, scene.facts, measured) for chunk in of(scene.chunks, Columns) for piece in chunk.pieces]
    dates = dict.fromkeys(id_ for id_ in (*columns, draft.time_field) if id_ is not None and scene.catalog.fields[id_].role == "time")
    if len(dates) > 1 and len(of(scene.chunks, Timed)) > 1:
        raise Stuck(two_dates(scene.phrasing, dates))
    columns += [key.id for key in draft.group_by if not key.form]
    if any(key.form for key in draft.group_by) or draft.compare is not None:
        raise Stuck(Unsupported(reason="I can list records, or work out figures from them; ask for one of both."))
    if any(scene.measures.can_measure(said.piece) for said in scene.measures_said() if isinstance(said, Mention)):
        raise Stuck(Unsupported(reason="I can list records, or work out figures from them; ask for one of both."))
    draft.measures, draft.group_by = [], []
    draft.ranking = False
    draft.grain = None
    draft.columns = tuple(dict.fromkeys(scene.catalog.written(id_) for id_ in columns)) or None


_LEFT_OUT = re.compile(r" (?:<>|!=) '([^']*)'")


def counted(measure: str, catalog: Catalog) -> str | None:
    """The dataset whose records a measure counts, one each; None for what adds up something else."""
    match parse_measure(measure) if measure else None:
        case AdHoc("count", dataset, None):
            return dataset
        case MetricName(name) if name in catalog.metrics:
            parts = catalog.metrics[name].aggregations
            plain = len(parts) == 1 and len(catalog.metrics[name].formula) == 1 and parts[0].function == "count"
            return parts[0].dataset if plain else None
        case _:
            return None


def left_out(measure: str, catalog: Catalog) -> tuple[tuple[Filter, ...], bool]:
    """The records that a metric does not count, as conditions; and whether it leaves out others that no condition says."""
    metric = catalog.metrics.get(measure)
    where = metric.aggregations[0].where if metric is not None else None
    if where is None:
        return (), False
    if len(where) == 2 and isinstance(where[0], FieldId) and isinstance(where[1], str) and (match := _LEFT_OUT.fullmatch(where[1])) is not None:
        return (Filter(dimension=catalog.written(where[0]), op="!=", values=(match[1],)),), False
    return (), True
