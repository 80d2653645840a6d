"""A small network learns what a large one says: it begins with its layers, it comes nearer, twice is once."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kg.training.asked import Asked

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

import torch

from kg.training.network import Network, Sizes
from kg.training.relations import Meaning
from kg.training.student import LONGEST, distil, lesson

SIZES = Sizes(vocabulary=40, width=384, layers=3)
MEANING = Meaning(
    ("buys", "sells"), ("said", "denied"), ("A", "B", "none"), {"A": 2, "B": 3}, {("A", "B"): frozenset({"buys"})}
)


def large() -> Network:
    torch.manual_seed(3)
    counts = {"labels": len(MEANING.labels), "statuses": len(MEANING.statuses), "kinds": len(MEANING.kinds)}
    return Network(SIZES, **counts).eval()


def questions(count: int) -> list[Asked]:
    """Passages with one mark of each kind, between which a word says whether one buys the other."""
    rng = random.Random(5)
    out = []
    for number in range(count):
        pieces = [rng.randrange(4, 38) for _ in range(rng.randrange(6, 12))]
        pieces[1], pieces[2], pieces[4] = 2, 38 + number % 2, 3
        said = [4.0 if number % 2 else -4.0, 0.0, 2.0, 0.0, *([0.0] * 6)]
        out.append(Asked(tuple(pieces), ((1, 4, 2),), (("A", "B"),), (1, 4), np.array(said, dtype="<f4").tobytes()))
    return out


def apart(one: Network, asked: list[Asked]) -> float:
    """How far the likelihoods that a network gives are from what was said, in the mean."""
    total = 0.0
    for each in asked:
        with torch.no_grad():
            labels, _, _ = one(torch.tensor([each.pieces]), torch.tensor([each.pairs]))
        said = torch.from_numpy(np.frombuffer(each.said, dtype="<f4")[:1].copy())
        total += float((labels[0, 0, :1].sigmoid() - said.sigmoid()).abs())
    return total / len(asked)


def test_a_lesson_holds_only_what_is_admitted() -> None:
    asked = questions(1)[0]
    found = lesson(asked, MEANING, random.Random(1))
    assert found is not None
    assert found.admitted.tolist() == [[1.0, 0.0]]
    assert found.likely[0, 1] == 0
    assert (found.statuses.shape, found.kinds.shape) == ((1, 2), (2, 3))
    many = Asked((4,) * (LONGEST + 1), asked.pairs, asked.ends, asked.words, asked.said)
    assert lesson(many, MEANING, random.Random(1)) is None


def test_of_many_pairs_the_likeliest_are_learned_and_some_others() -> None:
    count = 60
    labels = np.zeros((count, 2), dtype="<f4")
    labels[:, 0] = np.arange(count)
    said = np.concatenate([labels.ravel(), np.zeros(count * 2 + 2 * 3, dtype="<f4")]).astype("<f4")
    asked = Asked((1, 2, 4, 4, 3), ((1, 4, 2),) * count, (("A", "B"),) * count, (1, 4), said.tobytes())
    found = lesson(asked, MEANING, random.Random(1))
    assert found is not None
    assert len(found.pairs) == len(found.likely) == len(found.statuses) == 48
    assert sorted(found.likely[:, 0].tolist())[-32:] == sorted(torch.arange(28.0, 60.0).sigmoid().tolist())


def test_the_small_network_comes_nearer_to_the_large_one_and_twice_is_once() -> None:
    teacher = large()
    asked = questions(192)

    def student(epochs: int) -> Network:
        return distil(asked, teacher.state_dict(), MEANING, layers=(0, 2), epochs=epochs, progress=lambda line: None)

    trained = student(5)
    assert len(trained.layers) == 2
    assert torch.equal(trained.words.weight, teacher.words.weight)
    assert apart(trained, asked) < 0.1 < apart(student(0), asked)
    assert all(torch.equal(a, b) for a, b in zip(trained.parameters(), student(5).parameters(), strict=True))
