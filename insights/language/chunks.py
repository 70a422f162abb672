"""Typed phrases: what a run of pieces says, before it is known which fields and metrics are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from insights.language.periods.model import Found
from insights.language.pieces import Piece
from insights.requests import AggregateFunction, Grain, Operator, Part, Scalar

Direction = Literal["top", "bottom", "best", "worst"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name that stands alone: "revenue", "regions", "orders"; `joined` when "and" or a comma joins it to what was said before.

    `picked` when its members are asked for: "which customers"; `of` when "of" or "for" stands before it.
    """

    piece: Piece
    joined: bool = False
    picked: bool = False
    of: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A name under an aggregate: "average departure delay", "how many orders" (`count`), "number of distinct customers"; `at` is which percentile."""

    function: AggregateFunction | Literal["percentile"]
    piece: Piece
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """Arithmetic of two measures: "revenue per customer", "revenue minus refunds"."""

    left: Measured | Mention
    operator: Literal["+", "-", "*", "/"]
    right: Measured | Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """By a field: "by region", "per plan"; `per` when said so, which can also make a ratio; `asked` is false for what stands without a "by",
    `whole` when all of it was said ("for all movies")."""

    piece: Piece
    per: bool = False
    asked: bool = True
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """A value as a condition; `field` is the name said beside it, `hint` the preposition before it, `joined` whether it goes on from the value before."""

    piece: Piece
    negated: bool = False
    field: Piece | None = None
    hint: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """A comparison with numbers; `target` is the name it was said of, None for the nearest measure; `behind` when it stands behind the number.

    `total` is the aggregate that it was said of: "a total consumption over 200".
    """

    op: Operator
    numbers: tuple[int | float, ...]
    unit: str = ""
    target: Piece | None = None
    words: str = ""
    behind: bool = False
    total: Measured | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A field that is (not) known: "missing tail number"; `without` when that word says it, which of a number may mean that there is none or that it is 0."""

    piece: Piece
    known: bool = False
    without: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """A name under a "not": of a yes-or-no field it is a condition, of anything else not understood."""

    piece: Piece
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The best or the most of something; `count` how many, None when it was not said; `of` the name that stands directly behind."""

    direction: Direction
    words: str
    count: int | None = None
    plural: bool = False
    of: Piece | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucketed:
    """Over time; `grain` None when only "over time" was said, `which` for "which month had ...", `field` a time field that was named, `each` for
    "in each month", `counted` for "on how many days"."""

    grain: Grain | None
    words: str = ""
    which: bool = False
    field: Piece | None = None
    each: bool = False
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A period."""

    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What a figure is compared to: a period, or (`relative`) the one before, the same days a year, quarter, month or week before, each bucket with the last;
    "moved" when only a change was asked about."""

    found: Found | None = None
    relative: Literal["", "previous", "year", "quarter", "month", "week", "chain", "moved"] = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """A comparison was asked for; `versus` when it stands between the two sides, `difference` when the difference of the two is asked for."""

    versus: bool = False
    difference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An analysis by its name: "why", "forecast"."""

    analysis: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart by its name ("scatter", "histogram", "line", "bar", "stacked", "pie", "table"), what only dresses one ("parts"), or any (empty)."""

    form: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """How one thing goes with another was asked about, less strictly than a correlation: "varies with"."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """Steps of a number: how wide each is, or how many there are."""

    width: int | float | None = None
    bins: int | None = None
    words: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A recurring part of time: to divide by ("by weekday"), or with `values` a condition ("on Mondays", "before 9 am")."""

    part: Part
    words: str
    op: Operator = "="
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """A number to divide by in steps: "by order amount in steps of 50"."""

    piece: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Names that begin with some letters; `field` is what was said before, None when nothing was."""

    texts: tuple[str, ...]
    field: Piece | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What is to be told of each record: "with their policy number"; `plain` without a word that says whose it is."""

    pieces: tuple[Piece, ...]
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Whether members were there at another time too: "and not since", "and again in June"; `found` None is ever after, `before` the period before."""

    negated: bool
    words: str
    found: Found | None = None
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A number that is aimed at: "reach 5 million"; `ahead` when it is said of what is still to come ("going to reach")."""

    number: int | float
    words: str
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """ "More": of one of several that were named."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """What stands between a whole and its part: "what percent of orders ARE shipped"."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """An order that was asked for."""

    order: Literal["", "asc", "desc"] = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """Two conditions on different things, of which the one or the other is to hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """ "only", "just": what follows narrows what was asked before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A breakdown was asked for; by what is said elsewhere, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """ "how many" of something that was named only by its values ("how many movies"), or of no name at all ("count by region")."""

    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Words that fit nowhere; `weak` ones may be dropped if that is said, others stop the reading."""

    words: str
    weak: bool = False
    context: str = ""
    quantity: int | float | None = None
    unit: str = ""


Measure: TypeAlias = Mention | Measured | Combined
Condition: TypeAlias = Valued | Limited | Missing | Denied | Beginning
Form: TypeAlias = (
    Grouped | Ranked | Bucketed | Sorted | Asked | Counted | Split | Drawn | Related | Binned | Parted | Stepped | Columns | Again | Aim | Verb | More
)
Chunk: TypeAlias = Measure | Condition | Form | Timed | Against | Comparing | Either | Only | Leftover
_Kind = TypeVar("_Kind")


def of(chunks: Sequence[Chunk], kind: type[_Kind]) -> list[_Kind]:
    """The phrases of one kind, in order."""
    return [chunk for chunk in chunks if isinstance(chunk, kind)]
