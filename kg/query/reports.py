"""Reports: questions about the whole graph that take more than a query, answered with networkx.

Only what is asserted counts. A report is a table with a title, so that it can be printed, written as JSON or as a page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.data import did_you_mean
from kg.errors import KgError
from kg.model import Statement, StatementSet
from kg.schema import Schema
from kg.store.explain import find_entities
from kg.store.time import ASSERTED, first_day, periods

if TYPE_CHECKING:
    from networkx import DiGraph, Graph

LONGEST_LOOP = 4
"""Companies in the longest loop that is looked for."""
SEED = 1
SAMPLED = 200
"""Entities from which shortest ways are counted; in a larger graph the rest is estimated from them."""


@dataclass(frozen=True, slots=True)
class Report:
    """A table with a title and a sentence that says what its rows are. Cells are text."""

    name: str
    title: str
    meaning: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def report(name: str, found: StatementSet, schema: Schema, *, entity: str | None = None) -> Report:
    """The report of that name, about `entity` (name, alias or id) if given. Raises `KgError` for what is unknown."""
    if name not in REPORTS:
        raise KgError(f"no report {name!r}: {did_you_mean(name, REPORTS)}")
    only = None if entity is None else find_entities(entity, found.entities)
    return REPORTS[name](found, schema, only)


def loops(found: StatementSet, schema: Schema, only: frozenset[str] | None) -> Report:
    """Money that comes back: rings of who pays whom. Things stand for their maker, units for their group."""
    import networkx

    graph = money(found, schema)
    rings = networkx.simple_cycles(graph, length_bound=LONGEST_LOOP)
    turned = sorted({_turned(ring) for ring in rings if len(ring) > 1}, key=lambda ring: (len(ring), ring))
    rows = [
        (str(len(ring)), " -> ".join(_name(e, found) for e in (*ring, ring[0])), "; ".join(_why(ring, graph)))
        for ring in turned
        if only is None or only & set(ring)
    ]
    meaning = "Each pays the next: invests in it, or buys its chips, cloud or supplies; the last pays the first."
    return Report("loops", "Money loops", meaning, ("length", "ring", "by"), tuple(rows))


def _turned(ring: list[str]) -> tuple[str, ...]:
    """The ring from its smallest member on."""
    at = ring.index(min(ring))
    return (*ring[at:], *ring[:at])


def _why(ring: tuple[str, ...], graph: DiGraph[str]) -> Iterator[str]:
    for payer, payee in zip(ring, (*ring[1:], ring[0]), strict=True):
        yield ", ".join(sorted(graph.edges[payer, payee]["relations"]))


def money(found: StatementSet, schema: Schema) -> DiGraph[str]:
    """Who pays whom: an edge from payer to payee with the labels of the relations that say so, rolled up to groups."""
    import networkx

    groups = _groups(found)
    graph: DiGraph[str] = networkx.DiGraph()
    for statement in _paid(found, schema):
        payer, payee = (groups.get(end, end) for end in _payer_first(statement, schema))
        if payer != payee:
            graph.add_edge(payer, payee)
            label = schema.relations[statement.relation].label
            graph.edges[payer, payee].setdefault("relations", set()).add(label)
    return graph


def _paid(found: StatementSet, schema: Schema) -> Iterable[Statement]:
    """What is asserted of two ends of which one pays the other."""
    return (s for s in _asserted(found) if schema.relations[s.relation].paid_by is not None and s.object is not None)


def _payer_first(statement: Statement, schema: Schema) -> tuple[str, str]:
    ends = (statement.subject, statement.object or "")
    return ends if schema.relations[statement.relation].paid_by == "subject" else ends[::-1]


def _groups(found: StatementSet) -> dict[str, str]:
    """For each thing, unit or subsidiary that is known beforehand: its maker's or parent's topmost group."""
    owner = {each.entity: each.owner for each in sorted(found.belongings, key=lambda b: b.by, reverse=True)}

    def top(entity: str) -> str:
        seen = {entity}
        while entity in owner and owner[entity] not in seen:
            entity = owner[entity]
            seen.add(entity)
        return entity

    return {entity: top(entity) for entity in owner}


def dependence(found: StatementSet, schema: Schema, only: frozenset[str] | None) -> Report:
    """Customers and how much they depend on one supplier: of how many suppliers, by how many sources, which share."""
    groups, suppliers = _groups(found), defaultdict[str, Counter[str]](Counter)
    for statement in _paid(found, schema):
        if not schema.relations[statement.relation].is_supply:
            continue
        customer, supplier = _payer_first(statement, schema)
        supplier = groups.get(supplier, supplier)
        if supplier != groups.get(customer, customer):
            suppliers[customer][supplier] += found.sources(statement)
    rows = []
    for customer, found_of in suppliers.items():
        if only is None or customer in only or only & set(found_of):
            total = sum(found_of.values())
            most, count = min(found_of.items(), key=lambda item: (-item[1], item[0]))
            rows.append((len(found_of), -total, customer, _name(most, found), f"{count / total:.0%}", str(total)))
    shown = tuple(
        (_name(customer, found), most, share, str(number), total)
        for number, _, customer, most, share, total in sorted(rows)
    )
    columns = ("customer", "most told supplier", "share", "suppliers", "documents")
    meaning = "Suppliers of chips, clouds and the rest, by group; a share of 100% is dependence on one."
    return Report("dependence", "Dependence on suppliers", meaning, columns, shown)


def central(found: StatementSet, schema: Schema, only: frozenset[str] | None) -> Report:
    """The most central entities: those that lie on most shortest ways between others, with neighbours and community."""
    import networkx

    graph: Graph[str] = networkx.Graph()
    graph.add_edges_from((s.subject, s.object) for s in _asserted(found) if s.object is not None)
    between = networkx.betweenness_centrality(graph, k=min(SAMPLED, len(graph)), seed=SEED) if graph else {}
    order = {e: (-round(between[e], 9), -graph.degree(e), e) for e in graph}
    parts = networkx.community.louvain_communities(graph, seed=SEED) if graph else []
    named = {e: min(part, key=order.__getitem__) for part in parts for e in part}
    rows = tuple(
        (_name(e, found), found.entities[e].type, str(graph.degree(e)), f"{between[e]:.4f}", _name(named[e], found))
        for e in sorted(graph, key=order.__getitem__)
        if only is None or e in only
    )
    meaning = "The share of shortest ways that lead through each; a community is named after its most central member."
    columns = ("entity", "type", "neighbours", "between", "community")
    return Report("central", "Central entities", meaning, columns, rows)


def timeline(found: StatementSet, schema: Schema, only: frozenset[str] | None) -> Report:
    """What is said of an entity, of every status, by date: the event's, or else the report's, marked with a star."""
    if only is None:
        raise KgError("a timeline is of one entity: name it")
    known = periods(found, schema)
    dated = []
    for statement in found.statements:
        if only & {statement.subject, statement.object}:
            day, shown = _when(statement, found)
            words = [_name(statement.subject, found), schema.relations[statement.relation].label]
            words += [_name(statement.object, found)] if statement.object is not None else []
            end = known[statement.id].end if statement.id in known else None
            row = (shown, end or "", " ".join(words), _sum(statement), statement.status, str(found.sources(statement)))
            dated.append((day, statement.id, row))
    names = ", ".join(sorted(_name(id_, found) for id_ in only))
    columns = ("date", "until", "statement", "sum", "status", "sources")
    meaning = "By date of the event; with a star, by that of the first report."
    return Report("timeline", f"Timeline of {names}", meaning, columns, tuple(row for _, _, row in sorted(dated)))


def _when(statement: Statement, found: StatementSet) -> tuple[str, str]:
    """The first day of a statement, for sorting, and its date as shown; what has none comes last."""
    event = statement.qualifiers.date
    if event is not None and (day := first_day(event)) is not None:
        return day, event
    reports = (found.documents[each.document].date for each in statement.evidence)
    dated = sorted((day, report) for report in reports if report is not None and (day := first_day(report)) is not None)
    return (dated[0][0], f"{dated[0][1]}*") if dated else ("9", "")


def _sum(statement: Statement) -> str:
    amount = statement.qualifiers.amount
    if amount is None:
        return ""
    bound = "" if amount.bound == "exact" else amount.bound.replace("_", " ") + " "
    return f"{bound}{amount.value.normalize():,f} {amount.currency}"


def _asserted(found: StatementSet) -> Iterable[Statement]:
    return (statement for statement in found.statements if statement.status == ASSERTED)


def _name(entity: str, found: StatementSet) -> str:
    if entity in found.entities:
        return found.entities[entity].name
    return next((each.name for each in found.belongings if each.owner == entity), entity)


REPORTS: Mapping[str, Callable[[StatementSet, Schema, frozenset[str] | None], Report]] = {
    "loops": loops,
    "dependence": dependence,
    "central": central,
    "timeline": timeline,
}
"""The reports by name; each takes the statements, the schema, and the entities that it is about, None for all."""
