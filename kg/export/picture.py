"""A picture of what a user chose: around an entity, or of what a query found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.data import did_you_mean
from kg.errors import KgError
from kg.export.png import png
from kg.export.svg import svg
from kg.model import StatementSet
from kg.schema import ID_BASE, Schema, load_schema
from kg.view.choice import cells, chosen_by, links
from kg.view.drawing import PrintOptions
from kg.view.drawn import draw, shown_statuses
from kg.view.style import load_style

if TYPE_CHECKING:
    from kg.query.results import Table

FORMATS = ("svg", "png")
TOP = 40  # entities that a picture shows where nobody says how many


def export(statements: StatementSet, out: Path, *, form: str) -> None:
    """Write the picture of the best connected of the statements. Raises what `write_picture` does."""
    write_picture(statements, load_schema(), out, form=form)


def write_picture(
    statements: StatementSet,
    schema: Schema,
    out: Path,
    *,
    form: str | None = None,
    result: Table | None = None,
    along: Iterable[str] = (),
    entity: str | None = None,
    hops: int = 1,
    top: int | None = None,
    options: PrintOptions | None = None,
    id_base: str = ID_BASE,
) -> None:
    """Write a picture of the statements that these choose (see `kg.view.choice.choose`; its triples or rows are those
    of `result`).

    `form`: one of `FORMATS`; else the ending of `out` says it. Raises `KgError` for another, for what `choose` refuses,
    and for PNG where the extra `pictures` is not installed.
    """
    form = form or out.suffix[1:].lower()
    if form not in FORMATS:
        raise KgError(f"no format of pictures {form!r}: {did_you_mean(form, FORMATS)}")
    options, style = options or PrintOptions(), load_style()
    triples = cells(result) if result is not None and result.kind == "graph" else None
    chosen = chosen_by(
        statements,
        schema,
        result=result,
        along=along,
        entity=entity,
        hops=hops,
        top=max(top or TOP, 2),
        statuses=shown_statuses(style, options),
        id_base=id_base,
    )
    extra_links = links(statements, triples, schema, id_base=id_base) if triples is not None else ()
    drawing = draw(chosen, schema, style, options=options, links=extra_links, whole=statements)
    painted = svg(drawing).encode("utf-8") if form == "svg" else png(drawing, scale=options.scale)
    out.write_bytes(painted)
