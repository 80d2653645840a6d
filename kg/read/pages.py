"""HTML pages: the article without what stands around it, as markdown, which is the stored text of the document."""

from __future__ import annotations

import re

from kg.errors import ReadError
from kg.model import Document
from kg.read.documents import derived_document, titled, web_address
from kg.read.extras import BREAKS, needed
from kg.read.fragments import MAX_PAGE, Element, markdown_of, parsed_page
from kg.read.items import Item, whole_bytes
from kg.read.options import Reading
from kg.read.text import decode

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_FAST_ABOVE = 500_000
"""Pages of more characters are extracted without the second opinion, which takes twice the time."""
_NUL_SHARE = 0.01


def read_pages(item: Item, options: Reading) -> list[Document]:
    """The article of a page, with title, day, publisher and address as the page's own mark-up says.

    Raises `ReadError`: a reason of `kg.read.text.decode`, `nesting`, `extra`.
    """
    return [page_document(item, page_text(item, options), options)]


def page_text(item: Item, options: Reading) -> str:
    """The characters of a file of mark-up: by mark, UTF-8, what it or its sender declares, else cp1252."""
    data = whole_bytes(item, options)
    if 0 < data.count(0) <= _NUL_SHARE * len(data):
        data = data.replace(b"\x00", b"")
    declared = _DECLARED.search(data, 0, _DECLARED_WITHIN)
    names = [item.given.get("charset", ""), declared[1].decode("ascii") if declared else ""]
    return decode(data, path=item.source, max_chars=MAX_PAGE, declared=names)


def page_document(item: Item, text: str, options: Reading) -> Document:
    """The document of a page from its HTML."""
    root = parsed_page(text, source=item.source)
    said = _said(root, item)
    body = _article(root, item, fast=len(text) > _FAST_ABOVE) or markdown_of(root)
    if not body.strip():
        raise ReadError(item.source, "empty", "holds no text, as pages do that a script fills; save it from a browser")
    return derived_document(
        item.name, titled(body, said.get("title")), source=item.source, said=said, max_chars=options.max_chars
    )


def _said(root: Element, item: Item) -> dict[str, str | None]:
    """What the mark-up of a page says of it; nothing where it is too odd for that."""
    extraction = needed("trafilatura", source=item.source)
    # The far end of the range keeps what is found from depending on the day it is looked for.
    dates = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
    try:
        found = extraction.extract_metadata(root, default_url=item.given.get("url"), date_config=dates)
    except BREAKS:
        return {}
    address = web_address(found.url)
    return {"title": found.title, "date": found.date, "publisher": found.sitename, "url": address}


def _article(root: Element, item: Item, *, fast: bool) -> str | None:
    """The article of a page as markdown; None where none is found, as in very short or odd pages."""
    needed("lxml_html_clean", source=item.source)  # without it trafilatura works, and finds less
    extraction = needed("trafilatura", source=item.source)
    try:
        article: str | None = extraction.extract(
            root,
            url=item.given.get("url"),
            output_format="markdown",
            include_formatting=True,
            include_comments=False,
            fast=fast,
        )
    except BREAKS:
        return None
    return article
