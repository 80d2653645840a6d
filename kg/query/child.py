"""Runs one query, in a process of its own: `python -P child.py`, a request on stdin, the answer on stdout.

It imports nothing of this package, so that it starts in a few hundredths of a second. The request is one line of
JSON; N-Quads may follow, where no store on disk is named. The answer is one JSON object: `kind` (`select`, `ask`,
`graph`) with the result, or `error` (`syntax`, `store`, `engine`, `memory`) with a message.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, QueryTriples, Store, Triple

    Term = NamedNode | BlankNode | Literal | Triple

MAX_NESTING = 100
"""How deep triple terms may be nested in a result, or in N-Quads."""
_LARGEST = 1 << 26  # characters of a result, and 1,024 more for each row that is asked for

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


CHANGING = ("No such file", "Corruption")
"""What the engine says of files that went away while it read."""
PAUSES = (0.01, 0.03, 0.1, 0.3)  # seconds


class Request(TypedDict):
    """`store`: folder on disk, or None where N-Quads follow. `memory`: bytes. `seconds`: after which all is over.

    `union`: all graphs are the default graph. `base`: of the relative IRIs that the query makes.
    """

    query: str
    store: str | None
    union: bool
    base: str | None
    row_cap: int
    memory: int
    seconds: int


def evaluate(store: Store, query: str, row_cap: int, *, union: bool, base: str | None) -> dict[str, Json]:
    """The answer to `query`, of `row_cap` rows at most. Raises SyntaxError for a query that does not parse, ValueError
    for a result that is too large."""
    from pyoxigraph import QueryBoolean, QuerySolutions

    result = store.query(query, base_iri=base, use_default_graph_as_union=union)
    if isinstance(result, QueryBoolean):
        return {"kind": "ask", "value": bool(result)}
    if isinstance(result, QuerySolutions):
        rows = _first(_rows(result), row_cap)
        variables: list[Json] = [variable.value for variable in result.variables]
        return {"kind": "select", "variables": variables, "rows": rows[:row_cap], "truncated": len(rows) > row_cap}
    triples = _first(_triples(result), row_cap)
    return {"kind": "graph", "rows": triples[:row_cap], "truncated": len(triples) > row_cap}


def encode(term: Term, nesting: int = 0) -> Json:
    """A term in the form of the SPARQL 1.1 JSON results. Raises ValueError for triple terms nested too deep."""
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
    if nesting == MAX_NESTING:
        raise ValueError(f"a triple term of its result is nested more than {MAX_NESTING} deep")
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    return {"type": "triple", "value": {name: encode(part, nesting + 1) for name, part in parts.items()}}


def _first(rows: Iterator[Json], row_cap: int) -> list[Json]:
    """One row more than `row_cap`, to see that there are more."""
    kept, left = [], _LARGEST + (row_cap << 10)
    for row in islice(rows, row_cap + 1):
        left -= _characters(row)
        if left < 0:
            raise ValueError(f"its result is larger than {_LARGEST >> 20} million characters; ask for less of it")
        kept.append(row)
    return kept


def _characters(cell: Json) -> int:
    if isinstance(cell, dict):
        return sum(map(_characters, cell.values()))
    if isinstance(cell, list):
        return sum(map(_characters, cell))
    return len(cell) if isinstance(cell, str) else 1


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
        import signal
    except ImportError:  # not on Windows
        return
    if hasattr(signal, "alarm"):
        signal.alarm(request["seconds"])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = request["memory"] if hard == resource.RLIM_INFINITY else min(request["memory"], hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cut_off() -> None:
    """Where the system is Linux: this process ends with its parent, and the kernel refuses it every socket.

    No query that asks for another server comes here; should one ever, it still does not get out.
    """
    if sys.platform != "linux":
        return
    import ctypes
    import os
    import struct

    system = ctypes.CDLL(None)
    system.prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
    known = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}.get(os.uname().machine)
    if known is None:
        return
    architecture, socket_call = known
    steps = (
        (0x20, 0, 0, 4),  # load the architecture
        (0x15, 0, 2, architecture),
        (0x20, 0, 0, 0),  # load the number of the call
        (0x15, 1, 0, socket_call),
        (0x06, 0, 0, 0x7FFF0000),  # allow
        (0x06, 0, 0, 0x00050000 | 13),  # refuse: EACCES
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    system.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    system.prctl(22, 2, program)  # PR_SET_SECCOMP, with a filter


def _answer(request: Request) -> dict[str, Json]:
    """Where somebody is changing the store, files that were there when it was opened may be gone: then once more."""
    for pause in PAUSES if request["store"] is not None else ():
        answer = _attempt(request)
        if not any(sign in str(answer.get("message")) for sign in CHANGING):
            return answer
        time.sleep(pause)
    return _attempt(request)


def _attempt(request: Request) -> dict[str, Json]:
    from pyoxigraph import RdfFormat, Store

    try:
        if request["store"] is not None:
            store = Store.read_only(request["store"])
        else:
            store = Store()
            store.bulk_load(sys.stdin.buffer, RdfFormat.N_QUADS)
    except (OSError, SyntaxError, RuntimeError) as error:
        return {"error": "store", "message": str(error)}
    try:
        return evaluate(store, request["query"], request["row_cap"], union=request["union"], base=request["base"])
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error)}
    except (OSError, ValueError, RuntimeError) as error:
        return {"error": "engine", "message": str(error)}
    except MemoryError:
        return {"error": "memory", "message": ""}


def main() -> None:
    request: Request = json.loads(sys.stdin.buffer.readline())
    _limit(request)
    _cut_off()
    sys.stdout.buffer.write(json.dumps(_answer(request)).encode("ascii"))


if __name__ == "__main__":
    main()
