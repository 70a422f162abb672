"""What is being done or was done: Slack delivers the same event again when it is unsure, and people press twice."""

from __future__ import annotations

from collections import OrderedDict

_KEPT = 10_000


class Deliveries:
    """Ids of deliveries this process has taken on, for one event loop.

    The ledger makes a turn act once over restarts and processes (`Turn.id`); this spares the second answer to the same delivery.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._kept = kept

    def take(self, key: str) -> bool:
        """Whether this delivery is new; from now on it is not."""
        if key in self._taken:
            self._taken.move_to_end(key)
            return False
        self._taken[key] = None
        while len(self._taken) > self._kept:
            self._taken.popitem(last=False)
        return True

    def give_back(self, key: str) -> None:
        """It came to nothing: when Slack delivers it again, it is to be done."""
        self._taken.pop(key, None)
