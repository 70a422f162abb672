"""How a fact gets at the attributes of other datasets: along many-to-one chains, from the fact side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from insights.catalog.model import Aggregation, Catalog, ColumnRef, FieldId, Gathered, Relationship, RowExpression
from insights.errors import NotAnswerable, UnknownThing, nearest
from insights.query.algebra import AnyJoin, Bucket, Column, Exchange, Expression, Gather, Join, Spelled
from insights.warehouse.quoting import literal

Path = tuple[Relationship, ...]
Gathering = Callable[["Joining", Gathered, Aggregation, FieldId], Gather]
"""Makes what is gathered of an aggregate by the key of its own rows; its alias is given later."""


class Joining:
    """The joins that one fact needs, collected while expressions are written.

    `repeated` names the relationships that cannot be joined without counting rows twice, `root` the column that stands for a physical one of the fact.
    `gathering` makes what is gathered of other rows, with the rights of whoever asks; without it nothing can be.
    """

    def __init__(
        self,
        catalog: Catalog,
        fact: str,
        repeated: frozenset[str] = frozenset(),
        root: Callable[[str], Column] | None = None,
        gathering: Gathering | None = None,
    ) -> None:
        self._catalog = catalog
        self._fact = fact
        self._repeated = repeated
        self._root = root or (lambda name: Column(fact, name))
        self._gathering = gathering
        self._aliases: dict[Path, str] = {}
        self._joins: list[AnyJoin] = []

    @property
    def joins(self) -> tuple[AnyJoin, ...]:
        """What has been joined so far, each after what it is joined to."""
        return tuple(self._joins)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The chains joined so far."""
        return tuple(self._aliases)

    def field(self, id_: FieldId, path: Path | None = None) -> Expression:
        """The field as seen from the fact, along `path` or the only sensible one; instants are those of the company's clock.

        Raises NotAnswerable when there is no such way.
        """
        stored, zone = self.stored(id_, path), zone_of(self._catalog, id_)
        if zone is None:
            return stored
        return Spelled((f"timezone({literal(self._catalog.timezone)}, timezone({literal(zone)}, ", stored, "))"))

    def along(self, id_: FieldId, role: str) -> Expression:
        """The field by way of a relationship, where several lead to it. Raises NotAnswerable when there is no such way."""
        return self.field(id_, path_to(self._catalog, self._fact, id_.dataset, role))

    def stored(self, id_: FieldId, path: Path | None = None) -> Expression:
        """The field as `field` has it, but instants as they are stored."""
        path = path_to(self._catalog, self._fact, id_.dataset) if path is None else path
        parts = tuple(self.column(path, part.name) if isinstance(part, ColumnRef) else part for part in self._catalog.fields[id_].expression)
        if len(parts) == 1 and isinstance(parts[0], Column):
            return parts[0]
        return Spelled(parts)

    def row(self, expression: RowExpression) -> Expression:
        """SQL of the catalog with the fields in it as seen from the fact. Raises NotAnswerable, and NotPermitted for what must not be gathered."""
        parts = tuple(part if isinstance(part, str) else self.gathered(part) if isinstance(part, Gathered) else self.field(part) for part in expression)
        if len(parts) == 1 and not isinstance(parts[0], str):
            return parts[0]
        return Spelled(parts)

    def column(self, path: Path, name: str) -> Column:
        """The physical column at the end of `path`, which is joined when it is not yet."""
        if not path:
            return self._root(name)
        return Column(self._alias(path), name)

    def exchanged(self, exchange: Exchange) -> Column:
        """What one unit of a row's currency is worth on its day."""
        if exchange not in self._joins:
            self._joins.append(exchange)
        return Column(exchange.alias, "worth")

    def _referring(self, path: Path, name: str) -> Expression:
        """The column by which the last step of `path` refers; an instant that refers to a calendar does so by its day, of the company's clock."""
        step = path[-1]
        if self._catalog.datasets[step.one].calendar:
            fields = self._catalog.datasets[step.many].fields.values()
            instant = next((f for f in fields if f.expression == (ColumnRef(name),) and f.kind == "timestamp"), None)
            if instant is not None:
                return Bucket(of=self.field(instant.id, path[:-1]), grain="day", instant=True)
        return self.column(path[:-1], name)

    def _during(self, path: Path) -> tuple[Expression, Expression, Expression] | None:
        """When a row must hold that the last step of `path` leads to, where it does so for a time. Raises NotAnswerable for what has no time."""
        catalog, step = self._catalog, path[-1]
        valid, time = catalog.datasets[step.one].valid, catalog.datasets[step.many].time
        if valid is None:
            return None
        if time is None or time.dataset != step.many:
            here, there = said(catalog, step.many), said(catalog, step.one)
            raise NotAnswerable(f"{there.capitalize()} hold for a time, and {here} have none.", remedy="Their owner has to say which date they go by.")
        ends = [FieldId(step.one, name) for name in (valid.first, valid.after)]
        by_day = valid.by_day or any(catalog.fields[id_].kind == "date" for id_ in (time, *ends))
        at, first, after = (
            Bucket(of=of, grain="day", instant=True) if by_day and catalog.fields[id_].kind == "timestamp" else of
            for id_, of in ((time, self.field(time, path[:-1])), *((id_, self.field(id_, path)) for id_ in ends))
        )
        return at, first, after

    def of_time(self, id_: FieldId, time: FieldId | None) -> Expression:
        """The field; of a calendar that of the day of `time`. Raises NotAnswerable where no such day is referred to."""
        return self.field(id_, calendar_path(self._catalog, self._fact, id_, time))

    def gathered(self, of: Gathered) -> Expression:
        """What a metric comes to for the key of a row. Raises NotAnswerable where no rights are known, NotPermitted for few people."""
        if self._gathering is None:
            raise NotAnswerable(f"What {of.name} comes to for each row cannot be told here, where it is not known who asks.")
        figures: list[str | Expression] = []
        known: list[str | Expression] = []
        for part in of.formula:
            if isinstance(part, str):
                figures.append(part)
                continue
            alias = self._gathered_as(self._gathering(self, of, part, of.keys[len(known)]))
            figures.append(Column(alias, "figure"))
            known.append(Column(alias, "member"))
        if len(figures) == 1:
            return Column(alias, "figure")
        one_known = [piece for member in dict.fromkeys(known) for piece in (" OR ", member, " IS NOT NULL")][1:]
        return Spelled(("CASE WHEN ", *one_known, " THEN ", *figures, " END"))  # a key without any rows is unknown, whatever the formula makes of that

    def _gathered_as(self, gather: Gather) -> str:
        for join in self._joins:
            if isinstance(join, Gather) and replace(join, alias=gather.alias) == gather:
                return join.alias
        alias = f"gathered_{sum(isinstance(join, Gather) for join in self._joins)}"
        self._joins.append(replace(gather, alias=alias))
        return alias

    def _alias(self, path: Path) -> str:
        if path not in self._aliases:
            step = path[-1]
            if step.name in self._repeated:
                keys = " and ".join(step.one_columns)
                raise NotAnswerable(
                    f"Some {said(self._catalog, step.one)} have the same {keys}, so going by them would count things twice.",
                    remedy="Their owner has to mend that first.",
                )
            many = [self._referring(path, name) for name in step.many_columns]
            taken = {self._fact, *self._aliases.values()}
            alias = step.one if step.one not in taken else f"{step.one}_{len(taken)}"
            self._aliases[path] = alias
            on = tuple(zip(many, (Column(alias, name) for name in step.one_columns), strict=True))
            self._joins.append(Join(self._catalog.datasets[step.one].source, alias, on, self._during(path)))
        return self._aliases[path]


