"""Reads dated exchange rates: a CSV file of a day, a currency, and what one unit of it is worth from that day on."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from insights.catalog.model import Rate

_DAYS, _CODES, _WORTHS = ("date", "day", "from", "valid_from", "on"), ("currency", "code"), ("rate", "worth", "value")


class WrongRates(Exception):
    """What is wrong with the file, and in which of its lines."""


def read_rates(path: Path) -> tuple[Rate, ...]:
    """The rates by currency, each until the next. Raises WrongRates."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WrongRates(f"cannot be read: {str(error)[:120]}") from error
    header = [name.strip().casefold() for name in lines[0]] if lines else []
    places = [next((header.index(name) for name in names if name in header), None) for names in (_DAYS, _CODES, _WORTHS)]
    at, code, worth = places
    if at is None or code is None or worth is None:
        raise WrongRates("needs the columns date, currency and rate")
    found: dict[str, dict[date, float]] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        try:
            day, name, value = date.fromisoformat(line[at].strip()[:10]), line[code].strip(), float(line[worth])
        except (ValueError, IndexError) as error:
            raise WrongRates(f"line {number} is no date, currency and rate") from error
        if not 0 < value < float("inf") or day in found.get(name, {}):
            raise WrongRates(f"line {number} has a rate that is not above zero, or a second one for its day")
        found.setdefault(name, {})[day] = value
    return tuple(rate for name, dated in sorted(found.items()) for rate in _until_the_next(name, dated))


def _until_the_next(name: str, dated: dict[date, float]) -> list[Rate]:
    days = sorted(dated)
    return [Rate(name, day, after - timedelta(days=1) if after else None, dated[day]) for day, after in zip(days, [*days[1:], None], strict=True)]
