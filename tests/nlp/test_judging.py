"""From what the component says of marks to facts: sure enough, each once, with its sum, date and sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Amount
from kg.nlp.component import AMOUNT, Judged
from kg.nlp.confidence import Calibration
from kg.nlp.judging import Likely, likelihoods, likely_facts, own_sums
from kg.nlp.marked import marked
from kg.nlp.parsed import Parsed
from kg.schema import Relation, load_schema

SCHEMA = load_schema()
PLAIN = Calibration(
    likely=1.0,
    doubted=dict.fromkeys(SCHEMA.relations, 1.0),
    relation=dict.fromkeys(SCHEMA.relations, 0.0),
    pattern={},
    any_pattern=dict.fromkeys(SCHEMA.relations, 0.0),
    unheard=(),
    least=0.5,
    least_with_pattern=0.5,
)
"""As sure as the component."""
FIVE, NINE = Amount(Decimal(5_000_000), "USD"), Amount(Decimal(9_000_000), "USD")
TWO = "Acme:NNP:nsubj:met met:VBD:ROOT Globex:NNP:dobj:met"
SUMS = "Acme:NNP:nsubj:put put:VBD:ROOT $5M:NN:dobj:put of:IN:prep:$5M $9M:NN:pobj:of in:IN:prep:put Globex:NNP:pobj:in"

Said = tuple[int, int, Mapping[str, float]]


@pytest.fixture(scope="module")
def two(parsed_of: Callable[..., Parsed]) -> Parsed:
    """Two companies: slots 0 and 1."""
    return parsed_of(TWO, {"Acme": "Company", "Globex": "Company"})


@pytest.fixture(scope="module")
def sums(parsed_of: Callable[..., Parsed]) -> Parsed:
    """Two companies, slots 0 and 3, and two sums, slots 1 and 2."""
    return parsed_of(SUMS, {"Acme": "Company", "Globex": "Company"}, amounts={"$5M": FIVE, "$9M": NINE})


def facts(parsed: Parsed, *said: Said, status: str = "asserted", calibration: Calibration = PLAIN) -> list[Likely]:
    """The facts of a passage of whose slots the component says so."""
    judged = [Judged(one, other, likely, status) for one, other, likely in said]
    return list(likely_facts(parsed, marked(parsed), judged, calibration=calibration, schema=SCHEMA))


def shown(found: Sequence[Likely]) -> list[tuple[str, str, str | None]]:
    return [(fact.subject.surface, fact.relation, fact.object and fact.object.surface) for fact in found]


def test_what_the_component_is_sure_of_is_a_fact(two: Parsed) -> None:
    (fact,) = facts(two, (0, 1, {"investsIn": 0.9, "acquires": 0.2}), status="planned")
    assert shown([fact]) == [("Acme", "investsIn", "Globex")]
    assert (fact.status, fact.confidence) == ("planned", 0.9)


@pytest.mark.parametrize(("likely", "count"), [(0.8, 1), (0.7, 1), (0.69, 0), (0.0, 0)])
def test_what_is_less_sure_than_the_least_is_none(two: Parsed, likely: float, count: int) -> None:
    assert len(facts(two, (0, 1, {"investsIn": likely}), calibration=replace(PLAIN, least=0.7))) == count


def test_the_confidence_is_calibrated_as_without_a_pattern(two: Parsed) -> None:
    surer = dict.fromkeys(SCHEMA.relations, 9.0)
    weights = replace(PLAIN, relation={**PLAIN.relation, "acquires": 3.0}, any_pattern=surer, least_with_pattern=0.1)
    (fact,) = facts(two, (0, 1, {"investsIn": 0.4, "acquires": 0.4}), calibration=weights)
    assert fact.relation == "acquires"
    assert fact.confidence == weights.confidence("acquires", 0.4, pattern=None)


def test_of_an_unheard_relation_there_is_no_fact(two: Parsed) -> None:
    weights = replace(PLAIN, unheard=("investsIn",))
    found = facts(two, (0, 1, {"investsIn": 0.99, "acquires": 0.8}), calibration=weights)
    assert shown(found) == [("Acme", "acquires", "Globex")]


def test_the_surest_comes_first(two: Parsed) -> None:
    found = facts(two, (0, 1, {"acquires": 0.6, "investsIn": 0.8}), (1, 0, {"investsIn": 0.7}))
    assert [fact.confidence for fact in found] == [0.8, 0.7, 0.6]


@pytest.mark.parametrize(
    ("relation", "told"), [("partnersWith", ["Globex"]), ("investsIn", ["Globex", "Acme"])], ids=["symmetric", "not"]
)
def test_only_a_symmetric_relation_is_told_once_for_both_ways(two: Parsed, relation: str, told: list[str]) -> None:
    found = facts(two, (0, 1, {relation: 0.8}), (1, 0, {relation: 0.9}))
    assert [fact.subject.surface for fact in found] == told


def test_of_several_marks_of_a_name_the_surest_tells_the_fact(parsed_of: Callable[..., Parsed]) -> None:
    spec = f"{TWO} // Acme:NNP:nsubj:5 left:VBD:ROOT Hooli:NNP:dobj:5"
    parsed = parsed_of(spec, {"Acme": "Company", "Globex": "Company", "Hooli": "Company"})
    found = facts(parsed, (0, 1, {"sues": 0.7}), (2, 1, {"sues": 0.9}), (2, 3, {"sues": 0.6}))
    assert shown(found) == [("Acme", "sues", "Globex"), ("Acme", "sues", "Hooli")]
    assert (found[0].confidence, found[0].first.token, found[0].last.token) == (0.9, 2, 3)


def test_the_ends_are_in_the_order_of_the_text(two: Parsed) -> None:
    (fact,) = facts(two, (1, 0, {"acquires": 0.9}))
    assert shown([fact]) == [("Globex", "acquires", "Acme")]
    assert (fact.first.token, fact.last.token) == (0, 2)


# Sums.


def test_a_sum_in_the_place_of_an_object(sums: Parsed) -> None:
    found = facts(sums, (0, 2, {"raises": 0.9, AMOUNT: 0.0}), (0, 1, {"raises": 0.8}))
    assert shown(found) == [("Acme", "raises", None), ("Acme", "raises", None)]
    assert [fact.qualifiers.amount for fact in found] == [NINE, FIVE]


def test_that_a_name_has_a_sum_is_no_fact_by_itself(sums: Parsed) -> None:
    assert facts(sums, (0, 1, {AMOUNT: 0.99}), (3, 1, {AMOUNT: 0.99})) == []


@pytest.mark.parametrize(
    ("of_acme", "of_globex", "amount"),
    [
        ((0.9, 0.1), (0.9, 0.1), FIVE),
        ((0.1, 0.9), (0.1, 0.9), NINE),
        ((0.9, 0.6), (0.5, 0.6), NINE),  # what counts is the end that has it less
        ((0.7, 0.7), (0.7, 0.7), FIVE),  # the first of equals
        ((0.5, 0.0), (0.5, 0.0), FIVE),
        ((0.9, 0.1), (0.1, 0.9), None),  # each end another sum
        ((0.9, 0.9), (0.4, 0.4), None),
    ],
)
def test_a_fact_has_the_sum_that_both_its_ends_have(
    sums: Parsed, of_acme: tuple[float, float], of_globex: tuple[float, float], amount: Amount | None
) -> None:
    said = [(0, 3, {"investsIn": 0.9})]
    said += [(0, 1 + i, {AMOUNT: likely}) for i, likely in enumerate(of_acme)]
    said += [(3, 1 + i, {AMOUNT: likely}) for i, likely in enumerate(of_globex)]
    assert [fact.qualifiers.amount for fact in facts(sums, *said)] == [amount]


BETWEEN_COMPANIES = [each for each in SCHEMA.relations.values() if "Company" in each.domain and "Company" in each.range]


@pytest.mark.parametrize("relation", BETWEEN_COMPANIES, ids=lambda relation: relation.name)
def test_only_a_relation_that_can_have_a_sum_has_that_of_its_ends(sums: Parsed, relation: Relation) -> None:
    (fact,) = facts(sums, (0, 3, {relation.name: 0.9}), (0, 1, {AMOUNT: 0.9}), (3, 1, {AMOUNT: 0.9}))
    assert fact.qualifiers.amount == (FIVE if relation.has_sum else None)


def test_the_sum_of_two_names_may_stand_at_any_of_their_marks(parsed_of: Callable[..., Parsed]) -> None:
    spec = f"{TWO} // Acme:NNP:nsubj:paid paid:VBD:ROOT $5M:NN:dobj:paid"
    parsed = parsed_of(spec, {"Acme": "Company", "Globex": "Company"}, amounts={"$5M": FIVE})
    said = [(0, 1, {}), (2, 1, {}), (1, 0, {}), (0, 3, {AMOUNT: 0.1}), (2, 3, {AMOUNT: 0.8}), (1, 3, {AMOUNT: 0.7})]
    judged = [Judged(one, other, likely, "asserted") for one, other, likely in said]
    assert own_sums(parsed, marked(parsed), judged) == {("Acme", "Globex"): FIVE}


def test_without_sums_there_is_no_amount(two: Parsed) -> None:
    assert [fact.qualifiers.amount for fact in facts(two, (0, 1, {"investsIn": 0.9}))] == [None]


# Dates and rounds.


def test_a_fact_has_the_date_that_is_nearest_to_its_object(parsed_of: Callable[..., Parsed]) -> None:
    spec = "2019:CD:npadvmod:1 Acme:NNP:nsubj:met met:VBD:ROOT Globex:NNP:dobj:met 2024:CD:npadvmod:Globex"
    parsed = replace(parsed_of(spec, {"Acme": "Company", "Globex": "Company"}), dates={0: "2019", 4: "2024"})
    found = facts(parsed, (0, 1, {"acquires": 0.9}), (1, 0, {"acquires": 0.8}))
    assert [fact.qualifiers.date for fact in found] == ["2024", "2019"]


def test_the_date_of_another_sentence_is_not_taken(parsed_of: Callable[..., Parsed]) -> None:
    parsed = replace(parsed_of(f"{TWO} // 2024:CD:ROOT", {"Acme": "Company", "Globex": "Company"}), dates={3: "2024"})
    assert [fact.qualifiers.date for fact in facts(parsed, (0, 1, {"acquires": 0.9}))] == [None]


def test_a_round_belongs_to_a_fact_about_a_sum(sums: Parsed) -> None:
    parsed = replace(sums, rounds={3: "series_a"})
    found = facts(parsed, (0, 1, {"raises": 0.9}), (0, 3, {"investsIn": 0.8}))
    assert [(fact.relation, fact.qualifiers.round) for fact in found] == [("raises", "series_a"), ("investsIn", None)]


# How likely each fact is.


def test_a_fact_is_as_likely_as_at_its_likeliest_marks(parsed_of: Callable[..., Parsed]) -> None:
    parsed = parsed_of(f"{TWO} // Acme:NNP:ROOT", {"Acme": "Company", "Globex": "Company"})
    said = [(0, 1, {"sues": 0.3, "acquires": 0.6}), (2, 1, {"sues": 0.7, "acquires": 0.5}), (1, 0, {"sues": 0.1})]
    judged = [Judged(one, other, likely, "asserted") for one, other, likely in said]
    assert likelihoods(marked(parsed), judged) == {
        ("sues", "Acme", "Globex"): 0.7,
        ("acquires", "Acme", "Globex"): 0.6,
        ("sues", "Globex", "Acme"): 0.1,
    }


def test_a_fact_about_a_sum_has_no_second_name(sums: Parsed) -> None:
    judged = [Judged(0, 1, {"raises": 0.2}, "asserted"), Judged(0, 2, {"raises": 0.4}, "asserted")]
    assert likelihoods(marked(sums), judged) == {("raises", "Acme", ""): 0.4}


# Whatever the component says.

LIKELY = st.dictionaries(st.sampled_from(["investsIn", "partnersWith", "acquires", AMOUNT]), st.floats(0, 1))
SAID = st.lists(st.tuples(st.sampled_from([(0, 3), (3, 0)]), LIKELY), max_size=6)
SAID_OF_SUMS = st.lists(st.tuples(st.tuples(st.sampled_from([0, 3]), st.sampled_from([1, 2])), LIKELY), max_size=6)


@given(SAID, SAID_OF_SUMS)
def test_facts_are_sure_enough_sorted_and_told_once(
    sums: Parsed,
    of_names: list[tuple[tuple[int, int], Mapping[str, float]]],
    of_sums: list[tuple[tuple[int, int], Mapping[str, float]]],
) -> None:
    only_amounts = [(ends, {AMOUNT: likely[AMOUNT]}) for ends, likely in of_sums if AMOUNT in likely]
    found = facts(sums, *((*ends, likely) for ends, likely in (*of_names, *only_amounts)))
    sure = [fact.confidence for fact in found]
    assert sure == sorted(sure, reverse=True)
    assert all(each >= PLAIN.least for each in sure)
    assert AMOUNT not in {fact.relation for fact in found}
    told = [
        (relation, frozenset((one, other)) if SCHEMA.relations[relation].symmetric else (one, other))
        for one, relation, other in shown(found)
    ]
    assert len(told) == len(set(told))
    likely_enough = {
        relation
        for _, likely in of_names
        for relation, each in likely.items()
        if relation != AMOUNT and PLAIN.confidence(relation, each, pattern=None) >= PLAIN.least
    }
    assert {fact.relation for fact in found} == likely_enough
