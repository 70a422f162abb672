"""What the store promises about who people are at the doors: accounts, link codes, PINs, devices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

PinOutcome = Literal["right", "wrong", "locked", "unset"]
DeviceState = Literal["unknown", "pending", "mapped"]
CODE_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account elsewhere: `kind` such as "alexa account", "alexa voice" or "slack"; `scope` is the enterprise or team in which its `id` is one."""

    kind: str
    id: str
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An account that is a person's."""

    account: Account
    person: str
    bound: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The code was right: the account is this person's now."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLinked:
    """It was not: `wrong` (also used or expired, which is not told apart), or `locked` after too many wrong ones until the time that is given."""

    why: Literal["wrong", "locked"]
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDevice:
    """A device that was met; `id` is what administrators call it, such as D-1001. `pending`: somebody said where it is and nobody confirmed it.

    Only a mapped device says where it stands; a pending one is as unknown as before.
    """

    id: str
    device: str
    state: DeviceState
    room: str | None
    person: str | None
    asked_by: str | None
    seen: datetime


class AccountBindings(Protocol):
    """Whose account it is. Each change is in the audit log."""

    def bind(self, account: Account, person: str, *, now: datetime) -> None:
        """It is this person's from now on, whoever's it was."""

    def unbind(self, account: Account, *, now: datetime) -> bool:
        """It is nobody's; False when it was not anybody's."""

    def bound(self, account: Account) -> str | None:
        """The person whose account it is, or None."""

    def bindings_of(self, person: str) -> tuple[Binding, ...]:
        """Every account of a person, oldest first."""


class LinkCodes(Protocol):
    """Codes that prove to a door that an account is somebody's: made where the person is known, spoken or typed where they are not."""

    def new_code(self, person: str, *, now: datetime, lasts: timedelta = CODE_LASTS) -> str:
        """Eight digits that work once, until they expire; an earlier code of the person stops working. Only a digest is kept."""

    def redeem_code(self, code: str, account: Account, *, now: datetime) -> Linked | NotLinked:
        """Bind the account to whoever the code was made for. What is not a digit in it (spaces, hyphens) is passed over."""


class Pins(Protocol):
    """Short secrets that are spoken; salted and hashed so that a copy of the ledger does not tell them cheaply."""

    def set_pin(self, person: str, pin: str, *, now: datetime) -> None:
        """From now on this is the PIN, and nothing is locked. Raises NotAnswerable for one that is too short, too long or too easily guessed."""

    def clear_pin(self, person: str, *, now: datetime) -> bool:
        """The person has no PIN; False when there was none."""

    def check_pin(self, person: str, pin: str, *, now: datetime) -> PinOutcome:
        """Whether it is right. Five wrong ones lock it, longer each time; tries at once count as tries one after another. Every try is in the audit log."""


class Devices(Protocol):
    """Where devices stand: asked of those who speak to them, confirmed by an administrator."""

    def meet_device(self, device: str, *, now: datetime) -> KnownDevice:
        """What is known of it; one that was never met is written down as unknown."""

    def propose_device(self, device: str, *, room: str, by: str | None, now: datetime) -> KnownDevice:
        """Somebody says that it stands in this room: pending until it is confirmed. Without effect on a device that is mapped."""

    def map_device(self, device: str, *, room: str | None = None, person: str | None = None, by: str | None = None, now: datetime) -> KnownDevice:
        """It stands in this room, or on this person's desk; `device` is its own id or the one we gave it. Exactly one of both is given."""

    def remove_device(self, device: str, *, now: datetime) -> bool:
        """Nothing is known of it any more; False when nothing was."""

    def known_devices(self) -> tuple[KnownDevice, ...]:
        """All of them, the pending ones first."""


class LastAnswers(Protocol):
    """What was last answered, so that it can be sent elsewhere or asked about from another door. Documents are JSON and opaque here."""

    def keep_answer(self, person: str | None, device: str | None, document: str, *, now: datetime) -> None:
        """The last answer of this person on this device (None: nobody known, no device). A loss of power soon after may take that back."""

    def last_answer(self, person: str | None, device: str | None, *, since: datetime) -> str | None:
        """The last answer on this device to this person that is no older; None when there is none."""


class Departures(Protocol):
    """People who are not here any more."""

    def withdraw_access(self, person: str, *, now: datetime) -> bool:
        """At once: no accounts, PIN, link code, desk device, conversation or last answer, and no subscription goes on. False when there was none of it."""

    def people_with_access(self) -> frozenset[str]:
        """Everybody who has any of it."""
