"""The country that the words beside a name place it in: "India's Ministry of Defence", "Supreme Court of Brazil"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from kg.resolve.registry import Registry

PLACE = "Place"
MOST_WORDS = 3
"""Words of the longest place name that is looked for."""
BEFORE = 60
AFTER = 60
"""Characters of text looked at on either side."""
_OF = re.compile(r"\s+of\s+(?:the\s+)?|\s*\(")
_MARKS = '"“”‘([{*_-–—'
"""What may touch the words, and is no apostrophe."""
_WORD = re.compile(r"[\w.-]+")


def country_beside(text: str, start: int, end: int, registry: Registry) -> str | None:
    """ISO 3166-1 alpha-2 code of the country of a place right before the name at `text[start:end]`, as owner or as
    adjective, or right after it, behind "of" or a bracket. None where there is none.
    """
    before = text[max(0, start - BEFORE) : start].rstrip().split()
    for count in range(min(MOST_WORDS, len(before)), 0, -1):
        words = " ".join(before[-count:]).strip(_MARKS)
        owner = re.sub(r"['’]s?$", "", words)
        country = _country(owner, registry) if owner != words else _of_nation(words, registry)
        if country is not None:
            return country
    opens = _OF.match(text, end, end + AFTER)
    after = _WORD.findall(text, opens.end(), end + AFTER) if opens is not None else []
    found = (_country(" ".join(after[:count]), registry) for count in range(min(MOST_WORDS, len(after)), 0, -1))
    return next((country for country in found if country is not None), None)


def _country(name: str, registry: Registry) -> str | None:
    entry = registry.find(name, PLACE) if name[:1].isupper() else None
    return entry.country if entry is not None and entry.type == PLACE else None


@lru_cache(maxsize=8)
def _demonyms(registry: Registry) -> Mapping[str, str]:
    return registry.demonyms()


def _of_nation(word: str, registry: Registry) -> str | None:
    place = _demonyms(registry).get(word)
    return registry.entries[place].country if place is not None else None
