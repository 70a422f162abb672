"""Questions with a known right reading: said exactly so, they win over the grammar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from insights.catalog.model import Catalog, Verified
from insights.language.periods import find
from insights.language.periods.model import Calendar
from insights.language.phrasing import said
from insights.language.pieces import words_of
from insights.language.timing import period_of, preceding, year_before
from insights.language.words import tokenise
from insights.requests import Compare, ComparePeriod, CompareValues, Filter, MetricName, MetricQuestion, Period, Understood, parse_measure

_YEARS = frozenset({"previous year", "last year", "year before", "same period last year", "a year ago"})


def key_of(words: Sequence[str]) -> str:
    """What makes two utterances the same: the words, without punctuation and case."""
    return " ".join(words)


class VerifiedQuestions:
    """The verified questions of one catalog."""

    def __init__(self, catalog: Catalog, calendar: Calendar) -> None:
        self._catalog = catalog
        self._calendar = calendar
        self._by_words = {key_of([word.text for word in words_of(tokenise(item.ask))]): item for item in catalog.verified}

    def read(self, words: Sequence[str], now: datetime) -> Understood | None:
        """The reading of an utterance that was verified, with its period as of now; None for any other."""
        item = self._by_words.get(key_of(words))
        return self.reading(item, now) if item is not None else None

    def reading(self, item: Verified, now: datetime) -> Understood:
        """The reading of a question that was verified, or taught as one, with its period as of now."""
        request = item.request
        period = self._period(request.get("period"), now)
        compare = self._compare(request.get("compare"), period, now)
        metrics = _texts(request.get("metrics"))
        question = MetricQuestion(
            analysis=_literal(request.get("analysis"), "value"),
            metrics=metrics,
            group_by=_texts(request.get("group_by")),
            time_field=self._time(request, metrics) if period or request.get("grain") else None,
            grain=_literal(request.get("grain"), None),
            filters=tuple(_filter(entry) for entry in _list(request.get("filters"))),
            period=period,
            compare=compare,
            limit=_literal(request.get("limit"), None),
            order=_literal(request.get("order"), None),
            columns=_texts(request.get("columns")) if request.get("columns") else None,
            options=_literal(request.get("options"), {}),
        )
        assumed = [f"'{p.words}' is {said(p)}" for p in (period, compare.period if isinstance(compare, ComparePeriod) else None) if p is not None]
        return Understood(request=question, assumed=tuple(assumed))

    def _period(self, value: object, now: datetime) -> Period | None:
        if isinstance(value, str):
            found = [item for item in find(value, now=now, calendar=self._calendar) if item.kind == "interval"]
            return period_of(found[0]) if found else None
        if isinstance(value, Mapping):
            first, last = value.get("first"), value.get("last")
            return Period(first=_date(first), last=_date(last), words=str(value.get("words", "")))
        return None

    def _compare(self, value: object, period: Period | None, now: datetime) -> Compare | None:
        if isinstance(value, Mapping) and "dimension" in value:
            return CompareValues(dimension=str(value["dimension"]), values=tuple(_list(value.get("values"))))
        if isinstance(value, Mapping):
            other = self._period(value.get("period"), now)
            return ComparePeriod(period=other) if other else None
        if not isinstance(value, str) or period is None or period.first is None or period.last is None:
            return None
        if value in _YEARS:
            return ComparePeriod(period=year_before(period, value))
        if value.startswith("previous"):
            return ComparePeriod(period=preceding(period, value))
        other = self._period(value, now)
        return ComparePeriod(period=other) if other else None

    def _time(self, request: Mapping[str, object], metrics: Sequence[str]) -> str | None:
        named = request.get("time_field")
        if isinstance(named, str):
            return named
        for text in metrics:
            measure = parse_measure(text)
            metric = self._catalog.metrics.get(measure.name) if isinstance(measure, MetricName) else None
            if metric is not None and metric.time is not None:
                return str(metric.time)
        return None


def _date(value: object) -> Any:
    from datetime import date

    return date.fromisoformat(value) if isinstance(value, str) else value


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(entry) for entry in _list(value))


def _filter(entry: Any) -> Filter:
    return Filter(dimension=entry.get("dimension"), metric=entry.get("metric"), op=entry.get("op", "="), values=tuple(_list(entry.get("values"))))


def _literal(value: object, otherwise: Any) -> Any:
    """A value of the contract's closed sets; the catalog has checked it."""
    return otherwise if value is None else value
