"""Files that come along with what is said: attached to a ticket, and never dropped without a word."""

from __future__ import annotations

from dataclasses import replace

from insights.exchange import Exchange
from insights.language.attaching import together
from insights.serving import Service
from insights.turns import Reply

_LEFT = 'I did nothing with the file. To add it to a ticket, send it with "attach this to my ticket".'


def handed_over(service: Service, exchange: Exchange) -> Reply | None:
    """The files of a turn attached, with what was said as their note; None where what was said is about something else.

    Raises what attaching raises: nothing of anybody else's is touched, and nothing that is too large is kept.
    """
    said = together(exchange.turn.text)
    if said is None:
        return None
    ticket, note = said
    reply: Reply | None = None
    for number, file in enumerate(exchange.turn.files):
        turn = replace(exchange.turn, text=note if number == 0 else "", id=f"{exchange.turn.id}:{number}" if exchange.turn.id else None)
        reply = service.attach(replace(exchange, turn=turn), file, ticket)
    return reply if reply is None else replace(reply, utterance=exchange.turn.text)


def left_alone(reply: Reply) -> Reply:
    """A reply to what was about something else, with what became of the file."""
    question = f"{_LEFT}\n{reply.question}" if reply.question else reply.question
    return replace(reply, text=f"{reply.text}\n{_LEFT}", question=question)
