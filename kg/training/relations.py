"""Trains the network of the relation component on examples. Seeded; a GPU is used where there is one.

Several marks of a passage may stand for one entity, and which of them states a fact is not known. So the best pair of
marks of two entities is held against the label (multiple-instance learning).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from kg.nlp.marked import SENTENCES_APART
from kg.nlp.wordpieces import numbered
from kg.training.examples import Example
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
HEAD = ("hidden", "labels", "statuses", "steps")
FROZEN = "words.weight"
"""The word vectors stay as they are: our texts hold too few words to move them well."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the outputs stand for, and which labels two kinds of slots admit."""

    labels: tuple[str, ...]
    statuses: tuple[str, ...]
    ends: Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example as numbers. `pairs`: place, place, sentence step; `groups`: the two entities that a pair is of.

    `target` and `weight`: by group and label; `status`: group, label, status of each stated fact.
    """

    ids: list[int]
    pairs: list[tuple[int, int, int]]
    groups: list[int]
    target: list[list[float]]
    weight: list[list[float]]
    status: list[tuple[int, int, int]]


def prepare(example: Example, vocabulary: Mapping[str, int], meaning: Meaning) -> Prepared | None:
    """The example as numbers; None where no two of its slots can stand in a relation."""
    ids, begins = numbered(example.marked.words, vocabulary)
    every, numbers, admitted = [], dict[tuple[int, int], int](), dict[int, set[str]]()
    for i, j in example.marked.pairs(meaning.ends):
        one, other = example.marked.slots[i], example.marked.slots[j]
        ends = example.entities[i], example.entities[j]
        if ends[0] != ends[1] and max(begins[one.word], begins[other.word]) < LONGEST:
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
    return Prepared(ids[:LONGEST], pairs, groups, target, weight, status)


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
    network = Network(sizes, labels=len(meaning.labels), statuses=len(meaning.statuses))
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
    plan = [list(_batches(_sample(examples, rng), rng)) for _ in range(epochs)]
    total = sum(map(len, plan))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (WARM_UP * total)) * max(0.0, 1 - step / total)
    )
    for epoch, batches in enumerate(plan):
        lost = 0.0
        for batch in batches:
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
    return [example for example in examples if example.status or rng.random() < WITHOUT_FACTS]


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
    labels, statuses = (logits.float().flatten(0, 1) for logits in network(ids, pairs))
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
    return loss
