"""The pages of web archives (WARC)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.read.extras import needed
from kg.read.items import Item

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

    from kg.read.containers import Container

PAGE_TYPES = ("text/html", "application/xhtml+xml")


def pages(container: Container) -> Iterator[Item]:
    """Each response of an archive that brought a page, with its address, the day it was fetched and its charset.

    Records of other kinds and answers other than 200 are passed over. A part's number counts records of all kinds.
    """
    warc = needed("fastwarc.warc", source=container.source)
    archive = warc.ArchiveIterator(container.file, parse_http=False, stream_detect=False)
    number, limit = 0, container.options.max_bytes
    while True:
        number += 1
        try:
            record = next(archive, None)
            if record is None:
                return
            if record.record_type != warc.WarcRecordType.response:
                continue
            length = record.content_length
            if length > limit:
                container.refuse(number, "too-long", f"the record has {length:,} bytes; raise the limit to read it")
                continue
            block = record.reader.read(limit)
            if len(block) < length:
                raise ReadError(container.part(number), "truncated", "ends too early; what came before was read")
            item = _page(container, number, record, block)
        except ReadError as error:
            if not container.stream.damage:
                container.on_error(error)
            return
        except (OSError, ValueError, EOFError) as error:
            if not container.stream.damage:
                container.refuse(number, "format", f"is no WARC record ({error}); what came before was read")
            return
        if item:
            yield item


def _page(container: Container, number: int, record: WarcRecord, block: bytes) -> Item | None:
    """The page that a response brought; None for anything else, and for what its own headers do not fit."""
    day = (record.headers.get("WARC-Date") or "")[:10]
    address = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    record.set_bytes_content(block)
    try:
        record.parse_http(auto_decode="all", strict_mode=False)
        answer = record.http_headers
        if answer is None or answer.status_code != 200 or record.http_content_type not in PAGE_TYPES:
            return None
        body = record.reader.read(container.options.max_bytes)
    except (OSError, ValueError, EOFError) as error:
        container.refuse(number, "format", f"holds no HTTP answer that can be read ({error}); leave it out")
        return None
    said = {"url": address, "fetched": day, "charset": record.http_charset or ""}
    return container.item(number, ".html", body, {key: value for key, value in said.items() if value})
