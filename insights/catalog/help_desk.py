"""Reads how the help desk works: `help_desk` and `emergency` in organization.yaml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta

from insights.catalog.sections import Section
from insights.errors import nearest
from insights.helpdesk import (
    CATEGORIES,
    EMERGENCIES,
    INSTRUCTIONS,
    PRIORITIES,
    Category,
    Emergency,
    Field,
    Fix,
    HelpDesk,
    Priority,
    RequestType,
    ServiceHours,
)

Duration = Callable[[Section, str], timedelta | None]
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def read_help_desk(top: Section, duration: Duration) -> HelpDesk:
    """What the two sections say; everything that they leave out is as it is without them."""
    usual = HelpDesk()
    section = top.section("help_desk", "'help_desk'")
    categories = {name: _category(name, each) for name, each in section.each("categories", "category")} or dict(CATEGORIES)
    types = tuple(_type(name, each, categories) for name, each in section.each("requests", "request type"))
    fixes = tuple(_fix(Section(node, section.notebook, "a known fix")) for node in section.items("fixes"))
    due = dict(usual.due)
    told = section.section("due", "'due' of the help desk")
    for name in told.entries():
        if name not in PRIORITIES:
            told.report(name, f"There is no priority '{name[:60]}'.", nearest(name, PRIORITIES) or "There is low, normal, high and urgent.")
            continue
        length = duration(told, name)
        due |= {_priority(name): length} if length is not None else {}
    hours = _hours(section.section("hours", "'hours' of the help desk"))
    agents = section.texts("agents")
    channel = section.text("channel")
    section.done()
    return HelpDesk(
        categories=categories,
        agents=frozenset(agents) if agents else usual.agents,
        types=types,
        fixes=fixes,
        hours=hours,
        due=due,
        emergency=_emergency(top),
        channel=channel.removeprefix("#") if channel else None,
    )


def _priority(name: str) -> Priority:
    return next(one for one in PRIORITIES if one == name)


def _category(name: str, section: Section) -> Category:
    category = Category(
        id=name,
        label=section.text("label") or name.replace("_", " ").capitalize(),
        group=section.required("group", example="group: IT") or "Help desk",
        words=tuple(word.casefold() for word in section.texts("words")),
    )
    section.done()
    return category


def _type(name: str, section: Section, categories: Mapping[str, Category]) -> RequestType:
    category = section.text("category")
    if category is not None and category not in categories:
        section.report("category", f"{section.what}: there is no category '{category[:60]}'.", nearest(category, categories))
    made = RequestType(
        id=name,
        label=section.text("label") or name.replace("_", " ").capitalize(),
        fields=tuple(_field(field, each) for field, each in section.each("fields", f"{section.what}: field")),
        words=tuple(word.casefold() for word in section.texts("words")),
        category=category,
        approver=section.text("approver"),
    )
    section.done()
    return made


def _field(name: str, section: Section) -> Field:
    label, required = section.text("label") or name.replace("_", " ").capitalize(), section.flag("required")
    made = Field(
        name=name,
        label=label,
        question=f"{(section.text('question') or label).strip().rstrip('?')}?",
        values=section.texts("values"),
        required=True if required is None else required,
    )
    section.done()
    return made


def _fix(section: Section) -> Fix:
    words = tuple(word.casefold() for word in section.texts("words"))
    if not words:
        section.report(None, "A known fix needs 'words': what people say when they have the problem.", "Add words: [projector, black].")
    made = Fix(title=section.required("title") or "", steps=section.required("steps") or "", words=words)
    section.done()
    return made


def _hours(section: Section) -> ServiceHours:
    usual = ServiceHours()
    days = []
    for said in section.texts("days"):
        if said.casefold() in _DAYS:
            days.append(_DAYS.index(said.casefold()))
        else:
            section.report("days", f"'{said[:40]}' is not a weekday.", nearest(said.casefold(), _DAYS) or "Write monday to sunday.")
    opens, closes = _clock(section, "opens") or usual.opens, _clock(section, "closes") or usual.closes
    if opens >= closes:
        section.report("closes", "The help desk closes before it opens.", "Write opens: 9:00 and closes: 17:00.")
        opens, closes = usual.opens, usual.closes
    section.done()
    return ServiceHours(days=tuple(sorted(set(days))) or usual.days, opens=opens, closes=closes)


def _clock(section: Section, key: str) -> time | None:
    text = section.text(key)
    if text is None:
        return None
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        section.report(key, f"'{text[:40]}' is not a time of day.", "Write one such as 8:30, in quotation marks.")
        return None
    return time(int(found[1]), int(found[2]))


def _emergency(top: Section) -> Mapping[Emergency, str]:
    """One text for everything, or one each for fire, leak and injury."""
    node = top.node("emergency")
    if node is None:
        return INSTRUCTIONS
    if node.is_scalar:
        return dict.fromkeys(EMERGENCIES, node.text)
    section = top.section("emergency", "'emergency'")
    found = {kind: section.text(kind) or INSTRUCTIONS[kind] for kind in EMERGENCIES}
    section.done()
    return found
