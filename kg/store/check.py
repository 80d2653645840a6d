"""Whether a graph is sound: the shapes of `ontology/shapes.ttl`, and what SHACL cannot say.

SHACL sees neither the texts nor what an id is made of. So each quote is compared with the stored text, each id with the
content that it is a hash of, each statement with its evidence, each plain edge with the statements, and the named graph
of each quad with its document. What would only follow from a problem found before at the same node is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.data import data_path
from kg.errors import KgError
from kg.model import Statement, StatementSet, content_hash
from kg.resolve.statements import statement_id
from kg.schema import ID_BASE, NAMESPACE, Schema, load_schema
from kg.store.checked import (
    ERROR,
    EVIDENCE,
    SOURCE,
    WARNING,
    Checked,
    Finding,
    oxigraph_quads,
    quiet,
    rdflib_graph,
    text_of_term,
)
from kg.store.names import DCT, OA, RDF, RDFS, SKOS, Ids, as_literal, compact, prefixes
from kg.store.rdf import to_quads
from kg.store.readback import KNOWN, from_quads

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from rdflib import Graph

SHAPES = "https://w3id.org/aiindkg/shapes#"
IN_REGISTRY = {SKOS + "prefLabel", *(NAMESPACE + name for name in KNOWN.values())}
NO_PYSHACL = "checking a graph needs pySHACL, which is not installed: install aiindkg with its extra `check`"
EDGES = {
    "edge-unsupported": "A plain edge has no asserted statement behind it. Remove the edge, or build the graph again.",
    "edge-missing": "The statement is asserted, but its plain edge is missing (of a symmetric relation, one of two). "
    "Build the graph again.",
}
"""Shapes whose queries join the whole graph with itself. They are there for other SHACL processors: here sets do, which
stay fast where one entity has thousands of edges."""
HASH = re.compile(r"[0-9a-f]{16}")
LOST = "\ufffd"  # stands for what RDF cannot hold; an id was made before it was lost
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the graph. `shape`: the name of the shape or the check; `severity`: error or warning.

    `node`: what is wrong, as queries name it (`st:...`). `statement`: the fact that it belongs to, as a sentence;
    `quote`: the words behind it, verbatim; `document`: the name of theirs. Each of the three is empty if there is none.
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
    """All problems, errors first, then by document, fact and node; none for a sound graph.

    `found`: quads or an rdflib `Dataset`; an rdflib `Graph` will do, but says nothing of named graphs. `texts`: the
    stored texts by the hash of their document. Raises `KgError` where pySHACL is not installed.
    """
    from rdflib import Dataset, Graph

    named = not isinstance(found, Graph) or isinstance(found, Dataset)
    graph = Checked(list(oxigraph_quads(found)), schema or load_schema(), Ids(id_base), texts)
    checks = [_conformance, _blank_nodes, _edges, _documents, _quotes, _ids, _support, _derived]
    for each in [*checks, _places] if named else checks:
        for finding in sorted(each(graph), key=lambda finding: not finding.basic):
            graph.note(finding)
    problems = {_problem(finding, graph) for finding in graph.noted}
    return sorted(problems, key=lambda p: (p.severity, p.document, p.statement, p.node, p.shape))


def _problem(finding: Finding, graph: Checked) -> Problem:
    """The finding with the fact that it belongs to, the clearest words for that, and the document of these."""
    node = finding.node
    statement = min(graph.cited.get(node, ()), default=graph.stated.get(node, ""))
    if EVIDENCE in graph.said.get(node, ()) or RDF + "predicate" in graph.said.get(node, ()):
        statement = node
    words = node if graph.one(node, SOURCE) else min(_words(statement, graph), default=("", "", ""))[-1]
    document = graph.one(words, SOURCE) or (node if graph.get(node, "contentHash") else "")
    return Problem(
        shape=finding.shape,
        severity=finding.severity,
        node=compact(node, prefixes(graph.ids.base)),
        message=finding.message,
        statement=finding.fact or (graph.fact(statement) if statement else ""),
        quote="" if finding.fact else graph.one(words, OA + "exact") or graph.get(words, "surfaceForm"),
        document="" if finding.fact else graph.one(document, RDFS + "label"),
    )


def _words(statement: str, graph: Checked) -> Iterator[tuple[int, int, str]]:
    """The evidence of a statement, each with how clear it is: the strongest status, then the shortest quote."""
    order = {status: place for place, status in enumerate(graph.schema.statuses)}
    for iri in graph.said[statement][EVIDENCE] if statement in graph.said else ():
        yield order.get(graph.get(iri, "status"), len(order)), len(graph.one(iri, OA + "exact")), iri


def _conformance(graph: Checked) -> Iterator[Finding]:
    """What violates the shapes. Those of the relations follow from those of statements, which are basic."""
    try:
        import pyshacl
    except ImportError as error:
        raise KgError(NO_PYSHACL) from error
    from rdflib import SH, Graph, URIRef

    shapes = Graph().parse(data_path("ontology/shapes.ttl"), format="turtle")
    for name in EDGES:
        shapes.remove((URIRef(SHAPES + name), None, None))
    with quiet("rdflib.term"):
        report = pyshacl.validate(rdflib_graph(graph.quads), shacl_graph=shapes)[1]
    if not isinstance(report, Graph):
        raise KgError(f"pySHACL could not check the graph: {report}")
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for result in report.objects(None, SH.result):
        source, focus = report.value(result, SH.sourceShape), report.value(result, SH.focusNode)
        closed = report.value(result, SH.sourceConstraintComponent) == SH.ClosedConstraintComponent
        value = report.value(result, SH.resultPath if closed else SH.value)
        values[str(source), str(focus)] |= set() if value in (None, focus) else {str(value)}
    for (iri, where), wrong in values.items():
        name, shape = iri.removeprefix(SHAPES), URIRef(iri)
        shown = ", ".join(compact(v, prefixes(graph.ids.base)) if ":/" in v else v for v in sorted(wrong))
        message = str(shapes.value(shape, SH.message)) + (f" Found: {shown}." if shown else "")
        warning = shapes.value(shape, SH.severity) == SH.Warning
        basic = not warning and name.partition("-")[0] not in graph.schema.relations
        yield Finding(name, where, message, WARNING if warning else ERROR, basic=basic)


def _blank_nodes(graph: Checked) -> Iterator[Finding]:
    for node in sorted(n for n in graph.said if n.startswith("_:")):
        yield Finding(
            "blank-node", node, "Everything has an IRI; this is a blank node. Build the graph again.", basic=True
        )


def _edges(graph: Checked) -> Iterator[Finding]:
    """Plain edges against asserted statements, both ways round for symmetric relations."""
    names = {NAMESPACE + name: relation for name, relation in graph.schema.relations.items()}
    there = {(s, p, o) for s, said in graph.said.items() for p in names.keys() & said.keys() for o in said[p]}
    asserted: set[tuple[str, str, str]] = set()
    for node in sorted(graph.said):
        subject, relation, value = (graph.one(node, RDF + name) for name in ("subject", "predicate", "object"))
        if subject and value and relation in names and graph.get(node, "status") == "asserted":
            turned = {(value, relation, subject)} if names[relation].symmetric else set()
            edges = {(subject, relation, value)} | turned
            asserted |= edges
            if not edges <= there:
                yield Finding("edge-missing", node, EDGES["edge-missing"])
    for subject, relation, value in sorted(there - asserted):
        fact = graph.edge(subject, names[relation].name, value)
        yield Finding("edge-unsupported", subject, EDGES["edge-unsupported"], fact=fact)


def _documents(graph: Checked) -> Iterator[Finding]:
    """Stored texts against the hashes of their documents, and these against the ids."""
    for node in graph.sound("Document"):
        known = graph.get(node, "contentHash")
        text = graph.texts.get(known)
        if graph.ids.document(known) != node:
            yield Finding(
                "document-id", node, f"The id of the document is not its hash, {known}. Build the graph again."
            )
        elif text is None:
            message = (
                "The text of the document is not stored, so no quote from it can be checked. Build the graph again."
            )
            yield Finding("text-missing", node, message, WARNING)
        elif content_hash(text) != known:
            message = (
                "The stored text is not the one that the document was built from: its hash differs. No quote from it "
            )
            yield Finding("text-hash", node, message + "can be trusted. Put the text back, or build the graph again.")


def _quotes(graph: Checked) -> Iterator[Finding]:
    """Quotes against the stored texts at their offsets. Of surface forms, which are without mark-up, the beginning."""
    for kind, quoted in (("Evidence", OA + "exact"), ("Binding", NAMESPACE + "surfaceForm")):
        for node in graph.sound(kind):
            text, start, end = graph.text_of(node), int(graph.get(node, "start")), int(graph.get(node, "end"))
            if text is None:
                continue
            there, quote = as_literal(text[start:end]), graph.one(node, quoted)
            if there != quote and (kind == "Evidence" or end > len(text) or there[0] != quote[0]):
                shown = there if len(there) <= LONGEST else there[:LONGEST] + "..."
                message = f"The stored text has other words at characters {start} to {end}: “{shown}”. "
                yield Finding(f"{kind.lower()}-text", node, message + "Build the graph again.")


def _ids(graph: Checked) -> Iterator[Finding]:
    """Ids of evidence and bindings against what they are hashes of."""
    found = _read(graph)
    evidence = {graph.ids.evidence(each) for statement in found.statements for each in statement.evidence}
    bindings = {graph.ids.binding(each) for each in found.bindings}
    cited = {each for s in found.statements for each in graph.said[graph.ids.statement(s.id)][EVIDENCE]}
    for kind, wrong in (("evidence", cited - evidence), ("binding", {*graph.sound("Binding")} - bindings)):
        for node in sorted(wrong):
            if not any(LOST in value for values in graph.said[node].values() for value in values):
                message = "The id is not the hash of the content: something in it was changed. Build the graph again."
                yield Finding(f"{kind}-id", node, message)


def _support(graph: Checked) -> Iterator[Finding]:
    """Statements against their evidence, and their ids against what they are hashes of."""
    for statement in _read(graph).statements:
        node = graph.ids.statement(statement.id)
        wrong = ", ".join(_unsupported(statement, node, graph))
        if wrong:
            message = f"The statement has another {wrong} than its evidence gives. Build the graph again."
            yield Finding("statement-support", node, message)
            continue
        made = statement_id((statement.subject, statement.relation, statement.object), statement.qualifiers)
        if HASH.fullmatch(statement.id) and statement.id != made:  # an id of another form is no hash: somebody gave it
            message = "The id is not the hash of the ends, the sum and the date. Build the graph again."
            yield Finding("statement-id", node, message)


def _unsupported(statement: Statement, node: str, graph: Checked) -> Iterator[str]:
    """What of a statement is not what its evidence gives."""
    evidence, said = statement.evidence, statement.qualifiers
    links = graph.said[node][EVIDENCE]
    if statement.status != graph.schema.best_status({each.status for each in evidence}):
        yield "status"
    sure = [Decimal(graph.get(e, "confidence")) for e in links if graph.get(e, "status") == statement.status]
    least = max(sure, default=Decimal(0)) if all(len(graph.cited[e]) == 1 for e in links) else Decimal(0)
    if not least <= Decimal(graph.get(node, "confidence")) <= max(sure, default=Decimal(1)):
        yield "confidence"  # evidence that several statements share is as sure as the surest of them
    if said.amount not in ({each.qualifiers.amount for each in evidence} - {None} or {None}):
        yield "sum"
    if said.date not in ({each.qualifiers.date for each in evidence} - {None} or {None}):
        yield "date"
    dates = sorted({d for e in links if (d := graph.one(graph.one(e, SOURCE), DCT + "date"))})
    if [graph.get(node, "firstReported"), graph.get(node, "lastReported")] != (
        [dates[0], dates[-1]] if dates else ["", ""]
    ):
        yield "date of its reports"


def _read(graph: Checked) -> StatementSet:
    """Statements and bindings at which nothing is wrong so far, nor at their evidence."""
    statements = [n for n in graph.sound("Statement") if not graph.wrong.keys() & graph.said[n][EVIDENCE]]
    kept = {*statements, *(e for n in statements for e in graph.said[n][EVIDENCE]), *graph.sound("Binding")}
    return from_quads((quad for quad in graph.quads if text_of_term(quad.subject) in kept), id_base=graph.ids.base)


def _derived(graph: Checked) -> Iterator[Finding]:
    """The graph against what would be made of itself, if nothing is wrong so far: what is derived, such as periods."""
    if graph.wrong:  # it may be what something was derived from
        return
    noted = {finding.node for finding in graph.noted}
    found = from_quads(graph.quads, id_base=graph.ids.base)
    made, there = (
        {(text_of_term(q.subject), q.predicate.value, q.object) for q in quads}
        for quads in (to_quads(found, graph.schema, id_base=graph.ids.base), graph.quads)
    )
    wrong: dict[str, set[str]] = defaultdict(set)
    for node, predicate, _ in made ^ there:
        if node in graph.said and node not in noted and SOURCE not in graph.said[node] and predicate != EVIDENCE:
            wrong[node].add(compact(predicate, prefixes(graph.ids.base)))
    for node, names in sorted(wrong.items()):
        message = f"{', '.join(sorted(names))}: not what follows from the rest of the graph. Build the graph again."
        yield Finding("derived", node, message, WARNING)


def _places(graph: Checked) -> Iterator[Finding]:
    """Quads against the named graphs that they belong in."""
    wrong: dict[str, set[str]] = defaultdict(set)
    for quad in graph.quads:
        node, predicate = text_of_term(quad.subject), quad.predicate.value
        document = node if graph.get(node, "contentHash") else graph.one(node, SOURCE)
        right = graph.ids.registry if predicate in IN_REGISTRY else document
        if text_of_term(quad.graph_name) != right:
            wrong[node].add(compact(predicate, prefixes(graph.ids.base)))
    for node, names in sorted(wrong.items()):
        message = f"{', '.join(sorted(names))}: in another named graph than that of the document or of the registry, "
        yield Finding("named-graph", node, message + "or in one at all. Build the graph again.")
