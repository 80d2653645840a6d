"""What the page says beside the picture: the facts behind it, the legend with its counts, the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kg.model import Evidence, Qualifiers, Statement, StatementSet
from kg.schema import Schema
from kg.view.picture import AMOUNT, Node
from kg.view.style import Style
from kg.view.wording import aliases, marked, percent, plain, source_texts, sum_text

Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class LegendItem:
    """A line of the legend: what it filters, how it is drawn, how often it occurs, whether it is shown at first."""

    value: str
    label: str
    count: int
    colour: str = ""
    shape: str = ""
    dashes: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class LegendGroup:
    """`facet`: `type`, `relation` or `status`."""

    facet: str
    title: str
    items: tuple[LegendItem, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A statement as text. `value`: its amount as a plain number, for sorting."""

    id: str
    subject: str
    relation: str
    object: str
    amount: str
    value: str
    status: str
    confidence: str
    date: str
    source: str
    quote: str


def leading_evidence(statement: Statement) -> Evidence:
    """The evidence that shows a statement in one line: the first that holds it as firmly as the statement does."""
    return next((each for each in statement.evidence if each.status == statement.status), statement.evidence[0])


def facts(statements: StatementSet, schema: Schema, style: Style) -> Facts:
    """Entities, statements with evidence and documents, ready for JSON; text is cleaned and addresses are checked."""
    chosen = sorted(statements.statements, key=lambda statement: statement.id)
    used = sorted({key for each in chosen for key in (each.subject, each.object) if key is not None})
    sources = sorted({evidence.document for each in chosen for evidence in each.evidence})
    return {
        "entities": {
            key: {
                "name": plain(entity.name) or key,
                "type": entity.type,
                "aliases": aliases(entity),
            }
            for key, entity in ((key, statements.entities[key]) for key in used)
        },
        "statements": {each.id: _statement(each, statements, style) for each in chosen},
        "documents": {key: source_texts(key, statements.documents.get(key)) for key in sources},
        "relations": {name: relation.label for name, relation in sorted(schema.relations.items())},
    }


def _statement(each: Statement, statements: StatementSet, style: Style) -> Facts:
    ends = [statements.entities[key] for key in (each.subject, each.object) if key is not None]
    return {
        "subject": each.subject,
        "relation": each.relation,
        "object": each.object,
        "status": each.status,
        "confidence": percent(each.confidence),
        **_qualifiers(each.qualifiers, style),
        "evidence": [
            {
                "quote": marked(evidence.quote, ends),
                "document": evidence.document,
                "rule": plain(evidence.rule),
                "status": evidence.status,
                "confidence": percent(evidence.confidence),
                **_qualifiers(evidence.qualifiers, style),
            }
            for evidence in each.evidence
        ],
    }


def _qualifiers(given: Qualifiers, style: Style) -> Facts:
    """Those that are there, as text; in the order in which the page shows them."""
    texts = {
        "amount": sum_text(given.amount, style.currencies) if given.amount else "",
        "date": plain(given.date or ""),
        "round": plain((given.round or "").replace("_", " ")),
        "lead": "led the round" if given.lead else "",
        "role": plain(given.role or ""),
        "period": plain(given.period or ""),
    }
    return {key: text for key, text in texts.items() if text}


def legend(statements: StatementSet, nodes: Iterable[Node], schema: Schema, style: Style) -> list[LegendGroup]:
    """The three groups of filters, in the order of the style file, without what does not occur."""
    kinds = Counter(node.kind for node in nodes)
    relations = Counter(each.relation for each in statements.statements)
    statuses = Counter(each.status for each in statements.statements)
    drawings = {**style.types, AMOUNT: style.amount}
    return [
        LegendGroup(
            "type",
            "Entity types",
            tuple(
                LegendItem(kind, kind if kind != AMOUNT else "Sum of money", kinds[kind], drawn.colour, drawn.shape)
                for kind, drawn in drawings.items()
                if kinds[kind]
            ),
        ),
        LegendGroup(
            "relation",
            "Relations",
            tuple(
                LegendItem(name, schema.relations[name].label, relations[name], colour)
                for name, colour in style.relations.items()
                if relations[name]
            ),
        ),
        LegendGroup(
            "status",
            "Status",
            tuple(
                LegendItem(name, name, statuses[name], dashes=" ".join(map(str, drawn.dashes)), shown=drawn.shown)
                for name, drawn in style.statuses.items()
                if statuses[name]
            ),
        ),
    ]


def table(statements: StatementSet, schema: Schema, style: Style) -> list[TableRow]:
    """All statements, by subject, relation and object."""
    rows = [_row(each, statements, schema, style) for each in statements.statements]
    return sorted(rows, key=lambda row: (row.subject.casefold(), row.relation, row.object.casefold(), row.date, row.id))


def _row(each: Statement, statements: StatementSet, schema: Schema, style: Style) -> TableRow:
    best, given = leading_evidence(each), each.qualifiers
    document = statements.documents.get(best.document)
    source = (document.publisher or document.title or document.name, document.date) if document else (best.document,)
    return TableRow(
        id=each.id,
        subject=plain(statements.entities[each.subject].name),
        relation=schema.relations[each.relation].label,
        object=plain(statements.entities[each.object].name) if each.object is not None else "",
        amount=sum_text(given.amount, style.currencies) if given.amount else "",
        value=f"{given.amount.value:f}" if given.amount else "",
        status=each.status,
        confidence=percent(each.confidence),
        date=plain(given.date or ""),
        source=", ".join(plain(part) for part in source if part),
        quote=plain(best.quote),
    )
