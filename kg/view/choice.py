"""Which statements a picture or a page shows: the best connected, those around an entity, those of a query's result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import unquote

from kg.errors import KgError
from kg.model import Statement, StatementSet
from kg.schema import ID_BASE, NAMESPACE, Schema
from kg.store.explain import find_entities
from kg.store.names import PROP, PROP_STATEMENT, Ids
from kg.store.subset import only
from kg.view.picture import ends_of
from kg.view.wording import plain

if TYPE_CHECKING:
    from kg.query.results import Table

Row = Sequence[str | None]
"""The cells of a result's row: the IRI of each, None for what is no IRI."""


@dataclass(frozen=True, slots=True)
class Link:
    """A triple between two entities that no statement stands behind. `label`: the local name of its predicate."""

    start: str
    end: str
    label: str


class Chosen(TypedDict, total=False):
    """What a picture or page shows: what a query found (`result`, and `along`, the entities that it was asked about),
    what is around an `entity` up to `hops` statements away, or so many of the best connected (`top`)."""

    result: Table | None
    along: Iterable[str]
    entity: str | None
    hops: int
    top: int | None


def chosen_by(
    statements: StatementSet,
    schema: Schema,
    *,
    result: Table | None = None,
    along: Iterable[str] = (),
    entity: str | None = None,
    hops: int = 1,
    top: int | None = None,
    statuses: Collection[str] | None = None,
    id_base: str = ID_BASE,
) -> StatementSet:
    """What `choose` chooses, by the result of a query: its triples if it is a graph, else its rows."""
    found = cells(result) if result is not None else None
    is_graph = result is not None and result.kind == "graph"
    return choose(
        statements,
        schema,
        top=top,
        entity=entity,
        hops=hops,
        triples=found if is_graph else None,
        rows=None if is_graph else found,
        along=along,
        statuses=statuses,
        id_base=id_base,
    )


def choose(
    statements: StatementSet,
    schema: Schema,
    *,
    top: int | None = None,
    entity: str | None = None,
    hops: int = 1,
    triples: Iterable[Row] | None = None,
    rows: Iterable[Row] | None = None,
    along: Iterable[str] = (),
    statuses: Collection[str] | None = None,
    id_base: str = ID_BASE,
) -> StatementSet:
    """The statements that fit all that is given, with their entities and documents, in the set's order.

    `statuses`: of one of these. `triples`, of a CONSTRUCT: the statements of the edges (`id:a kg:investsIn id:b`,
    either way round for a symmetric relation) and those named (`st:...`). `rows`, of a SELECT: the statements named in
    them; where none is, those between entities of one row; where no row has two, those between any; `along`:
    entities that each row holds beside (those that the query was asked about). `entity`: those between entities up to
    `hops` statements away from it. Both are names, aliases or ids. `top`: those between so many
    entities at most, the nearest to `entity` and the best connected; sums in the place of an object take the
    room that they leave.

    Raises `KgError` for an unknown entity, and where a result or an entity leaves nothing.
    """
    kept = [each for each in statements.statements if statuses is None or each.status in statuses]
    ends: set[str] = set()
    beside = [Ids(id_base).entity(id_) for name in along for id_ in sorted(find_entities(name, statements.entities))]
    for given, of in ((triples, _of_triples), (rows, _of_rows)):
        if given is None:
            continue
        asked = [(*row, *beside) for row in given] if of is _of_rows else list(given)
        wanted = of(asked, statements, schema, id_base)
        plain_links = links(statements, asked, schema, id_base=id_base) if of is _of_triples else ()
        kept = [each for each in kept if each.id in wanted]
        ends |= {end for link in plain_links for end in (link.start, link.end)}
        if not kept and not plain_links:
            hidden = " of these statuses" if wanted else ""
            raise KgError(f"the query's result holds no statement{hidden}: let it hold edges, statements or entities")
    distance: dict[str, int] = {}
    if entity is not None:
        distance = _distances(kept, find_entities(entity, statements.entities), hops)
        kept = [each for each in kept if _near(each, distance, hops)]
        if not kept:
            raise KgError(f"nothing is stated about {entity!r}" + (" with these statuses" if statuses else ""))
    if top is not None:
        best = _best_connected(kept, top, distance)
        kept = [each for each in kept if best.issuperset(ends_of(each))]
    return only(statements, kept, also=ends)


def links(
    statements: StatementSet, triples: Iterable[Row], schema: Schema, *, id_base: str = ID_BASE
) -> tuple[Link, ...]:
    """The triples between two of our entities that no statement of `statements` stands behind, sorted."""
    ids, edges = Ids(id_base), _edges(statements, schema)
    found = set()
    for subject, predicate, value in _whole(triples):
        start, end = (_entity(iri, statements, ids) for iri in (subject, value))
        if start is not None and end is not None and (start, _relation(predicate), end) not in edges:
            name = predicate.replace("#", "/").rstrip("/").rpartition("/")[2]
            found.add(Link(start, end, plain(unquote(name, errors="replace"))))
    return tuple(sorted(found, key=lambda link: (link.start, link.end, link.label)))


