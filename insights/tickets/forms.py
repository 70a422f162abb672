"""The form a report is filed by: which one its words ask for, and what it still wants to know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from insights.helpdesk import Field, RequestType
from insights.language.troubles import FIELD
from insights.requests import Choice, Clarify, RaiseTicket

MOST_CHOICES = 3


def form_of(what: str, types: Sequence[RequestType]) -> RequestType | None:
    """The request type whose words are said, the one with the most; else the usual one, None where there is none."""
    said = f" {' '.join(re.findall(r'[a-z0-9]+', what.casefold()))} "
    counted = [(sum(f" {word} " in said for word in one.words), one) for one in types]
    best = max(counted, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else next((one for one in types if one.usual), None)


def filled(request: RaiseTicket, form: RequestType) -> RaiseTicket:
    """The report with the fields that its own words give: an allowed value that is said, and nothing that is not allowed."""
    fields = {}
    for field in form.fields:
        given = request.fields.get(field.name)
        value = _allowed(given, field) if given is not None else _said(request.what, field)
        if value is not None:
            fields[field.name] = value
    return replace(request, fields=fields)


def missing(request: RaiseTicket, form: RequestType) -> Clarify | None:
    """The question for the first field that is required and not given; with its values to choose from where they are few."""
    for field in form.fields:
        if not field.required or field.name in request.fields:
            continue
        slot = f"{FIELD}{field.name}"
        if 0 < len(field.values) <= MOST_CHOICES:
            choices = tuple(Choice(label=value, request=replace(request, fields={**request.fields, field.name: value})) for value in field.values)
            return Clarify(about=field.label, choices=choices, missing=slot, partial=request, prompt=field.question)
        options = f" There is {', '.join(field.values[:8])}." if field.values else ""
        return Clarify(about=field.label, missing=slot, partial=request, prompt=f"{field.question}{options}")
    return None


def _allowed(given: str, field: Field) -> str | None:
    """What was said as the form writes it; None for what it does not allow."""
    if not field.values:
        return given.strip() or None
    said = given.casefold().strip(" .!?")
    exact = [value for value in field.values if value.casefold() == said]
    near = exact or [value for value in field.values if said and (f" {value.casefold()} " in f" {said} " or f" {said} " in f" {value.casefold()} ")]
    return near[0] if len(near) == 1 else None


def _said(what: str, field: Field) -> str | None:
    found = [value for value in field.values if re.search(rf"(?<!\w){re.escape(value.casefold())}(?!\w)", what.casefold())]
    return found[0] if len(found) == 1 else None


def told(types: Sequence[RequestType]) -> str:
    """The forms of a system, and what those that demand anything ask for, for whoever runs the service."""
    asking = [
        f"{one.label} asks for {', '.join(field.label for field in one.fields if field.required)}" for one in types if any(f.required for f in one.fields)
    ]
    count = f"{len(types)} form{'' if len(types) == 1 else 's'}" if types else "no form"
    return "; ".join([count, *asking])
