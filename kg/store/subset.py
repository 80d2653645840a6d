"""A part of a statement set, with what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable

from kg.model import Statement, StatementSet


def only(found: StatementSet, statements: Iterable[Statement], *, also: Iterable[str] = ()) -> StatementSet:
    """The set with these statements alone, in the order given, and what they speak of; `also`: ids of entities to keep
    beside. All that is known beforehand stays, as owners are found through entities that nothing is stated of."""
    kept = tuple(statements)
    entities = {end for each in kept for end in (each.subject, each.object) if end is not None} | set(also)
    cited = {evidence.document for each in kept for evidence in each.evidence}
    documents = cited | {found.original(each) for each in cited}
    return StatementSet(
        documents={key: each for key, each in found.documents.items() if key in documents},
        entities={key: each for key, each in found.entities.items() if key in entities},
        statements=kept,
        bindings=tuple(b for b in found.bindings if b.document in documents and b.entity in entities),
        belongings=found.belongings,
        reprints={each: original for each, original in found.reprints.items() if each in cited},
    )
