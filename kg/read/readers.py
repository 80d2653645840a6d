"""Files, folders and strings to documents. `READERS` says which suffix is read how."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from kg.errors import ReadError
from kg.model import Block, Document
from kg.read.bylines import find_date, load_byline_rules, mark_bylines
from kg.read.markdown import parse_markdown
from kg.read.source import front_matter
from kg.read.text import MAX_CHARS, check_text, read_text

LONGEST_TITLE = 150
NAME_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(?:(\d\d?)-(\d\d?)|(\d\d)(\d\d))(?!\d)")

Reader = Callable[[str, str], Document]
"""From a document's name and its stored text to the document."""


def read_markdown(name: str, text: str) -> Document:
    """A markdown or plain text document. Title, date and publisher: from its front matter, else its first blocks."""
    front = front_matter(text)
    blocks, byline = mark_bylines(parse_markdown(text), load_byline_rules())
    return Document(
        name=name,
        text=text,
        blocks=blocks,
        title=front.get("title") or _title(blocks),
        publisher=front.get("publisher") or byline.publisher,
        date=iso_date(front.get("date", "")) or byline.date,
        url=front.get("url") or None,
    )


READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_markdown,
    ".text": read_markdown,
}


def read(
    paths: Iterable[Path],
    *,
    on_error: Callable[[ReadError], None],
    metadata: Mapping[str, Mapping[str, str]] | None = None,
    max_chars: int = MAX_CHARS,
) -> Iterator[Document]:
    """The documents in files and folders: paths in the order given, files of a folder sorted by path, each file once.

    In folders, files with other suffixes and hidden ones are passed over. Each failure goes to `on_error` and the
    rest goes on. `metadata`: by document name, `title`, `date`, `publisher`, `url` that overrule the text's own.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _files(path, on_error):
            real = file.resolve()
            if real in seen:
                continue
            seen.add(real)
            try:
                document = read_document(file, max_chars=max_chars)
                yield _overruled(document, (metadata or {}).get(document.name, {}))
            except ReadError as error:
                on_error(error)


def read_document(path: Path, *, max_chars: int = MAX_CHARS) -> Document:
    """One file as a document. Raises `ReadError`, whose `reason` says why: `format`, or one of `kg.read.text`."""
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None and path.is_file():
        known = ", ".join(sorted(READERS))
        raise ReadError(str(path), "format", f"cannot read {path.suffix or 'a file without suffix'!r}; known: {known}")
    text = read_text(path, max_chars=max_chars)
    document = (reader or read_markdown)(path.stem, text)
    return replace(document, path=str(path), date=document.date or date_in_name(path.stem))


def date_in_name(name: str) -> str | None:
    """The full date in a file's name ("news-2024-11-22", "wire-2024-1122"), ISO 8601; None where there is none."""
    found = NAME_DATE.search(name)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def document_from_text(
    name: str,
    text: str,
    *,
    title: str | None = None,
    date: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    max_chars: int = MAX_CHARS,
) -> Document:
    """A string as a document. What is given overrules what the text says; `date` is ISO 8601 or as sources write it.

    Raises `ReadError` (`empty`, `binary`, `too-long`, or `metadata` for a date that cannot be understood).
    """
    check_text(text, path=name, max_chars=max_chars)
    given = {"title": title, "date": date, "publisher": publisher, "url": url}
    return _overruled(read_markdown(name, text), {key: value for key, value in given.items() if value})


def iso_date(text: str) -> str | None:
    """A date as ISO 8601, as precise as written (year, month or day); None if it is not understood."""
    found = find_date(text, load_byline_rules())
    if found:
        return found[0]
    year = text.strip()
    return year if len(year) == 4 and year.isascii() and year.isdecimal() else None


def _overruled(document: Document, given: Mapping[str, str]) -> Document:
    stated = iso_date(given.get("date", ""))
    if given.get("date") and not stated:
        message = f"the date given for it, {given['date']!r}, is not understood; write it as 2024-11-22"
        raise ReadError(document.path or document.name, "metadata", message)
    return replace(
        document,
        title=given.get("title") or document.title,
        date=stated or document.date,
        publisher=given.get("publisher") or document.publisher,
        url=given.get("url") or document.url,
    )


def _title(blocks: tuple[Block, ...]) -> str | None:
    """The first heading of level 1, else the first block if it is short enough for a title."""
    for block in blocks:
        if block.kind == "heading" and block.level == 1:
            return block.text
    first = blocks[0] if blocks else None
    fits = first is not None and first.kind in ("heading", "paragraph") and len(first.text) <= LONGEST_TITLE
    return first.text if first and fits else None


def _files(path: Path, on_error: Callable[[ReadError], None]) -> Iterator[Path]:
    """The file itself, or the known files below a folder, sorted by path."""
    if not path.is_dir():
        yield path
        return
    failed: list[OSError] = []
    found = []
    for folder, folders, files in os.walk(path, onerror=failed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in files if not name.startswith(".")]
    known = sorted(file for file in found if file.suffix.lower() in READERS)
    for error in sorted(failed, key=lambda error: str(error.filename)):
        message = f"cannot be read ({error.strerror}); check its permissions"
        on_error(ReadError(str(error.filename), "unreadable", message))
    if not known and not failed:
        on_error(
            ReadError(
                str(path), "empty", f"the folder holds no file with a known suffix ({', '.join(sorted(READERS))})"
            )
        )
    yield from known
