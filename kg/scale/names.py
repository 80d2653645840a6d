"""What the names of all documents stand for, worked out over shards: exactly what `kg.resolve.merging` says of all.

Which names are one thing takes all documents. But two names can be joined only where they share a key, one is defined
as the other, or a judgement speaks of both: these come together by the hash of the key and of the entity, and they are
so few that one process joins them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from kg.model import Document, Extracted
from kg.resolve.judgements import SAME, joined
from kg.resolve.link import link
from kg.resolve.linking import Link
from kg.resolve.merging import (
    Linked,
    Links,
    defines,
    fullest,
    join_keys,
    joined_names,
    judged_names,
    mentions_of,
    moved,
    ordinary_names,
    part,
    without_ordinary,
)
from kg.resolve.statements import copy_order, refused_names
from kg.scale.documents import documents_in, link_row
from kg.scale.project import Project, rules_of
from kg.scale.reprints import signed
from kg.scale.rows import in_parts, keyed_line, line_of, packed, part_of, rows_of, wanted_rows
from kg.scale.tasks import At, Files, Made, numbered, part_rows

THING, DEFINED = "thing", "defined"


def copy_line(each: Extracted, shard: int, place: int) -> bytes:
    """What tells which copy of a text counts, and where this one stands."""
    return line_of([each.document.hash, copy_order(each.document), shard, place])


def doubles(at: At, copies: Files) -> Made:
    """Where the copies stand that do not count, of the texts in one part of the files."""
    first: dict[str, tuple[list[str], int, int]] = {}
    dropped = list[tuple[int, int]]()
    for hash_, order, shard, place in part_rows(copies, at.number):
        one, other = (order, shard, place), first.get(hash_)
        if other is not None:
            dropped.append(max(one, other)[1:])
        first[hash_] = one if other is None else min(one, other)
    return Made({f"{numbered('doubles', at.number)}.jsonl.zst": packed(map(line_of, sorted(dropped)))})


def names(at: At, extracted: Files, dropped: Collection[int]) -> Made:
    """What the names of each document of a shard stand for by themselves, and what of that may concern others; and the
    signatures of the texts, by which reprints are found."""
    rules, parts = rules_of(at.project), at.parts
    things: dict[str, Link] = {}
    defined: dict[tuple[str, str], tuple[str, Link]] = {}
    lines, notes, documents = [], [], dict[str, Document]()
    for place, found in documents_in(extracted.path(at.number), lambda place: place not in dropped):
        links = link(mentions_of(found), found.document.text, rules.registry, judgements=rules.judgements)
        each = Linked(found, links)
        ordinary = ordinary_names(each, rules.registry)
        for surface, one in without_ordinary(links, ordinary).items():
            things[one.entity] = fullest((one, things.get(one.entity, one)))
            if defines(surface, one):
                defined.setdefault((one.own, one.entity), (surface, one))
        rows = [(surface, link_row(one)) for surface, one in links.items()]
        lines.append(line_of([place, rows, sorted(ordinary)]))
        documents[found.document.hash] = found.document
        notes += [(refused.document, refused.surface, refused.reason) for refused in refused_names(each)]
    told = [(part_of(entity, parts), line_of([THING, "", link_row(one)])) for entity, one in things.items()]
    for ends, (surface, one) in defined.items():
        told += [(part_of(end, parts), line_of([DEFINED, surface, link_row(one)])) for end in ends]
    joining = ((key, entity) for entity, one in things.items() for key in join_keys(one, rules.registry))
    keys = ((part_of(key, parts), line_of([key, entity])) for key, entity in joining)
    files = {
        f"{numbered('linked', at.number)}.jsonl.zst": packed(lines),
        f"{numbered('names', at.number)}.parts": in_parts(told, parts),
        f"{numbered('keys', at.number)}.parts": in_parts(keys, parts),
        **signed(at, documents),
    }
    return Made(files, {"documents": len(lines), "names": len(things)}, notes)


def joinable(at: At, keys: Files) -> Made:
    """The entities that share a key with another one, of the keys in one part of the files."""
    sharing = defaultdict[str, set[str]](set)
    for key, entity in part_rows(keys, at.number):
        sharing[key].add(entity)
    found = {entity for entities in sharing.values() if len(entities) > 1 for entity in entities}
    lines = ((part_of(entity, at.parts), line_of(entity)) for entity in found)
    return Made({f"{numbered('joinable', at.number)}.parts": in_parts(lines, at.parts)})


def things(at: At, told: Files, sharing: Files) -> Made:
    """Of the entities in one part of the files those that may be joined with others, each with its fullest name."""
    found: dict[str, Link] = {}
    needed = set(part_rows(sharing, at.number))
    needed.update(id_ for pair in rules_of(at.project).judgements.everywhere for id_ in pair)
    lines = set[bytes]()
    for what, surface, row in part_rows(told, at.number):
        one = Link(*row)
        if what == DEFINED:
            needed.update((one.own, one.entity))
            lines.add(line_of([DEFINED, surface, row]))
        else:
            found[one.entity] = fullest((one, found.get(one.entity, one)))
    kept = [one for entity, one in found.items() if entity in needed]
    lines |= {line_of([THING, "", link_row(one)]) for one in kept}
    counts = {"distinct": len(found), "joinable": len(kept)}
    return Made({f"{numbered('things', at.number)}.jsonl.zst": packed(sorted(lines))}, counts)


def moves(at: At, told: Files) -> Made:
    """For each entity that is another one: the link to that one. The one step that a single process does for all."""
    rules, links = rules_of(at.project), list[Links]()
    for path in told:
        # A thing stands under no surface form: none is too short for a definition.
        links += [{surface: Link(*row)} for _, surface, row in rows_of(path)]
    return _moves("moves", joined_names(links, rules.registry, rules.judgements))


def apart(at: At, extracted: Files, linked: Files, moves: Files) -> Made:
    """The links of a shard to entities that are judged to be the same as others."""
    members = _judged_members(at.project)
    found: dict[str, Link] = {}
    for each in parted(at, extracted, linked, moves):
        for one in each.links.values():
            if one.entity in members:
                found[one.entity] = fullest((one, found.get(one.entity, one)))
    lines = (line_of(link_row(one)) for _, one in sorted(found.items()))
    return Made({f"{numbered('apart', at.number)}.jsonl.zst": packed(lines)})


def judged(at: At, told: Files) -> Made:
    """For each entity that was judged to be another one: the link to that one."""
    rules = rules_of(at.project)
    links = [{"": Link(*row)} for path in told for row in rows_of(path)]
    return _moves("judged", judged_names(links, rules.registry, rules.judgements))


def parted(at: At, extracted: Files, linked: Files, moves: Files) -> Iterator[Linked]:
    """The documents of a shard with their names joined over all documents, and the ordinary ones of each its own."""
    known: dict[int, tuple[Links, frozenset[str]]] = {
        place: ({surface: Link(*row) for surface, row in rows}, frozenset(ordinary))
        for place, rows, ordinary in rows_of(linked.path(at.number))
    }
    there = moves_of(moves.path(0), {one.entity for links, _ in known.values() for one in links.values()})
    for place, found in documents_in(extracted.path(at.number), known.__contains__):
        links, ordinary = known[place]
        yield part(moved(Linked(found, links), there), ordinary, rules_of(at.project).schema)


def moves_of(path: str, entities: Iterable[str]) -> dict[str, Link]:
    """Of all moves those of these entities."""
    return {entity: Link(*row) for entity, row in wanted_rows(path, entities)}


def _judged_members(project: Project) -> set[str]:
    """The entities that are judged to be the same as others."""
    everywhere = rules_of(project).judgements.everywhere
    return set(joined(pair for pair, each in everywhere.items() if each.judgement == SAME))


def _moves(kind: str, found: Mapping[str, Link]) -> Made:
    lines = (keyed_line(entity, link_row(to)) for entity, to in sorted(found.items()))
    return Made({f"{numbered(kind, 0)}.jsonl.zst": packed(lines)}, {"moves": len(found)})
