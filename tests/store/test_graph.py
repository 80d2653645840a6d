from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.model import StatementSet
from kg.schema import Schema
from kg.store.folder import open_folder, write_folder
from kg.store.graph import Graph


@pytest.fixture(params=["memory", "folder"])
def graph(request: pytest.FixtureRequest, tmp_path: Path, sample: StatementSet, schema: Schema) -> Graph:
    if request.param == "memory":
        return Graph(sample, schema)
    write_folder(tmp_path / "g", sample, schema)
    return open_folder(tmp_path / "g")


def test_query(graph: Graph) -> None:
    assert graph.query("SELECT ?a WHERE { ?a kg:investsIn id:acmelo }").rows == (("id:oak-ventures",),)
    either = "SELECT ?a ?b WHERE { ?a kg:partnersWith ?b }"
    assert graph.query(either, a=graph.entities["acmelo"]).rows == (("id:acmelo", "id:globexa"),)
    assert graph.query(either, trusted=True).rows == graph.query(either).rows


def test_confidence_can_be_filtered_on(graph: Graph) -> None:
    doubtful = "SELECT ?s WHERE { ?s a kg:Statement ; kg:confidence ?c FILTER(?c < 0.93) }"
    assert graph.query(doubtful).rows == (("st:s5",),)
    quotes = "SELECT ?rule WHERE { ?e a kg:Evidence ; kg:rule ?rule ; kg:confidence ?c FILTER(?c >= 0.93) }"
    assert {rule for (rule,) in graph.query(quotes).rows} == {"leads-round", "raises-round", "partnership", "runs"}


@pytest.mark.parametrize("name", ["acmelo", "Acmelo", "Acmelo Inc.", "ACMELO INC."])
def test_names_aliases_and_ids_are_the_same_to_explain(graph: Graph, name: str) -> None:
    (found,) = graph.explain("Oak Ventures", "invests_in", name)
    assert found.statement.id == "s1"
    assert found.object is not None
    assert (found.subject.name, found.object.name) == ("Oak Ventures", "Acmelo")


def test_explain_gives_quote_document_and_rule(graph: Graph) -> None:
    (found,) = graph.explain("globexa", "acquires")
    assert found.statement.status == "rumoured"
    (citation,) = found.citations
    assert citation.quote == "Globexa is in talks to buy Acmelo"
    assert (citation.rule, citation.status, citation.document) == ("in-talks", "rumoured", "rumour")
    assert citation.confidence == found.statement.confidence == 0.625
    assert (citation.title, citation.date, citation.url) == (None, "2024-12", None)
    (led,) = graph.explain("oak-ventures", "investsIn")
    title, url = 'Acmelo raises "big"', "https://news.example/acmelo?x=1"
    assert (led.citations[0].title, led.citations[0].url) == (title, url)


def test_symmetric_relations_fit_either_way_round(graph: Graph) -> None:
    for ends in (("Acmelo", "Globexa"), ("Globexa", "Acmelo")):
        assert [e.statement.id for e in graph.explain(ends[0], "partnersWith", ends[1])] == ["s3"]
    assert graph.explain("Acmelo", "investsIn", "Oak Ventures") == []


def test_statements_are_filtered(graph: Graph) -> None:
    def ids(**wanted: str) -> list[str]:
        return [s.id for s in graph.statements(**wanted)]

    assert ids() == ["s1", "s2", "s3", "s4", "s5"]
    assert ids(object="acmelo") == ["s1", "s3", "s4", "s5"]
    assert ids(object="acmelo", status="asserted", relation="ceo_of") == ["s4"]
    assert ids(subject="acmelo") == ["s2", "s3"]
    assert ids(status="denied") == []


def test_what_is_unknown_is_said_with_a_hint(graph: Graph) -> None:
    with pytest.raises(KgError, match=r"no entity is called 'Acmelos'; did you mean 'Acmelo'"):
        graph.explain("Acmelos", "raises")
    with pytest.raises(KgError, match=r"no entity is called 'zzzz'$"):
        graph.explain("zzzz", "raises")
    with pytest.raises(KgError, match=r"no relation 'raise': did you mean 'raises'"):
        graph.explain("Acmelo", "raise")
    with pytest.raises(KgError, match="no status 'sure': known are asserted"):
        graph.statements(status="sure")


def test_networkx(graph: Graph) -> None:
    network = graph.to_networkx()
    assert network.nodes["jane-roe"] == {"name": "Jane Roe", "type": "Person"}
    assert network.edges["oak-ventures", "acmelo", "s1"] == {
        "relation": "investsIn",
        "status": "asserted",
        "confidence": 0.93,
        "amount": Decimal(5000000),
        "currency": "USD",
        "amount_bound": "exact",
        "amount_kind": "increment",
        "date": "2024-11",
        "round": "seed",
        "lead": True,
        "evidence": 1,
        "sources": 1,
    }
    assert {(u, v, key) for u, v, key in network.edges(keys=True)} == {
        ("oak-ventures", "acmelo", "s1"),
        ("globexa", "acmelo", "s3"),
        ("jane-roe", "acmelo", "s4"),
        ("globexa", "acmelo", "s5"),
    }
    (raised,) = network.nodes["acmelo"]["raises"]
    assert (raised["id"], raised["amount"], raised["status"]) == ("s2", Decimal(5000000), "asserted")


def test_rdflib(graph: Graph) -> None:
    dataset = graph.to_rdflib()
    found = dataset.query("SELECT ?quote WHERE { st:s5 kg:evidence/oa:exact ?quote }")
    assert [str(quote) for row in found.bindings for quote in row.values()] == ["Globexa is in talks to buy Acmelo"]
    assert len(list(dataset.quads())) == len(graph.to_nquads().splitlines())
    names = {prefix: str(namespace) for prefix, namespace in dataset.namespaces()}
    assert names["kg"] == "https://w3id.org/aiindkg/ns#"
    assert names["ps"] == "https://w3id.org/aiindkg/prop/statement/"


def test_the_rdflib_copy_does_not_change_the_graph(sample: StatementSet) -> None:
    from rdflib import RDF, URIRef

    graph = Graph(sample)
    before = graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").rows
    graph.to_rdflib().add((URIRef("https://x.example/a"), RDF.type, URIRef("https://x.example/B")))
    assert graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", trusted=True).rows == before


def test_save_and_open(tmp_path: Path, sample: StatementSet) -> None:
    graph = Graph(sample, id_base="https://graph.example/")
    graph.save(tmp_path / "g")
    opened = open_folder(tmp_path / "g")
    assert opened.to_nquads() == graph.to_nquads()
    assert opened.query("SELECT ?a WHERE { ?a kg:ceoOf id:acmelo }").rows == (("id:jane-roe",),)


def test_export_names_its_formats(sample: StatementSet, tmp_path: Path) -> None:
    pytest.importorskip("kg.export")
    with pytest.raises(KgError, match="no export format 'papyrus'"):
        Graph(sample).export("papyrus", tmp_path / "out")
