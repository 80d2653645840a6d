"""Names that differ from a known one by a slip of the pen, found fast among many.

All works on keys, as `kg.resolve.folding.fold` makes them. Two keys can be one name and its slip only if they begin
with the same character and have the same numbers, each with the same letters beside it: "GPT-4" and "GPT-4o" are two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.resolve.folding import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHORT = 5
"""Characters of the shortest name that may be a slip of another."""
_NUMBER = re.compile(r"[^\W\d_]?\d+(?:[.-]\d+)*[^\W\d_]?")
_LETTERS, _BITS = 26, 32


@dataclass(frozen=True, slots=True)
class _Block:
    """Keys of one length, first character and numbers, and for each a mask of the characters that it holds."""

    keys: tuple[str, ...]
    masks: NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Spellings:
    """Known keys, sorted into blocks. Compared by identity."""

    blocks: Mapping[tuple[str, int], _Block]


def load_spellings(keys: Iterable[str]) -> Spellings:
    """The index over `keys`."""
    import numpy as np

    sorted_in: dict[tuple[str, int], list[str]] = defaultdict(list)
    for key in sorted(set(keys)):
        sorted_in[_class(key), len(key)].append(key)
    return Spellings(
        {
            at: _Block(tuple(found), np.array([_mask(key) for key in found], dtype=np.uint32))
            for at, found in sorted_in.items()
        }
    )


def near(key: str, known: Spellings) -> list[str]:
    """The known keys that are one edit away from `key`, sorted: a letter wrong, missing, too much, or two swapped.

    None is near to a key of fewer than `SHORT` characters.
    """
    import numpy as np
    from rapidfuzz.distance import OSA

    mask, begins = np.uint32(_mask(key)), _class(key)
    found: list[str] = []
    for length in range(len(key) - 1, len(key) + 2) if len(key) >= SHORT else ():
        block = known.blocks.get((begins, length))
        if block is None:
            continue
        # An edit changes at most two bits of the mask, so most of a block is never compared.
        rivals = (block.keys[number] for number in np.flatnonzero(np.bitwise_count(block.masks ^ mask) <= 2))
        found += [rival for rival in rivals if OSA.distance(key, rival, score_cutoff=1) == 1]
    return sorted(found)


def numbers(key: str) -> tuple[str, ...]:
    """The numbers in a key, each with the letters beside it."""
    return tuple(_NUMBER.findall(key))


def _class(key: str) -> str:
    """What two keys must have in common."""
    return "\x1f".join((key[:1], *numbers(key)))


def _mask(key: str) -> int:
    """A bit for each character of the key: letters of the English alphabet have one each, all others share some."""
    mask = 0
    for char in key:
        own = ord(char) - ord("a")
        mask |= 1 << (own if 0 <= own < _LETTERS else _LETTERS + ord(char) % (_BITS - _LETTERS))
    return mask


def slip(one: str, other: str) -> str | None:
    """What sort of slip tells two names apart, None where it is none that people usually make.

    The names agree in all words but one, and in its first letter. There, in a word long enough to be no other word:
    `swapped`: two neighbouring letters; `doubled`: a letter twice instead of once; `letter`: one letter wrong, missing
    or too much, but not the last; `plural`: an s at the end.
    """
    words, others = _words(one), _words(other)
    if len(words) != len(others):
        return None
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    if len(differing) != 1:
        return None
    short, long = sorted(differing[0], key=lambda word: (len(word), word))
    if short[:1] != long[:1] or not short.isalpha() or not long.isalpha():
        return None
    return _sort_of_slip(short, long, LONE if len(words) == 1 else AMONG_OTHERS)


@lru_cache(maxsize=1 << 16)
def _words(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in name.split())


LONE = {"swapped": 6, "doubled": 7, "letter": 8, "plural": 9}
AMONG_OTHERS = {"swapped": 5, "doubled": 5, "letter": 8, "plural": 7}
"""The fewest letters of a word in which a slip of each sort is taken for one, alone and with other words that agree."""


def _sort_of_slip(short: str, long: str, least: Mapping[str, int]) -> str | None:
    from rapidfuzz.distance import OSA

    if OSA.distance(short, long, score_cutoff=1) != 1:
        return None
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long) and sorted(short) == sorted(long):
        sort = "swapped"
    elif len(long) > len(short) and long[at - 1] == long[at]:
        sort = "doubled"
    elif at < len(short) - (len(short) == len(long)):
        sort = "letter"
    else:
        sort = "plural" if long == short + "s" else ""
    return sort if sort and len(short) >= least[sort] else None
