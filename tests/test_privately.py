"""What must not be told where it was asked is sent to whoever asked, and permitted again when it is sent."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import datetime

import duckdb
import pytest

from insights import Turn
from insights.catalog.model import RowPolicy
from insights.contract import encode_reply
from insights.delivery.outbox import ANSWER
from insights.delivery.worker import work
from insights.errors import NotPermitted, OutsideFailed
from insights.organization import Device, Organization, Person
from insights.permit import Permit, acts_for
from insights.requests import MetricQuestion, MyCalendar
from tests.test_permit import PERMIT, catalog

MARGIN = "gross margin last month"


class Post:
    """A door that keeps what it was given."""

    name = "post"

    def __init__(self, *failures):
        self.failures = list(failures)
        self.sent = []

    def reaches(self, person):
        """Everybody."""
        return True

    def send(self, person, reply, *, key):
        """Keep it, or fail."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((person.id, reply))


def deliver(assistant, post, now=datetime(2026, 5, 31, 10)):
    """One round of work."""
    return work(assistant.ledger, {"post": post}, assistant.organization.people, lambda: now, compose=assistant.compose)


def told(reply):
    """Everything that leaves the assistant."""
    return json.dumps(encode_reply(reply)) + reply.speech + reply.text


@pytest.mark.parametrize("place", [{"audience": "channel"}, {"audience": "room"}, {"device": "echo-fern"}, {"device": "echo-omar", "confidence": "owner"}])
def test_a_confidential_figure_is_sent_and_not_told(office, place):
    """The public reply says only that; the message is what the asker would be told alone; twice the same turn is one message."""
    alone = office.reply(Turn(MARGIN, person="omar"))
    figure = re.search(r"[\d.]+%", alone.text)[0]
    for _ in range(2):
        public = office.reply(Turn(MARGIN, person="omar", id="t1", **place))
        assert (public.outcome, public.answer, public.request, public.chart) == ("understood", None, None, None)
        assert "privately" in public.speech
        assert not re.search(r"\d+([.,]\d+)?\s*(%|percent)", told(public))
        assert figure not in told(public)
    post = Post()
    assert deliver(office, post).sent == 1
    assert [(person, reply.text) for person, reply in post.sent] == [("omar", alone.text)]
    assert deliver(office, post).sent == 0


def test_the_outbox_holds_the_question_and_no_figure(office):
    """Whoever reads the ledger learns what was asked, not what it is."""
    figure = re.search(r"[\d.]+", office.reply(Turn(MARGIN, person="omar")).text.partition(":")[2] or "0")[0]
    office.reply(Turn(MARGIN, person="omar", audience="channel", id="t2"))
    item = office.ledger.claim_work(ANSWER, now=datetime(2026, 5, 31, 10), lease=datetime(2026, 5, 31, 11) - datetime(2026, 5, 31, 10))
    assert json.loads(item.payload)["request"]["metrics"] == ["gross_margin"]
    assert figure not in item.payload


def test_a_right_that_lapsed_before_it_was_sent_is_a_refusal(office, monkeypatch):
    """Permitted when it was asked, not when it is sent: also when the first attempt failed in between."""
    office.reply(Turn(MARGIN, person="omar", audience="channel", id="t3"))
    assert deliver(office, Post(OutsideFailed("Slack is down.", remedy="Later."))).postponed == 1
    people = {**office.organization.people, "omar": replace(office.organization.people["omar"], roles=frozenset())}
    organization = replace(office.organization, people=people)
    monkeypatch.setattr(office, "_parts", replace(office._parts, organization=organization, permit=Permit(office.catalog, organization)))
    post = Post()
    assert deliver(office, post, datetime(2026, 5, 31, 11)).sent == 1
    ((_, reply),) = post.sent
    assert (reply.outcome, reply.answer) == ("denied", None)
    assert "%" not in reply.text


def test_who_has_left_is_sent_nothing(office, monkeypatch):
    """The promise is not kept to somebody who is not here any more."""
    office.reply(Turn(MARGIN, person="omar", audience="channel", id="t4"))
    people = {**office.organization.people, "omar": replace(office.organization.people["omar"], active=False)}
    organization = replace(office.organization, people=people)
    monkeypatch.setattr(office, "_parts", replace(office._parts, organization=organization, permit=Permit(office.catalog, organization)))
    post = Post()
    assert deliver(office, post).failed == 1
    assert not post.sent


