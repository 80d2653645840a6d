"""Tokens for the parser: each name, sum and round is one word, and every word keeps its place in the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.lexicon import Lexicon, load_lexicon
from kg.nlp.loading import Pipeline
from kg.nlp.tokens import Atom, Piece, find_rounds, in_sentence_case, is_common, parser_doc, pieces, without_overlaps


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


ATOMS = st.builds(lambda start, length: Atom(start, start + length, "Company"), st.integers(0, 30), st.integers(1, 10))


@given(st.lists(ATOMS, max_size=12))
def test_of_overlapping_atoms_none_is_shorter_than_one_it_lost_to(atoms: list[Atom]) -> None:
    kept = without_overlaps(atoms)
    assert kept == sorted(kept, key=lambda a: a.start)
    assert all(one.end <= two.start for one, two in pairwise(kept))
    for atom in atoms:
        rivals = [k for k in kept if k.start < atom.end and atom.start < k.end]
        assert any(k.end - k.start >= atom.end - atom.start for k in rivals)


def shown(pipeline: Pipeline, lexicon: Lexicon, text: str, *names: str) -> list[Piece]:
    atoms = [Atom(text.index(name), text.index(name) + len(name), "Company") for name in names]
    return pieces(pipeline.nlp, text, atoms, lexicon)


def test_a_name_is_one_word(pipeline: Pipeline, lexicon: Lexicon) -> None:
    text = "Acme Labs, Inc. bought Globex."
    found = shown(pipeline, lexicon, text, "Acme Labs, Inc.", "Globex")
    assert [text[piece.start : piece.end] for piece in found] == ["Acme Labs, Inc.", "bought", "Globex", "."]
    name = lexicon.parse_names_as["Company"]
    assert [piece.word for piece in found] == [name, "bought", name, "."]


def test_what_a_name_is_shown_as_is_one_word_to_the_tokenizer(pipeline: Pipeline, lexicon: Lexicon) -> None:
    for word in [*lexicon.parse_names_as.values(), *lexicon.parse_as.values()]:
        assert len(word.split()) == 1, word


@pytest.mark.parametrize("written", ["start-up", "Start-up", "START-UP", "co-founder", "co-led"])
def test_a_listed_word_with_a_hyphen_is_one_token(pipeline: Pipeline, lexicon: Lexicon, written: str) -> None:
    found = shown(pipeline, lexicon, f"the {written} grew")
    assert [piece.end - piece.start for piece in found] == [3, len(written), 4]


@given(text=st.text("Acme o-s'’$5.,& \n", max_size=40), data=st.data())
def test_pieces_keep_their_place_and_lose_no_word(
    pipeline: Pipeline, lexicon: Lexicon, text: str, data: st.DataObject
) -> None:
    size = len(text)
    spans = data.draw(st.lists(st.tuples(st.integers(0, size), st.integers(0, size)), max_size=3))
    atoms = [Atom(min(s), max(s), "Company") for s in spans if s[0] != s[1]]
    found = pieces(pipeline.nlp, text, atoms, lexicon)
    assert all(one.end <= two.start for one, two in pairwise(found))
    covered = {i for piece in found for i in range(piece.start, piece.end)}
    assert [char for i, char in enumerate(text) if i not in covered and not char.isspace()] == []
    kept = {(atom.start, atom.end) for atom in without_overlaps(atoms)}
    assert kept <= {(piece.start, piece.end) for piece in found}


@pytest.mark.parametrize(
    ("text", "rounds"),
    [
        ("a Series A round", [("Series A", "series_a")]),
        ("a $5M seed round", [("seed", "seed")]),
        ("a pre-seed round", [("pre-seed", "pre_seed")]),
        ("its Series B-led push", []),
        ("a seed extension", [("seed extension", "seed_extension")]),
        ("its IPO and a Series C", [("IPO", "ipo"), ("Series C", "series_c")]),
        ("birdseed and seeds", []),
        ("an indebted firm", []),
    ],
)
def test_rounds(lexicon: Lexicon, text: str, rounds: list[tuple[str, str]]) -> None:
    assert [(text[start:end], name) for start, end, name in find_rounds(text, lexicon)] == rounds


def test_a_headline_is_put_into_sentence_case(plain_forms) -> None:
    words = ["Acme", "Launches", "New", "Zorblax", "Chip"]
    starts = [0, 5, 14, 18, 26]
    found = [Piece(start, start + len(word), word) for start, word in zip(starts, words, strict=True)]
    cased = in_sentence_case(found, forms=plain_forms, atoms=[Atom(0, 4, "Company")])
    assert [piece.word for piece in cased] == ["Acme", "launches", "new", "Zorblax", "chip"]
    assert [(piece.start, piece.end) for piece in cased] == [(piece.start, piece.end) for piece in found]


@pytest.mark.parametrize(
    ("word", "common"),
    [
        ("launch", True),
        ("launches", True),
        ("launched", True),
        ("launching", True),
        ("raises", True),
        ("raising", True),
        ("studies", True),
        ("zorblax", False),
        ("zorblaxes", False),
        ("launch-plan", True),
        ("launch-zorblax", False),
    ],
)
def test_common_words(plain_forms, word: str, common: bool) -> None:
    assert is_common(word, plain_forms) is common


@pytest.mark.parametrize("word", ["acquires", "plans", "raised", "announces", "said", "talks", "led"])
def test_the_words_of_headlines_are_common_to_the_model(pipeline: Pipeline, word: str) -> None:
    assert is_common(word, pipeline.forms)


def test_the_parsers_document_has_one_token_a_piece(pipeline: Pipeline, lexicon: Lexicon) -> None:
    text = "Acme Labs' chip (the Z100) isn't late."
    found = shown(pipeline, lexicon, text, "Acme Labs")
    doc = parser_doc(pipeline.nlp, text, found)
    assert [token.text for token in doc] == [piece.word for piece in found]
    spaced = [i for i, token in enumerate(doc) if token.whitespace_]
    assert spaced == [i for i, piece in enumerate(found) if text[piece.end : piece.end + 1] == " "]


@pytest.mark.parametrize("text", ["", " ", " \n\t "])
def test_a_text_of_blanks_has_no_tokens(pipeline: Pipeline, lexicon: Lexicon, text: str) -> None:
    assert pieces(pipeline.nlp, text, [], lexicon) == []
