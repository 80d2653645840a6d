"""From relation mentions to statements: who is meant, and which mentions tell of the same instalment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.model import (
    Amount,
    Document,
    Entity,
    Evidence,
    Mention,
    Qualifiers,
    RelationMention,
    Statement,
    StatementSet,
    content_hash,
)
from kg.resolve.link import Link, link
from kg.resolve.registry import Registry
from kg.schema import Relation, Schema

ROUNDING = Decimal("0.01")
BOUNDS = ("exact", "about", "at_least", "up_to")
"""The plainest claim first."""

Ends = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one document yields before resolution: all mentions of names, and the relation mentions."""

    document: Document
    mentions: tuple[Mention, ...]
    relations: tuple[RelationMention, ...]


@dataclass(frozen=True, slots=True)
class _Findings:
    """What one document yields after its names are linked."""

    document: Document
    links: Mapping[str, Link]
    surfaces: Mapping[str, Counter[str]]
    evidence: Sequence[tuple[Ends, Evidence]]


def resolve(extracted: Iterable[Extracted], registry: Registry, schema: Schema) -> StatementSet:
    """The statements of all documents, whatever their order. A document that comes twice (same text) counts once."""
    findings: dict[str, _Findings] = {}
    for each in extracted:
        known = findings.get(each.document.hash)
        if known is None or _identity(each.document) < _identity(known.document):
            findings[each.document.hash] = _find(each, registry, schema)
    in_order = [found for _, found in sorted(findings.items())]
    gathered: dict[Ends, list[Evidence]] = defaultdict(list)
    for found in in_order:
        for ends, evidence in found.evidence:
            gathered[ends].append(evidence)
    statements = [
        _statement(ends, instalment, schema)
        for ends, evidence in gathered.items()
        for instalment in _instalments(evidence)
    ]
    return StatementSet(
        documents={found.document.hash: found.document for found in in_order},
        entities={entity.id: entity for entity in sorted(_entities(in_order), key=lambda e: e.id)},
        statements=tuple(sorted(statements, key=lambda s: s.id)),
    )


def _identity(document: Document) -> tuple[str, ...]:
    """What tells copies of one text apart: the first in this order is the one that counts."""
    parts = (document.name, document.path, document.date, document.title, document.publisher, document.url)
    return tuple(part or "" for part in parts)


def _find(each: Extracted, registry: Registry, schema: Schema) -> _Findings:
    mentions = [*each.mentions, *(end for r in each.relations for end in (r.subject, r.object) if end is not None)]
    links = link(mentions, each.document.text, registry)
    evidence: list[tuple[Ends, Evidence]] = []
    for relation_mention in each.relations:
        relation = schema.relations[relation_mention.relation]
        subject = links[relation_mention.subject.surface]
        other = links[relation_mention.object.surface] if relation_mention.object else None
        if subject.type not in relation.domain or (other and other.type not in relation.range):
            continue
        if other is not None and other.entity == subject.entity:
            continue
        evidence.append((_ends(subject, relation, other), relation_mention.evidence))
    kept: dict[str, Link] = {}
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        found = links[mention.surface]
        kept[mention.surface] = found
        surfaces[found.entity][mention.surface] += 1
    return _Findings(each.document, kept, surfaces, _without_weaker(evidence, schema))


def _without_weaker(evidence: Sequence[tuple[Ends, Evidence]], schema: Schema) -> list[tuple[Ends, Evidence]]:
    """The evidence of a document without relations that yield to a stronger one between the same two entities."""
    told = {(relation, frozenset((subject, other))) for (subject, relation, other), _ in evidence}

    def yields(ends: Ends) -> bool:
        return any((r, frozenset((ends[0], ends[2]))) in told for r in schema.relations[ends[1]].yields_to)

    return [(ends, each) for ends, each in evidence if not yields(ends)]


def _ends(subject: Link, relation: Relation, other: Link | None) -> Ends:
    if other is None:
        return subject.entity, relation.name, None
    if relation.symmetric and other.entity < subject.entity:
        subject, other = other, subject
    return subject.entity, relation.name, other.entity


