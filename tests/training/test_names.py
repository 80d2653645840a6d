"""What the recogniser learns from: passages with their names, with others in their place, and single sentences."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.training.gold import GoldDocument
from kg.training.names import EXCHANGED, Named, exchanged, invented, named_texts, one_sentence

Gold = Callable[..., GoldDocument]

OTHERS = {"Company": ["Initech", "Umbra Labs", "Vandelay"], "Person": ["Jane Roe", "John Doe"], "Place": ["Oslo"]}
KINDS = {"Acme": "Company", "Globex Inc.": "Company", "Ann Lee": "Person", "St. Ives": "Place", "Who? Me!": "Company"}
"""Some names look as if a sentence ended in them."""
WORDS = ("met", "and", "in", "grew.", "Why?", "Yes!", "v1.5", "\n")


def named(parts: Iterable[str]) -> Named:
    """The parts with blanks between them; those in KINDS are names."""
    text, names = "", []
    for part in parts:
        text += " " if text else ""
        if part in KINDS:
            names.append((len(text), len(text) + len(part), KINDS[part]))
        text += part
    return Named(text, tuple(names))


def surfaces(given: Named) -> list[str]:
    return [given.text[start:end] for start, end, _ in given.names]


def between(given: Named) -> list[str]:
    """What stands before, between and after the names."""
    ends = [0, *(end for _, end, _ in given.names)]
    starts = [*(start for start, _, _ in given.names), len(given.text)]
    return [given.text[end:start] for end, start in zip(ends, starts, strict=True)]


TEXTS = st.lists(st.sampled_from([*KINDS, *WORDS]), max_size=12).map(named)
SEEDS = st.integers(0, 10_000)

# The passages.


def test_every_passage_is_a_text_with_the_places_and_types_of_its_names(gold_of: Gold) -> None:
    text = "# Acme in Oslo\n\nAcme **Labs** grew.\n\nPrices rose.\n"
    first = gold_of(text, {"Acme": "Company", "Oslo": "Place"}, aliases={"Acme Labs": "Acme"})
    second = gold_of("Jane Roe left.", {"Jane Roe": "Person"})
    assert named_texts([first, second]) == [
        Named("Acme in Oslo", ((0, 4, "Company"), (8, 12, "Place"))),
        Named("Acme Labs grew.", ((0, 9, "Company"),)),
        Named("Prices rose.", ()),
        Named("Jane Roe left.", ((0, 8, "Person"),)),
    ]


# Names exchanged for others.


@given(TEXTS, SEEDS, st.sampled_from([0.0, 0.5, 1.0]))
def test_after_an_exchange_the_places_are_those_of_the_names(before: Named, seed: int, invent: float) -> None:
    after = exchanged(before, OTHERS, random.Random(seed), invent=invent)
    assert [kind for _, _, kind in after.names] == [kind for _, _, kind in before.names]
    assert between(after) == between(before)
    assert all(one[1] <= two[0] for one, two in pairwise(after.names))
    if not invent:
        for surface, new in zip(surfaces(before), surfaces(after), strict=True):
            assert new in {surface, *OTHERS[KINDS[surface]]}


@given(TEXTS, SEEDS, st.sampled_from([0.0, 1.0]))
def test_a_name_is_exchanged_for_the_same_one_throughout(before: Named, seed: int, invent: float) -> None:
    after = exchanged(before, OTHERS, random.Random(seed), invent=invent)
    pairs = set(zip(surfaces(before), surfaces(after), strict=True))
    assert len(pairs) == len(set(surfaces(before)))


@given(TEXTS, SEEDS)
def test_the_same_seed_exchanges_the_same_names(before: Named, seed: int) -> None:
    once, again = (exchanged(before, OTHERS, random.Random(seed), invent=0.5) for _ in range(2))
    assert once == again


def test_so_many_names_are_exchanged() -> None:
    rng, count = random.Random(1), 2000
    found = [surfaces(exchanged(named(["Acme", "grew."]), OTHERS, rng)) for _ in range(count)]
    assert {name for (name,) in found} == {"Acme", *OTHERS["Company"]}
    assert sum(name != "Acme" for (name,) in found) / count == pytest.approx(EXCHANGED, abs=0.04)


def test_a_text_without_names_stays_as_it_is() -> None:
    assert exchanged(named(WORDS), {}, random.Random(1)) == named(WORDS)


# Names that nobody has.


@pytest.mark.parametrize(
    ("forms", "found"),
    [
        (["Acme", "Globex"], {"Acme", "Acbex", "Globex", "Glome"}),
        (["OpenAI"], {"Openai"}),
        (["Hooli"], {"Hoooli"}),
        (["X"], {"Xx"}),
    ],
)
def test_a_name_is_made_up_of_the_halves_of_two(forms: list[str], found: set[str]) -> None:
    assert {invented(forms, random.Random(seed)) for seed in range(40)} == found


# Single sentences.


@given(TEXTS, SEEDS)
def test_a_sentence_is_part_of_the_text_with_the_names_that_stand_in_it(whole: Named, seed: int) -> None:
    part = one_sentence(whole, random.Random(seed))
    assert part.text in whole.text
    assert [KINDS[surface] for surface in surfaces(part)] == [kind for _, _, kind in part.names]
    assert all(0 <= start < end <= len(part.text) for start, end, _ in part.names)


@settings(deadline=None)
@given(TEXTS)
def test_the_sentences_make_up_the_text_and_cut_no_name(whole: Named) -> None:
    found = {one_sentence(whole, random.Random(seed)) for seed in range(300)}
    assert {name for part in found for name in surfaces(part)} == set(surfaces(whole))
    assert {word for part in found for word in part.text.split()} == set(whole.text.split())


@given(TEXTS, SEEDS)
def test_the_same_seed_takes_the_same_sentence(whole: Named, seed: int) -> None:
    assert one_sentence(whole, random.Random(seed)) == one_sentence(whole, random.Random(seed))


def test_a_text_is_cut_at_the_ends_of_its_sentences() -> None:
    whole = named(["Acme", "grew.", "Why?", "Ann Lee", "met", "St. Ives", "in", "v1.5", "and", "left"])
    found = {one_sentence(whole, random.Random(seed)) for seed in range(40)}
    assert found == {
        Named("Acme grew. ", ((0, 4, "Company"),)),
        Named("Why? ", ()),
        Named("Ann Lee met St. Ives in v1.5 and left", ((0, 7, "Person"), (12, 20, "Place"))),
    }
