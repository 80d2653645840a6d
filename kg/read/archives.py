"""The pages of web archives (WARC)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Literal

from kg.errors import ReadError
from kg.read.extras import needed
from kg.read.items import Item

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

    from kg.read.containers import Container

_DECODINGS: tuple[Literal["all", "none"], ...] = ("all", "none")

PAGE_TYPES = ("text/html", "application/xhtml+xml")


def pages(container: Container) -> Iterator[Item]:
    """Each response of an archive that brought a page, with its address, the day it was fetched and its charset.

    Records of other kinds and answers other than 200 are passed over. A part's number counts records of all kinds.
    """
    warc = needed("fastwarc.warc", source=container.source)
    archive = warc.ArchiveIterator(_Counted(container.file), parse_http=False, stream_detect=False)
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


class _Counted:
    """A stream with a count of what was read of it: fastwarc asks for its place, and breaks where it has none."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._place = file, 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._place += len(data)
        return data

    def tell(self) -> int:
        return self._place


def _page(container: Container, number: int, record: WarcRecord, block: bytes) -> Item | None:
    """The page that a response brought; None for anything else."""
    day = (record.headers.get("WARC-Date") or "")[:10]
    address = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    # Some crawlers decode the body, and keep the headers that say it is coded.
    for decoding in _DECODINGS:
        # A record of its own, since one that breaks here would take the archive with it.
        answer = type(record)()
        answer.is_http = True
        answer.set_bytes_content(block)
        try:
            answer.parse_http(auto_decode=decoding, strict_mode=False)
            if not _is_page(answer):
                return None
            body = answer.reader.read(container.options.max_bytes)
        except (OSError, ValueError, EOFError):
            continue
        said = {"url": address, "fetched": day, "charset": answer.http_charset or ""}
        return container.item(number, ".html", body, {key: value for key, value in said.items() if value})
    container.refuse(number, "format", "holds no HTTP answer that can be read; leave it out")
    return None


def _is_page(answer: WarcRecord) -> bool:
    headers = answer.http_headers
    return headers is not None and headers.status_code == 200 and answer.http_content_type in PAGE_TYPES
