"""An invented graph: statuses, confidences, a symmetric relation, amounts, a relation without object, two documents."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.model import Amount, Belonging, Binding, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import Schema, load_schema

NEWS = "Oak Ventures led a $5M seed round in Acmelo. Globexa and Acmelo announced a partnership. Jane Roe runs Acmelo."
RUMOUR = "Globexa is in talks to buy Acmelo, sources say."


@pytest.fixture(scope="session")
def schema() -> Schema:
    return load_schema()


@pytest.fixture(scope="session")
def sample() -> StatementSet:
    news = Document("news", NEWS, (), title="Acmelo raises \"big\"", publisher="Daily Widget", date="2024-11-22",
                    url="https://news.example/acmelo?x=1")  # fmt: skip
    rumour = Document("rumour", RUMOUR, (), date="2024-12")
    entities = [
        Entity("acmelo", "Acmelo", "Company", ("Acmelo", "Acmelo Inc."), registered=True),
        Entity("globexa", "Globexa", "Company", ("Globexa",)),
        Entity("jane-roe", "Jane Roe", "Person"),
        Entity("oak-ventures", "Oak Ventures", "Company"),
    ]
    five = Amount(Decimal("5000000"), "USD")

    def quote(
        document: Document,
        words: str,
        rule: str,
        status: str = "asserted",
        confidence: float = 1.0,
        **qualifiers: object,
    ) -> Evidence:
        start = document.text.index(words)
        given = Qualifiers(**qualifiers)  # type: ignore[arg-type]
        return Evidence(document.hash, start, start + len(words), words, rule, status, given, confidence)

    round_words = "Oak Ventures led a $5M seed round in Acmelo"
    led = quote(
        news, round_words, "leads-round", "asserted", 0.93, amount=five, round="seed", lead=True, date="2024-11"
    )
    raised = quote(news, round_words, "raises-round", amount=five, round="seed")
    partners = quote(news, "Globexa and Acmelo announced a partnership", "partnership")
    runs = quote(news, "Jane Roe runs Acmelo", "runs")
    talks = quote(rumour, "Globexa is in talks to buy Acmelo", "in-talks", "rumoured", 0.625)
    statements = (
        Statement("s1", "oak-ventures", "investsIn", "acmelo", "asserted", led.qualifiers, (led,)),
        Statement("s2", "acmelo", "raises", None, "asserted", raised.qualifiers, (raised,)),
        Statement("s3", "globexa", "partnersWith", "acmelo", "asserted", Qualifiers(), (partners,)),
        Statement("s4", "jane-roe", "ceoOf", "acmelo", "asserted", Qualifiers(role="chief"), (runs,)),
        Statement("s5", "globexa", "acquires", "acmelo", "rumoured", Qualifiers(), (talks,)),
    )
    bindings = (
        Binding(news.hash, "Acmelo", "acmelo-company", "acmelo", "registry", 3, 37, 43),
        Binding(rumour.hash, "Globexa", "globexa-company", "globexa", "new", 1, 0, 7),
    )
    return StatementSet(
        documents={d.hash: d for d in (news, rumour)},
        entities={e.id: e for e in entities},
        statements=statements,
        bindings=tuple(sorted(bindings, key=lambda b: (b.document, b.surface))),
        belongings=(Belonging("acmelo", "parent", "hive", "Hive"),),
    )
