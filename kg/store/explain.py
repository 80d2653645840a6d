"""Why the graph says what it says: statements with the words, documents and rules behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kg.errors import KgError
from kg.model import Belonging, Binding, Document, Entity, Evidence, Statement, StatementSet
from kg.schema import Relation, Schema


@dataclass(frozen=True, slots=True)
class Citation:
    """One piece of evidence with what is known of its document. `quote` is verbatim; `evidence` has its offsets.

    `reprint_of`: title, publisher and date of the document that this one is a reprint of, if it is one.
    """

    quote: str
    status: str
    confidence: float
    rule: str
    document: str
    title: str | None
    publisher: str | None
    date: str | None
    url: str | None
    evidence: Evidence
    reprint_of: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A statement, its ends as entities, and every citation behind it, those of reprints after that of their original.

    `sources`: how many independent documents state it with its status.
    """

    statement: Statement
    subject: Entity
    object: Entity | None
    citations: tuple[Citation, ...]
    sources: int = 1


@dataclass(frozen=True, slots=True)
class EntityExplanation:
    """An entity, what is known of it beforehand, and every surface form that stands for it, by document."""

    entity: Entity
    belongings: tuple[Belonging, ...]
    bindings: tuple[tuple[Binding, Document], ...]


def explain_entities(name: str, found_in: StatementSet) -> list[EntityExplanation]:
    """Why `name` means what it means, for each entity that it may mean, sorted by id."""
    return [
        EntityExplanation(
            entity=found_in.entities[id_],
            belongings=tuple(each for each in found_in.belongings if each.entity == id_),
            bindings=tuple((b, found_in.documents[b.document]) for b in found_in.bindings if b.entity == id_),
        )
        for id_ in sorted(find_entities(name, found_in.entities))
    ]


def find_entities(name: str, entities: Mapping[str, Entity]) -> frozenset[str]:
    """The ids that `name` means: an id, else a name or an alias as written, else either whatever its case.

    Raises `KgError` with the nearest names where nothing fits.
    """
    if name in entities:
        return frozenset((name,))
    for fold in (str, str.casefold):
        wanted = fold(name)
        found = {e.id for e in entities.values() if wanted in {fold(form) for form in (e.name, *e.aliases)}}
        if found:
            return frozenset(found)
    raise KgError(f"no entity is called {name!r}" + _nearest(name, entities.values()))


def find_document(name: str, documents: Mapping[str, Document]) -> str:
    """The hash of the document that `name` means: a hash, or the name of one document alone. Raises `KgError`."""
    fitting = sorted(key for key, each in documents.items() if name in (key, each.name))
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise KgError(f"several documents are called {name!r}: give one of the hashes {', '.join(fitting)}")
    near = get_close_matches(name, sorted({each.name for each in documents.values()}))
    hint = "; did you mean " + ", ".join(map(repr, near)) + "?" if near else ""
    raise KgError(f"the graph has no document {name!r}{hint}")


def find_relation(name: str, schema: Schema) -> Relation:
    """The relation of that name, in either spelling. Raises `KgError` with the nearest name."""
    try:
        return schema.relation(name)
    except KeyError as error:
        raise KgError(str(error.args[0])) from error


def select(
    statements: StatementSet,
    schema: Schema,
    *,
    relation: str | None = None,
    subject: str | None = None,
    object: str | None = None,  # noqa: A002  the word of the data model
    status: str | None = None,
) -> tuple[Statement, ...]:
    """The statements that fit all that is given, in the set's order. A symmetric relation fits either way round."""
    wanted = find_relation(relation, schema).name if relation is not None else None
    if status is not None and status not in schema.statuses:
        raise KgError(f"no status {status!r}: known are {', '.join(schema.statuses)}")
    subjects = find_entities(subject, statements.entities) if subject is not None else None
    objects = find_entities(object, statements.entities) if object is not None else None

    def fits(statement: Statement) -> bool:
        ends = [(statement.subject, statement.object)]
        if statement.object is not None and schema.relations[statement.relation].symmetric:
            ends.append((statement.object, statement.subject))
        return (
            wanted in (None, statement.relation)
            and status in (None, statement.status)
            and any((subjects is None or s in subjects) and (objects is None or o in objects) for s, o in ends)
        )

    return tuple(filter(fits, statements.statements))


def explain(statements: Iterable[Statement], found_in: StatementSet, schema: Schema) -> list[Explanation]:
    """Each statement with its citations, the strongest status first."""
    ranked = sorted(statements, key=lambda s: (schema.statuses.index(s.status), s.id))
    return [
        Explanation(
            statement=statement,
            subject=found_in.entities[statement.subject],
            object=found_in.entities[statement.object] if statement.object is not None else None,
            citations=tuple(_cite(evidence, found_in) for evidence in _grouped(statement.evidence, found_in)),
            sources=found_in.sources(statement),
        )
        for statement in ranked
    ]


def _grouped(evidence: Sequence[Evidence], found_in: StatementSet) -> list[Evidence]:
    """The evidence of each original, then that of its reprints, together; else as it is."""
    first: dict[str, int] = {}
    for place, each in enumerate(evidence):
        first.setdefault(found_in.original(each.document), place)
    return sorted(evidence, key=lambda e: (first[found_in.original(e.document)], e.document in found_in.reprints))


def _cite(evidence: Evidence, found_in: StatementSet) -> Citation:
    document, original = (found_in.documents[key] for key in (evidence.document, found_in.original(evidence.document)))
    source = ", ".join(filter(None, (original.title or original.name, original.publisher, original.date)))
    return Citation(
        quote=evidence.quote,
        status=evidence.status,
        confidence=evidence.confidence,
        rule=evidence.rule,
        document=document.name,
        title=document.title,
        publisher=document.publisher,
        date=document.date,
        url=document.url,
        evidence=evidence,
        reprint_of=None if original is document else source,
    )


def _nearest(name: str, entities: Iterable[Entity]) -> str:
    from rapidfuzz import fuzz, process

    forms = sorted({form for entity in entities for form in (entity.name, *entity.aliases)})
    near = process.extract(name, forms, scorer=fuzz.WRatio, processor=str.casefold, limit=3, score_cutoff=60)
    return "; did you mean " + ", ".join(repr(form) for form, _, _ in near) + "?" if near else ""
