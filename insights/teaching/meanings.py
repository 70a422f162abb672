"""What a lesson means, as the ledger keeps it (JSON), as the understander takes it, and in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from insights.catalog.model import Catalog, FieldId, Verified
from insights.contract import decode_request, encode
from insights.language.lexicon import DatasetLink, FieldLink, Link, MetricLink, ValueLink
from insights.language.phrasing import Phrasing
from insights.language.verified import VerifiedQuestions
from insights.ledger.lessons import KeptLesson
from insights.permit import Permit
from insights.requests import MetricQuestion, Period

Meaning = Link | MetricQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A lesson with what it means in the catalog as it is now; `meaning` None: the catalog has no such thing any more."""

    lesson: KeptLesson
    meaning: Meaning | None


def of_link(link: Link) -> str:
    """The meaning of a phrase as the ledger keeps it."""
    match link:
        case MetricLink(name):
            return json.dumps({"metric": name})
        case DatasetLink(name):
            return json.dumps({"dataset": name})
        case FieldLink(id_):
            return json.dumps({"field": str(id_)})
        case ValueLink(id_, value):
            return json.dumps({"field": str(id_), "value": value})


def of_question(question: MetricQuestion, verified: VerifiedQuestions, now: datetime) -> str:
    """The meaning of a whole question as the ledger keeps it: the request as the overlay writes it, and as it was understood then."""
    return json.dumps({"request": written(question, verified, now), "asked": encode(question)})


def meant(lesson: KeptLesson, catalog: Catalog) -> Meant:
    """The lesson with its meaning in this catalog."""
    return Meant(lesson=lesson, meaning=_meaning(json.loads(lesson.meant), catalog))


def _meaning(document: Mapping[str, Any], catalog: Catalog) -> Meaning | None:
    if "asked" in document:
        try:
            request = decode_request(document["asked"])
        except ValueError:
            return None
        return request if isinstance(request, MetricQuestion) and _stands(request, catalog) else None
    if "metric" in document:
        return MetricLink(document["metric"]) if document["metric"] in catalog.metrics else None
    if "dataset" in document:
        return DatasetLink(document["dataset"]) if document["dataset"] in catalog.datasets else None
    dataset, _, name = str(document["field"]).partition(".")
    id_ = FieldId(dataset, name)
    if id_ not in catalog.fields:
        return None
    return ValueLink(id_, document["value"]) if "value" in document else FieldLink(id_)


def _stands(request: MetricQuestion, catalog: Catalog) -> bool:
    """Whether everything a question names is there."""
    try:
        Phrasing(catalog).request(request)
        return all(catalog.field_ids(request.time_field or "")) if request.time_field else True
    except (KeyError, ValueError):
        return False


def item(lesson: KeptLesson) -> Verified:
    """The question of a lesson as the overlay would hold it."""
    return Verified(ask=lesson.said, request=json.loads(lesson.meant)["request"])


def label(meaning: Meaning | None, catalog: Catalog) -> str:
    """What a lesson means, in the company's own words."""
    phrasing = Phrasing(catalog)
    match meaning:
        case None:
            return "nothing that the catalog has"
        case MetricQuestion():
            return phrasing.request(meaning)
        case MetricLink(name):
            return catalog.metrics[name].label
        case DatasetLink(name):
            return phrasing.dataset(name)
        case FieldLink(id_):
            return phrasing.field(id_)
        case ValueLink(id_, value):
            return f"{value} ({phrasing.field(id_)})"


def named(meaning: Meaning) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The metrics and the datasets that a phrase names."""
    match meaning:
        case MetricLink(name):
            return (name,), ()
        case DatasetLink(name):
            return (), (name,)
        case FieldLink(id_) | ValueLink(id_, _):
            return (), (id_.dataset,)
        case MetricQuestion():
            raise TypeError("a question is judged as a request")


def owners(meaning: Meaning, permit: Permit) -> frozenset[str]:
    """The ids of those who answer for what a lesson means."""
    people = permit.owners_of(meaning) if isinstance(meaning, MetricQuestion) else permit.owners(*named(meaning))
    return frozenset(person.id for person in people)


def written(question: MetricQuestion, verified: VerifiedQuestions, now: datetime) -> dict[str, Any]:
    """A question as `verified:` of the overlay writes it; a period stays in its words where they mean the same days today."""
    document = {key: value for key, value in encode(question).items() if key != "kind" and value not in (None, [], {})}
    if question.period is not None:
        document["period"] = _period(question.period, verified, now)
    if verified.reading(Verified(ask="", request=_without_time(document)), now).request == question:
        document.pop("time_field", None)
    return document


def _without_time(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "time_field"}


def _period(period: Period, verified: VerifiedQuestions, now: datetime) -> Any:
    read = verified.reading(Verified(ask="", request={"period": period.words}), now).request if period.words else None
    same = isinstance(read, MetricQuestion) and read.period is not None and (read.period.first, read.period.last) == (period.first, period.last)
    return period.words if same else encode(period)
