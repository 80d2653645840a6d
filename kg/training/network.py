"""The network of the relation component: a small BERT encoder and a head that scores pairs of marks.

A mark's vector, that of the other mark and the words that both attend to go through one hidden layer to a logit for
each relation and for each status (after "document-level relation extraction with localized context pooling",
Zhou et al., AAAI 2021).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from kg.nlp.gate import CAPITAL, FIRST, KNOWN, NEW, NUMBERS, PAD, WIDTH

SENTENCE_STEPS = 5
"""Two sentences back to two sentences on."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of the encoder, as its weights have them."""

    vocabulary: int
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 512


class Layer(nn.Module):
    """One transformer layer; the names of its parts are those in the weights."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.query, self.key, self.value, self.out = (nn.Linear(sizes.width, sizes.width) for _ in range(4))
        self.up, self.down = nn.Linear(sizes.width, sizes.inner), nn.Linear(sizes.inner, sizes.width)
        self.after_attention, self.after_inner = (nn.LayerNorm(sizes.width, eps=1e-12) for _ in range(2))

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`x`: batch, words, width; `mask`: batch, 1, 1, words, 0 or very negative. Also the attention, by head."""
        b, n, w = x.shape
        q, k, v = (part(x).view(b, n, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value))
        attention = (q @ k.transpose(-1, -2) / math.sqrt(w // self.heads) + mask).softmax(-1)
        mixed = (attention @ v).transpose(1, 2).reshape(b, n, w)
        x = self.after_attention(x + self.out(mixed))
        return self.after_inner(x + self.down(nn.functional.gelu(self.up(x)))), attention


class Network(nn.Module):
    """Encoder and heads. The output: logits of each pair for labels and statuses, of each word for types of names."""

    def __init__(
        self, sizes: Sizes, *, labels: int, statuses: int, kinds: int, dropout: float = 0.1, hidden: int = 256
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(sizes.vocabulary, sizes.width)
        self.positions = nn.Embedding(sizes.positions, sizes.width)
        self.norm = nn.LayerNorm(sizes.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))
        self.dropout = nn.Dropout(dropout)
        self.steps = nn.Embedding(SENTENCE_STEPS, 32)
        self.hidden = nn.Linear(4 * sizes.width + 32, hidden)
        self.kinds = nn.Linear(sizes.width, kinds)
        self.labels, self.statuses = nn.Linear(hidden, labels), nn.Linear(hidden, statuses)

    def forward(self, ids: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`ids`: batch, words (0 pads). `pairs`: batch, pairs, 3: place of one, of the other, sentence step 0..4."""
        mask = (ids == 0)[:, None, None, :].to(torch.float32) * -1e9
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.dropout(self.norm(self.words(ids) + self.positions(places)[None]))
        attention = mask
        for layer in self.layers:
            x, attention = layer(x, mask)
        one, other, step = pairs.unbind(-1)
        attended = attention.mean(1)
        shared = _rows(attended, one) * _rows(attended, other)
        around = (shared / (shared.sum(-1, keepdim=True) + 1e-9)) @ x
        first, second = _rows(x, one), _rows(x, other)
        pair = torch.cat((first, second, first * second, around, self.steps(step)), -1)
        h = self.dropout(nn.functional.gelu(self.hidden(self.dropout(pair))))
        return self.labels(h), self.statuses(h), self.kinds(self.dropout(x))


def _rows(x: Tensor, places: Tensor) -> Tensor:
    """For each batch, the rows of `x` (batch, words, any) at `places` (batch, pairs)."""
    return x.gather(1, places[..., None].expand(-1, -1, x.shape[-1]))


def load_encoder(network: Network, weights: Mapping[str, Tensor]) -> None:
    """Fill the encoder with the weights of a BERT model under their usual names."""
    own = {
        "embeddings.word_embeddings.weight": network.words.weight,
        "embeddings.position_embeddings.weight": network.positions.weight,
        "embeddings.LayerNorm.weight": network.norm.weight,
        "embeddings.LayerNorm.bias": network.norm.bias,
    }
    for i, layer in enumerate(network.layers):
        parts = {
            "attention.self.query": layer.query,
            "attention.self.key": layer.key,
            "attention.self.value": layer.value,
            "attention.output.dense": layer.out,
            "attention.output.LayerNorm": layer.after_attention,
            "intermediate.dense": layer.up,
            "output.dense": layer.down,
            "output.LayerNorm": layer.after_inner,
        }
        for name, part in parts.items():
            own |= {f"encoder.layer.{i}.{name}.{kind}": getattr(part, kind) for kind in ("weight", "bias")}
    with torch.no_grad():
        for name, parameter in own.items():
            parameter.copy_(weights[name].to(parameter.dtype))
        network.words.weight += weights["embeddings.token_type_embeddings.weight"][0].to(network.words.weight.dtype)


VECTOR, MIXED, HIDDEN, MARK = 32, 64, 24, 4
"""The sizes of the gate."""
DROPPED, FORGOTTEN = 0.3, 0.1
"""The shares of its inputs, and of the words, that it does without in learning."""


class SentenceNetwork(nn.Module):
    """What `kg.nlp.gate.scores` computes: vectors, a convolution, the greatest and the mean, one hidden layer."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.marks = nn.Embedding(FIRST + NUMBERS, VECTOR, padding_idx=PAD), nn.Embedding(3, MARK)
        self.mixing = nn.Conv1d(VECTOR + MARK, MIXED, WIDTH, padding=WIDTH // 2)
        self.hidden, self.out = nn.Linear(2 * MIXED + 3, HIDDEN), nn.Linear(HIDDEN, 1)
        self.dropout = nn.Dropout(DROPPED)

    def forward(self, words: Tensor, kinds: Tensor, written: Tensor) -> Tensor:
        """`words`, `kinds`, `written` (1 or 0): batch, words. A logit for each sentence."""
        if self.training:
            forgotten = (torch.rand(words.shape) < FORGOTTEN) & (words > NEW)
            words = torch.where(forgotten, NEW, words)
        x = torch.cat((self.dropout(self.words(words)), self.marks(kinds)), -1) * written[..., None]
        mixed = torch.relu(self.mixing(x.transpose(1, 2))).transpose(1, 2) * written[..., None]
        length = written.sum(1)
        counts = [((kinds == kind) * written).sum(1) for kind in (CAPITAL, KNOWN)]
        mean = mixed.sum(1) / (length[:, None] + 1)
        features = torch.cat((mixed.max(1).values, mean, torch.stack((*counts, length), -1) / 10), -1)
        scores: Tensor = self.out(torch.relu(self.hidden(self.dropout(features)))).squeeze(-1)
        return scores
