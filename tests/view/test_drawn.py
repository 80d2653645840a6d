"""The model of a picture: words keep off words and nodes, lines end at nodes, the legend tells all that is shown."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from kg.errors import KgError
from kg.model import StatementSet
from kg.schema import load_schema
from kg.view.choice import Link, choose
from kg.view.curves import holds
from kg.view.drawing import Drawing, overlap, within
from kg.view.drawn import draw
from kg.view.letters import text_width
from kg.view.style import load_style
from tests.view.drawings import drawn
from tests.view.random_statements import random_statements
from tests.view.sample_statements import hostile, sample

SIZES = [(1, 1), (2, 1), (2, 9), (5, 4), (9, 30), (17, 29), (26, 38), (40, 60), (60, 90), (80, 80), (80, 240)]


def check_words(picture: Drawing) -> None:
    """No word lies on another or on a node; each box is as wide as its words; all lies in its area."""
    floating = [each for each in (*picture.names, *picture.notes) if each.halo]
    for one, other in combinations(floating, 2):
        assert not overlap(one.box, other.box), (one.lines, other.lines)
    for each in floating:
        for node in picture.symbols:
            assert not overlap(each.box, node.box), (each.lines, node.of)
        assert within(each.box, picture.area), each.lines
    for each in (*floating, *picture.margin):
        assert within(each.box, (0, 0, picture.width, picture.height)), each.lines
        for line, left, base, wide in each.lines:
            assert wide == pytest.approx(text_width(line, each.size, bold=each.bold))
            assert each.box[0] - 0.01 <= left
            assert left + wide <= each.box[2] + 0.01
            assert each.box[1] < base < each.box[3]
    for one, other in combinations(picture.margin, 2):
        assert not overlap(one.box, other.box, gap=-0.5), (one.lines, other.lines)


@pytest.mark.parametrize("all_statuses", [False, True])
@pytest.mark.parametrize(("entities", "statements"), SIZES)
def test_words_keep_off_words_and_nodes(entities: int, statements: int, all_statuses: bool) -> None:
    given = random_statements(entities * 1000 + statements, entities, statements)
    picture = drawn(given, top=200, all_statuses=all_statuses)
    check_words(picture)
    shown = {"asserted", "planned", "rumoured"} | ({"ended", "denied"} if all_statuses else set())
    kept = [each for each in given.statements if each.status in shown]
    ends = {end for each in kept for end in (each.subject, each.object) if end}
    assert len(picture.names) + len(picture.nameless) == len(ends)
    assert len(picture.symbols) == len(ends) + sum(each.object is None for each in kept)
    assert sum(len(each.of.split("; ")) for each in picture.curves) == len(kept)


@pytest.mark.parametrize("size", [(640, 400), (700, 1100), (1600, 1000), (3000, 900)])
def test_any_canvas(size: tuple[int, int]) -> None:
    width, height = size
    picture = drawn(random_statements(3, 20, 25), width=width, height=height)
    assert (picture.width, picture.height) == size
    check_words(picture)


def test_nodes_keep_apart() -> None:
    picture = drawn(sample())
    for one, other in combinations(picture.symbols, 2):
        assert not overlap(one.box, other.box), (one.of, other.of)


def test_lines_end_at_the_border_of_their_nodes() -> None:
    picture = drawn(sample(), all_statuses=True)
    gap = 6.0
    for each in picture.curves:
        for end in (each.start, each.head[0] if each.head else each.end):
            near = [node for node in picture.symbols if holds(node, end, gap=gap) and not holds(node, end)]
            assert near, each.of
    heads = {each.of for each in picture.curves if each.head}
    assert [of for of in heads if "competes with" in of or "partners with" in of or "raises" in of] == []
    assert [each.of for each in picture.curves if " invests in " in each.of and not each.head] == []


def test_the_head_stands_at_the_end_of_its_line() -> None:
    heads = [each for each in drawn(random_statements(5, 30, 60)).curves if each.head]
    assert len(heads) > 20
    for each in heads:
        tip, left, tail, right = each.head
        long = math.dist(tip, ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2))
        assert math.dist(each.end, tip) < long, each.of
        assert math.dist(tail, tip) < long, each.of


def test_statuses_are_told_by_dashes_and_signs() -> None:
    picture = drawn(sample(), all_statuses=True)
    by_status = {re.search(r"\((\w+)[^()]*\)$", each.of)[1]: each for each in picture.curves if each.of}  # type: ignore[index]
    assert set(by_status) == {"asserted", "planned", "rumoured", "ended", "denied"}
    assert {status for status, each in by_status.items() if not each.dashes} == {"asserted"}
    assert {status: len(each.sign) for status, each in by_status.items() if each.sign} == {"ended": 1, "denied": 2}
    assert by_status["denied"].colour not in load_style().relations.values()
    seen = " ".join(each.of for each in drawn(sample()).curves)
    assert "(ended" not in seen
    assert "(denied" not in seen


def test_lines_are_as_broad_as_their_sums() -> None:
    widths = {each.of: each.width for each in drawn(sample()).curves}
    valued = next(width for of, width in widths.items() if "valued at about $157B" in of)
    raised = next(width for of, width in widths.items() if "raises $6.6B" in of)
    develops = {width for of, width in widths.items() if " develops " in of}
    assert valued > raised > max(develops)
    assert len(develops) == 1


def words_of_the_legend(picture: Drawing) -> Counter[str]:
    """Label -> count, for the lines with a count."""
    lines = sorted((round(each.lines[0][2]), each.lines[0][1], each.lines[0][0]) for each in picture.margin[1:])
    found: Counter[str] = Counter()
    for (base, _, label), (other_base, _, count) in pairwise(lines):
        if base == other_base and count.replace(",", "").isdigit():
            found[label] += int(count.replace(",", ""))
    return found


@pytest.mark.parametrize("all_statuses", [False, True])
def test_the_legend_tells_all_that_is_shown_and_nothing_else(all_statuses: bool) -> None:
    given, schema = sample(), load_schema()
    shown = [each for each in given.statements if all_statuses or each.status not in ("ended", "denied")]
    told = words_of_the_legend(drawn(given, all_statuses=all_statuses))
    expected = Counter(schema.relations[each.relation].label for each in shown)
    expected += Counter(each.status for each in shown)
    expected += Counter(given.entities[id_].type for id_ in {e for s in shown for e in (s.subject, s.object) if e})
    expected["Sum of money"] = sum(each.object is None for each in shown)
    assert told == expected


def test_what_says_the_same_shares_a_line() -> None:
    given = sample()
    one = next(each for each in given.statements if each.relation == "develops")
    again = replace(one, id="zz1")
    more = replace(given, statements=(*given.statements, again))
    assert len(drawn(more).curves) == len(drawn(given).curves)
    assert words_of_the_legend(drawn(more))["develops"] == words_of_the_legend(drawn(given))["develops"] + 1
    assert "1 statements share a line" in drawn(more).description


def test_title_sources_and_the_date_of_the_newest_document() -> None:
    picture = drawn(sample(), title="  Who\nfunds whom ")
    assert picture.title == "Who funds whom"
    lines = [line for each in picture.margin for line, *_ in each.lines]
    assert lines[0] == "Who funds whom"
    assert lines[-2:] == [
        "Sources: 4 documents, 2024-11 to 2025-06-12; Morning Wire, Model Digest and Press Bureau. "
        "Newest document: 2025-06-12.",
        "Shown: 36 of 38 statements. Left out: 1 denied, 1 ended.",
    ]
    assert all(part in picture.description for part in ("22 entities and 36 statements", "Openhart", "4 documents"))


def test_top_and_how_much_is_shown() -> None:
    picture = drawn(random_statements(8, 70, 150), top=12)
    assert len(picture.symbols) == 12
    assert re.search(r"Shown: 12 of \d+ entities, \d+ of 150 statements\.", picture.description)


def test_a_name_without_room_is_told() -> None:
    crowd = random_statements(11, 80, 90)
    long = {key: replace(each, name=f"The {each.name} Company of Old") for key, each in crowd.entities.items()}
    picture = drawn(replace(crowd, entities=long), top=200, width=640, height=400)
    check_words(picture)
    assert picture.nameless
    assert "No room for the names of" in picture.description
    kept = [each for each in crowd.statements if each.status not in ("ended", "denied")]
    ends = {end for each in kept for end in (each.subject, each.object) if end}
    assert len(picture.names) + len(picture.nameless) == len(ends)


def test_links_are_drawn_thin_and_grey() -> None:
    given = sample()
    chosen = choose(given, load_schema(), entity="Saffron AI")
    link = Link("saffron-ai", "oslo", "looksTo")
    picture = draw(chosen, load_schema(), load_style(), links=[link, Link("oslo", "oslo", "x")], whole=given)
    [drawn_link] = [each for each in picture.curves if each.of.startswith("looksTo")]
    assert drawn_link.colour == picture.paper.link
    assert drawn_link.width < min(each.width for each in picture.curves if "(no statement)" not in each.of)
    assert "Oslo" in {line for each in picture.names for line, *_ in each.lines}
    assert words_of_the_legend(picture)["looksTo"] == 1
    assert "2 of the query's triples" in picture.description
    check_words(picture)


def test_an_empty_graph_is_an_honest_picture() -> None:
    picture = drawn(StatementSet())
    assert (picture.curves, picture.symbols) == ((), ())
    assert [line for each in picture.margin for line, *_ in each.lines][-2:] == ["Nothing is stated.", "No documents."]


def test_a_statement_of_a_thing_about_itself() -> None:
    given = sample()
    one = next(each for each in given.statements if each.relation == "competesWith")
    picture = drawn(replace(given, statements=(replace(one, object=one.subject),)))
    [loop] = picture.curves
    assert loop.control is not None
    assert loop.control[1] < min(loop.start[1], loop.end[1])


def test_order_of_the_input_does_not_matter() -> None:
    given = sample()
    assert drawn(given) == drawn(replace(given, statements=given.statements[::-1]))


@pytest.mark.parametrize("size", [(639, 1000), (1600, 399), (20_001, 1000)])
def test_sizes_out_of_reason(size: tuple[int, int]) -> None:
    with pytest.raises(KgError, match=f"a picture of {size[0]} by {size[1]}"):
        drawn(sample(), width=size[0], height=size[1])


def test_hostile_names_are_one_line_without_control_characters() -> None:
    picture = drawn(hostile(), all_statuses=True, top=100)
    check_words(picture)
    for each in (*picture.names, *picture.notes, *picture.margin):
        for line, *_ in each.lines:
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", line)
