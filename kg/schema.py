"""The schema: entity types, relations and statuses, as `ontology/aiind.ttl` defines them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.data import data_path, did_you_mean
from kg.errors import DataError

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

NAMESPACE = "https://w3id.org/aiindkg/ns#"
ID_BASE = "https://w3id.org/aiindkg/id/"


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of the schema. `range` is empty where an amount of money stands in the place of an object.

    `one_at_a_time_per`: `subject` or `object` where only one statement holds at a time for that end, else None.
    `yields_to`: stronger relations, one of which stands alone where a document states both of one pair.
    `has_sum`: whether a sum can belong to a statement beside its object. `identifies`: `subject` or `object` where the
    other end tells which thing of an ordinary name that end is ("Assistant" is that of its maker), else None.
    `paid_by`: `subject` or `object` where that end pays the other, else None. `is_supply`: whether it pays for what it
    uses, and so is a customer of the other. `is_state`: whether it holds over time and is mostly mentioned in passing.
    """

    name: str
    label: str
    inverse_label: str | None
    domain: frozenset[str]
    range: frozenset[str]
    symmetric: bool
    one_at_a_time_per: str | None
    yields_to: frozenset[str]
    has_sum: bool
    identifies: str | None
    paid_by: str | None
    is_supply: bool
    is_state: bool
    definition: str

    @property
    def fact_name(self) -> str:
        """The name in the facts form of the annotation guide: `investsIn` is `invests_in`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()


@dataclass(frozen=True, slots=True)
class Schema:
    """Entity type names, relations by name, and statuses with the strongest claim first."""

    types: tuple[str, ...]
    relations: Mapping[str, Relation]
    statuses: tuple[str, ...]

    def relation(self, name: str) -> Relation:
        """The relation of that name, in either spelling (`investsIn`, `invests_in`). Raises KeyError with a hint."""
        for relation in self.relations.values():
            if name in (relation.name, relation.fact_name):
                return relation
        raise KeyError(f"no relation {name!r}: {did_you_mean(name, self.relations)}")

    def best_status(self, statuses: set[str]) -> str:
        """The strongest claim among `statuses`."""
        return min(statuses, key=self.statuses.index)


@cache
def load_schema(path: Path | None = None) -> Schema:
    """Read the schema file. Raises `DataError` (file, line, hint) for a syntax error or an unknown `kg:` term."""
    from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace
    from rdflib.plugins.parsers.notation3 import BadSyntax

    path = path or data_path("ontology/aiind.ttl")
    try:
        graph = Graph().parse(path, format="turtle")
    except BadSyntax as error:
        raise DataError(path, error.lines + 1, f"not Turtle: {error._why}") from error
    ns, schema_org = Namespace(NAMESPACE), Namespace("https://schema.org/")
    _refuse_unknown_terms(graph, path)

    def local(term: object) -> str:
        return str(term).removeprefix(NAMESPACE)

    def text(subject: Node, predicate: Node) -> str | None:
        value = graph.value(subject, predicate)
        return None if value is None else str(value)

    types = tuple(sorted(local(s) for s in graph.subjects(RDFS.subClassOf, ns.Entity)))
    relations = {}
    for subject in sorted(graph.subjects(schema_org.domainIncludes, unique=True), key=str):
        ends = {
            end: frozenset(local(o) for o in graph.objects(subject, schema_org[end]))
            for end in ("domainIncludes", "rangeIncludes")
        }
        for stranger in sorted((ends["domainIncludes"] | ends["rangeIncludes"]) - set(types)):
            raise DataError(path, _line(path, stranger), f"kg:{stranger} is no subclass of kg:Entity")
        name = local(subject)
        relations[name] = Relation(
            name=name,
            label=text(subject, RDFS.label) or name,
            inverse_label=text(subject, ns.inverseLabel),
            domain=ends["domainIncludes"],
            range=ends["rangeIncludes"],
            symmetric=(subject, RDF.type, OWL.SymmetricProperty) in graph,
            one_at_a_time_per=text(subject, ns.oneAtATimePer),
            yields_to=frozenset(local(stronger) for stronger in graph.objects(subject, ns.yieldsTo)),
            has_sum=text(subject, ns.hasSum) == "true",
            identifies=text(subject, ns.identifies),
            paid_by=text(subject, ns.paidBy),
            is_supply=text(subject, ns.isSupply) == "true",
            is_state=text(subject, ns.isState) == "true",
            definition=text(subject, SKOS.definition) or "",
        )
    ranks = {local(s): int(str(o)) for s, o in graph.subject_objects(ns["rank"])}
    return Schema(types=types, relations=relations, statuses=tuple(sorted(ranks, key=ranks.__getitem__)))


def _refuse_unknown_terms(graph: Graph, path: Path) -> None:
    """Every `kg:` term that is used must be defined (have an rdf:type) in the same file."""
    from rdflib import RDF, URIRef

    defined = {s for s in graph.subjects(RDF.type) if str(s).startswith(NAMESPACE)}
    names = {str(term).removeprefix(NAMESPACE) for term in defined}
    for triple in graph:
        for term in triple:
            if isinstance(term, URIRef) and str(term).startswith(NAMESPACE) and term not in defined:
                name = str(term).removeprefix(NAMESPACE)
                raise DataError(path, _line(path, name), f"unknown term kg:{name}", hint=did_you_mean(name, names))


def _line(path: Path, name: str) -> int | None:
    """The first line of a Turtle file that uses `kg:name`."""
    use = re.compile(rf"kg:{re.escape(name)}\b")
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if use.search(line)), None)
