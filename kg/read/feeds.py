"""Feeds (RSS, Atom): every entry is a document. The stored text is markdown, derived from the entry's HTML."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO

from kg.errors import ReadError
from kg.model import Document
from kg.read.documents import derived_document, iso_date, titled, web_address
from kg.read.extras import BREAKS, needed
from kg.read.forms import HEAD, sniffed
from kg.read.fragments import markdown_of, parsed_page
from kg.read.items import Item
from kg.read.options import Reading
from kg.read.pages import page_document, page_text

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def read_feed(item: Item, options: Reading) -> Iterator[Document | ReadError]:
    """The entries of a feed, each with its title, day, address and publisher; of XML that is a page, the page.

    Raises `ReadError`: a reason of `kg.read.text.decode`, `entities`, `format`, `extra`.
    """
    text = page_text(item, options)
    if item.form == ".xml" and sniffed(text[:HEAD].encode()) == ".html":
        yield page_document(item, text, options)
        return
    if _ENTITY.search(text):
        raise ReadError(item.source, "entities", "declares entities of its own, which can grow without end")
    feedparser = needed("feedparser", source=item.source)
    stream = BytesIO(_DECLARATION.sub("", text, count=1).encode())
    # As a stream, since it would open a string as a file or an address.
    try:
        feed = feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    except BREAKS as error:
        raise ReadError(item.source, "format", f"is a damaged feed ({error!r:.100}); get it anew") from error
    if not feed.version and not feed.entries:
        raise ReadError(item.source, "format", "is no feed; known are RSS and Atom")
    if not feed.entries:
        raise ReadError(item.source, "empty", "the feed holds no entries")
    for number, entry in enumerate(feed.entries, 1):
        try:
            yield _document(item, number, entry, feed.feed, options)
        except ReadError as error:
            yield error


Entry = Mapping[str, object]
"""An entry or the head of a feed, as feedparser has it: with whatever a feed may hold."""


def _document(item: Item, number: int, entry: Entry, feed: Entry, options: Reading) -> Document:
    source = f"{item.source}#{number}"
    title = _plain(_string(entry, "title"), source)
    said = {
        "title": title,
        "date": _day(entry),
        "publisher": _publisher(entry, feed, source),
        "url": web_address(_string(entry, "link")) or web_address(_string(entry, "id")),
    }
    text = titled("\n\n".join(_contents(entry, source)), title)
    name = f"{item.name}-{number}"
    document = derived_document(name, text, source=source, said=said, max_chars=options.max_chars)
    return replace(document, path=source)


def _contents(entry: Entry, source: str) -> Iterator[str]:
    """The full contents of an entry as markdown; where it has none, its summary."""
    contents = entry.get("content")
    details = [detail for detail in contents if isinstance(detail, Mapping)] if isinstance(contents, list) else []
    full = [detail for detail in details if _string(detail, "value").strip()]
    for detail in full or [_mapping(entry, "summary_detail")]:
        value = _string(detail, "value")
        if value.strip():
            is_text = detail.get("type") == "text/plain"
            yield value.strip() if is_text else markdown_of(parsed_page(value, source=source))


def _plain(markup: str, source: str) -> str | None:
    """A title without mark-up, on one line."""
    if "<" in markup and markup.strip():
        markup = "".join(map(str, parsed_page(markup, source=source).itertext()))
    return " ".join(markup.split()) or None


def _day(entry: Entry) -> str | None:
    """The day of an entry as written, in its own time zone."""
    for key in ("published", "updated", "created"):
        if day := iso_date(_string(entry, key)):
            return day
        parsed = entry.get(f"{key}_parsed")
        if isinstance(parsed, time.struct_time):
            return time.strftime("%Y-%m-%d", parsed)
    return None


def _publisher(entry: Entry, feed: Entry, source: str) -> str | None:
    """Whom an entry comes from, where a feed collects those of others, else the feed."""
    named = (_string(_mapping(entry, "source"), "title"), _string(entry, "publisher"), _string(feed, "title"))
    return next(filter(None, (_plain(name, source) for name in named)), None)


def _string(entry: Entry, key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _mapping(entry: Entry, key: str) -> Entry:
    value = entry.get(key)
    return value if isinstance(value, Mapping) else {}
