"""An action happens once, or is reported as not done: the order of steps that makes it so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from insights.errors import AskerCanFix, InsightsError, OutcomeUnknown
from insights.ledger.port import Actions, Begun, Done, InFlight

Step = Callable[[str], None]


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
    OutcomeUnknown the action stays open until it has been looked for.
    """
    match actions.begin(key, kind, request, person=person, now=now):
        case Done(result=result):
            return result
        case InFlight():
            earlier = found()
            if earlier is not None:
                actions.confirm(key, earlier, now=now)
                return earlier
        case Begun():
            step("intended")
    actions.attempted(key, now=now)
    step("attempted")
    try:
        result = attempt()
    except OutcomeUnknown:
        raise
    except InsightsError as error:
        earlier = found() if isinstance(error, AskerCanFix) else None
        if earlier is not None:  # the same request arrived twice at once, and what stood in the way is what the other one did
            actions.confirm(key, earlier, now=now)
            return earlier
        actions.fail(key, str(error), now=now)
        raise
    step("done")
    actions.confirm(key, result, now=now)
    step("confirmed")
    return result
