"""The self-contained page, as `kg view` makes it."""

from __future__ import annotations

from pathlib import Path

from kg.model import StatementSet
from kg.view import write_page


def export(statements: StatementSet, out: Path) -> None:
    """Write one HTML file. Raises `DataError` for an entity that is not given or of an unknown type."""
    write_page(statements, out)
