"""When nobody can tell whether an action happened, it is looked for before it is tried again, and the person hears the truth once it is known."""

import json
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from insights.answers import Ticket, TicketAnswer
from insights.delivery.worker import work
from insights.errors import NotAnswerable, OutcomeUnknown, OutsideFailed
from insights.organization import Person
from insights.wording import Wording
from tests.delivery import elsewhere
from tests.delivery.elsewhere import NOW, Desk, act

SCRIPT = Path(elsewhere.__file__)
SENT = {"intended": 0, "attempted": 0, "sent": 1, "done": 1, "confirmed": 1}


@pytest.fixture(params=["sqlite", "postgres"])
def where(request, tmp_path):
    """Where the ledger is, in each engine."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return f"postgres t{uuid4().hex} {request.getfixturevalue('postgres_address')}"


class Ear:
    """A messenger that keeps what Ada hears."""

    name = "slack"

    def __init__(self):
        self.heard = []

    def reaches(self, person):
        """Everybody."""
        return True

    def send(self, person, reply, *, key):
        """Keep it."""
        self.heard.append(reply.text)


class Witness:
    """Whoever looks up what became of a ticket there."""

    def __init__(self, desk):
        self.found = desk.found

    def answer(self, result):
        """A ticket that was raised."""
        return TicketAnswer(status="raised", ticket=Ticket(id=json.loads(result)["id"], what="The projector is dark.", status="open", raised=NOW))

    def undone(self, request):
        """A ticket that was not."""
        return NotAnswerable("I was interrupted, and no ticket was raised.", remedy="Ask again if you still want it.")


def settle(ledger, desk, ear, minutes=3):
    """What `insights work` does some minutes later."""
    people = {"ada": Person(id="ada", name="Ada Okafor")}
    return work(ledger, {"slack": ear}, people, lambda: NOW + timedelta(minutes=minutes), witnesses={"raise_ticket": Witness(desk)}, wording=Wording())


@pytest.mark.parametrize("step", SENT)
@pytest.mark.parametrize("answers", ["ticket", "lost after"])
def test_killed_at_any_step_it_is_filed_once_or_reported(where, ledger, tmp_path, step, answers):
    """Also between the commit over there and its answer: Ada hears once what became of it, and asking again files nothing twice."""
    file = tmp_path / "desk"
    ended = subprocess.run([sys.executable, SCRIPT, where, file, answers, step], capture_output=True, text=True)
    ear = Ear()
    if answers == "lost after" and step in ("done", "confirmed"):  # the answer never came, so it never got so far
        assert "I'm not sure yet whether that worked. I'm checking, and I'll tell you." in ended.stdout
    else:
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    desk = Desk(file)
    assert len(desk.filed()) == SENT[step]
    settle(ledger, desk, ear)
    interrupted = step != "confirmed" or answers == "lost after"
    assert len(ear.heard) == interrupted
    if interrupted:
        assert ("X-1" in ear.heard[0], "no ticket was raised" in ear.heard[0]) == (SENT[step] == 1, SENT[step] == 0)
    settle(ledger, desk, ear, minutes=30)
    assert len(ear.heard) == interrupted
    assert len(desk.filed()) == SENT[step]
    assert act(ledger, desk) == '{"id": "X-1"}'
    assert desk.filed() == ["k"]
    assert desk.asked == (SENT[step] == 0)  # what had been filed is not even sent again


@pytest.mark.parametrize(("answers", "filed", "truth"), [("lost after", ["k"], "X-1"), ("lost before", [], "no ticket was raised")])
def test_not_sure_yet_then_the_truth(ledger, tmp_path, answers, filed, truth):
    """First that it is being checked, then what became of it, without anybody asking."""
    desk, ear = Desk(tmp_path / "desk", answers), Ear()
    with pytest.raises(OutcomeUnknown) as caught:
        act(ledger, desk)
    assert str(caught.value) == "I'm not sure yet whether that worked. I'm checking, and I'll tell you."
    assert ledger.find("k").state == "attempted"
    settle(ledger, desk, ear)
    assert (desk.asked, desk.filed()) == (1, filed)
    assert len(ear.heard) == 1
    assert truth in ear.heard[0]


def test_somebody_unnamed_is_not_promised_a_message(ledger, tmp_path):
    """There is nobody to send it to."""
    with pytest.raises(OutcomeUnknown, match="ask for it in a few minutes"):
        act(ledger, Desk(tmp_path / "desk", "lost after"), person=None)


def test_asked_again_before_it_is_known_it_is_looked_for_first(ledger, tmp_path):
    """What is found is the answer, and nothing is sent a second time."""
    desk = Desk(tmp_path / "desk", "lost after")
    with pytest.raises(OutcomeUnknown):
        act(ledger, desk)
    assert act(ledger, desk) == '{"id": "X-1"}'
    assert (desk.asked, desk.filed()) == (1, ["k"])
    assert ledger.find("k").state == "confirmed"


def test_while_it_cannot_be_looked_for_it_is_not_tried_again(ledger, tmp_path):
    """The desk is away: still not sure, at every asking and at every round; once it is back, the truth."""
    desk, ear = Desk(tmp_path / "desk", "lost after"), Ear()
    with pytest.raises(OutcomeUnknown):
        act(ledger, desk)
    desk.reachable = False
    with pytest.raises(OutcomeUnknown, match="not sure yet"):
        act(ledger, desk)
    settle(ledger, desk, ear)
    assert (desk.asked, ear.heard) == (1, [])
    desk.reachable = True
    settle(ledger, desk, ear, minutes=10)
    assert (desk.asked, len(ear.heard)) == (1, 1)


def test_a_refusal_is_told_as_it_is(ledger, tmp_path):
    """That is no doubt: the desk said no."""
    with pytest.raises(NotAnswerable, match="needs a room"):
        act(ledger, Desk(tmp_path / "desk", "refused"))
    assert ledger.find("k").state == "failed"


class Flaky:
    """A ledger whose connection breaks at one of its steps, before or after that was written down."""

    def __init__(self, ledger, at, *, written):
        self.ledger, self.at, self.written = ledger, at, written

    def __getattr__(self, name):
        method = getattr(self.ledger, name)

        def call(*arguments, **named):
            if name != self.at:
                return method(*arguments, **named)
            if self.written:
                method(*arguments, **named)
            raise OutcomeUnknown("The connection to the ledger was lost.")

        return call


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("at", ["begin", "attempted"])
def test_what_may_not_be_written_down_is_not_attempted(ledger, tmp_path, at, written):
    """And said so: nothing was done."""
    desk, ear = Desk(tmp_path / "desk"), Ear()
    with pytest.raises(OutsideFailed, match="so nothing was done") as caught:
        act(Flaky(ledger, at, written=written), desk)
    assert not isinstance(caught.value, OutcomeUnknown)
    settle(ledger, desk, ear)
    assert (desk.asked, desk.filed()) == (0, [])
    assert not [heard for heard in ear.heard if "no ticket was raised" not in heard]


@pytest.mark.parametrize("written", [True, False])
def test_what_happened_is_told_also_when_it_cannot_be_written_down(ledger, tmp_path, written):
    """The truth is known; the next round writes it down, and asking again files nothing."""
    desk, ear = Desk(tmp_path / "desk"), Ear()
    assert act(Flaky(ledger, "confirm", written=written), desk) == '{"id": "X-1"}'
    settle(ledger, desk, ear)
    assert ledger.find("k").state == "confirmed"
    assert act(ledger, desk) == '{"id": "X-1"}'
    assert desk.filed() == ["k"]
