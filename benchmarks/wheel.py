"""`python -m benchmarks.wheel` (`make wheel`): builds the wheel, installs it in an empty environment, and asks it something from an empty folder."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGES = ("insights", "skill", "slackbot")
SOURCE = "source"
BESIDE = ("pyproject.toml", "README.md", "LICENSE")
QUESTION = "revenue by market last month"
BY_HAND = """
import json, duckdb
rows = duckdb.sql('''
    SELECT market, sum(amount_usd)::DOUBLE
    FROM read_parquet('.insights/demo/data/orders/**/*.parquet', hive_partitioning = true)
    LEFT JOIN '.insights/demo/data/customers.parquet' USING (customer_id)
    LEFT JOIN '.insights/demo/data/regions.parquet' USING (region_id)
    LEFT JOIN '.insights/demo/data/markets.parquet' USING (market_id)
    WHERE ordered_on BETWEEN DATE '2026-04-01' AND DATE '2026-04-30' AND status <> 'test'
    GROUP BY market
''').fetchall()
print(json.dumps(rows))
"""


class Failed(Exception):
    """The wheel does not work; the message says what is missing."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Build, install, ask. Raises SystemExit with status 1 and the reason when anything is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the empty environment (default: this one)")
    parser.add_argument("--rows", type=int, default=50_000, help="about how many rows the demo company gets (default: %(default)s)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        try:
            wheel = build(Path(folder))
            compare(wheel, Path(folder) / SOURCE)
            environment = install(wheel, Path(folder) / "venv", options.python)
            ask(environment, Path(folder) / "empty", options.rows)
        except Failed as failure:
            print(f"the wheel does not work: {failure}", file=sys.stderr)
            raise SystemExit(1) from None


def build(folder: Path) -> Path:
    """The wheel, built from a copy: what an earlier build left behind stays out of it."""
    source = folder / SOURCE
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BESIDE:
        shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "-w", folder, source, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    print(f"built {wheel.name}, {wheel.stat().st_size / 1000:.0f} kB")
    return wheel


def compare(wheel: Path, source: Path) -> None:
    """Raise Failed naming each file of the packages in `source` that is not in the wheel, and each that nobody put there."""
    with zipfile.ZipFile(wheel) as opened:
        inside = {name for name in opened.namelist() if ".dist-info/" not in name}
    wanted = {
        path.relative_to(source).as_posix()
        for package in PACKAGES
        for path in (source / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    if inside != wanted:
        missing, strange = sorted(wanted - inside), sorted(inside - wanted)
        raise Failed(f"not in it: {', '.join(missing) or '-'}; in it without a source: {', '.join(strange) or '-'}. See package-data in pyproject.toml.")
    print(f"every one of the {len(wanted)} files of {', '.join(PACKAGES)} is in it")


def install(wheel: Path, environment: Path, python: str) -> Path:
    """An environment with nothing but the wheel and what it declares; returns its folder of programs."""
    run(python, "-m", "venv", environment, cwd=wheel.parent)
    programs = environment / "bin"
    run(programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel, cwd=wheel.parent)
    version = run(programs / "python", "--version", cwd=wheel.parent).strip()
    count = len(json.loads(run(programs / "python", "-m", "pip", "list", "--format=json", "--disable-pip-version-check", cwd=wheel.parent)))
    print(f"installed in an empty environment of {version}: {count} packages")
    return programs


def ask(programs: Path, empty: Path, rows: int) -> None:
    """Make the demo company in an empty folder and ask it, comparing with SQL by hand. Raises Failed for an answer that is not right."""
    empty.mkdir()
    insights = programs / "insights"
    run(insights, "demo", "--quiet", "--rows", rows, cwd=empty)
    print(f"made the demo company, {rows:,} rows")
    question = ("ask", "--catalog", ".insights/demo", QUESTION)
    by_hand = dict(json.loads(run(programs / "python", "-c", BY_HAND, cwd=empty)))
    answer: dict[str, Any] = json.loads(run(insights, *question, "--format", "json", cwd=empty))["answer"]
    ours = {row["market"]: row["revenue"] for row in answer["rows"]}
    if ours.keys() != by_hand.keys() or any(abs(ours[market] - by_hand[market]) > 0.005 for market in ours):
        raise Failed(f"{QUESTION!r} is {ours}, by hand {by_hand}.")
    most = max(by_hand, key=lambda market: float(by_hand[market]))
    said = run(insights, *question, cwd=empty)
    if f"{most}: ${by_hand[most]:,.2f}" not in said:
        raise Failed(f"{QUESTION!r} does not say {most}: ${by_hand[most]:,.2f}, but:\n{said}")
    print(f"> {QUESTION}\n{said.rstrip()}\nequal to SQL by hand")
    for door in ("slack", "alexa"):
        payload = run(insights, *question, "--format", door, cwd=empty)
        if not json.loads(payload) or most not in payload:
            raise Failed(f"--format {door} does not name {most}:\n{payload}")
        print(f"--format {door}: {len(payload):,} characters of JSON")


def run(*command: object, cwd: Path) -> str:
    """What a program prints. Raises Failed with its complaint when it fails. No setting of this machine's reaches it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INSIGHTS_", "PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=kept, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(str(word) for word in command)} ended with {done.returncode}:\n{done.stderr or done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main()
