"""The mappings speak of terms that the schema has, and of vocabularies that they name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kg.data import data_path
from kg.schema import NAMESPACE, load_schema

if TYPE_CHECKING:
    from rdflib import Graph

SCHEMA_ORG, PROV, ORG = "https://schema.org/", "http://www.w3.org/ns/prov#", "http://www.w3.org/ns/org#"
WIKIDATA, FIBO = "http://www.wikidata.org/", "https://spec.edmcouncil.org/fibo/ontology/"
ITEM, DIRECT = WIKIDATA + "entity/", WIKIDATA + "prop/direct/"
PREFIXES = {
    "kg": NAMESPACE,
    "schema": SCHEMA_ORG,
    "prov": PROV,
    "org": ORG,
    "wd": ITEM,
    "wdt": DIRECT,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
}
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "relatedMatch")
NO_MATCH = "No match"
# The terms of FIBO that are used, each read in its ontology.
FIBO_TERMS = {
    "BE/LegalEntities/LegalPersons/BusinessEntity",
    "BE/GovernmentEntities/GovernmentEntities/GovernmentBody",
    "BE/OwnershipAndControl/CorporateControl/isSubsidiaryOf",
    "BE/OwnershipAndControl/OwnershipParties/hasInvestmentEntity",
    "BE/OwnershipAndControl/OwnershipParties/Investor",
    "BE/OwnershipAndControl/Executives/ChiefExecutiveOfficer",
    "FND/OwnershipAndControl/OwnershipAndControl/ownsAndControls",
}
# What each number of Wikidata stands for, so that a slip in a digit is seen.
WIKIDATA_LABELS = {
    "P108": "employer",
    "P112": "founded by",
    "P127": "owned by",
    "P1480": "sourcing circumstances",
    "P159": "headquarters location",
    "P1591": "defendant",
    "P1620": "plaintiff",
    "P169": "chief executive officer",
    "P176": "manufacturer",
    "P178": "developer",
    "P1830": "owner of",
    "P1951": "investor",
    "P2139": "total revenue",
    "P2226": "market capitalization",
    "P2283": "uses",
    "P248": "stated in",
    "P2652": "partnership with",
    "P400": "platform",
    "P580": "start time",
    "P582": "end time",
    "P585": "point in time",
    "P749": "parent organization",
    "P750": "distributed by",
    "Q2221906": "geographic location",
    "Q2424752": "product",
    "Q43229": "organization",
    "Q4830453": "business",
    "Q5": "human",
    "Q80831": "integrated circuit",
}


@pytest.fixture(scope="module")
def mappings() -> Graph:
    from rdflib import Graph

    return Graph().parse(data_path("ontology/mappings.ttl"), format="turtle")


@pytest.fixture(scope="module")
def defined() -> set[str]:
    from rdflib import RDF, Graph

    schema = Graph().parse(data_path("ontology/aiind.ttl"), format="turtle")
    return {str(term) for term in schema.subjects(RDF.type) if str(term).startswith(NAMESPACE)}


def links(mappings: Graph) -> list[tuple[str, str, str]]:
    """What is said of a term of ours and another term: ours, how, theirs."""
    from rdflib import URIRef

    found = [(str(s), str(p), str(o)) for s, p, o in mappings if isinstance(o, URIRef) and str(s).startswith(NAMESPACE)]
    return sorted(found)


def notes(mappings: Graph, term: str) -> list[str]:
    from rdflib import SKOS, URIRef

    return [str(note) for note in mappings.objects(URIRef(term), SKOS.editorialNote)]


def test_the_prefixes_stand_for_the_right_namespaces() -> None:
    text = data_path("ontology/mappings.ttl").read_text(encoding="utf-8")
    declared = dict(re.findall(r"^@prefix ([\w-]*):\s+<([^>]*)> \.$", text, re.MULTILINE))
    assert {prefix: iri for prefix, iri in declared.items() if not prefix.startswith("fibo-")} == PREFIXES
    assert all(iri.startswith(FIBO) for prefix, iri in declared.items() if prefix.startswith("fibo-"))


def test_it_is_an_ontology_with_version_licence_and_the_schema_it_is_about(mappings: Graph) -> None:
    from rdflib import DCTERMS, OWL, RDF, SKOS, URIRef

    ontology = mappings.value(None, RDF.type, OWL.Ontology)
    assert ontology == URIRef("https://w3id.org/aiindkg/mappings")
    assert str(mappings.value(ontology, OWL.versionIRI)).startswith(f"{ontology}/")
    assert mappings.value(ontology, DCTERMS.license) is not None
    assert mappings.value(ontology, OWL.imports) == URIRef(NAMESPACE.removesuffix("#"))
    said = " ".join(map(str, mappings.objects(ontology, SKOS.scopeNote)))
    assert all(f"kg:{name}" in said for name in ("primaryCloudFor", "competesWith", "valuedAt"))


def test_every_term_of_ours_is_in_the_schema(mappings: Graph, defined: set[str]) -> None:
    ours = {str(term) for triple in mappings for term in triple if str(term).startswith(NAMESPACE)}
    assert ours - defined == set()


def test_every_relation_is_mapped_or_said_to_have_no_match(mappings: Graph) -> None:
    mapped = {ours for ours, _, _ in links(mappings)}
    for name in load_schema().relations:
        term = NAMESPACE + name
        without = [note for note in notes(mappings, term) if note.startswith(NO_MATCH)]
        assert (term in mapped) != bool(without), (
            f"kg:{name}: give a match in ontology/mappings.ttl, or say {NO_MATCH!r}"
        )


def test_every_entity_type_is_mapped(mappings: Graph) -> None:
    assert {NAMESPACE + name for name in load_schema().types} <= {ours for ours, _, _ in links(mappings)}


def test_matches_are_made_with_a_few_properties_only(mappings: Graph) -> None:
    from rdflib import OWL, RDFS, SKOS

    allowed = {
        *(str(SKOS[name]) for name in MATCHES),
        str(RDFS.subClassOf),
        str(RDFS.subPropertyOf),
        str(OWL.inverseOf),
    }
    assert {how for _, how, _ in links(mappings)} <= allowed


def test_only_terms_of_the_named_vocabularies_are_matched(mappings: Graph) -> None:
    from rdflib import ORG as ORGANIZATION
    from rdflib import PROV as PROVENANCE
    from rdflib import SDO

    for ours, _, theirs in links(mappings):
        place = f"{ours} -> {theirs}"
        if theirs.startswith(WIKIDATA):
            number = theirs.removeprefix(ITEM).removeprefix(DIRECT)
            assert number in WIKIDATA_LABELS, place
            assert not (theirs.startswith(DIRECT) and number.startswith("Q")), place
        elif theirs.startswith(FIBO):
            assert theirs.removeprefix(FIBO) in FIBO_TERMS, place
        else:
            for namespace, known in ((SCHEMA_ORG, SDO), (PROV, PROVENANCE), (ORG, ORGANIZATION)):
                if theirs.startswith(namespace):
                    assert theirs.removeprefix(namespace) in known.__annotations__, place
                    break
            else:
                pytest.fail(f"{place}: of no named vocabulary")


def compact(iri: str, mappings: Graph) -> str:
    prefix, _, local = mappings.compute_qname(iri, generate=False)
    return f"{prefix}:{local}"


def test_matches_that_are_not_exact_say_how_they_differ(mappings: Graph) -> None:
    from rdflib import RDFS, SKOS, URIRef

    for ours, how, theirs in links(mappings):
        if how in {str(SKOS[name]) for name in MATCHES if name != "exactMatch"}:
            comments = [str(comment) for comment in mappings.objects(URIRef(ours), RDFS.comment)]
            name = compact(theirs, mappings)
            about = [c for c in comments if re.match(rf"{re.escape(name)}( \([^)]*\))?: ", c)]
            assert len(about) == 1, f"{ours}: one comment that begins with {name!r}"
            if theirs.startswith(WIKIDATA):
                label = WIKIDATA_LABELS[name.partition(":")[2]]
                assert about[0].startswith(f"{name} ({label})"), about[0]


def test_no_comment_is_about_a_match_that_is_not_there(mappings: Graph) -> None:
    from rdflib import RDFS, URIRef

    matched = {(ours, compact(theirs, mappings)) for ours, _, theirs in links(mappings)}
    for term, comment in mappings.subject_objects(RDFS.comment):
        assert isinstance(term, URIRef)
        assert (str(term), str(comment).partition(" ")[0].rstrip(":")) in matched, comment


def test_an_end_that_is_narrowed_fits_what_it_is_a_part_of(mappings: Graph) -> None:
    """A relation under one between organisations has only organisations at its ends."""
    from rdflib import RDFS, URIRef

    organisations = {
        str(term).removeprefix(NAMESPACE)
        for term in mappings.subjects(RDFS.subClassOf, URIRef(ORG + "Organization"))
    }  # fmt: skip
    relations = load_schema().relations
    for term in ("linkedTo", "subOrganizationOf"):
        for ours in mappings.subjects(RDFS.subPropertyOf, URIRef(ORG + term)):
            relation = relations[str(ours).removeprefix(NAMESPACE)]
            assert relation.domain | relation.range <= organisations, relation.name
