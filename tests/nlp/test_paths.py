"""Paths lead from a trigger to the names at its ends, on trees written by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.model import Amount
from kg.nlp.paths import NEAR, fillers, names_at, nearest, walk
from kg.nlp.patterns import STEPS, Step

BOUGHT = (
    "Acme:NNP:nsubj:bought bought:VBD:ROOT the:DT:det:maker maker:NN:dobj:bought of:IN:prep:maker "
    "Globex:NNP:pobj:of and:CC:cc:Globex Hooli:NNP:conj:Globex for:IN:prep:bought $5M:NN:pobj:for"
)
NAMES = {"Acme": "Company", "Globex": "Company", "Hooli": "Company"}


def path(text: str):
    """`patient > prep:of|from` as a path."""
    steps = []
    for part in text.split(" > "):
        name, _, words = part.partition(":")
        steps.append(Step(name, frozenset(word for word in words.split("|") if word)))
    return tuple(steps)


def reached(parsed, token, text: str) -> list[str]:
    return [found.text for found in walk(token, path(text), parsed)]


@pytest.mark.parametrize(
    ("start", "steps", "ends"),
    [
        ("bought", "self", ["bought"]),
        ("bought", "agent", ["Acme"]),
        ("bought", "patient", ["maker"]),
        ("bought", "subject", ["Acme"]),
        ("bought", "patient > prep:of", ["Globex"]),
        ("bought", "patient > prep:for", ["$5M"]),
        ("bought", "prep:for|with", ["$5M"]),
        ("maker", "governor", ["bought"]),
        ("maker", "governor:bought|sold > agent", ["Acme"]),
        ("maker", "governor:sold > agent", []),
        ("maker", "head", ["bought"]),
        ("maker", "head:bought", ["bought"]),
        ("maker", "head:sold", []),
        ("bought", "head", []),
        ("bought", "child:nsubj|dobj", ["Acme", "maker"]),
        ("Acme", "near", ["$5M"]),
    ],
)
def test_walk(parsed_of, token_of, start: str, steps: str, ends: list[str]) -> None:
    parsed = parsed_of(BOUGHT, NAMES, amounts={"$5M": Amount(Decimal(5000000), "USD")})
    assert reached(parsed, token_of(parsed.doc, start), steps) == ends


def test_walk_over_owners_modifiers_and_appositions(parsed_of, token_of) -> None:
    parsed = parsed_of(
        "Acme:NNP:poss:arm 's:POS:case:Acme cloud:NN:compound:arm arm:NN:nsubj:grew Nimbus:NNP:appos:arm grew:VBD:ROOT"
    )
    arm = token_of(parsed.doc, "arm")
    assert reached(parsed, arm, "poss") == ["Acme"]
    assert reached(parsed, arm, "compound") == ["cloud"]
    assert reached(parsed, arm, "compound:data") == []
    assert reached(parsed, arm, "appos") == ["Nimbus"]
    assert reached(parsed, arm, "predicand") == ["Nimbus"]


def test_a_step_starts_from_each_of_coordinated_nouns(parsed_of, token_of) -> None:
    """B is an investor in C and a partner of D: the way to D leads over the second noun."""
    parsed = parsed_of(
        "Acme:NNP:nsubj:bought bought:VBD:ROOT parts:NNS:dobj:bought of:IN:prep:parts Globex:NNP:pobj:of "
        "and:CC:cc:parts shares:NNS:conj:parts of:IN:prep:shares Hooli:NNP:pobj:7"
    )
    assert reached(parsed, token_of(parsed.doc, "bought"), "patient > prep:of") == ["Globex", "Hooli"]


def test_a_step_does_not_go_on_to_coordinated_verbs(parsed_of, token_of) -> None:
    parsed = parsed_of(
        "round:NN:dobj:closed Acme:NNP:nsubj:closed closed:VBD:ROOT and:CC:cc:closed "
        "Hooli:NNP:nsubj:left left:VBD:conj:closed"
    )
    assert reached(parsed, token_of(parsed.doc, "round"), "governor > agent") == ["Acme"]


@pytest.mark.parametrize("name", sorted(STEPS))
def test_every_step_can_be_walked_from_everywhere(parsed_of, name: str) -> None:
    parsed = parsed_of(BOUGHT, NAMES, amounts={"$5M": Amount(Decimal(5000000), "USD")}, label_end=4)
    for token in parsed.doc:
        found = walk(token, (Step(name, frozenset({"of", "nsubj"})), Step(name)), parsed)
        assert found == sorted(set(found), key=lambda t: t.i)


def test_the_label_step_leads_to_the_name_that_is_the_label(parsed_of, token_of) -> None:
    spec = "Widget:NNP:nsubj:tool is:VBZ:cop:tool tool:NN:ROOT by:IN:prep:tool Acme:NNP:pobj:by"
    names = {"Widget": "Product", "Acme": "Company"}
    with_label = parsed_of(spec, names, label_end=len("Widget"))
    assert reached(with_label, token_of(with_label.doc, "tool"), "label") == ["Widget"]
    without = parsed_of(spec, names)
    assert reached(without, token_of(without.doc, "tool"), "label") == []
    longer = parsed_of(spec, names, label_end=len("Widget is a tool"))
    assert reached(longer, token_of(longer.doc, "tool"), "label") == []


def filled(parsed, token, *paths: str) -> list[str]:
    return [name.surface for _, name in fillers(token, tuple(path(text) for text in paths), parsed)]


def test_the_first_path_that_leads_to_a_name_is_taken(parsed_of, token_of) -> None:
    parsed = parsed_of(BOUGHT, NAMES)
    bought = token_of(parsed.doc, "bought")
    assert filled(parsed, bought, "patient", "agent") == ["Acme"]
    assert filled(parsed, bought, "agent", "patient > prep:of") == ["Acme"]
    assert filled(parsed, bought, "prep:with") == []


def test_coordinated_names_come_together(parsed_of, token_of) -> None:
    parsed = parsed_of(BOUGHT, NAMES)
    assert filled(parsed, token_of(parsed.doc, "bought"), "patient > prep:of") == ["Globex", "Hooli"]


def standing_for(parsed, token) -> list[str]:
    return [name.surface for _, name in names_at(token, parsed)]


def test_a_reference_stands_for_its_name(parsed_of, token_of, name_of) -> None:
    parsed = parsed_of("It:PRP:nsubj:grew grew:VBD:ROOT", references={"It": name_of("Acme")})
    assert standing_for(parsed, token_of(parsed.doc, "It")) == ["Acme"]


LISTED = "and:CC:cc:Acme Globex:NNP:conj:Acme grew:VBD:ROOT"


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param("the:DT:det:firms firms:NNS:nsubj:grew Acme:NNP:appos:firms", id="apposition"),
        pytest.param("firms:NNS:nsubj:grew including:VBG:prep:firms Acme:NNP:pobj:including", id="including"),
        pytest.param("firms:NNS:nsubj:grew such:JJ:amod:as as:IN:prep:firms Acme:NNP:pobj:as", id="such as"),
        pytest.param("firms:NNS:nsubj:grew like:IN:prep:firms Acme:NNP:pobj:like", id="like"),
    ],
)
def test_a_common_noun_stands_for_the_names_listed_with_it(parsed_of, token_of, beginning: str) -> None:
    parsed = parsed_of(f"{beginning} {LISTED}", {"Acme": "Company", "Globex": "Company"})
    assert standing_for(parsed, token_of(parsed.doc, "firms")) == ["Acme", "Globex"]


def test_a_class_noun_stands_for_the_name_of_its_kind(parsed_of, token_of) -> None:
    spec = "Acme:NNP:nsubj:bought bought:VBD:ROOT Z100:NNP:compound:chips chips:NNS:dobj:bought"
    chips = parsed_of(spec, {"Acme": "Company", "Z100": "Chip"}, classes={"chips": ["Chip"]})
    assert standing_for(chips, token_of(chips.doc, "chips")) == ["Z100"]
    makers = parsed_of(spec, {"Acme": "Company", "Z100": "Company"}, classes={"chips": ["Chip"]})
    assert standing_for(makers, token_of(makers.doc, "chips")) == []
    no_class = parsed_of(spec, {"Acme": "Company", "Z100": "Chip"})
    assert standing_for(no_class, token_of(no_class.doc, "chips")) == []


def test_a_plain_noun_stands_for_nothing(parsed_of, token_of) -> None:
    parsed = parsed_of(BOUGHT, NAMES)
    assert standing_for(parsed, token_of(parsed.doc, "maker")) == []


CHAIN = "a:NN:ROOT b:NN:dep:a c:NN:dep:b d:NN:dep:c e:NN:dep:d f:NN:dep:e"


def test_nearest_counts_steps_in_the_tree(parsed_of) -> None:
    doc = parsed_of(CHAIN).doc
    assert NEAR == 4
    assert nearest(doc[0], {4: None}) == doc[4]
    assert nearest(doc[0], {5: None}) is None
    assert nearest(doc[0], {2: None, 1: None}) == doc[1]
    assert nearest(doc[3], {3: None, 2: None}) == doc[3]
    assert nearest(doc[0], {}) is None


def test_of_equally_near_ones_the_leftmost_is_taken(parsed_of) -> None:
    doc = parsed_of(CHAIN).doc
    assert nearest(doc[2], {3: None, 1: None}) == doc[1]


def test_nearest_stays_in_its_sentence(parsed_of) -> None:
    doc = parsed_of("a:NN:ROOT b:NN:dep:a // c:NN:ROOT d:NN:dep:c").doc
    assert nearest(doc[1], {2: None, 3: None}) is None
