"""Facts as lines to read: what comes first, how sums and quotes are worded, and that nothing steers the terminal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kg.export.text import amount_text, explanation_lines, fact_lines, readable, table_lines
from kg.model import Amount, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import load_schema
from kg.store.explain import explain

SCHEMA = load_schema()
FULL = Qualifiers(Amount(Decimal("5E6"), "USD"), "2024-11", "seed", lead=True)


def a_set(*told: tuple[str, str, str, str | None, str, str], title: str | None = "The Widget") -> StatementSet:
    """A set of statements: id, relation, subject, object, status, quote; each with one piece of evidence."""
    text = "\n".join(quote for *_, quote in told)
    document = Document("news", text, (), title=title, publisher="Wire", date="2024-11-22")
    statements = []
    for number, relation, subject, other, status, quote in told:
        start = text.index(quote)
        evidence = Evidence(document.hash, start, start + len(quote), quote, "a.rule", status, FULL)
        statements.append(Statement(number, subject, relation, other, status, FULL, (evidence,)))
    names = {end for s in statements for end in (s.subject, s.object) if end is not None}
    entities = {name: Entity(name, name.title(), "Company") for name in sorted(names)}
    return StatementSet({document.hash: document}, entities, tuple(statements))


INVESTS = ("s1", "investsIn", "oak", "acmelo", "asserted", "Oak led Acmelo's $5M seed round")


def test_a_fact_and_its_sentence() -> None:
    assert list(fact_lines(a_set(INVESTS), SCHEMA)) == [
        "Oak invests in Acmelo [asserted, 5,000,000 USD, seed, 2024-11, lead investor]",
        "    “Oak led Acmelo's $5M seed round” (The Widget)",
    ]


def test_a_fact_without_object_and_a_document_without_title() -> None:
    raises = ("s1", "raises", "acmelo", None, "planned", "Acmelo will raise $5M")
    assert list(fact_lines(a_set(raises, title=None), SCHEMA)) == [
        "Acmelo raises [planned, 5,000,000 USD, seed, 2024-11, lead investor]",
        "    “Acmelo will raise $5M” (news)",
    ]


def test_strong_claims_first_and_relations_in_turn() -> None:
    told = a_set(
        ("s1", "investsIn", "oak", "acmelo", "rumoured", "one"),
        ("s2", "investsIn", "oak", "globexa", "asserted", "two"),
        ("s3", "investsIn", "oak", "zorbu", "asserted", "three"),
        ("s4", "acquires", "acmelo", "zorbu", "planned", "four"),
    )
    assert [line.split(" [")[0] for line in list(fact_lines(told, SCHEMA))[::2]] == [
        "Oak invests in Globexa",
        "Acmelo acquires Zorbu",
        "Oak invests in Zorbu",
        "Oak invests in Acmelo",
    ]
    assert len(list(fact_lines(told, SCHEMA, limit=2))) == 4


def test_an_explanation_names_document_place_and_rule() -> None:
    found = a_set(INVESTS)
    [explanation] = explain(found.statements, found, SCHEMA)
    assert list(explanation_lines(explanation, SCHEMA)) == [
        "Oak invests in Acmelo [asserted, 5,000,000 USD, seed, 2024-11, lead investor]",
        "    “Oak led Acmelo's $5M seed round”",
        "        The Widget, Wire, 2024-11-22; characters 0 to 31; rule a.rule; "
        "[asserted, 5,000,000 USD, seed, 2024-11, lead investor]",
    ]


def test_confidence_is_shown_where_it_was_estimated() -> None:
    found = a_set(INVESTS)
    [told] = found.statements
    doubted = replace(told, evidence=tuple(replace(each, confidence=0.625) for each in told.evidence))
    found = replace(found, statements=(doubted,))
    said = "[asserted, 62% sure, 5,000,000 USD, seed, 2024-11, lead investor]"
    assert next(fact_lines(found, SCHEMA)) == f"Oak invests in Acmelo {said}"
    [explanation] = explain(found.statements, found, SCHEMA)
    assert [line.endswith(said) for line in explanation_lines(explanation, SCHEMA)] == [True, False, True]


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("plain words", "plain words"),
        ("two\n  lines\tand tabs", "two lines and tabs"),
        ("[Oak](https://oak.example/a?b=c) backs it", "Oak backs it"),
        ("Oak backs it](https://oak.example/a?b=c), they said", "Oak backs it, they said"),
        ("![a picture](https://x.example/p.png) of Oak", "a picture of Oak"),
        ("**Oak:** backs it", "Oak: backs it"),
        ("it [sic] rose (again)", "it [sic] rose (again)"),
        ("red \x1b[31malert\x07\x00", "red [31malert"),
        ("right\u202eto left", "rightto left"),
    ],
)
def test_quotes_are_readable(quote: str, shown: str) -> None:
    assert readable(quote) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Amount(Decimal(4_000_000_000), "USD", "up_to"), "up to 4,000,000,000 USD"),
        (Amount(Decimal("8E9"), "EUR", "exact", "cumulative"), "8,000,000,000 EUR (cumulative)"),
        (Amount(Decimal("1.50"), "GBP", "at_least"), "at least 1.5 GBP"),
    ],
)
def test_sums_are_worded(amount: Amount, shown: str) -> None:
    assert amount_text(amount) == shown


def test_a_table_is_as_wide_as_its_widest_cells() -> None:
    rows = [("id:acmelo", None), ("a", "two\nlines \x1b[2J")]
    assert list(table_lines(("who", "what"), rows)) == [
        "who        what",
        "---------  -------------",
        "id:acmelo",
        "a          two lines [2J",
    ]
    assert list(table_lines(("who",), [])) == ["who", "---"]
