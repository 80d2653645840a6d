"""Guarded SPARQL: refuse what reaches out or changes data, run the rest in a child process that can be stopped.

The default graph of every query is the union of all graphs, and `kg.store.names.prefixes` are predeclared.
On cost: an OPTIONAL of several triples, or several OPTIONALs in a row, can take Oxigraph thousands of times longer
than the same as a required pattern or with each OPTIONAL nested in the one before; write queries that way.
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
from kg.query.scopes import inner_scopes
from kg.query.tokens import Token, error_at, offset_of, outer_braces, with_depth, without_comments
from kg.schema import ID_BASE
from kg.store.names import XSD, Ids, prefixes

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Store

    Value = Entity | NamedNode | Literal | str | bool | int | float | Decimal | date

PREFIXES = prefixes()
MEMORY_LIMIT = 4 << 30  # bytes of address space; Oxigraph itself takes about half a GiB

_TYPES = ((int, "integer"), (float, "double"), (Decimal, "decimal"), (datetime, "dateTime"), (date, "date"))
_EXPECTED = re.compile(r'"(?:[^"\\]|\\.)*"|\[(?:\'(?:\\.[^\']*|[^\'])\'|[^\]\'])*\]|[^,"\[\]]+')
_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)


def check(query: str, *, id_base: str = ID_BASE) -> None:
    """Raise `QueryError` (with line, column and a caret under the place) for a query that is refused or wrong."""
    namespaces = prefixes(id_base)
    scan(query, namespaces)
    request = _request(without_comments(query), None, namespaces, row_cap=0, time_limit=10.0)
    answer = _ask_child(request, b"", time_limit=10.0)
    if answer.get("error") == "syntax":
        raise _syntax_error(query, str(answer["message"]), [])


def run(
    source: Path | bytes | Store,
    query: str,
    *,
    bindings: Mapping[str, Value] | None = None,
    time_limit: float = 30.0,
    row_cap: int = 10_000,
    trusted: bool = False,
    id_base: str = ID_BASE,
) -> Table:
    """The result of `query` over a graph folder or Oxigraph folder, N-Quads, or a store in memory.

    `bindings` fix variables (name with or without `?`) to a value: an `Entity` or a pyoxigraph term is itself, a
    string is a plain literal (`iri("id:acme")` is an IRI), numbers, booleans and dates are typed literals. They reach
    into sub-SELECTs that hand the variable out.
    The query runs in a child process that is killed after `time_limit` seconds. `trusted` runs it in this process,
    where nothing can stop it. At most `row_cap` rows come back.

    Raises `QueryError` for a query that is wrong, refused, too slow or too big, `StoreError` for a source that
    cannot be opened.
    """
    namespaces = prefixes(id_base)
    tokens = scan(query, namespaces)
    text, inserted = _bind(query, tokens, bindings or {}, Ids(id_base))
    if trusted:
        answer = _run_here(source, text, namespaces, row_cap)
    else:
        folder = source if isinstance(source, Path) else None
        request = _request(text, folder, namespaces, row_cap=row_cap, time_limit=time_limit)
        answer = _ask_child(request, _nquads(source), time_limit=time_limit)
    message = str(answer.get("message"))
    match answer.get("error"):
        case "syntax":
            raise _syntax_error(query, message, inserted)
        case "store":
            raise StoreError(f"{source if isinstance(source, Path) else 'the graph'}: cannot be opened: {message}")
        case "memory":
            raise _out_of_memory()
        case "engine":
            raise QueryError(f"the query failed: {message}")
    return table_of(answer, namespaces, ordered=_ordered(tokens))


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
    from pyoxigraph import RdfFormat

    if isinstance(source, Path):
        return b""
    return source if isinstance(source, bytes) else source.dump(format=RdfFormat.N_QUADS) or b""


def _request(
    text: str, folder: Path | None, namespaces: Mapping[str, str], *, row_cap: int, time_limit: float
) -> child.Request:
    return {
        "query": text,
        "prefixes": dict(namespaces),
        "store": None if folder is None else _store_folder(folder),
        "row_cap": row_cap,
        "memory": MEMORY_LIMIT,
        "seconds": int(time_limit * 4) + 10,  # of all threads; loading uses several
    }


def _ask_child(request: child.Request, nquads: bytes, *, time_limit: float) -> dict[str, child.Json]:
    """The child's answer. Raises `QueryError` where it had to be killed or died."""
    command = [sys.executable, "-P", str(Path(child.__file__).resolve())]
    sent = json.dumps(request).encode("ascii") + b"\n" + nquads
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired:
        message = f"the query was stopped after {time_limit:g} seconds; make it narrower or raise the time limit"
        raise QueryError(message) from None
    if done.returncode == 0:
        answer: dict[str, child.Json] = json.loads(done.stdout)
        return answer
    complaint = done.stderr.decode("utf-8", "replace").strip()
    if "memory allocation" in complaint or "MemoryError" in complaint:
        raise _out_of_memory()
    said = complaint.rpartition("\n")[2]
    raise QueryError(f"the query broke the engine (exit {done.returncode}{': ' + said if said else ''}); simplify it")


