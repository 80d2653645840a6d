"""From the entities of single documents to those of all: new names that are one thing are joined, ordinary ones parted.

A new name means the same thing in every document, and other ways of writing it do too. But a first name alone
("Sam"), a name that very many people have ("John Smith"), a thing named in ordinary words ("Assistant") or a name that
the registry knows several bearers of ("Georgia") is somebody or something else in the next document, unless both
documents say whose it is and agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.model import Extracted, Mention
from kg.nlp.names import THINGS
from kg.resolve.folding import fold
from kg.resolve.ids import in_document
from kg.resolve.judgements import SAME, Judgements, joined
from kg.resolve.known import MAKER_FIRST, find, known_names
from kg.resolve.linking import ABROAD, JUDGED, NEW, Link, of_entry, plainest_first
from kg.resolve.registry import Registry
from kg.resolve.variants import COMPANY, PERSON, agreement, at_odds, is_common_person, loose_key
from kg.schema import Schema

ORDINARY = "ordinary name, in this document"
FEW_WORDS = 2
"""Ordinary words are no name of one thing alone if they are so few."""
ACRONYM = 3
"""Characters of the shortest acronym that a definition in another document explains."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A document's yield with the entity behind each of its surface forms."""

    extracted: Extracted
    links: Mapping[str, Link]


@dataclass(frozen=True, slots=True)
class _Edge:
    """`one` is the same thing as `root`, by a rule."""

    one: str
    root: str
    rule: str


def mentions_of(extracted: Extracted) -> list[Mention]:
    """All mentions of names of a document, those that relations only speak of ("its custom chips") among them."""
    ends = (end for each in extracted.relations for end in (each.subject, each.object) if end is not None)
    return [*extracted.mentions, *ends]


def over_documents(
    linked: Sequence[Linked], registry: Registry, schema: Schema, judgements: Judgements
) -> list[Linked]:
    """The documents with their names linked to the entities of all of them."""
    ordinary = [_ordinary(each, registry) for each in linked]
    things = _things(linked, ordinary) | _known_things(judgements, registry)
    roots = _roots(things, _edges(linked, things, registry), judgements)
    merged = [_moved(each, roots, things) for each in linked]
    parted = [_parted(each, found, schema) for each, found in zip(merged, ordinary, strict=True)]
    things = _things(parted, [frozenset()] * len(parted)) | _known_things(judgements, registry)
    roots = _roots(things, (), judgements)
    return [_moved(each, roots, things) for each in parted]


def _ordinary(each: Linked, registry: Registry) -> frozenset[str]:
    """The surface forms of a document whose words do not tell which thing is meant."""
    common = {mention.surface for mention in mentions_of(each.extracted) if mention.common}

    def is_ordinary(surface: str, link: Link) -> bool:
        if link.type == PERSON and is_common_person(surface):
            return True
        if link.type in THINGS and surface in common and len(surface.split()) <= FEW_WORDS:
            return True
        return sum(registry.entries[id_].type == link.type for id_ in registry.forms.get(fold(surface), ())) > 1

    return frozenset(surface for surface, link in each.links.items() if link.rule == NEW and is_ordinary(surface, link))


def _things(linked: Sequence[Linked], without: Sequence[frozenset[str]]) -> dict[str, Link]:
    """The entities, each with its fullest name, without those of the surface forms of a document in `without`."""
    links: dict[str, set[Link]] = defaultdict(set)
    for each, left_out in zip(linked, without, strict=True):
        for surface, link in each.links.items():
            if surface not in left_out:
                links[link.entity].add(link)
    return {
        entity: min(found, key=lambda link: (-len(link.name), link.name, link.rule))
        for entity, found in sorted(links.items())
    }


def _known_things(judgements: Judgements, registry: Registry) -> dict[str, Link]:
    """Entries of the registry that something was judged to be, whether or not a document names them."""
    judged = sorted({id_ for pair in judgements.everywhere for id_ in pair if id_ in registry.entries})
    entries = (registry.entries[id_] for id_ in judged)
    return {entry.id: of_entry(entry, JUDGED, entry.id) for entry in entries}


def _edges(linked: Iterable[Linked], things: Mapping[str, Link], registry: Registry) -> Iterator[_Edge]:
    """What the rules would join, the surest rule first."""
    apart = (JUDGED, ABROAD)  # what bears a name, but not as the thing that is called so elsewhere
    new = {e: thing for e, thing in things.items() if not thing.registered and thing.rule not in apart}
    yield from _defined_elsewhere(linked, new)
    yield from _written_otherwise(new)
    yield from _without_maker(new, registry)


def _defined_elsewhere(linked: Iterable[Linked], new: Mapping[str, Link]) -> Iterator[_Edge]:
    """An acronym or a former name that other documents define, all in the same way."""
    meant: dict[str, set[str]] = defaultdict(set)
    for each in linked:
        for surface, link in each.links.items():
            if link.rule in ("definition", "former name") and link.own in new and len(surface) >= ACRONYM:
                meant[link.own].add(link.entity)
    for own, found in sorted(meant.items()):
        if len(found) == 1:
            yield _Edge(own, found.pop(), "definition in another document")


