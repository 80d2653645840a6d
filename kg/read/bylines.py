"""Who published a text and when, from its first blocks. How sources write that is data: `ontology/bylines.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from kg.data import Lines, check_keys, data_path, read_yaml
from kg.errors import DataError
from kg.model import Block

FIRST_BLOCKS = 5
"""How many blocks from the top may be a byline."""
FIRST_BLOCKS_DATELINE = 10
"""How many blocks from the top may open with a dateline: summary points often stand before it."""
LONGEST_BYLINE = 120
_PATTERNS = ("separators", "author_introduction", "introduction", "ignored", "trailer", "name")
_DATE = "\x00"
_EDGES = " \t,;:()[]"
_DATE_GROUPS = re.compile(r"\(\?P<(?!wire)\w+>")


@dataclass(frozen=True, slots=True)
class BylineRules:
    """The content of `ontology/bylines.yaml`, compiled."""

    months: Mapping[str, int]
    dates: tuple[re.Pattern[str], ...]
    separators: re.Pattern[str]
    author_introduction: re.Pattern[str]
    introduction: re.Pattern[str]
    ignored: re.Pattern[str]
    trailer: re.Pattern[str]
    name: re.Pattern[str]
    datelines: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says. `date`: ISO 8601, to the day or the month."""

    publisher: str | None = None
    date: str | None = None


@cache
def load_byline_rules(path: Path | None = None) -> BylineRules:
    """Read the byline patterns. Raises `DataError` for an unknown or missing key and for a pattern that is wrong."""
    path = path or data_path("ontology/bylines.yaml")
    data = read_yaml(path)
    if not isinstance(data, Lines):
        raise DataError(path, 1, "must be a mapping")
    known = {"months", "dates", "place", "datelines", *_PATTERNS}
    check_keys(path, data.line, data, known, what="key")
    for key in sorted(known - set(data)):
        raise DataError(path, data.line, f"the key {key!r} is missing")

    def compiled(key: str, pattern: object, *, case: bool = False) -> re.Pattern[str]:
        try:
            return re.compile(str(pattern), 0 if case else re.IGNORECASE)
        except re.error as error:
            raise DataError(path, data.lines[key], f"{key}: not a regular expression: {error}") from error

    def listed(key: str) -> list[str]:
        value = data[key]
        if not isinstance(value, list):
            raise DataError(path, data.lines[key], f"{key} must be a list")
        return [str(item) for item in value]

    months = data["months"]
    if not isinstance(months, Lines):
        raise DataError(path, data.lines["months"], "months must map names to numbers")
    numbers = {name.lower(): int(str(number)) for name, number in months.items()}
    names = "|".join(sorted(map(re.escape, numbers), key=lambda name: (-len(name), name)))
    forms = [form.replace("{month}", names).replace("{{", "{").replace("}}", "}") for form in listed("dates")]
    any_date = "(?P<date>(?i:" + "|".join(_DATE_GROUPS.sub("(?:", form) for form in forms) + "))"
    datelines = [
        form.replace("{date}", any_date).replace("{place}", f"(?:{data['place']})") for form in listed("datelines")
    ]
    patterns = {key: compiled(key, data[key], case=key == "name") for key in _PATTERNS}
    return BylineRules(
        months=numbers,
        dates=tuple(compiled("dates", form) for form in forms),
        datelines=tuple(compiled("datelines", form, case=True) for form in datelines),
        **patterns,
    )


def find_date(text: str, rules: BylineRules) -> tuple[str, int, int] | None:
    """The first date in the text: ISO 8601, to the day or the month, and its half-open range; None if there is none."""
    for pattern in rules.dates:
        for found in pattern.finditer(text):
            groups = found.groupdict()
            month = rules.months.get(groups["month"].lower()) or int(groups["month"])
            try:
                day = date(int(groups["year"]), month, int(groups.get("day") or 1))
            except ValueError:
                continue
            return day.isoformat()[: 10 if groups.get("day") else 7], *found.span()
    return None


