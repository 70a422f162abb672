"""Entries of organization.yaml exchanged for others, the rest of the file kept as it stands."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from insights.catalog.company import ORGANIZATION, read_organization
from insights.errors import Problem, WrongCatalog

Entry = Mapping[str, Any]


def put(part: str, entries: Iterable[Entry], folder: Path, *, merge: bool = False) -> tuple[int, int]:
    """Put entries into a top-level list of the organization.yaml of a folder: how many are new, how many were there under the same id.

    With `merge` one that was there keeps the keys that the new one does not have, and loses those whose value is None. Values that are kept are written as
    they stood. Raises WrongCatalog, and changes nothing, when the file would not be one afterwards.
    """
    import yaml

    target = folder / ORGANIZATION
    text = target.read_text(encoding="utf-8") if target.exists() else ""
    known = _known(text, part, target)
    added = {str(entry["id"]): entry for entry in entries}
    merged = dict(known)
    for id_, entry in added.items():
        merged[id_] = _node(entry, known.get(id_) if merge else None)
    lines = [f"  - {yaml.serialize(node, Dumper=yaml.SafeDumper, width=100_000, allow_unicode=True).strip()}" for node in merged.values()]
    made = folder / f".{ORGANIZATION}.{os.getpid()}"
    made.write_text(_replaced(text, part, [f"{part}:", *lines]), encoding="utf-8")
    try:
        read_organization(made)
    except WrongCatalog as error:
        raise WrongCatalog([Problem(file=str(target), line=one.line, message=one.message, suggestion=one.suggestion) for one in error.problems]) from None
    else:
        os.replace(made, target)
    finally:
        made.unlink(missing_ok=True)
    replaced = len(known.keys() & added.keys())
    return len(added) - replaced, replaced


def _known(text: str, part: str, target: Path) -> dict[str, Any]:
    """The entries that stand there, as YAML nodes by their ids: nodes keep what was written, such as 9:00, which a loader would take for a number."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise WrongCatalog([Problem(file=str(target), line=0, message=f"it cannot be read as YAML: {error}.")]) from None
    found = next((value for key, value in root.value if key.value == part), None) if isinstance(root, yaml.MappingNode) else None
    entries: dict[str, Any] = {}
    for node in found.value if isinstance(found, yaml.SequenceNode) else ():
        id_ = next((str(value.value) for key, value in node.value if key.value == "id"), "") if isinstance(node, yaml.MappingNode) else ""
        _flow(node)
        entries[id_] = node
    return entries


def _flow(node: Any) -> None:
    """Write it in one line."""
    import yaml

    if isinstance(node, yaml.CollectionNode):
        node.flow_style = True
        for child in node.value:
            for one in child if isinstance(child, tuple) else (child,):
                _flow(one)
    elif ":" in node.value:  # 9:00 cannot stand in one line without quotes, and then is told to be a number by a tag
        node.tag = "tag:yaml.org,2002:str"


def _node(entry: Entry, old: Any) -> Any:
    """The entry as YAML, over what was there."""
    import yaml

    dumper = yaml.SafeDumper(StringIO(), default_flow_style=True)
    given = {key: dumper.represent_data(list(value) if isinstance(value, tuple) else value) for key, value in entry.items() if value is not None}
    gone = {key for key, value in entry.items() if value is None}
    pairs = []
    for key, value in old.value if old is not None else ():
        if key.value not in gone:
            pairs.append((key, given.pop(key.value, value)))
    pairs += [(dumper.represent_data(key), value) for key, value in given.items()]
    node = yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=True)
    _flow(node)
    return node


def _replaced(text: str, part: str, block: list[str]) -> str:
    """The text with a top-level block exchanged, or with one at its end."""
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith(f"{part}:")), None)
    if first is None:
        return "\n".join([*lines, *([""] if lines else []), *block]) + "\n"
    last = first + 1
    while last < len(lines) and (not lines[last].strip() or lines[last][0] in " -#"):
        last += 1
    while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):  # what stands before the next part belongs to it
        last -= 1
    return "\n".join([*lines[:first], *block, *lines[last:]]) + "\n"
