"""Reads a model file: Apache Ossie core 0.1.1 strictly, drafts of 0.2 with what they added."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from insights.catalog.declared import Declared, DeclaredDataset, DeclaredField, DeclaredKey, DeclaredMetric, DeclaredRelationship, Expression, Words
from insights.catalog.documents import Node
from insights.catalog.expressions import DIALECTS, NOT_SQL
from insights.catalog.sections import Notebook, Section
from insights.lake.source import Kind

_VENDORS = ("COMMON", "SNOWFLAKE", "SALESFORCE", "DBT", "DATABRICKS")
_DATATYPES: dict[str, Kind] = {
    "string": "text",
    "integer": "number",
    "decimal": "number",
    "float": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "unknown",
    "datetime": "timestamp",
    "datetimetz": "timestamp",
    "opaque": "unknown",
}
_THING = re.compile(r"[^\s.,()'\"\x00-\x1f][^.,()'\"\x00-\x1f]*")
_METRIC = re.compile(r"\w[\w-]*")
Thing = TypeVar("Thing", DeclaredDataset, DeclaredField, DeclaredMetric, DeclaredRelationship)


def read_model(root: Node, notebook: Notebook) -> Declared | None:
    """The one semantic model of the document; every mistake goes into the notebook. None when there is no model to speak of."""
    top = Section(root, notebook, "the model file")
    version = top.required("version", example='version: "0.1.1"') or "0.1.1"
    draft = version.startswith("0.2")
    if version != "0.1.1" and not draft:
        top.report("version", f"version {version[:20]} of Ossie cannot be read.", "Versions 0.1.1 and 0.2 (drafts) are.")
    top.texts("dialects")
    top.texts("vendors")
    models = top.items("semantic_model")
    _end(top, draft)
    if not models:
        if root.entries is not None:
            top.report("semantic_model" if "semantic_model" in top else None, "there is no semantic model.", "Add 'semantic_model:' with a list of one model.")
        return None
    for extra in models[1:]:
        notebook.report(extra.line, "a second semantic model starts here; one file holds one.", "Move it to a file of its own.")
    return _Reader(notebook, draft).model(Section(models[0], notebook, "the semantic model"))


def _end(section: Section, draft: bool) -> None:
    """The end of a part: in a draft, keys that are not known yet are said not to be read; elsewhere they are mistakes."""
    if draft:
        section.ignore_rest()
    section.done()


class _Reader:
    """Reads the parts of a model; `draft` accepts what 0.2 added and keys that later drafts may add."""

    def __init__(self, notebook: Notebook, draft: bool) -> None:
        self._notebook = notebook
        self._draft = draft

    def model(self, section: Section) -> Declared:
        name = section.required("name") or "model"
        datasets = self._all(section, "datasets", "dataset", self._dataset)
        if not datasets and "datasets" not in section:
            section.report(None, "the semantic model needs 'datasets'.", "Add at least one dataset.")
        relationships = self._all(section, "relationships", "relationship", self._relationship)
        metrics = self._all(section, "metrics", "metric", self._metric)
        words = self._common(section)
        return Declared(
            file=self._notebook.file,
            name=name,
            description=words.description,
            datasets={dataset.name: dataset for dataset in datasets},
            relationships=tuple(relationships),
            metrics={metric.name: metric for metric in metrics},
        )

    def _all(self, section: Section, key: str, what: str, read: Callable[[Section, str], Thing]) -> list[Thing]:
        """Every entry of a list of named things; a name that is missing, malformed or taken is a problem."""
        found: dict[str, Thing] = {}
        for node in section.items(key):
            entry = Section(node, self._notebook, f"the {what} without a name")
            name = (entry.required("name") or "") if node.entries is not None else ""
            if name:
                entry.what = f"{what} '{name[:80]}'"
                self._check_name(entry, name, what)
            thing = read(entry, name)
            if name in found:
                entry.report("name", f"{entry.what} is declared twice, first in line {found[name].line}.", "Rename or remove one of them.")
            elif name:
                found[name] = thing
        return list(found.values())

    def _check_name(self, entry: Section, name: str, what: str) -> None:
        if what == "relationship":
            return
        pattern = _METRIC if what == "metric" else _THING
        if not pattern.fullmatch(name):
            allowed = "letters, digits, _ and -" if what == "metric" else "no dots, commas, quotes or parentheses"
            suggestion = "_".join(re.findall(r"\w+", name)).lower() or what
            entry.report("name", f"'{name[:80]}' cannot be the name of a {what}: {allowed}.", f"Write '{suggestion}', and what people say as a synonym.")

    def _dataset(self, section: Section, name: str) -> DeclaredDataset:
        source = section.required("source", example="source: a path or table")
        primary = section.texts("primary_key")
        unique = [DeclaredKey(columns=columns, line=section.line_of("unique_keys")) for columns in section.lists("unique_keys") if columns]
        fields = self._all(section, "fields", "field", self._field)
        words = self._common(section)
        return DeclaredDataset(
            name=name,
            line=section.line,
            source=source,
            source_line=section.line_of("source"),
            fields={field.name: field for field in fields},
            primary_key=DeclaredKey(columns=primary, line=section.line_of("primary_key")) if primary else None,
            unique_keys=tuple(unique),
            words=words,
        )

    def _field(self, section: Section, name: str) -> DeclaredField:
        expression = self._expression(section)
        grouped = "dimension" in section
        dimension = section.section("dimension", f"the dimension of {section.what}")
        is_time = dimension.flag("is_time")
        _end(dimension, self._draft)
        datatype = self._datatype(section)
        label = section.text("label")
        if is_time is None and datatype in ("date", "time", "datetime", "datetimetz"):
            is_time = True
        words = self._common(section, label=label)
        kind = _DATATYPES.get(datatype) if datatype else None
        return DeclaredField(name=name, line=section.line, expression=expression, grouped=grouped, is_time=is_time, kind=kind, words=words)

    def _metric(self, section: Section, name: str) -> DeclaredMetric:
        expression = self._expression(section)
        self._datatype(section)
        return DeclaredMetric(name=name, line=section.line, expression=expression, words=self._common(section))

    def _relationship(self, section: Section, name: str) -> DeclaredRelationship:
        many, one = section.required("from") or "", section.required("to") or ""
        many_columns, one_columns = section.texts("from_columns"), section.texts("to_columns")
        for key, columns in (("from_columns", many_columns), ("to_columns", one_columns)):
            if not columns:
                section.report(key if key in section else None, f"{section.what} needs '{key}'.", f"Add {key}: [column].")
        self._common(section, description=False)
        return DeclaredRelationship(name=name, line=section.line, many=many, one=one, many_columns=many_columns, one_columns=one_columns)

    def _datatype(self, section: Section) -> str | None:
        if not self._draft:
            return None
        datatype = section.text("datatype")
        if datatype is not None and datatype.casefold() not in _DATATYPES:
            section.choice("datatype", tuple(_DATATYPES))
        return datatype.casefold() if datatype else None

    def _expression(self, section: Section) -> Expression | None:
        """The expression of the first dialect that can be read, ANSI SQL before the others."""
        written = section.node("expression")
        if written is None or written.entries is None:
            said = written.text[:80] if written is not None and written.is_scalar else "..."
            section.report(
                "expression", f"{section.what} needs 'expression' by dialect.", f"Write expression: {{dialects: [{{dialect: ANSI_SQL, expression: {said}}}]}}."
            )
            return None
        outer = section.section("expression", f"the expression of {section.what}")
        found = [self._dialect(Section(node, self._notebook, f"an expression of {section.what}")) for node in outer.items("dialects")]
        if not found and ((dialects := outer.node("dialects")) is None or dialects.items is not None):
            outer.report(None, f"the expression of {section.what} needs 'dialects'.", "Write {dialects: [{dialect: ANSI_SQL, expression: ...}]}.")
        _end(outer, self._draft)
        readable = sorted((e for e in found if e is not None and e.dialect in DIALECTS), key=lambda e: list(DIALECTS).index(e.dialect))
        if readable:
            return readable[0]
        others = [e.dialect for e in found if e is not None]
        if others and len(others) == len(found) and (self._draft or set(others) <= set(NOT_SQL)):
            why = "is not SQL" if others[0] in NOT_SQL else "is not known"
            outer.report("dialects", f"{section.what} has an expression in {others[0][:40]} only, which {why}.", "Add one in ANSI_SQL.")
        return None

    def _dialect(self, section: Section) -> Expression | None:
        dialect = section.required("dialect", example="dialect: ANSI_SQL")
        text = section.required("expression")
        line = section.line_of("expression")
        _end(section, self._draft)
        if dialect is not None and dialect not in DIALECTS and dialect not in NOT_SQL and not self._draft:
            section.report("dialect", f"the dialect '{dialect[:40]}' is not known.", "There is ANSI_SQL, SNOWFLAKE, DATABRICKS, MDX and TABLEAU.")
        return Expression(text=text, dialect=dialect, line=line) if dialect and text else None

    def _common(self, section: Section, *, label: str | None = None, description: bool = True) -> Words:
        """Description, context and extensions, which every part may have; the end of each part."""
        said = section.text("description") or "" if description else ""
        synonyms: Sequence[str] = ()
        context = section.node("ai_context")
        if context is not None and not context.is_scalar:
            inner = section.section("ai_context", f"the ai_context of {section.what}")
            inner.text("instructions")
            inner.texts("examples")
            synonyms = inner.texts("synonyms")
        for node in section.items("custom_extensions"):
            extension = Section(node, self._notebook, f"an extension of {section.what}")
            vendor = extension.required("vendor_name")
            extension.required("data")
            if vendor and not self._draft and vendor not in _VENDORS:
                extension.report("vendor_name", f"the vendor '{vendor[:40]}' is not one of {', '.join(_VENDORS)}.", "Any name may be used from version 0.2.")
            _end(extension, self._draft)
        _end(section, self._draft)
        return Words(label=label, synonyms=tuple(s.strip() for s in synonyms if s.strip()), description=said.strip())
