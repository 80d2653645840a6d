"""Matching: which names fill the ends of a relation, and what is rejected with which reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kg.model import Amount
from kg.nlp.matching import amount_token, matches
from kg.nlp.patterns import Patterns, load_patterns
from kg.schema import load_schema

BOUGHT = "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought"
TWO = {"Acme": "Company", "Globex": "Company"}
BUY = "id: buy, verb: [buy, bought], subject: [agent], object: [patient]"
FIVE = Amount(Decimal(5000000), "USD")

Load = Callable[..., Patterns]


@pytest.fixture
def load(tmp_path: Path, plain_forms) -> Load:
    """Patterns of one relation, each given as the inside of a YAML mapping."""

    def load_rows(*rows: str, relation: str = "acquires") -> Patterns:
        text = f"relation: {relation}\npatterns:\n" + "".join(f"  - {{{row}}}\n" for row in rows)
        (tmp_path / f"{relation}.yaml").write_text(text, encoding="utf-8")
        return load_patterns(load_schema(), plain_forms, tmp_path)

    return load_rows


def found(parsed, patterns: Patterns) -> list[tuple[str, str | None]]:
    """The ends of each match that holds."""
    return [(m.subject.surface, m.object and m.object.surface) for m in matches(parsed, patterns) if not m.rejected]


def reasons(parsed, patterns: Patterns) -> list[str]:
    return [m.rejected for m in matches(parsed, patterns) if m.rejected]


def test_a_match_has_pattern_trigger_and_ends(parsed_of, load: Load) -> None:
    (match,) = matches(parsed_of(BOUGHT, TWO), load(BUY))
    assert (match.pattern.id, match.trigger.text, match.rejected) == ("acquires.buy", "bought", None)
    assert (match.subject.surface, match.object.surface) == ("Acme", "Globex")


def test_nothing_matches_without_a_name_at_each_end(parsed_of, load: Load) -> None:
    assert found(parsed_of(BOUGHT, {"Acme": "Company"}), load(BUY)) == []
    assert found(parsed_of(BOUGHT, {"Globex": "Company"}), load(BUY)) == []


def test_every_pair_of_coordinated_ends_matches(parsed_of, load: Load) -> None:
    parsed = parsed_of(
        "Acme:NNP:nsubj:bought and:CC:cc:Acme Hooli:NNP:conj:Acme bought:VBD:ROOT Globex:NNP:dobj:bought "
        "and:CC:cc:Globex Umbra:NNP:conj:Globex",
        dict.fromkeys(("Acme", "Hooli", "Globex", "Umbra"), "Company"),
    )
    assert sorted(found(parsed, load(BUY))) == [(a, b) for a in ("Acme", "Hooli") for b in ("Globex", "Umbra")]


# What the trigger must be.


def test_a_verb_pattern_wants_a_verb_and_a_noun_pattern_a_noun(parsed_of, load: Load) -> None:
    noun = BOUGHT.replace("VBD", "NN")
    assert found(parsed_of(noun, TWO), load(BUY)) == []
    assert found(parsed_of(BOUGHT, TWO), load(BUY.replace("verb", "noun"))) == []
    assert found(parsed_of(noun, TWO), load(BUY.replace("verb: [buy, bought]", "word: [bought]"))) == [
        ("Acme", "Globex")
    ]


def test_a_trigger_inside_a_name_is_none(parsed_of, load: Load) -> None:
    assert found(parsed_of(BOUGHT, {**TWO, "bought": "Company"}), load(BUY)) == []


MODIFIED = (
    "Acme:NNP:nsubj:is is:VBZ:ROOT the:DT:det:cloud primary:JJ:amod:cloud data:NN:compound:cloud cloud:NN:attr:is "
    "of:IN:prep:cloud Globex:NNP:pobj:of"
)
CLOUD = "id: c, noun: cloud, subject: [predicand], object: ['prep:of']"


@pytest.mark.parametrize(
    ("condition", "fires"),
    [
        ("", True),
        (", modifier: [primary, sole]", True),
        (", modifier: [sole]", False),
        (", without: [primary]", False),
        (", without: [sole]", True),
        (", modifier: [primary], without: [data]", False),
    ],
)
def test_words_on_the_trigger(parsed_of, load: Load, condition: str, fires: bool) -> None:
    patterns = load(CLOUD + condition, relation="primaryCloudFor")
    assert found(parsed_of(MODIFIED, TWO), patterns) == ([("Acme", "Globex")] if fires else [])


@pytest.mark.parametrize(("verb", "fires"), [("raise", True), ("launch", False)])
def test_the_governor_of_the_trigger(parsed_of, load: Load, verb: str, fires: bool) -> None:
    parsed = parsed_of(
        "Acme:NNP:nsubj:raised raised:VBD:ROOT a:DT:det:stake stake:NN:dobj:raised in:IN:prep:stake Globex:NNP:pobj:in",
        TWO,
    )
    patterns = load(
        f"id: s, noun: stake, governor: [{verb}], subject: ['governor > agent'], object: ['prep:in']",
        relation="investsIn",
    )
    assert found(parsed, patterns) == ([("Acme", "Globex")] if fires else [])


# What the ends must be.


@pytest.mark.parametrize(
    ("kinds", "why"),
    [
        ({"Acme": "Product", "Globex": "Company"}, "'Acme' is a Product, no subject here"),
        ({"Acme": "Company", "Globex": "Place"}, "'Globex' is a Place, no object here"),
    ],
)
def test_a_name_that_is_sure_of_a_wrong_type_is_rejected(parsed_of, load: Load, kinds: dict, why: str) -> None:
    parsed = parsed_of(BOUGHT, kinds)
    assert found(parsed, load(BUY)) == []
    assert reasons(parsed, load(BUY)) == [why]


def test_an_unsure_name_takes_the_type_of_its_slot(parsed_of, load: Load, name_of) -> None:
    parsed = parsed_of(BOUGHT, {"Acme": name_of("Acme", "Place", sure=False), "Globex": "Company"})
    (match,) = [m for m in matches(parsed, load(BUY)) if not m.rejected]
    assert match.subject.type == "Company"


def test_without_retype_an_unsure_name_keeps_its_type(parsed_of, load: Load, name_of) -> None:
    spec = BOUGHT.replace("Acme", "Acme_Widget")
    parsed = parsed_of(spec, {"Acme Widget": name_of("Acme Widget", "Product", sure=False), "Globex": "Company"})
    assert found(parsed, load(BUY + ", retype: false")) == []


def test_one_unsure_word_where_a_company_must_stand_is_one(parsed_of, load: Load, name_of) -> None:
    for kind, sure in (("Product", False), ("Institution", False), ("Product", True)):
        parsed = parsed_of(BOUGHT, {"Acme": name_of("Acme", kind, sure=sure), "Globex": "Company"})
        assert found(parsed, load(BUY + ", retype: false")) == ([] if sure else [("Acme", "Globex")])


def test_a_full_name_of_a_person_is_not_made_a_company(parsed_of, load: Load, name_of) -> None:
    spec = BOUGHT.replace("Acme", "Jane_Roe")
    parsed = parsed_of(spec, {"Jane Roe": name_of("Jane Roe", "Person", sure=False), "Globex": "Company"})
    assert found(parsed, load(BUY)) == []


def test_strict_lets_only_the_named_type_pass(parsed_of, load: Load) -> None:
    spec = BOUGHT.replace("Acme", "Jane_Roe")
    parsed = parsed_of(spec, {"Jane Roe": "Person", "Globex": "Company"})
    row = BUY + ", subject_type: Company"
    assert found(parsed, load(row, relation="investsIn")) == [("Jane Roe", "Globex")]
    assert found(parsed, load(row + ", strict: true", relation="investsIn")) == []


def test_a_thing_has_no_relation_with_itself(parsed_of, load: Load, name_of) -> None:
    same_words = parsed_of(BOUGHT.replace("Globex", "Acme"), {"Acme": "Company"})
    assert reasons(same_words, load(BUY)) == ["subject and object are the same"]
    both = {"Acme": name_of("Acme", entity="acme"), "Globex": name_of("Globex", entity="acme")}
    assert reasons(parsed_of(BOUGHT, both), load(BUY)) == ["subject and object are the same"]


def test_rivals_are_of_one_kind(parsed_of, load: Load) -> None:
    row = "id: r, verb: [bought], subject: [agent], object: [patient]"
    mixed = parsed_of(BOUGHT, {"Acme": "Company", "Globex": "Model"})
    assert reasons(mixed, load(row, relation="competesWith")) == ["a Company and a Model are no peers"]
    assert found(parsed_of(BOUGHT, TWO), load(row, relation="competesWith")) == [("Acme", "Globex")]


def test_a_relation_without_object_needs_a_subject_only(parsed_of, load: Load) -> None:
    parsed = parsed_of(
        "Acme:NNP:nsubj:raised raised:VBD:ROOT $5M:NN:dobj:raised", {"Acme": "Company"}, amounts={"$5M": FIVE}
    )
    patterns = load("id: r, verb: raise, subject: [agent], amount: [patient]", relation="raises")
    (match,) = matches(parsed, patterns)
    assert (match.subject.surface, match.object) == ("Acme", None)
    assert amount_token(match, parsed).text == "$5M"


def test_the_sum_is_found_on_the_noun_that_it_counts(parsed_of, load: Load) -> None:
    parsed = parsed_of(
        "Acme:NNP:nsubj:raised raised:VBD:ROOT a:DT:det:round $5M:NN:compound:round round:NN:dobj:raised",
        {"Acme": "Company"},
        amounts={"$5M": FIVE},
    )
    (match,) = matches(
        parsed, load("id: r, verb: raise, subject: [agent], amount: ['prep:of', patient]", relation="raises")
    )
    assert amount_token(match, parsed).text == "$5M"


def test_there_is_no_sum_where_no_path_leads_to_one(parsed_of, load: Load) -> None:
    parsed = parsed_of(BOUGHT, TWO, amounts={})
    (match,) = matches(parsed, load(BUY + ", amount: [patient, near]"))
    assert amount_token(match, parsed) is None


def between(count: int) -> tuple[str, dict[str, str]]:
    """A deal between so many companies."""
    forms = [f"C{i}" for i in range(count)]
    chain = " ".join(f"{form}:NNP:{'pobj:between' if not i else f'conj:C{i - 1}'}" for i, form in enumerate(forms))
    return f"a:DT:det:deal deal:NN:nsubj:ended between:IN:prep:deal {chain} ended:VBD:ROOT", dict.fromkeys(
        forms, "Company"
    )


@pytest.mark.parametrize(("count", "pairs"), [(2, 1), (3, 3), (4, 6), (5, 0)])
def test_partners_are_paired_up_to_four(parsed_of, load: Load, count: int, pairs: int) -> None:
    """The guide: "for each pair when there are at most four; past four, no pairs"."""
    patterns = load("id: d, noun: deal, subject: ['prep:between'], pairs: true", relation="partnersWith")
    assert len(found(parsed_of(*between(count)), patterns)) == pairs


# Sequences of tokens.


def sequence(forms: str) -> str:
    """Words side by side; the tree does not matter."""
    first, *rest = forms.split()
    return f"{first}:NN:ROOT " + " ".join(f"{form}:NN:dep:0" for form in rest)


@pytest.mark.parametrize(
    ("tokens", "text", "fires"),
    [
        ("subject buys object", "Acme buys Globex", True),
        ("subject buys object", "then Acme buys Globex today", True),
        ("subject buys object", "Acme now buys Globex", False),
        ("subject buys object", "Acme Buys Globex", True),
        ("subject buys|acquires object", "Acme acquires Globex", True),
        ("subject buys up? object", "Acme buys Globex", True),
        ("subject buys up? object", "Acme buys up Globex", True),
        ("subject buys * object", "Acme buys Globex", True),
        ("subject buys * object", "Acme buys the old firm Globex", True),
        ("subject buys * object", "Acme buys the very old and worn firm Globex", False),
        ("subject buys * object", "Acme buys , then Globex", False),
    ],
)
def test_a_sequence_of_words_and_slots(parsed_of, load: Load, tokens: str, text: str, fires: bool) -> None:
    patterns = load(f'id: t, tokens: "{tokens}"')
    assert found(parsed_of(sequence(text), TWO), patterns) == ([("Acme", "Globex")] if fires else [])


def test_a_gap_does_not_run_over_a_name(parsed_of, load: Load) -> None:
    parsed = parsed_of(sequence("Acme buys Hooli or Globex"), {**TWO, "Hooli": "Company"})
    assert found(parsed, load('id: t, tokens: "subject buys * object"')) == [("Acme", "Hooli")]


def test_the_slots_may_stand_the_other_way_round(parsed_of, load: Load) -> None:
    parsed = parsed_of(sequence("Globex - owned Acme"), TWO)
    assert found(parsed, load('id: t, tokens: "subject - owned * object"')) == [("Globex", "Acme")]


def test_an_amount_slot_takes_a_sum(parsed_of, load: Load) -> None:
    patterns = load('id: t, tokens: "subject : amount"', relation="raises")
    with_sum = parsed_of(sequence("Acme _ 5M").replace("_", ":"), {"Acme": "Company"}, amounts={"5M": FIVE})
    assert found(with_sum, patterns) == [("Acme", None)]
    without = parsed_of(sequence("Acme _ 5M").replace("_", ":"), {"Acme": "Company"})
    assert found(without, patterns) == []


def test_a_name_may_begin_with_its_maker(parsed_of, load: Load, name_of) -> None:
    parsed = parsed_of(
        "Acme_Widget:NNP:nsubj:grew grew:VBD:ROOT",
        {"Acme Widget": "Product"},
        makers={"Acme Widget": (name_of("Acme", entity="acme"),)},
    )
    (match,) = matches(parsed, load('id: w, tokens: "object", within: true', relation="develops"))
    assert (match.subject.surface, match.object.surface, match.rejected) == ("Acme", "Acme Widget", None)
    assert (match.subject.start, match.subject.end) == (0, len("Acme"))


def test_matches_come_in_order_of_place_and_of_id(parsed_of, load: Load) -> None:
    parsed = parsed_of(
        f"{BOUGHT} and:CC:cc:bought acquired:VBD:conj:bought Hooli:NNP:dobj:acquired", {**TWO, "Hooli": "Company"}
    )
    rows = [BUY, BUY.replace("id: buy", "id: a"), BUY.replace("bought", "acquire").replace("id: buy", "id: z")]
    assert [(m.trigger.text, m.pattern.id) for m in matches(parsed, load(*rows))] == [
        ("bought", "acquires.a"),
        ("bought", "acquires.buy"),
        ("acquired", "acquires.z"),
    ]
