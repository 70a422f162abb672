"""Writes the demo company into a folder: definitions copied, data made month by month."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from insights.demo import facts, stories
from insights.demo.days import months_of
from insights.warehouse.scratch import Scratch

ROWS = 2_000_000
MOST_ROWS = 200_000_000
LEAST_ROWS = 5_000
SEED = 1
_DEFINITIONS = ("model.yaml", "assistant.yaml", "organization.yaml", "truth.yaml", "handbook")
_MADE = "made.json"

Progress = Callable[[int, int, str], None]
"""Called with the steps done, the steps in all, and what was just written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company as it stands in `folder`; `tables` counts the rows of each fact."""

    folder: Path
    rows: int
    seed: int
    tables: Mapping[str, int]

    @property
    def model(self) -> Path:
        """The model file that the catalog is read from."""
        return self.folder / "model.yaml"


def make(folder: Path | str, *, rows: int = ROWS, seed: int = SEED, threads: int = 2, progress: Progress | None = None) -> Company:
    """Make the company with about `rows` fact rows, the same bytes for the same `rows` and `seed`; what stood there before is replaced.

    Memory holds the customers (one for 50 rows) and one month of one table. Raises ValueError when `rows` is outside what can be made.
    """
    if not LEAST_ROWS <= rows <= MOST_ROWS:
        raise ValueError(f"The demo company has between {LEAST_ROWS:,} and {MOST_ROWS:,} rows; {rows:,} were asked for.")
    folder = Path(folder)
    (folder / _MADE).unlink(missing_ok=True)
    shutil.rmtree(folder / "data", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    _copy_definitions(folder)
    told = stories.read()
    tables: dict[str, int] = {}
    with Scratch(threads=threads) as engine:
        facts.prepare(engine, folder, told, rows=rows, seed=seed)
        for months in _batches(months_of(told), rows):
            for table, written in facts.write_months(engine, folder, told, months):
                tables[table] = tables.get(table, 0) + written
                if progress is not None:
                    progress(months[-1] + 1, months_of(told), f"{table} to {facts.month_name(months[-1], told)}")
    company = Company(folder=folder, rows=rows, seed=seed, tables=tables)
    # Written last: a run that was interrupted is not taken for a company.
    (folder / _MADE).write_text(json.dumps({"edition": _edition(), "rows": rows, "seed": seed, "tables": tables}, indent=1) + "\n", encoding="utf-8")
    return company


def standing(folder: Path | str, *, rows: int = ROWS, seed: int = SEED) -> Company | None:
    """The company that already stands in `folder`, whole and made with these numbers by this very version of the package; else None.

    Definitions that somebody edited there do not matter.
    """
    folder = Path(folder)
    try:
        told = json.loads((folder / _MADE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if (told.get("edition"), told.get("rows"), told.get("seed")) != (_edition(), rows, seed):
        return None
    return Company(folder=folder, rows=rows, seed=seed, tables=told["tables"])


def _edition() -> str:
    """A digest of everything in this package: a company made by other statements, stories or definitions is not taken for one of ours."""
    digest = hashlib.sha256()
    with resources.as_file(resources.files("insights.demo")) as package:
        for path in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".sql", ".yaml", ".md")):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _batches(months: int, rows: int) -> list[range]:
    """The months that are made together: as many as hold two million rows, at least one."""
    size = max(1, min(months, months * ROWS // rows))
    return [range(first, min(first + size, months)) for first in range(0, months, size)]


def _copy_definitions(folder: Path) -> None:
    with resources.as_file(resources.files("insights.demo")) as package:
        for name in _DEFINITIONS:
            if (package / name).is_dir():
                shutil.copytree(package / name, folder / name, dirs_exist_ok=True, copy_function=shutil.copyfile)
            else:
                shutil.copyfile(package / name, folder / name)
