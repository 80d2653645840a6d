"""Whether a graph is sound: the shapes of `ontology/shapes.ttl`, and what SHACL cannot say.

SHACL sees one graph and no texts. So beside it each quote is compared with the stored text, each id with the content
that it is a hash of, each statement with its evidence, each plain edge with the statements, and the named graph of each
quad with its document. What would only follow from a problem already found at the same node is left out.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from kg.data import data_path
from kg.errors import KgError
from kg.model import Amount, Binding, Evidence, Qualifiers, content_hash
from kg.schema import ID_BASE, NAMESPACE, Schema, load_schema
from kg.store.names import DCT, OA, PROP, PROP_STATEMENT, PROV, RDF, RDFS, SKOS, Ids, compact, prefixes
from kg.store.readback import KNOWN

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from rdflib import Graph
    from rdflib.term import Node

SHAPES = "https://w3id.org/aiindkg/shapes#"
ERROR, WARNING = "error", "warning"
AGAIN = "Build the graph again."
MISSING = (
    "checking a graph needs pySHACL, which is not installed; install the extra `check`: pip install 'aiindkg[check]'"
)
EDGES = ("edge-unsupported", "edge-missing")
"""Shapes whose queries join the whole graph with itself: any SHACL processor can run them, here sets do, which stay
fast where one entity has thousands of edges."""
HASH = re.compile(r"[0-9a-f]{16}")
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the graph. `shape`: the name of the shape or of the check; `severity`: error or warning.

    `node`: what is wrong, as in queries (`st:...`). `statement`: the fact it belongs to as a sentence; `quote`:
    verbatim; `document`: the name of the document. Each of these three is empty where there is none.
    """

    shape: str
    severity: str
    node: str
    message: str
    statement: str = ""
    quote: str = ""
    document: str = ""


