"""Dates, periods and a document's own date: the table of cases, and what must hold for any text."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.dates import find_dates, find_periods

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "dates.jsonl").read_text(encoding="utf-8").splitlines()
]
DATES = (Path(__file__).parents[2] / "ontology" / "dates.yaml").read_text(encoding="utf-8")
PIECES = st.sampled_from(
    [
        *(
            "November",
            "May",
            "Sept.",
            "22",
            "30",
            "31",
            "2024",
            "1999",
            "11/",
            "-",
            " ",
            ", ",
            "in ",
            "last ",
            "on ",
            "(",
            ")",
        ),
        *(
            "Friday",
            "yesterday",
            "last year",
            "two years ago",
            "Q3 ",
            "FY24",
            "the third quarter of ",
            "end of ",
            ". ",
            "\n",
        ),
    ]
)
DOCUMENT_DATES = st.one_of(
    st.none(),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(str),
    st.sampled_from(["2024", "2024-11", "2024-02-30", "soon", ""]),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text'][:50]} {case.get('document_date', '')}")
def test_case(case):
    found = find_dates(case["text"], document_date=case.get("document_date"))
    assert [[case["text"][item.start : item.end], item.iso] for item in found] == case["expect"]


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)), DOCUMENT_DATES)
def test_any_text_gives_sorted_disjoint_ranges_and_valid_dates(text, document_date):
    end = 0
    for item in find_dates(text, document_date=document_date):
        assert end <= item.start < item.end <= len(text)
        parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", item.iso)
        assert parts is not None
        date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
        end = item.end
    end = 0
    for start, stop, surface in find_periods(text):
        assert end <= start < stop <= len(text)
        assert surface == text[start:stop]
        end = stop


@given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(["%B %d, %Y", "%d %b %Y", "%Y-%m-%d", "%b. %d, %Y"])
)
def test_a_written_day_is_read_exactly(day, form):
    text = f"Quillon was sold on {day.strftime(form)} to Borealis."
    (found,) = find_dates(text)
    assert found.iso == day.isoformat()
    assert text[found.start : found.end] == day.strftime(form)


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(["Monday", "Thursday", "Friday", "Sunday"]))
def test_a_weekday_is_one_of_the_last_seven_days(document_date, weekday):
    (found,) = find_dates(f"Quillon was sold on {weekday}.", document_date=document_date.isoformat())
    assert date.fromisoformat(found.iso).strftime("%A") == weekday
    assert 0 <= (document_date - date.fromisoformat(found.iso)).days <= 6


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["2024", "2024-11"]))
def test_a_coarse_document_date_never_gives_a_finer_one(text, document_date):
    fixed = {(item.start, item.iso) for item in find_dates(text)}
    resolved = [
        item.iso for item in find_dates(text, document_date=document_date) if (item.start, item.iso) not in fixed
    ]
    assert all(len(iso) <= len(document_date) for iso in resolved)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sales in Q3 2024 rose.", ["Q3 2024"]),
        ("Sales rose in fiscal 2024 and FY24.", ["fiscal 2024", "FY24"]),
        ("Sales in the third quarter of 2024 rose.", ["the third quarter of 2024"]),
        ("Sales in the first half of 2025 rose.", ["the first half of 2025"]),
        ("Quillon made $3 million in 2023.", ["2023"]),
        ("Second-quarter sales fell from 3Q24 and Q4'23.", ["Second-quarter", "3Q24", "Q4'23"]),
        ("In the nine months ended September 30, 2024 it grew.", ["the nine months ended September 30, 2024"]),
        ("Full-year 2023 revenue, and Q3 of fiscal 2025.", ["Full-year 2023", "Q3 of fiscal 2025"]),
        ("The H100 and H2 water, founded since 2019, the first half.", []),
        ("In 2000 stores it sold Q35 bikes.", []),
    ],
)
def test_periods(text, expected):
    assert [surface for _, _, surface in find_periods(text)] == expected


@pytest.mark.parametrize(
    "unit",
    ["1,", "1-", "2024-", "11/", "in ", "the last ", "May ", "May 1-", "Friday ", "Q3 ", "end of ", "\n", ". ", "'"],
)
def test_repetition_is_read_to_the_end(unit):
    """Patterns that backtrack without bound would not come back from this."""
    text = (unit * 100_000)[:100_000]
    assert all(item.end <= len(text) for item in find_dates(text, document_date="2024-11-22"))
    assert all(end <= len(text) for _, end, _ in find_periods(text))
