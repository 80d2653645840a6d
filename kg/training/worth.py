"""Which sentences of a document extraction finds relation mentions in: what the gates learn from and are judged by."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kg.errors import KgError
from kg.model import Document, RelationMention
from kg.nlp.amounts import find_amounts
from kg.nlp.gate import OPENING, Gate, Word, choice, marks_of, scores, units, words_of
from kg.nlp.judging import JudgedPassage
from kg.nlp.known import find_known
from kg.nlp.loading import Pipeline, sparing
from kg.nlp.pipeline import annotate
from kg.nlp.references import ReferenceWords
from kg.nlp.relations import relate
from kg.nlp.retyping import judged_passages

STEPS = 20
"""So many thresholds are tried for each unit of the score."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as each gate sees it, and whether it begins a new item."""

    words: Mapping[str, tuple[Word, ...]]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """The sentences of a document in reading order, and those that each relation mention takes, as half-open ranges."""

    name: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[tuple[int, int], ...] = ()

    @property
    def holding(self) -> frozenset[int]:
        """The sentences that hold a mention."""
        return frozenset(number for start, end in self.mentions for number in range(start, end))


@dataclass(frozen=True, slots=True)
class Kept:
    """What a threshold keeps: the shares of the relation mentions, of the sentences and of the words."""

    least: float
    mentions: float
    sentences: float
    words: float


def label(document: Document, pipeline: Pipeline) -> Labelled:
    """What a pipeline finds in a document. `pipeline`: one without gates."""
    sentences, found = list[Sentence](), list[tuple[int, int]]()
    with sparing(pipeline):
        annotation = annotate(document, pipeline)
        for parsed, judged in zip(annotation.parsed, judged_passages(annotation, pipeline), strict=True):
            passage, first = parsed.passage, len(sentences)
            names = sorted(parsed.names.values(), key=lambda name: name.start)
            marks = {
                "known": marks_of(find_known(passage.text, pipeline.known), ()),
                "named": marks_of(names, find_amounts(passage.text)),
            }
            spans = units(passage, marks["named"], pipeline.lexicon)
            for span in spans:
                words = {gate: tuple(words_of(passage.text, span, each)) for gate, each in marks.items()}
                sentences.append(Sentence(words, passage.opens and span[0] == 0))
            for mention in relate([judged], document, pipeline):
                begin, stop = _range(mention, judged)
                # a full stop or blank more or less is no sentence
                held = [i for i, (start, end) in enumerate(spans, first) if begin < end - 1 and stop > start + 1]
                found += [(held[0], held[-1] + 1)] if held else []
    return Labelled(document.name, tuple(sentences), tuple(found))


def label_one(document: Document) -> Labelled:
    """What the shipped pipeline finds in a document: the work of a process."""
    return label(document, load())


def load() -> Pipeline:
    """What a process needs before its first document."""
    from kg.build import pipeline_for
    from kg.resolve.registry import load_registry

    return pipeline_for(load_registry())


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


def write_labelled(documents: Iterable[Labelled], path: Path) -> None:
    """Write labelled documents as JSON lines."""
    with path.open("w", encoding="utf-8") as out:
        for each in documents:
            sentences = [(sentence.words, sentence.begins) for sentence in each.sentences]
            out.write(json.dumps([each.name, sentences, each.mentions]) + "\n")


def read_labelled(path: Path) -> Iterator[Labelled]:
    """The documents that `write_labelled` wrote."""
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        name, sentences, mentions = json.loads(line)
        told = (
            Sentence({gate: tuple((word, kind) for word, kind in each) for gate, each in words.items()}, begins)
            for words, begins in sentences
        )
        yield Labelled(name, tuple(told), tuple((start, end) for start, end in mentions))


def threshold(
    gate: Gate, name: str, documents: Sequence[Labelled], references: ReferenceWords, *, share: float
) -> Kept:
    """The greatest threshold of a gate (by name) that keeps `share` of the mentions of documents, and what it keeps.

    A mention is kept when all its sentences are read. Raises `KgError` where no threshold keeps so many.
    """
    seen = [[sentence.words[name] for sentence in each.sentences] for each in documents]
    scored = [(each, words, scores(words, gate)) for each, words in zip(documents, seen, strict=True)]
    opening = OPENING if name == "known" else 0
    kept = partial(_kept, scored, references, opening)
    thresholds = [step / STEPS for step in range(-20 * STEPS, 20 * STEPS + 1)]
    above = bisect_left(thresholds, True, key=lambda least: kept(least).mentions < share)
    if above == 0:
        raise KgError(f"no threshold keeps {share:.1%} of the relation mentions: are there any in the documents?")
    return kept(thresholds[above - 1])


def _kept(
    scored: Sequence[tuple[Labelled, Sequence[Sequence[Word]], Sequence[float]]],
    references: ReferenceWords,
    opening: int,
    least: float,
) -> Kept:
    counts = Counter[str]()
    for document, words, said in scored:
        begins = [sentence.begins for sentence in document.sentences]
        read = choice(words, begins, said, least=least, references=references, opening=opening)
        counts["mentions"] += len(document.mentions)
        counts["kept"] += sum(all(read[start:end]) for start, end in document.mentions)
        counts["sentences"] += len(words)
        counts["read"] += sum(read)
        counts["words"] += sum(map(len, words))
        counts["words read"] += sum(len(each) for each, is_read in zip(words, read, strict=True) if is_read)
    return Kept(
        least,
        counts["kept"] / max(1, counts["mentions"]),
        counts["read"] / max(1, counts["sentences"]),
        counts["words read"] / max(1, counts["words"]),
    )
