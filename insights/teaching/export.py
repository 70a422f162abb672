"""Accepted corrections as the overlay writes them: synonyms, other words for values, and a verified question for each that shows whether it is heeded."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from insights.catalog.model import Catalog, Verified
from insights.language.lexicon import DatasetLink, FieldLink, MetricLink, ValueLink
from insights.language.understand import Understander
from insights.requests import MetricQuestion, Scalar
from insights.teaching.meanings import Meant, item, written

Value = Callable[[MetricQuestion], Scalar]
_LATER = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An accepted lesson, the utterance that tries it, and how that is read with it; None when it is not understood."""

    one: Meant
    ask: str
    request: MetricQuestion | None


def fragment(accepted: Iterable[Trial], catalog: Catalog, reader: Understander, value: Value, now: datetime) -> dict[str, Any]:
    """What `assistant.yaml` would hold for these lessons.

    A verified question has `expect` where its days are over and named by themselves, so that its value stays what `value` gives.
    """
    made: dict[str, Any] = {}
    verified: list[dict[str, Any]] = []
    for trial in accepted:
        _put(made, trial.one, catalog)
        request = trial.request
        if request is None:
            continue
        entry: dict[str, Any] = {"ask": trial.ask}
        known = isinstance(trial.one.meaning, MetricQuestion)
        entry["request"] = dict(item(trial.one.lesson).request) if known else written(request, reader.verified, now)
        if _is_settled(request, entry, reader, now) and (expected := value(request)) is not None:
            entry["expect"] = expected
        verified.append(entry)
    return made | ({"verified": verified} if verified else {})


def merged(overlay: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    """An overlay with a fragment put into it; what it says already stays.

    >>> merged({"metrics": {"revenue": {"synonyms": ["sales"]}}}, {"metrics": {"revenue": {"synonyms": ["turnover"]}}})
    {'metrics': {'revenue': {'synonyms': ['sales', 'turnover']}}}
    """
    whole = copy.deepcopy(overlay)
    _merge(whole, added)
    return whole


def _merge(whole: dict[str, Any], added: dict[str, Any]) -> None:
    for key, value in added.items():
        there = whole.get(key)
        if isinstance(value, dict) and isinstance(there, dict):
            _merge(there, value)
        elif isinstance(value, list) and there is not None:
            kept = there if isinstance(there, list) else [there]
            whole[key] = [*kept, *(entry for entry in value if entry not in kept)]
        else:
            whole[key] = copy.deepcopy(value)


def _put(made: dict[str, Any], one: Meant, catalog: Catalog) -> None:
    """The phrase as a synonym of what it names. Synonyms of the model are repeated: those of the overlay take their place."""
    phrase = one.lesson.said
    match one.meaning:
        case MetricLink(name):
            _add(made, ("metrics", name, "synonyms"), (*catalog.metrics[name].synonyms, phrase))
        case DatasetLink(name):
            _add(made, ("datasets", name, "synonyms"), (*catalog.datasets[name].synonyms, phrase))
        case FieldLink(id_):
            _add(made, ("fields", str(id_), "synonyms"), (*catalog.fields[id_].synonyms, phrase))
        case ValueLink(id_, value):
            _add(made, ("fields", str(id_), "values", value), (*catalog.fields[id_].values.get(value, ()), phrase))


def _add(made: dict[str, Any], path: tuple[str, ...], words: Iterable[str]) -> None:
    for key in path[:-1]:
        made = made.setdefault(key, {})
    made[path[-1]] = list(dict.fromkeys((*made.get(path[-1], ()), *words)))


def _is_settled(question: MetricQuestion, entry: dict[str, Any], reader: Understander, now: datetime) -> bool:
    """Whether a question has one value that no longer changes: a single figure of days that are over, whenever it is asked."""
    if question.analysis != "value" or len(question.metrics) != 1 or question.period is None or question.period.last is None:
        return False
    later = reader.verified.reading(Verified(ask="", request=entry["request"]), now + _LATER).request
    same = isinstance(later, MetricQuestion) and later.period is not None and later.period.first == question.period.first
    return same and question.period.last < now.date()
