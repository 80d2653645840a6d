"""A document's own date, from the byline or dateline near its top."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.nlp.date_grammar import DateGrammar, date_grammar, day_of

HEAD = 600  # characters in which the date's line must begin
BYLINE = 150  # characters of the longest line that may be a byline
PLACE = 80  # characters of the longest place (and agency) before the date of a dateline

_LINK = re.compile(r"\]\([^)\s]{0,300}\)|https?://\S{1,300}")
_TIME = re.compile(r"\b\d{1,2}(?::\d{2}){0,2}\s?(?i:[ap]\.?m\b)|\b\d{1,2}:\d{2}")
_WORD = re.compile(r"[^\W\d_]+")
_ITEM = re.compile(r"\s*[-*+•]\s")
_AFTER_DATELINE = re.compile(r"\s?(?:[/(|]|--|[-–—]\s)")


def find_document_date(text: str) -> str | None:
    """The day of publication (ISO 8601) that a byline or dateline near the top of `text` gives, or None.

    A byline is a short line with nothing but names, labels and the date; a dateline opens a paragraph ("PARIS,
    July 30, 2024 --"). A date of publication goes before one of an update; a range of days is none.
    """
    grammar, start, updated = date_grammar(), 0, None
    for line in text[: HEAD + BYLINE + 1].split("\n"):
        for day, is_update in _own_days(line, grammar) if start < HEAD else ():
            if not is_update:
                return day
            updated = updated or day
        start += len(line) + 1
    return updated


def _own_days(line: str, grammar: DateGrammar) -> Iterator[tuple[str, bool]]:
    """The days in a line that is a byline or opens with a dateline, each with whether it is that of an update."""
    is_short = len(line.strip()) <= BYLINE and not _ITEM.match(line)
    line = _TIME.sub(" ", _LINK.sub(" ", line))
    is_byline = is_short and not _is_prose(grammar.day_date.sub(" ", line), grammar)
    past = 0
    for match in grammar.day_date.finditer(line):
        before = [word.lower() for word in _WORD.findall(line[past : match.start()])]
        is_dateline = past == 0 and match.start() <= PLACE and not _is_prose(line[: match.start()], grammar)
        is_dateline = is_dateline and _AFTER_DATELINE.match(line, match.end()) is not None
        past = match.end()
        day = None if match["mdy_to"] or match["dmy_to"] or _opens_sentence(before, grammar) else day_of(match, grammar)
        if day and (is_byline or is_dateline):
            yield day, bool(grammar.lists["updates"].intersection(before))


def _opens_sentence(before: list[str], grammar: DateGrammar) -> bool:
    """ "On July 30, 2024", unlike "Published on July 30, 2024"."""
    if not before or before[-1] not in grammar.lists["sentence_openers"]:
        return False
    return len(before) == 1 or before[-2] not in grammar.lists["bylines"]


def _is_prose(passage: str, grammar: DateGrammar) -> bool:
    """Whether there are words in lower case other than those of bylines."""
    return any(word[0].islower() and word not in grammar.lists["bylines"] for word in _WORD.findall(passage))
