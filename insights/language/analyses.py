"""Which analysis the phrases of an utterance ask for, and what it adds to the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from insights.language import members, movers, named_tests, progress, records, shares, smoothing, units
from insights.language.checks import DRAWN
from insights.language.chunks import (
    Against,
    Asked,
    Binned,
    Bucketed,
    Combined,
    Comparing,
    Drawn,
    Grouped,
    Leftover,
    Measured,
    Mention,
    More,
    Parted,
    Ranked,
    Stepped,
    Timed,
    Valued,
    of,
)
from insights.language.refusals import not_asked
from insights.language.scene import Scene
from insights.language.stuck import Stuck
from insights.requests import Unsupported

_WEAK = ("briefing", "list")
"""Words that ask for these say little where another analysis is asked for."""
_OVER: Mapping[str, frozenset[str]] = {
    "drivers": frozenset({"anomalies", "trend", "moving", "growth"}),
    "pace": frozenset({"forecast"}),
    "concentration": frozenset({"share"}),
    "cohorts": frozenset({"share", "growth"}),
    "funnel": frozenset({"share", "drivers"}),
    "experiment": frozenset({"share", "drivers"}),
    "forecast": frozenset({"moving"}),
}
"""Analyses that others are only words of: "why did refunds spike" asks for reasons."""
_NOT_THERE = {
    "compound": "I can't work out compound growth yet; I can show the growth from one month to the next.",
}


class Analyses:
    """Rewrites the phrases of one reading for the analysis they ask for, and completes its draft."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._close: Callable[[Scene], None] | None = None

    def open(self) -> None:
        """Settle which analysis is asked for, before anything is measured. Raises Ambiguous or Stuck."""
        scene = self._scene
        self._steps()
        self._more()
        self._all_years()
        asked = [chunk for chunk in of(scene.chunks, Asked) if chunk.analysis not in DRAWN]
        name = self._one(asked)
        if name is None:
            name = (
                smoothing.implied(scene)
                or progress.implied(scene)
                or members.implied(scene)
                or records.implied(scene)
                or named_tests.implied(scene)
                or shares.implied(scene)
            )
        if movers.wanted(scene, scene.plain):
            name = "movers"
        if name is None:
            if scene.has(Ranked) and any(chunk.relative == "moved" for chunk in of(scene.chunks, Against)):
                raise Stuck(Unsupported(reason="I can rank by a figure, or by how much it moved, not by both: ask 'which region grew most', say."))
            return
        if asked:
            scene.words, scene.before = (
                " ".join(chunk.words for chunk in asked),
                tuple(scene.chunks[: next(at for at, chunk in enumerate(scene.chunks) if chunk is asked[0])]),
            )
        if name != "movers":
            scene.take(*asked)
        if name in _NOT_THERE:
            raise Stuck(Unsupported(reason=_NOT_THERE[name]), cost=2.0)
        opening, self._close = _FAMILIES[name]
        opening(scene)
        if scene.draft.analysis is not None:
            scene.take(*of(scene.chunks, Drawn))

    def close(self) -> None:
        """Complete the draft, once everything else is settled. Raises Ambiguous or Stuck."""
        if self._close is not None:
            self._close(self._scene)

    def _steps(self) -> None:
        """ "Sessions by minutes in steps of ten": a number to divide by, where something else is measured."""
        scene = self._scene
        if not scene.has(Binned):
            return
        self._in_units()
        if scene.has(Drawn, Asked):
            return
        numbers = [chunk for chunk in of(scene.chunks, Grouped) if scene.is_number(chunk.piece)]
        others = [chunk for chunk in scene.measures_said() if not (isinstance(chunk, Mention) and any(chunk.piece is number.piece for number in numbers))]
        binned = of(scene.chunks, Binned)[0]
        steps = any(word.startswith(("step", "bracket", "band")) for word in binned.words.split())
        if others and not steps and binned.width is None and not any(_is_figure(chunk, scene) for chunk in others):
            return  # "the number of movies in buckets" is how the number is spread
        if len(numbers) == 1 and others:
            scene.put(numbers[0], Stepped(piece=numbers[0].piece))
            if binned.width is not None:
                scene.draft.options["width"] = binned.width
            if binned.bins is not None:
                scene.draft.options["bins"] = binned.bins
            scene.take(*of(scene.chunks, Binned))

    def _in_units(self) -> None:
        """Say how wide each step is in the unit of the number that is cut up. Raises Stuck where that cannot be told."""
        scene = self._scene
        said = [chunk.piece for chunk in scene.chunks if isinstance(chunk, Grouped | Mention) and scene.is_number(chunk.piece)]
        for binned in of(scene.chunks, Binned):
            if binned.width is None or not binned.unit:
                continue
            field = scene.catalog.fields[scene.measures.fact(said[0])] if len(said) == 1 else None
            unit = field.unit or "" if field is not None else ""
            width = binned.width if units.same(unit, binned.unit) else units.converted(binned.width, binned.unit, unit)
            if width is None:
                raise Stuck(Unsupported(reason=f"I can't tell how wide a step of {binned.width} {binned.unit} is there; say the number without a unit."))
            scene.put(binned, replace(binned, width=width, unit=""))

    def _more(self) -> None:
        """ "Premium or Family, which had more", "more orders in May than in April": two values or two periods are compared; "more" of anything else is a word
        that was not used."""
        scene = self._scene
        two = len(of(scene.chunks, Timed)) == 2 and not of(scene.chunks, Valued)
        periods = (two or any(chunk.found is not None for chunk in of(scene.chunks, Against))) and not of(scene.chunks, Grouped)
        for more in of(scene.chunks, More):
            if periods and len(scene.measures_said()) < 2 and len(of(scene.chunks, Mention)) < 2:
                scene.put(more, Comparing())
                if two:  # "which month was better, March or April"
                    scene.take(*(chunk for chunk in of(scene.chunks, Bucketed) if chunk.which and not chunk.counted))
                continue
            several = sum(isinstance(chunk, Valued) and not chunk.negated for chunk in scene.chunks) > 1 or any(
                len(chunk.values) > 1 or len(of(scene.chunks, Parted)) > 1 for chunk in of(scene.chunks, Parted) if chunk.op == "="
            )
            place = next(at for at, chunk in enumerate(scene.chunks) if chunk is more)
            verb = scene.chunks[place - 1] if place else None
            if (
                several
                and isinstance(verb, Leftover)
                and not verb.weak
                and len(verb.words.split()) == 1
                and any(_is_amount(chunk, scene) for chunk in scene.measures_said())
            ):
                scene.put(verb, replace(verb, weak=True))  # "who buys more, households or businesses, by revenue"
            if several and isinstance(verb, Mention) and verb.piece.how == "part" and _says_part_of(verb, scene):
                scene.put(verb, Leftover(words=verb.piece.words, weak=True))  # "do people watch more on ..., in hours watched"
            scene.put(more, Comparing() if several and not of(scene.chunks, Ranked) else Leftover(words=more.words))

    def _all_years(self) -> None:
        """ "By month of the year over all years": the years are not to be told apart."""
        scene = self._scene
        if any(not chunk.values for chunk in of(scene.chunks, Parted)):
            scene.take(*(chunk for chunk in of(scene.chunks, Bucketed) if "all" in chunk.words.split()))

    def _one(self, asked: list[Asked]) -> str | None:
        names = list(dict.fromkeys(chunk.analysis for chunk in asked))
        if not names:
            return None
        scene = self._scene
        strange = any(not chunk.weak for chunk in of(scene.chunks, Leftover))
        if strange and not scene.names_something():
            raise Stuck(not_asked(scene.catalog), cost=2.0)
        if len(names) > 1:
            names = [name for name in names if name not in _WEAK] or names[:1]
            names = [name for name in names if not any(name in _OVER.get(other, ()) for other in names)]
        if len(names) > 1:
            said = " and ".join(f"'{chunk.words}'" for chunk in asked)
            raise Stuck(Unsupported(reason=f"I can answer one kind of question at a time, and {said} ask for different ones."))
        return names[0]


