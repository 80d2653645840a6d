"""As many of the W3C's query evaluation tests pass through our API as through Oxigraph itself.

The suite is not part of the project: KG_W3C_TESTS names its folder. Tests of the same form, our own, are run always.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.query.w3c import Result, Verdict, cases, differs, judge, lost, summary

HERE = Path(__file__).parent
SUITE = Path(os.environ.get("KG_W3C_TESTS") or HERE.parents[2] / "shared" / "w3c")
IRI, ONE, TWO = ("iri", "https://x.example/"), ("number", 1.0), ("number", 2.0)
X, Y, Z = (("blank", name) for name in "xyz")


@pytest.fixture(scope="module")
def own() -> list[Verdict]:
    return [judge(case) for case in cases(HERE / "w3c_like")]


@pytest.mark.skipif(not SUITE.is_dir(), reason="KG_W3C_TESTS names no folder with the W3C's tests")
def test_no_fewer_pass_than_with_oxigraph_itself() -> None:
    verdicts = [judge(case) for case in cases(SUITE)]
    print(summary(verdicts))
    assert verdicts
    assert not lost(verdicts), summary(lost(verdicts))


def test_our_own_tests_pass_but_for_what_is_refused(own: list[Verdict]) -> None:
    assert len(own) == 18
    assert [each.case.name for each in own if each.theirs] == []
    assert [each.case.name for each in own if each.ours] == ["Another server"]
    assert lost(own) == []
    (refused,) = [each for each in own if each.ours]
    assert "SERVICE is refused" in (refused.ours or "")


def test_the_summary_counts_by_group_and_names_what_is_lost(own: list[Verdict]) -> None:
    worse = [replace(each, ours="rows are wrong") if each.case.name == "ASK" else each for each in own]
    assert [each.case.name for each in lost(worse)] == ["ASK"]
    lines = [line.split() for line in summary(worse).splitlines()]
    assert ["evaluation", "16", "14", "16"] in lines
    assert ["all", "18", "16", "18"] in lines
    assert "only through Oxigraph: evaluation: ASK: rows are wrong" in summary(worse)


@pytest.mark.parametrize(
    ("found", "wanted", "right"),
    [
        ([(IRI, ONE), (IRI, TWO)], [(IRI, TWO), (IRI, ONE)], True),
        ([(IRI, ONE)], [(IRI, TWO)], False),
        ([(IRI, ONE), (IRI, ONE)], [(IRI, ONE)], False),
        ([(IRI, ())], [(IRI, ONE)], False),
        ([(X, ONE), (Y, TWO)], [(Y, TWO), (X, ONE)], True),
        ([(X, ONE), (X, TWO)], [(Y, TWO), (Z, ONE)], False),
        ([(X, ONE), (Y, TWO)], [(Z, TWO), (Z, ONE)], False),
        ([(X, Y), (Y, Z)], [(Z, X), (X, Y)], True),
        ([(X, Y), (Y, Z)], [(X, Y), (Z, Y)], False),
        ([(("triple", X, IRI, ONE),)], [(("triple", Y, IRI, ONE),)], True),
        ([(X,)], [(IRI,)], False),
    ],
)
def test_rows_are_compared_as_bags_with_blank_nodes_renamed(
    found: list[tuple[tuple[object, ...], ...]], wanted: list[tuple[tuple[object, ...], ...]], right: bool
) -> None:
    left, other = Result("select", tuple(found)), Result("select", tuple(wanted))
    assert (differs(left, other) is None, differs(other, left) is None) == (right, right)


def test_kind_variables_and_order_count() -> None:
    rows = ((ONE,), (TWO,))
    whole = Result("select", rows, ("a",), ordered=True)
    assert differs(whole, whole) is None
    assert "kind" in (differs(replace(whole, kind="graph"), whole) or "")
    assert "variables" in (differs(replace(whole, variables=("b",)), whole) or "")
    assert "rows" in (differs(replace(whole, rows=rows[::-1]), whole) or "")
    assert differs(replace(whole, rows=rows[::-1]), replace(whole, ordered=False)) is None
    assert differs(replace(whole, rows=(*rows, (ONE,)), ordered=False), whole, lax=True) is None
