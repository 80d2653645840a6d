"""What a run reads, cut into shards: the same cut each time, whatever works on it."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from math import ceil
from pathlib import Path

from kg.errors import KgError, ReadError, StoreError
from kg.read.forms import SINGLE, form_of, known_forms, stem_of
from kg.read.items import Item, OnError, files_at, items, split
from kg.read.options import DEFAULTS, Reading
from kg.scale.files import files_below, is_address, open_file, read_bytes, size_of, state_of

SMALLEST = 4_000_000
"""Bytes of input of a shard, where this does not make more than `MOST` of them."""
MOST = 10_000
READ_AGAIN = 8
"""A container whose rows are only found by reading all that come before is cut up less, for each piece reads it all."""
BLOCK = 1 << 20
LINES = frozenset({".jsonl", ".ndjson"})
"""Forms of which each line can be read by itself."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file; or its lines from the byte `start` to the byte `end`, with so many `before`; or of its items each `of`-th
    from the one at `place` on. `state` is another text once the file has changed."""

    source: str
    state: str
    size: int
    start: int = 0
    end: int = 0
    before: int = 0
    place: int = 0
    of: int = 1


Shard = tuple[Piece, ...]
"""What one task reads."""


def shards_of(
    paths: Iterable[str | Path], *, on_error: OnError, options: Reading = DEFAULTS, shards: int | None = None
) -> list[Shard]:
    """Cut what lies at `paths` (files, folders, globs; addresses for fsspec) into shards of about equal size.

    `shards`: about how many; else as many as fit the size. What is not there goes to `on_error`. Raises `KgError` for
    what cannot be read by several, standard input and web addresses.
    """
    files = list(_files(paths, on_error, options))
    total = sum(piece.size for piece in files)
    target = max(1, ceil(total / shards)) if shards else _size_of_shard(total)
    out, together, size = list[Shard](), list[Piece](), 0
    for piece in (cut for file in files for cut in _cut(file, target)):
        if together and size + piece.size > target:
            out.append(tuple(together))
            together, size = [], 0
        together.append(piece)
        size += piece.size
    return [*out, tuple(together)] if together else out


def _size_of_shard(total: int) -> int:
    """Doubled until there are few enough: so a little more input does not cut all of it anew."""
    size = SMALLEST
    while size * MOST < total:
        size *= 2
    return size


def items_of(shard: Shard, *, on_error: OnError, options: Reading = DEFAULTS) -> Iterator[Item]:
    """The items of a shard, as `kg.read.items.items` finds them."""
    for piece in shard:
        # What is wrong with a file, the first of its pieces tells.
        heard = on_error if piece.place == 0 else _unheard
        yield from islice(_items(piece, heard, options), piece.place, None, piece.of)


def _unheard(error: ReadError) -> None:
    pass


def _items(piece: Piece, on_error: OnError, options: Reading) -> Iterator[Item]:
    form = form_of(piece.source) or options.form or ""
    if piece.end:
        with open_file(piece.source) as file:
            file.seek(piece.start)
            # Rows are known by their numbers: empty lines stand for those before.
            rows = BytesIO(b"\n" * piece.before + file.read(piece.end - piece.start))
        yield from split(rows, source=piece.source, form=form, on_error=on_error, options=options)
    elif not is_address(piece.source):
        yield from items([piece.source], on_error=on_error, options=options)
    elif form in SINGLE:
        yield Item(piece.source, stem_of(piece.source), form, read_bytes(piece.source))
    else:
        with open_file(piece.source) as file:
            yield from split(file, source=piece.source, form=form, on_error=on_error, options=options)


def _files(paths: Iterable[str | Path], on_error: OnError, options: Reading) -> Iterator[Piece]:
    """The files at `paths`, each once, in the order given."""
    seen = set[str]()
    for path in map(str, paths):
        if path == "-" or path.startswith(("http://", "https://")):
            raise KgError(f"{path}: cannot be read by several; store it in a file first")
        found = _known_below(path, on_error, options) if is_address(path) else files_at(Path(path), on_error)
        for file in map(str, found):
            real = file if is_address(file) else str(Path(file).resolve())
            if real in seen:
                continue
            seen.add(real)
            try:
                yield Piece(file, state_of(file), size_of(file) or 0)
            except StoreError:
                yield Piece(file, "missing", 0)  # who reads it says so


def _known_below(address: str, on_error: OnError, options: Reading) -> Iterator[str]:
    found = [file for file in files_below(address) if file == address or form_of(file) or options.form]
    if not found:
        message = f"there is no file of a known form; known: {known_forms()}"
        on_error(ReadError(address, "missing", message))
    yield from found


def _cut(file: Piece, target: int) -> list[Piece]:
    """The file in pieces of about that size."""
    form = form_of(file.source) or ""
    if form in LINES and file.size > target and not is_address(file.source) and not _is_wide(file.source):
        return list(_cut_lines(file, target))
    if form in SINGLE or not form:
        return [file]
    of = ceil(file.size / (READ_AGAIN * target))
    return [Piece(file.source, file.state, file.size // of, place=place, of=of) for place in range(of)]


def _is_wide(path: str) -> bool:
    """Whether the text is UTF-16, in which the byte of a line's end may also be half of a character."""
    with open_file(path) as file:
        return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _cut_lines(file: Piece, target: int) -> Iterator[Piece]:
    """The file cut after lines."""
    start = at = before = lines = 0
    with open_file(file.source) as opened:
        while block := opened.read(min(BLOCK, target)):
            cut = block.rfind(b"\n") + 1
            if at + cut - start >= target and cut:
                lines += block.count(b"\n")
                yield Piece(file.source, file.state, at + cut - start, start, at + cut, before)
                start, before = at + cut, lines
            else:
                lines += block.count(b"\n")
            at += len(block)
    if at > start:
        yield Piece(file.source, file.state, at - start, start, at, before)
