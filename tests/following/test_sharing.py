"""An answer is sent on where both the sender and whoever gets it may have it, decided when it is sent."""

from datetime import datetime

import pytest

from insights.catalog.model import FieldId
from insights.delivery.port import Channel
from insights.permit.rows import covers

SUNDAY = datetime(2026, 5, 31, 9)


def test_an_answer_goes_to_oneself_to_people_and_into_a_channel(halcyon_mail):
    """Found anew, with the name of whoever sent it; what is talked of stays."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "revenue last month")
        for text in ("send it to my slack", "share this with Nina", "post it in #sales"):
            assert halcyon_mail.say(office, text).outcome == "understood"
        assert "by market" in halcyon_mail.say(office, "and by market?").text
        sent = {place: reply.text for place, _, reply in halcyon_mail.work(office, SUNDAY)}
    assert set(sent) == {"ada", "nina", "#sales"}
    assert "sent you this" not in sent["ada"]
    assert sent["nina"].startswith("Ada Okafor sent you this.\nRevenue in April 2026: $300,385.62")


def test_nobody_is_sent_what_they_may_not_have(halcyon_mail):
    """Finance shares margins with finance, not with sales, and not in a channel; the refusal tells no figure."""
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "gross margin last month", "omar", conversation="o")
        refused = halcyon_mail.say(office, "share this with Ada", "omar", conversation="o")
        assert (refused.outcome, "53" in refused.text) == ("denied", False)
        halcyon_mail.say(office, "share this with Nina", "omar", conversation="o")
        halcyon_mail.say(office, "post it in #sales", "omar", conversation="o")
        sent = {place: reply for place, _, reply in halcyon_mail.work(office, SUNDAY)}
    assert set(sent) == {"nina", "omar"}
    assert (sent["omar"].outcome, "53" in sent["omar"].text) == ("denied", False)


def test_with_guests_nothing_internal_is_posted(halcyon_mail):
    """Somebody from elsewhere reads along."""
    halcyon_mail.post.channels = {"sales": Channel(id="C1", name="sales", members=("ada",), strangers=1)}
    with halcyon_mail.at(SUNDAY) as office:
        halcyon_mail.say(office, "revenue last month")
        halcyon_mail.say(office, "post it in #sales")
        ((place, _, reply),) = halcyon_mail.work(office, SUNDAY)
    assert (place, reply.outcome) == ("ada", "denied")


REGION, PLAN = FieldId("orders", "region"), FieldId("orders", "plan")


@pytest.mark.parametrize(
    ("receiver", "sender", "covered"),
    [
        ({}, {REGION: ("EMEA",)}, True),
        ({REGION: ("EMEA", "APAC")}, {REGION: ("EMEA",)}, True),
        ({REGION: ("EMEA",)}, {REGION: ("EMEA", "APAC")}, False),
        ({REGION: ("EMEA",)}, {}, False),
        ({REGION: ("EMEA",)}, {REGION: ("EMEA",), PLAN: ("Free",)}, True),
        ({REGION: ("EMEA",), PLAN: ("Free",)}, {REGION: ("EMEA",)}, False),
    ],
)
def test_a_receiver_sees_every_row_of_the_sender(receiver, sender, covered):
    """Row filters: what the sender's let through, the receiver's must let through too."""
    assert covers(receiver, sender) is covered
