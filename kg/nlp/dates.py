"""Dates in plain text, with the precision that the text gives: "November 22, 2024", "last September", "in 2019".

No day, month or year is ever invented: what depends on the document's date needs that date, in enough precision. It
takes time linear in the text: what stands before a date is read from a window of bounded size.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kg.nlp.date_grammar import (
    DateGrammar,
    date_grammar,
    day_of,
    iso_day,
    leading_number,
    month_cue,
    weekday_cue,
)
from kg.nlp.vocabulary import squeezed

__all__ = ("FoundDate", "find_dates", "find_periods")

WINDOW = 80  # characters before a date in which words that bear on it are looked for
SOON, AHEAD, PAST = 60, 120, 183  # days: how far off a day without a year may be, see `_nearest`
DAYS_AGO = 6  # "ten days ago" is rounded; up to six are counted


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at `text[start:end]`. `iso`: ISO 8601 with the text's own precision: `2024`, `2024-11`, `2024-11-22`."""

    start: int
    end: int
    iso: str


@dataclass(frozen=True, slots=True)
class _Anchor:
    """The document's date. `month` and `day` are None where it is not so precise."""

    year: int
    month: int | None = None
    day: date | None = None


def find_dates(text: str, *, document_date: str | None = None) -> tuple[FoundDate, ...]:
    """The dates in `text`, by position, without overlaps; a range of days gives its first day.

    `document_date` (ISO 8601 to the day, month or year; anything else counts as none) resolves "yesterday", "on
    Friday", "in September", "last year", "November 22"; without it they give nothing. Periods of account ("Q3 2024")
    are no dates, nor are "the 2024 election", an ambiguous "04/05/2024", "last week".
    """
    grammar, anchor, found = date_grammar(), _anchor(document_date), []
    for match in grammar.date.finditer(text):
        iso = _resolved(match, text[max(0, match.start() - WINDOW) : match.start()], anchor, grammar)
        if iso is not None:
            found.append(FoundDate(match.start(), match.end(), iso))
    return tuple(found)


def find_periods(text: str) -> tuple[tuple[int, int, str], ...]:
    """Start, end and wording of each period that a revenue may cover: "Q3 2024", "fiscal 2024", "2023" in "in 2023"."""
    matches = date_grammar().period.finditer(text)
    spans = (match.span("year") if match["year"] else match.span() for match in matches)
    return tuple((start, end, text[start:end]) for start, end in spans)


