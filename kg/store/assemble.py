"""A graph folder from what was extracted, a batch of documents at a time, so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path

from kg.model import Extracted
from kg.resolve.statements import Refused
from kg.store.edit import Edit, edit_folder, is_indexed
from kg.store.folder import DOCUMENTS, LINES, fresh_folder, new_marker, write_marker
from kg.store.rejoin import Rules

BATCH = 64
"""Documents that are taken in together."""
FEW = 4
"""A graph is changed in place if at most one in so many of its documents comes, goes or changes; else built anew."""
NOTHING = {"documents": 0, "entities": 0, "statements": 0, "quads": 0}

Read = Callable[[Iterable[str]], Iterator[Extracted]]
"""What was extracted from the documents with these hashes, in their order, one by one."""


def assemble(out: Path, documents: Iterable[str], read: Read, rules: Rules) -> tuple[Refused, ...]:
    """Write the graph of `documents` (hashes) to a folder, which appears complete or not at all, and say which surface
    forms are no names. Raises `StoreError` like `kg.store.folder.write_folder`."""
    refused: list[Refused] = []
    with fresh_folder(out) as fresh:
        _write_empty(fresh)
        with _opened(fresh, rules, fresh=True) as edit:
            for batch in _batches(documents):
                refused.extend(edit.replace(come=list(read(batch))).refused)
            edit.optimize()
    return tuple(refused)


def bring_up_to_date(out: Path, documents: Mapping[str, str], read: Read, rules: Rules) -> tuple[Refused, ...]:
    """Make the folder `out` the graph of `documents` and no others: in place where little differs, else anew. What is
    there afterwards is the same. `documents`: hash -> `kg.store.extracted.extracted_hash`."""
    if is_indexed(out, rules):
        with _opened(out, rules) as edit:
            held = edit.held
            come = sorted(document for document, content in documents.items() if held.get(document) != content)
            gone = held.keys() - documents.keys()
            if FEW * (len(come) + len(gone)) <= len(held):
                return edit.replace(gone=gone, come=list(read(come))).refused
    return assemble(out, sorted(documents), read, rules)


def take_in(
    out: Path, documents: Iterable[str], read: Read, rules: Rules, *, gone: Iterable[str] = ()
) -> tuple[Refused, ...]:
    """Add documents to the graph in a folder, and take those of `gone` out that are there. A text that is there already
    stays as it is, unless this copy of it comes first or something else was found in it."""
    refused: list[Refused] = []
    with _opened(out, rules) as edit:
        edit.replace(gone=gone)
        for batch in _batches(documents):
            refused.extend(edit.add(read(batch)).refused)
    return tuple(refused)


def _opened(folder: Path, rules: Rules, *, fresh: bool = False) -> AbstractContextManager[Edit]:
    return edit_folder(folder, rules.registry, rules.schema, judgements=rules.judgements, fresh=fresh)


def _batches(documents: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(documents)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _write_empty(folder: Path) -> None:
    """The folder of a graph of nothing."""
    (folder / DOCUMENTS).mkdir()
    (folder / LINES).touch()
    write_marker(folder, new_marker(NOTHING))
