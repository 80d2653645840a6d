"""Runs one query, in a process of its own: `python -P child.py`, a request on stdin, the answer on stdout.

It imports nothing of this package, so that it starts in a few hundredths of a second. The request is one line of
JSON; N-Quads may follow, where no store on disk is named. The answer is one JSON object: `kind` (`select`, `ask`,
`graph`) with the result, or `error` (`syntax`, `store`, `engine`) with a message.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, QueryTriples, Store, Triple

    Term = NamedNode | BlankNode | Literal | Triple

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


class Request(TypedDict):
    """`store`: folder on disk, or None where N-Quads follow. `memory`: bytes. `seconds`: of processor time."""

    query: str
    prefixes: dict[str, str]
    store: str | None
    row_cap: int
    memory: int
    seconds: int


def evaluate(store: Store, query: str, prefixes: Mapping[str, str], row_cap: int) -> dict[str, Json]:
    """The answer to `query`, of `row_cap` rows at most. Raises SyntaxError for a query that does not parse."""
    from pyoxigraph import QueryBoolean, QuerySolutions

    result = store.query(query, prefixes=dict(prefixes), use_default_graph_as_union=True)
    if isinstance(result, QueryBoolean):
        return {"kind": "ask", "value": bool(result)}
    if isinstance(result, QuerySolutions):
        rows = list(islice(_rows(result), row_cap + 1))
        variables: list[Json] = [variable.value for variable in result.variables]
        return {"kind": "select", "variables": variables, "rows": rows[:row_cap], "truncated": len(rows) > row_cap}
    triples = list(islice(_triples(result), row_cap + 1))
    return {"kind": "graph", "rows": triples[:row_cap], "truncated": len(triples) > row_cap}


def encode(term: Term) -> Json:
    """A term in the form of the SPARQL 1.1 JSON results."""
    import pyoxigraph as ox  # of each cell: a `from` import takes longer than all the rest

    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        literal: dict[str, Json] = {"type": "literal", "value": term.value}
        if term.language is not None:
            literal["xml:lang"] = term.language
        elif term.datatype.value != "http://www.w3.org/2001/XMLSchema#string":
            literal["datatype"] = term.datatype.value
        return literal
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    return {"type": "triple", "value": {name: encode(part) for name, part in parts.items()}}


def _rows(solutions: QuerySolutions) -> Iterator[Json]:
    for solution in solutions:
        yield [None if term is None else encode(term) for term in solution]


def _triples(triples: QueryTriples) -> Iterator[Json]:
    """Each triple once: a template may make the same one of many solutions."""
    seen: set[Triple] = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield [encode(triple.subject), encode(triple.predicate), encode(triple.object)]


def _limit(request: Request) -> None:
    """The system's own limits, in case the parent is gone and nobody kills this process."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, amount in ((resource.RLIMIT_AS, request["memory"]), (resource.RLIMIT_CPU, request["seconds"])):
        _, hard = resource.getrlimit(what)
        soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(what, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: Request) -> dict[str, Json]:
    from pyoxigraph import RdfFormat, Store

    try:
        if request["store"] is not None:
            store = Store.read_only(request["store"])
        else:
            store = Store()
            store.bulk_load(sys.stdin.buffer, RdfFormat.N_QUADS, lenient=True)
    except (OSError, SyntaxError) as error:
        return {"error": "store", "message": str(error)}
    try:
        return evaluate(store, request["query"], request["prefixes"], request["row_cap"])
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error)}
    except (OSError, ValueError, RuntimeError) as error:
        return {"error": "engine", "message": str(error)}
    except MemoryError:
        return {"error": "memory", "message": ""}


def main() -> None:
    request: Request = json.loads(sys.stdin.buffer.readline())
    _limit(request)
    sys.stdout.buffer.write(json.dumps(_answer(request)).encode("ascii"))


if __name__ == "__main__":
    main()
