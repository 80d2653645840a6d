"""Feeds (RSS, Atom): every entry is a document. The stored text is markdown, derived from the entry's HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.model import Document
from kg.read.documents import derived_document, iso_date, titled, web_address
from kg.read.extras import needed
from kg.read.forms import HEAD, sniffed
from kg.read.fragments import markdown_of, parsed_page
from kg.read.items import Item
from kg.read.options import Reading
from kg.read.pages import page_document, page_text

if TYPE_CHECKING:
    from feedparser import FeedParserDict

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def read_feed(item: Item, options: Reading) -> Iterator[Document]:
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
    feed = feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    if not feed.version and not feed.entries:
        raise ReadError(item.source, "format", "is no feed; known are RSS and Atom")
    if not feed.entries:
        raise ReadError(item.source, "empty", "the feed holds no entries")
    for number, entry in enumerate(feed.entries, 1):
        yield _document(item, number, entry, feed.feed, options)


def _document(item: Item, number: int, entry: FeedParserDict, feed: FeedParserDict, options: Reading) -> Document:
    source, title = f"{item.source}#{number}", _plain(entry.get("title"), item.source)
    said = {
        "title": title,
        "date": _day(entry),
        "publisher": _publisher(entry, feed, item.source),
        "url": web_address(entry.get("link")) or web_address(entry.get("id")),
    }
    text = titled("\n\n".join(_contents(entry, item.source)), title)
    name = f"{item.name}-{number}"
    document = derived_document(name, text, source=source, said=said, max_chars=options.max_chars)
    return replace(document, path=source)


def _contents(entry: FeedParserDict, source: str) -> Iterator[str]:
    """The full contents of an entry as markdown; where it has none, its summary."""
    contents = [detail for detail in entry.get("content", []) if detail.get("value", "").strip()]
    for detail in contents or [entry.get("summary_detail") or {}]:
        value = detail.get("value", "")
        if value.strip():
            is_text = detail.get("type") == "text/plain"
            yield value.strip() if is_text else markdown_of(parsed_page(value, source=source))


def _plain(markup: str | None, source: str) -> str | None:
    """A title without mark-up, on one line."""
    if not markup or not markup.strip():
        return None
    if "<" in markup:
        markup = "".join(map(str, parsed_page(markup, source=source).itertext()))
    return " ".join(markup.split()) or None


def _day(entry: FeedParserDict) -> str | None:
    """The day of an entry as written, in its own time zone."""
    for key in ("published", "updated", "created"):
        parsed = entry.get(f"{key}_parsed")
        day = iso_date(entry.get(key) or "") or (f"{parsed[0]}-{parsed[1]:02}-{parsed[2]:02}" if parsed else None)
        if day:
            return day
    return None


def _publisher(entry: FeedParserDict, feed: FeedParserDict, source: str) -> str | None:
    """Whom an entry comes from, where a feed collects those of others, else the feed."""
    origin = entry.get("source") or {}
    return (
        _plain(origin.get("title"), source)
        or _plain(entry.get("publisher"), source)
        or _plain(feed.get("title"), source)
    )
