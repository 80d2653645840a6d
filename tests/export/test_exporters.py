"""Every exporter: the same bytes each time, and what it writes reads back as what went in."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import networkx as nx
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from kg.export import EXPORTERS
from kg.export.csv import harmless
from kg.model import StatementSet
from kg.schema import NAMESPACE, load_schema
from kg.store.rdf import to_quads
from kg.view import write_pyvis_page
from tests.view.sample_statements import HOSTILE, hostile, sample

SAMPLES = {"sample": sample, "hostile": hostile, "empty": StatementSet}


def test_the_formats() -> None:
    assert set(EXPORTERS) == {"nquads", "turtle", "jsonld", "graphml", "csv", "facts", "pyvis", "svg", "png"}


@pytest.mark.parametrize("name", sorted(EXPORTERS))
@pytest.mark.parametrize("which", sorted(SAMPLES))
def test_order_of_the_input_does_not_matter(name: str, which: str, tmp_path: Path) -> None:
    given = SAMPLES[which]()
    turned = StatementSet(
        documents=dict(reversed(list(given.documents.items()))),
        entities=dict(reversed(list(given.entities.items()))),
        statements=given.statements[::-1],
    )
    EXPORTERS[name](given, tmp_path / "a")
    EXPORTERS[name](turned, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    if name != "png":
        (tmp_path / "a").read_bytes().decode("utf-8")


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(__file__).parent.parent / 'view')!r})\n"
        "from tests.view.sample_statements import sample; from kg.export import EXPORTERS\n"
        "for name, export in EXPORTERS.items(): export(sample(), Path(sys.argv[1]) / name)\n"
    )
    (tmp_path / "other").mkdir()
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "other")], check=True)
    for name, export in EXPORTERS.items():
        export(sample(), tmp_path / name)
        assert (tmp_path / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name


@pytest.mark.parametrize("which", ["sample", "hostile"])
def test_nquads_and_jsonld_read_back(which: str, tmp_path: Path) -> None:
    from pyoxigraph import RdfFormat, parse

    given = SAMPLES[which]()
    expected = {str(quad) for quad in to_quads(given, load_schema())}
    for name, kind in (("nquads", RdfFormat.N_QUADS), ("jsonld", RdfFormat.JSON_LD)):
        EXPORTERS[name](given, tmp_path / name)
        assert {str(quad) for quad in parse(path=str(tmp_path / name), format=kind)} == expected, name
    lines = (tmp_path / "nquads").read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    assert len(lines) == len(expected)
    assert lines == sorted(lines)


@pytest.mark.parametrize("which", ["sample", "hostile"])
def test_turtle_is_the_default_graph(which: str, tmp_path: Path) -> None:
    from pyoxigraph import DefaultGraph

    given = SAMPLES[which]()
    EXPORTERS["turtle"](given, tmp_path / "graph.ttl")
    expected = Graph()
    triples = [quad.triple for quad in to_quads(given, load_schema()) if quad.graph_name == DefaultGraph()]
    expected.parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")
    assert len(expected) > 50
    assert isomorphic(Graph().parse(tmp_path / "graph.ttl", format="turtle"), expected)
    text = (tmp_path / "graph.ttl").read_text(encoding="utf-8")
    heading = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert heading == sorted(heading)
    assert f"@prefix kg: <{NAMESPACE}> ." in heading
    if which == "sample":
        assert "kg:investsIn id:openhart" in text


def test_graphml_reads_back(tmp_path: Path) -> None:
    given = sample()
    EXPORTERS["graphml"](given, tmp_path / "graph.graphml")
    graph = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert graph.number_of_edges() == len(given.statements)
    assert graph.nodes["trine-2"] == {"label": "Trine 2", "type": "Chip"}
    edges = {key: values for ends in graph.adj.values() for many in ends.values() for key, values in many.items()}
    told = next(each for each in given.statements if each.status == "denied")
    assert edges[told.id] == {
        "relation": "acquires", "status": "denied", "amount": 900000000.0, "currency": "EUR", "bound": "about",
        "kind": "increment", "confidence": 1.0, "quote": "Macrohard denied that it would acquire Quillworks.",
    }  # fmt: skip
    assert graph.number_of_edges("nimbus-cloud", "zetamind") == 4
    assert [values["confidence"] for values in edges.values() if values["status"] == "planned"] == [0.875]


def test_graphml_holds_hostile_text(tmp_path: Path) -> None:
    EXPORTERS["graphml"](hostile(), tmp_path / "graph.graphml")
    graph = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert graph.nodes["e0a"]["label"] == "<script>alert(1)</script>a"
    assert graph.number_of_edges() == 3 * len(HOSTILE)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_csv_reads_back(tmp_path: Path) -> None:
    given = sample()
    EXPORTERS["csv"](given, tmp_path / "graph.csv")
    rows = read_csv(tmp_path / "graph.csv")
    assert [row["id"] for row in rows] == [each.id for each in given.statements]
    row = next(row for row in rows if row["date"] == "2024-11-22")
    expected = {
        "subject": "Nimbus Cloud", "relation": "investsIn", "object": "Zetamind", "status": "asserted",
        "amount": "4000000000", "currency": "USD", "document": "wire-1", "url": "https://wire.example/1?a=1&b=2",
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected
    assert row["quote"].startswith("Nimbus Cloud will invest another $4 billion")
    assert row["confidence"] == "1"
    assert [row["confidence"] for row in rows if row["status"] == "planned"] == ["0.875"]
    raises = next(row for row in rows if row["relation"] == "raises")
    assert (raises["object"], raises["object_type"]) == ("", "")
    assert sum(Decimal(row["amount"] or 0) for row in rows if row["relation"] == "valuedAt") == Decimal(157_000_000_000)


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    EXPORTERS["csv"](hostile(), tmp_path / "graph.csv")
    rows = read_csv(tmp_path / "graph.csv")
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
    assert any(cell.startswith("'=cmd|") for cell in cells)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_harmless(start: str) -> None:
    assert harmless(start + "1") == "'" + start + "1"
    assert harmless("1" + start) == "1" + start


def test_pyvis_is_the_page(tmp_path: Path) -> None:
    EXPORTERS["pyvis"](sample(), tmp_path / "a.html")
    write_pyvis_page(sample(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_facts_of_hostile_text_stay_on_their_line(tmp_path: Path) -> None:
    EXPORTERS["facts"](hostile(), tmp_path / "facts.jsonl")
    records = [json.loads(line) for line in (tmp_path / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(records) == len(HOSTILE)
    names = {entity["name"] for record in records for entity in record["entities"]}
    assert names == {text + end for text in HOSTILE for end in "ab"}


def test_facts_is_one_object_a_document(tmp_path: Path) -> None:
    EXPORTERS["facts"](sample(), tmp_path / "facts.jsonl")
    records = [json.loads(line) for line in (tmp_path / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["doc"] for record in records] == ["digest-2", "press-3", "wire-1", "wire-4"]
    assert sum(len(record["facts"]) for record in records) == len(sample().statements)
