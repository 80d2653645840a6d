"""Streams that are read in bounds: decompressed as they go, a damaged end noted, lines of limited length."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol

from kg.read.extras import needed

if TYPE_CHECKING:
    from typing_extensions import Buffer

_FED = 2048
"""So many compressed bytes are fed to zstd at once: its blocks of 128 KB may take four bytes each."""
_SKIPPED = 1 << 20


class _Chunks(Protocol):
    def read1(self, size: int) -> bytes: ...


class Stream(io.RawIOBase):
    """The bytes of a file, decompressed. `damage` says, once the end is reached, that the file ends too early or is
    damaged there: what comes before is read all the same."""

    def __init__(self, file: BinaryIO, compression: str, *, source: str) -> None:
        self.damage: str | None = None
        self._chunks: _Chunks
        if compression == ".gz":
            self._chunks = gzip.GzipFile(fileobj=file, mode="rb")
        elif compression == ".zst":
            self._chunks = _Zstandard(file, source=source)
        else:
            self._chunks = _Plain(file)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        if self.damage:
            return 0
        try:
            data = self._chunks.read1(len(view))
        except EOFError:
            self.damage = "ends too early"
            return 0
        except (zlib.error, OSError) as error:
            self.damage = f"is damaged ({error})"
            return 0
        view[: len(data)] = data
        return len(data)


class _Plain:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read1(self, size: int) -> bytes:
        return self._file.read(size)


class _Zstandard:
    """Frame after frame of a zstd file. Unlike `zstandard.stream_reader`, it tells an early end from an end."""

    def __init__(self, file: BinaryIO, *, source: str) -> None:
        self._module = needed("zstandard", source=source)
        self._file = file
        self._frame = self._module.ZstdDecompressor().decompressobj()
        self._inside = False
        self._compressed = self._out = b""

    def read1(self, size: int) -> bytes:
        while not self._out:
            self._compressed = self._compressed or self._file.read(_FED)
            if not self._compressed:
                if self._inside:
                    raise EOFError
                return b""
            self._feed()
        out, self._out = self._out[:size], self._out[size:]
        return out

    def _feed(self) -> None:
        try:
            self._inside = True
            self._out = self._frame.decompress(self._compressed)
        except self._module.ZstdError as error:
            raise OSError(str(error)) from error
        self._compressed = b""
        if self._frame.eof:
            self._compressed, self._inside = self._frame.unused_data, False
            self._frame = self._module.ZstdDecompressor().decompressobj()


class Joined:
    """What was read of a stream already, and the rest of it."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        self._head, self._file = head, file

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._file.read(size)
        if size < 0:
            head, self._head = self._head, b""
            return head + self._file.read()
        head, self._head = self._head[:size], self._head[size:]
        return head


def bounded_lines(file: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """The lines of a file with their ends; None for each that is longer than `limit` bytes."""
    while line := file.readline(limit + 1):
        if len(line) > limit and not line.endswith(b"\n"):
            while (rest := file.readline(_SKIPPED)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line
