"""Quads of the graph as statements again: the way back of `kg.store.rdf`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.model import Amount, Belonging, Binding, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import ID_BASE, NAMESPACE
from kg.store.names import DCT, OA, PROV, RDF, RDFS, SCHEMA_ORG, SKOS, Ids

if TYPE_CHECKING:
    from pyoxigraph import Quad

KNOWN = {"parent": "knownParent", "maker": "knownMaker"}
"""The property for each way of belonging."""

# IRI of a property -> values: IRIs, or the text of literals.
Properties = Mapping[str, list[str]]


def evidence_order(evidence: Evidence) -> tuple[str, int, int, str]:
    """Sort key: the order in which the evidence of a statement is read back: by document, then place in its text."""
    return (evidence.document, evidence.start, evidence.end, Ids().evidence(evidence))


def from_quads(
    quads: Iterable[Quad], *, id_base: str = ID_BASE, texts: Mapping[str, str] | None = None
) -> StatementSet:
    """The statements that `to_quads` wrote. Documents have their text where `texts` (by hash) has it, else `""`;
    their blocks and path are not kept. Evidence that several statements share is kept with the highest of its
    confidences, and is never surer than the statement whose status it has: the confidence of every statement is kept.
    Raises `StoreError` where something that must be there is missing.
    """
    ids, index = Ids(id_base), index_of(quads)
    documents: dict[str, Document] = {}
    reprints: dict[str, str] = {}
    entities: dict[str, Entity] = {}
    evidence: dict[str, Evidence] = {}
    statements: list[str] = []
    bindings: list[Binding] = []
    for iri in sorted(index):
        for kind in (k.removeprefix(NAMESPACE) for k in index[iri].get(RDF + "type", [])):
            if kind == "Document":
                document_hash = _one(index, iri, NAMESPACE + "contentHash")
                documents[document_hash] = _read_document(index, iri, (texts or {}).get(document_hash, ""))
                if (original := _maybe(index[iri], NAMESPACE + "reprintOf")) is not None:
                    reprints[document_hash] = ids.local(original, "document/")
            elif kind == "Evidence":
                evidence[iri] = _read_evidence(index, iri, ids)
            elif kind == "Statement":
                statements.append(iri)
            elif kind == "Binding":
                bindings.append(_read_binding(index, iri, ids))
            elif iri.startswith(id_base):
                entities[ids.local(iri)] = read_entity(index, iri, kind, ids)
    found = sorted((_read_statement(index, iri, evidence, ids) for iri in statements), key=lambda s: s.id)
    return StatementSet(
        documents=documents,
        entities=dict(sorted(entities.items())),
        statements=tuple(found),
        bindings=tuple(sorted(bindings, key=lambda each: (each.document, each.surface))),
        belongings=tuple(_read_belongings(index, ids)),
        reprints=reprints,
    )


def index_of(quads: Iterable[Quad]) -> dict[str, dict[str, list[str]]]:
    from pyoxigraph import Literal, NamedNode

    index: dict[str, dict[str, list[str]]] = {}
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            index.setdefault(subject.value, {}).setdefault(quad.predicate.value, []).append(value.value)
    return index


def _maybe(properties: Properties, predicate: str) -> str | None:
    values = properties.get(predicate)
    return min(values) if values else None


def _one(index: Mapping[str, Properties], iri: str, predicate: str) -> str:
    value = _maybe(index[iri], predicate)
    if value is None:
        raise StoreError(f"<{iri}> has no <{predicate}>: the graph is damaged or not ours; build it again")
    return value


def _read_document(index: Mapping[str, Properties], iri: str, text: str) -> Document:
    properties = index[iri]
    return Document(
        name=_one(index, iri, RDFS + "label"),
        text=text,
        blocks=(),
        title=_maybe(properties, DCT + "title"),
        publisher=_maybe(properties, DCT + "publisher"),
        date=_maybe(properties, DCT + "date"),
        url=_maybe(properties, SCHEMA_ORG + "url"),
    )


def read_entity(index: Mapping[str, Properties], iri: str, kind: str, ids: Ids) -> Entity:
    """The entity that the properties of `iri` describe. Raises `StoreError` for one without a name."""
    return Entity(
        id=ids.local(iri),
        name=_one(index, iri, RDFS + "label"),
        type=kind,
        aliases=tuple(sorted(index[iri].get(SKOS + "altLabel", []))),
        registered=_maybe(index[iri], NAMESPACE + "registered") == "true",
    )


def _read_binding(index: Mapping[str, Properties], iri: str, ids: Ids) -> Binding:
    return Binding(
        document=ids.local(_one(index, iri, PROV + "hadPrimarySource"), "document/"),
        surface=_one(index, iri, NAMESPACE + "surfaceForm"),
        own=_one(index, iri, NAMESPACE + "own"),
        entity=ids.local(_one(index, iri, NAMESPACE + "standsFor")),
        rule=_one(index, iri, NAMESPACE + "rule"),
        count=int(_one(index, iri, NAMESPACE + "count")),
        start=int(_one(index, iri, NAMESPACE + "start")),
        end=int(_one(index, iri, NAMESPACE + "end")),
    )


def _read_belongings(index: Mapping[str, Properties], ids: Ids) -> Iterator[Belonging]:
    for iri, properties in sorted(index.items()):
        for by, predicate in sorted(KNOWN.items()):
            owner = _maybe(properties, NAMESPACE + predicate)
            if owner is not None:
                yield Belonging(ids.local(iri), by, ids.local(owner), _one(index, owner, SKOS + "prefLabel"))


def _read_evidence(index: Mapping[str, Properties], iri: str, ids: Ids) -> Evidence:
    return Evidence(
        document=ids.local(_one(index, iri, PROV + "hadPrimarySource"), "document/"),
        start=int(_one(index, iri, NAMESPACE + "start")),
        end=int(_one(index, iri, NAMESPACE + "end")),
        quote=_one(index, iri, OA + "exact"),
        rule=_one(index, iri, NAMESPACE + "rule"),
        status=_one(index, iri, NAMESPACE + "status").removeprefix(NAMESPACE),
        qualifiers=_read_qualifiers(index, iri),
        confidence=_read_confidence(index, iri),
    )


def _read_statement(index: Mapping[str, Properties], iri: str, evidence: Mapping[str, Evidence], ids: Ids) -> Statement:
    links = index[iri].get(NAMESPACE + "evidence", [])
    missing = [link for link in links if link not in evidence]
    if missing or not links:
        raise StoreError(f"<{iri}>: its evidence is missing ({len(missing)} of {len(links)}); build the graph again")
    value, confidence = _maybe(index[iri], RDF + "object"), _read_confidence(index, iri)
    status = _one(index, iri, NAMESPACE + "status").removeprefix(NAMESPACE)
    cited = [
        replace(each, confidence=confidence) if each.status == status and each.confidence > confidence else each
        for each in (evidence[link] for link in links)
    ]
    return Statement(
        id=ids.local(iri, "statement/"),
        subject=ids.local(_one(index, iri, RDF + "subject")),
        relation=_one(index, iri, RDF + "predicate").removeprefix(NAMESPACE),
        object=ids.local(value) if value is not None and value.startswith(ids.base) else None,
        status=status,
        qualifiers=_read_qualifiers(index, iri),
        evidence=tuple(sorted(cited, key=evidence_order)),
    )


def _read_confidence(index: Mapping[str, Properties], iri: str) -> float:
    """1.0 in a graph that was built before there were confidences."""
    value = _maybe(index[iri], NAMESPACE + "confidence")
    return 1.0 if value is None else float(value)


def _read_qualifiers(index: Mapping[str, Properties], iri: str) -> Qualifiers:
    properties = index[iri]
    amount, value = None, _maybe(properties, NAMESPACE + "amount")
    if value is not None:
        bound, kind = _one(index, iri, NAMESPACE + "amountBound"), _one(index, iri, NAMESPACE + "amountKind")
        amount = Amount(Decimal(value), _one(index, iri, NAMESPACE + "currency"), bound, kind)
    return Qualifiers(
        amount=amount,
        date=_maybe(properties, NAMESPACE + "eventDate"),
        round=_maybe(properties, NAMESPACE + "round"),
        lead=_maybe(properties, NAMESPACE + "lead") == "true",
        role=_maybe(properties, NAMESPACE + "role"),
        period=_maybe(properties, NAMESPACE + "period"),
    )
