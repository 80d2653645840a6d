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
from kg.nlp.judging import (
    JudgedPassage,
    Likely,
    likelihoods,
    likely_facts,
    own_sums,
    rivals_of,
    sureness,
    unsure_ends,
    with_elsewhere,
)
from kg.nlp.marked import marked
from kg.nlp.names import Name
from kg.nlp.parsed import Parsed
from kg.schema import Relation, load_schema

SCHEMA = load_schema()
PLAIN = Calibration(
    likely=1.0,
    doubted=dict.fromkeys(SCHEMA.relations, 1.0),
    relation=dict.fromkeys(SCHEMA.relations, 0.0),
    pattern={},
    any_pattern=dict.fromkeys(SCHEMA.relations, 0.0),
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


def judged(parsed: Parsed, *said: Said, status: str = "asserted") -> JudgedPassage:
    """A passage of whose slots the component says so."""
    return JudgedPassage(parsed, marked(parsed), [Judged(one, other, likely, status) for one, other, likely in said])


def facts(parsed: Parsed, *said: Said, status: str = "asserted", calibration: Calibration = PLAIN) -> list[Likely]:
    """The facts of a passage of whose slots the component says so."""
    return list(likely_facts(judged(parsed, *said, status=status), calibration=calibration, schema=SCHEMA))


def shown(found: Sequence[Likely]) -> list[tuple[str, str, str | None]]:
    return [(fact.subject.surface, fact.relation, fact.object.surface if fact.object else None) for fact in found]


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
        ((0.2, 0.0), (0.2, 0.0), FIVE),
        ((0.9, 0.1), (0.1, 0.9), None),  # each end another sum
        ((0.9, 0.9), (0.1, 0.1), None),
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
    assert own_sums(judged(parsed, *said)) == {("Acme", "Globex"): FIVE}


def test_without_sums_there_is_no_amount(two: Parsed) -> None:
    assert [fact.qualifiers.amount for fact in facts(two, (0, 1, {"investsIn": 0.9}))] == [None]


# Dates and rounds.


def test_a_fact_has_the_date_of_the_word_over_its_ends(parsed_of: Callable[..., Parsed]) -> None:
    spec = f"{TWO} in:IN:prep:met 2024:CD:pobj:in and:CC:cc:met left:VBD:conj:met in:IN:prep:left 2019:CD:pobj:8"
    parsed = replace(parsed_of(spec, {"Acme": "Company", "Globex": "Company"}), dates={4: "2024", 8: "2019"})
    assert [fact.qualifiers.date for fact in facts(parsed, (0, 1, {"acquires": 0.9}))] == ["2024"]


def test_a_state_that_is_only_mentioned_has_no_date(parsed_of: Callable[..., Parsed]) -> None:
    spec = f"{TWO} in:IN:prep:met 2024:CD:pobj:in"
    parsed = replace(parsed_of(spec, {"Acme": "Company", "Globex": "Company"}), dates={4: "2024"})
    said = {relation.name: 0.9 for relation in BETWEEN_COMPANIES}
    dates = {fact.relation: fact.qualifiers.date for fact in facts(parsed, (0, 1, said))}
    assert {relation for relation, date in dates.items() if date is None} == {"competesWith", "subsidiaryOf"}


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
    assert likelihoods(judged(parsed, *said)) == {
        ("sues", "Acme", "Globex"): 0.7,
        ("acquires", "Acme", "Globex"): 0.6,
        ("sues", "Globex", "Acme"): 0.1,
    }


def test_a_fact_about_a_sum_has_no_second_name(sums: Parsed) -> None:
    found = likelihoods(judged(sums, (0, 1, {"raises": 0.2}), (0, 2, {"raises": 0.4, AMOUNT: 0.9})))
    assert found == {("raises", "Acme", ""): 0.4}


# What the other passages say.

Told = list[list[float]]
OF_TWO = {"Acme": "Company", "Globex": "Company"}


def with_others(*passages: JudgedPassage) -> list[dict[tuple[str, str, str], float]]:
    """For each passage of a document, what is told of its facts in the others."""
    return [dict(each.elsewhere) for each in with_elsewhere(passages, SCHEMA)]


@pytest.mark.parametrize(
    ("likely", "elsewhere"),
    [
        ([], []),
        ([0.9], [None]),
        ([0.2, 0.9], [0.9, 0.2]),
        ([0.2, 0.9, 0.6], [0.9, 0.6, 0.9]),
        ([0.7, 0.7], [0.7, 0.7]),
        ([0.0, 0.0], [0.0, 0.0]),
    ],
)
def test_of_each_fact_the_likeliest_of_the_other_passages_is_told(
    two: Parsed, likely: list[float], elsewhere: list[float | None]
) -> None:
    found = with_others(*(judged(two, (0, 1, {"sues": each})) for each in likely))
    assert found == [{} if each is None else {("sues", "Acme", "Globex"): each} for each in elsewhere]


@given(st.lists(st.lists(st.floats(0, 1), max_size=3), max_size=5))
def test_what_a_passage_says_itself_is_not_told_of_it(two: Parsed, said: Told) -> None:
    found = with_others(*(judged(two, *((0, 1, {"sues": each}) for each in likely)) for likely in said))
    for i, told in enumerate(found):
        others = [each for j, likely in enumerate(said) if j != i for each in likely]
        assert list(told.values()) == ([max(others)] if said[i] and others else [])


def test_the_marks_of_one_passage_are_not_others(parsed_of: Callable[..., Parsed], two: Parsed) -> None:
    thrice = parsed_of(f"{TWO} // Acme:NNP:ROOT", OF_TWO)
    marks = judged(thrice, (0, 1, {"sues": 0.3}), (2, 1, {"sues": 0.8}))
    assert with_others(marks) == [{}]
    one, other = with_others(marks, judged(two, (0, 1, {"sues": 0.5})))
    assert (list(one.values()), list(other.values())) == ([0.5], [0.8])


def test_nothing_is_told_of_what_a_passage_was_not_asked_about(two: Parsed) -> None:
    passages = judged(two, (0, 1, {"sues": 0.9})), judged(two, (0, 1, {"acquires": 0.8})), judged(two, (0, 1, {}))
    assert with_others(*passages, judged(two)) == [{}] * 4


@pytest.mark.parametrize(
    ("relation", "told"), [("partnersWith", [[0.4], [0.9]]), ("sues", [[], []])], ids=["symmetric", "not"]
)
def test_only_a_symmetric_relation_is_told_either_way_round(two: Parsed, relation: str, told: Told) -> None:
    found = with_others(judged(two, (0, 1, {relation: 0.9})), judged(two, (1, 0, {relation: 0.4})))
    assert [list(each.values()) for each in found] == told


def test_both_ways_round_in_one_passage_are_one_fact(two: Parsed) -> None:
    both = judged(two, (0, 1, {"partnersWith": 0.9}), (1, 0, {"partnersWith": 0.4}))
    assert with_others(both) == [{}]
    assert with_others(both, judged(two, (1, 0, {"partnersWith": 0.2}))) == [
        {("partnersWith", "Acme", "Globex"): 0.2},
        {("partnersWith", "Acme", "Globex"): 0.9},
    ]


@pytest.mark.parametrize(
    ("key", "rivals"),
    [
        (("sues", "Acme", "Globex"), (0.6, 0.3)),
        (("sues", "Acme", "Hooli"), (0.9, None)),
        (("sues", "Hooli", "Globex"), (None, 0.9)),
        (("sues", "Globex", "Acme"), (None, None)),  # nothing else is said of Globex as a subject
        (("acquires", "Acme", "Globex"), (None, None)),  # nor of this relation
        (("partnersWith", "Acme", "Globex"), (0.2, 0.7)),
        (("partnersWith", "Acme", "Hooli"), (0.5, 0.7)),  # either way round
        (("partnersWith", "Globex", "Hooli"), (0.5, 0.2)),
    ],
)
def test_the_rivals_of_a_fact_are_the_likeliest_with_one_of_its_ends(
    parsed_of: Callable[..., Parsed], key: tuple[str, str, str], rivals: tuple[float | None, float | None]
) -> None:
    spec = f"{TWO} and:CC:cc:Globex Hooli:NNP:conj:Globex"
    three = parsed_of(spec, {**OF_TWO, "Hooli": "Company"})
    said = (
        judged(three, (0, 1, {"sues": 0.9, "partnersWith": 0.5}), (0, 2, {"sues": 0.6})),
        judged(three, (0, 1, {"sues": 0.4}), (2, 1, {"sues": 0.3, "partnersWith": 0.7}), (0, 2, {"partnersWith": 0.2})),
    )
    for passage in with_elsewhere(said, SCHEMA):
        assert rivals_of(key, passage) == rivals


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (("Acme", None), ("Acme", None), [[0.4], [0.9]]),
        (("Acme", "acme"), ("Acme", "acme"), [[0.4], [0.9]]),
        (("Acme", "acme"), ("Initech", "acme"), [[0.4], [0.9]]),  # two names of one thing
        (("Acme", None), ("Initech", None), [[], []]),
        (("Acme", "acme"), ("Acme", "acme-of-oslo"), [[], []]),  # two things of one name
    ],
)
def test_ends_are_the_same_by_the_registry_and_else_by_their_words(
    parsed_of: Callable[..., Parsed], one: tuple[str, str | None], other: tuple[str, str | None], told: Told
) -> None:
    passages = []
    for (surface, entity), likely in ((one, 0.9), (other, 0.4)):
        name = Name(0, 0, surface, "Company", "test", sure=True, entity=entity)
        parsed = parsed_of(TWO.replace("Acme", surface), {surface: name, "Globex": "Company"})
        passages.append(judged(parsed, (0, 1, {"sues": likely}), (1, 0, {"acquires": likely})))
    assert [list(each.values()) for each in with_others(*passages)] == [2 * each for each in told]


