"""Passages: what is parsed by itself, and how its places lead back to the stored text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Block, Document
from kg.nlp.lexicon import load_lexicon
from kg.nlp.passages import Passage, passages
from kg.read.readers import document_from_text


def passages_of(text: str) -> list[Passage]:
    return list(passages(document_from_text("doc", text), load_lexicon()))


def block(text: str, kind: str = "paragraph", **given: object) -> Block:
    return Block(kind, text, ((0, 0),), **given)  # type: ignore[arg-type]


def of_blocks(*blocks: Block) -> list[Passage]:
    text = "\n".join(each.text for each in blocks)
    return list(passages(Document("doc", text, blocks), load_lexicon()))


def test_each_block_is_a_passage() -> None:
    found = passages_of("# Acme buys Globex\n\nThe deal closed.\n\n- one item\n")
    assert [passage.text for passage in found] == ["Acme buys Globex", "The deal closed.", "one item"]
    assert [passage.index for passage in found] == sorted(passage.index for passage in found)


def test_blank_blocks_and_bylines_are_no_passages() -> None:
    assert of_blocks(block("  "), block("By Jane Roe", "byline"), block("Acme grew.")) == of_blocks(
        block("  "), block("", "byline"), block("Acme grew.")
    )


@pytest.mark.parametrize("sign", ["-", "–", "—"])
def test_a_headline_and_what_follows_it_are_two_passages(sign: str) -> None:
    head, body = f"Acme Buys Chip Maker Globex {sign} The start-up paid $5 million.".split(f" {sign} ")
    found = passages_of(f"{head} {sign} {body}")
    assert [passage.text for passage in found] == [head, body]
    assert [passage.title_case for passage in found] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "Acme grew - a lot.",
        "Acme, the chip maker, grew by 5-10 percent.",
        "Globex said on Tuesday: it is done.",
    ],
)
def test_a_sentence_with_a_dash_stays_whole(text: str) -> None:
    assert [passage.text for passage in passages_of(text)] == [text]


@pytest.mark.parametrize(
    ("text", "title_case"),
    [
        ("Acme to Acquire Chip Maker Globex for $5 Million", True),
        ("Acme Launches New Chip", True),
        ("Acme launches a new chip for the data center", False),
        ("Acme acquired Globex.", False),
        ("Read more", False),
        ("", False),
    ],
)
def test_title_case(text: str, title_case: bool) -> None:
    assert [passage.title_case for passage in of_blocks(block(text or "x"))] == [title_case]


@pytest.mark.parametrize(
    "text",
    [
        "Zorblax is backed by Marlowe Capital and Oak Ventures.",
        "Investors in Zorblax include Oak Ventures and Marlowe Capital.",
        "Zorblax was co-founded by Maya Okafor and Jane Fielding.",
    ],
)
def test_a_sentence_full_of_names_is_no_headline(text: str) -> None:
    assert [passage.title_case for passage in of_blocks(block(text))] == [False]


def test_an_item_is_read_with_its_unfinished_introduction() -> None:
    found = passages_of("The deal is big. With it, Acme will:\n\n- Buy Globex.\n- Invest in Hooli.\n")
    items = [passage for passage in found if passage.lead_in]
    assert [passage.text for passage in items] == [
        "With it, Acme will Buy Globex.",
        "With it, Acme will Invest in Hooli.",
    ]
    assert [passage.text[passage.lead_in :] for passage in items] == ["Buy Globex.", "Invest in Hooli."]


def test_an_item_under_a_full_sentence_is_read_alone() -> None:
    found = passages_of("These are our partners:\n\n- Acme\n- Globex\n")
    assert [passage.text for passage in found][1:] == ["Acme", "Globex"]
    assert [passage.lead_in for passage in found] == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("**Acme Widget:** a chatbot by Globex", "Acme Widget"),
        ("- Widget: a chatbot by Globex", "Widget"),
        ("Globex said this: a chatbot is coming", None),
        ("- https://example.org is a page", None),
    ],
)
def test_a_leading_label(text: str, label: str | None) -> None:
    (passage,) = passages_of(text)
    found = passage.text[: passage.label_end] if passage.label_end is not None else None
    assert found == label


# Places lead back to the stored text.

WORD = st.sampled_from(["Acme", "grew", "**Globex**", "[Hooli](https://example.org/x)", "will", "5%", "é", "*new*"])
SENTENCE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
LINE = st.builds(
    lambda mark, text, end: mark + text + end,
    st.sampled_from(["", "# ", "- ", "1. ", "> "]),
    SENTENCE,
    st.sampled_from([".", ":", "", " will:", " - The rest of it."]),
)


@given(st.lists(LINE, min_size=1, max_size=6).map("\n\n".join))
def test_each_word_of_a_passage_stands_in_the_stored_text(text: str) -> None:
    document = document_from_text("doc", text)
    for passage in passages(document, load_lexicon()):
        cursor = 0
        for word in passage.text.split():
            start = passage.text.index(word, cursor)
            cursor = start + len(word)
            if word.isalpha():
                first, last = passage.block.stored_span(start, cursor)
                assert document.text[first:last] == word


@given(st.lists(LINE, min_size=1, max_size=6).map("\n\n".join))
def test_passages_are_in_reading_order_and_not_blank(text: str) -> None:
    found = passages_of(text)
    assert [passage.index for passage in found] == sorted(passage.index for passage in found)
    assert all(passage.text.strip() for passage in found)
    for passage in found:
        assert 0 <= passage.lead_in < len(passage.text)
        assert passage.label_end is None or 0 < passage.label_end < len(passage.text)
