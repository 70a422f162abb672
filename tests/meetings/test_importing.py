"""Rooms taken up from a CSV file: all of them, or nothing with every mistake named."""

import pytest

from insights.catalog.company import read_organization
from insights.catalog.rewriting import put
from insights.errors import WrongCatalog
from insights.meetings.importing import from_csv, from_directory
from insights.organization import Room

ORGANIZATION = """# Who works here.
people:
  - {id: ada, name: Ada}

rooms:
  - {id: fern, name: Fern, capacity: 6}
  - {id: oak, name: Oak, capacity: 4}

# Which speaker stands where.
devices:
  echo-fern: {room: fern}
"""


def csv(tmp_path, text):
    """A file with this in it."""
    path = tmp_path / "rooms.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rooms_are_added_and_replaced_and_the_rest_of_the_file_is_kept(tmp_path):
    """Comments outside the rooms too."""
    (tmp_path / "organization.yaml").write_text(ORGANIZATION, encoding="utf-8")
    entries = from_csv(
        csv(tmp_path, 'ID,Name,Capacity,Equipment,Floor,longest,status,roles\nfern,Fern,8,screen; video,2,4 hours,known,board\nmoss,"Moss, the green",3,,,,,\n')
    )
    assert put("rooms", entries, tmp_path) == (1, 1)
    found = read_organization(tmp_path)
    fern = found.rooms["fern"]
    assert (fern.capacity, fern.equipment, fern.floor, fern.policy.roles) == (8, {"screen", "video"}, "2", {"board"})
    assert (fern.policy.status, found.rooms["moss"].policy.status) == ("known", "anyone")
    assert found.rooms["moss"].name == "Moss, the green"
    assert list(found.rooms) == ["fern", "oak", "moss"]
    text = (tmp_path / "organization.yaml").read_text(encoding="utf-8")
    assert "# Who works here." in text
    assert "\n# Which speaker stands where.\ndevices:" in text


def test_a_folder_without_an_organization_gets_one(tmp_path):
    """With rooms and nothing else."""
    assert put("rooms", from_directory([Room(id="oak", name="Oak", capacity=4, building="Dock")]), tmp_path) == (1, 0)
    assert read_organization(tmp_path).rooms["oak"].building == "Dock"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the column 'id' is missing"),
        ("id,name\noak,Oak\n", "the column 'capacity' is missing"),
        ("id,name,capacity,colour\noak,Oak,4,red\n", "unknown column 'colour'"),
        ("id,name,capacity\noak,Oak,many\n", "'many' is no number of seats"),
        ("id,name,capacity\n,Oak,4\n", "a room needs its id"),
        ("id,name,capacity\n", "there is no room in it"),
    ],
)
def test_a_file_with_a_mistake_is_refused_by_line(tmp_path, text, message):
    """Nothing of it is taken."""
    with pytest.raises(WrongCatalog, match=message):
        from_csv(csv(tmp_path, text))


def test_what_would_spoil_the_organization_changes_nothing(tmp_path):
    """A length of time that is none."""
    (tmp_path / "organization.yaml").write_text(ORGANIZATION, encoding="utf-8")
    entries = from_csv(csv(tmp_path, "id,name,capacity,longest\noak,Oak,4,long\n"))
    with pytest.raises(WrongCatalog, match="length of time"):
        put("rooms", entries, tmp_path)
    assert (tmp_path / "organization.yaml").read_text(encoding="utf-8") == ORGANIZATION
