"""Statements as a networkx graph."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kg.model import Statement, StatementSet

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def multigraph(statements: StatementSet) -> MultiDiGraph[str]:
    """Nodes are entity ids with `name` and `type`; edges are statements of every status, keyed by id, with `relation`,
    `status`, `confidence` and the qualifiers they have. Relations without an object become lists on their node.
    """
    import networkx

    graph: MultiDiGraph[str] = networkx.MultiDiGraph()
    for entity in sorted(statements.entities.values(), key=lambda e: e.id):
        graph.add_node(entity.id, name=entity.name, type=entity.type)
    for statement in statements.statements:
        attributes = _attributes(statement, statements)
        if statement.object is not None:
            graph.add_edge(statement.subject, statement.object, key=statement.id, **attributes)
        else:
            values = graph.nodes[statement.subject].setdefault(statement.relation, [])
            values.append({"id": statement.id, **attributes})
    return graph


def _attributes(statement: Statement, found: StatementSet) -> dict[str, str | bool | int | float | Decimal]:
    """The relation, the status, the confidence and the qualifiers that a statement has, flat."""
    qualifiers, amount = statement.qualifiers, statement.qualifiers.amount
    attributes: dict[str, str | bool | int | float | Decimal | None] = {
        "relation": statement.relation,
        "status": statement.status,
        "confidence": statement.confidence,
        "amount": amount.value if amount else None,
        "currency": amount.currency if amount else None,
        "amount_bound": amount.bound if amount else None,
        "amount_kind": amount.kind if amount else None,
        "date": qualifiers.date,
        "round": qualifiers.round,
        "lead": True if qualifiers.lead else None,
        "role": qualifiers.role,
        "period": qualifiers.period,
        "evidence": len(statement.evidence),
        "sources": found.sources(statement),
    }
    return {name: value for name, value in attributes.items() if value is not None}
