from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib import Dataset

from kg.errors import QueryError, StoreError
from kg.query.scopes import inner_scopes
from kg.query.sparql import iri, run
from kg.query.tokens import tokenize
from kg.store.graph import Graph

# A cross product of all triples with themselves, four times: no engine ends this within the age of the test.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?a) > STR(?l)) }"

ORACLE = [
    "SELECT ?a ?b { ?a kg:investsIn ?b }",
    "SELECT ?a { ?a kg:investsIn+ id:co0 }",
    "SELECT DISTINCT ?b { id:co0 kg:investsIn/kg:investsIn ?b }",
    "SELECT ?a ?amount { ?a p:investsIn ?s . ?s ps:investsIn id:co5 ; kg:amount ?amount FILTER(?amount > 3000000) }",
    "SELECT ?status (SUM(?amount) AS ?total) (COUNT(?s) AS ?n)"
    " { ?s kg:status ?status ; a kg:Statement ; kg:amount ?amount } GROUP BY ?status",
    "SELECT ?label { ?c rdfs:label ?label ; a kg:Company FILTER NOT EXISTS { ?c kg:investsIn ?x } }",
    "SELECT ?c ?x { ?c a kg:Company OPTIONAL { ?c kg:investsIn ?x } }",
    "SELECT ?s ?quote ?title { ?s kg:evidence ?e . GRAPH ?g { ?e oa:exact ?quote . ?g dct:title ?title } }",
    "SELECT ?s { ?s kg:eventDate '2020'^^xsd:gYear }",
    "SELECT ?x { { ?x kg:investsIn id:co1 } UNION { ?x kg:investsIn id:co2 } MINUS { ?x kg:investsIn id:co6 } }",
    "ASK { id:co2 kg:investsIn ?x }",
    "ASK { id:co3 kg:investsIn ?x }",
]


@pytest.fixture(scope="session")
def oracle(graph: Graph) -> Dataset:
    """The same quads in rdflib's own store."""
    dataset = Dataset(default_union=True)
    dataset.parse(data=graph.to_nquads().decode("utf-8"), format="nquads")
    return dataset