def test_my_calendar_is_told_to_me_alone(office):
    """In a room it is sent; alone it is told."""
    office.reply(Turn("book Fern tomorrow at three for an hour", person="ada"))
    public = office.reply(Turn("what have I booked?", person="ada", device="echo-fern", confidence="voice"))
    assert "privately" in public.text
    assert "Fern" not in told(public).replace("what have I booked?", "")
    post = Post()
    assert deliver(office, post).sent >= 1
    assert any("Fern" in reply.text for _, reply in post.sent)
    assert "Fern" in office.reply(Turn("what have I booked?", person="ada")).text


def test_guests_in_a_channel_hear_no_internal_figure(office):
    """One guest is enough; members whom nobody knows are guests; known members may hear it."""
    asked = {"person": "ada", "audience": "channel"}
    assert office.reply(Turn("revenue last month", **asked, listeners=("ada", "omar"))).answer is not None
    for others in ({"strangers": 1}, {"listeners": ("ada", "nobody")}, {"listeners": ("jo",)}):
        reply = office.reply(Turn("revenue last month", **asked, **others))
        assert (reply.answer, "privately" in reply.text) == (None, True)
    unknown = office.reply(Turn("revenue last month", audience="channel", strangers=2))
    assert (unknown.outcome, unknown.answer) == ("denied", None)


def test_who_cannot_be_written_to_is_told_to_ask_in_private():
    """Without an address nothing is promised."""
    asker = PERMIT.asker(person="fin", device=None, audience="channel")
    with pytest.raises(NotPermitted, match="others can hear") as refused:
        PERMIT.weigh(MetricQuestion(metrics=("margin",)), asker)
    assert refused.value.remedy == "Ask me in private."


def test_figures_of_my_rows_are_told_in_a_channel_whose_members_see_the_same_rows():
    """Else they are sent; and in a room nobody knows who listens."""
    people = {
        "sam": Person(id="sam", name="Sam", roles=frozenset({"manager"}), attributes={"region": "EMEA"}, slack="U1"),
        "kim": Person(id="kim", name="Kim", roles=frozenset({"manager"}), attributes={"region": "EMEA"}, slack="U2"),
        "lee": Person(id="lee", name="Lee", roles=frozenset({"manager"}), attributes={"region": "APAC"}, slack="U3"),
        "max": Person(id="max", name="Max"),
    }
    policy = RowPolicy(dataset="customers", roles=("manager",), where={"region": "{person.region}"})
    permit = Permit(catalog(policies=(policy,)), Organization(people=people, devices={"desk": Device(id="desk", person="sam")}))
    question = MetricQuestion(metrics=("count(customers)",))

    def sent(**place):
        return permit.weigh(question, permit.asker(person="sam", device=None, **place)).instead is not None

    assert not sent(audience="private")
    assert not sent(audience="channel", listeners=("sam", "kim"))
    assert sent(audience="channel", listeners=("sam", "lee"))
    assert sent(audience="channel", listeners=("sam", "max"))
    assert sent(audience="channel", listeners=("sam", "kim"), strangers=1)
    assert sent(audience="channel")
    assert sent(audience="room")
    with pytest.raises(NotPermitted):
        permit.decide(question, permit.asker(person="sam", device=None, audience="room"))
    assert permit.weigh(MyCalendar(), permit.asker(person="sam", device=None, audience="room")).instead.audience == "private"


def test_delegates_act_for_another_only_when_it_is_sure_who_speaks():
    """Whoever is listed, by voice or account; nobody from a desk whose owner only seems to speak."""
    ada = Person(id="ada", name="Ada", delegates=("sam",))
    organization = Organization(people={"ada": ada, "sam": Person(id="sam", name="Sam"), "eve": Person(id="eve", name="Eve")})
    permit = Permit(catalog(), organization)

    def may(person, **known):
        return acts_for(permit.asker(person=person, device=None, audience="private", **known), "ada", organization)

    assert may("sam")
    assert may("sam", place="room", confidence="voice")
    assert not may("sam", place="desk", confidence="owner")
    assert not may("eve")
    assert not may(None)
    assert may("ada", place="desk", confidence="owner")


