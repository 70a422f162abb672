"""What the store promises about what a door was given to do and what it sends: each once, in order, over all processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something a door was given to do. `scope` is whom it came from (a workspace), `queue` what must be done in order, `attempt` tells whose word counts."""

    key: str
    number: int
    scope: str
    queue: str
    payload: str
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    """Write a job down, ours at once. Its outcome is the Job, or None when it is known: somebody does it or did it. One that failed may be given again."""

    key: str
    scope: str
    queue: str
    payload: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """A job has ended; what it held is erased, its key stays. Its outcome is False when it is no longer ours to say."""

    job: Job
    state: Literal["done", "failed"]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Write a message of a job down, in its lane behind what is there, and begin to send it if it is its turn at once (see Begin).

    Its outcome is a Written; one that was not sent yet takes the new payload.
    """

    key: str
    job: Job
    lane: str
    payload: str
    apart: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message with its place; `doubtful` when somebody was interrupted while sending it. `result` is what came of it once it is `sent`."""

    key: str
    number: int
    state: Literal["waiting", "sending", "sent"]
    doubtful: bool = False
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Say that a message is being sent, if it is its turn and the job is still ours; its outcome tells whether. The lane is busy for `apart` then."""

    written: Written
    job: Job
    lane: str
    apart: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message went out, or for certain will not (`failed`); what it held is erased. Its outcome is None."""

    written: Written
    result: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A message did not go out; it waits again, and nothing of its lane goes out before `until`. Its outcome is None."""

    written: Written
    lane: str
    until: datetime


Step = Receive | Settle | Write | Begin | Sent | Hold
Outcome = Job | Written | bool | None


class Post(Protocol):
    """Jobs and messages. A job is held for `lease` by whoever received it or took it over, and is held on to while it is at work."""

    def record(self, steps: Sequence[Step], *, now: datetime, lease: timedelta) -> list[Outcome]:
        """Do all of these in one transaction; what came of each, in order."""

    def hold_on(self, holder: str, *, now: datetime, lease: timedelta) -> int:
        """Everything this holder has at work stays theirs for another lease; how many."""

    def take_over(self, holder: str, *, now: datetime, lease: timedelta, most: int = 10) -> tuple[Job, ...]:
        """Jobs whose holder fell silent are ours now, oldest first."""

    def let_go(self, holder: str, *, now: datetime) -> int:
        """Everything this holder has at work may be taken over at once; how many."""

    def waits_for(self, job: Job) -> bool:
        """Whether an earlier job of the same queue has not ended."""

    def turn_of(self, written: Written, lane: str, *, now: datetime) -> float | None:
        """Seconds until this message may go out as far as is known; None while an earlier one of its lane has not gone out."""

    def is_written(self, key: str) -> bool:
        """Whether a message with this key was written down, sent or not."""

    def job_state(self, key: str) -> str | None:
        """`doing`, `done` or `failed`; None when it is not known."""

    def close_scope(self, scope: str, *, now: datetime) -> int:
        """Nothing that came from there is done or sent any more; how many jobs were at work."""
