"""What documents state, in the end: the quads of each, and over shards those that documents share.

Statements that bear on each other, such as two of which only one can hold at a time, come together by a hash; so do
the names that all documents give an entity. Each part is then resolved by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Document, Entity, Evidence, StatementSet
from kg.resolve.linking import Link
from kg.resolve.merging import fullest, moved
from kg.resolve.statements import Ends, belongings_of, bindings_of, stated, statements_between
from kg.scale.documents import link_row
from kg.scale.names import moves_of, parted
from kg.scale.project import rules_of
from kg.scale.reprints import originals_of
from kg.scale.rows import in_parts, line_of, packed, part_of
from kg.scale.tasks import At, Files, Made, numbered, part_rows
from kg.schema import Schema
from kg.store.extracted import evidence_from_json, evidence_to_json
from kg.store.names import Ids
from kg.store.rdf import document_quads, nquads_line, reprint_quads, shared_quads

if TYPE_CHECKING:
    from pyoxigraph import Quad


def placed(at: At, extracted: Files, linked: Files, moves: Files, *gathered: Files) -> Made:
    """The quads of the documents of a shard, and what they say of what they share, sorted out into parts.

    `gathered`: what is a reprint of what; and which names are judged to be others, if any are.
    """
    schema, ids = rules_of(at.project).schema, Ids(at.project.id_base)
    documents = list(parted(at, extracted, linked, moves))
    reprinted, *judged = gathered
    if judged:
        there = moves_of(judged[0].path(0), {one.entity for each in documents for one in each.links.values()})
        documents = [moved(each, there) for each in documents]
    originals = originals_of(reprinted.path(0), (each.extracted.document.hash for each in documents))
    quads, said, named = _lines(reprint_quads(originals, ids)), list[tuple[int, bytes]](), set[tuple[int, bytes]]()
    for each in documents:
        document, evidence = each.extracted.document, stated(each, schema)
        own = document_quads(document.hash, document, bindings_of(each), (told for _, told in evidence), ids)
        quads |= _lines(own)
        for place, (ends, told) in enumerate(evidence):
            source = [document.hash, document.date, originals.get(document.hash)]
            row = [*ends, place, source, evidence_to_json(told)]
            said.append((part_of(together(ends, schema), at.parts), line_of(row)))
        for surface, one in each.links.items():
            named.add((part_of(one.entity, at.parts), line_of([surface, link_row(one)])))
    files = {
        f"{numbered('documents', at.number)}.nq.zst": packed(sorted(quads)),
        f"{numbered('stated', at.number)}.parts": in_parts(said, at.parts),
        f"{numbered('named', at.number)}.parts": in_parts(named, at.parts),
    }
    return Made(files, {"documents": len(documents), "quads": len(quads)})


def _lines(quads: Iterable[Quad]) -> set[bytes]:
    return {nquads_line(quad).encode("utf-8") + b"\n" for quad in quads}


def together(ends: Ends, schema: Schema) -> str:
    """The same for statements of which one can bear on the other."""
    subject, relation, other = ends
    per = schema.relations[relation].one_at_a_time_per
    if per is not None:
        return f"{relation} {subject if per == 'subject' else other}"
    return f"{relation} {subject} {other or ''}"


def shared(at: At, stated: Files, named: Files) -> Made:
    """The quads of the entities and statements in one part of the files of all shards."""
    rules = rules_of(at.project)
    entities, statements = dict(_entities(named, at.number)), _statements(stated, at.number, rules.schema)
    found = replace(statements, entities=entities, belongings=belongings_of(entities, rules.registry))
    quads = _lines(shared_quads(found, rules.schema, Ids(at.project.id_base)))
    counts = {"entities": len(entities), "statements": len(found.statements), "quads": len(quads)}
    return Made({f"{numbered('shared', at.number)}.nq.zst": packed(sorted(quads))}, counts)


def _entities(named: Files, number: int) -> Iterator[tuple[str, Entity]]:
    links, surfaces = dict[str, Link](), defaultdict[str, set[str]](set)
    for surface, row in part_rows(named, number):
        one = Link(*row)
        links[one.entity] = fullest((one, links.get(one.entity, one)))
        surfaces[one.entity].add(surface)
    for id_, one in sorted(links.items()):
        yield id_, Entity(id_, one.name, one.type, tuple(sorted(surfaces[id_])), one.registered)


def _statements(stated: Files, number: int, schema: Schema) -> StatementSet:
    """The statements of the part, with what counts of the documents that they come from."""
    said = defaultdict[Ends, list[tuple[str, int, Evidence]]](list)
    documents, reprints = dict[str, Document](), dict[str, str]()
    for subject, relation, other, place, (document, date, original), told in part_rows(stated, number):
        said[subject, relation, other].append((document, place, evidence_from_json(told)))
        documents[document] = Document("", "", (), date=date)
        if original is not None:
            reprints[document] = original
    statements = (
        statement
        for ends, found in said.items()
        for statement in statements_between(ends, [told for *_, told in sorted(found, key=_in_order)], schema)
    )
    return StatementSet(
        documents=documents,
        reprints=reprints,
        statements=tuple(sorted(statements, key=lambda each: each.id)),
    )


def _in_order(said: tuple[str, int, Evidence]) -> tuple[str, int]:
    return said[:2]
