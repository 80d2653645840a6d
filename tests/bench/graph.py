"""How fast the graph is: loading and named queries, over Oxigraph and over rdflib's memory store beside it.

`python tests/bench/graph.py [--short] [TRIPLES]`. The graph is invented, seeded, and shaped like ours: statements with
qualifiers, evidence in a graph a document, bindings. Speeds are of one run: compare its lines with each other.
"""

from __future__ import annotations

import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.model import Amount, Belonging, Binding, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.query.named import NamedQuery, bindings_of, load_named_queries
from kg.query.sparql import prefixes
from kg.schema import load_schema
from kg.store.folder import open_folder, write_folder
from kg.store.graph import Graph
from kg.store.names import Ids

if TYPE_CHECKING:
    from rdflib.term import Node

SIZES = {"--short": 5_000, "": 1_000_000}
PER_STATEMENT = 34
"""Triples that a statement brings, with its evidence, and its share of entities, bindings and documents."""
LIMITS = {"--short": 1, "": 20}
"""Seconds after which a query is given up."""
GIVEN = {"since": "2024-01-01", "year": "2023"}


def invented(triples: int, rng: random.Random) -> StatementSet:
    """About so many triples: a few entities take part in many statements, most in few, as in news."""
    schema, count = load_schema(), max(20, triples // PER_STATEMENT)
    by_type: dict[str, list[str]] = {}
    entities = {}
    for number in range(count // 2):
        kind = rng.choices(["Company", "Model", "Chip", "Product", "Person", "Place"], [6, 2, 1, 2, 2, 1])[0]
        entity = Entity(f"e{number}", f"Name {number}", kind, (f"Name {number}",))
        entities[entity.id] = entity
        by_type.setdefault(kind, []).append(entity.id)
    relations = [r for r in schema.relations.values() if r.domain & by_type.keys() and r.range & by_type.keys()]

    def end(kinds: frozenset[str]) -> str:
        known = by_type[rng.choice(sorted(kind for kind in kinds if by_type.get(kind)))]
        return known[min(int(rng.paretovariate(0.7)) - 1, len(known) - 1)]

    documents = [Document(f"d{n}", f"text {n}", (), date=f"20{rng.randint(15, 26)}-{rng.randint(1, 12):02}-01")
                 for n in range(max(5, count // 6))]  # fmt: skip
    statements, bindings = [], {}
    for number in range(count):
        relation = rng.choice(relations)
        subject, other = end(relation.domain), end(relation.range)
        amount = (
            Amount(Decimal(rng.randint(1, 900) * 10**6), "USD") if relation.has_sum and rng.random() < 0.5 else None
        )
        status = rng.choices(["asserted", "planned", "rumoured", "ended", "denied"], [80, 8, 6, 5, 1])[0]
        date = f"20{rng.randint(15, 26)}" if rng.random() < 0.4 else None
        qualifiers = Qualifiers(amount, date)
        told = rng.sample(documents, rng.choice([1, 1, 1, 2]))
        evidence = tuple(
            Evidence(d.hash, number % 97, number % 97 + 40, f"Sentence {number}.", "rule", status, qualifiers, 0.9)
            for d in sorted(told, key=lambda d: d.hash)
        )
        if subject != other:
            statements.append(Statement(f"s{number}", subject, relation.name, other, status, qualifiers, evidence))
        for document in told:
            for id_ in (subject, other):
                name = entities[id_].name
                bindings[document.hash, name] = Binding(document.hash, name, f"{id_}-own", id_, "new", 2, 0, 8)
    companies = by_type["Company"]
    owned = [*by_type.get("Chip", []), *by_type.get("Product", []), *companies[-len(companies) // 10 :]]
    return StatementSet(
        documents={d.hash: d for d in documents},
        entities=entities,
        statements=tuple(statements),
        bindings=tuple(bindings.values()),
        belongings=tuple(
            Belonging(id_, "parent" if id_ in set(companies[-5:]) else "maker", companies[i % 20], f"Name {i % 20}")
            for i, id_ in enumerate(owned)
        ),
    )


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def asked(query: NamedQuery, found: StatementSet) -> dict[str, object]:
    """The query's parameters, bound to what has much to tell."""
    schema, kinds = (
        load_schema(),
        {"entity": "e0", "relation": "investsIn", "date": "2023", "number": "1", "text": "seed"},
    )
    busiest = [s.object for s in found.statements if s.relation == "investsIn" and s.object is not None]
    kinds["entity"] = max(sorted(set(busiest)), key=busiest.count)
    given = {p.name: GIVEN.get(p.name, kinds[p.kind]) for p in query.parameters if p.default is None}
    return dict(bindings_of(query, given, found.entities, schema))


def give_up(signum: int, frame: object) -> None:
    raise TimeoutError


def main(triples: int, limit: int) -> None:
    from pyoxigraph import RdfFormat, Store
    from rdflib import Dataset

    found = invented(triples, random.Random(5))
    nquads = Graph(found).to_nquads()
    lines = nquads.count(b"\n")
    print(f"{lines:,} quads, {len(found.statements):,} statements, {len(found.documents):,} documents")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "g"
        write_folder(path, found, load_schema())
        store = Store()
        by_ox = seconds(lambda: store.bulk_load(nquads, format=RdfFormat.N_QUADS))
        dataset = Dataset(default_union=True)
        by_rdflib = seconds(lambda: dataset.parse(data=nquads, format="nquads"))
        rates = f"Oxigraph {lines / by_ox:,.0f} quads a second, rdflib {lines / by_rdflib:,.0f}"
        print(f"load: {rates}; {by_rdflib / by_ox:.1f} times as fast")
        graph = open_folder(path)
        for prefix, namespace in prefixes().items():
            dataset.bind(prefix, namespace, replace=True)
        signal.signal(signal.SIGALRM, give_up)
        ratios, ours = [], []
        for query in load_named_queries().values():
            bindings = asked(query, found)
            try:
                mine = min(seconds(lambda: graph.query(query.sparql, time_limit=limit, **bindings)) for _ in range(2))  # noqa: B023
            except KgError as error:
                print(f"  {query.name:26} gave up: {error}")
                ours.append(float(limit))
                continue
            ours.append(mine)
            signal.alarm(limit)
            try:
                terms = {name: in_rdflib(value) for name, value in bindings.items()}
                theirs = seconds(lambda: list(dataset.query(query.sparql, initBindings=terms)))  # noqa: B023
                told = f"{theirs:8.3f} s"
            except TimeoutError:
                theirs, told = float(limit), f"over {limit} s"
            except Exception as error:  # noqa: BLE001  rdflib fails on some that Oxigraph answers; the rest goes on
                theirs, told = float("nan"), type(error).__name__
            finally:
                signal.alarm(0)
            ratios.append(theirs / mine)
            print(f"  {query.name:26} {mine:8.3f} s, in a process of its own; rdflib {told}")
        start = min(seconds(lambda: graph.query("ASK {}")) for _ in range(3))
    known = [ratio for ratio in ratios if ratio == ratio]  # noqa: PLR0124  not a number is not itself
    slow = sum(each > 0.5 for each in ours)
    print(
        f"median of {len(ours)} named queries {statistics.median(ours):.3f} s, {slow} over 0.5 s; "
        f"rdflib takes {statistics.median(known):.1f} times as long in the median"
    )
    print(f"the start of the process that can be stopped is in each: {start:.3f} s")


def in_rdflib(value: object) -> Node:
    """A parameter as a term of rdflib."""
    from rdflib import Literal, URIRef

    if isinstance(value, Entity):
        return URIRef(Ids().entity(value.id))
    text = getattr(value, "value", None)
    return URIRef(str(text)) if text is not None else Literal(value)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    form = "--short" if "--short" in sys.argv[1:] else ""
    main(numbers[0] if numbers else SIZES[form], LIMITS[form])
