"""Markdown to blocks: the table says what comes out, the properties that it maps back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Block
from kg.read.markdown import parse_markdown

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "markdown.jsonl").read_text(encoding="utf-8").splitlines()
]
PIECES = (
    *("Acme", "Zorbly grew", "in", "2024", "é", "🔥", ".", ",", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\u2028"),
    *("**", "*", "_", "__", "~~", "`", "```\n", "# ", "- ", "1. ", "• ", "> ", "    ", "|", "\\|", "|--|\n", "---\n"),
    *(
        "[",
        "]",
        "(",
        ")",
        "](https://a.example)",
        "![a](b)",
        "[^1]",
        "[x]: y\n",
        "https://a.example/b",
        "<https://a.example>",
    ),
    *(
        "&amp;",
        "&",
        "&#9;",
        "&nbsp;",
        "\\",
        "\\&",
        "<b>",
        "</b>",
        "<div>",
        "</p>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
    ),
    *("\u200b", "\u00a0", "\x0b", "\x00", "date: 2024\n"),
)


def check_maps_back(text: str, blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        assert block.text == block.text.strip()
        assert block.text
        assert block.segments[0][0] == 0
        for (clean, stored), (next_clean, next_stored) in zip(block.segments, block.segments[1:], strict=False):
            assert clean < next_clean
            assert stored < next_stored
            assert stored + next_clean - clean <= next_stored
        start, end = block.stored_span(0, len(block.text))
        assert 0 <= start < end <= len(text)
        for at, char in enumerate(block.text):
            stored = text[block.stored_span(at, at + 1)[0]]
            assert char in (stored, " ") or stored == "&" or (stored, char) == ("\x00", "\ufffd")
        for first, last in block.emphasis:
            assert 0 <= first < last <= len(block.text)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_blocks(case: dict[str, object]) -> None:
    text = str(case["text"])
    blocks = parse_markdown(text)
    assert [[block.kind, block.level, block.lead_in, block.text] for block in blocks] == case["blocks"]
    if "bold" in case:
        assert [[block.text[a:b] for a, b in block.emphasis] for block in blocks] == case["bold"]
    check_maps_back(text, blocks)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_every_character_maps_back(text: str) -> None:
    check_maps_back(text, parse_markdown(text))


@given(st.lists(st.sampled_from(("acme", "zorbly", "grew", "fast")), min_size=1, max_size=30), st.randoms())
@settings(deadline=None)
def test_no_word_is_lost(words: list[str], random: object) -> None:
    marks = ("{}", "**{}**", "*{}*", "[{}](https://a.example)", "<b>{}</b>", "***{}***")
    marked = [marks[random.randrange(len(marks))].format(word) for word in words]  # type: ignore[attr-defined]
    text = " ".join(marked)
    assert [block.text for block in parse_markdown(text)] == [" ".join(words)]


def test_evidence_of_a_clean_range_is_its_source() -> None:
    text = "# Deals\n\n* Today **Acme** &amp; [Zorbly](https://z.example) agreed.\n"
    item = parse_markdown(text)[1]
    start = item.text.index("Acme")
    first, last = item.stored_span(start, item.text.index("agreed"))
    assert item.text == "Today Acme & Zorbly agreed."
    assert text[first:last] == "Acme** &amp; [Zorbly](https://z.example) "
    assert text[slice(*item.stored_span(start, start + 4))] == "Acme"


def test_long_lines_are_paragraphs() -> None:
    long = "acme grew " * 21 + "and"
    first, second = parse_markdown(f"{long}\nso did zorbly")
    assert (first.text, second.text) == (long, "so did zorbly")
    assert len(parse_markdown(f"{long[:150]}\nso did zorbly")) == 1


@pytest.mark.parametrize("text", ["[" * 20_000, "<!--" * 10_000, "> " * 5_000 + "a", "**a" * 10_000, "`a" * 10_000])
def test_hostile_text_is_read_to_the_end(text: str) -> None:
    for block in parse_markdown(text):
        assert block.stored_span(0, len(block.text))[1] <= len(text)
