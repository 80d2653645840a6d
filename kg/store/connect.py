"""Find out what a SPARQL server is like, and open the graph on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.errors import StoreError
from kg.schema import ID_BASE, NAMESPACE, Schema, load_schema
from kg.store.endpoint import MOST, STAND_IN, Endpoint
from kg.store.graph import Graph
from kg.store.names import RDF
from kg.store.place import Place
from kg.store.server import Server

if TYPE_CHECKING:
    from kg.store.answers import Row

MOST_ON_VIRTUOSO = 900
"""Quads in one change: Virtuoso 7 makes SQL of it, of 10,000 lines at most, some 10 a quad."""
_STATEMENT = f"?s <{RDF}type> <{NAMESPACE}Statement>"


def is_url(text: str) -> bool:
    """Whether it is the address of a server and no folder."""
    return urlsplit(text).scheme in ("http", "https")


def open_endpoint(
    url: str, schema: Schema | None = None, *, headers: Mapping[str, str] | None = None, id_base: str = ID_BASE
) -> Graph:
    """The graph on the server whose queries go to `url`, for reading.

    Queries are answered there. All else is read from there once, when first asked for; the texts of the documents, and
    what reading found in them, do not lie there. Raises `StoreError` like `connect`.
    """
    endpoint = connect(url, headers=headers, id_base=id_base)
    return Graph.at(Place(endpoint=endpoint), schema or load_schema(), id_base=id_base)


def connect(
    query_url: str,
    update_url: str | None = None,
    graph_store_url: str | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    id_base: str = ID_BASE,
    timeout: float = 120.0,
) -> Endpoint:
    """The store at `query_url`, after a look at the server: whether it answers, which graph stands for the default
    graph, how much it takes at once. `update_url`: if not given, `query_url` with `/update` for `/query` at its end.

    Raises `StoreError` where no SPARQL endpoint answers, or its default graph is not the union of all graphs.
    """
    if update_url is None:
        update_url = query_url.removesuffix("/query") + "/update" if query_url.endswith("/query") else query_url
    server = Server(query_url, update_url, graph_store_url, dict(headers or {}), timeout)
    most = MOST_ON_VIRTUOSO if "virtuoso" in server.name().lower() else MOST
    return Endpoint(server, default_graph=_default_graph(server, id_base + STAND_IN), id_base=id_base, most=most)


def _default_graph(server: Server, stand_in: str) -> str | None:
    """The graph where the statements of the server lie; None if in no named one, `stand_in` if there are none."""
    from pyoxigraph import NamedNode

    seen = _first(server, f"SELECT ?s WHERE {{ {_STATEMENT} }} LIMIT 1")
    if seen:
        named = _first(server, f"SELECT ?g WHERE {{ GRAPH ?g {{ {_STATEMENT.replace('?s', str(seen[0]))} }} }} LIMIT 1")
        return named[0].value if named and isinstance(named[0], NamedNode) else None
    if _first(server, f"SELECT ?g WHERE {{ GRAPH ?g {{ {_STATEMENT} }} }} LIMIT 1"):
        how = "start Oxigraph with --union-default-graph, set unionDefaultGraph in Fuseki"
        raise StoreError(f"{server.query_url}: its default graph is not the union of its graphs; {how}")
    return stand_in


def _first(server: Server, select: str) -> Row | None:
    return next(server.rows(select), None)
