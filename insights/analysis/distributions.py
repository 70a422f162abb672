"""Normal, Student's t and chi-squared distributions from the standard library alone, for the voice path must not wait for scipy."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

_NORMAL = NormalDist()
_TINY = 1e-300
_CLOSE = 1e-15
_MOST_TERMS = 10_000
_MOST_STEPS = 100


def normal_above(z: float) -> float:
    """The chance that a standard normal value is above z; exact far into the tail.

    >>> round(normal_above(1.959963984540054), 12)
    0.025
    """
    return math.erfc(z / math.sqrt(2)) / 2


def normal_quantile(chance: float) -> float:
    """The value that a standard normal one is below with this chance.

    >>> round(normal_quantile(0.975), 9)
    1.959963985
    """
    return _NORMAL.inv_cdf(chance)


def student_above(t: float, freedom: float) -> float:
    """The chance that Student's t with `freedom` degrees of freedom is above t (Abramowitz and Stegun 26.7.1 by 26.5.27).

    >>> round(student_above(2.2281388519649385, 10), 9)
    0.025
    """
    if math.isinf(freedom):
        return normal_above(t)
    tail = beta_share(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return tail if t >= 0 else 1 - tail


def student_quantile(chance: float, freedom: float) -> float:
    """The value that Student's t is below with this chance.

    >>> round(student_quantile(0.975, 10), 9)
    2.228138852
    """
    if chance == 0.5:
        return 0.0
    if chance < 0.5:
        return -student_quantile(1 - chance, freedom)
    if math.isinf(freedom):
        return normal_quantile(chance)
    low, high = 0.0, 1.0
    while student_above(high, freedom) > 1 - chance:
        low, high = high, high * 2
    t = min(max(normal_quantile(chance), low), high)
    for _ in range(_MOST_STEPS):  # Newton's method, kept within what is known to hold the quantile
        over = student_above(t, freedom) - (1 - chance)
        low, high = (t, high) if over > 0 else (low, t)
        ahead = t + over / _student_density(t, freedom)
        ahead = ahead if low < ahead < high else (low + high) / 2
        if abs(ahead - t) <= _CLOSE * abs(t):
            break
        t = ahead
    return t


def _student_density(t: float, freedom: float) -> float:
    front = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(front - (freedom + 1) / 2 * math.log1p(t * t / freedom))


def chi_squared_above(value: float, freedom: float) -> float:
    """The chance that a chi-squared value with `freedom` degrees of freedom is above `value` (Abramowitz and Stegun 26.4.19).

    >>> round(chi_squared_above(3.841458820694124, 1), 12)
    0.05
    """
    return 1.0 if value <= 0 else gamma_rest(freedom / 2, value / 2)


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz and Stegun 26.5.8)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a

    def term(n: int) -> tuple[float, float]:
        k = n // 2
        if n == 0:
            return 1.0, 1.0
        if n % 2:
            return -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1)), 1.0
        return k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k)), 1.0

    return front * _continued(term)


def gamma_rest(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x), by a series or a continued fraction (Abramowitz and Stegun 6.5.29, 6.5.31)."""
    front = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1:
        share = total = 1 / a
        for n in range(1, _MOST_TERMS):
            share *= x / (a + n)
            total += share
            if share < total * _CLOSE:
                break
        return 1 - front * total

    def term(n: int) -> tuple[float, float]:
        return (1.0, x + 1 - a) if n == 0 else (-n * (n - a), x + 2 * n + 1 - a)

    return front * _continued(term)


def _continued(term: Callable[[int], tuple[float, float]]) -> float:
    """A continued fraction a0/(b0 + a1/(b1 + ...)) by the method of Lentz, as changed by Thompson and Barnett."""
    value, front, back = _TINY, _TINY, 0.0
    for n in range(_MOST_TERMS):
        over, under = term(n)
        back = under + over * back
        back = 1 / (back if back else _TINY)
        front = under + over / front
        front = front if front else _TINY
        value *= front * back
        if abs(front * back - 1) < _CLOSE:
            break
    return value
