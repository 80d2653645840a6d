"""What the gate learns from, and how its threshold is chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.errors import KgError
from kg.nlp.gate import FIRST, KNOWN, NUMBERS, Gate, number_of
from kg.nlp.loading import Pipeline
from kg.nlp.references import load_reference_words
from kg.read.readers import document_from_text
from kg.training.worth import Kept, Labelled, Sentence, label, read_labelled, threshold, write_labelled

DULL = "The garden was green and the sun shone on the old wall for hours."
DEAL = "Acmelo will acquire Globexa, a chip start-up, for $5 million."
REFERENCES = load_reference_words()


def sentence(*words: str, begins: bool = False) -> Sentence:
    said = tuple((word, 0) for word in words)
    return Sentence({"known": said, "named": said}, begins)


def scoring(**values: float) -> Gate:
    """A gate that gives a sentence the greatest value of its words."""
    vectors = np.zeros((3 * (FIRST + NUMBERS), 2), dtype=np.float32)
    for word, value in values.items():
        vectors[3 * number_of(word)] = (max(value, 0), max(-value, 0))
    mixing = np.zeros((5 * 2, 2), dtype=np.float32)
    mixing[4:6] = np.eye(2)
    hidden = np.zeros((2 + 2 + 3, 2), dtype=np.float32)
    hidden[:2] = np.eye(2)
    nothing = np.zeros(2, dtype=np.float32)
    out = (np.array([1, -1], dtype=np.float32), np.zeros((), dtype=np.float32))
    return Gate(vectors, (mixing, nothing), (hidden, nothing), out, least=0.0)


def test_sentences_are_labelled_by_the_mentions_found_in_them(pipeline: Pipeline) -> None:
    found = label(document_from_text("d", f"# A Quiet Day\n\n{DULL} {DEAL} {DULL}\n\n{DEAL}"), pipeline)
    assert found.name == "d"
    assert [each.begins for each in found.sentences] == [True, False, False, False, False]
    assert found.holding == {2, 4}
    assert set(found.mentions) == {(2, 3), (4, 5)}
    deal = found.sentences[4].words
    assert [word for word, kind in deal["named"] if kind == KNOWN] == ["<Company>", "<Company>", "<money>"]
    assert [word for word, kind in deal["known"] if kind == KNOWN] == []


def test_labelled_documents_are_written_and_read(tmp_path: Path) -> None:
    told = [
        Labelled("a\u2028b", (sentence("one", "\u2028", begins=True), sentence()), ((0, 2), (1, 2))),
        Labelled("none", ()),
    ]
    write_labelled(told, tmp_path / "labelled.jsonl")
    assert list(read_labelled(tmp_path / "labelled.jsonl")) == told


def many(*words: str) -> tuple[Sentence, ...]:
    """One sentence for each word, after an opening that is read in any case."""
    return (sentence(*["so"] * 50, begins=True), *(sentence(word, begins=True) for word in words))


def test_the_threshold_keeps_the_share_and_no_more() -> None:
    gate = scoring(high=3.02, middle=1, low=-2, so=-9)
    document = Labelled("d", many("high", "middle", "low", "so"), ((0, 1), (1, 2), (2, 3), (3, 4)))
    expected = {
        0.5: Kept(3.0, 2 / 4, 2 / 5, 51 / 54),
        0.75: Kept(1.0, 3 / 4, 3 / 5, 52 / 54),
        0.8: Kept(-2.0, 1.0, 4 / 5, 53 / 54),
    }
    assert {share: threshold(gate, "known", [document], REFERENCES, share=share) for share in expected} == expected


def test_a_mention_is_kept_only_with_all_its_sentences() -> None:
    gate = scoring(high=3, low=-2, so=-9)
    document = Labelled("d", many("low", "high"), ((1, 3),))
    assert threshold(gate, "known", [document], REFERENCES, share=0.9).least == -2.0


def test_without_mentions_there_is_no_threshold() -> None:
    with pytest.raises(KgError, match="no threshold keeps"):
        threshold(scoring(so=1), "known", [Labelled("d", many("so"))], REFERENCES, share=0.9)
