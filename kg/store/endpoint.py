"""Quads on a SPARQL 1.1 server.

Servers differ in their default graph: Virtuoso has none that could be written, others show it as the union of all. So
what stands in no named graph stands on the server in a graph of its own, `default_graph`, and is mapped both ways.
The server must take the union of all graphs as the default graph of queries. Graphs whose IRIs do not begin with
`id_base` are others': never read by `quads`, never changed. Queries see them, so give the graph a server of its own.

A change is one request with one operation, and the server makes that one unit of work: Oxigraph does. Virtuoso 7 does
for all that it refuses when it reads the request, which includes wrong numbers; a value on which it fails later
(geometry, XML literals; no graph of ours has any) may leave a part; kill -9 tore none of 16 changes. It also writes
numbers in their canonical form (`1` for `1.0`) and refuses integers of more than 64 bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.schema import ID_BASE
from kg.store.stores import by_graph, checked, parsed, update_text

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Quad

    from kg.store.answers import Row
    from kg.store.server import Server
    from kg.store.stores import GraphName, Json

STAND_IN = "graph"
"""Behind the base of the ids: the graph that stands for the default graph."""
MOST = 50_000  # quads in one request
PAGE = 50_000  # rows asked for at once when quads are read; a server may give fewer
POST_SIZE = 4 << 20  # characters of N-Triples in one request


class Endpoint:
    """A store on a server; `kg.store.connect.connect` finds out what fits the server.

    `default_graph`: the IRI of the graph that stands for the default graph; None takes the server's own, which is then
    read as what stands in no other graph. `most`: quads in one change.
    """

    __slots__ = ("_default", "_id_base", "_most", "server")

    def __init__(
        self,
        server: Server,
        *,
        default_graph: str | None = ID_BASE + STAND_IN,
        id_base: str = ID_BASE,
        most: int = MOST,
    ) -> None:
        self.server, self._default, self._id_base, self._most = server, default_graph, id_base, most

    @property
    def most(self) -> int:
        return self._most

    def change(self, *, remove: Iterable[Quad] = (), add: Iterable[Quad] = ()) -> None:
        gone, come = self._mapped(checked(remove)), self._mapped(checked(add))
        if len(gone) + len(come) > self._most:
            message = f"a change of {len(gone) + len(come):,} quads, more than the {self._most:,} of one request"
            raise StoreError(f"{self.server.query_url}: {message}; make several changes, or load")
        if gone or come:
            self.server.update(update_text(gone, come))

    def load(self, nquads: bytes) -> None:
        quads = self._mapped(parsed(nquads))
        if self.server.graph_store_url is None:
            rest = iter(quads)
            while some := list(islice(rest, self._most)):
                self.server.update(update_text((), some))
            return
        for graph, members in by_graph(quads).items():
            for body in _bodies(members):
                self.server.post(_named(graph), body)

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: NamedNode | Literal | None = None,  # noqa: A002
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Raises `StoreError` where not all came that there is: somebody writes meanwhile."""
        from pyoxigraph import Quad

        given = (subject, predicate, object)
        triple = " ".join(f"?{name}" if term is None else str(term) for name, term in zip("spo", given, strict=True))
        for where, name in self._patterns(triple, graph):
            wanted, found = self._number("*", where), set()
            for row in self._pages("?g ?s ?p ?o", where, wanted):
                s, p, o = (fixed or term for fixed, term in zip(given, row[1:], strict=True))
                found.add(Quad(s, p, o, name or self._local(row[0])))  # type: ignore[arg-type]
            if len(found) != wanted:
                message = f"of {wanted:,} quads {len(found):,} came"
                raise StoreError(f"{self.server.query_url}: {message}; try again when nobody writes")
            yield from found

    def graphs(self) -> dict[GraphName, int]:
        found: dict[GraphName, int] = {}
        for where, name in self._patterns("?s ?p ?o", None):
            if name is None:
                number = self._number("DISTINCT ?g", where)
                rows = self._pages("?g (COUNT(*) AS ?n)", where, number, "GROUP BY ?g")
                found |= {self._local(row[0]): _integer(row[1]) for row in rows}
            elif number := self._number("*", where):
                found[name] = number
        return found

    def drop(self, graph: NamedNode) -> None:
        self._refuse_strange(graph.value)
        self.server.update(f"DELETE WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")

    def clear(self) -> None:
        where = f"GRAPH ?g {{ ?s ?p ?o }} FILTER({self._ours()})"
        self.server.update(f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ {where} }}")
        if self._default is None:
            self.server.update("DELETE WHERE { ?s ?p ?o }")

    def answer(self, query: str, *, kind: str, row_cap: int, time_limit: float) -> dict[str, Json]:
        return self.server.answer(query, kind=kind, row_cap=row_cap, time_limit=time_limit)

    def _patterns(self, triple: str, graph: GraphName | None) -> Iterator[tuple[str, GraphName | None]]:
        """What to ask for, and the graph that all answers are of; None where ?g says so."""
        from pyoxigraph import DefaultGraph

        own = DefaultGraph()
        if graph is None:
            yield f"GRAPH ?g {{ {triple} }} FILTER({self._ours()})", None
        elif not isinstance(graph, DefaultGraph):
            if self._is_ours(graph.value):
                yield f"GRAPH {graph} {{ {triple} }}", graph
        elif self._default is not None:
            yield f"GRAPH <{self._default}> {{ {triple} }}", own
        if self._default is None and (graph is None or graph == own):
            yield f"{triple} FILTER NOT EXISTS {{ GRAPH ?any {{ {triple} }} }}", own

    def _pages(self, variables: str, where: str, wanted: int, tail: str = "") -> Iterator[Row]:
        """The rows, `wanted` or a few more. Servers give so many at once, some silently, so they are asked again."""
        offset, came, width = 0, True, variables.count("?")
        while came and offset < wanted:
            came = False
            for row in self.server.rows(f"SELECT {variables} WHERE {{ {where} }} {tail} LIMIT {PAGE} OFFSET {offset}"):
                if len(row) != width:
                    raise StoreError(f"{self.server.query_url}: {len(row)} columns came for {variables}; see its log")
                offset, came = offset + 1, True
                yield row

    def _number(self, counted: str, where: str) -> int:
        return sum(_integer(row[0]) for row in self.server.rows(f"SELECT (COUNT({counted}) AS ?n) WHERE {{ {where} }}"))

    def _ours(self) -> str:
        """The filter for ?g."""
        known = "" if self._default is None else f" || ?g = <{self._default}>"
        return f'STRSTARTS(STR(?g), "{self._id_base}"){known}'

    def _is_ours(self, graph: str) -> bool:
        return graph.startswith(self._id_base) and graph != self._default

    def _refuse_strange(self, graph: str) -> None:
        if not self._is_ours(graph):
            message = f"the graph <{graph}> is not below {self._id_base}, or stands for the default graph"
            raise StoreError(f"{self.server.query_url}: {message}; it is not changed. Give the graph another IRI")

    def _mapped(self, quads: list[Quad]) -> list[Quad]:
        """The quads as the server holds them."""
        from pyoxigraph import NamedNode, Quad

        stand_in = None if self._default is None else NamedNode(self._default)
        out = []
        for quad in quads:
            if isinstance(quad.graph_name, NamedNode):
                self._refuse_strange(quad.graph_name.value)
                out.append(quad)
            else:
                out.append(Quad(quad.subject, quad.predicate, quad.object, stand_in))
        return out

    def _local(self, graph: object) -> GraphName:
        """The graph as we name it."""
        from pyoxigraph import DefaultGraph, NamedNode

        if not isinstance(graph, NamedNode):
            raise StoreError(f"{self.server.query_url}: the server names a graph {graph}; is it a SPARQL 1.1 server?")
        return DefaultGraph() if graph.value == self._default else graph


def _bodies(quads: Iterable[Quad]) -> Iterator[str]:
    """The quads' triples as N-Triples, in pieces of about `POST_SIZE` characters."""
    lines: list[str] = []
    size = 0
    for quad in quads:
        line = f"{quad.subject} {quad.predicate} {quad.object} .\n"
        if lines and size + len(line) > POST_SIZE:
            yield "".join(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield "".join(lines)


def _named(graph: GraphName) -> NamedNode | None:
    from pyoxigraph import NamedNode

    return graph if isinstance(graph, NamedNode) else None


def _integer(term: object) -> int:
    from pyoxigraph import Literal

    return int(term.value) if isinstance(term, Literal) else 0