def test_what_a_reference_stands_for_is_an_end_too(parsed_of: Callable[..., Parsed], two: Parsed) -> None:
    it = parsed_of(TWO.replace("Acme", "It"), {"Globex": "Company"}, references={"It": two.names[0]})
    found = with_others(judged(two, (0, 1, {"sues": 0.9})), judged(it, (0, 1, {"sues": 0.4})))
    assert [list(each.values()) for each in found] == [[0.4], [0.9]]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (5_000_000, [[0.4], [0.9]]),
        (5_040_000, [[0.4], [0.9]]),
        (4_960_000, [[0.4], [0.9]]),
        (5_200_000, [[], []]),
        (5_000_000_000, [[], []]),
    ],
)
def test_sums_are_the_same_to_two_figures(parsed_of: Callable[..., Parsed], value: int, told: Told) -> None:
    spec = "Acme:NNP:nsubj:got got:VBD:ROOT $5M:NN:dobj:got"
    five, other = (
        parsed_of(spec, {"Acme": "Company"}, amounts={"$5M": amount})
        for amount in (FIVE, Amount(Decimal(value), "USD"))
    )
    found = with_others(judged(five, (0, 1, {"raises": 0.9})), judged(other, (0, 1, {"raises": 0.4})))
    assert [list(each.values()) for each in found] == told


