"""The ledger of a build: what each piece of input gave, kept the moment it is known, so that no work is done twice.

An SQLite file in the graph folder. A build that was cut off goes on where it was; a later one reads again only what
has changed. It can be deleted at any time: then everything is read again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ReadError, StoreError
from kg.model import Document, Extracted
from kg.resolve.statements import copy_order
from kg.store.extracted import extracted_from_json, extracted_hash, extracted_to_json

FORMAT = "1"
_METADATA = ("title", "publisher", "date", "url", "path")

_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS source (source TEXT PRIMARY KEY, key TEXT, run INT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS source_key ON source (key);
CREATE TABLE IF NOT EXISTS replaced (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failure (key TEXT, path TEXT, reason TEXT, message TEXT);
CREATE INDEX IF NOT EXISTS failure_key ON failure (key);
CREATE TABLE IF NOT EXISTS done (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS found (key TEXT, place INT, document TEXT, rank TEXT, hash TEXT,
    content BLOB,
    PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS found_document ON found (document);
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one piece of input gave: what was extracted from its documents, and those that could not be read."""

    extracted: tuple[Extracted, ...] = ()
    failures: tuple[ReadError, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Where the ledger keeps a document, and `kg.store.extracted.extracted_hash` of it."""

    key: str
    place: int
    hash: str


@contextmanager
def open_ledger(path: Path, version: str) -> Iterator[Ledger]:
    """The ledger in a file, made if it is not there; what was extracted under another `version` is forgotten.

    Raises `StoreError` where another build has it open, or it is no such file.
    """
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=0)
        db.executescript("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;" + _TABLES + "COMMIT")
    except sqlite3.OperationalError as error:
        busy = "locked" in str(error)
        advice = "another build is writing this graph; wait for it" if busy else "check the folder"
        raise StoreError(f"{path}: cannot be opened: {error}; {advice}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{path}: damaged ({error}); delete it, and all documents are read again") from error
    try:
        yield Ledger(db, f"{FORMAT} {version}")
    finally:
        db.close()


class Ledger:
    """The ledger of one run; use `open_ledger`."""

    __slots__ = ("_db", "_run")

    def __init__(self, db: sqlite3.Connection, version: str) -> None:
        self._db = db
        if self._about("version") != version:
            with self._together():
                for table in ("done", "found", "failure"):
                    self._db.execute(f"DELETE FROM {table}")
                self._set("version", version)
        self._run = int(self._about("run") or 0)

    def begin(self) -> None:
        """Begin a run, or continue one that was cut off: it must see all its sources again."""
        self._run += 1
        self._set("run", str(self._run))

    def saw(self, source: str, key: str) -> bool:
        """Note that a source holds this content now; whether it is known already what that gives."""
        source = _identity(source)
        with self._together():
            old = self._db.execute("SELECT key FROM source WHERE source = ?", (source,)).fetchone()
            if old is not None and old[0] != key:
                self._db.execute("INSERT OR IGNORE INTO replaced VALUES (?)", old)
            self._db.execute("INSERT OR REPLACE INTO source VALUES (?, ?, ?)", (source, key, self._run))
        return self._db.execute("SELECT 1 FROM done WHERE key = ?", (key,)).fetchone() is not None

    def keep(self, key: str, outcome: Outcome) -> None:
        """Keep the outcome of a content, all of it or nothing."""
        rows = [
            (key, place, each.document.hash, json.dumps(copy_order(each.document)), extracted_hash(each), _packed(each))
            for place, each in enumerate(outcome.extracted)
        ]
        with self._together():
            self._db.execute("DELETE FROM found WHERE key = ?", (key,))
            self._db.execute("DELETE FROM failure WHERE key = ?", (key,))
            self._db.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?, ?)", rows)
            for failure in outcome.failures:
                row = (key, _plain(failure.path), failure.reason, _plain(failure.message))
                self._db.execute("INSERT INTO failure VALUES (?, ?, ?, ?)", row)
            self._db.execute("INSERT OR REPLACE INTO done VALUES (?)", (key,))

    def failures(self) -> list[ReadError]:
        """What could not be read in this run, or in one that it continues, in the order of the sources."""
        query = (
            "SELECT path, reason, message FROM source JOIN failure USING (key) WHERE run = ?"
            " ORDER BY source, failure.rowid"
        )
        return [ReadError(*row) for row in self._db.execute(query, (self._run,))]

    def count(self) -> int:
        """How many documents this run has found, copies of one text counted each."""
        query = "SELECT count(*) FROM source JOIN found USING (key) WHERE run = ?"
        return int(self._db.execute(query, (self._run,)).fetchone()[0])

    def documents(self) -> dict[str, Found]:
        """The documents that this run has seen, by hash, sorted; of several copies of a text the one that counts."""
        query = "SELECT document, rank, key, place, hash FROM source JOIN found USING (key) WHERE run = ?"
        best: dict[str, tuple[list[str], Found]] = {}
        for document, rank, *found in self._db.execute(query, (self._run,)):
            order = (json.loads(rank), Found(*found))
            if document not in best or order < best[document]:
                best[document] = order
        return {document: found for document, (_, found) in sorted(best.items())}

    def extracted(self, found: Found) -> Extracted:
        """What was extracted from a document."""
        place = (found.key, found.place)
        row = self._db.execute("SELECT content FROM found WHERE key = ? AND place = ?", place).fetchone()
        return _unpacked(row[0])

    def replaced(self) -> set[str]:
        """The hashes of documents whose sources hold something else now, and which no other source gives."""
        gone = "SELECT document FROM found JOIN replaced USING (key)"
        held = "SELECT document FROM found JOIN source USING (key)"
        return {document for (document,) in self._db.execute(f"{gone} EXCEPT {held}")}

    def finish(self, *, add: bool) -> None:
        """The graph is as this run found it. Forget what no source holds any more, and, unless with `add`, the sources
        that the run did not see; and failures, so that the next run tries again."""
        with self._together():
            if not add:
                self._db.execute("DELETE FROM source WHERE run <> ?", (self._run,))
            self._db.execute("DELETE FROM done WHERE key IN (SELECT key FROM failure)")
            for table in ("failure", "replaced"):
                self._db.execute(f"DELETE FROM {table}")
            for table in ("found", "done"):
                self._db.execute(f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM source)")

    def _about(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _set(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    @contextmanager
    def _together(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _identity(source: str) -> str:
    """The same for a file wherever the build is started."""
    return _plain(source if source.startswith("-") or "://" in source else os.path.abspath(source))


def _plain(text: str) -> str:
    """Without halves of characters, which SQLite does not take."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _packed(each: Extracted) -> bytes:
    document = {name: getattr(each.document, name) for name in ("name", "text", *_METADATA)}
    return zlib.compress(json.dumps([document, extracted_to_json(each)]).encode("ascii"), 6)


def _unpacked(content: bytes) -> Extracted:
    document, found = json.loads(zlib.decompress(content))
    return extracted_from_json(found, Document(blocks=(), **document))
