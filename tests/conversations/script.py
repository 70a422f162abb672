"""Conversations as readable text: who says what where, and what must be in the reply.

shell ada> revenue last month          the shell, as a person ("nobody": the unnamed local user)
alexa echo-fern ada> book this room    an Echo, with the voice that was recognised ("nobody": none); "(open)" and "(silence)" are what they say
slack #general ada> orders by market   /insights in a channel (answered privately); "@general" mentions the bot there, "dm" writes to it
slack dm ada> attach this [photo.png]  with a file, there and in a mention
  Orders by market                     each indented line must stand in the reply
  ! Narnia                             and this must not
again                                  the last request arrives once more, exactly as it was
  B-1001
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_SAID = re.compile(r"(?P<door>shell|alexa|slack)(?: (?P<place>\S+))? (?P<person>\S+)> (?P<text>.*)")


@dataclass(kw_only=True)
class Exchange:
    """One utterance and what its reply must and must not hold; `again` repeats the one before."""

    line: int
    door: str
    place: str
    person: str | None
    text: str
    again: bool = False
    expected: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)


def read(path: Path) -> list[Exchange]:
    """The exchanges of a script. Raises ValueError naming the line that is none of the forms."""
    return parse(path.read_text(encoding="utf-8"), str(path))


def parse(text: str, name: str) -> list[Exchange]:
    """The exchanges in a text."""
    exchanges: list[Exchange] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("  ") and exchanges:
            wanted = line.strip()
            (exchanges[-1].forbidden if wanted.startswith("! ") else exchanges[-1].expected).append(wanted.removeprefix("! "))
            continue
        if line.strip() == "again" and exchanges:
            last = exchanges[-1]
            exchanges.append(Exchange(line=number, door=last.door, place=last.place, person=last.person, text=last.text, again=True))
            continue
        said = _SAID.fullmatch(line)
        if said is None:
            raise ValueError(f"{name}:{number}: {line!r} is not an exchange")
        person = None if said["person"] == "nobody" else said["person"]
        exchanges.append(Exchange(line=number, door=said["door"], place=said["place"] or "", person=person, text=said["text"]))
    if not exchanges:
        raise ValueError(f"{name}: there is no conversation in it")
    return exchanges
