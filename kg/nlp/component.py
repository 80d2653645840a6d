"""The learned relation component: how likely two marks of a passage stand in each relation.

A small transformer, trained by `make model`, run on the CPU. It sees no names (`kg.nlp.marked`) and states nothing by
itself: `kg.nlp.relations` takes what it is sure of, and asks it about what the patterns found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from kg.data import data_path
from kg.errors import KgError
from kg.nlp.marked import MONEY, SENTENCES_APART, Marked, mark
from kg.nlp.wordpieces import numbered
from kg.schema import Schema, load_schema

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FOLDER = "kg/models/relations"
AMOUNT = "amount"
"""The label of a name and the sum that belongs to a fact about it."""
NO_NAME = "nothing"
"""The kind of a mark that stands for no name at all."""
LONGEST = 320
"""Pieces of a passage that are read; what stands beyond is not scored."""
BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """The network with what its outputs mean. `ends`: kinds of subject and object -> the labels they admit.

    `kinds`: the entity types, and `NO_NAME`.
    """

    session: InferenceSession = field(repr=False)
    vocabulary: Mapping[str, int] = field(repr=False)
    labels: tuple[str, ...]
    statuses: tuple[str, ...]
    kinds: tuple[str, ...]
    ends: Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the component says of two slots of a passage (indices). `likely`: probability, 0 to 1, by admitted label."""

    subject: int
    object: int
    likely: Mapping[str, float]
    status: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What the component says of a passage. `kinds`: for each slot of a name, the logarithm of each type's probability.

    Where a passage has no two slots that could stand in a relation, it is not asked and both are empty.
    """

    pairs: tuple[Judged, ...] = ()
    kinds: Mapping[int, Mapping[str, float]] = field(default_factory=dict)


def admitted_ends(schema: Schema) -> dict[tuple[str, str], frozenset[str]]:
    """For each two kinds of slots, the labels that the domains and ranges of the schema admit."""
    ends: dict[tuple[str, str], set[str]] = {}
    for relation in schema.relations.values():
        for subject in relation.domain:
            for other in relation.range or {MONEY}:
                ends.setdefault((subject, other), set()).add(relation.name)
            ends.setdefault((subject, MONEY), set()).add(AMOUNT)
    return {kinds: frozenset(labels) for kinds, labels in ends.items()}


@cache
def load_component() -> Component:
    """Load the network once. Raises `KgError` where the package was installed without it."""
    import onnxruntime

    folder = data_path(FOLDER)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        words = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        session = onnxruntime.InferenceSession(folder / "network.onnx", options, providers=["CPUExecutionProvider"])
    except Exception as error:  # those of the runtime have no root but this
        raise KgError(f"the relation component cannot be loaded ({error}): install the package again") from error
    return Component(
        session=session,
        vocabulary={word: i for i, word in enumerate(words)},
        labels=tuple(config["labels"]),
        statuses=tuple(config["statuses"]),
        kinds=tuple(config["kinds"]),
        ends=admitted_ends(load_schema()),
    )


def judge(passages: Sequence[Marked], component: Component) -> list[Heard]:
    """What the component says of each passage. The passages of a document are judged together, longest last."""
    asked = {i: pairs for i, passage in enumerate(passages) if (pairs := list(passage.pairs(component.ends)))}
    pieces = {i: numbered(passages[i].words, component.vocabulary) for i in asked}
    out = [Heard()] * len(passages)
    order = sorted(asked, key=lambda i: (len(pieces[i][0]), i))
    for first in range(0, len(order), BATCH):
        for i, heard in _run(order[first : first + BATCH], passages, asked, pieces, component):
            out[i] = heard
    return out


def _run(
    batch: Sequence[int],
    passages: Sequence[Marked],
    asked: Mapping[int, list[tuple[int, int]]],
    pieces: Mapping[int, tuple[list[int], list[int]]],
    component: Component,
) -> Iterator[tuple[int, Heard]]:
    import numpy as np

    width = min(LONGEST, max(len(pieces[i][0]) for i in batch))
    inside = {i: [pair for pair in asked[i] if _within(pair, passages[i], pieces[i][1], width)] for i in batch}
    most = max(1, *(len(pairs) for pairs in inside.values()))
    ids = np.zeros((len(batch), width), dtype=np.int64)
    places = np.zeros((len(batch), most, 3), dtype=np.int64)
    for row, i in enumerate(batch):
        ids[row, : len(pieces[i][0])] = pieces[i][0][:width]
        begins, slots = pieces[i][1], passages[i].slots
        for column, (one, other) in enumerate(inside[i]):
            step = slots[other].sentence - slots[one].sentence + SENTENCES_APART
            places[row, column] = begins[slots[one].word], begins[slots[other].word], step
    logits, statuses, kinds = component.session.run(None, {"ids": ids, "pairs": places})
    likely = 1 / (1 + np.exp(-logits))
    kinds = kinds - kinds.max(-1, keepdims=True)
    kinds = kinds - np.log(np.exp(kinds).sum(-1, keepdims=True))
    for row, i in enumerate(batch):
        begins, slots, judged = pieces[i][1], passages[i].slots, []
        for column, (one, other) in enumerate(inside[i]):
            admitted = component.ends[slots[one].kind, slots[other].kind]
            by_label = {
                label: float(likely[row, column, k]) for k, label in enumerate(component.labels) if label in admitted
            }
            status = component.statuses[int(statuses[row, column].argmax())]
            judged.append(Judged(one, other, by_label, status))
        said = {
            number: {kind: float(kinds[row, begins[slot.word], k]) for k, kind in enumerate(component.kinds)}
            for number, slot in enumerate(slots)
            if slot.name is not None and begins[slot.word] < width
        }
        yield i, Heard(tuple(judged), said)


def _within(pair: tuple[int, int], passage: Marked, begins: Sequence[int], width: int) -> bool:
    return all(begins[passage.slots[end].word] < width for end in pair)


def marks(schema: Schema) -> list[str]:
    """Every mark that a passage can hold."""
    return [mark(kind) for kind in (*schema.types, MONEY)]
