"""The one place that formats numbers, money, dates and lists, as they are read (`exact`) and as they are heard (`spoken`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import lru_cache

from insights.catalog.labels import plural as plural
from insights.lake.failures import ago
from insights.requests import Grain, Period, Scalar
from insights.wording.numerals import counted, decimals, is_currency, is_number, locale_of, number, rounded

UNKNOWN = "unknown"
_SPEAKER: ContextVar[str | None] = ContextVar("speaker", default=None)
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")  # everywhere that text is split into lines
_MOST_LETTERS = 160
_BEYOND_MONEY = 1e20  # babel counts cents, in 28 digits at most
_LEAST_MONEY = 0.01
_ORDINALS = ("first", "second", "third", "fourth")
_REMEMBERED = 4096
"""Days and amounts whose words are remembered: one answer says most of them several times."""


def exact(value: Scalar, unit: str | None, locale: str) -> str:
    """A value as it is read: everything that matters, no rounding beyond the unit's own.

    >>> exact(1234567.891, "USD", "en-US"), exact(0.1234, "percent", "en-US"), exact(3, "orders", "en-US"), exact(0.00123, None, "en-US")
    ('$1,234,567.89', '12.3%', '3 orders', '0.00123')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _other(value, locale)
    if not is_number(value):
        return UNKNOWN
    if unit and is_currency(unit):
        if abs(value) >= _BEYOND_MONEY or 0 < abs(value) < _LEAST_MONEY:
            return f"{unit} {number(value, locale, digits=decimals(value, 2))}"
        return _money(value + 0, unit, locale)  # which turns minus zero into zero
    if unit == "percent":
        return f"{number(value * 100, locale, digits=decimals(value * 100, 1, 2))}%"
    return number(value, locale, digits=decimals(value, 2)) + (f" {counted(unit, value)}" if unit else "")


@lru_cache(_REMEMBERED, typed=True)
def _money(value: float, unit: str, locale: str) -> str:
    from babel.numbers import format_currency

    return str(format_currency(value, unit, locale=locale_of(locale)))


@lru_cache(_REMEMBERED)
def _currency(unit: str, count: float, locale: str) -> str:
    from babel.numbers import get_currency_name

    return str(get_currency_name(unit, count=count, locale=locale_of(locale)))


def spoken(value: Scalar, unit: str | None, locale: str) -> str:
    """A value as it is heard: rounded to three figures, a percentage to one decimal, its unit in words.

    >>> spoken(1234567.891, "USD", "en-US"), spoken(0.1234, "percent", "en-US")
    ('1.23 million US dollars', '12.3 percent')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _other(value, locale)
    if not is_number(value):
        return UNKNOWN
    if unit == "percent":
        share = value * 100
        return f"{rounded(share, locale) if abs(share) >= 1000 else number(share, locale, digits=decimals(share, 1, 2))} percent"
    said = rounded(value, locale)
    if unit and is_currency(unit):
        return f"{said} {_currency(unit, value, locale)}"
    return f"{said} {counted(unit, value)}" if unit else said


def said(value: Scalar, unit: str | None, locale: str) -> str:
    """A value as an analysis says it: two significant figures, its unit in words. What is near a whole 100 percent is not made one.

    >>> said(1234567.891, "USD", "en-US"), said(0.1234, "percent", "en-US"), said(0.9971, "percent", "en-US"), said(12, "orders", "en-US")
    ('1.2 million US dollars', '12 percent', '99.7 percent', '12 orders')
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not is_number(value):
        return spoken(value, unit, locale)
    if unit == "percent" and 0.985 <= abs(value) < 1:
        return spoken(value, unit, locale)
    whole = isinstance(value, int) or float(value).is_integer()
    rough = float(f"{float(value):.2g}")
    return spoken(int(rough) if whole and abs(rough) < _BEYOND_MONEY else rough, unit, locale)


def added(value: Scalar, unit: str | None, aloud: bool = False, *, locale: str) -> str:
    """What something adds to a figure, with its sign; a part of a percentage is in percentage points.

    >>> added(-1234.5, "USD", locale="en-US"), added(0.0123, "percent", locale="en-US"), added(12, "orders", locale="en-US")
    ('-$1,234.50', '+1.2 percentage points', '+12 orders')
    """
    if not isinstance(value, (int, float)) or not is_number(value):
        return UNKNOWN
    sign = "+" if value > 0 else ""
    if unit == "percent":
        points = value * 100
        words = number(float(f"{points:.2g}") if aloud else points, locale, digits=decimals(points, 1, 2))
        return f"{sign}{words} percentage point{'' if words in ('1', '-1') else 's'}"
    return sign + (said(value, unit, locale) if aloud else exact(value, unit, locale))


