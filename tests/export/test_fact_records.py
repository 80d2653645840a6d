"""The facts form: statements told again document by document."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kg.export.facts import fact_records
from kg.model import Amount, Document, Entity, Evidence, Qualifiers, Statement, StatementSet

FIRST = Document(
    "b-first", "Elm may buy Oak. Oak Labs got up to $2.5 from Elm. Elm has bought Oak.", (), date="2024-05"
)
SECOND = Document("a-second", "Elm bought Oak for $7 million in all. Ash watched.", ())
EMPTY = Document("c-empty", "Nothing here.", ())
ENTITIES = {
    "oak": Entity("oak", "Oak", "Company", ("Oak", "Oak Labs", "Oakworks")),
    "elm": Entity("elm", "Elm", "Company", ("Elm",)),
    "ash": Entity("ash", "Ash", "Person", ("Ash",)),
}


def evidence(
    document: Document, quote: str, status: str, qualifiers: Qualifiers | None = None, confidence: float = 1.0
) -> Evidence:
    start, given = document.text.index(quote), qualifiers or Qualifiers()
    return Evidence(document.hash, start, start + len(quote), quote, "r.1", status, given, confidence)


BUYS = Statement(
    "s2", "elm", "acquires", "oak", "asserted", Qualifiers(),
    (
        evidence(FIRST, "Elm may buy Oak.", "rumoured", Qualifiers(date="2024", role="buyer"), 0.9),
        evidence(FIRST, "Elm has bought Oak.", "asserted", Qualifiers(date="2023", lead=True), 0.7),
        evidence(
            SECOND, "Elm bought Oak for $7 million in all.", "asserted",
            Qualifiers(amount=Amount(Decimal("7E+6"), "USD", "exact", "cumulative")),
        ),
    ),
)  # fmt: skip
RAISES = Statement(
    "s1", "oak", "raises", None, "asserted", Qualifiers(),
    (
        evidence(
            FIRST, "Oak Labs got up to $2.5 from Elm.", "asserted",
            Qualifiers(amount=Amount(Decimal("2.5"), "USD", "up_to"), round="seed", period="once"),
        ),
    ),
)  # fmt: skip
GIVEN = StatementSet({each.hash: each for each in (FIRST, SECOND, EMPTY)}, ENTITIES, (RAISES, BUYS))


def test_records() -> None:
    assert fact_records(GIVEN) == [
        {
            "doc": "a-second",
            "date": None,
            "entities": [
                {"name": "Elm", "type": "Company", "aliases": []},
                {"name": "Oak", "type": "Company", "aliases": []},
            ],
            "facts": [
                {
                    "subject": "Elm", "relation": "acquires", "object": "Oak", "status": "asserted", "confidence": 1.0,
                    "amount": {"value": 7000000, "currency": "USD", "bound": "exact"}, "total": True,
                    "evidence": "Elm bought Oak for $7 million in all.",
                },
            ],
        },
        {
            "doc": "b-first",
            "date": "2024-05",
            "entities": [
                {"name": "Elm", "type": "Company", "aliases": []},
                {"name": "Oak", "type": "Company", "aliases": ["Oak Labs"]},
            ],
            "facts": [
                {
                    "subject": "Elm", "relation": "acquires", "object": "Oak", "status": "asserted", "confidence": 0.7,
                    "date": "2024", "lead": True, "role": "buyer", "evidence": "Elm has bought Oak.",
                },
                {
                    "subject": "Oak", "relation": "raises", "object": None, "status": "asserted", "confidence": 1.0,
                    "amount": {"value": 2.5, "currency": "USD", "bound": "up_to"}, "round": "seed", "period": "once",
                    "evidence": "Oak Labs got up to $2.5 from Elm.",
                },
            ],
        },
        {"doc": "c-empty", "date": None, "entities": [], "facts": []},
    ]  # fmt: skip


def test_confidence_is_the_highest_of_the_document_with_that_status() -> None:
    surer = replace(BUYS.evidence[1], rule="r.2", confidence=0.8)
    told = replace(BUYS, evidence=(*BUYS.evidence, surer))
    first = fact_records(StatementSet(GIVEN.documents, ENTITIES, (told,)))[1]
    assert [fact["confidence"] for fact in first["facts"]] == [0.8]  # type: ignore[attr-defined]
    assert list(first["facts"][0])[3:5] == ["status", "confidence"]  # type: ignore[index]


def test_mentioned_entities_are_listed_too() -> None:
    records = fact_records(GIVEN, mentioned={SECOND.hash: ["ash", "oak"]})
    assert [entity["name"] for entity in records[0]["entities"]] == ["Ash", "Elm", "Oak"]  # type: ignore[attr-defined]


def test_relations_are_spelt_as_in_the_guide() -> None:
    told = Statement("s", "elm", "primaryCloudFor", "oak", "asserted", Qualifiers(), BUYS.evidence[:1])
    facts = fact_records(StatementSet(GIVEN.documents, ENTITIES, (told,)))[1]["facts"]
    assert [fact["relation"] for fact in facts] == ["primary_cloud_for"]  # type: ignore[attr-defined]
