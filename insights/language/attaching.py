"""Files that are to go with a ticket: what is said to attach one, and what of it is a note."""

from __future__ import annotations

import re

from insights.language.patterns import Pattern
from insights.language.places import TICKET
from insights.requests import Unsupported

_FILE = r"(?:files?|photos?|pictures?|images?|screen ?shots?|documents?|videos?|recordings?|attachments?|pdfs?|logs?)"
_POLITE = (
    r"(?:please |can (?:i|you|we) |could (?:i|you|we) |may i |how (?:do|can|would) i |i (?:want|need|would like|have) to "
    r"|i ?'d like to |let me )*"
)
_WANTS = Pattern(
    rf"{_POLITE}(?:attach (?!a (?:note|comment)\b)|upload (?:(?:a|an|the|this|these|that|my|another|some) )*{_FILE}\b"
    rf"|(?:add|put|send|include) (?:(?:a|an|the|this|these|that|my|another|some) )*{_FILE}\b(?=.*\b(?:ticket|request|report|help ?desk)\b)).*"
)
_TOGETHER = Pattern(
    rf"^\W*{_POLITE}(?:(?:attach|add|put|upload|include|send)\b(?: (?:this|these|it|them|that|here|the|my|a|{_FILE}))*"
    rf"|(?:here|this|these) (?:is|are)\b(?: (?:a|an|the|my|{_FILE}))*)"
    r"(?: (?:to|for|on|in|with|of))?(?: (?:my|the|our))?(?: (?:open|last))?(?: ticket)?(?: (?:number )?#?(?:[A-Za-z]{1,8}-)?\d+)?\W*",
    re.IGNORECASE,
)


def wants(plain: str) -> bool:
    """Whether somebody wants to attach a file; `plain` is in small letters.

    >>> wants("can i attach a photo"), wants("add a picture to my ticket"), wants("attach a note saying hello"), wants("upload speed by month")
    (True, True, False, False)
    """
    return _WANTS.fullmatch(plain) is not None


def without_file() -> Unsupported:
    """What is said where no file came along: how it is handed over."""
    return Unsupported(
        reason='I need the file itself, which can\'t be handed to me by voice. Send it to me in Slack and write "attach this to my ticket" with it.',
        suggestions=("add a note to my ticket",),
        firm=True,
    )


def together(text: str) -> tuple[str | None, str] | None:
    """What is said together with a file that is to be attached: the ticket that is named, and what remains as a note; None where it is about anything else.

    >>> together("attach this to my ticket: it flickers"), together("here is a photo for T-1001"), together(""), together("revenue by region")
    ((None, 'it flickers'), ('T-1001', ''), (None, ''), None)
    """
    named = TICKET.search(text)
    ticket = named[1].lstrip("#") if named else None
    match = _TOGETHER.match(text)
    if match is not None:
        return ticket, text[match.end() :].strip()
    return (ticket, text.strip()) if ticket is not None or not text.strip() else None
