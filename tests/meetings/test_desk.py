"""Finding, proposing and booking rooms as a person meets it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from insights.errors import NotAnswerable, NothingFree, NotPermitted, OutcomeUnknown, OutsideFailed, UnknownThing
from insights.organization import Organization, Room
from insights.requests import BookRoom, FindRoom, MyCalendar, Period
from tests.meetings.conftest import office_of

NOW = datetime(2026, 12, 1, 10, 0, 20)
THREE = datetime(2026, 12, 2, 15)


def book(desk, asker, key="k", now=NOW, **wish):
    """Book at once."""
    return desk.book(BookRoom(**wish), asker=asker, now=now, key=key).booking


def test_a_booking_is_proposed_then_booked_as_proposed(desk, ada):
    """What the person heard is what a yes carries out; nothing is held before it."""
    wish = BookRoom(people=4, start=THREE, minutes=60, title="Budget")
    proposed = desk.propose(wish, asker=ada, now=NOW)
    assert proposed.status == "proposed"
    assert desk.mine(MyCalendar(), asker=ada, now=NOW).bookings == ()
    booked = desk.book(desk.settled(wish, proposed), asker=ada, now=NOW, key="k")
    assert booked.status == "booked"
    assert (booked.booking.room, booked.booking.start, booked.booking.end) == ("oak", THREE, datetime(2026, 12, 2, 16))
    assert (booked.booking.room_name, booked.booking.title, booked.booking.capacity) == ("Oak", "Budget", 4)
    assert desk.mine(MyCalendar(), asker=ada, now=NOW).bookings == (booked.booking,)


def test_asked_twice_with_the_same_key_it_is_booked_once(desk, ada):
    """The second time the same booking is told, whatever the clock says by then."""
    first = book(desk, ada, start=THREE, minutes=60)
    assert book(desk, ada, now=datetime(2026, 12, 9), start=THREE, minutes=60) == first
    assert len(desk.mine(MyCalendar(period=Period()), asker=ada, now=NOW).bookings) == 1


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({}, ["oak", "fern", "hall"]),
        ({"people": 5}, ["fern", "hall"]),
        ({"people": 6}, ["fern", "hall"]),
        ({"people": 7}, ["hall"]),
        ({"equipment": ("SCREEN",)}, ["fern", "hall"]),
        ({"equipment": ("video", "screen")}, ["fern"]),
    ],
)
def test_the_room_that_wastes_least_comes_first(desk, ada, wish, expected):
    """Seats are not wasted on a small meeting; equipment is found in any letter case."""
    assert [room["room"] for room in desk.find(FindRoom(**wish), asker=ada, now=NOW).rooms] == expected


def test_this_floor_and_this_building_are_those_of_the_room_in_which_it_is_said(ledger, ada, sam):
    """The floor of its own building; where it is not known where somebody is, they are asked to name it rather than given any floor."""
    places = {"oak": ("2", "Dock"), "fern": ("2", "Dock"), "hall": ("3", "Dock"), "loft": ("2", "Mill"), "yard": (None, None)}
    rooms = {id_: Room(id=id_, name=id_.title(), capacity=4, floor=floor, building=building) for id_, (floor, building) in places.items()}
    desk = office_of(ledger, Organization(people={"ada": ada.person, "sam": sam.person}, rooms=rooms))

    def found(asker, **wish):
        return {room["room"] for room in desk.find(FindRoom(**wish), asker=asker, now=NOW).rooms}

    assert found(ada, floor="this") == {"oak", "fern"}
    assert found(ada, building="this") == {"oak", "fern", "hall"}
    assert found(ada, floor="2") == {"oak", "fern", "loft"}
    assert found(ada, floor="this", building="Mill") == {"loft"}
    with pytest.raises(NotAnswerable, match="where you are"):
        found(sam, floor="this")
    with pytest.raises(NotAnswerable, match="on which floor Yard is"):
        found(replace(ada, room="yard"), floor="this")
    with pytest.raises(NotAnswerable, match="which building Yard is"):
        found(replace(ada, room="yard"), building="this")


def test_a_found_room_is_told_with_what_it_has(desk, ada):
    """Everything a person chooses by."""
    (hall,) = desk.find(FindRoom(people=7), asker=ada, now=NOW).rooms
    assert dict(hall) == {"room": "hall", "name": "Hall", "capacity": 20, "equipment": "Screen", "floor": "1", "building": "Dock"}


def test_without_a_start_it_is_now_and_without_a_length_half_an_hour_and_that_is_said(desk, ada):
    """From this very minute."""
    proposed = desk.propose(BookRoom(room="this room"), asker=ada, now=NOW)
    assert (proposed.booking.room, proposed.booking.start, proposed.booking.end) == ("fern", datetime(2026, 12, 1, 10), datetime(2026, 12, 1, 10, 30))
    assert any("30 minutes" in sentence for sentence in proposed.assumed)
    assert desk.propose(BookRoom(room="fern", minutes=45), asker=ada, now=NOW).assumed == ()


def test_rooms_are_known_by_name_or_id_in_any_letter_case(desk, ada):
    """As people say and as programs write it."""
    assert {desk.propose(BookRoom(room=said), asker=ada, now=NOW).booking.room for said in ("fern", "Fern", "FERN", "here")} == {"fern"}


def test_a_room_that_does_not_exist_is_refused_with_the_nearest(desk, ada, sam):
    """And with all there are, as they are few."""
    with pytest.raises(UnknownThing, match="Did you mean 'Fern'") as caught:
        desk.propose(BookRoom(room="ferm"), asker=ada, now=NOW)
    assert caught.value.options == ("Fern", "Hall", "Oak")
    with pytest.raises(UnknownThing, match="which room this is"):
        desk.propose(BookRoom(room="this room"), asker=sam, now=NOW)


def test_equipment_that_no_room_has_is_refused_with_what_there_is(desk, ada):
    """The options are what rooms list."""
    with pytest.raises(UnknownThing) as caught:
        desk.find(FindRoom(equipment=("projector",)), asker=ada, now=NOW)
    assert caught.value.options == ("screen", "video")


def test_a_taken_room_is_refused_with_another_room_and_with_its_next_time(desk, ada, sam):
    """Two ways out; the smallest other room that fits is named."""
    book(desk, sam, room="fern", start=THREE, minutes=60)
    with pytest.raises(NothingFree) as caught:
        book(desk, ada, "k2", room="fern", start=datetime(2026, 12, 2, 15, 30), minutes=60, people=5)
    assert caught.value.problem == "Fern is taken from 3:30 PM to 4:30 PM."
    assert caught.value.remedy == "Hall (seats 20) is free then; it is free from 4:00 PM."


def test_when_every_room_is_taken_the_first_that_becomes_free_is_named(desk, ada, sam):
    """Soonest first, whichever room it is."""
    for key, room, minutes in (("a", "oak", 120), ("b", "fern", 60), ("c", "hall", 90)):
        book(desk, sam, key, room=room, start=THREE, minutes=minutes)
    with pytest.raises(NothingFree, match=r"Every room is taken from 3:00 PM to 3:30 PM\. Fern is free from 4:00 PM\."):
        desk.find(FindRoom(start=THREE, minutes=30), asker=ada, now=NOW)
    with pytest.raises(NothingFree, match=r"Hall, the only room for 10 that fits, is taken .* Hall is free from 4:30 PM\."):
        desk.find(FindRoom(start=THREE, minutes=30, people=10), asker=ada, now=NOW)


def test_a_gap_that_is_too_short_is_not_offered(desk, ada, sam):
    """Half an hour between two bookings does not hold an hour."""
    book(desk, sam, "a", room="hall", start=THREE, minutes=60)
    book(desk, sam, "b", room="hall", start=THREE + timedelta(minutes=90), minutes=600)
    with pytest.raises(NothingFree, match="It is free on Thursday, December 3 from 2:30 AM"):
        desk.propose(BookRoom(room="hall", start=THREE, minutes=60, people=20), asker=ada, now=NOW)


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ({"people": 21}, "No room seats 21. The largest is Hall, which seats 20."),
        ({"people": 7, "equipment": ("video",)}, "No room with video seats 7. The largest is Fern, which seats 6."),
        ({"people": 7, "room": "fern"}, "Fern seats 6, not 7. Hall [(]seats 20[)] is free then."),
        ({"equipment": ("video",), "room": "hall"}, "Hall has no video. Fern [(]seats 6[)] is free then."),
    ],
)
def test_a_wish_that_no_room_or_not_this_room_fulfils_names_what_comes_nearest(desk, ada, wish, problem):
    """Too many people, or equipment that is elsewhere."""
    with pytest.raises(NothingFree, match=problem):
        desk.propose(BookRoom(start=THREE, **wish), asker=ada, now=NOW)


def test_a_room_is_held_no_longer_and_no_further_ahead_than_its_policy(desk, ada):
    """Exactly the longest and the furthest are allowed, a minute more is not."""
    furthest = datetime(2027, 1, 30, 10)
    assert desk.propose(BookRoom(room="fern", start=THREE, minutes=240), asker=ada, now=NOW)
    assert desk.propose(BookRoom(room="fern", start=furthest), asker=ada, now=NOW)
    with pytest.raises(NotPermitted, match="at most 4 hours"):
        desk.propose(BookRoom(room="fern", start=THREE, minutes=241), asker=ada, now=NOW)
    with pytest.raises(NotPermitted, match="at most 60 days ahead"):
        desk.propose(BookRoom(room="fern", start=furthest + timedelta(minutes=1)), asker=ada, now=NOW)


def test_a_room_whose_policy_forbids_it_is_passed_over_for_one_that_allows_it(desk, ada):
    """Ten hours fit only the hall; three days fit none, and the most generous says so."""
    assert desk.propose(BookRoom(start=THREE, minutes=600), asker=ada, now=NOW).booking.room == "hall"
    with pytest.raises(NotPermitted, match="Hall can be booked for at most 2 days"):
        desk.propose(BookRoom(start=THREE, minutes=3 * 24 * 60), asker=ada, now=NOW)


@pytest.mark.parametrize(
    "wish",
    [
        {"start": datetime(2026, 12, 1, 9)},
        {"start": datetime(2026, 11, 30, 15)},
        {"start": datetime(1, 1, 1)},
        {"minutes": 0},
        {"minutes": -30},
        {"people": 0},
        {"people": -4},
    ],
)
def test_what_cannot_be_meant_is_refused(desk, ada, wish):
    """A time that has passed, no time at all, nobody."""
    with pytest.raises(NotAnswerable):
        desk.propose(BookRoom(**wish), asker=ada, now=NOW)


@pytest.mark.parametrize("wish", [{"minutes": 10**15}, {"start": datetime(9999, 12, 31, 23, 59)}, {"minutes": 14 * 24 * 60 + 1}])
def test_absurd_lengths_and_dates_are_refused_not_failed(desk, ada, wish):
    """Beyond what arithmetic on dates can hold."""
    with pytest.raises(NotPermitted):
        desk.propose(BookRoom(**wish), asker=ada, now=NOW)


def test_three_said_just_after_three_still_means_three(desk, ada):
    """Five minutes of grace; and a yes may come while the proposed time has begun."""
    wish = BookRoom(room="oak", start=THREE, minutes=30)
    proposed = desk.propose(wish, asker=ada, now=THREE + timedelta(minutes=4))
    assert desk.book(desk.settled(wish, proposed), asker=ada, now=THREE + timedelta(minutes=8), key="k").booking.start == THREE
    with pytest.raises(NotAnswerable, match="passed"):
        desk.propose(wish, asker=ada, now=THREE + timedelta(minutes=6))


def test_a_time_that_the_clocks_skip_is_refused_with_the_time_that_is_meant(desk, ada):
    """In New York there is no half past two on 14 March 2027."""
    with pytest.raises(NotAnswerable, match=r"no 02:30 on that day\. Say 03:30\."):
        desk.propose(BookRoom(start=datetime(2027, 3, 14, 2, 30)), asker=ada, now=NOW)


def test_an_hour_is_an_hour_on_the_night_when_clocks_change(desk, ada):
    """From half past one the wall shows half past three an hour later in spring, half past one again in autumn."""
    spring = book(desk, ada, "a", now=datetime(2027, 3, 1), room="oak", start=datetime(2027, 3, 14, 1, 30), minutes=60)
    assert spring.end == datetime(2027, 3, 14, 3, 30)
    autumn = book(desk, ada, "b", now=datetime(2027, 11, 1), room="oak", start=datetime(2027, 11, 7, 1, 30), minutes=60)
    assert autumn.end == datetime(2027, 11, 7, 1, 30)


def test_my_calendar_holds_mine_in_the_period_or_from_now_on(desk, ada, sam):
    """Whole days, both included; what others booked is not in it."""
    early = book(desk, ada, "a", room="oak", start=datetime(2026, 12, 1, 11))
    late = book(desk, ada, "b", room="oak", start=datetime(2026, 12, 3, 23, 45))
    book(desk, sam, "c", room="oak", start=THREE)
    day = date(2026, 12, 3)
    assert desk.mine(MyCalendar(), asker=ada, now=NOW).bookings == (early, late)
    assert desk.mine(MyCalendar(), asker=ada, now=datetime(2026, 12, 1, 11, 30)).bookings == (late,)
    assert desk.mine(MyCalendar(period=Period(first=day, last=day)), asker=ada, now=NOW).bookings == (late,)
    assert desk.mine(MyCalendar(period=Period(last=date(2026, 12, 2))), asker=ada, now=NOW).bookings == (early,)


def test_a_room_that_is_no_longer_listed_is_told_by_its_id(desk, ada, ledger, organization):
    """Old bookings outlive the room."""
    book(desk, ada, room="oak", start=THREE)
    bare = office_of(ledger, type(organization)(people=organization.people), zone="UTC")
    (booking,) = bare.mine(MyCalendar(), asker=ada, now=NOW).bookings
    assert (booking.room_name, booking.capacity) == ("oak", None)


def test_without_rooms_that_is_said(desk, ada, ledger):
    """A company that lists none."""
    bare = office_of(ledger, Organization(), zone="UTC")
    with pytest.raises(NothingFree, match="I don't know any rooms here"):
        bare.find(FindRoom(), asker=ada, now=NOW)


def test_the_proposed_room_that_was_taken_meanwhile_is_not_silently_exchanged(desk, ada, sam):
    """The yes was for that room; another is offered, and the same key may then book."""
    wish = BookRoom(start=THREE, minutes=30)
    proposed = desk.propose(wish, asker=ada, now=NOW)
    book(desk, sam, "other", room="oak", start=THREE)
    with pytest.raises(NothingFree, match="Fern"):
        desk.book(desk.settled(wish, proposed), asker=ada, now=NOW, key="k")
    assert book(desk, ada, room="fern", start=THREE).room == "fern"


class Flaky:
    """A calendar that acts and then does not say so."""

    def __init__(self, rooms, error):
        self._rooms, self._error = rooms, error

    def hold(self, hold, *, now):
        """Hold the room, then lose the connection."""
        self._rooms.hold(hold, now=now)
        raise self._error

    def __getattr__(self, name):
        return getattr(self._rooms, name)


def test_an_unknown_outcome_is_looked_for_before_it_is_tried_again(desk, ada, ledger, organization):
    """The calendar booked and did not answer: asked again, the booking is found."""
    flaky = Flaky(desk.ground.rooms, OutcomeUnknown("The calendar did not answer."))
    shaky = office_of(ledger, organization, rooms=flaky)
    with pytest.raises(OutcomeUnknown):
        book(shaky, ada, room="oak", start=THREE)
    assert ledger.find("k").state == "attempted"
    assert book(shaky, ada, room="oak", start=THREE).room == "oak"
    assert ledger.find("k").state == "confirmed"


def test_a_provider_that_failed_for_certain_leaves_the_action_failed(desk, ada, ledger, organization):
    """With the reason, and free to be tried again."""
    flaky = Flaky(type("Nothing", (), {"hold": lambda *_, **__: None, "busy": lambda *_: ()})(), OutsideFailed("The calendar is down."))
    shaky = office_of(ledger, organization, rooms=flaky)
    with pytest.raises(OutsideFailed):
        book(shaky, ada, room="oak", start=THREE)
    assert (ledger.find("k").state, ledger.find("k").reason) == ("failed", "The calendar is down.")
    assert book(desk, ada, room="oak", start=THREE).room == "oak"