def _written_otherwise(new: Mapping[str, Link]) -> Iterator[_Edge]:
    groups: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for thing in new.values():
        groups[thing.type, loose_key(thing.name, thing.type)].append(thing)
    for (kind, _), found in sorted(groups.items()):
        first, *others = sorted(found, key=lambda link: plainest_first(link.name, kind))
        for other in others:
            rule = agreement(other.name, first.name, kind)
            if rule is not None and not any(at_odds(other.name, each.name, kind) for each in found):
                yield _Edge(other.entity, first.entity, rule)


def _without_maker(new: Mapping[str, Link], registry: Registry) -> Iterator[_Edge]:
    """A new thing with the name of a known company before it, where the rest is the name of another such thing."""
    named = {(fold(thing.name), thing.type): entity for entity, thing in new.items()}
    for entity, thing in sorted(new.items()):
        words = thing.name.split() if thing.type in THINGS else []
        for count in range(1, len(words)):
            first, rest = " ".join(words[:count]), (fold(" ".join(words[count:])), thing.type)
            if rest in named and find(first, COMPANY, known_names(registry)) is not None:
                yield _Edge(entity, named[rest], MAKER_FIRST)


def _roots(things: Mapping[str, Link], edges: Iterable[_Edge], judgements: Judgements) -> dict[str, tuple[str, str]]:
    """For each entity that is another one: which, and by what rule. Judgements come first, and none is broken."""
    groups: dict[str, set[str]] = {}
    root: dict[str, str] = {}
    rules: dict[str, str] = {}
    for found in _judged(judgements, things):
        first = min(found, key=lambda entity: (not things[entity].registered, entity))
        for entity in found:
            groups[entity], root[entity] = found, first
            if entity != first:
                rules[entity] = JUDGED
    for edge in edges:
        left, right = groups.get(edge.one, {edge.one}), groups.get(edge.root, {edge.root})
        if left is right or _must_stay_apart(left, right, things, judgements):
            continue
        first = next((e for e in sorted(left) if things[e].registered), root.get(edge.root, edge.root))
        both = left | right
        rules.setdefault(edge.one, edge.rule)
        for entity in both:
            groups[entity], root[entity] = both, first
    return {entity: (first, rules.get(entity, JUDGED)) for entity, first in root.items() if entity != first}


def _judged(judgements: Judgements, things: Mapping[str, Link]) -> list[set[str]]:
    """The groups of entities that were judged the same."""
    pairs = (pair for pair, found in sorted(judgements.everywhere.items()) if found.judgement == SAME)
    unique = {id(group): group for group in joined(pairs).values()}
    present = ({entity for entity in group if entity in things} for group in unique.values())
    return sorted((group for group in present if len(group) > 1), key=min)


def _must_stay_apart(
    left: Iterable[str], right: Iterable[str], things: Mapping[str, Link], judgements: Judgements
) -> bool:
    """Whether joining two groups would join two known names, or names that were judged different."""
    left, right = list(left), list(right)
    if any(things[one].registered for one in left) and any(things[one].registered for one in right):
        return True
    return any(judgements.different(one, other) for one in left for other in right) if judgements.everywhere else False


def _moved(each: Linked, roots: Mapping[str, tuple[str, str]], things: Mapping[str, Link]) -> Linked:
    """The document with its names linked to the entities that theirs are."""

    def moved(link: Link) -> Link:
        if link.entity not in roots:
            return link
        first, rule = roots[link.entity]
        return replace(things[first], rule=rule if link.rule == NEW else f"{link.rule}; {rule}", own=link.own)

    return Linked(each.extracted, {surface: moved(link) for surface, link in each.links.items()})


def _parted(each: Linked, ordinary: frozenset[str], schema: Schema) -> Linked:
    """The document with its ordinary names as entities of their owner, or else of this document alone."""
    if not ordinary:
        return each
    owners = _owners(each, schema)
    document = each.extracted.document.hash
    apart: dict[str, Link] = {}
    for surface in sorted(ordinary):
        link = each.links[surface]
        owner = min(owners.get(link.entity, ()), default=None)
        entity = f"{link.entity}-of-{owner}" if owner is not None else in_document(link.entity, document)
        rule = "ordinary name, by whose it is" if owner is not None else ORDINARY
        apart[link.entity] = replace(link, entity=entity, rule=rule)

    def parted(link: Link) -> Link:
        new = apart.get(link.entity)
        if new is None:
            return link
        return replace(link, entity=new.entity, rule=new.rule if link.rule == NEW else link.rule)

    return Linked(each.extracted, {surface: parted(link) for surface, link in each.links.items()})


def _owners(each: Linked, schema: Schema) -> dict[str, set[str]]:
    """For the entities of a document, those that a relation says they belong to: a maker, an employer."""
    owners: dict[str, set[str]] = defaultdict(set)
    for mention in each.extracted.relations:
        identifies = schema.relations[mention.relation].identifies
        if identifies is None or mention.object is None:
            continue
        subject, other = each.links.get(mention.subject.surface), each.links.get(mention.object.surface)
        if subject is not None and other is not None:
            owned, owner = (other, subject) if identifies == "object" else (subject, other)
            owners[owned.entity].add(owner.entity)
    return owners
