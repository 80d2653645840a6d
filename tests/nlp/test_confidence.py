"""The confidence: one figure between 0 and 1 from what the component says and which pattern fired."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.confidence import FARTHEST, FARTHEST_WITH_PATTERN, Calibration, heard_logit, load_calibration, logit
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


@given(st.none() | PROBABILITIES)
def test_of_an_unheard_relation_nothing_learned_is_stated(likely: float | None) -> None:
    assert PLAIN.confidence("usesCloud", likely, pattern=None) == 0


@given(st.none() | PROBABILITIES)
def test_of_an_unheard_relation_a_pattern_stands_by_its_own_level(likely: float | None) -> None:
    levels = [PLAIN.confidence("usesCloud", likely, pattern=pattern) for pattern in ("usesCloud.rents", "unseen")]
    assert levels == [0.731, 0.881]


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


WEIGHTS = st.floats(-8, 8)
PATTERNS = st.sampled_from([None, "sues.files", "sues.rare"])
CALIBRATIONS = st.builds(
    lambda likely, doubted, relation, pattern, any_pattern, unheard: Calibration(
        likely, {"sues": doubted}, {"sues": relation}, {"sues.files": pattern}, {"sues": any_pattern}, unheard, 0.5, 0.4
    ),
    st.floats(0, 3),
    st.floats(0, 3),
    WEIGHTS,
    WEIGHTS,
    WEIGHTS,
    st.sampled_from([(), ("sues",)]),
)


@given(CALIBRATIONS, PROBABILITIES, PROBABILITIES, PATTERNS)
def test_the_likelier_the_surer(calibration: Calibration, one: float, other: float, pattern: str | None) -> None:
    low, high = (calibration.confidence("sues", each, pattern=pattern) for each in sorted((one, other)))
    assert 0 <= low <= high <= 1


@given(CALIBRATIONS, st.none() | PROBABILITIES, PATTERNS)
def test_confidence_has_three_decimals(calibration: Calibration, likely: float | None, pattern: str | None) -> None:
    sure = calibration.confidence("sues", likely, pattern=pattern)
    assert 0 <= sure <= 1
    assert float(f"{sure:.3f}") == sure


# What ships.


def test_the_shipped_weights_cover_every_relation() -> None:
    calibration, relations = load_calibration(), set(load_schema().relations)
    for weights in (calibration.relation, calibration.doubted, calibration.any_pattern):
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
