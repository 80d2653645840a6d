"""The schema is what `ontology/aiind.ttl` says, and mistakes in that file are named by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.data import data_path
from kg.errors import DataError
from kg.schema import NAMESPACE, Schema, load_schema

GUIDE = [
    "invests_in",
    "acquires",
    "partners_with",
    "primary_cloud_for",
    "uses_cloud",
    "uses_chip",
    "supplies",
    "competes_with",
    "develops",
    "available_on",
    "powered_by",
    "subsidiary_of",
    "ceo_of",
    "founder_of",
    "works_for",
    "raises",
    "valued_at",
    "has_revenue",
    "sues",
    "investigates",
    "headquartered_in",
]


@pytest.fixture
def schema() -> Schema:
    return load_schema()


def test_all_relations_of_the_guide_are_there(schema: Schema) -> None:
    assert sorted(relation.fact_name for relation in schema.relations.values()) == sorted(GUIDE)


def test_the_eight_entity_types(schema: Schema) -> None:
    assert schema.types == ("Chip", "Company", "Government", "Institution", "Model", "Person", "Place", "Product")


def test_symmetric_relations_and_those_with_an_amount_for_an_object(schema: Schema) -> None:
    assert {r.name for r in schema.relations.values() if r.symmetric} == {"competesWith", "partnersWith"}
    assert {r.name for r in schema.relations.values() if not r.range} == {"raises", "valuedAt", "hasRevenue"}


def test_relations_that_can_have_a_sum_beside_their_object(schema: Schema) -> None:
    with_sum = {relation.name for relation in schema.relations.values() if relation.has_sum}
    assert with_sum == {"investsIn", "acquires", "partnersWith", "usesCloud", "usesChip", "supplies"}


def test_every_relation_has_a_domain_and_a_definition(schema: Schema) -> None:
    assert [r.name for r in schema.relations.values() if not r.domain or not r.definition] == []


def test_confidence_is_defined_as_a_decimal() -> None:
    from rdflib import RDFS, SKOS, XSD, Graph, URIRef

    graph, term = Graph().parse(data_path("ontology/aiind.ttl"), format="turtle"), URIRef(NAMESPACE + "confidence")
    assert graph.value(term, RDFS.range) == XSD.decimal
    assert str(graph.value(term, RDFS.label)) == "confidence"
    assert str(graph.value(term, SKOS.definition)).startswith("How likely the text states it, 0 to 1")


def test_a_relation_is_found_in_both_spellings(schema: Schema) -> None:
    assert schema.relation("invests_in") == schema.relation("investsIn")
    with pytest.raises(KeyError, match="did you mean 'investsIn'"):
        schema.relation("investIn")


def test_the_strongest_status_wins(schema: Schema) -> None:
    assert schema.best_status({"denied", "planned", "asserted"}) == "asserted"
    assert schema.best_status({"denied", "rumoured", "planned"}) == "planned"
    assert schema.best_status({"denied", "rumoured"}) == "rumoured"


def _copy(tmp_path: Path, old: str, new: str) -> Path:
    text = data_path("ontology/aiind.ttl").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "aiind.ttl"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def _line_of(path: Path, words: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if words in line)


def test_an_unknown_term_is_named_with_its_line_and_the_nearest_known_one(tmp_path: Path) -> None:
    path = _copy(tmp_path, "kg:oneAtATimePer", "kg:oneAtTimePer")
    with pytest.raises(DataError) as caught:
        load_schema(path)
    assert caught.value.line == _line_of(path, "kg:oneAtTimePer")
    assert "did you mean 'oneAtATimePer'" in str(caught.value)


def test_an_entity_type_that_is_no_class_is_an_error(tmp_path: Path) -> None:
    path = _copy(tmp_path, "schema:rangeIncludes kg:Place", "schema:rangeIncludes kg:Status")
    with pytest.raises(DataError, match="kg:Status is no subclass of kg:Entity"):
        load_schema(path)


def test_a_slip_of_syntax_is_named_with_its_line(tmp_path: Path) -> None:
    path = _copy(tmp_path, 'rdfs:label "company"@en ;', 'rdfs:label "company"@en ')
    with pytest.raises(DataError, match="not Turtle") as caught:
        load_schema(path)
    assert caught.value.line is not None
    assert abs(caught.value.line - _line_of(path, '"company"@en')) <= 1
