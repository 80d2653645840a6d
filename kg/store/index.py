"""The index of a graph folder: what must be known of all its documents to take one in, or out, without the others.

An SQLite file. It holds, of each document, what its names stand for by themselves and in the end and what it states;
of each new entity, the keys by which the rules may join it with another, and what it was joined to; and of each text,
its signature, which others are alike, and what it is a reprint of. All of it follows from `documents/`, so it can be
made anew at any time.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreError
from kg.model import Document, Entity, Evidence
from kg.resolve.linking import Link
from kg.resolve.merging import Links, fullest
from kg.resolve.statements import Ends
from kg.store.extracted import evidence_from_json, evidence_to_json
from kg.store.texts import TEXT_CONTENT, TEXT_TABLES, TextIndex

VERSION = "3"
FILE = "index.sqlite"

_TABLES = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document (hash TEXT PRIMARY KEY, name TEXT, given TEXT, content TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS document_name ON document (name);
CREATE TABLE IF NOT EXISTS name (
    document TEXT, surface TEXT, entity TEXT, own TEXT, ordinary INT, defines INT, link TEXT,
    PRIMARY KEY (document, surface)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS name_entity ON name (entity, defines);
CREATE INDEX IF NOT EXISTS name_own ON name (own) WHERE defines;
CREATE TABLE IF NOT EXISTS joining (key TEXT, entity TEXT, PRIMARY KEY (key, entity)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS joining_entity ON joining (entity);
CREATE TABLE IF NOT EXISTS move (entity TEXT PRIMARY KEY, link TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed (
    document TEXT, surface TEXT, apart TEXT, apart_link TEXT, link TEXT,
    PRIMARY KEY (document, surface)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS placed_apart ON placed (apart);
CREATE TABLE IF NOT EXISTS alias (
    entity TEXT, name TEXT, surface TEXT, documents INT, link TEXT,
    PRIMARY KEY (entity, name, surface)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stated (
    document TEXT, place INT, subject TEXT, relation TEXT, object TEXT, evidence TEXT,
    PRIMARY KEY (document, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stated_ends ON stated (subject, relation, object);
CREATE INDEX IF NOT EXISTS stated_object ON stated (object, relation);
CREATE TABLE IF NOT EXISTS pending (removed TEXT, added TEXT);
"""
_CONTENT = ("about", "document", "name", "joining", "move", "placed", "alias", "stated", "pending", *TEXT_CONTENT)

Said = tuple[Ends, Evidence]


@dataclass(frozen=True, slots=True)
class Placed:
    """What the names of a document stand for: `apart` before the judgements about names of all documents, `links` in
    the end."""

    apart: Links
    links: Links


