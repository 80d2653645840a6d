"""From a file to its stored text: decoding, and refusing what is no text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
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
_SURROGATE = re.compile("[\udc80-\udcff]")
_ANY_SURROGATE = re.compile("[\ud800-\udfff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_LOST = re.compile("[\ufffd\ud800-\udfff]")
_LOST_SHARE = 0.02
_CODECS = ("cp", "iso8859", "koi8", "mac", "big5", "gb", "euc", "shift_jis", "iso2022", "utf-16", "utf-32", "tis", "hz")
"""What a declared encoding may begin with: Python also has codecs that are no encodings of text."""


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


def decode(data: bytes, *, path: str, max_chars: int = MAX_CHARS, declared: Iterable[str] = ()) -> str:
    """The text in `data`: by its byte order mark, else UTF-8, else an encoding that is `declared` of it, else cp1252.

    A few bytes that fit none are read as the encoding around them has it, or as U+FFFD. `path` is named in errors.
    Raises `ReadError` with reason `empty`, `binary`, `encoding` or `too-long`.
    """
    declared = [name for name in map(_usable, declared) if name]
    marked = any(data.startswith(mark) for mark, _ in _MARKS)
    if not marked and b"\x00" in data and not any(name.startswith(("utf-16", "utf-32")) for name in declared):
        raise ReadError(path, "binary", "holds NUL bytes, so it is no text; convert it to text first")
    if len(data) > longest_text(max_chars) - 8:
        data = _without_cut_character(data)
    text = decoded(data, declared)
    check_text(text, path=path, max_chars=max_chars)
    return text


def decoded(data: bytes, declared: Iterable[str] = ()) -> str:
    """The text in `data` as `decode` finds it, whatever it may be. `declared`: names of Python's codecs."""
    encodings = ["utf-8", *declared]
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    escaped = data.decode("utf-8", "surrogateescape")
    bad = len(_SURROGATE.findall(escaped))
    if bad <= len(_BEYOND_ASCII.findall(escaped)):
        return _SURROGATE.sub(lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace"), escaped)
    return data.decode("cp1252", "replace")


def whole_characters(text: str) -> str:
    """The text with U+FFFD, as long, for each half of a surrogate pair: those cannot be stored."""
    return _ANY_SURROGATE.sub("\ufffd", text)


def check_text(text: str, *, path: str, max_chars: int = MAX_CHARS) -> None:
    """Raise `ReadError` (`too-long`, `empty`, `binary`, `encoding`) for a string that cannot be a document."""
    if len(text) > max_chars:
        raise ReadError(path, "too-long", f"has more than {max_chars:,} characters; split it or raise the limit")
    if not text.strip():
        raise ReadError(path, "empty", "holds no text; remove it from the input")
    if "\x00" in text or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        raise ReadError(path, "binary", "holds control characters, so it is no text; convert it to text first")
    if len(_LOST.findall(text)) > _LOST_SHARE * len(text):
        raise ReadError(path, "encoding", "holds many characters of no known encoding; save it as UTF-8")


def _usable(name: str) -> str | None:
    """The codec that a declared encoding means in practice: browsers read Latin-1 and ASCII as Windows-1252."""
    try:
        found = codecs.lookup(name.strip("\"' ")).name
    except (LookupError, ValueError):
        return None
    if found in ("iso8859-1", "ascii", "latin-1"):
        return "cp1252"
    return found if found.startswith(_CODECS) and found not in ("utf-7", "utf-8") else None


def _without_cut_character(data: bytes) -> bytes:
    """Bytes that end where the limit cut them off, without the part of a UTF-8 character at their end."""
    start = next((at for at in range(len(data) - 1, max(0, len(data) - 5), -1) if data[at] & 0xC0 != 0x80), 0)
    return data[:start] if data[start : start + 1] >= b"\xc0" else data
