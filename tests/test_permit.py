"""Who may have what, where."""

from __future__ import annotations

import pytest

from insights.catalog.model import Aggregation, Catalog, Dataset, Field, FieldId, Metric, RowPolicy
from insights.errors import NotPermitted, UnknownThing
from insights.lake.source import Source
from insights.organization import Device, Organization, Person, Room, RoomPolicy
from insights.permit import Permit
from insights.requests import BookRoom, Filter, FindRoom, Help, MetricQuestion, RoomStatus, WhoBooked

REGION = FieldId("customers", "region")


def catalog(**changes) -> Catalog:
    """A model with a public, an internal and a confidential metric."""
    fields = {"region": Field(id=REGION, expression=("region",), kind="text", role="dimension", label="Region")}
    datasets = {
        "orders": Dataset(name="orders", source=Source(table="orders"), fields={}),
        "customers": Dataset(name="customers", source=Source(table="customers"), fields=fields),
        "salaries": Dataset(name="salaries", source=Source(table="salaries"), fields={}, sensitivity="confidential"),
    }
    count = Aggregation(function="count", dataset="orders")
    metrics = {
        "orders": Metric(name="orders", label="Orders", formula=(count,), sensitivity="public"),
        "margin": Metric(name="margin", label="Margin", formula=(count,), sensitivity="confidential"),
        "payroll": Metric(name="payroll", label="Payroll", formula=(Aggregation(function="count", dataset="salaries"),)),
    }
    return Catalog(name="test", version="1", datasets=datasets, metrics=metrics, access={"confidential": ("finance",)}, **changes)


ORGANIZATION = Organization(
    people={
        "fin": Person(id="fin", name="Fin", roles=frozenset({"finance"})),
        "sam": Person(id="sam", name="Sam", roles=frozenset({"regional_manager"}), attributes={"region": "EMEA"}),
        "old": Person(id="old", name="Old", active=False),
    },
    rooms={"fern": Room(id="fern", name="Fern", capacity=6)},
    devices={"echo-fern": Device(id="echo-fern", room="fern"), "echo-fin": Device(id="echo-fin", person="fin")},
)
PERMIT = Permit(catalog(), ORGANIZATION)


def ask(*metrics: str) -> MetricQuestion:
    """A question for metrics."""
    return MetricQuestion(metrics=metrics)


@pytest.mark.parametrize("audience", ["private", "room", "channel"])
@pytest.mark.parametrize("person", [None, "sam", "fin"])
@pytest.mark.parametrize("metric", ["orders", "margin", "payroll", "orders / margin", "count(salaries)", "orders + payroll"])
def test_what_is_confidential_is_only_for_the_named_roles_in_private(metric, person, audience) -> None:
    """The table of sensitivity x role x audience: only finance in private gets what is confidential, by whatever name it is asked for."""
    asker = PERMIT.asker(person=person, device=None, audience=audience)
    confidential = metric != "orders"
    if not confidential or (person == "fin" and audience == "private"):
        assert "orders" in PERMIT.decide(ask(metric), asker).metrics
    else:
        with pytest.raises(NotPermitted):
            PERMIT.decide(ask(metric), asker)


def test_a_condition_on_a_result_needs_the_same_right() -> None:
    """A confidential metric cannot be read through a filter."""
    asker = PERMIT.asker(person="sam", device=None, audience="private")
    with pytest.raises(NotPermitted):
        PERMIT.decide(MetricQuestion(metrics=("orders",), filters=(Filter(metric="margin", op=">", values=(1,)),)), asker)


def test_a_definition_is_as_confidential_as_its_metric() -> None:
    """Asking what margin means tells nobody who may not see it."""
    asker = PERMIT.asker(person=None, device=None, audience="private")
    with pytest.raises(NotPermitted):
        PERMIT.decide(MetricQuestion(analysis="about", options={"topic": "margin"}), asker)


def test_the_grant_names_no_metric_that_the_asker_may_not_see() -> None:
    """Questions back and help are made from the grant, so it holds visible names only."""
    assert PERMIT.grant(PERMIT.asker(person="sam", device=None, audience="private")).metrics == {"orders"}
    assert PERMIT.grant(PERMIT.asker(person="fin", device=None, audience="private")).metrics == {"orders", "margin", "payroll"}
    assert PERMIT.grant(PERMIT.asker(person="fin", device="echo-fern", audience="private")).metrics == {"orders"}


def test_a_device_in_a_room_makes_a_public_place() -> None:
    """Whoever speaks to the meeting room speaks before others; a desk device speaks for its owner."""
    room = PERMIT.asker(person="fin", device="echo-fern", audience="private")
    desk = PERMIT.asker(person=None, device="echo-fin", audience="private")
    assert (room.audience, room.room) == ("room", "fern")
    assert desk.person is not None
    assert (desk.person.id, desk.audience) == ("fin", "private")


@pytest.mark.parametrize(("person", "device"), [("nobody", None), (None, "echo-fren")])
def test_people_and_devices_nobody_knows_are_refused(person, device) -> None:
    """An id that does not exist is never taken for the unnamed user."""
    with pytest.raises(UnknownThing):
        PERMIT.asker(person=person, device=device, audience="private")


def test_someone_who_has_left_loses_everything() -> None:
    """An inactive person may not even ask what is public."""
    with pytest.raises(NotPermitted):
        PERMIT.asker(person="old", device=None, audience="private")


