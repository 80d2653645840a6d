"""Sums of money: the table of cases, and what must hold for any text."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.nlp import amounts
from kg.nlp.amounts import BOUNDS, KINDS, find_amounts

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "amounts.jsonl").read_text(encoding="utf-8").splitlines()
]
MONEY = (Path(__file__).parents[2] / "ontology" / "money.yaml").read_text(encoding="utf-8")
PIECES = st.sampled_from(
    [
        *("$", "€", "US$", "USD ", "Rs ", "1", "2.5", "1,000", "40+", " billion", "M", "bn", " to ", "-", " and ", "("),
        *(
            " dollars",
            " won",
            "half a ",
            "between ",
            "from ",
            " per ",
            "up to ",
            "total ",
            ". ",
            "\n\n",
            "x",
            " ",
            "½",
            "²",
        ),
    ]
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_case(case):
    found = [
        {
            "surface": case["text"][item.start : item.end],
            "value": str(item.amount.value),
            "currency": item.amount.currency,
            "bound": item.amount.bound,
            "kind": item.amount.kind,
        }
        for item in find_amounts(case["text"])
    ]
    assert found == case["expect"]


def test_a_cue_does_not_reach_over_another_amount_or_a_sentence():
    text = "Up to $1m and $2m. In total it is a lot. $3m was paid; all told, $4m. This was an est. $5m."
    assert [(item.amount.bound, item.amount.kind) for item in find_amounts(text)] == [
        ("up_to", "increment"),
        ("exact", "increment"),
        ("exact", "increment"),
        ("exact", "cumulative"),
        ("about", "increment"),
    ]


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_gives_sorted_disjoint_ranges_and_valid_amounts(text):
    end = 0
    for item in find_amounts(text):
        assert end <= item.start < item.end <= len(text)
        assert item.amount.value > 0
        assert "E" not in str(item.amount.value)
        assert item.amount.bound in BOUNDS
        assert item.amount.kind in KINDS
        end = item.end


@given(
    st.decimals(min_value="0.01", max_value=999_999, places=2),
    st.sampled_from(
        [(" million", 10**6), ("m", 10**6), (" billion", 10**9), ("bn", 10**9), ("k", 10**3), ("T", 10**12)]
    ),
    st.sampled_from([("$", "USD"), ("€", "EUR"), ("HK$", "HKD"), ("INR ", "INR")]),
    st.booleans(),
)
def test_a_written_sum_is_read_exactly(number, magnitude, currency, grouped):
    written = f"{currency[0]}{number:{',' if grouped else ''}f}{magnitude[0]}"
    text = f"Borealis paid {written} to Quillon."
    (found,) = find_amounts(text)
    assert text[found.start : found.end] == written
    assert found.amount.value == number * magnitude[1]
    assert found.amount.currency == currency[1]


@pytest.mark.parametrize(
    "unit",
    ["$", "1,", "11,", "1-", "$1-", "between ", "half a ", "$1 to ", "USD ", "total to $1 ", "up to ", "\n", "("],
)
def test_repetition_is_read_to_the_end(unit):
    """Patterns that backtrack without bound would not come back from this."""
    text = (unit * 100_000)[:100_000]
    assert all(found.end <= len(text) for found in find_amounts(text))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("symbols:", "symbol:", r"unknown key 'symbol' \(did you mean 'symbols'\?\)"),
        ("sets: up_to", "sets: upto", r"'upto' \(did you mean 'up_to'\?\)"),
        ("side: before", "site: before", "unknown key 'site'"),
        ("million: 1000000", "million: lots", "must have a number"),
        ("vague: [a]", "vague: [no]", "quote yes, no"),
        ("below: 1000000", "below: cheap", "whole number"),
        ("^in total", "'*'", "near end"),
    ],
)
def test_a_mistake_in_the_word_lists_is_named(tmp_path, old, new, message):
    path = tmp_path / "money.yaml"
    assert old in MONEY
    path.write_text(MONEY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        amounts._load_grammar(path)
    assert caught.value.path == str(path)


def test_values_are_whole_decimals_without_exponent():
    (found,) = find_amounts("$1.3 trillion")
    assert found.amount.value == Decimal(1_300_000_000_000)
    assert found.amount.value.as_tuple().exponent == 0
