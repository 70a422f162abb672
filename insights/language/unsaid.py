"""What is meant where a question leaves out its figure, its groups or its unit of time."""

from __future__ import annotations

from insights.catalog.model import FieldId
from insights.catalog.money import CODE
from insights.language.checks import UnknownWords
from insights.language.chunks import Bucketed, Comparing, Grouped, Limited, Measured, Mention, Ranked, Sorted, Timed, Valued, of
from insights.language.draft import Key, read_key
from insights.language.forms import singular
from insights.language.patterns import Pattern
from insights.language.pieces import Piece
from insights.language.refusals import not_asked
from insights.language.scene import Scene
from insights.language.stuck import Ambiguous, Meaning, Stuck

_MONEY = frozenset({"money", "cash"})
_AMOUNT = Pattern(r"\bhow much\b|\bwhat (?:do|did|does|have|has) (?:we|our|the|it|they)\b")
_EARNING = frozenset("make makes made making earn earns earned earning spend spends spent pay pays paid bring brought take took".split())
_KINDS = frozenset({"kind", "type", "category", "class", "genre"})
_WHEN = Pattern(r"(?:and |so |ok |tell me |do you know )*when (?:do|does|did|is|are|was|were|have|has)\b")
_THERE = Pattern(r"\b(?:do we have|have we got|are there|do we offer|exist)\b")
_FARED = Pattern(r"\bhow (?:did|is|are|was|were|has|have|do|does|'s)\b.*\b(?:do|doing|done|go|going|gone|perform\w*|faring|fared|looking|look)\b")
_UNITS = {"month": "by month", "week": "by week", "weekday": "by day of the week", "day": "by day"}


