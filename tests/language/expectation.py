"""Expected requests in short form: what is left out has its default, a period is a pair of days, the time field of orders is understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from insights.contract import KINDS, encode
from insights.requests import MetricQuestion, Request

QUESTIONS = Path(__file__).parent / "questions"


def table(name: str) -> list[Any]:
    """The entries of one file of expectations."""
    return yaml.safe_load((QUESTIONS / f"{name}.yaml").read_text(encoding="utf-8"))


def expected(short: Mapping[str, Any]) -> dict[str, Any]:
    """The whole request in the contract's JSON shape, without the words of its periods."""
    kind = short.get("kind", "metric_question")
    whole = encode(KINDS[kind]())
    whole.update({key: value for key, value in short.items() if key != "kind"})
    if "period" in whole:
        whole["period"] = _period(whole["period"])
    if kind == "metric_question":
        if isinstance(whole["compare"], Mapping) and "period" in whole["compare"]:
            whole["compare"] = {"period": _period(whole["compare"]["period"])}
        if (whole["period"] or whole["grain"]) and not whole["time_field"]:
            whole["time_field"] = "orders.ordered_on"
    if whole.get("start") is not None:
        whole["start"] = str(whole["start"]).replace(" ", "T")[:16]
    return whole


def _period(pair: Any) -> Any:
    if not isinstance(pair, list):
        return pair
    first, last = (day.isoformat() if isinstance(day, date) else day for day in pair)
    return {"first": first, "last": last}


def actual(request: Request) -> dict[str, Any]:
    """A request in the same shape."""
    whole = encode(request)
    for holder in (whole, whole.get("compare")):
        if isinstance(holder, dict) and isinstance(holder.get("period"), dict):
            holder["period"].pop("words")
    if isinstance(request, MetricQuestion):
        whole["options"] = dict(request.options)
    return whole


def asked(*names: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every utterance of the files that has one right request."""
    for name in names:
        for entry in table(name):
            if "request" in entry:
                yield entry["ask"], entry["request"]
