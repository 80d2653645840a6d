"""Each named query over an invented industry gives the rows that were checked by hand against its statements."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg.data import data_path
from kg.errors import DataError, KgError
from kg.model import Entity
from kg.query.guard import scan
from kg.query.named import NamedQuery, bindings_of, load_named_queries, named_query
from kg.query.tokens import tokenize
from kg.schema import NAMESPACE, load_schema
from kg.store.graph import Graph
from kg.store.names import prefixes
from tests.query.invented import industry

NAMES = sorted(path.stem for path in data_path("ontology/queries").glob("*.rq"))

Case = tuple[str, dict[str, str], list[str], list[tuple[str, ...]]]


def _expected() -> list[Case]:
    """The table `named.txt`: query, what is given, columns, rows."""
    text = Path(__file__).with_name("named.txt").read_text(encoding="utf-8")
    cases: list[Case] = []
    for block in re.split(r"^= ", text, flags=re.MULTILINE)[1:]:
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        name, *given = lines[0].split()
        rows = [tuple(cell.strip() for cell in line.split("|")) for line in lines[2:]]
        cases.append((name, dict(each.split("=") for each in given), lines[1].replace("|", " ").split(), rows))
    return cases


EXPECTED = _expected()


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(industry())


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: f"{case[0]} {case[1]}")
def test_the_rows_are_those_checked_by_hand(case: Case, graph: Graph) -> None:
    name, given, columns, rows = case
    query = named_query(name)
    table = graph.query(query.sparql, **bindings_of(query, given, graph.entities, load_schema()))
    places = [table.variables.index(column) for column in columns]
    assert [tuple(row[place] or "" for place in places) for row in table.rows] == rows


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_an_expected_result_that_is_not_empty(name: str) -> None:
    assert [rows for query, _, _, rows in EXPECTED if query == name and rows]


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_a_title_and_the_guard_lets_it_pass(name: str) -> None:
    query = named_query(name)
    assert query.name == name
    assert query.title.endswith(".")
    assert max(map(len, query.sparql.splitlines())) <= 120
    tokens, _ = scan(query.sparql, prefixes())
    assert any(token.is_word("ORDER") for token in tokens), "the order of the rows must be the same every time"
    assert {parameter.kind for parameter in query.parameters} <= {"entity", "relation", "date", "number", "text"}


def test_the_queries_are_many_and_sorted() -> None:
    assert list(load_named_queries()) == NAMES
    assert len(NAMES) >= 27


def costly(sparql: str) -> list[str]:
    """The OPTIONALs that Oxigraph takes long for: of several triples, or on what an OPTIONAL before may leave open.

    At 1 M quads the second kind took 33 s, the same with one nested in the other 0.7 s.
    """
    found: list[str] = []
    # For each open group: whether it is OPTIONAL's, the variables it binds, and those that only its OPTIONALs do.
    groups: list[tuple[bool, set[str], set[str]]] = [(False, set(), set())]
    optional = False
    for token in tokenize(sparql):
        inside, bound, open_ = groups[-1]
        if token.kind == "sign" and token.text == "{":
            groups.append((optional, set(), set()))
        elif token.kind == "sign" and token.text == "}":
            groups.pop()
            _, outer, left_open = groups[-1]
            if inside and (bound | open_) & (left_open - outer):
                found.append("on an optional variable")
            (left_open if inside else outer).update(bound | open_)
        elif token.kind == "variable":
            bound.add(token.text)
        elif inside and (token.is_word("UNION", "GRAPH") or token.text in (";", ",", ".", "/")):
            found.append("multi-triple")
        optional = token.is_word("OPTIONAL")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_no_query_has_a_costly_optional(name: str) -> None:
    assert costly(named_query(name).sparql) == []


@pytest.mark.parametrize(
    ("sparql", "what"),
    [
        ("SELECT * { ?a ?b ?c OPTIONAL { ?a kg:lead ?d } OPTIONAL { ?a kg:role ?e } }", []),
        ("SELECT * { ?a ?b ?c OPTIONAL { ?a kg:lead ?d } OPTIONAL { ?d kg:role ?e } }", ["on an optional variable"]),
        ("SELECT * { ?a ?b ?c OPTIONAL { SELECT ?a ?d { ?a kg:lead ?d } } }", []),
        ("SELECT * { ?a ?b ?c OPTIONAL { ?a kg:lead ?d ; kg:role ?e } }", ["multi-triple"]),
        ("SELECT * { ?a ?b ?c OPTIONAL { ?a kg:lead ?d . ?d kg:role ?e } }", ["multi-triple"]),
        ("SELECT * { ?a ?b ?c ; ?d ?e OPTIONAL { ?a kg:lead ?f OPTIONAL { ?f kg:role ?g } } }", []),
    ],
)
def test_costly_optionals_are_seen(sparql: str, what: list[str]) -> None:
    assert costly(sparql) == what


def test_paths_follow_every_relation_that_leads_somewhere() -> None:
    """A symmetric one stands both ways in the graph, so it is followed one way only: half as often."""
    names = [token.text for token in tokenize(named_query("paths").sparql) if token.text.startswith("kg:")]
    leading = {r.name: 6 if r.symmetric else 12 for r in load_schema().relations.values() if r.range}
    assert {name.removeprefix("kg:"): names.count(name) for name in names} == leading


def test_a_folder_gives_the_same(graph: Graph, tmp_path: Path) -> None:
    from kg.store.folder import open_folder

    graph.save(tmp_path / "g")
    for name in ("money-loops", "invested-by-year", "contradictions"):
        assert open_folder(tmp_path / "g").query(named_query(name).sparql) == graph.query(named_query(name).sparql)


def test_an_unknown_query_is_refused_with_the_nearest() -> None:
    with pytest.raises(KgError, match="no query is called 'money-loop': did you mean 'money-loops'"):
        named_query("money-loop")


# A query with a parameter of each kind.
EVERY = """# Everything.
# ?a: an entity (entity)
# ?r: a relation (relation) = investsIn
# ?d: a day (date) = 2024
# ?n: a number (number) = 2
# ?t: a text (text) = any

