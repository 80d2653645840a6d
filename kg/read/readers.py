"""Items to documents. `READERS` says which form is read how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from kg.errors import ReadError
from kg.model import Document
from kg.read.documents import date_in_name, document_from_text, iso_date, overruled, read_markdown
from kg.read.feeds import read_feed
from kg.read.forms import FEEDS, PAGES, TEXTS, known_forms, stem_of
from kg.read.items import Item, OnError, item_bytes, items
from kg.read.mails import read_mail
from kg.read.office import read_docx
from kg.read.options import DEFAULTS, Reading
from kg.read.pages import read_pages
from kg.read.pdf import read_pdf
from kg.read.quality import check_quality
from kg.read.text import check_file, decode, longest_text

__all__ = [
    "READERS",
    "date_in_name",
    "document_from_text",
    "documents_of",
    "iso_date",
    "read",
    "read_document",
    "read_markdown",
]

Reader = Callable[[Item, Reading], Iterable[Document | ReadError]]
"""From an item to its documents; in the place of a part that cannot be used stands why. Raises `ReadError`."""


def read_texts(item: Item, options: Reading) -> list[Document]:
    """Markdown or plain text."""
    data = item_bytes(item, limit=longest_text(options.max_chars))
    declared = [item.given.get("charset", "")]
    return [read_markdown(item.name, decode(data, path=item.source, max_chars=options.max_chars, declared=declared))]


READERS: dict[str, Reader] = {
    **dict.fromkeys(TEXTS, read_texts),
    **dict.fromkeys(PAGES, read_pages),
    **dict.fromkeys(FEEDS, read_feed),
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".eml": read_mail,
}


def documents_of(item: Item, *, options: Reading = DEFAULTS, on_error: OnError | None = None) -> list[Document]:
    """The documents of an item: one, or of a feed, each entry.

    Each document's `path` is the item's `source`, with `#3` for the third entry. Raises `ReadError`, whose `reason`
    says why, where the item cannot be read (`internal` where a library broke on it). What is wrong with an entry alone
    goes to `on_error`; without that, it is raised too.
    """
    reader = READERS.get(item.form)
    if reader is None:
        raise ReadError(item.source, "format", f"cannot read {item.form!r}; known: {known_forms()}")
    documents: list[Document] = []
    for document in _unbroken(reader, item, options):
        try:
            if isinstance(document, ReadError):
                raise document
            documents.append(_finished(document, item, options))
        except ReadError as error:
            if on_error is None or error.path == item.source:
                raise
            on_error(error)
    return documents


def _unbroken(reader: Reader, item: Item, options: Reading) -> Iterator[Document | ReadError]:
    """What the reader gives; an error of a library on odd input is one of that input alone."""
    try:
        yield from reader(item, options)
    except (ReadError, MemoryError):
        raise
    except Exception as error:
        message = f"reading broke ({error!r:.200}); leave it out and please report it"
        raise ReadError(item.source, "internal", message) from error


def _finished(document: Document, item: Item, options: Reading) -> Document:
    """The document with what is known from outside, once it is known to be English text."""
    known = replace(document, path=document.path or item.source, date=document.date or date_in_name(item.name))
    check_quality(known, any_language=options.any_language)
    of_feed = known.path != item.source
    given = {key: value for key, value in item.given.items() if not of_feed or key not in ("title", "url")}
    stated = overruled(known, given)
    return replace(stated, date=stated.date or iso_date(given.get("fetched", "")))


def read(
    paths: Iterable[str | Path],
    *,
    on_error: OnError,
    metadata: Mapping[str, Mapping[str, str]] | None = None,
    options: Reading = DEFAULTS,
) -> Iterator[Document]:
    """The documents at `paths`, as `kg.read.items.items` finds them, read in this process.

    Each failure goes to `on_error` and the rest goes on. `metadata`: by document name, `title`, `date`, `publisher`,
    `url` that overrule the text's own.
    """
    for item in items(paths, on_error=on_error, options=options):
        try:
            for document in documents_of(item, options=options, on_error=on_error):
                yield overruled(document, (metadata or {}).get(document.name, {}))
        except ReadError as error:
            on_error(error)


def read_document(path: Path, *, options: Reading = DEFAULTS) -> Document:
    """One file as a document; of several in it, the first. Raises `ReadError`, whose `reason` says why."""
    path = Path(path)
    check_file(path)
    return documents_of(Item(str(path), stem_of(path.name), path.suffix.lower(), path), options=options)[0]
