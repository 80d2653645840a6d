"""Guarded SPARQL: refuse what reaches out or changes data, run the rest in a child process that can be stopped.

The default graph of every query is the union of all graphs (unless `union=False`: the standard's), and
`kg.store.names.prefixes` are predeclared.
On cost: an OPTIONAL of several triples, or one on a variable that only an OPTIONAL before it binds, can take Oxigraph
fifty to thousands of times longer than the same as a required pattern or nested in the one before.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import QueryError, StoreError
from kg.model import Entity
from kg.query import child
from kg.query.guard import REFUSED, scan
from kg.query.results import Table, table_of
from kg.query.rewriting import Rewritten, rewritten
from kg.query.scopes import inner_scopes
from kg.query.tokens import Token, error_at, offset_of, outer_braces, with_depth
from kg.schema import ID_BASE
from kg.store.names import XSD, Ids, prefixes
from kg.store.oxigraph import OxigraphStore
from kg.store.stores import Answering

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Store

    Value = Entity | NamedNode | Literal | str | bool | int | float | Decimal | date

PREFIXES = prefixes()
_LONGEST = 1_000_000  # seconds
RUNS_CODE = frozenset(("bif", "java", "sql"))
"""Schemes of IRIs that Virtuoso or Jena take for functions of their own languages."""
MEMORY_LIMIT = 4 << 30  # bytes of address space; Oxigraph itself takes about half a GiB

_TYPES = ((int, "integer"), (float, "double"), (Decimal, "decimal"), (datetime, "dateTime"), (date, "date"))
_EXPECTED = re.compile(r'"(?:[^"\\]|\\.)*"|\[(?:\'(?:\\.[^\']*|[^\'])\'|[^\]\'])*\]|[^,"\[\]]+')
_LITERAL = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)


def check(query: str, *, base: str | None = None, trusted: bool = False, id_base: str = ID_BASE) -> None:
    """Raise `QueryError` (with line, column and a caret under the place) for a query that is refused or wrong."""
    tokens, prologue = scan(query, prefixes(id_base), base=base, trusted=trusted)
    written = rewritten(query, tokens, prologue, {})
    request = _request(written.text, None, union=True, base=prologue.base, row_cap=0, time_limit=10.0)
    answer = _ask_child(request, b"", time_limit=10.0)
    if answer.get("error") == "syntax":
        raise _syntax_error(query, str(answer["message"]), written)


def run(
    source: Path | bytes | Store | OxigraphStore | Answering,
    query: str,
    *,
    bindings: Mapping[str, Value] | None = None,
    time_limit: float = 30.0,
    row_cap: int = 10_000,
    trusted: bool = False,
    union: bool = True,
    base: str | None = None,
    id_base: str = ID_BASE,
) -> Table:
    """The result of `query` over a graph folder or Oxigraph folder, N-Quads, or a store (see `kg.store.stores`).

    For a file in another format of RDF, load it into a store first:
    `store = pyoxigraph.Store(); store.load(path="data.ttl", base_iri="https://example.org/")`.

    `bindings` fix variables (name with or without `?`) to a value: an `Entity` or a pyoxigraph term is itself, a
    string is a plain literal (`iri("id:acme")` is an IRI), numbers, booleans and dates are typed literals. They reach
    into sub-SELECTs that hand the variable out.
    The query runs in a child process that is killed after `time_limit` seconds. `trusted` runs it in this process,
    where nothing can stop it, and lets it choose among the graphs of the source with FROM. A store that answers itself
    is asked there, and given up after `time_limit` seconds. At most `row_cap` rows come back. `union`: the default
    graph is all graphs together, else only what is in no named graph. `base`: what relative IRIs in the query are
    relative to; the query may say so itself, with BASE.

    Raises `QueryError` for a query that is wrong, refused, too slow or too big, `StoreError` for a source that
    cannot be opened.
    """
    if not 0 < time_limit <= _LONGEST:
        raise QueryError(f"a time limit of {time_limit:g} seconds; give one above 0 and up to {_LONGEST:,}")
    namespaces = prefixes(id_base)
    tokens, prologue = scan(query, namespaces, base=base, trusted=trusted)
    written = rewritten(query, tokens, prologue, _values(query, tokens, bindings or {}, Ids(id_base)))
    union = union and not any(token.is_word("FROM") for token in tokens)
    source = source.source if isinstance(source, OxigraphStore) else source
    folder = source if isinstance(source, Path) else None
    request = _request(written.text, folder, union=union, base=prologue.base, row_cap=row_cap, time_limit=time_limit)
    if isinstance(source, Answering):
        _refuse_there(query, tokens, union=union)
        answer = _answer_from(b"", {**request, "row_cap": 0}, time_limit, trusted=trusted)  # does it parse?
        if "error" not in answer:
            sent = _for_server(request, tokens, kind := str(answer["kind"]))
            answer = source.answer(sent, kind=kind, row_cap=row_cap, time_limit=time_limit)
    else:
        answer = _answer_from(source, request, time_limit, trusted=trusted)
    name, message = source if isinstance(source, Path) else "the graph", str(answer.get("message"))
    match answer.get("error"):
        case "syntax":
            raise _syntax_error(query, message, written)
        case "store":
            raise StoreError(f"{name}: cannot be opened: {message}")
        case "memory":
            raise _out_of_memory()
        case "time":
            raise _stopped(time_limit)
        case "engine":
            raise QueryError(f"the query failed: {message}")
    try:
        return table_of(answer, namespaces, ordered=_ordered(tokens))
    except ValueError as error:
        raise StoreError(f"{name}: holds what is no RDF: {error}; build the graph again") from error


def iri(name: str, *, id_base: str = ID_BASE) -> NamedNode:
    """The IRI of a prefixed name such as `id:acme` or `kg:investsIn`, or of an IRI in full, to bind a variable to."""
    from pyoxigraph import NamedNode

    prefix, colon, local = name.partition(":")
    namespace = prefixes(id_base).get(prefix) if colon else None
    try:
        return NamedNode(namespace + local if namespace is not None else name)
    except ValueError as error:
        raise QueryError(f"{name!r} is neither an IRI nor a name with a known prefix: {error}") from error


def _store_folder(folder: Path) -> str:
    """The Oxigraph folder in a graph folder, or the folder itself."""
    return str(folder / "store" if (folder / "store").is_dir() else folder)


def _nquads(source: Path | bytes | Store) -> bytes:
    """The quads of a source that is no folder. Raises `StoreError` where parsing them would overflow the stack."""
    from pyoxigraph import RdfFormat

    if isinstance(source, Path):
        return b""
    nquads = source if isinstance(source, bytes) else source.dump(format=RdfFormat.N_QUADS) or b""
    for number, line in enumerate(nquads.split(b"\n") if b"<<" in nquads else (), 1):
        if line.count(b"<<") > child.MAX_NESTING < _LITERAL.sub(b"", line).count(b"<<"):
            raise StoreError(f"the graph, line {number}: triple terms nested more than {child.MAX_NESTING} deep")
    return nquads


def _request(
    text: str, folder: Path | None, *, union: bool, base: str | None, row_cap: int, time_limit: float
) -> child.Request:
    return {
        "query": text,
        "store": None if folder is None else _store_folder(folder),
        "union": union,
        "base": base,
        "row_cap": row_cap,
        "memory": MEMORY_LIMIT,
        "seconds": int(time_limit) + 5,
    }


def _ask_child(request: child.Request, nquads: bytes, *, time_limit: float) -> dict[str, child.Json]:
    """The child's answer. Raises `QueryError` where it had to be killed or died."""
    command = [sys.executable, "-P", str(Path(child.__file__).resolve())]
    sent = json.dumps(request).encode("ascii") + b"\n" + nquads
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired:
        raise _stopped(time_limit) from None
    if done.returncode == 0:
        answer: dict[str, child.Json] = json.loads(done.stdout)
        return answer
    complaint = done.stderr.decode("utf-8", "replace").strip()
    if "memory allocation" in complaint or "MemoryError" in complaint:
        raise _out_of_memory()
    said = complaint.rpartition("\n")[2]
    raise QueryError(f"the query broke the engine (exit {done.returncode}{': ' + said if said else ''}); simplify it")


