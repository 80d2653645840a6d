"""Trains the gates on what extraction finds without them: which sentences hold a relation mention."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kg.nlp.gate import FIRST, LONGEST, NEW, NUMBERS, PAD, PLAIN, WIDTH, number_of
from kg.training.network import SentenceNetwork
from kg.training.worth import Labelled

SEEN = 5
"""A number whose words are rarer in the sentences for learning counts as new."""
EPOCHS, BATCH, RATE = 2, 64, 4e-3
POSITIVE = 3.0
"""A sentence that holds something weighs so much more than one that does not."""

Row = list[tuple[int, int]]
Array = NDArray[np.generic]
Parts = dict[str, Array]


def train(
    name: str, documents: Sequence[Labelled], *, seed: int = 1, epochs: int = EPOCHS, progress: Callable[[str], None]
) -> SentenceNetwork:
    """The trained network of a gate. The same documents and seed give the same weights, in one thread."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # sums in another order are other sums
    rng = random.Random(seed)
    rows = [(row, i in each.holding) for each in documents for i, row in enumerate(_rows(name, each)) if row]
    counts = Counter(number for row, _ in rows for number, _ in row)
    rare = [number for number in range(FIRST, FIRST + NUMBERS) if counts[number] < SEEN]
    news = dict.fromkeys(rare, NEW)
    rows = [([(news.get(number, number), kind) for number, kind in row], holds) for row, holds in rows]
    network = SentenceNetwork()
    network.train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE / 2, weight_decay=0.02)
    plan = [_batches(rows, rng) for _ in range(epochs)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=sum(map(len, plan)))
    for epoch, batches in enumerate(plan):
        lost = 0.0
        for batch in batches:
            aim = torch.tensor([float(holds) for _, holds in batch])
            said = network(*_tensors([row for row, _ in batch]))
            loss = nn.functional.binary_cross_entropy_with_logits(said, aim, pos_weight=torch.tensor(POSITIVE))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            lost += loss.item()
        progress(f"epoch {epoch + 1} of {epochs}: loss {lost / len(batches):.3f} a batch")
    with torch.no_grad():
        network.words.weight[rare] = network.words.weight[NEW].clone()
    network.eval()
    return network


def _rows(name: str, document: Labelled) -> list[Row]:
    return [[(number_of(word), kind) for word, kind in each.words[name][:LONGEST]] for each in document.sentences]


def _batches(rows: Sequence[tuple[Row, bool]], rng: random.Random) -> list[list[tuple[Row, bool]]]:
    """Batches of sentences of about one length, in random order."""
    order = list(rows)
    rng.shuffle(order)
    out = []
    for first in range(0, len(order), BATCH * 30):
        alike = sorted(order[first : first + BATCH * 30], key=lambda row: len(row[0]))
        out += [alike[i : i + BATCH] for i in range(0, len(alike), BATCH)]
    rng.shuffle(out)
    return out


def _tensors(rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
    width = max(map(len, rows))
    filled = [row + [(PAD, PLAIN)] * (width - len(row)) for row in rows]
    both = torch.tensor(filled)
    written = torch.tensor([[1.0] * len(row) + [0.0] * (width - len(row)) for row in rows])
    return both[..., 0], both[..., 1], written


def parts_of(network: SentenceNetwork, *, least: float = 0.0) -> Parts:
    """What `kg.nlp.gate.gate_of` takes: the vectors in 8 bits, the other weights in 16, and the threshold."""
    weights = {name: weight.numpy() for name, weight in network.state_dict().items()}
    vectors, mixing = weights["words.weight"], weights["mixing.weight"]
    scale = np.maximum(np.abs(vectors).max(1, keepdims=True), 1e-3) / 127
    halved = {
        "scale": scale,
        "marks": weights["marks.weight"],
        "mixing": np.concatenate([mixing[:, :, i].T for i in range(WIDTH)]),
        "mixing_bias": weights["mixing.bias"],
        "hidden": weights["hidden.weight"].T,
        "hidden_bias": weights["hidden.bias"],
        "out": weights["out.weight"][0],
        "out_bias": weights["out.bias"][0],
    }
    parts: Parts = {name: part.astype(np.float16) for name, part in halved.items()}
    parts["vectors"] = np.round(vectors / scale).astype(np.int8)
    parts["least"] = np.array(least, dtype=np.float32)
    return parts


def write(parts: Parts, path: Path) -> None:
    """Write a gate where `kg.nlp.gate.load_gates` finds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **parts)
