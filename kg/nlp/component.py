"""The learned relation component: how likely two marks of a passage stand in each relation.

A small transformer, trained by `make model`, run on the CPU. It sees no names (`kg.nlp.marked`) and states nothing by
itself: `kg.nlp.relations` takes what it is sure of, and asks it about what the patterns found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from kg.data import data_path
from kg.errors import KgError
from kg.nlp.cache import AnnotationCache, remembered, version_of
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


def judge(passages: Sequence[Marked], component: Component, store: AnnotationCache | None = None) -> list[Heard]:
    """What the component says of each passage. Each is judged by itself: none changes what is said of others."""
    asked = [question for i, passage in enumerate(passages) if (question := _question(i, passage, component))]
    said = remembered(
        store,
        _version,
        [json.dumps((question.pieces, question.places, question.words)) for question in asked],
        lambda some: (_answer(asked[i], component) for i in some),
    )
    out = [Heard()] * len(passages)
    for question, answer in zip(asked, said, strict=True):
        out[question.passage] = _heard(question, passages[question.passage], answer, component)
    return out


@dataclass(frozen=True, slots=True)
class _Question:
    """What the network is asked of a passage (index). `pairs`: of slots, `places`: those of their pieces and the step
    between their sentences; `slots`: those whose names are typed, `words`: the places of their pieces."""

    passage: int
    pieces: list[int]
    pairs: list[tuple[int, int]]
    places: list[tuple[int, int, int]]
    slots: list[int]
    words: list[int]


def _question(number: int, passage: Marked, component: Component) -> _Question | None:
    pairs = list(passage.pairs(component.ends))
    if not pairs:
        return None
    pieces, begins = numbered(passage.words, component.vocabulary)
    slots, width = passage.slots, min(LONGEST, len(pieces))
    pairs = [pair for pair in pairs if _within(pair, passage, begins, width)]
    named = [i for i, slot in enumerate(slots) if slot.name is not None and begins[slot.word] < width]
    steps = (slots[other].sentence - slots[one].sentence + SENTENCES_APART for one, other in pairs)
    places = [
        (begins[slots[one].word], begins[slots[other].word], step)
        for (one, other), step in zip(pairs, steps, strict=True)
    ]
    return _Question(number, pieces[:width], pairs, places, named, [begins[slots[i].word] for i in named])


def _answer(question: _Question, component: Component) -> bytes:
    """The logits of the pairs, those of their statuses and those of the types of the names, as 32-bit numbers."""
    import numpy as np

    ids = np.array([question.pieces], dtype=np.int64)
    places = np.array([question.places or [(0, 0, 0)]], dtype=np.int64)
    labels, statuses, kinds = component.session.run(None, {"ids": ids, "pairs": places})
    count = len(question.places)
    parts = labels[0, :count], statuses[0, :count], kinds[0, question.words]
    return b"".join(part.astype("<f4").tobytes() for part in parts)


def _heard(question: _Question, passage: Marked, answer: bytes, component: Component) -> Heard:
    import numpy as np

    count, labels, statuses = len(question.pairs), len(component.labels), len(component.statuses)
    numbers = np.frombuffer(answer, dtype="<f4")
    logits, status, kinds = np.split(numbers, [count * labels, count * (labels + statuses)])
    likely = (1 / (1 + np.exp(-logits.reshape(count, labels)))).tolist()
    best = status.reshape(count, statuses).argmax(-1) if count else ()
    kinds = kinds.reshape(-1, len(component.kinds))
    kinds = kinds - kinds.max(-1, keepdims=True)
    kinds = (kinds - np.log(np.exp(kinds).sum(-1, keepdims=True))).tolist()
    slots = passage.slots
    judged = []
    for (one, other), row, number in zip(question.pairs, likely, best, strict=True):
        admitted = component.ends[slots[one].kind, slots[other].kind]
        by_label = {label: row[k] for k, label in enumerate(component.labels) if label in admitted}
        judged.append(Judged(one, other, by_label, component.statuses[int(number)]))
    said = {i: dict(zip(component.kinds, row, strict=True)) for i, row in zip(question.slots, kinds, strict=True)}
    return Heard(tuple(judged), said)


def _version() -> str:
    import onnxruntime

    return version_of(data_path(FOLDER), f"onnxruntime {onnxruntime.__version__}")


def _within(pair: tuple[int, int], passage: Marked, begins: Sequence[int], width: int) -> bool:
    return all(begins[passage.slots[end].word] < width for end in pair)


def marks(schema: Schema) -> list[str]:
    """Every mark that a passage can hold."""
    return [mark(kind) for kind in (*schema.types, MONEY)]
