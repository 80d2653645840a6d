"""Sums of money in plain text: "up to $4 billion", "€600m", "Rs 500 crore", "half a billion dollars".

The words are data (`ontology/money.yaml`); this module holds the grammar. It takes time linear in the text: every
repetition in a regular expression is bounded, and cue words are looked for in a window of bounded size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from kg.data import data_path
from kg.model import Amount
from kg.nlp.cues import CueBook, CueMatch, match_cues, read_cues, sentence_around, words_of
from kg.nlp.vocabulary import alternatives, decimals, filled, number, read_vocabulary, section, squeezed, table, words

WINDOW = 160  # characters on either side of a sum in which cue words are looked for
BOUNDS = ("exact", "up_to", "at_least", "about")
KINDS = ("increment", "cumulative", "tranche")

_KEYS = ("symbols", "codes", "words", "alone", "magnitudes", "letters", "numbers", "vague", "ranges", "prices")
_RANGE_KEYS = ("joins", "openers", "opened_joins", "changes", "unchanged")
_PRICE_KEYS = ("below", "per", "articles", "units", "adverbs")

# `<name>` stands for another part or for a list of words.
_PARTS = (
    ("magnitude", r"[\s-]?(?i:<magnitudes>)(?![^\W_])|(?i:<letters>)(?!\w)|\s(?i:<letters>)(?![\w'’&-])"),
    ("digits", r"\d{1,3}(?:,\d{2,3}){0,5},\d{3}|\d{1,4},\d{1,2}(?=<magnitude>)|\d{1,15}"),
    ("number", r"<digits>(?:\.\d{1,6})?(?![.,]?\d)"),
    ("unit", r"(?i:<words>)|<codes>"),
    ("prefix", r"(?:(?<!\w)<codes>\s?)?<symbols>|(?<!\w)<codes>"),
    ("plus_sign", r"\+|-plus\b"),
    ("joining", r"\s?[-‐‑–—]\s?|\s(?i:<joins>)\s"),
)
_HEAD = (
    r"(?P<prefix><prefix>)\s?(?P<number><number>)(?P<plus><plus_sign>)?(?P<magnitude><magnitude>)?"
    r"(?P<late_plus><plus_sign>)?"
    r"|(?<![\w.,])(?:(?P<lower><number>)(?P<lower_magnitude><magnitude>)?(?P<join><joining>))?"
    r"(?:(?P<upper><number>)|(?P<spelled>(?i:<spellings>))(?=[\s-](?i:<magnitudes>)))"
    r"(?P<upper_plus><plus_sign>)?(?P<upper_magnitude><magnitude>)?[\s-]?(?P<unit><unit>)(?!\w)"
)
_TAIL = (
    r"(?P<join><joining>)(?P<prefix><prefix>)?\s?(?P<number><number>)<plus_sign>?"
    r"(?P<magnitude><magnitude>)?(?P<late_plus><plus_sign>)?"
)
_TRAILING = r"[\s-]?(?P<unit><unit>)(?!\w)"
_PRICE = r"[\s-](?i:<per>)\b|\s?/\s?[\dA-Za-z]|[\s-](?i:<articles>)[\s-](?i:<units>)\b|[\s-](?i:<adverbs>)\b"
_CONVERSION = re.compile(r"\s?\((?:\w+\s){0,2}$")


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """A sum at `text[start:end]`: number, magnitude and currency, without the words that set its bound and kind."""

    start: int
    end: int
    amount: Amount


@dataclass(frozen=True, slots=True)
class _Sum:
    start: int
    end: int
    value: Decimal
    currency: str
    at_least: bool = False
    is_price: bool = False


@dataclass(frozen=True, slots=True)
class _Grammar:
    symbols: Mapping[str, str]
    codes: Mapping[str, str]
    words: Mapping[str, str]
    magnitudes: Mapping[str, Decimal]
    numbers: Mapping[str, Decimal]
    alone: frozenset[str]
    vague: frozenset[str]
    dollars: frozenset[str]  # the currencies that "$" may stand for
    range_words: Mapping[str, frozenset[str]]
    price_below: int
    cues: CueBook
    code: re.Pattern[str]
    head: re.Pattern[str]
    tail: re.Pattern[str]
    trailing: re.Pattern[str]
    price: re.Pattern[str]


def find_amounts(text: str) -> tuple[FoundAmount, ...]:
    """The sums of money in `text`, by position, without overlaps.

    A range gives its lower end, `at_least`. A price ("$20 a month") and a sum of nothing are no amounts; nor is a
    vague one ("billions of dollars", "a billion-dollar company") or a number without a currency. Of a sum and its
    conversion in brackets both are given, with the same bound and kind.
    """
    grammar = _grammar()
    sums = tuple(_sums(text, grammar))
    found: list[FoundAmount] = []
    for index, item in enumerate(sums):
        floor = sums[index - 1].end if index else 0
        ceiling = sums[index + 1].start if index + 1 < len(sums) else len(text)
        amount = _qualified(text, item, floor, ceiling, grammar.cues)
        if found and found[-1].end == floor:
            amount = _as_conversion(text[floor : item.start], found[-1].amount, amount)
        if item.value and not item.is_price:
            found.append(FoundAmount(item.start, item.end, amount))
    return tuple(found)


def _sums(text: str, grammar: _Grammar) -> Iterator[_Sum]:
    position = 0
    while head := grammar.head.search(text, position):
        found = _prefixed(text, head, grammar) if head["prefix"] else _suffixed(text, head, grammar)
        position = found.end if found else head.end()
        if found:
            price = found.value < grammar.price_below and grammar.price.match(text, found.end)
            yield replace(found, is_price=bool(price))


def _prefixed(text: str, head: re.Match[str], grammar: _Grammar) -> _Sum | None:
    """ "$4 billion", with what may follow it: the upper end of a range ("$4-5 billion"), the currency once more."""
    prefix, currency = head["prefix"], _currency(head["prefix"], grammar)
    magnitude = _magnitude(head["magnitude"], grammar)
    if magnitude is None and prefix in grammar.codes and prefix not in grammar.alone:
        return None
    value = _number(head["number"]) * (magnitude or 1)
    at_least, end = bool(head["plus"] or head["late_plus"]), head.end() - len(head["late_plus"] or "")
    tail = grammar.tail.match(text, end)
    if tail and _may_end_range(tail, currency, magnitude, grammar) and _is_range(text, head.start(), tail, grammar):
        lower = _lower_end(head["number"], magnitude, tail["number"], _magnitude(tail["magnitude"], grammar))
        if lower is not None:
            value, at_least, end = lower, True, tail.end() - len(tail["late_plus"] or "")
    trailing = grammar.trailing.match(text, end)
    named = _currency(trailing["unit"], grammar) if trailing else None
    if trailing and named and (named == currency or (prefix == "$" and named in grammar.dollars)):
        currency, end = named, trailing.end()
    return _Sum(head.start(), end, value, currency, at_least)


def _suffixed(text: str, head: re.Match[str], grammar: _Grammar) -> _Sum | None:
    """ "4 billion dollars", "half a billion euros", "10-15 million dollars"; None for what only looks like a sum."""
    unit, magnitude, spelled = (
        head["unit"],
        _magnitude(head["upper_magnitude"], grammar),
        squeezed(head["spelled"] or ""),
    )
    currency = _currency(unit, grammar)
    if magnitude is None and not {unit, squeezed(unit)} & grammar.alone:
        return None
    if spelled in grammar.vague and squeezed(unit) + "s" in grammar.words:
        return None
    if head["lower"] and head["upper"] and _is_range(text, head.start(), head, grammar):
        lower_magnitude = _magnitude(head["lower_magnitude"], grammar)
        lower = _lower_end(head["lower"], lower_magnitude, head["upper"], magnitude)
        if lower is not None:
            return _Sum(head.start(), head.end(), lower, currency, True)
    value = grammar.numbers[spelled] if spelled else _number(head["upper"])
    start = head.start("spelled" if spelled else "upper")
    return _Sum(start, head.end(), value * (magnitude or 1), currency, bool(head["upper_plus"]))


def _may_end_range(tail: re.Match[str], currency: str, magnitude: Decimal | None, grammar: _Grammar) -> bool:
    """Whether `tail` goes on in the same currency; without one, as in "$5 million to 10 firms", more is asked."""
    if tail["prefix"]:
        named = _currency(tail["prefix"], grammar)
        return named == currency or (tail["prefix"] == "$" and currency in grammar.dollars)
    dashed = not any(character.isalpha() for character in tail["join"])
    if tail["magnitude"]:
        return magnitude is None or dashed or squeezed(tail["join"]) in grammar.range_words["opened_joins"]
    return magnitude is None and dashed


def _is_range(text: str, start: int, ends: re.Match[str], grammar: _Grammar) -> bool:
    """ "between A and B", "A to B", "A-B" are ranges; "A and B" and "from A to B" are two sums."""
    join, role = squeezed(ends["join"]), grammar.range_words
    before = words_of(text[max(0, start - 40) : start])[-2:]
    if join in role["opened_joins"]:
        return bool(role["openers"].intersection(before))
    changes = bool(role["changes"].intersection(before[-1:])) and not role["unchanged"].intersection(before)
    return not (changes and join in role["joins"])


def _lower_end(low: str, low_magnitude: Decimal | None, high: str, high_magnitude: Decimal | None) -> Decimal | None:
    """The value of the lower end of a range; None where the ends are not in order. "$10-15 million": 10 million."""
    value, upper = _number(low), _number(high)
    if low_magnitude is None and value < upper and value < 1000:
        low_magnitude = high_magnitude
    value *= low_magnitude or 1
    return value if value < upper * (high_magnitude or 1) else None


def _currency(written: str, grammar: _Grammar) -> str:
    code = grammar.code.match(written)
    if code:
        return grammar.codes[code[0]]
    return grammar.symbols.get(written) or grammar.words[squeezed(written)]


def _magnitude(written: str | None, grammar: _Grammar) -> Decimal | None:
    return grammar.magnitudes[squeezed(written)] if written else None


def _number(written: str) -> Decimal:
    whole, comma, rest = written.rpartition(",")
    is_decimal_comma = comma and "." not in rest and len(rest) < 3
    return Decimal(f"{whole}.{rest}" if is_decimal_comma else written.replace(",", ""))


def _qualified(text: str, item: _Sum, floor: int, ceiling: int, cues: CueBook) -> Amount:
    """The amount, with the bound and kind that the words of its sentence between `floor` and `ceiling` give it."""
    window = max(floor, item.start - WINDOW), min(ceiling, item.end + WINDOW)
    low, high, begins = sentence_around(cues, text, (item.start, item.end), window)
    best: dict[str, CueMatch] = {}
    before, after = words_of(text[low : item.start])[::-1], words_of(text[item.end : high])
    for match in (*match_cues(cues, "before", before, begins=begins), *match_cues(cues, "after", after)):
        group = "bound" if match.sets in BOUNDS else "kind"
        best[group] = min(match, best.get(group, match))
    bound = "at_least" if item.at_least else best["bound"].sets if "bound" in best else BOUNDS[0]
    kind = best["kind"].sets if "kind" in best else KINDS[0]
    whole = int(item.value)
    return Amount(Decimal(whole) if whole == item.value else item.value.normalize(), item.currency, bound, kind)


def _as_conversion(between: str, original: Amount, amount: Amount) -> Amount:
    """ "up to €600m ($650m)": a conversion in brackets has the bound and kind of what it converts."""
    if original.currency == amount.currency or not _CONVERSION.match(between):
        return amount
    return replace(amount, bound=original.bound if amount.bound == BOUNDS[0] else amount.bound, kind=original.kind)


@cache
def _grammar() -> _Grammar:
    return _load_grammar(data_path("ontology/money.yaml"))


@cache
def _load_grammar(path: Path) -> _Grammar:
    """Compile the word lists. Raises `DataError` (file, line, hint) for a mistake in them."""
    data = read_vocabulary(path, (*_KEYS, "fillers", "abbreviations", "cues"))
    ranges, prices = section(path, data["ranges"], _RANGE_KEYS), section(path, data["prices"], _PRICE_KEYS)
    symbols, codes, units = (table(path, data, key) for key in ("symbols", "codes", "words"))
    magnitudes, letters, numbers = (decimals(path, data, key) for key in ("magnitudes", "letters", "numbers"))
    range_words = {key: frozenset(words(path, ranges, key)) for key in _RANGE_KEYS}
    parts = {key: alternatives(words(path, prices, key)) for key in _PRICE_KEYS if key != "below"}
    parts["joins"] = alternatives(range_words["joins"] | range_words["opened_joins"])
    parts |= {"codes": alternatives(codes), "words": alternatives(units), "spellings": alternatives(numbers)}
    parts |= {"magnitudes": alternatives(magnitudes), "letters": alternatives(letters)}
    lettered = [symbol for symbol in symbols if symbol[0].isalpha()]
    bare = [symbol for symbol in symbols if not symbol[0].isalpha()]
    parts["symbols"] = rf"(?<![A-Za-z])(?:{alternatives(lettered)})|{alternatives(bare)}"
    for name, template in _PARTS:
        parts[name] = filled(template, parts)
    return _Grammar(
        symbols=symbols,
        codes=codes,
        words=units,
        magnitudes=magnitudes | letters,
        numbers=numbers,
        alone=frozenset(words(path, data, "alone")),
        vague=frozenset(words(path, data, "vague")),
        dollars=frozenset(code for symbol, code in symbols.items() if symbol.endswith("$")),
        range_words=range_words,
        price_below=number(path, prices, "below"),
        cues=read_cues(path, data, meanings=(*BOUNDS, *KINDS)),
        code=re.compile(rf"(?:{parts['codes']})(?![A-Za-z])"),
        head=re.compile(filled(_HEAD, parts)),
        tail=re.compile(filled(_TAIL, parts)),
        trailing=re.compile(filled(_TRAILING, parts)),
        price=re.compile(filled(_PRICE, parts)),
    )