class Unsaid:
    """Settles what one reading does not say. `counted` tells whether "how many" was said of something that is named by its values alone."""

    def __init__(self, scene: Scene, *, counted: bool) -> None:
        self._scene = scene
        self._draft, self._chunks, self._catalog = scene.draft, scene.chunks, scene.catalog
        self._phrasing, self._measures, self._candidates = scene.phrasing, scene.measures, scene.candidates
        self._counted = counted
        self._earned: tuple[str, ...] = ()

    def money(self) -> None:
        """ "How much money did orders make" and "how much did we earn per customer" ask for an amount, not for how many there were.

        "How much did we make" asks for one of the amounts that there are. Raises UnknownWords.
        """
        said = tuple(words for words in self._draft.ignored if words in _MONEY or (words in _EARNING and _AMOUNT.search(self._scene.plain)))
        if not said or any(map(self._is_amount, self._draft.measures)):
            return
        if self._draft.measures:
            raise UnknownWords(said)
        self._earned = said
        self._draft.ignored[:] = [words for words in self._draft.ignored if words not in said]

    def _is_amount(self, measure: str) -> bool:
        """Whether it can be of money, as far as its unit tells; what only counts is not."""
        if (metric := self._catalog.metrics.get(measure)) is None:
            return not measure.startswith("count")
        return CODE.fullmatch(metric.unit) is not None if metric.unit else any(part.function not in ("count", "count_distinct") for part in metric.aggregations)

    def _records(self) -> list[Meaning]:
        """ "How many movies": the records that have the value."""
        if not self._counted:
            return []
        datasets = dict.fromkeys(link.id.dataset for valued in of(self._chunks, Valued) for link in valued.piece.values)
        return [Meaning(self._phrasing.measure(f"count({name})"), f"count({name})") for name in datasets]

    def _kinds_counted(self) -> list[str]:
        """ "How many films do we have": the members that a value says the kind of, where it names none of them and no time is asked for."""
        if not self._counted or of(self._chunks, Timed) or not _THERE.search(self._scene.plain):
            return []
        kinds = {link.id for valued in of(self._chunks, Valued) for link in valued.piece.values}
        named = {name for kind in kinds if (name := self._candidates.naming(kind.dataset)) is not None}
        return list(dict.fromkeys(kind.dataset for kind in kinds)) if not kinds & named and all(self._scene.is_member(kind.dataset) for kind in kinds) else []

    def measure(self) -> None:
        """Nothing was said to measure: records of a dataset are counted, else we ask. Raises Ambiguous, UnknownWords or Stuck."""
        kinds = self._kinds_counted()
        if len(kinds) == 1:
            self._draft.measures.append(f"count({kinds[0]})")
            self._draft.assume(f"I counted {self._phrasing.dataset(kinds[0])}")
            return
        for mention in of(self._chunks, Mention):
            if mention.piece.datasets and self._earned:
                if meanings := self._amounts(frozenset(mention.piece.datasets)):
                    raise Ambiguous("metric", meanings, ("metric", ""), sure=False)
                raise UnknownWords(self._earned)
            if mention.piece.datasets and _FARED.search(self._scene.plain):
                records = frozenset(mention.piece.datasets)
                figures = [name for name in self._askable() if name in self._catalog.metrics and self._measures.facts([name]) <= records]
                if figures:  # "how did marketing do" is none of how many records there are
                    raise Ambiguous("metric", [Meaning(self._phrasing.measure(name), name) for name in figures], ("metric", ""), sure=False)
            if mention.piece.datasets:
                counted = self._measures.measure(Measured(function="count", piece=mention.piece))
                if not self._is_fact(mention.piece):
                    picked = any(isinstance(chunk, Ranked | Limited | Sorted) for chunk in self._chunks)  # then they are groups of another figure
                    ranked = any(chunk.of is mention.piece for chunk in of(self._chunks, Ranked)) and of(self._chunks, Grouped)
                    own = [] if picked and not ranked else [Meaning(self._phrasing.measure(counted), counted)]
                    raise Ambiguous("metric", [*own, *self._offered()], ("metric", ""), sure=False)
                self._draft.measures.append(counted)
                self._draft.assume(f"I counted {mention.piece.words}")
                self._draft.cost += 1.5
                return
        named = any(isinstance(chunk, Grouped | Ranked | Valued | Bucketed | Comparing | Mention | Timed) for chunk in self._chunks)
        if not named and self._draft.analysis is None and not self._earned:
            raise Stuck(not_asked(self._catalog), cost=6.0)
        meanings = self._amounts() or self._records() + self._offered()
        if not meanings:
            raise Stuck(not_asked(self._catalog), cost=6.0)
        raise Ambiguous("metric", meanings, ("metric", ""), sure=False)

    def _amounts(self, records: frozenset[str] = frozenset()) -> list[Meaning]:
        """What money that came in or went out can be, where "make" or "spend" was said and no figure; of some records where these were named."""
        spent = any(words.startswith(("spen", "pa")) for words in self._earned)
        names = [name for name in self._askable() if name in self._catalog.metrics] if self._earned else []
        names = [name for name in names if not records or self._measures.facts([name]) == records]
        amounts = [name for name in names if CODE.fullmatch(self._catalog.metrics[name].unit or "") and self._catalog.metrics[name].additive]
        return [Meaning(self._phrasing.measure(name), name) for name in amounts if (self._catalog.metrics[name].good == "up") != spent]

    def _offered(self) -> list[Meaning]:
        return [Meaning(self._phrasing.measure(name), name) for name in self._askable()]

    def _is_fact(self, piece: Piece) -> bool:
        """Whether the records themselves are what happens (orders), rather than what it happens to (regions)."""
        ones = {relationship.one for relationship in self._catalog.relationships}
        return not any(name in ones for name in piece.datasets)

    def _askable(self) -> list[str]:
        """Metrics that can be told by the dimensions that were said, certified ones first."""
        wanted = {key.id.dataset for key in self._draft.group_by}
        fits = [
            metric
            for metric in self._catalog.metrics.values()
            if metric.sensitivity != "confidential"
            and all(self._candidates.distance(self._measures.facts([metric.name]), dataset) is not None for dataset in wanted)
        ]
        names = [metric.name for metric in sorted(fits, key=lambda metric: not metric.certified)]
        return names or [
            f"count({name})" for name in self._catalog.datasets if all(self._candidates.distance((name,), dataset) is not None for dataset in wanted)
        ]

    def when(self) -> None:
        """ "When do people contact us", "when did we have the most orders": of the units of time one is chosen. Raises Ambiguous until it is."""
        draft = self._draft
        if not _WHEN.match(self._scene.plain) or draft.grain or draft.analysis or draft.compare or any(key.form for key in draft.group_by):
            return
        if (field := draft.time_field or self._scene.moments.time_field()) is None:
            return
        decided = self._scene.decisions.get(("when", ""))
        units = ("month", "week", "day") if draft.ranking else ("month", "weekday", "day")
        if decided not in units:
            raise Ambiguous("when", [Meaning(_UNITS[unit], unit) for unit in units], ("when", ""), sure=False)
        draft.time_field = field
        if decided == "weekday":
            draft.group_by.append(Key(field, "weekday"))
        else:
            draft.grain = decided  # type: ignore[assignment]  # one of `units`

    def ranked_kind(self) -> FieldId | None:
        """ "Top 5 podcasts": where a value says of which kind the members are that are ranked, what these are known by."""
        named = next((chunk.of for chunk in of(self._chunks, Ranked) if chunk.of is not None), None)
        if named is None or not named.values or named.metrics or named.fields or named.datasets:
            return None
        filtered = {read_key(condition.dimension, self._catalog).id for condition in self._draft.filters if condition.dimension and condition.op == "="}
        kinds = {link.id for link in named.values} & filtered
        kinds = {kind for kind in kinds if singular(named.words) != named.words or _KINDS & set(self._phrasing.field(kind).lower().split())}
        known = {name for kind in kinds if self._scene.is_member(kind.dataset) and (name := self._candidates.naming(kind.dataset)) is not None}
        found = [name for name in known - kinds if self._catalog.fields[name].role == "dimension"]
        if len(kinds) != 1 or len(found) != 1:
            return None
        self._draft.assume(f"I ranked by {self._phrasing.field(found[0])}")
        return found[0]
