"""Makes definitions for data nobody described: model.yaml and assistant.yaml to be edited, or a Catalog at once."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insights.catalog.datasets import Columns
from insights.catalog.documents import of
from insights.catalog.linking import relationships_of
from insights.catalog.model import Catalog
from insights.catalog.reading import MODEL, OVERLAY, compiled
from insights.catalog.roles import Role, labels, played
from insights.catalog.shaping import TableShape, key_of, quoted, shape_of
from insights.catalog.speakable import label_of, measured_in, singular_of, synonyms_of, table_label, thing_of
from insights.errors import WrongCatalog
from insights.lake.profile import Reference, TableProfile
from insights.lake.source import Source

_MODEL_HEAD = """# What the data means, made by looking at it: correct what is wrong, name what has no good name, remove what nobody asks for.
# This is Apache Ossie core 0.1.1 and nothing else; how the assistant may use it stands in assistant.yaml.
"""
_OVERLAY_HEAD = """# How the assistant may use model.yaml. Everything here is optional.
# Worth adding: metrics with their unit and owner, labels and synonyms that people use, and for numbers the `aggregate` that is meant when none is said.
"""
_DESCRIBING = ("name", "title", "label", "description", "desc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaffold:
    """The documents, as plain values; `sources` are where the rows really are, by dataset."""

    model: Mapping[str, Any]
    overlay: Mapping[str, Any]
    sources: Mapping[str, Source] = field(default_factory=dict)


def scaffold(profiles: Sequence[TableProfile], references: Sequence[Reference], *, name: str) -> Scaffold:
    """Decide what the tables mean: fields and what they are for, keys, relationships, and one metric that counts the rows of each fact table."""
    profiles, links, roles = played(profiles, relationships_of(profiles, references))
    shapes = [_shape(profile, links) for profile in profiles]
    ones = {link.one for link in links}
    facts = [shape for shape in shapes if shape.profile.name not in ones or (shape.time and any(link.many == shape.profile.name for link in links))]
    model: dict[str, Any] = {"name": re.sub(r"\W+", "_", name).strip("_") or "data", "datasets": [_dataset(shape) for shape in shapes]}
    if links:
        model["relationships"] = [_relationship(link) for link in links]
    if facts:
        model["metrics"] = [_metric(shape) for shape in facts]
    return Scaffold(
        model={"version": "0.1.1", "semantic_model": [model]},
        overlay=_overlay(shapes, facts, links, roles),
        sources={profile.name: profile.source for profile in profiles},
    )


def write(scaffold: Scaffold, folder: Path) -> tuple[Path, Path]:
    """Write model.yaml and assistant.yaml into the folder, which is made when it is not there; what stands there is replaced."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    model = json.loads(json.dumps(scaffold.model))
    for dataset in model["semantic_model"][0]["datasets"]:
        dataset["source"] = _relative(dataset["source"], folder)
    written = (folder / MODEL, folder / OVERLAY)
    for path, head, document in zip(written, (_MODEL_HEAD, _OVERLAY_HEAD), (model, scaffold.overlay), strict=True):
        path.write_text(head + _yaml(document), encoding="utf-8")
    return written


def catalog_of(scaffold: Scaffold, base: Path, columns: Columns) -> Catalog:
    """The catalog that the documents make, through the same reader but without the disk. Raises WrongCatalog, for sources that cannot be read."""
    version = hashlib.sha256(json.dumps([scaffold.model, scaffold.overlay], sort_keys=True).encode()).hexdigest()
    model, overlay = (of(dict(scaffold.model)), MODEL), (of(dict(scaffold.overlay)), OVERLAY)
    examined = compiled(model, overlay, base.absolute(), columns, version, sources=scaffold.sources)
    if examined.catalog is None:
        raise WrongCatalog(examined.problems)
    return examined.catalog


def _shape(profile: TableProfile, links: Sequence[Reference]) -> TableShape:
    key = key_of(profile, {link.one_column for link in links if link.one == profile.name})
    return shape_of(profile, key=key, joins={link.many_column for link in links if link.many == profile.name})


def _dataset(shape: TableShape) -> dict[str, Any]:
    profile = shape.profile
    made: dict[str, Any] = {"name": profile.name, "source": _source(profile.source)}
    if shape.key:
        made["primary_key"] = [shape.key]
    made["description"] = f"{table_label(profile.name).capitalize()}: {profile.rows:,} row{'s' if profile.rows != 1 else ''} when this was made."
    made["fields"] = [_field(shape, position) for position in range(len(shape.fields))]
    return made


def _field(shape: TableShape, position: int) -> dict[str, Any]:
    made = shape.fields[position]
    entry: dict[str, Any] = {"name": made.name, "expression": _expression(made.expression)}
    if made.use in ("time", "dimension"):
        entry["dimension"] = {"is_time": made.use == "time"}
    return entry


def _expression(text: str) -> dict[str, Any]:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": text}]}


def _relationship(link: Reference) -> dict[str, Any]:
    return {
        "name": f"{link.many}_{link.many_column}",
        "from": link.many,
        "to": link.one,
        "from_columns": [link.many_column],
        "to_columns": [link.one_column],
    }


