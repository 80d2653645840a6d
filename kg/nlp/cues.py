"""Cue phrases: words near a place in a sentence that say something about it ("up to", "bringing the total to")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.data import Lines, did_you_mean
from kg.errors import DataError
from kg.nlp.vocabulary import number, section, words

GAP = 5  # words that a `*` in a phrase may stand for
SIDES = ("before", "after")

_WORD = re.compile(r"\w+(?:[.'’]\w+)*|[~≈>]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]{0,3}\s{1,4}(?=[\"'“‘(\[]?[A-Z0-9$€£])|\n\s{0,8}\n|;|\n\s{0,8}[-*•#]|[•|]")


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase `sets`, and how many words may stand between it and its place.

    `steps` run away from the place; each is a set of words that fit, or None for up to `GAP` words of any kind.
    """

    sets: str
    distance: int
    steps: tuple[frozenset[str] | None, ...]
    at_sentence_start: bool


@dataclass(frozen=True, slots=True)
class CueBook:
    """Cues by side, then by each word that their first step may be.

    `fillers` do not count as distance; a full stop after one of the `abbreviations` ends no sentence.
    """

    cues: Mapping[str, Mapping[str, tuple[Cue, ...]]]
    fillers: frozenset[str]
    abbreviations: frozenset[str]


@dataclass(frozen=True, slots=True, order=True)
class CueMatch:
    """A cue that fits. The least is the best: fewest words between, then nearest, then longest."""

    distance: int
    index: int
    minus_length: int
    sets: str


def words_of(text: str) -> list[str]:
    """The words of `text`, in lower case, without punctuation."""
    return [word.lower() for word in _WORD.findall(text)]


def sentence_around(book: CueBook, text: str, span: tuple[int, int], window: tuple[int, int]) -> tuple[int, int, bool]:
    """Start and end of the part of `window` in the sentence of `span`, and whether it begins with its sentence."""
    (start, end), (low, high) = span, window
    begins, position = low == 0, low
    for boundary in _SENTENCE_END.finditer(text, low, start + 1):
        if not book.abbreviations.intersection(words_of(text[position : boundary.start()])[-1:]):
            low, begins = boundary.end(), True
        position = boundary.end()
    after = _SENTENCE_END.search(text, end, high)
    return low, after.start() if after else high, begins


def match_cues(book: CueBook, side: str, sequence: Sequence[str], *, begins: bool = False) -> Iterator[CueMatch]:
    """Each cue of a side that fits the words of `sequence`, which run away from the place.

    `begins`: the last word of `sequence` is the first of the sentence.
    """
    distance = 0
    for index, word in enumerate(sequence):
        for cue in book.cues[side].get(word, ()):
            end = _match_end(cue.steps, sequence, index) if distance <= cue.distance else None
            if end is not None and (not cue.at_sentence_start or (begins and end == len(sequence))):
                yield CueMatch(distance, index, index - end, cue.sets)
        distance += word not in book.fillers


def _match_end(steps: tuple[frozenset[str] | None, ...], sequence: Sequence[str], index: int) -> int | None:
    for position, step in enumerate(steps):
        if step is None:
            ends = (_match_end(steps[position + 1 :], sequence, index + skipped) for skipped in range(GAP + 1))
            return next((end for end in ends if end is not None), None)
        if index >= len(sequence) or sequence[index] not in step:
            return None
        index += 1
    return index


def read_cues(path: Path, data: Lines, *, meanings: Iterable[str]) -> CueBook:
    """`cues`, `fillers` and `abbreviations` of a vocabulary. Raises `DataError` for an unknown key, side or meaning."""
    meanings, rows = tuple(meanings), data["cues"]
    if not isinstance(rows, list):
        raise DataError(path, data.lines.get("cues"), "'cues' must be a list")
    cues: dict[str, dict[str, list[Cue]]] = {side: {} for side in SIDES}
    for row in rows:
        entry = section(path, row, ("sets", "side", "words", "phrases"))
        sets, side = str(entry["sets"]), str(entry["side"])
        for key, known in (("sets", meanings), ("side", SIDES)):
            if entry[key] not in known:
                raise DataError(
                    path, entry.lines[key], f"{key}: {entry[key]!r}", hint=did_you_mean(str(entry[key]), known)
                )
        for phrase in words(path, entry, "phrases"):
            cue = _cue(phrase, sets=sets, distance=number(path, entry, "words"), reverse=side == "before")
            if not cue.steps or cue.steps[0] is None:
                raise DataError(path, entry.lines["phrases"], f"phrase {phrase!r} must have a word at its near end")
            for word in sorted(cue.steps[0]):
                cues[side].setdefault(word, []).append(cue)
    book = {side: {word: tuple(entries) for word, entries in by_word.items()} for side, by_word in cues.items()}
    return CueBook(book, frozenset(words(path, data, "fillers")), frozenset(words(path, data, "abbreviations")))


def _cue(phrase: str, *, sets: str, distance: int, reverse: bool) -> Cue:
    parts = phrase.lower().removeprefix("^").split()
    steps = tuple(None if part == "*" else frozenset(part.split("|")) for part in parts)
    return Cue(sets, distance, steps[::-1] if reverse else steps, phrase.startswith("^"))
