"""Statement sets written as a few words, for the tests of time and contradictions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg.model import Amount, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import load_schema

SCHEMA = load_schema()


@dataclass(frozen=True, slots=True)
class Said:
    """What one document says: its status, the date of the report, the date of the event."""

    status: str
    reported: str | None = None
    event: str | None = None


def statement_set(*facts: tuple[str, str, str | None, tuple[Said, ...], str]) -> StatementSet:
    """Each fact: subject, relation, object, what documents say, and a sum as `4000 up_to EUR`. Ids are s0, s1 ..."""
    documents: dict[str, Document] = {}
    statements = []
    for number, (subject, relation, other, told, money) in enumerate(facts):
        amount = _amount(money)
        evidence = []
        for place, said in enumerate(told):
            document = Document(f"d{number}-{place}", f"{number} {place}", (), date=said.reported)
            documents[document.hash] = document
            qualifiers = Qualifiers(amount, said.event)
            evidence.append(Evidence(document.hash, 0, 1, str(number), "test", said.status, qualifiers))
        status = SCHEMA.best_status({each.status for each in told})
        event = next((each.event for each in told if each.event), None)
        statements.append(
            Statement(f"s{number}", subject, relation, other, status, Qualifiers(amount, event), tuple(evidence))
        )
    ends = sorted({end for s in statements for end in (s.subject, s.object) if end is not None})
    entities = {end: Entity(end, end.title(), "Company") for end in ends}
    return StatementSet(documents, entities, tuple(statements))


def _amount(money: str) -> Amount | None:
    words = money.split()
    if not words:
        return None
    given = {"bound": "exact", "kind": "increment", "currency": "USD"}
    for word in words[1:]:
        kind = "bound" if word in ("up_to", "at_least", "about") else "currency" if word.isupper() else "kind"
        given[kind] = word
    return Amount(Decimal(words[0]), **given)
