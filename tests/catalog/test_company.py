"""The organization file: who and what there is, and each kind of mistake in it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from insights.catalog.company import read_organization
from insights.errors import WrongCatalog
from insights.organization import Organization

COMPANY = """\
people:
  - {id: ada, name: Ada, email: ada@halcyon.example, roles: [it], attributes: {region: EMEA, cities: [Rome, Bonn]}, slack: U01, delegates: [sam], active: true}
  - {id: sam, name: Sam Whitlock, email: sam@halcyon.example, active: no}
rooms:
  - {id: fern, name: Fern, capacity: 6, equipment: [screen, video], floor: 2, building: Dock, policy: {longest: 4 hours, ahead: 60 days}}
  - {id: moss, name: Moss, capacity: 4, policy: {longest: 1 hour 30 minutes}}
devices: {echo-fern: {room: fern}, echo-ada: {person: ada}}
"""


def _read(tmp_path: Path, text: str) -> Organization:
    (tmp_path / "organization.yaml").write_text(text)
    return read_organization(tmp_path)


def test_people_rooms_and_devices_are_read(tmp_path: Path) -> None:
    """Roles, attributes, delegates, durations and what stands where."""
    company = _read(tmp_path, COMPANY)
    ada = company.people["ada"]
    assert (ada.name, ada.roles, ada.delegates, ada.slack, ada.active) == ("Ada", frozenset({"it"}), ("sam",), "U01", True)
    assert ada.attributes == {"region": "EMEA", "cities": ("Rome", "Bonn")}
    assert not company.people["sam"].active
    fern, moss = company.rooms["fern"], company.rooms["moss"]
    assert (fern.capacity, fern.equipment, fern.floor, fern.building) == (6, frozenset({"screen", "video"}), "2", "Dock")
    assert (fern.policy.longest, fern.policy.ahead) == (timedelta(hours=4), timedelta(days=60))
    assert moss.policy.longest == timedelta(minutes=90)
    assert (company.devices["echo-fern"].room, company.devices["echo-ada"].person) == ("fern", "ada")


def test_the_demo_company_is_read() -> None:
    """The organization that ships with the demo has no mistake."""
    company = read_organization(Path(__file__).parents[2] / "insights" / "demo" / "organization.yaml")
    assert company.people
    assert company.rooms


def test_a_folder_without_the_file_is_a_company_nobody_described(tmp_path: Path) -> None:
    """No file is fine; a file that was named and is not there is not."""
    assert read_organization(tmp_path) == Organization()
    with pytest.raises(WrongCatalog, match="cannot be read"):
        read_organization(tmp_path / "people.yaml")


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "suggestion"),
    [
        ("delegates: [sam]", "delegates: [sma]", 2, "no person 'sma'", "Did you mean 'sam'?"),
        ("id: sam,", "id: ada,", 3, "stands here twice, first in line 2", "Keep one"),
        ("sam@halcyon.example", "ADA@halcyon.example", 3, "same email as 'ada'", "their own"),
        ("sam@halcyon.example", "sam at halcyon", 3, "not an address", "ada@example.com"),
        ("active: no", "active: perhaps", 3, "true or false", ""),
        ("active: no", "activ: no", 3, "no key 'activ'", "Did you mean 'active'?"),
        ("capacity: 4", "capacity: many", 6, "whole number from 1", ""),
        (", capacity: 4", "", 6, "needs 'capacity'", "capacity"),
        ("longest: 4 hours", "longest: a while", 5, "length of time", "4 hours"),
        ("longest: 4 hours", "longest: 0 hours", 5, "length of time", "4 hours"),
        ("{room: fern}", "{room: fren}", 7, "no room 'fren'", "Did you mean 'fern'?"),
        ("{person: ada}", "{person: adda}", 7, "no person 'adda'", "Did you mean 'ada'?"),
        ("{person: ada}", "{person: ada, room: fern}", 7, "either a room or a person", "{room: fern}"),
        ("rooms:", "room:", 4, "no key 'room'", "Did you mean 'rooms'?"),
        ("people:", "people: {}\npeople:", 2, "given twice", "Keep one"),
    ],
)
def test_a_mistake_is_told_with_line_and_suggestion(tmp_path: Path, old: str, new: str, line: int, message: str, suggestion: str) -> None:
    """One of the problems is exactly this one."""
    assert old in COMPANY
    with pytest.raises(WrongCatalog) as caught:
        _read(tmp_path, COMPANY.replace(old, new, 1))
    fitting = [p for p in caught.value.problems if message in p.message]
    assert fitting, str(caught.value)
    assert (fitting[0].file, fitting[0].line) == (str(tmp_path / "organization.yaml"), line)
    assert suggestion in fitting[0].suggestion
