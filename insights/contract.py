"""Requests and replies as JSON, exactly as other programs rely on them, and the JSON Schema of it."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from insights.requests import (
    AnnounceOutage,
    BeforeMeetings,
    BookRoom,
    CancelMeeting,
    CheckIn,
    Choice,
    Clarify,
    EndMeeting,
    ExtendBooking,
    Filter,
    FindRoom,
    Follow,
    Following,
    Help,
    JoinCall,
    LookUp,
    MetricQuestion,
    MoveMeeting,
    MyCalendar,
    RaiseTicket,
    Reading,
    ReleaseRoom,
    Remind,
    Reminders,
    Request,
    RespondInvitation,
    RoomStatus,
    RunLate,
    ScheduleMeeting,
    Share,
    StartCall,
    TicketStatus,
    Understood,
    Unsupported,
    UpdateTicket,
    WhoBooked,
)
from insights.turns import Reply

KINDS: Mapping[str, type[Request]] = {
    "metric_question": MetricQuestion,
    "find_room": FindRoom,
    "book_room": BookRoom,
    "extend_booking": ExtendBooking,
    "end_meeting": EndMeeting,
    "check_in": CheckIn,
    "release_room": ReleaseRoom,
    "room_status": RoomStatus,
    "who_booked": WhoBooked,
    "schedule_meeting": ScheduleMeeting,
    "move_meeting": MoveMeeting,
    "cancel_meeting": CancelMeeting,
    "respond_invitation": RespondInvitation,
    "running_late": RunLate,
    "my_calendar": MyCalendar,
    "start_call": StartCall,
    "join_call": JoinCall,
    "raise_ticket": RaiseTicket,
    "ticket_status": TicketStatus,
    "update_ticket": UpdateTicket,
    "announce_outage": AnnounceOutage,
    "look_up": LookUp,
    "follow": Follow,
    "following": Following,
    "remind": Remind,
    "reminders": Reminders,
    "before_meetings": BeforeMeetings,
    "share": Share,
    "help": Help,
}
T = TypeVar("T")
_KIND_OF = {kind_type: kind for kind, kind_type in KINDS.items()}


def kind_of(request: Request) -> str:
    """The `kind` that the contract gives a request."""
    return _KIND_OF[type(request)]


def encode(value: object) -> Any:
    """Any value of the contract as JSON data: dates in ISO 8601 (local, to the minute), durations in minutes, NaN and infinities as null."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    kind: Any = type(value)
    if (parts := _parts(kind)) is not None:
        return _encode_dataclass(value, parts)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes" if value.second == 0 and value.microsecond == 0 else "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds() / 60
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(encode(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


@cache
def _parts(of: type) -> tuple[str, ...] | None:
    """The names of a dataclass's fields, None of any other type."""
    return tuple(part.name for part in dataclasses.fields(of)) if dataclasses.is_dataclass(of) else None


def _encode_dataclass(value: Any, parts: tuple[str, ...]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if type(value) in _KIND_OF:
        document["kind"] = _KIND_OF[type(value)]
    for name in parts:
        item = getattr(value, name)
        if item is None and isinstance(value, Filter) and name in ("dimension", "metric"):
            continue  # a condition names one of the two
        document[name] = encode(item)
    return document


def decode_request(document: Mapping[str, Any]) -> Request:
    """The request that a JSON object describes. Raises ValueError naming what does not fit."""
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"unknown kind of request {kind!r}")
    return typing.cast(Request, _decode({key: item for key, item in document.items() if key != "kind"}, KINDS[kind], kind))


def decode(document: Mapping[str, Any], wanted: type[T]) -> T:
    """The value of the contract that a JSON object describes. Raises ValueError naming what does not fit."""
    return typing.cast(T, _decode(document, wanted, wanted.__name__))


@cache
def _form(wanted: Any) -> tuple[Mapping[str, Any] | None, Any, tuple[Any, ...]]:
    """What a type looks like: the types of a dataclass's fields by name (None of any other type), what it is of, and its arguments."""
    is_record = dataclasses.is_dataclass(wanted) and isinstance(wanted, type)
    hints = get_type_hints(wanted) if is_record else {}
    parts = {part.name: hints[part.name] for part in dataclasses.fields(wanted)} if is_record else None
    return parts, get_origin(wanted), get_args(wanted)


def _decode(value: Any, wanted: Any, where: str) -> Any:
    """Read JSON data as a type of the contract."""
    parts, origin, arguments = _form(wanted)
    if parts is not None:
        if not isinstance(value, Mapping):
            raise ValueError(f"{where} must be an object")
        unknown = value.keys() - parts.keys()
        if unknown:
            raise ValueError(f"{where} has no {sorted(unknown)[0]!r}")
        return wanted(**{name: _decode(item, parts[name], f"{where}.{name}") for name, item in value.items()})
    if origin is Literal:
        if value not in arguments:
            raise ValueError(f"{where} must be one of {', '.join(map(str, arguments))}, not {value!r}")
        return value
    if origin in (Union, types.UnionType):
        return _decode_union(value, arguments, where)
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{where} must be a list")
        return tuple(_decode(item, arguments[0], where) for item in value)
    if origin is not None and isinstance(value, Mapping):
        return {key: _decode(item, arguments[1], f"{where}.{key}") for key, item in value.items()}
    return _decode_plain(value, wanted, where)


def _decode_union(value: Any, options: tuple[Any, ...], where: str) -> Any:
    if value is None and type(None) in options:
        return None
    if isinstance(value, Mapping):
        if "kind" in value:
            return decode_request(value)
        fits = [option for option in options if (parts := _parts(option)) is not None and value.keys() <= frozenset(parts)]
        if len(fits) != 1:
            raise ValueError(f"{where} is of no known form")
        return _decode(value, fits[0], where)
    if str in options:  # a scalar: JSON's own types are kept
        return value
    rest = [option for option in options if option is not type(None)]
    return _decode(value, rest[0], where)


def _decode_plain(value: Any, wanted: Any, where: str) -> Any:
    try:
        if wanted is datetime:
            return datetime.fromisoformat(value)
        if wanted is date:
            return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{where} must be an ISO 8601 date, not {value!r}") from None
    if isinstance(wanted, type) and not isinstance(value, wanted):
        raise ValueError(f"{where} must be {wanted.__name__}, not {type(value).__name__}")
    return value


def encode_reading(text: str, reading: Reading, question: str | None = None) -> dict[str, Any]:
    """One line of `insights understand`; `question` is the wording of a question back."""
    document: dict[str, Any] = {"text": text, "outcome": "understood", "request": None, "assumed": [], "ignored": []}
    document |= {"alternatives": [], "question": None, "reason": None}
    match reading:
        case Understood(request=request, assumed=assumed, ignored=ignored):
            document |= {"request": encode(request), "assumed": list(assumed), "ignored": list(ignored)}
        case Clarify(choices=choices, partial=partial, assumed=assumed, ignored=ignored):
            document |= {"outcome": "clarify", "request": encode(partial), "assumed": list(assumed), "ignored": list(ignored)}
            document |= {"alternatives": [_alternative(choice) for choice in choices], "question": question}
        case Unsupported(reason=reason, suggestions=suggestions):
            document |= {"outcome": "unsupported", "reason": reason, "suggestions": list(suggestions)}
        case _:
            typing.assert_never(reading)
    return document


def _alternative(choice: Choice) -> dict[str, Any]:
    return {"label": choice.label, "request": encode(choice.request)}


def encode_reply(reply: Reply) -> dict[str, Any]:
    """One object of `insights ask --format json`: as `understand` writes it, with the answer added."""
    return {
        "text": reply.utterance,
        "outcome": reply.outcome,
        "request": encode(reply.request),
        "assumed": list(reply.assumed),
        "ignored": list(reply.ignored),
        "alternatives": [_alternative(choice) for choice in reply.choices],
        "question": reply.question,
        "reason": reply.reason,
        "suggestions": list(reply.suggestions),
        "answer": None if reply.answer is None else {**encode(reply.answer), "speech": reply.speech, "text": reply.text},
        "timings": encode(reply.timings),
    }
