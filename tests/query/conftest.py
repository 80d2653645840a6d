"""An invented graph of rounds: enough for joins, sums, paths and a query that never ends."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.model import Amount, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.store.graph import Graph

COMPANIES = tuple(f"co{number}" for number in range(12))


@pytest.fixture(scope="session")
def rounds() -> StatementSet:
    """Company n invests n million in companies n+1 and n+5; every third is only planned."""
    document = Document("rounds", "It all happened as told here.", (), title="Rounds", date="2024-05")
    entities = {name: Entity(name, name.title(), "Company") for name in COMPANIES}
    statements = []
    for number, name in enumerate(COMPANIES):
        for step in (1, 5):
            status = "planned" if number % 3 == 2 else "asserted"
            qualifiers = Qualifiers(Amount(Decimal(number * 10**6), "USD"), date=str(2015 + number))
            evidence = Evidence(document.hash, 0, 6, document.text[:6], f"rule-{step}", status, qualifiers)
            other = COMPANIES[(number + step) % len(COMPANIES)]
            statement_id = f"s{number:02}-{step}"
            statements.append(Statement(statement_id, name, "investsIn", other, status, qualifiers, (evidence,)))
    return StatementSet({document.hash: document}, entities, tuple(statements))


@pytest.fixture(scope="session")
def graph(rounds: StatementSet) -> Graph:
    return Graph(rounds)
