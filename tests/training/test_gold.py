"""Documents whose facts are known: read from the facts form and from our own annotations, with the names in a text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError, ReadError
from kg.read.readers import read_document
from kg.training.gold import GoldDocument, GoldFact, annotated_documents, gold_documents

TEXT = "# Acme news\n\nAcme Labs put $5 million into **Globex**. Acme is in Oslo.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the text of the document `news`."""
    (tmp_path / "news.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def span(words: str) -> list[int]:
    return [TEXT.index(words), TEXT.index(words) + len(words)]


# The facts form.


def gold_row(**fact: Any) -> dict[str, Any]:
    values = {"subject": "Acme Labs", "relation": "invests_in", "object": "Globex", "status": "asserted"}
    return {
        "doc": "news",
        "entities": [
            {"name": "Acme Labs", "type": "Company", "aliases": ["Acme"]},
            {"name": "Globex", "type": "Company"},
        ],
        "facts": [{**values, "evidence": "Acme is in Oslo.", **fact}],
    }


def test_gold_facts_are_read_with_the_names_that_take_part_in_them(folder: Path) -> None:
    (found,) = gold_documents(write(folder, gold_row()), folder)
    assert found.document.text == TEXT
    assert found.types == {"Acme Labs": "Company", "Globex": "Company"}
    assert found.forms == {"Acme Labs": "Acme Labs", "Acme": "Acme Labs", "Globex": "Globex"}
    start, end = span("Acme is in Oslo.")
    assert found.facts == (GoldFact("Acme Labs", "invests_in", "Globex", "asserted", None, ((start, end),)),)
    assert not found.complete


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ({"amount": {"value": 5e6, "currency": "USD"}}, 5e6),
        ({"amount": {"value": 5000000, "currency": "USD"}}, 5e6),
        ({"amount": None}, None),
        ({}, None),
    ],
)
def test_the_amount_of_a_gold_fact(folder: Path, given: dict[str, Any], amount: float | None) -> None:
    (found,) = gold_documents(write(folder, gold_row(**given)), folder)
    assert (found.facts[0].amount, type(found.facts[0].amount)) == (amount, type(amount))


def test_evidence_that_the_text_does_not_hold_as_it_stands_has_no_place(folder: Path) -> None:
    (found,) = gold_documents(write(folder, gold_row(evidence="Acme is ... Oslo.")), folder)
    assert found.facts[0].sentences == ()


# Our own annotations.


def own_row(**changed: Any) -> dict[str, Any]:
    company = {"type": "Company"}
    row = {
        "doc": "news",
        "entities": [
            company | {"forms": [span("Acme Labs"), span("Acme")]},
            company | {"forms": [span("Globex")]},
            {"type": "Place", "forms": [span("Oslo")]},
        ],
        "facts": [
            {"subject": 0, "relation": "invests_in", "object": 1, "status": "planned", "amount": 5e6}
            | {"sentences": [span("Acme Labs put $5 million into **Globex**.")]},
            {"subject": 0, "relation": "raises", "object": None, "status": "denied", "sentences": []},
        ],
    }
    return row | changed


def own(folder: Path, **changed: Any) -> GoldDocument:
    row = own_row(hash=read_document(folder / "news.md").hash, **changed)
    return next(annotated_documents(write(folder, row), folder))


def test_our_annotations_take_their_words_from_the_text(folder: Path) -> None:
    found = own(folder)
    assert found.types == {"Acme Labs": "Company", "Globex": "Company", "Oslo": "Place"}
    assert found.forms == {"Acme Labs": "Acme Labs", "Acme": "Acme Labs", "Globex": "Globex", "Oslo": "Oslo"}
    start, end = span("Acme Labs put $5 million into **Globex**.")
    assert found.facts == (
        GoldFact("Acme Labs", "invests_in", "Globex", "planned", 5e6, ((start, end),)),
        GoldFact("Acme Labs", "raises", None, "denied", None, ()),
    )
    assert found.complete


def test_annotations_of_another_text_are_refused_with_their_line(folder: Path) -> None:
    right = own_row(hash=read_document(folder / "news.md").hash)
    path = write(folder, right, own_row(hash="0" * 16))
    documents = annotated_documents(path, folder)
    assert next(documents).document.name == "news"
    with pytest.raises(DataError) as error:
        next(documents)
    assert str(error.value).startswith(f"{path}:2: news is not the text")


@pytest.mark.parametrize("reader", [gold_documents, annotated_documents])
def test_a_text_that_is_not_there_is_named(tmp_path: Path, reader: Callable[[Path, Path], Any]) -> None:
    with pytest.raises(ReadError, match=r"news\.md"):
        list(reader(write(tmp_path, gold_row() | {"hash": ""}), tmp_path))


# Names in a text.


def found_names(gold_of: Callable[..., GoldDocument], text: str, *forms: str) -> list[str]:
    gold = gold_of("Any text.", dict.fromkeys(forms, "Company"))
    names = gold.names(text)
    assert all(text[name.start : name.end] == name.surface for name in names)
    return [name.surface for name in names]


@pytest.mark.parametrize(
    ("text", "forms", "names"),
    [
        ("Acme Labs beat Acme.", ["Acme", "Acme Labs"], ["Acme Labs", "Acme"]),
        ("Acme’s rival, not Acmes", ["Acme"], ["Acme"]),
        ("MegaAcme and Acme2", ["Acme"], []),
        ("acme", ["Acme"], []),
        ("@Acme #Acme x.com/Acme (Acme)", ["Acme"], ["Acme"]),
        ("C3.ai and C3xai", ["C3.ai"], ["C3.ai"]),
        ("Who? (X+) and X", ["X+", "X"], ["X+", "X"]),
        ("Acme-backed Globex/Hooli", ["Acme", "Globex", "Hooli"], ["Acme", "Globex"]),
        ("Who? Nobody.", ["", "Acme"], []),
        ("Who? Nobody.", [""], []),
        ("nobody", [], []),
    ],
)
def test_names_are_found_as_whole_words_the_longest_first(
    gold_of: Callable[..., GoldDocument], text: str, forms: list[str], names: list[str]
) -> None:
    assert found_names(gold_of, text, *forms) == names


def test_every_form_has_the_type_of_its_entity_for_sure(gold_of: Callable[..., GoldDocument]) -> None:
    types = {"Zeta Chip": "Chip", "Jane Roe": "Person"}
    gold = gold_of("Any text.", types, aliases={"Zeta": "Zeta Chip", "Roe": "Jane Roe"})
    names = gold.names("Roe and Jane Roe like the Zeta.")
    assert [(name.surface, name.type) for name in names] == [
        ("Roe", "Person"),
        ("Jane Roe", "Person"),
        ("Zeta", "Chip"),
    ]
    assert all(name.sure for name in names)
