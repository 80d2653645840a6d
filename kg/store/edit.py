"""Documents come into a graph folder and go out of it, without the others being looked at.

Each change is decided in the index (`index.sqlite`) first, then made in the store; what was decided is kept there until
`graph.nq` has it too. So a change that was cut off, by a kill or a power cut, is finished when the folder is next
opened for changes. The folder is afterwards what a build of its documents would have written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.data import data_path
from kg.errors import StoreError
from kg.model import Document, Extracted, content_hash
from kg.resolve.judgements import NO_JUDGEMENTS, Judgements
from kg.resolve.registry import Registry
from kg.resolve.statements import copy_order, one_of_each_text
from kg.schema import ID_BASE, NAMESPACE, Schema
from kg.store.change import Change, change
from kg.store.explain import find_document
from kg.store.extracted import extracted_hash, read_one, write_extracted
from kg.store.folder import DOCUMENTS, LINES, STORE, read_marker, read_text, write_marker, write_text
from kg.store.index import FILE, VERSION, Index
from kg.store.lines import update_lines, write_lines
from kg.store.names import RDF, Ids
from kg.store.rdf import by_line, nquads_line
from kg.store.readback import from_quads
from kg.store.rejoin import Rules
from kg.store.stores import parsed, update_text

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

PER_UPDATE = 20_000
"""Quads of one update; what is more is made in several."""
KEPT = 200_000
"""Lines that wait for `graph.nq`, before it is written."""


@contextmanager
def edit_folder(
    folder: Path, registry: Registry, schema: Schema, *, judgements: Judgements = NO_JUDGEMENTS, fresh: bool = False
) -> Iterator[Edit]:
    """The graph folder, open for changes; others may read it meanwhile, as it was when they opened it.

    `fresh`: it is thrown away if this is cut off, so nothing is kept for that case.

    The first time, and where names or rules have changed since, everything is resolved anew. Raises `StoreError` where
    there is no graph folder, somebody else is changing it, or it does not hold what reading found in its documents.
    """
    from pyoxigraph import Store

    read_marker(folder)
    try:
        store = Store(str(folder / STORE))
    except OSError as error:
        raise StoreError(f"{folder}: cannot be changed: {error}; is another program changing it?") from error
    edit = Edit(folder, store, Index(folder / FILE), Rules(registry, schema, judgements), fresh=fresh)
    del store
    try:
        edit.catch_up()
        yield edit
    finally:
        edit.finish()


def is_indexed(folder: Path, rules: Rules) -> bool:
    """Whether the graph folder can be changed without everything being resolved anew first."""
    try:
        read_marker(folder)
        index = Index(folder / FILE) if (folder / FILE).is_file() else None
    except StoreError:
        return False
    if index is None:
        return False
    try:
        return index.rules == _hash_of(rules)
    finally:
        index.close()


class Edit:
    """A graph folder that is open for changes; use `edit_folder`. Each method is one unit of work: all or nothing."""

    __slots__ = ("_folder", "_fresh", "_ids", "_index", "_marker", "_rules", "_store", "_waiting")

    def __init__(self, folder: Path, store: Store, index: Index, rules: Rules, *, fresh: bool) -> None:
        self._folder, self._store, self._index, self._rules, self._fresh = folder, store, index, rules, fresh
        self._marker = read_marker(folder)
        self._ids = Ids(str(self._marker.get("id_base", ID_BASE)))
        self._waiting: dict[str, bool] = {}  # lines that `graph.nq` must gain (True) or lose

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents of the folder by hash, without their texts."""
        return {each: self._index.document(each) for each in sorted(self._index.documents())}

    def add(self, extracted: Iterable[Extracted]) -> Change:
        """Take documents in. A text that is there already changes nothing, unless this copy comes first by
        `kg.resolve.statements.copy_order`, or something else was found in it. Raises `StoreError` where the folder
        cannot be written."""

        def counts(each: Extracted) -> bool:
            found, document = self._index.content(each.document.hash), each.document
            if found is None:
                return True
            here = copy_order(self._index.document(document.hash))
            return copy_order(document) < here or (copy_order(document) == here and found != extracted_hash(each))

        return self.replace(come=[each for each in one_of_each_text(extracted) if counts(each)])

    def replace(self, *, gone: Iterable[str] = (), come: Sequence[Extracted] = ()) -> Change:
        """Take documents out, by hash, and others in, each text once; one that is there already is replaced."""
        for each in come:
            write_text(self._path(each.document.hash, ".txt"), each.document.text)
        write_extracted(self._folder / DOCUMENTS, come)
        leaving = {each for each in gone if self._index.holds(each)} - {each.document.hash for each in come}
        made = self._make(gone=leaving, come=come)
        for document in sorted(leaving):
            for suffix in (".txt", ".json"):
                self._path(document, suffix).unlink(missing_ok=True)
        return made

    def retract(self, *documents: str) -> Change:
        """Take documents out, by name or hash, with all that they brought. Raises `KgError` for one that is not there,
        or whose name several have."""
        return self.replace(gone={self._find(each) for each in documents})

    @property
    def held(self) -> dict[str, str]:
        """The documents of the folder: hash -> what was found in it, as `kg.store.extracted.extracted_hash`."""
        return self._index.contents()

    def optimize(self) -> None:
        """Lay the store out for reading, once all has come."""
        self._store.optimize()

    def _find(self, name: str) -> str:
        called = self._index.called(name)
        return called[0] if len(called) == 1 else find_document(name, self.documents)

    def catch_up(self) -> None:
        """Finish what was cut off, and make the index anew where it is missing or was made by other rules."""
        for removed, added in self._index.pending():
            self._apply(Change(by_line(parsed(removed.encode())), by_line(parsed(added.encode()))))
        rules = _hash_of(self._rules)
        if self._index.rules != rules:
            self._index.clear()
            self._index.rules = rules
            self._make(come=self._read_all(), anew=True)
        held = self._index.documents()
        for left in (self._folder / DOCUMENTS).iterdir():  # by what was cut off before it was decided, or after
            if left.stem not in held:
                left.unlink()

    def finish(self) -> None:
        """Bring `graph.nq` and `kg.json` up to date, and close."""
        try:
            if self._waiting or self._fresh:
                self._write_lines()
        finally:
            self._index.close()
            del self._store  # closes it: RocksDB holds a lock while it is open

    def _make(self, *, gone: Collection[str] = (), come: Sequence[Extracted] = (), anew: bool = False) -> Change:
        try:
            made = change(
                self._index,
                gone=gone,
                come=come,
                read=self._read,
                graph_of=lambda document: () if anew else self._graph_of(document),
                rules=self._rules,
                ids=self._ids,
            )
            if anew:
                made = self._against_store(made)
            if (made.removed or made.added) and not self._fresh:
                self._index.set_pending("\n".join(made.removed), "\n".join(made.added))
        except BaseException:
            self._index.rollback()
            raise
        self._index.commit()
        self._apply(made)
        if len(self._waiting) > KEPT:
            self._write_lines()
        return made

    def _against_store(self, made: Change) -> Change:
        """The change from what the store holds to all that was worked out anew."""
        held = ((nquads_line(quad), quad) for quad in self._store)
        removed = {line: quad for line, quad in held if line not in made.added}
        return Change(removed, {line: quad for line, quad in made.added.items() if quad not in self._store})

    def _apply(self, made: Change) -> None:
        """Make the change in the store; doing so twice does no harm."""
        if made.removed and len(made.removed) + len(made.added) <= PER_UPDATE:
            self._store.update(update_text(made.removed.values(), made.added.values()))
        else:
            gone, come = list(made.removed.values()), list(made.added.values())
            for start in range(0, len(gone), PER_UPDATE):
                self._store.update(update_text(gone[start : start + PER_UPDATE], ()))
            for start in range(0, len(come), PER_UPDATE):
                self._store.extend(come[start : start + PER_UPDATE])
        if self._fresh:
            return
        for lines, comes in ((made.removed, False), (made.added, True)):
            for line in lines:
                if self._waiting.setdefault(line, comes) != comes:
                    del self._waiting[line]

    def _graph_of(self, document: str) -> Iterator[Quad]:
        from pyoxigraph import NamedNode

        return self._store.quads_for_pattern(None, None, None, NamedNode(self._ids.document(document)))

    def _read(self, document: str) -> Extracted:
        text = read_text(self._path(document, ".txt"))
        return read_one(self._folder / DOCUMENTS, document, replace(self._index.document(document), text=text))

    def _read_all(self) -> list[Extracted]:
        from pyoxigraph import NamedNode

        marks = self._store.quads_for_pattern(None, NamedNode(NAMESPACE + "contentHash"), None, None)
        graphs = (mark.graph_name for mark in marks if isinstance(mark.graph_name, NamedNode))
        known = (self._store.quads_for_pattern(graph, None, None, graph) for graph in graphs)
        documents = from_quads((quad for quads in known for quad in quads), id_base=self._ids.base).documents
        folder = self._folder / DOCUMENTS
        try:
            texts = {each: read_text(self._path(each, ".txt")) for each in documents}
        except OSError as error:
            raise StoreError(f"{error.filename}: cannot be read: {error.strerror}; build the graph again") from error
        return [read_one(folder, each, replace(document, text=texts[each])) for each, document in documents.items()]

    def _path(self, document: str, suffix: str) -> Path:
        return self._folder / DOCUMENTS / (document + suffix)

    def _write_lines(self) -> None:
        """Write `graph.nq` and `kg.json` as they should be now, and forget what was kept for the case that this is cut
        off."""
        self._store.flush()
        if self._fresh:
            write_lines(self._folder / LINES, map(nquads_line, self._store))
        else:
            update_lines(self._folder / LINES, self._waiting)
        write_marker(self._folder, {**self._marker, "counts": self._counts()})
        self._index.clear_pending()
        self._index.commit()
        self._waiting.clear()

    def _counts(self) -> dict[str, int]:
        from pyoxigraph import NamedNode

        kind, statement = NamedNode(RDF + "type"), NamedNode(NAMESPACE + "Statement")
        return {
            "documents": len(self._index.documents()),
            "entities": self._index.count_entities(),
            "statements": sum(1 for _ in self._store.quads_for_pattern(None, kind, statement, None)),
            "quads": len(self._store),
        }


def _hash_of(rules: Rules) -> str:
    """The schema stands for itself by its file: its sets have no order."""
    judged = (rules.judgements.everywhere, rules.judgements.here)
    files = sorted(path for path in data_path("ontology").iterdir() if path.suffix in (".ttl", ".yaml"))
    told = (repr(sorted(each.items())) for each in (rules.registry.entries, *judged))
    return content_hash(VERSION, *(file.read_text(encoding="utf-8") for file in files), *told)
