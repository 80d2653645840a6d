"""Known surface forms in a text: which stand alone, which of overlapping ones counts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.known import Known, find_known, known_forms

FORMS = known_forms([
    Known("Acme", "Company", "acme"),
    Known("Acme Labs", "Institution", "acme-labs"),
    Known("Labs West", "Company", "labs-west"),
    Known("U.S.", "Place", "us"),
    Known(".bot", "Product", "dot-bot"),
    Known("Widget", "Company", either=("Company", "Product")),
    Known("Acme", "Person", "second"),
    Known("&", "Company", "and"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Acme grew.", ["Acme"]),
        ("Acme's, (Acme), Acme-made and Acme.", ["Acme"] * 4),
        ("acme, Acmes, xAcme, Acme1, @Acme, the_Acme, Acme_x, Acme@x.com, Acme.com, Acme$5", []),
        ("Acme Labs West grew.", ["Acme Labs"]),
        ("the U.S. and the U.S.", ["U.S.", "U.S."]),
        ("use .bot, not a.bot", [".bot"]),
        ("fish & chips", []),
        ("", []),
    ],
)
def test_a_form_is_found_where_it_stands_alone(text: str, found: list[str]) -> None:
    names = find_known(text, FORMS)
    assert [name.surface for name in names] == found
    assert [text[name.start : name.end] for name in names] == found


def test_the_first_thing_of_a_form_counts_and_one_of_several_is_unsure() -> None:
    acme, widget = find_known("Acme made Widget.", FORMS)
    assert (acme.type, acme.entity, acme.sure, acme.either) == ("Company", "acme", True, ())
    assert (widget.type, widget.entity, widget.sure, widget.either) == ("Company", None, False, ("Company", "Product"))


@given(st.lists(st.sampled_from(["Acme", " ", "Labs", "West", ".", "U.S.", "bot", "-", "x", "\n", "@"])).map("".join))
def test_names_never_overlap_and_come_in_order(text: str) -> None:
    names = find_known(text, FORMS)
    assert all(one.end <= other.start for one, other in pairwise(names))
    assert all(text[name.start : name.end] == name.surface for name in names)
