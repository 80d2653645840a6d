"""A graph as `kg.store.check` looks at it: by node and property, whether or not it is as it should be."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.schema import NAMESPACE, Schema
from kg.store.names import PROV, RDF, RDFS, XSD, Ids

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from rdflib import Graph
    from rdflib.term import Node

ERROR, WARNING = "error", "warning"
SOURCE, EVIDENCE, TYPE = PROV + "hadPrimarySource", NAMESPACE + "evidence", RDF + "type"
TEXT = (XSD + "string", RDF + "langString")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a node (an IRI). `fact`: if the node does not tell it; `basic`: if other problems may follow."""

    shape: str
    node: str
    message: str
    severity: str = ERROR
    fact: str = ""
    basic: bool = False


@dataclass(slots=True)
class Checked:
    """The graph by node and property, whether or not it is as it should be: IRIs, and the text of literals."""

    quads: list[Quad]
    schema: Schema
    ids: Ids
    texts: Mapping[str, str]
    said: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    cited: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    stated: dict[str, str] = field(default_factory=dict)
    noted: list[Finding] = field(default_factory=list)
    wrong: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for quad in self.quads:
            subject, predicate, value = text_of_term(quad.subject), quad.predicate.value, text_of_term(quad.object)
            self.said[subject][predicate].append(value)
            if predicate == EVIDENCE:
                self.cited[value].append(subject)
            elif predicate in (RDF + "subject", RDF + "object"):
                self.stated[value] = min(subject, self.stated.get(value, subject))

    def note(self, finding: Finding) -> None:
        """Keep a finding unless it may follow from a more basic one at its node."""
        if self.wrong.get(finding.node, False) and not (finding.basic or finding.fact):
            return
        self.noted.append(finding)
        if finding.severity == ERROR:
            self.wrong[finding.node] = self.wrong.get(finding.node, False) or finding.basic

    def one(self, node: str, iri: str) -> str:
        """The value of a property that sorts first; empty where there is none."""
        return min(self.said[node][iri], default="") if node in self.said and iri in self.said[node] else ""

    def get(self, node: str, name: str) -> str:
        """The value of a property of the schema, without the namespace; empty where there is none."""
        return self.one(node, NAMESPACE + name).removeprefix(NAMESPACE)

    def sound(self, kind: str) -> list[str]:
        """The nodes of a type at which nothing is wrong so far, sorted."""
        return sorted(n for n in self.said if n not in self.wrong and NAMESPACE + kind in self.said[n].get(TYPE, ()))

    def text_of(self, node: str) -> str | None:
        """The stored text that evidence or a binding is from, unless something is wrong with it."""
        source = self.one(node, SOURCE)
        return None if source in self.wrong else self.texts.get(self.get(source, "contentHash"))

    def name(self, entity: str) -> str:
        return self.one(entity, RDFS + "label") or self.ids.local(entity)

    def edge(self, subject: str, relation: str, value: str) -> str:
        """Two ends and their relation as words."""
        label = self.schema.relations[relation].label if relation in self.schema.relations else relation
        other = self.name(value) if value.startswith(self.ids.base) else ""
        return " ".join(filter(None, (self.name(subject), label, other)))

    def fact(self, node: str) -> str:
        """A statement as a sentence, with status and qualifiers in brackets."""
        subject, relation, value = (self.one(node, RDF + name) for name in ("subject", "predicate", "object"))
        parts = [self.get(node, "status"), sure_text(self.get(node, "confidence"))]
        parts += [sum_text(*(self.get(node, name) for name in ("amount", "currency", "amountBound", "amountKind")))]
        parts += [self.get(node, "round"), self.get(node, "eventDate"), self.get(node, "lead") and "lead investor"]
        parts += [self.get(node, "role"), self.get(node, "period")]
        return f"{self.edge(subject, relation.removeprefix(NAMESPACE), value)} [{', '.join(filter(None, parts))}]"


def sure_text(confidence: str) -> str:
    """ "93% sure"; empty where nothing was estimated."""
    try:
        return f"{min(float(confidence), 0.99):.0%} sure" if float(confidence) < 1 else ""
    except ValueError:
        return f"confidence {confidence}" if confidence else ""


def sum_text(value: str, currency: str, bound: str, kind: str) -> str:
    """A sum as read aloud: "up to 4,000,000,000 USD"; what is missing is left out."""
    number = f"{Decimal(value):,f}" if NUMBER.fullmatch(value) else value
    words = ("" if bound == "exact" else bound.replace("_", " "), number, currency)
    return " ".join(filter(None, (*words, "" if kind in ("", "increment") else f"({kind})")))


def oxigraph_quads(found: Iterable[Quad] | Graph) -> Iterable[Quad]:
    """The quads, whichever library holds them."""
    from pyoxigraph import RdfFormat, parse
    from rdflib import Graph

    if not isinstance(found, Graph):
        return found
    lines = found.serialize(format="nquads" if found.context_aware else "nt", encoding="utf-8")
    return parse(lines, RdfFormat.N_QUADS)


def rdflib_graph(quads: Iterable[Quad]) -> Graph:
    """All graphs as one, fit for pySHACL: a blank node is an IRI `_:name`, and a decimal that is no number is text, for
    it cannot compare these."""
    from pyoxigraph import Literal as Written
    from rdflib import Graph, Literal, URIRef

    graph = Graph()
    known: dict[object, Node] = {}

    def term(made: object) -> Node:
        if made not in known:
            if isinstance(made, Written):  # text without a datatype is a string: rdflib holds the two for different
                datatype = made.datatype.value
                plain = datatype in TEXT or (datatype == XSD + "decimal" and not NUMBER.fullmatch(made.value))
                known[made] = Literal(made.value, made.language, None if plain else datatype)
            else:
                known[made] = URIRef(text_of_term(made))
        return known[made]

    for quad in quads:
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def text_of_term(term: object) -> str:
    """An IRI or the text of a literal; `_:name` for a blank node; empty for the default graph."""
    from pyoxigraph import BlankNode

    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", ""))


@contextmanager
def quiet(name: str) -> Iterator[None]:
    """Without the warnings of a logger: values that are ill-formed are reported as problems."""
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
