"""The relation component: asked about every pair that the schema admits, and only about those; batches change nothing.

What it says of a pair is learned and may change; nothing here rests on it. Where answers must be known, the network is
a stand-in that answers with what it was asked.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.data import data_path
from kg.errors import KgError
from kg.nlp import component as module
from kg.nlp.component import (
    AMOUNT,
    FOLDER,
    LONGEST,
    NO_NAME,
    Component,
    Heard,
    Judged,
    admitted_ends,
    judge,
    load_component,
    marks,
)
from kg.nlp.marked import MONEY, Marked, Slot, mark
from kg.nlp.names import Name
from kg.nlp.wordpieces import UNKNOWN, numbered
from kg.schema import Relation, Schema, load_schema

WORDS = ("[PAD]", UNKNOWN, "[CLS]", "[SEP]", "[Company]", "[Person]", "[Place]", "[money]", "led", "##s", "in", ".")


def passage(text: str) -> Marked:
    """A passage in words; `[Company:Acme]` is a mark, `[money]` that of a sum, and `.` ends a sentence."""
    words: list[str] = []
    slots: list[Slot] = []
    sentence = 0
    for i, word in enumerate(text.split()):
        kind, _, surface = word.strip("[]").partition(":") if word.startswith("[") else ("", "", "")
        if kind:
            name = Name(0, len(surface), surface, kind, "test", sure=True) if surface else None
            slots.append(Slot(i, i, kind, name, sentence))
        words.append(mark(kind) if kind else word)
        sentence += word == "."
    return Marked(tuple(words), tuple(slots))


# What the schema admits.


def relation(name: str, domain: set[str], range_: set[str]) -> Relation:
    model = load_schema().relations["investsIn"]
    return replace(model, name=name, domain=frozenset(domain), range=frozenset(range_))


def test_ends_are_the_domains_and_ranges_and_the_sums_of_subjects() -> None:
    relations = [relation("raises", {"Company"}, set()), relation("leads", {"Person", "Company"}, {"Company"})]
    schema = Schema(("Company", "Person"), {each.name: each for each in relations}, ("asserted",))
    assert admitted_ends(schema) == {
        ("Company", "Company"): {"leads"},
        ("Person", "Company"): {"leads"},
        ("Company", MONEY): {"raises", AMOUNT},
        ("Person", MONEY): {AMOUNT},
    }


def test_every_relation_of_the_schema_is_admitted_where_it_fits_and_nowhere_else() -> None:
    schema = load_schema()
    ends = admitted_ends(schema)
    for each in schema.relations.values():
        admitted = {kinds for kinds, labels in ends.items() if each.name in labels}
        assert admitted == {(one, other) for one in each.domain for other in each.range or {MONEY}}, each.name


# What the network is asked.


class Echo:
    """A stand-in for the network. Its logits for a pair: place of one, of the other, step; its status is the step.

    Its logits for the kinds of a word: its place, its number, nothing.
    """

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []

    def run(self, outputs: None, feed: Mapping[str, Any]) -> tuple[Any, Any, Any]:
        self.asked.append(feed)
        places = np.broadcast_to(np.arange(feed["ids"].shape[1]), feed["ids"].shape)
        kinds = np.stack([places, feed["ids"], np.zeros_like(places)], -1).astype(np.float32) / 100
        return feed["pairs"].astype(np.float32) / 100, np.eye(5, dtype=np.float32)[feed["pairs"][..., 2]], kinds


KINDS = ("Company", "Person", NO_NAME)
STATUSES = ("two back", "one back", "same", "one on", "two on")
ENDS = {
    ("Company", "Company"): frozenset({"one", "other", "step"}),
    ("Person", "Company"): frozenset({"one", "step"}),
    ("Company", MONEY): frozenset({"other", "unlearned"}),
}


def component_of(network: Echo) -> Component:
    numbers = {word: i for i, word in enumerate(WORDS)}
    return Component(network, numbers, ("one", "other", "step"), STATUSES, KINDS, ENDS)


@pytest.fixture
def echo() -> Component:
    return component_of(Echo())


def asked(component: Component) -> list[Mapping[str, Any]]:
    return component.session.asked  # type: ignore[no-any-return]


def likely(place: int) -> Any:
    """The probability that the stand-in gives for a number."""
    return pytest.approx(1 / (1 + np.exp(-place / 100)), abs=1e-6)


def test_the_network_is_asked_where_the_marks_stand(echo: Component) -> None:
    (heard,) = judge([passage("in [Company:Acme] leds [Company:Globex]")], echo)
    assert asked(echo)[0]["ids"].tolist() == [
        [WORDS.index(piece) for piece in ("[CLS]", "in", "[Company]", "led", "##s", "[Company]", "[SEP]")]
    ]
    assert heard.pairs == (
        Judged(0, 1, {"one": likely(2), "other": likely(5), "step": likely(2)}, "same"),
        Judged(1, 0, {"one": likely(5), "other": likely(2), "step": likely(2)}, "same"),
    )


def test_only_the_labels_that_two_kinds_admit_are_told(echo: Component) -> None:
    (heard,) = judge([passage("[Person:Jane] [Company:Acme] [money] [Place:Oslo]")], echo)
    assert {(each.subject, each.object): set(each.likely) for each in heard.pairs} == {
        (0, 1): {"one", "step"},
        (1, 2): {"other"},
    }


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("[Company:A] in [Company:B]", ["same", "same"]),
        ("[Company:A] . [Company:B]", ["one on", "one back"]),
        ("[Company:A] . . [Company:B]", ["two on", "two back"]),
        ("[Company:A] . . . [Company:B]", []),
    ],
)
def test_the_network_is_told_how_many_sentences_apart_the_marks_are(
    echo: Component, text: str, statuses: list[str]
) -> None:
    assert [each.status for each in judge([passage(text)], echo)[0].pairs] == statuses


NOTHING_TO_ASK = ["", "led in .", "[Company:A] led", "[money]", "[Place:A] in [Place:B]", "[Company:A] in [Company:A]"]


@pytest.mark.parametrize("text", NOTHING_TO_ASK)
def test_where_no_pair_is_admitted_the_network_is_not_asked(echo: Component, text: str) -> None:
    assert judge([passage(text)], echo) == [Heard()]
    assert asked(echo) == []


def test_no_passages_are_no_answers(echo: Component) -> None:
    assert judge([], echo) == []


def many(count: int) -> list[Marked]:
    """Passages of many lengths and orders, with one and with more pairs, some with none."""
    filler = [" ".join(["in"] * (7 * i % 31)) for i in range(count)]
    tails = ["[Company:B]", "led [Company:B] . [Company:C]", "[money] [money]", "led ."]
    return [passage(f"{words} [Company:A] {tails[i % len(tails)]}") for i, words in enumerate(filler)]


def test_the_answers_are_in_the_order_of_the_passages_and_each_is_asked_alone(echo: Component) -> None:
    passages = many(40)
    together = judge(passages, echo)
    sizes = [len(feed["ids"]) for feed in asked(echo)]
    assert set(sizes) == {1}
    assert len(sizes) == len([heard for heard in together if heard.pairs]) == 30
    assert together == [judge([each], echo)[0] for each in passages]


@pytest.mark.parametrize(("between", "pairs"), [(LONGEST - 3, 2), (LONGEST - 2, 0), (3 * LONGEST, 0)])
def test_what_stands_beyond_the_longest_passage_is_not_asked(echo: Component, between: int, pairs: int) -> None:
    text = f"[Company:A] {'in ' * between} [Company:B]"
    found, short = judge([passage(text), passage("[Company:A] [Company:B]")], echo)
    assert (len(found.pairs), len(short.pairs)) == (pairs, 2)
    assert all(feed["ids"].shape[1] <= LONGEST for feed in asked(echo))


def test_a_passage_with_no_pair_within_reach_is_heard_the_same_alone_and_among_others(echo: Component) -> None:
    far = passage(f"[Company:A] {'in ' * LONGEST} [Company:B]")
    among, _ = judge([far, passage("[Company:A] [Company:B]")], echo)
    assert judge([far], echo) == [among]
    assert (among.pairs, list(among.kinds)) == ((), [0])


# What it says of the types of names.


def logarithms(place: int, word: str) -> Any:
    """Those of the probabilities that the stand-in gives the kinds of a word."""
    odds = np.exp([place / 100, WORDS.index(word) / 100, 0])
    return pytest.approx(dict(zip(KINDS, np.log(odds / odds.sum()), strict=True)), abs=1e-6)


def test_of_each_name_the_kinds_are_heard_where_its_mark_stands(echo: Component) -> None:
    (heard,) = judge([passage("in [Company:Acme] leds [Person:Jane] [Company:Globex]")], echo)
    assert heard.kinds == {0: logarithms(2, "[Company]"), 1: logarithms(5, "[Person]"), 2: logarithms(6, "[Company]")}


def test_the_kinds_are_those_of_the_passage_whatever_is_asked_with_it(echo: Component) -> None:
    long, short = judge([passage("in in in [Person:Jane] [Company:A]"), passage("[Company:A] [Company:B]")], echo)
    assert long.kinds == {0: logarithms(4, "[Person]"), 1: logarithms(5, "[Company]")}
    assert short.kinds == {0: logarithms(1, "[Company]"), 1: logarithms(2, "[Company]")}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[money] [Company:A] in [Company:B] [money]", [1, 2]),
        ("[Company:A] [money] [Place:Oslo] . . . . [Person:Jane]", [0, 2, 3]),  # those that are in no pair too
        ("[Company:A] [Company:B] [Company:A]", [0, 1, 2]),
    ],
)
def test_every_slot_of_a_name_has_kinds_and_no_sum_has_any(echo: Component, text: str, named: list[int]) -> None:
    (heard,) = judge([passage(text)], echo)
    assert list(heard.kinds) == named
    assert all(list(kinds) == list(KINDS) for kinds in heard.kinds.values())


class Says(Echo):
    """A stand-in that has these logits for the kinds of the words, and those of the last also for the sign before."""

    def __init__(self, logits: list[list[float]]) -> None:
        super().__init__()
        self.logits = logits

    def run(self, outputs: None, feed: Mapping[str, Any]) -> tuple[Any, Any, Any]:
        labels, statuses, kinds = super().run(outputs, feed)
        kinds[0, :-1] = [self.logits[-1], *self.logits]
        return labels, statuses, kinds


LOGITS = st.lists(st.lists(st.floats(-30, 30, width=32), min_size=len(KINDS), max_size=len(KINDS)), min_size=2)


@given(LOGITS)
def test_the_probabilities_of_the_kinds_sum_to_one_and_differ_as_the_logits_do(logits: list[list[float]]) -> None:
    names = " ".join(f"[Company:A{i}]" for i in range(len(logits)))
    (heard,) = judge([passage(names)], component_of(Says(logits)))
    for slot, (first, *others) in enumerate(logits):
        likely_first, *likely_others = heard.kinds[slot].values()
        assert sum(np.exp(list(heard.kinds[slot].values()))) == pytest.approx(1, abs=1e-5)
        assert [each - likely_first for each in likely_others] == pytest.approx(
            [each - first for each in others], abs=1e-4
        )


@pytest.mark.parametrize(("between", "named"), [(LONGEST - 4, [0, 1, 2]), (LONGEST - 3, [0, 1]), (2 * LONGEST, [0, 1])])
def test_of_what_stands_beyond_the_longest_passage_no_kinds_are_heard(
    echo: Component, between: int, named: list[int]
) -> None:
    (heard,) = judge([passage(f"[Company:A] [Company:B] {'in ' * between} [Company:C]")], echo)
    assert list(heard.kinds) == named


# What ships.


@pytest.fixture(scope="module")
def shipped() -> Component:
    return load_component()


def test_the_shipped_network_knows_every_mark_relation_status_and_type(shipped: Component) -> None:
    schema = load_schema()
    assert sorted(shipped.labels) == sorted((*schema.relations, AMOUNT))
    assert sorted(shipped.statuses) == sorted(schema.statuses)
    assert sorted(shipped.kinds) == sorted((*schema.types, NO_NAME))
    for each in marks(schema):
        pieces, _ = numbered([each], shipped.vocabulary)
        assert pieces[1:-1] == [shipped.vocabulary[each]] != [shipped.vocabulary[UNKNOWN]]
    assert shipped.vocabulary["[PAD]"] == 0


TEXTS = [
    "[Company:Acme] invests [money] in [Company:Globex] .",
    "[Company:Acme] and [Company:Globex] are partners . [Person:Jane] , who leads [Company:Acme] , is glad .",
    "[Person:Jane] of [Company:Acme] lives in [Place:Oslo] and uses [Model:Zeta] on a [Chip:Z100] .",
    "the [Government:Elbonia] sued [Company:Acme] over [Product:Widget] . it cost [money] . . . [Institution:Tech] .",
    *NOTHING_TO_ASK,
    f"[Company:Acme] bought {'a very long list of things , ' * 60} said [Company:Globex] .",
    f"[Company:Acme] bought [Company:Globex] {'and a very long list of things , ' * 60} .",
]


@pytest.fixture(scope="module")
def answers(shipped: Component) -> list[tuple[Marked, Heard]]:
    """The passages of TEXTS with what the shipped network says of them together."""
    passages = [passage(text) for text in TEXTS]
    return list(zip(passages, judge(passages, shipped), strict=True))


def test_every_admitted_pair_within_reach_has_an_answer(
    shipped: Component, answers: list[tuple[Marked, Heard]]
) -> None:
    assert [bool(heard.pairs) for _, heard in answers] == [True] * 4 + [False] * len(NOTHING_TO_ASK) + [False, True]
    for marked, heard in answers:
        begins = numbered(marked.words, shipped.vocabulary)[1]
        within = [
            (one, other)
            for one, other in marked.pairs(frozenset(shipped.ends))
            if max(begins[marked.slots[end].word] for end in (one, other)) < LONGEST
        ]
        assert [(each.subject, each.object) for each in heard.pairs] == within


def test_every_answer_has_the_admitted_labels_and_probabilities(answers: list[tuple[Marked, Heard]]) -> None:
    schema = load_schema()
    for marked, heard in answers:
        for each in heard.pairs:
            kinds = marked.slots[each.subject].kind, marked.slots[each.object].kind
            assert set(each.likely) == admitted_ends(schema)[kinds]
            assert all(0 <= probability <= 1 for probability in each.likely.values())
            assert each.status in schema.statuses


def test_every_name_within_reach_has_a_probability_of_each_type(
    shipped: Component, answers: list[tuple[Marked, Heard]]
) -> None:
    for marked, heard in answers:
        begins = numbered(marked.words, shipped.vocabulary)[1]
        within = [i for i, slot in enumerate(marked.slots) if slot.name is not None and begins[slot.word] < LONGEST]
        if heard.pairs:
            assert list(heard.kinds) == within
        for kinds in heard.kinds.values():
            assert set(kinds) == {*load_schema().types, NO_NAME}
            assert sum(np.exp(list(kinds.values()))) == pytest.approx(1, abs=1e-4)


def test_a_passage_alone_has_the_answers_that_it_has_among_others(
    shipped: Component, answers: list[tuple[Marked, Heard]]
) -> None:
    for marked, together in answers:
        (alone,) = judge([marked], shipped)
        assert [(each.subject, each.object) for each in alone.pairs] == [
            (each.subject, each.object) for each in together.pairs
        ]
        for one, other in zip(alone.pairs, together.pairs, strict=True):
            assert one.likely == pytest.approx(other.likely, abs=1e-4)
        assert list(alone.kinds) == list(together.kinds)
        for number, kinds in alone.kinds.items():
            assert kinds == pytest.approx(together.kinds[number], abs=1e-3)


def test_the_answer_rests_on_the_words_and_on_how_far_apart_the_marks_are(shipped: Component) -> None:
    texts = ["[Company:A] bought [Company:B] .", "[Company:A] never met [Company:B] .", "[Company:A] . [Company:B] ."]
    heard = [judge([passage(text)], shipped)[0] for text in texts]
    said = [each.pairs[0].likely for each in heard]
    assert said[0] != pytest.approx(said[1], abs=1e-6)
    assert said[0] != pytest.approx(said[2], abs=1e-6)
    assert heard[0].kinds[0] != pytest.approx(heard[1].kinds[0], abs=1e-6)


# Without it.


@pytest.mark.parametrize("left_out", ["network.onnx", "vocabulary.txt", "config.json", None])
def test_without_the_network_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_out: str | None
) -> None:
    for name in ("vocabulary.txt", "config.json"):
        shutil.copy(data_path(FOLDER) / name, tmp_path / name)
    (tmp_path / "network.onnx").write_bytes(b"no network")
    if left_out:
        (tmp_path / left_out).unlink()
    monkeypatch.setattr(module, "data_path", lambda name: tmp_path)
    with pytest.raises(KgError, match="install the package again"):
        load_component.__wrapped__()
