"""Which field or value is meant, given what is measured: what cannot be reached is out, what is nearer comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from insights.catalog.model import Catalog, Field, FieldId
from insights.language.forms import singular
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.requests import Unsupported

_NAMING = ("name", "title", "label")
_ORIGINS = frozenset("from origin source start departure departing sender seller pickup".split())
_TARGETS = frozenset("to dest destination target end arrival arriving recipient buyer dropoff".split())

Decisions = Mapping[tuple[str, str], object]


class Candidates:
    """Chooses among fields of one catalog. `decisions` are what was chosen for words that mean several things."""

    def __init__(self, catalog: Catalog, decisions: Decisions) -> None:
        self._catalog = catalog
        self._decisions = decisions
        self._phrasing = Phrasing(catalog)

    def distance(self, facts: Iterable[str], dataset: str) -> int | None:
        """The longest of the shortest ways from each fact to the dataset; None when one of them cannot reach it without fan-out."""
        worst = 0
        for fact in facts:
            paths = self._catalog.paths(fact, dataset)
            if not paths:
                return None
            worst = max(worst, min(len(path) for path in paths))
        return worst

    def dimension(self, piece: Piece, facts: frozenset[str], measured: str, *, grouped: bool = False) -> FieldId:
        """The field to group or filter by that `piece` names; said behind a "by" (`grouped`) it may be the last word of one dimension's name alone.

        Raises Ambiguous, or Stuck when it cannot be reached.
        """
        fields = self._catalog.fields
        ids = [link.id for link in piece.fields if fields[link.id].role in ("dimension", "key", "time")]
        for name in piece.datasets:
            if not ids and (naming := self.naming(name)) is not None:
                ids.append(naming)
        if not ids:
            ids = [link.id for link in piece.fields]
        near = self._nearest(ids := [self._known_by(piece, id_) for id_ in ids], facts)
        if not near and piece.datasets:
            near = self._nearest([naming for name in piece.datasets if (naming := self.naming(name)) is not None], facts)
        if not near and (other := self._own_part(piece.words, facts)) is not None:
            return other
        if not near:
            raise Stuck(Unsupported(reason=self._unreachable(piece, ids, measured), suggestions=self._reachable_examples(facts, measured)))
        exact = [id_ for id_ in near if piece.words in self._called(id_)]  # "engine" is the engine, not the number of engines
        if grouped and piece.how == "part" and len(near) == 1 and ("dimension", piece.words) not in self._decisions and self._heads(piece, near[0]):
            raise Ambiguous(piece.words, [Meaning(self._phrasing.field(near[0]), near[0])], ("dimension", piece.words))
        id_ = self._one(piece.words, exact or near, "dimension", sure=piece.how != "part")
        return self._way(piece.words, id_, facts)

    def _known_by(self, piece: Piece, id_: FieldId) -> FieldId:
        """The name of what a code refers to, where the code is called otherwise and only its column as the thing: "ward" of the ward code."""
        if piece.words == self._phrasing.field(id_).lower():
            return id_
        for step in self._catalog.relationships:
            called = {singular(name) for name in (self._phrasing.dataset(step.one), step.one.replace("_", " ").lower())}
            if step.many_columns == (id_.name,) and step.many == id_.dataset and singular(piece.words) in called:
                naming = self.naming(step.one)
                return naming if naming is not None and self._catalog.fields[naming].role == "dimension" else id_
        return id_

    def _own_part(self, words: str, facts: frozenset[str]) -> FieldId | None:
        """The one dimension of the records themselves that has the words in its name: "kind" of publishers is their publisher kind. Raises Ambiguous."""
        own = [field for name in sorted(facts) for field in self._catalog.datasets[name].fields.values() if field.role == "dimension"]
        found = [field for field in own if set(words.split()) <= {*field.label.lower().split(), *field.id.name.split("_")}]
        if len(found) != 1:
            return None
        if self._decisions.get(("dimension", words)) == found[0].id:
            return found[0].id
        raise Ambiguous(words, [Meaning(self._phrasing.field(found[0].id), found[0].id)], ("dimension", words))

    def _way(self, words: str, id_: FieldId, facts: frozenset[str]) -> FieldId:
        """Where several ways lead to a dataset (from and to an airport), the field that each way starts from is what can be meant."""
        starts = [start for fact in sorted(facts) for start in self._starts(fact, id_.dataset)]
        if not starts:
            return id_
        decided = self._decisions.get(("way", words))
        if isinstance(decided, FieldId):
            return decided
        raise Ambiguous(words, [Meaning(self._phrasing.field(start), start) for start in starts], ("way", words))

    def _starts(self, fact: str, dataset: str) -> list[FieldId]:
        """The fields of `fact` that several direct ways to `dataset` start from; none where only one way is meant."""
        paths = self._catalog.paths(fact, dataset)
        direct = [path for path in paths if len(path) == 1]
        if fact == dataset or len(paths) < 2 or len(direct) == 1:
            return []
        ids = [FieldId(step.many, column) for path in direct for step in path for column in step.many_columns]
        return [id_ for id_ in dict.fromkeys(ids) if id_ in self._catalog.fields]

    def naming(self, dataset: str) -> FieldId | None:
        """The field by which people know the members of a dataset: its name or title, else its only key."""
        found = self._catalog.datasets[dataset]
        dimensions = [field for field in found.fields.values() if field.role == "dimension"]
        stem = dataset.rstrip("s")
        for wanted in (dataset, stem, f"{stem}_name", *_NAMING):
            for field in dimensions:
                if field.id.name == wanted:
                    return field.id
        for field in dimensions:
            if field.id.name.endswith(tuple(f"_{name}" for name in _NAMING)):
                return field.id
        if len(found.primary_key) == 1 and found.primary_key[0] in found.fields:
            return found.fields[found.primary_key[0]].id
        return None

    def _nearest(self, ids: Sequence[FieldId], facts: frozenset[str]) -> list[FieldId]:
        """Those within reach: dimensions before keys, then the nearest."""
        ranked: list[tuple[tuple[bool, int], FieldId]] = []
        for id_ in dict.fromkeys(ids):
            distance = self.distance(facts, id_.dataset)
            if distance is not None:
                ranked.append(((self._catalog.fields[id_].role == "key", distance), id_))
        if not ranked:
            return []
        best = min(rank for rank, _ in ranked)
        return [id_ for rank, id_ in ranked if rank == best]

    def _one(self, words: str, ids: Sequence[FieldId], kind: str, *, sure: bool = True) -> FieldId:
        if len(ids) == 1 and sure:
            return ids[0]
        decided = self._decisions.get((kind, words))
        if isinstance(decided, FieldId) and decided in ids:
            return decided
        full = len({self._phrasing.field(id_) for id_ in ids}) < len(ids)
        raise Ambiguous(words, [Meaning(self._phrasing.field(id_, full=full), id_) for id_ in ids], (kind, words), sure=sure)

    def decided(self, kind: str, words: str) -> object:
        """What was chosen for words that mean several things; None until it is."""
        return self._decisions.get((kind, words))

    def decided_group(self, facts: frozenset[str], about: str) -> FieldId:
        """The dimension that was chosen where a question needs groups and names none. Raises Ambiguous until it is."""
        decided = self._decisions.get(("group", about))
        if isinstance(decided, FieldId):
            return decided
        raise Ambiguous(about, [Meaning(f"by {self._phrasing.field(id_)}", id_) for id_ in self.reached(facts)[:3]], ("group", about))

    def reached(self, facts: frozenset[str]) -> list[FieldId]:
        """Every dimension that all facts can be grouped by, those of their own records first."""
        dimensions = [id_ for id_, field in self._catalog.fields.items() if field.role == "dimension"]
        near = [(distance, id_) for id_ in dimensions if (distance := self.distance(facts, id_.dataset)) is not None]
        return [id_ for _, id_ in sorted(near, key=lambda item: item[0])]

    def chosen(self, words: str, fields: Sequence[Field]) -> Field:
        """One of several fields that fit `words`. Raises Ambiguous until it is chosen."""
        id_ = self._one(words, [field.id for field in fields], "field")
        return self._catalog.fields[id_]

    def values(self, group: Sequence[Piece], facts: frozenset[str], field: Piece | None, hint: str, measured: str) -> tuple[FieldId, tuple[str, ...]]:
        """The one dimension that all of `group` are values of, and the values as stored. Raises Ambiguous or Stuck."""
        common = [link.id for link in group[0].values]
        for piece in group[1:]:
            shared = [id_ for id_ in common if any(link.id == id_ for link in piece.values)]
            common = shared or common
        if field is not None:
            named = {link.id for link in field.fields}
            common = [id_ for id_ in common if id_ in named] or common
        words = group[0].words
        near = self._nearest_values(list(dict.fromkeys(common)), facts)
        if not near:
            raise Stuck(Unsupported(reason=self._unreachable(group[0], common, measured), suggestions=()))
        id_ = self._one(words, self._hinted(near, hint), "value")
        starts = [start for fact in sorted(facts) for start in self._starts(fact, id_.dataset)]
        if starts:
            ways = " or ".join(self._phrasing.field(start) for start in starts)
            raise Stuck(Unsupported(reason=f"'{words}' can be meant by {ways} here; name the value of one of these."))
        return id_, tuple(self._stored(piece, id_) for piece in group)

    def _nearest_values(self, ids: Sequence[FieldId], facts: frozenset[str]) -> list[FieldId]:
        """Every dimension within reach; a key only where no dimension has the value, and a joined key stands for the same as its reference."""
        fields = self._catalog.fields
        reached = [id_ for id_ in ids if self.distance(facts, id_.dataset) is not None]
        reached = [id_ for id_ in reached if fields[id_].role == "dimension"] or reached
        if len(reached) < 2:
            return reached
        linked = {
            FieldId(step.one, one)
            for step in self._catalog.relationships
            for one, many in zip(step.one_columns, step.many_columns, strict=True)
            if FieldId(step.many, many) in reached
        }
        return [id_ for id_ in reached if id_ not in linked] or reached

    def _hinted(self, ids: Sequence[FieldId], hint: str) -> Sequence[FieldId]:
        """Narrow by "from" and "to" where fields are named for the two ends of a way."""
        wanted = _ORIGINS if hint == "from" else _TARGETS if hint == "to" else frozenset()
        if len(ids) < 2 or not wanted:
            return ids
        return [id_ for id_ in ids if wanted & self._words(id_)] or ids

    def _called(self, id_: FieldId) -> list[str]:
        field = self._catalog.fields[id_]
        return [name.lower() for name in (id_.name.replace("_", " "), field.label, *field.synonyms)]

    def _heads(self, piece: Piece, id_: FieldId) -> bool:
        """Whether it is the word that says what kind of thing a field is: "rating" of the content rating."""
        return any(singular(name.split()[-1]) == singular(piece.words) for name in self._called(id_) if name)

    def _words(self, id_: FieldId) -> set[str]:
        return set(" ".join(self._called(id_)).split())

    def _stored(self, piece: Piece, id_: FieldId) -> str:
        stored = list(dict.fromkeys(link.value for link in piece.values if link.id == id_))
        if not stored:
            raise Stuck(Unsupported(reason=f"'{piece.words}' is not a value of {self._phrasing.field(id_)}."))
        decided = self._decisions.get(("stored", piece.words))
        if isinstance(decided, str) and decided in stored:
            return decided
        if piece.how == "perhaps":
            raise Ambiguous(piece.words, [Meaning(value, value) for value in stored], ("stored", piece.words), sure=False)
        if len(stored) == 1:
            return stored[0]
        raise Ambiguous(piece.words, [Meaning(value, value) for value in stored], ("stored", piece.words))

    def _unreachable(self, piece: Piece, ids: Sequence[FieldId], measured: str) -> str:
        name = self._phrasing.field(ids[0]) if ids else piece.words
        return f"{measured} is not recorded by {name}, so I can't tell it for '{piece.words}'."

    def _reachable_examples(self, facts: frozenset[str], measured: str) -> tuple[str, ...]:
        return tuple(f"{measured} by {self._phrasing.field(id_)}".lower() for id_ in self.reached(facts)[:3]) if facts else ()
