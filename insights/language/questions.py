"""The best reading of an utterance as a question, or the question back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from insights.language import refusals
from insights.language.assembly import Assembly
from insights.language.candidates import Decisions
from insights.language.charting import looks
from insights.language.checks import UnknownWords
from insights.language.chunks import Chunk, Mention, of
from insights.language.draft import Setting
from insights.language.followups import is_fragment
from insights.language.grammar import read
from insights.language.lattice import Lattice, Path
from insights.language.lexicon import Lexicon
from insights.language.measures import Measures
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.language.stuck import Ambiguous, Stuck
from insights.language.unfinished import goes_into, lacking, only_drawn, with_chart
from insights.language.vocabulary import TURNING
from insights.requests import Choice, Clarify, MetricQuestion, Reading, Understood, Unsupported

_MARGIN = 0.6
_MOST = 3
_DEEPEST = 3
_SLOTS = {"metric": "metric", "function": "aggregate", "group": "dimension"}


@dataclass(frozen=True, slots=True)
class _Lost:
    """Words that nothing here is called. Only the reading that is told becomes a refusal: looking for the nearest name takes longer than reading."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    reading: Reading | _Lost


@dataclass(frozen=True, slots=True, kw_only=True)
class _Utterance:
    """One way to read what was said; `base` is the question it changes."""

    chunks: Sequence[Chunk]
    plain: str
    base: MetricQuestion | None


