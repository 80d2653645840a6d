"""Our own sentences: how a line of them is read, what becomes of it as an example, and those that ship."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.data import data_path
from kg.errors import DataError
from kg.nlp.component import AMOUNT
from kg.nlp.loading import Pipeline
from kg.nlp.marked import MONEY
from kg.nlp.names import Name
from kg.schema import load_schema
from kg.training.examples import Example, Label
from kg.training.sentences import Told, example_of, read_sentences

SCHEMA = load_schema()
SHIPPED = "seeds/training/sentences.txt"
Fact = tuple[str, str, str, str]
One = Callable[[str], Told]

DEAL = "{Company|Acme} put {money|$5 million} into {Company|Globex}"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "own.txt"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def one(tmp_path: Path) -> One:
    """Reads a file of one line."""
    return lambda line: next(read_sentences(write(tmp_path, line), SCHEMA))


def surface(told: Told, end: int) -> str:
    start, stop, _ = told.ends[end]
    return told.text[start:stop]


def facts(told: Told) -> set[Fact]:
    """What is stated, with the words of the ends."""
    return {
        (surface(told, each.subject), each.relation, surface(told, each.object), each.status) for each in told.stated
    }


# A line.


def test_a_line_is_a_text_with_its_ends_and_what_it_states(one: One) -> None:
    assert one(f"{DEAL}. || 3 raises 2; 1 invests_in 3 planned; 1 amount 2; 3 amount 2") == Told(
        name="own-1",
        text="Acme put $5 million into Globex.",
        ends=((0, 4, "Company"), (9, 19, MONEY), (25, 31, "Company")),
        stated=(
            Label(0, 1, AMOUNT, ""),
            Label(0, 2, "investsIn", "planned"),
            Label(2, 1, AMOUNT, ""),
            Label(2, 1, "raises", "asserted"),
        ),
    )


def test_blank_lines_and_comments_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "# Names are made up.", f"{DEAL}. ||", "", "  ", "{Person|Jane Roe} left. ||")
    assert [(told.name, told.text) for told in read_sentences(path, SCHEMA)] == [
        ("own-2", "Acme put $5 million into Globex."),
        ("own-5", "Jane Roe left."),
    ]


PARTS = st.lists(
    st.sampled_from(["", " ", " met ", "“", "’s ", ", é\N{LINE SEPARATOR}; 1 # "]),
    max_size=4,
)


@given(PARTS, st.sampled_from(["Acme", "Globex & Co.", "X", "Ünï 3.5"]), st.sampled_from(SCHEMA.types))
def test_the_ends_are_where_the_braces_were(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], name: str, kind: str
) -> None:
    line = "So" + "".join(f"{before}{{{kind}|{name}}}" for before in parts) + " it was."
    (told,) = read_sentences(write(tmp_path_factory.mktemp("own"), f"{line} ||"), SCHEMA)
    assert told.text == "So" + "".join(f"{before}{name}" for before in parts) + " it was."
    assert [given for _, _, given in told.ends] == [kind] * len(parts)
    assert [surface(told, end) for end in range(len(parts))] == [name] * len(parts)
    assert [told.text[:start].count(name) for start, _, _ in told.ends] == list(range(len(parts)))


def test_a_name_of_two_types_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "{Company|Acme} runs {Product|Acme}. || 1 develops 2")
    with pytest.raises(DataError, match="two types"):
        list(read_sentences(path, SCHEMA))


@pytest.mark.parametrize("said", ["", " ||", " || ", "||;", " || ; "])
def test_a_line_may_state_nothing(one: One, said: str) -> None:
    told = one(f"{DEAL}.{said}")
    assert (told.text, told.stated) == ("Acme put $5 million into Globex.", ())


@pytest.mark.parametrize(
    "said", ["1 invests_in 3", "1 investsIn 3", " 1 invests_in 3 asserted ;", "1 invests_in 3;1 investsIn 3"]
)
def test_a_fact_may_be_written_in_several_ways(one: One, said: str) -> None:
    assert one(f"{DEAL}. ||{said}").stated == (Label(0, 2, "investsIn", "asserted"),)


@pytest.mark.parametrize("status", SCHEMA.statuses)
def test_a_fact_has_its_status(one: One, status: str) -> None:
    told = one(f"{DEAL}. || 1 invests_in 3 {status}; 1 acquires 3")
    assert facts(told) == {("Acme", "investsIn", "Globex", status), ("Acme", "acquires", "Globex", "asserted")}


@pytest.mark.parametrize("relation", ["competesWith", "partnersWith"])
def test_a_symmetric_relation_is_stated_both_ways(one: One, relation: str) -> None:
    assert facts(one(f"{DEAL}. || 3 {relation} 1 ended")) == {
        ("Acme", relation, "Globex", "ended"),
        ("Globex", relation, "Acme", "ended"),
    }


@pytest.mark.parametrize(
    "line",
    [
        # What is stated.
        f"{DEAL}. || 1 invets_in 3",
        f"{DEAL}. || 1 invests_in 3 maybe",
        f"{DEAL}. || 1 invests_in 3 planned denied",
        f"{DEAL}. || 1 invests_in",
        f"{DEAL}. || invests_in 1 3",
        f"{DEAL}. || 1 invests_in 3, 3 raises 2",
        f"{DEAL}. || 1 invests_in 3 || 3 raises 2",
        # Numbers of braces that are not there.
        f"{DEAL}. || 1 invests_in 4",
        f"{DEAL}. || 4 invests_in 1",
        f"{DEAL}. || 1 invests_in 0",
        f"{DEAL}. || 0 invests_in 1",
        f"{DEAL}. || -1 invests_in 1",
        f"{DEAL}. || 1 amount 4",
        f"{DEAL}. || 4 amount 2",
        f"{DEAL}. || 0 amount 2",
        f"{DEAL}. || 1 amount 0",
        "Acme put $5 million into Globex. || 1 invests_in 2",
        # Ends that do not fit.
        f"{DEAL}. || 1 develops 3",
        f"{DEAL}. || 1 ceo_of 3",
        f"{DEAL}. || 1 invests_in 2",
        f"{DEAL}. || 2 invests_in 3",
        f"{DEAL}. || 1 raises 3",
        f"{DEAL}. || 2 raises 2",
        f"{DEAL}. || 1 amount 3",
        f"{DEAL}. || 2 amount 1",
        f"{DEAL}. || 2 amount 2",
        f"{DEAL}. || 1 amount 2 planned",
        f"{DEAL}. || 1 amount 2 asserted",
        # Of a thing and itself.
        f"{DEAL}. || 1 invests_in 1",
        f"{DEAL}. || 3 partners_with 3 denied",
        f"{DEAL}. || 1 invests_in 3; 1 amount 1",
        # Braces.
        f"{DEAL} and {{Firm|Hooli}}. ||",
        f"{DEAL} and {{company|Hooli}}. ||",
        f"{DEAL} and {{Hooli}}. ||",
        f"{DEAL} and {{Company|}}. ||",
        f"{DEAL} and {{|Hooli}}. ||",
        f"{DEAL} and {{Company|Hooli|Inc}}. ||",
        f"{DEAL} and {{Company|Hooli. ||",
        f"{DEAL} and Company|Hooli}}. ||",
        f"{DEAL} and {{Company|{{Company|Hooli}} Labs}}. ||",
        f"{DEAL} and {{Company|Hooli}}}}. ||",
        f"{DEAL} and Hooli}}. ||",
        f"}}{DEAL}. ||",
        f"{DEAL}. }}|| 1 invests_in 3",
        f"{DEAL}. || 1 invests_in 3 }}",
    ],
)  # fmt: skip
def test_a_line_that_is_wrong_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, "# Names are made up.", f"{DEAL}. || 1 invests_in 3", "", line)
    found = read_sentences(path, SCHEMA)
    assert next(found).name == "own-2"
    with pytest.raises(DataError) as error:
        next(found)
    assert error.value.line == 4
    assert str(error.value).startswith(f"{path}:4: ")


# An example.


def shown(example: Example, labels: Iterable[Label]) -> set[Fact]:
    """The labels with the surface form of the first mark of each end; `money` for a sum."""

    def first(entity: int) -> str:
        name = example.marked.slots[example.entities.index(entity)].name
        return name.surface if name else MONEY

    return {(first(each.subject), each.relation, first(each.object), each.status) for each in labels}


def made(told: Told, pipeline: Pipeline, *, others: Callable[[str], list[Name]] | None = None) -> Example:
    example = example_of(told, pipeline, others=others)
    assert example is not None
    return example


def test_an_example_is_the_marked_text_with_what_it_states(one: One, pipeline: Pipeline) -> None:
    found = made(one(f"{DEAL}. || 3 raises 2; 1 invests_in 3 planned; 1 amount 2"), pipeline)
    assert found.document == "own-1"
    assert found.marked.words == ("[Company]", "put", "[money]", "into", "[Company]", ".")
    assert found.entities == (0, 1, 2)
    assert found.kinds == ("Company", "", "Company")
    assert found.stated == (
        Label(0, 1, AMOUNT, ""),
        Label(0, 2, "investsIn", "planned"),
        Label(2, 1, "raises", "asserted"),
    )
    assert (found.unclear, found.asked) == ((), None)


def test_only_what_is_in_braces_is_a_name(one: One, pipeline: Pipeline) -> None:
    found = made(one("Microsoft and {Person|Oslo} met {Product|Jane Roe} in London. ||"), pipeline)
    assert found.marked.words == ("microsoft", "and", "[Person]", "met", "[Product]", "in", "london", ".")
    assert found.kinds == ("Person", "Product")


def test_the_same_words_are_the_same_entity(one: One, pipeline: Pipeline) -> None:
    text = "{Company|Acme} met {Company|Globex}; {Company|Acme} then bought {Company|Globex Labs}."
    found = made(one(f"{text} || 3 acquires 4; 1 sues 2"), pipeline)
    assert found.entities == (0, 1, 0, 3)
    assert found.stated == (Label(0, 1, "sues", "asserted"), Label(0, 3, "acquires", "asserted"))


def test_a_reference_to_a_name_is_the_entity_of_the_name(one: One, pipeline: Pipeline) -> None:
    found = made(one("{Company|Acme} grew. The company bought {Company|Globex}. || 1 acquires 2"), pipeline)
    assert found.entities == (0, 0, 2)
    assert found.kinds == ("Company",) * 3
    assert found.stated == (Label(0, 2, "acquires", "asserted"),)


def test_each_sum_is_an_end_of_its_own(one: One, pipeline: Pipeline) -> None:
    text = "{Company|Acme} raised {money|$5 million} in May and about {money|$5 million} in June."
    found = made(one(f"{text} || 1 raises 3; 1 valued_at 2"), pipeline)
    assert found.entities == (0, 1, 2)
    assert found.kinds == ("Company", "", "")
    assert found.stated == (Label(0, 1, "valuedAt", "asserted"), Label(0, 2, "raises", "asserted"))


def test_a_sum_in_braces_with_words_before_it_is_that_sum(one: One, pipeline: Pipeline) -> None:
    found = made(one("{Company|Acme} raised {money|more than $5 million} after $2 million. || 1 raises 2"), pipeline)
    assert [slot.kind for slot in found.marked.slots] == ["Company", MONEY, MONEY]
    assert found.stated == (Label(0, 1, "raises", "asserted"),)


def test_what_is_stated_of_an_end_that_is_not_found_again_is_left_out(one: One, pipeline: Pipeline) -> None:
    line = "{Company|Acme} bought {Company|Globex} for {money|a song}. || 1 acquires 2; 1 amount 3; 2 raises 3"
    found = made(one(line), pipeline)
    assert shown(found, found.stated) == {("Acme", "acquires", "Globex", "asserted")}


def test_a_symmetric_relation_is_stated_both_ways_in_the_example(one: One, pipeline: Pipeline) -> None:
    found = made(one("{Company|Acme} and {Company|Globex} compete. || 2 competes_with 1"), pipeline)
    assert shown(found, found.stated) == {
        ("Acme", "competesWith", "Globex", "asserted"),
        ("Globex", "competesWith", "Acme", "asserted"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "{Company|Acme} opens a new office - {Company|Globex} buys it at once.",  # a headline and its text
        "From {money|$5 million} to {money|$9 million} - {Company|Acme} grew with {Company|Globex}.",
        "{Company|Acme} grew.  {Company|Globex} shrank.",  # the text of the passage has one blank
        "**{Company|Acme}** bought {Company|Globex}.",
        "{Company|Acme} grew by much.",
        "{Company|Acme} saw that Acme had grown.",
        "Prices rose.",
    ],
)
def test_a_text_of_two_passages_or_of_fewer_than_two_ends_is_no_example(
    one: One, pipeline: Pipeline, text: str
) -> None:
    assert example_of(one(f"{text} ||"), pipeline) is None


# Where only one pair is known.

BOUGHT = "{Company|Acme} bought {Company|Globex} and {Company|Hooli} for {money|$5 million}. || 2 subsidiary_of 1"


@pytest.mark.parametrize(("asked", "numbers"), [((0, 1), (0, 1)), ((2, 0), (2, 0)), ((1, 3), (1, 3)), (None, None)])
def test_the_two_ends_that_are_asked_are_asked_of_their_entities(
    one: One, pipeline: Pipeline, asked: tuple[int, int] | None, numbers: tuple[int, int] | None
) -> None:
    assert made(replace(one(BOUGHT), asked=asked), pipeline).asked == numbers


def test_the_ends_may_be_in_any_order(one: One, pipeline: Pipeline) -> None:
    told = one(BOUGHT)
    turned = replace(told, ends=told.ends[::-1], stated=(Label(2, 3, "subsidiaryOf", "asserted"),), asked=(3, 1))
    assert made(turned, pipeline) == made(replace(told, asked=(0, 2)), pipeline)


def test_without_an_end_that_is_asked_there_is_no_example(one: One, pipeline: Pipeline) -> None:
    told = one("{Company|Acme} bought {Company|Globex} for {money|a song}. ||")
    assert example_of(replace(told, asked=(0, 1)), pipeline) is not None
    assert example_of(replace(told, asked=(0, 2)), pipeline) is None


def test_what_is_unclear_is_unclear_of_the_entities(one: One, pipeline: Pipeline) -> None:
    told = one("{Company|Acme} met {Company|Acme} and {Company|Globex}. || 1 acquires 3")
    found = made(replace(told, unclear=(Label(1, 2, "sues", ""), Label(2, 1, "supplies", ""))), pipeline)
    assert shown(found, found.stated) == {("Acme", "acquires", "Globex", "asserted")}
    assert shown(found, found.unclear) == {("Acme", "sues", "Globex", ""), ("Globex", "supplies", "Acme", "")}


def seen(*names: str) -> Callable[[str], list[Name]]:
    """Finds each of the names wherever it stands in a text, and takes it for a product."""

    def found(text: str) -> list[Name]:
        places = [(at, name) for name in names for at in range(len(text)) if text.startswith(name, at)]
        return [Name(at, at + len(name), name, "Product", "test") for at, name in places]

    return found


def test_other_names_are_marked_and_nothing_is_known_of_them(one: One, pipeline: Pipeline) -> None:
    told = one("Hooli says {Company|Acme} met {Company|Globex} and Initech. || 1 sues 2")
    found = made(told, pipeline, others=seen("Initech", "Hooli"))
    assert found.marked.words == ("[Product]", "says", "[Company]", "met", "[Company]", "and", "[Product]", ".")
    assert found.entities == (0, 1, 2, 3)
    assert found.kinds == ("", "Company", "Company", "")
    assert shown(found, found.stated) == {("Acme", "sues", "Globex", "asserted")}


@pytest.mark.parametrize("other", ["Acme", "Labs met", "Acme Labs", "cme", "met Globex"])
def test_other_names_give_way_to_the_ends(one: One, pipeline: Pipeline, other: str) -> None:
    told = one("{Company|Acme Labs} met {Company|Globex}. || 1 sues 2")
    assert made(told, pipeline, others=seen(other)) == made(told, pipeline)


def test_another_mention_of_an_end_is_the_end_and_truly_what_the_end_is(one: One, pipeline: Pipeline) -> None:
    told = one("{Company|Acme} sued {Company|Globex}, and Acme won. || 1 sues 2")
    found = made(told, pipeline, others=seen("Acme"))
    assert found.entities == (0, 1, 0)
    assert [slot.kind for slot in found.marked.slots] == ["Company", "Company", "Product"]
    assert found.kinds == ("Company",) * 3


def test_of_the_unnamed_chips_of_a_maker_no_type_is_known(one: One, pipeline: Pipeline) -> None:
    found = made(one("{Company|Globex} bought {Company|Nvidia} chips. ||"), pipeline)
    assert [slot.kind for slot in found.marked.slots] == ["Company", "Company", "Chip"]
    assert found.kinds == ("Company", "Company", "")


# What ships.


@pytest.fixture(scope="module")
def shipped() -> list[Told]:
    return list(read_sentences(data_path(SHIPPED), SCHEMA))


def test_every_line_that_ships_is_read(shipped: list[Told]) -> None:
    lines = data_path(SHIPPED).read_text(encoding="utf-8").split("\n")
    assert len(shipped) == sum(bool(line.strip()) and not line.startswith("#") for line in lines) > 1000
    assert [told.name for told in shipped if set("{}|") & set(told.text)] == []
    assert [told.name for told in shipped if not told.text.strip()] == []


def test_no_line_stands_twice(shipped: list[Told]) -> None:
    counts = Counter(" ".join(told.text.lower().split()) for told in shipped)
    assert [text for text, count in counts.items() if count > 1] == []


def test_every_relation_is_stated_often_and_every_status_and_type_occurs(shipped: list[Told]) -> None:
    """Counted by sentences, however often one of them states a relation."""
    counts = Counter(relation for told in shipped for relation in {each.relation for each in told.stated})
    assert set(counts) == {*SCHEMA.relations, AMOUNT}
    assert [relation for relation, count in counts.items() if count < 20] == []
    statuses = Counter(status for told in shipped for status in {each.status for each in told.stated if each.status})
    assert set(statuses) == set(SCHEMA.statuses)
    assert {kind for told in shipped for _, _, kind in told.ends} == {*SCHEMA.types, MONEY}


def test_many_sentences_with_two_names_or_more_state_nothing(shipped: list[Told]) -> None:
    silent = [told for told in shipped if not told.stated and sum(kind != MONEY for _, _, kind in told.ends) > 1]
    assert len(silent) >= 0.05 * len(shipped)


def test_the_ends_begin_with_a_word_and_have_no_blanks_around_them(shipped: list[Told]) -> None:
    ends = [(told, start, end) for told in shipped for start, end, _ in told.ends]
    assert [told.name for told, start, end in ends if told.text[start:end].strip() != told.text[start:end]] == []
    assert [told.name for told, start, _ in ends if start and told.text[start - 1 : start + 1].isalnum()] == []


def test_no_sentence_states_anything_of_one_name_and_itself(shipped: list[Told]) -> None:
    """An example knows names by their words, so what is said of two things of one name would be lost."""
    of_itself = [
        told.name
        for told in shipped
        for each in told.stated
        if surface(told, each.subject) == surface(told, each.object)
    ]
    assert of_itself == []


def test_no_name_is_of_two_types_in_one_sentence(shipped: list[Told]) -> None:
    """An example knows the true type of a name by its words, too."""
    types = [(told, {(surface(told, end), kind) for end, (_, _, kind) in enumerate(told.ends)}) for told in shipped]
    assert [told.name for told, found in types if len({words for words, _ in found}) < len(found)] == []


@pytest.mark.slow
def test_nearly_all_that_the_sentences_state_is_in_the_examples(shipped: list[Told], pipeline: Pipeline) -> None:
    """A few are no single passage, and a few of the sums are not found again."""
    every = lost = 0
    for told in shipped:
        example = example_of(told, pipeline)
        words = {
            (
                surface(told, each.subject),
                each.relation,
                MONEY if told.ends[each.object][2] == MONEY else surface(told, each.object),
                each.status,
            )
            for each in told.stated
        }
        found = shown(example, example.stated) if example else set()
        assert found <= words, told.name
        every, lost = every + len(words), lost + len(words - found)
    assert every > 2000
    assert lost <= 0.01 * every
