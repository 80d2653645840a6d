"""From a file to its stored text: decoding, and refusing what is no text."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from kg.errors import ReadError

MAX_CHARS = 1_000_000
"""The longest stored text that is read, in characters."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_SHARE = 0.005


def check_file(path: Path) -> None:
    """Raise `ReadError` (`missing`, `unreadable`) for a path that is no regular file."""
    try:
        if path.is_file():
            return
        there = path.exists()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not there:
        raise ReadError(str(path), "missing", "there is no such file; check the path")
    raise ReadError(str(path), "unreadable", "this is not a regular file; give a file or a folder of files")


def read_bytes(path: Path, *, limit: int) -> bytes:
    """The first `limit` bytes of a file. Raises `ReadError` (`missing`, `unreadable`)."""
    check_file(path)
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError | ValueError) -> ReadError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return ReadError(str(path), "unreadable", f"cannot be read ({reason}); check its permissions")


def longest_text(max_chars: int) -> int:
    """How many bytes of a text file need be read: no encoding takes more than four a character, the rest would only
    be read to be refused."""
    return 4 * max_chars + 8


def read_text(path: Path, *, max_chars: int = MAX_CHARS) -> str:
    """The stored text of a file: decoded, byte order mark dropped, newlines as they are.

    Raises `ReadError`: `missing`, `unreadable` (a folder, no permission), or a reason of `decode`.
    """
    return decode(read_bytes(path, limit=longest_text(max_chars)), path=str(path), max_chars=max_chars)


def decode(data: bytes, *, path: str, max_chars: int = MAX_CHARS) -> str:
    """The text in `data`: by its byte order mark, else UTF-8, else Windows-1252. `path` is named in errors.

    Raises `ReadError` with reason `empty`, `binary`, `encoding` or `too-long`.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    if not mark and b"\x00" in data:
        raise ReadError(path, "binary", "holds NUL bytes, so it is no text; convert it to text first")
    try:
        text = (
            data[len(mark) :].decode(encoding) if mark else _decode_unmarked(data, complete=len(data) <= 4 * max_chars)
        )
    except UnicodeDecodeError as error:
        tried = encoding or "utf-8 and cp1252"
        message = f"is not text in {tried} (byte {error.start + len(mark)}); save it as UTF-8"
        raise ReadError(path, "encoding", message) from error
    check_text(text, path=path, max_chars=max_chars)
    return text


def check_text(text: str, *, path: str, max_chars: int = MAX_CHARS) -> None:
    """Raise `ReadError` (`too-long`, `empty`, `binary`) for a string that cannot be a document."""
    if len(text) > max_chars:
        raise ReadError(path, "too-long", f"has more than {max_chars:,} characters; split it or raise the limit")
    if not text.strip():
        raise ReadError(path, "empty", "holds no text; remove it from the input")
    if "\x00" in text or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        raise ReadError(path, "binary", "holds control characters, so it is no text; convert it to text first")


def _decode_unmarked(data: bytes, *, complete: bool) -> str:
    """UTF-8, else Windows-1252. A file cut off at the limit may end inside a character."""
    try:
        return codecs.utf_8_decode(data, "strict", complete)[0]
    except UnicodeDecodeError:
        return data.decode("cp1252")