def check(
    found: Iterable[Quad] | Graph, texts: Mapping[str, str], schema: Schema | None = None, *, id_base: str = ID_BASE
) -> list[Problem]:
    """All problems, errors first, then sorted by document, statement and node; empty for a sound graph.

    `found`: quads, or an rdflib `Dataset`; of an rdflib `Graph` named graphs are not checked. `texts`: the stored texts
    by the hash of their document. Raises `KgError` where pySHACL is not installed.
    """
    from rdflib import Graph

    graph = Graph()
    terms = _rdflib_terms(found) if isinstance(found, Graph) else _oxigraph_terms(found)
    content = Content(schema or load_schema(), Ids(id_base), texts)
    for subject, predicate, value, where in terms:
        graph.add((subject, predicate, value))
        content.add(subject, predicate, value, where)
    for finding in _conformance(graph, content.schema):
        content.note(finding)
    for examine in (_blank_nodes, _edges, _named_graphs, _texts, _quotes, _ids, _support, _statement_ids):
        for finding in list(examine(content)):
            content.note(finding)
    return sorted(map(content.problem, content.findings()), key=_order)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem at the IRI `node`; `fact` where the node alone does not tell it. `rank`: one of a lower rank hides it."""

    shape: str
    node: str
    message: str
    severity: str = ERROR
    fact: str = ""
    rank: int = 2


@dataclass(slots=True)
class Content:
    """What the graph says, by node and property, whether or not it should: IRIs, and the text of literals."""

    schema: Schema
    ids: Ids
    texts: Mapping[str, str]
    said: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    kinds: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    cited_by: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    about: dict[str, str] = field(default_factory=dict)
    places: dict[str, set[tuple[str, str | None]]] = field(default_factory=lambda: defaultdict(set))
    blank: set[str] = field(default_factory=set)
    noted: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    wrong: set[str] = field(default_factory=set)

    def add(self, subject: Node, predicate: Node, value: Node, where: str | None) -> None:
        from rdflib import BNode

        s, p, o = str(subject), str(predicate), str(value)
        values = self.said.setdefault(s, {}).setdefault(p, [])
        if o not in values[-1:]:
            values.append(o)
        if where != NOWHERE:
            self.places[s].add((p, where))
        if isinstance(subject, BNode) or isinstance(value, BNode):
            self.blank.add(s if isinstance(subject, BNode) else o)
        if p == RDF + "type" and o.startswith(NAMESPACE):
            self.kinds[o.removeprefix(NAMESPACE)].append(s)
        elif p == NAMESPACE + "evidence":
            self.cited_by[o].append(s)
        elif p in (RDF + "subject", RDF + "object"):
            self.about[o] = min(s, self.about.get(o, s))

    def note(self, finding: Finding) -> None:
        self.noted[finding.node].append(finding)
        if finding.severity == ERROR:
            self.wrong.add(finding.node)

    def findings(self) -> Iterator[Finding]:
        for found in self.noted.values():
            lowest = min((each.rank for each in found if each.severity == ERROR), default=2)
            yield from (each for each in found if each.severity == WARNING or each.rank <= lowest)

    def all(self, node: str, prop: str) -> list[str]:
        return self.said.get(node, {}).get(prop, [])

    def one(self, node: str, prop: str) -> str:
        """The value that sorts first; empty where there is none."""
        return min(self.all(node, prop), default="")

    def sound(self, kind: str) -> Iterator[str]:
        """The nodes of a type at which nothing is wrong so far, sorted."""
        return (node for node in sorted(set(self.kinds.get(kind, []))) if node not in self.wrong)

    def source(self, node: str) -> str:
        return self.one(node, PROV + "hadPrimarySource")

    def text_of(self, node: str) -> str | None:
        """The stored text that evidence or a binding is from, unless something is wrong with it."""
        source = self.source(node)
        return None if source in self.wrong else self.texts.get(self.one(source, NAMESPACE + "contentHash"))

    def place(self, node: str) -> tuple[int, int]:
        return int(self.one(node, NAMESPACE + "start")), int(self.one(node, NAMESPACE + "end"))

    def amount(self, node: str) -> Amount | None:
        value = self.one(node, NAMESPACE + "amount")
        parts = [self.one(node, NAMESPACE + name) for name in ("currency", "amountBound", "amountKind")]
        return Amount(Decimal(value), *parts) if value else None

    def maybe(self, node: str, name: str) -> str | None:
        return self.one(node, NAMESPACE + name) or None

    def evidence(self, node: str, quote: str) -> Evidence:
        start, end = self.place(node)
        date, round_, role, period = (self.maybe(node, name) for name in ("eventDate", "round", "role", "period"))
        lead = self.one(node, NAMESPACE + "lead") == "true"
        return Evidence(
            document=self.ids.local(self.source(node), "document/"),
            start=start,
            end=end,
            quote=quote,
            rule=self.one(node, NAMESPACE + "rule"),
            status=self.status(node),
            qualifiers=Qualifiers(self.amount(node), date, round_, lead, role, period),
        )

    def status(self, node: str) -> str:
        return self.one(node, NAMESPACE + "status").removeprefix(NAMESPACE)

    def name(self, entity: str) -> str:
        return self.one(entity, RDFS + "label") or self.ids.local(entity)

    def edge(self, subject: str, relation: str, value: str) -> str:
        """An edge as words, however damaged."""
        known = self.schema.relations.get(relation)
        other = self.name(value) if value.startswith(self.ids.base) else ""
        return " ".join(filter(None, (self.name(subject), known.label if known else relation, other)))

    def fact(self, statement: str) -> str:
        """A statement as `kg explain` words it, however damaged."""
        ends = (self.one(statement, RDF + name) for name in ("subject", "predicate", "object"))
        subject, relation, value = ends
        get: Callable[[str], str] = lambda name: self.one(statement, NAMESPACE + name)  # noqa: E731
        sure, lead = get("confidence"), get("lead") == "true"
        parts = [self.status(statement), "" if sure in ("", "1") else f"confidence {sure}"]
        parts.append(" ".join(filter(None, map(get, ("amountBound", "amount", "currency", "amountKind")))))
        parts += [get("round"), get("eventDate"), "lead investor" if lead else "", get("role"), get("period")]
        return f"{self.edge(subject, relation.removeprefix(NAMESPACE), value)} [{', '.join(filter(None, parts))}]"

    def problem(self, finding: Finding) -> Problem:
        """The finding with the fact that it belongs to, the clearest words for it, and their document."""
        node, said = finding.node, self.said.get(finding.node, {})
        statement = min(self.cited_by.get(node, []), default=node if RDF + "predicate" in said else "")
        if not statement and PROV + "hadPrimarySource" not in said and NAMESPACE + "contentHash" not in said:
            statement = "" if finding.fact else self.about.get(node, "")
        evidence = node
        if statement and node not in self.cited_by:
            evidence = min(self.all(statement, NAMESPACE + "evidence"), key=self._clearness, default="")
        document = self.source(evidence) or (node if NAMESPACE + "contentHash" in said else "")
        return Problem(
            shape=finding.shape,
            severity=finding.severity,
            node=_named(node, self.ids.base),
            message=finding.message,
            statement=finding.fact or (self.fact(statement) if statement else ""),
            quote=self.one(evidence, OA + "exact") or self.one(evidence, NAMESPACE + "surfaceForm"),
            document=self.one(document, RDFS + "label"),
        )

    def _clearness(self, evidence: str) -> tuple[int, int, str]:
        status, statuses = self.status(evidence), self.schema.statuses
        strength = statuses.index(status) if status in statuses else len(statuses)
        return strength, len(self.one(evidence, OA + "exact")), evidence
