"""Examples from sentences that stand alone: their names and sums are marked in the text, and so is what they state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import DataError
from kg.nlp.component import AMOUNT
from kg.nlp.loading import Pipeline
from kg.nlp.marked import MONEY, marked
from kg.nlp.names import Name
from kg.nlp.pipeline import annotate
from kg.read.readers import read_markdown
from kg.schema import Schema
from kg.training.examples import Example, Label, both_ways

BRACES = re.compile(r"\{(\w+)\|([^{}|]+)\}")
STATED = re.compile(r"(\d+) (\w+) (\d+)(?: (\w+))?")


@dataclass(frozen=True, slots=True)
class Told:
    """A text with what it states. `ends`: start, end and kind (entity type or `money`) of each end of a fact.

    `stated` and `unclear`: labels whose ends are numbers in `ends`. `asked`: the only two ends of which it is known
    what the text states, None where all is known.
    """

    name: str
    text: str
    ends: tuple[tuple[int, int, str], ...]
    stated: tuple[Label, ...]
    unclear: tuple[Label, ...] = ()
    asked: tuple[int, int] | None = None


def read_sentences(path: Path, schema: Schema) -> Iterator[Told]:
    """The sentences of a file: `{Company|Acme} bought {Company|Initech}. || 1 acquires 2`, one a line.

    After `||`, separated by `;`: the number of the subject's braces, relation, number of the object's, status if it is
    not the first one; `1 amount 3` for a name and a sum of the fact about it. Raises `DataError`.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                yield _told(line, f"{path.stem}-{number}", schema)
            except (ValueError, KeyError, IndexError) as error:
                raise DataError(path, number, f"cannot be read ({error}): write it as the other lines") from error


def _told(line: str, name: str, schema: Schema) -> Told:
    marked_text, _, said = line.partition("||")
    text, ends, cursor = "", list[tuple[int, int, str]](), 0
    marked_text = marked_text.strip()
    for found in BRACES.finditer(marked_text):
        text += marked_text[cursor : found.start()]
        ends.append((len(text), len(text) + len(found[2]), found[1]))
        text += found[2]
        cursor = found.end()
    text += marked_text[cursor:]
    if "{" in text or "}" in text or any(kind not in (*schema.types, MONEY) for _, _, kind in ends):
        raise ValueError("braces")
    types: dict[str, str] = {}
    for start, end, kind in ends:
        if kind != MONEY and types.setdefault(text[start:end], kind) != kind:
            raise ValueError(f"{text[start:end]!r} has two types")
    stated = set[Label]()
    for fact in filter(None, (part.strip() for part in said.split(";"))):
        match = STATED.fullmatch(fact)
        if match is None:
            raise ValueError(fact)
        subject, other = int(match[1]) - 1, int(match[3]) - 1
        if min(subject, other) < 0:
            raise ValueError(f"{fact}: braces are numbered from 1")
        if match[2] == AMOUNT:
            if ends[subject][2] == MONEY or ends[other][2] != MONEY or match[4]:
                raise ValueError(f"{fact}: a name has a sum")
            stated.add(Label(subject, other, AMOUNT, ""))
            continue
        relation = schema.relation(match[2])
        admitted = relation.range or {MONEY}
        same = text[slice(*ends[subject][:2])] == text[slice(*ends[other][:2])]
        if ends[subject][2] not in relation.domain or ends[other][2] not in admitted or same:
            raise ValueError(f"{fact}: {ends[subject][2]} and {ends[other][2]} do not fit")
        status = match[4] or schema.statuses[0]
        if status not in schema.statuses:
            raise ValueError(status)
        stated.update(both_ways(Label(subject, other, relation.name, status), relation))
    return Told(name, text, tuple(ends), tuple(sorted(stated, key=str)))


def example_of(told: Told, pipeline: Pipeline, *, others: Callable[[str], list[Name]] | None = None) -> Example | None:
    """The example of a text that is one passage; None where fewer than two of its ends are found in it again.

    `others`: names beside the given ends, of which nothing is stated and nothing known.
    """
    given = [Name(s, e, told.text[s:e], kind, "given", sure=True) for s, e, kind in told.ends if kind != MONEY]

    def names(text: str) -> list[Name]:
        if text != told.text:
            return []
        more = others(text) if others else []
        apart = [name for name in more if all(name.end <= one.start or name.start >= one.end for one in given)]
        return sorted((*given, *apart), key=lambda name: name.start)

    parsed = annotate(read_markdown(told.name, told.text), pipeline, given=names).parsed
    if len(parsed) != 1:
        return None
    passage = marked(parsed[0])
    true_kind = {told.text[start:end]: kind for start, end, kind in told.ends if kind != MONEY}
    numbers: dict[str, int] = {}
    entities, sums, kinds = list[int](), dict[int, int](), list[str]()
    for i, slot in enumerate(passage.slots):
        entities.append(numbers.setdefault(slot.name.surface if slot.name else f"{MONEY} {i}", i))
        kinds.append(true_kind.get(slot.name.surface, "") if slot.name and slot.name.maker is None else "")
        if slot.name is None:
            sums[parsed[0].pieces[slot.token].end] = i

    def entity(end: int) -> int | None:
        start, stop, kind = told.ends[end]
        return sums.get(stop) if kind == MONEY else numbers.get(told.text[start:stop])

    def labels(given: tuple[Label, ...]) -> tuple[Label, ...]:
        found = set[Label]()
        for each in given:
            one, other = entity(each.subject), entity(each.object)
            if one is not None and other is not None:
                found.add(replace(each, subject=one, object=other))
        return tuple(sorted(found, key=str))

    asked = None
    if told.asked is not None:
        one, other = (entity(end) for end in told.asked)
        if one is None or other is None:
            return None
        asked = (one, other)
    if len(passage.slots) < 2:
        return None
    return Example(
        told.name, passage, tuple(entities), labels(told.stated), labels(told.unclear), tuple(kinds), asked=asked
    )
