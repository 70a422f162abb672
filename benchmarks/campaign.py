"""Changed utterances by the thousand: `python -m benchmarks.campaign` says what became of them, how long the slowest took, and that nothing else happened."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants import mutants, said
from insights.contract import encode_reading
from insights.language.understand import Understander
from insights.requests import MetricQuestion

SEED = 20260531
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What became of the texts: counts by outcome, the slowest (seconds) with its text, those that raised, and a digest of all readings."""

    count: int
    outcomes: dict[str, int]
    slowest: float
    text: str
    raised: tuple[str, ...]
    digest: str


def run(understander: Understander, count: int, seed: int = SEED) -> Campaign:
    """Understand `count` changed utterances, alone or after a question; a slow one is measured again, because the machine does other things too."""
    from tests.language.company import NOW

    outcomes: Counter[str] = Counter()
    raised: list[str] = []
    digest = hashlib.sha256()
    slowest, text_of = 0.0, ""
    base = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("region",))
    for number, text in enumerate(mutants(count, seed)):
        previous = base if number % 4 == 3 else None
        started = time.perf_counter()
        try:
            reading = understander.understand(text, now=NOW, previous=previous)
        except Exception as error:
            raised.append(f"{text!r}: {error!r}")
            continue
        took = time.perf_counter() - started
        if took > slowest:
            for _ in range(2):
                started = time.perf_counter()
                understander.understand(text, now=NOW, previous=previous)
                took = min(took, time.perf_counter() - started)
            slowest, text_of = max((slowest, text_of), (took, text))
        document = encode_reading(text, reading)
        outcomes[document["outcome"]] += 1
        digest.update(json.dumps(document, default=str, sort_keys=True).encode())
    return Campaign(count=count, outcomes=dict(outcomes), slowest=slowest, text=text_of, raised=tuple(raised), digest=digest.hexdigest())


def elsewhere(count: int, seed: int, hash_seed: int) -> str:
    """The digest that another process finds, whose sets and dictionaries hash otherwise. Raises RuntimeError with what it wrote when it fails."""
    command = [sys.executable, "-m", "benchmarks.campaign", "--count", str(count), "--seed", str(seed), "--digest"]
    ended = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": str(hash_seed)}, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    return ended.stdout.strip()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print; ends with an error when anything raised or two processes disagree."""
    from tests.language.company import CATALOG, CONTENTS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="changed utterances (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--digest", action="store_true", help="print only the digest of all readings")
    options = parser.parse_args(arguments)
    found = run(Understander(CATALOG, CONTENTS, rooms={"fern": "Fern"}, equipment=("screen",)), options.count, options.seed)
    if options.digest:
        print(found.digest)
        return
    print(f"{found.count:,} changes of {len(said()):,} utterances: {', '.join(f'{count:,} {name}' for name, count in sorted(found.outcomes.items()))}")
    print(f"slowest: {found.slowest * 1000:.1f} ms for {found.text[:100]!r} ({len(found.text):,} characters)")
    print(f"raised: {len(found.raised)}", *found.raised[:20], sep="\n  ")
    sample = min(options.count, 2_000)
    digests = {elsewhere(sample, options.seed, hash_seed) for hash_seed in (1, 2)}
    print(f"{sample:,} of them in two processes with other hash seeds: {'the same readings' if len(digests) == 1 else 'DIFFERENT READINGS'}")
    if found.raised or len(digests) > 1:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