class Questions:
    """Reads lattices in one setting."""

    def __init__(self, setting: Setting, lexicon: Lexicon) -> None:
        self._setting = setting
        self._lexicon = lexicon
        self._phrasing = Phrasing(setting.catalog)

    def read(self, lattice: Lattice, *, plain: str = "", base: MetricQuestion | None = None, before: MetricQuestion | None = None) -> Reading:
        """The reading with the best score; a question back where two differ by less than a margin. `base` is the question a fragment changes,
        `before` one that lacks its figure."""
        if base is not None and (part := looks(plain)) and not self._lexicon.has_word(part):
            return Understood(request=base, ignored=(plain,))
        scored: list[_Scored] = []
        told: list[Sequence[Chunk]] = []
        for score, path in lattice.paths():
            if scored and score < max(item.score for item in scored) - _MARGIN:
                break  # reading only ever lowers a score, so none of the rest can win or be a rival
            chunks = with_chart(read(path), before)
            if chunks not in told:  # the same phrases with the words between them cut otherwise are read once
                told.append(chunks)
                scored.append(self._scored(score, path, chunks, plain, base, before))
        scored.sort(key=lambda item: -item.score)
        best = scored[0]
        if isinstance(best.reading, _Lost):
            return self._refusal(best.reading.words)
        rivals = [item.reading for item in scored if best.score - item.score < _MARGIN and isinstance(item.reading, Understood)]
        return self._between(best.reading, rivals) if isinstance(best.reading, Understood) else best.reading

    def _between(self, best: Understood, rivals: Sequence[Understood]) -> Reading:
        requests: dict[str, MetricQuestion] = {}
        for rival in rivals:
            if isinstance(rival.request, MetricQuestion):
                requests.setdefault(repr(rival.request), rival.request)
        if len(requests) < 2:
            return best
        choices = tuple(Choice(label=self._phrasing.request(request), request=request) for request in list(requests.values())[:_MOST])
        return Clarify(about="reading", choices=choices) if len({choice.label for choice in choices}) > 1 else best

    def _scored(self, score: float, path: Path, chunks: Sequence[Chunk], plain: str, base: MetricQuestion | None, before: MetricQuestion | None) -> _Scored:
        guessed = sum(0.5 for piece in path if piece.how in ("spelling", "beginning", "perhaps"))
        if base is None and before is None and (asked := only_drawn(chunks)) is not None:
            return _Scored(score - guessed, asked)
        if base is not None and not (is_fragment(chunks, plain, self._measures(chunks)) or goes_into(chunks, base)):
            base = None
        said = _Utterance(chunks=chunks, plain=plain, base=base)
        reading, cost = self._resolve(said, {}, 0)
        return _Scored(score - cost - guessed, self._with_spelling(reading, path))

    @staticmethod
    def _with_spelling(reading: Reading | _Lost, path: Path) -> Reading | _Lost:
        mended = tuple(f"I took '{piece.words}' as {_quoted(piece)}" for piece in path if piece.how in ("spelling", "taught"))
        if not mended or isinstance(reading, Unsupported | _Lost):
            return reading
        return replace(reading, assumed=(*mended, *(said for said in reading.assumed if said not in mended)))

    def _measures(self, chunks: Sequence[Chunk]) -> bool:
        """Whether something to measure is named."""
        measures = Measures(self._setting.catalog, {}, [])
        return any(measures.can_measure(chunk.piece) or chunk.piece.datasets for chunk in of(chunks, Mention))

    def _resolve(self, said: _Utterance, decisions: Decisions, depth: int) -> tuple[Reading | _Lost, float]:
        """The outcome of one reading with its cost."""
        assembly = Assembly(self._setting, said.chunks, decisions, base=said.base, plain=said.plain)
        try:
            request = assembly.request()
        except Stuck as stuck:
            return stuck.reading, stuck.cost
        except UnknownWords as unknown:
            return self._unknown(said, unknown.words, decisions), 2.0
        except Ambiguous as ambiguous:
            return self._ask(said, ambiguous, decisions, depth)
        cost = 0.1 * len(assembly.draft.assumed) + 0.3 * len(assembly.draft.ignored) + assembly.draft.cost
        return Understood(request=request, assumed=tuple(assembly.draft.assumed), ignored=tuple(assembly.draft.ignored)), cost

    def _ask(self, said: _Utterance, ambiguous: Ambiguous, decisions: Decisions, depth: int) -> tuple[Reading | _Lost, float]:
        """A question back with each meaning that makes a whole request."""
        choices: list[Choice] = []
        failure: Reading | _Lost = Unsupported(reason=f"I don't know which '{ambiguous.about}' you mean.")
        last: Understood | None = None
        for meaning in ambiguous.meanings:
            if depth >= _DEEPEST or len(choices) >= _MOST:
                break
            chosen: Mapping[tuple[str, str], object] = {**decisions, ambiguous.key: meaning.decision}
            reading, _ = self._resolve(said, chosen, depth + 1)
            match reading:
                case Understood(request=request):
                    choices.append(Choice(label=meaning.label, request=request))
                    last = reading
                case Clarify(choices=nested):
                    choices += [Choice(label=f"{meaning.label}, {choice.label}", request=choice.request) for choice in nested]
                case Unsupported() | _Lost():
                    failure = reading
        if not choices:
            return failure, 3.0
        if len(choices) == 1 and last is not None and ambiguous.sure:
            return replace(last, assumed=(*last.assumed, f"I took '{ambiguous.about}' as {choices[0].label}")), 0.3
        missing = _SLOTS.get(ambiguous.key[0])
        partial = lacking(choices[0].request) if ambiguous.key == ("metric", "") else None
        return Clarify(about=ambiguous.about, choices=tuple(choices[:_MOST]), missing=missing, partial=partial), 1.0

    def _unknown(self, said: _Utterance, words: tuple[str, ...], decisions: Decisions) -> Reading | _Lost:
        """Words that nothing here is called: offer the question without them, if one remains that says something."""
        if any(word in TURNING for phrase in words for word in phrase.split()):
            return _Lost(words)
        assembly = Assembly(self._setting, said.chunks, decisions, lenient=True, base=said.base, plain=said.plain)
        try:
            request = assembly.request()
        except Stuck as stuck:
            return stuck.reading if stuck.cost >= 6.0 and not said.plain.startswith("by ") else _Lost(words)
        except (Ambiguous, UnknownWords):
            return _Lost(words)
        lost = " ".join(dict.fromkeys(words))
        label = f"{self._phrasing.request(request)}, without '{lost}'"
        return Clarify(about=lost, choices=(Choice(label=label, request=request),), ignored=words)

    def _refusal(self, words: tuple[str, ...]) -> Unsupported:
        return refusals.unknown(words, self._lexicon.labels, self._setting.catalog)


def _quoted(piece: Piece) -> str:
    """What a phrase was taken as: the words it was misspelt for, or the name of what it was taught to mean."""
    return f"'{piece.meant}'" if piece.how == "spelling" else piece.meant
