"""Statements as RDF 1.1 quads, and back.

Three layers: plain edges (only what is asserted), statements with qualifiers, and evidence in a named graph for each
document, with the names that the document calls things by. What the registry knew beforehand of parents and makers is
a graph of its own. No blank nodes: every IRI is an id or a hash of content, so building twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.model import Amount, Belonging, Binding, Document, Entity, Evidence, Statement, StatementSet
from kg.schema import ID_BASE, NAMESPACE, Schema
from kg.store.conflicts import conflicts
from kg.store.names import (
    DCT,
    OA,
    PROP,
    PROP_STATEMENT,
    PROV,
    RDF,
    RDFS,
    SCHEMA_ORG,
    SKOS,
    XSD,
    Ids,
    as_literal,
    decimal_text,
)
from kg.store.readback import KNOWN, from_quads
from kg.store.time import periods

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Quad

    Object = NamedNode | Literal

# Shape, XSD type, and what completes it to a date of the calendar.
_DATE_TYPES = (
    (re.compile(r"[0-9]{4}"), "gYear", "-01-01"),
    (re.compile(r"[0-9]{4}-[0-9]{2}"), "gYearMonth", "-01"),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "date", ""),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?"), "dateTime", ""),
)

__all__ = ["document_quads", "from_quads", "nquads_line", "quads_by_line", "reprint_quads", "shared_quads", "to_quads"]


def to_quads(statements: StatementSet, schema: Schema, *, id_base: str = ID_BASE) -> list[Quad]:
    """The quads of `statements`, each once, sorted by their N-Quads line.

    Raises `StoreError` where a statement names an entity, a document or a relation that is not there.
    """
    return list(quads_by_line(statements, schema, id_base=id_base).values())


def quads_by_line(statements: StatementSet, schema: Schema, *, id_base: str = ID_BASE) -> dict[str, Quad]:
    """What `to_quads` gives, each quad under its N-Quads line, sorted."""
    return by_line(_all_quads(statements, schema, Ids(id_base)))


def by_line(quads: Iterable[Quad]) -> dict[str, Quad]:
    """Each quad once, under its N-Quads line, sorted."""
    return dict(sorted({nquads_line(quad): quad for quad in quads}.items()))


def nquads_line(quad: Quad) -> str:
    """The quad as a line of N-Quads, without the line's end."""
    return f"{quad} ."


def _all_quads(statements: StatementSet, schema: Schema, ids: Ids) -> Iterator[Quad]:
    _refuse_dangling(statements, schema)
    for document_hash, document in statements.documents.items():
        yield from _document_quads(document_hash, document, ids)
    yield from reprint_quads(statements.reprints, ids)
    for binding in statements.bindings:
        yield from _binding_quads(binding, ids)
    yield from _evidence_quads((each for s in statements.statements for each in s.evidence), ids)
    yield from shared_quads(statements, schema, ids)


def shared_quads(statements: StatementSet, schema: Schema, ids: Ids) -> Iterator[Quad]:
    """The quads that belong to no single document: entities, statements, and what follows from them."""
    for entity in statements.entities.values():
        yield from _entity_quads(entity, schema, ids)
    for belonging in statements.belongings:
        yield from _belonging_quads(belonging, ids)
    yield from _derived_quads(statements, schema, ids)
    for statement in statements.statements:
        yield from _edge_quads(statement, schema, ids)
        yield from _statement_quads(statement, statements, ids)


def document_quads(
    document_hash: str, document: Document, bindings: Iterable[Binding], evidence: Iterable[Evidence], ids: Ids
) -> Iterator[Quad]:
    """The quads of a document's own graph: all that it brought, none of which depends on another document's words.
    What it is a reprint of does: see `reprint_quads`."""
    yield from _document_quads(document_hash, document, ids)
    for binding in bindings:
        yield from _binding_quads(binding, ids)
    yield from _evidence_quads(evidence, ids)


def reprint_quads(reprints: Mapping[str, str], ids: Ids) -> Iterator[Quad]:
    """From each reprint to its original, in the graph of the reprint."""
    for document, original in reprints.items():
        graph = ids.document(document)
        yield _quad(graph, NAMESPACE + "reprintOf", _iri(ids.document(original)), graph)


def _refuse_dangling(statements: StatementSet, schema: Schema) -> None:
    for pair in statements.reprints.items():
        if not statements.documents.keys() >= set(pair):
            raise StoreError(f"reprint {pair[0]!r} of {pair[1]!r}: one of them is missing; add it to the set")
    for binding in statements.bindings:
        if binding.entity not in statements.entities or binding.document not in statements.documents:
            where = f"binding of {binding.surface!r} in document {binding.document!r}"
            raise StoreError(f"{where}: its entity {binding.entity!r} or its document is missing; add it to the set")
    for statement in statements.statements:
        _refuse_dangling_statement(statement, statements, schema)


