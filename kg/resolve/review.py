"""What a person should look at: the least certain of what was joined, and names much alike that stayed apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.model import Binding, Document, Entity, StatementSet
from kg.resolve.folding import fold
from kg.resolve.judgements import Judgements
from kg.resolve.merging import ORDINARY
from kg.resolve.spellings import load_spellings, near
from kg.resolve.variants import FOLDING, agreement, load_variants, loose_key

TYPES, LETTER, SHORT, ACRONYM = "another type", "a letter apart", "short form elsewhere", "acronym elsewhere"
"""Why names that stayed apart may be one; besides, the levels of `kg.resolve.variants`."""
FIRST_WORD = 4
"""Characters of the shortest name that may be the first words of another."""
ACRONYM_LENGTHS = range(3, 7)
AROUND = 80
"""Characters of text shown on both sides of a name."""
DOUBTFUL = 0.5


@dataclass(frozen=True, slots=True)
class Quote:
    """A name where it stands first in a document: `before + surface + after`, in one line."""

    document: str
    before: str
    surface: str
    after: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two ids that may be one thing. `left` and `right` are what a judgement about them names.

    `joined`: whether they are one now, by `rule`; else `rule` says why they may be. `sureness`: of joinings and
    likenesses of this sort in news, the share that was right (`ontology/variants.yaml`). `documents`: the hashes of
    those that bind `left` to `right`, or that name either; `quotes`: an example of each.
    """

    left: str
    right: str
    names: tuple[str, str]
    joined: bool
    rule: str
    sureness: float
    documents: tuple[str, ...]
    quotes: tuple[Quote, ...]


def review(found: StatementSet, judgements: Judgements) -> list[Doubt]:
    """Doubts that nobody has judged, the least certain first, then those of most documents."""
    examples = _examples(found)
    pairs = {(pair[0], pair[1]): pair for pair in (*_joined(found), *_apart(found))}
    doubts = [
        _doubt(left, right, rule, names, joined=joined, found=found, examples=examples)
        for left, right, rule, names, joined in pairs.values()
        if judgements.between(left, right) is None and left != right
    ]
    open_ = [each for each in doubts if not _judged_here(each, judgements)]
    return sorted(open_, key=lambda d: (abs(d.sureness - DOUBTFUL), -len(d.documents), d.left, d.right))


Likeness = tuple[str, str, str, tuple[str, str], bool]
"""Left and right id, rule, both names, and whether they are joined."""


def _judged_here(doubt: Doubt, judgements: Judgements) -> bool:
    """Whether somebody decided in each of the documents alone."""
    return all(judgements.between(doubt.left, doubt.right, document) is not None for document in doubt.documents)


def _joined(found: StatementSet) -> Iterator[Likeness]:
    """Surface forms that a rule which is not always right bound to an entity."""
    sureness = load_variants().sureness
    for binding in found.bindings:
        rules = [rule for rule in binding.rule.split("; ") if rule in sureness]
        if rules and binding.own != binding.entity:
            names = binding.surface, found.entities[binding.entity].name
            yield binding.own, binding.entity, min(rules, key=sureness.__getitem__), names, True


def _apart(found: StatementSet) -> Iterator[Likeness]:
    """Entities whose names are much alike, of which the registry does not know both. Ordinary names are left out: that
    many things are called so is expected."""
    by_type: dict[str, list[Entity]] = defaultdict(list)
    by_key: dict[str, list[Entity]] = defaultdict(list)
    ordinary = {binding.entity for binding in found.bindings if binding.rule == ORDINARY}
    for entity in found.entities.values():
        if entity.id in ordinary:
            continue
        by_type[entity.type].append(entity)
        by_key[fold(entity.name)].append(entity)
    for same in by_key.values():
        yield from _alike((one, other, TYPES) for one in same for other in same if one.type != other.type)
    for kind, entities in sorted(by_type.items()):
        yield from _alike(_written_otherwise(entities, kind))
        yield from _alike(_a_letter_apart(entities))
        yield from _alike(_shorter(entities))


def _alike(pairs: Iterable[tuple[Entity, Entity, str]]) -> Iterator[Likeness]:
    for one, other, rule in pairs:
        if not (one.registered and other.registered):
            left, right = sorted((one, other), key=lambda entity: (entity.registered, entity.id))
            yield left.id, right.id, rule, (left.name, right.name), False


def _written_otherwise(entities: Iterable[Entity], kind: str) -> Iterator[tuple[Entity, Entity, str]]:
    """Names that only somebody well known would be taken by: a nickname, another order of the names."""
    groups: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        groups[loose_key(entity.name, kind, known=True)].append(entity)
    for group in groups.values():
        first, *others = sorted(group, key=lambda entity: (not entity.registered, entity.id))
        for other in others:
            rule = agreement(first.name, other.name, kind, known=True)
            if rule not in (None, FOLDING):
                yield first, other, str(rule)


def _a_letter_apart(entities: Iterable[Entity]) -> Iterator[tuple[Entity, Entity, str]]:
    by_key: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        by_key[fold(entity.name)].append(entity)
    known = load_spellings(by_key)
    for key, same in sorted(by_key.items()):
        for rival in near(key, known):
            yield from ((one, other, LETTER) for one in same for other in by_key[rival])


def _shorter(entities: Iterable[Entity]) -> Iterator[tuple[Entity, Entity, str]]:
    """A new name that is the first words of another, or its acronym, where there is only one such other."""
    first_words: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        words = entity.name.split()
        for count in range(1, len(words)):
            first_words[" ".join(words[:count])].append(entity)
    long = [entity for entity in entities if " " in entity.name]
    for entity in entities:
        if entity.registered or (entity.type == "Person" and " " not in entity.name):
            continue
        if len(entity.name) >= FIRST_WORD and len(first_words[entity.name]) == 1:
            yield entity, first_words[entity.name][0], SHORT
        if entity.name.isupper() and entity.name.isalpha() and len(entity.name) in ACRONYM_LENGTHS:
            meant = [other for other in long if _initials(other.name) == entity.name]
            if len(meant) == 1:
                yield entity, meant[0], ACRONYM


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())


def _examples(found: StatementSet) -> dict[str, list[Binding]]:
    """The bindings that name each id, as their own or as what they stand for."""
    examples: dict[str, list[Binding]] = defaultdict(list)
    for binding in found.bindings:
        for id_ in {binding.own, binding.entity}:
            examples[id_].append(binding)
    return examples


def _doubt(
    left: str,
    right: str,
    rule: str,
    names: tuple[str, str],
    *,
    joined: bool,
    found: StatementSet,
    examples: Mapping[str, list[Binding]],
) -> Doubt:
    if joined:
        shown = [each for each in examples[left] if each.entity == right]
        other = next((each for each in examples[right] if each.own != left), None)
        quoted = [*shown[:1], *([other] if other is not None else [])]
    else:
        shown = [*examples[left], *examples[right]]
        quoted = [*examples[left][:1], *examples[right][:1]]
    return Doubt(
        left=left,
        right=right,
        names=names,
        joined=joined,
        rule=rule,
        sureness=load_variants().sureness.get(rule, DOUBTFUL),
        documents=tuple(sorted({each.document for each in shown})),
        quotes=tuple(_quote(each, found.documents[each.document]) for each in quoted),
    )


def _quote(binding: Binding, document: Document) -> Quote:
    start, end = binding.start, binding.end
    before, after = document.text[max(0, start - AROUND) : start], document.text[end : end + AROUND]
    return Quote(document.name, _in_line(before), binding.surface, _in_line(after))


def _in_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
