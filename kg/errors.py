"""Every error this package raises on purpose. All derive from `KgError`, so one `except` catches them."""

from __future__ import annotations

from functools import partial
from pathlib import Path


class KgError(Exception):
    """Something the user can mend. The message says where, what, and what to do."""


class ReadError(KgError):
    """A document that cannot be read.

    `reason` is a short code, stable across versions, for reports and tests: `missing`, `unreadable`, `format`, `extra`
    (a package is not installed), `empty`, `binary`, `encoding`, `mojibake`, `language`, `metadata`, `columns`,
    `too-long`, `nesting`, `entities`, `bomb`, `encrypted`, `truncated`, `internal`; of addresses also `address`,
    `network`, `status`, `redirects`; where it was stopped, `time`, `memory` or `crash`.
    """

    def __init__(self, path: str, reason: str, message: str) -> None:
        super().__init__(f"{path}: {message} [{reason}]")
        self.path = path
        self.reason = reason
        self.message = message

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str, str]]:
        """So that it comes whole out of another process."""
        return type(self), (self.path, self.reason, self.message)


class DataError(KgError):
    """A mistake in `ontology/` or `seeds/`: says file, line, what is wrong and a hint."""

    def __init__(self, path: Path | str, line: int | None, message: str, *, hint: str | None = None) -> None:
        where = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{where}: {message}" + (f" ({hint})" if hint else ""))
        self.path = str(path)
        self.line = line
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[partial[DataError], tuple[str, int | None, str]]:
        return partial(DataError, hint=self.hint), (self.path, self.line, self.message)


class QueryError(KgError):
    """A SPARQL query that is wrong or refused. `line` and `column` count from 1 where known."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class StoreError(KgError):
    """A graph folder that cannot be opened, read or written."""
