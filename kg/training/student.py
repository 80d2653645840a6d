"""Trains a network of fewer layers to say what the large one says of real passages (Hinton et al., 2015). Seeded.

It begins with layers of the large one. It learns the likelihood of every admitted label of each pair, which status is
likelier than which, and the types of the names: far more than the facts of annotated documents tell.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from kg.training.asked import Asked
from kg.training.network import Network, Sizes
from kg.training.relations import FROZEN, KIND_WEIGHT, STATUS_WEIGHT, WARM_UP, Meaning

LONGEST = 256
"""Pieces of a passage that are learned; a longer one is left out."""
SURE_PAIRS, OTHER_PAIRS = 32, 16
"""Of a passage with more pairs, so many of the likeliest are learned, and so many others."""
LIKELY = 0.05
UNLIKELY_SHARE = 0.3
"""The share of the passages with nothing likelier than `LIKELY` that an epoch takes in."""
BATCH, RATE, DROPOUT = 32, 2.5e-4, 0.05
NOTHING = (0, 0, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A passage as numbers. By pair: `likely` and `admitted` for each label, `statuses`: logits. By name: `kinds`."""

    ids: Tensor
    pairs: Tensor
    words: Tensor
    likely: Tensor
    admitted: Tensor
    statuses: Tensor
    kinds: Tensor


def lesson(asked: Asked, meaning: Meaning, rng: random.Random) -> Lesson | None:
    """What is to be learned of a passage; None for one that is too long."""
    count, labels, statuses = len(asked.pairs), len(meaning.labels), len(meaning.statuses)
    if len(asked.pieces) > LONGEST:
        return None
    said = torch.from_numpy(np.frombuffer(asked.said, dtype="<f4").copy())
    scores, status, kinds = said.split([count * labels, count * statuses, len(said) - count * (labels + statuses)])
    admitted = torch.tensor([[float(label in meaning.ends[ends]) for label in meaning.labels] for ends in asked.ends])
    likely = scores.view(count, labels).sigmoid() * admitted
    kept = list(range(count))
    if count > SURE_PAIRS + OTHER_PAIRS:
        order = likely.amax(1).argsort(descending=True, stable=True).tolist()
        kept = order[:SURE_PAIRS] + rng.sample(order[SURE_PAIRS:], OTHER_PAIRS)
    return Lesson(
        torch.tensor(asked.pieces),
        torch.tensor(asked.pairs)[kept],
        torch.tensor(asked.words, dtype=torch.long),
        likely[kept],
        admitted[kept],
        status.view(count, statuses)[kept],
        kinds.view(-1, len(meaning.kinds)),
    )


def distil(
    every: Iterable[Asked],
    teacher: Mapping[str, Tensor],
    meaning: Meaning,
    *,
    layers: Sequence[int],
    epochs: int,
    seed: int = 1,
    progress: Callable[[str], None],
) -> Network:
    """The trained network. `teacher`: the weights of the large one; `layers`: those of it to begin with."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    lessons = [each for asked in every if (each := lesson(asked, meaning, rng))]
    network = _begun(teacher, meaning, layers)
    network.train()
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    plan = [_batches(lessons, rng) for _ in range(epochs)]
    total = max(1, sum(map(len, plan)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (WARM_UP * total)) * max(0.0, 1 - step / total)
    )
    for epoch, batches in enumerate(plan):
        lost = 0.0
        for batch in batches:
            loss = _loss(network, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            lost += loss.item()
        progress(f"epoch {epoch + 1} of {epochs}: loss {lost / len(batches):.3f} a batch")
    return network.eval()


def _begun(teacher: Mapping[str, Tensor], meaning: Meaning, layers: Sequence[int]) -> Network:
    """The small network with weights of the large one. The word vectors stay as they are."""
    sizes = Sizes(vocabulary=teacher[FROZEN].shape[0], layers=len(layers))
    counts = {"labels": len(meaning.labels), "statuses": len(meaning.statuses), "kinds": len(meaning.kinds)}
    network = Network(sizes, **counts, dropout=DROPOUT)
    weights = {}
    for name in network.state_dict():
        part, _, rest = name.partition(".")
        number, _, own = rest.partition(".")
        weights[name] = teacher[f"layers.{layers[int(number)]}.{own}" if part == "layers" else name]
    network.load_state_dict(weights)
    network.words.weight.requires_grad_(False)
    return network


def _batches(lessons: Sequence[Lesson], rng: random.Random) -> list[list[Lesson]]:
    """Batches of passages of about one length, in random order: all in which anything is likely, some of the others."""
    order = [each for each in lessons if float(each.likely.max()) > LIKELY or rng.random() < UNLIKELY_SHARE]
    rng.shuffle(order)
    out = []
    for first in range(0, len(order), BATCH * 30):
        alike = sorted(order[first : first + BATCH * 30], key=lambda each: len(each.ids))
        out += [alike[i : i + BATCH] for i in range(0, len(alike), BATCH)]
    rng.shuffle(out)
    return out


def _loss(network: Network, batch: Sequence[Lesson]) -> Tensor:
    ids = nn.utils.rnn.pad_sequence([each.ids for each in batch], batch_first=True)
    most = max(len(each.pairs) for each in batch)
    pairs = torch.tensor(NOTHING).repeat(len(batch), most, 1)
    for row, each in enumerate(batch):
        pairs[row, : len(each.pairs)] = each.pairs
    likely, admitted, aim = (
        nn.utils.rnn.pad_sequence([getattr(each, part) for each in batch], batch_first=True)
        for part in ("likely", "admitted", "statuses")
    )
    with torch.autocast("cpu", dtype=torch.bfloat16):
        said = network(ids, pairs)
    labels, statuses, kinds = (logits.float() for logits in said)
    of_labels = nn.functional.binary_cross_entropy_with_logits(labels, likely, reduction="none") * admitted
    of_statuses = -(aim.softmax(-1) * statuses.log_softmax(-1)).sum(-1) * likely.amax(-1)
    names = torch.cat([kinds[row, each.words] for row, each in enumerate(batch)]).log_softmax(-1)
    of_kinds = -(torch.cat([each.kinds for each in batch]).softmax(-1) * names).sum()
    loss: Tensor = of_labels.sum() + STATUS_WEIGHT * of_statuses.sum() + KIND_WEIGHT * of_kinds
    return loss / len(batch)
