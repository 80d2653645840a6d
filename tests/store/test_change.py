"""What comes and goes with documents is exactly what a build of the others would have, or not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Amount, Document, Evidence, Extracted, Mention, Qualifiers, RelationMention
from kg.resolve.folding import fold
from kg.resolve.ids import new_id
from kg.resolve.judgements import Judgement, Judgements
from kg.resolve.registry import Entry, Registry
from kg.resolve.reprints import alike, signature
from kg.resolve.statements import resolve
from kg.schema import load_schema
from kg.store.change import Change, change
from kg.store.index import Index
from kg.store.names import Ids
from kg.store.rdf import quads_by_line
from kg.store.rejoin import Rules

if TYPE_CHECKING:
    from pyoxigraph import Quad

SCHEMA = load_schema()
ENTRIES = (
    Entry("acmelo", "Acmelo", "Company", parent="globexa"),
    Entry("globexa", "Globexa", "Company", parent="holdia"),
    Entry("holdia", "Holdia", "Company"),
    Entry("zed", "Zed", "Model", maker="acmelo"),
    Entry("wds", "Weather Data Systems", "Company"),
    Entry("avon", "Avon", "Place", shares=("avon-north",)),
    Entry("avon-north", "Avon", "Place", aliases=("North Avon",), shares=("avon",)),
)
FORMS = {fold(form) for entry in ENTRIES for form in entry.surface_forms}
REGISTRY = Registry(
    {entry.id: entry for entry in ENTRIES},
    {form: tuple(entry.id for entry in ENTRIES if form in map(fold, entry.surface_forms)) for form in FORMS},
)

# Surface form, type, and whether each word is ordinary: known, new, written in several ways, defined, shared.
NAMES = (
    ("Acmelo", "Company", False),
    ("Globexa", "Company", False),
    ("Weather Data Systems", "Company", False),
    ("WDS", "Company", False),
    ("Blue Kiln Works", "Company", False),
    ("BKW", "Company", False),
    ("Zorbu", "Company", False),
    ("ZORBU", "Company", False),
    ("Zorbu Labs", "Company", False),
    ("Zorbu, Inc.", "Company", False),
    ("Zor-Bu", "Company", False),
    ("Quillstone", "Company", False),
    ("Quilstone", "Company", False),
    ("Blink", "Model", False),
    ("Acmelo Blink", "Model", False),
    ("Globexa Blink", "Model", False),
    ("Zed", "Model", False),
    ("Assistant", "Product", True),
    ("Acmelo Assistant", "Product", False),
    ("Sam", "Person", False),
    ("John Smith", "Person", False),
    ("Priya Venkat", "Person", False),
    ("Avon", "Place", False),
    ("half \ud800 name", "Company", False),
)
DEFINED = {"WDS": "Weather Data Systems", "BKW": "Blue Kiln Works"}
FITTING = tuple(
    (relation.name, subject, other)
    for relation in SCHEMA.relations.values()
    for subject, kind, _ in NAMES
    for other, range_, _ in NAMES
    if kind in relation.domain and (range_ in relation.range or not relation.range) and subject != other
)
OWN = sorted({new_id(name, kind) for name, kind, _ in NAMES} | {entry.id for entry in ENTRIES})

QUALIFIERS = st.builds(
    Qualifiers,
    st.none() | st.builds(Amount, st.sampled_from([Decimal(1000), Decimal(1005), Decimal(4000)]), st.just("USD")),
    st.none() | st.sampled_from(["2023", "2023-09", "2024-11-22"]),
)
SYLLABLES = [one + other for one in "bcdghjk" for other in ("don", "fel", "gin", "hun", "jal")]
WINDOW, SHIFT = 150, 8
"""A story is so many words from a place on; two that begin so far apart are alike, two times as far hardly ever."""
FACTS = st.tuples(
    st.sampled_from(FITTING), st.sampled_from(SCHEMA.statuses), QUALIFIERS, st.sampled_from([1.0, 0.9, 0.6])
)


def story(start: int) -> str:
    """Words without names, the same for the same start."""
    return " ".join(SYLLABLES[place % 35] + SYLLABLES[place // 35] for place in range(start, start + WINDOW)) + "."


@st.composite
def documents(draw: st.DrawFn, number: int) -> Extracted:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    facts = draw(st.lists(FACTS, max_size=4))
    needed = {end for (_, *ends), *_ in facts for end in ends}
    found = {name: each for each in NAMES if (name := each[0]) in needed or each in names}
    spelt = {name: f"{DEFINED[name]} ({name})" for name in found if name in DEFINED and draw(st.booleans())}
    told = ". ".join(spelt.get(name, name) for name in found) + "."
    at = draw(st.none() | st.integers(0, 5))
    text = f"{number}. {told}" if at is None else f"{'!' * number} {told} {story(at * SHIFT)}"
    mentions = {}
    for name, kind, common in found.values():
        start = text.rindex(name) if name in spelt else text.index(name)
        mentions[name] = Mention(name, start, start + len(name), kind, "test", common=common)
    for name in spelt:
        long, kind = DEFINED[name], "Company"
        start = text.index(long)
        mentions.setdefault(long, Mention(long, start, start + len(long), kind, "test"))
    date = draw(st.none() | st.sampled_from(["2023-01-05", "2024-02-01"]))
    whole = Document(draw(st.sampled_from(["one", "two"])), text, (), date=date)
    relations = tuple(
        RelationMention(
            relation,
            mentions[subject],
            mentions[other] if SCHEMA.relations[relation].range else None,
            Evidence(whole.hash, 0, len(text), text, "test", status, qualifiers, confidence),
        )
        for (relation, subject, other), status, qualifiers, confidence in facts
    )
    return Extracted(whole, tuple(mentions.values()), relations)


def judged(told: tuple[str, str, str]) -> Judgements:
    one, other, word = told
    row = Judgement(one, other, word, "test", "2026-01-01")
    return Judgements({row.pair: row} if one != other else {})


JUDGED = st.tuples(st.sampled_from(OWN), st.sampled_from(OWN), st.sampled_from(["same", "different", "unsure"])).map(
    judged
)


class Held:
    """A graph that is changed step by step, beside the documents that it should tell of."""

    def __init__(self, judgements: Judgements) -> None:
        self.index, self.rules = Index(), Rules(REGISTRY, SCHEMA, judgements)
        self.documents: dict[str, Extracted] = {}
        self.quads: dict[str, Quad] = {}

    def step(self, *, gone: tuple[str, ...] = (), come: tuple[Extracted, ...] = ()) -> Change:
        made = change(
            self.index,
            gone=gone,
            come=come,
            read=self.documents.__getitem__,
            graph_of=self.graph_of,
            rules=self.rules,
            ids=Ids(),
        )
        for line in made.removed:
            del self.quads[line]
        assert not made.added.keys() & self.quads.keys()
        self.quads |= made.added
        for hash_ in gone:
            del self.documents[hash_]
        self.documents |= {each.document.hash: each for each in come}
        return made

    def graph_of(self, document: str) -> Iterator[Quad]:
        from pyoxigraph import NamedNode

        graph = NamedNode(Ids().document(document))
        yield from (quad for quad in self.quads.values() if quad.graph_name == graph)

    def expected(self) -> dict[str, Quad]:
        found = resolve(self.documents.values(), REGISTRY, SCHEMA, judgements=self.rules.judgements)
        return quads_by_line(found, SCHEMA)


def difference(held: Held) -> tuple[list[str], list[str]]:
    """What is missing, and what is too much."""
    expected = held.expected().keys()
    return sorted(expected - held.quads.keys()), sorted(held.quads.keys() - expected)


@settings(max_examples=120, deadline=None)
@given(data=st.data(), judgements=st.just(Judgements()) | JUDGED)
def test_step_by_step_is_all_at_once(data: st.DataObject, judgements: Judgements) -> None:
    held = Held(judgements)
    for number in range(data.draw(st.integers(2, 7))):
        if held.documents and data.draw(st.integers(0, 3)) == 0:
            gone = data.draw(st.sets(st.sampled_from(sorted(held.documents)), min_size=1, max_size=2))
            held.step(gone=tuple(sorted(gone)))
        else:
            come = [data.draw(documents(10 * number + place)) for place in range(data.draw(st.integers(1, 2)))]
            held.step(come=tuple(come))
        assert difference(held) == ([], [])


@settings(max_examples=30, deadline=None)
@given(data=st.data(), judgements=st.just(Judgements()) | JUDGED)
def test_all_that_came_goes_without_trace(data: st.DataObject, judgements: Judgements) -> None:
    held = Held(judgements)
    for number in range(4):
        held.step(come=(data.draw(documents(number)),))
    for hash_ in data.draw(st.permutations(sorted(held.documents))):
        held.step(gone=(hash_,))
        assert difference(held) == ([], [])
    assert held.quads == {}


def printed(number: int, at: int, date: str | None, *, found: bool = True) -> Extracted:
    """A story that tells of a deal, as one of many sites prints it; whether the deal was found in it."""
    text = f"{'!' * number} Zorbu buys Quillstone. {story(at * SHIFT)}"
    one, other = (
        Mention(name, text.index(name), text.index(name) + len(name), "Company", "test")
        for name in ("Zorbu", "Quillstone")
    )
    document = Document(f"d{number}", text, (), date=date)
    evidence = Evidence(document.hash, one.start, other.end, text[one.start : other.end], "test", "asserted")
    return Extracted(document, (one, other), (RelationMention("acquires", one, other, evidence),) if found else ())


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_reprints_come_and_go_step_by_step(data: st.DataObject) -> None:
    held = Held(Judgements())
    dates = st.none() | st.sampled_from(["2024-01", "2024-01-05", "2024-02-01"])
    for number in range(data.draw(st.integers(2, 8))):
        if held.documents and data.draw(st.integers(0, 2)) == 0:
            held.step(gone=(data.draw(st.sampled_from(sorted(held.documents))),))
        else:
            come = printed(number, data.draw(st.integers(0, 5)), data.draw(dates), found=data.draw(st.booleans()))
            held.step(come=(come,))
        assert difference(held) == ([], [])


def test_the_next_of_a_story_becomes_the_original() -> None:
    held, told = Held(Judgements()), [printed(number, 0, f"2024-01-0{9 - number}") for number in range(4)]
    held.step(come=tuple(told[:2]))
    held.step(come=tuple(told[2:]))
    assert difference(held) == ([], [])
    for each in reversed(told):
        assert sources(held) == {"1"}
        original = f"reprintOf> <{Ids().document(each.document.hash)}>"
        assert sum(original in line for line in held.quads) == len(held.documents) - 1
        held.step(gone=(each.document.hash,))
        assert difference(held) == ([], [])


def test_reprints_that_lose_their_original_may_count_apart() -> None:
    held, middle = Held(Judgements()), printed(0, 2, "2024-01-01", found=False)
    held.step(come=(middle, printed(1, 1, "2024-01-02"), printed(2, 3, "2024-01-03")))
    assert sources(held) == {"1"}
    held.step(gone=(middle.document.hash,))
    assert sources(held) == {"2"}
    held.step(come=(middle,))
    assert sources(held) == {"1"}
    assert difference(held) == ([], [])


def sources(held: Held) -> set[str]:
    return {quad.object.value for quad in held.quads.values() if quad.predicate.value.endswith("#sources")}


def test_stories_of_the_random_documents_are_chains() -> None:
    """So that the properties meet originals whose reprints have other texts beside them that are none."""
    signatures = [signature(story(at * SHIFT)) for at in range(6)]
    pairs = {(a, b) for a in range(6) for b in range(6) if a != b and alike(signatures[a], signatures[b])}
    assert all((at, at + 1) in pairs for at in range(5))
    assert (0, 5) not in pairs


def test_a_better_copy_takes_the_place_of_the_text() -> None:
    held = Held(Judgements())
    mention, text = Mention("Zorbu", 0, 5, "Company", "test"), "Zorbu raises money."
    evidence = Evidence(Document("b", text, ()).hash, 0, 19, text, "test", "asserted", Qualifiers())
    first = Extracted(
        Document("b", text, (), date="2024-01-01"), (mention,), (RelationMention("raises", mention, None, evidence),)
    )
    held.step(come=(first,))
    held.step(come=(replace(first, document=replace(first.document, name="a", date="2024-03-03")),))
    assert difference(held) == ([], [])
    assert any("2024-03-03" in line and "firstReported" in line for line in held.quads)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_definition_reaches_documents_that_were_there(order: tuple[int, int]) -> None:
    text = ("BKW grows.", "Blue Kiln Works (BKW) grows.")
    told = [
        Extracted(Document("a", text[0], ()), (Mention("BKW", 0, 3, "Company", "test"),), ()),
        Extracted(
            Document("b", text[1], ()),
            (Mention("Blue Kiln Works", 0, 15, "Company", "test"), Mention("BKW", 17, 20, "Company", "test")),
            (),
        ),
    ]
    held = Held(Judgements())
    for number in order:
        held.step(come=(told[number],))
    assert difference(held) == ([], [])
    assert not any("id/bkw-company>" in line for line in held.quads)
    held.step(gone=(told[1].document.hash,))
    assert any("id/bkw-company>" in line for line in held.quads)
    assert difference(held) == ([], [])


def test_what_is_not_touched_is_not_in_the_change() -> None:
    held = Held(Judgements())
    other = Extracted(Document("a", "Quillstone.", ()), (Mention("Quillstone", 0, 10, "Company", "test"),), ())
    held.step(come=(other,))
    new = Extracted(Document("b", "Zorbu.", ()), (Mention("Zorbu", 0, 5, "Company", "test"),), ())
    made = held.step(come=(new,))
    assert made.removed == {}
    assert not any("quillstone" in line for line in made.added)