def _refuse_dangling_statement(statement: Statement, statements: StatementSet, schema: Schema) -> None:
    where = f"statement {statement.id}"
    for end in (statement.subject, statement.object):
        if end is not None and end not in statements.entities:
            raise StoreError(f"{where}: entity {end!r} is not among the entities; add it to the statement set")
    if statement.relation not in schema.relations:
        raise StoreError(f"{where}: relation {statement.relation!r} is not in the schema; use a kg: property")
    if not statement.evidence:
        raise StoreError(f"{where}: no evidence; a statement needs at least one")
    for evidence in statement.evidence:
        if evidence.document not in statements.documents:
            raise StoreError(f"{where}: document {evidence.document!r} of its evidence is missing; add it to the set")


def _document_quads(document_hash: str, document: Document, ids: Ids) -> Iterator[Quad]:
    iri = ids.document(document_hash)
    yield _quad(iri, RDF + "type", _iri(NAMESPACE + "Document"), iri)
    yield _quad(iri, RDFS + "label", _text(document.name), iri)
    yield _quad(iri, NAMESPACE + "contentHash", _text(document_hash), iri)
    if document.title is not None:
        yield _quad(iri, DCT + "title", _text(document.title), iri)
    if document.publisher is not None:
        yield _quad(iri, DCT + "publisher", _text(document.publisher), iri)
    if document.date is not None:
        yield _quad(iri, DCT + "date", _date(document.date), iri)
    if document.url is not None:
        yield _quad(iri, SCHEMA_ORG + "url", _text(document.url, "anyURI"), iri)


def _entity_quads(entity: Entity, schema: Schema, ids: Ids) -> Iterator[Quad]:
    if entity.type not in schema.types:
        raise StoreError(f"entity {entity.id}: type {entity.type!r} is not in the schema: {', '.join(schema.types)}")
    iri = ids.entity(entity.id)
    yield _quad(iri, RDF + "type", _iri(NAMESPACE + entity.type))
    yield _quad(iri, RDFS + "label", _text(entity.name))
    for alias in entity.aliases:
        yield _quad(iri, SKOS + "altLabel", _text(alias))
    if entity.registered:
        yield _quad(iri, NAMESPACE + "registered", _text("true", "boolean"))


def _binding_quads(binding: Binding, ids: Ids) -> Iterator[Quad]:
    iri, graph = ids.binding(binding), ids.document(binding.document)
    yield _quad(iri, RDF + "type", _iri(NAMESPACE + "Binding"), graph)
    yield _quad(iri, NAMESPACE + "surfaceForm", _text(binding.surface), graph)
    yield _quad(iri, NAMESPACE + "standsFor", _iri(ids.entity(binding.entity)), graph)
    yield _quad(iri, NAMESPACE + "own", _text(binding.own), graph)
    yield _quad(iri, NAMESPACE + "rule", _text(binding.rule), graph)
    for name, number in (("count", binding.count), ("start", binding.start), ("end", binding.end)):
        yield _quad(iri, NAMESPACE + name, _text(str(number), "integer"), graph)
    yield _quad(iri, PROV + "hadPrimarySource", _iri(graph), graph)


def _belonging_quads(belonging: Belonging, ids: Ids) -> Iterator[Quad]:
    owner = ids.entity(belonging.owner)
    yield _quad(ids.entity(belonging.entity), NAMESPACE + KNOWN[belonging.by], _iri(owner), ids.registry)
    yield _quad(owner, SKOS + "prefLabel", _text(belonging.name), ids.registry)


def _edge_quads(statement: Statement, schema: Schema, ids: Ids) -> Iterator[Quad]:
    """The plain edge, both ways for a symmetric relation: only for what is asserted."""
    value = _object(statement, ids)
    if statement.status != "asserted" or value is None:
        return
    relation = NAMESPACE + statement.relation
    yield _quad(ids.entity(statement.subject), relation, value)
    if statement.object is not None and schema.relations[statement.relation].symmetric:
        yield _quad(ids.entity(statement.object), relation, _iri(ids.entity(statement.subject)))


def _statement_quads(statement: Statement, found: StatementSet, ids: Ids) -> Iterator[Quad]:
    iri, subject = ids.statement(statement.id), ids.entity(statement.subject)
    yield _quad(subject, PROP + statement.relation, _iri(iri))
    yield _quad(iri, RDF + "type", _iri(NAMESPACE + "Statement"))
    yield _quad(iri, RDF + "subject", _iri(subject))
    yield _quad(iri, RDF + "predicate", _iri(NAMESPACE + statement.relation))
    value = _object(statement, ids)
    if value is not None:
        yield _quad(iri, RDF + "object", value)
        yield _quad(iri, PROP_STATEMENT + statement.relation, value)
    yield from _qualifier_quads(iri, statement)
    for evidence in statement.evidence:
        yield _quad(iri, NAMESPACE + "evidence", _iri(ids.evidence(evidence)))
    yield _quad(iri, NAMESPACE + "sources", _text(str(found.sources(statement)), "integer"))
    dates = sorted(d for e in statement.evidence if (d := found.documents[e.document].date) is not None)
    if dates:
        yield _quad(iri, NAMESPACE + "firstReported", _date(dates[0]))
        yield _quad(iri, NAMESPACE + "lastReported", _date(dates[-1]))


