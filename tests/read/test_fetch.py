"""Addresses are asked in bounds, and none inside the own network unless that is meant."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.errors import ReadError
from kg.read import fetch as module
from kg.read.fetch import fetch
from kg.read.items import items
from kg.read.options import Reading
from kg.read.readers import read

LOCAL = Reading(allow_private=True, url_seconds=10)
ROWS = b'{"text": "Acme grew."}\n{"text": "So did Globex."}\n'


class Site(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            self.answer(302, b"", Location=path.removeprefix("/to/"))
        elif path == "/round":
            self.answer(302, b"", Location="/round")
        elif path == "/page":
            self.answer(200, "<p>Кафе</p>".encode("cp1251"), content_type="text/html; charset=windows-1251")
        elif path == "/rows.jsonl":
            self.answer(200, ROWS, content_type="text/plain")
        elif path == "/packed":
            self.answer(200, gzip.compress(b"<p>Acme grew.</p>"), Content_Encoding="gzip")
        elif path == "/bomb":
            self.answer(200, gzip.compress(b"x" * 20_000_000), Content_Encoding="gzip")
        elif path == "/damaged":
            self.answer(200, b"\x1f\x8bnothing", Content_Encoding="gzip")
        elif path == "/odd":
            self.answer(200, b"x", Content_Encoding="zstd")
        elif path == "/host":
            self.answer(200, f"<p>{self.headers['Host']}</p>".encode())
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"<p>drip</p>")
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.answer(404, b"no")

    def answer(self, status: int, body: bytes, *, content_type: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def reason(address: str, options: Reading = LOCAL) -> str:
    with pytest.raises(ReadError) as error:
        fetch(address, options)
    assert error.value.path == address
    return error.value.reason


def test_a_page_is_read_with_what_its_headers_say(site: str) -> None:
    errors: list[ReadError] = []
    (document,) = read([f"{site}/to//page"], on_error=errors.append, options=LOCAL)
    assert (document.text, document.url, document.path) == ("Кафе", f"{site}/page", f"{site}/to//page")
    assert (document.name, errors) == ("page", [])


def test_an_address_is_asked_once_and_a_container_is_split(site: str) -> None:
    address = f"{site}/rows.jsonl?page=1"
    found = list(items([address, address], on_error=pytest.fail, options=LOCAL))
    assert [item.source for item in found] == [f"{address}#1", f"{address}#2"]


def test_compressed_answers(site: str) -> None:
    assert fetch(f"{site}/packed", LOCAL).data == b"<p>Acme grew.</p>"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/none", "status"), ("/round", "redirects"), ("/damaged", "truncated"), ("/odd", "format")],
)
def test_answers_that_are_none(path: str, expected: str, site: str) -> None:
    assert reason(site + path) == expected


def test_limits(site: str) -> None:
    assert reason(f"{site}/bomb", Reading(allow_private=True, max_bytes=1_000_000)) == "too-long"
    assert reason(f"{site}/slow", Reading(allow_private=True, url_seconds=0.2)) == "network"


def test_no_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert reason(f"http://127.0.0.1:{unused.getsockname()[1]}/") == "network"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
        ),
        *(
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "[2002:7f00:1::]",
            "224.0.0.1",
            "2130706433",
            "0x7f.1",
        ),
    ],
)
def test_the_own_network_is_not_asked(host: str) -> None:
    assert reason(f"http://{host}:1/", Reading()) == "address"


def answers(monkeypatch: pytest.MonkeyPatch, **hosts: str) -> None:
    """Let names stand for other addresses, as a name service of the attacker's may say."""
    monkeypatch.setattr(module, "_addresses", lambda host, port: [hosts[host.partition(".")[0]]])


def test_a_name_that_stands_for_the_own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, inside="127.0.0.1", meta="169.254.169.254")
    assert reason("http://inside.example/", Reading()) == "address"
    assert reason("https://meta.example/", Reading()) == "address"


def test_a_redirection_into_the_own_network(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def only_first_is_public(address: str) -> bool:
        asked.append(address)
        return len(asked) == 1

    monkeypatch.setattr(module, "_is_public", only_first_is_public)
    assert reason(f"{site}/to//page", Reading()) == "address"
    assert asked == ["127.0.0.1", "127.0.0.1"]


def test_the_connection_goes_to_the_address_that_was_checked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, somewhere="127.0.0.1")
    port = site.rpartition(":")[2]
    fetched = fetch(f"http://somewhere.example:{port}/host", LOCAL)
    assert fetched.data == f"<p>somewhere.example:{port}</p>".encode()


@pytest.mark.parametrize(
    "address", ["http://user:secret@n.example/", "http:///x", "http://n.example:port/", "http://[::1/"]
)
def test_addresses_that_are_none(address: str) -> None:
    assert reason(address) == "address"


def test_a_redirection_to_another_scheme(site: str) -> None:
    assert reason(f"{site}/to/file:///etc/hosts") == "address"
