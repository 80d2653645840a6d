"""Text for the page."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Amount, Entity
from kg.view.style import load_style
from kg.view.wording import UNSEEN, marked, percent, plain, safe_url, short, sum_text

CASES = Path(__file__).parent.parent / "cases"


def table(name: str) -> list[Any]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", table("sums.jsonl"), ids=lambda case: case["text"])
def test_sums(case: dict[str, Any]) -> None:
    value, currency, bound, kind = case["amount"]
    assert sum_text(Amount(Decimal(value), currency, bound, kind), load_style().currencies) == case["text"]


@pytest.mark.parametrize(
    ("confidence", "text"), [(1.0, ""), (0.999, "99%"), (0.93, "93%"), (0.626, "63%"), (0.07, "7%"), (0.0, "0%")]
)
def test_confidences(confidence: float, text: str) -> None:
    assert percent(confidence) == text


@pytest.mark.parametrize("case", table("urls.jsonl"), ids=lambda case: repr(case["url"]))
def test_links(case: dict[str, Any]) -> None:
    assert safe_url(case["url"]) == (case["url"] if case["safe"] else None)


def test_no_address_is_no_link() -> None:
    assert safe_url(None) is None


@given(st.text(alphabet=st.characters(codec=None)))
def test_plain_text_can_be_shown_and_encoded(text: str) -> None:
    shown = plain(text)
    assert not UNSEEN.search(shown)
    assert "\n" not in shown
    shown.encode("utf-8")
    assert plain(shown) == shown


def test_direction_overrides_are_dropped() -> None:
    assert plain("safe\u202egnp.exe \u2066x\u2069") == "safegnp.exe x"


def test_short() -> None:
    assert short("a" * 28) == "a" * 28
    assert short("a" * 29) == "a" * 27 + "…"


OAK = Entity("oak", "Oak", "Company", ("Oak", "Oak Labs", "oakies"))
ELM = Entity("elm", "Elm (UK)", "Company")


@pytest.mark.parametrize(
    ("quote", "names"),
    [
        ("Oak Labs backs Elm (UK).", ["Oak Labs", "Elm (UK)"]),
        ("Oakland is far from Oak.", ["Oak"]),
        ("OAK BACKS ELM", ["OAK"]),  # no name in its own letter case: any case counts
        ("oak and Oak", ["Oak"]),
        ("It backs the start-up.", []),
        ("<b>Oak</b>", ["Oak"]),
    ],
)
def test_names_are_marked(quote: str, names: list[str]) -> None:
    assert [text for text, name in marked(quote, [OAK, ELM]) if name] == names


@given(st.text(), st.lists(st.text(), max_size=4))
def test_marking_loses_nothing(quote: str, names: list[str]) -> None:
    pieces = marked(quote, [Entity(name, name, "Company", (name, quote[1:4])) for name in names])
    assert "".join(text for text, _ in pieces) == plain(quote)
    assert all(text for text, _ in pieces)