def _anchor(document_date: str | None) -> _Anchor | None:
    parts = re.match(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?(?:$|T)", document_date or "")
    if parts is None:
        return None
    year, month, day = int(parts[1]), int(parts[2] or 0), int(parts[3] or 0)
    if iso_day(year, month or 1, day or 1) is None:
        return None
    return _Anchor(year, month or None, date(year, month, day) if day else None)


def _resolved(match: re.Match[str], before: str, anchor: _Anchor | None, grammar: DateGrammar) -> str | None:
    """What a match of the grammar means, given the text before it; None where it is no date or cannot be resolved."""
    kind = match.lastgroup or ""
    if kind in _FIXED:
        return _FIXED[kind](match, before, grammar)
    return _RELATIVE[kind](match, before, anchor, grammar) if anchor and kind in _RELATIVE else None


def _day(match: re.Match[str], _: str, grammar: DateGrammar) -> str | None:
    return day_of(match, grammar)


def _month_and_year(match: re.Match[str], _: str, grammar: DateGrammar) -> str:
    return f"{match['my_y']}-{grammar.months[match['my_m'].lower()]:02d}"


def _year(match: re.Match[str], before: str, grammar: DateGrammar) -> str | None:
    """ "in 2019", "(2019)", "early 2019"; but not "the 2019 election"."""
    in_brackets = before.endswith("(") and match.string.startswith(")", match.end())
    is_year = in_brackets or grammar.before_year.search(before) is not None
    return match[0] if is_year and 1950 <= int(match[0]) <= 2049 else None


def _day_and_month(match: re.Match[str], _: str, anchor: _Anchor, grammar: DateGrammar) -> str | None:
    kind = "md" if match["md"] else "dm"
    return _nearest(grammar.months[match[f"{kind}_m"].lower()], leading_number(match[f"{kind}_d"]), anchor)


def _month(match: re.Match[str], before: str, anchor: _Anchor, grammar: DateGrammar) -> str | None:
    """A month without a year: the last one, unless the words before it point ahead."""
    cue = month_cue(before, grammar)
    if cue is None or anchor.month is None or _is_refused(before[: cue[1]], grammar):
        return None
    (meaning, begin), month = cue, grammar.months[match[0].lower()]
    tense = list(grammar.tense.finditer(re.split(r"[.!?;]\s|\n\s*\n", before[:begin])[-1]))
    if meaning == "on or before" and tense and tense[-1]["future"]:
        year = anchor.year + (month < anchor.month)
    elif meaning == "after":
        year = anchor.year + (month <= anchor.month)
    else:
        is_past = month < anchor.month or (month == anchor.month and meaning == "on or before")
        year = anchor.year - (not is_past)
    return f"{year}-{month:02d}"


def _weekday(match: re.Match[str], before: str, anchor: _Anchor, grammar: DateGrammar) -> str | None:
    """The last such day on or before the document's date; for "last Friday", before it."""
    cue = weekday_cue(before, grammar)
    is_name = cue is None and re.match(r"\s[^\W\d_a-z]", match.string[match.end() : match.end() + 2])
    if anchor.day is None or is_name or _is_refused(before[: cue[1]] if cue else before, grammar):
        return None
    back = (anchor.day.isoweekday() - grammar.weekdays[match[0].lower()]) % 7
    return _shifted(anchor, "day", -(back or 7) if cue and cue[0] == "before" else -back)


def _relative(match: re.Match[str], before: str, anchor: _Anchor, grammar: DateGrammar) -> str | None:
    """ "yesterday", "last month"; but not "today's models", "News Today", "over the last month"."""
    unit, shift = grammar.relative[squeezed(match[0])]
    is_name = match[0][0].isupper() and before[-1:].isspace() and before[-2:-1].isalnum()
    is_generic = unit == "day" and match.string.startswith(("'s", "’s"), match.end())
    refused = grammar.lists["refused_relative"].intersection(re.findall(r"\w+", before.lower())[-1:])
    return None if is_name or is_generic or refused else _shifted(anchor, unit, shift)


def _ago(match: re.Match[str], before: str, anchor: _Anchor, grammar: DateGrammar) -> str | None:
    """ "two years ago", to the unit; but not "more than two years ago"."""
    if grammar.lists["hedges"].intersection(re.findall(r"\w+", before.lower())[-1:]):
        return None
    unit, count = grammar.units[squeezed(match["ago_unit"])], match["ago_n"].lower()
    number = int(count) if count.isdecimal() else grammar.counts[count]
    return _shifted(anchor, unit, -number) if unit != "day" or number <= DAYS_AGO else None


def _is_refused(before: str, grammar: DateGrammar) -> bool:
    last = re.search(r"(\w+)[\s-]$", before)
    return last is not None and last[1].lower() in grammar.lists["refused"]


def _shifted(anchor: _Anchor, unit: str, shift: int) -> str | None:
    """The document's date moved by `shift` units, to the precision of the unit; None if the date is not so precise."""
    if unit == "year":
        return f"{anchor.year + shift:04d}"
    if unit == "month":
        if anchor.month is None:
            return None
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + shift, 12)
        return f"{year:04d}-{month + 1:02d}"
    return None if anchor.day is None else (anchor.day + timedelta(days=shift)).isoformat()


def _nearest(month: int, day: int, anchor: _Anchor) -> str | None:
    """The day and month without a year that a text of the anchor's date most likely means; None if that is open.

    In this order: ahead by up to `SOON`, past in the same year, ahead by up to `AHEAD` in the same year, past by up to
    `PAST` days.
    """
    if anchor.day is None:
        return None
    years = (anchor.year - 1, anchor.year, anchor.year + 1)
    days = [date.fromisoformat(iso) for year in years if (iso := iso_day(year, month, day))]
    offsets = {(found - anchor.day).days: found for found in days}
    choices = (
        [offset for offset in offsets if 0 <= offset <= SOON],
        [offset for offset in offsets if offset < 0 and offsets[offset].year == anchor.year],
        [offset for offset in offsets if 0 < offset <= AHEAD and offsets[offset].year == anchor.year],
        [offset for offset in offsets if -PAST <= offset < 0],
    )
    return next((offsets[offset].isoformat() for group in choices for offset in group), None)


_FIXED: Mapping[str, Callable[[re.Match[str], str, DateGrammar], str | None]] = {
    "iso": _day,
    "num": _day,
    "mdy": _day,
    "dmy": _day,
    "my": _month_and_year,
    "year": _year,
}
_RELATIVE: Mapping[str, Callable[[re.Match[str], str, _Anchor, DateGrammar], str | None]] = {
    "md": _day_and_month,
    "dm": _day_and_month,
    "month": _month,
    "weekday": _weekday,
    "relative": _relative,
    "ago": _ago,
}
