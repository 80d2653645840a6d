"""The choice of statements: around an entity, by a query's result, the best connected; nothing else comes along."""

from __future__ import annotations

import pytest

from kg.errors import KgError
from kg.model import Belonging, Binding, Statement, StatementSet
from kg.schema import ID_BASE, NAMESPACE, load_schema
from kg.store.graph import Graph
from kg.store.names import PROP_STATEMENT
from kg.view.choice import Link, cells, choose, links
from tests.view.random_statements import random_statements
from tests.view.sample_statements import sample

ST = ID_BASE + "statement/"


def id_(name: str) -> str:
    return ID_BASE + name


def kg(name: str) -> str:
    return NAMESPACE + name


def facts(chosen: StatementSet) -> set[tuple[str, str, str | None]]:
    return {(each.subject, each.relation, each.object) for each in chosen.statements}


def ends(chosen: StatementSet) -> set[str]:
    return {end for each in chosen.statements for end in (each.subject, each.object) if end}


def chosen(given: StatementSet | None = None, **how: object) -> StatementSet:
    return choose(given or sample(), load_schema(), **how)  # type: ignore[arg-type]


def test_nothing_asked_leaves_all() -> None:
    assert chosen().statements == sample().statements
    assert chosen().entities == sample().entities


def test_one_hop_around_an_entity() -> None:
    found = chosen(entity="Quillworks")
    assert facts(found) == {
        ("quillworks", "usesCloud", "nimbus-cloud"), ("quillworks", "headquarteredIn", "oslo"),
        ("grafix", "acquires", "quillworks"), ("macrohard", "acquires", "quillworks"),
        ("grafix", "supplies", "macrohard"), ("grafix", "supplies", "nimbus-cloud"),
    }  # fmt: skip
    assert set(found.entities) == ends(found) == {"quillworks", "nimbus-cloud", "oslo", "grafix", "macrohard"}
    cited = {evidence.document for each in found.statements for evidence in each.evidence}
    assert set(found.documents) == cited < set(sample().documents)


def test_a_sum_is_a_step_further_than_its_subject() -> None:
    near, far = chosen(entity="Lyon"), chosen(entity="Lyon", hops=2)
    assert facts(near) == {("saffron-ai", "headquarteredIn", "lyon")}
    assert facts(far) == {("saffron-ai", "headquarteredIn", "lyon"), ("saffron-ai", "raises", None)}


def test_hops_and_statuses() -> None:
    alone = chosen(entity="Oslo", hops=2, statuses={"asserted"})
    assert ends(alone) == {"oslo", "quillworks", "nimbus-cloud"}
    assert "grafix" in ends(chosen(entity="Oslo", hops=2))
    with pytest.raises(KgError, match="nothing is stated about 'Oslo' with these statuses"):
        chosen(entity="Oslo", statuses={"denied"})
    with pytest.raises(KgError, match="no entity is called 'Oslow'; did you mean 'Oslo'"):
        chosen(entity="Oslow")


def test_what_is_said_with_them_comes_along_and_what_is_known_stays() -> None:
    given = sample()
    [saffron] = [each for each in given.statements if each.object == "lyon"]
    document = saffron.evidence[0].document
    other = next(key for key in given.documents if key != document)
    pairs = [(where, id_) for where in (document, other) for id_ in ("saffron-ai", "oslo")]
    bindings = tuple(Binding(where, "S", "own", id_, "r", 1, 0, 1) for where, id_ in pairs)
    belongings = tuple(Belonging(id_, "maker", "m", "M") for id_ in ("saffron-ai", "oslo"))
    whole = StatementSet(given.documents, given.entities, given.statements, bindings, belongings)
    found = chosen(whole, entity="Lyon")
    assert [(each.document, each.entity) for each in found.bindings] == [(document, "saffron-ai")]
    assert found.belongings == belongings  # owners are found through entities that nothing is stated of


@pytest.mark.parametrize("limit", [1, 2, 7, 20, 59])
def test_the_best_connected(limit: int) -> None:
    given = random_statements(4, 60, 140)
    found = chosen(given, top=limit)
    assert len(ends(found)) <= limit
    assert found.statements == chosen(found, top=limit).statements
    if limit > 1:
        neighbours = {end: others(end, found.statements) for end in ends(found)}
        assert all(neighbours.values())
        most = max(len(others(end, given.statements)) for end in ends(given))
        assert any(len(others(end, given.statements)) == most for end in ends(found))


def others(end: str, statements: tuple[Statement, ...]) -> set[str]:
    pairs = [{each.subject, each.object} for each in statements if each.object]
    return {other for pair in pairs if end in pair for other in pair} - {end}


