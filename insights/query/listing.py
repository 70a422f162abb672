"""The records themselves: which columns are shown, in which order, and whose may not be listed."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog, ColumnRef, Dataset, Field, FieldId, Relationship
from insights.catalog.money import is_amount
from insights.catalog.values import Contents
from insights.errors import NotAnswerable, NotPermitted, UnknownThing, nearest
from insights.permit import Grant
from insights.query import sets
from insights.query.algebra import Condition, Either, Expression, Listing, Plan, Rows, Stated
from insights.query.gathering import joining_for
from insights.query.groups import Grouping, column, expression, grouping, label, refuse_closed
from insights.query.joins import Joining, path_to, said
from insights.query.measures import Measured, measured
from insights.query.parts import Asked, Repeated, Scope, repeated, rows
from insights.query.times import time_asked
from insights.requests import Filter, MetricQuestion

MOST_COLUMNS = 8
"""More columns than these are shown only when they are asked for."""
MOST_RECORDS = 1_000
"""More records than these are listed only when a number is asked for."""


def listed(question: MetricQuestion, grant: Grant, catalog: Catalog, contents: Contents) -> Plan:
    """The plan for the records of one dataset, or for the members of a set (each once).

    Raises UnknownThing for a name that does not exist, NotAnswerable for what the definitions cannot list, NotPermitted for single people where only groups
    of them may be shown.
    """
    _check(question)
    dataset = _dataset(question, catalog)
    facts = (dataset.name,)
    counted = [measured(text, catalog, grant.metrics) for text in question.metrics or _counting(question, catalog, grant)]
    time = _time(question, catalog, dataset, counted)
    times = () if time is None else (time,)
    again = sets.repeated(question, catalog, facts)
    names = (*question.columns, *question.group_by) if question.columns else (*_sensible(catalog, dataset, question), *question.group_by)
    shown = [grouping(catalog, name, facts, times=times) for name in dict.fromkeys(names)]
    wishes = [(grouping(catalog, c.dimension, facts, times=times), c) for c in question.filters if c.dimension]
    by = grouping(catalog, str(question.options["by"]), facts, times=times) if question.options.get("by") is not None else None
    _refuse_steps_and_closed(catalog, shown, by)
    _refuse_mixed(catalog, by, wishes)
    touched = [group.field for group in (*shown, *(group for group, _ in wishes), *([by] if by else []))]
    _refuse_single_people(catalog, dataset, [*touched, *(one.member for one in again)], grant)
    asked = Asked(catalog=catalog, grant=grant, contents=contents, filters=tuple(wishes))
    joining = joining_for(catalog, dataset.name, grant, contents)
    scope = Scope(dataset.name, time, (question.period,) if question.period is not None else ())
    conditions = _conditions(asked, scope, joining, counted, again)
    cells = tuple(expression(catalog, group, time, joining) for group in shown)
    order = _order(question, catalog, dataset, by, time, joining)
    each = joining.field(again[0].member) if again else None
    return Plan(
        analysis="list",
        parts=(),
        keys=tuple(column(catalog, group, times) for group in shown),
        outputs=(),
        definitions=tuple(m.definition for m in counted),
        datasets=facts,
        limit=question.limit,
        times=times,
        time_name=question.time_field or (str(time) if time is not None and question.period is not None else None),
        period=question.period,
        filters=question.filters,
        labels=tuple((group.name, label(catalog, group, times)) for group in (*shown, *(group for group, _ in wishes))),
        partial=any(catalog.paths(dataset.name, name) for name in grant.rows),
        again=sets.told(again, catalog),
        listing=Listing(
            rows=Rows(source=dataset.source, alias=dataset.name, joins=joining.joins, conditions=conditions),
            columns=cells,
            order=order,
            each=each,
        ),
        records=_called(catalog, dataset, again),
        sorted_by=None if again else label(catalog, by, times) if by is not None else catalog.fields[time].label if time is not None else None,
        week_starts=catalog.week_starts,
    )


def _refuse_steps_and_closed(catalog: Catalog, shown: Sequence[Grouping], by: Grouping | None) -> None:
    """What a record does not have, and what nobody may read of one. Raises NotAnswerable and what `refuse_closed` does."""
    if any(group.steps is not None for group in shown):
        raise NotAnswerable("A record has its own number, and no step.", remedy="Ask how many there are in each step.")
    for group in (*shown, *([by] if by else [])):
        refuse_closed(catalog.fields[group.field])


def _refuse_mixed(catalog: Catalog, by: Grouping | None, wishes: Sequence[tuple[Grouping, Filter]]) -> None:
    """Amounts in several currencies have no order: 500 of the one may be less than 400 of the other. Raises NotAnswerable unless one currency is asked for."""
    currency = catalog.datasets[by.field.dataset].currency if by is not None else None
    if by is None or currency is None or not is_amount(catalog, by.field):
        return
    if any(group.field == currency.field and wish.op == "=" and len(wish.values) == 1 for group, wish in wishes):
        return
    amount, field = catalog.fields[by.field].label, catalog.fields[currency.field].label
    raise NotAnswerable(
        f"The {amount} of each record is in a currency of its own, so the records can't be put in order by it.", remedy=f"Ask for those of one {field}."
    )


def _conditions(asked: Asked, scope: Scope, joining: Joining, counted: Sequence[Measured], again: Sequence[Repeated]) -> tuple[Condition, ...]:
    """Which records are listed: those that were asked for, that the figure counts, and that are of the members of the set."""
    aggregations = [a for m in counted for a in m.aggregations if a.dataset == scope.fact]
    conditions: list[Condition] = list(rows(asked, scope, joining))
    if aggregations and all(a.where is not None for a in aggregations):
        conditions.append(Either(tuple(Stated(joining.row(a.where)) for a in aggregations if a.where is not None)))
    return (*conditions, *(repeated(asked, scope, one, aggregations, joining) for one in again))


def _counting(question: MetricQuestion, catalog: Catalog, grant: Grant) -> tuple[str, ...]:
    """The metric that counts the members of a set, so that listing them and counting them agree: the only one, or the one that bears their name."""
    if question.options.get("members") is None:
        return ()
    ids = catalog.field_ids(str(question.options["members"]))
    found = [
        metric
        for metric in catalog.metrics.values()
        if metric.name in grant.metrics and [(a.function, a.operand) for a in metric.aggregations] == [("count_distinct", ids)] and len(metric.formula) == 1
    ]
    named = [metric for metric in found if metric.name in {r.one for id_ in ids for r in _references(catalog, id_)}]
    return tuple(metric.name for metric in (found if len(found) == 1 else named)[:1])


def _references(catalog: Catalog, id_: FieldId) -> list[Relationship]:
    """The relationships that the field is the key of."""
    columns = {piece.name for piece in catalog.fields[id_].expression if isinstance(piece, ColumnRef)}
    return [r for r in catalog.relationships if r.many == id_.dataset and columns & set(r.many_columns)]


def _called(catalog: Catalog, dataset: Dataset, again: Sequence[Repeated]) -> str:
    """What people call what is listed: the records, or whom the members of a set stand for."""
    referred = [r.one for one in again for r in _references(catalog, one.member)]
    return said(catalog, referred[0] if referred else dataset.name)


def _check(question: MetricQuestion) -> None:
    """Refuse what is no list of records."""
    if question.compare is not None or question.grain is not None:
        raise NotAnswerable("I can list records, but not compare them or put them into periods.", remedy="Ask for a number of them instead.")
    if any(condition.metric for condition in question.filters):
        raise NotAnswerable("A list of records has no figures to set a condition on.", remedy="Ask for a breakdown with that condition.")
    if question.limit is not None and question.limit < 1:
        raise NotAnswerable("I can't list fewer than one.")


def _dataset(question: MetricQuestion, catalog: Catalog) -> Dataset:
    """Whose records are listed. Raises UnknownThing or NotAnswerable."""
    name = question.options.get("dataset")
    if name is None and question.options.get("members") is not None:
        ids = catalog.field_ids(str(question.options["members"]))
        name = ids[0].dataset if len(ids) == 1 else None
    if name is None:
        named = {id_.dataset for text in question.columns or () for id_ in catalog.field_ids(text)}
        name = named.pop() if len(named) == 1 else None
    if name is None:
        raise NotAnswerable("I need to know what to list.", remedy="Name it, as in 'list the orders'.")
    if str(name) not in catalog.datasets:
        raise UnknownThing(f"There is nothing called '{name}' to list here.", remedy=nearest(str(name), catalog.datasets))
    return catalog.datasets[str(name)]


def _time(question: MetricQuestion, catalog: Catalog, dataset: Dataset, counted: Sequence[Measured]) -> FieldId | None:
    """The time that the period applies to: the one asked for, else that of the figure, else the dataset's only one."""
    wanted = time_asked(catalog, question) or next((a.time for m in counted for a in m.aggregations if a.dataset == dataset.name and a.time), None)
    if wanted is not None:
        path_to(catalog, dataset.name, wanted.dataset)
        return wanted
    own = dataset.time or (dataset.dated[0].id if len(dataset.dated) == 1 else None)
    if own is None and question.period is not None:
        who = said(catalog, dataset.name).capitalize()
        if not dataset.dated:
            raise NotAnswerable(f"{who} have no dates, so I can't limit them to a period.", remedy="Ask without one.")
        raise NotAnswerable(f"{who} have several dates.", remedy="Say which one you mean.", options=[field.label for field in dataset.dated])
    return own


