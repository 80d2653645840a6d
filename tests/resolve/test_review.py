"""What people are shown to decide on: the least certain joinings and likenesses, with the words around the names."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model import Document, Extracted, Mention, StatementSet
from kg.resolve.folding import fold
from kg.resolve.judgements import NO_JUDGEMENTS, Judgement, add_judgement, load_judgements
from kg.resolve.registry import Entry, Registry
from kg.resolve.review import Doubt, review
from kg.resolve.statements import resolve
from kg.schema import load_schema

ENTRIES = (Entry("acmelo", "Acmelo", "Company"), Entry("robert-tarn", "Robert Tarn", "Person"))
REGISTRY = Registry({e.id: e for e in ENTRIES}, {fold(f): (e.id,) for e in ENTRIES for f in e.surface_forms})


def resolved(*documents: str, judgements: Path | None = None) -> StatementSet:
    """Each document is its names, `Surface:Type`, separated by semicolons; `*` marks one of ordinary words."""
    extracted = []
    for number, names in enumerate(documents):
        text, mentions = f"Document {number}: ", []
        for name in names.split(";"):
            surface, _, kind = name.strip().removesuffix("*").rpartition(":")
            start = len(text)
            mentions.append(Mention(surface, start, start + len(surface), kind, "test", common=name.endswith("*")))
            text += f"{surface} was\nthere. "
        extracted.append(Extracted(Document(f"d{number}", text, ()), tuple(mentions), ()))
    decided = load_judgements(judgements) if judgements else NO_JUDGEMENTS
    return resolve(extracted, REGISTRY, load_schema(), judgements=decided)


def doubts(*documents: str) -> list[Doubt]:
    return review(resolved(*documents), NO_JUDGEMENTS)


@pytest.mark.parametrize(
    ("names", "rule", "left", "right"),
    [
        ("Mira Okonjo:Person; Okonjo:Person", "short form", "okonjo-person", "miraokonjo-person"),
        ("Acmelo:Company; Acemlo:Company", "misspelling", "acemlo-company", "acmelo"),
        ("Acemlo:Company", "misspelling of a known name", "acemlo-company", "acmelo"),
        ("Bob Tarn:Person", "nickname", "bobtarn-person", "robert-tarn"),
        ("Zorbu:Company; zorbu.io:Company", "domain", "zorbuio-company", "zorbu-company"),
    ],
)
def test_joinings_that_are_not_always_right_are_shown(names: str, rule: str, left: str, right: str) -> None:
    [doubt] = doubts(names)
    assert (doubt.left, doubt.right, doubt.rule, doubt.joined) == (left, right, rule, True)
    assert 0.5 < doubt.sureness < 1


@pytest.mark.parametrize(
    ("documents", "rule", "pair"),
    [
        (("Zorbu:Company", "Zorbu:Product"), "another type", {"zorbu-company", "zorbu-product"}),
        (("Acmelo:Product",), None, set()),
        (("Acmelo:Product", "Acmelo:Company"), "another type", {"acmelo-product", "acmelo"}),
        (("Zorbudyne:Company", "Zorbudine:Company"), "a letter apart", {"zorbudyne-company", "zorbudine-company"}),
        (("Zorbu:Company", "Zorbu Foods:Company"), "short form elsewhere", {"zorbu-company", "zorbufoods-company"}),
        (("ZDS:Company", "Zorbu Dyne Systems:Company"), "acronym elsewhere",
         {"zds-company", "zorbudynesystems-company"}),
        (("Bob Okonjo:Person", "Robert Okonjo:Person"), "nickname", {"bobokonjo-person", "robertokonjo-person"}),
        (("Okonjo Mira:Person", "Mira Okonjo:Person"), "order of names", {"okonjomira-person", "miraokonjo-person"}),
    ],
)  # fmt: skip
def test_likenesses_of_names_that_stayed_apart_are_shown(
    documents: tuple[str, ...], rule: str | None, pair: set[str]
) -> None:
    found = doubts(*documents)
    assert [(d.rule, {d.left, d.right}, d.joined) for d in found] == ([(rule, pair, False)] if rule else [])


@pytest.mark.parametrize(
    "documents",
    [
        ("Acmelo:Company; ACMELO Inc.:Company",),
        ("Zorbu:Company", "ZORBU Ltd:Company"),
        ("Sam:Person", "Sam:Person", "Sami:Person"),
        ("Assistant:Product*", "Assistants:Product*"),
        ("Zorbu:Company", "Zorbu Foods:Company", "Zorbu Toys:Company"),
        ("ZDS:Company", "Zorbu Dyne Systems:Company", "Zeta Dull Soap:Company"),
        ("Zorb 4:Model", "Zorb 5:Model"),
    ],
)
def test_what_is_sure_or_hopeless_is_not_shown(documents: tuple[str, ...]) -> None:
    assert doubts(*documents) == []


def test_each_name_is_quoted_where_it_stands_first_in_one_line() -> None:
    [doubt] = doubts("Zorbudyne:Company", "Zorbudine:Company")
    assert {(q.document, q.surface) for q in doubt.quotes} == {("d0", "Zorbudyne"), ("d1", "Zorbudine")}
    for quote in doubt.quotes:
        assert quote.before.startswith("Document ")
        assert quote.after == " was there. "
    assert len(doubt.documents) == 2


def test_the_least_certain_come_first_then_those_of_most_documents() -> None:
    found = doubts(
        "Mira Okonjo:Person; Okonjo:Person",
        "Zorbu:Company",
        "Zorbu:Product",
        "Zorbu:Product; Wendobix:Model",
        "Wendobax:Model",
        "Wendobax:Model",
    )
    distances = [abs(doubt.sureness - 0.5) for doubt in found]
    assert distances == sorted(distances)
    assert [doubt.rule for doubt in found] == ["another type", "a letter apart", "short form"]


def test_what_was_judged_is_shown_no_more(tmp_path: Path) -> None:
    found = resolved("Zorbudyne:Company", "Zorbudine:Company")
    [doubt] = review(found, NO_JUDGEMENTS)
    for verdict in ("same", "different", "unsure"):
        path = tmp_path / f"{verdict}.jsonl"
        add_judgement(path, Judgement(doubt.right, doubt.left, verdict, "test", "2026-01-02"))
        assert review(found, load_judgements(path)) == []
        add_judgement(path, Judgement(doubt.left, doubt.right, "withdrawn", "test", "2026-01-02"))
        assert review(found, load_judgements(path)) == [doubt]


def test_a_joining_judged_in_each_of_its_documents_is_shown_no_more(tmp_path: Path) -> None:
    found = resolved("Mira Okonjo:Person; Okonjo:Person", "Mira Okonjo:Person; Okonjo:Person; Acmelo:Company")
    [doubt] = review(found, NO_JUDGEMENTS)
    path = tmp_path / "judgements.jsonl"
    for number, document_hash in enumerate(doubt.documents):
        row = Judgement(doubt.left, doubt.right, "different", "test", "2026-01-02", document=document_hash)
        add_judgement(path, row)
        assert len(review(found, load_judgements(path))) == (0 if number else 1)