def _is_amount(said: Mention | Measured | Combined, scene: Scene) -> bool:
    """Whether more is measured than how many there are of something: "customers pay more" asks for no number of customers."""
    if isinstance(said, Combined):
        return True
    functions = {part.function for name in said.piece.metrics for part in scene.catalog.metrics[name].aggregations}
    return scene.measures.has_figure(said) and not functions <= {"count", "count_distinct"}


def _says_part_of(verb: Mention, scene: Scene) -> bool:
    """Whether another figure has the verb in its name: "do people watch more on ..., in hours watched"."""
    stem = verb.piece.words[:4]
    others = [chunk for chunk in scene.measures_said() if chunk is not verb and not isinstance(chunk, Combined)]
    return any(word.startswith(stem) for chunk in others for word in chunk.piece.words.split())


def _is_figure(chunk: Mention | Measured | Combined, scene: Scene) -> bool:
    """Whether more is measured than how many there are, said as a count: "the number of movies", not "movies"."""
    named = isinstance(chunk, Mention) and not chunk.piece.words.startswith(("number of", "count of"))
    return named or scene.measures.has_figure(chunk)


def _nothing(scene: Scene) -> None:
    """Nothing more to do."""


_FAMILIES: Mapping[str, tuple[Callable[[Scene], None], Callable[[Scene], None]]] = {
    "share": (shares.opening, shares.closing),
    "concentration": (shares.concentrate, shares.concentrated),
    "drivers": (progress.explain, progress.explained),
    "forecast": (progress.foresee, progress.foreseen),
    "anomalies": (progress.watch, progress.watched),
    "moving": (progress.lean, _nothing),
    "pace": (progress.keep_pace, progress.paced),
    "growth": (progress.grow, progress.grown),
    "running": (progress.add_up, progress.added_up),
    "smoothed": (smoothing.smooth, smoothing.smoothed),
    "briefing": (progress.brief, _nothing),
    "segments": (named_tests.segment, named_tests.segmented),
    "cohorts": (named_tests.follow, named_tests.followed),
    "funnel": (named_tests.pass_through, _nothing),
    "experiment": (named_tests.test, _nothing),
    "list": (records.opening, records.closing),
    "movers": (movers.open_movers, movers.close_movers),
    "members": (members.opening, members.closing),
}
