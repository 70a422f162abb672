"""What a model makes of several series at once, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Lengths: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """One-step forecasts of what is known (series, time), the path ahead (series, horizon), the sum of squared one-step errors, how many parameters."""

    fitted: Array
    ahead: Array
    squares: Array
    parameters: int
