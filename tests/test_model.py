"""Blocks map back to the stored text; hashes tell contents apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.model import Block, Document, content_hash


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
