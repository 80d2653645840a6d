"""The gates: which sentences are worth the recogniser of names, and which then the parser and the relation component.

A very small network over the words of a sentence, with names and capitals marked, says how likely the rest of the
pipeline finds a relation there. The first gate sees the names that are known, the second all names and sums. Either
takes about a hundredth of what the rest takes. It holds no words: each has a number by its checksum, which it shares
with others. Trained by `make model` on what extraction without gates finds (`kg.training.gate`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from kg.data import data_path
from kg.errors import KgError
from kg.nlp.amounts import FoundAmount
from kg.nlp.lexicon import Lexicon
from kg.nlp.marked import MONEY
from kg.nlp.names import Name
from kg.nlp.passages import Passage
from kg.nlp.references import ReferenceWords

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

FOLDER = "kg/models/gate"
WORD = re.compile(r"[^\W\d_][\w’'-]*|\d[\d.,]*|[^\w\s]")
END = re.compile(r"(\S*[.!?])[\"”’')\]]*\s+(?=[\"“‘(\[]?[A-Z0-9$€£])")
PLAIN, CAPITAL, KNOWN = 0, 1, 2
PAD, NEW, FIRST = 0, 1, 2
"""Word numbers: between sentences, of a word that training leaves out, and the first of all others."""
NUMBERS = 1 << 15
"""So many numbers stand for words, after those."""
WIDTH = 5
"""The words that are looked at together."""
LONGEST = 60
"""Words of a sentence that are read; a longer one is read up to there."""
OPENING = 40
"""Sentences that begin within so many words of the beginning of a document pass the first gate in any case."""

Span = tuple[int, int]
Word = tuple[str, int]
"""A word in lower case and what it is: plain, with a capital, or the kind of a mark."""
Mark = tuple[int, int, str]
"""A range of a text that is shown as one word, and that word: the type of a name, or that it is a sum."""


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """One network. `least`: sentences with a lower score do not pass."""

    vectors: Array = field(repr=False)
    mixing: tuple[Array, Array] = field(repr=False)
    hidden: tuple[Array, Array] = field(repr=False)
    out: tuple[Array, Array] = field(repr=False)
    least: float


@dataclass(frozen=True, slots=True)
class Gates:
    """The gate before names are looked for, and the one after."""

    known: Gate
    named: Gate


@cache
def load_gates() -> Gates:
    """Load the networks once. Raises `KgError` where the package was installed without them."""
    return Gates(*(_loaded(data_path(FOLDER) / f"{name}.npz") for name in Gates.__slots__))


def _loaded(path: Path) -> Gate:
    import numpy as np

    try:
        with np.load(path) as file:
            return gate_of({name: file[name] for name in file.files})
    except (OSError, ValueError) as error:
        raise KgError(f"a gate cannot be loaded ({error}): install the package again") from error


def gate_of(parts: Mapping[str, NDArray[np.generic]]) -> Gate:
    """The gate whose weights stand in a file by these names."""
    import numpy as np

    floats = {name: part.astype(np.float32) for name, part in parts.items()}
    vectors = floats["vectors"] * floats["scale"]
    return Gate(
        vectors=np.concatenate([
            np.repeat(vectors, 3, axis=0), np.tile(floats["marks"], (len(vectors), 1))
        ], axis=1),
        mixing=(floats["mixing"], floats["mixing_bias"]),
        hidden=(floats["hidden"], floats["hidden_bias"]),
        out=(floats["out"], floats["out_bias"]),
        least=float(floats["least"]),
    )  # fmt: skip


def sentences(text: str, lexicon: Lexicon) -> list[Span]:
    """The ranges of a text that are read or not read as one, by its full stops: rough, and long rather than short."""
    cuts = [0]
    for found in END.finditer(text):
        word = found.group(1).lstrip('("“‘[')
        if not (word.endswith(".") and _is_abbreviation(word, lexicon)):
            cuts.append(found.end())
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _is_abbreviation(word: str, lexicon: Lexicon) -> bool:
    listed = word in lexicon.suffix_types or word in lexicon.legal_endings
    return listed or "." in word[:-1] or (len(word) <= 4 and word[:1].isupper())


def words_of(text: str, span: Span, marks: Sequence[Mark]) -> list[Word]:
    """The words of a range of a text, with marks, which are in order of place, in place of what they cover."""
    out = list[Word]()
    cursor = span[0]
    inside = marks[bisect_right(marks, span[0], key=_end) : bisect_left(marks, span[1], key=_start)]
    for start, end, kind in (*inside, (span[1], 0, "")):
        for word in WORD.findall(text, cursor, start):
            out.append(("0" if word[0].isdigit() else word.lower(), CAPITAL if word[0].isupper() else PLAIN))
        if kind:
            out.append((f"<{kind}>", KNOWN))
            cursor = end
    return out[:LONGEST]


_start, _end = itemgetter(0), itemgetter(1)


def marks_of(names: Iterable[Name], sums: Iterable[FoundAmount]) -> list[Mark]:
    """Names and sums as marks, in order of place; a name that is part of a sum is none."""
    money = [(each.start, each.end, MONEY) for each in sums]
    named = ((name.start, name.end, name.type) for name in names)
    return sorted([*money, *(n for n in named if all(n[1] <= start or n[0] >= end for start, end, _ in money))])


def number_of(word: str) -> int:
    """The number of a word."""
    return FIRST + crc32(word.encode()) % NUMBERS


def scores(sentences: Sequence[Sequence[Word]], gate: Gate) -> list[float]:
    """How likely each sentence states a relation, as a logit."""
    import numpy as np

    if not sentences:
        return []
    margin = WIDTH // 2
    rows, starts = [PAD] * margin, []
    for words in sentences:
        starts.append(len(rows) - margin)
        rows += [3 * number_of(word) + kind for word, kind in words] or [PAD]
        rows += [PAD] * margin
    x = gate.vectors[rows]
    is_word = np.array(rows) != PAD
    x[~is_word] = 0
    wide = np.concatenate([x[i : len(rows) - 2 * margin + i] for i in range(WIDTH)], axis=1)
    mixed = np.maximum(wide @ gate.mixing[0] + gate.mixing[1], 0)
    mixed *= is_word[margin : len(rows) - margin, None]
    kinds = np.array(rows)[margin : len(rows) - margin] % 3
    inside = is_word[margin : len(rows) - margin]
    counts = [
        np.add.reduceat(each, starts) for each in ((kinds == CAPITAL) & inside, (kinds == KNOWN) & inside, inside)
    ]
    lengths = counts[2][:, None]
    features = np.concatenate(
        [np.maximum.reduceat(mixed, starts), np.add.reduceat(mixed, starts) / (lengths + 1), np.stack(counts, 1) / 10],
        axis=1,
    )
    hidden = np.maximum(features.astype(np.float32) @ gate.hidden[0] + gate.hidden[1], 0)
    return [float(score) for score in hidden @ gate.out[0] + gate.out[1]]


def parted(
    passages: Sequence[Passage],
    marks: Sequence[Sequence[Mark]],
    gate: Gate,
    lexicon: Lexicon,
    references: ReferenceWords,
    *,
    opening: int = 0,
) -> Iterator[tuple[int, Span, bool]]:
    """The parts of passages (indices), in reading order, and whether they pass: neighbouring sentences together.

    `marks`: those of each passage. `opening`: see `choice`.
    """
    spans = [(i, span) for i, passage in enumerate(passages) for span in units(passage, marks[i], lexicon)]
    words = [words_of(passages[i].text, span, marks[i]) for i, span in spans]
    begins = [passages[i].opens and start == 0 for i, (start, _) in spans]
    passing = choice(words, begins, scores(words, gate), least=gate.least, references=references, opening=opening)
    for (i, passes), run in groupby(zip(spans, passing, strict=True), key=lambda each: (each[0][0], each[1])):
        ranges = [span for (_, span), _ in run]
        yield i, (ranges[0][0], ranges[-1][1]), passes


def choice(
    sentences: Sequence[Sequence[Word]],
    begins: Sequence[bool],
    scores: Sequence[float],
    *,
    least: float,
    references: ReferenceWords,
    opening: int = 0,
) -> list[bool]:
    """Which sentences of a document pass. `begins`: whether a sentence begins a new item.

    One that begins within `opening` words of the beginning does in any case. A sentence that refers back ("it", "the
    company") brings along the one before it, within an item.
    """
    places = accumulate((len(each) for each in sentences), initial=0)
    passing = [score >= least or before < opening for score, before in zip(scores, places, strict=False)]
    for number in range(len(sentences) - 1, 0, -1):
        if passing[number] and not begins[number] and _refers(sentences[number], references):
            passing[number - 1] = True
    return passing


def units(passage: Passage, marks: Sequence[Mark], lexicon: Lexicon) -> list[Span]:
    """What passes or does not as one: a sentence; a whole headline, an item with the introduction of its list. No mark
    is cut."""
    if passage.title_case or passage.lead_in:
        return [(0, len(passage.text))]
    out = list[Span]()
    for start, end in sentences(passage.text, lexicon):
        before = bisect_left(marks, start, key=_start)
        if before and marks[before - 1][1] > start and out:
            out[-1] = out[-1][0], end
        else:
            out.append((start, end))
    return out


def _refers(words: Sequence[Word], references: ReferenceWords) -> bool:
    """Whether a sentence holds a word that may stand for a name of the sentence before."""
    plain = [word for word, _ in words]
    return any(
        word in references.pronouns or (word in references.nouns and i > 0 and plain[i - 1] in references.determiners)
        for i, word in enumerate(plain)
    )
