"""How things are drawn: `ontology/style.yaml`, checked against the schema."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.data import Lines, Yaml, check_keys, data_path, did_you_mean, read_yaml
from kg.errors import DataError
from kg.schema import Schema, load_schema

SHAPES = frozenset({"dot", "square", "diamond", "triangle", "triangleDown", "hexagon", "star", "box"})
PARTS = frozenset({"types", "amount", "relations", "groups", "statuses", "width", "currencies"})


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """`colour`: `#rrggbb`. `shape`: one of `SHAPES`."""

    colour: str
    shape: str


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """`dashes`: lengths of stroke and gap in pixels, empty for an unbroken line. `shown`: visible at first."""

    dashes: tuple[int, ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class WidthStyle:
    """Pixels: `least` without an amount, `step` more for each power of ten above `start`, at most `most`."""

    least: float
    step: float
    start: float
    most: float


@dataclass(frozen=True, slots=True)
class Style:
    """The whole file, in its order.

    `relations` maps a relation's name to its colour, `currencies` an ISO 4217 code to its sign. `groups`: colours of
    communities, the largest first; the last is for all others.
    """

    types: Mapping[str, TypeStyle]
    amount: TypeStyle
    relations: Mapping[str, str]
    groups: tuple[str, ...]
    statuses: Mapping[str, StatusStyle]
    width: WidthStyle
    currencies: Mapping[str, str]


@cache
def load_style(path: Path | None = None, *, schema: Schema | None = None) -> Style:
    """Read the style file. Raises `DataError` (file, line, hint) for an unknown, missing or malformed entry."""
    path = path or data_path("ontology/style.yaml")
    schema = schema or load_schema()
    top = _mapping(path, None, read_yaml(path), what="the file")
    _check(path, top, PARTS, what="part")
    parts = {
        key: _mapping(path, top.lines[key], value, what=f"{key!r}") for key, value in top.items() if key != "groups"
    }
    types, relations, statuses = parts["types"], parts["relations"], parts["statuses"]
    _check(path, types, schema.types, what="entity type")
    _check(path, relations, schema.relations, what="relation")
    _check(path, statuses, schema.statuses, what="status")
    return Style(
        types={name: _type_style(path, types, name) for name in types},
        amount=_type_style(path, top, "amount"),
        relations={name: _relation_colour(path, relations, name) for name in relations},
        groups=_groups(path, top),
        statuses={name: _status_style(path, statuses, name) for name in statuses},
        width=_width_style(path, parts["width"]),
        currencies={code: _currency(path, parts["currencies"], code) for code in sorted(parts["currencies"])},
    )


def _type_style(path: Path, parent: Lines, key: str) -> TypeStyle:
    entry = _entry(path, parent, key, ("colour", "shape"))
    shape = entry["shape"]
    if not isinstance(shape, str) or shape not in SHAPES:
        hint = did_you_mean(str(shape), SHAPES)
        raise DataError(path, entry.lines["shape"], f"unknown shape {shape!r}", hint=hint)
    return TypeStyle(colour=_colour(path, entry), shape=shape)


def _relation_colour(path: Path, parent: Lines, key: str) -> str:
    return _colour(path, _entry(path, parent, key, ("colour",)))


def _status_style(path: Path, parent: Lines, key: str) -> StatusStyle:
    entry = _entry(path, parent, key, ("dashes", "shown"))
    dashes, shown = entry["dashes"], entry["shown"]
    lengths = [length for length in dashes if type(length) is int and length > 0] if isinstance(dashes, list) else []
    if not isinstance(dashes, list) or len(lengths) != len(dashes) or len(dashes) % 2:
        hint = "an even list of whole numbers above 0, such as [10, 6]"
        raise DataError(path, entry.lines["dashes"], f"bad dashes of {key!r}", hint=hint)
    if not isinstance(shown, bool):
        raise DataError(path, entry.lines["shown"], f"bad 'shown' of {key!r}", hint="true or false")
    return StatusStyle(dashes=tuple(lengths), shown=shown)


def _width_style(path: Path, entry: Lines) -> WidthStyle:
    _check(path, entry, ("least", "step", "from", "most"), what="key")
    numbers: dict[str, float] = {}
    for key, value in entry.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise DataError(path, entry.lines[key], f"bad width {key!r}", hint="a number above 0")
        numbers[key] = float(value)
    return WidthStyle(numbers["least"], numbers["step"], numbers["from"], numbers["most"])


def _currency(path: Path, entry: Lines, code: str) -> str:
    sign = entry[code]
    if not re.fullmatch("[A-Z]{3}", code) or not isinstance(sign, str) or not sign:
        raise DataError(path, entry.lines[code], f"bad currency {code!r}", hint='as in USD: "$"')
    return sign


def _groups(path: Path, top: Lines) -> tuple[str, ...]:
    found, line = top["groups"], top.lines["groups"]
    if not isinstance(found, list) or not found:
        raise DataError(path, line, "bad 'groups'", hint='a list of colours, as in ["#4e79a7", "#808080"]')
    return tuple(_checked(path, line, colour) for colour in found)


def _colour(path: Path, entry: Lines) -> str:
    return _checked(path, entry.lines["colour"], entry["colour"])


def _checked(path: Path, line: int, colour: Yaml) -> str:
    if not isinstance(colour, str) or not re.fullmatch("#[0-9a-f]{6}", colour):
        raise DataError(path, line, f"bad colour {colour!r}", hint='as in "#4e79a7"')
    return colour


def _entry(path: Path, parent: Lines, key: str, keys: Collection[str]) -> Lines:
    entry = _mapping(path, parent.lines[key], parent[key], what=f"{key!r}")
    _check(path, entry, keys, what="key")
    return entry


def _check(path: Path, entry: Lines, known: Collection[str], *, what: str) -> None:
    """Every key is known, and every known key is there."""
    for key in entry:
        check_keys(path, entry.lines[key], (key,), known, what=what)
    for key in known:
        if key not in entry:
            raise DataError(path, entry.line, f"{what} {key!r} is missing", hint=f"add a line for {key}")


def _mapping(path: Path, line: int | None, value: Yaml, *, what: str) -> Lines:
    if not isinstance(value, Lines):
        raise DataError(path, line, f"{what} must be a mapping", hint="as in name: {key: value}")
    return value
