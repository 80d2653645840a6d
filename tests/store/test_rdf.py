from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import StoreError
from kg.model import Amount, Belonging, Binding, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.query.guard import schema_terms
from kg.schema import NAMESPACE, Schema, load_schema
from kg.store.names import Ids, compact, prefixes
from kg.store.rdf import from_quads, nquads_line, to_quads
from kg.store.readback import evidence_order

PREFIXES = prefixes()
SCHEMA = load_schema()


def triples(quads: list[Quad]) -> set[tuple[str, str, str]]:
    """Subject, predicate, object in compact form; literals as in N-Quads with a short datatype."""

    def shown(term: object) -> str:
        if isinstance(term, NamedNode):
            return compact(term.value, PREFIXES)
        assert isinstance(term, Literal)
        datatype = compact(term.datatype.value, PREFIXES)
        return term.value if datatype == "xsd:string" else f"{term.value}^^{datatype}"

    return {(shown(q.subject), shown(q.predicate), shown(q.object)) for q in quads}


def test_plain_edges_are_only_what_is_asserted(sample: StatementSet, schema: Schema) -> None:
    relations = {f"kg:{name}" for name in schema.relations}
    edges = {t for t in triples(to_quads(sample, schema)) if t[1] in relations}
    assert edges == {
        ("id:oak-ventures", "kg:investsIn", "id:acmelo"),
        ("id:globexa", "kg:partnersWith", "id:acmelo"),
        ("id:acmelo", "kg:partnersWith", "id:globexa"),
        ("id:jane-roe", "kg:ceoOf", "id:acmelo"),
        ("id:acmelo", "kg:raises", "5000000^^xsd:decimal"),
    }


def test_statement_with_qualifiers(sample: StatementSet, schema: Schema) -> None:
    found = triples(to_quads(sample, schema))
    about = {(p, o) for s, p, o in found if s == "st:s1" and p != "kg:evidence"}
    assert about == {
        ("rdf:type", "kg:Statement"),
        ("rdf:subject", "id:oak-ventures"),
        ("rdf:predicate", "kg:investsIn"),
        ("rdf:object", "id:acmelo"),
        ("ps:investsIn", "id:acmelo"),
        ("kg:status", "kg:asserted"),
        ("kg:confidence", "0.93^^xsd:decimal"),
        ("kg:sources", "1^^xsd:integer"),
        ("kg:amount", "5000000^^xsd:decimal"),
        ("kg:currency", "USD"),
        ("kg:amountBound", "exact"),
        ("kg:amountKind", "increment"),
        ("kg:round", "seed"),
        ("kg:lead", "true^^xsd:boolean"),
        ("kg:eventDate", "2024-11^^xsd:gYearMonth"),
        ("kg:firstReported", "2024-11-22^^xsd:date"),
        ("kg:lastReported", "2024-11-22^^xsd:date"),
        ("kg:validFrom", "2024-11^^xsd:gYearMonth"),
    }
    assert ("id:oak-ventures", "p:investsIn", "st:s1") in found
    assert ("st:s2", "ps:raises", "5000000^^xsd:decimal") in found
    assert ("st:s5", "kg:status", "kg:rumoured") in found
    assert ("st:s5", "kg:confidence", "0.625^^xsd:decimal") in found
    assert ("st:s2", "kg:confidence", "1^^xsd:decimal") in found


def test_evidence_is_in_the_graph_of_its_document(sample: StatementSet, schema: Schema) -> None:
    quads = to_quads(sample, schema)
    for document_hash, document in sample.documents.items():
        graph = NamedNode(PREFIXES["doc"] + document_hash)
        inside = triples([q for q in quads if q.graph_name == graph])
        evidence = {s for s, p, o in inside if (p, o) == ("rdf:type", "kg:Evidence")}
        quotes = {o for s, p, o in inside if p == "oa:exact"}
        expected = {e.quote for s in sample.statements for e in s.evidence if e.document == document_hash}
        assert quotes == expected
        assert all((e, "prov:hadPrimarySource", f"doc:{document_hash}") in inside for e in evidence)
        assert all(sum((s, p) == (e, "kg:confidence") for s, p, _ in inside) == 1 for e in evidence)
        assert (f"doc:{document_hash}", "rdfs:label", document.name) in inside
    assert not any(q.predicate.value.endswith("#exact") for q in quads if not isinstance(q.graph_name, NamedNode))


