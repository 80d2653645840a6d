"""Trains the gate on what extraction finds without one: which sentences hold a relation mention."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from kg.model import Document, RelationMention
from kg.nlp.gate import LONGEST, NEW, NEW_CAPITAL, PAD, PLAIN, WIDTH, Word, units, words_of
from kg.nlp.judging import JudgedPassage
from kg.nlp.known import find_known
from kg.nlp.loading import Pipeline, sparing
from kg.nlp.pipeline import annotate
from kg.nlp.relations import relate
from kg.nlp.retyping import judged_passages
from kg.training.network import SentenceNetwork

SEEN = 5
"""A word that is rarer in the sentences for learning counts as new."""
EPOCHS, BATCH, RATE = 5, 64, 4e-3
POSITIVE = 3.0
"""A sentence that holds something weighs so much more than one that does not."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as the gate sees it, and whether extraction finds a relation mention in it."""

    words: tuple[Word, ...]
    holds: bool


def labelled(documents: Iterable[Document], pipeline: Pipeline) -> Iterator[list[Sentence]]:
    """The sentences of each document. `pipeline`: what finds the mentions; its gate is left out."""
    open_pipeline = replace(pipeline, gate=None)
    for document in documents:
        with sparing(open_pipeline):
            passages = judged_passages(annotate(document, open_pipeline), open_pipeline)
            yield [each for passage in passages for each in _sentences(passage, document, open_pipeline)]


def _sentences(judged: JudgedPassage, document: Document, pipeline: Pipeline) -> Iterator[Sentence]:
    parsed = judged.parsed
    passage = parsed.passage
    told = [_range(mention, judged) for mention in relate([judged], document, pipeline)]
    known = find_known(passage.text, pipeline.known)
    for start, end in units(passage, pipeline.lexicon):
        holds = any(first < end - 1 and last > start + 1 for first, last in told)
        yield Sentence(tuple(words_of(passage.text, (start, end), known)), holds)


def _range(mention: RelationMention, judged: JudgedPassage) -> tuple[int, int]:
    """The range of the passage that the sentences of a mention take."""
    parsed, evidence = judged.parsed, mention.evidence
    ranges = [parsed.sentence_range(sentence) for sentence in parsed.doc.sents]
    inside = [
        each
        for each, (start, end) in ((each, parsed.passage.block.stored_span(*each)) for each in ranges)
        if start < evidence.end and end > evidence.start
    ]
    return (inside[0][0], inside[-1][1]) if inside else (0, len(parsed.passage.text))


def write_sentences(documents: Iterable[Sequence[Sentence]], path: Path) -> int:
    """Write labelled sentences as JSON lines; how many there were."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for sentence in (each for document in documents for each in document):
            out.write(json.dumps([sentence.words, sentence.holds]) + "\n")
            count += 1
    return count


def read_sentences(path: Path) -> Iterator[Sentence]:
    """The sentences that `write_sentences` wrote."""
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        words, holds = json.loads(line)
        yield Sentence(tuple((word, kind) for word, kind in words), holds)


def train(
    sentences: Sequence[Sentence], *, seed: int = 1, progress: Callable[[str], None]
) -> tuple[SentenceNetwork, list[str]]:
    """The trained network and its words by number."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    counts = Counter(word for sentence in sentences for word, _ in sentence.words)
    words = ["", "", "", *sorted(word for word, count in counts.items() if count >= SEEN)]
    numbers = {word: i for i, word in enumerate(words) if i > NEW}
    rows = [(_numbered(sentence.words, numbers), sentence.holds) for sentence in sentences if sentence.words]
    network = SentenceNetwork(len(words)).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE / 2, weight_decay=0.02)
    plan = [_batches(rows, rng) for _ in range(EPOCHS)]
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
        progress(f"epoch {epoch + 1} of {EPOCHS}: loss {lost / len(batches):.3f} a batch")
    return network.eval(), words


def _numbered(words: Sequence[Word], numbers: dict[str, int]) -> list[tuple[int, int]]:
    return [(numbers.get(word, NEW_CAPITAL if kind else NEW), kind) for word, kind in words[:LONGEST]]


Row = list[tuple[int, int]]


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


def write(network: SentenceNetwork, words: Sequence[str], path: Path, *, least: float) -> None:
    """Write the network for `kg.nlp.gate`, its vectors in 8 bits, the rest in 16."""
    weights = {name: weight.numpy() for name, weight in network.state_dict().items()}
    vectors, mixing = weights["words.weight"], weights["mixing.weight"]
    scale = np.maximum(np.abs(vectors).max(1, keepdims=True), 1e-9) / 127
    parts = {
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "vectors": np.round(vectors / scale).astype(np.int8),
        "scale": scale,
        "marks": weights["marks.weight"],
        "mixing": np.concatenate([mixing[:, :, i].T for i in range(WIDTH)]),
        "mixing_bias": weights["mixing.bias"],
        "hidden": weights["hidden.weight"].T,
        "hidden_bias": weights["hidden.bias"],
        "out": weights["out.weight"][0],
        "out_bias": weights["out.bias"][0],
    }
    halved = {name: part.astype(np.float16) if part.dtype == np.float32 else part for name, part in parts.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, least=np.float32(least), **halved)


def shares(sentences: Sequence[Sentence], scores: Sequence[float], least: Iterable[float]) -> Iterator[str]:
    """For each threshold: what share of the sentences that hold something passes, and of all words."""
    holding = max(1, sum(sentence.holds for sentence in sentences))
    total = max(1, sum(len(sentence.words) for sentence in sentences))
    for threshold in least:
        passed = [sentence for sentence, score in zip(sentences, scores, strict=True) if score >= threshold]
        found, read = sum(s.holds for s in passed) / holding, sum(len(s.words) for s in passed) / total
        yield f"least {threshold:.1f}: {found:.3f} of the sentences that hold a mention, {read:.3f} of the words"
