"""The gate: cutting into sentences, words as it sees them, and which parts of a document are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import extract
from kg.nlp.amounts import find_amounts
from kg.nlp.gate import (
    CAPITAL,
    FIRST,
    KNOWN,
    LONGEST,
    NUMBERS,
    PLAIN,
    Gate,
    load_gates,
    marks_of,
    number_of,
    parted,
    scores,
    sentences,
    units,
    words_of,
)
from kg.nlp.lexicon import load_lexicon
from kg.nlp.loading import Pipeline
from kg.nlp.names import Name
from kg.nlp.passages import Passage, passages
from kg.nlp.pipeline import annotate
from kg.nlp.references import load_reference_words
from kg.read.readers import document_from_text

LEXICON = load_lexicon()
DULL = "The weather stayed mild, and many visitors enjoyed the gardens."
OPENING = f"# {DULL} {DULL} {DULL}\n\n"
"""So much is read whatever it says."""
DEAL = "Acmelo will acquire Globexa, a chip start-up, for $5 million."


@pytest.fixture(scope="module")
def quick(pipeline: Pipeline) -> Pipeline:
    return replace(pipeline, gates=load_gates())


@pytest.mark.parametrize(
    "parts",
    [
        ["One thing. ", "Another! ", "“A third?” ", "$5 more."],
        ["Acme Inc. bought it. ", "Dr. Roe left the U.S. Army."],
        ["no end"],
        [""],
    ],
)
def test_sentences_end_at_full_stops_but_not_at_abbreviations(parts: list[str]) -> None:
    text = "".join(parts)
    assert [text[start:end] for start, end in sentences(text, LEXICON)] == parts


@given(st.lists(st.sampled_from(["A", "b", ". ", "! ", "Inc.", "\n", '"', "(", "5", "$"])).map("".join))
def test_sentences_make_up_the_whole_text(text: str) -> None:
    assert "".join(text[start:end] for start, end in sentences(text, LEXICON)) == text


def test_words_are_in_lower_case_with_what_they_are() -> None:
    found = words_of("The Acme Bot cost 1,500 in all.", (0, 26), [(4, 8, "Company")])
    assert found == [
        ("the", CAPITAL),
        ("<Company>", KNOWN),
        ("bot", CAPITAL),
        ("cost", PLAIN),
        ("0", PLAIN),
        ("in", PLAIN),
    ]
    assert len(words_of("word " * 200, (0, 1000), [])) == LONGEST


def test_the_score_of_a_sentence_does_not_depend_on_the_others() -> None:
    gate = load_gates().known
    rows = [words_of(text, (0, len(text)), []) for text in (DULL, DEAL, "", "Yes.")]
    together = scores(rows, gate)
    assert together == pytest.approx([scores([row], gate)[0] for row in rows], abs=1e-4)
    assert together[1] > gate.least > together[0]
    assert scores([], gate) == []


@pytest.mark.parametrize(
    "text",
    [
        "Acmelo has acquired Globexa for $90 million in cash and shares.",
        "Initeka raised $30 million in a Series B round led by Oak Ventures.",
        "Umbrax and Zetalab announced a partnership on Tuesday.",
        "Umbrax is suing Zetalab over the use of its articles.",
        "Jane Roe, chief executive of Globexa, spoke to reporters.",
        "Zetalab released Fibolo 3, a new open model with 70 billion parameters.",
    ],
)
def test_what_states_a_relation_is_let_through(text: str) -> None:
    assert scores([words_of(text, (0, len(text)), [])], load_gates().known)[0] >= load_gates().known.least


@pytest.mark.parametrize(
    "text",
    [
        DULL,
        "Thanks for reading, and see you all next week.",
        "Click here to subscribe, or forward this to a friend.",
        "I think that this is a good way to begin, but it depends on what you need.",
        "Please read the notes below before you begin.",
        "It takes a while, so be patient and try it again later.",
    ],
)
def test_chatter_is_held_back(text: str) -> None:
    assert scores([words_of(text, (0, len(text)), [])], load_gates().known)[0] < load_gates().known.least


def named_score(text: str, surfaces: Sequence[str]) -> float:
    """What the second gate makes of a sentence with these companies in it."""
    names = [Name(at := text.index(each), at + len(each), each, "Company", "test") for each in surfaces]
    return scores([words_of(text, (0, len(text)), marks_of(names, find_amounts(text)))], load_gates().named)[0]


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        (DEAL, ["Acmelo", "Globexa"]),
        ("Initeka raised $30 million in a Series B round led by Oak Ventures.", ["Initeka", "Oak Ventures"]),
        ("Globexa trains its models on thousands of GPUs from Acmelo.", ["Acmelo", "Globexa"]),
        ("Umbrax is suing Zetalab over the use of its articles.", ["Umbrax", "Zetalab"]),
    ],
)
def test_what_states_a_relation_of_names_passes_the_second_gate(text: str, companies: list[str]) -> None:
    assert named_score(text, companies) >= load_gates().named.least


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        (DULL, []),
        ("Acmelo will hold its meeting on Monday.", ["Acmelo"]),
        ("For more about Acmelo, visit its website.", ["Acmelo"]),
        ("Acmelo assumes no obligation to update these statements.", ["Acmelo"]),
    ],
)
def test_names_alone_do_not_pass_the_second_gate(text: str, companies: list[str]) -> None:
    assert named_score(text, companies) < load_gates().named.least


def test_any_word_has_a_number_in_the_table() -> None:
    numbers = [number_of(word) for word in ("", "a", "ü", "<Company>", "x" * 1000)]
    assert len(set(numbers)) == len(numbers)
    assert all(FIRST <= number < FIRST + NUMBERS for number in numbers)
    assert len(load_gates().known.vectors) == 3 * (FIRST + NUMBERS)


def read_parts(text: str, gate: Gate, *, opening: int = 0) -> tuple[list[str], list[str]]:
    """The parts of a text that pass a gate to which no name is known, and the others."""
    every = list(passages(document_from_text("d", text), LEXICON))
    parts = list(parted(every, [[] for _ in every], gate, LEXICON, load_reference_words(), opening=opening))
    told = [(every[i].text[start:end], passes) for i, (start, end), passes in parts]
    return [part for part, passes in told if passes], [part for part, passes in told if not passes]


def test_what_states_nothing_is_set_aside_and_what_follows_one_another_is_read_together() -> None:
    assert read_parts(f"{DULL} {DEAL} {DEAL} {DULL}", load_gates().known) == ([f"{DEAL} {DEAL} "], [f"{DULL} ", DULL])


def test_a_sentence_that_refers_back_brings_the_one_before() -> None:
    back = "It acquired Globexa, a chip start-up, for $5 million."
    assert read_parts(f"{DULL} {DULL} {back}", load_gates().known) == ([f"{DULL} {back}"], [f"{DULL} "])
    assert read_parts(f"{DULL}\n\n{back}", load_gates().known) == ([DULL, back], [])


def test_all_or_nothing_is_read_when_the_threshold_says_so() -> None:
    text = f"## A Quiet Day In Town\n\n{DULL} {DEAL}"
    parts = ["A Quiet Day In Town", f"{DULL} {DEAL}"]
    assert read_parts(text, replace(load_gates().known, least=-1e9)) == (parts, [])
    assert read_parts(text, replace(load_gates().known, least=1e9)) == ([], parts)


def test_the_opening_is_read_in_any_case() -> None:
    shut = replace(load_gates().known, least=1e9)
    assert read_parts(f"{DULL} {DULL} {DULL} {DULL}", shut, opening=15) == ([f"{DULL} {DULL} "], [f"{DULL} {DULL}"])


def test_a_headline_and_an_item_with_its_introduction_are_read_as_one() -> None:
    (passage,) = passages(document_from_text("d", f"{DULL} {DEAL}"), LEXICON)
    assert len(units(passage, [], LEXICON)) == 2
    for whole in (replace(passage, title_case=True), replace(passage, lead_in=4)):
        assert units(whole, [], LEXICON) == [(0, len(passage.text))]


def test_offsets_of_what_is_read_are_those_of_the_document(quick: Pipeline) -> None:
    document = document_from_text("d", f"{DULL} **{DULL}** {DEAL}\n\n{DULL} Then {DEAL}")
    for parsed in annotate(document, quick).parsed:
        for name in parsed.names.values():
            start, end = parsed.passage.block.stored_span(name.start, name.end)
            assert document.text[start:end] == name.surface


def test_known_names_are_found_in_what_is_set_aside(pipeline: Pipeline) -> None:
    document = document_from_text("d", OPENING + "The old cat slept at Nvidia all day long in the sun.")
    shut = replace(pipeline, gates=replace(load_gates(), known=replace(load_gates().known, least=1e9)))
    (found,) = extract([document], shut)
    assert [(name.surface, name.type) for name in found.mentions] == [("Nvidia", "Company")]
    assert found.relations == ()


def test_facts_are_the_same_with_dull_sentences_around_them(quick: Pipeline) -> None:
    def facts(text: str) -> set[tuple[str, str, str]]:
        (found,) = extract([document_from_text("d", text)], quick)
        return {(m.relation, m.subject.surface, m.object.surface if m.object else "") for m in found.relations}

    assert facts(f"{OPENING}{DULL} {DULL} {DEAL} {DULL}") == facts(DEAL) != set()


def test_a_part_of_a_passage_keeps_its_label_only_at_its_start() -> None:
    document = document_from_text("d", f"- **Widget:** {DEAL} {DULL}")
    (whole,) = passages(document, LEXICON)
    assert isinstance(whole, Passage)
    assert whole.label_end is not None
    kept, _ = read_parts(document.text, load_gates().known)
    assert kept[0].startswith("Widget:")
