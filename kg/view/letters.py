"""How wide text is, without a browser: the advance widths of Arimo, which are those of Arial, Helvetica and Liberation
Sans, so that what is measured here holds with the sans-serif font that most computers have."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from kg.data import check_keys, data_path, read_jsonl
from kg.errors import DataError

UNITS = 2048  # of an em, in the file
REGULAR, BOLD = 400, 700


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that `text` takes at that font size in pixels, without kerning; a letter that the table lacks counts as a
    full em where it is of East Asian width or a symbol, else as a broad letter, and as nothing where it is a mark."""
    widths = letter_widths()[BOLD if bold else REGULAR]
    units = sum(found if (found := widths.get(ord(letter))) is not None else _guess(letter) for letter in text)
    return units * size / UNITS


def is_measured(text: str) -> bool:
    """Whether the table knows every letter, and so the font does that draws pictures without a browser."""
    known = letter_widths()[REGULAR]
    return all(ord(letter) in known for letter in text)


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """`text` cut until it is at most so many pixels wide, the last letter an ellipsis where something was cut."""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(text + "…", size, bold=bold) > width:
        text = text[:-1].rstrip()
    return text + "…"


def broken(text: str, width: float, size: float, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """`text` in lines of at most so many pixels, broken at spaces; what does not fit the last line is cut."""
    out: list[str] = []
    words = text.split(" ")
    while words and len(out) < lines - 1:
        count = 1
        while count < len(words) and text_width(" ".join(words[: count + 1]), size, bold=bold) <= width:
            count += 1
        out.append(fitted(" ".join(words[:count]), width, size, bold=bold))
        words = words[count:]
    return (*out, fitted(" ".join(words), width, size, bold=bold)) if words else tuple(out)


def halves(text: str, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """`text` in two lines as equal as its spaces allow; in one where it has none."""
    words = text.split(" ")
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    if not splits:
        return (text,)
    return min(splits, key=lambda two: max(text_width(line, size, bold=bold) for line in two))


@cache
def letter_widths(path: Path | None = None) -> Mapping[int, Mapping[int, int]]:
    """Weight -> code point -> width in units of which an em has `UNITS`. Raises `DataError` (file, line)."""
    path = path or data_path("ontology/letter_widths.jsonl")
    found: dict[int, dict[int, int]] = {REGULAR: {}, BOLD: {}}
    for line, row in read_jsonl(path):
        check_keys(path, line, row, ("weight", "first", "widths"), what="key")
        weight, first, widths = row.get("weight"), row.get("first"), row.get("widths")
        if weight not in found or not isinstance(first, str) or not isinstance(widths, list):
            hint = 'as in {"weight": 400, "first": "0041", "widths": [1366]}'
            raise DataError(path, line, "not a row of widths", hint=hint)
        found[weight] |= {int(first, 16) + number: int(width) for number, width in enumerate(widths)}
    return MappingProxyType(found)


def _guess(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    wide = unicodedata.east_asian_width(letter) in "WF" or unicodedata.category(letter) in ("So", "Co", "Cn")
    return UNITS if wide else UNITS * 3 // 4
