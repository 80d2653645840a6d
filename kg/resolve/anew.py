"""Names resolved anew, by the project's own registry and judgements and those of the user's files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kg.model import Extracted, StatementSet
from kg.resolve.judgements import load_judgements
from kg.resolve.registry import load_registry
from kg.resolve.statements import resolve
from kg.schema import Schema


def resolve_anew(extracted: Iterable[Extracted], schema: Schema, judgements: Iterable[str | Path]) -> StatementSet:
    """The statements of documents that were read before. Raises `DataError` for mistakes in the files."""
    return resolve(extracted, load_registry(), schema, judgements=load_judgements(*map(Path, judgements)))