def _answer_from(
    source: Path | bytes | Store, request: child.Request, time_limit: float, *, trusted: bool
) -> dict[str, child.Json]:
    return _run_here(source, request) if trusted else _ask_child(request, _nquads(source), time_limit=time_limit)


def _refuse_there(query: str, tokens: Sequence[Token], *, union: bool) -> None:
    """What a server would understand otherwise than we do."""
    if not union:
        raise QueryError("on a server the default graph is what the server says; leave out `union` and FROM")
    for token in tokens:
        if token.kind == "iri" and token.text[1:].partition(":")[0].lower() in RUNS_CODE:
            raise error_at(query, token.start, "IRIs of this scheme are refused: to some servers they are functions")


def _for_server(request: child.Request, tokens: Sequence[Token], kind: str) -> str:
    """The query with its base, and a LIMIT for SELECT, so that a server does not send what is left out here.

    Not behind an ORDER BY: all rows are sorted anyway, and Virtuoso refuses to sort for a LIMIT above 10,000.
    """
    outer = [token for token, depth in with_depth(tokens) if depth == 0]
    limited = kind != "select" or any(token.is_word("LIMIT", "ORDER", "VALUES") for token in outer)
    text = request["query"] if limited else f"{request['query']}\nLIMIT {request['row_cap'] + 1}"
    return text if request["base"] is None else f"BASE <{request['base']}>\n{text}"


