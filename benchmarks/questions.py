"""What is asked: questions beside their SQL, and further utterances that are only understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and what a good analyst writes for it; `sql` names each table as {table}."""

    ask: str
    sql: str

    def over(self, tables: Mapping[str, str]) -> str:
        """The SQL with each table put in. Raises KeyError for a table that is not there."""
        return self.sql.format_map(tables)


def questions() -> tuple[Question, ...]:
    """Every question that is timed."""
    return tuple(Question(**entry) for entry in yaml.safe_load((HERE / "questions.yaml").read_text(encoding="utf-8")))


def utterances() -> tuple[str, ...]:
    """Everything that is understood: the questions and the further utterances."""
    lines = (HERE / "utterances.txt").read_text(encoding="utf-8").splitlines()
    return (*(question.ask for question in questions()), *(line for line in lines if line and not line.startswith("#")))


def tables(data: Path) -> Mapping[str, str]:
    """Each table of the demo company as the FROM item that reads its Parquet files."""
    found = {}
    for place in sorted(data.iterdir()):
        pattern = f"{place}/**/*.parquet', hive_partitioning = true" if place.is_dir() else f"{place}'"
        found[place.stem] = f"read_parquet('{pattern})"
    return found
