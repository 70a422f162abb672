"""`--chart FILE`: the picture of an answer, as the name of the file says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.errors import WrongSettings

if TYPE_CHECKING:
    from insights.answers import Chart

_FORMS = (".svg", ".png")
NONE = "insights: there is no picture of this answer, so no file was written; figures by group or over time have one."


def named(_: click.Context, __: click.Parameter, value: Path | None) -> Path | None:
    """The file asked for, before anything is asked or done. Raises BadParameter for a form or a place in which it cannot be written."""
    if value is None:
        return None
    if value.suffix.lower() not in _FORMS:
        raise click.BadParameter(f"{str(value)!r} ends in neither .svg nor .png, the two kinds of picture there are.")
    if not value.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(value.parent)!r} to write {value.name!r} into.")
    if value.suffix.lower() == ".png":
        from insights.pictures.png import renderer

        renderer()
    return value


def write_picture(chart: Chart | None, path: Path, locale: str) -> bool:
    """Write the picture, True where there is one. Raises WrongSettings where the file cannot be written."""
    from insights.pictures import draw, png, svg

    if chart is None:
        click.echo(NONE, err=True)
        return False
    picture = draw(chart, locale)
    content = png(picture) if path.suffix.lower() == ".png" else svg(picture).encode()
    try:
        path.write_bytes(content)
    except OSError as error:
        raise WrongSettings(f"{str(path)!r} cannot be written: {error.strerror}.", remedy="Name another file with --chart.") from None
    return True
