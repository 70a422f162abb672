"""Which two periods a comparison is of, as they were meant: "Q1 vs Q2 2025" is both of 2025, "from April to May" is one beside the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from insights.language.chunks import Against, Bucketed, Chunk, Comparing, Grouped, Valued, of
from insights.language.draft import Setting
from insights.language.patterns import Pattern
from insights.language.periods import Found
from insights.language.stuck import Stuck
from insights.language.timing import period_of, unit_of
from insights.requests import Unsupported

_PREVIOUS = Pattern(r"(?:the )?(?:previous|prior|preceding)\b")
_COUNTED = Pattern(r"\w+ (?:days?|weeks?|months?|quarters?|years?)\b(?= before)")
_FROM_TO = Pattern(r"(?:from|between) (.+?) (?:to|and|until|through) (.+)")
_SAME_LAST_YEAR = Pattern(r"(?:the )?same (?:month|week|quarter|period|time|days?|dates?) (?:of |in )?(?:the )?(?:last|previous|prior) year")
_YEAR = Pattern(r"\b(?:19|20)\d\d\b")


class TwoPeriods:
    """Reads time expressions that stand beside each other, before they are days."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def apart(self, found: list[Found], chunks: Sequence[Chunk]) -> list[Found]:
        """ "The difference between May and April", "compare revenue between 2024 and 2025": two periods, where nothing else is compared or shown over time."""
        comparing = of(chunks, Comparing)
        ends = _FROM_TO.fullmatch(found[0].words) if len(found) == 1 and comparing and not of(chunks, Against) and not of(chunks, Bucketed) else None
        if ends is None or not found[0].words.startswith("between ") or of(chunks, Valued):
            return found
        if not any(chunk.difference for chunk in comparing) and of(chunks, Grouped):
            return found
        one, other = self._of_one_year(self._read(ends[1]), self._read(ends[2]))
        units = {unit_of(period_of(one)), unit_of(period_of(other))}
        return [one, other] if len(units) == 1 and None not in units else found

    def sides(self, found: list[Found], against: list[Against]) -> tuple[list[Found], list[Against]]:
        """Both sides of a comparison as they were meant: "changed from April to May" names two, and "Q1 vs Q2 2025" means both of 2025."""
        if len(found) != 1 or not against:
            return found, against
        main, first = found[0], against[0]
        ends = _FROM_TO.fullmatch(main.words)
        if first.relative == "moved" and ends is not None:
            earlier, later = self._of_one_year(self._read(ends[1]), self._read(ends[2]))
            return [later], [Against(found=earlier, words=ends[1])]
        if first.relative == "previous" and (counted := _COUNTED.match(first.words)) and not main.words.endswith(counted[0]):
            raise Stuck(Unsupported(reason=f"I compare with a time of the same length: the one before '{main.words}'."))
        if first.found is not None and (first.found.start, first.found.end) == (main.start, main.end) and _PREVIOUS.match(first.found.words):
            return found, [replace(first, found=None, relative="previous"), *against[1:]]  # "the last 90 days compared to the previous 90 days"
        if first.found is not None and _SAME_LAST_YEAR.fullmatch(first.found.words):
            return found, [replace(first, found=None, relative="year"), *against[1:]]  # of the period that was said, not of now
        if first.found is not None and (same := self._in_other_year(main, first.found)) is not None:
            return found, [Against(found=same, words=first.words), *against[1:]]
        if first.found is not None:
            one, other = self._of_one_year(main, first.found)
            return [one], [Against(found=other, words=first.words), *against[1:]]
        return found, against

    def _read(self, words: str) -> Found:
        found = self._setting.times.reread(words)
        if found is None:
            raise Stuck(Unsupported(reason=f"I can't tell a change from one period to another in '{words}'."))
        return found

    def _in_other_year(self, main: Found, other: Found) -> Found | None:
        """ "Christmas week 2024 vs 2025": a bare year beside a part of another year is that part of it; None elsewhere."""
        years = _YEAR.findall(main.words)
        if len(years) != 1 or main.grain == "year" or main.words.strip() == years[0] or _YEAR.fullmatch(other.words.strip()) is None:
            return None
        meant = self._setting.times.reread(main.words.replace(years[0], other.words.strip()))
        return replace(meant, words=other.words) if meant is not None and meant.grain == main.grain else None

    def _of_one_year(self, one: Found, other: Found) -> tuple[Found, Found]:
        """Two periods of a kind, of which only one has a year, are of that year, unless that is yet to come."""
        if one.grain != other.grain or one.relative or other.relative or bool(_YEAR.search(one.words)) == bool(_YEAR.search(other.words)):
            return one, other
        dated, bare = (one, other) if _YEAR.search(one.words) else (other, one)
        year = _YEAR.findall(dated.words)[-1]
        meant = self._setting.times.reread(f"{bare.words} {year}")
        if meant is None or meant.grain != bare.grain or meant.start is None or meant.start > self._setting.now or meant.start == dated.start:
            return one, other
        meant = replace(meant, words=bare.words)
        return (meant, other) if bare is one else (one, meant)
