"""What every store can do, whatever lies under it: memory, a folder on disk, a SPARQL 1.1 endpoint.

A store holds RDF 1.1 quads without blank nodes. One `change` is one unit of work. `kg.query.sparql.run` takes any of
them as its source, with all graphs as the default graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kg.errors import StoreError

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

    GraphName = NamedNode | BlankNode | DefaultGraph  # never a blank node

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


class Store(Protocol):
    """Where the quads of a graph lie."""

    @property
    def most(self) -> int:
        """How many quads one change may have, the removed and the added together."""

    def change(self, *, remove: Iterable[Quad] = (), add: Iterable[Quad] = ()) -> None:
        """Take quads out and put quads in, as one unit of work: all of it or, where this raises, nothing.

        What is removed and added stays. Removing what is not there and adding what is there changes nothing.
        Raises `StoreError` for quads that a store does not hold, and for more than `most` of them.
        """

    def load(self, nquads: bytes) -> None:
        """Put in as many quads as there are, fast. Where this raises, a part may be in; load again.

        Raises `StoreError` as `change` does, and for what is no N-Quads.
        """

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: NamedNode | Literal | None = None,  # noqa: A002  the word of RDF
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """The quads that fit, in no order; None fits all, also of `graph`."""

    def graphs(self) -> dict[GraphName, int]:
        """The graphs that hold something, with how many quads each has."""

    def drop(self, graph: NamedNode) -> None:
        """Take out all quads of a named graph, as one unit of work; nothing happens where there is none."""

    def clear(self) -> None:
        """Take out all quads."""


@runtime_checkable
class Answering(Protocol):
    """A store that answers queries itself. The others show `kg.query.sparql` what Oxigraph is to run on."""

    def answer(self, query: str, *, kind: str, row_cap: int, time_limit: float) -> dict[str, Json]:
        """The answer to a query that was guarded before, in the form of `kg.query.child`, of `row_cap` rows at most.

        `kind`: select, ask or graph. It declares the prefixes that it uses.
        `time_limit`: seconds. An error of the kind `time` is a query that was given up.
        Raises `StoreError` where the store cannot be reached or answers with nonsense.
        """


def checked(quads: Iterable[Quad]) -> list[Quad]:
    """The quads, each once, in their order. Raises `StoreError` for blank nodes and triple terms."""
    from pyoxigraph import DefaultGraph, Literal, NamedNode

    out = dict.fromkeys(quads)
    for quad in out:
        parts = (
            (quad.subject, NamedNode),
            (quad.object, NamedNode | Literal),
            (quad.graph_name, NamedNode | DefaultGraph),
        )
        for term, kinds in parts:
            if not isinstance(term, kinds):
                message = "only IRIs and literals can be stored, so that storing twice changes nothing"
                raise StoreError(f"{str(term)[:80]}: {message}; give it an IRI")
    return list(out)


def parsed(nquads: bytes) -> list[Quad]:
    """The quads of N-Quads, `checked`."""
    from pyoxigraph import RdfFormat, parse

    try:
        return checked(parse(nquads, format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise StoreError(f"these are no N-Quads: {error}; mend the line or export the graph again") from error


def by_graph(quads: Iterable[Quad]) -> dict[GraphName, list[Quad]]:
    """The quads by their graph, in their order."""
    found: dict[GraphName, list[Quad]] = defaultdict(list)
    for quad in quads:
        found[quad.graph_name].append(quad)
    return dict(found)


def update_text(remove: Iterable[Quad], add: Iterable[Quad]) -> str:
    """One SPARQL 1.1 operation, so that servers without transactions over several do all of it or nothing."""
    removed, added = _block(remove), _block(add)
    if removed and added:
        return f"DELETE {{\n{removed}}} INSERT {{\n{added}}} WHERE {{}}"
    return f"INSERT DATA {{\n{added}}}" if added else f"DELETE DATA {{\n{removed}}}"


def _block(quads: Iterable[Quad]) -> str:
    lines = []
    for graph, members in by_graph(quads).items():
        triples = "\n".join(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in members)
        lines.append(f"{triples}\n" if str(graph) == "DEFAULT" else f"GRAPH {graph} {{\n{triples}\n}}\n")
    return "".join(lines)
