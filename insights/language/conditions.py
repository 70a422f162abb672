"""Conditions on rows: values, names that begin with something, what is known or not; numbers have a module of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from insights.catalog.model import Catalog, FieldId
from insights.language import units
from insights.language.amounts import Amounts, is_count
from insights.language.candidates import Candidates
from insights.language.chunks import Beginning, Chunk, Comparing, Denied, Limited, Measured, Mention, Missing, Valued, of
from insights.language.draft import Draft, Setting, read_key
from insights.language.measures import Measures
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.requests import CompareValues, Filter, Scalar, Unsupported


def is_flag(piece: Piece, catalog: Catalog) -> bool:
    """Whether a name is that of a yes-or-no field and of nothing else."""
    return bool(piece.fields) and not piece.metrics and all(catalog.fields[link.id].kind == "boolean" for link in piece.fields)


class Conditions:
    """Adds filters to a draft."""

    def __init__(self, candidates: Candidates, measures: Measures, draft: Draft, setting: Setting) -> None:
        self._candidates = candidates
        self._draft = draft
        self._catalog = setting.catalog
        self._contents = setting.contents
        self._phrasing = Phrasing(setting.catalog)
        self._setting = setting
        self._measures = measures

    def apply(self, chunks: Sequence[Chunk], facts: frozenset[str], measured: str) -> None:
        """Add every condition that the phrases name. Raises Ambiguous or Stuck."""
        for group in _lists(of(chunks, Valued)):
            self._values(group, facts, measured)
        for said, valued in pairwise(chunks):
            if isinstance(said, Measured) and isinstance(valued, Valued):
                self._check_deed(said, valued)
        for missing in of(chunks, Missing):
            id_ = self._candidates.dimension(missing.piece, facts, measured)
            if missing.without and self._is_nought(id_, missing.piece.words):
                self._draft.keep(Filter(dimension=self._catalog.written(id_), op="=", values=(0,)))
            else:
                self._draft.keep(Filter(dimension=self._catalog.written(id_), op="not_null" if missing.known else "is_null"))
        for beginning in of(chunks, Beginning):
            self._starting(beginning, facts, measured)
        for mention in of(chunks, Mention):
            self._flag(mention.piece, facts, measured, value=True)
        for denied in of(chunks, Denied):
            self._flag(denied.piece, facts, measured, value=False)
        amounts = Amounts(self._candidates, self._measures, self._draft, self._setting, chunks)
        for limited in of(chunks, Limited):
            amounts.limit(limited, facts)
        if of(chunks, Comparing):
            self._compare(of(chunks, Comparing))

    def _is_nought(self, id_: FieldId, words: str) -> bool:
        """Whether "without a delay" is meant as a delay of 0 rather than as one that nobody knows. Raises Ambiguous until it is chosen."""
        field = self._catalog.fields[id_]
        if field.role != "fact" or not units.is_measure(field.unit or ""):
            return False  # "without a rating": nobody rated with 0
        decided = self._candidates.decided("without", words)
        if decided is None:
            name = self._phrasing.field(id_)
            raise Ambiguous(f"without {words}", [Meaning(f"{name} is 0", "nought"), Meaning(f"{name} is not known", "missing")], ("without", words), sure=False)
        return decided == "nought"

    def _check_deed(self, said: Measured, valued: Valued) -> None:
        """ "How many subscribers cancelled" says what they did, "how many cancelled subscribers" of which records they are. Raises Ambiguous.

        Where people are counted through records, a state of the records need not be a deed of theirs: it is asked about.
        """
        words = valued.piece.words
        behind = said.function == "count" and said.piece.last == valued.piece.first and words.endswith("ed") and " " not in words
        field = next((read_key(c.dimension, self._catalog).id for c in self._draft.filters if c.dimension and c.op == "=" and len(c.values) == 1), None)
        if not behind or field is None or not any(link.id == field for link in valued.piece.values) or self._candidates.decided("deed", words):
            return
        for name in said.piece.metrics:
            parts = self._catalog.metrics[name].aggregations
            if any(part.function == "count_distinct" and part.dataset == field.dataset and not is_count(part, self._catalog) for part in parts):
                records = self._phrasing.dataset(field.dataset)
                label = f"{self._phrasing.measure(name)} with {records} of which {self._phrasing.field(field).lower()} is {words}"
                raise Ambiguous(words, [Meaning(label, "records")], ("deed", words), sure=False)

    def _starting(self, beginning: Beginning, facts: frozenset[str], measured: str) -> None:
        """Names that begin with what was said, spelt as the data has them where it has any."""
        said = " or ".join(f"'{text}'" for text in beginning.texts)
        if beginning.field is None:
            raise Stuck(Unsupported(reason=f"I don't know what is to begin with {said}; name it, as in 'customers starting with A'."))
        id_ = self._candidates.dimension(beginning.field, facts, measured)
        known = self._contents.values.get(id_, ())
        values = [next((value[: len(text)] for value in known if value.casefold().startswith(text)), text) for text in beginning.texts]
        self._draft.keep(Filter(dimension=self._catalog.written(id_), op="starts_with", values=tuple(dict.fromkeys(values))))

    def _flag(self, piece: Piece, facts: frozenset[str], measured: str, *, value: bool) -> None:
        """ "resolved contacts": a yes-or-no field that stands alone is a condition."""
        if is_flag(piece, self._catalog):
            id_ = self._candidates.dimension(piece, facts, measured)
            self._merge(self._catalog.written(id_), "=", (value,))

    def _values(self, group: Sequence[Valued], facts: frozenset[str], measured: str) -> None:
        pieces = [valued.piece for valued in group]
        if self._of_one_field(pieces):
            self._value_list(group, pieces, facts, measured)
        else:
            for valued in group:
                self._value_list([valued], [valued.piece], facts, measured)

    @staticmethod
    def _of_one_field(pieces: Sequence[Piece]) -> bool:
        shared = {link.id for link in pieces[0].values}
        for piece in pieces[1:]:
            shared &= {link.id for link in piece.values}
        return bool(shared)

    def _value_list(self, group: Sequence[Valued], pieces: Sequence[Piece], facts: frozenset[str], measured: str) -> None:
        head = group[0]
        id_, values = self._candidates.values(pieces, facts, head.field, head.hint, measured)
        for piece, value in zip(pieces, values, strict=True):
            if piece.how == "beginning":
                self._draft.assume(f"I took '{piece.words}' as {value}")
        self._merge(self._catalog.written(id_), "!=" if head.negated else "=", values)

    def _merge(self, dimension: str, op: str, values: tuple[Scalar, ...]) -> None:
        """Values of one dimension are alternatives: "EMEA ... APAC" is either."""
        for place, known in enumerate(self._draft.filters):
            if known.dimension == dimension and known.op == op:
                merged = tuple(dict.fromkeys((*known.values, *values)))
                self._draft.filters[place] = Filter(dimension=dimension, op=known.op, values=merged)
                return
        self._draft.keep(Filter(dimension=dimension, op="!=" if op == "!=" else "=", values=tuple(dict.fromkeys(values))))

    def _compare(self, comparing: Sequence[Comparing]) -> None:
        """Two or more values of one dimension are set against each other."""
        for condition in self._draft.filters:
            if (
                condition.op == "="
                and condition.dimension is not None
                and len(condition.values) > 1
                and self._draft.analysis in ("correlation", "distribution")
            ):
                key = read_key(condition.dimension, self._catalog)  # a chart of records tells the values apart
                self._draft.group_by = list(dict.fromkeys((*self._draft.group_by, key)))
                return
            if condition.op == "=" and condition.dimension is not None and len(condition.values) > 1:
                self._draft.compare = CompareValues(dimension=condition.dimension, values=condition.values)
                self._draft.filters.remove(condition)
                self._draft.group_by = [key for key in self._draft.group_by if key.written(self._catalog) != condition.dimension]
                return
        if any(chunk.versus for chunk in comparing) and not self._draft.group_by and self._draft.filters:
            raise Stuck(Unsupported(reason="I can compare periods, or values of one dimension, such as two regions; here I found only one side."))


def _lists(values: Sequence[Valued]) -> list[list[Valued]]:
    """Values with those that go on from them."""
    groups: list[list[Valued]] = []
    for valued in values:
        if valued.joined and groups:
            groups[-1].append(valued)
        else:
            groups.append([valued])
    return groups
