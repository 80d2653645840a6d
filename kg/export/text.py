"""Statements as lines of plain text, for the terminal: the fact, then the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kg.model import Amount, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import Schema

if TYPE_CHECKING:
    from kg.store.explain import Explanation


def fact_lines(statements: StatementSet, schema: Schema, *, limit: int | None = None) -> Iterator[str]:
    """Each statement with one of its sentences; where `limit` cuts, different relations come before more of one."""
    for statement in _varied(statements.statements, schema)[:limit]:
        evidence = _clearest(statement.evidence, schema)
        document = statements.documents[evidence.document]
        other = statements.entities[statement.object].name if statement.object else ""
        subject, relation = statements.entities[statement.subject].name, schema.relations[statement.relation]
        yield " ".join(filter(None, (subject, relation.label, other, _said(statement.status, statement.qualifiers))))
        yield f"    “{one_line(evidence.quote)}” ({document.title or document.name})"


def explanation_lines(explanation: Explanation, schema: Schema) -> Iterator[str]:
    """A statement and all that is behind it: quote, document, place, rule and status of each piece of evidence."""
    statement = explanation.statement
    other = explanation.object.name if explanation.object else ""
    label = schema.relations[statement.relation].label
    yield " ".join(
        filter(None, (explanation.subject.name, label, other, _said(statement.status, statement.qualifiers)))
    )
    for cited in explanation.citations:
        source = ", ".join(filter(None, (cited.title, cited.publisher, cited.date, cited.url))) or cited.document
        yield f"    “{one_line(cited.quote)}”"
        place = f"characters {cited.evidence.start} to {cited.evidence.end}"
        yield f"        {source}; {place}; rule {cited.rule}; {_said(cited.status, cited.evidence.qualifiers)}"


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def _varied(statements: Sequence[Statement], schema: Schema) -> list[Statement]:
    """Strongest status and most evidence first; the first of each relation before the second of any."""
    ranked = sorted(statements, key=lambda s: (schema.statuses.index(s.status), -len(s.evidence), s.id))
    seen: dict[str, int] = {}
    turns = []
    for place, statement in enumerate(ranked):
        seen[statement.relation] = seen.get(statement.relation, 0) + 1
        turns.append((seen[statement.relation], place, statement))
    return [statement for _, _, statement in sorted(turns, key=lambda turn: turn[:2])]


def _clearest(evidence: Sequence[Evidence], schema: Schema) -> Evidence:
    """The shortest sentence with the strongest status."""
    return min(evidence, key=lambda e: (schema.statuses.index(e.status), len(e.quote), e.document, e.start))


def _said(status: str, qualifiers: Qualifiers) -> str:
    """Status and qualifiers in brackets."""
    parts = [status, qualifiers.amount and amount_text(qualifiers.amount), qualifiers.round, qualifiers.date]
    parts += ["lead investor" if qualifiers.lead else None, qualifiers.role, qualifiers.period]
    return "[" + ", ".join(part for part in parts if part) + "]"


def amount_text(amount: Amount) -> str:
    """A sum as read aloud: "up to 4,000,000,000 USD"."""
    bound = "" if amount.bound == "exact" else amount.bound.replace("_", " ") + " "
    kind = "" if amount.kind == "increment" else f" ({amount.kind})"
    return f"{bound}{amount.value.normalize():,f} {amount.currency}{kind}"
