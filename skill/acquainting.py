"""What this door answers by itself about who speaks and where: link codes, PINs, and the room of a device that nobody has placed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from insights.errors import NotPermitted, UnknownThing
from insights.ledger.identity import NotLinked
from insights.organization import Device
from skill import words
from skill.configuration import Configuration
from skill.digits import digits
from skill.identity import account_to_link, device_ids, identify, placed
from skill.memory import Memory
from skill.told import Told

if TYPE_CHECKING:
    from insights.introductions import Introductions

_CODE = 8
_SHORTEST_PIN, _LONGEST_PIN = 4, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquainting:
    """One request, and whom it can be introduced to."""

    event: object
    introductions: Introductions
    configuration: Configuration
    memory: Memory

    def link(self, said: str) -> Told:
        """Bind the voice, or an account that is one person's, to whoever the code was made for."""
        account = account_to_link(self.event, self._device)
        if account is None:
            return self._on(words.NO_VOICE)
        code = digits(said)
        if code is None or len(code) != _CODE:  # no try: it can be no code
            return self._on(words.NO_CODE)
        try:
            outcome = self.introductions.link(code, account)
        except NotPermitted as refused:
            return self._on(str(refused))
        if isinstance(outcome, NotLinked):
            return self._on(words.CODE_LOCKED if outcome.why == "locked" else words.CODE_WRONG)
        return self._on((words.VOICE_LINKED if account.kind == "alexa voice" else words.ACCOUNT_LINKED).format(name=outcome.name))

    def prove(self, said: str) -> Told:
        """Take the PIN of whoever seems to speak; it holds for this session."""
        person = identify(self.event, self.introductions, self.configuration).person
        if person is None:
            return self._on(words.WHOSE_PIN)
        pin = digits(said)
        if pin is None or not _SHORTEST_PIN <= len(pin) <= _LONGEST_PIN:  # no try: it can be no PIN
            return self._on(words.NO_PIN)
        match self.introductions.prove(person, pin):
            case "right":
                return self._on(words.PIN_RIGHT, replace(self.memory, proven=person))
            case "wrong":
                return self._on(words.PIN_WRONG, replace(self.memory, proven=""))
            case "locked":
                return self._on(words.PIN_LOCKED, replace(self.memory, proven=""))
            case _:
                return self._on(words.PIN_UNSET)

    def unplaced(self) -> str | None:
        """The id of the device, when nobody has placed it and nobody has said where it is."""
        ids = device_ids(self.event)
        return ids[0] if ids and self._device is None and not self.introductions.waits(ids[0]) else None

    def place(self, said: str) -> Told:
        """Write down in which room the device is, as somebody says; an administrator confirms it."""
        ids = device_ids(self.event)
        if self._device is not None:
            return self._on(words.PLACED_ALREADY)
        if not ids:
            return self._on(words.NO_DEVICE)
        by = identify(self.event, self.introductions, self.configuration).person
        try:
            room = self.introductions.place(ids[0], said.removeprefix("in ").removeprefix("the "), by=by)
        except UnknownThing as unknown:
            asking = replace(self.memory, placing=True)
            return Told(speech=str(unknown), reprompt=words.WHICH_ROOM, memory=asking, elicit=True)
        return self._on(words.PLACED.format(room=room.name))

    @property
    def _device(self) -> Device | None:
        return placed(self.event, self.introductions, self.configuration)

    def _on(self, speech: str, memory: Memory | None = None) -> Told:
        """Say it, and ask what else there is: who introduces themselves is about to ask something."""
        memory = memory or self.memory
        return Told(speech=f"{speech} {words.AFTER_HELP}", reprompt=words.WELCOME_REPROMPT, memory=replace(memory, placing=False))
