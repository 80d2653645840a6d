"""One HTTP request with limits: a deadline for the whole answer, a largest size, no redirects, errors that help.

The standard library does it; no proxy is used, no cookie is kept. TLS certificates are verified.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from kg.errors import StoreError

AGENT = "aiindkg"
SHOWN = 300
_READ = 1 << 16
_TAGS = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_ADVICE = {
    401: "it wants a user and a password, or others",
    403: "this user may not do that; on Virtuoso, updates need the right SPARQL_UPDATE",
    404: "nothing is there; give the address of the SPARQL endpoint itself, such as http://localhost:7878/query",
    405: "that is not for this kind of request; give the right address for queries or updates",
    413: "the request is too large for it; lower the number of quads of one request",
}


class TooSlowError(StoreError):
    """The whole answer did not come within the time limit."""


class TooBigError(StoreError):
    """The answer is larger than the limit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Names of headers are in small letters."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def said(self) -> str:
        """The words of the body, without mark-up and shortened; Virtuoso's echo of the query is left out."""
        text = self.body[: 20 * SHOWN].decode("utf-8", "replace").partition("\n\nSPARQL query:")[0]
        if "html" in self.kind or "xml" in self.kind:
            text = unescape(_TAGS.sub(" ", text))
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return text if len(text) <= SHOWN else text[:SHOWN] + "..."


def exchange(
    method: str,
    url: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    time_limit: float,
    size_limit: int,
) -> Answer:
    """The answer to one request, whatever its status but a redirect.

    `time_limit`: seconds from now to the last byte of the answer. `size_limit`: bytes of its body.
    Raises `TooSlowError`, `TooBigError`, and `StoreError` for a server that cannot be reached, hangs up or sends on.
    """
    connection = _connection(url, time_limit)
    parts, expired = urlsplit(url), threading.Event()

    def stop() -> None:
        expired.set()
        if connection.sock is not None or open_socket:
            _hang_up(connection.sock or open_socket[0])

    open_socket: list[socket.socket] = []  # http.client forgets its socket while the body is still to be read
    timer = threading.Timer(time_limit, stop)
    timer.daemon = True
    timer.start()
    try:
        connection.connect()
        open_socket.append(connection.sock)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body or None, {"User-Agent": AGENT, **(headers or {})})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        read = bytearray()
        while len(read) <= size_limit and (part := response.read1(_READ)):
            read += part
    except (OSError, http.client.HTTPException) as error:
        if expired.is_set() or isinstance(error, TimeoutError):
            raise _too_slow(url, time_limit) from error
        raise StoreError(f"{url}: cannot be reached: {_reason(error)}; is the server running there?") from error
    finally:
        timer.cancel()
        connection.close()
    if len(read) > size_limit:
        raise TooBigError(f"{url}: the answer is larger than {size_limit:,} bytes; ask for less")
    if expired.is_set():
        raise _too_slow(url, time_limit)
    if response.length:
        raise StoreError(f"{url}: the server hung up in the middle of its answer; try again, or see its log")
    if 300 <= response.status < 400:
        to = found.get("location", "elsewhere")
        raise StoreError(
            f"{url}: it sends on to {to[:SHOWN]} ({response.status}), which is not followed; give the final address"
        )
    return Answer(url, response.status, found, bytes(read))


def failure(answer: Answer) -> StoreError:
    """The error for an answer whose status says that it failed."""
    advice = _ADVICE.get(answer.status, "see what it said, or its log")
    said = f": {answer.said}" if answer.said else ""
    return StoreError(f"{answer.url}: the server said {answer.status}{said}; {advice}")


def basic(user: str, password: str) -> dict[str, str]:
    """The header for a user and a password."""
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")}


def _connection(url: str, time_limit: float) -> http.client.HTTPConnection:
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write it as http://host:port/path")
        if parts.username is not None or parts.password is not None:
            raise ValueError("give user and password by themselves, since addresses are shown in messages")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(parts.hostname, parts.port, timeout=time_limit)
    except (ValueError, http.client.InvalidURL) as error:
        shown = re.sub(r"//[^/@]*@", "//...@", url)
        raise StoreError(f"{shown!r} is no address of a server: {error}") from error


def _hang_up(sock: socket.socket) -> None:
    """End what another thread is reading."""
    with contextlib.suppress(OSError):  # it may be closed already
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not its own: TLS would take its state away from that thread


def _too_slow(url: str, time_limit: float) -> TooSlowError:
    return TooSlowError(f"{url}: no whole answer after {time_limit:g} seconds; ask for less or raise the time limit")


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."
