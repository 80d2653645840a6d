"""The graph folder: a built graph on disk.

kg.json             marker: format, version, base of the ids, counts
store/              the Oxigraph store that queries run on
graph.nq            all quads, sorted: the same bytes for the same statements
documents/HASH.txt  the stored texts, so that offsets of evidence can be checked
documents/HASH.json what reading found in each, so that names can be resolved anew
index.sqlite        what makes changes quick (`kg.store.edit`); it can be deleted at any time
ledger.sqlite       what `kg build` has read (`kg.batch.ledger`), so that it need not be read again; it can be deleted
places.json         where a picture showed the nodes; no part of the graph, and kept when it is built again
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.model import Extracted, StatementSet
from kg.schema import ID_BASE, Schema, load_schema
from kg.store.extracted import read_extracted, write_extracted
from kg.store.graph import Graph
from kg.store.place import Place
from kg.store.rdf import quads_by_line

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

FORMAT = "aiindkg-graph"
VERSION = 2
"""2: statements say how many sources they have."""
MARKER = "kg.json"
STORE, DOCUMENTS, LINES = "store", "documents", "graph.nq"
PLACES, LEDGER = "places.json", "ledger.sqlite"
KEPT = (PLACES, LEDGER)
"""What stays when the graph is built again, and may be there before it is."""
_BESIDE = (f"{LEDGER}-journal",)
BATCH = 100_000
"""Quads that are loaded at once: Oxigraph takes a kilobyte for each of them."""


def write_folder(
    out: Path,
    statements: StatementSet,
    schema: Schema,
    *,
    extracted: Iterable[Extracted] = (),
    id_base: str = ID_BASE,
) -> None:
    """Write a graph folder; `out` appears complete or not at all, and a graph folder that was there is replaced.

    `extracted`: what the statements were resolved from; without it, names cannot be resolved anew.
    Raises `StoreError` where `out` is something else than a graph folder or an empty folder, or cannot be written.
    """
    quads = quads_by_line(statements, schema, id_base=id_base)
    with fresh_folder(out) as fresh:
        _write_content(fresh, statements, extracted, quads, id_base)


@contextmanager
def fresh_folder(out: Path) -> Iterator[Path]:
    """A new empty folder that takes the place of the graph folder `out` once it is written, or is thrown away.

    What stays of the old one: `KEPT`. Raises `StoreError` like `write_folder`.
    """
    out = out.resolve()
    refuse_stranger(out)
    fresh, old = (out.with_name(f".{out.name}.{word}-{os.getpid()}") for word in ("new", "old"))
    try:
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh.mkdir(parents=True)
        yield fresh
        for name in KEPT:
            if (out / name).is_file():
                _link(out / name, fresh / name)
        if out.exists():
            out.rename(old)
        fresh.rename(out)
    except OSError as error:
        raise StoreError(f"{out}: cannot write the graph folder: {error}; check rights and free space") from error
    finally:
        if old.exists() and not out.exists():
            old.rename(out)
        shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(fresh, ignore_errors=True)


def _link(file: Path, new: Path) -> None:
    """The same file under another name, so that a kill between here and there loses nothing."""
    try:
        os.link(file, new)
    except OSError:  # some file systems know no links
        shutil.copyfile(file, new)


def make_folder(out: Path) -> None:
    """Make the folder of a graph that is to be built, if it is not there. Raises `StoreError` like `write_folder`."""
    refuse_stranger(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{out}: cannot be made: {error}; check rights and free space") from error


def holds_graph(out: Path) -> bool:
    return (out / MARKER).is_file()


def remove_empty(out: Path) -> None:
    """Remove the folder of a graph of which nothing was built."""
    (out / LEDGER).unlink(missing_ok=True)
    if not any(out.iterdir()):
        out.rmdir()


def open_folder(path: Path, schema: Schema | None = None) -> Graph:
    """The graph in a folder, opened for reading; other processes may read it at the same time.

    Raises `StoreError` where there is no graph folder, it is damaged, or a newer version wrote it.
    """
    marker = read_marker(path)
    try:
        store = _read_only(path / STORE)
    except (OSError, RuntimeError) as error:
        raise StoreError(f"{path / STORE}: cannot be opened: {error}; build the graph again") from error
    id_base = str(marker.get("id_base", ID_BASE))
    texts, extracted = partial(read_texts, path / DOCUMENTS), partial(read_extracted, path / DOCUMENTS)
    place = Place(store, path, texts=texts, extracted=extracted)
    return Graph.at(place, schema or load_schema(), id_base=id_base)


def _read_only(path: Path) -> Store:
    """The store; opened once more where somebody changed its files just then."""
    from pyoxigraph import Store

    for pause in (0.01, 0.03, 0.1, 0.3):
        try:
            return Store.read_only(str(path))
        except (OSError, RuntimeError):
            if not path.is_dir():
                break
            time.sleep(pause)
    return Store.read_only(str(path))


def read_marker(path: Path) -> dict[str, object]:
    """What `kg.json` says. Raises `StoreError` where there is no graph folder of ours."""
    try:
        marker = json.loads((path / MARKER).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        problem = "no graph folder" if path.is_dir() else "no such folder"
        advice = "its build was cut off; run it again" if (path / LEDGER).exists() else "build one with `kg build`"
        raise StoreError(f"{path}: {problem} ({MARKER} is missing); {advice}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{path / MARKER}: cannot be read: {error}; build the graph again") from error
    if not isinstance(marker, dict) or marker.get("format") != FORMAT:
        raise StoreError(f"{path / MARKER}: not the marker of a graph folder; build one with `kg build`")
    version = marker.get("version")
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        advice = "update this program" if newer else "build the graph again"
        raise StoreError(f"{path}: format version {version}, this program reads version {VERSION}; {advice}")
    return marker


def read_counts(path: Path) -> dict[str, int]:
    """How many documents, entities, statements and quads there are. Raises `StoreError` like `open_folder`."""
    counts = read_marker(path).get("counts")
    known = counts if isinstance(counts, dict) else {}
    return {str(what): count for what, count in known.items() if isinstance(count, int)}


def write_marker(folder: Path, marker: Mapping[str, object]) -> None:
    (folder / MARKER).write_text(json.dumps(marker, indent=2) + "\n", encoding="utf-8")


def refuse_stranger(out: Path) -> None:
    """Raise `StoreError` where `out` is something else than a graph folder or an empty folder."""
    if not out.exists() or (out.is_dir() and {path.name for path in out.iterdir()} <= {*KEPT, *_BESIDE}):
        return
    try:
        marker = json.loads((out / MARKER).read_text(encoding="utf-8"))
        ours = isinstance(marker, dict) and marker.get("format") == FORMAT
    except (OSError, ValueError, RecursionError):
        ours = False
    if not ours:
        raise StoreError(f"{out}: exists and is no graph folder, so it is not replaced; choose another folder")


def _write_content(
    folder: Path, statements: StatementSet, extracted: Iterable[Extracted], quads: dict[str, Quad], id_base: str
) -> None:
    from pyoxigraph import Store

    store = Store(str(folder / STORE))
    rest = iter(quads.values())
    while some := list(islice(rest, BATCH)):
        store.bulk_extend(some)
    store.optimize()  # one sorted run of each index instead of many: reading is a fifth faster
    store.flush()
    del store  # closes it: RocksDB holds a lock while it is open
    with (folder / LINES).open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(line + "\n" for line in quads)
    (folder / DOCUMENTS).mkdir()
    for document_hash, document in sorted(statements.documents.items()):
        if document.hash == document_hash:  # else the set was read back without its texts
            write_text(folder / DOCUMENTS / f"{document_hash}.txt", document.text)
    write_extracted(folder / DOCUMENTS, extracted)
    counts = {
        "documents": len(statements.documents),
        "entities": len(statements.entities),
        "statements": len(statements.statements),
        "quads": len(quads),
    }
    write_marker(folder, new_marker(counts, id_base=id_base))


def new_marker(counts: Mapping[str, int], *, id_base: str = ID_BASE) -> dict[str, object]:
    """What `kg.json` says of a graph."""
    return {"format": FORMAT, "version": VERSION, "id_base": id_base, "counts": dict(counts)}


def read_texts(folder: Path) -> dict[str, str]:
    """The stored texts by hash."""
    return {path.stem: read_text(path) for path in sorted(folder.glob("*.txt"))}


def read_text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogatepass")


def write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
