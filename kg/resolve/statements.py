"""From relation mentions to statements: who is meant, and which mentions tell of the same instalment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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

Ends = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one document yields before resolution: all mentions of names, and the relation mentions."""

    document: Document
    mentions: tuple[Mention, ...]
    relations: tuple[RelationMention, ...]


@dataclass(slots=True)
class _Gathered:
    """What has been gathered over the documents so far."""

    documents: dict[str, Document] = field(default_factory=dict)
    surfaces: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    links: dict[str, Link] = field(default_factory=dict)
    evidence: dict[Ends, list[Evidence]] = field(default_factory=lambda: defaultdict(list))


def resolve(extracted: Iterable[Extracted], registry: Registry, schema: Schema) -> StatementSet:
    """The statements of all documents. A document that comes twice (same text) counts once."""
    gathered = _Gathered()
    for each in extracted:
        if each.document.hash not in gathered.documents:
            gathered.documents[each.document.hash] = each.document
            _gather(each, gathered, registry, schema)
    statements = [
        _statement(ends, evidence, schema)
        for ends, found in sorted(gathered.evidence.items(), key=lambda item: _sortable(item[0]))
        for evidence in _instalments(found)
    ]
    return StatementSet(
        documents=dict(sorted(gathered.documents.items())),
        entities=dict(sorted((e.id, e) for e in _entities(gathered))),
        statements=tuple(sorted(statements, key=lambda s: s.id)),
    )


def _gather(each: Extracted, gathered: _Gathered, registry: Registry, schema: Schema) -> None:
    ends = [end for r in each.relations for end in (r.subject, r.object) if end is not None]
    links = link([*each.mentions, *ends], each.document.text, registry)
    stated: set[str] = set()
    for relation_mention in each.relations:
        relation = schema.relations[relation_mention.relation]
        subject = links[relation_mention.subject.surface]
        other = links[relation_mention.object.surface] if relation_mention.object else None
        if subject.type not in relation.domain or (other and other.type not in relation.range):
            continue
        if other is not None and other.entity == subject.entity:
            continue
        key = _ends(subject, relation, other)
        gathered.evidence[key].append(relation_mention.evidence)
        stated |= {subject.entity} | ({other.entity} if other else set())
    for mention in [*each.mentions, *ends]:
        found = links[mention.surface]
        if mention.sure or found.registered or found.entity in stated:
            gathered.links.setdefault(found.entity, found)
            gathered.surfaces[found.entity][mention.surface] += 1


def _ends(subject: Link, relation: Relation, other: Link | None) -> Ends:
    if other is None:
        return subject.entity, relation.name, None
    if relation.symmetric and other.entity < subject.entity:
        subject, other = other, subject
    return subject.entity, relation.name, other.entity


def _entities(gathered: _Gathered) -> Iterator[Entity]:
    for entity, found in gathered.links.items():
        surfaces = gathered.surfaces[entity]
        fullest = min(surfaces, key=lambda s: (-len(s), s))
        name = found.name if found.registered else fullest
        yield Entity(entity, name, found.type, tuple(sorted(surfaces)), found.registered)


def _instalments(evidence: Sequence[Evidence]) -> Iterator[tuple[Evidence, ...]]:
    """Evidence that tells of the same instalment: amounts within rounding and of one kind, dates that agree.

    Evidence without amount and date supports the only instalment there is; where there are several, it stands alone.
    """
    groups: list[list[Evidence]] = []
    bare: list[Evidence] = []
    for each in sorted(evidence, key=lambda e: _precision(e.qualifiers)):
        if each.qualifiers.amount is None and each.qualifiers.date is None:
            bare.append(each)
            continue
        fitting = [group for group in groups if all(_agree(each.qualifiers, other.qualifiers) for other in group)]
        if len(fitting) == 1 or (fitting and each.qualifiers.amount is not None and each.qualifiers.date is None):
            fitting[0].append(each)
        else:
            groups.append([each])
    if bare and len(groups) == 1:
        groups[0].extend(bare)
    elif bare:
        groups.append(bare)
    for group in groups:
        yield tuple(sorted(group, key=lambda e: (e.document, e.start, e.end, e.rule)))


def _precision(qualifiers: Qualifiers) -> tuple[int, int, str, str]:
    """Sort key: evidence that says most comes first."""
    amount, date = qualifiers.amount, qualifiers.date
    return (amount is None) + (date is None), -len(date or ""), date or "", str(amount.value) if amount else ""


def _agree(one: Qualifiers, other: Qualifiers) -> bool:
    amounts = one.amount is None or other.amount is None or _same_sum(one.amount, other.amount)
    dates = one.date is None or other.date is None or one.date.startswith(other.date) or other.date.startswith(one.date)
    return amounts and dates


def _same_sum(one: Amount, other: Amount) -> bool:
    near = abs(one.value - other.value) <= ROUNDING * max(one.value, other.value)
    return near and one.currency == other.currency and one.kind == other.kind


def _statement(ends: Ends, evidence: tuple[Evidence, ...], schema: Schema) -> Statement:
    qualifiers = _merged([each.qualifiers for each in evidence])
    amount = qualifiers.amount
    instalment = (str(amount.value), amount.currency, amount.kind) if amount else ()
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
    """The qualifiers of a statement: the most precise date, the first of every other that any evidence gives."""
    merged = found[0]
    for each in found[1:]:
        merged = replace(
            merged,
            amount=merged.amount or each.amount,
            date=max((merged.date, each.date), key=lambda d: len(d or "")),
            round=merged.round or each.round,
            lead=merged.lead or each.lead,
            role=merged.role or each.role,
            period=merged.period or each.period,
        )
    return merged


def _sortable(ends: Ends) -> tuple[str, str, str]:
    return ends[0], ends[1], ends[2] or ""
