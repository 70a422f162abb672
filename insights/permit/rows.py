"""Which rows policies let an asker see."""

from __future__ import annotations

from collections.abc import Mapping

from insights.catalog.model import Catalog, FieldId
from insights.organization import Person
from insights.permit.asking import Asker, RowFilter
from insights.requests import Scalar


def rows_of(asker: Asker, catalog: Catalog) -> Mapping[str, tuple[RowFilter, ...]]:
    """The filters of each dataset that a policy names, one of which must hold; none lets no row through."""
    rows: dict[str, tuple[RowFilter, ...]] = {policy.dataset: () for policy in catalog.policies}
    if asker.person is None:
        return rows
    for policy in catalog.policies:
        if asker.person.roles & frozenset(policy.roles):
            filters: dict[FieldId, tuple[Scalar, ...]] = {}
            for name, wanted in policy.where.items():
                filters[FieldId(policy.dataset, name)] = _resolved(wanted, asker.person)
            rows[policy.dataset] = (*rows[policy.dataset], filters)
    return rows


def covers(other: RowFilter, one: RowFilter) -> bool:
    """Whether every row that `one` lets through passes `other` too."""
    return all(field in one and set(one[field]) <= set(values) for field, values in other.items())


def _resolved(wanted: Scalar | tuple[Scalar, ...], person: Person) -> tuple[Scalar, ...]:
    """The values a policy asks for, with `{person.x}` replaced by the attribute; an attribute the person lacks fits nothing."""
    values: list[Scalar] = []
    for value in wanted if isinstance(wanted, tuple) else (wanted,):
        if isinstance(value, str) and value.startswith("{person.") and value.endswith("}"):
            attribute = person.attributes.get(value[len("{person.") : -1], ())
            values += [attribute] if isinstance(attribute, str) else attribute
        else:
            values.append(value)
    return tuple(values)
