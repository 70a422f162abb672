"""`insights generate`: the files that are made from the catalog, the intents and the types."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from insights import doors
from insights.errors import WrongSettings

SCHEMA = "docs/contract.schema.json"


@click.command(epilog="\b\nExamples:\n  insights generate\n  insights generate --check\n")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=".", help="The top of the project.")
@click.option("--check", is_flag=True, help="Write nothing; name the files that are stale, with status 1.")
def generate(root: Path, check: bool) -> None:
    """Renew interaction models, Slack manifest, JSON Schema and gallery from the demo company's catalog and the intents."""
    if not (root / "pyproject.toml").is_file():
        raise WrongSettings(f"{root} is not the top of the project.", remedy="Name it with --root.")
    stale = []
    for name, content in sorted(files().items()):
        path = root / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            click.echo(f"wrote {name}")
    if check and stale:
        click.echo(f"stale: {', '.join(stale)}; renew with `make models`", err=True)
        sys.exit(1)


def files() -> Mapping[str, str]:
    """Every generated file: path from the top of the project -> content."""
    from insights import wiring
    from insights.demo.company import LEAST_ROWS, make
    from insights.pictures import gallery
    from insights.schema import schema

    made: dict[str, str] = {SCHEMA: json.dumps(schema(), indent=2) + "\n", **gallery.files()}
    with TemporaryDirectory() as folder:
        company = make(Path(folder), rows=LEAST_ROWS)  # the definitions are the same at any size
        assistant = wiring.open_catalog(company.folder, home=Path(folder))
        for door in doors.load().values():
            made |= door.generate(assistant)
        assistant.close()
    return made
