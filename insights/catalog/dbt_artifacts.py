"""Reads what dbt leaves beside a manifest: how fresh its sources were (sources.json), and which tests failed (run_results.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from insights.errors import Problem

SOURCES, RUN_RESULTS, GRAPH = "sources.json", "run_results.json", "manifest.json"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def warnings_beside(manifest: Path, relations: Mapping[str, str]) -> tuple[Mapping[str, tuple[str, ...]], tuple[Problem, ...]]:
    """Sentences about datasets by their names, and the same as problems; `relations` are the tables of the datasets.

    A file that is missing or no longer readable says nothing: it is dbt's, and it is made anew by every run.
    """
    folder = manifest.parent
    graph = _nodes(folder / GRAPH)
    found: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for file, said in ((folder / RUN_RESULTS, _failing(folder / RUN_RESULTS, graph)), (folder / SOURCES, _stale(folder / SOURCES))):
        for about, sentence in said:
            names = _datasets(about, relations, graph)
            for name in names:
                found.setdefault(name, []).append(sentence)
            where = f" ({', '.join(names)})" if names else ""
            problems.append(Problem(file=str(file), line=0, message=f"{sentence}{where}", suggestion="Answers from it say so."))
    return {name: tuple(dict.fromkeys(said)) for name, said in found.items()}, tuple(problems)


def _failing(file: Path, graph: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], str]]:
    """Each test that failed, with what it is about and a sentence."""
    root = _read(file)
    if root is None:
        return
    ran = _day(_at(root, "metadata", "generated_at"))
    for result in _items(root, "results"):
        unique, status = _at(result, "unique_id"), _at(result, "status").casefold()
        if not unique.startswith("test.") or status not in ("fail", "error", "warn"):
            continue
        node = graph.get(unique)
        parts = unique.split(".")
        name = _at(node, "name") if node is not None else parts[2] if len(parts) > 2 else unique
        failed = "warned" if status == "warn" else "failed" if status == "fail" else "could not be run"
        rows = _at(result, "failures")
        count = f", for {rows} rows" if rows.isdigit() and int(rows) > 1 else ""
        about = tuple(_texts(node, "depends_on", "nodes")) if node is not None else ()
        attached = _at(node, "attached_node") if node is not None else ""
        yield ((attached,) if attached else about) or (unique,), f"The dbt test {name} {failed}{f' on {ran}' if ran else ''}{count}."


def _stale(file: Path) -> Iterable[tuple[tuple[str, ...], str]]:
    """Each source that was not fresh, with a sentence."""
    root = _read(file)
    if root is None:
        return
    for result in _items(root, "results"):
        status, unique = _at(result, "status").casefold(), _at(result, "unique_id")
        if status not in ("warn", "error", "runtime error"):
            continue
        name = ".".join(unique.split(".")[-2:])
        loaded, checked = _day(_at(result, "max_loaded_at")), _day(_at(result, "snapshotted_at"))
        if not loaded:
            yield (unique,), f"How fresh the source {name} is could not be told."
            continue
        yield (unique,), f"The source {name} is stale: its last rows are of {loaded}{f', looked at on {checked}' if checked else ''}."


def _datasets(about: tuple[str, ...], relations: Mapping[str, str], graph: Mapping[str, Any]) -> list[str]:
    """The datasets over these nodes of the project, or over what is made of them."""
    wanted = set(about)
    for _ in range(len(graph)):
        after = {unique for unique, node in graph.items() if wanted & set(_texts(node, "depends_on", "nodes")) and not unique.startswith(("test.", "metric."))}
        if after <= wanted:
            break
        wanted |= after
    tables = {_table(graph.get(unique), unique) for unique in wanted}
    return [
        name for name, relation in relations.items() if relation.casefold().rpartition(".")[2] in {t.rpartition(".")[2] for t in tables if _fits(relation, t)}
    ]


def _fits(relation: str, table: str) -> bool:
    """Whether two tables are the same as far as both say where they are."""
    first, second = relation.casefold().split(".")[::-1], table.casefold().split(".")[::-1]
    return all(a == b for a, b in zip(first, second, strict=False))


def _table(node: Any, unique: str) -> str:
    if node is None:
        return unique.rpartition(".")[2]
    parts = (_at(node, "database"), _at(node, "schema"), _at(node, "alias") or _at(node, "identifier") or _at(node, "name"))
    return ".".join(part for part in parts if part)


def _nodes(file: Path) -> Mapping[str, Any]:
    """The nodes and sources of the project's graph by their ids."""
    root = _read(file)
    return {unique: node for key in ("nodes", "sources") for unique, node in (_inside(root, key) or {}).items()} if root is not None else {}


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _inside(node: Any, *path: str) -> Any:
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def _items(node: Any, key: str) -> list[Any]:
    found = _inside(node, key)
    return found if isinstance(found, list) else []


def _at(node: Any, *path: str) -> str:
    found = _inside(node, *path)
    return str(found) if isinstance(found, str | int | float) else ""


def _texts(node: Any, *path: str) -> list[str]:
    found = _inside(node, *path)
    return [str(item) for item in found if isinstance(item, str)] if isinstance(found, list) else []


def _day(text: str) -> str:
    found = _DAY.match(text)
    return found[0] if found else ""
