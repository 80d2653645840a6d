"""From relation mentions to statements: who is meant, and which mentions tell of the same instalment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.model import (
    Amount,
    Belonging,
    Binding,
    Document,
    Entity,
    Evidence,
    Extracted,
    Qualifiers,
    Statement,
    StatementSet,
    content_hash,
)
from kg.resolve.ids import refusal
from kg.resolve.judgements import NO_JUDGEMENTS, Judgements
from kg.resolve.link import link
from kg.resolve.linking import Link
from kg.resolve.merging import Linked, mentions_of, over_documents
from kg.resolve.registry import Registry
from kg.resolve.reprints import Age, reprints, signature
from kg.schema import Relation, Schema

ROUNDING = Decimal("0.01")
BOUNDS = ("exact", "about", "at_least", "up_to")
"""The plainest claim first."""

Ends = tuple[str, str, str | None]
"""Subject, relation, object."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A surface form that is no name of anything, and why. `document`: the name of the document that it stands in."""

    document: str
    surface: str
    reason: str


def resolve(
    extracted: Iterable[Extracted],
    registry: Registry,
    schema: Schema,
    *,
    judgements: Judgements = NO_JUDGEMENTS,
    on_refused: Callable[[Refused], None] = lambda refused: None,
) -> StatementSet:
    """The statements of all documents, whatever their order. A document that comes twice (same text) counts once.

    `on_refused` is called for each surface form that is no name of anything; what is stated of it is left out.
    """
    linked = [
        Linked(each, link(mentions_of(each), each.document.text, registry, judgements=judgements))
        for each in one_of_each_text(extracted)
    ]
    for each in linked:
        for refused in refused_names(each):
            on_refused(refused)
    linked = over_documents(linked, registry, schema, judgements)
    gathered: dict[Ends, list[Evidence]] = defaultdict(list)
    for each in linked:
        for ends, evidence in stated(each, schema):
            gathered[ends].append(evidence)
    statements = [s for ends, evidence in gathered.items() for s in statements_between(ends, evidence, schema)]
    documents = {each.extracted.document.hash: each.extracted.document for each in linked}
    return StatementSet(
        documents=documents,
        entities={entity.id: entity for entity in sorted(_entities(linked), key=lambda e: e.id)},
        statements=tuple(sorted(statements, key=lambda s: s.id)),
        bindings=tuple(binding for each in linked for binding in bindings_of(each)),
        belongings=belongings_of((link.entity for each in linked for link in each.links.values()), registry),
        reprints=reprints(
            {hash_: signature(each.text) for hash_, each in documents.items()},
            {hash_: age(hash_, each) for hash_, each in documents.items()},
        ),
    )


def one_of_each_text(extracted: Iterable[Extracted]) -> tuple[Extracted, ...]:
    """Each text once, sorted by its hash."""
    found: dict[str, Extracted] = {}
    for each in extracted:
        known = found.get(each.document.hash)
        if known is None or copy_order(each.document) < copy_order(known.document):
            found[each.document.hash] = each
    return tuple(each for _, each in sorted(found.items()))


def copy_order(document: Document) -> tuple[str, ...]:
    """Sort key for copies of one text: the first in this order is the one that counts."""
    parts = (document.name, document.path, document.date, document.title, document.publisher, document.url)
    return tuple(part or "" for part in parts)


def age(document_hash: str, document: Document) -> Age:
    """Sort key for reprints, of which the first is the original: by date, what has none last; then as for copies."""
    return (document.date is None, document.date or "", *copy_order(document), document_hash)


def refused_names(each: Linked) -> Iterator[Refused]:
    """The surface forms of a document that stand for nothing, sorted."""
    for surface in sorted({mention.surface for mention in mentions_of(each.extracted)} - each.links.keys()):
        yield Refused(each.extracted.document.name, surface, refusal(surface) or "")


def statements_between(ends: Ends, evidence: Iterable[Evidence], schema: Schema) -> Iterator[Statement]:
    """The statements of one relation between two ends, from all that the documents say of it."""
    for instalment in _instalments(evidence):
        yield _statement(ends, instalment, schema)


def stated(each: Linked, schema: Schema) -> list[tuple[Ends, Evidence]]:
    """What a document states of the entities that its names stand for."""
    evidence: list[tuple[Ends, Evidence]] = []
    for relation_mention in each.extracted.relations:
        relation = schema.relations[relation_mention.relation]
        subject = each.links.get(relation_mention.subject.surface)
        other = each.links.get(relation_mention.object.surface) if relation_mention.object else None
        if subject is None or (other is None and relation_mention.object is not None):
            continue
        if subject.type not in relation.domain or (other and other.type not in relation.range):
            continue
        if other is not None and other.entity == subject.entity:
            continue
        evidence.append((_ends(subject, relation, other), relation_mention.evidence))
    return _without_weaker(evidence, schema)


def bindings_of(each: Linked) -> Iterator[Binding]:
    """The surface forms of a document with what they stand for, sorted."""
    places: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for mention in mentions_of(each.extracted):
        places[mention.surface].add((mention.start, mention.end))
    for surface, found in sorted(each.links.items()):
        start, end = min(places[surface])
        count, document = len(places[surface]), each.extracted.document.hash
        yield Binding(document, surface, found.own, found.entity, found.rule, count, start, end)


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


def _entities(linked: Iterable[Linked]) -> Iterator[Entity]:
    links: dict[str, set[Link]] = defaultdict(set)
    surfaces: dict[str, set[str]] = defaultdict(set)
    for each in linked:
        for surface, target in each.links.items():
            links[target.entity].add(target)
            surfaces[target.entity].add(surface)
    for entity, targets in links.items():
        fullest = min(targets, key=lambda t: (-len(t.name), t.name))
        yield Entity(entity, fullest.name, fullest.type, tuple(sorted(surfaces[entity])), fullest.registered)


def belongings_of(entities: Iterable[str], registry: Registry) -> tuple[Belonging, ...]:
    """Parents and makers of the entities that the registry knows, and the parents of those, each once, sorted."""
    open_, done = set(entities), set[str]()
    found = []
    while open_:
        entry = registry.entries.get(id_ := open_.pop())
        done.add(id_)
        for by, owner in (("maker", entry.maker), ("parent", entry.parent)) if entry is not None else ():
            if owner is not None:
                found.append(Belonging(id_, by, owner, registry.entries[owner].name))
                open_ |= {owner} - done
    return tuple(sorted(found, key=lambda each: (each.entity, each.by)))


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


def statement_id(ends: Ends, qualifiers: Qualifiers) -> str:
    """The id of a statement: the hash of its ends, its sum and its date."""
    amount = qualifiers.amount
    instalment = (f"{amount.value.normalize():f}", *_sort(amount)) if amount else ()
    return content_hash(ends[0], ends[1], ends[2] or "", *instalment, qualifiers.date or "")


def _statement(ends: Ends, evidence: tuple[Evidence, ...], schema: Schema) -> Statement:
    qualifiers = _merged([each.qualifiers for each in evidence])
    return Statement(
        id=statement_id(ends, qualifiers),
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
