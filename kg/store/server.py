"""A SPARQL 1.1 server: what is sent to it and how its answers are read (Query, Update, Graph Store Protocol)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from kg.errors import StoreError
from kg.store.answers import Results, cell_of
from kg.store.http import Answer, TooBigError, TooSlowError, exchange, failure

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from kg.store.answers import Row
    from kg.store.stores import Json

ANSWER_LIMIT = 256 << 20  # bytes
TABLE = "application/sparql-results+json"
TRIPLES = "application/n-triples, text/turtle;q=0.8"
NO_UPDATES = "no address for updates is known; give one, such as http://localhost:7878/update"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server takes queries, updates and graphs, and what it is sent with each request.

    `headers`: see `kg.store.http.basic`. `timeout`: seconds for each request of ours; queries of others have their own.
    """

    query_url: str
    update_url: str | None = None
    graph_store_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = 120.0

    def name(self) -> str:
        """What it calls itself, empty if it does not say. Raises `StoreError` where no endpoint answers."""
        answer = self._query("ASK {}", TABLE, self.timeout)
        self._results(answer)
        return answer.headers.get("server", "")

    def rows(self, select: str) -> Iterator[Row]:
        """The rows of a SELECT, as many as the server gives at once. Raises `StoreError`."""
        results = self._results(self._query(select, TABLE, self.timeout))
        try:
            yield from results.rows()
        except ValueError as error:
            raise self._nonsense(f"what is no term: {error}") from error

    def answer(self, query: str, *, kind: str, row_cap: int, time_limit: float) -> dict[str, Json]:
        """The answer to any query; see `kg.store.stores.Answering`."""
        table = kind in ("select", "ask")
        try:
            answer = self._query(query, TABLE if table else TRIPLES, time_limit)
        except TooSlowError as error:
            return {"error": "time", "message": str(error)}
        except TooBigError as error:
            return {"error": "engine", "message": str(error)}
        if answer.status == 400 or answer.status >= 500:
            return {"error": "engine", "message": f"{self.query_url} said {answer.status}: {answer.said}"}
        if "x-sql-state" in answer.headers:  # so says Virtuoso where it stopped with a part of the rows
            return {"error": "engine", "message": f"{self.query_url} gave up at a time limit of its own"}
        found = self._table(answer, row_cap) if table else self._triples(answer, row_cap)
        if "x-sparql-maxrows" in answer.headers:  # and so, where it kept rows back
            found["truncated"] = True
        return found

    def update(self, text: str) -> None:
        """Send an update, in one request. Raises `StoreError`."""
        self._send(self.update_url, text, "application/sparql-update; charset=utf-8")

    def post(self, graph: NamedNode | None, ntriples: str) -> None:
        """Add triples to a graph, None for the default graph, by the Graph Store Protocol. Raises `StoreError`."""
        url, named = self.graph_store_url, "default" if graph is None else "graph=" + quote(graph.value, safe="")
        self._send(url and f"{url}{'&' if '?' in url else '?'}{named}", ntriples, "application/n-triples")

    def _send(self, url: str | None, body: str, kind: str) -> None:
        if url is None:
            raise StoreError(f"{self.query_url}: {NO_UPDATES}")
        try:
            answer = self._exchange(url, body.encode("utf-8"), {"Content-Type": kind}, self.timeout)
        except TooSlowError as error:
            message = f"{error}; whether the change was made is not known: make it again, which does no harm"
            raise StoreError(message) from error
        if not 200 <= answer.status < 300:
            raise failure(answer)

    def _query(self, query: str, accept: str, time_limit: float) -> Answer:
        # Oxigraph takes the union of all graphs where it is told so; other servers pass over what they do not know.
        form = urlencode({"query": query, "union-default-graph": "true"}).encode("ascii")
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        return self._exchange(self.query_url, form, headers, time_limit)

    def _exchange(self, url: str, body: bytes, headers: Mapping[str, str], time_limit: float) -> Answer:
        sent = {**headers, **self.headers}
        return exchange("POST", url, body, sent, time_limit=time_limit, size_limit=ANSWER_LIMIT)

    def _results(self, answer: Answer) -> Results:
        if answer.status != 200:
            raise failure(answer)
        if answer.kind not in (TABLE, "application/json"):
            raise self._nonsense(f"not SPARQL results but {answer.kind or 'something'}: {answer.said}")
        try:
            return Results(answer.body)
        except ValueError as error:
            raise self._nonsense(f"what cannot be read: {error}") from error

    def _table(self, answer: Answer, row_cap: int) -> dict[str, Json]:
        results = self._results(answer)
        if results.boolean is not None:
            return {"kind": "ask", "value": results.boolean}
        names: list[Json] = list(results.variables)
        try:
            rows: list[Json] = [
                [None if term is None else cell_of(term) for term in row] for row in islice(results.rows(), row_cap)
            ]
        except ValueError as error:
            raise self._nonsense(f"what is no term: {error}") from error
        return {"kind": "select", "variables": names, "rows": rows, "truncated": len(results) > row_cap}

    def _triples(self, answer: Answer, row_cap: int) -> dict[str, Json]:
        from pyoxigraph import RdfFormat, parse

        if answer.status != 200:
            raise failure(answer)
        kind = RdfFormat.from_media_type(answer.kind)
        if kind is None:
            raise self._nonsense(f"not RDF but {answer.kind or 'something'}: {answer.said}")
        try:
            triples = dict.fromkeys(quad.triple for quad in parse(answer.body, format=kind))
            rows: list[Json] = [[cell_of(term) for term in triple] for triple in islice(triples, row_cap)]
        except (SyntaxError, ValueError) as error:
            raise self._nonsense(f"what is no {kind.name}: {error}") from error
        return {"kind": "graph", "rows": rows, "truncated": len(triples) > row_cap}

    def _nonsense(self, message: str) -> StoreError:
        return StoreError(f"{self.query_url}: the server sent {message}; is this the address of a SPARQL endpoint?")