def zone_of(catalog: Catalog, id_: FieldId) -> str | None:
    """The zone of the instants of a field, None for days and where the company's clock is meant."""
    zone = catalog.datasets[id_.dataset].timezone
    return zone if zone != catalog.timezone and catalog.fields[id_].kind == "timestamp" else None


def path_to(catalog: Catalog, fact: str, dataset: str, role: str | None = None) -> Path:
    """The way from `fact` to `dataset`: the only one (by way of the relationship `role`), or the one direct step when all others are detours.

    Raises NotAnswerable when there is none without counting rows twice, or several that mean different things.
    """
    paths = catalog.paths(fact, dataset)
    if role is not None:
        paths = tuple(path for path in paths if any(step.name == role for step in path))
        shortest = min((len(path) for path in paths), default=0)
        paths = tuple(path for path in paths if len(path) == shortest)
    direct = [path for path in paths if len(path) <= 1]
    if len(paths) == 1:
        return paths[0]
    if len(direct) == 1:
        return direct[0]
    here, there = said(catalog, fact), said(catalog, dataset)
    if not paths:
        raise NotAnswerable(f"{here.capitalize()} cannot be told apart by {there}: nothing leads from one to the other without counting twice.")
    options = [" then ".join(_step(catalog, step) for step in path) for path in paths]
    raise NotAnswerable(f"{there.capitalize()} can be meant in several ways for {here}.", remedy="Say which: those of one of these.", options=options)


