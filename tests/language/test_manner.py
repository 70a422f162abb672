"""Near which room something is wanted, and which rooms are not: never the room that is named so."""

import pytest

from insights.language.manner import manner

ROOMS = {"fern": "Fern", "moss": "Moss", "boardroom": "Boardroom"}


@pytest.mark.parametrize(
    ("said", "near", "without"),
    [
        ("book the room nearest to Fern", "fern", ()),
        ("the nearest free room to the boardroom", "boardroom", ()),
        ("a room next to moss tomorrow", "moss", ()),
        ("something close to fern", "fern", ()),
        ("any room but fern", None, ("fern",)),
        ("book a room other than Fern, not Moss", None, ("fern", "moss")),
        ("not fern but moss", None, ("fern",)),
        ("moss instead of fern", None, ("fern",)),
        ("book fern next monday", None, ()),
        ("book the next fern", None, ()),
        ("book fern but not the moss", None, ("moss",)),
        ("book fern from ten to eleven", None, ()),
    ],
)
def test_what_a_room_is_named_for(said, near, without):
    """Only with the names of the rooms; to go there or from there is something else."""
    found = manner(said, (), ROOMS)
    assert (found.near, found.without_rooms) == (near, without)
    assert manner(said).near is None