def test_the_names_that_a_document_uses_are_in_its_graph(sample: StatementSet, schema: Schema) -> None:
    quads = to_quads(sample, schema)
    for binding in sample.bindings:
        graph = NamedNode(PREFIXES["doc"] + binding.document)
        inside = triples([q for q in quads if q.graph_name == graph])
        [iri] = [s for s, p, o in inside if (p, o) == ("kg:surfaceForm", binding.surface)]
        assert {(p, o) for s, p, o in inside if s == iri} == {
            ("rdf:type", "kg:Binding"),
            ("kg:surfaceForm", binding.surface),
            ("kg:standsFor", f"id:{binding.entity}"),
            ("kg:own", binding.own),
            ("kg:rule", binding.rule),
            ("kg:count", f"{binding.count}^^xsd:integer"),
            ("kg:start", f"{binding.start}^^xsd:integer"),
            ("kg:end", f"{binding.end}^^xsd:integer"),
            ("prov:hadPrimarySource", f"doc:{binding.document}"),
        }


def test_what_is_known_beforehand_is_a_graph_of_its_own_and_makes_no_entity(
    sample: StatementSet, schema: Schema
) -> None:
    quads = to_quads(sample, schema)
    registry = NamedNode(PREFIXES["id"] + "registry")
    assert triples([q for q in quads if q.graph_name == registry]) == {
        ("id:acmelo", "kg:knownParent", "id:hive"),
        ("id:hive", "skos:prefLabel", "Hive"),
    }
    outside = triples([q for q in quads if q.graph_name != registry])
    assert not any("id:hive" in triple for triple in outside)
    assert "hive" not in from_quads(quads).entities


def test_a_binding_to_nothing_is_refused(sample: StatementSet, schema: Schema) -> None:
    for lost in ({"entity": "nobody"}, {"document": "0" * 16}):
        bindings = (replace(sample.bindings[0], **lost),)
        with pytest.raises(StoreError, match=r"binding of .* is missing"):
            to_quads(replace(sample, bindings=bindings), schema)


def test_every_own_term_is_defined_in_the_schema_file(sample: StatementSet, schema: Schema) -> None:
    defined, relations = schema_terms()
    used = {t for triple in triples(to_quads(sample, schema)) for t in triple}
    assert {t.removeprefix("kg:") for t in used if t.startswith("kg:")} <= defined
    assert {t.partition(":")[2] for t in used if re.match("ps?:", t)} <= relations


def test_no_blank_nodes_and_sorted(sample: StatementSet, schema: Schema) -> None:
    quads = to_quads(sample, schema)
    assert not any(isinstance(term, BlankNode) for q in quads for term in (q.subject, q.object, q.graph_name))
    lines = [nquads_line(quad).encode() for quad in quads]
    assert lines == sorted(set(lines))
    backwards = StatementSet(
        dict(reversed([*sample.documents.items()])),
        dict(reversed([*sample.entities.items()])),
        sample.statements[::-1],
        sample.bindings[::-1],
        sample.belongings[::-1],
    )
    assert to_quads(backwards, schema) == quads


@pytest.mark.parametrize(
    ("entity_id", "iri"),
    [
        ("acme", "id:acme"),
        ("a b", "id:a%20b"),
        ("x>y", "id:x%3Ey"),
        ("Ünit", "id:%C3%9Cnit"),
        ("statement/s1", "id:statement%2Fs1"),
        ("a~b", "<https://w3id.org/aiindkg/id/a~b>"),
    ],
)
def test_ids_are_percent_encoded(entity_id: str, iri: str, schema: Schema) -> None:
    found = triples(to_quads(StatementSet(entities={entity_id: Entity(entity_id, "N", "Chip")}), schema))
    assert found == {(iri, "rdf:type", "kg:Chip"), (iri, "rdfs:label", "N")}


@pytest.mark.parametrize(
    ("date", "datatype"),
    [
        ("2024", "gYear"),
        ("2024-11", "gYearMonth"),
        ("2024-11-22", "date"),
        ("2024-11-22T09:30:00Z", "dateTime"),
        ("2024-02-30", "string"),
        ("2024-13", "string"),
        ("last week", "string"),
    ],
)
def test_dates_are_typed_by_their_precision(date: str, datatype: str, schema: Schema) -> None:
    document = Document("d", "text", (), date=date)
    dated = [q.object for q in to_quads(StatementSet({document.hash: document}), schema) if "date" in q.predicate.value]
    assert dated == [Literal(date, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"object": "nobody"}, "entity 'nobody'"),
        ({"relation": "likes"}, "relation 'likes'"),
        ({"evidence": ()}, "no evidence"),
    ],
)
def test_dangling_statements_are_refused(
    change: dict[str, object], words: str, sample: StatementSet, schema: Schema
) -> None:
    broken = replace(sample, statements=(replace(sample.statements[0], **change),))  # type: ignore[arg-type]
    with pytest.raises(StoreError, match=f"statement s1: {words}"):
        to_quads(broken, schema)


