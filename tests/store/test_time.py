"""When statements hold, and what was known to hold on a day."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.store.time import Period, as_of, first_day, last_day, periods
from tests.store.made_statements import SCHEMA, Said, statement_set

CEO = ("ceoOf", "acmelo")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-11-22", "2024-11-22", "2024-11-22"),
        ("2024-11-22T10:00:00Z", "2024-11-22", "2024-11-22"),
        ("2024-02-30", None, None),
        ("2024-13", None, None),
        ("0000", None, None),
        ("soon", None, None),
        ("２０２４", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_the_days_of_a_date(text: str | None, first: str | None, last: str | None) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize(
    ("told", "period"),
    [
        ((Said("asserted", "2024-05-01", "2024-03"),), Period("2024-03")),
        ((Said("asserted", "2024-05-01"),), Period("2024-05-01")),
        ((Said("asserted", "2024-05-01"), Said("asserted", "2024-02-01")), Period("2024-02-01")),
        ((Said("asserted", "2024-05-01", "2024"), Said("asserted", "2024-06")), Period("2024-06")),
        ((Said("asserted"),), Period()),
        ((Said("asserted", "soon", "2024-02-31"),), Period()),
        ((Said("asserted", "2022-01-01"), Said("ended", "2024-01-05")), Period("2022-01-01", "2024-01-05")),
        ((Said("asserted", "2022-01-01"), Said("ended", "2024-01-05", "2023")), Period("2022-01-01", "2023")),
        ((Said("ended", "2024-01-05", "2023-06"),), Period(None, "2023-06")),
        ((Said("asserted", "2024-01-01"), Said("ended", "2020-01-01")), Period("2024-01-01")),
        ((Said("asserted", "2022-01-01"), Said("planned", "2021-01-01")), Period("2022-01-01")),
    ],
)
def test_valid_time(told: tuple[Said, ...], period: Period) -> None:
    found = statement_set(("oak", "partnersWith", "acmelo", told, ""))
    assert periods(found, SCHEMA) == {"s0": period}


@pytest.mark.parametrize("status", ["planned", "rumoured", "denied"])
def test_what_was_never_so_has_no_valid_time(status: str) -> None:
    found = statement_set(("oak", "partnersWith", "acmelo", (Said(status, "2024-01-01", "2024"),), ""))
    assert periods(found, SCHEMA) == {}


def test_the_next_closes_the_one_before_only_where_one_holds_at_a_time() -> None:
    def two(relation: str) -> list[Period]:
        told = (("one", "2020-01-01"), ("two", "2022-06-01"), ("three", "2024-01-01"))
        found = statement_set(*((who, relation, "acmelo", (Said("asserted", at),), "") for who, at in told))
        return list(periods(found, SCHEMA).values())

    closed = [Period("2020-01-01", "2022-06-01"), Period("2022-06-01", "2024-01-01"), Period("2024-01-01")]
    assert two("ceoOf") == two("primaryCloudFor") == closed
    assert two("worksFor") == two("investsIn") == [Period(each.start) for each in closed]


@pytest.mark.parametrize(
    ("first", "second"),
    [("2022", "2022-06-01"), ("2022-06-01", "2022-06-01"), (None, "2022-06-01"), ("2022-06-01", None)],
)
def test_where_the_order_is_not_known_nothing_is_closed(first: str | None, second: str | None) -> None:
    found = statement_set(("one", *CEO, (Said("asserted", first),), ""), ("two", *CEO, (Said("asserted", second),), ""))
    assert [period.end for period in periods(found, SCHEMA).values()] == [None, None]


def test_an_earlier_end_counts_before_the_successor() -> None:
    told = Said("asserted", "2020-01-01"), Said("ended", "2021-01-01")
    found = statement_set(("one", *CEO, told, ""), ("two", *CEO, (Said("asserted", "2024-01-01"),), ""))
    assert periods(found, SCHEMA)["s0"] == Period("2020-01-01", "2021-01-01")


HISTORY = (
    ("acmelo", "acquires", "zorbu",
     (Said("rumoured", "2023-05-01"), Said("planned", "2023-09-01"), Said("asserted", "2024-03-02", "2024-03-01")), ""),
    ("one", *CEO, (Said("asserted", "2022-01-01", "2019"),), ""),
    ("two", *CEO, (Said("asserted", "2023-11-05", "2023-11-01"),), ""),
    ("oak", "partnersWith", "acmelo", (Said("asserted", "2020-01-01"), Said("ended", "2023-06-01")), ""),
    ("oak", "investsIn", "zorbu", (Said("asserted"),), ""),
    ("oak", "sues", "zorbu", (Said("denied", "2023-01-01"), Said("asserted", "2024-01-01")), ""),
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "held"),
    [
        ("2018", {}),
        ("2019-12-30", {}),
        ("2019", {"s1": "asserted"}),
        ("2020-01-01", {"s1": "asserted", "s3": "asserted"}),
        ("2023-05-31", {"s0": "rumoured", "s1": "asserted", "s3": "asserted", "s5": "denied"}),
        ("2023-10", {"s0": "planned", "s1": "asserted", "s3": "ended", "s5": "denied"}),
        ("2023-11-01", {"s0": "planned", "s1": "ended", "s2": "asserted", "s3": "ended", "s5": "denied"}),
        ("2024-03-01", {"s0": "asserted", "s1": "ended", "s2": "asserted", "s3": "ended", "s5": "asserted"}),
    ],
)
def test_what_was_known_to_hold_on_a_day(day: str, held: dict[str, str]) -> None:
    then = as_of(statement_set(*HISTORY), day, SCHEMA)
    assert {statement.id: statement.status for statement in then.statements} == held


def test_only_what_counts_on_the_day_is_left_with_what_it_speaks_of() -> None:
    found = statement_set(*HISTORY)
    then = as_of(found, "2023-05-31", SCHEMA)
    rumour = next(s for s in then.statements if s.id == "s0")
    assert [found.documents[e.document].date for e in rumour.evidence] == ["2023-05-01"]
    assert set(then.entities) == {"acmelo", "zorbu", "one", "oak"}
    assert {document.date for document in then.documents.values()} == {
        "2023-05-01",
        "2022-01-01",
        "2020-01-01",
        "2023-01-01",
    }


@pytest.mark.parametrize("day", ["soon", "", "2024-02-30", "1"])
def test_what_is_no_date_is_refused(day: str) -> None:
    with pytest.raises(KgError, match="is no date: give a year, a month or a day"):
        as_of(statement_set(*HISTORY), day, SCHEMA)


DATES = st.none() | st.sampled_from(["2019", "2020-05", "2020-05-17", "2021-01-01", "2022"])
TOLD = st.lists(st.builds(Said, st.sampled_from(SCHEMA.statuses), DATES, DATES), min_size=1, max_size=3).map(tuple)
RELATIONS = st.sampled_from(["ceoOf", "worksFor"])
FACT = st.tuples(st.sampled_from(["one", "two"]), RELATIONS, st.just("acmelo"), TOLD, st.just(""))
FACTS = st.lists(FACT, max_size=4)


@given(FACTS, st.sampled_from(["2018", "2020-05-16", "2020-06", "2021", "2023"]))
def test_as_of_only_takes_away_and_taking_twice_is_taking_once(
    facts: list[tuple[str, str, str | None, tuple[Said, ...], str]], day: str
) -> None:
    found = statement_set(*facts)
    then = as_of(found, day, SCHEMA)
    assert {s.id for s in then.statements} <= {s.id for s in found.statements}
    assert as_of(then, day, SCHEMA) == then
    later = {s.id for s in as_of(found, "2030", SCHEMA).statements}
    assert {s.id for s in then.statements} <= later


def test_the_graph_and_the_command_line_answer_as_of_a_day(tmp_path: Path) -> None:
    from kg.store.graph import Graph

    graph = Graph(statement_set(*HISTORY), SCHEMA)
    asked = "SELECT ?who WHERE { ?who kg:ceoOf id:acmelo }"
    assert [graph.as_of(day).query(asked).rows for day in ("2020", "2024")] == [(("id:one",),), (("id:two",),)]