def _run_here(
    source: Path | bytes | Store, text: str, namespaces: Mapping[str, str], row_cap: int
) -> dict[str, child.Json]:
    from pyoxigraph import RdfFormat, Store

    try:
        if isinstance(source, Path):
            store = Store.read_only(_store_folder(source))
        elif isinstance(source, bytes):
            store = Store()
            store.bulk_load(source, RdfFormat.N_QUADS)
        else:
            store = source
    except (OSError, SyntaxError) as error:
        return {"error": "store", "message": str(error)}
    try:
        return child.evaluate(store, text, namespaces, row_cap)
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error)}
    except (OSError, ValueError, RuntimeError) as error:
        return {"error": "engine", "message": str(error)}


def _bind(
    query: str, tokens: Sequence[Token], bindings: Mapping[str, Value], ids: Ids
) -> tuple[str, list[tuple[int, int]]]:
    """The query for the engine: comments blanked, and the bindings, written by Oxigraph, as VALUES at the head of its
    WHERE and of those of sub-SELECTs that they reach: Oxigraph evaluates these by themselves, before they are joined.
    Also where that was put in, and how many characters it has: errors are shown in the user's own text.
    """
    text = without_comments(query)
    if not bindings:
        return text, []
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
    places = {braces[1 if template else 0]: names, **inner_scopes(tokens, names)}
    inserted = []
    for at in sorted(places, reverse=True):  # the last first: no place before it moves
        bound = places[at]
        row = " ".join(cells[name] for name in bound)
        values = f" VALUES ({' '.join('?' + name for name in bound)}) {{ ({row}) }} "
        text = text[:at] + values + text[at:]
        inserted.append((at, len(values)))
    return text, inserted[::-1]


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


def _syntax_error(query: str, message: str, inserted: Sequence[tuple[int, int]]) -> QueryError:
    """The parser's error, placed in the user's text: each of `inserted` (offset, length) is taken out again."""
    found = _PLACE.match(message)
    if found is None:
        return QueryError(f"the query does not parse: {message}")
    own = query
    for at, length in reversed(inserted):
        own = own[:at] + " " * length + own[at:]
    offset = offset_of(own, int(found[1]), int(found[2]))
    for at, length in inserted:
        offset = offset if offset <= at else max(at, offset - length)
    return error_at(query, offset, f"the query does not parse here: {_plain(found[3])}")


def _plain(expected: str) -> str:
    """What the parser says it expected, without its character classes."""
    parts = [part.strip() for part in _EXPECTED.findall(expected)]
    kept = [part for part in parts if part and not part.startswith("[") and part not in REFUSED]
    sentences = [part for part in kept if part[0].isupper() and " " in part]
    if sentences:
        return "; ".join(sentences)
    return "expected " + " or ".join(kept) if kept else "something before this place is not expected"


def _out_of_memory() -> QueryError:
    return QueryError(f"the query needs more than {MEMORY_LIMIT >> 30} GiB of memory; make it narrower")
