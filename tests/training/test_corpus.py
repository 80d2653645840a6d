"""Our own annotations, as they ship: places in texts, types, relations and statuses, and not a word of the texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from kg.data import data_path, read_jsonl
from kg.schema import load_schema

Row = dict[str, Any]

SCHEMA = load_schema()
RELATIONS = {relation.fact_name: relation for relation in SCHEMA.relations.values()}
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}")
SHORT = re.compile(r"[0-9a-f]{12}")
FILES = {"corpus": (1000, NAME), "press": (50, SHORT)}
"""How many documents there are at least, and what their names look like."""
DATE = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}")
STRINGS = {"doc", "hash", "type", "relation", "status", "date"}
"""The keys under which a string may stand."""


def read(file: str) -> list[Row]:
    return [row for _, row in read_jsonl(data_path(f"seeds/training/{file}.jsonl"))]


@pytest.fixture(scope="module", params=FILES)
def file(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def rows(file: str) -> list[Row]:
    return read(file)


def is_span(given: object) -> bool:
    """Whether it is `[start, end]` with `start < end`."""
    if not isinstance(given, list) or [type(offset) for offset in given] != [int, int]:
        return False
    return bool(0 <= given[0] < given[1])


def strings(given: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string with the key that it stands under."""
    if isinstance(given, str):
        yield key, given
    elif isinstance(given, dict):
        for inner, value in given.items():
            yield from strings(value, inner)
    elif isinstance(given, list):
        for value in given:
            yield from strings(value, key)


def facts(rows: list[Row]) -> Iterator[tuple[str, Row, list[str]]]:
    """Each fact with its document and the types of that document's entities."""
    for row in rows:
        kinds = [entity["type"] for entity in row["entities"]]
        for fact in row["facts"]:
            yield row["doc"], fact, kinds


def test_every_row_is_of_a_document_of_its_own(file: str, rows: list[Row]) -> None:
    least, name_form = FILES[file]
    assert len(rows) > least
    names, hashes = [row["doc"] for row in rows], [row["hash"] for row in rows]
    assert names == sorted(set(names))
    assert len(set(hashes)) == len(hashes)
    assert [name for name in names if not name_form.fullmatch(name)] == []
    assert [each for each in hashes if not re.fullmatch(r"[0-9a-f]{16}", each)] == []


def test_a_row_and_its_parts_have_the_known_keys_and_no_others(rows: list[Row]) -> None:
    assert {frozenset(row) for row in rows} == {frozenset({"doc", "hash", "entities", "facts"})}
    assert {frozenset(entity) for row in rows for entity in row["entities"]} == {frozenset({"type", "forms"})}
    must, may = {"subject", "relation", "object", "status", "sentences"}, {"amount", "date"}
    assert [doc for doc, fact, _ in facts(rows) if not must <= set(fact) <= must | may] == []


def test_the_strings_are_names_of_documents_types_relations_statuses_and_dates(rows: list[Row]) -> None:
    """Anything else could be text, which belongs to others."""
    found = Counter(key for row in rows for key, _ in strings(row))
    assert set(found) == STRINGS
    given = {key: {value for row in rows for at, value in strings(row) if at == key} for key in STRINGS}
    assert given["type"] <= set(SCHEMA.types)
    assert given["relation"] <= set(RELATIONS)
    assert given["status"] <= set(SCHEMA.statuses)
    assert [date for date in given["date"] if not DATE.fullmatch(date)] == []


def test_the_files_together_hold_every_type_relation_and_status_and_no_text_twice() -> None:
    rows = [row for file in FILES for row in read(file)]
    assert {entity["type"] for row in rows for entity in row["entities"]} == set(SCHEMA.types)
    assert {fact["relation"] for _, fact, _ in facts(rows)} == set(RELATIONS)
    assert {fact["status"] for _, fact, _ in facts(rows)} == set(SCHEMA.statuses)
    assert [each for each, count in Counter(row["hash"] for row in rows).items() if count > 1] == []


def test_every_entity_has_places_that_no_other_has(rows: list[Row]) -> None:
    for row in rows:
        forms = [form for entity in row["entities"] for form in entity["forms"]]
        assert all(entity["forms"] for entity in row["entities"]), row["doc"]
        assert all(map(is_span, forms)), row["doc"]
        assert len({tuple(form) for form in forms}) == len(forms), row["doc"]


def test_every_fact_is_told_by_sentences_and_has_ends_that_are_there(rows: list[Row]) -> None:
    for doc, fact, kinds in facts(rows):
        ends = [fact["subject"], *([] if fact["object"] is None else [fact["object"]])]
        assert all(type(end) is int and 0 <= end < len(kinds) for end in ends), (doc, fact)
        assert len(set(ends)) == len(ends), (doc, fact)
        assert fact["sentences"], (doc, fact)
        assert all(map(is_span, fact["sentences"])), (doc, fact)
        assert type(fact.get("amount", 1.0)) is float, (doc, fact)
        assert fact.get("amount", 1.0) > 0, (doc, fact)


def test_a_fact_has_an_object_where_its_relation_has_one(rows: list[Row]) -> None:
    for doc, fact, _ in facts(rows):
        assert (fact["object"] is None) == (not RELATIONS[fact["relation"]].range), (doc, fact)


def test_the_ends_of_nearly_all_facts_are_of_types_that_the_relation_admits(rows: list[Row]) -> None:
    """A machine wrote the annotations; training passes over the few whose ends do not fit."""
    every = misfits = 0
    for _, fact, kinds in facts(rows):
        relation, other = RELATIONS[fact["relation"]], fact["object"]
        fits = kinds[fact["subject"]] in relation.domain and (other is None or kinds[other] in relation.range)
        every, misfits = every + 1, misfits + (not fits)
    assert misfits <= 0.01 * every


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([3, 5], True),
        ([5, 5], False),
        ([-1, 2], False),
        ([1], False),
        ([1, 2, 3], False),
        ([1.0, 2], False),
        ("12", False),
    ],
)
def test_what_is_a_span(given: object, expected: bool) -> None:
    assert is_span(given) is expected


def test_every_string_is_seen() -> None:
    row = {"doc": "a", "facts": [{"note": "b", "object": None, "sentences": [[1, 2], ["c", 3]]}], "amount": 5.0}
    assert list(strings(row)) == [("doc", "a"), ("note", "b"), ("sentences", "c")]
