"""Packages of the extra `read`."""

from __future__ import annotations

from types import ModuleType

from kg.data import extra
from kg.errors import KgError, ReadError


def needed(module: str, *, source: str) -> ModuleType:
    """The module of a package that only the extra `read` installs. Raises `ReadError` (`extra`) where it is missing."""
    try:
        return extra(module, "read")
    except KgError as error:
        raise ReadError(source, "extra", str(error)) from error


BREAKS = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError, AssertionError)
"""What libraries raise on damaged input beside errors of their own."""
