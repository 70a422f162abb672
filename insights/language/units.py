"""Units as people say them, and lengths of time, masses and distances told in one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SAID: Mapping[str, str] = {
    "USD": "dollar dollars usd bucks", "EUR": "euro euros eur", "GBP": "pound pounds sterling gbp quid", "JPY": "yen jpy", "CHF": "franc francs chf",
    "INR": "rupee rupees inr", "CNY": "yuan renminbi cny", "BRL": "real reais brl", "MXN": "peso pesos mxn", "PLN": "zloty zlotys pln",
    "SEK": "krona kronor sek", "NOK": "krone kroner nok", "DKK": "krone kroner dkk", "CAD": "dollar dollars cad", "AUD": "dollar dollars aud",
    "milliseconds": "ms msec msecs millisecond milliseconds", "seconds": "sec secs second seconds", "minutes": "min mins minute minutes",
    "hours": "hr hrs hour hours", "days": "day days", "weeks": "week weeks",
    "g": "g gram grams gramme grammes", "kg": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes", "t": "t tonne tonnes",
    "lb": "lb lbs pound pounds", "oz": "oz ounce ounces",
    "mm": "mm millimeter millimeters millimetre millimetres", "cm": "cm centimeter centimeters centimetre centimetres",
    "m": "m meter meters metre metres", "km": "km kms kilometer kilometers kilometre kilometres", "ft": "ft foot feet", "miles": "mi mile miles",
    "l": "l liter liters litre litres", "kWh": "kwh", "MWh": "mwh", "MB": "mb megabyte megabytes", "GB": "gb gigabyte gigabytes", "TB": "tb terabyte terabytes",
}  # fmt: skip
"""What each unit may be called, also where a catalog writes it so. "Pounds" are money or a mass, "dollars" those of several countries."""
_SIZES: Mapping[str, tuple[str, int, int]] = {
    "milliseconds": ("time", 1, 1000), "seconds": ("time", 1, 1), "minutes": ("time", 60, 1), "hours": ("time", 3600, 1),
    "days": ("time", 86_400, 1), "weeks": ("time", 604_800, 1),
    "g": ("mass", 1, 1), "kg": ("mass", 1000, 1), "t": ("mass", 1_000_000, 1),
    "lb": ("mass", 45_359_237, 100_000), "oz": ("mass", 45_359_237, 1_600_000),
    "mm": ("length", 1, 1000), "cm": ("length", 1, 100), "m": ("length", 1, 1), "km": ("length", 1000, 1),
    "ft": ("length", 3048, 10_000), "miles": ("length", 1_609_344, 1000),
}  # fmt: skip
"""What is measured, and how much of it one unit is, as a fraction: exact by definition (the international pound and yard of 1959)."""


def _meanings() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for unit, words in _SAID.items():
        for word in (unit.casefold(), *words.split()):
            found.setdefault(word, set()).add(unit)
    return {word: frozenset(units) for word, units in found.items()}


_MEANT = _meanings()


def same(unit: str, said: str) -> bool:
    """Whether a unit can be meant by what was said.

    >>> same("kg", "kilos"), same("GBP", "pounds"), same("lb", "pounds"), same("USD", "pounds"), same("nights", "Nights")
    (True, True, True, False, True)
    """
    return bool(said) and bool(_meant(unit) & _meant(said))


def converted(number: float, said: str, unit: str) -> int | float | None:
    """A number of one unit in another of the same kind; None where they are of different kinds.

    >>> converted(0.5, "hours", "minutes"), converted(500, "grams", "kg"), converted(1, "hours", "USD")
    (30, 0.5, None)
    """
    from fractions import Fraction

    for one in _meant(said):
        for other in _meant(unit):
            if one in _SIZES and other in _SIZES and _SIZES[one][0] == _SIZES[other][0]:
                found = Fraction(number) * Fraction(*_SIZES[one][1:]) / Fraction(*_SIZES[other][1:])
                return int(found) if found.denominator == 1 else float(found)
    return None


def is_measure(unit: str) -> bool:
    """Whether a unit measures how much of something there is, of which there can be none: minutes, kilograms and money, not stars or points.

    >>> is_measure("minutes"), is_measure("GBP"), is_measure("stars")
    (True, True, False)
    """
    return unit.casefold() in _MEANT


def sayable(units: Iterable[str]) -> frozenset[str]:
    """The words that say, behind a number, one of the units of a catalog, or one that can be told in it.

    >>> sorted(sayable(["nights"])), {"kilos", "pounds", "grams"} <= sayable(["kg"]), "yen" in sayable(["kg"])
    (['nights'], True, False)
    """
    known = [one for unit in units for one in _meant(unit)]
    kinds = {_SIZES[one][0] for one in known if one in _SIZES}
    words = {word for word, meant in _MEANT.items() if meant & set(known) or any(one in _SIZES and _SIZES[one][0] in kinds for one in meant)}
    return frozenset(words | {one for one in known if one.isalpha() and one not in _SAID})


def _meant(unit: str) -> frozenset[str]:
    return _MEANT.get(unit.casefold(), frozenset({unit.casefold()}))
