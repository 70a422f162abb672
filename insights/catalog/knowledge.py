"""Reads what the company knows about itself from organization.yaml: `handbook`, the folders of its documents, and `facts`, what there is to say at once."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from insights.catalog.sections import Section
from insights.organization import Fact


def read_handbook(top: Section, folder: Path) -> tuple[str, ...]:
    """The folders of documents, relative to the file; one that does not exist is a problem."""
    found = []
    for name in top.texts("handbook"):
        place = (folder / name).absolute()
        if not place.exists():
            top.report("handbook", f"there is no folder '{name[:80]}'.", f"It is looked for in {folder.name or folder}.")
            continue
        found.append(str(place))
    return tuple(found)


def read_facts(top: Section, rooms: Container[str]) -> tuple[Fact, ...]:
    """Each fact: `about` (how people call it), `say`, and where and to whom."""
    facts = []
    for node in top.items("facts"):
        section = Section(node, top.notebook, "a fact")
        about = section.texts("about")
        if not about:
            section.report("about", "a fact needs 'about': what people call it.", "Write about: [wi-fi password, guest network].")
        audience = section.choice("audience", ("all", "private"))
        for room in section.texts("rooms"):
            if room not in rooms:
                section.report("rooms", f"there is no room '{room[:60]}'.", "Add it to 'rooms'.")
        fact = Fact(
            about=about or ("",),
            say=section.required("say", example="say: The network is Halcyon.") or "",
            rooms=section.texts("rooms"),
            roles=frozenset(section.texts("roles")),
            private=audience == "private",
            owner=section.text("owner"),
            updated=section.day("updated"),
        )
        section.done()
        facts.append(fact)
    return tuple(facts)