def parse_byline(text: str, rules: BylineRules) -> Byline | None:
    """What a text says that holds a publisher, an author or a date and nothing else; None for any other text."""
    if len(text) > LONGEST_BYLINE:
        return None
    found = find_date(text, rules)
    rest = text if not found else text[: found[1]] + _DATE + text[found[2] :]
    names: list[str] = []
    by_author = False
    for raw in rules.separators.split(rest):
        part = rules.introduction.sub("", f"{raw.strip(_EDGES)} ", count=1).strip(_EDGES)
        if _DATE in part:
            before, _, after = part.partition(_DATE)
            after = after.strip(_EDGES)
            if (after and not rules.ignored.fullmatch(after)) or (before and before.rstrip()[-1] not in ",("):
                return None
            part = before.strip(_EDGES)
        if author := rules.author_introduction.match(part):
            by_author = True
            name, _, part = part[author.end() :].partition(", ")
            if not rules.name.fullmatch(name):
                return None
        if not part or rules.ignored.fullmatch(part):
            continue
        if not rules.name.fullmatch(part):
            return None
        names.append(part)
    if len(names) > 2 or not (found or by_author):
        return None
    return Byline(publisher=names[0] if names else None, date=found[0] if found else None)


def parse_dateline(text: str, rules: BylineRules) -> tuple[Byline, int] | None:
    """What the place and date at the start of a press release say, and the offset where its text begins."""
    for pattern in rules.datelines:
        found = pattern.match(text)
        when = find_date(found["date"], rules) if found else None
        if found and when and found.end() < len(text):
            groups = found.groupdict()
            return Byline(publisher=groups.get("wire") or groups.get("wire2"), date=when[0]), found.end()
    return None


def mark_bylines(blocks: Sequence[Block], rules: BylineRules) -> tuple[tuple[Block, ...], Byline]:
    """The blocks, with bylines near the top, and trailers, as kind `byline`, and what they say together.

    A dateline at the start of a paragraph becomes a byline block of its own. The first date and publisher count.
    """
    out: list[Block] = []
    moved: list[int | None] = []
    seen = Byline()
    for number, block in enumerate(blocks):
        lead_in = None if block.lead_in is None else moved[block.lead_in]
        parts, said = _split_byline(block, number, rules)
        if said:
            seen = Byline(publisher=seen.publisher or said.publisher, date=seen.date or said.date)
        out += [replace(part, lead_in=lead_in) for part in parts]
        moved.append(None if parts[-1].kind == "byline" else len(out) - 1)
    return tuple(out), seen


def _split_byline(block: Block, number: int, rules: BylineRules) -> tuple[tuple[Block, ...], Byline | None]:
    """The block, its byline as a block of kind `byline`, and what it says."""
    if rules.trailer.fullmatch(block.text):
        return (replace(block, kind="byline", level=0),), None
    if number >= FIRST_BLOCKS_DATELINE or block.kind not in ("heading", "paragraph", "quote") or block.level == 1:
        return (block,), None
    if number < FIRST_BLOCKS and (said := parse_byline(block.text, rules)):
        return (replace(block, kind="byline", level=0),), said
    if dateline := parse_dateline(block.text, rules):
        said, split = dateline
        return (replace(cut_block(block, 0, split), kind="byline"), cut_block(block, split, len(block.text))), said
    return (block,), None


def cut_block(block: Block, start: int, end: int) -> Block:
    """The block's characters `start:end`, without white space at the ends, as a block of the same kind."""
    words = block.text[start:end]
    start += len(words) - len(words.lstrip())
    text = words.strip()
    end = start + len(text)
    first = (0, block.stored_span(start, end)[0])
    segments = (first, *((clean - start, stored) for clean, stored in block.segments if start < clean < end))
    emphasis = ((max(a, start) - start, min(b, end) - start) for a, b in block.emphasis)
    return replace(block, text=text, segments=segments, emphasis=tuple(pair for pair in emphasis if pair[0] < pair[1]))
