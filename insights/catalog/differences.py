"""What is different between two versions of definitions, in words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, assert_never

from insights.catalog.model import Aggregation, Catalog, Field, FieldId, Metric, Relationship
from insights.catalog.quantities import Balance, Earlier, Followed, UpTo

Thing = TypeVar("Thing")
How = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing (metric, field, dataset, relationship, policy, ...) that is `how`; `detail` says what of it, before and after."""

    how: How
    what: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.how} {self.what}" + (f": {self.detail}" if self.detail else "")


def differences(old: Catalog, new: Catalog) -> tuple[Difference, ...]:
    """Everything that may change an answer or who may have it: metrics, then fields, datasets, relationships, policies and the calendar."""
    found = [
        *_compared("metric", old.metrics, new.metrics, _of_metric),
        *_compared("field", {str(id_): f for id_, f in old.fields.items()}, {str(id_): f for id_, f in new.fields.items()}, _of_field),
        *_compared("dataset", _rows(old), _rows(new), lambda one: {"rows": one}),
        *_compared("relationship", _ends(old), _ends(new), lambda one: {"columns": f"{', '.join(one.many_columns)} = {', '.join(one.one_columns)}"}),
    ]
    found += _changes("the policies", {"policies": _policies(old)}, {"policies": _policies(new)})
    found += _changes("the catalog", _of_catalog(old), _of_catalog(new))
    return tuple(found)


def _compared(kind: str, old: Mapping[str, Thing], new: Mapping[str, Thing], told: Callable[[Thing], Mapping[str, str]]) -> Iterator[Difference]:
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield Difference("removed", f"{kind} {name}")
        elif name not in old:
            yield Difference("added", f"{kind} {name}")
        else:
            yield from _changes(f"{kind} {name}", told(old[name]), told(new[name]))


def _changes(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    changed = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    if changed:
        yield Difference("changed", what, "; ".join(f"{key} was {old.get(key) or 'nothing'}, is {new.get(key) or 'nothing'}" for key in changed))


def _of_metric(metric: Metric) -> dict[str, str]:
    """What a metric comes to and who answers for it; `expression` is what people wrote, `computed` what it compiles to where only that differs."""
    computed = "".join(part if isinstance(part, str) else _aggregate(part) for part in metric.formula)
    return {
        "type": metric.type,
        "expression": metric.expression,
        "filter": metric.filter or "",
        "computed": computed,
        "time": str(metric.time or ""),
        "unit": metric.unit or "",
        "label": metric.label,
        "owner": metric.owner or "",
        "certified": "yes" if metric.certified else "no",
        "sensitivity": metric.sensitivity,
    }


def _aggregate(part: Aggregation) -> str:
    operand = "".join(map(str, part.operand)) if part.operand is not None else "*"
    where = f" where {''.join(map(str, part.where))}" if part.where is not None else ""
    at = f" at {part.at}" if part.at is not None else ""
    return f"{part.function}({operand}){at} of {part.dataset}{where}{_over(part.over)} by {part.time or 'no time'}"


def _over(over: UpTo | Balance | Followed | Earlier | None) -> str:
    """Which rows count besides those of the period, in words: every setting that makes another figure."""
    match over:
        case None:
            return ""
        case UpTo(window=window, to_date=to_date):
            since = f"the last {window} of" if window else f"the {to_date} to date of" if to_date else "everything up to"
            return f", {since} the end of each period ({over.period_agg} of longer ones, {'with the data' if over.with_data else 'with the calendar'})"
        case Balance(take=take, per=per, carried=carried):
            return f", the {take} count{f' of each {_listed(per)}' if per else ''}{'' if carried else ', unknown where none was made'}"
        case Followed(goal=goal, by=by, goal_by=other, within=within, same=same):
            pairs = "".join(f" and {one} = {two}" for one, two in same)
            return f", followed{f' within {within}' if within else ''} by {_aggregate(goal)} where {by} = {other}{pairs}"
        case Earlier(ago=ago, start_of=start_of, then=then):
            return f", {f'{ago} before' if ago else f'at the start of the {start_of}'}{_over(then)}"
        case _:
            assert_never(over)


def _listed(fields: tuple[FieldId, ...]) -> str:
    return " and ".join(map(str, fields))


def _rows(catalog: Catalog) -> dict[str, str]:
    """Where the rows of each dataset are, without the folders that all have in common: a copy of a catalog is no other catalog."""
    paths = [path for dataset in catalog.datasets.values() for path in dataset.source.paths if "://" not in path]
    shared = os.path.commonpath([os.path.dirname(path) for path in paths]) if paths else ""
    return {
        name: dataset.source.table or ", ".join(path.removeprefix(shared).lstrip("/") for path in dataset.source.paths)
        for name, dataset in catalog.datasets.items()
    }


def _of_field(field: Field) -> dict[str, str]:
    expression = "".join(part if isinstance(part, str) else part.name for part in field.expression)
    return {"expression": expression, "kind": field.kind, "role": field.role, "label": field.label, "unit": field.unit or ""}


def _ends(catalog: Catalog) -> dict[str, Relationship]:
    """Relationships by what they join: their names say nothing."""
    return {f"{one.many} -> {one.one} ({', '.join(one.many_columns)})": one for one in catalog.relationships}


def _policies(catalog: Catalog) -> str:
    return ", ".join(f"{one.dataset} for {'/'.join(one.roles)} where {dict(one.where)}" for one in catalog.policies)


def _of_catalog(catalog: Catalog) -> dict[str, str]:
    return {
        "timezone": catalog.timezone,
        "locale": catalog.locale,
        "week_starts": catalog.week_starts,
        "fiscal_year_starts": str(catalog.fiscal_year_starts),
        "minimum_group": str(catalog.minimum_group or ""),
        "access": ", ".join(f"{level}: {'/'.join(roles)}" for level, roles in catalog.access.items()),
    }
