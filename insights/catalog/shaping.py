"""What the columns of a table nobody described are for: times, numbers to aggregate, things to group by, keys."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from insights.catalog.speakable import says_birth, singular_of, words_of
from insights.catalog.tokens import is_plain
from insights.lake.profile import ColumnProfile, TableProfile

Use = Literal["time", "fact", "dimension", "key"]
_CODES = frozenset("id key sk code cd no num number nr nbr zip zipcode zip5 postcode postal phone ssn ean isbn sku vin fips uuid guid pk fk".split())
_CALENDAR = frozenset("year yr month mth mo day dom weekday wday dow week wk quarter qtr hour hr minute decade tz".split())
_MEASURES = frozenset(
    (
        "qty quantity amt amount count cnt total tot price cost revenue rev sales value val minutes mins seconds secs hours hrs days duration dur "
        "delay distance dist score rating points age size weight wt height length width depth speed rate budget spend fee tax discount profit margin "
        "income salary balance stock charge charges beds capacity mrr arr gmv usd eur gbp chf jpy cad aud inr kg km ms pct percent "
        "units stars guests nights passengers people adults children rooms bedrooms seats visits clicks views impressions"
    ).split()
)
_LATER = frozenset(
    (
        "updated modified changed deleted ended end expires expired due birth dob loaded inserted synced etl closed cancelled resolved shipped delivered last"
    ).split()
)
_FIRSTS = frozenset(("date time day created started start ordered placed occurred booked opened event timestamp ts").split())
_PARTS: Mapping[str, tuple[str, ...]] = {"year": ("year", "yr"), "month": ("month", "mon", "mth"), "day": ("day", "dom", "mday")}
_LIMITS = {"year": (1000, 3000), "month": (1, 12), "day": (1, 31)}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
FEW = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A field to be: what it is for, and its expression."""

    name: str
    use: Use
    expression: str
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """A table to be: fields in order, its key, and the time that periods apply to."""

    profile: TableProfile
    fields: tuple[Shape, ...]
    key: str | None = None
    time: str | None = None
    times: tuple[str, ...] = field(default=())


def shape_of(table: TableProfile, *, key: str | None, joins: Collection[str]) -> TableShape:
    """Decide what each column is for. `key` identifies a row, `joins` are the columns that refer to other tables."""
    composed = _composed_day(table)
    names: dict[str, None] = {}
    fields = []
    for column in table.columns:
        if column.kind == "unknown" or column.name in composed:
            continue
        use, expression = _use(column, table, key=key, joins=joins)
        fields.append(Shape(name=_free(column.name, names), use=use, expression=expression, column=column.name))
    if composed:
        name = _free("date", names)
        fields.insert(0, Shape(name=name, use="time", expression=f"MAKE_DATE({', '.join(quoted(part) for part in composed)})"))
    dated = (f for f in fields if f.use == "time" and not says_birth(f.name))
    times = tuple(f.name for f in sorted(dated, key=lambda f: _lateness(f, table)))
    return TableShape(profile=table, fields=tuple(fields), key=key, time=times[0] if times else None, times=times)


def key_of(table: TableProfile, referenced: Collection[str]) -> str | None:
    """The column that identifies a row: unique, never missing, and named or placed or used like a key."""
    own = singular_of(words_of(table.name)[-1]) if words_of(table.name) else ""
    best: tuple[int, str] | None = None
    for position, column in enumerate(table.columns):
        unique = table.rows > 0 and column.distinct == table.rows and not column.nulls
        if not unique or not (column.kind == "text" or (column.kind == "number" and column.whole)):
            continue
        words = words_of(column.name)
        score = 4 * (column.name in referenced) + 2 * bool(words and words[-1] in _CODES) + (own in words) + (position == 0)
        if score and (best is None or score > best[0]):
            best = (score, column.name)
    return best[1] if best else None


def quoted(column: str) -> str:
    """The column as SQL names it: bare where that is plain."""
    return column if is_plain(column) else '"' + column.replace('"', '""') + '"'


