"""What reading found is kept beside the texts and comes back as it was."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.model import Amount, Document, Evidence, Extracted, Mention, Qualifiers, RelationMention
from kg.store.extracted import read_extracted, write_extracted

TEXT = "Oak “Ventures” led a €5M round\nin Acmelo \ud800."
DOCUMENT = Document("d", TEXT, (), title="t")
MENTIONS = st.builds(
    Mention,
    st.text(max_size=8),
    st.integers(0, 9),
    st.integers(0, 9),
    st.sampled_from(["Company", "Chip"]),
    st.text(max_size=5),
    st.booleans(),
    st.none() | st.text(max_size=5),
    st.none() | st.text(max_size=5),
    st.booleans(),
)
AMOUNTS = st.builds(Amount, st.decimals(0, 10**12, allow_nan=False), st.sampled_from(["USD", "EUR"]), st.just("about"))
QUALIFIERS = st.builds(
    Qualifiers,
    st.none() | AMOUNTS,
    st.none() | st.just("2024-05"),
    lead=st.booleans(),
    role=st.none() | st.text(max_size=5),
)


@st.composite
def relation_mentions(draw: st.DrawFn) -> RelationMention:
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start, len(TEXT)))
    sure = draw(st.floats(0, 1))
    evidence = Evidence(
        DOCUMENT.hash, start, end, TEXT[start:end], draw(st.text(max_size=5)), "planned", draw(QUALIFIERS), sure
    )
    return RelationMention("investsIn", draw(MENTIONS), draw(st.none() | MENTIONS), evidence)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MENTIONS, max_size=3), st.lists(relation_mentions(), max_size=3))
def test_round_trip(tmp_path: Path, mentions: list[Mention], relations: list[RelationMention]) -> None:
    found = Extracted(DOCUMENT, tuple(mentions), tuple(relations))
    write_extracted(tmp_path, [found])
    assert read_extracted(tmp_path, {DOCUMENT.hash: DOCUMENT}) == (found,)
    before = (tmp_path / f"{DOCUMENT.hash}.json").read_bytes()
    write_extracted(tmp_path, read_extracted(tmp_path, {DOCUMENT.hash: DOCUMENT}))
    assert (tmp_path / f"{DOCUMENT.hash}.json").read_bytes() == before


def test_a_folder_without_any_holds_nothing(tmp_path: Path) -> None:
    assert read_extracted(tmp_path, {DOCUMENT.hash: DOCUMENT}) == ()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write_extracted(tmp_path, [Extracted(DOCUMENT, (), ())])
    other = Document("other", "other", ())
    with pytest.raises(StoreError, match=f"{other.hash}.json: missing or damaged.*build the graph again"):
        read_extracted(tmp_path, {DOCUMENT.hash: DOCUMENT, other.hash: other})


def test_amounts_keep_their_value(tmp_path: Path) -> None:
    amount = Amount(Decimal("4000000000.50"), "USD", "up_to", "tranche")
    evidence = Evidence(DOCUMENT.hash, 0, 3, TEXT[:3], "r", "asserted", Qualifiers(amount))
    mention = Mention("Oak", 0, 3, "Company", "test")
    write_extracted(tmp_path, [Extracted(DOCUMENT, (), (RelationMention("raises", mention, None, evidence),))])
    [found] = read_extracted(tmp_path, {DOCUMENT.hash: DOCUMENT})
    assert found.relations[0].evidence.qualifiers.amount == amount
