"""`kg export`: the graph in other formats, and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.commands import DEFAULT_GRAPH, GraphFolder
from kg.cli.querying import Entity, Given, Hops, Query, chosen
from kg.cli.terminal import say, write
from kg.errors import KgError

FOR_PICTURES = ["top", "entity", "hops", "query", "given", "title", "dark", "all_statuses", "width", "height", "scale"]


def export_command(  # noqa: PLR0917  each is an option that the user names
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
    form: Annotated[
        str, typer.Option("--format", "-f", help="nquads, turtle, jsonld, graphml, csv, facts or pyvis; svg or png.")
    ],
    graph: GraphFolder = DEFAULT_GRAPH,
    top: Annotated[
        int | None, typer.Option(min=2, help="Draw so many entities at most, the best connected; 40 if not given.")
    ] = None,
    entity: Entity = None,
    hops: Hops = 1,
    query: Query = None,
    given: Given = None,
    title: Annotated[str | None, typer.Option(help="Title of the picture.")] = None,
    dark: Annotated[bool, typer.Option("--dark", help="Draw on a dark ground.")] = False,
    all_statuses: Annotated[bool, typer.Option("--all-statuses", help="Draw also what ended or was denied.")] = False,
    width: Annotated[int, typer.Option(help="Width of the picture in pixels.")] = 1600,
    height: Annotated[int, typer.Option(help="Height of the picture in pixels.")] = 1000,
    scale: Annotated[float, typer.Option(help="For png: so many times as many pixels.")] = 2.0,
) -> None:
    """Write the graph in another format, or draw it for print: the options from --top on are for svg and png."""
    from kg.export.picture import FORMATS
    from kg.store.folder import open_folder
    from kg.view.drawing import PrintOptions

    opened = open_folder(graph)
    if form not in FORMATS:
        _refuse(context)
        write(out, lambda: opened.export(form, out))
        say(f"{form}: {out}")
        return
    shown = chosen(opened, query=query, given=given, entity=entity, hops=hops, top=top)
    look = PrintOptions(title, dark, all_statuses, width, height, scale=scale)
    write(out, lambda: opened.picture(out, form=form, look=look, **shown))
    say(f"{form}: {out}")


def _refuse(context: typer.Context) -> None:
    """Options for pictures do nothing in other formats, so they are refused."""
    for name in FOR_PICTURES:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = {"given": "with"}.get(name, name).replace("_", "-")
            raise KgError(f"--{option} is for pictures: use it with --format svg or png")
