"""PINs, salted and hashed; a try is counted before it is compared, so that many at once are no way around the lock."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from itertools import pairwise

from insights.errors import NotAnswerable
from insights.ledger.database import Topic
from insights.ledger.identity import PinOutcome
from insights.ledger.instants import instant
from insights.ledger.topics.audit import note

SHORTEST, LONGEST = 4, 12
TRIES = 5
LOCK = timedelta(minutes=15)  # doubled with every further wrong try
LONGEST_LOCK = timedelta(days=1)
_COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 2**26}  # 16 MB and some 50 ms a try; RFC 7914 section 2, the interactive figures


class StoredPins(Topic):
    """PINs by person."""

    def set_pin(self, person: str, pin: str, *, now: datetime) -> None:
        """See the port."""
        _check(pin)
        salt = secrets.token_hex(16)
        digest = _hashed(pin, salt)
        with self._database.writing() as session:
            session.run(
                "INSERT INTO pins (person, salt, digest, set_at) VALUES (?, ?, ?, ?) ON CONFLICT (person) DO UPDATE"
                " SET salt = excluded.salt, digest = excluded.digest, set_at = excluded.set_at, wrong = 0, locked_until = 0",
                person, salt, digest, instant(now),
            )  # fmt: skip
            note(session, "pin set", "", person=person, now=now)

    def clear_pin(self, person: str, *, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            cleared = session.run("DELETE FROM pins WHERE person = ?", person)
            if cleared:
                note(session, "pin cleared", "", person=person, now=now)
        return bool(cleared)

    def check_pin(self, person: str, pin: str, *, now: datetime) -> PinOutcome:
        """See the port. Hashing takes its time outside of any transaction."""
        with self._database.writing() as session:
            row = session.one("SELECT salt, digest, wrong, locked_until FROM pins WHERE person = ?", person)
            if row is None:
                return "unset"
            if row["locked_until"] > instant(now):
                return "locked"
            wrong = row["wrong"] + 1
            until = now + min(LOCK * 2 ** min(wrong - TRIES, 20), LONGEST_LOCK) if wrong >= TRIES else None
            session.run("UPDATE pins SET wrong = ?, locked_until = ? WHERE person = ?", wrong, instant(until) if until else 0.0, person)
        right = secrets.compare_digest(_hashed(pin, row["salt"]), row["digest"])
        with self._database.writing() as session:
            if right:
                session.run("UPDATE pins SET wrong = 0, locked_until = 0 WHERE person = ? AND digest = ?", person, row["digest"])
            note(session, f"pin {'right' if right else 'wrong'}", "", person=person, detail="locked" if until and not right else "", now=now)
        return "right" if right else "wrong"


def _hashed(pin: str, salt: str) -> str:
    return hashlib.scrypt(pin.encode("utf-8", "replace"), salt=bytes.fromhex(salt), dklen=32, **_COST).hex()


def _check(pin: str) -> None:
    """Digits, because they are spoken; and not those that everybody tries first."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise NotAnswerable(f"A PIN has {SHORTEST} to {LONGEST} digits.", remedy="Choose another one.")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    year = len(pin) == 4 and pin[:2] in ("19", "20")
    if len(set(pin)) < 3 or steps in ({1}, {9}) or pin[: len(pin) // 2] * 2 == pin or year:
        raise NotAnswerable("That PIN is too easily guessed.", remedy="Choose one that is no row, no pattern and no year.")
