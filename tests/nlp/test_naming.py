"""Names with the gates before and after: what goes on to the parser, with offsets that stay right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import extract
from kg.nlp.amounts import find_amounts
from kg.nlp.gate import Gates, load_gates, marks_of, units
from kg.nlp.lexicon import load_lexicon
from kg.nlp.loading import Pipeline
from kg.nlp.names import Name
from kg.nlp.naming import Named, find_names
from kg.nlp.passages import Passage, passages
from kg.read.readers import document_from_text

LEXICON = load_lexicon()
DULL = "The weather stayed mild, and many visitors enjoyed the gardens."
DEAL = "Acmelo will acquire Globexa, a chip start-up, for $5 million."


def passage_of(text: str) -> Passage:
    (found,) = passages(document_from_text("d", text), LEXICON)
    return found


def named(text: str, *surfaces: str) -> Named:
    """A passage in which these names stand, once each."""
    names = [Name(at := text.index(each), at + len(each), each, "Company", "test") for each in surfaces]
    return Named(passage_of(text), tuple(names), find_amounts(text))


def gates(*, known: float, named: float) -> Gates:
    """The gates with these thresholds."""
    shipped = load_gates()
    return Gates(replace(shipped.known, least=known), replace(shipped.named, least=named))


def test_marks_are_in_order_and_no_name_is_part_of_a_sum() -> None:
    text = "Rs 500 crore went to Acmelo."
    names = [Name(21, 27, "Acmelo", "Company", "test"), Name(0, 2, "Rs", "Company", "test")]
    assert marks_of(names, find_amounts(text)) == [(0, 12, "money"), (21, 27, "Company")]


def test_no_mark_is_cut_in_two() -> None:
    passage = passage_of("We met Acmelo Corp! Labs and left. It rained.")
    assert units(passage, [], LEXICON) == [(0, 20), (20, 35), (35, 45)]
    assert units(passage, [(7, 24, "Company")], LEXICON) == [(0, 35), (35, 45)]


@given(st.integers(0, 3), st.integers(1, 4))
def test_a_part_keeps_the_names_and_sums_that_lie_in_it(first: int, count: int) -> None:
    whole = named(f"{DULL} {DEAL} {DULL} It was Initeka.", "Acmelo", "Globexa", "Initeka")
    spans = units(whole.passage, marks_of(whole.names, whole.amounts), LEXICON)[first : first + count]
    part = whole.part(spans[0][0], spans[-1][1])
    text = part.passage.text
    assert text == whole.passage.text[spans[0][0] : spans[-1][1]]
    assert [name.surface for name in part.names] == [name for name in ("Acmelo", "Globexa", "Initeka") if name in text]
    assert all(text[name.start : name.end] == name.surface for name in part.names)
    assert [text[each.start : each.end] for each in part.amounts] == (["$5 million"] if DEAL in text else [])


def test_without_gates_everything_goes_on(pipeline: Pipeline) -> None:
    found, aside = find_names([passage_of(f"{DULL} {DEAL}")], pipeline)
    assert [each.passage.text for each in found] == [f"{DULL} {DEAL}"]
    assert [name.surface for name in found[0].names] == ["Acmelo", "Globexa"]
    assert aside == []


@pytest.mark.parametrize(
    ("least", "parsed", "beside"),
    [
        ({"known": -1e9, "named": -1e9}, ["Acmelo", "Globexa"], []),
        ({"known": -1e9, "named": 1e9}, [], ["Acmelo", "Globexa"]),
        ({"known": 1e9, "named": -1e9}, [], []),
    ],
)
def test_each_gate_holds_back(
    pipeline: Pipeline, least: dict[str, float], parsed: list[str], beside: list[str]
) -> None:
    opening = " ".join([DULL] * 4)
    text = f"{opening}\n\n{DEAL}"
    every = list(passages(document_from_text("d", text), LEXICON))
    found, aside = find_names(every, replace(pipeline, gates=gates(**least)))
    assert [name.surface for each in found for name in each.names] == parsed
    assert [name.surface for each in aside for name in each.names] == beside


def test_nothing_of_a_text_is_lost_between_the_gates(pipeline: Pipeline) -> None:
    every = [passage_of(f"{DULL} {DULL} {DULL} {DEAL} {DULL} {DEAL}")]
    found, aside = find_names(every, replace(pipeline, gates=load_gates()))
    parts = sorted(
        (part.passage.block.stored_span(0, len(part.passage.text)), part.passage.text) for part in (*found, *aside)
    )
    assert "".join(text for _, text in parts) == every[0].text


def test_facts_come_only_from_what_passes_both_gates(pipeline: Pipeline) -> None:
    document = document_from_text("d", f"{DEAL}\n\nMicrosoft was there.")
    (whole,) = extract([document], replace(pipeline, gates=gates(known=-1e9, named=-1e9)))
    assert [mention.relation for mention in whole.relations] == ["acquires"]
    (none,) = extract([document], replace(pipeline, gates=gates(known=-1e9, named=1e9)))
    assert none.relations == ()
    assert [mention.surface for mention in none.mentions] == ["Microsoft"]
