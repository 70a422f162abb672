"""Tables that another table refers to more than once: airports as where a flight left and as where it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from insights.catalog.shaping import TableShape
from insights.catalog.speakable import label_of, singular_of, stem_of, synonyms_of, table_label, thing_of, words_of
from insights.lake.profile import Reference, TableProfile

_DESCRIBING = ("name", "title", "label", "description", "desc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """`table` is what people call `thing` in the part that a column says: the "destination" airport."""

    table: str
    thing: str
    part: str


def played(profiles: Sequence[TableProfile], links: Sequence[Reference]) -> tuple[tuple[TableProfile, ...], tuple[Reference, ...], tuple[Role, ...]]:
    """A table for each part that one plays, with the references rewritten: joined twice under one name, nobody could say which is meant.

    The table itself stays while something else refers to it.
    """
    times = Counter((link.many, link.one) for link in links)
    roles: dict[tuple[str, str], Role] = {}
    taken = {profile.name for profile in profiles}
    for link in links:
        if times[link.many, link.one] > 1 and (link.one, link.many_column) not in roles:
            role = _role(link, taken)
            taken.add(role.table)
            roles[link.one, link.many_column] = role
    moved = [_moved(link, roles) if times[link.many, link.one] > 1 else link for link in links]
    onward = [replace(link, many=role.table) for (table, _), role in roles.items() for link in links if link.many == table]
    found: list[TableProfile] = []
    for profile in profiles:
        parts = [replace(profile, name=role.table) for (table, _), role in roles.items() if table == profile.name]
        if not parts or any(link.one == profile.name for link in moved):
            found.append(profile)
        found += parts
    names = {profile.name for profile in found}
    return tuple(found), tuple(link for link in (*moved, *onward) if link.many in names), tuple(roles.values())


def _moved(link: Reference, roles: dict[tuple[str, str], Role]) -> Reference:
    return replace(link, one=roles[link.one, link.many_column].table)


def _role(link: Reference, taken: Collection[str]) -> Role:
    """The part that a column says: `dest` and `home_team_id` refer to destination airports and home teams."""
    thing = singular_of(table_label(link.one))
    stem = stem_of(link.many_column) or label_of(link.many_column)
    said = next(iter(synonyms_of(stem)), stem)
    part = said.removesuffix(thing).removesuffix(stem_of(link.one_column)).strip() or said
    name = "_".join((*words_of(part), *words_of(table_label(link.one))))
    count = 1
    while (unique := name if count == 1 else f"{name}_{count}") in taken:
        count += 1
    return Role(table=unique, thing=thing, part=part)


def labels(role: Role, shape: TableShape) -> dict[str, dict[str, object]]:
    """What the fields of a part are called: the name of a destination airport is the destination airport, its `tzone` the destination time zone."""
    found: dict[str, dict[str, object]] = {}
    taken: set[str] = set()
    whole = f"{role.part} {role.thing}"
    kinds = {column.name: column.kind for column in shape.profile.columns}
    # What is said for a text goes before what is said for a number: a time zone has a name first, then an offset.
    for made in sorted((made for made in shape.fields if made.use in ("dimension", "fact")), key=lambda made: kinds.get(made.column or "") != "text"):
        own = thing_of(made.name)
        if made.name.casefold() in _DESCRIBING or own == role.thing:
            label, others = whole, [*([f"{whole} {own}", f"{role.part} {own}"] if own != role.thing else [f"{whole} name"]), role.thing]
        else:
            label, others = f"{role.part} {own}", [f"{whole} {own}", *(f"{role.part} {phrase}" for phrase in synonyms_of(made.name))]
        synonyms = [phrase for phrase in dict.fromkeys(others) if phrase not in taken]
        taken |= {label, *synonyms}
        found[f"{role.table}.{made.name}"] = {"label": label} | ({"synonyms": synonyms} if synonyms else {})
    places = (f"{role.table}.{made.name}" for made in shape.fields)
    return {place: found[place] for place in places if place in found}
