"""A smaller network that says what the trained one says: fewer layers, and used to sums in 8 bits.

The student begins with some of the teacher's layers and learns the teacher's likelihoods and vectors, not the labels.
While it learns, what goes into its matrices is rounded as `kg.training.export` will have it rounded.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from kg.nlp.marked import SENTENCES_APART, Marked
from kg.nlp.wordpieces import numbered
from kg.training.network import Network, Sizes
from kg.training.relations import FROZEN, LONGEST, WARM_UP, batches

RATE = 3e-4
LEVELS = 255
VECTOR_WEIGHT = 1.0
KIND_WEIGHT, STATUS_WEIGHT = 0.3, 0.1
DISGUISED = 0.1
"""The share of the marks that an epoch shows as those of another type: the teacher is asked about these too."""


MOST_PAIRS = 80
"""Of a passage with more pairs of marks, only the nearest are asked about."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as numbers. `pairs`: place, place, sentence step of the pairs that may stand in a relation; `admitted`:
    for each pair, which labels its kinds admit."""

    ids: list[int]
    pairs: list[tuple[int, int, int]]
    admitted: list[list[bool]]


def shown(
    passage: Marked,
    vocabulary: Mapping[str, int],
    ends: Mapping[tuple[str, str], frozenset[str]],
    labels: Sequence[str],
) -> Shown | None:
    """The passage as numbers; None where no two of its slots can stand in a relation."""
    ids, begins = numbered(passage.words, vocabulary)
    pairs = []
    for i, j in passage.pairs(ends):
        one, other = passage.slots[i], passage.slots[j]
        step = other.sentence - one.sentence + SENTENCES_APART
        admitted = [label in ends[one.kind, other.kind] for label in labels]
        if max(begins[one.word], begins[other.word]) < LONGEST:
            pairs.append(((begins[one.word], begins[other.word], step), admitted))
    pairs.sort(key=lambda pair: (abs(pair[0][0] - pair[0][1]), pair[0]))
    kept = pairs[:MOST_PAIRS]
    return Shown(ids[:LONGEST], [pair for pair, _ in kept], [admitted for _, admitted in kept]) if pairs else None


def distil(
    passages: Sequence[Shown],
    teacher: Network,
    *,
    marks: Sequence[int],
    layers: Sequence[int],
    epochs: int,
    seed: int = 1,
    progress: Callable[[str], None],
) -> Network:
    """The student. `layers`: which of the teacher's layers it begins with; `marks`: the numbers of the types' marks."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    student = _begin(teacher, layers)
    for module in student.layers.modules():
        if isinstance(module, nn.Linear):
            module.register_forward_pre_hook(lambda _, given: (_rounded(given[0]),))
    parameters = [p for name, p in student.named_parameters() if name != FROZEN]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    plan = [list(batches(passages, rng)) for _ in range(epochs)]
    total = sum(map(len, plan))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (WARM_UP * total)) * max(0.0, 1 - step / total)
    )
    teacher.eval()
    for epoch, each_batch in enumerate(plan):
        lost = 0.0
        for plain in each_batch:
            loss = _loss(teacher, student, [_disguised(each, marks, rng) for each in plain])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            lost += loss.item()
        progress(f"epoch {epoch + 1} of {epochs}: loss {lost / len(each_batch):.4f} a batch")
    return student.eval()


def _begin(teacher: Network, layers: Sequence[int]) -> Network:
    """A network with the teacher's vectors, heads and some of its layers; without dropout, as the teacher is sure."""
    sizes = Sizes(vocabulary=teacher.words.num_embeddings, layers=len(layers))
    heads = (teacher.labels, teacher.statuses, teacher.kinds)
    labels, statuses, kinds = (head.out_features for head in heads)
    student = Network(sizes, labels=labels, statuses=statuses, kinds=kinds, dropout=0.0)
    kept = {f"layers.{old}.": f"layers.{new}." for new, old in enumerate(layers)}
    weights = {}
    for name, weight in teacher.state_dict().items():
        if not name.startswith("layers."):
            weights[name] = weight
        for old, new in kept.items():
            if name.startswith(old):
                weights[new + name.removeprefix(old)] = weight
    student.load_state_dict(weights)
    student.words.weight.requires_grad_(False)
    return student.train()


def _rounded(x: Tensor) -> Tensor:
    """The numbers as they are after dynamic quantisation; the gradient passes as if they were not rounded."""
    with torch.no_grad():
        low, high = x.min().clamp(max=0.0), x.max().clamp(min=0.0)
        scale = (high - low).clamp(min=1e-8) / LEVELS
        rounded = torch.round((x - low) / scale) * scale + low
    return x + (rounded - x).detach()


def _disguised(example: Shown, marks: Sequence[int], rng: random.Random) -> Shown:
    ids = [rng.choice(marks) if piece in marks and rng.random() < DISGUISED else piece for piece in example.ids]
    return replace(example, ids=ids)


def _loss(teacher: Network, student: Network, batch: Sequence[Shown]) -> Tensor:
    width, most = max(len(each.ids) for each in batch), max(len(each.pairs) for each in batch)
    ids = torch.tensor([each.ids + [0] * (width - len(each.ids)) for each in batch])
    nothing = (0, 0, SENTENCES_APART)
    pairs = torch.tensor([each.pairs + [nothing] * (most - len(each.pairs)) for each in batch])
    asked = torch.tensor([[True] * len(each.pairs) + [False] * (most - len(each.pairs)) for each in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with torch.no_grad():
            vectors, attention = teacher.read(ids)
            aim = [each.float() for each in teacher.heads(vectors, attention, pairs)]
        own, attention = student.read(ids)
        said = [each.float() for each in student.heads(own, attention, pairs)]
    written = ids != 0
    admitted = torch.tensor([row for each in batch for row in each.admitted])
    likely = nn.functional.binary_cross_entropy_with_logits(said[0][asked], aim[0][asked].sigmoid(), reduction="none")
    loss = (likely * admitted).sum() / len(batch)
    loss = loss + STATUS_WEIGHT * _apart(said[1][asked], aim[1][asked]) / len(batch)
    is_mark = torch.zeros_like(written)
    rows = torch.arange(len(batch))[:, None].expand(asked.shape)
    for end in (0, 1):
        is_mark[rows[asked], pairs[..., end][asked]] = True
    loss = loss + KIND_WEIGHT * _apart(said[2][is_mark], aim[2][is_mark]) / len(batch)
    near = nn.functional.mse_loss(own.float()[written], vectors.float()[written])
    return loss + VECTOR_WEIGHT * near


def _apart(said: Tensor, aim: Tensor) -> Tensor:
    """How far two tables of logits are apart, as probabilities (Kullback-Leibler)."""
    return nn.functional.kl_div(said.log_softmax(-1), aim.log_softmax(-1), log_target=True, reduction="sum")
