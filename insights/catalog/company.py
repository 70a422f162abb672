"""Reads organization.yaml: who works here, where they meet, and which speaker stands where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from pathlib import Path

from insights.catalog.documents import Node, load
from insights.catalog.help_desk import read_help_desk
from insights.catalog.knowledge import read_facts, read_handbook
from insights.catalog.regional import read_timezone
from insights.catalog.sections import Notebook, Section
from insights.errors import Problem, WrongCatalog, nearest
from insights.organization import Device, Organization, Person, Room, RoomPolicy, WorkingHours

ORGANIZATION = "organization.yaml"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_DURATION = re.compile(r"(\d{1,6}) (minute|hour|day|week)s?")


def read_organization(path: Path) -> Organization:
    """Read the file, or that of the folder; a folder without one is a company nobody described.

    Raises WrongCatalog with every problem, each with file, line and suggestion.
    """
    file = path / ORGANIZATION if path.is_dir() else path
    if path.is_dir() and not file.exists():
        return Organization()
    problems: list[Problem] = []
    root = load(file, problems)
    organization = Organization()
    if root is not None:
        organization = _organization(root, Notebook(str(file), problems), file.parent)
    if problems:
        raise WrongCatalog(sorted(problems, key=lambda problem: problem.line))
    return organization


def _organization(root: Node, notebook: Notebook, folder: Path) -> Organization:
    top = Section(root, notebook, ORGANIZATION)
    version = top.whole("version", least=1)
    if version not in (None, 1):
        top.report("version", f"version {version} of {ORGANIZATION} cannot be read.", "Write version: 1.")
    people: dict[str, Person] = {}
    delegates: list[tuple[Section, Person]] = []
    for id_, section in _entries(top, "people", "person"):
        person = _person(id_, section)
        delegates.append((section, person))
        people[id_] = person
    rooms = {id_: _room(id_, section) for id_, section in _entries(top, "rooms", "room")}
    for section, person in delegates:
        for other in person.delegates:
            if other not in people:
                section.report("delegates", f"{section.what}: there is no person '{other[:60]}'.", nearest(other, people) or "Add them to 'people'.")
    _check_once(delegates, notebook)
    devices = {name: _device(name, section, people, rooms) for name, section in top.each("devices", "device")}
    help_desk = read_help_desk(top, _duration)
    roles = {role for person in people.values() for role in person.roles}
    for made in help_desk.types:
        if made.approver is not None and made.approver not in people and made.approver not in roles:
            near = nearest(made.approver, {*people, *roles}) or "Name a person or a role that somebody has."
            top.report("help_desk", f"request type '{made.id}': nobody is the approver '{made.approver[:60]}'.", near)
    handbook, facts = read_handbook(top, folder), read_facts(top, rooms)
    hours, buffer = _hours(top) or WorkingHours(), _duration(top, "buffer") or timedelta()
    top.done()
    return Organization(
        people=people, rooms=rooms, devices=devices, help_desk=help_desk, handbook=handbook, facts=facts, hours=hours, buffer=buffer
    )  # fmt: skip


def _entries(top: Section, key: str, what: str) -> Iterator[tuple[str, Section]]:
    """Id and mapping of each entry of a list; an id that is missing or taken is a problem."""
    seen: dict[str, int] = {}
    for node in top.items(key):
        section = Section(node, top.notebook, f"a {what}")
        id_ = section.required("id") if node.entries is not None else None
        if id_ is None:
            continue
        section.what = f"{what} '{id_[:60]}'"
        if id_ in seen:
            section.report("id", f"{section.what} stands here twice, first in line {seen[id_]}.", "Keep one of them.")
            continue
        seen[id_] = section.line_of("id")
        yield id_, section


def _person(id_: str, section: Section) -> Person:
    email = section.text("email")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        section.report("email", f"{section.what}: '{email[:80]}' is not an address.", "Write one such as ada@example.com.")
    active = section.flag("active")
    person = Person(
        id=id_,
        name=section.required("name") or id_,
        email=email,
        roles=frozenset(section.texts("roles")),
        attributes=_attributes(section),
        slack=section.text("slack"),
        delegates=section.texts("delegates"),
        active=True if active is None else active,
        title=section.text("title"),
        phone=section.text("phone"),
        responsible_for=section.texts("responsible_for"),
        calendar=section.text("calendar"),
        timezone=read_timezone(section),
        hours=_hours(section),
    )
    section.done()
    return person


def _attributes(section: Section) -> Mapping[str, str | tuple[str, ...]]:
    outer = section.section("attributes", f"the attributes of {section.what}")
    return {name: outer.texts(name) if node.items is not None else outer.text(name) or "" for name, node in outer.entries().items()}


def _check_once(people: list[tuple[Section, Person]], notebook: Notebook) -> None:
    """Two people with one address or one Slack account could each be taken for the other."""
    for key in ("email", "slack"):
        seen: dict[str, str] = {}
        for section, person in people:
            own = getattr(person, key)
            if own is None:
                continue
            other = seen.setdefault(own.casefold(), person.id)
            if other != person.id:
                notebook.report(section.line_of(key), f"{section.what} has the same {key} as '{other}'.", "Each person needs their own.")


def _room(id_: str, section: Section) -> Room:
    policy = section.section("policy", f"the policy of {section.what}")
    usual = RoomPolicy()
    room = Room(
        id=id_,
        name=section.required("name") or id_,
        capacity=(section.whole("capacity", least=1) or 1) if section.required("capacity") else 1,
        equipment=frozenset(section.texts("equipment")),
        floor=section.text("floor"),
        building=section.text("building"),
        calendar=section.text("calendar"),
        policy=RoomPolicy(
            longest=_duration(policy, "longest") or usual.longest,
            ahead=_duration(policy, "ahead") or usual.ahead,
            roles=frozenset(policy.texts("roles")),
            check_in=_duration(policy, "check_in"),
            reminder=_duration(policy, "reminder"),
            status=policy.choice("status", ("anyone", "known")) or usual.status,
        ),
    )
    policy.done()
    section.done()
    return room


def _hours(section: Section) -> WorkingHours | None:
    """Working hours such as `{from: 9:00, to: 17:30, days: [monday, tuesday]}`."""
    if section.node("hours") is None:
        return None
    inner, usual = section.section("hours", f"the hours of {section.what}"), WorkingHours()
    start, end = _clock(inner, "from") or usual.start, _clock(inner, "to") or usual.end
    named = inner.texts("days")
    for day in named:
        if day.casefold() not in _WEEKDAYS:
            inner.report("days", f"{inner.what}: '{day[:20]}' is no weekday.", nearest(day.casefold(), _WEEKDAYS) or "Write monday, tuesday and so on.")
    if start >= end:
        inner.report("to", f"{inner.what} end before they begin.", "Write {from: 9:00, to: 17:00}.")
    inner.done()
    days = frozenset(_WEEKDAYS.index(day.casefold()) for day in named if day.casefold() in _WEEKDAYS)
    return WorkingHours(start=start, end=end, days=days or usual.days)


def _clock(section: Section, key: str) -> time | None:
    """A time of day such as 9:00 or 17:30."""
    text = section.text(key)
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        section.report(key, f"{section.what}: '{text[:20]}' is no time of day.", "Write one such as 9:00.")
        return None
    return time(int(match[1]), int(match[2]))


def _duration(section: Section, key: str) -> timedelta | None:
    """A length of time such as `4 hours`, or several one after the other."""
    text = section.text(key)
    if text is None:
        return None
    parts = [_DURATION.fullmatch(part) for part in re.split(r"(?:,| and)? (?=\d)", text.strip().casefold())]
    total = sum(int(part[1]) * _UNITS[part[2]] for part in parts if part)
    if not all(parts) or not 0 < total <= 36_500 * 86_400:
        section.report(key, f"{section.what}: '{key}' must be a length of time, not '{text[:40]}'.", "Write one such as 90 minutes, 4 hours or 60 days.")
        return None
    return timedelta(seconds=total)


def _device(name: str, section: Section, people: Mapping[str, Person], rooms: Mapping[str, Room]) -> Device:
    room, person = section.text("room"), section.text("person")
    section.done()
    if (room is None) == (person is None):
        section.report(None, f"{section.what} needs either a room or a person.", "Write {room: fern} or {person: ada}.")
    if room is not None and room not in rooms:
        section.report("room", f"{section.what}: there is no room '{room[:60]}'.", nearest(room, rooms) or "Add it to 'rooms'.")
    if person is not None and person not in people:
        section.report("person", f"{section.what}: there is no person '{person[:60]}'.", nearest(person, people) or "Add them to 'people'.")
    return Device(id=name, room=room, person=person)
