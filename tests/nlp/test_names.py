"""Names: what is found, how far it reaches, and what type the document settles on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Block
from kg.nlp.candidates import candidates
from kg.nlp.lexicon import Lexicon, WordForms, load_lexicon
from kg.nlp.names import RECOGNISED, SURE_VOTES, WEIGHT, Name, settle_types, spread
from kg.nlp.passages import Passage

Find = Callable[..., list[Name]]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def named(text: str, surface: str, kind: str = "Company", *, rule: str = "test", **given: object) -> Name:
    start = text.index(surface)
    return Name(start, start + len(surface), surface, kind, rule, **given)  # type: ignore[arg-type]


def known(text: str, surface: str, kind: str = "Company", entity: str = "some-id") -> Name:
    return named(text, surface, kind, rule="registry", sure=True, entity=entity)


def shared(text: str, surface: str, kind: str = "Company", either: tuple[str, ...] = ("Company", "Product")) -> Name:
    """A name that several things in the registry have."""
    return named(text, surface, kind, rule="registry", either=either)


def seen(text: str, surface: str, kind: str = "Company") -> Name:
    """A name as the recogniser sees it."""
    return named(text, surface, kind, rule=f"{RECOGNISED} {kind}")


@pytest.fixture(scope="module")
def find(lexicon: Lexicon, plain_forms: WordForms) -> Find:
    """The names found in a text of which these are registered and those recognised, each as surface form or name."""

    def found(
        text: str,
        registered: Sequence[str | Name] = (),
        recognised: Sequence[str | Name] = (),
        *,
        title_case: bool = False,
    ) -> list[Name]:
        return candidates(
            Passage(0, Block("paragraph", text, ((0, 0),)), title_case=title_case),
            known=[name if isinstance(name, Name) else known(text, name) for name in registered],
            recognised=[name if isinstance(name, Name) else seen(text, name) for name in recognised],
            lexicon=lexicon,
            forms=plain_forms,
        )

    return found


def surfaces(found: Sequence[Name]) -> list[str]:
    return [name.surface for name in found]


def test_names_are_what_the_registry_knows_and_what_the_recogniser_sees(find: Find) -> None:
    text = "Quillon met Zorblax and norvik."
    found = find(text, ["norvik"], ["Quillon", "Zorblax"])
    assert [(name.surface, name.rule) for name in found] == [
        ("Quillon", "recognised as Company"),
        ("Zorblax", "recognised as Company"),
        ("norvik", "registry"),
    ]
    assert find(text) == []


@pytest.mark.parametrize("word", ["CEO", "Monday", "The", "Series", "startup", "'s", "…"])
def test_words_that_never_are_names_are_none(find: Find, lexicon: Lexicon, word: str) -> None:
    assert surfaces(find(f"we met {word} Zorblax", (), [word, "Zorblax"])) == ["Zorblax"]


@pytest.mark.parametrize(
    ("text", "registered", "recognised", "found"),
    [
        ("we met Zorblax Wallet", "Zorblax", "Zorblax Wallet", "Zorblax Wallet"),
        ("we met Zorblax 7", "Zorblax", "Zorblax 7", "Zorblax 7"),
        ("we met Zorblax wallet", "Zorblax", "Zorblax wallet", "Zorblax"),
        ("we met Zorblax, Quillon", "Zorblax", "Zorblax, Quillon", "Zorblax"),
        ("we met Zorblax", "Zorblax", "Zorblax", "Zorblax"),
        ("we met Big Zorblax", "Zorblax", "Big Zorblax", "Zorblax"),
        ("we met Zorblax Wallet", "Zorblax Wallet", "Zorblax", "Zorblax Wallet"),
    ],
)
def test_a_recognised_name_takes_in_the_known_one_that_it_begins_with(
    find: Find, text: str, registered: str, recognised: str, found: str
) -> None:
    assert surfaces(find(text, [registered], [recognised])) == [found]


def test_a_recognised_name_does_not_take_in_two_known_ones(find: Find) -> None:
    assert surfaces(find("we met Zorblax Quillon", ["Zorblax", "Quillon"], ["Zorblax Quillon"])) == [
        "Zorblax",
        "Quillon",
    ]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("we met Zorblax Foundation", "Company", ("Zorblax Foundation", "Institution")),
        ("we met Zorblax Ventures", "Company", ("Zorblax Ventures", "Company")),
        ("we met Zorblax Inc. there", "Company", ("Zorblax Inc.", "Company")),
        ("we met Zorblax, Inc.", "Company", ("Zorblax, Inc.", "Company")),
        ("we met Zorblax Pro", "Company", ("Zorblax Pro", "Product")),
        ("we met Zorblax Cloud", "Company", ("Zorblax", "Company")),
        ("we saw Zorblax 3 Pro today", "Model", ("Zorblax 3 Pro", "Model")),
        ("we saw Zorblax-2.5 today", "Model", ("Zorblax-2.5", "Model")),
        ("we saw Zorblax Foundation", "Model", ("Zorblax", "Model")),
        ("we saw Zorblax 3", "Company", ("Zorblax", "Company")),
    ],
)
def test_a_registered_name_is_completed_by_what_belongs_to_it(
    find: Find, text: str, kind: str, found: tuple[str, str]
) -> None:
    (name,) = find(text, [known(text, "Zorblax", kind)])
    assert (name.surface, name.type, name.sure) == (*found, True)
    assert text[name.start : name.end] == name.surface


def test_a_registered_name_is_not_completed_by_the_next_one_nor_in_a_headline(find: Find) -> None:
    assert surfaces(find("Zorblax Foundation", ["Zorblax", "Foundation"])) == ["Zorblax", "Foundation"]
    assert surfaces(find("Zorblax Foundation Grew", ["Zorblax"], title_case=True)) == ["Zorblax"]


def test_where_the_text_calls_a_known_model_a_company_it_is_another(find: Find) -> None:
    text = "the startup Zorblax grew"
    (name,) = find(text, [known(text, "Zorblax", "Model")])
    assert (name.type, name.entity) == ("Company", None)
    (name,) = find("the model Zorblax grew", [known("the model Zorblax grew", "Zorblax", "Model")])
    assert (name.type, name.entity) == ("Model", "some-id")


# Names that several things have: `shared`.


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("Product", ("Product", "recognised as Product")),
        ("Company", ("Company", "recognised as Company")),
        ("Person", ("Company", "registry")),
        ("Model", ("Company", "registry")),
    ],
)
def test_a_shared_name_has_the_type_that_the_recogniser_sees_if_it_is_allowed(
    find: Find, kind: str, found: tuple[str, str]
) -> None:
    text = "we met Zorblax"
    (name,) = find(text, [shared(text, "Zorblax")], [seen(text, "Zorblax", kind)])
    assert name == replace(shared(text, "Zorblax"), type=found[0], rule=found[1])


def test_a_name_of_one_thing_keeps_its_type_whatever_the_recogniser_sees(find: Find) -> None:
    text = "we met Zorblax"
    assert find(text, [known(text, "Zorblax")], [seen(text, "Zorblax", "Product")]) == [known(text, "Zorblax")]


def test_what_is_seen_of_more_words_says_nothing_of_a_shared_name(find: Find) -> None:
    text = "we met Big Zorblax"
    assert find(text, [shared(text, "Zorblax")], [seen(text, "Big Zorblax", "Product")]) == [shared(text, "Zorblax")]
    text = "we met Zorblax Wallet"
    wallet = seen(text, "Zorblax Wallet", "Model")
    assert find(text, [shared(text, "Zorblax")], [wallet]) == [wallet]


def test_where_the_text_calls_a_shared_thing_a_company_it_is_another(find: Find) -> None:
    text = "the startup Zorblax grew"
    (name,) = find(text, [shared(text, "Zorblax", "Chip", ("Chip", "Product"))])
    assert (name.type, name.either) == ("Company", ())


PARTS = st.lists(st.sampled_from(["Zorblax", "Labs", "3", "Pro", "Quillon", "met", "the", "startup"]), max_size=8)
RANGES = st.lists(st.tuples(st.integers(0, 7), st.integers(1, 3)), max_size=4)


@given(PARTS, RANGES, RANGES)
def test_candidates_stand_in_the_text_and_known_names_never_vanish(
    lexicon: Lexicon,
    plain_forms: WordForms,
    words: list[str],
    registered: list[tuple[int, int]],
    recognised: list[tuple[int, int]],
) -> None:
    text = " ".join(words)
    starts = [sum(len(word) + 1 for word in words[:i]) for i in range(len(words) + 1)]

    def apart(ranges: list[tuple[int, int]], rule: str, **given: object) -> list[Name]:
        out: list[Name] = []
        for first, count in sorted(ranges):
            last = min(first + count, len(words))
            if first < last and (not out or out[-1].end <= starts[first]):
                start, end = starts[first], starts[last] - 1
                out.append(Name(start, end, text[start:end], "Company", rule, **given))  # type: ignore[arg-type]
        return out

    known_names = apart(registered, "registry", sure=True, entity="some-id")
    passage = Passage(0, Block("paragraph", text, ((0, 0),)))
    found = candidates(
        passage,
        known=known_names,
        recognised=apart(recognised, f"{RECOGNISED} Company"),
        lexicon=lexicon,
        forms=plain_forms,
    )
    assert all(text[name.start : name.end] == name.surface for name in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(any(each.start == name.start and each.end >= name.end for each in found) for name in known_names)


# The names of a document.


def test_a_name_is_seen_wherever_its_words_stand(plain_forms: WordForms) -> None:
    texts = {0: "Zorblax grew.", 1: "They like Zorblax, not ZorblaxPay or Zorblaxes."}
    names = spread({0: [named(texts[0], "Zorblax", "Model")], 1: []}, texts, plain_forms)
    assert [(name.start, name.surface, name.type) for name in names[1]] == [(10, "Zorblax", "Model")]


def test_a_longer_name_is_not_cut_by_a_shorter_one(plain_forms: WordForms) -> None:
    texts = {0: "Zorblax Labs grew.", 1: "Zorblax grew.", 2: "Zorblax Labs and Zorblax."}
    names = spread({0: [named(texts[0], "Zorblax Labs")], 1: [named(texts[1], "Zorblax")], 2: []}, texts, plain_forms)
    assert [name.surface for name in names[2]] == ["Zorblax Labs", "Zorblax"]


WORDS = st.lists(st.sampled_from(["Zorblax", "Labs", "Zorblax Labs", "met", "the", "Norvik"]), max_size=8)


@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=3), st.sets(st.sampled_from(["Zorblax", "Zorblax Labs"])))
def test_names_of_a_passage_never_overlap(plain_forms: WordForms, texts: list[str], surfaces: set[str]) -> None:
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


@pytest.mark.parametrize("kind", ["Company", "Person", "Place", "Model"])
@pytest.mark.parametrize("times", [1, 2, 9])
def test_the_recogniser_alone_leaves_a_name_unsure(lexicon: Lexicon, kind: str, times: int) -> None:
    text = "we met Zorblax."
    assert WEIGHT["recognised"] >= SURE_VOTES
    assert settled(lexicon, *[(text, [seen(text, "Zorblax", kind)])] * times) == {"Zorblax": (kind, False)}


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("the startup Zorblax grew.", "Zorblax", "Company"),
        ("we met Jane Roe.", "Jane Roe", "Person"),
        ("we saw Zorblax 3.", "Zorblax 3", "Model"),
        ("we saw Zorblax chips.", "Zorblax", "Chip"),
    ],
)
def test_the_recogniser_and_the_text_together_make_a_name_sure(
    lexicon: Lexicon, text: str, surface: str, kind: str
) -> None:
    assert settled(lexicon, (text, [seen(text, surface, kind)])) == {surface: (kind, True)}


def test_what_the_recogniser_says_otherwise_counts_like_two_words_of_its_own_at_most(lexicon: Lexicon) -> None:
    """However often it sees a name, the words beside the name may outvote it."""
    seen_so, told = ("we met Zorblax.", "the startup Zorblax grew.")
    often = [(seen_so, [seen(seen_so, "Zorblax", "Person")])] * 9
    once = settled(lexicon, *often, (told, [named(told, "Zorblax")]))
    assert once == {"Zorblax": ("Person", False)}
    told_often = settled(lexicon, *often, *[(told, [named(told, "Zorblax")])] * 4)
    assert told_often == {"Zorblax": ("Company", True)}


def test_two_words_that_disagree_leave_a_name_unsure(lexicon: Lexicon) -> None:
    text = "the startup Zorblax, a chatbot, grew."
    ((_, sure),) = settled(lexicon, (text, [named(text, "Zorblax")])).values()
    assert not sure


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the startup Zorblax grew.", ("Company", True)),
        ("the chatbot Zorblax grew.", ("Product", True)),
        ("the startup Zorblax, a chatbot, grew.", ("Company", False)),
        ("the chip Zorblax grew.", ("Product", False)),  # as before
        ("the chip Zorblax, a maker of robots, grew.", ("Company", True)),  # the chip is no rival
        ("Zorblax grew.", ("Product", False)),
    ],
)
def test_a_shared_name_is_of_an_allowed_type_whatever_the_words_beside_it(
    lexicon: Lexicon, text: str, kind: tuple[str, bool]
) -> None:
    assert settled(lexicon, (text, [shared(text, "Zorblax", "Product")])) == {"Zorblax": kind}


def test_a_shared_name_with_a_legal_ending_is_a_company(lexicon: Lexicon, find: Find) -> None:
    text = "we met Zorblax Inc. there"
    assert settled(lexicon, (text, find(text, [shared(text, "Zorblax")]))) == {"Zorblax Inc.": ("Company", True)}


SAID = st.lists(st.sampled_from(["the startup", "the chip", "the model", "the city", "the chatbot", "we met"]))


@given(SAID, st.lists(st.sampled_from(["Company", "Person", "Model", "Product"]), max_size=4))
def test_all_mentions_of_a_shared_name_have_one_allowed_type(
    lexicon: Lexicon, said: list[str], kinds: list[str]
) -> None:
    either = ("Company", "Model")
    texts = {i: f"{words} Zorblax." for i, words in enumerate([*said, *["we met"] * len(kinds)])}
    found = {i: [shared(text, "Zorblax", either=either)] for i, text in texts.items()}
    for i, kind in enumerate(kinds, len(said)):
        found[i] = [replace(name, rule=f"{RECOGNISED} {kind}") for name in found[i]]
    types = {name.type for names in settle_types(found, texts, lexicon).values() for name in names}
    assert len(types) == (1 if texts else 0)
    assert types <= set(either)


def test_a_family_name_is_the_person_who_is_named_in_full(lexicon: Lexicon) -> None:
    text = "we met Jane Roe, and Roe left with Doe."
    names = [seen(text, "Jane Roe", "Person"), Name(21, 24, "Roe", "Company", "test"), named(text, "Doe")]
    types = settled(lexicon, (text, names))
    assert types == {"Jane Roe": ("Person", True), "Roe": ("Person", True), "Doe": ("Company", False)}


def test_all_mentions_of_a_surface_form_have_one_type(lexicon: Lexicon) -> None:
    first, second = "the startup Zorblax grew.", "Zorblax fell."
    names = settle_types(
        {0: [named(first, "Zorblax", "Place")], 1: [named(second, "Zorblax", "Person")]},
        {0: first, 1: second},
        lexicon,
    )
    assert {name.type for found in names.values() for name in found} == {"Company"}


def test_a_slip_of_a_sure_name_takes_its_type(lexicon: Lexicon) -> None:
    text = "the chatbot Zorblax grew, and Zorblxa fell."
    types = settled(lexicon, (text, [named(text, "Zorblax"), named(text, "Zorblxa")]))
    assert types == {"Zorblax": ("Product", True), "Zorblxa": ("Product", True)}


def test_a_shared_name_is_no_slip(lexicon: Lexicon) -> None:
    text = "the chatbot Zorblxa grew, and Zorblax fell."
    types = settled(lexicon, (text, [named(text, "Zorblxa"), shared(text, "Zorblax", either=("Company", "Model"))]))
    assert types == {"Zorblxa": ("Product", True), "Zorblax": ("Company", False)}


def test_short_names_and_other_first_letters_are_no_slips(lexicon: Lexicon) -> None:
    text = "the chatbot Zork and the chatbot Zorblax met Zorc and Borblax."
    names = [named(text, surface, "Company") for surface in ("Zork", "Zorblax", "Zorc", "Borblax")]
    types = settled(lexicon, (text, names))
    assert types["Zorc"] == ("Company", False)
    assert types["Borblax"] == ("Company", False)
