"""One change of a graph: the quads that go and come with documents, worked out from the index, not from all documents.

The result is what a build of the remaining documents would have: the quads of the documents' own graphs, and of what
they share with others as much as the change touches, before and after. What is equal in both stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from kg.model import Belonging, Extracted, StatementSet
from kg.resolve.link import link
from kg.resolve.merging import Linked, mentions_of
from kg.resolve.registry import Registry
from kg.resolve.statements import (
    Ends,
    Refused,
    belongings_of,
    bindings_of,
    refused_names,
    stated,
    statements_between,
)
from kg.schema import Schema
from kg.store.extracted import extracted_hash
from kg.store.index import Index, Placed, Said
from kg.store.names import Ids
from kg.store.rdf import by_line, document_quads, reprint_quads, shared_quads
from kg.store.regroup import regroup
from kg.store.rejoin import Read, Rules, place, rejoin

if TYPE_CHECKING:
    from pyoxigraph import Quad


@dataclass(frozen=True, slots=True)
class Change:
    """Quads that go and quads that come, by their N-Quads line, and what the new documents call things that is no name
    of anything."""

    removed: Mapping[str, Quad]
    added: Mapping[str, Quad]
    refused: tuple[Refused, ...] = ()


def change(
    index: Index,
    *,
    gone: Collection[str] = (),
    come: Sequence[Extracted] = (),
    read: Read,
    graph_of: Callable[[str], Iterable[Quad]],
    rules: Rules,
    ids: Ids,
) -> Change:
    """Take documents out of the index (`gone`, hashes) and others in, and say which quads change by that.

    A document of `come` that the index holds takes the place of that one. `read` gives what reading found in a document
    that stays, `graph_of` the quads of a document's own graph.
    """
    new = {each.document.hash: each for each in come}
    leaving = {*gone, *filter(index.holds, new)}
    linked = [
        Linked(each, link(mentions_of(each), each.document.text, rules.registry, judgements=rules.judgements))
        for each in come
    ]
    rejoined = rejoin(index, leaving, linked, rules)
    touched = {document for entity in rejoined for document in index.documents_naming(entity)}
    placed = place(index, sorted({*new, *touched}), leaving, lambda d: new[d] if d in new else read(d), rules)
    regrouped = regroup(index, leaving, (each.document for each in come))
    said = {document: stated(Linked(each, names.links), rules.schema) for document, (each, names) in placed.items()}
    reach = _reached(index, leaving, placed, said, whole={*gone, *new})
    reach = replace(reach, ends=reach.ends | {ends for each in regrouped for ends, _ in index.stated(each)})
    unnamed = {entity for entity in reach.entities if not index.is_named(entity)}
    before, graphs = _shared(index, reach, rules.schema), [graph_of(document) for document in {*leaving, *placed}]
    reprinted = index.texts.reprints({*leaving, *placed, *regrouped})
    for document in leaving:
        index.drop_document(document)
    for document, original in regrouped.items():
        index.texts.set_original(document, original)
    for document, (each, names) in placed.items():
        index.set_document(document, each.document, extracted_hash(each))
        index.set_placed(document, names)
        index.set_stated(document, said[document])
    after = _shared(index, reach, rules.schema)
    switched = {entity for entity in reach.entities if index.is_named(entity) == (entity in unnamed)}
    before = replace(before, belongings=_belongings(index, switched, unnamed, rules.registry))
    after = replace(after, belongings=_belongings(index, switched, switched - unnamed, rules.registry))
    again = index.texts.reprints({*placed, *regrouped})
    old = by_line(chain(shared_quads(before, rules.schema, ids), reprint_quads(reprinted, ids), *graphs))
    brought = (_graph(document, found, said[document], ids) for document, found in placed.items())
    fresh = by_line(chain(shared_quads(after, rules.schema, ids), reprint_quads(again, ids), *brought))
    return Change(
        {line: quad for line, quad in old.items() if line not in fresh},
        {line: quad for line, quad in fresh.items() if line not in old},
        tuple(refused for each in linked for refused in refused_names(each)),
    )


@dataclass(frozen=True, slots=True)
class _Reach:
    """What the documents of a change speak of otherwise than before."""

    entities: frozenset[str]
    ends: frozenset[Ends]


def _reached(
    index: Index,
    leaving: Iterable[str],
    placed: Mapping[str, tuple[Extracted, Placed]],
    said: Mapping[str, Sequence[Said]],
    *,
    whole: Collection[str],
) -> _Reach:
    """`whole`: documents that come or go, of which everything counts; of others, only what is not as it was."""
    entities, ends = set[str](), set[Ends]()
    for document in {*leaving, *placed}:
        was = set(index.placed(document).links.items())
        now = set(placed[document][1].links.items()) if document in placed else set()
        had, has = set(index.stated(document)), set(said.get(document, ()))
        entities |= {link.entity for _, link in (was | now if document in whole else was ^ now)}
        ends |= {each for each, _ in (had | has if document in whole else had ^ has)}
    return _Reach(frozenset(entities), frozenset(ends))


def _shared(index: Index, reach: _Reach, schema: Schema) -> StatementSet:
    """The entities and statements as they are now; with each statement those that it may take the place of."""
    ends = {each for one in reach.ends for each in _with_rivals(index, one, schema)}
    statements = [
        statement
        for each in sorted(ends, key=lambda e: (e[0], e[1], e[2] or ""))
        for statement in statements_between(each, index.evidence_between(each), schema)
    ]
    sources = {evidence.document for statement in statements for evidence in statement.evidence}
    entities = ((entity, index.entity(entity)) for entity in sorted(reach.entities))
    return StatementSet(
        documents={document: index.document(document) for document in sources},
        entities={entity: found for entity, found in entities if found is not None},
        statements=tuple(statements),
        reprints=index.texts.reprints(sources),
    )


def _with_rivals(index: Index, ends: Ends, schema: Schema) -> Iterator[Ends]:
    subject, relation, other = ends
    per = schema.relations[relation].one_at_a_time_per
    yield ends
    if per is not None:
        yield from index.ends_of(relation, **{per: subject if per == "subject" else other})


def _graph(document: str, found: tuple[Extracted, Placed], said: Iterable[Said], ids: Ids) -> Iterator[Quad]:
    extracted, placed = found
    bindings = bindings_of(Linked(extracted, placed.links))
    return document_quads(document, extracted.document, bindings, (evidence for _, evidence in said), ids)


def _belongings(
    index: Index, switched: Iterable[str], unnamed: Collection[str], registry: Registry
) -> tuple[Belonging, ...]:
    """What is known of the makers and parents of entities that come or go, and of what shares these.

    `unnamed`: of the entities that come or go, those that no document names at the time.
    """
    owned, going = _owned(registry), set(switched)

    def is_named(entity: str) -> bool:
        return entity not in unnamed if entity in going else index.is_named(entity)

    def is_needed(entity: str) -> bool:
        return is_named(entity) or any(is_needed(each.entity) for each in owned.get(entity, ()))

    owners = {each.owner for each in belongings_of(going, registry)}
    beside = {each for owner in owners for each in owned[owner]}
    return tuple(sorted((each for each in beside if is_needed(each.entity)), key=lambda each: (each.entity, each.by)))


@cache
def _owned(registry: Registry) -> Mapping[str, Sequence[Belonging]]:
    """What belongs to each entity that owns anything."""
    owned: dict[str, list[Belonging]] = {}
    for each in belongings_of(registry.entries, registry):
        owned.setdefault(each.owner, []).append(each)
    return owned
