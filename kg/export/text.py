"""Statements as lines of plain text, for the terminal: the fact, then the sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.model import Amount, Binding, Document, Entity, Evidence, Statement, StatementSet
from kg.schema import Schema
from kg.view.wording import percent, plain

if TYPE_CHECKING:
    from kg.resolve.review import Doubt
    from kg.store.check import Problem
    from kg.store.conflicts import Conflict
    from kg.store.diff import Change
    from kg.store.explain import EntityExplanation, Explanation

MOST_DOCUMENTS = 10
"""Documents that are named for each surface form of an entity."""
LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
LINK_END = re.compile(r"\]\([^()\s]*\)")


def fact_lines(statements: StatementSet, schema: Schema, *, limit: int | None = None) -> Iterator[str]:
    """Each statement with one of its sentences; where `limit` cuts, different relations come before more of one."""
    for statement in _varied(statements, schema)[:limit]:
        evidence = _clearest(statement.evidence, schema)
        document = statements.documents[evidence.document]
        other = statements.entities[statement.object] if statement.object else None
        yield _fact_line(statement, statements.entities[statement.subject], other, schema)
        yield f"    “{readable(evidence.quote)}” ({plain(document.title or document.name)})"


def explanation_lines(explanation: Explanation, schema: Schema) -> Iterator[str]:
    """A statement and all that is behind it: each piece of evidence with document, place, rule and what it says."""
    statement = explanation.statement
    yield _fact_line(statement, explanation.subject, explanation.object, schema)
    for cited in explanation.citations:
        source = ", ".join(filter(None, (cited.title, cited.publisher, cited.date, cited.url))) or cited.document
        source += f" (reprint of {cited.reprint_of})" if cited.reprint_of is not None else ""
        yield f"    “{readable(cited.quote)}”"
        place = f"characters {cited.evidence.start} to {cited.evidence.end}"
        yield f"        {plain(source)}; {place}; rule {cited.rule}; {_said(cited.evidence)}"


def table_lines(header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Iterator[str]:
    """A table in columns as wide as their widest cell, with a rule under the header."""
    shown = [[plain(cell or "") for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [header, *shown]) for i in range(len(header))]
    for row in [header, ["-" * width for width in widths], *shown]:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _fact_line(statement: Statement, subject: Entity, other: Entity | None, schema: Schema) -> str:
    label = schema.relations[statement.relation].label
    parts = (subject.name, label, other.name if other else "", _said(statement))
    return plain(" ".join(filter(None, parts)))


def readable(quote: str) -> str:
    """A verbatim quote as one line to read: no link targets, no signs of bold type, nothing that steers a terminal."""
    return plain(LINK_END.sub("", LINK.sub(r"\1", quote)).replace("**", ""))


def _varied(found: StatementSet, schema: Schema) -> list[Statement]:
    """Strongest status, most sources and most evidence first; the first of each relation before the second of any."""

    def rank(each: Statement) -> tuple[int, int, int, str]:
        return schema.statuses.index(each.status), -found.sources(each), -len(each.evidence), each.id

    ranked = sorted(found.statements, key=rank)
    seen: dict[str, int] = {}
    turns = []
    for place, statement in enumerate(ranked):
        seen[statement.relation] = seen.get(statement.relation, 0) + 1
        turns.append((seen[statement.relation], place, statement))
    return [statement for _, _, statement in sorted(turns, key=lambda turn: turn[:2])]


def _clearest(evidence: Sequence[Evidence], schema: Schema) -> Evidence:
    """The shortest sentence with the strongest status."""
    return min(evidence, key=lambda e: (schema.statuses.index(e.status), len(e.quote), e.document, e.start))


def _said(said: Statement | Evidence) -> str:
    """Status, confidence where it was estimated, and qualifiers in brackets."""
    qualifiers, sure = said.qualifiers, percent(said.confidence)
    parts = [said.status, sure and f"{sure} sure", qualifiers.amount and amount_text(qualifiers.amount)]
    parts += [qualifiers.round, qualifiers.date]
    parts += ["lead investor" if qualifiers.lead else None, qualifiers.role, qualifiers.period]
    return "[" + ", ".join(part for part in parts if part) + "]"


def amount_text(amount: Amount) -> str:
    """A sum as read aloud: "up to 4,000,000,000 USD"."""
    bound = "" if amount.bound == "exact" else amount.bound.replace("_", " ") + " "
    kind = "" if amount.kind == "increment" else f" ({amount.kind})"
    return f"{bound}{amount.value.normalize():,f} {amount.currency}{kind}"


def entity_lines(explanation: EntityExplanation) -> Iterator[str]:
    """An entity: what it is, what is known of it beforehand, and each surface form with its documents and rules."""
    entity = explanation.entity
    known = "known beforehand" if entity.registered else "new"
    yield plain(f"{entity.name} [{entity.type}, {entity.id}, {known}]")
    for belonging in explanation.belongings:
        owner = f"{belonging.by}: {belonging.name} [{belonging.owner}]"
        yield "    " + plain(f"{owner} (from the registry, stated by no document)")
    forms: dict[tuple[str, str, str], list[tuple[Binding, Document]]] = {}
    for binding, document in explanation.bindings:
        forms.setdefault((binding.surface, binding.rule, binding.own), []).append((binding, document))
    for (surface, rule, own), found in sorted(forms.items()):
        count = _counted(sum(binding.count for binding, _ in found), "once", "times")
        documents = _counted(len(found), "1 document", "documents")
        yield "    " + plain(f"“{surface}” {count} in {documents}; rule {rule}; own id {own}")
        for binding, document in sorted(found, key=lambda pair: (-pair[0].count, pair[0].document))[:MOST_DOCUMENTS]:
            source = f"{document.title or document.name} [{binding.document}]"
            yield "        " + plain(f"{_counted(binding.count, 'once', 'times')} in {source}")
        if len(found) > MOST_DOCUMENTS:
            yield f"        and in {_counted(len(found) - MOST_DOCUMENTS, '1 more', 'more')}"


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else f"{count} {many}"


def doubt_lines(number: int, doubt: Doubt) -> Iterator[str]:
    """A doubt: both names with their ids, why they are joined or may be one thing, and where they stand."""
    state = "one thing now" if doubt.joined else "two things now"
    counted = _counted(len(doubt.documents), "1 document", "documents")
    left, right = doubt.names
    yield plain(f"{number}. “{left}” [{doubt.left}] and “{right}” [{doubt.right}]")
    yield "    " + plain(f"{state}: {doubt.rule}; of such pairs {doubt.sureness:.0%} are one thing; {counted}")
    for quote in doubt.quotes:
        yield "    " + readable(f"...{quote.before}»{quote.surface}«{quote.after}... ({quote.document})")


def conflict_lines(
    conflict: Conflict, statements: Mapping[str, Statement], found: StatementSet, schema: Schema
) -> Iterator[str]:
    """A contradiction: its kind, both statements, and a sentence for each status of each."""
    yield plain(f"{conflict.kind}:")
    for statement_id in dict.fromkeys((conflict.one, conflict.other)):
        statement = statements[statement_id]
        other = found.entities[statement.object] if statement.object else None
        yield "    " + _fact_line(statement, found.entities[statement.subject], other, schema)
        for status in sorted({each.status for each in statement.evidence}, key=schema.statuses.index):
            evidence = _clearest([each for each in statement.evidence if each.status == status], schema)
            document = found.documents[evidence.document]
            source = ", ".join(filter(None, (document.title or document.name, document.date)))
            yield f"        {status}: “{readable(evidence.quote)}” ({plain(source)})"


SIGNS = {"came": "+", "went": "-", "status": "~", "evidence": "="}


def change_line(change: Change, before: StatementSet, after: StatementSet, schema: Schema) -> str:
    """A change as a line: a sign for its kind, the statement, and what it was before."""
    statement, found = (change.after, after) if change.after is not None else (change.before, before)
    if statement is None:
        return ""
    other = found.entities[statement.object] if statement.object else None
    line = f"{SIGNS[change.kind]} {_fact_line(statement, found.entities[statement.subject], other, schema)}"
    if change.before is None or change.after is None:
        return line
    counts = (len(change.before.evidence), len(change.after.evidence))
    return line + (
        f"; was {change.before.status}" if change.kind == "status" else "; evidence {} -> {}".format(*counts)
    )


def problem_lines(problem: Problem) -> Iterator[str]:
    """Something wrong with a graph: where, what and what to do, then the fact and the words that it belongs to."""
    where = f"{problem.document}: " if problem.document else ""
    yield plain(f"{problem.severity}: {where}{problem.node}: {problem.message} [{problem.shape}]")
    if problem.statement:
        yield "    " + plain(problem.statement)
    if problem.quote:
        yield f"    “{readable(problem.quote)}”"
