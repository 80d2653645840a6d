"""Which documents are reprints of others: the same story with another byline, other boilerplate or small edits.

Each text has a signature (`signature`); two texts are compared by their signatures alone (`alike`), and only those that
share a band key (`band_keys`). What is compared is, first, the word shingles, by MinHash: nearly all of the shorter
text must stand in the longer one. That alone takes two notices of one template for one text, though they tell of
different things; so, second, the words by which a text tells what it is about, its names and numbers: hardly any may
stand in the one text alone and hardly any in the other alone. A reprint leaves names out (with a paragraph) or adds
some (boilerplate); a template puts others in their place, and names what it is about more than once.

A reprint has one original, the first such text, which is none itself (`settle`): so there are no chains, and the order
in which documents come does not matter.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 5
"""Words of a shingle."""
LEAST = 50
"""Shingles of the shortest text that is compared by its shingles; a shorter one only has reprints equal to it."""
HASHES, BANDS = 128, 32
"""Of texts that have 0.6 of their shingles in common, 99 of 100 pairs share a band key; of 0.2, 5."""
COMMON = 0.6
"""The least share of all shingles of two texts that both have: an excerpt is no reprint."""
CONTAINED = 0.92
"""The least share of the shorter text's shingles that the longer one has."""
OWN = 0.12
"""The greatest share of names and numbers that both texts may have for themselves.

Measured on 7,788 real texts, by eye: of the pairs that all other limits let through, the true ones reach 0.04, and the
one of a template has 0.18. With `CONTAINED` at 0.88, templates begin at 0.08 and there is one true pair more. A byline
of five words is 0.1 of a short article.
"""
OWN_NUMBERS = 1
"""The most numbers that both texts may have for themselves: the day in a dateline, but no other sums."""
NUMBER = 128
"""The bit that tells a number from a name, beside how often it is used."""
BLOCK = 4096
"""Shingles that are hashed at once."""
_WORD = re.compile(r"[^\W_]+|[$¢£¥\u20a0-\u20cf]")
_ADDRESS = re.compile(r"\]\([^()\s]*\)|https?://\S+")

Age = tuple[bool | str, ...]
"""Where a document stands in the order in which one can be a reprint of another."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What of a text is compared; about two kilobytes for an article.

    `minima`: the least value of its shingles under each hash, and `shingles`: how many different ones there are.
    `words`: the hashes of its words, rising; `told`: for each how often it is used (at most 127) as a name or number,
    0 for what is neither, with the bit `NUMBER`.
    """

    minima: bytes
    shingles: int
    words: bytes
    told: bytes


def signature(text: str) -> Signature:
    """The signature of a stored text: the same on every machine. Case, marks and addresses do not count."""
    import numpy as np

    counts, places = _counted(text)
    hashes = np.fromiter(map(_word_hash, counts), dtype=np.uint32, count=len(counts))
    order = np.argsort(hashes, kind="stable")
    told = np.fromiter(counts.values(), dtype=np.uint8, count=len(counts))
    shingles = _shingles(hashes[places]) if len(places) >= LEAST + SHINGLE - 1 else np.empty(0, dtype=np.uint64)
    if len(shingles) < LEAST:  # then the whole text is one
        words = list(counts)
        whole = " ".join(words[place] for place in places) or text
        digest = blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        shingles = np.frombuffer(digest, dtype="<u8").astype(np.uint64)
    return Signature(
        _minima(shingles).astype("<u4").tobytes(),
        len(shingles),
        hashes[order].astype("<u4").tobytes(),
        told[order].tobytes(),
    )


