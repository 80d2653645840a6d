"""A graph of any size, invented and seeded, of the shape of a real one: `shape.json` has what was counted there.

A few entities take part in many statements and most in one or none; a few statements stand in many documents.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kg.model import Amount, Belonging, Binding, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import Relation, load_schema

SHAPE = json.loads(Path(__file__).with_name("shape.json").read_text(encoding="utf-8"))
SKEW = 1.6
"""Rank among N documents is N * u ** SKEW, with u uniform: the busiest of 1,200 has a hundredth of all evidence."""
TAIL = 1.9
"""The exponent of the Pareto distribution of documents a statement: 73 % stand in one, 14 % in two."""
WORDS = [f"{a}{b}{c}" for a in ("ba", "do", "ki", "lu", "me", "ra", "so", "ti") for b in "lmnrst" for c in "aeiou"]


@dataclass(frozen=True, slots=True)
class Invented:
    """The statements, and for each type of entity those that questions are about, by how much is said of them.

    `hubs`: the two with the most statements. `ordinary`: the two in the middle, if each statement votes for its ends.
    """

    statements: StatementSet
    hubs: Mapping[str, tuple[str, str]]
    ordinary: Mapping[str, tuple[str, str]]


def invented(quads: int, rng: random.Random) -> Invented:
    """A graph of about so many quads."""
    factor, relations = quads / SHAPE["quads"], load_schema().relations
    documents = [_document(number, rng) for number in range(max(8, round(SHAPE["documents"]["all"] * factor)))]
    entities = _entities(factor, rng)
    by_type: dict[str, list[Entity]] = {}
    for entity in entities:
        by_type.setdefault(entity.type, []).append(entity)
    statements = []
    for number in range(max(40, round(SHAPE["statements"] * factor))):
        relation = relations[_one_of(SHAPE["relations"], rng)]
        subject = _popular(by_type[_kind(relation.domain, rng)], rng).id
        other = _popular(by_type[_kind(relation.range, rng)], rng).id if relation.range else None
        if subject != other:
            statements.append(_statement(number, relation, (subject, other), documents, rng))
    companies = by_type["Company"]
    makers = rng.sample([*by_type["Product"], *by_type["Model"], *by_type["Chip"]], round(SHAPE["makers"] * factor) + 3)
    units = rng.sample(companies, round(SHAPE["parents"] * factor) + 2)
    return Invented(
        StatementSet(
            documents={document.hash: document for document in documents},
            entities={entity.id: entity for entity in entities},
            statements=tuple(statements),
            bindings=_bindings(statements, entities, documents, rng),
            belongings=tuple(_belongings(makers, "maker", companies, rng))
            + tuple(_belongings(units, "parent", companies, rng)),
        ),
        *_asked_about(statements, by_type),
    )


def _one_of(weights: Mapping[str, int], rng: random.Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _kind(types: frozenset[str], rng: random.Random) -> str:
    return _one_of({kind: count for kind, count in SHAPE["ends"].items() if kind in types}, rng)


def _popular(known: Sequence[Entity], rng: random.Random) -> Entity:
    """Zipf's law: the logarithm of the rank is uniform."""
    return known[int((len(known) + 1) ** rng.random()) - 1]


def _sentence(number: int, rng: random.Random) -> str:
    length = rng.expovariate(1 / SHAPE["evidence"]["characters"])
    return f"{' '.join(rng.choices(WORDS, k=1 + int(length / 5)))} {number}.".capitalize()


def _document(number: int, rng: random.Random) -> Document:
    counts = SHAPE["documents"]
    dated, published = (rng.random() < counts[each] / counts["all"] for each in ("dated", "with_publisher"))
    day = f"20{rng.randint(22, 26)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return Document(
        name=f"document-{number}",
        text=f"text {number}",
        blocks=(),
        title=" ".join(rng.choices(WORDS, k=8)),
        publisher=f"Publisher {number % 7}" if published else None,
        date=day if dated else None,
    )