def test_lost_evidence_is_noticed(sample: StatementSet, schema: Schema) -> None:
    gone = next(iter(sample.documents))
    kept = [q for q in to_quads(sample, schema) if q.graph_name != NamedNode(PREFIXES["doc"] + gone)]
    with pytest.raises(StoreError, match="evidence is missing"):
        from_quads(kept)


def test_round_trip_of_the_sample(sample: StatementSet, schema: Schema) -> None:
    texts = {document_hash: document.text for document_hash, document in sample.documents.items()}
    assert from_quads(to_quads(sample, schema), texts=texts) == sample


WORDS = st.text(max_size=12)
IDS = st.text(min_size=1, max_size=8)
ODD_DATES = st.sampled_from(["2024", "2023-09", "soon", "2024-02-31", "0000", "2024-01-01T00:00:00Z"])
DATES = st.none() | st.dates().map(str) | ODD_DATES
AMOUNTS = st.builds(
    Amount,
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
    st.sampled_from(["USD", "EUR"]),
    st.sampled_from(["exact", "up_to"]),
    st.sampled_from(["increment", "cumulative"]),
)
OPTIONAL = st.none() | WORDS
QUALIFIERS = st.builds(
    Qualifiers, st.none() | AMOUNTS, DATES, round=OPTIONAL, lead=st.booleans(), role=OPTIONAL, period=OPTIONAL
)
STATUSES = st.sampled_from(SCHEMA.statuses)


@st.composite
def statement_sets(draw: st.DrawFn) -> StatementSet:
    texts = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    optional = st.tuples(OPTIONAL, OPTIONAL, DATES, OPTIONAL)
    documents = [Document(draw(WORDS), text, (), *draw(optional)) for text in texts]
    hashes = [document.hash for document in documents]
    kinds, relations = st.sampled_from(SCHEMA.types), st.sampled_from(sorted(SCHEMA.relations))
    aliases = st.lists(WORDS, max_size=3, unique=True).map(sorted).map(tuple)
    entity_ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    entities = {i: Entity(i, draw(WORDS), draw(kinds), draw(aliases), draw(st.booleans())) for i in sorted(entity_ids)}
    ends, offsets = st.sampled_from(entity_ids), st.integers(0, 10**6)
    words, known = (WORDS, WORDS, STATUSES, QUALIFIERS, st.floats(0, 1)), dict[str, Evidence]()
    evidence = st.builds(Evidence, st.sampled_from(hashes), offsets, offsets, *words)
    evidence = evidence.map(lambda e: known.setdefault(Ids().evidence(e), e))  # what is shared is equally sure
    some = st.lists(evidence, min_size=1, max_size=3, unique_by=evidence_order)
    head = st.tuples(ends, relations, st.none() | ends, STATUSES, QUALIFIERS)
    statements = [
        Statement(i, *draw(head), tuple(sorted(draw(some), key=evidence_order)))
        for i in sorted(draw(st.lists(IDS, max_size=4, unique=True)))
    ]
    numbers = st.integers(0, 10**6)
    binding = st.builds(
        Binding, st.sampled_from(hashes), WORDS, IDS, ends, WORDS, count=numbers, start=numbers, end=numbers
    )
    bindings = draw(st.lists(binding, max_size=4, unique_by=lambda b: (b.document, b.surface)))
    belonging = st.builds(Belonging, IDS, st.sampled_from(["parent", "maker"]), IDS, WORDS)
    belongings = draw(st.lists(belonging, max_size=3, unique_by=lambda b: b.entity))
    names = {b.owner: b.name for b in belongings}
    return StatementSet(
        documents=dict(zip(hashes, documents, strict=True)),
        entities=entities,
        statements=tuple(statements),
        bindings=tuple(sorted(bindings, key=lambda b: (b.document, b.surface))),
        belongings=tuple(
            sorted((replace(b, name=names[b.owner]) for b in belongings), key=lambda b: Ids().entity(b.entity))
        ),
    )


@settings(max_examples=60, deadline=None)
@given(statement_sets())
def test_round_trip(statements: StatementSet) -> None:
    quads = to_quads(statements, SCHEMA)
    texts = {document_hash: document.text for document_hash, document in statements.documents.items()}
    assert from_quads(quads, texts=texts) == statements
    lines = "".join(nquads_line(quad) + "\n" for quad in quads)
    assert list(parse(lines.encode(), RdfFormat.N_QUADS)) == quads
    store = Store()
    store.extend(quads)
    assert set(store) == set(quads)  # the store's own form of numbers and dates is the form written