def _counted(text: str) -> tuple[dict[str, int], list[int]]:
    """The folded words of a text, in the order in which they first come, each with its number in `Signature.told`; and
    which of them stands at each place. A name is what is nowhere written small."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    found = _WORD.findall(_ADDRESS.sub(" ", plain))
    place_of: dict[str, int] = {}
    forms = {form: place_of.setdefault(form.casefold(), len(place_of)) for form in dict.fromkeys(found)}
    places = list(map(forms.__getitem__, found))
    told = [min(count, NUMBER - 1) for _, count in sorted(Counter(places).items())]
    for word, place in place_of.items():
        if not word.isalpha() and any(map(str.isdigit, word)):
            told[place] |= NUMBER
        elif word in forms:
            told[place] = 0
    return dict(zip(place_of, told, strict=True)), places


def _word_hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def _shingles(words: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A number for each run of so many words, each once."""
    import numpy as np

    wide = words.astype(np.uint64)
    count = len(wide) - SHINGLE + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        mixed = _mixed(mixed ^ wide[place : place + count])
    return np.unique(mixed)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The values with their bits spread (the finishing steps of SplitMix64)."""
    import numpy as np

    values = (values + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _minima(shingles: NDArray[np.uint64]) -> NDArray[np.uint32]:
    import numpy as np

    factors, summands = _hashes()
    least = np.full(HASHES, 2**64 - 1, dtype=np.uint64)
    for start in range(0, len(shingles), BLOCK):
        values = shingles[None, start : start + BLOCK] * factors[:, None] + summands[:, None]
        least = np.minimum(least, values.min(axis=1))
    return (least >> np.uint64(32)).astype(np.uint32)


@cache
def _hashes() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    import numpy as np

    drawn = Random(1)
    factors = [drawn.getrandbits(64) | 1 for _ in range(HASHES)]
    return np.array(factors, dtype=np.uint64), np.array([drawn.getrandbits(64) for _ in factors], dtype=np.uint64)


def band_keys(one: Signature) -> tuple[int, ...]:
    """Keys of 64 bits, signed; only texts that share one are compared."""
    import numpy as np

    rows = np.frombuffer(one.minima, dtype="<u4").astype(np.uint64).reshape(BANDS, -1)
    keys = np.arange(BANDS, dtype=np.uint64)
    for column in rows.T:
        keys = _mixed(keys ^ column)
    return tuple(keys.view(np.int64).tolist())


def alike(one: Signature, other: Signature) -> bool:
    """Whether one text is a reprint of the other, whichever came first."""
    return bool(alike_among(one, {"": other}))


def alike_among(one: Signature, others: Mapping[str, Signature]) -> list[str]:
    """The names of those `others` that are alike with `one`; many are compared as fast as a few."""
    names = list(others)
    return [names[place] for place in _close(one, *_columns(others)) if _tell_the_same(one, others[names[place]])]


def _columns(signatures: Mapping[str, Signature]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The minima of all, a row each, and their counts of shingles."""
    import numpy as np

    minima = np.frombuffer(b"".join(each.minima for each in signatures.values()), dtype="<u4").reshape(-1, HASHES)
    return minima, np.array([each.shingles for each in signatures.values()], dtype=np.int64)


def _close(one: Signature, minima: NDArray[np.uint32], shingles: NDArray[np.int64]) -> list[int]:
    """Which of the texts have nearly all shingles of the shorter text in common with `one`."""
    import numpy as np

    common = np.count_nonzero(minima == np.frombuffer(one.minima, dtype="<u4"), axis=1) / HASHES
    both = common / (1 + common) * (shingles + one.shingles)
    close: list[int] = np.flatnonzero(
        (common >= COMMON) & (both >= CONTAINED * np.minimum(shingles, one.shingles))
    ).tolist()
    return close


def _tell_the_same(one: Signature, other: Signature) -> bool:
    shares, numbers = zip(_own(one, other), _own(other, one), strict=True)
    return min(shares) <= OWN and min(numbers) <= OWN_NUMBERS


def _own(one: Signature, other: Signature) -> tuple[float, int]:
    """What one text tells by names and numbers that the other has nowhere: their share, as often as they are used, and
    how many different numbers are among them."""
    import numpy as np

    words, others = (np.frombuffer(each.words, dtype="<u4") for each in (one, other))
    told = np.frombuffer(one.told, dtype=np.uint8)
    used, own = told & (NUMBER - 1), ~np.isin(words, others)
    return float(used[own].sum(dtype=int)) / max(1, int(used.sum(dtype=int))), int(np.count_nonzero(told[own] & NUMBER))


def reprints(signatures: Mapping[str, Signature], ages: Mapping[str, Age]) -> dict[str, str]:
    """Each reprint with its original, by hash, sorted; whatever the order of the documents."""
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in _pairs(signatures):
        beside[one].add(other)
        beside[other].add(one)
    found = settle(beside, beside.__getitem__, ages.__getitem__, lambda document: None)
    return {document: original for document, original in sorted(found.items()) if original is not None}


def _pairs(signatures: Mapping[str, Signature]) -> Iterator[tuple[str, str]]:
    """Each pair of texts that are alike, once."""
    names, (minima, shingles) = list(signatures), _columns(signatures)
    sharing: dict[int, list[int]] = defaultdict(list)
    for place, (document, own) in enumerate(signatures.items()):
        shared = [sharing[key] for key in band_keys(own)]
        near = sorted(set().union(*shared))
        for close in _close(own, minima[near], shingles[near]) if near else ():
            other = names[near[close]]
            if _tell_the_same(own, signatures[other]):
                yield document, other
        for others in shared:
            others.append(place)


def settle(
    documents: Iterable[str],
    beside: Callable[[str], Collection[str]],
    age_of: Callable[[str], Age],
    before: Callable[[str], str | None],
) -> dict[str, str | None]:
    """What these documents are reprints of now (None: of nothing), and those on which that has an effect.

    The original is the first, by age, of the older texts alike (`beside`) that is no reprint itself. `before`: what a
    document was a reprint of; only where that is no longer right need it be among `documents`.
    """
    now: dict[str, str | None] = {}
    queued = set(documents)
    waiting = [(age_of(each), each) for each in queued]
    heapify(waiting)
    while waiting:
        at, document = heappop(waiting)
        near = sorted((age_of(each), each) for each in beside(document))
        older = (each for when, each in near if when < at)
        now[document] = next((e for e in older if (now[e] if e in now else before(e)) is None), None)
        if (now[document] is None) != (before(document) is None):
            for when, each in near:
                if when > at and each not in queued:
                    queued.add(each)
                    heappush(waiting, (when, each))
    return now
