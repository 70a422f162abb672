"""Checks definitions without using them: every mistake, and words that mean two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from insights.catalog.datasets import Columns
from insights.catalog.model import Catalog, Field, Metric
from insights.catalog.reading import Examined, examine
from insights.catalog.speakable import synonyms_of
from insights.errors import Problem


def check(path: Path, columns: Columns) -> tuple[Problem, ...]:
    """Everything wrong with the definitions at `path`, a folder or a model file, ordered by file and line; nothing wrong is an empty tuple.

    Besides what keeps a catalog from being read it finds words that could mean two metrics, two fields of one dataset or two values of one field, and what
    a dbt manifest defines that cannot be answered and is left out.
    """
    examined = examine(path, columns)
    found = [*examined.problems, *examined.left_out]
    if examined.catalog is not None:
        found += _ambiguities(examined, examined.catalog)
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: (problem.file, problem.line)))


def remarks(path: Path, columns: Columns) -> tuple[str, ...]:
    """What is not used of the definitions and needs nobody to mend it: keys of later drafts, saved queries of dbt."""
    return examine(path, columns).remarks


def _ambiguities(examined: Examined, catalog: Catalog) -> Iterator[Problem]:
    yield from _shared([(f"metric '{m.name}'", _phrases(m), _metric_place(examined, m.name)) for m in catalog.metrics.values()])
    for dataset in catalog.datasets.values():
        fields = [f for f in dataset.fields.values() if f.role != "key"]
        yield from _shared([(f"field '{f.id}'", _written(examined, f), _field_place(examined, f)) for f in fields])
        for field in fields:
            said = [(f"value '{value}' of '{field.id}'", (value, *words), _field_place(examined, field)) for value, words in field.values.items()]
            yield from _shared(said)
        for field in fields:
            if field.role == "dimension" and field.kind in ("text", "number") and _said_to_be_time(examined, field):
                file, line = _field_place(examined, field)
                kind = "text" if field.kind == "text" else "a number"
                yield Problem(
                    file=file,
                    line=line,
                    message=f"field '{field.id}' is a time but holds {kind}; periods cannot be applied to it.",
                    suggestion="Write TRY_CAST(column AS DATE) or MAKE_DATE(year, month, day), or is_time: false.",
                )


def _phrases(thing: Metric | Field) -> tuple[str, ...]:
    return (thing.label, *thing.synonyms)


def _written(examined: Examined, field: Field) -> tuple[str, ...]:
    """What a field is called on purpose; what two names merely suggest is nobody's mistake."""
    assert examined.declared is not None
    notes = examined.overlay.fields.get(field.id) if examined.overlay else None
    words = examined.declared.datasets[field.id.dataset].fields[field.id.name].words
    meant = {phrase.casefold() for phrase in (*words.phrases, *(notes.words.phrases if notes else ()))}
    return tuple(p for p in _phrases(field) if p.casefold() in meant or p not in synonyms_of(field.id.name))


def _shared(things: Iterable[tuple[str, tuple[str, ...], tuple[str, int]]]) -> Iterator[Problem]:
    """A problem for every phrase that a thing has in common with one before it."""
    first: dict[str, str] = {}
    for what, phrases, (file, line) in things:
        for phrase in dict.fromkeys(phrase.casefold() for phrase in phrases):
            other = first.setdefault(phrase, what)
            if other != what:
                yield Problem(
                    file=file, line=line, message=f"{what}: '{phrase}' also means {other}.", suggestion="Leave it to one of them, or we ask each time."
                )


def _metric_place(examined: Examined, name: str) -> tuple[str, int]:
    notes = examined.overlay.metrics.get(name) if examined.overlay else None
    if notes is not None and examined.overlay is not None:
        return examined.overlay.file, notes.line
    assert examined.declared is not None
    return examined.declared.file, examined.declared.metrics[name].line


def _field_place(examined: Examined, field: Field) -> tuple[str, int]:
    notes = examined.overlay.fields.get(field.id) if examined.overlay else None
    if notes is not None and examined.overlay is not None:
        return examined.overlay.file, notes.line
    assert examined.declared is not None
    return examined.declared.file, examined.declared.datasets[field.id.dataset].fields[field.id.name].line


def _said_to_be_time(examined: Examined, field: Field) -> bool:
    assert examined.declared is not None
    return examined.declared.datasets[field.id.dataset].fields[field.id.name].is_time is True