def _entities(findings: Iterable[_Findings]) -> Iterator[Entity]:
    links: dict[str, set[Link]] = defaultdict(set)
    surfaces: dict[str, set[str]] = defaultdict(set)
    for found in findings:
        for surface, target in found.links.items():
            links[target.entity].add(target)
            surfaces[target.entity].add(surface)
    for entity, targets in links.items():
        fullest = min(targets, key=lambda t: (-len(t.name), t.name))
        yield Entity(entity, fullest.name, fullest.type, tuple(sorted(surfaces[entity])), fullest.registered)


def _instalments(evidence: Iterable[Evidence]) -> Iterator[tuple[Evidence, ...]]:
    """Evidence that tells of the same instalment: sums within rounding and of one sort, dates that agree.

    A sum without a date belongs to the first instalment that it fits, a date without a sum to the only one; what has
    neither supports the only instalment there is, and stands alone where there are several. A cumulative sum is no
    instalment, so it takes in nothing that names no sum.
    """
    told: dict[_Said, set[Evidence]] = defaultdict(set)
    for each in _surest(evidence):
        told[_Said.of(each.qualifiers)].add(each)
    groups: list[list[_Said]] = []
    for said in sorted(told, key=_Said.order):
        fitting = [group for group in groups if all(_agree(said, other) for other in group)]
        if len(fitting) == 1 or (fitting and said.amount is not None and said.date is None):
            fitting[0].append(said)
        else:
            groups.append([said])
    for group in groups:
        yield tuple(sorted((each for said in group for each in told[said]), key=_reading_order))


def _surest(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    """Of evidence that differs in nothing but its confidence, the surest."""
    rising = sorted(evidence, key=lambda each: each.confidence)
    return {replace(each, confidence=1.0): each for each in rising}.values()


@dataclass(frozen=True, slots=True)
class _Said:
    """What tells instalments of one relation apart. `sort`: currency, kind, and whether the sum is only a ceiling."""

    amount: Decimal | None
    sort: tuple[str, ...]
    date: str | None

    @classmethod
    def of(cls, qualifiers: Qualifiers) -> _Said:
        amount = qualifiers.amount
        return cls(amount.value if amount else None, _sort(amount), qualifiers.date)

    def order(self) -> tuple[int, int, str, Decimal, tuple[str, ...]]:
        """Sums come before dates alone, and what is dated most precisely comes first."""
        says = (self.amount is None) * 2 + (self.date is None)
        return says, -len(self.date or ""), self.date or "", self.amount or Decimal(0), self.sort


def _sort(amount: Amount | None) -> tuple[str, ...]:
    return (amount.currency, amount.kind, "ceiling" if amount.bound == "up_to" else "sum") if amount else ()


def _agree(one: _Said, other: _Said) -> bool:
    dates = one.date is None or other.date is None or one.date.startswith(other.date) or other.date.startswith(one.date)
    if one.amount is None or other.amount is None:
        return dates and "cumulative" not in one.sort + other.sort
    near = abs(one.amount - other.amount) <= ROUNDING * max(one.amount, other.amount)
    return dates and near and one.sort == other.sort


def _reading_order(evidence: Evidence) -> tuple[str, int, int, str, str]:
    return evidence.document, evidence.start, evidence.end, evidence.rule, repr(evidence)


def _statement(ends: Ends, evidence: tuple[Evidence, ...], schema: Schema) -> Statement:
    qualifiers = _merged([each.qualifiers for each in evidence])
    amount = qualifiers.amount
    instalment = (f"{amount.value.normalize():f}", *_sort(amount)) if amount else ()
    return Statement(
        id=content_hash(ends[0], ends[1], ends[2] or "", *instalment, qualifiers.date or ""),
        subject=ends[0],
        relation=ends[1],
        object=ends[2],
        status=schema.best_status({each.status for each in evidence}),
        qualifiers=qualifiers,
        evidence=evidence,
    )


def _merged(found: Sequence[Qualifiers]) -> Qualifiers:
    """The qualifiers of a statement: the plainest sum, the most precise date, the first of every other."""
    amounts = [each.amount for each in found if each.amount is not None]
    return Qualifiers(
        amount=min(amounts, key=lambda a: (BOUNDS.index(a.bound), a.value), default=None),
        date=min((each.date for each in found if each.date), key=lambda d: (-len(d), d), default=None),
        round=next((each.round for each in found if each.round), None),
        lead=any(each.lead for each in found),
        role=next((each.role for each in found if each.role), None),
        period=next((each.period for each in found if each.period), None),
    )