def cells(table: Table) -> list[Row]:
    """The rows of a query's result as IRIs."""
    from pyoxigraph import NamedNode

    return [tuple(cell.value if isinstance(cell, NamedNode) else None for cell in row) for row in table.terms]


def _of_triples(triples: Iterable[Row], statements: StatementSet, schema: Schema, id_base: str) -> frozenset[str]:
    """Ids of the statements that these triples are the edges of, or name."""
    ids, edges = Ids(id_base), _edges(statements, schema)
    asked = list(triples)
    found = _named(asked, statements, ids)
    for subject, predicate, value in _whole(asked):
        start, end = (_entity(iri, statements, ids) for iri in (subject, value))
        if start is not None and end is not None:
            found |= edges.get((start, _relation(predicate), end), set())
    return frozenset(found)


def _of_rows(rows: Iterable[Row], statements: StatementSet, schema: Schema, id_base: str) -> frozenset[str]:
    ids = Ids(id_base)
    asked = list(rows)
    named = _named(asked, statements, ids)
    if named:
        return frozenset(named)
    found = [[id_ for iri in row if iri and (id_ := _entity(iri, statements, ids))] for row in asked]
    together = {frozenset(pair) for row in found for pair in combinations(sorted(set(row)), 2)}
    anyone = {id_ for row in found for id_ in row}
    return frozenset(
        each.id
        for each in statements.statements
        if each.object is not None
        and (frozenset((each.subject, each.object)) in together if together else {each.subject, each.object} <= anyone)
    )


def _named(rows: Iterable[Row], statements: StatementSet, ids: Ids) -> set[str]:
    prefix = ids.base + "statement/"
    given = {ids.local(iri, "statement/") for row in rows for iri in row if iri and iri.startswith(prefix)}
    return given & {each.id for each in statements.statements}


def _whole(triples: Iterable[Row]) -> Iterator[tuple[str, str, str]]:
    """The triples whose three cells are IRIs."""
    for triple in triples:
        if len(triple) == 3:
            subject, predicate, value = triple
            if subject is not None and predicate is not None and value is not None:
                yield subject, predicate, value


def _entity(iri: str, statements: StatementSet, ids: Ids) -> str | None:
    id_ = ids.local(iri) if iri.startswith(ids.base) else None
    return id_ if id_ in statements.entities else None


def _relation(predicate: str) -> str:
    """The relation's name in the IRI of a plain edge; in others, what is no relation's name."""
    for namespace in (NAMESPACE, PROP_STATEMENT, PROP):
        if predicate.startswith(namespace):
            return predicate.removeprefix(namespace)
    return predicate


def _edges(statements: StatementSet, schema: Schema) -> dict[tuple[str, str, str], set[str]]:
    """Ids of the statements by subject, relation and object; of symmetric ones also the other way round."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for each in statements.statements:
        if each.object is not None:
            found[each.subject, each.relation, each.object].add(each.id)
            if schema.relations[each.relation].symmetric:
                found[each.object, each.relation, each.subject].add(each.id)
    return dict(found)


def _neighbours(statements: Iterable[Statement]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in statements:
        one, other = ends_of(each)
        found[one] |= {other} - {one}
        found[other] |= {one} - {other}
    return dict(found)


def _distances(statements: Iterable[Statement], starts: Collection[str], hops: int) -> dict[str, int]:
    """How many statements away each entity is from the nearest of `starts`, up to `hops`."""
    neighbours = _neighbours(statements)
    found, edge = dict.fromkeys(starts, 0), set(starts)
    for distance in range(1, hops + 1):
        edge = {other for id_ in edge for other in neighbours.get(id_, ())} - set(found)
        found |= dict.fromkeys(edge, distance)
    return found


def _near(each: Statement, distance: Mapping[str, int], hops: int) -> bool:
    """A sum without an object is a step further than its subject."""
    if each.object is None:
        return distance.get(each.subject, hops) < hops
    return each.subject in distance and each.object in distance


def _best_connected(statements: Sequence[Statement], limit: int, distance: Mapping[str, int]) -> set[str]:
    """So many at most, the nearest and those with the most others first; none but the first stands without another.

    One whose others are all left out makes room for the next that is connected with the chosen.
    """
    neighbours = _neighbours(statements)
    if len(neighbours) <= limit:
        return set(neighbours)
    sums = {ends_of(each)[1] for each in statements if each.object is None}
    order = sorted(neighbours, key=lambda id_: (id_ in sums, distance.get(id_, 0), -len(neighbours[id_] - sums), id_))
    chosen, dropped = set(order[:limit]), set[str]()
    while True:
        alone = {id_ for id_ in chosen if not neighbours[id_] & chosen} - {order[0]}
        chosen -= alone
        dropped |= alone
        room = limit - len(chosen)
        fitting = (id_ for id_ in order if id_ not in chosen and id_ not in dropped and neighbours[id_] & chosen)
        more = list(islice(fitting, room))
        if not more:
            return chosen
        chosen |= set(more)
