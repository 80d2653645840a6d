"""The look of pictures for print beside `kg.view.style`: `ontology/print.yaml`, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.data import Lines, Yaml, check_keys, data_path, did_you_mean, read_yaml
from kg.errors import DataError
from kg.schema import load_schema

SIGNS = frozenset({"bar", "cross"})
COLOURS = ("ground", "ink", "soft", "line", "link")


@dataclass(frozen=True, slots=True)
class Paper:
    """Colours (`#rrggbb`) of one scheme. `faded`: the share of a relation's colour that is left where it is faded.

    `fonts`: families, the first that is there is taken. `signs`: status -> `bar` or `cross`, for those that are faded.
    """

    ground: str
    ink: str
    soft: str
    line: str
    link: str
    faded: float
    fonts: tuple[str, ...]
    signs: Mapping[str, str]


def mixed(colour: str, share: float, other: str) -> str:
    """That share of a colour and the rest of another (`#rrggbb`)."""
    parts = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(share * one + (1 - share) * two):02x}" for one, two in parts)


@cache
def load_paper(path: Path | None = None, *, dark: bool = False) -> Paper:
    """The light or the dark paper. Raises `DataError` (file, line, hint) for an unknown, missing or bad entry."""
    path = path or data_path("ontology/print.yaml")
    top = _mapping(path, None, read_yaml(path), ("fonts", "light", "dark", "signs"), "the file")
    entry = _mapping(path, top, top["dark" if dark else "light"], (*COLOURS, "faded"), "a paper")
    colours = {}
    for key in COLOURS:
        colour = entry[key]
        if not isinstance(colour, str) or not re.fullmatch("#[0-9a-f]{6}", colour):
            raise DataError(path, entry.lines[key], f"bad colour {colour!r}", hint='as in "#4e79a7"')
        colours[key] = colour
    faded, fonts = entry["faded"], top["fonts"]
    if isinstance(faded, bool) or not isinstance(faded, int | float) or not 0 <= faded <= 1:
        raise DataError(path, entry.lines["faded"], "bad 'faded'", hint="a number from 0 to 1")
    if not isinstance(fonts, list) or not all(
        isinstance(font, str) and re.fullmatch("[A-Za-z ]+", font) for font in fonts
    ):
        raise DataError(path, top.lines["fonts"], "bad 'fonts'", hint="a list of names of letters and blanks")
    return Paper(**colours, faded=float(faded), fonts=tuple(str(font) for font in fonts), signs=_signs(path, top))


def _signs(path: Path, top: Lines) -> dict[str, str]:
    signs = top["signs"]
    if not isinstance(signs, Lines):
        raise DataError(path, top.lines["signs"], "'signs' must be a mapping", hint="as in ended: bar")
    found = {}
    for status, sign in signs.items():
        check_keys(path, signs.lines[status], (status,), load_schema().statuses, what="status")
        if not isinstance(sign, str) or sign not in SIGNS:
            raise DataError(path, signs.lines[status], f"unknown sign {sign!r}", hint=did_you_mean(str(sign), SIGNS))
        found[status] = sign
    return found


def _mapping(path: Path, parent: Lines | None, value: Yaml, keys: tuple[str, ...], what: str) -> Lines:
    """A mapping that has all of `keys` and no other."""
    line = parent.line if parent else None
    if not isinstance(value, Lines):
        raise DataError(path, line, f"{what} must be a mapping", hint="as in name: {key: value}")
    check_keys(path, value.line, value, keys, what="key")
    for key in keys:
        if key not in value:
            raise DataError(path, value.line, f"{key!r} is missing in {what}", hint=f"add a line for {key}")
    return value
