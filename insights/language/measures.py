"""What is measured: names under aggregates become metrics, ad-hoc aggregates and formulas as requests write them."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.labels import inside
from insights.catalog.model import Aggregation, Catalog, ColumnRef, Field, FieldId, Metric
from insights.catalog.money import CODE
from insights.catalog.ways import roles_played
from insights.language.candidates import Decisions
from insights.language.chunks import Combined, Measured, Mention
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.requests import AdHoc, AggregateFunction, Formula, Measure, MetricName, Unsupported, parse_measure

_ASKED: tuple[AggregateFunction, ...] = ("avg", "sum", "max", "min", "median")
_RENOWNED = {"sum": "total", "avg": "average", "median": "median", "min": "lowest", "max": "highest"}


def datasets_of(measure: Measure, catalog: Catalog) -> frozenset[str]:
    """The fact datasets that a measure is computed over."""
    match measure:
        case MetricName(name) if name not in catalog.metrics:
            return frozenset({name.partition(".")[0]})  # a bare field, by its own values
        case MetricName(name):
            return frozenset(part.dataset for part in catalog.metrics[name].aggregations)
        case AdHoc(_, dataset, _):
            return frozenset({dataset})
        case Formula(left, _, right):
            return datasets_of(left, catalog) | datasets_of(right, catalog)


class Measures:
    """Turns phrases into measures of one catalog; what was taken for granted goes to `assumed`."""

    def __init__(self, catalog: Catalog, decisions: Decisions, assumed: list[str]) -> None:
        self._catalog = catalog
        self._decisions = decisions
        self._assumed = assumed
        self._phrasing = Phrasing(catalog)

    def facts(self, measures: Sequence[str]) -> frozenset[str]:
        """The fact datasets of all measures."""
        found: frozenset[str] = frozenset()
        for text in measures:
            found |= datasets_of(parse_measure(text), self._catalog)
        return found

    def fact(self, piece: Piece) -> FieldId:
        """The number that a name means by its own values. Raises Ambiguous, or Stuck where no figure of it is allowed."""
        fields = self._fields(piece)
        field = self._field(piece, [field for field in fields if field.role == "fact"] or fields)
        self._check_open(field)
        return field.id

    def counting(self, dataset: str) -> str | None:
        """How many records there are: a metric that counts them, else the count; None for records that others are grouped by."""
        if any(relationship.one == dataset for relationship in self._catalog.relationships):
            return None
        return self._counting((dataset,)) or f"count({dataset})"

    def counts_records(self, name: str) -> bool:
        """Whether a metric only counts the records of one dataset."""
        return any(self._counting((part.dataset,)) == name for part in self._catalog.metrics[name].aggregations)

    def has_figure(self, said: Mention | Measured | Combined) -> bool:
        """Whether it measures more than how many records there are."""
        if isinstance(said, Combined) or (isinstance(said, Measured) and said.function not in ("count", "count_distinct")):
            return True
        return bool(said.piece.metrics) and not all(map(self.counts_records, said.piece.metrics))

    def names_records(self, id_: FieldId) -> bool:
        """Whether a field is what each record is known by, so that there are as many of it as records."""
        key = self._catalog.datasets[id_.dataset].primary_key
        return len(key) == 1 and (id_.name == key[0] or self._catalog.fields[id_].expression == (ColumnRef(key[0]),))

    def can_measure(self, piece: Piece) -> bool:
        """Whether the name alone is something to measure: a metric, or a fact that an aggregate is wanted for."""
        return bool(piece.metrics) or self._is_fact(piece)

    def _is_fact(self, piece: Piece) -> bool:
        roles = {self._catalog.fields[link.id].role for link in piece.fields}
        return "fact" in roles and "dimension" not in roles

    def measure(self, said: Mention | Measured | Combined) -> str:
        """The measure as a request writes it. Raises Ambiguous or Stuck."""
        match said:
            case Combined(left=left, operator=operator, right=right):
                return self._formula(left, operator, right)
            case Measured(function="count", piece=piece):
                return self._count(piece)
            case Measured(function="count_distinct", piece=piece):
                return self._distinct(piece)
            case Measured(function="percentile", piece=piece, at=at):
                return self._percentile(at, piece)
            case Measured(function=function, piece=piece):
                return self._aggregate(function, piece)  # type: ignore[arg-type]  # "percentile" is the case above
            case Mention(piece=piece):
                return self.metric(piece) if piece.metrics else self._bare(piece)

    def metric(self, piece: Piece) -> str:
        """The one metric a name means. Raises Ambiguous."""
        names = piece.metrics
        if len(names) == 1 and piece.how != "part":
            return names[0]
        decided = self._decisions.get(("metric", piece.words))
        if decided in names:
            return str(decided)
        exact = [name for name in names if piece.words in (name.replace("_", " "), self._catalog.metrics[name].label.lower())]
        if len(exact) == 1:
            return exact[0]
        raise Ambiguous(piece.words, [Meaning(self._catalog.metrics[name].label, name) for name in names], ("metric", piece.words), sure=piece.how != "part")

    def _formula(self, left: Mention | Measured, operator: str, right: Mention | Measured) -> str:
        first = self._operand(left)
        second = self._counted(right.piece) if isinstance(right, Mention) and not self.can_measure(right.piece) else self._operand(right)
        if operator == "/" and self._is_rate(first) and not self._is_rate(second):
            raise Stuck(Unsupported(reason=f"{self._phrasing.measure(first)} is a rate already, so I can't divide it by {self._phrasing.measure(second)}."))
        text = f"{first} {operator} {second}"
        label = self._phrasing.measure(text)
        self._assumed.append(f"{label[:1].upper()}{label[1:]} is not a certified metric: I worked it out from its two parts")
        return text

    def _is_rate(self, name: str) -> bool:
        metric = self._catalog.metrics.get(name)
        return metric is not None and metric.type == "ratio"

    def _operand(self, said: Mention | Measured) -> str:
        """A part of a formula: "average revenue per customer" is revenue per customer."""
        if isinstance(said, Measured) and said.function == "avg" and said.piece.metrics:
            return self.metric(said.piece)
        if isinstance(said, Measured) and said.function == "avg" and said.piece.datasets:
            return self._count(said.piece)
        return self.measure(said)

    def _counted(self, piece: Piece) -> str:
        return self._count(piece)

    def _count(self, piece: Piece) -> str:
        """How many: a metric of that name, else the records of a dataset, else the different values of a dimension."""
        counting = self._counting(piece.datasets)
        if piece.metrics:
            return self._counted_metric(piece)
        if piece.datasets:
            return counting or f"count({piece.datasets[0]})"
        fields = self._fields(piece)
        countable = [field for field in fields if field.role in ("dimension", "key")]
        if countable:
            counted = self._field(piece, countable).id
            return (self.names_records(counted) and self.counting(counted.dataset)) or f"count_distinct({counted})"
        if fields and fields[0].role == "fact":
            return self._bare(piece)
        if fields and {field.role for field in fields} == {"time"}:  # "how many sessions start between ..."
            dataset = fields[0].id.dataset
            return self._counting((dataset,)) or f"count({dataset})"
        raise Stuck(Unsupported(reason=f"I can't count '{piece.words}'."))

    def _counted_metric(self, piece: Piece) -> str:
        """ "How many orders" is the metric of that name; "how many refunds" is no amount of money. Raises Ambiguous."""
        name = self.metric(piece)
        metric = self._catalog.metrics[name]
        counts = all(part.function in ("count", "count_distinct") for part in metric.aggregations)
        if counts or CODE.fullmatch(metric.unit or "") is None or self._decisions.get(("counted", name)) == name:
            return name
        raise Ambiguous(f"how many {piece.words}", [Meaning(f"{metric.label}, an amount in {metric.unit}", name)], ("counted", name), sure=False)

    def _counting(self, datasets: Sequence[str]) -> str | None:
        """The metric that counts the records of one of some datasets, the first that is declared."""
        counting = {name for dataset in datasets if (name := self._catalog.counting.get(dataset)) is not None}
        return next((name for name in self._catalog.metrics if name in counting), None) if len(counting) > 1 else next(iter(counting), None)

    def _distinct(self, piece: Piece) -> str:
        for name in piece.metrics:
            if any(part.function == "count_distinct" for part in self._catalog.metrics[name].aggregations):
                return name
        fields = self._fields(piece)
        countable = [field for field in fields if field.role in ("dimension", "key")]
        if countable:
            return f"count_distinct({self._field(piece, countable).id})"
        if piece.datasets:
            return f"count({piece.datasets[0]})"
        raise Stuck(Unsupported(reason=f"I can't count different '{piece.words}'."))

    def _aggregate(self, function: AggregateFunction, piece: Piece) -> str:
        facts = self._fields(piece)
        facts = [field for field in facts if field.role == "fact"] or [field for field in facts if field.kind == "number"]
        own = [field for field in facts if field.role == "fact"]
        if piece.metrics and len(own) == 1 and function in own[0].aggregates and function != "sum" and not self._is_aggregate(piece.metrics, function):
            return f"{function}({own[0].id})"  # the number of each record has the same name
        if piece.metrics:
            return self._aggregated_metric(function, self.metric(piece))
        if not facts:
            raise Stuck(Unsupported(reason=f"'{piece.words}' has no numbers that I could take the {_RENOWNED[function]} of."))
        field = self._field(piece, facts)
        self._check_open(field)
        if function not in field.aggregates:
            allowed = " or ".join(_RENOWNED.get(name, name) for name in field.aggregates)
            raise Stuck(Unsupported(reason=f"I may not take the {_RENOWNED[function]} of {field.label}; there is the {allowed}."))
        return f"{function}({field.id})"

    def _percentile(self, at: int, piece: Piece) -> str:
        """Of a number of single records; a metric has none. Raises Ambiguous or Stuck."""
        facts = [field for link in piece.fields if (field := self._catalog.fields[link.id]).role == "fact"]
        if not facts and len(piece.metrics) == 1 and (single := self._averaged_of(piece.metrics[0])) is not None:
            facts = [self._catalog.fields[single]]
            label = self._phrasing.field(single)
            self._assumed.append(f"{self._catalog.metrics[piece.metrics[0]].label} averages the {inside(label)} of each record, and I looked at these")
        if not facts:
            said = self._catalog.metrics[piece.metrics[0]].label if piece.metrics else f"'{piece.words}'"
            raise Stuck(Unsupported(reason=f"I can't take a percentile of {said}; there are percentiles of what is recorded of each single record."))
        field = self._field(piece, facts)
        if not field.percentiles:
            self._check_open(field)
            raise Stuck(
                Unsupported(reason=f"I may not take a percentile of {field.label}; I can tell its distribution, as in 'distribution of {inside(field.label)}'.")
            )
        return f"p{at}({field.id})"

    @staticmethod
    def _check_open(field: Field) -> None:
        """Raises Stuck for a field that is declared to have no aggregates: nothing that is refused in the end may be offered."""
        if not field.aggregates:
            raise Stuck(Unsupported(reason=f"I may not take the total, the average or another figure of {field.label}."))

    def _is_aggregate(self, metrics: Sequence[str], function: AggregateFunction) -> bool:
        return any(part.function == function for name in metrics for part in self._catalog.metrics[name].aggregations)

    def _aggregated_metric(self, function: AggregateFunction, name: str) -> str:
        """A metric that is such an aggregate already is meant itself; of any other aggregate over a metric there are two meanings."""
        metric = self._catalog.metrics[name]
        parts = metric.aggregations
        if any(part.function == function for part in parts) or (function == "sum" and metric.additive):
            return name
        if function == "avg" and len(parts) > 1 and not metric.additive:
            self._assumed.append(f"{metric.label} is a rate over everything, not an average of averages")
            return name
        field = self._underlying(metric, parts)
        if field is None or function == "sum" or function not in self._catalog.fields[field].aggregates:
            raise Stuck(
                Unsupported(reason=f"I can't take the {_RENOWNED[function]} of {metric.label}; I can tell {metric.label} itself.", suggestions=(metric.label,))
            )
        decided = self._decisions.get(("aggregate", f"{function} {name}"))
        if isinstance(decided, str):
            return decided
        single = f"{function}({field})"
        meanings = [Meaning(f"{_RENOWNED[function]} {inside(self._phrasing.field(field))} of one record", single), Meaning(f"{metric.label} as a whole", name)]
        raise Ambiguous(f"{_RENOWNED[function]} {metric.label}", meanings, ("aggregate", f"{function} {name}"))

    def _averaged_of(self, name: str) -> FieldId | None:
        """The number of each record that a metric averages: of these there are percentiles."""
        metric = self._catalog.metrics[name]
        return self._underlying(metric, metric.aggregations) if self._is_aggregate((name,), "avg") else None

    @staticmethod
    def _underlying(metric: Metric, parts: Sequence[Aggregation]) -> FieldId | None:
        if len(metric.formula) != 1 or len(parts) != 1 or parts[0].where is not None or parts[0].operand is None:
            return None
        operand = parts[0].operand
        return operand[0] if len(operand) == 1 and isinstance(operand[0], FieldId) else None

    def _bare(self, piece: Piece) -> str:
        """A fact without an aggregate: the first declared one is meant, else we ask."""
        facts = [field for field in self._fields(piece) if field.role == "fact"]
        field = self._field(piece, facts)
        self._check_open(field)
        if field.aggregates_declared:
            function = field.aggregates[0]
            self._assumed.append(f"'{piece.words}' is the {_RENOWNED.get(function, function)} {field.label}")
            return f"{function}({field.id})"
        decided = self._decisions.get(("function", piece.words))
        if isinstance(decided, str):
            return f"{decided}({field.id})"
        allowed = [name for name in _ASKED if name in field.aggregates] or list(field.aggregates)
        raise Ambiguous(piece.words, [Meaning(f"{_RENOWNED[name]} {inside(field.label)}", name) for name in allowed[:3]], ("function", piece.words))

    def _fields(self, piece: Piece) -> list[Field]:
        """What the name means of the tables themselves. Raises Stuck for what is only somewhere in a role: rows by it can be told, it cannot be counted."""
        played = roles_played(self._catalog)
        fields = [self._catalog.fields[link.id] for link in piece.fields if link.id not in played]
        if piece.fields and not fields:
            said, own = self._phrasing.field(piece.fields[0].id), self._phrasing.field(played[piece.fields[0].id])
            raise Stuck(
                Unsupported(reason=f"I can tell figures by {said}, but take none of {said} alone; ask for them by {said}, or for those of every {own}.")
            )
        return fields

    def _field(self, piece: Piece, fields: Sequence[Field]) -> Field:
        """One field of several that are called the same."""
        if len(fields) == 1 and piece.how != "part":
            return fields[0]
        decided = self._decisions.get(("field", piece.words))
        for field in fields:
            if field.id == decided:
                return field
        dimensions = [field for field in fields if field.role == "dimension"]
        if len(dimensions) == 1:
            return dimensions[0]
        full = len({field.label for field in fields}) < len(fields)
        meanings = [Meaning(self._phrasing.field(field.id, full=full), field.id) for field in fields]
        raise Ambiguous(piece.words, meanings, ("field", piece.words), sure=piece.how != "part")
