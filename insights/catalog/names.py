"""The names a model declares, to check what the overlay refers to before anything is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from insights.catalog.declared import Declared
from insights.catalog.model import FieldId
from insights.catalog.scopes import listing
from insights.catalog.sections import Notebook
from insights.errors import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Fields by dataset, metrics of the model and the overlay together, and the folder that paths start at.

    A look-up that fails is written into the notebook and gives None.
    """

    fields: Mapping[str, frozenset[str]]
    metrics: frozenset[str]
    notebook: Notebook
    folder: Path
    roles: frozenset[str] = frozenset()
    """Names of relationships, by which a field of a table that is joined in several is written: `origin.city`."""

    @classmethod
    def of(cls, declared: Declared, overlay_metrics: Iterable[str], notebook: Notebook, folder: Path) -> Names:
        """The names of a model, seen from a file whose problems go into `notebook`."""
        fields = {dataset.name: frozenset(dataset.fields) for dataset in declared.datasets.values()}
        roles = frozenset(relationship.name for relationship in declared.relationships) - frozenset(fields)
        return cls(fields=fields, metrics=frozenset(declared.metrics) | frozenset(overlay_metrics), notebook=notebook, folder=folder, roles=roles)

    def file(self, name: str, line: int, what: str) -> None:
        """A file beside the definitions, or an address, which is not looked up."""
        if "://" not in name and not (self.folder / name).exists():
            self.notebook.report(line, f"{what}: there is no file '{name[:200]}'.", f"Paths start at {self.folder}.")

    def dataset(self, name: str, line: int, what: str) -> str | None:
        """A dataset of the model."""
        if name in self.fields:
            return name
        self.notebook.report(line, f"{what}: there is no dataset '{name[:80]}'.", nearest(name, self.fields) or listing(self.fields))
        return None

    def metric(self, name: str, line: int, what: str) -> str | None:
        """A metric of the model or the overlay."""
        if name in self.metrics:
            return name
        self.notebook.report(line, f"{what}: there is no metric '{name[:80]}'.", nearest(name, self.metrics) or listing(self.metrics))
        return None

    def field(self, name: str, line: int, what: str, *, prefer: str | None = None) -> FieldId | None:
        """A field written `dataset.field` or `role.field`, or bare where it is unambiguous or belongs to `prefer`."""
        dataset, dot, bare = name.partition(".")
        if not dot:
            return self._bare(name, line, what, prefer)
        if dataset in self.roles and (holders := sorted(one for one, fields in self.fields.items() if bare in fields)):
            return FieldId(holders[0], bare)
        if self.dataset(dataset, line, what) is None:
            return None
        if bare in self.fields[dataset]:
            return FieldId(dataset, bare)
        self.notebook.report(line, f"{what}: there is no field '{name[:120]}'.", nearest(bare, self.fields[dataset]) or listing(self.fields[dataset]))
        return None

    def _bare(self, name: str, line: int, what: str, prefer: str | None) -> FieldId | None:
        if prefer is not None and name in self.fields.get(prefer, ()):
            return FieldId(prefer, name)
        holders = sorted(dataset for dataset, fields in self.fields.items() if name in fields)
        if len(holders) == 1 and prefer is None:
            return FieldId(holders[0], name)
        if holders and prefer is None:
            self.notebook.report(line, f"{what}: '{name[:80]}' is a field of several datasets.", f"Write {' or '.join(f'{h}.{name}' for h in holders)}.")
            return None
        known = self.fields.get(prefer, frozenset()) if prefer else frozenset[str]().union(*self.fields.values())
        where = f" in {prefer}" if prefer else ""
        self.notebook.report(line, f"{what}: there is no field '{name[:80]}'{where}.", nearest(name, known) or listing(known))
        return None
