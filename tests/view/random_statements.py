"""Statement sets of any size for the tests of pictures; names and numbers are invented, the same for the same seed."""

from __future__ import annotations

import random
from decimal import Decimal

from kg.model import Amount, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import load_schema

PARTS = ("Vel", "Oru", "Tamix", "Quanta", "Bel", "Sarrow", "Nim", "Ostra", "Kelvin", "Zeta", "Ile", "Marrow")
TAILS = ("", " Labs", " Systems", " International Holdings", " AI", " Cloud Services", " 4", " of the North")


def random_statements(seed: int, entities: int, statements: int) -> StatementSet:
    """That many entities and statements, hubs among them; some statements have sums, some run beside others."""
    made, schema = random.Random(seed), load_schema()
    names = [f"{made.choice(PARTS)}{made.choice(PARTS).lower()}{made.choice(TAILS)}" for _ in range(entities)]
    things = {f"e{n}": Entity(f"e{n}", name, made.choice(schema.types)) for n, name in enumerate(names)}
    document = Document("d", "text", (), "A title", "The Invented Post", "2031-05-06")
    relations, found = sorted(schema.relations), []
    for number in range(statements):
        relation = schema.relations[made.choice(relations)]
        ends = [f"e{min(made.randrange(entities), made.randrange(entities))}" for _ in range(2)]
        sum_ = Amount(Decimal(made.randrange(1, 10**11)), "USD") if relation.has_sum or not relation.range else None
        status = made.choice(("asserted",) * 6 + schema.statuses)
        given = Qualifiers(amount=sum_)
        evidence = Evidence(document.hash, 0, 4, "text", "r", status, given, 0.9)
        object_ = ends[1] if relation.range else None
        found.append(Statement(f"s{number:04}", ends[0], relation.name, object_, status, given, (evidence,)))
    return StatementSet({document.hash: document}, things, tuple(found))
