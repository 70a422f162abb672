"""The filters of dbt metrics, written in the fields of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from insights.catalog.dbt_inputs import Filters, LeftOut
from insights.catalog.dbt_measures import Measure
from insights.catalog.dbt_models import STORED, SemanticModels
from insights.catalog.dbt_pieces import Shelf
from insights.catalog.dbt_where import Reference, template_of
from insights.catalog.notes import Part
from insights.catalog.scopes import ExpressionError

_EXTRACTED: Mapping[str, str] = {part: f"EXTRACT({part.upper()} FROM {{}})" for part in ("year", "quarter", "month", "day", "doy")} | {
    "dow": "EXTRACT(ISODOW FROM {})"
}


def condition(filters: Filters, measure: Measure, models: SemanticModels, shelf: Shelf, metric: Callable[[str], str]) -> Part | None:
    """The filters in the fields of the model; `metric` makes one that they name. Raises LeftOut for what they cannot say."""
    written = []
    for part in dict.fromkeys(filters):
        try:
            written.append("".join(_piece(piece, measure, models, shelf, metric) for piece in template_of(part.text.strip(), shelf.grains)))
        except ExpressionError as error:
            raise LeftOut(part.line, error.message, error.suggestion) from None
    if not written:
        return None
    text = written[0] if len(written) == 1 else " AND ".join(f"({one})" for one in written)
    return Part(text=text, line=filters[0].line, dialect=shelf.dialect)


def _piece(piece: str | Reference, measure: Measure, models: SemanticModels, shelf: Shelf, metric: Callable[[str], str]) -> str:
    if not isinstance(piece, Reference):
        return piece
    if piece.kind == "metric":
        models.check_entity(piece.path[0], measure)
        return f"METRIC({metric(piece.name)}, {piece.path[0]})"
    field, own = models.field(piece, measure)
    grain = own if piece.grain in shelf.grains else piece.grain or own
    text = str(field)
    if grain is not None and piece.kind == "dimension" and not (grain == own and grain in STORED):
        text = shelf.truncated(grain, text)
    return _EXTRACTED[piece.part].format(text) if piece.part is not None else text
