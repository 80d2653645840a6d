"""Tokens for the parser: names, sums and rounds become single words that the stock model reads well.

The stock parser stumbles over "AI startup Anthropic", "$1.5B" and title-case headlines. So it is shown a rewritten
sentence in which each name, sum of money and financing round is one plain word (`parse_names_as` in
`ontology/names.yaml`), a few words are replaced (`parse_as`), and headlines are in sentence case. The tokens keep the
offsets of the text that they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.nlp.lexicon import Lexicon, WordForms
from kg.nlp.vocabulary import longest_first

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


HYPHENS = "-‐‑–"


@dataclass(frozen=True, slots=True)
class Atom:
    """A range of a passage that is one token. `kind`: an entity type, `amount` or `round`."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One token: the range of the passage that it stands for, and the word that the parser is shown."""

    start: int
    end: int
    word: str


def without_overlaps(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms in order of place; of overlapping ones the longest stays, of equally long ones the first."""
    kept: list[Atom] = []
    for atom in sorted(atoms, key=lambda a: (a.start - a.end, a.start)):
        if all(atom.end <= other.start or atom.start >= other.end for other in kept):
            kept.append(atom)
    return sorted(kept, key=lambda a: a.start)


def find_rounds(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """Each financing round that is named: start, end, and its name in the facts form (`series_a`)."""
    for found in _round_pattern(lexicon).finditer(text):
        yield found.start(), found.end(), lexicon.rounds[found.group(1).lower().replace("‑", "-")]


@cache
def _round_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(
        rf"\b({longest_first(lexicon.rounds)})\b(?![-’'])(?: (?:funding|financing|investment)(?= round))?",
        re.IGNORECASE,
    )


def with_lead_in(text: str, start: int, lexicon: Lexicon) -> int:
    """Where the words before a sum begin that are read together with it: "more than" before "$5M"."""
    found = _lead_in_pattern(lexicon).search(text, max(0, start - 40), start)
    return found.start(1) if found else start


@cache
def _lead_in_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"\b((?:(?:{longest_first(lexicon.amount_lead_ins)}) )+)$", re.IGNORECASE)


def pieces(nlp: Language, text: str, atoms: Sequence[Atom], lexicon: Lexicon) -> list[Piece]:
    """`text` cut into tokens: each atom is one, the rest is cut by the model's tokenizer."""
    out: list[Piece] = []
    cursor = 0
    for atom in without_overlaps(atoms):
        out.extend(_plain(nlp, text, cursor, atom.start, lexicon))
        out.append(Piece(atom.start, atom.end, lexicon.parse_names_as[atom.kind]))
        cursor = atom.end
    out.extend(_plain(nlp, text, cursor, len(text), lexicon))
    return out


def _plain(nlp: Language, text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Piece]:
    cursor = start
    for found in _hyphenated(lexicon).finditer(text, start, end):
        yield from _tokenized(nlp, text, cursor, found.start(), lexicon)
        yield Piece(found.start(), found.end(), lexicon.parse_as.get(found.group().lower(), found.group()))
        cursor = found.end()
    yield from _tokenized(nlp, text, cursor, end, lexicon)


def _tokenized(nlp: Language, text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Piece]:
    if 0 < start < end and text[start] in HYPHENS and not text[start - 1].isspace():
        yield Piece(start, start + 1, "-")  # "-based" after a name is two words
        start += 1
    between = text[start:end]
    if not between or between == " ":  # as between most names: nothing to cut
        return
    for token in nlp.tokenizer(between):
        if not token.is_space:
            first = start + token.idx
            yield Piece(first, first + len(token), lexicon.parse_as.get(token.lower_, token.text))


@cache
def _hyphenated(lexicon: Lexicon) -> re.Pattern[str]:
    """The words with a hyphen that are one word here, which the model's tokenizer would cut: "co-founder"."""
    return re.compile(rf"(?<![\w-])(?:{longest_first(lexicon.hyphenated)})(?![\w-])", re.IGNORECASE)


def in_sentence_case(found: Sequence[Piece], *, forms: WordForms, atoms: Sequence[Atom]) -> list[Piece]:
    """For headlines: words that are common English words lose their capital, unless they belong to an atom."""
    fixed = {atom.start for atom in atoms}
    return [
        Piece(piece.start, piece.end, piece.word.lower())
        if piece.start not in fixed and piece.word[:1].isupper() and is_common(piece.word.lower(), forms)
        else piece
        for piece in found
    ]


def is_common(word: str, forms: WordForms, *, but_nouns: bool = False) -> bool:
    """Whether `word` (in lower case) is an English word or a regular form of one; with `but_nouns`, no mere noun."""
    known = forms.common_but_nouns if but_nouns else forms.common
    if word in known or len(word) < 4:
        return True
    stems = [word.removesuffix(ending) for ending in ("s", "es", "d", "ed", "ing", "ly") if word.endswith(ending)]
    stems += [stem + "e" for stem in stems if word.endswith("ing")]
    stems += [word.removesuffix("ies") + "y", word.removesuffix("ied") + "y"] if word[-3:] in ("ies", "ied") else []
    if any(stem in known for stem in stems):
        return True
    return "-" in word and all(part in forms.common for part in word.split("-") if part)


def parser_doc(nlp: Language, text: str, found: Sequence[Piece]) -> Doc:
    """The document that the model is shown: one token a piece."""
    from spacy.tokens import Doc

    ends = [piece.start for piece in found[1:]] + [len(text)] * bool(found)
    spaces = [end > piece.end for piece, end in zip(found, ends, strict=True)]
    return Doc(nlp.vocab, words=[piece.word for piece in found], spaces=spaces)
