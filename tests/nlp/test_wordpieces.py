"""Words are cut into the longest known pieces; every mark is one piece, and each word's place is known."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.wordpieces import END, LONGEST_WORD, START, UNKNOWN, numbered

SIGNS = ("[PAD]", UNKNOWN, START, END, "[Company]", "[money]")
WORDS = ("invest", "inv", "##s", "##ing", "##est", "in", "un", "##aff", "##able", "cafe", "$", "5", ".", "-", "’", "中")
WORDS += ("the", "chip", "x", "##x", "[", "]", "company", "led")
VOCABULARY = {word: i for i, word in enumerate((*SIGNS, *WORDS))}
LETTERS = {word: i for i, word in enumerate((*SIGNS, *"abc-.", *(f"##{letter}" for letter in "abc"), "ab", "##bc"))}


def cut(*words: str, vocabulary: dict[str, int] = VOCABULARY) -> list[str]:
    """The pieces of the words without the signs around them."""
    names = {number: piece for piece, number in vocabulary.items()}
    first, *pieces, last = (names[number] for number in numbered(words, vocabulary)[0])
    assert (first, last) == (START, END)
    return pieces


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("chip", ["chip"]),
        ("invests", ["invest", "##s"]),
        ("investing", ["invest", "##ing"]),
        ("unaffable", ["un", "##aff", "##able"]),
        ("Invests", ["invest", "##s"]),
        ("Café", ["cafe"]),
        ("cafe\N{COMBINING ACUTE ACCENT}", ["cafe"]),
        ("in-chip", ["in", "-", "chip"]),
        ("$5", ["$", "5"]),
        ("chip’s", ["chip", "’", UNKNOWN]),
        ("the\N{NO-BREAK SPACE}chip", ["the", "chip"]),
        ("chi\N{SOFT HYPHEN}p", ["chip"]),
        ("chi\N{ZERO WIDTH SPACE}p", ["chip"]),
        ("chi\x00p", ["chip"]),
        ("chi\N{REPLACEMENT CHARACTER}p", ["chip"]),
        ("中中", ["中", "中"]),
        ("in中chip", ["in", "中", "chip"]),
        ("", []),
    ],
)
def test_a_word_is_cut_into_the_longest_known_pieces(word: str, pieces: list[str]) -> None:
    assert cut(word) == pieces


@pytest.mark.parametrize("word", ["zebra", "chipz", "investzs", "ing"])
def test_a_word_that_cannot_be_cut_to_its_end_is_one_unknown_piece(word: str) -> None:
    assert cut("in", word, "in") == ["in", UNKNOWN, "in"]


def test_only_the_part_between_punctuation_is_unknown() -> None:
    assert cut("zebra-chip") == [UNKNOWN, "-", "chip"]


def test_a_word_that_is_too_long_is_unknown() -> None:
    assert cut("x" * LONGEST_WORD) == ["x", *["##x"] * (LONGEST_WORD - 1)]
    assert cut("x" * (LONGEST_WORD + 1)) == [UNKNOWN]


# Marks.


@pytest.mark.parametrize("mark", ["[Company]", "[money]"])
def test_a_mark_is_one_piece(mark: str) -> None:
    assert cut("the", mark, "led") == ["the", mark, "led"]


def test_a_word_that_looks_like_the_end_of_others_is_cut_as_it_stands() -> None:
    assert cut("##x") == [UNKNOWN, UNKNOWN, "x"]


def test_a_bracketed_word_that_is_no_mark_is_cut() -> None:
    assert cut("[company]") == ["[", "company", "]"]


# Places.


def test_no_words_are_only_the_signs_around_them() -> None:
    assert numbered([], VOCABULARY) == ([VOCABULARY[START], VOCABULARY[END]], [])


def test_a_word_begins_at_its_first_piece() -> None:
    _, begins = numbered(["[Company]", "invests", "in", "[Company]"], VOCABULARY)
    assert begins == [1, 2, 4, 5]


def test_a_word_without_pieces_begins_where_the_next_one_does() -> None:
    _, begins = numbered(["in", "\N{COMBINING ACUTE ACCENT}", "chip"], VOCABULARY)
    assert begins == [1, 2, 2]


@given(st.lists(st.text("invest chp$5-’zé\N{SOFT HYPHEN}中[]", max_size=8) | st.sampled_from(SIGNS), max_size=8))
def test_words_are_cut_each_by_itself(words: list[str]) -> None:
    pieces, begins = numbered(words, VOCABULARY)
    ends = [*begins, len(pieces) - 1]
    names = {number: piece for piece, number in VOCABULARY.items()}
    assert [[names[number] for number in pieces[a:b]] for a, b in pairwise(ends)] == [cut(word) for word in words]


@given(st.text("aAbBcC-.", max_size=20))
def test_where_all_letters_are_known_none_is_lost(word: str) -> None:
    assert "".join(piece.removeprefix("##") for piece in cut(word, vocabulary=LETTERS)) == word.lower()