def held(values: Sequence[Scalar], *, locale: str) -> str:
    """The values of a dimension that something holds for; numbers in a row by their ends.

    >>> held([10, 11, 12], locale="en-US"), held(["DACH", None], locale="en-US")
    ('10 to 12', 'DACH and unknown')
    """
    whole = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    if len(whole) == len(values) > 2 and whole == list(range(whole[0], whole[0] + len(whole))):
        return f"{whole[0]} to {whole[-1]}"
    return listed([UNKNOWN if value is None else line(_other(value, locale)) for value in values])


def _other(value: Scalar, locale: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{day(value.date(), locale)} {clock(value, locale)}"
    if isinstance(value, date):
        return day(value, locale)
    return line(str(value))


def day(value: date, locale: str) -> str:
    """A day in words.

    >>> day(date(2026, 5, 3), "en-US"), day(date(2026, 5, 3), "en-GB")
    ('May 3, 2026', '3 May 2026')
    """
    return _dated(value, locale, "long")


@contextmanager
def speaking_to(locale: str | None) -> Iterator[None]:
    """Whoever is answered within speaks this (BCP 47, None: as the company does)."""
    token = _SPEAKER.set(locale)
    try:
        yield
    finally:
        _SPEAKER.reset(token)


def region_of_speaker(company: str) -> str:
    """The locale of whoever is answered, where it is of the company's language, else the company's.

    >>> with speaking_to("en-GB"):
    ...     region_of_speaker("en-US"), region_of_speaker("de-DE")
    ('en-GB', 'de-DE')
    """
    return spoken_in(_SPEAKER.get(), company)


def spoken_in(locale: str | None, company: str) -> str:
    """The locale to answer in: the one that is asked for where it is of the company's language, whose sentences there are, else the company's."""
    return company if locale is None or locale == company or not is_region_of(locale, company) else locale


def is_region_of(locale: str, other: str) -> bool:
    """Whether a locale is known, and of the same language as another.

    >>> is_region_of("en-GB", "en-US"), is_region_of("de-DE", "en-US"), is_region_of("en-QQ", "en-US")
    (True, False, False)
    """
    from babel import UnknownLocaleError

    try:
        return bool(locale_of(locale).language == locale_of(other).language)
    except (UnknownLocaleError, ValueError):
        return False


def weekday(value: date, locale: str) -> str:
    """A day with its weekday, without the year: for what is near."""
    from babel.dates import format_date

    pattern = "EEEE, MMMM d" if locale.endswith(("US", "CA")) else "EEEE d MMMM"
    return str(format_date(value, format=pattern, locale=locale_of(locale)))


def clock(value: datetime, locale: str) -> str:
    """A time of day.

    >>> clock(datetime(2026, 5, 3, 15, 0), "en-GB")
    '15:00'
    """
    from babel.dates import format_time

    return str(format_time(value, format="short", locale=locale_of(locale))).replace("\u202f", " ")


@lru_cache(_REMEMBERED, typed=True)
def _dated(value: date, locale: str, pattern: str = "LLLL y") -> str:
    from babel.dates import format_date

    return str(format_date(value, format=pattern, locale=locale_of(locale)))


def bucket(value: Scalar, grain: Grain | None, locale: str) -> str:
    """A time bucket, named by its first day or instant.

    >>> bucket(date(2026, 4, 1), "quarter", "en-US"), bucket(date(2026, 4, 1), "month", "en-US")
    ('Q2 2026', 'April 2026')
    """
    if not isinstance(value, date):
        return UNKNOWN if value is None else str(value)
    if grain == "month":
        return _dated(value, locale)
    if grain == "quarter":
        return f"Q{(value.month - 1) // 3 + 1} {value.year}" if value.month % 3 == 1 else f"the quarter from {day(value, locale)}"
    if grain == "year":
        return str(value.year) if value.month == 1 else f"the year from {day(value, locale)}"
    if grain == "week":
        return f"the week of {day(value, locale)}"
    if grain in ("hour", None) and isinstance(value, datetime):
        return f"{day(value.date(), locale)} {clock(value, locale)}"
    return day(value, locale)


def bucket_heard(value: Scalar, grain: Grain | None, locale: str) -> str:
    """A time bucket within a spoken sentence, with its preposition.

    >>> bucket_heard(date(2026, 4, 1), "quarter", "en-US"), bucket_heard(date(2026, 4, 1), "day", "en-US")
    ('in the second quarter of 2026', 'on April 1, 2026')
    """
    if not isinstance(value, date):
        return f"at an {UNKNOWN} time"
    if grain == "quarter" and value.month % 3 == 1:
        return f"in the {_ORDINALS[value.month // 3]} quarter of {value.year}"
    if grain == "hour" and isinstance(value, datetime):
        return f"at {clock(value, locale)} on {day(value.date(), locale)}"
    return f"{'on' if grain in ('day', None) else 'in'} {bucket(value, grain, locale)}"


def period(value: Period, locale: str) -> str:
    """A period by the name it has, else by its first and last day.

    >>> period(Period(first=date(2026, 5, 1), last=date(2026, 5, 31)), "en-US")
    'May 2026'
    >>> period(Period(first=date(2026, 5, 1), last=date(2026, 5, 14)), "en-US")
    'May 1, 2026 to May 14, 2026'
    """
    first, last = value.first, value.last
    if first is None and last is None:
        return "all time"
    if first is None or last is None:
        return f"since {day(first, locale)}" if first else f"until {day(last, locale)}"  # type: ignore[arg-type]  # one of them is set
    if first == last:
        return day(first, locale)
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return f"{day(first, locale)} to {day(last, locale)}"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        return _dated(first, locale)
    if months == 12 and first.month == 1:
        return str(first.year)
    if months == 3 and first.month % 3 == 1:
        return f"Q{(first.month + 2) // 3} {first.year} ({_dated(first, locale, 'LLLL')} to {_dated(last, locale, 'LLLL')})"
    return f"{_dated(first, locale)} to {_dated(last, locale)}"


def heard(value: Period, locale: str) -> str:
    """A period as it is heard: nothing in brackets, no year twice.

    >>> heard(Period(first=date(2026, 4, 1), last=date(2026, 6, 30)), "en-US"), heard(Period(first=date(2026, 5, 1), last=date(2026, 5, 14)), "en-US")
    ('the second quarter of 2026', 'May 1 to May 14, 2026')
    """
    from babel.dates import format_skeleton

    words, first, last = period(value, locale), value.first, value.last
    if first is None or last is None or first == last:
        return words
    if words.startswith("Q"):
        return f"the {_ORDINALS[first.month // 3]} quarter of {first.year}"
    if first.year == last.year and " to " in words:
        whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
        start = _dated(first, locale, "LLLL") if whole_months else str(format_skeleton("MMMMd", first, locale=locale_of(locale)))
        return f"{start} to {words.partition(' to ')[2]}"
    return words


def dates(value: Period, locale: str) -> str:
    """A period as its dates, always: "May 1, 2026 to May 31, 2026"."""
    if value.first is None or value.last is None or value.first == value.last:
        return period(value, locale)
    return f"{day(value.first, locale)} to {day(value.last, locale)}"


def line(text: str) -> str:
    """Text of data or of a person on one line, and no more of it than can be read at a glance; the whole of it is in the facts.

    >>> line("one\\ntwo"), len(line("x" * 5000))
    ('one two', 160)
    """
    flat = _BREAKS.sub(" ", text)
    return flat if len(flat) <= _MOST_LETTERS else flat[: _MOST_LETTERS - 1] + "…"


def listed(items: Sequence[str], last: str = "and") -> str:
    """A list as people say it.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def aged(seconds: float) -> str:
    """How long ago the data were as they are told.

    >>> aged(0.4), aged(6.2), aged(59.8), aged(7200)
    ('1 second ago', '6 seconds ago', '1 minute ago', '2 hours ago')
    """
    whole = max(1, round(seconds))
    return ago(whole) if whole >= 60 else f"{whole} second{'s' if whole > 1 else ''} ago"


def duration(minutes: int) -> str:
    """A duration.

    >>> duration(90), duration(60), duration(30)
    ('1 hour 30 minutes', '1 hour', '30 minutes')
    """
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' if hours != 1 else ''}"] if hours else []
    parts += [f"{rest} minute{'s' if rest != 1 else ''}"] if rest else []
    return " ".join(parts) or "0 minutes"
