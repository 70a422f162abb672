"""By what a change may be taken apart: the dimensions that a figure's facts reach, with few enough values."""

from __future__ import annotations

from collections.abc import Sequence

from insights.analysis.data import Data
from insights.catalog.model import FieldId
from insights.errors import NotAnswerable
from insights.query.joins import Path, path_to
from insights.query.measures import Measured
from insights.requests import MetricQuestion

MOST_DIMENSIONS = 16
MOST_VALUES = 500


def dimensions(question: MetricQuestion, measure: Measured, data: Data) -> tuple[str, ...]:
    """As requests write them. Those that the question holds to one value are left out; those it is grouped by are the only ones, where it is."""
    facts = tuple(dict.fromkeys(one.dataset for one in measure.aggregations))
    fixed = {f.dimension for f in question.filters if f.op == "=" and len(f.values) == 1}
    if question.group_by:
        return tuple(name for name in question.group_by if name not in fixed)
    found = []
    for id_, field in data.catalog.fields.items():
        values = len(data.contents.values.get(id_, ()))
        if field.role != "dimension" or not 2 <= values <= MOST_VALUES or data.catalog.written(id_) in fixed or str(id_) in fixed:
            continue
        paths = [_path(data, fact, id_) for fact in facts]
        if all(path is not None for path in paths):
            found.append((max(len(path) for path in paths if path is not None), values, data.catalog.written(id_)))
    near = [name for _, _, name in sorted(found, key=lambda one: one[:2])]
    return tuple(near[:MOST_DIMENSIONS])


def _path(data: Data, fact: str, id_: FieldId) -> Path | None:
    try:
        return path_to(data.catalog, fact, id_.dataset)
    except NotAnswerable:
        return None


def time_of(question: MetricQuestion, measure: Measured, data: Data) -> FieldId | None:
    """The time that the question's period applies to."""
    if question.time_field is not None:
        ids: Sequence[FieldId] = data.catalog.field_ids(question.time_field)
        return ids[0] if len(ids) == 1 else None
    return measure.times[0] if len(set(measure.times)) == 1 else None