def _sensible(catalog: Catalog, dataset: Dataset, question: MetricQuestion) -> tuple[str, ...]:
    """What to show when nothing is named: for a set its members; else the key, when it was, what it was like, and its numbers."""
    if question.options.get("members") is not None:
        return (str(question.options["members"]),)
    fields = [field for field in dataset.fields.values() if not (field.kind == "number" and field.aggregates_declared and not field.aggregates)]
    keys = [field for field in fields if _is_key(field, dataset)]
    kinds = [keys, *([f for f in fields if f.role == role and f not in keys] for role in ("time", "dimension", "fact"))]
    asked_for = [str(question.options["by"])] if question.options.get("by") is not None else []
    first = [catalog.written(field.id) for kind in kinds for field in kind]
    names = list(dict.fromkeys(first))[: MOST_COLUMNS - len(asked_for)]
    ids = {id_ for name in names for id_ in catalog.field_ids(name)[:1]}
    return (*names, *(name for name in asked_for if not ids & set(catalog.field_ids(name))))


def _is_key(field: Field, dataset: Dataset) -> bool:
    return len(dataset.primary_key) == 1 and field.expression == (ColumnRef(dataset.primary_key[0]),)


def _order(
    question: MetricQuestion, catalog: Catalog, dataset: Dataset, by: Grouping | None, time: FieldId | None, joining: Joining
) -> tuple[tuple[Expression, bool], ...]:
    """By what is asked for, else the latest first; the key (else everything there is) settles what is equal."""
    descending = question.order != "asc"
    first = expression(catalog, by, time, joining) if by is not None else joining.field(time) if time is not None else None
    settle: list[Expression] = [*(joining.column((), name) for name in dataset.primary_key)]
    settle = settle or [joining.field(field.id) for field in dataset.fields.values()]
    return (*(((first, descending),) if first is not None else ()), *((one, False) for one in settle))


def _refuse_single_people(catalog: Catalog, dataset: Dataset, touched: Sequence[FieldId], grant: Grant) -> None:
    """Where only groups of people may be shown, no record of one may. Raises NotPermitted."""
    if not grant.minimum_group:
        return
    steps = {step for id_ in touched for step in path_to(catalog, dataset.name, id_.dataset)}
    steps |= {r for id_ in touched if id_.dataset == dataset.name for r in _references(catalog, id_)}
    if dataset.personal or any(catalog.datasets[step.one].personal for step in steps):
        raise NotPermitted(
            f"That would list single people, and figures here are about {grant.minimum_group} of them at least.",
            remedy="Ask how many there are, or for a breakdown.",
        )
