"""Examples for the relation component: marked passages with what is stated of which of their slots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kg.nlp.component import AMOUNT, NO_NAME
from kg.nlp.marked import MONEY, Marked, Slot, marked
from kg.nlp.names import Name
from kg.nlp.parsed import Annotation, Parsed
from kg.schema import Relation, Schema
from kg.training.gold import GoldDocument, GoldFact


@dataclass(frozen=True, slots=True)
class Label:
    """What a passage states of two entities (numbers in `Example.entities`). `status` is empty for `AMOUNT`."""

    subject: int
    object: int
    relation: str
    status: str


def both_ways(label: Label, relation: Relation) -> tuple[Label, ...]:
    """The label, and of a symmetric relation the other way round too."""
    turned = replace(label, subject=label.object, object=label.subject)
    return (label, turned) if relation.symmetric else (label,)


@dataclass(frozen=True, slots=True)
class Example:
    """A marked passage. `entities`: for each slot, the number of its entity. `unclear`: neither stated nor not.

    `kinds`: for each slot the type that the name truly has, `NO_NAME` for what is none, "" where it is not known.
    `asked`: the only two entities of which it is known what the passage states; None where all is known.
    """

    document: str
    marked: Marked
    entities: tuple[int, ...]
    stated: tuple[Label, ...]
    unclear: tuple[Label, ...]
    kinds: tuple[str, ...]
    asked: tuple[int, int] | None = None


def examples(gold: GoldDocument, annotation: Annotation, schema: Schema) -> Iterator[Example]:
    """One example for each passage with two slots or more. `annotation`: of the same document, by whatever names."""
    by_fact_name = {relation.fact_name: relation for relation in schema.relations.values()}
    for parsed in annotation.parsed:
        found = marked(parsed)
        if len(found.slots) < 2:
            continue
        numbers: dict[str, int] = {}
        entities = tuple(
            numbers.setdefault(_entity(slot.name.surface, slot.name.maker, gold) if slot.name else f"{MONEY} {i}", i)
            for i, slot in enumerate(found.slots)
        )
        stated, unclear = [], []
        for fact in gold.facts:
            labels = list(_labels(fact, numbers, by_fact_name[fact.relation], parsed, found))
            told = any(_overlaps(sentence, parsed) for sentence in fact.sentences)
            if told:
                stated += labels
            elif not gold.complete or not fact.sentences:
                unclear += labels
        kinds = tuple(_kind(slot, gold) for slot in found.slots)
        yield Example(gold.document.name, found, entities, tuple(stated), tuple(unclear), kinds)


def _kind(slot: Slot, gold: GoldDocument) -> str:
    """The true type of a slot. Of a part of a name, or of a name with more words around it, nothing is known."""
    if slot.name is None or slot.name.maker is not None:
        return ""
    surface = slot.name.surface
    if surface in gold.forms:
        return gold.types[gold.forms[surface]]
    if not gold.complete or any(surface in form or form in surface for form in gold.forms):
        return ""
    return NO_NAME


def _entity(surface: str, maker: str | None, gold: GoldDocument) -> str:
    """The entity of a surface form; the form itself for a name that is in no fact."""
    if maker is not None:
        chips = f"{gold.forms.get(maker, maker)} chips"
        return next((name for name in gold.types if name in (chips, chips.replace("chips", "GPUs"))), chips)
    return gold.forms.get(surface, surface)


def _labels(
    fact: GoldFact, numbers: Mapping[str, int], relation: Relation, parsed: Parsed, found: Marked
) -> Iterator[Label]:
    subject = numbers.get(fact.subject)
    if subject is None:
        return
    sums = [
        i
        for i, slot in enumerate(found.slots)
        if slot.kind == MONEY and fact.amount and _near(float(parsed.amounts[slot.token].value), fact.amount)
    ]
    if fact.object is None:
        yield from (Label(subject, i, relation.name, fact.status) for i in sums)
        return
    other = numbers.get(fact.object)
    if other is None:
        return
    yield from both_ways(Label(subject, other, relation.name, fact.status), relation)
    yield from (Label(end, i, AMOUNT, "") for end in (subject, other) for i in sums)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 0.01 * max(abs(one), abs(other))


def _overlaps(sentence: tuple[int, int], parsed: Parsed) -> bool:
    """Whether a range of the stored text overlaps the passage; of a list item read with its lead-in, the item."""
    start, end = parsed.passage.block.stored_span(parsed.passage.lead_in, len(parsed.passage.text))
    return sentence[0] < end and start < sentence[1]


def write_examples(found: Iterable[Example], path: Path) -> int:
    """Write examples as JSON lines; how many there were."""
    lines = [json.dumps(asdict(example), separators=(",", ":")) + "\n" for example in found]
    path.write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _name(row: dict[str, Any]) -> Name:
    return Name(**row | {"either": tuple(row.get("either", ()))})


def read_examples(path: Path) -> Iterator[Example]:
    """The examples that `write_examples` wrote."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        slots = (
            Slot(**slot | {"name": _name(slot["name"]) if slot["name"] else None}) for slot in row["marked"]["slots"]
        )
        yield Example(
            document=row["document"],
            marked=Marked(tuple(row["marked"]["words"]), tuple(slots)),
            entities=tuple(row["entities"]),
            stated=tuple(Label(**label) for label in row["stated"]),
            unclear=tuple(Label(**label) for label in row["unclear"]),
            kinds=tuple(row["kinds"]),
            asked=tuple(row["asked"]) if row.get("asked") else None,
        )