def _derived_quads(statements: StatementSet, schema: Schema, ids: Ids) -> Iterator[Quad]:
    """What follows from all statements together: when each holds, and which contradict each other."""
    for statement_id, period in sorted(periods(statements, schema).items()):
        for name, value in (("validFrom", period.start), ("validTo", period.end)):
            if value is not None:
                yield _quad(ids.statement(statement_id), NAMESPACE + name, _date(value))
    for conflict in conflicts(statements, schema):
        one, other = ids.statement(conflict.one), ids.statement(conflict.other)
        yield _quad(one, NAMESPACE + "contradicts", _iri(other))
        yield _quad(other, NAMESPACE + "contradicts", _iri(one))


def _evidence_quads(evidence: Iterable[Evidence], ids: Ids) -> Iterator[Quad]:
    """Equal evidence of two statements is one thing, as sure as for the surer of them."""
    surest: dict[str, Evidence] = {}
    for each in evidence:
        iri = ids.evidence(each)
        surest[iri] = max(surest.get(iri, each), each, key=lambda e: e.confidence)
    for iri, each in surest.items():
        yield from _quads_of_evidence(iri, each, ids)


def _quads_of_evidence(iri: str, evidence: Evidence, ids: Ids) -> Iterator[Quad]:
    graph = ids.document(evidence.document)
    yield _quad(iri, RDF + "type", _iri(NAMESPACE + "Evidence"), graph)
    yield _quad(iri, OA + "exact", _text(evidence.quote), graph)
    yield _quad(iri, NAMESPACE + "start", _text(str(evidence.start), "integer"), graph)
    yield _quad(iri, NAMESPACE + "end", _text(str(evidence.end), "integer"), graph)
    yield _quad(iri, NAMESPACE + "rule", _text(evidence.rule), graph)
    yield _quad(iri, PROV + "hadPrimarySource", _iri(graph), graph)
    yield from _qualifier_quads(iri, evidence, graph)


def _qualifier_quads(iri: str, said: Statement | Evidence, graph: str | None = None) -> Iterator[Quad]:
    qualifiers = said.qualifiers
    yield _quad(iri, NAMESPACE + "status", _iri(NAMESPACE + said.status), graph)
    yield _quad(iri, NAMESPACE + "confidence", _confidence(said.confidence), graph)
    if (amount := qualifiers.amount) is not None:
        yield _quad(iri, NAMESPACE + "amount", _decimal(amount), graph)
        yield _quad(iri, NAMESPACE + "currency", _text(amount.currency), graph)
        yield _quad(iri, NAMESPACE + "amountBound", _text(amount.bound), graph)
        yield _quad(iri, NAMESPACE + "amountKind", _text(amount.kind), graph)
    if qualifiers.date is not None:
        yield _quad(iri, NAMESPACE + "eventDate", _date(qualifiers.date), graph)
    for name, value in (("round", qualifiers.round), ("role", qualifiers.role), ("period", qualifiers.period)):
        if value is not None:
            yield _quad(iri, NAMESPACE + name, _text(value), graph)
    if qualifiers.lead:
        yield _quad(iri, NAMESPACE + "lead", _text("true", "boolean"), graph)


def _object(statement: Statement, ids: Ids) -> Object | None:
    """The object's IRI, or the amount that stands in its place."""
    if statement.object is not None:
        return _iri(ids.entity(statement.object))
    amount = statement.qualifiers.amount
    return None if amount is None else _decimal(amount)


def _quad(subject: str, predicate: str, value: Object, graph: str | None = None) -> Quad:
    import pyoxigraph as ox

    return ox.Quad(_iri(subject), _iri(predicate), value, ox.DefaultGraph() if graph is None else _iri(graph))


@lru_cache(maxsize=10_000)  # most IRIs come again at once, properties and types always
def _iri(iri: str) -> NamedNode:
    import pyoxigraph as ox

    return ox.NamedNode(iri)


def _text(text: str, datatype: str = "string") -> Literal:
    import pyoxigraph as ox

    return ox.Literal(as_literal(text), datatype=_iri(XSD + datatype))


def _decimal(amount: Amount) -> Literal:
    if not amount.value.is_finite():
        raise StoreError(f"amount {amount.value}: not a number; leave the amount out")
    return _text(decimal_text(amount.value), "decimal")


def _confidence(confidence: float) -> Literal:
    if not 0 <= confidence <= 1:
        raise StoreError(f"confidence {confidence}: not from 0 to 1; give 1.0 where nothing was estimated")
    return _text(decimal_text(Decimal(f"{confidence:.3f}")), "decimal")


def _date(text: str) -> Literal:
    """A date typed by its precision; a string where it is no date of the calendar."""
    for shape, datatype, rest in _DATE_TYPES:
        if shape.fullmatch(text):
            try:
                datetime.fromisoformat(text + rest)
            except ValueError:
                break
            return _text(text, datatype)
    return _text(text)