# Other comments stand below.
SELECT ?a ?r ?d ?n ?t WHERE { ?a ?r ?d ; ?n ?t }
"""


@pytest.fixture
def every(tmp_path: Path) -> NamedQuery:
    (tmp_path / "every.rq").write_text(EVERY, encoding="utf-8")
    return load_named_queries(tmp_path)["every"]


def test_what_a_header_says(every: NamedQuery) -> None:
    assert (every.name, every.title, every.sparql) == ("every", "Everything.", EVERY)
    said = [(p.name, p.meaning, p.kind, p.default) for p in every.parameters]
    assert said == [
        ("a", "an entity", "entity", None),
        ("r", "a relation", "relation", "investsIn"),
        ("d", "a day", "date", "2024"),
        ("n", "a number", "number", "2"),
        ("t", "a text", "text", "any"),
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, {"r": NamedNode(NAMESPACE + "investsIn"), "d": "2024", "n": 2}),
        ({"t": "any"}, {"r": NamedNode(NAMESPACE + "investsIn"), "d": "2024", "n": 2}),
        ({"r": "partners_with", "t": "' } #"}, {"r": NamedNode(NAMESPACE + "partnersWith"), "t": "' } #"}),
        ({"r": "kg:sues", "d": "2024-11"}, {"r": NamedNode(NAMESPACE + "sues"), "d": "2024-11"}),
        ({"d": "2024-11-22", "n": "0.5"}, {"d": date(2024, 11, 22), "n": Decimal("0.5")}),
        ({"n": " -3 "}, {"n": -3}),
    ],
)
def test_texts_become_values(given: dict[str, str], found: dict[str, object], every: NamedQuery) -> None:
    acmelo = Entity("acmelo", "Acmelo", "Company")
    values = bindings_of(every, {"a": "ACMELO", **given}, {"acmelo": acmelo}, load_schema())
    assert values["a"] is acmelo
    assert {name: values[name] for name in found} == found
    assert ("t" in values) == (given.get("t", "any") != "any")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, r"^every: a is missing: an entity \(entity\)"),
        ({"a": "Acmelo", "aa": "x"}, "every has no parameter 'aa': did you mean 'a'"),
        ({"a": "Akmelo"}, "every: a: no entity is called 'Akmelo'; did you mean 'Acmelo'"),
        ({"a": "Acmelo"}, r"every: a: 'Acmelo' is the name of several: acmelo \(Company\), acmelo-model \(Model\)"),
        ({"a": "any"}, "every: a: no entity is called 'any'"),
        ({"a": "acmelo", "r": "invest"}, "every: r: no relation 'invest': did you mean 'investsIn'"),
        ({"a": "acmelo", "d": "May"}, "every: d: 'May' is no date; write it as 2024, 2024-11 or 2024-11-22"),
        ({"a": "acmelo", "d": "2024-02-30"}, "every: d: '2024-02-30' is no date"),
        ({"a": "acmelo", "d": "2024-13"}, "every: d: '2024-13' is no date"),
        ({"a": "acmelo", "d": "٢٠٢٤"}, "is no date"),
        ({"a": "acmelo", "n": "1e9"}, "every: n: '1e9' is no number; write it as 2 or 0.5"),
        ({"a": "acmelo", "n": "two"}, "every: n: 'two' is no number"),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said(given: dict[str, str], message: str, every: NamedQuery) -> None:
    entities = {
        "acmelo": Entity("acmelo", "Acmelo", "Company"),
        "acmelo-model": Entity("acmelo-model", "Acmelo", "Model"),
    }
    with pytest.raises(KgError, match=message):
        bindings_of(every, given, entities, load_schema())


def test_a_query_without_parameters_takes_none() -> None:
    with pytest.raises(KgError, match="investment-circles has no parameter 'company': it has no parameters"):
        bindings_of(named_query("investment-circles"), {"company": "Acmelo"}, {}, load_schema())


BODY = "\nSELECT ?a WHERE { ?a ?b ?c }\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "no title"),
        ("SELECT ?a WHERE { ?a ?b ?c }", 1, "no title"),
        ("# no full stop" + BODY, 1, "no title .begin with"),
        ("# ?a: an entity (entity)" + BODY, 1, "no title"),
        ("# Title.\n", None, "no query"),
        ("# Title.\n# ?a an entity (entity)" + BODY, 2, "not a parameter .write `# .name"),
        ("# Title.\n# ?a: an entity" + BODY, 2, "not a parameter"),
        ("# Title.\n# ?a: an entity (entity) =" + BODY, 2, "not a parameter"),
        ("# Title.\n# a remark" + BODY, 2, "other comments stand below an empty line"),
        ("# Title.\n# ?a: an entity (entiti)" + BODY, 2, "unknown kind 'entiti' .did you mean 'entity'"),
        ("# Title.\n# ?a: one (text)\n# ?a: two (text)" + BODY, 3, ".a is documented twice"),
        ("# Title.\n# ?d: an entity (entity)" + BODY, 2, "the query does not use .d .known: a, b, c"),
        ("# Title.\n# ?d: an entity (entity)\nASK { id:a kg:sues id:b }", 2, "does not use .d .it has no variables"),
        ("# Title.\n# ?d: a day (date)\nASK { ?a ?b ?c } # ?d", 2, "the query does not use .d"),
        ("# Title.\n# ?a: a day (date) = May" + BODY, 2, "the default of .a is wrong: 'May' is no date"),
        ("# Title.\n# ?a: a number (number) = two" + BODY, 2, "the default of .a is wrong: 'two' is no number"),
        ("# Title.\n# ?row_cap: a number (number)\nASK { ?a ?b ?row_cap }", 2, "may not be called row_cap"),
        ("# Title.\n\nSELECT ?a WHERE { ?a ?b 'c }\n", 3, "not SPARQL: .* not closed"),
    ],
)
def test_a_mistake_in_a_header_is_named_with_its_line(
    text: str, line: int | None, message: str, tmp_path: Path
) -> None:
    (tmp_path / "wrong.rq").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message) as raised:
        load_named_queries(tmp_path)
    assert raised.value.line == line
    assert raised.value.path == str(tmp_path / "wrong.rq")


@pytest.mark.parametrize(("name", "content"), [("Not_kebab.rq", b"# T.\nASK {}"), ("latin.rq", b"# T\xe9.\nASK {}")])
def test_a_file_of_another_sort_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=re.escape(name)):
        load_named_queries(tmp_path)
