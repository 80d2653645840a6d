"""Sentences and the facts that the annotation guide reads in them: `tests/cases/relations.jsonl`, a row a fact.

A row has `text` and `relation` and either the fact that must be found (`subject`, `object`, `status` if it is not
asserted; `amount`, `lead`, `round`, `role`, `total` where they matter) or `absent: true`: no fact of that relation must
be found, or none with the ends that are given. Ends are names or aliases. The expectation comes from the guide, never
from the output; a row that is read wrongly has `known_failure` with the reason, and its test fails once it is mended:
then remove the key.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from kg.build import extract
from kg.data import check_keys, read_jsonl
from kg.model import Statement, StatementSet
from kg.nlp.loading import Pipeline
from kg.nlp.matching import matches
from kg.nlp.pipeline import annotate
from kg.nlp.retyping import judged_passages
from kg.read.readers import document_from_text
from kg.resolve.registry import Registry
from kg.resolve.statements import resolve
from kg.schema import Schema, load_schema

CASES = Path(__file__).parents[1] / "cases" / "relations.jsonl"
KEYS = frozenset(
    {"text", "relation", "subject", "object", "status", "amount", "lead", "round", "role", "total", "absent"}
    | {"known_failure"}
)
MAIN = (
    "invests_in", "primary_cloud_for", "competes_with", "uses_chip", "acquires", "partners_with", "develops",
    "ceo_of", "valued_at", "raises",
)  # fmt: skip

Row = Mapping[str, object]

ROWS: list[tuple[int, Row]] = list(read_jsonl(CASES))
POSITIVE = [row for _, row in ROWS if not row.get("absent")]
NEGATIVE = [row for _, row in ROWS if row.get("absent")]


@dataclass(frozen=True, slots=True)
class Reading:
    """What all texts of the table state, each text as a document of its own."""

    statements: Mapping[str, StatementSet]
    schema: Schema

    def found(self, row: Row) -> Iterator[Statement]:
        """The statements of the row's relation with the row's ends; a symmetric relation may be turned round."""
        relation = self.schema.relation(str(row["relation"]))
        read = self.statements[str(row["text"])]

        def is_meant(key: str, entity: str | None) -> bool:
            names = {read.entities[entity].name, *read.entities[entity].aliases} if entity else set()
            return key not in row or row[key] in names

        for statement in read.statements:
            ends = [(statement.subject, statement.object)]
            ends += [(statement.object or "", statement.subject)] if relation.symmetric and statement.object else []
            is_right = any(is_meant("subject", a) and is_meant("object", b) for a, b in ends)
            if statement.relation == relation.name and is_right:
                yield statement

    def told(self, text: str) -> list[str]:
        """All that a text states, for the message of a failure."""
        read = self.statements[text]
        names = {key: entity.name for key, entity in read.entities.items()}
        return [
            f"{names[s.subject]} {s.relation} {names[s.object] if s.object else ''} [{s.status}] {s.qualifiers.amount}"
            for s in read.statements
        ]


def read_all(registry: Registry, pipeline: Pipeline) -> Reading:
    schema, statements = load_schema(), {}
    for text in sorted({str(row["text"]) for _, row in ROWS}):
        document = document_from_text("case", text)
        statements[text] = resolve(extract([document], pipeline), registry, schema)
    return Reading(statements, schema)


@pytest.fixture(scope="session")
def reading(registry: Registry, pipeline: Pipeline) -> Reading:
    return read_all(registry, pipeline)


def differences(statement: Statement, row: Row) -> list[str]:
    """What a statement with the right ends says otherwise than the row."""
    qualifiers, amount = statement.qualifiers, row.get("amount")
    pairs: list[tuple[str, object, object]] = [("status", statement.status, row.get("status", "asserted"))]
    pairs += [(key, getattr(qualifiers, key), row[key]) for key in ("lead", "round", "role") if key in row]
    if "total" in row:
        pairs.append(("kind", qualifiers.amount and qualifiers.amount.kind, "cumulative"))
    given = qualifiers.amount
    if isinstance(amount, dict):
        pairs.append(("value", given and given.value, Decimal(amount["value"])))
        pairs.append(("currency", given and given.currency, amount["currency"]))
        pairs.append(("bound", given and given.bound, amount.get("bound", "exact")))
    elif "amount" in row:
        pairs.append(("value", given and given.value, amount))
    return [f"{what}: {is_!r}, not {should!r}" for what, is_, should in pairs if is_ != should]


def marked(number: int, row: Row) -> object:
    reason = row.get("known_failure")
    marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=str(reason))] if reason else []
    name = f"{number}-{row['relation']}{'-absent' if row.get('absent') else ''}"
    return pytest.param(row, id=name, marks=marks)


@pytest.mark.parametrize("row", [marked(number, row) for number, row in ROWS])
def test_case(reading: Reading, row: Row) -> None:
    found = list(reading.found(row))
    told = f"{row['text']!r} states {reading.told(str(row['text']))}"
    if row.get("absent"):
        assert not found, told
        return
    assert found, told
    wrong = [differences(statement, row) for statement in found]
    assert [] in wrong, f"{wrong}: {told}"


# The table itself.


def test_the_rows_are_well_formed() -> None:
    schema = load_schema()
    for number, row in ROWS:
        check_keys(CASES, number, row, KEYS, what="key")
        relation = schema.relation(str(row["relation"]))
        assert row.get("status", "asserted") in schema.statuses, number
        assert row.get("known_failure") is None or row["known_failure"], number
        if not row.get("absent"):
            assert row.get("subject"), number
            assert bool(row.get("object")) is bool(relation.range), number
            assert not relation.symmetric or row["subject"] != row["object"], number


def test_no_row_stands_twice() -> None:
    counts = Counter(json.dumps(row, sort_keys=True) for _, row in ROWS)
    assert [row for row, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("relation", MAIN)
def test_main_relations_have_enough_rows(relation: str) -> None:
    assert sum(row["relation"] == relation for row in POSITIVE) >= 8
    assert sum(row["relation"] == relation for row in NEGATIVE) >= 6


def test_every_relation_has_rows_of_both_kinds() -> None:
    for rows in (POSITIVE, NEGATIVE):
        assert {relation.fact_name for relation in load_schema().relations.values()} <= {
            row["relation"] for row in rows
        }


def test_every_directed_relation_has_a_row_whose_reversal_must_be_absent() -> None:
    """A relation without object has no direction, and a symmetric one neither."""
    absent = {(row["relation"], row["text"], row.get("subject"), row.get("object")) for row in NEGATIVE}
    turned = {
        row["relation"]
        for row in POSITIVE
        if (row["relation"], row["text"], row.get("object"), row["subject"]) in absent and not row.get("known_failure")
    }
    directed = {r.fact_name for r in load_schema().relations.values() if r.range and not r.symmetric}
    assert sorted(directed - turned) == []


@pytest.fixture(scope="session")
def fired(reading: Reading, pipeline: Pipeline) -> frozenset[str]:
    """The patterns that found a fact which a row of the table asks for."""
    wanted: dict[str, list[Statement]] = {}
    for row in POSITIVE:
        wanted.setdefault(str(row["text"]), []).extend(reading.found(row))
    found = set()
    for text, statements in sorted(wanted.items()):
        entities = reading.statements[text].entities
        facts = {
            (statement.relation, frozenset(entities[end].aliases))
            for statement in statements
            for end in (statement.subject, statement.object)
            if end is not None
        }
        annotation = annotate(document_from_text("case", text), pipeline)
        for passage in judged_passages(annotation, pipeline):
            for match in matches(passage.parsed, pipeline.patterns):
                surfaces = [match.subject.surface] + ([match.object.surface] if match.object else [])
                of_relation = [names for relation, names in facts if relation == match.pattern.relation.name]
                if not match.rejected and all(any(s in names for names in of_relation) for s in surfaces):
                    found.add(match.pattern.id)
    return frozenset(found)


def test_every_pattern_finds_a_fact_of_the_table(pipeline: Pipeline, fired: frozenset[str]) -> None:
    ids = {pattern.id for pattern in pipeline.patterns}
    missing = sorted(ids - fired)
    assert not missing, "write a row in tests/cases/relations.jsonl for:\n  " + "\n  ".join(missing)
