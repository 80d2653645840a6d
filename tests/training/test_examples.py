"""Examples: for each passage, what its marks truly are, and which stand in which relation, which not, which maybe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.component import AMOUNT, NO_NAME
from kg.nlp.marked import MONEY, Marked, Slot
from kg.nlp.names import Name
from kg.nlp.parsed import Annotation
from kg.schema import load_schema
from kg.training.examples import Example, Label, examples, read_examples, write_examples
from kg.training.gold import GoldDocument, GoldFact

Gold = Callable[..., GoldDocument]
Fact = Callable[..., GoldFact]
Read = Callable[[GoldDocument], Annotation]
Told = tuple[str, str, str, str]

SCHEMA = load_schema()
TWO = {"Acme": "Company", "Globex": "Company"}
DEAL = "Acme put $5 million into Globex."


def made(gold: GoldDocument, read: Read) -> list[Example]:
    return list(examples(gold, read(gold), SCHEMA))


def told(example: Example, labels: Iterable[Label]) -> set[Told]:
    """The labels with the surface form of the first mark of each end; `money` for a sum."""

    def shown(entity: int) -> str:
        name = example.marked.slots[example.entities.index(entity)].name
        return name.surface if name else MONEY

    return {(shown(label.subject), label.relation, shown(label.object), label.status) for label in labels}


def test_a_passage_with_two_marks_or_more_is_an_example(gold_of: Gold, read: Read) -> None:
    gold = gold_of(f"Prices rose.\n\n{DEAL}\n\nAcme grew.\n\nGlobex grew by $2 million.\n", TWO)
    found = made(gold, read)
    assert [example.marked.words for example in found] == [
        ("[Company]", "put", "[money]", "into", "[Company]", "."),
        ("[Company]", "grew", "by", "[money]", "."),
    ]
    assert {example.document for example in found} == {"doc"}
    assert [example.stated + example.unclear for example in found] == [(), ()]
    assert [example.asked for example in found] == [None, None]


def test_a_stated_fact_labels_its_ends_and_their_sum(gold_of: Gold, fact_of: Fact, read: Read) -> None:
    fact = fact_of(DEAL, "Acme", "invests_in", "Globex", DEAL, status="planned", amount=5e6)
    (example,) = made(gold_of(DEAL, TWO, [fact]), read)
    assert told(example, example.stated) == {
        ("Acme", "investsIn", "Globex", "planned"),
        ("Acme", AMOUNT, MONEY, ""),
        ("Globex", AMOUNT, MONEY, ""),
    }
    assert example.unclear == ()


def test_a_symmetric_relation_is_stated_both_ways(gold_of: Gold, fact_of: Fact, read: Read) -> None:
    text = "Acme and Globex compete."
    (example,) = made(gold_of(text, TWO, [fact_of(text, "Acme", "competes_with", "Globex", text)]), read)
    assert told(example, example.stated) == {
        ("Acme", "competesWith", "Globex", "asserted"),
        ("Globex", "competesWith", "Acme", "asserted"),
    }


@pytest.mark.parametrize("amount", [5e6, 5_040_000.0, 4_960_000.0, 5.2e6, 5.0, 0.0, None])
def test_a_fact_about_a_sum_is_stated_of_the_sum_that_is_about_as_large(
    gold_of: Gold, fact_of: Fact, read: Read, amount: float | None
) -> None:
    text = "Acme raised $5 million after $70 million."
    fact = fact_of(text, "Acme", "raises", None, text, amount=amount)
    (example,) = made(gold_of(text, TWO, [fact]), read)
    near = amount is not None and 4.95e6 < amount < 5.06e6
    assert [(label.relation, label.object) for label in example.stated] == ([("raises", 1)] if near else [])


def test_a_fact_whose_end_is_not_in_the_passage_labels_nothing(gold_of: Gold, fact_of: Fact, read: Read) -> None:
    text = f"{DEAL} Oslo is far."
    types = {**TWO, "Hooli": "Company", "Oslo": "Place"}
    facts = [fact_of(text, *ends, text) for ends in [("Acme", "sues", "Hooli"), ("Hooli", "headquartered_in", "Oslo")]]
    (example,) = made(gold_of(text, types, facts, complete=False), read)
    assert example.stated + example.unclear == ()


# Stated, not stated, unclear.

ELSEWHERE = "Acme met Globex."


@pytest.mark.parametrize(("complete", "unclear"), [(True, 0), (False, 1)])
def test_a_fact_that_another_passage_states_is_unclear_only_where_not_all_places_are_known(
    gold_of: Gold, fact_of: Fact, read: Read, complete: bool, unclear: int
) -> None:
    text = f"{DEAL}\n\n{ELSEWHERE}\n"
    fact = fact_of(text, "Acme", "invests_in", "Globex", DEAL)
    first, second = made(gold_of(text, TWO, [fact], complete=complete), read)
    label = Label(0, len(first.marked.slots) - 1, "investsIn", "asserted")
    assert (first.stated, first.unclear) == ((label,), ())
    assert second.stated == ()
    assert told(second, second.unclear) == set([("Acme", "investsIn", "Globex", "asserted")][:unclear])


@pytest.mark.parametrize("complete", [True, False])
def test_a_fact_without_a_known_place_is_unclear(gold_of: Gold, fact_of: Fact, read: Read, complete: bool) -> None:
    gold = gold_of(ELSEWHERE, TWO, [fact_of(ELSEWHERE, "Acme", "invests_in", "Globex")], complete=complete)
    (example,) = made(gold, read)
    assert example.stated == ()
    assert told(example, example.unclear) == {("Acme", "investsIn", "Globex", "asserted")}


def test_a_fact_told_in_several_passages_is_stated_in_each(gold_of: Gold, fact_of: Fact, read: Read) -> None:
    text = f"{DEAL}\n\n{ELSEWHERE}\n\nGlobex beat Acme.\n"
    fact = fact_of(text, "Acme", "invests_in", "Globex", DEAL, ELSEWHERE)
    assert [len(example.stated) for example in made(gold_of(text, TWO, [fact]), read)] == [1, 1, 0]


def test_of_a_list_item_read_with_its_introduction_the_item_counts(gold_of: Gold, fact_of: Fact, read: Read) -> None:
    text = "This year Hooli will:\n\n- buy Acme\n- buy Globex\n"
    facts = [
        fact_of(text, "Hooli", "acquires", "Acme", "- buy Acme"),
        fact_of(text, "Hooli", "acquires", "Globex", "This year Hooli will:"),
    ]
    found = made(gold_of(text, {**TWO, "Hooli": "Company"}, facts), read)
    assert [example.marked.words[-4:] for example in found] == [("[Company]", "will", "buy", "[Company]")] * 2
    assert [told(example, example.stated) for example in found] == [{("Hooli", "acquires", "Acme", "asserted")}, set()]


# Which marks are one entity.


def test_the_forms_of_a_name_are_one_entity_and_each_sum_is_its_own(gold_of: Gold, read: Read) -> None:
    text = "Acme Labs put $5 million and again $5 million into Globex, Acme says."
    (example,) = made(gold_of(text, {"Acme Labs": "Company", "Globex": "Company"}, aliases={"Acme": "Acme Labs"}), read)
    assert example.entities == (0, 1, 2, 3, 0)


def test_a_name_that_is_in_no_fact_is_an_entity_by_its_form(gold_of: Gold, read: Read) -> None:
    text = "Acme met Hooli, and Hooli met Acme."
    gold = gold_of(text, {"Acme": "Company"})
    named = replace(gold, types={**gold.types, "Hooli": "Company"}, forms={**gold.forms, "Hooli": "Hooli"})
    (example,) = examples(gold, read(named), SCHEMA)
    assert example.entities == (0, 1, 1, 0)


CHIPS = "Globex bought many chips of Acme."


def with_chips(gold: GoldDocument, read: Read, surface: str) -> Annotation:
    """CHIPS with the word `chips` as a name for the unnamed chips of Acme, of this surface form."""
    (parsed,) = read(gold).parsed
    start = CHIPS.index("chips")
    unnamed = Name(start, start + 5, surface, "Chip", "test", sure=True, maker="Acme")
    at = next(i for i, piece in enumerate(parsed.pieces) if piece.start == start)
    return Annotation(gold.document, (replace(parsed, names={**parsed.names, at: unnamed}),))


@pytest.mark.parametrize("chips", ["Acme Labs chips", "Acme Labs GPUs"])
def test_the_unnamed_chips_of_a_maker_are_those_of_the_facts(
    gold_of: Gold, fact_of: Fact, read: Read, chips: str
) -> None:
    types = {"Acme Labs": "Company", "Globex": "Company", chips: "Chip"}
    fact = fact_of(CHIPS, "Globex", "uses_chip", chips, CHIPS)
    gold = gold_of(CHIPS, types, [fact], aliases={"Acme": "Acme Labs"})
    (example,) = examples(gold, with_chips(gold, read, "chips of Acme"), SCHEMA)
    assert told(example, example.stated) == {("Globex", "usesChip", "chips of Acme", "asserted")}


# What the marks truly are.

MET = "Acme Labs met Globex, Hooli and Jane Roe."
TRULY = {"Acme Labs": "Company", "Globex": "Company", "Jane Roe": "Person"}


def true_kinds(gold: GoldDocument, read: Read, found: Mapping[str, str]) -> tuple[str, ...]:
    """The true type of each mark of a text in which just these names are found, and as of these types."""
    named = replace(gold, types=found, forms={surface: surface for surface in found})
    (example,) = examples(gold, read(named), SCHEMA)
    assert [slot.kind for slot in example.marked.slots if slot.name] == list(found.values())
    return example.kinds


@pytest.mark.parametrize("kind", ["Company", "Product", "Place"])
@pytest.mark.parametrize("complete", [True, False])
def test_a_name_is_truly_of_its_own_type_whatever_type_it_is_taken_for(
    gold_of: Gold, read: Read, kind: str, complete: bool
) -> None:
    gold = gold_of(MET, TRULY, complete=complete)
    assert true_kinds(gold, read, {"Acme Labs": kind, "Jane Roe": "Company"}) == ("Company", "Person")


def test_a_further_form_is_truly_what_its_entity_is(gold_of: Gold, read: Read) -> None:
    gold = gold_of(MET, {"Hooli Inc.": "Product", "Globex": "Company"}, aliases={"Hooli": "Hooli Inc."})
    assert true_kinds(gold, read, {"Globex": "Company", "Hooli": "Company"}) == ("Company", "Product")


@pytest.mark.parametrize(("complete", "kind"), [(True, NO_NAME), (False, "")])
def test_what_is_taken_for_a_name_and_is_none_is_nothing_only_where_all_names_are_known(
    gold_of: Gold, read: Read, complete: bool, kind: str
) -> None:
    gold = gold_of(MET, TRULY, complete=complete)
    assert true_kinds(gold, read, {"Globex": "Company", "Hooli": "Company"}) == ("Company", kind)


@pytest.mark.parametrize("found", ["Acme", "Labs", "Roe", "Globex, Hooli", "Hooli and Jane Roe"])
def test_of_a_part_of_a_name_and_of_a_name_with_words_around_it_nothing_is_known(
    gold_of: Gold, read: Read, found: str
) -> None:
    beside = "Jane Roe" if MET.index(found) < MET.index("Hooli") else "Acme Labs"
    names = sorted([found, beside], key=MET.index)
    kinds = true_kinds(gold_of(MET, TRULY), read, dict.fromkeys(names, "Company"))
    assert dict(zip(names, kinds, strict=True)) == {found: "", beside: TRULY[beside]}


def test_of_the_unnamed_chips_of_a_maker_no_type_is_known(gold_of: Gold, read: Read) -> None:
    gold = gold_of(CHIPS, TWO)
    (example,) = examples(gold, with_chips(gold, read, "GPUs"), SCHEMA)
    assert [slot.name.surface for slot in example.marked.slots if slot.name] == ["Globex", "GPUs", "Acme"]
    assert example.kinds == ("Company", "", "Company")


def test_a_sum_has_no_type(gold_of: Gold, read: Read) -> None:
    assert true_kinds(gold_of(DEAL, TWO), read, TWO) == ("Company", "", "Company")


# The file.

NUMBERS = st.integers(0, 9)
NAMES = st.builds(
    Name, NUMBERS, NUMBERS, st.text(max_size=5), st.just("Company"), st.text(max_size=3), st.booleans(),
    st.none() | st.text(max_size=3), st.none() | st.text(max_size=3),
    st.lists(st.sampled_from(["Company", "Product"]), max_size=2).map(tuple),
)  # fmt: skip
SLOTS = st.builds(Slot, NUMBERS, NUMBERS, st.sampled_from(["Company", MONEY]), st.none() | NAMES, NUMBERS)
LABELS = st.builds(Label, NUMBERS, NUMBERS, st.sampled_from(["investsIn", AMOUNT]), st.sampled_from(["", "asserted"]))


def several(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


WORDS = several(st.text('a[]é\n\r\N{LINE SEPARATOR}\N{NEXT LINE}"\\', max_size=4))
EXAMPLES = st.builds(
    Example, st.text(max_size=4), st.builds(Marked, WORDS, several(SLOTS)), several(NUMBERS), several(LABELS),
    several(LABELS), several(st.sampled_from(["Company", NO_NAME, ""])), st.none() | st.tuples(NUMBERS, NUMBERS),
)  # fmt: skip


@given(st.lists(EXAMPLES, max_size=4))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, found: list[Example]) -> None:
    path = tmp_path_factory.mktemp("examples") / "examples.jsonl"
    assert write_examples(iter(found), path) == len(found)
    assert list(read_examples(path)) == found
