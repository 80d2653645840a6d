from __future__ import annotations

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kg.errors import KgError
from kg.query.results import Table
from kg.query.sparql import run
from kg.store.graph import Graph

VALUES = r"""SELECT * { VALUES (?i ?v) {
    (1 7) (2 1.50) (3 2.5e0) (4 true) (5 'a "b",\nc') (6 'hallo'@de) (7 '2024-05-01'^^xsd:date)
    (8 '2024-05'^^xsd:gYearMonth)
    (9 id:acme) (10 <https://x.example/>) (11 UNDEF) (12 'x'^^xsd:integer) (13 '2024-05-01T10:00:00Z'^^xsd:dateTime)
    (14 st:h1) (15 id:a%20b)
} } ORDER BY ?i"""


@pytest.fixture(scope="module")
def table() -> Table:
    return run(b"", VALUES)


def test_cells_are_compact(table: Table) -> None:
    assert table.variables == ("i", "v")
    assert [row[1] for row in table.rows] == [
        "7", "1.5", "2.5", "true", 'a "b",\nc', "hallo", "2024-05-01", "2024-05",
        "id:acme", "<https://x.example/>", None, "x", "2024-05-01T10:00:00Z", "st:h1", "id:a%20b",
    ]  # fmt: skip


def test_values_are_pythons(table: Table) -> None:
    values = [row[1] for row in table.values()]
    assert values[:8] == [7, Decimal("1.5"), 2.5, True, 'a "b",\nc', "hallo", date(2024, 5, 1), "2024-05"]
    assert values[8:12] == ["id:acme", "<https://x.example/>", None, "x"]
    assert values[12] == datetime.fromisoformat("2024-05-01T10:00:00Z")
    assert [type(value) for value in values[:4]] == [int, Decimal, float, bool]


def test_json_is_the_standard_form(table: Table) -> None:
    bindings = json.loads(table.to_json())["results"]["bindings"]
    assert bindings[4]["v"] == {"type": "literal", "value": 'a "b",\nc'}
    assert bindings[5]["v"] == {"type": "literal", "value": "hallo", "xml:lang": "de"}
    assert bindings[8]["v"] == {"type": "uri", "value": "https://w3id.org/aiindkg/id/acme"}
    assert "v" not in bindings[10]


def test_csv_and_tsv(table: Table) -> None:
    import csv
    import io

    rows = list(csv.reader(io.StringIO(table.to_csv(), newline="")))
    assert rows[0] == ["i", "v"]
    assert rows[5] == ["5", 'a "b",\nc']
    assert rows[9] == ["9", "https://w3id.org/aiindkg/id/acme"]
    assert rows[11] == ["11", ""]
    lines = table.to_tsv().split("\n")
    assert lines[0] == "?i\t?v"
    assert lines[6] == '6\t"hallo"@de'
    assert lines[10] == "10\t<https://x.example/>"


def test_ask(graph: Graph) -> None:
    table = graph.query("ASK { id:co0 kg:investsIn id:co1 }")
    assert (table.kind, table.rows, table.values()) == ("ask", (("true",),), ((True,),))
    assert json.loads(table.to_json()) == {"head": {}, "boolean": True}
    assert table.to_csv() == "true"


def test_construct(graph: Graph) -> None:
    table = graph.query("CONSTRUCT { ?b kg:supplies id:co0 } WHERE { id:co0 kg:investsIn ?b . ?a ?p ?b }")
    assert table.variables == ("subject", "predicate", "object")
    assert table.rows == (("id:co1", "kg:supplies", "id:co0"), ("id:co5", "kg:supplies", "id:co0"))
    turtle = table.to_turtle()
    assert "id:co1 kg:supplies id:co0 ." in turtle
    found = [(q.subject, q.predicate, q.object) for q in parse(turtle, RdfFormat.TURTLE)]
    assert found == list(table.terms)
    assert len(json.loads(table.to_json())["results"]["bindings"]) == 2
    assert graph.query("CONSTRUCT { ?a kg:supplies ?b } WHERE { ?a kg:investsIn ?b }", row_cap=3).truncated


def test_describe_keeps_literals(graph: Graph) -> None:
    table = graph.query("DESCRIBE id:co2")
    assert ("id:co2", "rdfs:label", "Co2") in table.rows
    assert '"Co2"' in table.to_turtle()


def test_only_graphs_are_turtle(table: Table) -> None:
    with pytest.raises(KgError, match="only the result of CONSTRUCT"):
        table.to_turtle()


def test_notebooks_get_no_markup_from_the_data() -> None:
    shown = run(b"", "SELECT ('<script>x</script>' AS ?a) {}")._repr_html_()
    assert "<td>&lt;script&gt;x&lt;/script&gt;</td>" in shown


TYPED = """SELECT ?n ?d ?text ?mixed ?day { VALUES (?n ?d ?text ?mixed ?day) {
    (1 1.5 'a' 1 '2024-05-01'^^xsd:date) (2 UNDEF 'b' 2.5 '2024-05-02'^^xsd:date) (UNDEF 2.25 UNDEF true UNDEF)
} } ORDER BY DESC(?n)"""


def test_arrow_and_pandas_have_typed_columns() -> None:
    pytest.importorskip("pyarrow", reason="the extra `tables` is not installed")
    pytest.importorskip("pandas", reason="the extra `tables` is not installed")
    table = run(b"", TYPED)
    arrow = table.to_arrow()
    assert arrow.column_names == ["n", "d", "text", "mixed", "day"]
    kinds = [str(kind) for kind in arrow.schema.types]
    assert (kinds[0], kinds[1].startswith("decimal"), kinds[2:]) == ("int64", True, ["string", "string", "date32[day]"])
    assert arrow["mixed"].to_pylist() == ["2.5", "1", "true"]
    assert arrow["n"].to_pylist() == [2, 1, None]
    assert list(table.to_pandas()["text"][:2]) == ["b", "a"]


def test_polars_has_the_same_rows() -> None:
    pytest.importorskip("pyarrow", reason="the extra `tables` is not installed")
    pytest.importorskip("polars", reason="polars is not installed")
    assert run(b"", TYPED).to_polars()["n"].to_list() == [2, 1, None]


def test_parquet_reads_back(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `tables` is not installed")
    table = run(b"", TYPED)
    table.to_parquet(tmp_path / "t.parquet")
    assert parquet.read_table(tmp_path / "t.parquet").equals(table.to_arrow())
    empty = run(b"", "SELECT ?a { FILTER(false) }")
    assert empty.to_arrow().num_rows == 0


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(KgError, match=r"pyarrow is not installed: install aiindkg\[tables\]"):
        run(b"", TYPED).to_arrow()
