"""What a network was asked about real passages, and what it said: what a smaller one learns from."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.nlp.component import Component, answer_to, question_of
from kg.nlp.marked import Marked


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a passage: its word pieces, the places of each pair with the step between their sentences, the
    kinds of the pair, and the places of the names. `said`: the logits, as `answer_to` gives them."""

    pieces: tuple[int, ...]
    pairs: tuple[tuple[int, int, int], ...]
    ends: tuple[tuple[str, str], ...]
    words: tuple[int, ...]
    said: bytes


def asked_of(passages: Iterable[Marked], component: Component) -> Iterator[Asked]:
    """What is asked of those passages of which anything is, and what the component says."""
    for number, passage in enumerate(passages):
        question = question_of(number, passage, component)
        if question is not None and question.pairs:
            slots = passage.slots
            yield Asked(
                tuple(question.pieces),
                tuple(question.places),
                tuple((slots[one].kind, slots[other].kind) for one, other in question.pairs),
                tuple(question.words),
                answer_to(question, component),
            )


def write_asked(every: Iterable[Asked], path: Path) -> int:
    """Write questions as JSON lines, each once; how many there were."""
    seen = set[tuple[object, ...]]()
    with path.open("w", encoding="utf-8") as out:
        for each in every:
            question = each.pieces, each.pairs
            if question not in seen:
                seen.add(question)
                said = b64encode(each.said).decode("ascii")
                out.write(json.dumps([each.pieces, each.pairs, each.ends, each.words, said]) + "\n")
    return len(seen)


def read_asked(path: Path) -> Iterator[Asked]:
    """The questions that `write_asked` wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            pieces, pairs, ends, words, said = json.loads(line)
            pairs, ends = (tuple(tuple(each) for each in some) for some in (pairs, ends))
            yield Asked(tuple(pieces), pairs, ends, tuple(words), b64decode(said))
