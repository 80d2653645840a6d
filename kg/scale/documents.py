"""A document with what was found in it, as a row of a shard, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.errors import StoreError
from kg.model import Document, Extracted
from kg.resolve.linking import Link
from kg.scale.rows import line_of, rows_of
from kg.store.extracted import extracted_from_json, extracted_to_json


def document_line(each: Extracted) -> bytes:
    return line_of([_given(each.document), extracted_to_json(each)])


def documents_in(path: str, counts: Callable[[int], bool] = lambda place: True) -> Iterator[tuple[int, Extracted]]:
    """The documents of a shard with their places in it, those at places that `counts` lets through.

    Raises `StoreError` where the file is damaged.
    """
    for place, row in enumerate(rows_of(path)):
        if not counts(place):
            continue
        try:
            document, found = row
            yield place, extracted_from_json(found, Document(blocks=(), **document))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{path}: damaged ({error!r}); delete it and run again") from error


def link_row(link: Link) -> list[str | bool]:
    """The link as a row; `Link(*row)` is the link again."""
    return [link.entity, link.name, link.type, link.rule, link.registered, link.own]


def _given(document: Document) -> dict[str, str]:
    """All that is known of a document but its structure, which nothing after extraction looks at."""
    given = {name: getattr(document, name) for name in Document.__dataclass_fields__ if name != "blocks"}
    return {name: value for name, value in given.items() if value is not None}
