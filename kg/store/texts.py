"""The part of the index about texts: their signatures, which of them are alike, and what each is a reprint of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from kg.resolve.reprints import Signature, band_keys

TEXT_TABLES = """
CREATE TABLE IF NOT EXISTS signature (
    document TEXT PRIMARY KEY, minima BLOB, shingles INT, words BLOB, told BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS band (key INT, document TEXT, PRIMARY KEY (key, document)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alike (document TEXT, other TEXT, PRIMARY KEY (document, other)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reprint (document TEXT PRIMARY KEY, original TEXT) WITHOUT ROWID;
"""
TEXT_CONTENT = ("signature", "band", "alike", "reprint")


class TextIndex:
    """The tables, in the database of `kg.store.index.Index`, which keeps or forgets what is written here."""

    __slots__ = ("_db",)

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, document: str, own: Signature, alike: Iterable[str]) -> None:
        """Take in the signature of a text, and which of the texts that are there already are alike."""
        row = (document, own.minima, own.shingles, own.words, own.told)
        self._db.execute("INSERT INTO signature VALUES (?, ?, ?, ?, ?)", row)
        self._db.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(key, document) for key in band_keys(own)])
        pairs = [pair for other in alike for pair in ((document, other), (other, document))]
        self._db.executemany("INSERT INTO alike VALUES (?, ?)", pairs)

    def drop(self, document: str) -> None:
        for own in self._signatures("SELECT * FROM signature WHERE document = ?", (document,)).values():
            keys = [(key, document) for key in band_keys(own)]
            self._db.executemany("DELETE FROM band WHERE key = ? AND document = ?", keys)
        self._db.execute("DELETE FROM signature WHERE document = ?", (document,))
        others = [(other, document) for other in self.alike(document)]
        self._db.executemany("DELETE FROM alike WHERE document = ? AND other = ?", others)
        self._db.execute("DELETE FROM alike WHERE document = ?", (document,))

    def near(self, keys: Sequence[int]) -> dict[str, Signature]:
        """The signatures of the texts that have one of these band keys."""
        some = f"SELECT document FROM band WHERE key IN ({', '.join('?' * len(keys))})"
        return self._signatures(f"SELECT * FROM signature WHERE document IN ({some})", keys)

    def _signatures(self, query: str, given: Sequence[int | str]) -> dict[str, Signature]:
        return {document: Signature(*told) for document, *told in self._db.execute(query, given)}

    def alike(self, document: str) -> list[str]:
        """The documents that it is alike with."""
        return [other for (other,) in self._db.execute("SELECT other FROM alike WHERE document = ?", (document,))]

    def original(self, document: str) -> str | None:
        """What a document is a reprint of."""
        row = self._db.execute("SELECT original FROM reprint WHERE document = ?", (document,)).fetchone()
        return None if row is None else str(row[0])

    def set_original(self, document: str, original: str | None) -> None:
        self._db.execute("DELETE FROM reprint WHERE document = ?", (document,))
        if original is not None:
            self._db.execute("INSERT INTO reprint VALUES (?, ?)", (document, original))

    def reprints(self, documents: Iterable[str]) -> dict[str, str]:
        """Those of these documents that are reprints, with their originals."""
        return {each: original for each in documents if (original := self.original(each)) is not None}
