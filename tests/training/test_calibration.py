"""The calibration: which facts are candidates, and weights by which so many are right as the confidence says."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.nlp import retyping as module
from kg.nlp.component import AMOUNT
from kg.nlp.confidence import NO_RIVALS, Calibration, Rivals, heard_elsewhere, logit
from kg.nlp.loading import Pipeline
from kg.nlp.marked import MONEY
from kg.nlp.names import Name
from kg.nlp.pipeline import annotate
from kg.schema import load_schema
from kg.training.calibration import (
    LEAST_LIKELY,
    Candidate,
    candidates_of,
    confidence_of,
    figures,
    fit,
    key_of,
    reliability,
    write,
)
from kg.training.gold import GoldDocument, GoldFact

RELATIONS = ("acquires", "investsIn", "sues")
TWO = {"Acme": "Company", "Globex": "Company"}
BOUGHT, MET, RAISED = "Acme acquired Globex.", "Acme met Globex.", "Acme raised $5 million."
WORKS = "Acme works with Globex."
"""What a pattern finds that settles no types."""
BUYS, RAISES = "acquires.acquire", "raises.raise"
"""The patterns that find these facts; the first where there are several."""
FILES, WINS = "sues.files", "sues.wins"

# Candidates. What the component says is set by the test.

Candidates = Callable[..., list[Candidate]]


@pytest.fixture
def candidates(
    pipeline: Pipeline,
    gold_of: Callable[..., GoldDocument],
    saying: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
) -> Candidates:
    """The candidates of a text of which the component says so and which states these facts, without their rivals.

    `unsure`: the names of whose types the text is not sure. `known`: those that the registry knows. `whole`: with their
    rivals.
    """

    def found(
        text: str,
        said: Mapping[tuple[str, str], Mapping[str, float]],
        *facts: tuple[str, str, str | None, float | None],
        aliases: Mapping[str, str] | None = None,
        by: Pipeline = pipeline,
        unsure: Collection[str] = (),
        known: Collection[str] = (),
        whole: bool = False,
    ) -> list[Candidate]:
        monkeypatch.setattr(module, "judge", saying(said, "asserted"))
        stated = [GoldFact(one, relation, other, "asserted", amount, ()) for one, relation, other, amount in facts]
        gold = replace(gold_of(text, TWO, stated, aliases=aliases), complete=False)

        def names(passage: str) -> list[Name]:
            every = [replace(name, sure=name.surface not in unsure) for name in gold.names(passage)]
            return [replace(name, entity=name.surface if name.surface in known else None) for name in every]

        annotation = annotate(gold.document, by, given=names)
        every = candidates_of(gold, annotation, by, load_schema()).values()
        return [each if whole else replace(each, rivals=NO_RIVALS) for each in every]

    return found


IS_BOUGHT = ("Acme", "acquires", "Globex", None)
IS_OWNER = ("Acme", "invests_in", "Globex", None)


def test_what_a_pattern_finds_is_a_candidate_though_the_component_says_nothing(candidates: Candidates) -> None:
    assert candidates(BOUGHT, {}) == [Candidate("acquires", None, BUYS, right=False)]
    assert candidates(BOUGHT, {}, IS_BOUGHT) == [Candidate("acquires", None, BUYS, right=True)]


def test_what_the_component_holds_for_possible_is_a_candidate(candidates: Candidates) -> None:
    said = {("Acme", "Globex"): {"investsIn": 0.9, "sues": LEAST_LIKELY, "acquires": LEAST_LIKELY / 2, AMOUNT: 0.9}}
    assert candidates(MET, said, IS_OWNER) == [
        Candidate("investsIn", 0.9, None, right=True),
        Candidate("sues", LEAST_LIKELY, None, right=False),
    ]


def test_what_both_find_is_one_candidate(candidates: Candidates) -> None:
    said = {("Acme", "Globex"): {"acquires": 0.8}, ("Globex", "Acme"): {"acquires": 0.3}}
    assert candidates(BOUGHT, said, IS_BOUGHT) == [
        Candidate("acquires", 0.8, BUYS, right=True),
        Candidate("acquires", 0.3, None, right=False),
    ]


def test_the_component_is_heard_on_what_a_pattern_finds_however_unlikely(candidates: Candidates) -> None:
    said = {("Acme", "Globex"): {"acquires": LEAST_LIKELY / 2}}
    assert candidates(BOUGHT, said) == [Candidate("acquires", LEAST_LIKELY / 2, BUYS, right=False)]


def test_a_symmetric_relation_is_one_candidate_for_both_ways(candidates: Candidates) -> None:
    said = {("Acme", "Globex"): {"competesWith": 0.4}, ("Globex", "Acme"): {"competesWith": 0.6}}
    for one, other in (("Acme", "Globex"), ("Globex", "Acme")):
        found = candidates(MET, said, (one, "competes_with", other, None))
        assert found == [Candidate("competesWith", 0.6, None, right=True)]


def test_the_forms_of_a_name_make_one_candidate_over_all_passages(candidates: Candidates) -> None:
    text = f"{MET}\n\nAcme Labs met Globex.\n"
    said = {("Acme", "Globex"): {"investsIn": 0.2}, ("Acme Labs", "Globex"): {"investsIn": 0.7}}
    found = candidates(text, said, IS_OWNER, aliases={"Acme Labs": "Acme"})
    assert found == [Candidate("investsIn", 0.7, None, right=True, elsewhere=0.2)]


FORMS = {"Acme Labs": "Acme", "Acme Works": "Acme"}
THREE_FORMS = {
    (form, "Globex"): {"investsIn": likely} for form, likely in zip(("Acme", *FORMS), (0.2, 0.7, 0.5), strict=True)
}


@pytest.mark.parametrize(
    ("text", "likely", "elsewhere"),
    [
        (MET, 0.2, None),
        (f"{MET}\n\n{MET}\n", 0.2, 0.2),
        (f"{MET}\n\nAcme Labs met Globex.\n\nAcme Works met Globex.\n", 0.7, 0.5),
        (f"Acme Works met Globex.\n\n{MET}\n\nAcme left.\n", 0.5, 0.2),
        (f"{MET} Acme Labs met Globex.", 0.7, None),  # in one passage
        (f"{MET} Acme Labs met Globex.\n\n{MET}\n", 0.7, 0.2),
    ],
)
def test_a_candidate_has_the_likelihoods_of_the_two_passages_that_most_likely_state_it(
    candidates: Candidates, text: str, likely: float, elsewhere: float | None
) -> None:
    found = candidates(text, THREE_FORMS, aliases=FORMS)
    assert found == [Candidate("investsIn", likely, None, right=False, elsewhere=elsewhere)]


@pytest.mark.parametrize(("names", "unsure"), [((), 0), (("Hooli",), 0), (("Globex",), 1), (("Acme", "Globex"), 2)])
def test_the_ends_whose_types_are_not_sure_are_counted(
    candidates: Candidates, names: tuple[str, ...], unsure: int
) -> None:
    said = {("Acme", "Globex"): {"investsIn": 0.9}, ("Acme", MONEY): {"raises": 0.8}}
    found = candidates("Acme met Globex over $5 million.", said, unsure=names)
    assert found == [
        Candidate("investsIn", 0.9, None, right=False, unsure=unsure),
        Candidate("raises", 0.8, None, right=False, unsure=int("Acme" in names)),
    ]


@pytest.mark.parametrize(("form", "unsure"), [("Acme", 0), ("Acme Labs", 1)])
def test_they_are_those_of_the_passage_that_most_likely_states_it(
    candidates: Candidates, form: str, unsure: int
) -> None:
    found = candidates(f"{MET}\n\nAcme Labs met Globex.\n", THREE_FORMS, aliases=FORMS, unsure=[form])
    assert found == [Candidate("investsIn", 0.7, None, right=False, elsewhere=0.2, unsure=unsure)]


@pytest.mark.parametrize(
    ("names", "unsure"), [(["Acme"], 1), (["Acme", "Globex"], 2), (["Acme Labs"], 0), (["Acme Labs", "Globex"], 1)]
)
def test_where_a_pattern_found_it_they_are_those_of_the_passage_that_it_found_it_in(
    candidates: Candidates, names: list[str], unsure: int
) -> None:
    said = {(form, "Globex"): {"partnersWith": likely} for form, likely in (("Acme", 0.2), ("Acme Labs", 0.7))}
    found = candidates(f"{WORKS}\n\nAcme Labs met Globex.\n", said, aliases=FORMS, unsure=names)
    assert found == [
        Candidate("partnersWith", 0.7, "partners_with.work-with", right=False, elsewhere=0.2, unsure=unsure)
    ]


def test_a_type_that_a_pattern_settles_is_sure(candidates: Candidates) -> None:
    found = candidates(BOUGHT, {("Acme", "Globex"): {"acquires": 0.8}}, unsure=["Acme", "Globex"])
    assert found == [Candidate("acquires", 0.8, BUYS, right=False)]


def test_what_two_patterns_find_is_of_the_first(candidates: Candidates) -> None:
    found = candidates(f"{BOUGHT}\n\nAcme finalized its purchase of Globex.\n", {}, IS_BOUGHT)
    assert found == [Candidate("acquires", None, BUYS, right=True)]


def test_a_fact_that_is_too_unsure_to_be_stated_is_a_candidate_still(
    candidates: Candidates, pipeline: Pipeline
) -> None:
    said = {("Acme", "Globex"): {"acquires": 0.02, "sues": 0.03}}
    doubtful = replace(pipeline.calibration, pattern={}, any_pattern=dict.fromkeys(load_schema().relations, -9.0))
    assert candidates(BOUGHT, said, by=replace(pipeline, calibration=doubtful)) == [
        Candidate("acquires", 0.02, BUYS, right=False),
        Candidate("sues", 0.03, None, right=False),
    ]


def test_a_pattern_that_fires_in_one_passage_counts_for_the_document(candidates: Candidates) -> None:
    said = {("Acme", "Globex"): {"acquires": 0.3}}
    found = candidates(f"{BOUGHT}\n\n{MET}\n", said, IS_BOUGHT)
    assert found == [Candidate("acquires", 0.3, BUYS, right=True, elsewhere=0.3)]


@pytest.mark.parametrize(("amount", "right"), [(5e6, True), (5.04e6, True), (5.2e6, False), (5e9, False)])
def test_a_fact_about_a_sum_is_right_by_about_that_sum(candidates: Candidates, amount: float, right: bool) -> None:
    said = {("Acme", MONEY): {"raises": 0.6}}
    found = candidates(RAISED, said, ("Acme", "raises", None, amount))
    assert found == [Candidate("raises", 0.6, RAISES, right=right)]


@pytest.mark.parametrize(
    ("relation", "other", "key"),
    [
        ("acquires", "Acme", ("acquires", "Globex", "Acme")),
        ("partnersWith", "Acme", ("partnersWith", "Acme", "Globex")),  # either way round
        ("raises", 5.04e6, ("raises", "Globex", "5e+06")),
        ("raises", 5000000, ("raises", "Globex", "5e+06")),
        ("raises", None, ("raises", "Globex", "")),
    ],
)
def test_what_makes_two_facts_the_same(relation: str, other: str | float | None, key: tuple[str, str, str]) -> None:
    assert key_of(load_schema().relations[relation], "Globex", other) == key


@pytest.mark.parametrize(("known", "count"), [((), 0), (("Hooli",), 0), (("Globex",), 1), (("Acme", "Globex"), 2)])
@pytest.mark.parametrize("text", [MET, BOUGHT])
def test_the_ends_that_the_registry_knows_are_counted(
    candidates: Candidates, text: str, known: tuple[str, ...], count: int
) -> None:
    found = candidates(text, {("Acme", "Globex"): {"acquires": 0.9}}, known=known)
    assert [each.known for each in found if each.relation == "acquires"] == [count]


def test_a_candidate_has_the_rivals_that_extraction_sees(candidates: Candidates) -> None:
    """Extraction does not know that two forms are one company."""
    said = {("Acme", "Globex"): {"sues": 0.9}, ("Acme Labs", "Globex"): {"sues": 0.3}}
    found = candidates(f"{MET}\n\nAcme Labs met Globex.\n", said, aliases={"Acme Labs": "Acme"}, whole=True)
    assert [(each.likely, each.elsewhere, each.rivals) for each in found] == [(0.9, 0.3, (None, 0.3))]


def test_it_is_said_whose_judgement_a_candidate_has(pipeline: Pipeline, gold_of: Callable[..., GoldDocument]) -> None:
    gold = gold_of(BOUGHT, TWO, [])
    for complete in (True, False):
        document = replace(gold, complete=complete)
        annotation = annotate(document.document, pipeline, given=document.names)
        found = candidates_of(document, annotation, pipeline, load_schema()).values()
        assert {each.annotated for each in found} == {complete}


# The fit.


def some(
    count: int,
    right: int,
    relation: str = "sues",
    likely: float | None = 0.5,
    *,
    pattern: str | None = None,
    elsewhere: float | None = None,
    unsure: int = 0,
    known: int = 0,
    rivals: Rivals = NO_RIVALS,
    annotated: bool = False,
) -> list[Candidate]:
    """So many candidates that look alike, so many of them right."""
    alike = Candidate(relation, likely, pattern, False, elsewhere, unsure, known, rivals, annotated)
    return [replace(alike, right=i < right) for i in range(count)]


def sure(
    calibration: Calibration,
    relation: str = "sues",
    likely: float | None = 0.5,
    *,
    pattern: str | None = None,
    elsewhere: float | None = None,
    unsure: int = 0,
    known: int = 0,
    rivals: Rivals = NO_RIVALS,
) -> float:
    beside = {"elsewhere": elsewhere, "unsure": unsure, "known": known, "rivals": rivals}
    return calibration.confidence(relation, likely, pattern=pattern, **beside)  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", [None, FILES])
@pytest.mark.parametrize("side", [0, 1])
def test_a_likely_rival_counts_for_what_it_is_worth(pattern: str | None, side: int) -> None:
    """Half are right where no other end is likely, one in ten where one is; of another relation, half in any case."""
    rivals: Rivals = (0.9, None) if side == 0 else (None, 0.9)
    found = [*some(500, 250, pattern=pattern), *some(500, 50, pattern=pattern, rivals=rivals)]
    found += [*some(500, 250, "acquires"), *some(500, 250, "acquires", rivals=rivals)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    assert sure(calibration, pattern=pattern) == pytest.approx(0.5, abs=0.03)
    assert sure(calibration, pattern=pattern, rivals=rivals) == pytest.approx(0.1, abs=0.03)
    assert sure(calibration, "acquires", rivals=rivals) == pytest.approx(0.5, abs=0.05)
    assert sure(calibration, pattern=pattern, rivals=(rivals[1], rivals[0])) == sure(calibration, pattern=pattern)


@pytest.mark.parametrize("pattern", [None, FILES])
def test_known_ends_count_for_what_they_are_worth(pattern: str | None) -> None:
    other = FILES if pattern is None else None
    found = [each for known in (0, 1, 2) for each in some(500, (100, 250, 400)[known], pattern=pattern, known=known)]
    found += [each for known in (0, 1, 2) for each in some(500, 250, pattern=other, known=known)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    looks = [sure(calibration, pattern=pattern, known=known) for known in (0, 1, 2)]
    assert looks == pytest.approx([0.2, 0.5, 0.8], abs=0.03)
    assert [sure(calibration, pattern=other, known=known) for known in (0, 2)] == pytest.approx([0.5, 0.5], abs=0.03)


def test_annotations_that_lack_facts_make_nothing_less_sure() -> None:
    """Of those that the gold facts judge, 80 of 100 are right; of those that an annotation judges, half."""
    found = [*some(300, 240), *some(900, 450, annotated=True)]
    found += [*some(300, 240, "acquires"), *some(900, 450, "acquires", annotated=True)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    assert [sure(calibration, each) for each in ("sues", "acquires")] == pytest.approx([0.8, 0.8], abs=0.02)


def test_without_candidates_nothing_is_known() -> None:
    calibration = fit([], RELATIONS, least=(0.4, 0.3))
    assert (calibration.least, calibration.least_with_pattern) == (0.4, 0.3)
    assert (set(calibration.relation), calibration.pattern) == (set(RELATIONS), {})
    assert {sure(calibration, each, 0.9, pattern=fired) for each in RELATIONS for fired in (FILES, None)} == {0.5}


@pytest.mark.parametrize("right", [5, 30, 50, 95])
def test_so_many_are_right_as_the_confidence_says(right: int) -> None:
    assert sure(fit(some(100, right), RELATIONS, least=(0.5, 0.3))) == pytest.approx(right / 100, abs=0.01)


def test_the_confidence_follows_what_the_component_says() -> None:
    groups = [(0.1, 10), (0.5, 50), (0.9, 90)]
    calibration = fit(
        [each for likely, right in groups for each in some(100, right, likely=likely)], RELATIONS, least=(0.5, 0.3)
    )
    assert [sure(calibration, likely=likely) for likely, _ in groups] == pytest.approx([0.1, 0.5, 0.9], abs=0.02)
    assert calibration.likely == pytest.approx(1, abs=0.05)


def test_a_component_that_is_too_sure_is_believed_less() -> None:
    found = [*some(100, 30, likely=0.05), *some(100, 70, likely=0.95)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    assert [sure(calibration, likely=likely) for likely in (0.05, 0.95)] == pytest.approx([0.3, 0.7], abs=0.02)


def test_a_pattern_counts_for_what_it_is_worth() -> None:
    calibration = fit([*some(200, 40), *some(200, 160, pattern=FILES)], RELATIONS, least=(0.5, 0.3))
    looks = [sure(calibration, pattern=pattern) for pattern in (None, FILES)]
    assert looks == pytest.approx([0.2, 0.8], abs=0.03)


def test_a_pattern_seen_seldom_is_about_as_sure_as_others_of_its_relation() -> None:
    found = [*some(500, 450, pattern=FILES), *some(500, 50, "acquires", pattern=BUYS)]
    found += [*some(2, 1, pattern="sues.few"), *some(2, 1, "acquires", pattern="acquires.few")]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    assert sure(calibration, pattern="sues.unseen") == pytest.approx(0.9, abs=0.03)
    assert sure(calibration, "acquires", pattern="acquires.unseen") == pytest.approx(0.1, abs=0.03)
    assert 0.75 < sure(calibration, pattern="sues.few") < 0.9
    assert 0.1 < sure(calibration, "acquires", pattern="acquires.few") < 0.25
    assert 0.4 < sure(calibration, "investsIn", pattern="investsIn.unseen") < 0.6


def test_each_relation_weighs_what_the_component_says_against_a_pattern() -> None:
    found = [*some(2000, 400, likely=0.2, pattern=FILES), *some(2000, 1600, likely=0.8, pattern=FILES)]
    found += [each for likely in (0.2, 0.8) for each in some(2000, 1000, "acquires", likely, pattern=BUYS)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    assert [sure(calibration, likely=each, pattern=FILES) for each in (0.2, 0.8)] == pytest.approx([0.2, 0.8], abs=0.03)
    assert calibration.doubted["acquires"] == pytest.approx(0, abs=0.1)


def test_an_unheard_relation_is_as_sure_as_its_patterns_whatever_the_component_says() -> None:
    found = [*some(200, 160, likely=0.9, pattern=FILES), *some(200, 20, likely=0.1, pattern=WINS), *some(50, 50)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3), unheard=["sues"])
    assert list(calibration.unheard) == ["sues"]
    for likely in (None, 0.1, 0.9):
        assert sure(calibration, likely=likely, pattern=FILES) == pytest.approx(0.8, abs=0.03)
        assert sure(calibration, likely=likely, pattern=WINS) == pytest.approx(0.1, abs=0.03)
        assert sure(calibration, likely=likely) == 0


@pytest.mark.parametrize("pattern", [None, FILES])
def test_what_another_passage_says_counts_for_what_it_is_worth(pattern: str | None) -> None:
    other = FILES if pattern is None else None
    found = [*some(500, 150, pattern=pattern), *some(500, 400, pattern=pattern, elsewhere=0.9)]
    found += [*some(500, 300, pattern=other), *some(500, 300, pattern=other, elsewhere=0.9)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    looks = [sure(calibration, pattern=pattern, elsewhere=elsewhere) for elsewhere in (None, 0.0, 0.5, 0.9, 1.0)]
    assert looks == sorted(looks)
    assert [looks[0], looks[1], looks[3]] == pytest.approx([0.3, 0.3, 0.8], abs=0.02)
    others = [sure(calibration, pattern=other, elsewhere=elsewhere) for elsewhere in (None, 0.9)]
    assert others == pytest.approx([0.6, 0.6], abs=0.02)


@pytest.mark.parametrize("pattern", [None, FILES])
def test_ends_of_unsure_types_count_for_what_they_are_worth(pattern: str | None) -> None:
    other = FILES if pattern is None else None
    asked = 0.5 if pattern is None else None  # where a pattern fired, only what the component was not asked about
    found = [*some(500, 400, likely=asked, pattern=pattern), *some(500, 250, likely=asked, pattern=pattern, unsure=1)]
    found += some(500, 100, likely=asked, pattern=pattern, unsure=2)
    found += [*some(500, 300, pattern=other), *some(500, 300, pattern=other, unsure=1)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    looks = [sure(calibration, likely=asked, pattern=pattern, unsure=unsure) for unsure in (0, 1, 2)]
    assert looks == pytest.approx([0.8, 0.5, 0.2], abs=0.02)
    others = [sure(calibration, pattern=other, unsure=unsure) for unsure in (0, 1)]
    assert others == pytest.approx([0.6, 0.6], abs=0.02)


def test_what_they_are_worth_is_the_same_for_every_relation() -> None:
    found = [*some(500, 100, elsewhere=0.1), *some(500, 300, elsewhere=0.9), *some(500, 50, unsure=1)]
    calibration = fit([*found, *some(500, 250, "investsIn")], RELATIONS, least=(0.5, 0.3))
    even, told, unsure = (
        logit(sure(calibration, "investsIn", elsewhere=elsewhere, unsure=unsure))
        for elsewhere, unsure in ((None, 0), (0.9, 0), (None, 1))
    )
    assert told - even == pytest.approx(calibration.elsewhere * heard_elsewhere(0.9), abs=0.02)
    assert unsure - even == pytest.approx(calibration.unsure, abs=0.02)
    assert calibration.elsewhere > 0.2
    assert calibration.unsure < -0.5


def test_of_an_unheard_relation_what_another_passage_says_is_not_learned_from() -> None:
    found = [*some(200, 40, pattern=FILES), *some(200, 160, pattern=FILES, elsewhere=0.9)]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3), unheard=["sues"])
    assert calibration.elsewhere_with_pattern == pytest.approx(0, abs=1e-3)
    assert sure(calibration, pattern=FILES, elsewhere=0.9) == pytest.approx(0.5, abs=0.01)


def test_a_pattern_goes_its_own_way_as_far_as_there_are_candidates_for_it() -> None:
    found = [*some(500, 450, pattern=FILES), *some(500, 50, pattern=WINS), *some(2, 0, pattern="sues.few")]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    few, unseen = (sure(calibration, pattern=pattern) for pattern in ("sues.few", "sues.unseen"))
    assert sure(calibration, pattern=FILES) == pytest.approx(0.9, abs=0.02)
    assert sure(calibration, pattern=WINS) == pytest.approx(0.1, abs=0.02)
    assert 0.45 < unseen < 0.55
    assert 0.2 < few < unseen


def test_a_pattern_counts_the_same_for_every_relation() -> None:
    """Its level stands for that of the relation, which then says what is so without any pattern."""
    found = [*some(300, 30, "sues"), *some(300, 270, "sues", pattern=FILES), *some(300, 150, "investsIn")]
    calibration = fit(found, RELATIONS, least=(0.5, 0.3))
    assert sure(calibration) == pytest.approx(0.1, abs=0.02)
    assert sure(calibration, "investsIn") == pytest.approx(0.5, abs=0.02)
    assert [sure(calibration, each, pattern=FILES) for each in RELATIONS] == [pytest.approx(0.9, abs=0.02)] * 3


def test_a_relation_goes_its_own_way_as_far_as_there_are_candidates_for_it() -> None:
    found = [*some(500, 450, "sues"), *some(500, 50, "investsIn"), *some(2, 0, "acquires")]
    calibration = fit(found, (*RELATIONS, "develops"), least=(0.5, 0.3))
    common, few = sure(calibration, "develops"), sure(calibration, "acquires")
    assert sure(calibration, "investsIn") == pytest.approx(0.1, abs=0.02)
    assert sure(calibration, "sues") == pytest.approx(0.9, abs=0.02)
    assert 0.45 < common < 0.55
    assert 0.2 < few < common


BESIDE = {"right": st.booleans(), "elsewhere": st.none() | st.floats(0, 1), "unsure": st.integers(0, 2)}
BY_PATTERN = st.sampled_from([("sues", FILES), ("sues", WINS), ("acquires", BUYS)]).flatmap(
    lambda found_by: st.builds(
        Candidate, st.just(found_by[0]), st.none() | st.floats(0, 1), st.just(found_by[1]), **BESIDE
    )
)
BY_COMPONENT = st.builds(Candidate, st.sampled_from(RELATIONS), st.floats(0, 1), st.none(), **BESIDE)


@settings(max_examples=40, deadline=None)
@given(st.lists(BY_PATTERN | BY_COMPONENT, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_the_fit_is_finite_and_does_not_rest_on_the_order(found: list[Candidate], rng: random.Random) -> None:
    once, again = (fit(order, RELATIONS, least=(0.5, 0.3)) for order in (found, rng.sample(found, len(found))))
    for each in found:
        assert confidence_of(each, once) == pytest.approx(confidence_of(each, again), abs=2e-3)
    mean = sum(confidence_of(each, once) for each in found) / len(found)
    assert mean == pytest.approx(sum(each.right for each in found) / len(found), abs=0.1)


# How good it is.

EVEN, ONE = dict.fromkeys(RELATIONS, 0.0), dict.fromkeys(RELATIONS, 1.0)
PLAIN = Calibration(1.0, ONE, EVEN, {}, EVEN, 0.0, 0.0, 0.0, 0.0, EVEN, EVEN, 0.0, 0.0, (), 0.5, 0.5)
"""As sure as the component."""


def test_reliability_holds_the_confidence_against_the_share_that_is_right() -> None:
    found = [*some(4, 1, likely=0.22), *some(1, 1, likely=0.28), *some(2, 2, likely=1.0), *some(2, 0, likely=0.9)]
    tenths: list[Any] = [
        ("0.2-0.3", 5, pytest.approx(0.232), 0.4),
        ("0.9-1.0", 4, pytest.approx((2 * 0.998 + 2 * 0.9) / 4), 0.5),
    ]
    assert reliability(found, PLAIN) == tenths


@pytest.mark.parametrize(
    ("candidate", "confidence"),
    [
        (Candidate("sues", 0.5, None, right=False), 0.5),
        (Candidate("sues", 0.5, None, right=False, elsewhere=0.5), 0.881),  # 0.5 * 4
        (Candidate("sues", 0.5, None, right=False, elsewhere=0.5, unsure=1), 0.731),  # 2 - 1
        (Candidate("sues", 0.5, FILES, right=True, elsewhere=0.5), 0.731),  # 0.25 * 4
        (Candidate("sues", 0.5, FILES, right=True, unsure=2), 0.5),  # asked: the types fit
        (Candidate("sues", None, FILES, right=True, unsure=2), 0.018),  # -4
        (Candidate("sues", None, FILES, right=True, elsewhere=0.5, unsure=1), 0.119),  # -2
    ],
)
def test_the_confidence_of_a_candidate_is_that_of_all_that_is_known_of_it(
    candidate: Candidate, confidence: float
) -> None:
    weights = replace(PLAIN, elsewhere=0.5, elsewhere_with_pattern=0.25, unsure=-1.0, unsure_with_pattern=-2.0)
    assert confidence_of(candidate, weights) == confidence
    right = float(candidate.right)
    assert [tenth[1:] for tenth in reliability([candidate], weights)] == [(1, confidence, right)]
    assert figures([candidate], weights, 1, confidence) == (right, right, right)
    assert figures([candidate], weights, 1, confidence + 0.001) == (0, 0, 0)


def test_a_confidence_of_one_is_in_the_last_tenth() -> None:
    certain = replace(PLAIN, relation=dict.fromkeys(RELATIONS, 50.0))
    assert reliability(some(3, 3), certain) == [("0.9-1.0", 3, 1.0, 1.0)]


@pytest.mark.parametrize(
    ("gold", "least", "expected"),
    [
        (5, 0.5, (0.75, 0.6, 2 * 3 / 9)),
        (5, 0.1, (4 / 6, 0.8, 2 * 4 / 11)),
        (5, 0.8, (0.75, 0.6, 2 * 3 / 9)),
        (5, 0.81, (0.0, 0.0, 0.0)),
        (0, 0.81, (0.0, 0.0, 0.0)),
    ],
)
def test_figures_where_all_that_is_sure_enough_is_stated(
    gold: int, least: float, expected: tuple[float, float, float]
) -> None:
    found = [*some(4, 3, likely=0.8), *some(2, 1, likely=0.2)]
    assert figures(found, PLAIN, gold, least) == pytest.approx(expected)


def test_what_is_written_is_what_the_runtime_reads(tmp_path: Path) -> None:
    found = [
        *some(9, 4),
        *some(5, 3, "acquires", None, pattern=BUYS),
        *some(3, 3, elsewhere=0.8),
        *some(3, 0, unsure=1),
    ]
    calibration = fit(found, RELATIONS, least=(0.45, 0.3), unheard=["investsIn"])
    assert 0 not in (calibration.elsewhere, calibration.unsure)
    write(calibration, tmp_path / "confidence.json")
    again = Calibration(**json.loads((tmp_path / "confidence.json").read_text(encoding="utf-8")))
    assert replace(again, unheard=tuple(again.unheard)) == calibration
