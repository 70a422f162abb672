"""What this door remembers in the session: nothing that the core knows, and nothing that anybody else put there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """`stay`: the person opened the skill, and is asked for more. `waiting`: a question back waits. `placing`: we asked in which room the device is.

    `named`: choices are among Alexa's dynamic entities. `later`: what took too long, offered to be sent later, and `later_id` the request it came in.
    `proven`: the person whose PIN was said.
    """

    stay: bool = False
    waiting: bool = False
    placing: bool = False
    named: bool = False
    later: str = ""
    later_id: str = ""
    proven: str = ""

    def written(self) -> dict[str, Any]:
        """As session attributes; what is as usual is left out."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}


def recalled(attributes: Mapping[str, Any]) -> Memory:
    """What of the session's attributes this door wrote.

    >>> recalled({"stay": True, "later": "revenue", "huge": "x", "proven": 3})
    Memory(stay=True, waiting=False, placing=False, named=False, later='revenue', later_id='', proven='')
    """
    found: dict[str, Any] = {}
    for one in fields(Memory):
        value = attributes.get(one.name)
        if type(value) is type(one.default) and len(str(value)) <= _LONGEST:
            found[one.name] = value
    return Memory(**found)
