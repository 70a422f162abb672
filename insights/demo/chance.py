"""Repeatable chance: the same number for the same row, column and seed, in Python and in SQL, on any version of the engine."""

from __future__ import annotations

_MASK = 0xFFFFFFFF
_ROW, _COLUMN, _SEED, _MIX = 2_654_435_761, 2_246_822_519, 3_266_489_917, 73_244_475

MACROS = f"""
CREATE MACRO mix(x) AS (xor(x, x >> 16) * {_MIX}) & {_MASK};
CREATE MACRO chance(r, c) AS
    mix(mix(mix((r * {_ROW} + c * {_COLUMN} + getvariable('seed')) & {_MASK}))) / {_MASK + 1}.0;
CREATE MACRO pick(r, c, choices) AS choices[1 + floor(chance(r, c) * len(choices))::INTEGER];
"""
"""`chance(row, column)` is uniform over [0, 1); `column` is a number that no other use for the same rows has. `pick` takes one of a list."""


def folded(seed: int) -> int:
    """The seed as the macros expect it in the variable `seed`."""
    return (seed * _SEED) & _MASK


def chance(row: int, column: int, seed: int) -> float:
    """Return the uniform number over [0, 1) that the SQL macro gives; `seed` is not folded.

    >>> 0 <= chance(1, 2, 3) < 1
    True
    """
    x = (row * _ROW + column * _COLUMN + folded(seed)) & _MASK
    for _ in range(3):
        x = ((x ^ (x >> 16)) * _MIX) & _MASK
    return x / (_MASK + 1)
