"""The confidence: one figure between 0 and 1 from what the component says and which pattern fired."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.confidence import (
    FARTHEST,
    FARTHEST_WITH_PATTERN,
    UNHEARD_ELSEWHERE,
    Calibration,
    heard_elsewhere,
    heard_logit,
    load_calibration,
    logit,
)
from kg.nlp.lexicon import WordForms
from kg.nlp.patterns import load_patterns
from kg.schema import load_schema

PROBABILITIES = st.floats(0, 1)
PLAIN = Calibration(
    likely=1.0,
    doubted={"investsIn": 0.5, "sues": 0.25, "usesCloud": 0.5},
    relation={"investsIn": 0.0, "sues": 2.0, "usesCloud": 9.0},
    pattern={"investsIn.backs": 1.0, "sues.files": 3.0, "usesCloud.rents": 1.0},
    any_pattern={"investsIn": 0.5, "sues": -0.5, "usesCloud": 2.0},
    elsewhere=0.5,
    elsewhere_with_pattern=0.25,
    unsure=-1.0,
    unsure_with_pattern=-0.5,
    other_object={},
    other_subject={},
    known=0.0,
    known_with_pattern=0.0,
    unheard=("usesCloud",),
    least=0.5,
    least_with_pattern=0.4,
)

# The logarithm of the odds.


@pytest.mark.parametrize(
    ("likely", "odds"),
    [(0.5, 0.0), (0.0, -FARTHEST), (1.0, FARTHEST), (1e-9, -FARTHEST), (1 - 1e-9, FARTHEST), (0.75, 1.0986)],
)
def test_log_odds(likely: float, odds: float) -> None:
    assert logit(likely) == pytest.approx(odds, abs=1e-4)


@given(PROBABILITIES, PROBABILITIES)
def test_log_odds_rise_with_the_probability(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert -FARTHEST <= logit(low) <= logit(high) <= FARTHEST


@given(PROBABILITIES)
def test_log_odds_are_the_same_both_ways(likely: float) -> None:
    assert logit(1 - likely) == pytest.approx(-logit(likely), abs=1e-6)


@pytest.mark.parametrize(
    ("likely", "plain", "with_pattern"),
    [
        (0.75, 1.0986, 1.0986),
        (0.95, 2.9444, FARTHEST_WITH_PATTERN),
        (0.05, -2.9444, -FARTHEST_WITH_PATTERN),
        (1.0, FARTHEST, FARTHEST_WITH_PATTERN),
        (0.0, -FARTHEST, -FARTHEST_WITH_PATTERN),
    ],
)
def test_where_a_pattern_fired_the_component_is_heard_less_far(
    likely: float, plain: float, with_pattern: float
) -> None:
    heard = [heard_logit(likely, pattern=pattern) for pattern in (None, "sues.files")]
    assert heard == pytest.approx([plain, with_pattern], abs=1e-4)


@pytest.mark.parametrize(
    ("likely", "told"),
    [
        (None, 0.0),
        (0.0, 0.0),
        (0.017, 0.0),
        (0.019, 0.0559),
        (0.5, -UNHEARD_ELSEWHERE),
        (1.0, FARTHEST - UNHEARD_ELSEWHERE),
    ],
)
def test_of_another_passage_what_is_above_the_least_counts(likely: float | None, told: float) -> None:
    assert heard_elsewhere(likely) == pytest.approx(told, abs=1e-3)


# The confidence.


@given(st.floats(0.003, 0.997))
def test_without_weights_of_its_own_a_relation_is_as_sure_as_the_component(likely: float) -> None:
    assert PLAIN.confidence("investsIn", likely, pattern=None) == pytest.approx(likely, abs=6e-4)


@pytest.mark.parametrize(
    ("relation", "likely", "pattern", "sure"),
    [
        ("investsIn", 0.5, None, 0.5),
        ("investsIn", 0.5, "investsIn.backs", 0.731),  # log odds 1
        ("investsIn", None, "investsIn.backs", 0.731),  # 1: not asked is as even odds
        ("investsIn", None, None, 0.0),  # nobody says so
        ("investsIn", 0.75, "investsIn.backs", 0.825),  # 1 + 0.5 * 1.0986
        ("investsIn", 0.0, "investsIn.backs", 0.438),  # 1 - 0.5 * 2.5: no farther
        ("investsIn", 1.0, "investsIn.backs", 0.905),  # 1 + 0.5 * 2.5
        ("investsIn", 0.5, "investsIn.rare", 0.622),  # 0.5
        ("sues", 0.5, "sues.rare", 0.378),  # -0.5: each relation has its own
        ("sues", 0.75, "sues.files", 0.964),  # 3 + 0.25 * 1.0986
        ("sues", 0.5, None, 0.881),  # 2
        ("sues", 0.5, "sues.files", 0.953),  # 3: the relation's 2 does not count
        ("investsIn", 0.0, None, 0.002),  # -6
        ("investsIn", 1.0, None, 0.998),  # 6
    ],
)
def test_confidence(relation: str, likely: float | None, pattern: str | None, sure: float) -> None:
    assert PLAIN.confidence(relation, likely, pattern=pattern) == sure


@pytest.mark.parametrize(
    ("likely", "pattern", "elsewhere", "unsure", "sure"),
    [
        (0.5, None, None, 0, 0.5),
        (0.5, None, 0.0, 0, 0.5),  # the other passage adds nothing, and takes nothing away
        (0.5, None, 0.5, 0, 0.881),  # 0.5 * 4
        (0.5, None, 1.0, 0, 0.993),  # 0.5 * (4 + 6)
        (0.0, None, 1.0, 0, 0.269),  # -6 + 5
        (0.5, None, None, 1, 0.269),  # -1
        (0.5, None, None, 2, 0.119),  # -2
        (0.5, None, 0.5, 1, 0.731),  # 2 - 1
        (0.5, "investsIn.backs", 0.5, 0, 0.881),  # 1 + 0.25 * 4
        (0.5, "investsIn.backs", 1.0, 0, 0.971),  # 1 + 0.25 * 10: no less far than without a pattern
        (0.5, "investsIn.backs", None, 1, 0.731),  # 1: it was asked, so the types fit without the pattern
        (0.5, "investsIn.rare", 0.5, 2, 0.818),  # 0.5 + 1
        (None, "investsIn.backs", 0.9, 0, 0.731),  # 1: not asked here, not heard elsewhere
        (None, "investsIn.backs", 0.9, 2, 0.5),  # 1 - 1
        (None, None, 0.9, 0, 0.0),
    ],
)
def test_other_passages_and_ends_of_unsure_types_have_weights_of_their_own(
    likely: float | None, pattern: str | None, elsewhere: float | None, unsure: int, sure: float
) -> None:
    assert PLAIN.confidence("investsIn", likely, pattern=pattern, elsewhere=elsewhere, unsure=unsure) == sure


@given(st.none() | PROBABILITIES, st.none() | PROBABILITIES, st.integers(0, 2))
def test_of_an_unheard_relation_nothing_learned_is_stated(
    likely: float | None, elsewhere: float | None, unsure: int
) -> None:
    assert PLAIN.confidence("usesCloud", likely, pattern=None, elsewhere=elsewhere, unsure=unsure) == 0


@given(st.none() | PROBABILITIES, st.none() | PROBABILITIES)
def test_of_an_unheard_relation_a_pattern_stands_by_its_own_level(
    likely: float | None, elsewhere: float | None
) -> None:
    levels = [
        PLAIN.confidence("usesCloud", likely, pattern=pattern, elsewhere=elsewhere)
        for pattern in ("usesCloud.rents", "unseen")
    ]
    assert levels == [0.731, 0.881]
    unsure = PLAIN.confidence("usesCloud", likely, pattern="usesCloud.rents", elsewhere=elsewhere, unsure=2)
    assert unsure == (0.5 if likely is None else 0.731)  # 1 - 1: only the slots of the pattern admit the types


@given(st.none() | PROBABILITIES, st.sampled_from(["sues.files", "sues.rare"]), st.floats(-8, 8))
def test_where_a_pattern_fired_the_level_without_one_counts_for_nothing(
    likely: float | None, pattern: str, level: float
) -> None:
    other = replace(PLAIN, relation={**PLAIN.relation, "sues": level})
    assert other.confidence("sues", likely, pattern=pattern) == PLAIN.confidence("sues", likely, pattern=pattern)


@given(st.none() | PROBABILITIES)
def test_a_relation_without_weights_is_stated_by_patterns_alone(likely: float | None) -> None:
    """One that a schema has and the shipped weights do not: as sure as a pattern is on average, 2 / 3."""
    looks = [PLAIN.confidence("mentors", likely, pattern=pattern) for pattern in (None, "mentors.mentor")]
    assert looks == [0, 0.661]


WEIGHTS, SLOPES = st.floats(-8, 8), st.floats(0, 3)
PATTERNS = st.sampled_from([None, "sues.files", "sues.rare"])
CALIBRATIONS = st.builds(
    Calibration,
    likely=SLOPES,
    doubted=st.fixed_dictionaries({"sues": SLOPES}),
    relation=st.fixed_dictionaries({"sues": WEIGHTS}),
    pattern=st.fixed_dictionaries({"sues.files": WEIGHTS}),
    any_pattern=st.fixed_dictionaries({"sues": WEIGHTS}),
    elsewhere=SLOPES,
    elsewhere_with_pattern=SLOPES,
    unsure=st.floats(-3, 0),
    unsure_with_pattern=st.floats(-3, 0),
    other_object=st.fixed_dictionaries({"sues": st.floats(-1, 0)}),
    other_subject=st.fixed_dictionaries({"sues": st.floats(-1, 0)}),
    known=SLOPES,
    known_with_pattern=SLOPES,
    unheard=st.sampled_from([(), ("sues",)]),
    least=st.just(0.5),
    least_with_pattern=st.just(0.4),
)
ELSEWHERE, UNSURE = st.none() | PROBABILITIES, st.integers(0, 2)
BESIDE = st.fixed_dictionaries(
    {"elsewhere": ELSEWHERE, "unsure": UNSURE, "known": st.integers(0, 2), "rivals": st.tuples(ELSEWHERE, ELSEWHERE)}
)


@given(CALIBRATIONS, PROBABILITIES, PROBABILITIES, PATTERNS, BESIDE)
def test_the_likelier_the_surer(
    calibration: Calibration, one: float, other: float, pattern: str | None, beside: dict[str, Any]
) -> None:
    low, high = (calibration.confidence("sues", each, pattern=pattern, **beside) for each in sorted((one, other)))
    assert 0 <= low <= high <= 1


@given(CALIBRATIONS, PROBABILITIES, PROBABILITIES, PATTERNS, PROBABILITIES)
def test_the_likelier_in_another_passage_the_surer(
    calibration: Calibration, one: float, other: float, pattern: str | None, likely: float
) -> None:
    found = [
        calibration.confidence("sues", likely, pattern=pattern, elsewhere=elsewhere)
        for elsewhere in (None, *sorted((one, other)))
    ]
    assert found == sorted(found)


@given(CALIBRATIONS, st.none() | PROBABILITIES, PATTERNS, ELSEWHERE)
def test_the_more_ends_are_unsure_the_less_sure(
    calibration: Calibration, likely: float | None, pattern: str | None, elsewhere: float | None
) -> None:
    found = [
        calibration.confidence("sues", likely, pattern=pattern, elsewhere=elsewhere, unsure=unsure)
        for unsure in (2, 1, 0)
    ]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("pattern", "rivals", "known", "sure"),
    [
        (None, (None, None), 0, 0.5),
        (None, (0.5, None), 0, 0.119),  # -0.5 * 4
        (None, (None, 0.5), 0, 0.269),  # -0.25 * 4
        (None, (0.5, 0.5), 0, 0.047),  # both
        (None, (0.01, 0.0), 0, 0.5),  # too unlikely to count
        (None, (None, None), 2, 0.881),  # 2 * 1
        ("investsIn.backs", (None, None), 0, 0.731),  # 1
        ("investsIn.backs", (0.5, None), 0, 0.269),  # 1 - 2
        ("investsIn.backs", (None, None), 2, 0.953),  # 1 + 2 * 1
    ],
)
def test_likely_rivals_make_a_fact_less_sure_and_known_ends_surer(
    pattern: str | None, rivals: tuple[float | None, float | None], known: int, sure: float
) -> None:
    weights = replace(PLAIN, other_object={"investsIn": -0.5}, other_subject={"investsIn": -0.25})
    weights = replace(weights, known=1.0, known_with_pattern=1.0)
    assert weights.confidence("investsIn", 0.5, pattern=pattern, rivals=rivals, known=known) == sure


def test_rivals_of_a_relation_that_is_not_heard_say_nothing() -> None:
    weights = replace(PLAIN, other_object={"usesCloud": -0.5}, other_subject={"usesCloud": -0.5})
    looks = {
        weights.confidence("usesCloud", 0.5, pattern="usesCloud.rents", rivals=each)
        for each in ((0.9, 0.9), (None, None))
    }
    assert len(looks) == 1


@given(CALIBRATIONS, st.none() | PROBABILITIES, PATTERNS, BESIDE)
def test_confidence_has_three_decimals(
    calibration: Calibration, likely: float | None, pattern: str | None, beside: dict[str, Any]
) -> None:
    sure = calibration.confidence("sues", likely, pattern=pattern, **beside)
    assert 0 <= sure <= 1
    assert float(f"{sure:.3f}") == sure


# What ships.


def test_the_shipped_weights_cover_every_relation() -> None:
    calibration, relations = load_calibration(), set(load_schema().relations)
    rivals = calibration.other_object, calibration.other_subject
    for weights in (calibration.relation, calibration.doubted, calibration.any_pattern, *rivals):
        assert set(weights) == relations
    assert set(calibration.unheard) < relations
    assert 0 < calibration.least < 1
    assert 0 < calibration.least_with_pattern < 1


def test_the_shipped_weights_are_of_patterns_that_there_are(plain_forms: WordForms) -> None:
    """A pattern that gets a new id loses its weight: `make model` weighs it anew."""
    ids = {pattern.id for pattern in load_patterns(load_schema(), plain_forms)}
    assert set(load_calibration().pattern) - ids == set()


def test_by_the_shipped_weights_the_likelier_is_the_surer() -> None:
    calibration = load_calibration()
    for relation in set(calibration.relation) - set(calibration.unheard):
        for pattern in (None, "seen too seldom"):
            low, high = (calibration.confidence(relation, each, pattern=pattern) for each in (0.05, 0.95))
            assert low < high, (relation, pattern)


def test_by_the_shipped_weights_known_ends_add() -> None:
    assert min(load_calibration().known, load_calibration().known_with_pattern) >= 0


def test_by_the_shipped_weights_what_another_passage_says_adds_and_unsure_types_take_away() -> None:
    calibration = load_calibration()
    assert min(calibration.elsewhere, calibration.elsewhere_with_pattern) >= 0
    assert max(calibration.unsure, calibration.unsure_with_pattern) <= 0