def test_chores_need_a_name_where_people_are_known() -> None:
    """Nobody books a room anonymously, but anybody may ask for help."""
    asker = PERMIT.asker(person=None, device=None, audience="private")
    with pytest.raises(NotPermitted):
        PERMIT.decide(BookRoom(room="fern"), asker)
    assert PERMIT.decide(Help(), asker)


def test_row_policies_let_through_what_fits_the_person_and_nothing_by_default() -> None:
    """A manager sees their region, everyone else no row, and the grant's key tells them apart."""
    permit = Permit(catalog(policies=(RowPolicy(dataset="customers", roles=("regional_manager",), where={"region": "{person.region}"}),)), ORGANIZATION)
    sam = permit.grant(permit.asker(person="sam", device=None, audience="private"))
    fin = permit.grant(permit.asker(person="fin", device=None, audience="private"))
    assert sam.rows == {"customers": ({REGION: ("EMEA",)},)}
    assert fin.rows == {"customers": ()}
    assert sam.key != fin.key


PAY = FieldId("salaries", "pay")
HIDDEN = Permit(
    Catalog(
        name="test",
        version="1",
        datasets={
            **catalog().datasets,
            "salaries": Dataset(
                name="salaries",
                source=Source(table="salaries"),
                fields={
                    "pay": Field(id=PAY, expression=("pay",), kind="number", role="fact", label="Pay"),
                    "paid_on": Field(id=FieldId("salaries", "paid_on"), expression=("paid_on",), kind="date", role="time", label="Paid"),
                },
                sensitivity="confidential",
            ),
        },
        metrics=catalog().metrics,
        access={"confidential": ("finance",)},
    ),
    ORGANIZATION,
)


@pytest.mark.parametrize(
    "changes",
    [
        {"group_by": ("weekday(salaries.paid_on)",)},
        {"group_by": ("bin(pay)",), "options": {"width": 50}},
        {"filters": (Filter(dimension="hour(salaries.paid_on)", op="<", values=(9,)),)},
        {"analysis": "list", "metrics": (), "options": {"dataset": "salaries"}},
        {"analysis": "list", "metrics": (), "options": {"dataset": "orders", "by": "salaries.pay"}},
        {"analysis": "list", "metrics": (), "columns": ("salaries.pay",), "options": {"dataset": "orders"}},
        {"analysis": "share", "options": {"part": "region,pay"}},
        {"analysis": "ranking", "group_by": ("region",), "options": {"within": "salaries.pay"}},
        {"options": {"members": "salaries.pay"}},
        {"analysis": "segments", "options": {"of": "salaries"}},
        {"analysis": "distribution", "metrics": ("salaries.pay",)},
        {"analysis": "correlation", "metrics": ("orders", "pay")},
        {"analysis": "forecast", "metrics": ("margin",), "options": {"horizon": 3}},
    ],
)
def test_what_is_confidential_is_refused_wherever_a_question_names_it(changes) -> None:
    """A field inside a part of time, a bin, an option, a column or a bare measure counts like one in plain sight; finance may have it."""
    question = MetricQuestion(**{"metrics": ("orders",), **changes})
    with pytest.raises(NotPermitted):
        HIDDEN.decide(question, HIDDEN.asker(person="sam", device=None, audience="private"))
    assert HIDDEN.decide(question, HIDDEN.asker(person="fin", device=None, audience="private"))


NOBODY = {"person": None, "audience": "room", "confidence": "unknown"}


@pytest.mark.parametrize("room", [None, "fern"])
def test_a_room_tells_anybody_in_it_whether_it_is_free(room) -> None:
    """By the device that stands in it, whether it is named or not."""
    PERMIT.decide(RoomStatus(room=room), PERMIT.asker(device="echo-fern", **NOBODY))


@pytest.mark.parametrize(
    ("request_", "device", "place"),
    [
        (RoomStatus(room="oak"), "echo-fern", None),
        (WhoBooked(room="fern"), "echo-fern", None),
        (FindRoom(), "echo-fern", None),
        (BookRoom(room="fern"), "echo-fern", None),
        (RoomStatus(room="fern"), None, "room"),
        (RoomStatus(room="fern"), None, None),
        (RoomStatus(room="fern"), None, "screen"),
    ],
)
def test_nothing_more_about_rooms_is_for_somebody_unknown(request_, device, place) -> None:
    """Other rooms, who has it, which are free, to book it; nor any room on a device that nobody has placed."""
    with pytest.raises(NotPermitted, match="who is asking"):
        PERMIT.decide(request_, PERMIT.asker(device=device, place=place, **NOBODY))


def test_a_company_may_keep_from_strangers_whether_a_room_is_free() -> None:
    """`policy: {status: known}`; whose voice is known is told."""
    rooms = {"fern": Room(id="fern", name="Fern", capacity=6, policy=RoomPolicy(status="known"))}
    permit = Permit(catalog(), Organization(people=ORGANIZATION.people, rooms=rooms, devices=ORGANIZATION.devices))
    with pytest.raises(NotPermitted, match="who is asking"):
        permit.decide(RoomStatus(), permit.asker(device="echo-fern", **NOBODY))
    permit.decide(RoomStatus(), permit.asker(person="sam", device="echo-fern", audience="room", confidence="voice"))
