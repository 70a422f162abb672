"""Questions of how rooms and the help desk are used, in the words that people have for them."""

import pytest

from insights.language.usage import put, subject

LABELS = {"room_bookings_made": "Room bookings", "booked_minutes": "Booked time"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("how often was fern booked", "Room bookings for fern"),
        ("how often is the boardroom used this month", "Room bookings for boardroom this month"),
        ("how many times has fern been reserved", "Room bookings for fern"),
        ("how often are our meeting rooms used", "Room bookings"),
        ("how often do we use the rooms", "Room bookings"),
        ("how many hours was fern booked last week", "Booked time for fern last week"),
        ("for how many hours were the rooms in use in may", "Booked time in may"),
        ("how much time do people book each room", "Booked time by booked room"),
        ("how often is each room used", "Room bookings by booked room"),
        ("how often was the product used", None),
        ("how often do customers order", None),
        ("how long is fern booked", None),
        ("how many hours are booked", None),
    ],
)
def test_how_much_a_room_is_used_is_put_in_the_words_of_its_figures(said, meant):
    """Of rooms that there are, and of nothing else; until when one is booked is no figure."""
    assert put(said, ["Fern", "Boardroom"], LABELS) == meant
    assert put(said, ["Fern", "Boardroom"], {}) is None


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("What is our mean time to answer?", "help_desk"),
        ("how many tickets are open", "help_desk"),
        ("how satisfied are people with the help desk", "help_desk"),
        ("how often was Fern used?", "rooms"),
        ("no-show rate by room", "rooms"),
        ("customer satisfaction", None),
        ("is fern free", None),
        ("what is the status of my ticket", None),
    ],
)
def test_what_is_asked_of_the_office_by_its_name_is_known(said, about):
    """Only then are its figures counted anew."""
    assert subject(said) == about
