"""The facts form of the annotation guide: one JSON object a document, with its entities and facts."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path

from kg.model import Amount, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import Schema, load_schema

Record = dict[str, object]

NO_LINE = re.compile("[\x85\u2028\u2029\ud800-\udfff]")  # ends of line to some readers; halves of a character


def export(statements: StatementSet, out: Path) -> None:
    """Write JSON lines, UTF-8, in the order of `fact_records`."""
    lines = [fact_line(record) + "\n" for record in fact_records(statements)]
    out.write_bytes("".join(lines).encode("utf-8"))


def fact_line(record: Mapping[str, object]) -> str:
    """The record as one line of JSON, without the line's end; nothing in it is taken for an end of line."""
    text = json.dumps(record, ensure_ascii=False)
    return NO_LINE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def fact_records(
    statements: StatementSet, *, mentioned: Mapping[str, Collection[str]] | None = None
) -> list[dict[str, object]]:
    """One record for every document, those without facts too, sorted by document name.

    `mentioned`: document hash -> ids of entities to list beside those of the document's facts. Evidence of a document
    that is not in the set is left out.
    """
    schema = load_schema()
    told: dict[str, list[tuple[Statement, list[Evidence]]]] = defaultdict(list)
    for statement in sorted(statements.statements, key=lambda each: each.id):
        by_document: dict[str, list[Evidence]] = defaultdict(list)
        for evidence in statement.evidence:
            by_document[evidence.document].append(evidence)
        for key, found in by_document.items():
            told[key].append((statement, sorted(found, key=lambda each: (each.start, each.end, each.rule))))
    return [
        facts_of_document(document, told[key], statements.entities, schema, mentioned=(mentioned or {}).get(key, ()))
        for key, document in sorted(statements.documents.items(), key=lambda item: (item[1].name, item[0]))
    ]


def facts_of_document(
    document: Document,
    told: Collection[tuple[Statement, list[Evidence]]],
    entities: Mapping[str, Entity],
    schema: Schema,
    *,
    mentioned: Collection[str] = (),
) -> Record:
    """The record of one document. `told`: each statement with this document's evidence, in reading order."""
    ordered = sorted(told, key=lambda pair: (pair[1][0].start, pair[1][0].end, pair[0].id))
    ends = {key for statement, _ in ordered for key in (statement.subject, statement.object) if key is not None}
    listed = sorted((entities[key] for key in ends | set(mentioned)), key=lambda entity: (entity.name, entity.id))
    return {
        "doc": document.name,
        "date": document.date,
        "entities": [
            {"name": entity.name, "type": entity.type, "aliases": _aliases(entity, document)} for entity in listed
        ],
        "facts": [_fact(statement, found, entities, schema) for statement, found in ordered],
    }


def _aliases(entity: Entity, document: Document) -> list[str]:
    """The surface forms that stand in this document's text."""
    return sorted({alias for alias in entity.aliases if alias != entity.name and alias in document.text})


def _fact(statement: Statement, found: list[Evidence], entities: Mapping[str, Entity], schema: Schema) -> Record:
    """Best status; of the evidence with that status the highest confidence and the shortest quote; of each qualifier
    the first that is given."""
    status = schema.best_status({evidence.status for evidence in found})
    said = [each for each in found if each.status == status]
    return {
        "subject": entities[statement.subject].name,
        "relation": schema.relation(statement.relation).fact_name,
        "object": entities[statement.object].name if statement.object is not None else None,
        "status": status,
        "confidence": max(each.confidence for each in said),
        **_qualifiers([evidence.qualifiers for evidence in found]),
        "evidence": min(said, key=lambda each: (len(each.quote), each.start)).quote,
    }


def _qualifiers(given: Collection[Qualifiers]) -> Record:
    amount = next((each.amount for each in given if each.amount is not None), None)
    values: Record = {
        "amount": _amount(amount) if amount is not None else None,
        "date": next((each.date for each in given if each.date), None),
        "round": next((each.round for each in given if each.round), None),
        "lead": any(each.lead for each in given) or None,
        "role": next((each.role for each in given if each.role), None),
        "period": next((each.period for each in given if each.period), None),
        "total": (amount is not None and amount.kind == "cumulative") or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _amount(amount: Amount) -> Record:
    whole = amount.value == amount.value.to_integral_value()
    return {"value": _number(amount.value, whole=whole), "currency": amount.currency, "bound": amount.bound}


def _number(value: Decimal, *, whole: bool) -> int | float:
    return int(value) if whole else float(value)
