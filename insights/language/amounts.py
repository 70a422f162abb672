"""Numbers that something is compared with: of each record, of each group, or somebody's age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from insights.catalog.model import Aggregation, Catalog, Field, FieldId
from insights.catalog.money import is_amount
from insights.catalog.speakable import says_birth
from insights.language import units
from insights.language.candidates import Candidates
from insights.language.chunks import Bucketed, Chunk, Limited, Mention, Valued, of
from insights.language.draft import Draft, Key, Setting
from insights.language.forms import singular
from insights.language.measures import Measures
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.requests import Filter, Scalar, Unsupported

_OLDEST = 120
_AVERAGED = frozenset({"average", "avg", "mean", "typical"})
_KEPT_ALONE = frozenset({"sum", "avg", "min", "max", "median"})
"""Aggregates that come to the number itself where there is but one."""


class Amounts:
    """Adds conditions on numbers to a draft, by the phrases they stand among."""

    def __init__(self, candidates: Candidates, measures: Measures, draft: Draft, setting: Setting, chunks: Sequence[Chunk]) -> None:
        self._candidates = candidates
        self._measures = measures
        self._draft = draft
        self._catalog = setting.catalog
        self._phrasing = Phrasing(setting.catalog)
        buckets = of(chunks, Bucketed)
        grain = next((chunk.grain for chunk in buckets if chunk.grain is not None), draft.grain)
        self._over_time = str(grain) if grain is not None else "period" if buckets else ""
        behind = ((said, limited) for said, limited in pairwise(chunks) if isinstance(said, Valued) and isinstance(limited, Limited) and limited.unit)
        self._kinds: dict[int, Piece] = {id(limited): said.piece for said, limited in behind}
        self._listed = frozenset(mention.piece for mention in of(chunks, Mention) if mention.joined)

    def limit(self, limited: Limited, facts: frozenset[str]) -> None:
        """A number compared with a metric is a condition on results, with a fact one on rows."""
        target = limited.target
        if (aged := self._age(limited, facts)) is not None:
            self._draft.keep(Filter(dimension=self._catalog.written(aged.id), op=limited.op, values=tuple(limited.numbers)))
            return
        if limited.total is not None and (self._draft.group_by or self._over_time) and not limited.total.piece.metrics and self._draft.analysis != "list":
            text = self._measures.measure(limited.total)
            self._draft.keep(Filter(metric=text, op=limited.op, values=self._scaled(limited, None)))
            return
        if target is not None and target.fields and not target.metrics:
            field = self._number_field(target, limited, facts)
            if field is not None:
                self._compare_rows(field, limited)
                return
        if self._draft.analysis == "list":
            if target is not None and target.metrics and not target.datasets:
                self._listed_by_figure(limited, self._measures.metric(target), facts)
            else:
                self._row_amount(limited, facts)
            return
        if (target is None or not target.metrics) and self._of_the_total(limited):
            return
        if target is not None and target.metrics:
            name = self._measures.metric(target)
            metric = self._catalog.metrics[name]
            if self._counts_rows(limited, name) and self._of_each_row(limited, name):
                self._row_amount(limited, facts)
                return
            if (field := self._of_one_record(name, limited)) is not None:
                self._compare_rows(field, limited)
                self._draft.assume(f"'{limited.words} {_numbers(limited)}' is the {field.label} of one record")
                self._draft.measures = [measure for measure in self._draft.measures if measure != name]
                return
            if limited.unit == "percent" and metric.unit != "percent":
                said = self._phrasing.measure(name)
                raise Stuck(Unsupported(reason=f"{said} is no percentage; for its parts ask for the share of {said}, as in 'share of {said} by ...'."))
            if limited.unit in ("", "percent") or units.same(metric.unit or "", limited.unit):
                self._result(name, metric.unit, limited)
                return
        self._row_amount(limited, facts)

    def _age(self, limited: Limited, facts: frozenset[str]) -> Field | None:
        """ "Patients older than 65": the one age of those who were named, else of anybody the facts know; None for other comparisons.

        So are "patients over 65". Raises Stuck where no age of theirs is recorded.
        """
        people = self._people(limited)
        if not is_of_age(limited) and not people:
            return None
        named = tuple(limited.target.datasets) if limited.target is not None else ()
        reached = sorted(frozenset().union(*(self._catalog.reachable(fact) for fact in facts))) if facts else ()
        for datasets in (named, reached):
            fields = [field for name in datasets for field in self._catalog.datasets[name].fields.values() if _is_age(field)]
            if len(fields) == 1:
                return fields[0]
        if people:
            who = self._phrasing.dataset(people[0])
            words = f"{limited.words} {_numbers(limited)}"
            raise Stuck(Unsupported(reason=f"The age of {who} is not recorded; if '{words}' is another figure of theirs, say which."))
        return None

    def _people(self, limited: Limited) -> list[str]:
        """Those whose age a number without a unit can be that is said right behind them."""
        target = limited.target
        bare = limited.unit in ("", "years") and all(0 < number <= _OLDEST for number in limited.numbers)
        if target is None or limited.behind or target.metrics or not bare:
            return []
        named = [(name, self._catalog.datasets[name]) for name in target.datasets]
        return [name for name, table in named if any(says_birth(field.id.name, field.label) or _is_age(field) for field in table.fields.values())]

    def _counts_rows(self, limited: Limited, name: str) -> bool:
        """Whether the number was said behind a mere count: "orders over 100" may mean the amount of each."""
        counted = [part for part in self._catalog.metrics[name].aggregations if is_count(part, self._catalog)]
        plain = len(self._catalog.metrics[name].formula) == 1 and bool(counted)
        return plain and not limited.behind and not limited.unit and min(limited.numbers) >= 0 and bool(self._amounts(frozenset({counted[0].dataset}), ""))

    def _of_one_record(self, name: str, limited: Limited) -> Field | None:
        """ "Flights with more than 190 passengers": where records are counted, a figure that is made of one number of theirs is that number of each.

        None where something else is meant. Raises Ambiguous where the figure of each group can be meant as well.
        """
        metric, field = self._catalog.metrics[name], self._number_behind(name)
        part = metric.formula[0]
        if field is None or not isinstance(part, Aggregation):
            return None
        said = limited.target.words.split() if limited.target is not None else []
        stays = part.function == "avg" and not _AVERAGED & set(said)  # "patients with a stay over 10 days" had such a stay, once or oftener
        if not self._counts_records_of(part.dataset, beside=name, holders=stays):
            return None
        if limited.target in self._listed:
            return None  # "parcels and charges over 25" asks for both
        field = field if field.unit else replace(field, unit=metric.unit)
        if limited.unit and not (units.same(field.unit or "", limited.unit) or units.converted(1, limited.unit, field.unit or "") is not None):
            return None
        grouped = self._draft.group_by or self._over_time
        return field if not grouped or self._level(limited, f"{self._phrasing.measure(name)} {limited.words} {_numbers(limited)}") == "row" else None

    def _number_behind(self, name: str) -> Field | None:
        """The one number of a record that a figure is made of; None where it is made of several, or of some records alone."""
        parts = self._catalog.metrics[name].formula
        part = parts[0] if len(parts) == 1 else None
        if not isinstance(part, Aggregation) or part.function not in _KEPT_ALONE or part.where or part.over or part.money or len(part.operand or ()) != 1:
            return None
        field = self._catalog.fields.get(part.operand[0]) if part.operand and isinstance(part.operand[0], FieldId) else None
        return field if field is not None and field.kind == "number" and field.id.dataset == part.dataset else None

    def _listed_by_figure(self, limited: Limited, name: str, facts: frozenset[str]) -> None:
        """ "List the orders with at least 5 units": the number of each that units sold is made of. Raises Stuck where a record has no such number."""
        field, label = self._number_behind(name), self._phrasing.measure(name)
        if field is None or field.id.dataset not in facts:
            read = [
                link for part in self._catalog.metrics[name].aggregations for link in part.operand or () if isinstance(link, FieldId) and link.dataset in facts
            ]
            own = self._phrasing.field(read[0]) if read else "amount"
            raise Stuck(Unsupported(reason=f"{label} is no number of one record; name one, as in '{own} {limited.words} {_numbers(limited)}'."))
        self._draft.keep(Filter(dimension=self._catalog.written(field.id), op=limited.op, values=self._converted(limited, field)))
        self._draft.assume(f"'{limited.words} {_numbers(limited)}' is the {field.label} of one record")

    def _counts_records_of(self, dataset: str, *, beside: str, holders: bool) -> bool:
        """Whether all that is asked for, `beside` the figure of a condition, is how many records of a table there are, or how many `holders` they have."""
        measures = [name for name in self._draft.measures if name != beside]
        formulas = [metric.formula for name in measures if (metric := self._catalog.metrics.get(name)) is not None]
        single = [one[0] for one in formulas if len(one) == 1 and isinstance(one[0], Aggregation) and one[0].dataset == dataset]
        counts = [part for part in single if is_count(part, self._catalog) or (holders and part.function == "count_distinct")]
        others = [name for name in measures if name not in self._catalog.metrics]
        return bool(measures) and len(counts) == len(formulas) and all(name == f"count({dataset})" for name in others)

    def _of_each_row(self, limited: Limited, name: str) -> bool:
        """Whether each record is meant rather than the number of them in a group; without groups it is. Raises Ambiguous."""
        if not self._draft.group_by and not self._over_time:
            return True
        return self._level(limited, f"{self._phrasing.measure(name)} {limited.words} {_numbers(limited)}") == "row"

    def _level(self, limited: Limited, total: str) -> object:
        words = f"{limited.words} {_numbers(limited)}"
        decided = self._candidates.decided("level", words)
        if decided is None:
            groups = " and ".join(self._phrasing.group(key.written(self._catalog)) for key in self._draft.group_by) or self._over_time
            raise Ambiguous(words, [Meaning(f"each {groups} with {total} in all", "total"), Meaning(f"single records {words}", "row")], ("level", words))
        return decided

    def _of_the_total(self, limited: Limited) -> bool:
        """ "Revenue by region over two million": the one figure of each group, unless single records can be meant. Whether it was."""
        if len(self._draft.measures) != 1 or not (self._draft.group_by or self._over_time):
            return False
        name = self._draft.measures[0]
        metric = self._catalog.metrics.get(name)
        if limited.unit and not (metric is not None and (units.same(metric.unit or "", limited.unit) or limited.unit == metric.unit)):
            return False
        facts = self._measures.facts([name])
        if limited.target is None and self._amounts(facts, limited.unit) and self._level(limited, self._phrasing.measure(name)) == "row":
            return False
        self._draft.keep(Filter(metric=name, op=limited.op, values=self._scaled(limited, metric.unit if metric is not None else None)))
        return True

    def _amounts(self, facts: frozenset[str], unit: str) -> list[Field]:
        """What makes a record of the facts large: numbers in the unit that was said, or the records' own amount where none was."""
        fields = [
            field
            for dataset in sorted(facts)
            for field in self._catalog.datasets[dataset].fields.values()
            if field.role == "fact"
            and (not unit or (field.unit is not None and (units.same(field.unit, unit) or units.converted(1, unit, field.unit) is not None)))
        ]
        return _own(fields) or fields if unit else _own(fields) or [field for field in fields if field.unit and field.unit.isupper()] or fields

    def _number_field(self, target: Piece, limited: Limited, facts: frozenset[str]) -> Field | None:
        """The number that was named; of several, what is within reach. Raises Ambiguous where that are several, None where it is no number."""
        numbers = [field for link in target.fields if (field := self._catalog.fields[link.id]).kind == "number"]
        if len(numbers) < 2:
            return numbers[0] if numbers else None
        near = [field for field in numbers if self._candidates.distance(facts, field.id.dataset) is not None]
        return self._candidates.chosen(f"{target.words} {limited.words} {_numbers(limited)}", near) if near else None

    def _compare_rows(self, field: Field, limited: Limited) -> None:
        """A condition on a number of each record, which for amounts in several currencies is the number that is written there."""
        self._draft.keep(Filter(dimension=self._catalog.written(field.id), op=limited.op, values=self._converted(limited, field)))
        if is_amount(self._catalog, field.id):
            self._draft.assume(f"{self._phrasing.field(field.id)} is compared as it is recorded, each in its own currency")

    def _result(self, name: str, unit: str | None, limited: Limited) -> None:
        """A condition on results needs groups to hold for."""
        if not self._draft.group_by and not self._over_time:
            self._draft.group_by.append(Key(self._candidates.decided_group(self._measures.facts([name]), self._phrasing.measure(name))))
        self._draft.keep(Filter(metric=name, op=limited.op, values=self._scaled(limited, unit)))

    def _converted(self, limited: Limited, field: Field) -> tuple[Scalar, ...]:
        """The numbers in the unit of the field. Raises Stuck where the unit that was said is another, or cannot be told from it."""
        said, unit = limited.unit, (field.unit or "")
        if not said or "percent" in (said, unit) or units.same(unit, said):
            return self._scaled(limited, unit or None)
        told = [units.converted(number, said, unit) for number in limited.numbers]
        if None not in told:
            return tuple(told)
        if unit or said in ("hours", "seconds", "days", "weeks"):
            known = f"in {unit}" if unit else "recorded without a unit"
            raise Stuck(Unsupported(reason=f"{self._phrasing.field(field.id)} is {known}; say the number so, without '{said}'."))
        self._draft.assume(f"{self._phrasing.field(field.id)} is recorded in {said}")
        return tuple(limited.numbers)

    @staticmethod
    def _scaled(limited: Limited, unit: str | None) -> tuple[Scalar, ...]:
        """Percent are fractions of one."""
        if unit == "percent" or limited.unit == "percent":
            return tuple(number / 100 for number in limited.numbers)
        return tuple(limited.numbers)

    def _row_amount(self, limited: Limited, facts: frozenset[str]) -> None:
        """ "orders over 100 dollars": the one amount of the fact's records that is in this unit."""
        fields = self._amounts(facts, limited.unit)
        if (kind := self._kinds.get(id(limited))) is not None and not _own(fields):  # "sessions of films over 120 minutes": of each session, or of the film
            owners = {link.id.dataset for link in kind.values} - facts
            fields = [*fields, *self._amounts(frozenset(name for name in owners if self._candidates.distance(facts, name) is not None), limited.unit)]
        words = f"{limited.words} {' and '.join(str(number) for number in limited.numbers)}"
        if not fields:
            raise Stuck(Unsupported(reason=f"I don't know what '{words}' is measured in; name the field, as in 'amount {words}'."))
        field = self._candidates.chosen(words, fields)
        self._compare_rows(field, limited)
        self._draft.assume(f"'{words}' is the {field.label} of one record")


def is_count(part: Aggregation, catalog: Catalog) -> bool:
    """Whether records are counted: all of them, or each by its key."""
    key = tuple(FieldId(part.dataset, name) for name in catalog.datasets[part.dataset].primary_key)
    return part.function == "count" or (part.function == "count_distinct" and part.operand == key)


def is_of_age(limited: Limited) -> bool:
    """Whether somebody's age is compared, rather than how long ago something was."""
    return limited.words.startswith(("older", "younger")) and limited.unit in ("", "years")


def _is_age(field: Field) -> bool:
    return field.kind == "number" and "age" in {*field.label.casefold().split(), *field.id.name.casefold().split("_")}


def _own(fields: Sequence[Field]) -> list[Field]:
    """The one field that is called after its records: the order amount of orders."""
    own = [field for field in fields if singular(field.id.dataset) in field.label.lower().split()]
    return own if len(own) == 1 else []


def _numbers(limited: Limited) -> str:
    return " and ".join(f"{number:,}" for number in limited.numbers)
