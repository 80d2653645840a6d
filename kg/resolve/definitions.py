"""What a document itself says of its names: acronyms in brackets, former names, other names of one thing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from kg.nlp.vocabulary import longest_first
from kg.resolve.variants import load_variants

ACRONYM = re.compile(r"[A-Z][A-Za-z0-9&.-]{1,11}")
_OPENS = re.compile(r"[\s*_]*\(\s*[\"“']?")
_CLOSES = re.compile(r"[\"”']?\s*\)")
_OR = re.compile(r",?\s+or\s+(?:the\s+)?")
SHORTEST = 2
"""Letters of the shortest acronym."""


def definitions(text: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Short and long name, where one of `names` follows the other in brackets or after "or", and is its acronym.

    "Zorbu Dyne Systems (ZDS)", "ZDS (Zorbu Dyne Systems)" and "Zorbu Dyne Systems, or ZDS," define ZDS; "Waymo
    (Alphabet)" defines nothing.
    """
    for one, other in (*_pairs(text, names, _OPENS, ends=_CLOSES), *_pairs(text, names, _OR)):
        for short, long in ((other, one), (one, other)):
            if ACRONYM.fullmatch(short) and len(short) < len(long) and is_acronym(short, long):
                yield short, long
                break


def is_acronym(short: str, long: str) -> bool:
    """Whether the letters of `short` stand in `long` in their order, the first at its beginning, each as the first of a
    word or in a word whose first letter is used, and no word in capitals without its letter.

    After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions" (2003), made stricter.
    """
    letters = [char.casefold() for char in short if char.isalnum()]
    words = [word for word in re.split(r"[\s/-]+", long) if word[:1].isalnum()]
    if len(letters) < SHORTEST or not words or words[0][0].casefold() != letters[0]:
        return False
    return _spelt_by(tuple(letters), tuple(words))


def _spelt_by(letters: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the words give the letters: each word some letters of it, its first before others, or none if it is small
    or of lower case."""
    if not words:
        return not letters
    word, rest = words[0], words[1:]
    if not word[0].isupper() and _spelt_by(letters, rest):
        return True
    if not letters or word[0].casefold() != letters[0]:
        return False
    inside = word.casefold()
    at = 1
    for count in range(1, len(letters) + 1):
        if _spelt_by(letters[count:], rest):
            return True
        at = inside.find(letters[count], at) + 1 if count < len(letters) else 0
        if at == 0:
            return False
    return False


def renamings(text: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Former and present name, where the text says that something was renamed."""
    formerly, now, _ = _between()
    for one, other in _pairs(text, names, formerly):
        yield other, one
    yield from _pairs(text, names, now)


def other_names(text: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Other and first name, where the text says that a thing is also called so."""
    for one, other in _pairs(text, names, _between()[2]):
        yield other, one


@cache
def _between() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What may stand between a name and its former one, a former name and the new one, a name and another."""
    variants = load_variants()
    before = rf"(?:(?:{longest_first(variants.before_them)})\s+)*"
    formerly, now, also = (
        re.compile(rf"[*_]*\s*[,(–—]?\s*(?i:{before}(?:{longest_first(words)}))\s+[\"“'*_]*")
        for words in (variants.formerly, variants.now, variants.also_called)
    )
    return formerly, now, also


def _pairs(
    text: str, names: Iterable[str], between: re.Pattern[str], *, ends: re.Pattern[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Pairs of names with nothing but `between` from the end of one to the start of the other (and `ends` after it)."""
    words = longest_first(names)
    if not words:
        return
    name = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    for first in name.finditer(text):
        gap = between.match(text, first.end())
        second = name.match(text, gap.end()) if gap is not None else None
        if second is not None and first[0] != second[0] and (ends is None or ends.match(text, second.end())):
            yield first[0], second[0]
