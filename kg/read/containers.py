"""Containers to items, streaming. `SPLITTERS` says which form is split how."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from kg.errors import ReadError
from kg.read.columns import as_text, flat, given_of, name_of, roles_of
from kg.read.forms import COMPRESSED, stem_of
from kg.read.items import Item, OnError
from kg.read.options import Reading
from kg.read.streams import Stream, bounded_lines
from kg.read.text import decoded, whole_characters

_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<(?:p|div|article|body|h[1-6])\b[^>]*>)", re.IGNORECASE)
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ENVELOPE = b"From "
_END = b"\n\n"
"""Stands for the end of a mailbox: no line is so."""
_QUOTED_ENVELOPE = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Container:
    """An open container. `file`: its bytes, decompressed; `stream` says whether they end too early. `whole`: the file
    itself, where it is not compressed and can be read from any place."""

    source: str
    file: io.BufferedReader
    whole: BinaryIO | None
    stream: Stream
    on_error: OnError
    options: Reading

    def part(self, number: int) -> str:
        """The source of the part with that number."""
        return f"{self.source}#{number}"

    def refuse(self, number: int, reason: str, message: str) -> None:
        self.on_error(ReadError(self.part(number), reason, message))

    def item(self, number: int, form: str, data: bytes, given: Mapping[str, str], *, name: str | None = None) -> Item:
        return Item(self.part(number), name or f"{stem_of(self.source)}-{number}", form, data, given)


Splitter = Callable[[Container], Iterator[Item]]


def split_container(file: BinaryIO, *, source: str, form: str, on_error: OnError, options: Reading) -> Iterator[Item]:
    """See `kg.read.items.split`."""
    compression = next((suffix for suffix in COMPRESSED if form.endswith(suffix)), "")
    try:
        stream = Stream(file, compression, source=source)
        whole = file if not compression and file.seekable() else None
        container = Container(source, io.BufferedReader(stream, 1 << 16), whole, stream, on_error, options)
        yield from SPLITTERS[form.removesuffix(compression)](container)
    except ReadError as error:
        on_error(error)
        return
    if stream.damage:
        on_error(ReadError(source, "truncated", f"{stream.damage}; what came before was read: get the file anew"))


def split_objects(container: Container) -> Iterator[Item]:
    """JSON objects, one a line."""
    limit = container.options.max_bytes
    for number, line in enumerate(_text_lines(container), 1):
        if line is None:
            container.refuse(number, "too-long", f"the line has more than {limit:,} bytes; split it or raise the limit")
        elif line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                ended = not line.endswith("\n") and container.stream.damage
                if not ended:
                    container.refuse(number, "format", f"the line is no JSON ({_short(error)}); mend or remove it")
                continue
            if isinstance(row, dict):
                values = flat(row)
                yield from _row_item(container, number, values, roles_of(values, container.options.columns))
            else:
                container.refuse(number, "format", "the line is no JSON object; each must be one")


def split_rows(container: Container) -> Iterator[Item]:
    """The rows of a CSV file, whose first line names the columns; what parts them is told from that line."""
    lines = _csv_lines(container)
    head = next(lines, "")
    delimiter = max(",;\t|", key=head.count)
    rows = _csv_rows(lines, delimiter, container)
    columns = next(csv.reader([head], delimiter=delimiter), [])
    roles = _known_roles(container, columns)
    for number, row in rows:
        if row:
            yield from _row_item(container, number, dict(zip(columns, row, strict=False)), roles)


def split_parquet(container: Container) -> Iterator[Item]:
    """The rows of a Parquet file; only the columns that count are read."""
    from kg.read.tables import parquet_rows

    def chosen(columns: list[str]) -> list[str]:
        return sorted({*_known_roles(container, columns).values()})

    for number, row in enumerate(parquet_rows(container.whole or container.file, chosen, source=container.source), 1):
        yield from _row_item(container, number, row, roles_of(row, container.options.columns))


def split_mailbox(container: Container) -> Iterator[Item]:
    """The messages of an mbox file."""
    limit = container.options.max_bytes
    number, size, lines = 0, 0, list[bytes]()
    blank = True
    for line in chain(bounded_lines(container.file, limit), [_END]):
        if line is _END or (line is not None and blank and line.startswith(_ENVELOPE)):
            if size > limit:
                container.refuse(number, "too-long", f"the message has more than {limit:,} bytes; remove it")
            elif lines:
                yield container.item(number, ".eml", _QUOTED_ENVELOPE.sub(rb"\1", b"".join(lines)), {})
            number, size, lines = number + 1, 0, []
        else:
            size += limit + 1 if line is None else len(line)
            if line is not None and size <= limit:
                lines.append(line)
        blank = line is not None and not line.strip()


def split_archive(container: Container) -> Iterator[Item]:
    """The pages of a web archive."""
    from kg.read.archives import pages

    yield from pages(container)


SPLITTERS: dict[str, Splitter] = {
    ".jsonl": split_objects,
    ".ndjson": split_objects,
    ".csv": split_rows,
    ".tsv": split_rows,
    ".parquet": split_parquet,
    ".warc": split_archive,
    ".mbox": split_mailbox,
}


def _row_item(container: Container, number: int, row: Mapping[str, object], roles: Mapping[str, str]) -> Iterator[Item]:
    if "text" not in roles:
        container.refuse(number, "columns", _no_text(list(row)))
        return
    text = as_text(row.get(roles["text"]))
    named = container.options.columns
    form = ".html" if _PAGE.match(text) else ".txt"
    given = given_of(row, roles, named)
    data = whole_characters(text).replace("\x00", "\ufffd").encode()
    yield container.item(number, form, data, given, name=name_of(row, roles))


def _known_roles(container: Container, columns: list[str]) -> dict[str, str]:
    roles = roles_of(columns, container.options.columns)
    if "text" not in roles:
        raise ReadError(container.source, "columns", _no_text(columns))
    return roles


def _no_text(columns: list[str]) -> str:
    return f"no column is known to hold the text; name one of: {', '.join(sorted(columns)[:20])}"


def _text_lines(container: Container) -> Iterator[str | None]:
    """The lines as text; None for each that is too long. UTF-16 by its mark, else UTF-8, else Windows-1252."""
    limit = container.options.max_bytes
    head = container.file.peek(2)[:2]
    encoding = next((name for mark, name in _UTF16 if head == mark), None)
    if encoding:
        container.file.read(2)
        wide = io.TextIOWrapper(container.file, encoding, errors="replace", newline="\n")
        while line := wide.readline(limit + 1):
            if len(line) > limit and not line.endswith("\n"):
                while (rest := wide.readline(limit)) and not rest.endswith("\n"):
                    pass
                yield None
            else:
                yield line
        return
    for number, raw in enumerate(bounded_lines(container.file, limit)):
        if raw is None:
            yield None
            continue
        data = raw.removeprefix(codecs.BOM_UTF8) if number == 0 else raw
        yield decoded(data)


def _csv_lines(container: Container) -> Iterator[str]:
    for number, line in enumerate(_text_lines(container)):
        if line is None:
            container.refuse(number, "too-long", f"the line has more than {container.options.max_bytes:,} bytes")
        elif line.endswith("\n") or not container.stream.damage:
            yield line


def _csv_rows(lines: Iterator[str], delimiter: str, container: Container) -> Iterator[tuple[int, list[str] | None]]:
    """The rows by number; the limit for a field, which the csv module keeps for the process, is lifted only within."""
    reader, number = csv.reader(lines, delimiter=delimiter), 0
    while True:
        number += 1
        before = csv.field_size_limit(container.options.max_bytes)
        try:
            row = next(reader, None)
        except csv.Error as error:
            container.refuse(number, "too-long" if "limit" in str(error) else "format", f"{error}; mend or remove it")
            continue
        finally:
            csv.field_size_limit(before)
        if row is None:
            return
        yield number, row


def _short(error: ValueError | RecursionError) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)[:100]
