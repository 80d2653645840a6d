"""Reading the word lists under `ontology/`: checked mappings, lists and tables, with errors that name the line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from kg.data import Lines, Yaml, check_keys, read_yaml
from kg.errors import DataError


def read_vocabulary(path: Path, known: Collection[str]) -> Lines:
    """The mapping in a YAML file, which must have just the keys `known`. Raises `DataError`."""
    return section(path, read_yaml(path), known)


def section(path: Path, node: object, known: Collection[str]) -> Lines:
    """`node` as a mapping with just the keys `known`. Raises `DataError` for an unknown or missing one."""
    if not isinstance(node, Lines):
        raise DataError(path, None, "a mapping is needed here", hint="keys: " + ", ".join(sorted(known)))
    check_mapping(path, node, known, what="key")
    for key in sorted(known):
        if key not in node:
            raise DataError(path, node.line, f"key {key!r} is missing")
    return node


def mapping(path: Path, value: Yaml) -> Lines:
    """`value` as a mapping; `DataError` where it is none. An absent value is an empty mapping."""
    if value is None:
        return Lines()
    if not isinstance(value, Lines):
        raise DataError(path, None, f"expected a mapping, found {value!r}")
    return value


def check_mapping(path: Path, value: Lines, known: Collection[str], *, what: str) -> None:
    """Raise `DataError`, with the line of the key, for a key that is not known."""
    for key in value:
        check_keys(path, value.lines.get(key), [key], known, what=what)


def strings(path: Path, owner: Lines, key: str) -> tuple[str, ...]:
    """The value of `key` as strings: one string, or a list of them; empty where the key is absent."""
    value = owner.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise DataError(
            path, owner.lines.get(key), f"{key!r} must be a list of words", hint="quote yes, no and numbers"
        )
    return tuple(str(item) for item in value)


def words(path: Path, data: Lines, key: str) -> tuple[str, ...]:
    """The list of strings under `key`, which must be there. Raises `DataError` for anything else."""
    if not isinstance(data[key], list):
        raise DataError(path, data.lines.get(key), f"{key!r} must be a list of words", hint="quote yes, no, on, off")
    return strings(path, data, key)


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


def longest_first(words: Iterable[str]) -> str:
    """A regular expression (no group around it) for any of the words as they stand, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def alternatives(phrases: Iterable[str]) -> str:
    """A regular expression (no group around it) for any of the phrases, longest first; a blank fits a hyphen too."""
    return longest_first(phrases).replace(r"\ ", r"[\s-]")


def filled(template: str, parts: Mapping[str, str]) -> str:
    """A regular expression: the template with each `<name>` (but not in `(?P<name>`) replaced by that part, grouped."""
    return re.sub(r"(?<!\?P)<([a-z_]+)>", lambda name: f"(?:{parts[name[1]]})", template)


def squeezed(text: str) -> str:
    """Lower case, with single blanks in place of blanks and hyphens: the form in which words are looked up."""
    return re.sub(r"[\s-]+", " ", text).strip().lower()
