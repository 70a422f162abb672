"""What is shown of figures behind which there are people: no group of too few, and nothing from which such a group could be worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from insights.errors import NotPermitted
from insights.query.algebra import Plan
from insights.query.screening import Screen
from insights.requests import Operator, Scalar
from insights.warehouse.port import Table

MOST_GROUPS = 10_000


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


def guarded(planned: Plan, table: Table, screens: Sequence[Screen]) -> Guarded:
    """The rows that may be shown, with the conditions on their figures applied. Raises NotPermitted where nothing sensible is left.

    Buckets of time stay, without their figures: an empty place would be read as nothing having happened.
    """
    least = planned.minimum_group
    if least is None or not planned.guards:
        return Guarded(table=table)
    _refuse(any(screen.shows_nothing for screen in screens), least)
    gone = frozenset(at for at, row in enumerate(table.rows) if not _may_be_shown(planned, row, least, screens))
    looks_around = planned.running or planned.change is not None or bool(planned.within) or planned.values is not None
    _refuse(bool(gone) and (looks_around or not planned.keys or len(gone) == len(table.rows)), least)
    _refuse(len(table.rows) > MOST_GROUPS, least)
    if not planned.keys:
        return Guarded(table=table)
    rows = list(_kept(planned, table.rows, gone))
    return Guarded(table=replace(table, rows=tuple((*row[:-1], len(rows)) for row in rows)), hidden=len(gone))


def _may_be_shown(planned: Plan, row: Sequence[Scalar], least: int, screens: Sequence[Screen]) -> bool:
    keys = {column.name: cell for column, cell in zip(planned.keys, row, strict=False)}
    return not 0 < _people(planned, row) < least and all(screen.shows(keys) for screen in screens)


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


def _refuse(refused: bool, least: int) -> None:
    if refused:
        raise NotPermitted(
            f"That, or what it leaves out, would tell something about fewer than {least} people.",
            remedy="Ask with fewer details, or over a longer period.",
        )