@pytest.fixture(scope="session")
def folder(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "g"
    graph.save(path)
    return path


@pytest.mark.parametrize("query", ORACLE)
def test_rdflib_gives_the_same(query: str, graph: Graph, folder: Path, oracle: Dataset) -> None:
    from kg.query.sparql import PREFIXES

    result = oracle.query(query, initNs=PREFIXES)
    table = graph.query(query)
    if result.type == "ASK":
        assert table.rows == ((str(result.askAnswer).lower(),),)
    else:
        names = [str(name) for name in result.vars or ()]
        found = [{str(name): cell for name, cell in row.items()} for row in result.bindings]
        expected = sorted(tuple(str(row.get(name, "")) for name in names) for row in found)
        full = [tuple("" if term is None else str(term.value) for term in row) for row in table.terms]  # type: ignore[union-attr]
        assert sorted(full) == expected
        assert full or "co2" in query
    assert run(folder, query) == table == graph.query(query, trusted=True)


def test_a_query_is_killed_at_the_time_limit(folder: Path, graph: Graph) -> None:
    for source in (folder, graph.to_nquads()):
        with pytest.raises(QueryError, match="stopped after 1 seconds; make it narrower"):
            run(source, ENDLESS, time_limit=1)


def test_a_query_may_not_eat_all_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.query.sparql.MEMORY_LIMIT", 1 << 30)
    eats = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
    with pytest.raises(QueryError, match="needs more than 1 GiB of memory"):
        run(folder, eats, time_limit=60)


def test_rows_are_capped(graph: Graph) -> None:
    query = "SELECT ?a ?b { ?a a kg:Company . ?b a kg:Company } ORDER BY DESC(?a) ?b"
    table = graph.query(query, row_cap=20)
    assert (len(table.rows), table.truncated) == (20, True)
    assert table.rows[0] == ("id:co9", "id:co0")
    whole = graph.query(query, row_cap=144)
    assert (len(whole.rows), whole.truncated) == (144, False)


def test_rows_without_an_order_are_sorted(graph: Graph) -> None:
    rows = graph.query("SELECT ?a { ?a a kg:Company }").rows
    assert list(rows) == sorted(rows)
    assert len(rows) == 12
    inner = "SELECT ?a { { SELECT ?a { ?a a kg:Company } ORDER BY DESC(?a) } }"
    assert graph.query(inner).rows == rows
    backwards = graph.query("SELECT ?a { ?a a kg:Company } ORDER BY DESC(STR(?a))").rows
    assert backwards == rows[::-1]


@pytest.mark.parametrize(
    ("query", "bindings", "rows"),
    [
        ("SELECT ?b { ?a kg:investsIn ?b }", {"a": iri("id:co0")}, [("id:co1",), ("id:co5",)]),
        ("SELECT ?b { ?a ?r ?b }", {"a": iri("id:co0"), "r": iri("kg:investsIn")}, [("id:co1",), ("id:co5",)]),
        ("SELECT ?a { ?a rdfs:label ?name }", {"name": "Co3"}, [("id:co3",)]),
        ("SELECT ?a { ?a rdfs:label ?name }", {"name": "' } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c"}, []),
        ("SELECT ?s { ?s kg:amount ?n ; kg:evidence ?e }", {"n": Decimal("7000000")}, [("st:s07-1",), ("st:s07-5",)]),
        ("SELECT (COUNT(*) AS ?n) { ?a kg:investsIn ?b }", {"a": iri("id:co1")}, [("2",)]),
        ("SELECT (EXISTS { ?a kg:investsIn id:co1 } AS ?is) { ?a a kg:Company }", {"a": iri("id:co0")}, [("true",)]),
        ("ASK { ?a kg:investsIn ?b }", {"a": iri("id:co2")}, [("false",)]),
        (
            "CONSTRUCT { ?b kg:supplies ?a } WHERE { ?a kg:investsIn ?b }",
            {"?a": iri("id:co0")},
            [("id:co1", "kg:supplies", "id:co0"), ("id:co5", "kg:supplies", "id:co0")],
        ),
    ],
)
def test_bindings(query: str, bindings: dict[str, object], rows: list[tuple[str, ...]], graph: Graph) -> None:
    assert list(run(graph.to_nquads(), query, bindings=bindings).rows) == rows  # type: ignore[arg-type]


INNER = "SELECT ?b ?n { ?x kg:investsIn ?b { %s } }"


@pytest.mark.parametrize(
    ("inner", "reached"),
    [
        ("SELECT ?a ?b (?a AS ?n) { ?a kg:investsIn ?b }", True),
        ("SELECT * { ?a kg:investsIn ?b BIND(STR(?a) AS ?n) }", True),
        ("SELECT ?b ?n { ?a kg:investsIn ?b BIND(STR(?a) AS ?n) }", False),
        ("SELECT ?b (COUNT(?a) AS ?n) { ?a kg:investsIn ?b } GROUP BY ?b", False),
        ("SELECT ?a ?b ?n { ?a kg:investsIn ?b BIND(STR(?a) AS ?n) } ORDER BY ?b LIMIT 5", False),
        ("SELECT * { { SELECT ?a ?b { ?a kg:investsIn ?b } } BIND(STR(?a) AS ?n) } OFFSET 1", False),
        ("SELECT ?a ?b ?n { ?b kg:investsIn ?n BIND(id:co0 AS ?a) }", False),
        ("SELECT ?a ?b { ?x kg:investsIn ?b FILTER(?a = ?x) }", True),
    ],
)
def test_a_binding_reaches_sub_selects_that_hand_it_out(inner: str, reached: bool, graph: Graph) -> None:
    """Beside what is evaluated inside, the rows are those of the same query with VALUES at its head alone."""
    query = INNER % inner
    inside = inner_scopes(tokenize(query), ["a"])
    assert bool(inside) == reached
    assert all(names == ["a"] and query[place - 1] == "{" for place, names in inside.items())
    found = graph.query(query, a=iri("id:co0"))
    plain = graph.query(query.replace("{", "{ VALUES ?a { id:co0 }", 1))
    assert (found == plain) is ("FILTER" not in inner)  # an inner FILTER on it finds nothing where it is not bound
    assert found.rows


def test_a_binding_reaches_through_every_sub_select_on_its_way(graph: Graph) -> None:
    both = "SELECT ?b { { SELECT ?a ?b { { SELECT ?a ?b { ?a ?r ?b } } } } }"
    cut = "SELECT ?b { { SELECT ?b { { SELECT ?a ?b { ?a ?r ?b } } } } }"
    assert len(inner_scopes(tokenize(both), ["a"])) == 2
    assert inner_scopes(tokenize(cut), ["a"]) == {}
    assert inner_scopes(tokenize("SELECT ?a { ?a ?b ?c"), ["a"]) == {}


def test_an_entity_binds_as_its_iri(graph: Graph) -> None:
    found = graph.query("SELECT ?b { ?a kg:investsIn ?b }", a=graph.entities["co0"])
    assert found.rows == (("id:co1",), ("id:co5",))


@pytest.mark.parametrize(
    ("value", "text", "datatype"),
    [
        (True, "true", "boolean"),
        (7, "7", "integer"),
        (10**30, "1" + "0" * 30, "integer"),
        (1.5, "1.5", "double"),
        (Decimal("1E+3"), "1000", "decimal"),
        (date(2024, 5, 1), "2024-05-01", "date"),
        ("é\n\"'\\", "é\n\"'\\", "string"),
        (Literal("x", language="en"), "x", None),
    ],
)
def test_values_bind_with_their_type(value: object, text: str, datatype: str | None) -> None:
    table = run(b"", "SELECT ?v { BIND(?v AS ?w) }", bindings={"v": value})  # type: ignore[dict-item]
    ((term,),) = table.terms
    assert isinstance(term, Literal)
    assert term.value == text
    assert term.language == (None if datatype else "en")
    assert datatype is None or term.datatype == NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}")


