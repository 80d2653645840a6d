"""What a document itself says of its names: acronyms in brackets, former names, other names of one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from kg.nlp.vocabulary import longest_first
from kg.resolve.variants import load_variants

ACRONYM = re.compile(r"[A-Z][A-Za-z0-9&.-]{1,11}")
_OPENS = re.compile(r"[\s*_]*\(\s*[\"“']?")
_CLOSES = re.compile(r"[\"”']?\s*\)")
_OR = re.compile(r",?\s+or\s+(?:the\s+)?")
_NO_OWNER = re.compile(r"(?!['’]s\b|[-–]\w)")
"""A name that is told is followed neither by "’s customer" nor by "-owned" ..."""
_ENDS = re.compile(
    r"[\"”’'*_]*\s*(?:[).,;:!?\]–—]|$)|[\"”*_]*\s+(?:in|on|last|this|after|when|as|and|since|said|says)\b"
)
"""... and after a mere hint by no noun either."""
_BLANK_LINE = re.compile(r"\n\s*\n")
Places = Mapping[str, Sequence[tuple[int, int]]]
"""Where each surface form of a document stands: half-open ranges of characters of the stored text."""
SHORTEST = 2
"""Letters of the shortest acronym."""


def definitions(text: str, places: Places) -> Iterator[tuple[str, str]]:
    """Short and long name, where one name follows another in brackets or after "or", and is its acronym or the reverse.

    "Zorbu Dyne Systems (ZDS)", "ZDS (Zorbu Dyne Systems)" and "Zorbu Dyne Systems, or ZDS," define ZDS; "Waymo
    (Alphabet)" defines nothing.
    """
    for one, other in (*_pairs(text, places, _OPENS, ends=_CLOSES), *_pairs(text, places, _OR)):
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
    return _spelt_by(tuple(letters), tuple(words), first=True)


def _spelt_by(letters: tuple[str, ...], words: tuple[str, ...], *, first: bool = False) -> bool:
    """Whether the words give the letters: each word some letters of it, its first before others, or none if it is small
    or of lower case."""
    if not words:
        return not letters
    word, rest = words[0], words[1:]
    if not first and not word[0].isupper() and _spelt_by(letters, rest):
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


def renamings(text: str, places: Places) -> Iterator[tuple[str, str]]:
    """Former and present name, where the text says that something was renamed."""
    words = load_variants()
    for phrases, swapped in ((words.formerly, True), (words.now, False)):
        said = tuple(phrase for phrase in phrases if phrase not in words.alone)
        hinted = tuple(phrase for phrase in phrases if phrase in words.alone)
        for between, ends in ((_between(said), _NO_OWNER), (_between(hinted), _ENDS)):
            for one, other in _pairs(text, places, between, ends=ends):
                yield (other, one) if swapped else (one, other)


def other_names(text: str, places: Places) -> Iterator[tuple[str, str]]:
    """Other and first name, where the text says that a thing is also called so."""
    for one, other in _pairs(text, places, _between(load_variants().also_called), ends=_NO_OWNER):
        yield other, one


@cache
def _between(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """What may stand between two names that one of the phrases connects."""
    before = rf"(?:(?:{longest_first(load_variants().before_them)})\s+)*"
    return re.compile(rf"[*_\"“”]*\s*[,(–—]?\s*[\"“]?(?i:{before}(?:{longest_first(phrases)}))\s+[\"“'*_]*")


def _pairs(
    text: str, places: Places, between: re.Pattern[str], *, ends: re.Pattern[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Pairs of names with nothing but `between` from the end of one to the start of the other (and `ends` after it)."""
    spans = sorted((start, -end, surface) for surface, found in places.items() for start, end in found)
    longest: dict[int, tuple[str, int]] = {}
    for start, end, surface in spans:
        longest.setdefault(start, (surface, -end))
    for first, end in longest.values():
        gap = between.match(text, end)
        if gap is None or _BLANK_LINE.search(gap[0]):
            continue
        second, last = longest.get(gap.end(), ("", 0))
        if second and first != second and (ends is None or ends.match(text, last)):
            yield first, second
