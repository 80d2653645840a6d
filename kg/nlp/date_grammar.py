"""The grammar of dates and periods: regular expressions compiled from the words of `ontology/dates.yaml`.

Every repetition is bounded, so that matching takes time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kg.data import data_path
from kg.nlp.vocabulary import alternatives, filled, integers, read_vocabulary, squeezed, table, words

_LISTS = (
    *("ago", "hedges", "future", "said", "parts", "year_cues", "period_cues", "refused", "refused_relative", "counted"),
    *("ordinals", "spans", "spans_without_year", "fiscal", "ended", "events", "nowadays", "part_words"),
)
_TABLES = ("units", "month_cues", "weekday_cues")
_NUMBERS = ("months", "weekdays", "counts", "relative_days", "relative_months", "relative_years")
# `<name>` stands for another part or for a list of words.
_PARTS = (
    ("year", r"(?:19|20)[0-9]{2}(?!\d|[.,]\d)"),
    ("day", r"(?:3[01]|[12]\d|0?[1-9])(?!\d)(?:(?i:st|nd|rd|th)\b)?"),
    ("range", r"\s?[-‐‑–—]\s?<day>"),
    ("gap", r"[\s-]\s?"),
    ("year_end", r"(?!\w|\s?%|[-–—/]\d|\s(?i:<counted>)\b|\sQ[1-4]\b)"),
    ("day_end", r"(?!\w|\s?%|:\d|[.,]\d|,?\s\d{4}|\s(?i:<counted>)\b)"),
    ("account_year", r"(?:FY[\s-]?['’]?(?:<year>|\d{2}(?!\d))|(?i:<fiscal>)\s<year>)(?:[/–-]\d{2}\b)?"),
    ("some_year", r"<account_year>|<year>|\s?['’]\d{2}(?!\d)"),
    ("mdy", r"(?P<mdy_m><month>)\.?\s{0,2}(?P<mdy_d><day>)(?P<mdy_to><range>)?(?:,\s{0,2}|\s{1,2})(?P<mdy_y><year>)"),
    (
        "dmy",
        r"(?P<dmy_d><day>)(?P<dmy_to><range>)?<gap>(?:of\s)?(?P<dmy_m><month>)\.?,?<gap>(?:of\s)?(?P<dmy_y><year>)",
    ),
    ("iso", r"(?P<iso_y><year>)(?P<iso_sep>[-/.])(?P<iso_m>0[1-9]|1[0-2])(?P=iso_sep)(?P<iso_d>[0-3]\d)(?!\d)"),
    ("num", r"(?P<num_a>\d{1,2})(?P<num_sep>[-/.])(?P<num_b>\d{1,2})(?P=num_sep)(?P<num_y><year>)(?!\w|/)"),
    ("day_date", r"(?<![\w/.,-])(?:(?P<iso><iso>)|(?P<num><num>)|(?P<dmy><dmy>))|(?<!\w)(?P<mdy><mdy>)"),
    ("ordinal_span", r"(?:the\s)?<ordinals>[\s-](?:<fiscal>[\s-])?"),
    (
        "period",
        r"(?<![\w$€£.,-])(?:<year>\s(?:Q[1-4]|H[12])(?!\w)|<account_year>(?:\sQ[1-4]\b)?"
        r"|(?:[1-4]Q|[12]H)(?:\d{2}(?!\w)|\s?<some_year>)|(?:Q[1-4]|H[12])[\s-]?(?:of\s)?<some_year>|Q[1-4](?!\w)"
        r"|(?i:<ordinal_span><spans>\s(?:(?:of|in)\s)?(?:the\s)?)<some_year>"
        r"|(?i:<ordinal_span><spans_without_year>)(?!\w)"
        r"|(?i:(?:the\s)?(?:<ordinals>\s)?(?:<fiscal>\s)?<spans>\s<ended>\s(?:on\s)?)<nameless_day_date>)",
    ),
)
_DATE = (
    r"(?P<period><period>)|<day_date>"
    r"|(?<![\w/.,-])(?P<dm>(?P<dm_d><day>)<range>?\s(?:of\s)?(?P<dm_m><month>)<day_end>)"
    r"|(?<!\w)(?:(?P<my>(?P<my_m><month>)\.?,?\s{1,2}(?:of\s)?(?P<my_y><year>))"
    r"|(?P<md>(?P<md_m><month>)\.?\s{0,2}(?P<md_d><day>)<range>?<day_end>)"
    r"|(?P<month><month>)(?!\.?\s{0,2}\d)"
    r"|(?P<weekday><weekday>)(?!\.\w|,?\.?\s{1,2}(?:the\s)?(?:<month>|<day>))"
    r"|(?P<relative>(?i:<relative>))(?!\w)"
    r"|(?P<ago>(?P<ago_n>(?i:<counts>)|\d{1,2})\s(?P<ago_unit>(?i:<units>))\s(?i:<ago>))(?!\w))"
    r"|(?<![\w/.,$€£#])(?P<year><year>)<year_end>"
)
_FIND_PERIOD = r"<period>|(?<!\w)(?i:<period_cues>)[\s-](?P<year><year>)<year_end>"
_TENSE = r"\b(?i:(?P<future><future>)|<said>)\b"
_BEFORE_YEAR = r"(?<!\w)(?i:<year_cues>\s(?:(?:the\s)?<parts>[\s-])?|<parts>[\s-])$"
_BEFORE_MONTH = r"(?<!\w)(?i:(?P<cue><month_cues>)\s(?:<parts>[\s-])?|<parts>[\s-])$"
_BEFORE_WEEKDAY = r"(?<!\w)(?i:(?P<cue><weekday_cues>))\s$"


@dataclass(frozen=True, slots=True)
class DateGrammar:
    """Compiled patterns, and what their words mean. `relative`: words -> unit, and how many of it from the date."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    counts: Mapping[str, int]
    relative: Mapping[str, tuple[str, int]]
    units: Mapping[str, str]
    cues: Mapping[str, str]
    lists: Mapping[str, frozenset[str]]
    date: re.Pattern[str]
    day_date: re.Pattern[str]
    period: re.Pattern[str]
    tense: re.Pattern[str]
    before_year: re.Pattern[str]
    before_month: re.Pattern[str]
    before_weekday: re.Pattern[str]


