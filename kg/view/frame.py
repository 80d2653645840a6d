"""The explorer where it is wanted: in a file, and in a notebook, in a frame that can reach nothing of the notebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import StatementSet
from kg.schema import ID_BASE, Schema
from kg.view.choice import chosen_by
from kg.view.inline import templates
from kg.view.page import page
from kg.view.picture import node_ids

if TYPE_CHECKING:
    from kg.query.results import Table


@dataclass(frozen=True, slots=True)
class Framed:
    """A page, as a notebook shows it at the end of a cell."""

    html: str

    def _repr_html_(self) -> str:
        return templates().get_template("frame.html.j2").render(page=self.html)


def framed(
    statements: StatementSet,
    schema: Schema,
    out: str | Path | None = None,
    *,
    result: Table | None = None,
    along: Iterable[str] = (),
    entity: str | None = None,
    hops: int = 1,
    top: int | None = None,
    folder: Path | None = None,
    id_base: str = ID_BASE,
) -> Framed:
    """The explorer over all statements, written to `out` if given. It opens on what the rest chooses (see
    `kg.view.choice.chosen_by`, which says what is refused), or on the best connected. `folder`: see `kg.view.page`."""
    first = None
    if result is not None or entity is not None or top is not None:
        chosen = chosen_by(
            statements, schema, result=result, along=along, entity=entity, hops=hops, top=top, id_base=id_base
        )
        first = node_ids(chosen)
    html = page(statements, first=first, folder=folder, id_base=id_base)
    if out is not None:
        Path(out).write_bytes(html.encode("utf-8"))
    return Framed(html)