def _metric(shape: TableShape) -> dict[str, Any]:
    name = shape.profile.name
    return {"name": name, "expression": _expression(f"COUNT({quoted(name)}.*)"), "description": f"The number of {_counted(name)}."}


def _counted(table: str) -> str:
    """What one counts in a table: flights, but weather records."""
    label = table_label(table)
    return label if singular_of(label) != label else f"{label} records"


def _overlay(shapes: Sequence[TableShape], facts: Sequence[TableShape], links: Sequence[Reference], roles: Sequence[Role]) -> dict[str, Any]:
    overlay: dict[str, Any] = {"version": 1}
    metrics = {}
    for shape in facts:
        name = shape.profile.name
        metrics[name] = {"label": _counted(name), "unit": _counted(name)} | ({"time": f"{name}.{shape.time}"} if shape.time else {})
    datasets: dict[str, dict[str, str]] = {}
    for shape in shapes:
        name, label = shape.profile.name, table_label(shape.profile.name)
        notes = ({"label": label} if label != label_of(name) else {}) | ({"time": f"{name}.{shape.time}"} if len(shape.times) > 1 else {})
        if notes:
            datasets[name] = notes
    parts = {role.table: role for role in roles}
    fields = _labels([shape for shape in shapes if shape.profile.name not in parts], links)
    for shape in shapes:
        if shape.profile.name in parts:
            fields |= labels(parts[shape.profile.name], shape)
    return overlay | ({"metrics": metrics} if metrics else {}) | ({"datasets": datasets} if datasets else {}) | ({"fields": fields} if fields else {})


def _labels(shapes: Sequence[TableShape], links: Sequence[Reference]) -> dict[str, Any]:
    """Names that say too little: the `name` of an airline is the airline; what several tables call `type` gets the table's word in front."""
    ones = {link.one for link in links}
    holders: dict[str, list[str]] = {}
    for shape in shapes:
        for made in shape.fields:
            if made.use in ("dimension", "fact"):
                holders.setdefault(made.name.casefold(), []).append(shape.profile.name)
    found: dict[str, Any] = {}
    for shape in shapes:
        table = shape.profile.name
        thing = singular_of(table_label(table))
        for made in shape.fields:
            own, plain, place = label_of(made.name), thing_of(made.name), f"{table}.{made.name}"
            if made.use == "dimension" and own == thing and table not in ones:
                found[place] = {"label": f"{own} number"}
            if made.use == "fact" and (measure := measured_in(made.name)) is not None:
                label, unit = measure
                others = [phrase for phrase in synonyms_of(label) if phrase != label]
                found[place] = ({"label": label} if label != own else {}) | ({"synonyms": others} if others else {}) | {"unit": unit}
            if made.use != "dimension" or (table not in ones and len(holders[made.name.casefold()]) < 2):
                continue
            if made.name.casefold() in _DESCRIBING and table in ones:
                found[place] = {"label": thing, "synonyms": list(dict.fromkeys([f"{thing} {own}", *_referring(table, links, own)]))}
            elif len(holders[made.name.casefold()]) > 1 and table in ones:
                found[place] = {"label": f"{thing} {own}"}
            elif table in ones and own not in (thing, plain):
                found[place] = {"label": plain} | ({"synonyms": [f"{thing} {plain}"]} if plain != thing else {})
            elif table in ones and own != thing:
                found[place] = {"synonyms": [f"{thing} {own}"]}
    return found


def _referring(table: str, links: Sequence[Reference], own: str) -> list[str]:
    """What the only column that refers to a table calls it: the `carrier` of a flight is also the carrier name."""
    columns = {link.many_column for link in links if link.one == table}
    return [f"{label_of(column)} {own}" for column in columns if len(columns) == 1]


def _source(source: Source) -> str:
    """The source as Ossie writes it: one path, glob or table."""
    if source.table is not None:
        return source.table
    if len(source.paths) == 1:
        path = source.paths[0]
        return path[: -len("/**/*.parquet")] if source.hive and path.endswith("/**/*.parquet") else path
    ending = os.path.splitext(source.paths[0])[1]
    return f"{os.path.commonprefix(source.paths)}*{ending}"  # noqa: RUF071 - letters in common are what a glob needs


def _relative(source: str, folder: Path) -> str:
    """The path as seen from the folder, when the two have more in common than the root."""
    if not os.path.isabs(source) or len(Path(os.path.commonpath([source, folder])).parts) < 2:
        return source
    relative = os.path.relpath(source, folder)
    return relative if "/" in relative or "*" in relative else f"./{relative}"


def _yaml(document: Mapping[str, Any]) -> str:
    """Readable YAML: one line to an expression, everything else in blocks."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - lists stand below their key, not beside it
            super().increase_indent(flow, False)

        def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
            node = super().represent_sequence(tag, sequence, flow_style)
            node.flow_style = not any(isinstance(item, dict) for item in sequence) or node.flow_style
            return node

        def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
            node = super().represent_mapping(tag, mapping, flow_style)
            node.flow_style = set(mapping) <= {"dialects", "dialect", "expression", "is_time", "time"} or node.flow_style
            return node

    text = yaml.dump(dict(document), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=160, default_flow_style=False)
    return re.sub(r"\n((?:      - name|    relationships|    metrics|metrics|datasets|fields):)", r"\n\n\1", text)
