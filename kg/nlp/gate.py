"""The gate: which sentences are worth the recogniser, the parser and the relation component.

A very small network over the words of a sentence, with known names and capitals marked, says how likely the rest of the
pipeline finds a relation there. It takes about a hundredth of what the rest takes. It holds no words: each has a number
by its checksum, which it shares with others. Trained by `make model` on what extraction without a gate finds
(`kg.training.gate`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, groupby
from typing import TYPE_CHECKING
from zlib import crc32

from kg.data import data_path
from kg.errors import KgError
from kg.nlp.lexicon import Lexicon
from kg.nlp.names import Name
from kg.nlp.passages import Passage, part_of
from kg.nlp.references import ReferenceWords

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

FILE = "kg/models/gate/gate.npz"
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
"""Sentences that begin within so many words of the beginning of a document are read in any case."""

Span = tuple[int, int]
Word = tuple[str, int]
"""A word in lower case and what it is: plain, with a capital, or the type of a known name."""


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """The network. `least`: sentences with a lower score are not read."""

    vectors: Array = field(repr=False)
    mixing: tuple[Array, Array] = field(repr=False)
    hidden: tuple[Array, Array] = field(repr=False)
    out: tuple[Array, Array] = field(repr=False)
    least: float


@cache
def load_gate() -> Gate:
    """Load the network once. Raises `KgError` where the package was installed without it."""
    import numpy as np

    try:
        with np.load(data_path(FILE)) as file:
            parts = {name: file[name] for name in file.files}
    except (OSError, ValueError) as error:
        raise KgError(f"the gate cannot be loaded ({error}): install the package again") from error
    return gate_of(parts)


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


def words_of(text: str, span: Span, known: Sequence[Name]) -> list[Word]:
    """The words of a range of a text; a known name is one word, its type."""
    out = list[Word]()
    cursor = span[0]
    for name in (*(name for name in known if name.start < span[1] and name.end > span[0]), None):
        for word in WORD.findall(text, cursor, name.start if name else span[1]):
            kind = CAPITAL if word[0].isupper() else PLAIN
            out.append(("0" if word[0].isdigit() else word.lower(), kind))
        if name:
            out.append((f"<{name.type}>", KNOWN))
            cursor = name.end
    return out[:LONGEST]


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
    every: Sequence[Passage],
    known: Sequence[Sequence[Name]],
    gate: Gate,
    lexicon: Lexicon,
    references: ReferenceWords,
) -> tuple[list[Passage], list[Passage]]:
    """The parts of passages that are read, neighbouring sentences together, and the others; in reading order.

    `known`: the known names of each passage.
    """
    spans = [(i, span) for i, passage in enumerate(every) for span in units(passage, lexicon)]
    words = [words_of(every[i].text, span, known[i]) for i, span in spans]
    begins = [every[i].opens and start == 0 for i, (start, _) in spans]
    is_read = choice(words, begins, scores(words, gate), least=gate.least, references=references)
    kept, aside = list[Passage](), list[Passage]()
    runs = groupby(zip(spans, is_read, strict=True), key=lambda each: (each[0][0], each[1]))
    for (i, read), run in runs:
        ranges = [span for (_, span), _ in run]
        (kept if read else aside).append(part_of(every[i], ranges[0][0], ranges[-1][1]))
    return kept, aside


def choice(
    sentences: Sequence[Sequence[Word]],
    begins: Sequence[bool],
    scores: Sequence[float],
    *,
    least: float,
    references: ReferenceWords,
) -> list[bool]:
    """Which sentences of a document are read. `begins`: whether a sentence begins a new item.

    The opening is read in any case. A sentence that refers back ("it", "the company") brings along the one before it,
    within an item.
    """
    opening = accumulate((len(each) for each in sentences), initial=0)
    is_read = [score >= least or before < OPENING for score, before in zip(scores, opening, strict=False)]
    for number in range(len(sentences) - 1, 0, -1):
        if is_read[number] and not begins[number] and _refers(sentences[number], references):
            is_read[number - 1] = True
    return is_read


def units(passage: Passage, lexicon: Lexicon) -> list[Span]:
    """A headline and an item with the introduction of its list are one."""
    whole = passage.title_case or passage.lead_in
    return [(0, len(passage.text))] if whole else sentences(passage.text, lexicon)


def _refers(words: Sequence[Word], references: ReferenceWords) -> bool:
    """Whether a sentence holds a word that may stand for a name of the sentence before."""
    plain = [word for word, _ in words]
    return any(
        word in references.pronouns or (word in references.nouns and i > 0 and plain[i - 1] in references.determiners)
        for i, word in enumerate(plain)
    )