@cache
def date_grammar() -> DateGrammar:
    """The grammar. Raises `DataError` (file, line, hint) for a mistake in the word lists."""
    return _load(data_path("ontology/dates.yaml"))


@cache
def _load(path: Path) -> DateGrammar:
    data = read_vocabulary(path, (*_LISTS, *_TABLES, *_NUMBERS))
    lists = {key: words(path, data, key) for key in _LISTS}
    tables = {key: table(path, data, key) for key in _TABLES}
    numbers = {key: integers(path, data, key) for key in _NUMBERS}
    relative = {
        phrase: (unit, shift)
        for unit in ("day", "month", "year")
        for phrase, shift in numbers[f"relative_{unit}s"].items()
    }
    parts = {
        key: alternatives(phrases) for key, phrases in {**lists, **tables, **numbers, "relative": relative}.items()
    }
    for part, key in (("month", "months"), ("weekday", "weekdays")):
        parts[part] = rf"(?:{alternatives((*numbers[key], *(name.upper() for name in numbers[key])))})\b"
    for name, template in _PARTS:
        parts[name] = filled(template, parts)
        if name == "dmy":
            parts["nameless_day_date"] = re.sub(r"\?P<\w+>", "?:", f"{parts['mdy']}|{parts['dmy']}")
    return DateGrammar(
        months={name.lower(): month for name, month in numbers["months"].items()},
        weekdays={name.lower(): weekday for name, weekday in numbers["weekdays"].items()},
        counts=numbers["counts"],
        relative=relative,
        units=tables["units"],
        cues=tables["month_cues"] | tables["weekday_cues"],
        lists={key: frozenset(phrases) for key, phrases in lists.items()},
        date=re.compile(filled(_DATE, parts)),
        day_date=re.compile(parts["day_date"]),
        period=re.compile(filled(_FIND_PERIOD, parts)),
        tense=re.compile(filled(_TENSE, parts)),
        before_year=re.compile(filled(_BEFORE_YEAR, parts)),
        before_month=re.compile(filled(_BEFORE_MONTH, parts)),
        before_weekday=re.compile(filled(_BEFORE_WEEKDAY, parts)),
    )


def day_of(match: re.Match[str], grammar: DateGrammar) -> str | None:
    """The day (ISO 8601) that a match of `day_date` names; None if there is no such day or it is ambiguous."""
    if match["iso"]:
        return iso_day(int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"]))
    if match["num"]:
        first, second, year = int(match["num_a"]), int(match["num_b"]), int(match["num_y"])
        if first != second and max(first, second) <= 12:
            return None
        return iso_day(year, min(first, second), max(first, second))
    kind = "mdy" if match["mdy"] else "dmy"
    return iso_day(
        int(match[f"{kind}_y"]), grammar.months[match[f"{kind}_m"].lower()], leading_number(match[f"{kind}_d"])
    )


def iso_day(year: int, month: int, day: int) -> str | None:
    """The day in ISO 8601, or None if the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def leading_number(written: str) -> int:
    """22 for "22nd"."""
    return int(re.sub(r"\D", "", written))


def month_cue(text: str, grammar: DateGrammar) -> tuple[str, int] | None:
    """How a text that ends before a month points to it, and where the cue begins; None if it does not."""
    return _cue(grammar.before_month.search(text), grammar)


def weekday_cue(text: str, grammar: DateGrammar) -> tuple[str, int] | None:
    """How a text that ends before a weekday points to it, and where the cue begins; None if it does not."""
    return _cue(grammar.before_weekday.search(text), grammar)


def _cue(match: re.Match[str] | None, grammar: DateGrammar) -> tuple[str, int] | None:
    if match is None:
        return None
    return grammar.cues[squeezed(match["cue"])] if match["cue"] else "on or before", match.start()
