"""Words said twice, and what a speaker takes back: "revenue in april no wait in may", "by region i mean by plan", "scratch that"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from insights.catalog.model import FieldId
from insights.language.lattice import Lattice
from insights.language.lexicon import Lexicon
from insights.language.mishearing import straight
from insights.language.periods.model import Found
from insights.language.pieces import Piece, Word, words_of
from insights.language.timing import is_fine
from insights.language.words import Token, tokenise

Find = Callable[[Sequence[Token]], Sequence[Found]]

_STRONG = (
    "no wait|wait no|no sorry|sorry no|no no|no i mean|no i meant|i meant|no make that|or rather|no actually|actually no|no hang on|no hold on|wait make that|"
    "oh no|sorry i mean|sorry i meant|correction|scratch that|strike that|no scratch that|wait sorry|sorry wait|actually make that|i mean no|no rather"
)
_WEAK = "i mean|sorry|i 'm sorry|actually|rather|wait|make that|hang on|hold on"
_AFRESH = "scratch that|strike that|no scratch that"
"""What is said before these is all taken back."""
_TRIGGERS = {tuple(phrase.split()): phrase for phrases in (_STRONG, _WEAK) for phrase in phrases.split("|")}
_LONGEST = max(map(len, _TRIGGERS))
_FIRSTS = frozenset(phrase[0] for phrase in _TRIGGERS) | {"no"}
_RANKS = frozenset({"top", "bottom", "best", "worst"})
_STEPS = frozenset({"of", "in", "for", "from", "to", "on", "with", "by", "is", "which"})
_DEFINING = frozenset({"when", "if", "say"})
"""Before "I mean" these tell what a word means."""
_UNFINISHED = frozenset("we you they i it did do does have has are is was were".split())
_DENYING = frozenset("no nope sorry oh wait well actually hmm not that this is 's was wrong".split())
"""Where nothing else stands before, it is the question before that is corrected."""
_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The text as it was put right; `doubt` holds what was said before and after where it is not clear what was taken back."""

    text: str
    said: tuple[str, ...] = ()
    doubt: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """Something that can be put in another's place: its kinds, its characters, and where the small words before it start."""

    kinds: frozenset[str]
    start: int
    end: int
    lead: int
    first: bool
    fields: frozenset[FieldId] = frozenset()
    fine: bool = False

    def replaces(self, other: _Item) -> bool:
        """Whether both are of one kind: two periods, two dimensions, two values of one field."""
        return bool(self.kinds & other.kinds) and (self.kinds & other.kinds != {"value"} or bool(self.fields & other.fields))


def put_right(text: str, words: Sequence[Word], lexicon: Lexicon, find: Find) -> Taken | None:
    """What is left of an utterance when what was taken back is replaced; None when nothing was."""
    taken = Taken(text=text)
    if any(word.text in _FIRSTS for word in words):
        for _ in range(_MOST):
            nxt = _restarted(taken.text, lexicon, find)
            if nxt is None or nxt.doubt is not None:
                taken = taken if nxt is None else nxt
                break
            taken = Taken(text=nxt.text, said=(*taken.said, *nxt.said))
        taken = replace(taken, text=_unmeant(taken.text)) if taken.doubt is None else taken
    return None if taken.text == text and taken.doubt is None else taken


def _unmeant(text: str) -> str:
    """The text without an "I mean" that corrected nothing: what follows is no average."""
    words = words_of(tokenise(text))
    texts = [word.text for word in words]
    for place in range(len(words) - 2, -1, -1):
        if texts[place : place + 2] == ["i", "mean"] and not _DEFINING.intersection(texts[:place]):
            text = f"{text[: words[place].start].rstrip()} {text[words[place + 1].end :].lstrip()}".strip()
    return text


def _restarted(text: str, lexicon: Lexicon, find: Find) -> Taken | None:
    """The first correction of an utterance carried out."""
    tokens = tokenise(text)
    words = words_of(tokens)
    texts = [word.text for word in words]
    tried = 0
    for place in range(1, len(texts) - 1):
        length = _trigger(texts, place, tokens, words)
        if length and tried < _MOST and place + length < len(texts) and not _DENYING.issuperset(texts[:place]) and not _is_named(texts, place, length, lexicon):
            tried += 1
            said = " ".join(texts[place : place + length])
            before, after = text[: words[place].start].rstrip(" ,.;-"), text[words[place + length].start :]
            taken = _corrected(before, after, said, lexicon, find)
            if taken is None or taken.doubt is not None:
                taken = _as_meant(before, after, said, lexicon, find) or taken
            if taken is not None:
                return taken
    return None


def _as_meant(before: str, after: str, trigger: str, lexicon: Lexicon, find: Find) -> Taken | None:
    """The correction carried out where words on either side were heard as others that sound alike: "last weak no last month"."""
    old, new = straight(before, lexicon), straight(after, lexicon)
    if not old.said and not new.said:
        return None
    taken = _corrected(old.text, new.text, trigger, lexicon, find)
    return None if taken is None or taken.doubt is not None else replace(taken, said=(*old.said, *new.said, *taken.said))


