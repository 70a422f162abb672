"""What cannot be answered, said with the reason and with what can be asked instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from insights.catalog.model import Catalog, FieldId
from insights.errors import nearest
from insights.language.phrasing import Phrasing
from insights.requests import Unsupported

LONGEST = 10_000
"""Characters."""
MOST_WORDS = 150
MOST_TOKENS = 1_000
"""Words and marks."""


def cannot(words: str, catalog: Catalog) -> Unsupported:
    """The refusal of an analysis of which too little was said to make a request."""
    return Unsupported(reason=f"I can't answer '{words}' yet.", suggestions=examples(catalog))


def not_asked(catalog: Catalog) -> Unsupported:
    """The refusal of something that has nothing to do with the catalog."""
    known = [metric.label for metric in catalog.metrics.values() if metric.sensitivity != "confidential"][:3]
    names = ", ".join(known) or ", ".join((dataset.label or dataset.name) for dataset in list(catalog.datasets.values())[:3])
    about = f" about {names} and more" if names else ""
    return Unsupported(reason=f"I can't help with that. You can ask me{about}, or say 'what can I ask'.", suggestions=examples(catalog))


def too_long(length: int) -> Unsupported:
    """The refusal of a text that nobody said."""
    return Unsupported(reason=f"That is too long to understand ({length:,} characters, at most {LONGEST:,} are read); ask one question at a time.")


def too_much(words: int, tokens: int) -> Unsupported | None:
    """The refusal of more words, or words and marks, than anybody says at once: reading them all would take too long. None for fewer."""
    if words <= MOST_WORDS and tokens <= MOST_TOKENS:
        return None
    said, most, what = (words, MOST_WORDS, "words") if words > MOST_WORDS else (tokens, MOST_TOKENS, "words and marks")
    return Unsupported(reason=f"That is too much to understand at once ({said:,} {what}, at most {most:,} are read); ask one question at a time.")


def nested() -> Unsupported:
    """The refusal of a chore inside a chore ("email me to follow ...")."""
    return Unsupported(reason="That is several things at once; ask for one of them, for example 'follow' and the name of a figure.")


def nothing_said(catalog: Catalog) -> Unsupported:
    """The refusal of an utterance without words."""
    return Unsupported(reason="I didn't hear a question.", suggestions=examples(catalog))


def unknown(words: Sequence[str], names: Sequence[str], catalog: Catalog) -> Unsupported:
    """The refusal of words that nothing here is called, with the nearest name."""
    quoted = " and ".join(f"'{word}'" for word in words)
    near = nearest(words[0], names)
    return Unsupported(reason=f"I don't know {quoted}." + (f" {near}" if near else ""), suggestions=examples(catalog))


def examples(catalog: Catalog) -> tuple[str, ...]:
    """A few questions that work."""
    metric, dimension = _example(catalog)
    return (f"{metric} last month", f"{metric} by {dimension}", "what can I ask") if metric else ("what can I ask",)


def _example(catalog: Catalog) -> tuple[str, str]:
    """A metric and a dimension it can be shown by, in labels."""
    for metric in catalog.metrics.values():
        if metric.sensitivity == "confidential" or not metric.aggregations:
            continue
        reach = catalog.reachable(metric.aggregations[0].dataset)
        for id_, field in catalog.fields.items():
            if field.role == "dimension" and id_.dataset in reach:
                return metric.label.lower(), field.label.lower()
        return metric.label.lower(), "month"
    dataset = next(iter(catalog.datasets), "")
    return (f"how many {catalog.datasets[dataset].label or dataset}", "month") if dataset else ("", "")


def two_dates(phrasing: Phrasing, fields: Iterable[FieldId]) -> Unsupported:
    """Orders "placed in May and shipped in June" are of two dates."""
    return Unsupported(reason=f"I can go by one date at a time, and here are two: {' and '.join(map(phrasing.field, fields))}. Name one of them.")