def test_that_a_name_has_a_sum_is_not_told(sums: Parsed) -> None:
    said = judged(sums, (0, 1, {AMOUNT: 0.9, "raises": 0.3}), (3, 1, {AMOUNT: 0.8}))
    assert with_others(said, said) == [{("raises", "Acme", "5e+06"): 0.3}] * 2


def test_what_each_passage_says_is_kept(two: Parsed, sums: Parsed) -> None:
    passages = [judged(two, (0, 1, {"sues": 0.9})), judged(sums, (0, 3, {"sues": 0.4}), (0, 1, {AMOUNT: 0.5}))]
    again = with_elsewhere(passages, SCHEMA)
    assert [each.elsewhere for each in again] != [each.elsewhere for each in passages]
    assert [replace(each, elsewhere={}, ranked={}) for each in again] == passages


# How sure each fact is.


def test_all_that_the_component_was_asked_has_a_confidence(sums: Parsed) -> None:
    said = judged(sums, (0, 3, {"sues": 0.9, "acquires": 0.01}), (0, 1, {AMOUNT: 0.9, "raises": 0.3}), (3, 0, {}))
    assert [(sure, relation, each.object) for sure, relation, each in sureness(said, PLAIN, SCHEMA)] == [
        (0.9, "sues", 3),
        (0.01, "acquires", 3),
        (0.3, "raises", 1),
    ]


