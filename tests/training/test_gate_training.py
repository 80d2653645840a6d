"""Training the gate: it learns, twice is once, and what is written says what the trained network said."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from kg.nlp.gate import PLAIN, gate_of, number_of, scores
from kg.training.worth import Labelled, Sentence

pytest.importorskip("torch", reason="training needs the extra `train`")

import torch

from kg.training.gate import parts_of, train, write

FILLERS = ("so", "the", "old", "garden", "was", "green", "and", "long")


def told() -> list[Labelled]:
    """Documents in which each sentence with "buys" holds a mention, and no other."""
    rng = random.Random(1)
    documents = []
    for name in range(60):
        rows = [[rng.choice(FILLERS) for _ in range(8)] for _ in range(10)]
        holding = sorted(rng.sample(range(10), 3))
        for i in holding:
            rows[i][rng.randrange(8)] = "buys"
        sentences = tuple(Sentence({"known": tuple((word, PLAIN) for word in row)}) for row in rows)
        documents.append(Labelled(str(name), sentences, tuple((i, i + 1) for i in holding)))
    return documents


def trained(path: Path) -> bytes:
    write(parts_of(train("known", told(), epochs=5, progress=lambda line: None), least=-0.5), path)
    return path.read_bytes()


def test_the_gate_learns_and_twice_is_once(tmp_path: Path) -> None:
    first = trained(tmp_path / "one" / "gate.npz")
    assert trained(tmp_path / "two" / "gate.npz") == first
    with np.load(tmp_path / "one" / "gate.npz") as file:
        gate = gate_of({name: file[name] for name in file.files})
    assert gate.least == -0.5
    each = told()[0]
    said = scores([sentence.words["known"] for sentence in each.sentences], gate)
    lowest, highest = min(said[i] for i in each.holding), max(x for i, x in enumerate(said) if i not in each.holding)
    assert lowest > highest


def test_the_written_network_says_what_the_trained_one_says() -> None:
    network = train("known", told(), epochs=5, progress=lambda line: None)
    words = told()[0].sentences[0].words["known"]
    numbers = torch.tensor([[number_of(word) for word, _ in words]])
    with torch.no_grad():
        expected = network(numbers, torch.zeros_like(numbers), torch.ones(numbers.shape)).item()
    assert scores([words], gate_of(parts_of(network)))[0] == pytest.approx(expected, abs=0.05)


def test_words_that_training_did_not_see_are_alike() -> None:
    gate = gate_of(parts_of(train("known", told(), epochs=5, progress=lambda line: None)))
    assert np.array_equal(gate.vectors[3 * number_of("zzz")], gate.vectors[3 * number_of("yyy")])
    assert not np.array_equal(gate.vectors[3 * number_of("zzz")], gate.vectors[3 * number_of("buys")])