def test_a_question_that_takes_too_long_is_answered_later(office):
    """Whoever is known hears that it will be sent, and gets the answer; twice the same turn is one message; who has no address hears why not."""
    late = {"deadline": time.monotonic() - 1}
    question = "revenue by region by month"
    for _ in range(2):
        reply = office.reply(Turn(question, person="omar", id="t1", **late))
        assert (reply.outcome, reply.answer) == ("understood", None)
        assert reply.speech == "That takes longer than I can wait here. I'll send it to you when it is ready."
    post = Post()
    deliver(office, post)
    ((person, sent),) = post.sent
    assert (person, sent.text) == ("omar", office.reply(Turn(question, person="omar")).text)
    assert office.reply(Turn(question, **late)).outcome == "failed"
    assert post.sent == [(person, sent)]


def test_a_conversation_goes_on_from_what_was_promised(office, company):
    """After "I'll send it" the question is what is talked of: its figure for another month, as SQL by hand has it; nothing is shown to pick from yet."""
    late, talk = {"deadline": time.monotonic() - 1}, {"person": "omar", "conversation": "c"}
    office.reply(Turn("orders by region", id="t0", **talk))
    assert "when it is ready" in office.reply(Turn("revenue by month in 2025", id="t1", **talk, **late)).text
    assert office.reply(Turn("the second one", id="t2", **talk)).outcome == "unsupported"
    origin = office.reply(Turn("how did you get that", id="t3", **talk))
    assert "SUM(orders.amount_usd)" in origin.text
    followed = office.reply(Turn("and in March 2026?", id="t4", **talk))
    revenue = "SELECT sum(amount_usd) FROM '{}/data/orders/**/*.parquet' WHERE status <> 'test' AND ordered_on BETWEEN '2026-03-01' AND '2026-03-31'"
    assert sum(row["revenue"] for row in followed.answer.rows) == pytest.approx(float(duckdb.sql(revenue.format(company.folder)).fetchall()[0][0]))
    assert office.reply(Turn("by market", id="t5", **talk)).request.metrics == ("revenue",)


def test_how_an_answer_came_about_is_sent_where_that_takes_long(office):
    """What is sent is what it rests on, once; without an address it fails."""
    late = {"deadline": time.monotonic() - 1}
    for person in ("omar", None):
        office.reply(Turn("revenue last month", person=person, conversation=f"c{person}"))
    for _ in range(2):
        assert "when it is ready" in office.reply(Turn("how did you get that", person="omar", conversation="comar", id="t2", **late)).text
    assert office.reply(Turn("how did you get that", conversation="cNone", **late)).outcome == "failed"
    post = Post()
    assert deliver(office, post).sent == 1
    assert "SUM(orders.amount_usd)" in post.sent[0][1].text
    assert "SQL: WITH" in post.sent[0][1].text
    assert deliver(office, post).sent == 0


def test_a_conversation_goes_on_from_what_is_sent_privately_for_those_who_may_have_it(office):
    """Whoever was promised a figure of the board goes on in the channel and is sent that too; somebody else learns nothing of it there."""
    open_to_all = {"audience": "channel", "conversation": "c"}
    office.reply(Turn(MARGIN, person="omar", id="t1", **open_to_all))
    assert "privately" in office.reply(Turn("by region", person="omar", id="t2", **open_to_all)).text
    post = Post()
    assert deliver(office, post).sent == 2
    alone = {"person": "omar", "conversation": "alone"}
    office.reply(Turn(MARGIN, **alone))
    assert {reply.text for _, reply in post.sent} == {office.reply(Turn(asked, **alone)).text for asked in (MARGIN, "by region")}
    for asked in ("how did you get that", "by market", "go back", "what did you assume", "the same for 2025"):
        other = office.reply(Turn(asked, person="priya", **open_to_all))
        assert (other.answer, other.request) == (None, None)
        assert "margin" not in told(other).casefold()
