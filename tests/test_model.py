"""Blocks map back to the stored text; hashes tell contents apart; a statement is as sure as its best evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import NO_QUALIFIERS, Block, Document, Evidence, Statement, content_hash


def test_a_range_of_clean_text_maps_to_the_stored_text() -> None:
    stored = "**Acme** bought [Initech](https://example.org/x)."
    block = Block("paragraph", "Acme bought Initech.", ((0, 2), (4, 8), (12, 17), (19, 48)))
    start, end = block.stored_span(0, 4)
    assert stored[start:end] == "Acme"
    start, end = block.stored_span(12, 19)
    assert stored[start:end] == "Initech"
    start, end = block.stored_span(0, 20)
    assert stored[start:end] == "Acme** bought [Initech](https://example.org/x)."


def test_an_empty_range_stays_empty() -> None:
    block = Block("paragraph", "Acme", ((0, 5),))
    assert block.stored_span(2, 2) == (7, 7)


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_hashes_are_equal_only_for_equal_parts(one: list[str], other: list[str]) -> None:
    unjoinable = any("\x1f" in part for part in [*one, *other])
    alike = one == other or {"\x1f".join(one), "\x1f".join(other)} == {"\x1f".join(one)}
    assert unjoinable or (content_hash(*one) == content_hash(*other)) == alike


def test_two_copies_of_one_text_have_one_hash() -> None:
    assert Document("a", "Acme.", ()).hash == Document("b", "Acme.", (), title="x").hash
    assert Document("a", "Acme.", ()).hash != Document("a", "Acme!", ()).hash


@pytest.mark.parametrize(
    ("status", "told", "confidence"),
    [
        ("asserted", [("asserted", 0.62)], 0.62),
        ("asserted", [("asserted", 0.62), ("asserted", 0.91), ("asserted", 0.7)], 0.91),
        ("asserted", [("asserted", 0.62), ("rumoured", 0.99)], 0.62),
        ("rumoured", [("denied", 0.99), ("rumoured", 0.4), ("rumoured", 0.41)], 0.41),
        ("asserted", [("rumoured", 0.99)], 0.0),
    ],
)
def test_a_statement_is_as_sure_as_its_best_evidence(
    status: str, told: list[tuple[str, float]], confidence: float
) -> None:
    evidence = tuple(Evidence("d", 0, 1, "x", "r", each, confidence=sure) for each, sure in told)
    statement = Statement("s", "oak", "investsIn", "acmelo", status, NO_QUALIFIERS, evidence)
    assert statement.confidence == confidence


def test_confidence_is_kept_to_three_decimals_and_one_where_nothing_was_estimated() -> None:
    assert Evidence("d", 0, 1, "x", "r", "asserted").confidence == 1.0
    assert Evidence("d", 0, 1, "x", "r", "asserted", confidence=2 / 3).confidence == 0.667
    assert Evidence("d", 0, 1, "x", "r", "asserted", confidence=0.8) != Evidence("d", 0, 1, "x", "r", "asserted")