def test_amounts_keep_their_value(schema: Schema) -> None:
    document = Document("d", "t", ())
    for text in ("4E+9", "1.50", "0.00", "-0", "8.0E+2"):
        qualifiers = Qualifiers(Amount(Decimal(text), "USD"))
        evidence = Evidence(document.hash, 0, 1, "t", "r", "asserted", qualifiers)
        statement = Statement("s", "a", "raises", None, "asserted", qualifiers, (evidence,))
        given_set = StatementSet({document.hash: document}, {"a": Entity("a", "A", "Company")}, (statement,))
        amount = from_quads(to_quads(given_set, schema)).statements[0].qualifiers.amount
        assert amount is not None
        assert amount.value == Decimal(text)


@pytest.mark.parametrize(
    ("confidence", "written"),
    [(1.0, "1"), (0.0, "0"), (-0.0, "0"), (0.5, "0.5"), (2 / 3, "0.667"), (0.001, "0.001"), (1e-9, "0"), (0.9999, "1")],
)
def test_confidence_is_a_decimal_of_at_most_three_places(
    confidence: float, written: str, sample: StatementSet, schema: Schema
) -> None:
    told = replace(sample.statements[4], evidence=(replace(sample.statements[4].evidence[0], confidence=confidence),))
    quads = to_quads(replace(sample, statements=(told,)), schema)
    found = [q.object for q in quads if q.predicate.value == NAMESPACE + "confidence"]
    assert found == [Literal(written, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))] * 2
    assert from_quads(quads).statements == (told,)


@pytest.mark.parametrize("confidence", [1.5, -0.2, float("nan")])
def test_a_confidence_that_is_none_is_refused(confidence: float, sample: StatementSet, schema: Schema) -> None:
    told = replace(sample.statements[4], evidence=(replace(sample.statements[4].evidence[0], confidence=confidence),))
    with pytest.raises(StoreError, match="not from 0 to 1"):
        to_quads(replace(sample, statements=(told,)), schema)


def test_ids_do_not_depend_on_confidence(sample: StatementSet, schema: Schema) -> None:
    surer = [replace(s, evidence=tuple(replace(e, confidence=0.25) for e in s.evidence)) for s in sample.statements]
    one, other = (to_quads(given, schema) for given in (sample, replace(sample, statements=tuple(surer))))
    assert {q.subject for q in one} == {q.subject for q in other}
    assert Ids().evidence(sample.statements[0].evidence[0]) == Ids().evidence(surer[0].evidence[0])


def test_shared_evidence_keeps_the_confidence_of_each_statement(sample: StatementSet, schema: Schema) -> None:
    """One sentence states two facts, one of them less surely: the evidence is one thing, the statements keep theirs."""
    words = sample.statements[4].evidence[0]
    doubtful = replace(
        sample.statements[4], id="s6", subject="oak-ventures", evidence=(replace(words, confidence=0.3),)
    )
    given_set = replace(sample, statements=(*sample.statements, doubtful))
    quads = to_quads(given_set, schema)
    on_evidence = [q for q in quads if q.predicate.value.endswith("#confidence") and "/evidence/" in q.subject.value]
    assert len(on_evidence) == len({q.subject for q in on_evidence}) == 5
    read = from_quads(quads)
    assert read.statements == given_set.statements
    assert to_quads(read, schema) == quads

    other = replace(words, start=1, rule="another", confidence=0.5)
    both = replace(doubtful, evidence=(doubtful.evidence[0], other))
    quads = to_quads(replace(sample, statements=(*sample.statements, both)), schema)
    read = from_quads(quads)
    assert [s.confidence for s in read.statements[4:]] == [0.625, 0.5]
    assert to_quads(read, schema) == quads


def test_a_graph_from_before_there_were_confidences_can_be_read(sample: StatementSet, schema: Schema) -> None:
    old = [q for q in to_quads(sample, schema) if q.predicate.value != NAMESPACE + "confidence"]
    assert {e.confidence for s in from_quads(old).statements for e in s.evidence} == {1.0}


def test_an_endless_amount_is_refused(sample: StatementSet, schema: Schema) -> None:
    endless = Qualifiers(Amount(Decimal("Infinity"), "USD"))
    broken = replace(sample, statements=(replace(sample.statements[1], qualifiers=endless),))
    with pytest.raises(StoreError, match="not a number"):
        to_quads(broken, schema)


def test_half_characters_do_not_stop_a_build(schema: Schema) -> None:
    document = Document("d", "a\ud800b", (), title="a\ud800b")
    read = from_quads(to_quads(StatementSet({document.hash: document}), schema))
    assert read.documents[document.hash].title == "a\ufffdb"


def test_the_id_base_is_free(sample: StatementSet, schema: Schema) -> None:
    base = "https://graph.example/things/"
    quads = to_quads(sample, schema, id_base=base)
    subjects = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
    assert all(subject.startswith(base) for subject in subjects)
    assert not any(NAMESPACE in subject for subject in subjects)
    assert from_quads(quads, id_base=base).statements == sample.statements
