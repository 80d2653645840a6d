"""A cache of what the models say, so that a change of patterns, rules or the registry runs no model anew.

What a model said is kept under a hash of the model's own files and of exactly what it was shown: nothing else decides
what it says. So an entry never has to be taken back, and one cache serves several versions and processes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg.errors import KgError

MOST_BYTES = 4 * 2**30
"""A cache larger than this loses its oldest quarter when it is opened."""
WAIT = 60.0
"""Seconds to wait for another process that writes."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True, eq=False)
class AnnotationCache:
    """An open cache; for one thread of one process. Open another on the same path in each process."""

    path: Path
    connection: sqlite3.Connection = field(repr=False)

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is known of those keys of which anything is. Raises `KgError` for a file that is damaged."""
        found = dict[bytes, bytes]()
        try:
            for first in range(0, len(keys), AT_ONCE):
                some = keys[first : first + AT_ONCE]
                marks = ",".join("?" * len(some))
                found.update(self.connection.execute(f"SELECT key, said FROM said WHERE key IN ({marks})", some))
        except sqlite3.DatabaseError as error:
            raise _unusable(self.path, error) from error
        return found

    def add(self, said: Mapping[bytes, bytes]) -> None:
        """Keep what is new. Where the file cannot be written now (disk full, locked), nothing is kept."""
        with suppress(sqlite3.OperationalError), self.connection:
            self.connection.executemany("INSERT OR IGNORE INTO said VALUES (?, ?)", sorted(said.items()))


@contextmanager
def open_cache(path: Path, *, most_bytes: int = MOST_BYTES) -> Iterator[AnnotationCache]:
    """The cache in the file `path`, made where there is none. Raises `KgError` where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=WAIT)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    with closing(connection):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            with connection:
                connection.execute("CREATE TABLE IF NOT EXISTS said (key BLOB PRIMARY KEY, said BLOB NOT NULL)")
            _shrink(connection, most_bytes)
        except sqlite3.DatabaseError as error:
            raise _unusable(path, error) from error
        yield AnnotationCache(path, connection)


def _shrink(connection: sqlite3.Connection, most_bytes: int) -> None:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    if (pages - free) * size > most_bytes:
        with connection:
            oldest = "SELECT rowid FROM said ORDER BY rowid LIMIT (SELECT (COUNT(*) + 3) / 4 FROM said)"
            connection.execute(f"DELETE FROM said WHERE rowid IN ({oldest})")


def _unusable(path: Path, error: Exception) -> KgError:
    return KgError(f"{path}: no annotation cache ({error}): delete it, or name another file")


def remembered(
    store: AnnotationCache | None,
    version: Callable[[], str],
    shown: Sequence[str],
    say: Callable[[list[int]], Iterable[bytes]],
) -> list[bytes]:
    """What a model says of each of `shown`, from the cache where it is known.

    `version`: tells the model and its files apart from all others. `say`: asks the model about some of `shown`, given
    by their indices.
    """
    if store is None:
        return list(say(list(range(len(shown)))))
    prefix = version().encode()
    keys = [
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=prefix, digest_size=20).digest() for text in shown
    ]
    said = store.find(keys)
    first = {key: i for i, key in reversed(list(enumerate(keys))) if key not in said}
    asked = sorted(first.values())
    new = dict(zip((keys[i] for i in asked), say(asked), strict=True)) if asked else {}
    if new:
        store.add(new)
    said |= new
    return [said[key] for key in keys]


@cache
def version_of(folder: Path, software: str) -> str:
    """A hash of the files of a model, by name and content, and of the version of the software that runs it."""
    total = hashlib.sha256(software.encode())
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each.suffix != ".pyc"):
        total.update(f"\x1f{path.relative_to(folder).as_posix()}\x1f".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
