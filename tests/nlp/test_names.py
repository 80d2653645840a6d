"""Names: what is found, how far it reaches, and what type the document settles on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Block
from kg.nlp.lexicon import Lexicon, load_lexicon
from kg.nlp.names import Name, candidates, settle_types, spread
from kg.nlp.passages import Passage
from kg.nlp.tokens import Piece


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def named(text: str, surface: str, kind: str = "Company", *, rule: str = "proper nouns", **given: object) -> Name:
    start = text.index(surface)
    return Name(start, start + len(surface), surface, kind, rule, **given)  # type: ignore[arg-type]


def known(text: str, surface: str, kind: str = "Company", entity: str = "some-id") -> Name:
    return named(text, surface, kind, rule="registry", sure=True, entity=entity)


class Finder:
    """Finds names in a tagged sentence."""


def found(tree, forms, lexicon: Lexicon, spec: str, *registered: str, title_case: bool = False) -> list[str]:
    """The surface forms found in a sentence, which is written as `form:TAG` for each word."""
    first, *rest = spec.split()
    doc = tree(f"{first}:ROOT " + " ".join(f"{word}:dep:0" for word in rest))
    text = doc.text.rstrip()
    shown = [Piece(token.idx, token.idx + len(token), token.text) for token in doc]
    passage = Passage(0, Block("paragraph", text, ((0, 0),)), title_case=title_case)
    given = [known(text, surface) for surface in registered]
    return [name.surface for name in candidates(passage, doc, shown, given, lexicon, forms)]
