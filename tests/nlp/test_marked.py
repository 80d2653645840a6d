"""Marked passages: names and sums give way to marks of their type, so nothing rests on who a name is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Amount
from kg.nlp.marked import MONEY, SENTENCES_APART, Marked, Slot, mark, marked
from kg.nlp.names import Name
from kg.nlp.parsed import Parsed
from kg.nlp.tokens import Piece

FIVE = Amount(Decimal(5_000_000), "USD")
INVESTS = "{one}:NNP:nsubj:Invests Invests:VBZ:ROOT $5M:NN:dobj:Invests in:IN:prep:Invests {other}:NNP:pobj:in"
BOTH = frozenset({("Company", "Company")})
KINDS = ("Company", "Person", "Model")


@pytest.mark.parametrize(("one", "other"), [("Acme", "Globex"), ("Initech_Labs", "Hooli"), ("Globex", "Acme")])
def test_names_and_sums_become_marks_whoever_is_named(parsed_of: Callable[..., Parsed], one: str, other: str) -> None:
    names = {one.replace("_", " "): "Company", other: "Person"}
    parsed = parsed_of(INVESTS.format(one=one, other=other), names, amounts={"$5M": FIVE})
    assert marked(parsed).words == ("[Company]", "invests", "[money]", "in", "[Person]")


def test_a_slot_knows_its_name_and_its_place(parsed_of: Callable[..., Parsed]) -> None:
    spec = f"Prices:NNS:nsubj:rose rose:VBD:ROOT // {INVESTS.format(one='Acme', other='Globex')}"
    parsed = parsed_of(spec, {"Acme": "Company", "Globex": "Company"}, amounts={"$5M": FIVE})
    assert marked(parsed).slots == (
        Slot(2, 2, "Company", parsed.names[2], 1),
        Slot(4, 4, MONEY, None, 1),
        Slot(6, 6, "Company", parsed.names[6], 1),
    )


def test_a_reference_is_marked_and_keeps_its_words(
    parsed_of: Callable[..., Parsed], name_of: Callable[..., Name]
) -> None:
    acme = name_of("Acme")
    spec = "It:PRP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought"
    found = marked(parsed_of(spec, {"Globex": "Company"}, references={"It": acme}))
    assert found.words == ("[Company]", "it", "bought", "[Company]")
    assert [(slot.word, slot.token, slot.name and slot.name.surface) for slot in found.slots] == [
        (0, 0, "Acme"),
        (3, 2, "Globex"),
    ]


def test_the_words_are_those_of_the_text_not_those_that_the_parser_was_shown(parsed_of: Callable[..., Parsed]) -> None:
    parsed = parsed_of("Partners:NNS:nsubj:are are:VBP:ROOT Acme:NNP:attr:are", {"Acme": "Company"})
    shown = replace(parsed, pieces=tuple(Piece(p.start, p.end, "Company") for p in parsed.pieces))
    assert marked(shown).words == ("partners", "are", "[Company]")


def test_a_passage_without_names_and_sums_has_no_slots(parsed_of: Callable[..., Parsed]) -> None:
    assert marked(parsed_of("Prices:NNS:nsubj:rose rose:VBD:ROOT")) == Marked(("prices", "rose"), ())


TOKENS = st.tuples(st.sampled_from((*KINDS, MONEY, "reference", "word")), st.booleans())


@given(st.lists(TOKENS, min_size=1, max_size=12))
def test_every_slot_stands_at_a_mark_of_its_kind(
    parsed_of: Callable[..., Parsed], name_of: Callable[..., Name], tokens: list[tuple[str, bool]]
) -> None:
    heads = [max(j for j in range(i + 1) if j == 0 or tokens[j][1]) for i in range(len(tokens))]
    spec = " ".join(f"W{i}:NN:dep:{head}" if i != head else f"// W{i}:NN:ROOT" for i, head in enumerate(heads))
    of = {kind: [f"W{i}" for i, (each, _) in enumerate(tokens) if each == kind] for kind, _ in tokens}
    parsed = parsed_of(
        spec,
        {form: kind for kind in KINDS for form in of.get(kind, [])},
        amounts=dict.fromkeys(of.get(MONEY, []), FIVE),
        references=dict.fromkeys(of.get("reference", []), name_of("Acme")),
    )
    found = marked(parsed)
    assert [found.words[slot.word] for slot in found.slots] == [mark(slot.kind) for slot in found.slots]
    assert [slot.token for slot in found.slots] == [i for i, (kind, _) in enumerate(tokens) if kind != "word"]
    assert [slot.sentence for slot in found.slots] == [
        sum(opens for _, opens in tokens[1 : slot.token + 1]) for slot in found.slots
    ]
    kept = [f"w{i}" for i, (kind, _) in enumerate(tokens) if kind in ("word", "reference")]
    assert [word for word in found.words if not word.startswith("[")] == kept


# Pairs.


def slots(*given: tuple[str, str, int], entities: dict[str, str] | None = None) -> Marked:
    """A passage of marks alone: surface form (none for a sum), kind and sentence of each."""
    names = [
        Name(0, len(surface), surface, kind, "test", sure=True, entity=(entities or {}).get(surface))
        if surface
        else None
        for surface, kind, _ in given
    ]
    return Marked(
        tuple(mark(kind) for _, kind, _ in given),
        tuple(Slot(i, i, kind, names[i], sentence) for i, (_, kind, sentence) in enumerate(given)),
    )


def test_two_names_pair_both_ways() -> None:
    assert list(slots(("Acme", "Company", 0), ("Globex", "Company", 0)).pairs(BOTH)) == [(0, 1), (1, 0)]


def test_only_kinds_that_a_relation_admits_pair_and_only_in_its_direction() -> None:
    passage = slots(("Acme", "Company", 0), ("Jane Roe", "Person", 0), ("", MONEY, 0), ("Oslo", "Place", 0))
    ends = frozenset({("Person", "Company"), ("Company", MONEY)})
    assert list(passage.pairs(ends)) == [(0, 2), (1, 0)]


def test_two_marks_of_one_name_do_not_pair() -> None:
    passage = slots(("Acme", "Company", 0), ("Acme", "Company", 0), ("Globex", "Company", 0))
    assert list(passage.pairs(BOTH)) == [(0, 2), (1, 2), (2, 0), (2, 1)]


@pytest.mark.parametrize(("entities", "pairs"), [({"Acme": "a", "Acme Labs": "a"}, 0), ({"Acme": "a"}, 2), ({}, 2)])
def test_two_names_of_one_known_entity_do_not_pair(entities: dict[str, str], pairs: int) -> None:
    passage = slots(("Acme", "Company", 0), ("Acme Labs", "Company", 0), entities=entities)
    assert len(list(passage.pairs(BOTH))) == pairs


@pytest.mark.parametrize(
    ("apart", "pairs"), [(0, 2), (1, 2), (SENTENCES_APART, 2), (SENTENCES_APART + 1, 0), (SENTENCES_APART + 5, 0)]
)
def test_names_that_are_many_sentences_apart_do_not_pair(apart: int, pairs: int) -> None:
    passage = slots(("Acme", "Company", 1), ("Globex", "Company", 1 + apart))
    assert len(list(passage.pairs(BOTH))) == pairs
