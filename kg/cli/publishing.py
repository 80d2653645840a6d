"""`kg publish`: a graph folder's quads onto a SPARQL server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands import DEFAULT_GRAPH, GraphFolder
from kg.cli.terminal import say

if TYPE_CHECKING:
    from kg.store.graph import Graph

User = Annotated[str | None, typer.Option("--user", help="User of the server; the password is in KG_PASSWORD.")]


def publish_command(
    to: Annotated[str, typer.Option("--to", help="Where the server takes queries: http://localhost:7878/query.")],
    graph: GraphFolder = DEFAULT_GRAPH,
    update_url: Annotated[
        str | None, typer.Option(help="Where it takes updates; else /update for /query, or the same.")
    ] = None,
    graph_store_url: Annotated[
        str | None, typer.Option(help="Where it takes whole graphs (Graph Store Protocol); used for large first loads.")
    ] = None,
    user: User = None,
) -> None:
    """Bring a SPARQL server in line with the graph; only what differs is sent."""
    from pyoxigraph import RdfFormat, parse

    from kg.store.connect import connect
    from kg.store.folder import open_folder
    from kg.store.publish import publish

    opened = open_folder(graph)
    quads = parse(opened.to_nquads(), format=RdfFormat.N_QUADS)
    endpoint = connect(to, update_url, graph_store_url, headers=headers_of(user), id_base=opened.id_base)
    done = publish(quads, endpoint)
    say(f"{done.added} quads added, {done.removed} removed, {done.kept} were there; changes: {done.changes}")


def opened_graph(place: str, user: str | None) -> Graph:
    """The graph in a folder, or on the server of that address."""
    from pathlib import Path

    from kg.store.connect import is_url, open_endpoint
    from kg.store.folder import open_folder

    return open_endpoint(place, headers=headers_of(user)) if is_url(place) else open_folder(Path(place))


def headers_of(user: str | None) -> dict[str, str]:
    """What is sent with each request: the user, with the password of the environment."""
    from kg.store.http import basic

    return {} if user is None else basic(user, os.environ.get("KG_PASSWORD", ""))
