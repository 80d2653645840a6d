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


Links = Mapping[str, Link]
"""What each surface form of a document stands for."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A document's yield with the entity behind each of its surface forms."""

    extracted: Extracted
    links: Links


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
    ordinary = [ordinary_names(each, registry) for each in linked]
    plain = [without_ordinary(each.links, names) for each, names in zip(linked, ordinary, strict=True)]
    moves = joined_names(plain, registry, judgements)
    apart = [part(moved(each, moves), names, schema) for each, names in zip(linked, ordinary, strict=True)]
    moves = judged_names([each.links for each in apart], registry, judgements)
    return [moved(each, moves) for each in apart]


def joined_names(links: Iterable[Links], registry: Registry, judgements: Judgements) -> dict[str, Link]:
    """For each entity that is another one, by the rules or by a judgement: the link to that one, with the rule.

    `links`: of every document, without its ordinary names.
    """
    links = list(links)
    things = _things(links) | _known_things(judgements, registry)
    return _moves(things, _edges(links, things, registry), judgements)


def judged_names(links: Iterable[Links], registry: Registry, judgements: Judgements) -> dict[str, Link]:
    """For each entity that was judged to be another one: the link to that one, with the rule."""
    if not judgements.everywhere:
        return {}
    return _moves(_things(links) | _known_things(judgements, registry), (), judgements)


def join_keys(thing: Link, registry: Registry) -> set[str]:
    """Keys of which two new things share one if `joined_names` may join them by the way they are written."""
    if not _is_new(thing):
        return set()
    rests = (f"named {thing.type} {rest}" for first, rest in _cut(thing) if _is_maker(first, registry))
    written = f"written {thing.type} {loose_key(thing.name, thing.type)}"
    return {written, f"named {thing.type} {fold(thing.name)}", *rests}


def defines(surface: str, link: Link) -> bool:
    """Whether a document explains by this link what a short or former name means in others too."""
    return link.rule in ("definition", "former name") and len(surface) >= ACRONYM


def ordinary_names(each: Linked, registry: Registry) -> frozenset[str]:
    """The surface forms of a document whose words do not tell which thing is meant."""
    common = {mention.surface for mention in mentions_of(each.extracted) if mention.common}

    def is_ordinary(surface: str, link: Link) -> bool:
        if link.type == PERSON and is_common_person(surface):
            return True
        if link.type in THINGS and surface in common and len(surface.split()) <= FEW_WORDS:
            return True
        return sum(registry.entries[id_].type == link.type for id_ in registry.forms.get(fold(surface), ())) > 1

    return frozenset(surface for surface, link in each.links.items() if link.rule == NEW and is_ordinary(surface, link))


def without_ordinary(links: Links, ordinary: frozenset[str]) -> Links:
    return {surface: link for surface, link in links.items() if surface not in ordinary} if ordinary else links


def fullest(links: Iterable[Link]) -> Link:
    """Of links to one entity the one with the fullest name."""
    return min(links, key=lambda link: (-len(link.name), link.name, link.rule))


def _things(links: Iterable[Links]) -> dict[str, Link]:
    """The entities, each with its fullest name."""
    found: dict[str, set[Link]] = defaultdict(set)
    for each in links:
        for link in each.values():
            found[link.entity].add(link)
    return {entity: fullest(same) for entity, same in sorted(found.items())}


def _known_things(judgements: Judgements, registry: Registry) -> dict[str, Link]:
    """Entries of the registry that something was judged to be, whether or not a document names them."""
    judged = sorted({id_ for pair in judgements.everywhere for id_ in pair if id_ in registry.entries})
    entries = (registry.entries[id_] for id_ in judged)
    return {entry.id: of_entry(entry, JUDGED, entry.id) for entry in entries}


def _is_new(thing: Link) -> bool:
    """Not what bears a name, but not as the thing that is called so elsewhere."""
    return not thing.registered and thing.rule not in (JUDGED, ABROAD)


def _edges(links: Iterable[Links], things: Mapping[str, Link], registry: Registry) -> Iterator[_Edge]:
    """What the rules would join, the surest rule first."""
    new = {entity: thing for entity, thing in things.items() if _is_new(thing)}
    yield from _defined_elsewhere(links, new)
    yield from _written_otherwise(new)
    yield from _without_maker(new, registry)


def _defined_elsewhere(links: Iterable[Links], new: Mapping[str, Link]) -> Iterator[_Edge]:
    """An acronym or a former name that other documents define, all in the same way."""
    meant: dict[str, set[str]] = defaultdict(set)
    for each in links:
        for surface, link in each.items():
            if link.own in new and defines(surface, link):
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
        for first, rest in _cut(thing):
            if (rest, thing.type) in named and _is_maker(first, registry):
                yield _Edge(entity, named[rest, thing.type], MAKER_FIRST)


def _cut(thing: Link) -> Iterator[tuple[str, str]]:
    """The name of a product cut in two at each of its spaces: what may be its maker, and the rest, folded."""
    words = thing.name.split() if thing.type in THINGS else []
    for count in range(1, len(words)):
        yield " ".join(words[:count]), fold(" ".join(words[count:]))


def _is_maker(name: str, registry: Registry) -> bool:
    return find(name, COMPANY, known_names(registry)) is not None


def _moves(things: Mapping[str, Link], edges: Iterable[_Edge], judgements: Judgements) -> dict[str, Link]:
    """For each entity that is another one: the link to that one. Judgements come first, and none is broken."""
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
    others = ((entity, first) for entity, first in root.items() if entity != first)
    return {entity: replace(things[first], rule=rules.get(entity, JUDGED), own="") for entity, first in others}


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


def moved(each: Linked, moves: Mapping[str, Link]) -> Linked:
    """The document with its names linked to the entities that theirs are."""

    def to(link: Link) -> Link:
        there = moves.get(link.entity)
        if there is None:
            return link
        return replace(there, rule=there.rule if link.rule == NEW else f"{link.rule}; {there.rule}", own=link.own)

    return Linked(each.extracted, {surface: to(link) for surface, link in each.links.items()})


def part(each: Linked, ordinary: frozenset[str], schema: Schema) -> Linked:
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