def unsure(kind: str = "Company") -> Name:
    return Name(0, 0, "", kind, "test")


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ([], 0),
        ([None], 0),
        ([replace(unsure(), sure=True), None], 0),
        ([unsure(), None], 1),
        ([unsure(), replace(unsure(), sure=True)], 1),
        ([unsure("Person"), unsure("Place")], 2),
    ],
)
def test_ends_whose_type_is_not_sure_are_counted(names: list[Name | None], count: int) -> None:
    assert unsure_ends(names) == count


@pytest.mark.parametrize(
    ("ends", "sure"),
    [
        ({"Acme": "Company", "Globex": "Company"}, [0.731, 0.731]),
        ({"Acme": "Company", "Globex": unsure()}, [0.5, 0.731]),
        ({"Acme": unsure(), "Globex": "Company"}, [0.5, 0.5]),
        ({"Acme": unsure(), "Globex": unsure()}, [0.269, 0.5]),
    ],
)
def test_a_fact_is_less_sure_for_each_end_whose_type_is_not(
    parsed_of: Callable[..., Parsed], ends: Mapping[str, str | Name], sure: list[float]
) -> None:
    """The second one is about a sum, which is what it is."""
    weights = replace(PLAIN, relation=dict.fromkeys(SCHEMA.relations, 1.0), unsure=-1.0, unsure_with_pattern=9.0)
    said = judged(parsed_of(SUMS, ends, amounts={"$5M": FIVE}), (0, 2, {"sues": 0.5}), (0, 1, {"raises": 0.5}))
    assert [each for each, _, _ in sureness(said, weights, SCHEMA)] == sure
    facts_of_names = likely_facts(said, calibration=replace(weights, least=0.5), schema=SCHEMA)
    assert [fact.confidence for fact in facts_of_names] == sorted((each for each in sure if each >= 0.5), reverse=True)


@pytest.mark.parametrize(("elsewhere", "sure"), [(0.0, 0.5), (0.5, 0.881), (0.9, 0.957), (None, 0.5)])
def test_a_fact_is_surer_where_another_passage_states_it(two: Parsed, elsewhere: float | None, sure: float) -> None:
    weights = replace(PLAIN, elsewhere=0.5, elsewhere_with_pattern=9.0, least=0.7)
    one, other = judged(two, (0, 1, {"partnersWith": 0.5})), judged(two, (1, 0, {"partnersWith": elsewhere or 0.0}))
    first, *_ = with_elsewhere([one] if elsewhere is None else [one, other], SCHEMA)
    assert [each for each, _, _ in sureness(first, weights, SCHEMA)] == [sure]
    found = likely_facts(first, calibration=weights, schema=SCHEMA)
    assert [fact.confidence for fact in found] == ([sure] if sure >= 0.7 else [])


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
