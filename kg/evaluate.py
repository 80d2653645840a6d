"""Scores of extracted facts against gold facts: the same figures as the reference scorer that ships with the gold.

A predicted entity stands for the gold entity with which it shares most names. A fact is right when relation, subject
and object agree (either way round for symmetric relations; relations without an object compare the amount, within
1 %). Facts are counted once a document, however many instalments they have.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from kg.data import read_jsonl
from kg.errors import DataError
from kg.schema import Schema

CORE = ("competes_with", "invests_in", "primary_cloud_for", "uses_chip")
SUFFIX = re.compile(r"[\s,]+(inc|corp|corporation|co|company|ltd|limited|llc|plc|ag|sa|se|gmbh|nv|holdings?|group)\.?$")
ROUNDING = 0.01

Key = tuple[str, str, str | float | None]


class EntityRow(TypedDict, total=False):
    """An entity in the facts form."""

    name: str
    type: str
    aliases: list[str]


class AmountRow(TypedDict, total=False):
    """An amount in the facts form."""

    value: float
    currency: str
    bound: str


class FactRow(TypedDict, total=False):
    """A fact in the facts form."""

    subject: str
    relation: str
    object: str | None
    status: str
    amount: AmountRow | None
    date: str | None


class Record(TypedDict):
    """A document in the facts form."""

    doc: str
    entities: list[EntityRow]
    facts: list[FactRow]


@dataclass(frozen=True, slots=True)
class Score:
    """Right, predicted and gold facts, and those right with the right status."""

    right: int = 0
    right_status: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """The share of the predicted facts that are right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold facts that were found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _f1(self.right, self.predicted, self.gold)

    @property
    def status_f1(self) -> float:
        """F1 that counts a fact as right only with the right status."""
        return _f1(self.right_status, self.predicted, self.gold)


@dataclass(frozen=True, slots=True)
class Report:
    """Scores by relation, with `core` and `all`; and recalls, None where the gold has nothing to recall."""

    scores: Mapping[str, Score]
    amount_recall: float | None
    date_recall: float | None
    entity_recall: float | None
    documents: int


@dataclass(slots=True)
class _Facts:
    """What a document says of one fact key."""

    statuses: set[str] = field(default_factory=set)
    amounts: set[float] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Tally:
    """Counts over all documents."""

    by_relation: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    recalls: Counter[str] = field(default_factory=Counter)


def read_records(path: Path) -> dict[str, Record]:
    """A file in the facts form, by document name. Raises `DataError` with file and line."""
    records: dict[str, Record] = {}
    try:
        for line, row in read_jsonl(path):
            name, record = _record(path, line, row)
            records[name] = record
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read: {error}", hint="give a file of JSON lines") from error
    return records


def _record(path: Path, line: int, row: dict[str, object]) -> tuple[str, Record]:
    """A row with all that scoring reads. Raises `DataError` for what is missing or of the wrong kind."""
    hint = "a row is {doc, entities: [{name, ...}], facts: [{subject, relation, object, ...}]}"
    doc, entities, facts = row.get("doc"), row.get("entities", []), row.get("facts", [])
    if not isinstance(doc, str) or not isinstance(entities, list) or not isinstance(facts, list):
        raise DataError(path, line, "not a row of facts", hint=hint)
    for part, needed in ((entities, ("name",)), (facts, ("subject", "relation"))):
        for each in part:
            if not isinstance(each, dict) or not all(isinstance(each.get(key), str) for key in needed):
                raise DataError(path, line, f"an entry without {' or '.join(needed)}", hint=hint)
    return doc.removesuffix(".md"), Record(doc=doc, entities=entities, facts=facts)


def evaluate(gold: Mapping[str, Record], predicted: Mapping[str, Record], schema: Schema) -> Report:
    """Score `predicted` against `gold`; documents missing from `predicted` count as empty."""
    symmetric = {r.fact_name for r in schema.relations.values() if r.symmetric}
    literal = {r.fact_name for r in schema.relations.values() if not r.range}
    tally = _Tally()
    for doc, record in gold.items():
        _count(record, predicted.get(doc) or Record(doc=doc, entities=[], facts=[]), symmetric, literal, tally)
    scores = {name: _score(counts) for name, counts in sorted(tally.by_relation.items())}
    for label, names in (("core", CORE), ("all", tuple(scores))):
        total = sum((tally.by_relation[name] for name in names if name in tally.by_relation), Counter[str]())
        scores[label] = _score(total)
    return Report(
        scores=scores,
        amount_recall=_share(tally.recalls, "amount"),
        date_recall=_share(tally.recalls, "date"),
        entity_recall=_share(tally.recalls, "entity"),
        documents=len(gold),
    )


