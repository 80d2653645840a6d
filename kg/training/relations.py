"""Trains the network of the relation component on examples. Seeded; a GPU is used where there is one.

Several marks of a passage may stand for one entity, and which of them states a fact is not known. So the best pair of
marks of two entities is held against the label (multiple-instance learning).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from kg.nlp.component import AMOUNT, NO_NAME, admitted_ends
from kg.nlp.marked import SENTENCES_APART, Marked, mark
from kg.nlp.wordpieces import numbered
from kg.schema import Schema
from kg.training.examples import Example
from kg.training.export import export
from kg.training.network import Network, Sizes, load_encoder

LONGEST = 200
"""Pieces of a passage that are learned."""
NEAREST = 3
"""Of the pairs of marks of two entities, so many of the nearest are looked at."""
BATCH = 16
RATE, HEAD_RATE = 1.5e-4, 7.5e-4
WARM_UP = 0.06
WITHOUT_FACTS = 0.4
"""The share of the passages without any fact that an epoch takes in."""
STATUS_WEIGHT = 0.3
HEAD = ("hidden", "labels", "statuses", "steps", "kinds")
KIND_WEIGHT = 0.2
DISGUISED = 0.15
"""The share of the names that an epoch shows under the mark of another type, so that the words around them count."""
FROZEN = "words.weight"
"""The word vectors stay as they are: our texts hold too few words to move them well."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the outputs stand for. `marks`: the number of each type's mark; `ends`: the labels that two kinds admit."""

    labels: tuple[str, ...]
    statuses: tuple[str, ...]
    kinds: tuple[str, ...]
    marks: Mapping[str, int]
    ends: Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example as numbers. `pairs`: place, place, sentence step; `groups`: the two entities that a pair is of.

    `names`: for each entity whose true type is known, that type and the places of its marks.

    `target` and `weight`: by group and label; `status`: group, label, status of each stated fact.
    """

    ids: list[int]
    pairs: list[tuple[int, int, int]]
    groups: list[int]
    target: list[list[float]]
    weight: list[list[float]]
    status: list[tuple[int, int, int]]
    names: list[tuple[int, list[int]]]


def meaning_of(schema: Schema, vocabulary: Mapping[str, int]) -> Meaning:
    """What the outputs of a network for this schema stand for."""
    kinds = (*schema.types, NO_NAME)
    numbers = {kind: vocabulary[mark(kind)] for kind in schema.types}
    return Meaning((*sorted(schema.relations), AMOUNT), schema.statuses, kinds, numbers, admitted_ends(schema))


def write(network: Network, vocabulary: Mapping[str, int], meaning: Meaning, folder: Path) -> None:
    """Write a network where `kg.nlp.component.load_component` finds it."""
    export(network, folder / "network.onnx")
    (folder / "vocabulary.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)), encoding="utf-8")
    config = {"labels": meaning.labels, "statuses": meaning.statuses, "kinds": meaning.kinds}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def prepare(example: Example, vocabulary: Mapping[str, int], meaning: Meaning) -> Prepared | None:
    """The example as numbers; None where no two of its slots can stand in a relation."""
    ids, begins = numbered(example.marked.words, vocabulary)
    shown = example.marked
    slots = tuple(
        replace(slot, kind=kind) if kind in meaning.marks else slot
        for slot, kind in zip(shown.slots, example.kinds, strict=True)
    )
    every, numbers, admitted = [], dict[tuple[int, int], int](), dict[int, set[str]]()
    for i, j in Marked(shown.words, slots).pairs(meaning.ends):
        one, other = slots[i], slots[j]
        ends = example.entities[i], example.entities[j]
        is_asked = example.asked is None or set(ends) == set(example.asked)
        if is_asked and ends[0] != ends[1] and max(begins[one.word], begins[other.word]) < LONGEST:
            group = numbers.setdefault(ends, len(numbers))
            step = other.sentence - one.sentence + SENTENCES_APART
            every.append((group, abs(one.word - other.word), (begins[one.word], begins[other.word], step)))
            admitted.setdefault(group, set()).update(meaning.ends[one.kind, other.kind])
    if not every:
        return None
    every.sort()
    kept = [each for k, each in enumerate(every) if k < NEAREST or every[k - NEAREST][0] != each[0]]
    target = [[0.0] * len(meaning.labels) for _ in numbers]
    weight = [[float(label in admitted[group]) for label in meaning.labels] for group in numbers.values()]
    status = []
    for told in example.unclear:
        if (told.subject, told.object) in numbers:
            weight[numbers[told.subject, told.object]][meaning.labels.index(told.relation)] = 0.0
    for told in example.stated:
        known = numbers.get((told.subject, told.object))
        if known is not None and told.relation in admitted[known]:
            label = meaning.labels.index(told.relation)
            target[known][label] = weight[known][label] = 1.0
            if told.status:
                status.append((known, label, meaning.statuses.index(told.status)))
    pairs, groups = [pair for _, _, pair in kept], [group for group, _, _ in kept]
    places: dict[tuple[int, int], list[int]] = {}
    for slot, kind, entity in zip(shown.slots, example.kinds, example.entities, strict=True):
        if kind and begins[slot.word] < LONGEST:
            places.setdefault((entity, meaning.kinds.index(kind)), []).append(begins[slot.word])
    names = [(kind, each) for (_, kind), each in places.items()]
    return Prepared(ids[:LONGEST], pairs, groups, target, weight, status, names)


def train(
    examples: Sequence[Prepared],
    encoder: Mapping[str, Tensor],
    meaning: Meaning,
    *,
    marks: Mapping[int, int],
    layers: int,
    epochs: int,
    seed: int = 1,
    progress: Callable[[str], None],
) -> Network:
    """The trained network. `marks`: the number of each mark, and that of the word whose vector it takes."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    sizes = Sizes(vocabulary=encoder["embeddings.word_embeddings.weight"].shape[0], layers=layers)
    network = Network(sizes, labels=len(meaning.labels), statuses=len(meaning.statuses), kinds=len(meaning.kinds))
    load_encoder(network, encoder)
    with torch.no_grad():
        for mark, word in marks.items():
            network.words.weight[mark] = network.words.weight[word]
    network.words.weight.requires_grad_(False)
    network.to(device).train()
    parameters = {name: p for name, p in network.named_parameters() if name != FROZEN}
    head = [p for name, p in parameters.items() if name.split(".")[0] in HEAD]
    body = [p for name, p in parameters.items() if name.split(".")[0] not in HEAD]
    optimizer = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": head, "lr": HEAD_RATE}], weight_decay=0.01)
    disguises = _disguises(examples, meaning)
    plan = [list(_batches(_sample(examples, rng), rng)) for _ in range(epochs)]
    total = sum(map(len, plan))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (WARM_UP * total)) * max(0.0, 1 - step / total)
    )
    for epoch, batches in enumerate(plan):
        lost = 0.0
        for plain in batches:
            batch = [_disguised(each, disguises, rng) for each in plain]
            with torch.autocast(device, dtype=torch.bfloat16):
                loss = _loss(network, batch, device)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            lost += loss.item()
        progress(f"epoch {epoch + 1} of {epochs}: loss {lost / len(batches):.3f} a batch")
    return network.cpu().eval()