class Index:
    """The tables, as the change of a graph asks them. Nothing is kept until `commit`."""

    __slots__ = ("_db", "texts")

    def __init__(self, path: Path | None = None) -> None:
        """Open or make the file, or one in memory. Raises `StoreError` where it is no such file."""
        try:
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=0)
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + _TABLES + TEXT_TABLES)
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise StoreError(f"{path}: cannot be opened: {error}; close what writes to it, or delete it") from error
        self.texts = TextIndex(self._db)
        """The texts of the documents, and which are reprints."""

    def commit(self) -> None:
        self._db.execute("COMMIT")
        self._db.execute("BEGIN IMMEDIATE")

    def rollback(self) -> None:
        self._db.execute("ROLLBACK")
        self._db.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Close it; what was not committed is forgotten."""
        self._db.close()

    def clear(self) -> None:
        for table in _CONTENT:
            self._db.execute(f"DELETE FROM {table}")

    @property
    def rules(self) -> str | None:
        """What the content was made by: the hash of names and rules that were known, None where there is none."""
        row = self._db.execute("SELECT value FROM about WHERE key = 'rules'").fetchone()
        return None if row is None else str(row[0])

    @rules.setter
    def rules(self, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO about VALUES ('rules', ?)", (value,))

    # What was decided and may not have reached the store yet.

    def set_pending(self, removed: str, added: str) -> None:
        self._db.execute("INSERT INTO pending VALUES (?, ?)", (removed, added))

    def pending(self) -> list[tuple[str, str]]:
        """N-Quads that the store must lose and gain."""
        return [(str(removed), str(added)) for removed, added in self._db.execute("SELECT * FROM pending")]

    def clear_pending(self) -> None:
        self._db.execute("DELETE FROM pending")

    # Documents.

    def documents(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._db.execute("SELECT hash FROM document"))

    def holds(self, document: str) -> bool:
        return self._db.execute("SELECT 1 FROM document WHERE hash = ?", (document,)).fetchone() is not None

    def is_empty(self) -> bool:
        return self._db.execute("SELECT 1 FROM document LIMIT 1").fetchone() is None

    def called(self, name: str) -> list[str]:
        """The hashes of the documents that have this name or hash."""
        query = "SELECT hash FROM document WHERE name = ? UNION SELECT hash FROM document WHERE hash = ?"
        return [hash_ for (hash_,) in self._db.execute(query, (_text(name), name))]

    def document(self, document: str) -> Document:
        """A document with all but its text. Raises KeyError."""
        row = self._db.execute("SELECT given FROM document WHERE hash = ?", (document,)).fetchone()
        if row is None:
            raise KeyError(document)
        return Document(text="", blocks=(), **json.loads(row[0]))

    def set_document(self, hash_: str, document: Document, content: str) -> None:
        given = {name: getattr(document, name) for name in ("name", "title", "publisher", "date", "url", "path")}
        row = (hash_, _text(document.name), json.dumps(given), content)
        self._db.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)", row)

    def content(self, document: str) -> str | None:
        """A hash of what was found in a document (`kg.store.extracted.extracted_hash`); None if it is not here."""
        row = self._db.execute("SELECT content FROM document WHERE hash = ?", (document,)).fetchone()
        return None if row is None else str(row[0])

    def contents(self) -> dict[str, str]:
        """The `content` of each document."""
        return dict(self._db.execute("SELECT hash, content FROM document ORDER BY hash"))

    def drop_document(self, hash_: str) -> None:
        """Forget a document, all but its names (`drop_names`)."""
        self._drop_placed(hash_)
        self._db.execute("DELETE FROM document WHERE hash = ?", (hash_,))
        self._db.execute("DELETE FROM stated WHERE document = ?", (hash_,))

    # Names as each document knows them by itself.

    def set_names(self, document: str, links: Links, ordinary: Collection[str], defining: Collection[str]) -> None:
        self.drop_names(document)
        for surface, link in links.items():
            row = (document, _text(surface), link.entity, link.own, surface in ordinary, surface in defining)
            self._db.execute("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, _link_json(link)))

    def drop_names(self, document: str) -> None:
        self._db.execute("DELETE FROM name WHERE document = ?", (document,))

    def names(self, document: str) -> tuple[dict[str, Link], frozenset[str]]:
        """What the surface forms of a document stand for by themselves, and which are ordinary."""
        rows = self._db.execute("SELECT surface, link, ordinary FROM name WHERE document = ?", (document,)).fetchall()
        ordinary = frozenset(json.loads(surface) for surface, _, is_ordinary in rows if is_ordinary)
        return {json.loads(surface): _link(text) for surface, text, _ in rows}, ordinary

    def links_to(self, entity: str, *, all_of_them: bool) -> list[Link]:
        """The links of documents to an entity, without ordinary names; one of them is enough for a known entity."""
        query = "SELECT DISTINCT link FROM name WHERE entity = ? AND NOT ordinary"
        rows = self._db.execute(query + ("" if all_of_them else " LIMIT 1"), (entity,))
        return [_link(text) for (text,) in rows]

    def definitions_of(self, own: str) -> list[tuple[str, Link]]:
        """Surface form and link for each document that explains what the name behind `own` means."""
        query = "SELECT surface, link FROM name WHERE own = ? AND defines ORDER BY document, surface"
        return [(json.loads(surface), _link(text)) for surface, text in self._db.execute(query, (own,))]

    def defined_as(self, entity: str) -> list[str]:
        """The own ids of the names that some document explains to mean `entity`."""
        query = "SELECT DISTINCT own FROM name WHERE entity = ? AND defines"
        return [own for (own,) in self._db.execute(query, (entity,))]

    def documents_naming(self, entity: str) -> list[str]:
        query = "SELECT DISTINCT document FROM name WHERE entity = ?"
        return [document for (document,) in self._db.execute(query, (entity,))]

    # Which entities may be one, and which are.

    def set_keys(self, entity: str, keys: Iterable[str]) -> None:
        self._db.execute("DELETE FROM joining WHERE entity = ?", (entity,))
        self._db.executemany("INSERT INTO joining VALUES (?, ?)", [(_text(key), entity) for key in keys])

    def joinable(self, entity: str) -> list[str]:
        """The entities that share a key with this one."""
        query = "SELECT entity FROM joining WHERE key IN (SELECT key FROM joining WHERE entity = ?)"
        return [other for (other,) in self._db.execute(query, (entity,))]

    def move(self, entity: str) -> Link | None:
        """The link to what the entity was joined to."""
        row = self._db.execute("SELECT link FROM move WHERE entity = ?", (entity,)).fetchone()
        return None if row is None else _link(row[0])

    def set_move(self, entity: str, link: Link | None) -> None:
        self._db.execute("DELETE FROM move WHERE entity = ?", (entity,))
        if link is not None:
            self._db.execute("INSERT INTO move VALUES (?, ?)", (entity, _link_json(link)))

    # Names in the end.

    def set_placed(self, document: str, placed: Placed) -> None:
        self._drop_placed(document)
        for surface, link in placed.links.items():
            apart, written = placed.apart[surface], _text(surface)
            row = (document, written, apart.entity, _link_json(apart), _link_json(link))
            self._db.execute("INSERT INTO placed VALUES (?, ?, ?, ?, ?)", row)
            alias = (link.entity, _text(link.name), written, _link_json(link))
            counted = "ON CONFLICT DO UPDATE SET documents = documents + 1"
            self._db.execute(f"INSERT INTO alias VALUES (?, ?, ?, 1, ?) {counted}", alias)

    def _drop_placed(self, document: str) -> None:
        for surface, link in self.placed(document).links.items():
            alias = (link.entity, _text(link.name), _text(surface))
            this = "WHERE entity = ? AND name = ? AND surface = ?"
            self._db.execute(f"UPDATE alias SET documents = documents - 1 {this}", alias)
            self._db.execute(f"DELETE FROM alias {this} AND documents = 0", alias)
        self._db.execute("DELETE FROM placed WHERE document = ?", (document,))

    def placed(self, document: str) -> Placed:
        query = "SELECT surface, apart_link, link FROM placed WHERE document = ?"
        rows = self._db.execute(query, (document,)).fetchall()
        surfaces = [json.loads(surface) for surface, _, _ in rows]
        apart, links = ([_link(row[column]) for row in rows] for column in (1, 2))
        return Placed(dict(zip(surfaces, apart, strict=True)), dict(zip(surfaces, links, strict=True)))

    def apart_links(self, entity: str) -> list[tuple[str, str, Link]]:
        """Document, surface form and link of the names that stand for an entity before the judgements about names."""
        query = "SELECT document, surface, apart_link FROM placed WHERE apart = ?"
        found = self._db.execute(query, (entity,))
        return [(document, json.loads(surface), _link(text)) for document, surface, text in found]

    def entity(self, entity: str) -> Entity | None:
        """The entity with the names that all documents give it; None where no document names it."""
        rows = self._db.execute("SELECT surface, link FROM alias WHERE entity = ?", (entity,)).fetchall()
        if not rows:
            return None
        name = fullest(_link(text) for _, text in rows)
        surfaces = tuple(sorted({json.loads(surface) for surface, _ in rows}))
        return Entity(entity, name.name, name.type, surfaces, name.registered)

    def count_entities(self) -> int:
        return int(self._db.execute("SELECT count(DISTINCT entity) FROM alias").fetchone()[0])

    def is_named(self, entity: str) -> bool:
        return self._db.execute("SELECT 1 FROM alias WHERE entity = ? LIMIT 1", (entity,)).fetchone() is not None

    # What documents state.

    def set_stated(self, document: str, stated: Iterable[Said]) -> None:
        self._db.execute("DELETE FROM stated WHERE document = ?", (document,))
        self._db.executemany(
            "INSERT INTO stated VALUES (?, ?, ?, ?, ?, ?)",
            [
                (document, place, *ends, json.dumps(evidence_to_json(evidence), ensure_ascii=True))
                for place, (ends, evidence) in enumerate(stated)
            ],
        )

    def stated(self, document: str) -> list[Said]:
        query = "SELECT subject, relation, object, evidence FROM stated WHERE document = ? ORDER BY place"
        return [((s, r, o), _evidence(text)) for s, r, o, text in self._db.execute(query, (document,))]

    def evidence_between(self, ends: Ends) -> list[Evidence]:
        """What all documents state of these ends, in the order of documents and their places."""
        query = (
            "SELECT evidence FROM stated WHERE subject = ? AND relation = ? AND object IS ? ORDER BY document, place"
        )
        return [_evidence(text) for (text,) in self._db.execute(query, ends)]

    def ends_of(self, relation: str, *, subject: str | None = None, object: str | None = None) -> Iterator[Ends]:  # noqa: A002
        """The ends that a relation has with a subject or an object."""
        column, value = ("subject", subject) if subject is not None else ("object", object)
        query = f"SELECT DISTINCT subject, relation, object FROM stated WHERE {column} = ? AND relation = ?"
        yield from self._db.execute(query, (value, relation)).fetchall()


def _text(text: str) -> str:
    """In ASCII: a surface form may hold half a character, which SQLite does not take."""
    return json.dumps(text)


def _link_json(link: Link) -> str:
    return json.dumps([link.entity, link.name, link.type, link.rule, link.registered, link.own])


def _link(text: str) -> Link:
    return Link(*json.loads(text))


def _evidence(text: str) -> Evidence:
    return evidence_from_json(json.loads(text))
