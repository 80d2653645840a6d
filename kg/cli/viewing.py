"""`kg view`: the explorer as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.commands import DEFAULT_GRAPH, GraphFolder
from kg.cli.querying import answer, asked_about
from kg.cli.terminal import progress, say, write
from kg.errors import KgError


def view_command(  # noqa: PLR0917  each is an option that the user names
    graph: GraphFolder = DEFAULT_GRAPH,
    out: Annotated[Path, typer.Option("--out", "-o", help="HTML file to write.")] = Path("graph.html"),
    top: Annotated[int | None, typer.Option(min=1, help="Open on so many entities, the best connected.")] = None,
    entity: Annotated[str | None, typer.Option(help="Open on what is around this entity.")] = None,
    hops: Annotated[int, typer.Option(min=1, help="How many statements away from it.")] = 1,
    query: Annotated[
        str | None, typer.Option(help="Open on what a query finds: its name, or SPARQL, @FILE or -.")
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("--with", "-w", metavar="NAME=VALUE", help="A parameter of a named query.")
    ] = None,
) -> None:
    """Write the graph as one interactive HTML page that works offline."""
    from kg.store.folder import open_folder

    if given and query is None:
        raise KgError("--with is for --query NAME")
    opened = open_folder(graph)
    result = answer(opened, query, given or []) if query is not None else None
    along = asked_about(query, given or []) if query is not None else ()
    with progress("drawing"):
        write(out, lambda: opened.view(out, result=result, along=along, entity=entity, hops=hops, top=top))
    say(f"page: {out}")
