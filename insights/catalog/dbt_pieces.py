"""What the readers of a dbt manifest share: where they write down what is wrong and what is left out, and the parts that everything has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from insights.catalog.declared import Words
from insights.catalog.documents import Node
from insights.catalog.sections import Notebook, Section
from insights.errors import Problem, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """`wrong` is for what is no manifest at all; what is good dbt but cannot be answered here is left out by name, and the rest is used.

    `remarks` need nobody to mend them. `dialect` is the SQL that the project is written in, by its Ossie name; `grains` are the project's own granularities.
    """

    wrong: Notebook
    left_out: list[Problem]
    dialect: str
    grains: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)

    def leave_out(self, line: int, message: str, suggestion: str = "") -> None:
        """Write down what is not used, and why."""
        self.left_out.append(Problem(file=self.wrong.file, line=line, message=message, suggestion=suggestion))

    def truncated(self, grain: str, text: str) -> str:
        """A time at the start of its bucket."""
        return f"DATE_TRUNC({text}, {grain.upper()})" if self.dialect == "BIGQUERY" else f"DATE_TRUNC('{grain}', {text})"


def words_of(section: Section) -> Words:
    """Label and description."""
    label = (section.text("label") or "").strip()
    return Words(label=label or None, description=" ".join((section.text("description") or "").split()))


def owner_of(section: Section) -> str | None:
    """Who answers for it, where `meta` says so."""
    config = section.node("config")
    meta = (config.entries or {}).get("meta") if config is not None else None
    owner = (meta.entries or {}).get("owner") if meta is not None else None
    return owner.text.strip() or None if owner is not None and owner.is_scalar and not owner.is_null else None


def unknown_keys(section: Section, known: Iterable[str], shelf: Shelf) -> bool:
    """Whether it says something that this version does not know: what that means cannot be guessed, so it is written down."""
    known = tuple(known)
    strange = [key for key, node in section.entries().items() if key not in known and says_something(node)]
    for key in strange:
        shelf.leave_out(section.line_of(key), f"{section.what}: the key '{key[:80]}' is not known to this version.", nearest(key, known))
    return bool(strange)


def says_something(node: Node) -> bool:
    """Whether a value is more than null, false or empty."""
    if node.items is not None or node.entries is not None:
        return bool(node.items or node.entries)
    return node.text not in ("", "null", "false") if node.plain else bool(node.text)


def relation_of(section: Section) -> str | None:
    """The table behind a semantic model: `database.schema.table`, as far as it is said."""
    relation = section.section("node_relation", f"the node_relation of {section.what}")
    alias, schema, database = relation.text("alias"), relation.text("schema_name"), relation.text("database")
    name = relation.text("relation_name")
    if alias is None:
        alias = name
    if alias is None:
        section.report("node_relation", f"{section.what} does not say its table.", "Add node_relation: {alias, schema_name}.")
        return None
    return ".".join(part for part in (database, schema, alias) if part)
