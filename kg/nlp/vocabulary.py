"""Reading the word lists under `ontology/` that the small grammars (amounts, dates) are compiled from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from kg.data import Lines, check_keys, read_yaml
from kg.errors import DataError


def read_vocabulary(path: Path, known: Collection[str]) -> Lines:
    """The mapping in a YAML file, which must have just the keys `known`. Raises `DataError`."""
    return section(path, read_yaml(path), known)


def section(path: Path, node: object, known: Collection[str]) -> Lines:
    """`node` as a mapping with just the keys `known`. Raises `DataError` for an unknown or missing one."""
    if not isinstance(node, Lines):
        raise DataError(path, None, "a mapping is needed here", hint="keys: " + ", ".join(sorted(known)))
    check_keys(path, node.line, node, known, what="key")
    for key in sorted(known):
        if key not in node:
            raise DataError(path, node.line, f"key {key!r} is missing")
    return node


def words(path: Path, data: Lines, key: str) -> tuple[str, ...]:
    """The list of strings under `key`. Raises `DataError` for anything else, such as an unquoted `on`."""
    node = data[key]
    items = tuple(item for item in node if isinstance(item, str)) if isinstance(node, list) else ()
    if not isinstance(node, list) or len(items) != len(node):
        raise DataError(path, data.lines.get(key), f"{key!r} must be a list of words", hint="quote yes, no, on, off")
    return items


def table(path: Path, data: Lines, key: str) -> dict[str, str]:
    """The mapping from words to words or numbers under `key`; numbers come as written. Raises `DataError`."""
    node = data[key]
    if not isinstance(node, Lines):
        raise DataError(path, data.lines.get(key), f"{key!r} must be a mapping")
    for name, value in node.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise DataError(path, node.lines.get(name), f"{name!r} must have a word or a whole number", hint="quote it")
    return {name: str(value) for name, value in node.items()}


def decimals(path: Path, data: Lines, key: str) -> dict[str, Decimal]:
    """The mapping from words to numbers under `key`; write a fraction in quotes. Raises `DataError`."""
    found = {}
    for name, value in table(path, data, key).items():
        try:
            found[name] = Decimal(value)
        except InvalidOperation as error:
            raise DataError(path, data.lines.get(key), f"{name!r} must have a number, not {value!r}") from error
    return found


def integers(path: Path, data: Lines, key: str) -> dict[str, int]:
    """The mapping from words to whole numbers under `key`. Raises `DataError`."""
    found = decimals(path, data, key)
    for name, value in found.items():
        if value != int(value):
            raise DataError(path, data.lines.get(key), f"{name!r} must have a whole number, not {value}")
    return {name: int(value) for name, value in found.items()}


def number(path: Path, data: Lines, key: str) -> int:
    """The whole number under `key`. Raises `DataError`."""
    node = data[key]
    if isinstance(node, bool) or not isinstance(node, int):
        raise DataError(path, data.lines.get(key), f"{key!r} must be a whole number")
    return node


def alternatives(phrases: Iterable[str]) -> str:
    """A regular expression (no group around it) for any of the phrases, longest first; a blank fits a hyphen too."""
    return "|".join(re.escape(p).replace(r"\ ", r"[\s-]") for p in sorted(phrases, key=lambda p: (-len(p), p)))


def filled(template: str, parts: Mapping[str, str]) -> str:
    """A regular expression: the template with each `<name>` (but not in `(?P<name>`) replaced by that part, grouped."""
    return re.sub(r"(?<!\?P)<([a-z_]+)>", lambda name: f"(?:{parts[name[1]]})", template)


def squeezed(text: str) -> str:
    """Lower case, with single blanks in place of blanks and hyphens: the form in which words are looked up."""
    return re.sub(r"[\s-]+", " ", text).strip().lower()
