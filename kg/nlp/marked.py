"""A passage as the learned relation component sees it: names and sums as marks of their type, all other words as text.

"Acme invests $5M in Initech" becomes `[Company] invests [money] in [Company]`. So what the component says of two names
rests on the words around them and on their types, never on who they are.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from kg.nlp.names import Name, same_thing
from kg.nlp.parsed import Parsed

MONEY = "money"
SENTENCES_APART = 2
"""A fact told over more sentences than this and the next two is not looked for."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a marked passage where a fact can end. `word`: index in `Marked.words`, `token`: in the parsed doc.

    `kind`: an entity type, or `money`. `name`: None for a sum. `sentence`: the number of its sentence, from 0.
    """

    word: int
    token: int
    kind: str
    name: Name | None
    sentence: int


@dataclass(frozen=True, slots=True)
class Marked:
    """The words of a passage with marks in place of names and sums, and the places of the marks."""

    words: tuple[str, ...]
    slots: tuple[Slot, ...]

    def pairs(self, ends: Container[tuple[str, str]]) -> Iterator[tuple[int, int]]:
        """The pairs of slots (indices) whose kinds are in `ends`, near enough to each other, of two different names."""
        for i, one in enumerate(self.slots):
            for j, other in enumerate(self.slots):
                near = abs(one.sentence - other.sentence) <= SENTENCES_APART
                same = one.name is not None and other.name is not None and same_thing(one.name, other.name)
                if near and i != j and (one.kind, other.kind) in ends and not same:
                    yield i, j


def mark(kind: str) -> str:
    """The word that stands for a name of an entity type, or for a sum."""
    return f"[{kind}]"


def marked(parsed: Parsed) -> Marked:
    """The passage with a mark for each name and each sum; a resolved reference is marked and keeps its words."""
    words: list[str] = []
    slots: list[Slot] = []
    starts = {sentence.start for sentence in parsed.doc.sents}
    sentence = -1
    for i, piece in enumerate(parsed.pieces):
        sentence += i in starts
        name = parsed.names.get(i) or parsed.references.get(i)
        kind = name.type if name is not None else MONEY if i in parsed.amounts else None
        if kind is not None:
            slots.append(Slot(len(words), i, kind, name, sentence))
            words.append(mark(kind))
        if kind is None or i in parsed.references:
            words.append(parsed.passage.text[piece.start : piece.end].lower())
    return Marked(tuple(words), tuple(slots))