def test_what_cannot_be_bound_is_said(graph: Graph) -> None:
    with pytest.raises(QueryError, match=r"no variable \?company to bind; it has a, b"):
        graph.query("SELECT ?a { ?a ?b 'company ?company' }", company="x")
    with pytest.raises(QueryError, match="bindings need a WHERE"):
        graph.query("CONSTRUCT WHERE { ?a ?b ?c }", a="x")
    with pytest.raises(QueryError, match="cannot bind a list"):
        graph.query("SELECT ?a { ?a ?b ?c }", a=[])  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="neither an IRI nor a name"):
        iri("no such thing")


def test_errors_are_placed_in_the_users_text_beside_bindings(graph: Graph) -> None:
    with pytest.raises(QueryError) as caught:
        graph.query("SELECT ?a { ?a ?b ?c }\nORDER", a="x")
    assert (caught.value.line, caught.value.column) == (2, 6)
    with pytest.raises(QueryError) as inner:
        graph.query("SELECT ?a { { SELECT ?a { ?a ?b ?c } } }\nORDER", a="x")
    assert (inner.value.line, inner.value.column) == (2, 6)
    for query in ("SELECT ?a { ?a ?b { SELECT ?a { ?a ?b ?c } } }", "SELECT ?a { ?a ?b ?c { SELECT ?a { ?a } } }"):
        with pytest.raises(QueryError) as unbound:
            graph.query(query)
        with pytest.raises(QueryError) as between:
            graph.query(query, a="x")
        assert str(between.value) == str(unbound.value)
    with pytest.raises(QueryError) as same_line:
        graph.query("SELECT ?a { ?a ?b ?c } ORDER", a="x")
    assert (same_line.value.line, same_line.value.column) == (1, 29)


def test_a_source_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere: cannot be opened"):
        run(tmp_path / "nowhere", "ASK {}")
    with pytest.raises(StoreError, match="the graph: cannot be opened"):
        run(b"no quads", "ASK {}")


def test_a_file_in_the_working_folder_is_not_run(tmp_path: Path, folder: Path) -> None:
    """The child must not import what lies around where the user happens to be."""
    (tmp_path / "json.py").write_text("raise SystemExit('imported from the working folder')\n")
    code = f"import sys; sys.path[:1] = [{str(Path(__file__).parents[2])!r}]\n"
    code += "from pathlib import Path; from kg.query.sparql import run\n"
    code += f"print(run(Path({str(folder)!r}), 'ASK {{ ?a ?b ?c }}').rows)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "(('true',),)\n", done.stderr