def _run_here(source: Path | bytes | Store, request: child.Request) -> dict[str, child.Json]:
    from pyoxigraph import RdfFormat, Store

    try:
        if isinstance(source, Path):
            store = Store.read_only(_store_folder(source))
        elif isinstance(source, bytes):
            store = Store()
            store.bulk_load(_nquads(source), RdfFormat.N_QUADS)
        else:
            store = source
    except (OSError, SyntaxError, RuntimeError) as error:
        return {"error": "store", "message": str(error)}
    try:
        return child.evaluate(store, request["query"], request["row_cap"], union=request["union"], base=request["base"])
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error)}
    except (OSError, ValueError, RuntimeError) as error:
        return {"error": "engine", "message": str(error)}


def _values(query: str, tokens: Sequence[Token], bindings: Mapping[str, Value], ids: Ids) -> dict[int, str]:
    """The bindings, written by Oxigraph, as VALUES; by the place where they go: the head of the WHERE, and of those of
    sub-SELECTs that they reach, as Oxigraph evaluates these by themselves, before they are joined.
    """
    if not bindings:
        return {}
    names = [name.removeprefix("?") for name in bindings]
    used = {token.text[1:] for token in tokens if token.kind == "variable"}
    for name in names:
        if name not in used:
            raise QueryError(f"the query has no variable ?{name} to bind; it has {', '.join(sorted(used)) or 'none'}")
    braces = outer_braces(tokens)
    template = any(t.is_word("CONSTRUCT") and after.text == "{" for t, after in pairwise(tokens))
    if len(braces) <= template or (not template and any(token.is_word("CONSTRUCT") for token in tokens)):
        raise QueryError("bindings need a WHERE { ... } to stand in; write the query with one")
    cells = {name: str(_term(value, ids)) for name, value in zip(names, bindings.values(), strict=True)}
    return {
        at: f" VALUES ({' '.join('?' + name for name in bound)}) {{ ({' '.join(cells[name] for name in bound)}) }} "
        for at, bound in {braces[template]: names, **inner_scopes(tokens, names)}.items()
    }


def _term(value: Value, ids: Ids) -> NamedNode | Literal:
    from pyoxigraph import Literal, NamedNode

    if isinstance(value, NamedNode | Literal):
        return value
    if isinstance(value, Entity):
        return NamedNode(ids.entity(value.id))
    if isinstance(value, bool | str):
        return Literal(value)
    for kind, datatype in _TYPES:
        if isinstance(value, kind):
            text = format(value, "f") if isinstance(value, Decimal) else str(value).replace(" ", "T")
            return Literal(text, datatype=NamedNode(XSD + datatype))
    raise QueryError(f"cannot bind a {type(value).__name__}; give an entity, a term, a string, a number or a date")


def _ordered(tokens: Sequence[Token]) -> bool:
    """Whether the query as a whole has an ORDER BY."""
    return any(depth == 0 and token.is_word("ORDER") for token, depth in with_depth(tokens))


def _syntax_error(query: str, message: str, written: Rewritten) -> QueryError:
    """The parser's error about what was written for it, placed in the user's text."""
    found = _PLACE.match(message)
    if found is None:
        return QueryError(f"the query does not parse: {message}")
    offset = min(written.place(offset_of(written.text, int(found[1]), int(found[2]))), len(query))
    return error_at(query, offset, f"the query does not parse here: {_plain(found[3])}")


def _plain(expected: str) -> str:
    """What the parser says it expected, without its character classes."""
    parts = [part.strip() for part in _EXPECTED.findall(expected)]
    kept = [part for part in parts if part and not part.startswith("[") and part not in REFUSED]
    sentences = [part for part in kept if part[0].isupper() and " " in part]
    if sentences:
        return "; ".join(sentences)
    return "expected " + " or ".join(kept) if kept else "something before this place is not expected"


def _stopped(time_limit: float) -> QueryError:
    return QueryError(f"the query was stopped after {time_limit:g} seconds; make it narrower or raise the time limit")


def _out_of_memory() -> QueryError:
    return QueryError(f"the query needs more than {MEMORY_LIMIT >> 30} GiB of memory; make it narrower")
