"""What doors learn of who speaks and where: accounts and PINs that are a person's, devices that stand somewhere. The ledger knows, beside organization.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from insights.errors import NotPermitted
from insights.ledger.identity import Account, Linked, NotLinked, PinOutcome
from insights.organization import Device, Organization, Person, Room

if TYPE_CHECKING:
    from insights.ledger.port import Ledger


class Introductions:
    """For one organization; `ledger` is opened when it is first needed. Keeps nothing itself."""

    def __init__(self, organization: Organization, ledger: Callable[[], Ledger], clock: Callable[[], datetime]) -> None:
        self._organization = organization
        self._ledger = ledger
        self._clock = clock

    def person(self, account: Account) -> str | None:
        """Whose account it is; the id of somebody who is no longer active too, whom `permit` refuses by name."""
        return self._ledger().bound(account)

    def holder(self, claims: Mapping[str, Any], *, issuer: str) -> str | None:
        """Whose sign-in it is, by the claims that the company's issuer vouches for: bound before, else the person with the confirmed e-mail address.

        An address that the issuer does not call verified may be one that somebody wrote into their own profile; it stands for nobody.
        """
        bound = self.person(Account(kind="sign-in", id=str(claims.get("sub", "")), scope=issuer))
        email = claims.get("email")
        if bound is not None or not isinstance(email, str) or claims.get("email_verified") is not True:
            return bound
        found = self._organization.person_by_email(email)
        return found.id if found is not None else None

    def has(self, person: str, kind: str) -> bool:
        """Whether the person has an account of this kind."""
        return any(binding.account.kind == kind for binding in self._ledger().bindings_of(person))

    def device(self, ids: Iterable[str]) -> Device | None:
        """The first of these devices that organization.yaml has or an administrator confirmed; `id` is then the one it was found by."""
        ids = tuple(one for one in ids if one)
        for one in ids:
            if one in self._organization.devices:
                return self._organization.devices[one]
        known = {met.device: met for met in self._ledger().known_devices() if met.state == "mapped"} if ids else {}
        found = next((known[one] for one in ids if one in known), None)
        return None if found is None else Device(id=found.device, room=found.room, person=found.person)

    def link(self, code: str, account: Account) -> Person | NotLinked:
        """Bind the account to whoever the code was made for. Raises NotPermitted where they are not active any more: then nothing is bound."""
        outcome = self._ledger().redeem_code(code, account, now=self._clock())
        match outcome:
            case Linked(person=id_):
                person = self._organization.people.get(id_)
                if person is None or not person.active:
                    self._ledger().unbind(account, now=self._clock())
                    raise NotPermitted("That code is for somebody who is no longer active here.", remedy="Ask an administrator.")
                return person
            case NotLinked():
                return outcome

    def prove(self, person: str, pin: str) -> PinOutcome:
        """Whether the PIN is the person's; every try counts, and too many lock it."""
        return self._ledger().check_pin(person, pin, now=self._clock())

    def place(self, device: str, said: str, *, by: str | None) -> Room:
        """Somebody says in which room a device stands: written down for an administrator to confirm. Raises UnknownThing for a room that there is not."""
        room = self._organization.room_called(said)
        self._ledger().propose_device(device, room=room.id, by=by, now=self._clock())
        return room

    def waits(self, device: str) -> bool:
        """Whether somebody has said where the device stands and nobody has confirmed it; one that was never met is written down."""
        return self._ledger().meet_device(device, now=self._clock()).state == "pending"