def test_sums_give_way_to_entities() -> None:
    everything = len(ends(sample())) + sum(each.object is None for each in sample().statements)
    assert chosen(top=everything).statements == sample().statements
    assert [each for each in chosen(top=12).statements if each.object is None] == []


def test_top_keeps_the_entity_and_the_nearest() -> None:
    found = chosen(entity="Oslo", hops=3, top=4)
    assert {"oslo", "quillworks"} <= ends(found)
    assert len(ends(found)) == 4


def test_edges_of_a_construct() -> None:
    triples = [
        (id_("nimbus-cloud"), kg("investsIn"), id_("zetamind")),
        (id_("hart-5"), kg("competesWith"), id_("lyra-3")),
        (id_("oslo"), kg("headquarteredIn"), id_("quillworks")),  # the wrong way round
        (id_("oslo"), kg("type"), None),
    ]
    found = chosen(triples=triples)
    assert len([each for each in found.statements if each.relation == "investsIn"]) == 3
    assert {each.relation for each in found.statements} == {"investsIn", "competesWith"}
    assert links(sample(), triples, load_schema()) == (Link("oslo", "quillworks", "headquarteredIn"),)
    assert {"oslo", "quillworks"} <= set(found.entities)
    turned = [(id_("lyra-3"), kg("competesWith"), id_("hart-5"))]
    assert facts(chosen(triples=turned)) == {facts_of("hart-5", "lyra-3")}
    assert links(sample(), turned, load_schema()) == ()


def facts_of(*two: str) -> tuple[str, str, str | None]:
    [found] = [each for each in sample().statements if {each.subject, each.object} == set(two)]
    return (found.subject, found.relation, found.object)


def test_statements_that_a_construct_names() -> None:
    one, two = sample().statements[:2]
    triples = [
        (ST + one.id, kg("status"), kg("asserted")),
        (id_(two.subject), PROP_STATEMENT + two.relation, ST + two.id),
        (ST + "0000", kg("status"), kg("asserted")),
    ]
    assert {each.id for each in chosen(triples=triples).statements} == {one.id, two.id}


def test_only_links() -> None:
    triples = [(id_("oslo"), "http://example.org/twinOf%20old", id_("lyon"))]
    found = chosen(triples=triples)
    assert found.statements == ()
    assert set(found.entities) == {"oslo", "lyon"}
    assert links(sample(), triples, load_schema()) == (Link("oslo", "lyon", "twinOf old"),)


def test_rows_of_a_select() -> None:
    together = [(id_("grafix"), None, id_("macrohard")), (id_("oslo"), id_("lyon"), None)]
    assert facts(chosen(rows=together)) == {("grafix", "supplies", "macrohard")}
    alone = [(id_("grafix"),), (id_("macrohard"),), (id_("nimbus-cloud"),)]
    assert facts(chosen(rows=alone)) == {("grafix", "supplies", "macrohard"), ("grafix", "supplies", "nimbus-cloud")}
    assert facts(chosen(rows=alone[1:], along=["Grafix"])) == {
        ("grafix", "supplies", "macrohard"), ("grafix", "supplies", "nimbus-cloud"),
    }  # fmt: skip
    one = sample().statements[5]
    assert [each.id for each in chosen(rows=[(id_("grafix"), id_("macrohard"), ST + one.id)]).statements] == [one.id]


@pytest.mark.parametrize("how", ["rows", "triples"])
def test_a_result_without_statements(how: str) -> None:
    with pytest.raises(KgError, match="the query's result holds no statement: let it hold edges"):
        chosen(**{how: [(id_("nobody"), kg("investsIn"), id_("oslo")), (None, None, None)]})
    with pytest.raises(KgError, match="holds no statement of these statuses"):
        chosen(**{how: [(id_("oslo"), kg("headquarteredIn"), id_("quillworks")),
                        (id_("quillworks"), kg("headquarteredIn"), id_("oslo"))][1:]}, statuses={"denied"})  # fmt: skip


def test_results_of_the_graph() -> None:
    graph = Graph(sample())
    built = graph.query(
        "CONSTRUCT { ?a kg:investsIn ?b . ?b rdfs:label ?n } WHERE { ?a kg:investsIn ?b ; rdfs:label ?n }"
    )
    found = chosen(triples=cells(built))
    asserted = {("investsIn", "asserted")}
    assert asserted <= {(each.relation, each.status) for each in found.statements}
    assert {each.relation for each in found.statements} == {"investsIn"}
    listed = graph.query("SELECT ?s ?amount WHERE { ?s kg:amount ?amount ; kg:status kg:planned }")
    assert {each.status for each in chosen(rows=cells(listed)).statements} == {"planned"}
