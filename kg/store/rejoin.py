"""What the names of documents stand for when some of them come or go: only what the change can reach is looked at.

Two entities that the rules may join share a key, or a document defines one as the other, or a judgement speaks of both.
What is connected so is resolved anew, by the rules of `kg.resolve.merging`; nothing else can have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model import Extracted
from kg.resolve.judgements import SAME, Judgements, joined
from kg.resolve.linking import Link
from kg.resolve.merging import (
    Linked,
    Links,
    defines,
    fullest,
    join_keys,
    joined_names,
    judged_names,
    moved,
    ordinary_names,
    part,
)
from kg.resolve.registry import Registry
from kg.schema import Schema
from kg.store.index import Index, Placed

Read = Callable[[str], Extracted]
"""What reading found in a document of the folder, by its hash."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What resolution goes by, beside the documents."""

    registry: Registry
    schema: Schema
    judgements: Judgements


def rejoin(index: Index, leaving: Iterable[str], coming: Sequence[Linked], rules: Rules) -> set[str]:
    """Bring the names of the index up to date; the entities that are joined otherwise than before."""
    first = index.is_empty()
    seeds = {entity for each in coming for entity in _spoken_of(each.links)}
    for document in leaving:
        seeds |= _spoken_of(index.names(document)[0])
    reached = seeds if first else _reach(index, seeds, rules)
    for document in leaving:
        index.drop_names(document)
    for each in coming:
        defining = {surface for surface, link in each.links.items() if defines(surface, link)}
        index.set_names(each.extracted.document.hash, each.links, ordinary_names(each, rules.registry), defining)
    for entity in seeds - rules.registry.entries.keys():
        links = index.links_to(entity, all_of_them=True)
        index.set_keys(entity, join_keys(fullest(links), rules.registry) if links else ())
    reached = reached if first else _reach(index, reached, rules)
    moves = joined_names(_links_of(index, reached, rules), rules.registry, rules.judgements)
    changed = {entity for entity in reached if moves.get(entity) != index.move(entity)}
    for entity in changed:
        index.set_move(entity, moves.get(entity))
    return changed


def _spoken_of(links: Links) -> set[str]:
    """The entities of a document, and those whose names it explains."""
    return _entities(links) | {link.own for surface, link in links.items() if defines(surface, link)}


def _reach(index: Index, entities: Iterable[str], rules: Rules) -> set[str]:
    """The entities with all that the rules or judgements may join them to, directly or not."""
    reached, open_ = set[str](), set(entities)
    while open_:
        reached.add(entity := open_.pop())
        beside = {other for pair in rules.judgements.everywhere if entity in pair for other in pair}
        if entity not in rules.registry.entries:
            beside.update(index.joinable(entity), index.defined_as(entity))
            beside.update(link.entity for _, link in index.definitions_of(entity))
        open_ |= beside - reached
    return reached


def _links_of(index: Index, entities: Iterable[str], rules: Rules) -> Iterator[Links]:
    for entity in sorted(entities):
        for link in index.links_to(entity, all_of_them=entity not in rules.registry.entries):
            yield {"": link}  # too short for a definition: those come by themselves
        for surface, link in index.definitions_of(entity):
            yield {surface: link}


def place(
    index: Index, documents: Iterable[str], leaving: Collection[str], read: Read, rules: Rules
) -> dict[str, tuple[Extracted, Placed]]:
    """What the names of these documents stand for, and of others where a judgement about names makes that change."""
    apart = {document: _apart(index, document, read, rules) for document in documents}
    members = _judged_members(index, {document: each.links for document, each in apart.items()}, leaving, rules)
    others: dict[str, dict[str, Link]] = {}
    for entity in members:
        for document, surface, link in index.apart_links(entity):
            if document not in apart and document not in leaving:
                others.setdefault(document, {})[surface] = link
    links = [*(each.links for each in apart.values()), *others.values()]
    moves = judged_names(links, rules.registry, rules.judgements) if members else {}
    apart |= {document: Linked(read(document), index.placed(document).apart) for document in others}
    placed = {
        document: (each.extracted, Placed(each.links, moved(each, moves).links)) for document, each in apart.items()
    }
    return {d: found for d, found in placed.items() if d not in others or found[1] != index.placed(d)}


def _apart(index: Index, document: str, read: Read, rules: Rules) -> Linked:
    links, ordinary = index.names(document)
    moves = {entity: there for entity in _entities(links) if (there := index.move(entity)) is not None}
    return part(moved(Linked(read(document), links), moves), ordinary, rules.schema)


def _entities(links: Links) -> set[str]:
    return {link.entity for link in links.values()}


def _judged_members(index: Index, new: Mapping[str, Links], leaving: Iterable[str], rules: Rules) -> set[str]:
    """The entities of all groups of which one is judged the same as another, and which the documents speak of."""
    judged = joined(pair for pair, each in rules.judgements.everywhere.items() if each.judgement == SAME)
    if not judged:
        return set()
    spoken = {entity for links in new.values() for entity in _entities(links)}
    for document in {*new, *leaving}:
        spoken |= _entities(index.placed(document).apart)
    return {member for entity in spoken & judged.keys() for member in judged[entity]}
