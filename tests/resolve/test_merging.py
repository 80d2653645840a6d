"""Names over documents: what is joined, what stays apart, and that people have the last word."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.data import data_path
from kg.model import Document, Evidence, Extracted, Mention, RelationMention, StatementSet
from kg.resolve.folding import fold
from kg.resolve.ids import LONGEST
from kg.resolve.judgements import (
    NO_JUDGEMENTS,
    SHIPPED,
    Judgement,
    Judgements,
    add_judgement,
    load_judgements,
    read_judgements,
)
from kg.resolve.registry import Entry, Registry, load_registry
from kg.resolve.statements import Refused, resolve
from kg.schema import load_schema

SCHEMA = load_schema()
ENTRIES = (
    Entry("acmelo", "Acmelo", "Company", parent="globexa"),
    Entry("globexa", "Globexa", "Company"),
    Entry("zed", "Zed", "Model", maker="acmelo"),
    Entry("avon", "Avon", "Place", shares=("avon-north",)),
    Entry("avon-north", "Avon", "Place", aliases=("North Avon",), shares=("avon",)),
    Entry("mod-ruritania", "Ministry of Widgets", "Government", country="RU"),
    Entry("ruritania", "Ruritania", "Place", kind="country", country="RU", demonym=("Ruritanian",)),
    Entry("elbonia", "Elbonia", "Place", kind="country", country="EL", demonym=("Elbonian",)),
)
FORMS = {fold(form) for entry in ENTRIES for form in entry.surface_forms}
REGISTRY = Registry(
    {entry.id: entry for entry in ENTRIES},
    {form: tuple(entry.id for entry in ENTRIES if form in map(fold, entry.surface_forms)) for form in FORMS},
)


def document(*names: str, text: str = "", facts: tuple[str, ...] = ()) -> Extracted:
    """A document that holds names (`Surface:Type`, with `*` if each word is ordinary) and facts (`A develops B`)."""
    words = [name.removesuffix("*").rpartition(":")[0] for name in names]
    text = text or f"{'. '.join(words)}. {names} {facts}"
    found = {}
    for name, surface in zip(names, words, strict=True):
        start, kind = text.index(surface), name.removesuffix("*").rpartition(":")[2]
        found[surface] = Mention(surface, start, start + len(surface), kind, "test", common=name.endswith("*"))
    whole = Document("test", text, ())
    relations = []
    for fact in facts:
        subject, relation, other = fact.split(" ~ ")
        evidence = Evidence(whole.hash, 0, len(text), text, "test", "asserted")
        relations.append(RelationMention(relation, found[subject], found[other], evidence))
    return Extracted(whole, tuple(found.values()), tuple(relations))


def run(*documents: Extracted, judgements: Judgements = NO_JUDGEMENTS) -> StatementSet:
    return resolve(documents, REGISTRY, SCHEMA, judgements=judgements)


def entity(found: StatementSet, surface: str, within: Extracted | None = None) -> str:
    """The one entity that a surface form stands for (in a document)."""
    ids = {b.entity for b in found.bindings if b.surface == surface and within in (None, _of(within, b.document))}
    assert len(ids) == 1, ids
    return ids.pop()


def _of(within: Extracted | None, document_hash: str) -> Extracted | None:
    return within if within is not None and within.document.hash == document_hash else None


def rules(found: StatementSet, surface: str) -> set[str]:
    return {binding.rule for binding in found.bindings if binding.surface == surface}


def judged(tmp_path: Path, *rows: tuple[str, str, str] | tuple[str, str, str, str | None]) -> Judgements:
    path = tmp_path / "judgements.jsonl"
    for left, right, verdict, *document_hash in rows:
        where = document_hash[0] if document_hash else None
        add_judgement(path, Judgement(left, right, verdict, "test", "2026-01-02", "because", where))
    return load_judgements(path)


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("Zorbu Dyne:Company", "Zorbu-Dyne Inc.:Company", "new"),
        ("Dr. Mira Okonjo:Person", "Mira Okonjo:Person", "title"),
        ("Mira J. Okonjo:Person", "Mira Okonjo:Person", "middle initial"),
        ("Zorb 9 GPUs:Chip", "Zorb 9:Chip", "class noun"),
        ("Zorbu Centre:Institution", "Zorbu Center:Institution", "spelling"),
        ("Widget Affairs Ministry:Government", "Ministry of Widget Affairs:Government", "order of words"),
        ("zorbu.io:Company", "Zorbu:Company", "domain"),
        ("Acmelo Zorb Nine:Model", "Zorb Nine:Model", "maker's name before it"),
    ],
)
def test_a_new_name_is_one_thing_in_every_document(one: str, other: str, rule: str) -> None:
    documents = document(one), document(other)
    found = run(*documents)
    first, second = (name.rpartition(":")[0] for name in (one, other))
    assert entity(found, first) == entity(found, second)
    assert rule in rules(found, first) | rules(found, second)
    assert run(*documents[::-1]) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zorbu:Company", "Zorbu:Product"),
        ("Zorbu Labs:Company", "Zorbu Foods:Company"),
        ("Zorbu:Company", "Zorbu Labs:Company"),
        ("Zorbudyne:Company", "Zorbudine:Company"),
        ("Mira J. Okonjo:Person", "Mira K. Okonjo:Person"),
        ("Bob Okonjo:Person", "Robert Okonjo:Person"),
        ("Okonjo Mira:Person", "Mira Okonjo:Person"),
        ("Zorb 9:Chip", "Zorb 9 Pro:Chip"),
        ("Okonjo:Person", "Mira Okonjo:Person"),
        ("Zorb Nine:Model", "Wendo Zorb Nine:Model"),
    ],
)
def test_names_that_may_be_two_things_stay_two(one: str, other: str) -> None:
    documents = document(one), document(other)
    found = run(*documents)
    first, second = (name.rpartition(":")[0] for name in (one, other))
    assert entity(found, first, documents[0]) != entity(found, second, documents[1])


@pytest.mark.parametrize(
    "name",
    ["Sam:Person", "John Smith:Person", "Wang Wei:Person", "Assistant:Product*", "Smart Layouts:Model*", "Avon:Place"],
)
def test_an_ordinary_name_is_another_thing_in_each_document(name: str) -> None:
    documents = document(name, text=f"{name} one"), document(name, text=f"{name} two")
    found = run(*documents)
    surface = name.removesuffix("*").rpartition(":")[0]
    assert entity(found, surface, documents[0]) != entity(found, surface, documents[1])
    assert rules(found, surface) == {"ordinary name, in this document"}


@pytest.mark.parametrize("name", ["Smart Fast Layouts:Product*", "Zorbu:Product", "Mill:Company*", "Mira Smith:Person"])
def test_a_name_of_its_own_is_one_thing_in_each_document(name: str) -> None:
    found = run(document(name, text=f"{name} one"), document(name, text=f"{name} two"))
    assert entity(found, name.removesuffix("*").rpartition(":")[0])


def test_an_ordinary_name_is_known_by_its_maker_or_employer() -> None:
    first = document("Assistant:Product*", "Acmelo:Company", facts=("Acmelo ~ develops ~ Assistant",))
    again = document("Assistant:Product*", "Acmelo:Company", text="Acmelo: Assistant!",
                     facts=("Acmelo ~ develops ~ Assistant",))  # fmt: skip
    other = document("Assistant:Product*", "Globexa:Company", facts=("Globexa ~ develops ~ Assistant",))
    person = document("Sam:Person", "Globexa:Company", facts=("Sam ~ worksFor ~ Globexa",))
    found = run(first, again, other, person)
    assert entity(found, "Assistant", first) == entity(found, "Assistant", again) == "assistant-product-of-acmelo"
    assert entity(found, "Assistant", other) == "assistant-product-of-globexa"
    assert entity(found, "Sam") == "sam-person-of-globexa"
    assert {s.subject for s in found.statements} == {"acmelo", "globexa", "sam-person-of-globexa"}


def test_a_definition_or_former_name_holds_in_other_documents() -> None:
    defined = document("Zorbu Dyne Systems:Company", "ZDS:Company", text="Zorbu Dyne Systems (ZDS) said so.")
    renamed = document("Wendo:Company", "Bramble Nine:Company", text="Wendo, formerly Bramble Nine, said so.")
    found = run(defined, renamed, document("ZDS:Company"), document("Bramble Nine:Company", text="Bramble Nine!"))
    assert entity(found, "ZDS") == "zorbudynesystems-company"
    assert entity(found, "Bramble Nine") == "wendo-company"
    assert rules(found, "ZDS") == {"definition", "definition in another document"}


def test_an_acronym_that_documents_define_in_two_ways_means_neither_elsewhere() -> None:
    one = document("Zorbu Dyne Systems:Company", "ZDS:Company", text="Zorbu Dyne Systems (ZDS) said so.")
    two = document("Zeta Dull Soap:Company", "ZDS:Company", text="Zeta Dull Soap (ZDS) said so.")
    alone = document("ZDS:Company")
    found = run(one, two, alone)
    assert len({entity(found, "ZDS", each) for each in (one, two, alone)}) == 3


def test_companies_told_apart_by_their_legal_form_are_not_joined_by_a_third_document() -> None:
    dispute = document("Zorbu AG:Company", "Zorbu Inc.:Company")
    found = run(dispute, document("Zorbu:Company"))
    assert len({entity(found, name) for name in ("Zorbu AG", "Zorbu Inc.", "Zorbu")}) == 3


def test_a_public_body_of_another_country_is_another() -> None:
    texts = "Elbonia's Ministry of Widgets", "the Elbonian Ministry of Widgets", "Ministry of Widgets (Elbonia)"
    for text in (*texts, "Ministry of Widgets of Elbonia"):
        found = run(document("Ministry of Widgets:Government", text=f"It is {text} again."))
        assert entity(found, "Ministry of Widgets") == "ministryofwidgets-government-el"
    for text in ("Ruritania's Ministry of Widgets", "the Ministry of Widgets", "Elbonia and the Ministry of Widgets"):
        found = run(document("Ministry of Widgets:Government", text=f"It is {text} again."))
        assert entity(found, "Ministry of Widgets") == "mod-ruritania"


def test_what_is_known_beforehand_rolls_up_and_is_no_statement() -> None:
    found = run(document("Zed:Model"))
    assert [(b.entity, b.by, b.owner, b.name) for b in found.belongings] == [
        ("acmelo", "parent", "globexa", "Globexa"),
        ("zed", "maker", "acmelo", "Acmelo"),
    ]
    assert set(found.entities) == {"zed"}
    assert found.statements == ()


def test_bindings_say_where_how_often_and_why() -> None:
    text = "Dr. Mira Okonjo met Mira Okonjo. Mira Okonjo left."
    mentions = [
        Mention(surface, start, start + len(surface), "Person", "test")
        for surface, start in (("Mira Okonjo", 33), ("Dr. Mira Okonjo", 0), ("Mira Okonjo", 20))
    ]
    found = run(Extracted(Document("d", text, ()), tuple(mentions), ()))
    assert [(b.surface, b.own, b.entity, b.rule, b.count, b.start, b.end) for b in found.bindings] == [
        ("Dr. Mira Okonjo", "drmiraokonjo-person", "miraokonjo-person", "title", 1, 0, 15),
        ("Mira Okonjo", "miraokonjo-person", "miraokonjo-person", "new", 2, 20, 31),
    ]


@pytest.mark.parametrize(
    ("surface", "reason"), [("Z" * (LONGEST + 1), "201 characters, more than 200"), ("--", "no letter or digit"),
                            ("Z" * 10_000, "10000 characters"), ("\u200b\u202e", "no letter or digit")]
)  # fmt: skip
def test_what_is_no_name_is_refused_and_reported(surface: str, reason: str) -> None:
    refused: list[Refused] = []
    text = f"{surface} and Acmelo."
    names = [
        Mention(surface, 0, len(surface), "Company", "test"),
        Mention("Acmelo", len(surface) + 5, 0, "Company", "t"),
    ]
    evidence = Evidence(Document("d", text, ()).hash, 0, 1, text[:1], "test", "asserted")
    facts = RelationMention("acquires", names[1], names[0], evidence)
    found = resolve([Extracted(Document("d", text, ()), tuple(names), (facts,))], REGISTRY, SCHEMA,
                    on_refused=refused.append)  # fmt: skip
    assert [(each.document, each.surface) for each in refused] == [("d", surface)]
    assert reason in refused[0].reason
    assert (set(found.entities), found.statements) == ({"acmelo"}, ())


def test_hidden_and_lookalike_characters_change_nothing() -> None:
    names = ("Zorbu Dyne", "Zo\u200brbu Dyne", "\u202eZorbu Dyne\u202c", "Zоrbu Dyne", "Ｚorbu Dyne")
    found = run(*(document(f"{name}:Company", text=f"{name} {n}") for n, name in enumerate(names)))
    assert set(found.entities) == {"zorbudyne-company"}


def test_a_judgement_joins_what_no_rule_would(tmp_path: Path) -> None:
    documents = document("Zorbu:Company"), document("Wendo:Company")
    found = run(*documents, judgements=judged(tmp_path, ("zorbu-company", "wendo-company", "same")))
    assert entity(found, "Zorbu") == entity(found, "Wendo")
    assert rules(found, "Zorbu") | rules(found, "Wendo") == {"new", "judgement"}


def test_a_judgement_joins_a_new_name_with_a_known_one_whatever_the_order(tmp_path: Path) -> None:
    for pair in (("zorbu-company", "acmelo"), ("acmelo", "zorbu-company")):
        found = run(document("Zorbu:Company"), judgements=judged(tmp_path, (*pair, "same")))
        assert entity(found, "Zorbu") == "acmelo"
        assert found.entities["acmelo"].registered


@pytest.mark.parametrize(
    ("names", "text", "left", "right"),
    [
        (("Acmelo:Company",), "", "acmelo-company", "acmelo"),
        (("Acmelo Inc.:Company",), "", "acmelo-company", "acmelo"),
        (("Zorbu Dyne:Company", "ZD:Company"), "Zorbu Dyne (ZD)", "zd-company", "zorbudyne-company"),
        (("Mira Okonjo:Person", "Okonjo:Person"), "", "okonjo-person", "miraokonjo-person"),
        (("Dr. Mira Okonjo:Person", "Mira Okonjo:Person"), "", "drmiraokonjo-person", "miraokonjo-person"),
        (("Acmeol Widgetworks:Company", "Globexa:Company"), "", "globexa-company", "globexa"),
        (("Globeax:Company",), "", "globeax-company", "globexa"),
    ],
)  # fmt: skip
def test_a_negative_judgement_beats_every_rule(
    names: tuple[str, ...], text: str, left: str, right: str, tmp_path: Path
) -> None:
    given = document(*names, text=text)
    before = {b.own: b.entity for b in run(given).bindings}
    assert before[left] == right
    after = {b.own: b.entity for b in run(given, judgements=judged(tmp_path, (left, right, "different"))).bindings}
    assert after[left] not in (right, before[left])
    assert {own: id_ for own, id_ in after.items() if own != left} == {o: i for o, i in before.items() if o != left}


def test_a_negative_judgement_beats_the_rules_over_documents(tmp_path: Path) -> None:
    documents = document("Dr. Mira Okonjo:Person"), document("Mira Okonjo:Person")
    judgements = judged(tmp_path, ("drmiraokonjo-person", "miraokonjo-person", "different"))
    assert len(run(*documents).entities) == 1
    assert len(run(*documents, judgements=judgements).entities) == 2


def test_a_negative_judgement_keeps_apart_what_a_third_name_would_join(tmp_path: Path) -> None:
    documents = document("Dr. Mira Okonjo:Person"), document("Mira Okonjo:Person"), document("Prof. Mira Okonjo:Person")
    judgements = judged(tmp_path, ("drmiraokonjo-person", "profmiraokonjo-person", "different"))
    found = run(*documents, judgements=judgements)
    assert entity(found, "Dr. Mira Okonjo") != entity(found, "Prof. Mira Okonjo")


def test_two_bearers_of_one_name_are_parted_by_a_judgement_about_one_document(tmp_path: Path) -> None:
    first, second = document("Zorbu:Company", text="Zorbu one"), document("Zorbu:Company", text="Zorbu two")
    own = "zorbu-company"
    judgements = judged(tmp_path, (own, own, "different", first.document.hash))
    found = run(first, second, judgements=judgements)
    assert entity(found, "Zorbu", second) == own
    assert entity(found, "Zorbu", first) == f"{own}-{first.document.hash[:8]}"


def test_a_judgement_about_one_document_holds_there_alone(tmp_path: Path) -> None:
    first, second = document("Zorbu:Company", text="Zorbu one"), document("Zorbu:Company", text="Zorbu two")
    found = run(first, second, judgements=judged(tmp_path, ("zorbu-company", "acmelo", "same", first.document.hash)))
    assert entity(found, "Zorbu", first) == "acmelo"
    assert entity(found, "Zorbu", second) == "zorbu-company"
    both = judged(tmp_path, ("acmelo-company", "acmelo", "different"), ("acmelo-company", "acmelo", "same", "0" * 16))
    assert entity(run(document("Acmelo:Company"), judgements=both), "Acmelo") == "acmelo-company"


@pytest.mark.parametrize("verdict", ["unsure", "withdrawn"])
def test_what_was_left_open_or_taken_back_changes_nothing(verdict: str, tmp_path: Path) -> None:
    documents = document("Zorbu:Company"), document("Wendo:Company"), document("Acmelo:Company")
    rows = ("zorbu-company", "wendo-company", "same"), ("acmelo-company", "acmelo", "different")
    changed = [(left, right, verdict) for left, right, _ in rows]
    assert run(*documents, judgements=judged(tmp_path, *rows)) != run(*documents)
    assert run(*documents, judgements=judged(tmp_path, *changed)) == run(*documents)


NAMES = [
    "Zorbu:Company", "Zorbu Inc.:Company", "Zorbu AG:Company", "Zorbu:Product*", "Acmelo:Company", "ZDS:Company",
    "Acmelo Zorb 9:Model", "Zorb 9:Model", "Mira Okonjo:Person", "Dr. Mira Okonjo:Person", "Okonjo:Person",
    "Mira J. Okonjo:Person", "Globeax:Company", "Zorbu Dyne Systems:Company", "Zed:Model", "Avon:Place",
]  # fmt: skip
DOCUMENTS = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True), min_size=1, max_size=4)


@given(DOCUMENTS, st.sampled_from(["", "Zorbu Dyne Systems (ZDS). "]))
def test_resolution_does_not_depend_on_order_and_never_joins_two_known_names(
    names: list[list[str]], opening: str
) -> None:
    documents = [
        document(*each, text=opening + ". ".join(name.removesuffix("*").rpartition(":")[0] for name in each) + f" {n}")
        for n, each in enumerate(names)
        if len({name.removesuffix("*").rpartition(":")[0] for name in each}) == len(each)
    ]
    found = run(*documents)
    assert run(*documents[::-1]) == found
    assert {b.entity for b in found.bindings} == set(found.entities)
    for binding in found.bindings:
        known = REGISTRY.find(binding.surface, found.entities[binding.entity].type)
        if known is not None and known.type == found.entities[binding.entity].type:
            assert binding.entity == known.id


def test_the_judgements_of_the_project_name_what_the_registry_knows() -> None:
    registry = load_registry()
    for _, line, row in read_judgements(data_path(SHIPPED)):
        assert row.right in registry.entries, line
        assert row.left not in registry.entries, line
        assert row.why, line
    assert load_judgements().different("figmaai-company", "figma")
