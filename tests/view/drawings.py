"""Drawings for the tests of pictures for print."""

from __future__ import annotations

from kg.model import StatementSet
from kg.schema import load_schema
from kg.view.choice import choose
from kg.view.drawing import Drawing, PrintOptions
from kg.view.drawn import draw, shown_statuses
from kg.view.style import load_style


def drawn(given: StatementSet, *, top: int = 40, **options: object) -> Drawing:
    """The best connected of these, as `kg.export.picture` draws them; `options`: those of `PrintOptions`."""
    schema, style, look = load_schema(), load_style(), PrintOptions(**options)  # type: ignore[arg-type]
    chosen = choose(given, schema, top=top, statuses=shown_statuses(style, look))
    return draw(chosen, schema, style, options=look, whole=given)
