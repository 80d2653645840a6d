"""Quads in rdflib's own memory store, with rdflib's own engine: slow, and independent of Oxigraph."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from kg.store.answers import cell_of
from kg.store.stores import checked, parsed

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import BlankNode, Literal, NamedNode, Quad
    from rdflib.query import Result
    from rdflib.term import Node

    from kg.store.stores import GraphName, Json


class RdflibStore:
    """A store in memory. Its queries run in this process: no time limit stops them, so give it none of strangers."""

    __slots__ = ("_dataset",)

    def __init__(self) -> None:
        from rdflib import Dataset

        self._dataset: rdflib.Dataset = Dataset(default_union=True)

    @property
    def most(self) -> int:
        return sys.maxsize

    def change(self, *, remove: Iterable[Quad] = (), add: Iterable[Quad] = ()) -> None:
        gone, come = checked(remove), checked(add)
        for quad in gone:
            self._dataset.remove(self._rdflib_quad(quad))
        for quad in come:
            self._dataset.add(self._rdflib_quad(quad))

    def load(self, nquads: bytes) -> None:
        self.change(add=parsed(nquads))

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: NamedNode | Literal | None = None,  # noqa: A002
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        from pyoxigraph import DefaultGraph, NamedNode, Quad
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        a, b, c = (None if term is None else _rdflib_term(term) for term in (subject, predicate, object))
        context = None if graph is None else self._context(graph)
        for s, p, o, name in list(self._dataset.quads((a, b, c, context))):
            ends = _oxigraph_term(s), _oxigraph_term(p), _oxigraph_term(o)
            place = DefaultGraph() if name in (None, DATASET_DEFAULT_GRAPH_ID) else NamedNode(str(name))
            if graph in (None, place):  # rdflib gives the other graphs of a triple too
                yield Quad(*ends, place)  # type: ignore[arg-type]

    def graphs(self) -> dict[GraphName, int]:
        return dict(Counter(quad.graph_name for quad in self.quads() if quad.graph_name is not None))

    def drop(self, graph: NamedNode) -> None:
        self.change(remove=list(self.quads(graph=graph)))

    def clear(self) -> None:
        self.change(remove=list(self.quads()))

    def answer(self, query: str, *, kind: str, row_cap: int, time_limit: float) -> dict[str, Json]:
        from pyparsing import ParseBaseException

        try:
            result = self._dataset.query(query)
            if kind == "ask":
                return {"kind": "ask", "value": bool(result.askAnswer)}
            if kind == "select":
                names: list[Json] = [str(name) for name in result.vars or ()]
                return {"kind": "select", "variables": names, **_capped(result, row_cap)}
            return {"kind": "graph", **_capped(result, row_cap)}
        except (ParseBaseException, ValueError, TypeError, NotImplementedError) as error:
            return {"error": "engine", "message": f"rdflib: {error}"}

    def _rdflib_quad(self, quad: Quad) -> tuple[Node, Node, Node, rdflib.Graph]:
        ends = _rdflib_term(quad.subject), _rdflib_term(quad.predicate), _rdflib_term(quad.object)
        return (*ends, self._context(quad.graph_name))

    def _context(self, graph: GraphName | BlankNode | None) -> rdflib.Graph:
        from pyoxigraph import NamedNode
        from rdflib import URIRef

        dataset = self._dataset
        return dataset.graph(URIRef(graph.value)) if isinstance(graph, NamedNode) else dataset.default_graph


def _capped(result: Result, row_cap: int) -> dict[str, Json]:
    rows: list[Json] = []
    for row in islice(result, row_cap + 1):
        terms: Iterable[Node | None] = () if isinstance(row, bool) else row
        rows.append([None if term is None else cell_of(_oxigraph_term(term)) for term in terms])
    return {"rows": rows[:row_cap], "truncated": len(rows) > row_cap}


def _rdflib_term(term: object) -> Node:
    """The same term, its text untouched: rdflib would write literals in their canonical form."""
    import rdflib
    from pyoxigraph import Literal, NamedNode

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if not isinstance(term, Literal):
        raise TypeError(f"{term}: neither IRI nor literal")
    if term.language is not None:
        return rdflib.Literal(term.value, lang=term.language)
    kind = term.datatype.value
    datatype = None if kind.endswith("XMLSchema#string") else rdflib.URIRef(kind)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def _oxigraph_term(term: Node) -> NamedNode | BlankNode | Literal:
    import rdflib
    from pyoxigraph import BlankNode, Literal, NamedNode

    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if not isinstance(term, rdflib.Literal):
        return BlankNode(str(term))
    if term.language is not None:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=None if term.datatype is None else NamedNode(str(term.datatype)))
