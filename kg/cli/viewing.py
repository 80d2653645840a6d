"""`kg view`: the explorer as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.commands import DEFAULT_GRAPH, GraphFolder
from kg.cli.querying import Entity, Given, Hops, Query, chosen
from kg.cli.terminal import progress, say, write


def view_command(  # noqa: PLR0917  each is an option that the user names
    graph: GraphFolder = DEFAULT_GRAPH,
    out: Annotated[Path, typer.Option("--out", "-o", help="HTML file to write.")] = Path("graph.html"),
    top: Annotated[int | None, typer.Option(min=1, help="Open on so many entities, the best connected.")] = None,
    entity: Entity = None,
    hops: Hops = 1,
    query: Query = None,
    given: Given = None,
) -> None:
    """Write the graph as one interactive HTML page that works offline; the options choose what it opens on."""
    from kg.store.folder import open_folder

    opened = open_folder(graph)
    shown = chosen(opened, query=query, given=given, entity=entity, hops=hops, top=top)
    with progress("drawing"):
        write(out, lambda: opened.view(out, **shown))
    say(f"page: {out}")
