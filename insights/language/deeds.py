"""Nouns and verbs of one root: what was departed has a departure, what is delayed a delay, and what is heavier more weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

_NOUNS: Mapping[str, tuple[str, ...]] = {
    "activated": ("activation",), "admitted": ("admission",), "approved": ("approval",), "arrived": ("arrival",), "born": ("birth",), "bought": ("purchase",),
    "canceled": ("cancellation", "cancelation"), "cancelled": ("cancellation",), "collected": ("collection",), "completed": ("completion",),
    "confirmed": ("confirmation",), "converted": ("conversion",), "created": ("creation",), "delivered": ("delivery",), "departed": ("departure",),
    "died": ("death",), "enrolled": ("enrollment", "enrolment"), "entered": ("entry",), "expired": ("expiry", "expiration"),
    "installed": ("installation",), "left": ("leaving",), "married": ("marriage",), "occurred": ("occurrence",), "paid": ("payment",),
    "picked up": ("pickup", "pick up"), "published": ("publication",), "received": ("receipt",), "registered": ("registration",),
    "removed": ("removal",), "renewed": ("renewal",), "reserved": ("reservation",), "resolved": ("resolution",), "sent": ("dispatch",),
    "shipped": ("shipment",), "signed up": ("signup", "sign up"), "sold": ("sale",), "submitted": ("submission",), "subscribed": ("subscription",),
    "terminated": ("termination",), "withdrawn": ("withdrawal",),
}  # fmt: skip
"""Nouns of deeds that are not the verb itself: `shipped_on` is the day of shipment, too."""
_MEASURED: Mapping[str, tuple[str, ...]] = {
    "costing": ("cost", "price"), "lasting": ("duration", "length"), "lasted": ("duration", "length"), "weighed": ("weight",), "weighing": ("weight",),
    "measuring": ("size", "length"), "running": ("run time", "duration"),
}  # fmt: skip
_MORE: Mapping[str, tuple[str, ...]] = {
    "cheaper": ("price", "cost"), "dearer": ("price", "cost"), "costlier": ("cost", "price"), "pricier": ("price",), "heavier": ("weight",),
    "lighter": ("weight",), "taller": ("height",), "wider": ("width",), "narrower": ("width",), "deeper": ("depth",), "slower": ("duration", "time"),
    "quicker": ("duration", "time"),
}  # fmt: skip
_LESS = frozenset({"cheaper", "lighter", "narrower", "quicker"})


def bases(word: str) -> tuple[str, ...]:
    """What the participle of a regular verb can be made of; nothing for other words.

    >>> bases("delayed"), bases("shipped"), bases("issued"), bases("delay")
    (('delay', 'delaye'), ('shipp', 'shippe', 'ship'), ('issu', 'issue'), ())
    """
    for ending in ("ed", "ing"):
        root = word.removesuffix(ending)
        if root != word and len(root) > 2:
            doubled = (root[:-1],) if root[-1] == root[-2] and root[-1] not in "ls" else ()
            return (root, f"{root}e", *doubled)
    return ()


def deeds(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What people call that which the participle at the beginning of a name says: the month of departure for `departed_on`.

    >>> deeds(("departed",)), deeds(("discharged",)), deeds(("picked", "up"))
    ((('departure',), ('departing',)), (('discharg',), ('discharge',), ('discharging',)), (('pickup',), ('pick', 'up')))
    """
    said = " ".join(words)
    nouns = tuple(tuple(noun.split()) for noun in _NOUNS.get(said, ()))
    if len(words) > 1:
        return nouns
    roots = bases(said) if said.endswith("ed") else ()
    plain = () if nouns else tuple((root,) for root in roots)
    return (*nouns, *plain, *((f"{roots[-1].removesuffix('e')}ing",) for _ in roots[:1]))


def is_deed(words: tuple[str, ...]) -> bool:
    """Whether a name is nothing but what was done: "departed", "picked up"; not "order".

    >>> is_deed(("departed",)), is_deed(("picked", "up")), is_deed(("order",))
    (True, True, False)
    """
    return words[-1].endswith("ed") or " ".join(words) in _NOUNS


def measured(word: str) -> tuple[str, ...]:
    """What a participle before a number measures: "delayed (by) more than", "weighing over".

    >>> measured("weighing"), measured("delayed"), measured("more")
    (('weight',), ('delay', 'delaye'), ())
    """
    return _MEASURED.get(word) or bases(word)


def quality(word: str) -> tuple[Literal[">", "<"], tuple[str, ...]] | None:
    """How a comparative compares and what: "heavier" is more weight; None for other words."""
    return ("<" if word in _LESS else ">", _MORE[word]) if word in _MORE else None