def _entities(factor: float, rng: random.Random) -> list[Entity]:
    total, found = sum(SHAPE["entities"].values()), []
    for kind, count in SHAPE["entities"].items():
        for number in range(max(8, round(count * factor))):
            name = f"{rng.choice(WORDS)} {rng.choice(WORDS)} {kind[:2]}{number}".title()
            more = tuple(f"{name} {each}" for each in rng.choices(WORDS, k=int(rng.paretovariate(3)) - 1))
            known = rng.random() < SHAPE["registered"] / total
            found.append(Entity(f"{kind.lower()}-{number}", name, kind, tuple(sorted({name, *more})), known))
    return found


def _statement(
    number: int, relation: Relation, ends: tuple[str, str | None], documents: Sequence[Document], rng: random.Random
) -> Statement:
    subject, other = ends
    counts = SHAPE["evidence"]
    status = _one_of(SHAPE["statuses"], rng)
    amount = None
    if other is None or (relation.has_sum and rng.random() < 0.3):
        amount = Amount(Decimal(rng.randint(1, 900) * 10**6), "USD", kind=rng.choice(["increment", "cumulative"]))
    qualifiers = Qualifiers(
        amount,
        date=f"20{rng.randint(15, 26)}" if rng.random() < counts["dated"] / counts["all"] else None,
        round="series_a" if amount is not None and rng.random() < 0.5 else None,
        role="a role" if rng.random() < counts["with_role"] / counts["all"] else None,
    )
    copies = min(int(rng.paretovariate(TAIL)), counts["of_a_statement_at_most"])
    told = {documents[int(len(documents) * rng.random() ** SKEW)].hash for _ in range(copies)}
    evidence = []
    for document in sorted(told):
        start = rng.randint(0, 9_000)
        quote = _sentence(number, rng)
        weaker = "planned" if rng.random() < 0.03 else status
        evidence.append(Evidence(document, start, start + len(quote), quote, "rule", weaker, qualifiers, 0.9))
    if all(each.status != status for each in evidence):
        status = "planned"
    return Statement(f"s{number}", subject, relation.name, other, status, qualifiers, tuple(evidence))


def _bindings(
    statements: Sequence[Statement], entities: Sequence[Entity], documents: Sequence[Document], rng: random.Random
) -> tuple[Binding, ...]:
    """Each entity stands in one document at least, in those that state something of it, and popular ones in more."""
    by_id = {entity.id: entity for entity in entities}
    pairs = {(e.document, end) for s in statements for e in s.evidence for end in (s.subject, s.object) if end}
    pairs |= {(rng.choice(documents).hash, entity.id) for entity in entities}
    mixed = rng.sample(entities, len(entities))
    for _ in range(round(len(documents) * SHAPE["bindings"] / SHAPE["documents"]["all"]) - len(pairs)):
        pairs.add((rng.choice(documents).hash, _popular(mixed, rng).id))
    bindings: dict[tuple[str, str], Binding] = {}
    for document, id_ in sorted(pairs):
        surface = rng.choice(by_id[id_].aliases)
        bindings[document, surface] = Binding(document, surface, id_ + "-own", id_, "new", 2, 0, 8)
    return tuple(bindings.values())


def _belongings(owned: Sequence[Entity], by: str, companies: Sequence[Entity], rng: random.Random) -> list[Belonging]:
    found = []
    for each in owned:
        owner = _popular(companies, rng)
        if owner.id != each.id:
            found.append(Belonging(each.id, by, owner.id, owner.name))
    return found


def _asked_about(
    statements: Sequence[Statement], by_type: Mapping[str, Sequence[Entity]]
) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    said: dict[str, int] = {}
    for statement in statements:
        for end in (statement.subject, statement.object):
            if end is not None:
                said[end] = said.get(end, 0) + 1
    hubs, ordinary = {}, {}
    for kind, known in by_type.items():
        ranked = sorted((entity.id for entity in known), key=lambda id_: (-said.get(id_, 0), id_))
        votes, half = 0, sum(said.get(id_, 0) for id_ in ranked) / 2
        middle = 0
        while middle < len(ranked) - 2 and votes < half:
            votes += said.get(ranked[middle], 0)
            middle += 1
        hubs[kind], ordinary[kind] = (ranked[0], ranked[1]), (ranked[middle], ranked[middle + 1])
    return hubs, ordinary
