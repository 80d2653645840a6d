"""Names: what is found, how far it reaches, and what type the document settles on."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Block
from kg.nlp.candidates import candidates
from kg.nlp.lexicon import Lexicon, load_lexicon
from kg.nlp.names import Name, settle_types, spread
from kg.nlp.passages import Passage
from kg.nlp.tokens import Piece


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def named(text: str, surface: str, kind: str = "Company", *, rule: str = "proper nouns", **given: object) -> Name:
    start = text.index(surface)
    return Name(start, start + len(surface), surface, kind, rule, **given)  # type: ignore[arg-type]


def known(text: str, surface: str, kind: str = "Company", entity: str = "some-id") -> Name:
    return named(text, surface, kind, rule="registry", sure=True, entity=entity)


def found_in(tree, spec: str, *registered: str, title_case: bool = False, forms, lexicon: Lexicon) -> list[str]:
    """The surface forms found in a sentence, which is written as `form:TAG` for each word."""
    first, *rest = spec.split()
    doc = tree(f"{first}:ROOT " + " ".join(f"{word}:dep:0" for word in rest))
    text = doc.text.rstrip()
    shown = [Piece(token.idx, token.idx + len(token), token.text) for token in doc]
    passage = Passage(0, Block("paragraph", text, ((0, 0),)), title_case=title_case)
    given = [known(text, surface) for surface in registered]
    return [name.surface for name in candidates(passage, doc, shown, given, lexicon=lexicon, forms=forms)]


@pytest.fixture(scope="module")
def find(tree, plain_forms, lexicon: Lexicon):
    return partial(found_in, tree, forms=plain_forms, lexicon=lexicon)


@pytest.mark.parametrize(
    ("spec", "surfaces"),
    [
        ("we:PRP met:VBD Zorblax:NNP today:NN", ["Zorblax"]),
        ("we:PRP met:VBD Zorblax:NNP Quillon:NNP today:NN", ["Zorblax Quillon"]),
        ("we:PRP met:VBD Zorblax:NNP ,:, Quillon:NNP and:CC Norvik:NNP", ["Zorblax", "Quillon", "Norvik"]),
        ("we:PRP met:VBD Johnson:NNP &:CC Zorblax:NNP", ["Johnson & Zorblax"]),
        ("we:PRP saw:VBD Zorblax:NNP 3:CD today:NN", ["Zorblax 3"]),
        ("we:PRP met:VBD Zorblax:NNP Labs:NNP", ["Zorblax Labs"]),
        ("nothing:NN is:VBZ named:VBN here:RB", []),
    ],
)
def test_runs_of_proper_nouns_are_names(find, spec: str, surfaces: list[str]) -> None:
    assert find(spec) == surfaces


@pytest.mark.parametrize("word", ["CEO", "Monday", "The", "Series"])
def test_words_that_never_are_names_are_cut_off(find, lexicon: Lexicon, word: str) -> None:
    assert word in lexicon.never_names
    assert find(f"we:PRP met:VBD {word}:NNP Zorblax:NNP") == ["Zorblax"]
    assert find(f"we:PRP met:VBD Zorblax:NNP {word}:NNP") == ["Zorblax"]
    assert find(f"we:PRP met:VBD {word}:NNP") == []


def test_a_registered_name_is_kept_as_it_is(find) -> None:
    assert find("we:PRP met:VBD Zorblax:NNP Quillon:NNP", "Quillon") == ["Zorblax", "Quillon"]
    assert find("lower:JJ zorblax:NN", "zorblax") == ["zorblax"]


def test_a_registered_name_is_completed_by_an_ending(find) -> None:
    assert find("we:PRP met:VBD Zorblax:NNP Foundation:NNP", "Zorblax") == ["Zorblax Foundation"]


def test_an_ordinary_word_that_begins_a_sentence_is_no_name(find) -> None:
    assert find("Launch:NNP today:NN") == []
    assert find("they:PRP left:VBD .:. Launch:NNP today:NN") == []
    assert find("Zorblax:NNP left:VBD") == ["Zorblax"]


def test_ordinary_words_of_a_headline_are_no_names(find) -> None:
    spec = "Zorblax:NNP Launch:NNP New:NNP Chip:NNP"
    assert "Launch" not in find("Zorblax:NNP will:MD Launch:NNP Chip:NNP", title_case=True)
    assert find("big:JJ Launch:NNP Plan:NNP", title_case=True) == []
    assert all("Zorblax" in surface for surface in find(spec, title_case=True))


# The names of a document.


def test_a_name_is_seen_wherever_its_words_stand(plain_forms) -> None:
    texts = {0: "Zorblax grew.", 1: "They like Zorblax, not ZorblaxPay or Zorblaxes."}
    names = spread({0: [named(texts[0], "Zorblax", "Model")], 1: []}, texts, plain_forms)
    assert [(name.start, name.surface, name.type) for name in names[1]] == [(10, "Zorblax", "Model")]


def test_a_longer_name_is_not_cut_by_a_shorter_one(plain_forms) -> None:
    texts = {0: "Zorblax Labs grew.", 1: "Zorblax grew.", 2: "Zorblax Labs and Zorblax."}
    names = spread({0: [named(texts[0], "Zorblax Labs")], 1: [named(texts[1], "Zorblax")], 2: []}, texts, plain_forms)
    assert [name.surface for name in names[2]] == ["Zorblax Labs", "Zorblax"]


WORDS = st.lists(st.sampled_from(["Zorblax", "Labs", "Zorblax Labs", "met", "the", "Norvik"]), max_size=8)


@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=3), st.sets(st.sampled_from(["Zorblax", "Zorblax Labs"])))
def test_names_of_a_passage_never_overlap(plain_forms, texts: list[str], surfaces: set[str]) -> None:
    by_passage = dict(enumerate(texts))
    found: dict[int, list[Name]] = {key: [] for key in by_passage}
    for surface in sorted(surfaces):
        if surface in texts[0] and not found[0]:
            found[0] = [named(texts[0], surface)]
    for key, names in spread(found, by_passage, plain_forms).items():
        assert all(one.end <= two.start for one, two in pairwise(names))
        assert all(by_passage[key][name.start : name.end] == name.surface for name in names)


def settled(lexicon: Lexicon, *passages: tuple[str, list[Name]]) -> dict[str, tuple[str, bool]]:
    """Type and sureness by surface form, once the document has settled them."""
    texts = {key: text for key, (text, _) in enumerate(passages)}
    names = settle_types({key: names for key, (_, names) in enumerate(passages)}, texts, lexicon)
    return {name.surface: (name.type, name.sure) for found in names.values() for name in found}


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("Zorblax Inc. grew.", "Zorblax Inc.", "Company"),
        ("Zorblax Ventures grew.", "Zorblax Ventures", "Company"),
        ("the University of Zorblax grew.", "University of Zorblax", "Institution"),
        ("Zorblax Institute grew.", "Zorblax Institute", "Institution"),
        ("the startup Zorblax grew.", "Zorblax", "Company"),
        ("the chatbot Zorblax grew.", "Zorblax", "Product"),
        ("Zorblax, a maker of robots, grew.", "Zorblax", "Company"),
    ],
)
def test_words_beside_a_name_settle_its_type(lexicon: Lexicon, text: str, surface: str, kind: str) -> None:
    assert settled(lexicon, (text, [named(text, surface, "Place")])) == {surface: (kind, True)}


def test_the_registry_overrules_the_words_beside_a_name(lexicon: Lexicon) -> None:
    text = "the startup Zorblax grew."
    assert settled(lexicon, (text, [known(text, "Zorblax", "Model")])) == {"Zorblax": ("Model", True)}


def test_the_recogniser_alone_leaves_a_name_unsure(lexicon: Lexicon) -> None:
    text = "we met Zorblax."
    assert settled(lexicon, (text, [named(text, "Zorblax", rule="label PERSON")])) == {"Zorblax": ("Person", False)}


def test_all_mentions_of_a_surface_form_have_one_type(lexicon: Lexicon) -> None:
    first, second = "the startup Zorblax grew.", "Zorblax fell."
    names = settle_types(
        {0: [named(first, "Zorblax", "Place")], 1: [named(second, "Zorblax", "Person", rule="label PERSON")]},
        {0: first, 1: second},
        lexicon,
    )
    assert {name.type for found in names.values() for name in found} == {"Company"}


def test_a_slip_of_a_sure_name_takes_its_type(lexicon: Lexicon) -> None:
    text = "the chatbot Zorblax grew, and Zorblxa fell."
    types = settled(lexicon, (text, [named(text, "Zorblax"), named(text, "Zorblxa")]))
    assert types == {"Zorblax": ("Product", True), "Zorblxa": ("Product", True)}


def test_short_names_and_other_first_letters_are_no_slips(lexicon: Lexicon) -> None:
    text = "the chatbot Zork and the chatbot Zorblax met Zorc and Borblax."
    names = [named(text, surface, "Company") for surface in ("Zork", "Zorblax", "Zorc", "Borblax")]
    types = settled(lexicon, (text, names))
    assert types["Zorc"] == ("Company", False)
    assert types["Borblax"] == ("Company", False)
