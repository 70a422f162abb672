"""What is shown of figures behind which there are people: no group of too few, and nothing from which such a group could be worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from insights.errors import NotPermitted
from insights.query.algebra import Plan
from insights.query.suppression import TooManyHidden, hidden
from insights.requests import Filter, MetricQuestion, Operator, PlainField, Scalar, parse_group
from insights.warehouse.port import Table

MOST_GROUPS = 10_000
_NEGATED: dict[Operator, Operator] = {"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<", "is_null": "not_null", "not_null": "is_null"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """What may be shown: the rows, and how many groups are not."""

    table: Table
    hidden: int = 0


def counts_people(planned: Plan) -> bool:
    """Whether there are people behind the figures who must be counted."""
    return planned.minimum_group is not None and bool(planned.guards)


def as_read(planned: Plan) -> Plan:
    """The plan as it has to be computed: which groups are too small is seen only among all of them, so conditions on their figures come after."""
    return replace(planned, conditions=()) if counts_people(planned) and planned.keys else planned


def guarded(planned: Plan, table: Table) -> Guarded:
    """The rows that may be shown, with the conditions on their figures applied. Raises NotPermitted where nothing sensible is left.

    Buckets of time stay, without their figures: an empty place would be read as nothing having happened.
    """
    least = planned.minimum_group
    if least is None or not planned.guards:
        return Guarded(table=table)
    people = [_people(planned, row) for row in table.rows]
    if not planned.keys or planned.listing is not None:
        _refuse(any(0 < count < least for count in people), least)
        return Guarded(table=table)
    try:
        gone = hidden([tuple(row[: len(planned.keys)]) for row in table.rows], people, least) if len(table.rows) <= MOST_GROUPS else None
    except TooManyHidden:
        gone = None
    looks_around = planned.running or planned.change is not None or bool(planned.within) or planned.values is not None
    left = sum(1 for at, count in enumerate(people) if count and (gone is None or at not in gone))
    _refuse(gone is None or (bool(gone) and (looks_around or not left)), least)
    rows = list(_kept(planned, table.rows, gone or frozenset()))
    return Guarded(table=replace(table, rows=tuple((*row[:-1], len(rows)) for row in rows)), hidden=len(gone or ()))


def _people(planned: Plan, row: Sequence[Scalar]) -> int:
    """The fewest people behind any of a row's figures that has some."""
    first = len(planned.keys) + len(planned.outputs)
    counts = [count for count in row[first : first + len(planned.guards)] if isinstance(count, int) and count > 0]
    return min(counts, default=0)


def _kept(planned: Plan, rows: Sequence[Sequence[Scalar]], gone: frozenset[int]) -> Iterator[tuple[Scalar, ...]]:
    keys, figures = len(planned.keys), len(planned.outputs)
    over_time = planned.keys[0].grain is not None and not planned.conditions and planned.limit is None
    for at, row in enumerate(rows):
        if at in gone:
            if over_time:
                yield (*row[:keys], *([None] * figures), *row[keys + figures :])
        elif all(_holds(row[keys + number], op, values) for number, op, values in planned.conditions):
            yield tuple(row)


def _holds(figure: Scalar, op: Operator, values: Sequence[Scalar]) -> bool:
    """Whether a figure meets a condition, as SQL has it: what is unknown meets none but the one for unknown."""
    if op in ("is_null", "not_null"):
        return (figure is None) == (op == "is_null")
    if figure is None:
        return None in values and op == "="
    if not isinstance(figure, int | float):
        return False
    numbers = [value for value in values if isinstance(value, int | float)]
    match op:
        case "=":
            return figure in numbers
        case "!=":
            return figure not in numbers
        case "between":
            return numbers[0] <= figure <= numbers[1]
        case ">":
            return figure > numbers[0]
        case ">=":
            return figure >= numbers[0]
        case "<":
            return figure < numbers[0]
        case _:
            return figure <= numbers[0]


def others(question: MetricQuestion) -> Iterator[MetricQuestion]:
    """For each condition of a question, the same for those whom that condition leaves out: who asks with and without it learns about them."""
    for place, condition in enumerate(question.filters):
        if condition.dimension is None or not isinstance(parse_group(condition.dimension), PlainField):
            continue
        for other in _opposite(condition):
            filters = (*(one for one in question.filters[:place] if one.dimension), other, *(one for one in question.filters[place + 1 :] if one.dimension))
            yield MetricQuestion(
                analysis="value", metrics=question.metrics, filters=filters, period=question.period, time_field=question.time_field
            )  # fmt: skip


def _opposite(condition: Filter) -> Iterator[Filter]:
    """Those whom a condition leaves out; of the beginning of a name nothing can be said."""
    if condition.op == "between" and len(condition.values) == 2:
        yield replace(condition, op="<", values=condition.values[:1])
        yield replace(condition, op=">", values=condition.values[1:])
    elif condition.op in _NEGATED:
        yield replace(condition, op=_NEGATED[condition.op])


def refuse_few(planned: Plan, rows: Sequence[Sequence[Scalar]]) -> None:
    """Refuse a question when those whom it leaves out are too few. Raises NotPermitted."""
    least = planned.minimum_group or 0
    if any(0 < _people(planned, row) < least for row in rows):
        raise NotPermitted(
            f"With what you may see besides, that would tell something about fewer than {least} people: those it leaves out.",
            remedy="Ask for all of them, or with another condition.",
        )


def _refuse(refused: bool, least: int) -> None:
    if refused:
        raise NotPermitted(f"That would tell something about fewer than {least} people.", remedy="Ask with fewer details, or over a longer period.")