def _sample(examples: Sequence[Prepared], rng: random.Random) -> list[Prepared]:
    """The examples of an epoch: all that state something, and some of the others."""
    return [each for each in examples if any(map(any, each.target)) or rng.random() < WITHOUT_FACTS]


def _disguises(examples: Sequence[Prepared], meaning: Meaning) -> dict[int, list[int]]:
    """For each true type, the marks of other types, each as often as it was shown for it (and once more)."""
    marks = list(meaning.marks.values())
    out = {i: [mark for mark in marks if mark != meaning.marks[kind]] for i, kind in enumerate(meaning.kinds[:-1])}
    for example in examples:
        for kind, places in example.names:
            shown = example.ids[places[0]]
            if kind in out and shown != meaning.marks[meaning.kinds[kind]]:
                out[kind].append(shown)
    return out


def _disguised(example: Prepared, disguises: Mapping[int, Sequence[int]], rng: random.Random) -> Prepared:
    """The example with some names under the marks of other types."""
    ids = list(example.ids)
    for kind, places in example.names:
        if kind in disguises and rng.random() < DISGUISED:
            other = rng.choice(disguises[kind])
            for place in places:
                ids[place] = other
    return replace(example, ids=ids)


def _batches(examples: Sequence[Prepared], rng: random.Random) -> Iterator[list[Prepared]]:
    """Batches of examples of about one length, in random order."""
    order = list(examples)
    rng.shuffle(order)
    out = []
    for first in range(0, len(order), BATCH * 20):
        alike = sorted(order[first : first + BATCH * 20], key=lambda example: len(example.ids))
        out += [alike[i : i + BATCH] for i in range(0, len(alike), BATCH)]
    rng.shuffle(out)
    yield from out


def _loss(network: Network, batch: Sequence[Prepared], device: str) -> Tensor:
    width, most = max(len(each.ids) for each in batch), max(len(each.pairs) for each in batch)
    ids = torch.tensor([each.ids + [0] * (width - len(each.ids)) for each in batch], device=device)
    nothing = (0, 0, SENTENCES_APART)
    pairs = torch.tensor([each.pairs + [nothing] * (most - len(each.pairs)) for each in batch], device=device)
    firsts = [sum(len(each.target) for each in batch[:row]) for row in range(len(batch))]
    count = sum(len(each.target) for each in batch)
    rows = [
        [first + group for group in each.groups] + [count] * (most - len(each.groups))
        for first, each in zip(firsts, batch, strict=True)
    ]
    groups = torch.tensor(rows, device=device).flatten()
    target = torch.tensor([row for each in batch for row in each.target], device=device)
    weight = torch.tensor([row for each in batch for row in each.weight], device=device)
    labels, statuses, kinds = (logits.float().flatten(0, 1) for logits in network(ids, pairs))
    best = torch.full((count + 1, labels.shape[1]), -1e4, device=device)
    best = best.scatter_reduce(0, groups[:, None].expand_as(labels), labels, "amax")[:count]
    each_loss = torch.nn.functional.binary_cross_entropy_with_logits(best, target, reduction="none")
    loss = (each_loss * weight).sum() / len(batch)
    told = [(first + g, k, s) for first, each in zip(firsts, batch, strict=True) for g, k, s in each.status]
    if told:
        group, label, status = torch.tensor(told, device=device).unbind(1)
        scores = labels[:, label].masked_fill(groups[:, None] != group[None, :], -1e9)
        of_status = torch.nn.functional.cross_entropy(statuses[scores.argmax(0)], status, reduction="sum")
        loss = loss + STATUS_WEIGHT * of_status / len(batch)
    marks = [(row * width + p, kind) for row, each in enumerate(batch) for kind, places in each.names for p in places]
    if marks:
        place, kind = torch.tensor(marks, device=device).unbind(1)
        of_kind = torch.nn.functional.cross_entropy(kinds[place], kind, reduction="sum")
        loss = loss + KIND_WEIGHT * of_kind / len(batch)
    return loss
