"""Reports over the whole graph: loops of money, dependence, centre, timeline; as text, JSON and a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.errors import KgError
from kg.model import Belonging
from kg.query.reports import REPORTS, Report, report
from kg.view.report import report_page
from tests.store.made_statements import SCHEMA, Said, statement_set

A = (Said("asserted", "2024-01-01"),)
P = (Said("planned", "2024-01-01"),)


def rows(name: str, *facts: tuple[str, str, str | None, tuple[Said, ...]], entity: str | None = None,
         known: tuple[Belonging, ...] = ()) -> list[tuple[str, ...]]:  # fmt: skip
    found = replace(statement_set(*((*fact, "") for fact in facts)), belongings=known)
    return list(report(name, found, SCHEMA, entity=entity).rows)


def test_money_that_comes_back() -> None:
    found = rows("loops", ("oak", "investsIn", "zorbu", A), ("zorbu", "usesCloud", "oak", A))
    assert found == [("2", "Oak -> Zorbu -> Oak", "invests in; uses the cloud of")]


@pytest.mark.parametrize(
    ("relation", "ends"),
    [
        ("primaryCloudFor", ("oak", "zorbu")),
        ("supplies", ("oak", "zorbu")),
        ("usesChip", ("zorbu", "oak")),
        ("investsIn", ("zorbu", "oak")),
    ],
)
def test_each_way_of_paying_closes_a_loop(relation: str, ends: tuple[str, str]) -> None:
    assert len(rows("loops", ("oak", "investsIn", "zorbu", A), (ends[0], relation, ends[1], A))) == 1
    assert rows("loops", ("oak", "investsIn", "zorbu", A), (ends[1], relation, ends[0], A)) == []


def test_only_what_is_asserted_and_paid_makes_a_loop() -> None:
    assert rows("loops", ("oak", "investsIn", "zorbu", A), ("zorbu", "usesCloud", "oak", P)) == []
    assert rows("loops", ("oak", "investsIn", "zorbu", A), ("zorbu", "partnersWith", "oak", A)) == []


def test_a_chip_stands_for_its_maker_and_a_unit_for_its_group() -> None:
    known = (Belonging("z9", "maker", "unit", "Unit"), Belonging("unit", "parent", "oak", "Oak"))
    found = rows("loops", ("oak", "investsIn", "zorbu", A), ("zorbu", "usesChip", "z9", A), known=known)
    assert [row[1] for row in found] == ["Oak -> Zorbu -> Oak"]
    assert rows("loops", ("oak", "usesChip", "z9", A), known=known) == []


def test_longer_loops_are_found_once_and_may_be_asked_for_by_a_member() -> None:
    ring = [("a", "investsIn", "b", A), ("b", "usesCloud", "c", A), ("c", "usesCloud", "a", A)]
    for start in range(3):
        assert [row[1] for row in rows("loops", *ring[start:], *ring[:start])] == ["A -> B -> C -> A"]
    assert len(rows("loops", *ring, ("d", "investsIn", "a", A), entity="B")) == 1
    assert rows("loops", *ring, ("d", "investsIn", "a", A), entity="D") == []


def test_dependence_tells_the_single_supplier_first() -> None:
    found = rows(
        "dependence",
        ("zorbu", "usesCloud", "nimbus", A),
        ("wendo", "usesCloud", "nimbus", A),
        ("oak", "supplies", "wendo", A),
        ("oak", "investsIn", "wendo", A),
    )
    assert found == [("Zorbu", "Nimbus", "100%", "1", "1"), ("Wendo", "Nimbus", "50%", "2", "2")]


def test_nobody_depends_on_himself() -> None:
    known = (Belonging("nimbus", "parent", "oak", "Oak"), Belonging("zorbu", "parent", "oak", "Oak"))
    assert rows("dependence", ("zorbu", "usesCloud", "nimbus", A), known=known) == []


def test_the_centre_is_what_the_ways_lead_through() -> None:
    spokes = [("hub", "partnersWith", other, A) for other in ("a", "b", "c")]
    found = rows("central", *spokes, ("x", "partnersWith", "y", A))
    assert found[0][:4] == ("Hub", "Company", "3", "0.3000")
    assert {row[0]: row[4] for row in found} == {"Hub": "Hub", "A": "Hub", "B": "Hub", "C": "Hub", "X": "X", "Y": "X"}
    assert rows("central") == []


def test_a_timeline_is_by_event_then_by_report() -> None:
    found = rows(
        "timeline",
        ("oak", "acquires", "zorbu", (Said("rumoured", "2024-05-01"),)),
        ("zorbu", "partnersWith", "wendo", (Said("asserted", "2024-06-01", "2023"), Said("ended", "2024-07-01"))),
        ("oak", "partnersWith", "zorbu", (Said("asserted"),)),
        ("oak", "partnersWith", "wendo", A),
        entity="zorbu",
    )
    assert [(row[0], row[1], row[2], row[4]) for row in found] == [
        ("2023", "2024-07-01", "Zorbu partners with Wendo", "asserted"),
        ("2024-05-01*", "", "Oak acquires Zorbu", "rumoured"),
        ("", "", "Oak partners with Zorbu", "asserted"),
    ]


@pytest.mark.parametrize(
    ("name", "entity", "message"),
    [
        ("loop", None, "no report 'loop': did you mean 'loops'?"),
        ("timeline", None, "a timeline is of one entity: name it"),
        ("timeline", "nobody", "no entity is called 'nobody'"),
        ("loops", "nobody", "no entity is called 'nobody'"),
    ],
)
def test_what_is_unknown_is_refused(name: str, entity: str | None, message: str) -> None:
    with pytest.raises(KgError) as caught:
        report(name, statement_set(("oak", "investsIn", "zorbu", A, "")), SCHEMA, entity=entity)
    assert message in str(caught.value)


def test_a_page_escapes_what_it_shows_and_asks_for_nothing() -> None:
    page = report_page(Report("loops", "<b>T</b>", "m & n", ("<i>",), (("<script>alert(1)</script>",),)))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "m &amp; n" in page
    assert "http" not in page
    assert '<html lang="en">' in page


def test_every_report_has_a_meaning_and_as_many_cells_as_columns() -> None:
    found = statement_set(("oak", "investsIn", "zorbu", A, "5"), ("zorbu", "usesCloud", "oak", A, ""))
    for name in REPORTS:
        made = report(name, found, SCHEMA, entity="oak")
        assert made.meaning.endswith(".")
        assert made.rows
        assert {len(row) for row in made.rows} == {len(made.columns)}
