"""What contradicts itself is found, and what only differs is not."""

from __future__ import annotations

import pytest

from kg.schema import NAMESPACE
from kg.store.conflicts import conflicts
from kg.store.rdf import to_quads
from tests.store.made_statements import SCHEMA, Said, statement_set

A, D, P, R = (
    Said("asserted", "2024-01-01"),
    Said("denied", "2024-01-05"),
    Said("planned", "2024"),
    Said("rumoured", "2024"),
)
DATED = (Said("asserted", "2024-06-01", "2024-05"),)
Fact = tuple[str, str, str | None, tuple[Said, ...], str]


def kinds(*facts: Fact) -> list[tuple[str, str, str]]:
    return [(each.kind, each.one, each.other) for each in conflicts(statement_set(*facts), SCHEMA)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([("oak", "acquires", "zorbu", (A, D), "")], [("asserted and denied", "s0", "s0")]),
        ([("oak", "acquires", "zorbu", (A,), ""), ("oak", "acquires", "zorbu", (D,), "5")],
         [("asserted and denied", "s0", "s1")]),
        ([("oak", "acquires", "zorbu", (P, D), ""), ("oak", "acquires", "zorbu", (R,), "5")], []),
        ([("oak", "acquires", "zorbu", (A,), ""), ("oak", "acquires", "wendo", (D,), "")], []),
        ([("oak", "acquires", "zorbu", (A,), ""), ("zorbu", "acquires", "oak", (D,), "")], []),
        ([("oak", "acquires", "zorbu", (A,), ""), ("oak", "investsIn", "zorbu", (D,), "")], []),
        ([("oak", "valuedAt", None, (A,), "5"), ("oak", "valuedAt", None, (D,), "9")], []),
        ([("oak", "valuedAt", None, (A,), "5"), ("oak", "valuedAt", None, (D,), "5")],
         [("asserted and denied", "s0", "s1")]),
    ],
)  # fmt: skip
def test_asserted_and_denied(facts: list[Fact], expected: list[tuple[str, str, str]]) -> None:
    assert kinds(*facts) == expected


@pytest.mark.parametrize(
    ("one", "other", "told", "contradict"),
    [
        ("1000", "2000", DATED, True),
        ("1000", "2000 about", DATED, True),
        ("1000", "1040", DATED, False),
        ("1000", "2000 EUR", DATED, False),
        ("1000", "2000 at_least", DATED, False),
        ("1000", "2000 up_to", DATED, False),
        ("1000", "2000 tranche", DATED, False),
        ("1000", "2000 cumulative", DATED, False),
        ("1000", "2000", (Said("asserted", "2024-06-01", "2024"),), True),
        ("1000", "2000", (Said("asserted", "2024-06-01", "2023"),), False),
        ("1000", "2000", (Said("asserted", "2024-06-01"),), False),
        ("1000", "2000", (Said("rumoured", "2024-06-01", "2024-05"),), False),
    ],
)
def test_two_sums_for_one_time(one: str, other: str, told: tuple[Said, ...], contradict: bool) -> None:
    found = kinds(("oak", "valuedAt", None, DATED, one), ("oak", "valuedAt", None, told, other))
    assert found == ([("two sums for one time", "s0", "s1")] if contradict else [])
    assert kinds(("oak", "investsIn", "zorbu", DATED, one), ("oak", "investsIn", "zorbu", told, other)) == []


@pytest.mark.parametrize(
    ("relation", "first", "second", "contradict"),
    [
        ("primaryCloudFor", "2024-01-01", "2024-01-01", True),
        ("primaryCloudFor", "2024", "2024-06", True),
        ("primaryCloudFor", None, "2024-01-01", True),
        ("primaryCloudFor", None, None, True),
        ("primaryCloudFor", "2023-01-01", "2024-01-01", False),
        ("usesCloud", "2024-01-01", "2024-01-01", False),
    ],
)
def test_two_where_one_holds_at_a_time(relation: str, first: str | None, second: str | None, contradict: bool) -> None:
    facts = [(who, relation, "zorbu", (Said("asserted", at),), "") for who, at in (("nimbus", first), ("oak", second))]
    assert kinds(*facts) == ([("two where one holds at a time", "s0", "s1")] if contradict else [])
    planned = [facts[0], ("oak", relation, "zorbu", (Said("planned", second),), "")]
    assert kinds(*planned) == []


def test_contradictions_are_linked_both_ways() -> None:
    found = statement_set(("oak", "acquires", "zorbu", (A,), ""), ("oak", "acquires", "zorbu", (D,), "5"))
    linked = {(q.subject.value[-2:], q.object.value[-2:]) for q in to_quads(found, SCHEMA)
              if q.predicate.value == NAMESPACE + "contradicts"}  # fmt: skip
    assert linked == {("s0", "s1"), ("s1", "s0")}
