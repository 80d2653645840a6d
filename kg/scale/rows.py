"""What the steps of a run hand on: compressed files of JSON rows, and files in parts of which each is read by itself.

A file in parts holds rows sorted out by a hash, so that what belongs together in the files of all shards has the same
number: part 3 of each file together is all that part 3 is about. Only that much is read at a time.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from kg.data import extra
from kg.errors import StoreError
from kg.scale.files import open_file

LEVEL = 3
_PLACE = struct.Struct("<QQ")  # where a part begins and ends
_LAST = struct.Struct("<Q")  # how many parts there are


def line_of(row: object) -> bytes:
    """The row as a line of JSON. Halves of characters stay as they are, so that every text comes back as it was."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def row_of(line: bytes) -> Any:
    """What `line_of` was given; who reads it knows what that is."""
    return json.loads(line.decode("utf-8", "surrogatepass"))


def packed(lines: Iterable[bytes]) -> bytes:
    """The lines, each with its end, compressed."""
    packer = extra("zstandard", "scale").ZstdCompressor(level=LEVEL, write_checksum=True)
    return bytes(packer.compress(b"".join(lines)))


def lines_of(path: str) -> Iterator[bytes]:
    """The lines of a compressed file, each with its end, one by one. Raises `StoreError` where it is damaged."""
    with open_file(path) as file:
        yield from _lines(file, path)


def rows_of(path: str) -> Iterator[Any]:
    """The rows of a compressed file, one by one."""
    return map(row_of, lines_of(path))


def _lines(file: BinaryIO, path: str) -> Iterator[bytes]:
    zstandard = extra("zstandard", "scale")
    rest = b""
    try:
        with zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as reader:
            while chunk := reader.read(1 << 20):
                *whole, rest = (rest + chunk).split(b"\n")
                yield from (line + b"\n" for line in whole)
    except zstandard.ZstdError as error:
        raise StoreError(f"{path}: damaged ({error}); delete it and run again") from error
    if rest:
        raise StoreError(f"{path}: damaged (cut off); delete it and run again")


def keyed_line(key: str, row: object) -> bytes:
    """A row by whose key it can be passed over without being taken apart."""
    return line_of(key)[:-1] + b"\t" + line_of(row)


def wanted_rows(path: str, keys: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Of the keyed rows of a compressed file those with these keys. There may be many others."""
    wanted = {line_of(key)[:-1]: key for key in keys}
    for line in lines_of(path):
        key, _, row = line.partition(b"\t")
        if key in wanted:
            yield wanted[key], row_of(row)


def part_of(key: str, parts: int) -> int:
    """The number of the part that a key belongs to, the same on every machine."""
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % parts


def in_parts(lines: Iterable[tuple[int, bytes]], parts: int) -> bytes:
    """A file in parts: the lines of each, sorted, each once, and after all of them where each begins and ends."""
    sorted_out: list[set[bytes]] = [set() for _ in range(parts)]
    for number, line in lines:
        sorted_out[number].add(line)
    out, places = bytearray(), []
    for found in sorted_out:
        start = len(out)
        if found:
            out += packed(sorted(found))
        places.append(_PLACE.pack(start, len(out)))
    return bytes(out) + b"".join(places) + _LAST.pack(parts)


def part_lines(path: str, number: int) -> Iterator[bytes]:
    """The lines of one part. Raises `StoreError` where the file is damaged."""
    with open_file(path) as file:
        try:
            file.seek(-_LAST.size, 2)
            (parts,) = _LAST.unpack(file.read(_LAST.size))
            file.seek(-_LAST.size - _PLACE.size * (parts - number), 2)
            start, end = _PLACE.unpack(file.read(_PLACE.size))
            file.seek(start)
            content = file.read(end - start)
        except (OSError, ValueError, struct.error) as error:
            raise StoreError(f"{path}: damaged ({error}); delete it and run again") from error
    if content:
        try:
            text = extra("zstandard", "scale").ZstdDecompressor().decompress(content)
        except extra("zstandard", "scale").ZstdError as error:
            raise StoreError(f"{path}: damaged ({error}); delete it and run again") from error
        yield from text.splitlines(keepends=True)
