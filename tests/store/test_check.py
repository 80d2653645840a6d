"""A sound graph has no problems; each damage gives the problem that says so, with fact, quote and document."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from kg.data import data_path
from kg.errors import KgError
from kg.model import Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.read.readers import read_document
from kg.schema import ID_BASE, NAMESPACE, Schema
from kg.store.check import EDGES, SHAPES, Problem, check
from kg.store.names import DCT, OA, PROP, PROP_STATEMENT, PROV, RDF, RDFS, SCHEMA_ORG, SKOS, XSD, Ids
from kg.store.rdf import to_quads

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from rdflib import Dataset, Graph

pytest.importorskip("pyshacl", reason="pySHACL is not installed: the extra `check` brings it")

GOLDEN = Path(__file__).parent.parent / "golden" / "seeds.nq"
SEEDS = Path(__file__).parent.parent.parent / "seeds" / "documents"
ID, IDS = ID_BASE, Ids()
OAK, ACMELO, GLOBEXA, JANE = (ID + name for name in ("oak-ventures", "acmelo", "globexa", "jane-roe"))
CONTENT_IDS = ("2b7bc718ba97c133", "70fbd337aa940161", "fc94a0746cbff714", "1808408be26a66d5", "45667ecc4ff39917")
"""The hashes of the five statements of the sample: what `kg.resolve.statements` would have made."""
S1, S2, S3, S4, S5 = (f"{ID}statement/s{n}" for n in range(1, 6))


def kg(name: str) -> str:
    return NAMESPACE + name


class Damaged:
    """The quads of the sample and its texts, to be damaged. Values of literals are written `text^^datatype`."""

    def __init__(self, found: StatementSet, schema: Schema) -> None:
        self.quads = to_quads(found, schema)
        self.texts = {key: document.text for key, document in found.documents.items()}
        hashes = {document.name: key for key, document in found.documents.items()}
        self.news, self.rumour = hashes.get("news", ""), hashes.get("rumour", "")

    def evidence(self, statement: str) -> str:
        return next(
            q.object.value for q in self.quads if (q.subject.value, q.predicate.value) == (statement, kg("evidence"))
        )

    def binding(self, surface: str) -> str:
        return next(
            q.subject.value for q in self.quads if q.predicate.value == kg("surfaceForm") and q.object.value == surface
        )

    def drop(self, subject: str, predicate: str = "", value: str = "") -> Quad:
        """Drop the quads that fit; the first of them."""
        gone = [
            q for q in self.quads if q.subject.value == subject
            and predicate in ("", q.predicate.value) and value in ("", q.object.value)
        ]  # fmt: skip
        assert gone, (subject, predicate, value)
        self.quads = [q for q in self.quads if q not in gone]
        return gone[0]

    def change(self, subject: str, predicate: str, value: str) -> None:
        self.add(subject, predicate, value, like=self.drop(subject, predicate))

    def add(self, subject: str, predicate: str, value: str, *, like: Quad | None = None, graph: str = "") -> None:
        import pyoxigraph as ox

        text, _, datatype = value.partition("^^")
        iri = datatype == "" and re.match(r"https?://[^ ]+$", text)
        term = ox.NamedNode(text) if iri else ox.Literal(text, datatype=ox.NamedNode(XSD + (datatype or "string")))
        where = like.graph_name if like else ox.NamedNode(graph) if graph else ox.DefaultGraph()
        self.quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), term, where))

    def rename(self, old: str, new: str) -> None:
        import pyoxigraph as ox

        def term(made: object) -> object:
            return ox.NamedNode(new) if getattr(made, "value", None) == old else made

        self.quads = [ox.Quad(term(q.subject), q.predicate, term(q.object), term(q.graph_name)) for q in self.quads]


@pytest.fixture
def graph(sample: StatementSet, schema: Schema) -> Damaged:
    return Damaged(sample, schema)


def found(graph: Damaged) -> list[tuple[str, str]]:
    return [(problem.shape, problem.node) for problem in check(graph.quads, graph.texts)]


def test_the_sample_has_no_problems(graph: Damaged) -> None:
    assert check(graph.quads, graph.texts) == []


def test_the_graph_of_the_seeds_has_no_problems() -> None:
    """Its texts are as stored: a quote out of step with them, or an id that is no hash, would be one."""
    from pyoxigraph import RdfFormat, parse

    documents = [read_document(path) for path in sorted(SEEDS.iterdir())]
    texts = {document.hash: document.text for document in documents}
    assert check(parse(GOLDEN.read_bytes(), RdfFormat.N_QUADS), texts) == []


def ev(graph: Damaged, statement: str) -> str:
    return "ev:" + graph.evidence(statement).rpartition("/")[2]


def news(graph: Damaged) -> str:
    return IDS.document(graph.news)


def reprint(graph: Damaged, document: str, original: str) -> None:
    node = IDS.document(document)
    graph.add(node, kg("reprintOf"), IDS.document(original), graph=node)


Damage = Callable[[Damaged], object]
EDGE_OAK = ("edge-unsupported", "id:oak-ventures")
FOUR_OF_SUM = {(shape, "st:s5") for shape in ("amount", "amount-bound", "amount-kind")}
NO_SOURCE = {("evidence-source", "EV5")}
# What is damaged, and the problems that are expected: shape, and node (`EV1` is the evidence of the first statement,
# `NEWS` the first document, `BIND` the binding of a name in it).
DAMAGES: dict[str, tuple[Damage, set[tuple[str, str]]]] = {
    # entities
    "two names": (lambda g: g.add(OAK, RDFS + "label", "Oak"), {("entity-label", "id:oak-ventures")}),
    "no name": (lambda g: g.drop(OAK, RDFS + "label"), {("entity-label", "id:oak-ventures")}),
    "an empty alias": (lambda g: g.add(GLOBEXA, SKOS + "altLabel", ""), {("entity-alias", "id:globexa")}),
    "registered by half": (
        lambda g: g.change(ACMELO, kg("registered"), "half"),
        {("entity-registered", "id:acmelo")},
    ),
    "two types, both of them fitting": (
        lambda g: g.add(GLOBEXA, RDF + "type", kg("Institution")),
        {("entity-type", "id:globexa"), ("acquires-subject", "st:s5")},
    ),
    "no type": (lambda g: g.drop(OAK, RDF + "type"), {("investsIn-subject", "st:s1")}),
    "a type that the schema does not have": (
        lambda g: g.change(OAK, RDF + "type", kg("Spaceship")),
        {("investsIn-subject", "st:s1")},
    ),
    "a type that does not fit the relation": (
        lambda g: g.change(OAK, RDF + "type", kg("Place")),
        {("investsIn-subject", "st:s1")},
    ),
    "a person for an object": (
        lambda g: g.change(ACMELO, RDF + "type", kg("Person")),
        {
            ("investsIn-object", "st:s1"), ("raises-subject", "st:s2"), ("partnersWith-object", "st:s3"),
            ("ceoOf-object", "st:s4"), ("acquires-object", "st:s5"),
        },
    ),
    "a property that the schema does not have": (
        lambda g: g.add(OAK, kg("admires"), ACMELO),
        {("entity-closed", "id:oak-ventures")},
    ),
    "a parent without a name": (lambda g: g.drop(ID + "hive", SKOS + "prefLabel"), {("owner-name", "id:hive")}),
    "two parents": (
        lambda g: (
            g.add(ACMELO, kg("knownParent"), ID + "nest", graph=IDS.registry),
            g.add(ID + "nest", SKOS + "prefLabel", "Nest", graph=IDS.registry),
        ),
        {("known-parent", "id:acmelo")},
    ),
    "what the registry knows, in the default graph": (
        lambda g: (g.drop(ACMELO, kg("knownParent")), g.add(ACMELO, kg("knownParent"), ID + "hive")),
        {("named-graph", "id:acmelo")},
    ),
    # statements
    "no rdf:subject": (lambda g: g.drop(S1, RDF + "subject"), {("statement-subject", "st:s1")} | {EDGE_OAK}),
    "no link from the subject": (lambda g: g.drop(OAK, PROP + "investsIn"), {("statement-subject", "st:s1")}),
    "another subject in the link": (
        lambda g: (g.drop(OAK, PROP + "investsIn"), g.add(GLOBEXA, PROP + "investsIn", S1)),
        {("statement-subject", "st:s1")},
    ),
    "no rdf:object": (lambda g: g.drop(S1, RDF + "object"), {("statement-object", "st:s1"), EDGE_OAK}),
    "no object at all": (
        lambda g: (g.drop(S5, RDF + "object"), g.drop(S5, PROP_STATEMENT + "acquires")),
        {("acquires-object", "st:s5")},
    ),
    "another ps: object": (
        lambda g: g.change(S1, PROP_STATEMENT + "investsIn", GLOBEXA),
        {("statement-object", "st:s1")},
    ),
    "another sum for an object": (
        lambda g: g.change(S2, kg("amount"), "6000000^^decimal"),
        {("raises-object", "st:s2")},
    ),
    "no relation": (lambda g: g.drop(S5, RDF + "predicate"), {("statement-predicate", "st:s5")}),
    "another relation": (
        lambda g: g.change(S5, RDF + "predicate", kg("supplies")),
        {("acquires-predicate", "st:s5")},
    ),
    "a relation that the schema does not have": (
        lambda g: g.change(S5, RDF + "predicate", kg("admires")),
        {("statement-predicate", "st:s5")},
    ),
    "no type of a statement": (lambda g: g.drop(S5, RDF + "type"), {("acquires", "st:s5")}),
    "no status": (lambda g: g.drop(S5, kg("status")), {("status", "st:s5")}),
    "two statuses": (lambda g: g.add(S5, kg("status"), kg("denied")), {("status", "st:s5")}),
    "a status that is none": (lambda g: g.change(S5, kg("status"), kg("maybe")), {("status", "st:s5")}),
    "a stronger status than any evidence, with its edge": (
        lambda g: (g.change(S5, kg("status"), kg("asserted")), g.add(GLOBEXA, kg("acquires"), ACMELO)),
        {("statement-support", "st:s5")},
    ),
    "confidence 2": (lambda g: g.change(S1, kg("confidence"), "2^^decimal"), {("confidence", "st:s1")}),
    "confidence below 0": (lambda g: g.change(S1, kg("confidence"), "-0.1^^decimal"), {("confidence", "st:s1")}),
    "no confidence": (lambda g: g.drop(S1, kg("confidence")), {("confidence", "st:s1")}),
    "a word for a confidence": (
        lambda g: g.change(S1, kg("confidence"), "high^^decimal"),
        {("confidence", "st:s1")},
    ),
    "another confidence than the evidence": (
        lambda g: g.change(S1, kg("confidence"), "0.5^^decimal"),
        {("statement-support", "st:s1")},
    ),
    "no evidence": (
        lambda g: g.drop(S5, kg("evidence")),
        {("statement-evidence", "st:s5"), ("evidence-cited", "EV5")},
    ),
    "evidence that is not there": (lambda g: g.drop(g.evidence(S5)), {("statement-evidence", "st:s5")}),
    "a sum without a currency": (lambda g: g.drop(S2, kg("currency")), {("currency", "st:s2")}),
    "a sum without a bound": (lambda g: g.drop(S2, kg("amountBound")), {("amount-bound", "st:s2")}),
    "a sum without a kind": (lambda g: g.drop(S2, kg("amountKind")), {("amount-kind", "st:s2")}),
    "a bound that is none": (lambda g: g.change(S2, kg("amountBound"), "nearly"), {("amount-bound", "st:s2")}),
    "a currency that is no code": (lambda g: g.change(S2, kg("currency"), "dollars"), {("currency", "st:s2")}),
    "a currency without a sum": (lambda g: g.add(S5, kg("currency"), "USD"), FOUR_OF_SUM),
    "another currency than the evidence": (
        lambda g: g.change(S2, kg("currency"), "EUR"),
        {("statement-support", "st:s2")},
    ),
    "a month that there is not": (
        lambda g: g.change(S1, kg("eventDate"), "2024-13^^gYearMonth"),
        {("date", "st:s1")},
    ),
    "a day that there is not": (lambda g: g.change(S1, kg("eventDate"), "2024-02-31^^date"), {("date", "st:s1")}),
    "a date as text": (
        lambda g: g.change(S1, kg("eventDate"), "2024-11"),
        {("date-as-text", "st:s1")},
    ),
    "two dates": (lambda g: g.add(S1, kg("eventDate"), "2024^^gYear"), {("event-date", "st:s1")}),
    "another date than the evidence": (
        lambda g: g.change(S1, kg("eventDate"), "2024-10^^gYearMonth"),
        {("statement-support", "st:s1")},
    ),
    "another first report": (
        lambda g: g.change(S1, kg("firstReported"), "2023^^gYear"),
        {("statement-support", "st:s1")},
    ),
    "no period that follows from the event": (lambda g: g.drop(S1, kg("validFrom")), {("derived", "st:s1")}),
    "another period than follows": (
        lambda g: g.change(S1, kg("validFrom"), "2023^^gYear"),
        {("derived", "st:s1")},
    ),
    "no number of sources": (lambda g: g.drop(S1, kg("sources")), {("sources", "st:s1")}),
    "no sources at all": (lambda g: g.change(S1, kg("sources"), "0^^integer"), {("sources", "st:s1")}),
    "more sources than there are": (lambda g: g.change(S1, kg("sources"), "7^^integer"), {("derived", "st:s1")}),
    "a reprint of what is not there": (
        lambda g: reprint(g, g.rumour, "0123456789abcdef"),
        {("reprint-of", "RUMOUR")},
    ),
    "two that are reprints of each other": (
        lambda g: (reprint(g, g.rumour, g.news), reprint(g, g.news, g.rumour)),
        {("reprint-of-reprint", "RUMOUR"), ("reprint-of-reprint", "NEWS")},
    ),
    "a reprint in the default graph": (
        lambda g: g.add(IDS.document(g.rumour), kg("reprintOf"), IDS.document(g.news)),
        {("named-graph", "RUMOUR")},
    ),
    "contradicting for no reason": (lambda g: g.add(S1, kg("contradicts"), S4), {("derived", "st:s1")}),
    "a property of evidence at a statement": (
        lambda g: g.add(S1, kg("rule"), "leads-round"),
        {("statement-closed", "st:s1")},
    ),
    "contradicting what is not there": (
        lambda g: g.add(S1, kg("contradicts"), ID + "statement/s9"),
        {("contradicts", "st:s1")},
    ),
    "a statement in a graph of its own": (
        lambda g: (g.drop(S4, kg("role")), g.add(S4, kg("role"), "chief", graph=ID + "other")),
        {("named-graph", "st:s4")},
    ),
    # plain edges
    "an edge without a statement": (
        lambda g: g.add(GLOBEXA, kg("investsIn"), ACMELO),
        {("edge-unsupported", "id:globexa")},
    ),
    "an edge of what is only rumoured": (
        lambda g: g.add(GLOBEXA, kg("acquires"), ACMELO),
        {("edge-unsupported", "id:globexa")},
    ),
    "an edge the wrong way round": (
        lambda g: g.add(ACMELO, kg("investsIn"), OAK),
        {("edge-unsupported", "id:acmelo")},
    ),
    "an edge with another sum": (
        lambda g: g.add(ACMELO, kg("raises"), "7^^decimal"),
        {("edge-unsupported", "id:acmelo")},
    ),
    "no edge": (lambda g: g.drop(OAK, kg("investsIn")), {("edge-missing", "st:s1")}),
    "one edge of a symmetric relation": (lambda g: g.drop(ACMELO, kg("partnersWith")), {("edge-missing", "st:s3")}),
    # evidence
    "an end before the start": (
        lambda g: g.change(g.evidence(S5), kg("end"), "0^^integer"),
        {("evidence-start", "EV5"), ("evidence-end", "EV5")},
    ),
    "no start": (lambda g: g.drop(g.evidence(S5), kg("start")), {("evidence-start", "EV5")}),
    "an offset that is off by one": (
        lambda g: g.change(g.evidence(S5), kg("start"), "1^^integer"),
        {("evidence-text", "EV5")},
    ),
    "a quote that is not in the text": (
        lambda g: g.change(g.evidence(S5), OA + "exact", "Globexa has bought Acmelo"),
        {("evidence-text", "EV5")},
    ),
    "no quote": (lambda g: g.drop(g.evidence(S5), OA + "exact"), {("evidence-quote", "EV5")}),
    "no rule": (lambda g: g.drop(g.evidence(S5), kg("rule")), {("evidence-rule", "EV5")}),
    "another rule": (lambda g: g.change(g.evidence(S5), kg("rule"), "guess"), {("evidence-id", "EV5")}),
    "another status of evidence": (
        lambda g: g.change(g.evidence(S5), kg("status"), kg("asserted")),
        {("evidence-id", "EV5")},
    ),
    "no status of evidence": (lambda g: g.drop(g.evidence(S5), kg("status")), {("status", "EV5")}),
    "less confidence than the statement": (
        lambda g: g.change(g.evidence(S5), kg("confidence"), "0.1^^decimal"),
        {("statement-support", "st:s5")},
    ),
    "no document": (lambda g: g.drop(g.evidence(S5), PROV + "hadPrimarySource"), NO_SOURCE),
    "no type of evidence": (lambda g: g.drop(g.evidence(S5), RDF + "type"), {("statement-evidence", "st:s5")}),
    "evidence in the default graph": (
        lambda g: g.add(g.evidence(S5), kg("rule"), g.drop(g.evidence(S5), kg("rule")).object.value),
        {("named-graph", "EV5")},
    ),
    "a decimal that is no number": (
        lambda g: g.change(g.evidence(S2), kg("amount"), "NaN^^decimal"),
        {("amount", "EV2")},
    ),
    # documents
    "no name of a document": (lambda g: g.drop(IDS.document(g.rumour), RDFS + "label"), {("document-name", "RUMOUR")}),
    "no hash": (lambda g: g.drop(IDS.document(g.rumour), kg("contentHash")), {("document-hash", "RUMOUR")}),
    "another hash": (
        lambda g: g.change(IDS.document(g.rumour), kg("contentHash"), "0123456789abcdef"),
        {("document-id", "RUMOUR")},
    ),
    "two addresses": (
        lambda g: g.add(news(g), SCHEMA_ORG + "url", "https://other.example/^^anyURI", graph=news(g)),
        {("document-url", "NEWS")},
    ),
    "a date that is none": (
        lambda g: g.change(IDS.document(g.rumour), DCT + "date", "yesterday"),
        {("date", "RUMOUR"), ("statement-support", "st:s5")},
    ),
    "a text that was changed": (
        lambda g: g.texts.update({g.rumour: g.texts[g.rumour].replace("Globexa", "Zorbu")}),
        {("text-hash", "RUMOUR")},
    ),
    "a text that is not there": (lambda g: g.texts.pop(g.rumour), {("text-missing", "RUMOUR")}),
    # bindings
    "a binding of nothing": (lambda g: g.drop(g.binding("Globexa"), kg("standsFor")), {("binding-entity", "BIND")}),
    "a binding of what is not there": (
        lambda g: g.change(g.binding("Globexa"), kg("standsFor"), ID + "nobody"),
        {("binding-entity", "BIND")},
    ),
    "a binding without a type": (lambda g: g.drop(g.binding("Globexa"), RDF + "type"), {("Binding", "BIND")}),
    "a binding that counts nothing": (
        lambda g: g.change(g.binding("Globexa"), kg("count"), "0^^integer"),
        {("binding-count", "BIND")},
    ),
    "a binding at another place": (
        lambda g: (
            g.change(g.binding("Globexa"), kg("end"), "9^^integer"),
            g.change(g.binding("Globexa"), kg("start"), "3^^integer"),
        ),
        {("binding-text", "BIND")},
    ),
    "a binding of another name": (
        lambda g: g.change(g.binding("Globexa"), kg("surfaceForm"), "Globexia"),
        {("binding-id", "BIND")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_gives_the_problems_that_say_so(graph: Damaged, damage: str) -> None:
    act, expected = DAMAGES[damage]
    nodes = {f"EV{n}": ev(graph, statement) for n, statement in enumerate((S1, S2, S3, S4, S5), 1)}
    nodes |= {"NEWS": "doc:" + graph.news, "RUMOUR": "doc:" + graph.rumour}
    nodes |= {"BIND": "bind:" + graph.binding("Globexa").rpartition("/")[2]}
    act(graph)
    assert sorted(found(graph)) == sorted((shape, nodes.get(node, node)) for shape, node in expected)


def test_a_problem_names_the_fact_the_quote_and_the_document(graph: Damaged) -> None:
    graph.change(S1, kg("confidence"), "2^^decimal")
    assert check(graph.quads, graph.texts) == [
        Problem(
            shape="confidence",
            severity="error",
            node="st:s1",
            message="There is exactly one confidence (kg:confidence), a decimal from 0 to 1. Build the graph again. "
            "Found: 2.",
            statement="Oak Ventures invests in Acmelo [asserted, 5,000,000 USD, seed, 2024-11, lead investor]",
            quote="Oak Ventures led a $5M seed round in Acmelo",
            document="news",
        )
    ]


def the(problems: list[Problem]) -> Problem:
    (problem,) = problems
    return problem


def test_problems_of_evidence_entities_and_edges_name_their_fact_too(graph: Damaged) -> None:
    graph.change(graph.evidence(S5), kg("rule"), "")
    problem = the(check(graph.quads, graph.texts))
    assert (problem.statement, problem.document) == ("Globexa acquires Acmelo [rumoured, 62% sure]", "rumour")
    assert problem.quote == "Globexa is in talks to buy Acmelo"


def test_a_problem_of_an_entity_shows_a_fact_about_it(graph: Damaged) -> None:
    graph.add(JANE, RDFS + "label", "Janet Roe")
    problem = the(check(graph.quads, graph.texts))
    assert (problem.statement, problem.document) == ("Jane Roe chief executive of Acmelo [asserted, chief]", "news")
    assert problem.quote == "Jane Roe runs Acmelo"


def test_a_problem_of_an_edge_has_no_quote(graph: Damaged) -> None:
    graph.add(GLOBEXA, kg("investsIn"), ACMELO)
    problem = the(check(graph.quads, graph.texts))
    assert (problem.statement, problem.quote, problem.document) == ("Globexa invests in Acmelo", "", "")


def test_a_problem_of_a_document_names_it(graph: Damaged) -> None:
    graph.texts.pop(graph.rumour)
    problem = the(check(graph.quads, graph.texts))
    assert (problem.severity, problem.statement, problem.document) == ("warning", "", "rumour")


def test_what_the_text_has_instead_is_shown(graph: Damaged) -> None:
    graph.change(graph.evidence(S5), kg("start"), "1^^integer")
    assert "“lobexa is in talks to buy Acmelo”" in the(check(graph.quads, graph.texts)).message


def test_errors_come_first_and_the_order_of_the_quads_does_not_count(graph: Damaged) -> None:
    edges = ("one edge of a symmetric relation", "an edge without a statement")
    for name in ("two names", "confidence 2", "a text that is not there", *edges):
        DAMAGES[name][0](graph)
    problems = check(graph.quads, graph.texts)
    assert [problem.severity for problem in problems] == [*["error"] * 4, "warning"]
    assert check(reversed(graph.quads), graph.texts) == problems


def test_a_blank_node_is_a_problem(graph: Damaged) -> None:
    import pyoxigraph as ox

    nobody = ox.BlankNode("nobody")
    graph.quads.append(ox.Quad(nobody, ox.NamedNode(kg("surfaceForm")), ox.Literal("Nobody")))
    assert ("blank-node", "<_:nobody>") in found(graph)


def test_a_blank_node_in_the_place_of_a_number_is_a_problem(graph: Damaged) -> None:
    import pyoxigraph as ox

    gone = graph.drop(graph.evidence(S5), kg("end"))
    graph.quads.append(ox.Quad(gone.subject, gone.predicate, ox.BlankNode("here"), gone.graph_name))
    assert {shape for shape, node in found(graph) if node == ev(graph, S5)} == {"evidence-end", "evidence-start"}


def test_ids_that_are_hashes_must_fit_and_others_are_left_alone(sample: StatementSet, schema: Schema) -> None:
    statements = tuple(replace(s, id=made) for s, made in zip(sample.statements, CONTENT_IDS, strict=True))
    graph = Damaged(replace(sample, statements=statements), schema)
    assert check(graph.quads, graph.texts) == []
    graph.rename(f"{ID}statement/{CONTENT_IDS[0]}", f"{ID}statement/0123456789abcdef")
    assert found(graph) == [("statement-id", "st:0123456789abcdef")]


def test_another_base_of_the_ids(sample: StatementSet, schema: Schema) -> None:
    base = "https://example.org/graph/"
    texts = {key: document.text for key, document in sample.documents.items()}
    assert check(to_quads(sample, schema, id_base=base), texts, schema, id_base=base) == []


def test_evidence_that_two_statements_share_is_as_sure_as_the_surer(sample: StatementSet, schema: Schema) -> None:
    first, *others = sample.statements
    other = replace(first, id="s6", subject="globexa", evidence=(replace(first.evidence[0], confidence=0.4),))
    graph = Damaged(replace(sample, statements=(first, *others, other)), schema)
    assert check(graph.quads, graph.texts) == []


def test_a_text_with_half_a_character(schema: Schema) -> None:
    text = "Acmelo \ud83d bought Globexa."
    document = Document("half", text, ())
    evidence = Evidence(document.hash, 0, len(text) - 1, text[:-1], "buys", "asserted")
    statement = Statement("s1", "a", "acquires", "b", "asserted", Qualifiers(), (evidence,))
    entities = {"a": Entity("a", "Acmelo", "Company"), "b": Entity("b", "Globexa", "Company")}
    graph = Damaged(StatementSet({document.hash: document}, entities, (statement,)), schema)
    assert check(graph.quads, graph.texts) == []


def test_a_round_without_a_sum_is_no_problem(sample: StatementSet, schema: Schema) -> None:
    document = next(d for d in sample.documents.values() if d.name == "rumour")
    quote = "Globexa is in talks"
    evidence = Evidence(document.hash, 0, len(quote), quote, "raises", "asserted", Qualifiers(round="seed"))
    raised = Statement("s6", "globexa", "raises", None, "asserted", Qualifiers(round="seed"), (evidence,))
    graph = Damaged(replace(sample, statements=(*sample.statements, raised)), schema)
    assert [problem.shape for problem in check(graph.quads, graph.texts)] == []


def in_rdflib(graph: Damaged) -> Dataset:
    from rdflib import Dataset

    dataset = Dataset()
    return dataset.parse(data="".join(f"{quad} .\n" for quad in graph.quads), format="nquads")


def test_an_rdflib_dataset_is_checked_like_quads(graph: Damaged) -> None:
    DAMAGES["confidence 2"][0](graph)
    DAMAGES["evidence in the default graph"][0](graph)
    assert check(in_rdflib(graph), graph.texts) == check(graph.quads, graph.texts)


def test_an_rdflib_graph_says_nothing_of_named_graphs(graph: Damaged) -> None:
    from rdflib import Graph

    union = Graph()
    for subject, predicate, value, _ in in_rdflib(graph).quads((None, None, None, None)):
        union.add((subject, predicate, value))
    assert check(union, graph.texts) == []


def test_without_pyshacl_it_says_what_to_install(graph: Damaged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    with pytest.raises(KgError, match="extra `check`"):
        check(graph.quads, graph.texts)


def test_nothing_is_logged_of_values_that_are_ill_formed(graph: Damaged, caplog: pytest.LogCaptureFixture) -> None:
    DAMAGES["a day that there is not"][0](graph)
    check(graph.quads, graph.texts)
    assert caplog.records == []


# The shapes


@pytest.fixture(scope="session")
def shapes() -> Graph:
    from rdflib import Graph

    return Graph().parse(data_path("ontology/shapes.ttl"), format="turtle")


def members(shapes: Graph, shape: str, prop: str) -> list[str]:
    from rdflib import SH, URIRef
    from rdflib.collection import Collection

    head = shapes.value(URIRef(SHAPES + shape), SH[prop])
    return sorted(str(term) for term in Collection(shapes, head)) if head is not None else []


def test_the_shapes_have_the_domains_and_ranges_of_the_schema(shapes: Graph, schema: Schema) -> None:
    for name, relation in schema.relations.items():
        assert members(shapes, f"{name}-subject", "in") == sorted(map(kg, relation.domain)), name
        assert members(shapes, f"{name}-object", "in") == sorted(map(kg, relation.range)), name


def test_the_shapes_have_the_types_statuses_and_relations_of_the_schema(shapes: Graph, schema: Schema) -> None:
    from rdflib import SH, URIRef

    relations = sorted(schema.relations)
    assert members(shapes, "entity-type", "in") == sorted(map(kg, schema.types))
    assert members(shapes, "binding-entity", "in") == sorted(map(kg, schema.types))
    assert members(shapes, "status", "in") == sorted(map(kg, schema.statuses))
    assert members(shapes, "statement-predicate", "in") == [kg(name) for name in relations]
    for shape in ("Entity", "entity-closed"):
        assert sorted(map(str, shapes.objects(URIRef(SHAPES + shape), SH.targetClass))) == sorted(map(kg, schema.types))
    assert {kg(r) for r in relations} | {PROP + r for r in relations} <= {
        *members(shapes, "entity-closed", "ignoredProperties")
    }
    assert {PROP_STATEMENT + r for r in relations} <= {*members(shapes, "statement-closed", "ignoredProperties")}
    for name in relations:
        targets = {*shapes.objects(URIRef(SHAPES + name), None)}
        assert {URIRef(PROP + name), URIRef(PROP_STATEMENT + name)} <= targets
        for edges in EDGES:
            assert name in query(shapes, edges) or edges == "edge-missing"


def query(shapes: Graph, name: str) -> str:
    from rdflib import SH, URIRef

    constraint = shapes.value(URIRef(SHAPES + name), SH.sparql)
    assert constraint is not None
    assert str(shapes.value(constraint, SH.message)) == EDGES[name]
    return str(shapes.value(constraint, SH.select))


def test_symmetric_relations_are_named_in_the_queries_of_edges(shapes: Graph, schema: Schema) -> None:
    symmetric = ", ".join(f"kg:{name}" for name in sorted(schema.relations) if schema.relations[name].symmetric)
    assert all(f"IN ({symmetric})" in query(shapes, name) for name in EDGES)


@pytest.mark.parametrize("damage", [name for name, (_, expected) in DAMAGES.items() if "edge" in str(expected)])
def test_the_queries_of_edges_find_what_the_sets_find(graph: Damaged, shapes: Graph, damage: str) -> None:
    import pyshacl
    from rdflib import SH, Graph, URIRef

    act, expected = DAMAGES[damage]
    act(graph)
    union = Graph()
    for subject, predicate, value, _ in in_rdflib(graph).quads((None, None, None, None)):
        union.add((subject, predicate, value))
    only = [URIRef(SHAPES + name) for name in EDGES]
    _, report, _ = pyshacl.validate(union, shacl_graph=shapes, use_shapes=only)
    assert isinstance(report, Graph)
    told = {
        (str(report.value(result, SH.sourceShape)).removeprefix(SHAPES), str(report.value(result, SH.value)))
        for result in report.subjects(SH.sourceShape)
    }
    names = {"id:": ID, "st:": ID + "statement/"}
    assert told == {(shape, names[node[:3]] + node[3:]) for shape, node in expected if shape in EDGES}


def test_every_shape_says_what_is_wrong_and_what_to_do(shapes: Graph) -> None:
    from rdflib import SH, URIRef

    for shape in {*shapes.subjects(None, SH.PropertyShape)}:
        message = str(shapes.value(shape, SH.message))
        assert isinstance(shape, URIRef)
        assert message.count(". ") >= 1, shape
        assert message.endswith("."), shape


@pytest.mark.slow
def test_the_shapes_are_shacl(shapes: Graph) -> None:
    import pyshacl
    from rdflib import Graph

    assert pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)[0]


def many(count: int) -> StatementSet:
    """So many statements of one hub and of companies in a ring, each in a document of its own."""
    documents, statements = {}, []
    names = [f"Company {number}" for number in range(count // 2)]
    entities = {f"c{n}": Entity(f"c{n}", name, "Company", (name,)) for n, name in enumerate(names)}
    for number in range(count):
        one, other = (0, number % len(names)) if number % 2 else (number // 2, (number // 2 + 1) % len(names))
        relation = "supplies" if number % 2 else "acquires"
        text = f"{names[one]} {relation} {names[other]} in deal {number}."
        document = Document(f"d{number}", text, (), date="2024-11-22")
        evidence = Evidence(document.hash, 0, len(text), text, "made-up", "asserted", Qualifiers(date="2024"))
        documents[document.hash] = document
        statements.append(
            Statement(f"s{number}", f"c{one}", relation, f"c{other}", "asserted", Qualifiers(date="2024"), (evidence,))
        )
    return StatementSet(documents, entities, tuple(statements))


@pytest.mark.slow
def test_time_grows_with_the_graph_and_no_faster(schema: Schema) -> None:
    def seconds(count: int) -> float:
        graph = Damaged(many(count), schema)
        start = perf_counter()
        assert check(graph.quads, graph.texts) == []
        return perf_counter() - start

    assert seconds(1600) < 8 * seconds(400)