def calendar_path(catalog: Catalog, fact: str, id_: FieldId, time: FieldId | None) -> Path | None:
    """The way from `fact` to a field of a calendar along its `time`; None for the usual way.

    Raises NotAnswerable where the calendar is referred to by other times only, if at all.
    """
    if time is None or not catalog.datasets[id_.dataset].calendar or id_.dataset in (fact, time.dataset):
        return None
    steps = [step for step in catalog.relationships if step.many == time.dataset and step.one == id_.dataset]
    column = tuple(part.name for part in catalog.fields[time].expression if isinstance(part, ColumnRef))
    own = next((step for step in steps if step.many_columns == column), None)
    if own is not None:
        return (*path_to(catalog, fact, time.dataset), own)
    times = {f.expression: f.label for f in catalog.datasets[time.dataset].time_fields}
    others = [times[key] for step in steps if (key := tuple(map(ColumnRef, step.many_columns))) in times]
    if others or not steps:
        label, remedy = catalog.fields[id_].label, "Ask by another date." if others else "Ask by day, by week or by month."
        raise NotAnswerable(f"{label[:1].upper()}{label[1:]} is not known for {catalog.fields[time].label}.", remedy=remedy, options=others)
    return None


def member_of(joining: Joining, catalog: Catalog, fact: str, id_: FieldId) -> Expression:
    """Whose row it is: where the fact refers to a dataset by the very column that is asked for, its own column says so."""
    path = path_to(catalog, fact, id_.dataset)
    expression = catalog.fields[id_].expression
    if path and len(expression) == 1 and isinstance(expression[0], ColumnRef) and expression[0].name in path[-1].one_columns:
        return joining.column(path[:-1], path[-1].many_columns[path[-1].one_columns.index(expression[0].name)])
    return joining.field(id_)


def said(catalog: Catalog, dataset: str) -> str:
    """What people call the dataset."""
    return catalog.datasets[dataset].label or dataset.replace("_", " ")


def _step(catalog: Catalog, step: Relationship) -> str:
    """A relationship in words: the fields it goes along, else its name."""
    many = catalog.datasets[step.many]
    labels = [_of_whom(f.label) for column in step.many_columns for f in many.fields.values() if f.expression == (ColumnRef(column),)]
    return " and ".join(labels) or step.name.replace("_", " ")


def _of_whom(label: str) -> str:
    """What a key refers to: the origin, and not its id.

    >>> _of_whom("origin id"), _of_whom("id")
    ('origin', 'id')
    """
    head, _, last = label.rpartition(" ")
    return head if head and last.casefold() in ("id", "key", "code", "number") else label


def dimension(catalog: Catalog, name: str, facts: Sequence[str]) -> FieldId:
    """The field that `name` means in a question about `facts`.

    Raises UnknownThing for a name that does not exist, NotAnswerable when no field of that name (or more than one) fits the facts.
    """
    ids = catalog.field_ids(name)
    if not ids:
        near = frozenset().union(*(catalog.reachable(fact) for fact in facts))
        names = [catalog.written(id_) for id_, field in catalog.fields.items() if field.role in ("dimension", "time") and id_.dataset in near]
        raise UnknownThing(f"There is no dimension '{name}' here.", remedy=nearest(name, names))
    role = catalog.role(name)
    fit = [id_ for id_ in ids if all(_leads(catalog, fact, id_.dataset, role) for fact in facts)]
    own = [id_ for id_ in fit if all(id_.dataset == fact for fact in facts)]
    spoken = [id_ for id_ in fit if catalog.fields[id_].role in ("dimension", "time")]
    for choice in (fit, own, spoken):
        if len(choice) == 1:
            return choice[0]
    if fit:
        raise NotAnswerable(f"'{name}' can be meant in several ways.", remedy="Name one of them.", options=[str(id_) for id_ in fit])
    raise _out_of_reach(catalog, ids[0], facts)


def _leads(catalog: Catalog, fact: str, dataset: str, role: Relationship | None) -> bool:
    return any(role is None or role in path for path in catalog.paths(fact, dataset))


def _out_of_reach(catalog: Catalog, id_: FieldId, facts: Sequence[str]) -> NotAnswerable:
    shared = frozenset.intersection(*(catalog.reachable(fact) for fact in facts)) if facts else frozenset()
    fields = [f.label for dataset in sorted(shared) for f in catalog.datasets[dataset].fields.values() if f.role == "dimension"]
    who = " and ".join(said(catalog, fact) for fact in dict.fromkeys(facts))
    return NotAnswerable(
        f"{catalog.fields[id_].label.capitalize()} is not known for {who}.",
        remedy="Ask by something that is." if fields else "",
        options=fields[:8],
    )
