"""Reads the measures of dbt's semantic models, and the aggregates that newer manifests write into the metrics themselves."""

from __future__ import annotations

from dataclasses import dataclass

from insights.catalog.dbt_pieces import Shelf, unknown_keys, words_of
from insights.catalog.declared import NO_WORDS, DeclaredField, Expression, Words
from insights.catalog.model import FieldId
from insights.catalog.sections import Section
from insights.errors import nearest

_AGGREGATES = {
    "sum": "SUM({})",
    "min": "MIN({})",
    "max": "MAX({})",
    "count": "COUNT({})",
    "count_distinct": "COUNT(DISTINCT {})",
    "average": "AVG({})",
    "median": "MEDIAN({})",
    "sum_boolean": "SUM({})",
    "percentile": "",
}
_COUNTED = ("sum", "sum_boolean", "count", "count_distinct")
_KEYS = ("name", "agg", "description", "create_metric", "expr", "agg_params", "metadata", "non_additive_dimension", "agg_time_dimension", "label", "config")


@dataclass(frozen=True, slots=True, kw_only=True)
class NonAdditive:
    """Only the rows at the `choice` (min or max) of the time `name` are aggregated, for each of `groupings` on its own."""

    name: str
    choice: str
    groupings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An aggregate over rows of `model`. `field` holds its operand; `refused` says why it cannot be answered.

    Where it must be `known`, no rows are nothing that could be added or taken away, instead of 0.
    """

    name: str
    model: str
    aggregate: str
    operand: str
    dialect: str
    line: int
    time: FieldId | None = None
    words: Words = NO_WORDS
    percentile: float | None = None
    discrete: bool = False
    non_additive: NonAdditive | None = None
    create_metric: bool = False
    field: str = ""
    refused: str = ""
    known: bool = False

    def declared(self, name: str) -> DeclaredField:
        """The field of its operand: hidden, unless it is a column under its own name, which people may look at too."""
        expression = Expression(text=self.operand, dialect=self.dialect, line=self.line)
        return DeclaredField(name=name, line=self.line, expression=expression, words=self.words, hidden=self.operand != name)

    @property
    def formula(self) -> str:
        """The aggregate as the expression of a metric."""
        operand = f"{self.model}.{self.field}"
        if self.aggregate == "percentile":
            way = "DISC" if self.discrete else "CONT"
            return (
                f"MEDIAN({operand})"
                if self.percentile == 0.5 and not self.discrete
                else f"PERCENTILE_{way}({self.percentile}) WITHIN GROUP (ORDER BY {operand})"
            )
        made = _AGGREGATES[self.aggregate].format(operand)
        return f"CASE WHEN COUNT({operand}) > 0 THEN {made} END" if self.known and self.aggregate in _COUNTED else made


def read_measure(name: str, model: str, section: Section, default_time: str | None, shelf: Shelf, *, within: bool = False) -> Measure:
    """One measure; `within` a metric the keys around it are the metric's own."""
    aggregate = (section.required("agg") or "").casefold()
    refused = "" if aggregate in _AGGREGATES else f"the aggregate '{aggregate[:40]}' is not known. {nearest(aggregate, _AGGREGATES)}".strip()
    params = section.section("agg_params", f"the agg_params of {section.what}")
    percentile = params.node("percentile")
    fraction = percentile.scalar if percentile is not None else None
    fraction = float(fraction) if isinstance(fraction, int | float) and not isinstance(fraction, bool) else None
    if aggregate == "percentile" and (fraction is None or not 0 <= fraction <= 1):
        refused = "a percentile needs agg_params.percentile between 0 and 1."
    time = section.text("agg_time_dimension") or default_time
    operand = section.text("expr") or name
    if aggregate == "sum_boolean":
        operand = f"CASE WHEN {operand} THEN 1 ELSE 0 END"
    if not within and unknown_keys(section, _KEYS, shelf):
        refused = "it has keys that this version does not know."
    return Measure(
        name=name,
        model=model,
        aggregate=aggregate,
        operand="1" if operand.strip() == "*" else operand,
        dialect=shelf.dialect,
        line=section.line,
        time=FieldId(model, time) if time else None,
        words=words_of(section),
        percentile=fraction,
        discrete=params.flag("use_discrete_percentile") or False,
        non_additive=_non_additive(section),
        create_metric=section.flag("create_metric") or False,
        field=name,
        refused=refused,
    )


def _non_additive(outer: Section) -> NonAdditive | None:
    if outer.node("non_additive_dimension") is None:
        return None
    section = outer.section("non_additive_dimension", f"the non_additive_dimension of {outer.what}")
    return NonAdditive(
        name=(section.required("name") or "").rpartition("__")[2],
        choice=(section.text("window_choice") or "min").casefold(),
        groupings=section.texts("window_groupings"),
    )
