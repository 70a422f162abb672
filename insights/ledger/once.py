"""An action happens once, or is reported as not done: the order of steps that makes it so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar, assert_never

from insights.errors import AskerCanFix, InsightsError, OutcomeUnknown, OutsideFailed
from insights.ledger.port import Actions, Begun, Done, InFlight

Step = Callable[[str], None]
T = TypeVar("T")


def silent(_: str) -> None:
    """Take no notice of a step."""


def once(
    actions: Actions,
    *,
    key: str,
    kind: str,
    request: str,
    person: str | None,
    now: datetime,
    attempt: Callable[[], str],
    found: Callable[[], str | None],
    step: Step = silent,
) -> str:
    """Do `attempt` at most once per key and return its result as JSON, also when it is asked for again.

    `attempt` must be safe to repeat with the same key (the provider's promise); `found` looks for what an earlier attempt left behind. `step` hears
    "intended", "attempted", "done" and "confirmed" as they are passed. What `attempt` raises is written down as the reason and raised again; after
    OutcomeUnknown the action stays open until it has been looked for, and is not attempted again before: the person is told that it is being checked.
    """
    begun = _written(lambda: actions.begin(key, kind, request, person=person, now=now))
    match begun:
        case Done(result=result):
            return result
        case InFlight():
            earlier = _looked(found, key, person)
            if earlier is not None:
                _confirm(actions, key, earlier, now)
                return earlier
        case Begun():
            step("intended")
        case _:
            assert_never(begun)
    _written(lambda: actions.attempted(key, now=now))
    step("attempted")
    try:
        result = attempt()
    except OutcomeUnknown as error:
        raise unsure(key, person) from error
    except InsightsError as error:
        earlier = _looked(found, key, person) if isinstance(error, AskerCanFix) else None
        if earlier is not None:  # the same request arrived twice at once, and what stood in the way is what the other one did
            _confirm(actions, key, earlier, now)
            return earlier
        with suppress(OutsideFailed):  # why it was not done matters more than that this could not be written down
            actions.fail(key, str(error), now=now)
        raise
    step("done")
    _confirm(actions, key, result, now)
    step("confirmed")
    return result


def unsure(key: str, person: str | None) -> OutcomeUnknown:
    """What to say while nobody can tell whether an action happened: whoever is known is told later, others have to ask."""
    later = "I'm checking, and I'll tell you." if person is not None else "I'm checking; ask for it in a few minutes before you try again."
    return OutcomeUnknown("I'm not sure yet whether that worked.", remedy=later, reference=key)


def _written(step: Callable[[], T]) -> T:
    """A step that comes before the attempt. Raises OutsideFailed when it may not have been written down: then nothing is attempted."""
    try:
        return step()
    except OutcomeUnknown as error:
        raise OutsideFailed("I can't write that down at the moment, so nothing was done.", remedy="Try again in a moment.", reference=str(error)) from error


def _looked(found: Callable[[], str | None], key: str, person: str | None) -> str | None:
    """What an earlier attempt left behind. Raises OutcomeUnknown when that cannot be told now."""
    try:
        return found()
    except OutsideFailed as error:
        raise unsure(key, person) from error


def _confirm(actions: Actions, key: str, result: str, now: datetime) -> None:
    """It happened, and that is what the person is told, also when it cannot be written down now: reconciliation finds it and writes it down."""
    with suppress(OutsideFailed):
        actions.confirm(key, result, now=now)
