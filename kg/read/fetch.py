"""Pages from the web, only those that the user names.

An address inside the own network is refused, whether written so, answered by the name service or reached by a
redirection: the name is resolved once for each request, and the connection goes to the very address that was checked.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from kg.errors import ReadError
from kg.read.extras import needed
from kg.read.forms import MEDIA_TYPES, form_of
from kg.read.options import Reading

if TYPE_CHECKING:
    import httpx

_REDIRECTIONS = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": "aiindkg",
    "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. `address`: where the last redirection led. `form`: as told by media type or name."""

    address: str
    data: bytes
    form: str | None
    charset: str | None


def fetch(address: str, options: Reading) -> Fetched:
    """What stands at an http(s) address.

    Raises `ReadError`: `address` (not one that may be asked), `network` (no answer, or none in time), `status`,
    `redirects` (too many), `too-long`, `extra`.
    """
    client = needed("httpx", source=address)
    deadline = time.monotonic() + options.url_seconds
    at = address
    try:
        # Not through a proxy of the environment: it would resolve the name anew.
        with client.Client(trust_env=False, timeout=options.url_seconds) as session:
            for _ in range(options.url_redirects + 1):
                request = _request(session, at, options, address)
                response = session.send(request, stream=True)
                try:
                    if response.status_code in _REDIRECTIONS and "location" in response.headers:
                        at = urljoin(at, response.headers["location"])
                        continue
                    return _read(response, at, options, source=address, deadline=deadline)
                finally:
                    response.close()
    except (client.InvalidURL, ValueError) as error:
        raise ReadError(address, "address", f"{at!r} is no address ({error}); check the spelling") from error
    except (client.HTTPError, OSError) as error:
        message = f"did not answer ({type(error).__name__}: {error}); try again later"
        raise ReadError(address, "network", message) from error
    raise ReadError(address, "redirects", f"leads on more than {options.url_redirects} times; give the last address")


def _request(session: httpx.Client, at: str, options: Reading, source: str) -> httpx.Request:
    """A request to the network address that the name stands for, under the name's own name."""
    parts = urlsplit(at)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise ReadError(source, "address", f"{at!r} is not asked: give an http or https address without a user name")
    pinned = _checked(host, port, options, source)
    shown = f"[{pinned}]" if ":" in pinned else pinned
    name = host if host.isascii() else host.encode("idna").decode()
    written = f"[{name}]" if ":" in name else name
    return session.build_request(
        "GET",
        parts._replace(netloc=f"{shown}:{port}", fragment="").geturl(),
        headers={**_HEADERS, "Host": written if parts.port is None else f"{written}:{port}"},
        extensions={"sni_hostname": name},
    )


def _checked(host: str, port: int, options: Reading, source: str) -> str:
    """The first network address of a host, once all of them may be asked."""
    found = _addresses(host, port)
    for each in found:
        if not (options.allow_private or _is_public(each)):
            message = f"{host} is inside the own network ({each}), so it is not asked; allow private addresses if meant"
            raise ReadError(source, "address", message)
    if not found:
        raise ReadError(source, "network", f"{host} has no network address; check the spelling")
    return found[0]


def _addresses(host: str, port: int) -> list[str]:
    """The network addresses of a host."""
    return [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _is_public(address: str) -> bool:
    """Whether a network address is one of the open internet; what it maps to in IPv4 or tunnels counts too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if isinstance(ip, ipaddress.IPv6Address) else ()
    return all(each.is_global and not each.is_multicast for each in (ip, *filter(None, inner)))


def _read(response: httpx.Response, at: str, options: Reading, *, source: str, deadline: float) -> Fetched:
    """The body, decompressed in bounds, and what its headers say of it."""
    if response.status_code != 200:
        raise ReadError(source, "status", f"answered {response.status_code}; check the address in a browser")
    packed = response.headers.get("content-encoding", "identity").lower()
    if packed not in ("identity", "gzip", "x-gzip"):
        raise ReadError(source, "format", f"came compressed as {packed}, which was not asked for")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed != "identity" else None
    body = bytearray()
    for chunk in response.iter_raw():
        if time.monotonic() > deadline:
            raise ReadError(source, "network", f"took longer than {options.url_seconds:g} seconds; allow more time")
        try:
            body += unpack.decompress(chunk, options.max_bytes + 1 - len(body)) if unpack else chunk
        except zlib.error as error:
            raise ReadError(source, "truncated", f"came damaged ({error}); try again later") from error
        if len(body) > options.max_bytes:
            raise ReadError(
                source, "too-long", f"has more than {options.max_bytes:,} bytes; raise the limit to read it"
            )
    media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    named = form_of(urlsplit(at).path)
    form = named if named and media in ("", "text/plain", "application/octet-stream") else MEDIA_TYPES.get(media, named)
    return Fetched(at, bytes(body), form, response.charset_encoding)