def _count(gold: Record, predicted: Record, symmetric: set[str], literal: set[str], tally: _Tally) -> None:
    mapping = _align(gold["entities"], predicted["entities"])
    wanted = _keys(gold, {}, symmetric, literal, strangers=False)
    got = _keys(predicted, mapping, symmetric, literal, strangers=True)
    for key in wanted:
        tally.by_relation[key[0]]["gold"] += 1
    for key in got:
        tally.by_relation[key[0]]["predicted"] += 1
    for one, other in _matched(wanted, got, literal):
        tally.by_relation[one[0]]["right"] += 1
        tally.by_relation[one[0]]["right_status"] += bool(wanted[one].statuses & got[other].statuses)
        if wanted[one].amounts and one[0] not in literal:
            tally.recalls["amount gold"] += 1
            tally.recalls["amount"] += all(any(_near(v, w) for w in got[other].amounts) for v in wanted[one].amounts)
        if wanted[one].dates:
            tally.recalls["date gold"] += 1
            tally.recalls["date"] += any(
                d.startswith(e) or e.startswith(d) for d in wanted[one].dates for e in got[other].dates
            )
    tally.recalls["entity gold"] += len(gold["entities"])
    tally.recalls["entity"] += len({name for name in mapping.values() if not name.startswith("? ")})


def _normal(name: str) -> str:
    """A name without case, possessive, article, legal suffix, spaces and hyphens."""
    text = re.sub(r"\s+", " ", name.casefold().replace("’", "'").strip(' .,:;"“”()[]*_'))
    text = re.sub(r"^the ", "", re.sub(r"'s?$", "", text))
    while (shorter := SUFFIX.sub("", text)) != text:
        text = shorter
    return re.sub(r"[\s\-_]+", "", text)


def _names(entity: EntityRow) -> set[str]:
    return {n for n in map(_normal, [entity["name"], *entity.get("aliases", [])]) if n}


def _align(gold: Sequence[EntityRow], predicted: Sequence[EntityRow]) -> dict[str, str]:
    """Each predicted entity name with the gold entity that it stands for; "? " before it where there is none."""
    gold_names = [(entity["name"], _names(entity)) for entity in gold]
    mapping = {}
    for entity in predicted:
        own = _names(entity)
        fits = [
            (len(own & names) / len(own | names), _normal(entity["name"]) in names, name)
            for name, names in gold_names
            if own & names
        ]
        mapping[entity["name"]] = max(fits)[2] if fits else "? " + entity["name"]
    return mapping


def _keys(
    record: Record, mapping: Mapping[str, str], symmetric: set[str], literal: set[str], *, strangers: bool
) -> dict[Key, _Facts]:
    def named(name: str) -> str:
        return mapping.get(name, "? " + name) if strangers else name

    out: dict[Key, _Facts] = defaultdict(_Facts)
    for fact in record["facts"]:
        relation, subject = fact["relation"], named(fact["subject"])
        value = (fact.get("amount") or {}).get("value")
        key: Key
        if relation in literal:
            key = (relation, subject, float(value) if value is not None else None)
        else:
            other = named(str(fact.get("object")))
            key = (relation, *sorted((subject, other))) if relation in symmetric else (relation, subject, other)  # type: ignore[assignment]
        said = out[key]
        said.statuses.add(fact.get("status", "asserted"))
        if value is not None:
            said.amounts.add(float(value))
        if date := fact.get("date"):
            said.dates.add(date)
    return out


def _matched(wanted: Iterable[Key], got: Iterable[Key], literal: set[str]) -> list[tuple[Key, Key]]:
    """Pairs of a gold and a predicted key, one to one."""
    free = list(got)
    pairs = []
    for key in wanted:
        if key[0] in literal:
            hit = next((g for g in free if g[:2] == key[:2] and _near(g[2], key[2])), None)
        else:
            hit = key if key in free else None
        if hit is not None:
            free.remove(hit)
            pairs.append((key, hit))
    return pairs


def _near(one: object, other: object) -> bool:
    if not isinstance(one, float) or not isinstance(other, float):
        return False
    return abs(one - other) <= ROUNDING * max(abs(one), abs(other))


def _score(counts: Counter[str]) -> Score:
    return Score(counts["right"], counts["right_status"], counts["predicted"], counts["gold"])


def _f1(right: int, predicted: int, gold: int) -> float:
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def _share(counts: Counter[str], name: str) -> float | None:
    gold = counts[name + " gold"]
    return counts[name] / gold if gold else None


def report_rows(report: Report) -> list[tuple[str, ...]]:
    """The report as the reference scorer prints it: a row a relation, figures with three decimals."""
    return [
        (
            name,
            *(f"{v:.3f}" for v in (s.precision, s.recall, s.f1, s.status_f1)),
            *map(str, (s.right, s.predicted, s.gold)),
        )
        for name, s in report.scores.items()
    ]


def recall_lines(report: Report) -> list[str]:
    """The recalls of a report, a line each; - where the gold has nothing to recall."""
    recalls = {"amount": report.amount_recall, "date": report.date_recall, "entity": report.entity_recall}
    return [f"{name}_recall: {'-' if share is None else f'{share:.3f}'}" for name, share in recalls.items()]


def report_json(report: Report) -> str:
    """The report as JSON."""
    scores = {
        name: {"p": s.precision, "r": s.recall, "f1": s.f1, "status_f1": s.status_f1}
        | {"tp": s.right, "pred": s.predicted, "gold": s.gold}
        for name, s in report.scores.items()
    }
    return json.dumps(
        {
            **scores,
            "amount_recall_on_matched": report.amount_recall,
            "date_recall_on_matched": report.date_recall,
            "entity_recall": report.entity_recall,
            "documents": report.documents,
        },
        indent=1,
    )
