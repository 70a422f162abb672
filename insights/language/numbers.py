"""Numbers as people write and say them: digits, words, ordinals, magnitudes, fractions, spoken years."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from insights.language.words import Token

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)} | {"fourty": 40}
_MAGNITUDES = {"thousand": 10**3, "k": 10**3, "grand": 10**3, "million": 10**6, "mn": 10**6, "mm": 10**6, "m": 10**6}
_MAGNITUDES |= {"mil": 10**6, "billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12, "tn": 10**12, "t": 10**12}
_SPOKEN_MAGNITUDES = {word: size for word, size in _MAGNITUDES.items() if len(word) > 2 and word != "mil"}
_FIRSTS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
_ORDINAL_UNITS = (
    {word + "th": value for word, value in _UNITS.items() if value > 3 and word not in ("five", "eight", "nine", "twelve")}
    | _FIRSTS
    | {word[:-1] + "ieth": value for word, value in _TENS.items() if word != "fourty"}
)
_ORDINAL_MAGNITUDES = {"hundredth": 100} | {word + "th": size for word, size in _MAGNITUDES.items() if len(word) > 5}
_VAGUE = {"few": 3, "several": 3, "couple": 2}
_DOZEN = 12
# Nobody means more digits as a quantity.
_LONGEST = 40
# "Million million million" is still a number, what comes after it is none.
_LARGEST = 10**15
_HALVES = {"half": Fraction(1, 2), "quarter": Fraction(1, 4), "third": Fraction(1, 3)}

STARTS = frozenset(
    [*_UNITS, *_TENS, *_ORDINAL_UNITS, *_ORDINAL_MAGNITUDES, *_VAGUE, *_SPOKEN_MAGNITUDES, "hundred", "half", "dozen", "a", "an", "point", "minus"]
)


class Number(NamedTuple):
    """A number said at tokens `[first, last)`.

    `symbol` is a currency sign or "%" written to it ("15%" has the value 15). `vague` marks "a few" (3), "several" (3), "a couple" (2).
    """

    value: int | float
    first: int
    last: int
    ordinal: bool = False
    vague: bool = False
    symbol: str | None = None


def number(tokens: Sequence[Token], at: int) -> Number | None:
    """Return the longest number that starts at token `at`, or None.

    >>> from insights.language.words import tokenise
    >>> number(tokenise("two and a half million"), 0).value
    2500000
    >>> number(tokenise("twenty-third of May"), 0)
    Number(value=23, first=0, last=3, ordinal=True, vague=False, symbol=None)
    """
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind == "number" or token.kind == "date":
        return _percent(tokens, _digits(tokens, at))
    text = token.text
    if text not in STARTS and text != "negative" and text != "-":
        return None
    if text in ("minus", "negative", "-"):
        if at + 1 < len(tokens) and tokens[at + 1].text in ("minus", "negative", "-"):
            return None
        found = number(tokens, at + 1)
        if found is None or found.ordinal or (text == "-" and tokens[at + 1].start != token.end):
            return None
        return Number(value=-found.value, first=at, last=found.last, symbol=found.symbol)
    return _percent(tokens, _spoken(tokens, at))


def _percent(tokens: Sequence[Token], found: Number | None) -> Number | None:
    """Take the word "percent" (or "per cent") that follows a number into it."""
    if found is None or found.ordinal or found.symbol:
        return found
    last = found.last
    if _word(tokens, last) == "percent":
        return Number(value=found.value, first=found.first, last=last + 1, symbol="%")
    if _word(tokens, last) == "per" and _word(tokens, last + 1) == "cent":
        return Number(value=found.value, first=found.first, last=last + 2, symbol="%")
    return found


def spoken_year(tokens: Sequence[Token], at: int) -> Number | None:
    """Return the year said at token `at` in a way that only years are said, or None.

    >>> from insights.language.words import tokenise
    >>> [spoken_year(tokenise(said), 0).value for said in ("twenty twenty five", "nineteen ninety-six", "two thousand and fifteen")]
    [2025, 1996, 2015]
    """
    head, middle = _word(tokens, at), at + 1
    if head == "two" and _word(tokens, middle) == "thousand":
        whole = _spoken(tokens, at)
        return Number(value=whole.value, first=at, last=whole.last) if whole and 2000 <= whole.value <= 2099 else None
    century = {"nineteen": 1900, "twenty": 2000, "eighteen": 1800}.get(head)
    if century is None:
        return None
    if _word(tokens, middle) == "hundred" and head != "twenty":
        return Number(value=century, first=at, last=middle + 1)
    if _word(tokens, middle) in ("oh", "o") and _UNITS.get(_word(tokens, middle + 1), 10) in range(1, 10):
        return Number(value=century + _UNITS[_word(tokens, middle + 1)], first=at, last=middle + 2)
    rest = _below_hundred(tokens, middle)
    if rest is None or rest[2] or rest[0] < 10:
        return None
    return Number(value=century + rest[0], first=at, last=rest[1])


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if at < len(tokens) else ""


def _digits(tokens: Sequence[Token], at: int) -> Number | None:
    """A number that is written with digits, with the magnitude or the fraction that may follow it."""
    text = tokens[at].text
    if "/" in text:
        return _fraction(text, at)
    symbol = text[0] if text[0] in "$€£¥₹" else None
    body = text[1:] if symbol else text
    ordinal = body.endswith(("st", "nd", "rd", "th"))
    digits = body.rstrip("%abcdefghijklmnopqrstuvwxyz")
    suffix = body[len(digits) :]
    if len(digits) >= _LONGEST:
        return None
    try:
        value: int | Fraction = int(digits) if digits.isdecimal() else Fraction(digits.replace(",", ""))
    except ValueError:
        return None  # a date, or digits of several scripts
    last = at + 1
    value *= 1 if ordinal else _MAGNITUDES.get(suffix, 1)
    if not ordinal and not suffix:
        value, last = _scaled(tokens, last, value)
    return Number(value=_plain(value), first=at, last=last, ordinal=ordinal, symbol="%" if suffix == "%" else symbol)


def _fraction(text: str, at: int) -> Number | None:
    top, _, bottom = text.partition("/")
    if (top, bottom) not in {("1", "2"), ("1", "3"), ("2", "3"), ("1", "4"), ("3", "4")}:
        return None  # 5/3 is a day, or a score
    return Number(value=int(top) / int(bottom), first=at, last=at + 1)


def _scaled(tokens: Sequence[Token], last: int, value: int | Fraction) -> tuple[int | Fraction, int]:
    """Add "and a half", "1/2" and the magnitude that follow a plain number."""
    if _word(tokens, last) == "1/2":
        value, last = value + Fraction(1, 2), last + 1
    elif _word(tokens, last) == "and" and _word(tokens, last + 1) == "a" and _word(tokens, last + 2) in ("half", "quarter"):
        value, last = value + _HALVES[_word(tokens, last + 2)], last + 3
    while value < _LARGEST and (size := _SPOKEN_MAGNITUDES.get(_word(tokens, last))) is not None:
        value, last = value * size, last + 1
    return value, last


def _plain(value: int | Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _spoken(tokens: Sequence[Token], at: int) -> Number | None:
    """A number in words; "a" and "an" count only before a magnitude, a dozen, a half or a vague word."""
    text = tokens[at].text
    if text in ("a", "an"):
        if _word(tokens, at + 1) not in ("hundred", "dozen", "half", "few", "couple", *_SPOKEN_MAGNITUDES):
            return None
        inner = _spoken(tokens, at + 1)
        return inner and Number(value=inner.value, first=at, last=inner.last, ordinal=inner.ordinal, vague=inner.vague)
    if text == "point":
        value, last = _decimals(tokens, at, 0)
        value, last = _scaled(tokens, last, value)
        return Number(value=_plain(value), first=at, last=last) if last > at else None
    if text in _VAGUE:
        last = at + 1
        if text == "couple" and _word(tokens, last) == "of":
            last += 1
        return Number(value=_VAGUE[text], first=at, last=last, vague=True)
    if text == "half":
        return _half(tokens, at)
    if text == "dozen":
        return Number(value=_DOZEN, first=at, last=at + 1)
    return _cardinal(tokens, at)


def _half(tokens: Sequence[Token], at: int) -> Number | None:
    """ "half a million", "half a dozen"; a bare half is no number here, it belongs to what follows ("half past", "half year")."""
    last = at + 2 if _word(tokens, at + 1) == "a" else at + 1
    size = _DOZEN if _word(tokens, last) == "dozen" else _SPOKEN_MAGNITUDES.get(_word(tokens, last))
    return Number(value=size // 2, first=at, last=last + 1) if size else None


def _below_hundred(tokens: Sequence[Token], at: int) -> tuple[int, int, bool] | None:
    """`(value, last, ordinal)` of "seven", "twenty five", "twenty-third", or of digits below 100."""
    text = _word(tokens, at)
    if text in _ORDINAL_UNITS:
        return _ORDINAL_UNITS[text], at + 1, True
    if text in _UNITS:
        return _UNITS[text], at + 1, False
    if text not in _TENS:
        return None
    nxt = at + 2 if _word(tokens, at + 1) == "-" else at + 1
    unit = _word(tokens, nxt)
    if 0 < _UNITS.get(unit, 0) < 10:
        return _TENS[text] + _UNITS[unit], nxt + 1, False
    if 0 < _ORDINAL_UNITS.get(unit, 0) < 10:
        return _TENS[text] + _ORDINAL_UNITS[unit], nxt + 1, True
    return _TENS[text], at + 1, False


def _cardinal(tokens: Sequence[Token], at: int) -> Number | None:
    """Hundreds and magnitudes summed from left to right, then decimals, "and a half" and a last magnitude."""
    total, group, last, ordinal, ceiling = 0, 0, at, False, 10**15
    room, seen = 100, False
    while not ordinal:
        text = _word(tokens, last)
        skip = last + 1 if text == "and" and seen and (group >= 100 or (total and not group)) else last
        text = _word(tokens, skip)
        if text == "hundred" and (not seen or (group < 100 and room == 0)):
            group, last, seen, room = max(group, 1) * 100, skip + 1, True, 100
        elif text in _SPOKEN_MAGNITUDES and _SPOKEN_MAGNITUDES[text] < ceiling and (group or not seen):
            ceiling = _SPOKEN_MAGNITUDES[text]
            total, group, last, seen, room = total + max(group, 1) * ceiling, 0, skip + 1, True, 100
        elif text in _ORDINAL_MAGNITUDES and seen and group:
            total, group, last, ordinal = total + group * _ORDINAL_MAGNITUDES[text], 0, skip + 1, True
        elif room and (below := _below_hundred(tokens, skip)) and (skip == last or below[0]):
            group, last, ordinal, seen, room = group + below[0], below[1], below[2], True, 0
        else:
            break
    if not seen:
        return None
    value: int | Fraction = total + group
    if not ordinal:
        value, last = _decimals(tokens, last, value)
        value, last = _scaled(tokens, last, value)
    return Number(value=_plain(value), first=at, last=last, ordinal=ordinal)


def _decimals(tokens: Sequence[Token], last: int, value: int | Fraction) -> tuple[int | Fraction, int]:
    """Add the digits that are said one by one after "point"."""
    if _word(tokens, last) != "point":
        return value, last
    at, scale = last + 1, Fraction(1, 10)
    while at - last < 12 and (digit := 0 if _word(tokens, at) == "oh" else _UNITS.get(_word(tokens, at), 10)) < 10:
        value, scale, at = value + digit * scale, scale / 10, at + 1
    return (value, at) if at > last + 1 else (value, last)
