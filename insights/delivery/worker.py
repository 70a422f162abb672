"""What `insights work` does: send what is due, retry what failed, end what was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Literal

from insights.delivery.outbox import ANSWER, DIGEST, KIND, MEETING, REMINDER, SHARED, TICKET, channel_news, channel_of, message
from insights.delivery.port import Channel, Messenger, Poster
from insights.delivery.reconcile import GRACE, Witness, reconcile
from insights.delivery.repeating import go_on
from insights.errors import InsightsError, OutcomeUnknown, OutsideFailed
from insights.ledger.port import Ledger, WorkItem
from insights.organization import Person
from insights.turns import Reply
from insights.wording import Wording

LEASE = timedelta(minutes=2)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
COMPOSED = (MEETING, ANSWER, SHARED, DIGEST, TICKET)
"""What is put into words when it is sent, which may take its time."""
SENDING = "being sent"
ATTEMPTS = 10  # with the pauses above about four hours: after that the news is old and somebody should look

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What is to be sent: into a `channel`, else to the person whose item it is; None: nothing is left to say."""

    reply: Reply | None
    channel: Channel | None = None


Compose = Callable[[WorkItem, Channel | None], Composed]
Fate = Literal["sent", "postponed", "failed", "unknown", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one round did. `unknown`: may or may not have arrived, not sent again; `dropped`: nothing was left to say.

    `happened` and `undone`: interrupted actions that were ended.
    """

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    unknown: int = 0
    dropped: int = 0
    happened: int = 0
    undone: int = 0


def work(
    ledger: Ledger,
    messengers: Mapping[str, Messenger],
    people: Mapping[str, Person],
    clock: Clock,
    *,
    witnesses: Mapping[str, Witness] | None = None,
    wording: Wording | None = None,
    grace: timedelta = GRACE,
    compose: Compose | None = None,
) -> Counts:
    """One round: interrupted actions (by kind, see Witness), then every message that is due. Any number of workers may run at once.

    A message is claimed with a lease and sent at most once: when a worker dies while sending, or a messenger cannot tell, it is marked `unknown` and
    stays so. When sending failed for certain it is tried again, later each time. `compose` finds the answers that were promised to people, anew for each
    attempt; without it they wait. A worker that dies while it does so has sent nothing: that is tried again as well.
    """
    happened, undone = reconcile(ledger, witnesses or {}, wording or Wording(), clock(), grace=grace)
    fates: dict[Fate, int] = {"sent": 0, "postponed": 0, "failed": 0, "unknown": 0, "dropped": 0}
    made: dict[str, Compose] = {KIND: _as_written, REMINDER: _as_written}
    if compose is not None:
        made |= dict.fromkeys(COMPOSED, compose)
    for kind, reply_of in made.items():
        for item in ledger.lapsed_work(kind, now=clock()):
            _go_on(ledger, item, people, clock)
            if item.kind in COMPOSED and item.problem != SENDING:
                fates[_later(ledger, item, "interrupted while it was put into words", clock)] += 1
            elif _was_posted(ledger, item, messengers):
                fates["sent"] += ledger.finish_work(item, "done", now=clock())
            else:
                fates["unknown"] += ledger.finish_work(item, "unknown", problem="interrupted while it was being sent", now=clock())
        while (claimed := ledger.claim_work(kind, now=clock(), lease=LEASE)) is not None:
            _go_on(ledger, claimed, people, clock)
            fates[_deliver(ledger, claimed, messengers, people, clock, reply_of)] += 1
    return Counts(happened=happened, undone=undone, **fates)


def _go_on(ledger: Ledger, item: WorkItem, people: Mapping[str, Person], clock: Clock) -> None:
    """What repeats goes on for as long as its person is here; the next is put down first, so that a crash in between loses none."""
    person = people.get(item.person or "")
    if item.kind == REMINDER and person is not None and person.active:
        go_on(ledger, item, clock())


def send_now(ledger: Ledger, key: str, messengers: Mapping[str, Messenger], people: Mapping[str, Person], clock: Clock, *, compose: Compose) -> Fate | None:
    """Send a promised answer without waiting for a worker; None when a worker has it already. What fails for now is tried again by `work`."""
    item = ledger.claim_work(ANSWER, now=clock(), lease=LEASE, key=key)
    return None if item is None else _deliver(ledger, item, messengers, people, clock, compose)


def _deliver(ledger: Ledger, item: WorkItem, messengers: Mapping[str, Messenger], people: Mapping[str, Person], clock: Clock, reply_of: Compose) -> Fate:
    person = people.get(item.person or "")
    if person is None or not person.active:
        ledger.finish_work(item, "failed", problem="the person is not here any more", now=clock())
        return "failed"
    messenger = next((one for one in messengers.values() if one.reaches(person)), None)
    try:
        poster, channel = _place(item, messengers)
        if messenger is None and poster is None:
            return _later(ledger, item, "no messenger reaches the person", clock)
        if item.kind == TICKET and channel is None:  # it is nobody's but the channel's, so nobody else can be told in its place
            return _later(ledger, item, f"there is no channel {channel_of(item)} that I am in", clock)
        with _held(ledger, item, clock) if item.kind in COMPOSED else nullcontext():
            composed = reply_of(item, channel)
    except Exception as error:  # nothing went out, so it may be tried again
        return _later(ledger, item, str(error) if isinstance(error, InsightsError) else f"{type(error).__name__} while it was put into words", clock)
    if composed.reply is None:
        ledger.finish_work(item, "done", problem="nothing was left to say", now=clock())
        return "dropped"
    if item.kind in COMPOSED and not ledger.hold_work(item, until=clock() + LEASE, note=SENDING):
        return "postponed"  # another worker took it for ours to have died, and sends it
    try:
        if composed.channel is not None and poster is not None:
            thread = poster.post(composed.channel, composed.reply, key=item.key)
            if item.kind == TICKET and thread is not None:
                ledger.join_thread(thread, channel_news(item).ticket)  # what is said to it there is said to the ticket
        elif messenger is not None:
            messenger.send(person, composed.reply, key=item.key)
        else:
            return _later(ledger, item, "no messenger reaches the person", clock)
    except OutcomeUnknown as error:
        ledger.finish_work(item, "unknown", problem=str(error), now=clock())
        return "unknown"
    except OutsideFailed as error:
        return _later(ledger, item, str(error), clock)
    except InsightsError as error:
        ledger.finish_work(item, "failed", problem=str(error), now=clock())
        return "failed"
    except Exception as error:  # one message that breaks a messenger must not stop the others; whether it went out, nobody can tell
        ledger.finish_work(item, "unknown", problem=f"{type(error).__name__} while it was being sent", now=clock())
        return "unknown"
    ledger.finish_work(item, "done", now=clock())
    return "sent"


@contextmanager
def _held(ledger: Ledger, item: WorkItem, clock: Clock) -> Iterator[None]:
    """The claim is ours for as long as this takes: a question that somebody could not wait for may well outlast the lease."""
    over = Event()

    def hold() -> None:
        while not over.wait(LEASE.total_seconds() / 4):
            with suppress(InsightsError):  # at the next beat, else somebody else takes it
                ledger.hold_work(item, until=clock() + LEASE)

    beat = Thread(target=hold, name="lease", daemon=True)
    beat.start()
    try:
        yield
    finally:
        over.set()
        beat.join()


def _as_written(item: WorkItem, _: Channel | None) -> Composed:
    return Composed(reply=message(item))


def _place(item: WorkItem, messengers: Mapping[str, Messenger]) -> tuple[Poster | None, Channel | None]:
    """Who posts it where, for what goes into a channel that is there."""
    name = channel_of(item)
    for one in messengers.values() if name is not None else ():
        if isinstance(one, Poster) and (channel := one.channel(name or "")) is not None:
            return one, channel
    return None, None


def _was_posted(ledger: Ledger, item: WorkItem, messengers: Mapping[str, Messenger]) -> bool:
    """Whether a channel has what somebody was interrupted at posting there; a ticket's thread is then known as its."""
    try:
        poster, channel = _place(item, messengers)
        thread = poster.posted(channel, key=item.key) if poster is not None and channel is not None and not channel.closed else None
    except Exception:  # it stays unknown
        return False
    if thread is not None and item.kind == TICKET:
        ledger.join_thread(thread, channel_news(item).ticket)
    return thread is not None


def _later(ledger: Ledger, item: WorkItem, problem: str, clock: Clock) -> Fate:
    if item.attempts >= ATTEMPTS:
        ledger.finish_work(item, "failed", problem=problem, now=clock())
        return "failed"
    pause = min(FIRST_RETRY * 2 ** (item.attempts - 1), LONGEST_RETRY)
    ledger.postpone_work(item, due=clock() + pause, problem=problem)
    return "postponed"