def _use(column: ColumnProfile, table: TableProfile, *, key: str | None, joins: Collection[str]) -> tuple[Use, str]:
    expression = quoted(column.name)
    if column.kind in ("date", "timestamp"):
        return "time", expression
    if column.kind == "text":
        written = _written_time(column)
        if written is not None:
            return "time", f"TRY_CAST({expression} AS {written})"
        return ("key" if column.name == key and column.name not in joins else "dimension"), expression
    if column.kind == "boolean":
        return "dimension", expression
    if column.name == key or column.name in joins:
        return "key", expression
    return ("dimension" if _is_code(column, table) else "fact"), expression


def _is_code(column: ColumnProfile, table: TableProfile) -> bool:
    """Whether a number names something rather than measures it."""
    if not column.whole:
        return False
    words = words_of(column.name)
    last = words[-1] if words else ""
    if last in _CODES or (len(words) == 1 and last in _CALENDAR) or last in ("year", "weekday", "quarter", "dow"):
        return True
    if words and words == (singular_of(words_of(table.name)[-1] if words_of(table.name) else ""),):
        return True
    if _is_clock(column, words):
        return True
    if _MEASURES & set(words) or words[:1] in (("num",), ("n",), ("no",)):
        return False
    return column.distinct <= FEW and table.rows >= 20 * column.distinct


def _is_clock(column: ColumnProfile, words: Sequence[str]) -> bool:
    """Times of day written as numbers, 517 for 5:17: adding or averaging them means nothing."""
    low, high = column.minimum, column.maximum
    if "time" not in words or not isinstance(low, int | float) or not isinstance(high, int | float):
        return False
    numbers = [value for value in column.examples if isinstance(value, int | float)]
    return low >= 0 and 1200 < high <= 2400 and bool(numbers) and all(value % 100 < 60 for value in numbers)


def _written_time(column: ColumnProfile) -> str | None:
    """DATE or TIMESTAMP for text that holds nothing else, as far as its ends and most frequent values show."""
    seen = [value for value in (*column.examples, column.minimum, column.maximum) if value is not None]
    if not seen or not all(isinstance(value, str) for value in seen):
        return None
    if all(_ISO_DAY.fullmatch(str(value)) for value in seen):
        return "DATE"
    return "TIMESTAMP" if all(_ISO_TIME.fullmatch(str(value)) for value in seen) else None


def _composed_day(table: TableProfile) -> tuple[str, ...]:
    """Year, month and day columns that make a date; none when the table has a date already.

    A timestamp beside them does not count: it is often of another time zone, while the three are what people mean by the day.
    """
    if any(column.kind == "date" for column in table.columns):
        return ()
    found = []
    for part, spellings in _PARTS.items():
        low, high = _LIMITS[part]
        fitting = [c.name for c in table.columns if c.name.casefold() in spellings and c.whole and _within(c, low, high)]
        if len(fitting) != 1:
            return ()
        found.append(fitting[0])
    return tuple(found)


def _within(column: ColumnProfile, low: int, high: int) -> bool:
    ends = (column.minimum, column.maximum)
    return all(isinstance(end, int | float) and low <= end <= high for end in ends)


def _lateness(shape: Shape, table: TableProfile) -> tuple[int, int, float]:
    """Sorts the likeliest time of a table's rows first: a composed day, then by name, then by how often it is there."""
    if shape.column is None:
        return (-2, 0, 0.0)
    words = set(words_of(shape.name))
    stems = {word[:4] for word in words_of(table.name)}
    named = -1 if any(word[:4] in stems for word in words) else 0 if words & _FIRSTS else 1
    column = next(c for c in table.columns if c.name == shape.column)
    return (3 if words & _LATER else named, 0 if column.kind == "date" else 1, column.nulls / max(table.rows, 1))


def _free(name: str, taken: dict[str, None]) -> str:
    """The name as a field may have it, each once."""
    plain = re.sub(r"[.,()'\"\x00-\x1f]+|^\s+|\s+$", "_", name).strip("_") or "column"
    unique, count = plain, 1
    while unique.casefold() in taken:
        count += 1
        unique = f"{plain}_{count}"
    taken[unique.casefold()] = None
    return unique
