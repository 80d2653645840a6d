"""A parsed passage: what the model saw, with the names, sums and dates that its tokens stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model import Amount, Document
from kg.nlp.names import Name
from kg.nlp.passages import Passage
from kg.nlp.tokens import Piece

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token


@dataclass(frozen=True, slots=True)
class Parsed:
    """A passage and its dependency tree. The keys of the mappings are token indices in `doc`.

    `doc` holds the words that the parser was shown; `surface` gives those of the text. `references`: pronouns and
    phrases such as "the company", with the name they stand for. `classes`: common nouns that say what a name is
    ("chips", "platform"), with the entity types they speak of. `makers`: for a surface form, the company that it
    begins with ("Acme" for "Acme Widget"). `words`: for each token, the words of the text in lower case.
    """

    passage: Passage
    doc: Doc
    pieces: tuple[Piece, ...]
    names: Mapping[int, Name] = field(default_factory=dict)
    amounts: Mapping[int, Amount] = field(default_factory=dict)
    rounds: Mapping[int, str] = field(default_factory=dict)
    dates: Mapping[int, str] = field(default_factory=dict)
    periods: tuple[tuple[int, int, str], ...] = ()
    references: Mapping[int, Name] = field(default_factory=dict)
    classes: Mapping[int, frozenset[str]] = field(default_factory=dict)
    makers: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        text = self.passage.text
        object.__setattr__(self, "words", tuple([text[piece.start : piece.end].lower() for piece in self.pieces]))

    def surface(self, token: Token) -> str:
        """The words of the text that a token stands for."""
        piece = self.pieces[token.i]
        return self.passage.text[piece.start : piece.end]

    def offsets(self, first: Token, last: Token) -> tuple[int, int]:
        """The range of the passage from one token to another, both included."""
        return self.pieces[first.i].start, self.pieces[last.i].end

    def sentence_range(self, sentence: Span) -> tuple[int, int]:
        """The range of the passage that a sentence takes."""
        return self.offsets(sentence[0], sentence[-1])


@dataclass(frozen=True, slots=True)
class Annotation:
    """A document with its parsed passages in reading order. `aside`: passages that were not read further, with the
    names in them that were known or read elsewhere."""

    document: Document
    parsed: tuple[Parsed, ...]
    aside: tuple[tuple[Passage, tuple[Name, ...]], ...] = ()
