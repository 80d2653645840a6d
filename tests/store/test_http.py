"""What servers do wrong: each ends in one message that says where, what, and what to do, and in time."""

# ruff: noqa: SIM117  the server in the outer block, what it makes fail in the inner one

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import QueryError, StoreError
from kg.query.sparql import run
from kg.schema import ID_BASE, NAMESPACE
from kg.store import server as servers
from kg.store.connect import connect
from kg.store.endpoint import Endpoint
from kg.store.http import basic, exchange
from kg.store.server import Server
from tests.store.servers import free_port

JSON = "application/sparql-results+json"
SELECT = "SELECT ?s ?o { ?s kg:period ?o }"
QUAD = Quad(NamedNode(ID_BASE + "a"), NamedNode(NAMESPACE + "period"), Literal("1"))


@contextmanager
def serving(status: int, body: bytes, *, pause: float = 0.0, endless: bool = False, **headers: str) -> Iterator[str]:
    """A server that gives everybody the same answer; with `pause`, one byte and as many seconds at a time."""
    seen: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append((str(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            with suppress(ConnectionError):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                for number in range(len(body)) if pause else ():
                    self.wfile.write(body[number : number + 1])
                    time.sleep(pause)
                if not pause:
                    self.wfile.write(body)
                while endless:
                    self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/query"
    finally:
        server.shutdown()
        server.server_close()


def table(*rows: dict[str, dict[str, str]], variables: tuple[str, ...] = ("s", "o")) -> bytes:
    return json.dumps({"head": {"vars": variables}, "results": {"bindings": rows}}).encode()


def endpoint(url: str, timeout: float = 5.0) -> Endpoint:
    return Endpoint(Server(url, url, url, timeout=timeout))


@pytest.mark.parametrize(
    ("status", "kind", "body", "message"),
    [
        (401, "text/plain", b"who are you", r"the server said 401: who are you; it wants a user and a password"),
        (403, "text/html", b"<h1>No</h1><script>x</script>", r"said 403: No; this user may not do that"),
        (404, "text/html", b"<html><title>Not here</title>", r"said 404: Not here; .*http://localhost:7878/query"),
        (
            200,
            "text/html",
            b"<p>Welcome to our server</p>",
            r"sent not SPARQL results but text/html: Welcome",
        ),
        (
            200,
            JSON,
            b'{"head": {"vars": ["s"]',
            r"sent what cannot be read: .*is this the address of a SP",
        ),
        (200, JSON, b"[]", "sent what cannot be read: the answer is no JSON object"),
        (200, JSON, b'{"head": {}, "results": 3}', "neither a boolean nor variables and bindings"),
        (200, JSON, table({"s": {"type": "uri", "value": "no iri"}}), "sent what is no term"),
        (200, JSON, table({"s": {"type": "thing", "value": "x"}}), "unknown type 'thing'"),
        (200, JSON, table({"s": {"type": "uri"}}), "a binding lacks a part: 'value'"),
        (200, JSON, b"\xff\xfe", "sent what cannot be read"),
    ],
)
def test_answers_that_are_no_results(status: int, kind: str, body: bytes, message: str) -> None:
    with serving(status, body, Content_Type=kind) as url:
        with pytest.raises(StoreError, match=message) as caught:
            run(endpoint(url), SELECT, trusted=True)
        assert str(caught.value).startswith(url)
        with pytest.raises(StoreError, match=message):
            list(endpoint(url).quads())


def test_a_query_that_the_server_refuses_is_a_query_error() -> None:
    said = b"Virtuoso 37000 Error SP031: no such thing\n\nSPARQL query:\nSELECT ..."
    with serving(400, said, Content_Type="text/plain") as url, pytest.raises(QueryError) as caught:
        run(endpoint(url), SELECT, trusted=True)
    assert str(caught.value) == f"the query failed: {url} said 400: Virtuoso 37000 Error SP031: no such thing"


def test_a_server_that_is_down() -> None:
    url = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(StoreError, match=r"/query: cannot be reached: Connection refused; is the server running"):
        run(endpoint(url), SELECT, trusted=True)
    with pytest.raises(StoreError, match="cannot be reached"):
        endpoint(url).change(add=[QUAD])


def test_other_places_are_not_followed() -> None:
    with serving(302, b"", Location="http://127.0.0.1:1/elsewhere") as url:
        with pytest.raises(
            StoreError, match=r"sends on to http://127.0.0.1:1/elsewhere \(302\), which is not followed"
        ):
            run(endpoint(url), SELECT, trusted=True)


@pytest.mark.parametrize("pause", [0.05, 10.0])
def test_an_answer_that_drips_or_never_comes_is_given_up_in_time(pause: float) -> None:
    with serving(200, table() * 100, pause=pause, Content_Type=JSON) as url:
        started = time.monotonic()
        with pytest.raises(QueryError, match=r"stopped after 0\.5 seconds"):
            run(endpoint(url), SELECT, trusted=True, time_limit=0.5)
        assert time.monotonic() - started < 3


def test_headers_that_drip_are_given_up_in_time() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            taken = listening.accept()[0]
            with taken, suppress(OSError):
                taken.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                for _ in range(100):
                    taken.sendall(b"x")
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        started = time.monotonic()
        with pytest.raises(QueryError, match=r"stopped after 0\.5 seconds"):
            run(endpoint(f"http://127.0.0.1:{listening.getsockname()[1]}/"), SELECT, trusted=True, time_limit=0.5)
        assert time.monotonic() - started < 3


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "ANSWER_LIMIT", 1 << 20)
    with serving(200, b" " * 65536, endless=True, Content_Type=JSON) as url:
        with pytest.raises(QueryError, match="the answer is larger than 1,048,576 bytes; ask for less"):
            run(endpoint(url), SELECT, trusted=True)


def test_an_answer_that_breaks_off() -> None:
    with serving(200, table(), Content_Type=JSON, Content_Length="100000") as url:
        with pytest.raises(StoreError, match="hung up in the middle of its answer"):
            run(endpoint(url), SELECT, trusted=True)


def test_a_late_update_may_have_been_made() -> None:
    with serving(200, b"x" * 100, pause=0.1) as url:
        with pytest.raises(StoreError, match="whether the change was made is not known: make it again"):
            endpoint(url, timeout=0.3).change(add=[QUAD])


@pytest.mark.parametrize("url", ["ftp://x.example/", "http:///query", "localhost:7878", "http://x.example:port/"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(StoreError, match="is no address of a server"):
        exchange("GET", url, time_limit=1, size_limit=1)


def test_an_address_with_a_password_is_refused_and_not_shown() -> None:
    with pytest.raises(StoreError, match="give user and password by themselves") as caught:
        exchange("GET", "http://me:secret@x.example/", time_limit=1, size_limit=1)
    assert "secret" not in str(caught.value)


def test_the_password_is_sent_and_not_shown() -> None:
    server = Server("http://x.example/", headers=basic("me", "secret"))
    assert server.headers == {"Authorization": "Basic bWU6c2VjcmV0"}
    assert "bWU6" not in repr(server)


@pytest.mark.parametrize(
    ("headers", "rows", "message"),
    [({"X_SPARQL_MaxRows": "1"}, 1, ""), ({"X_SQL_State": "S1TAT"}, 1, "gave up at a time limit of its own")],
)
def test_virtuoso_says_that_rows_are_missing(headers: dict[str, str], rows: int, message: str) -> None:
    row = {"s": {"type": "uri", "value": "http://x.example/s"}, "o": {"type": "literal", "value": "1"}}
    with serving(200, table(row), Content_Type=JSON, **headers) as url:
        if message:
            with pytest.raises(QueryError, match=message):
                run(endpoint(url), SELECT, trusted=True)
            return
        found = run(endpoint(url), SELECT, trusted=True)
        assert (len(found.rows), found.truncated) == (rows, True)


def test_quads_that_do_not_all_come_are_an_error() -> None:
    number = {"n": {"type": "literal", "value": "7"}}
    with serving(200, table(number, variables=("n",)), Content_Type=JSON) as url:
        with pytest.raises(StoreError, match=r"1 columns came for \?g \?s \?p \?o"):
            list(endpoint(url).quads())
    iri = {"type": "uri", "value": ID_BASE + "x"}
    row = {"n": {"type": "literal", "value": "7"}, "s": iri, "p": iri, "o": iri}
    # It always says the same: that there are 7, and one quad.
    with serving(200, table(row, variables=("n", "s", "p", "o")), Content_Type=JSON) as url:
        with pytest.raises(StoreError, match="of 7 quads 1 came; try again when nobody writes"):
            list(endpoint(url).quads(graph=NamedNode(ID_BASE + "document/d")))


def test_a_server_without_union_is_refused() -> None:
    """One that has statements in a named graph, and none in the default graph of queries."""

    class Half(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            graph = {"g": {"type": "uri", "value": ID_BASE + "graph"}}
            body = (
                b'{"head": {}, "boolean": true}'
                if b"ASK" in query
                else table(*([graph] if b"GRAPH" in query else []), variables=("g",))
            )
            self.send_response(200)
            self.send_header("Content-Type", JSON)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Half)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with pytest.raises(StoreError, match="its default graph is not the union of its graphs; start Oxigraph with"):
        connect(f"http://127.0.0.1:{server.server_port}/query")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "query", ["SELECT (<bif:exec>('x') AS ?x) {}", "PREFIX b: <BIF:> SELECT (b:exec('x') AS ?x) {}"]
)
def test_functions_of_servers_are_refused(query: str) -> None:
    with pytest.raises(QueryError, match="to some servers they are functions"):
        run(endpoint("http://x.example/"), query, trusted=True)
