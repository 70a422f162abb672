"""Which cells of a table about people are withheld, so that nobody can be told from the others: those of too few, and as many more as keep those from being
worked out (complementary suppression; Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001, chapter 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from insights.requests import Scalar

MOST_HIDDEN = 400
"""More cells than these are not looked through: then the whole table is withheld."""
_PRIME = 2**61 - 1

Cell = tuple[Scalar, ...]
Kept = tuple[int, ...]
"""The numbers of the keys that a margin is by, in order; none is the total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """The people behind each cell of the table by some of the keys (0: nobody, which is no secret), and the `small` cells that must not come out."""

    people: Mapping[Cell, int]
    small: frozenset[Cell] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """The cells of the finest table that are not shown, and what anybody can work out all the same.

    `whole`: not even which cells hold nobody may be told, because that and the coarser tables would say the rest.
    """

    cells: frozenset[Cell] = frozenset()
    whole: bool = False
    _system: System

    def gives(self, cells: Iterable[Cell]) -> bool:
        """Whether the sum of these cells tells no more than what is shown: it holds none that is withheld, or is a sum of those that is known anyway."""
        return not self.whole and self._system.gives(cell for cell in cells if cell in self.cells)


@dataclass(slots=True)
class System:
    """Known sums of unknown cells, solved as they are added (Gauss, modulo a prime)."""

    numbers: Mapping[Cell, int]
    solved: dict[int, dict[int, int]] = field(default_factory=dict)

    def add(self, cells: Iterable[Cell]) -> None:
        """The sum of these cells is known."""
        row = self._left({self.numbers[cell]: 1 for cell in cells})
        if row:
            inverse = pow(row[min(row)], -1, _PRIME)
            self.solved[min(row)] = {n: value * inverse % _PRIME for n, value in row.items()}

    def gives(self, cells: Iterable[Cell]) -> bool:
        """Whether the sum of these cells follows from the known ones."""
        return not self._left({self.numbers[cell]: 1 for cell in cells})

    def _left(self, row: dict[int, int]) -> dict[int, int]:
        """What remains of a sum when the known ones are taken from it; its first number is none of theirs."""
        while row and (first := min(row)) in self.solved:
            row = _less(row, self.solved[first], row[first])
        return row


def withheld(margins: Mapping[Kept, Margin], least: int) -> Withheld:
    """What must not be shown of the finest of these tables, where all the coarser ones may be asked for as well, and withhold what they must.

    `margins` has the table for each choice of its keys; `least` is the fewest people that a known sum of withheld cells may be about. Coarser tables come
    first, and each withholds the same whatever finer ones are asked: no small cell of any of them can be computed from all that is shown of all of them.
    """
    gone: dict[Kept, frozenset[Cell]] = {}
    found: Withheld | None = None
    for kept in sorted(margins, key=lambda one: (len(one), one)):
        found = _Table(kept, margins, gone).hide(least)
        gone[kept] = found.cells
    assert found is not None
    return found


class _Table:
    """One table among its coarser ones."""

    def __init__(self, kept: Kept, margins: Mapping[Kept, Margin], gone: Mapping[Kept, Set[Cell]]) -> None:
        self._people = {cell: count for cell, count in margins[kept].people.items() if count > 0}
        self._small = frozenset(cell for cell in margins[kept].small if cell in self._people)
        self._known: list[tuple[Cell, ...]] = []
        self._secrets: list[tuple[Cell, ...]] = [(cell,) for cell in sorted(self._small, key=str)]
        for coarse in (one for one in gone if set(one) < set(kept)):
            for cell, line in self._lines([kept.index(number) for number in coarse]).items():
                if cell not in gone[coarse]:
                    self._known.append(line)
                if cell in margins[coarse].small:
                    self._secrets.append(line)

    def _lines(self, places: Sequence[int]) -> Mapping[Cell, tuple[Cell, ...]]:
        lines: dict[Cell, list[Cell]] = {}
        for cell in self._people:
            lines.setdefault(tuple(cell[n] for n in places), []).append(cell)
        return {key: tuple(line) for key, line in lines.items()}

    def hide(self, least: int) -> Withheld:
        """The cells to withhold, and what is known of them."""
        gone = set(self._small)
        while len(gone) <= MOST_HIDDEN:
            system = self._system(gone)
            more = set(self._weak(gone, least))
            for secret in self._secrets:
                if system.gives(cell for cell in secret if cell in gone):
                    found = self._next(secret, gone)
                    if found is None:
                        return self._nothing()
                    more.add(found)
            if not more:
                return Withheld(cells=frozenset(gone), _system=system)
            gone |= more
        return self._nothing()

    def _nothing(self) -> Withheld:
        """Show none of it: then it tells nothing that the coarser ones do not."""
        return Withheld(cells=frozenset(self._people), whole=True, _system=System({}))

    def _system(self, gone: set[Cell]) -> System:
        system = System(_numbers(sorted(gone, key=str)))
        for line in self._known:
            system.add(cell for cell in line if cell in gone)
        return system

    def _weak(self, gone: set[Cell], least: int) -> Iterator[Cell]:
        """For each known sum that withholds fewer than the least, one more of its cells."""
        for line in self._known:
            inside = [cell for cell in line if cell in gone]
            if inside and sum(self._people[cell] for cell in inside) < least:
                found = self._smallest(line, gone)
                if found is not None:
                    yield found

    def _next(self, secret: Sequence[Cell], gone: set[Cell]) -> Cell | None:
        """The cell to withhold because a secret comes out: of its own, else of a sum that holds some of it, else of any with something withheld."""
        own = set(secret)
        near = [line for line in self._known if own & {*line}]
        for lines in ([secret], near, [line for line in self._known if gone & {*line}]):
            found = [one for line in lines if (one := self._smallest(line, gone)) is not None]
            if found:
                return min(found, key=self._rank)
        return None

    def _smallest(self, line: Iterable[Cell], gone: set[Cell]) -> Cell | None:
        return min((cell for cell in line if cell not in gone), key=self._rank, default=None)

    def _rank(self, cell: Cell) -> tuple[int, str]:
        """Those with few people go first; a tie is always broken the same way."""
        return self._people[cell], str(cell)


def _numbers(cells: Iterable[Cell]) -> Mapping[Cell, int]:
    return {cell: number for number, cell in enumerate(cells)}


def _less(row: dict[int, int], other: dict[int, int], times: int) -> dict[int, int]:
    """`row - times * other`, without the zeros."""
    found = dict(row)
    for n, value in other.items():
        left = (found.get(n, 0) - times * value) % _PRIME
        if left:
            found[n] = left
        else:
            found.pop(n, None)
    return found
