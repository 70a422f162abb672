"""Chores that send something on: share an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from insights.language.following import talked_of, without_channel
from insights.language.slots import Heard, SlotReader
from insights.requests import Choice, Clarify, Reading, Share, Understood

_SAID_SHARING = frozenset(
    "send share email mail post forward text slack answer chart table result results report figures numbers link copy message channel over along it that "
    "those these myself inbox e-mail everyone team dm".split()
)


class Sending:
    """Reads what is to be sent on."""

    def __init__(self, reader: SlotReader) -> None:
        self._reader = reader

    def share(self, heard: Heard) -> Reading:
        """To whom and through what the last answer goes; to the asker when nobody is named."""
        slots = self._reader.read(heard, people=True)
        channel, _ = without_channel(heard.text)
        through: Literal["slack", "email"] | None = None
        if re.search(r"\bslack\b", heard.plain) or channel is not None:
            through = "slack"
        elif re.search(r"\be-?mail\b|\bmail\b|\binbox\b", heard.plain):
            through = "email"
        before = talked_of(heard.previous)
        request = Share(channel=channel, through=through, what=before)
        ignored = tuple(word for word in slots.ignored(_SAID_SHARING) if channel is None or word not in channel.casefold())
        doubtful = next((named for named in slots.people if len(named.ids) > 1), None)
        if doubtful is not None:
            names = self._reader.people.names
            choices = tuple(Choice(label=names[id_], request=replace(request, people=(id_,))) for id_ in doubtful.ids[:3])
            return Clarify(about=" ".join(word.text for word in heard.words[doubtful.first : doubtful.last]), choices=choices)
        return Understood(request=replace(request, people=tuple(dict.fromkeys(named.ids[0] for named in slots.people))), ignored=ignored)
