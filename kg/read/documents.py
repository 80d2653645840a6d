"""From a text and what its source says of it to a document."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from kg.errors import ReadError
from kg.model import Block, Document
from kg.read.bylines import find_date, load_byline_rules, mark_bylines
from kg.read.markdown import parse_markdown
from kg.read.source import front_matter
from kg.read.text import MAX_CHARS, check_text, whole_characters

LONGEST_TITLE = 150
NAME_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(?:(\d\d?)-(\d\d?)|(\d\d)(\d\d))(?!\d)")
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


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


def derived_document(
    name: str,
    text: str,
    *,
    source: str,
    said: Mapping[str, str | None],
    otherwise: Mapping[str, str | None] = MappingProxyType({}),
    max_chars: int = MAX_CHARS,
) -> Document:
    """A document whose stored text was derived from another form, as markdown.

    What the form has `said` (title, date, publisher, url) comes before what the text says; what comes `otherwise`
    after it. Dates that are not understood are passed over. Raises `ReadError` as `check_text` does.
    """
    check_text(text, path=source, max_chars=max_chars)
    own = read_markdown(name, whole_characters(text))
    return replace(
        own,
        title=said.get("title") or own.title or otherwise.get("title"),
        date=iso_date(said.get("date") or "") or own.date or iso_date(otherwise.get("date") or ""),
        publisher=said.get("publisher") or own.publisher or otherwise.get("publisher"),
        url=said.get("url") or own.url or otherwise.get("url"),
    )


def titled(text: str, title: str | None) -> str:
    """Markdown that begins with its title, put in front where no heading has it."""
    words = " ".join((title or "").split())
    if not words or _letters(words) in _letters(text[: 3 * len(words) + 200]):
        return text
    return f"# {words}\n\n{text}".rstrip()


def web_address(address: str | None) -> str | None:
    """An address that leads to the web, else None: not `javascript:` nor what a file holds for itself."""
    stripped = (address or "").strip()
    return stripped if _WEB.fullmatch(stripped) else None


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

    Raises `ReadError` (`empty`, `binary`, `encoding`, `too-long`, or `metadata` for a date that cannot be understood).
    """
    check_text(text, path=name, max_chars=max_chars)
    given = {"title": title, "date": date, "publisher": publisher, "url": url}
    return overruled(read_markdown(name, whole_characters(text)), {key: value for key, value in given.items() if value})


def overruled(document: Document, given: Mapping[str, str]) -> Document:
    """The document with the title, date, publisher and url that are given in place of its own.

    Raises `ReadError` (`metadata`) for a date that cannot be understood.
    """
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


def iso_date(text: str) -> str | None:
    """A date as ISO 8601, as precise as written (year, month or day); None if it is not understood."""
    found = find_date(text, load_byline_rules())
    if found:
        return found[0]
    year = text.strip()
    return year if len(year) == 4 and year.isascii() and year.isdecimal() else None


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


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


def _title(blocks: tuple[Block, ...]) -> str | None:
    """The first heading of level 1, else the first block if it is short enough for a title."""
    for block in blocks:
        if block.kind == "heading" and block.level == 1:
            return block.text
    first = blocks[0] if blocks else None
    fits = first is not None and first.kind in ("heading", "paragraph") and len(first.text) <= LONGEST_TITLE
    return first.text if first and fits else None
