"""What a document states: what the patterns find as far as it is sure, and what the component adds to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from kg.model import RelationMention
from kg.nlp import retyping as module
from kg.nlp.component import AMOUNT
from kg.nlp.confidence import Calibration
from kg.nlp.loading import Pipeline
from kg.nlp.marked import MONEY
from kg.nlp.names import Name
from kg.nlp.pipeline import annotate
from kg.nlp.relations import relate
from kg.nlp.retyping import judged_passages
from kg.read.readers import document_from_text
from kg.schema import load_schema

COMPANIES = re.compile("Acme|Globex|Hooli")
BOUGHT, MET = "Acme acquired Globex.", "Acme met Globex."
SCHEMA = load_schema()
PLAIN = Calibration(
    likely=1.0,
    doubted=dict.fromkeys(SCHEMA.relations, 1.0),
    relation=dict.fromkeys(SCHEMA.relations, 0.0),
    pattern={},
    any_pattern=dict.fromkeys(SCHEMA.relations, 2.0),
    elsewhere=0.0,
    elsewhere_with_pattern=0.0,
    unsure=0.0,
    unsure_with_pattern=0.0,
    other_object={},
    other_subject={},
    known=0.0,
    known_with_pattern=0.0,
    unheard=(),
    least=0.5,
    least_with_pattern=0.5,
)
"""A pattern counts for 2; where none fired a fact is as sure as the component."""

Said = Mapping[tuple[str, str], Mapping[str, float]]
States = Callable[..., tuple[RelationMention, ...]]


def companies(text: str, unsure: str) -> list[Name]:
    return [
        Name(m.start(), m.end(), m.group(), "Company", "test", sure=m.group() != unsure)
        for m in COMPANIES.finditer(text)
    ]


@pytest.fixture
def states(pipeline: Pipeline, saying: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> States:
    """What a text about companies states of whose names the component says so. `unsure`: one that may be none."""

    def stated(
        text: str, said: Said, calibration: Calibration = PLAIN, *, unsure: str = ""
    ) -> tuple[RelationMention, ...]:
        monkeypatch.setattr(module, "judge", saying(said, "planned"))
        by, document = replace(pipeline, calibration=calibration), document_from_text("doc", text)
        annotation = annotate(document, by, given=lambda passage: companies(passage, unsure))
        return relate(judged_passages(annotation, by), document, by)

    return stated


def told(found: Sequence[RelationMention]) -> list[tuple[str, str, str | None, str, float]]:
    return [
        (m.subject.surface, m.relation, m.object.surface if m.object else None, m.evidence.rule, m.evidence.confidence)
        for m in found
    ]


def test_what_a_pattern_finds_is_stated(states: States) -> None:
    assert told(states(BOUGHT, {})) == [("Acme", "acquires", "Globex", "acquires.acquire", 0.881)]
    assert states(MET, {}) == ()


@pytest.mark.parametrize(
    ("likely", "sure"), [(0.5, 0.881), (0.2, 0.649), (0.1, None), (0.9, 0.985)], ids=["even", "less", "none", "more"]
)
def test_the_component_makes_it_more_or_less_sure(states: States, likely: float, sure: float | None) -> None:
    found = states(BOUGHT, {("Acme", "Globex"): {"acquires": likely}})
    assert [each.evidence.confidence for each in found] == ([sure] if sure else [])


def test_each_pattern_has_its_own_weight(states: States) -> None:
    doubted = replace(PLAIN, pattern={"acquires.acquire": -1.0})
    assert [mention.evidence.rule for mention in states(BOUGHT, {}, doubted)] == ["acquires.acquire-headline"]


@pytest.mark.parametrize(
    ("least", "least_with_pattern", "rules"),
    [
        (0.7, 0.6, ["acquires.acquire"]),
        (0.6, 0.7, ["learned/sues"]),
        (0.6, 0.6, ["acquires.acquire", "learned/sues"]),
        (0.7, 0.7, []),
    ],
)
def test_what_a_pattern_found_has_a_least_confidence_of_its_own(
    states: States, least: float, least_with_pattern: float, rules: list[str]
) -> None:
    """Both are 0.65 sure."""
    calibration = replace(PLAIN, least=least, least_with_pattern=least_with_pattern)
    found = states(BOUGHT, {("Acme", "Globex"): {"acquires": 0.2, "sues": 0.65}}, calibration)
    assert [mention.evidence.rule for mention in found] == rules


@pytest.mark.parametrize("likely", [0.01, 0.99])
def test_of_an_unheard_relation_only_the_pattern_counts(states: States, likely: float) -> None:
    said = {("Acme", "Globex"): {"acquires": likely}}
    found = states(f"{BOUGHT}\n\n{MET}\n", said, replace(PLAIN, unheard=("acquires",)))
    assert told(found) == [("Acme", "acquires", "Globex", "acquires.acquire", 0.881)]


def test_what_the_component_is_sure_of_is_stated_with_its_sentence(states: States) -> None:
    (found,) = states(f"Hooli grew. {MET}", {("Acme", "Globex"): {"sues": 0.9, "acquires": 0.4}})
    assert told([found]) == [("Acme", "sues", "Globex", "learned/sues", 0.9)]
    assert (found.evidence.quote, found.evidence.status) == (MET, "planned")


def test_ends_in_two_sentences_are_quoted_with_both(states: States) -> None:
    (found,) = states("Hooli grew. Acme met us. Globex left. Hooli fell.", {("Globex", "Acme"): {"sues": 0.9}})
    assert told([found]) == [("Globex", "sues", "Acme", "learned/sues", 0.9)]
    assert found.evidence.quote == "Acme met us. Globex left."


@pytest.mark.parametrize("likely", [0.9, 0.1])
def test_what_a_pattern_told_the_component_does_not_tell_again(states: States, likely: float) -> None:
    said = {("Acme", "Globex"): {"acquires": likely}, ("Globex", "Acme"): {"acquires": 0.9}}
    assert {mention.evidence.rule for mention in states(BOUGHT, said)} <= {"acquires.acquire"}


def test_of_another_passage_the_component_may_tell_it(states: States) -> None:
    found = states(f"{BOUGHT}\n\n{MET}\n", {("Acme", "Globex"): {"acquires": 0.9}})
    assert [mention.evidence.rule for mention in found] == ["acquires.acquire", "learned/acquires"]


# What the other passages say, and whether the types of its ends are sure.

TOLD = replace(PLAIN, elsewhere=0.5, elsewhere_with_pattern=0.25)
UNSURE = replace(PLAIN, unsure=-1.0, unsure_with_pattern=-2.0, least=0.0, least_with_pattern=0.0)


@pytest.mark.parametrize(
    ("text", "said", "sure"),
    [
        (MET, {("Acme", "Globex"): {"sues": 0.5}}, [0.5]),
        (f"{MET} {MET}", {("Acme", "Globex"): {"sues": 0.5}}, [0.5]),  # one passage
        (f"{MET}\n\n{MET}\n", {("Acme", "Globex"): {"sues": 0.5}}, [0.881, 0.881]),  # 0.5 * 4
        (f"{MET}\n\nGlobex left.\n", {("Acme", "Globex"): {"sues": 0.5}}, [0.5]),
        (BOUGHT, {("Acme", "Globex"): {"acquires": 0.5}}, [0.881]),
        (f"{BOUGHT}\n\n{MET}\n", {("Acme", "Globex"): {"acquires": 0.5}}, [0.953, 0.881]),  # 2 + 0.25 * 4
        (f"{BOUGHT}\n\n{MET}\n", {("Acme", "Globex"): {"sues": 0.5}}, [0.881, 0.881, 0.881]),  # not of this relation
        (f"{BOUGHT}\n\n{MET}\n", {}, [0.881]),
    ],
)
def test_a_fact_is_surer_where_another_passage_states_it(
    states: States, text: str, said: Said, sure: list[float]
) -> None:
    assert [each.evidence.confidence for each in states(text, said, TOLD)] == sure


def test_of_a_symmetric_relation_the_other_passage_may_tell_it_either_way_round(states: States) -> None:
    said = {ends: {"competesWith": 0.5, "sues": 0.3} for ends in (("Acme", "Globex"), ("Globex", "Acme"))}
    found = states(f"Globex competes with Acme.\n\n{MET}\n", said, replace(TOLD, elsewhere=0.0))
    assert told(found) == [
        ("Globex", "competesWith", "Acme", "competes_with.compete-with", 0.953),
        ("Acme", "competesWith", "Globex", "learned/competesWith", 0.5),
    ]


@pytest.mark.parametrize(
    ("other", "sure"), [("$5 million", 0.953), ("$5.04 million", 0.953), ("$5.2 million", 0.881), ("$5 billion", 0.881)]
)
def test_of_a_fact_about_a_sum_the_other_passage_tells_about_that_sum(states: States, other: str, sure: float) -> None:
    text = f"Acme raised $5 million.\n\nAcme has {other} in mind.\n"
    found = states(text, {("Acme", MONEY): {"raises": 0.5}}, replace(TOLD, elsewhere=0.0))
    assert [(each.evidence.rule, each.evidence.confidence) for each in found] == [
        ("raises.raise", sure),
        ("learned/raises", 0.5),
    ]


@pytest.mark.parametrize(
    ("text", "unsure", "sure"),
    [
        (MET, "Hooli", 0.5),
        (MET, "Acme", 0.269),  # 0 - 1
        (MET, "Globex", 0.269),
        ("Acme works with Globex.", "Hooli", 0.881),
        ("Acme works with Globex.", "Globex", 0.881),  # the component was asked: the types fit
        ("Acme partnered with Globex.", "Globex", 0.881),  # a pattern that settles its type
    ],
)
def test_a_fact_is_less_sure_where_the_type_of_an_end_is_not(
    states: States, text: str, unsure: str, sure: float
) -> None:
    found = states(text, {("Acme", "Globex"): {"partnersWith": 0.5}}, UNSURE, unsure=unsure)
    assert {each.evidence.confidence for each in found} == {sure}


# Sums.

SUMS = {("Acme", "Globex"): {}, ("Acme", MONEY): {AMOUNT: 0.8}, ("Globex", MONEY): {AMOUNT: 0.7}}


@pytest.mark.parametrize(("said", "amount"), [(SUMS, 5_000_000), ({}, None)], ids=["both have it", "silent"])
def test_a_sum_that_no_pattern_found_is_that_of_both_ends(states: States, said: Said, amount: int | None) -> None:
    (found,) = states(f"{BOUGHT} The price was $5 million.", said)
    given = found.evidence.qualifiers.amount
    assert (found.evidence.rule, given and int(given.value)) == ("acquires.acquire", amount)


def test_a_relation_that_can_have_no_sum_has_none(states: States) -> None:
    found = states("Acme competes with Globex. The market is worth $5 million.", SUMS)
    assert [(mention.relation, mention.evidence.qualifiers.amount) for mention in found] == [("competesWith", None)]
