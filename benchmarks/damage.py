"""Damaged files by the thousand: `python -m benchmarks.damage --count 5000` says how many were answered rightly, refused, or answered wrongly."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from insights.errors import InsightsError
from insights.lake.lake import Lake
from insights.lake.manifest import Manifest, Vouched, named
from insights.lake.source import Source
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query
from insights.warehouse.scratch import Scratch

SEED = 20260531
KINDS = ("untouched", "cut", "flipped", "flipped often", "zeroed", "longer", "replaced", "replaced between two reads", "flipped between two reads")
QUESTIONS = (
    "SELECT count(*), sum(amount) FROM {relation}",
    "SELECT region, sum(amount), min(ordered_on), max(note) FROM {relation} GROUP BY 1 ORDER BY 1",
    "SELECT count(*) FROM {relation} WHERE ordered_on >= DATE '2024-02-01' AND amount > 40",
)
_ROWS = (
    "SELECT i AS id, DATE '2024-01-01' + (i % 90)::INTEGER AS ordered_on, ((i * 7919 + {salt}) % 10007) / 4 AS amount, 'region ' || (i % 5) AS region, "
    "md5((i + {salt})::VARCHAR)[:12] AS note, md5((i * 3 + {salt})::VARCHAR) AS remark FROM range(4000) AS t(i) ORDER BY i"
)


def originals(folder: Path) -> tuple[tuple[bytes, bytes], ...]:
    """Whole files, compressed in every usual way, each with another of the same size in rows that is whole as well."""
    found = []
    with Scratch() as engine:
        for number, options in enumerate(("COMPRESSION snappy", "COMPRESSION zstd", "COMPRESSION uncompressed", "COMPRESSION gzip, ROW_GROUP_SIZE 2048")):
            pair = []
            for salt in (number, number + 100):
                path = folder / f"original-{number}-{salt}.parquet"
                engine.run(f"COPY ({_ROWS.format(salt=salt)}) TO '{path}' (FORMAT parquet, {options})")
                pair.append(path.read_bytes())
            found.append((pair[0], pair[1]))
    return tuple(found)


def damaged(kind: str, whole: bytes, other: bytes, chance: random.Random) -> bytes:
    """The file after what happened to it."""
    data = bytearray(whole)
    if kind == "untouched":
        return whole
    if kind == "cut":
        return bytes(data[: chance.randrange(len(data))])
    if kind.startswith("flipped"):
        for _ in range(chance.randrange(2, 40) if kind == "flipped often" else 1):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == "zeroed":
        start = chance.randrange(len(data))
        stop = min(len(data), start + chance.randrange(1, 600))
        data[start:stop] = bytes(stop - start)
    elif kind == "longer":
        data[chance.randrange(len(data)) :] += chance.randbytes(chance.randrange(1, 200))
    else:
        return other
    return bytes(data)


def campaign(count: int, folder: Path, *, seed: int = SEED, vouched: bool = True) -> Counter[tuple[str, str]]:
    """Damage `count` files, ask of each, and count kind and verdict (right, refused, wrong). Without `vouched` nobody has a manifest of them."""
    chance = random.Random(seed)
    wholes = originals(folder)
    sources = [Source(paths=(str(folder / f"case-{n}.parquet"),), format="parquet") for n in range(count)]
    manifest = Manifest(written=0.0, sources={named(s): {s.paths[0]: _vouched(wholes[n % len(wholes)][0], folder)} for n, s in enumerate(sources)})
    engine = DuckDB(allowed=(str(folder),), threads=1, lake=_Interrupted(manifest=manifest if vouched else None))
    verdicts: Counter[tuple[str, str]] = Counter()
    right = {n: _answers(engine, _written(folder / f"right-{n}.parquet", whole)) for n, (whole, _) in enumerate(wholes)}
    for number, source in enumerate(sources):
        whole, other = wholes[number % len(wholes)]
        kind = KINDS[chance.randrange(len(KINDS))]
        bad = damaged(kind, whole, other, chance)
        path = Path(source.paths[0])
        between = kind.endswith("between two reads")
        path.write_bytes(whole if between else bad)
        engine_lake(engine).arm(0, None)
        if between:
            engine_lake(engine).arm(chance.randrange(1, 4), lambda path=path, bad=bad: _in_place(path, bad))  # type: ignore[misc]
        try:
            verdict = "right" if _answers(engine, source) == right[number % len(wholes)] else "wrong"
        except InsightsError:
            verdict = "refused"
        verdicts[kind, verdict] += 1
        path.unlink()
    engine.close()
    return verdicts


class _Interrupted(Lake):
    """A lake in which something happens before its next few looks or reads are over."""

    _left = 0
    _act: Callable[[], None] | None = None

    def arm(self, reads: int, act: Callable[[], None] | None) -> None:
        """Do it after so many looks and reads."""
        self._left, self._act = reads, act

    def read(self, *arguments: object) -> bytes:
        data = super().read(*arguments)  # type: ignore[arg-type]
        self.tick()
        return data

    def states(self, *arguments: object) -> tuple[object, ...]:  # type: ignore[override]
        found = super().states(*arguments)  # type: ignore[arg-type]
        self.tick()
        return found

    def tick(self) -> None:
        """Count one, and act when it is time."""
        self._left -= 1
        if self._act is not None and self._left <= 0:
            act, self._act = self._act, None
            act()


def engine_lake(engine: DuckDB) -> _Interrupted:
    """The lake of the engine."""
    return engine._lake  # type: ignore[return-value]


def _in_place(path: Path, data: bytes) -> None:
    """Write over the file without its time or inode telling."""
    stat = path.stat()
    with path.open("r+b") as opened:
        opened.write(data)
        opened.truncate(len(data))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _answers(engine: DuckDB, source: Source) -> list[object]:
    relation = engine.relation(source)
    return [engine.run(Query(sql=question.format(relation=relation))).rows for question in QUESTIONS]


def _written(path: Path, data: bytes) -> Source:
    path.write_bytes(data)
    return Source(paths=(str(path),), format="parquet")


def _vouched(whole: bytes, folder: Path) -> Vouched:
    known = _VOUCHED.get(whole)
    if known is None:
        source = _written(folder / "vouched.parquet", whole)
        lake = Lake()
        known = _VOUCHED[whole] = replace(lake.vouch(lake.states(source)[0]))
    return known


_VOUCHED: dict[bytes, Vouched] = {}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print; ends with an error when any answer was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5_700)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    wrong = 0
    for vouched in (True, False):
        with tempfile.TemporaryDirectory() as place:
            count = options.count if vouched else options.count // 5
            verdicts = campaign(count, Path(place), seed=options.seed, vouched=vouched)
        hurt = sum(number for (kind, _), number in verdicts.items() if kind != "untouched")
        print(f"{hurt:,} damaged files and {count - hurt:,} whole ones, {'with a manifest' if vouched else 'with none (for comparison)'}:")
        for kind in KINDS:
            print(f"  {kind:28}" + "".join(f"{verdicts[kind, verdict]:6,} {verdict}" for verdict in ("right", "refused", "wrong")))
        of = {verdict: sum(number for (_, what), number in verdicts.items() if what == verdict) for verdict in ("right", "refused", "wrong")}
        print(f"  {'all':28}" + "".join(f"{number:6,} {verdict}" for verdict, number in of.items()))
        wrong += of["wrong"] if vouched else 0
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
