"""CSV for a spreadsheet: one row a statement, with one piece of evidence; no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kg.model import Statement, StatementSet
from kg.view.content import leading_evidence

COLUMNS = (
    "id", "subject", "subject_type", "relation", "object", "object_type", "status", "confidence", "amount",
    "currency", "amount_bound", "amount_kind", "date", "round", "lead", "role", "period", "quote", "rule", "document",
    "title", "publisher", "document_date", "url", "evidence_count",
)  # fmt: skip


def export(statements: StatementSet, out: Path) -> None:
    """Write CSV with a heading, UTF-8, sorted by statement id.

    A cell that a spreadsheet would compute gets an apostrophe before it.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in sorted(statements.statements, key=lambda statement: statement.id):
        row = _row(each, statements)
        writer.writerow([harmless(row[column]) for column in COLUMNS])
    out.write_bytes(target.getvalue().encode("utf-8", "replace"))


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before a character that makes a spreadsheet compute it."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _row(each: Statement, statements: StatementSet) -> dict[str, str]:
    given, amount, best = each.qualifiers, each.qualifiers.amount, leading_evidence(each)
    subject = statements.entities[each.subject]
    other = statements.entities[each.object] if each.object is not None else None
    document = statements.documents.get(best.document)
    return {
        "id": each.id,
        "subject": subject.name,
        "subject_type": subject.type,
        "relation": each.relation,
        "object": other.name if other else "",
        "object_type": other.type if other else "",
        "status": each.status,
        "confidence": f"{each.confidence:g}",
        "amount": f"{amount.value:f}" if amount else "",
        "currency": amount.currency if amount else "",
        "amount_bound": amount.bound if amount else "",
        "amount_kind": amount.kind if amount else "",
        "date": given.date or "",
        "round": given.round or "",
        "lead": "true" if given.lead else "",
        "role": given.role or "",
        "period": given.period or "",
        "quote": best.quote,
        "rule": best.rule,
        "document": document.name if document else best.document,
        "title": (document.title or "") if document else "",
        "publisher": (document.publisher or "") if document else "",
        "document_date": (document.date or "") if document else "",
        "url": (document.url or "") if document else "",
        "evidence_count": str(len(each.evidence)),
        "source_count": str(statements.sources(each)),
    }
