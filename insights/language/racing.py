"""Which of those just told of has moved faster: "which one is growing faster", asked of the values or the groups of the question before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from insights.language.patterns import Pattern
from insights.language.phrasing import Phrasing
from insights.requests import CompareValues, Filter, MetricQuestion, PlainField, Reading, Understood, Unsupported, parse_group

_ASKED = Pattern(
    r"(?:and |so |now )?(?:which|who)(?: one)?(?: of (?:them|these|those|the two|the three|both))?(?: (?:is|are|was|were|has|have|'s))?(?: been)? "
    r"(?P<verb>growing|grew|grown|grows|rising|rose|risen|increasing|increased|falling|fell|fallen|shrinking|shrank|declining|declined|dropping|dropped)"
    r"(?: the)? (?:faster|fastest|quicker|quickest|more|most)"
)
_FALLS = ("fall", "fell", "shr", "decl", "drop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """What is to be read in place of the utterance, and the question that it goes on from: the same figure for those that were told of, each by itself."""

    text: str
    base: MetricQuestion
    values: int | None

    def told(self, reading: Reading) -> Reading:
        """The reading with all of those that were set against each other, the one that moved fastest first."""
        if self.values is None or not isinstance(reading, Understood) or not isinstance(reading.request, MetricQuestion):
            return reading
        return replace(reading, request=replace(reading.request, limit=self.values))


def race(words: Sequence[str], base: MetricQuestion, phrasing: Phrasing) -> Race | Unsupported | None:
    """What "which one is growing faster" asks of `base`; None for other words, and where nothing was told of that could be ranked."""
    asked = _ASKED.fullmatch(" ".join(words))
    if asked is None or not base.metrics:
        return None
    compared = base.compare if isinstance(base.compare, CompareValues) else None
    names = [name for name in ((compared.dimension,) if compared is not None else base.group_by) if isinstance(parse_group(name), PlainField)]
    if len(base.metrics) > 1 and len(names) < 2:
        return Unsupported(reason="I can tell which of several groups moved fastest, not which of two figures; ask for the growth of each by month.", firm=True)
    if len(names) != 1:
        return None
    kept = (Filter(dimension=compared.dimension, op="=", values=compared.values),) if compared is not None else ()
    whole = replace(
        base, analysis="breakdown", group_by=tuple(names), grain=None, compare=None, limit=None, order=None, filters=(*base.filters, *kept), options={}
    )
    went = "fell" if asked["verb"].startswith(_FALLS) else "grew"
    return Race(text=f"which {phrasing.group(names[0]).lower()} {went} fastest", base=whole, values=len(compared.values) if compared is not None else None)
