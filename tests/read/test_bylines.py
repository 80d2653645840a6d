"""Bylines, datelines and dates."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.data import data_path
from kg.errors import DataError
from kg.model import Block
from kg.read.bylines import Byline, load_byline_rules, mark_bylines, parse_byline, parse_dateline
from kg.read.markdown import parse_markdown

RULES = load_byline_rules()


@pytest.mark.parametrize(
    ("text", "publisher", "date"),
    [
        ("Example Wire | November 22, 2024", "Example Wire", "2024-11-22"),
        ("November 22, 2024 – Example Wire", "Example Wire", "2024-11-22"),
        ("Example Wire (March 3, 2024)", "Example Wire", "2024-03-03"),
        ("Example Institute Report | March 2025", "Example Institute Report", "2025-03"),
        ("22 November 2024", None, "2024-11-22"),
        ("Sept. 3rd, 2024", None, "2024-09-03"),
        ("Published on 2024-11-22", None, "2024-11-22"),
        ("Updated: Friday, Nov. 22, 2024 10:30 AM ET", None, "2024-11-22"),
        ("By Jane Doe, November 22, 2024", None, "2024-11-22"),
        ("By Jane Doe | Example Post | Feb 3, 2024 · 5 min read", "Example Post", "2024-02-03"),
        ("By Jane Doe, Example Post", "Example Post", None),
    ],
)
def test_bylines(text: str, publisher: str | None, date: str | None) -> None:
    assert parse_byline(text, RULES) == Byline(publisher, date)


@pytest.mark.parametrize(
    "text",
    [
        "Acme raised $5M on May 3, 2024",
        "Use Cases May 2024",
        "Acme buys Zorbly for $5 million | May 3, 2024",
        "By now, everyone knows",
        "February 31, 2024",
        "In 2024",
        "Example Wire",
        "Acme grew fast | March 3, 2024",
    ],
)
def test_other_texts_are_no_bylines(text: str) -> None:
    assert parse_byline(text, RULES) is None


@pytest.mark.parametrize(
    ("text", "publisher", "rest"),
    [
        ("SPRINGFIELD, IL, July 30, 2024 /SomeWire/ -- Acme grew.", "SomeWire", "Acme grew."),
        ("SPRINGFIELD - July 30, 2024 (SOMEWIRE) - Acme grew.", "SOMEWIRE", "Acme grew."),
        ("Springfield, Ill. and RIVERTON, Korea, July 30, 2024 – Acme grew.", None, "Acme grew."),
        ("SPRINGFIELD, IL - (SomeWire) - July 30, 2024 - Acme grew.", "SomeWire", "Acme grew."),
        ("SPRINGFIELD, IL / Some Wire/ July 30th, 2024 / Acme grew.", "Some Wire", "Acme grew."),
        ("Springfield, IL (Some.Wire) Tuesday July 30, 2024 @ 8:00 AM Central — Acme grew.", "Some.Wire", "Acme grew."),
    ],
)
def test_datelines(text: str, publisher: str | None, rest: str) -> None:
    found = parse_dateline(text, RULES)
    assert found is not None
    assert found[0] == Byline(publisher, "2024-07-30")
    assert text[found[1] :] == rest


@pytest.mark.parametrize(
    "text",
    [
        "On July 30, 2024, Acme - a maker of chips - grew.",
        "Acme grew on July 30, 2024 - at last.",
        "At its fair in Springfield, July 30, 2024 - Acme grew.",
    ],
)
def test_sentences_are_no_datelines(text: str) -> None:
    assert parse_dateline(text, RULES) is None


def test_a_dateline_becomes_a_block_of_its_own_and_lead_ins_follow() -> None:
    text = "# Acme grows\n\nRIVERTON, July 30, 2024 /SomeWire/ -- **Acme** & Co:\n\n- grew\n- hired"
    blocks, said = mark_bylines(parse_markdown(text), RULES)
    assert said == Byline("SomeWire", "2024-07-30")
    assert [(block.kind, block.text, block.lead_in) for block in blocks] == [
        ("heading", "Acme grows", None),
        ("byline", "RIVERTON, July 30, 2024 /SomeWire/ --", None),
        ("paragraph", "Acme & Co:", None),
        ("item", "grew", 2),
        ("item", "hired", 2),
    ]
    assert blocks[2].emphasis == ((0, 4),)
    assert [text[slice(*blocks[2].stored_span(*span))] for span in ((0, 4), (7, 9))] == ["Acme", "Co"]


def test_only_the_top_is_searched_and_the_title_is_none() -> None:
    filler = tuple(Block("paragraph", "Acme grew.", ((0, 0),)) for _ in range(5))
    late = Block("paragraph", "Example Wire | May 3, 2024", ((0, 0),))
    assert mark_bylines((*filler, late), RULES)[0][-1].kind == "paragraph"
    assert mark_bylines((*filler[:4], late), RULES)[0][-1].kind == "byline"
    title = Block("heading", "Example Wire | May 3, 2024", ((0, 0),), level=1)
    assert mark_bylines((title,), RULES) == ((title,), Byline())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The post Acme Raises $5M, and Works with Globex appeared first on Example Post.", "byline"),
        ("This article originally appeared in Example Post.", "byline"),
        ("The post of director was first offered to Jane Roe.", "paragraph"),
        ("Acme bought Globex. The post Acme Buys Globex appeared first on Example Post.", "paragraph"),
    ],
)
def test_what_a_feed_adds_at_the_end_is_a_byline_anywhere(text: str, kind: str) -> None:
    filler = [Block("paragraph", "Acme bought Globex.", ((0, 0),))] * 12
    blocks, _ = mark_bylines([*filler, Block("paragraph", text, ((0, 0),))], RULES)
    assert [block.kind for block in blocks] == ["paragraph"] * 12 + [kind]


def test_a_list_below_a_byline_has_no_lead_in() -> None:
    blocks, _ = mark_bylines(parse_markdown("May 3, 2024\n\n- Acme grew"), RULES)
    assert [(block.kind, block.lead_in) for block in blocks] == [("byline", None), ("item", None)]


@pytest.mark.parametrize(
    ("old", "new", "line_of", "message"),
    [
        ("separators:", "seperators:", "separators:", "did you mean 'separators'"),
        ("author_introduction: '(?:", "author_introduction: '((?:", "author_introduction:", "not a regular expression"),
    ],
)
def test_mistakes_in_the_rules_name_file_and_line(
    tmp_path: Path, old: str, new: str, line_of: str, message: str
) -> None:
    rules = data_path("ontology/bylines.yaml").read_text(encoding="utf-8")
    path = tmp_path / "bylines.yaml"
    path.write_text(rules.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=message) as error:
        load_byline_rules(path)
    assert error.value.path == str(path)
    line = next(number for number, text in enumerate(rules.splitlines(), 1) if text.startswith(line_of))
    assert message.startswith("did") or error.value.line == line
