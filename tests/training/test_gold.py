"""Documents whose facts are known: read from the facts form and from our own annotations, with the names in a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError, KgError, ReadError
from kg.read.readers import document_from_text, read_document
from kg.training.gold import GoldDocument, GoldFact, annotated_documents, gold_documents, in_folder, in_table

TEXT = "# Acme news\n\nAcme Labs put $5 million into **Globex**. Acme is in Oslo.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the text of the document `news`."""
    (tmp_path / "news.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def write(folder: Path, *rows: dict[str, Any], name: str = "rows.jsonl") -> Path:
    path = folder / name
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


def in_its_folder(annotations: Path, folder: Path) -> Iterator[GoldDocument]:
    return annotated_documents(annotations, in_folder(folder))


def own(folder: Path, **changed: Any) -> GoldDocument:
    row = own_row(hash=read_document(folder / "news.md").hash, **changed)
    return next(in_its_folder(write(folder, row), folder))


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
    documents = in_its_folder(path, folder)
    assert next(documents).document.name == "news"
    with pytest.raises(DataError) as error:
        next(documents)
    assert str(error.value).startswith(f"{path}:2: news is not the text")


@pytest.mark.parametrize("reader", [gold_documents, in_its_folder])
def test_a_text_that_is_not_there_is_named(tmp_path: Path, reader: Callable[[Path, Path], Any]) -> None:
    with pytest.raises(ReadError, match=r"news\.md"):
        list(reader(write(tmp_path, gold_row() | {"hash": ""}), tmp_path))


# Texts in a table.

NAMED = {"acme.example/news?id=1": "2b281ca976d0", "ünï": "e975a52994d8", "": "e3b0c44298fc"}
"""Ids, and the names of their documents: the first twelve hex digits of the SHA-256."""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table with a text for each of these ids, and for one that is a number."""
    return write(
        tmp_path,
        *({"id": identifier, "text": f"{TEXT}\nIt is {identifier!r}.\n"} for identifier in (*NAMED, 17)),
        name="table.jsonl",
    )


@pytest.mark.parametrize(("identifier", "name"), [*NAMED.items(), (17, "4523540f1504")])
def test_a_text_of_a_table_goes_by_the_short_hash_of_its_id(table: Path, identifier: str | int, name: str) -> None:
    assert in_table(table)(name) == document_from_text(name, f"{TEXT}\nIt is {identifier!r}.\n")


def test_our_annotations_can_be_of_texts_in_a_table(tmp_path: Path, table: Path) -> None:
    text = in_table(table)("2b281ca976d0")
    path = write(tmp_path, own_row(doc=text.name, hash=text.hash))
    (found,) = annotated_documents(path, in_table(table))
    assert found.document == text
    assert list(found.types) == ["Acme Labs", "Globex", "Oslo"]


@pytest.mark.parametrize("name", ["000000000000", "acme.example/news?id=1", "2b281ca976d"])
def test_a_text_that_is_not_in_the_table_is_named_with_the_table(table: Path, name: str) -> None:
    texts = in_table(table)
    with pytest.raises(KgError) as error:
        texts(name)
    assert str(table) in str(error.value)
    assert name in str(error.value)


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
