"""Which time the periods of a metric apply to."""

from __future__ import annotations

from dataclasses import replace

from insights.catalog.model import Aggregation, Catalog, FieldId, MetricFormula
from insights.catalog.notes import MetricNotes
from insights.catalog.over_time import Misplaced
from insights.catalog.scopes import listing


def timed(formula: MetricFormula, notes: MetricNotes, shape: Catalog) -> tuple[MetricFormula, FieldId | None]:
    """Give each aggregate the time that the metric declares, keep what its parts declared, else take the dataset's own.

    Raises Misplaced for what is no time of these records, or could be that of several.
    """
    wanted = notes.time
    if wanted is not None:
        _check(wanted, formula, notes, shape)
    made: list[str | Aggregation] = []
    for part in formula:
        if isinstance(part, Aggregation):
            own = part.time or shape.datasets[part.dataset].time
            fits = wanted is not None and len(shape.paths(part.dataset, wanted.dataset)) == 1
            part = replace(part, time=wanted if fits else own)
        made.append(part)
    first = next(part for part in made if isinstance(part, Aggregation))
    return tuple(made), wanted or first.time


def _check(wanted: FieldId, formula: MetricFormula, notes: MetricNotes, shape: Catalog) -> None:
    times = [str(field.id) for field in shape.fields.values() if field.role == "time"]
    if str(wanted) not in times:
        known = f"Mark it with dimension: {{is_time: true}} in the model. {listing(times)}"
        raise Misplaced(notes.time_line, f"'{wanted}' is not a time field.", known.strip())
    facts = dict.fromkeys(part.dataset for part in formula if isinstance(part, Aggregation))
    if not any(len(shape.paths(fact, wanted.dataset)) == 1 for fact in facts):
        ways = next((paths for fact in facts if len(paths := shape.paths(fact, wanted.dataset)) > 1), ())
        if ways:
            roles = " or ".join(dict.fromkeys(f"'{path[0].name}'" for path in ways))
            advice = f"Put the date itself into the records, as a field of '{next(iter(facts))}', and name that."
            raise Misplaced(notes.time_line, f"the time '{wanted}' can be that of {roles}.", advice)
        known = listing(t for t in times if any(t.startswith(f"{d}.") for fact in facts for d in shape.reachable(fact)))
        raise Misplaced(notes.time_line, f"the time '{wanted}' cannot be reached from {', '.join(facts)}.", known)