def _trigger(texts: Sequence[str], place: int, tokens: Sequence[Token], words: Sequence[Word]) -> int:
    """How many words at a place take something back; a bare "no" does behind a hesitation only."""
    for length in range(_LONGEST, 0, -1):
        if tuple(texts[place : place + length]) in _TRIGGERS:
            return length
    token = words[place].token
    return int(texts[place] == "no" and token > 0 and tokens[token - 1].kind == "hesitation")


def _is_named(texts: Sequence[str], place: int, length: int, lexicon: Lexicon) -> bool:
    """Whether the words belong to a name of the catalog ("average wait time")."""
    return any(start + named.length > place for start in range(max(0, place - 3), place + length) for named in lexicon.at(texts, texts, start))


def _corrected(before: str, after: str, trigger: str, lexicon: Lexicon, find: Find) -> Taken | None:
    old, new = _items(before, lexicon, find), _items(after, lexicon, find)
    is_strong = trigger in _STRONG.split("|") or trigger == "no"
    if not new:
        return None
    if not old or (trigger in _AFRESH.split("|") and any("metric" in item.kinds for item in new)):
        goes_on = before.casefold().rpartition(" ")[2] in _UNFINISHED  # "what did we actually sell"
        return Taken(text=after, said=(f"I left out '{before}'",)) if is_strong or (trigger == "actually" and not goes_on) else None
    if not new[0].first or not any(new[0].replaces(item) for item in (old if is_strong else old[-1:])):
        return Taken(text=f"{before} {after}", doubt=(before, after)) if is_strong and trigger != "no" else None
    return _replaced(before, after, old, new)


def _replaced(before: str, after: str, old: Sequence[_Item], new: Sequence[_Item]) -> Taken:
    """Each thing said behind the correction in the place of the last of its kind before it; what has no such place goes on the end."""
    swaps: dict[int, tuple[_Item, str]] = {}
    said, gone = [], []
    for item in new:
        fits = [other for other in reversed(old) if item.replaces(other) and other.start not in swaps]
        same = [other for other in fits if other.kinds == item.kinds]  # "orders" may be grouped by, but "by region" does not replace what is measured
        match = next(iter(same or (fits if item is new[0] else ())), None)
        if match is None:
            continue
        words, core = before[match.start : match.end], after[item.start : item.end]
        start = match.start
        if item.fine and " at " in words.casefold():
            start += words.casefold().rindex(" at ") + 4
            core = core.casefold().removeprefix("at ")
        swaps[match.start] = (match, words[: start - match.start] + core)
        said.append(f"I took '{core}' in place of '{before[start : match.end]}'")
        gone.append((item.lead, item.end))
    for match, core in sorted(swaps.values(), key=lambda swap: -swap[0].start):
        before = before[: match.start] + core + before[match.end :]
    for start, end in reversed(gone):
        after = after[:start] + after[end:]
    return Taken(text=f"{before} {after.strip(' ,.;')}".strip(), said=tuple(said))


def _items(text: str, lexicon: Lexicon, find: Find) -> list[_Item]:
    """What a text says, piece by piece, without the words between."""
    tokens = tokenise(text)
    words = words_of(tokens)
    if not words:
        return []
    times = [found for found in find(tokens) if found.kind == "interval"]
    items: list[_Item] = []
    lead: int | None = None
    first, grouped = True, False
    for piece in Lattice(words, tokens, times, lexicon).paths()[0][1]:
        kinds = _kinds(piece) & {"group"} if grouped and piece.kind == "name" and (piece.fields or piece.datasets) else _kinds(piece)
        grouped = piece.marker is not None and piece.marker.kind == "by"
        start, end = words[piece.first].start, words[piece.last - 1].end
        if kinds:
            fields = frozenset(link.id for link in piece.values)
            fine = piece.found is not None and is_fine(piece.found)
            items.append(_Item(kinds=kinds, start=start, end=end, lead=start if lead is None else lead, first=first and not items, fields=fields, fine=fine))
            lead = None
        elif piece.kind in ("filler", "neutral") or (piece.marker is not None and piece.marker.kind in _STEPS):
            lead = start if lead is None else lead
        else:
            first, lead = first and bool(items), None
    return items


def _kinds(piece: Piece) -> frozenset[str]:
    if piece.kind in ("time", "number"):
        return frozenset({piece.kind})
    if piece.kind == "name":
        kinds = {"metric"} if piece.metrics else set()
        kinds |= {"group"} if piece.fields or piece.datasets else set()
        return frozenset(kinds or {"value"})
    if piece.marker is None:
        return frozenset()
    if piece.marker.kind in _RANKS:
        return frozenset({"rank"})
    return frozenset({piece.marker.kind}) if piece.marker.kind in ("function", "grain") else frozenset()
