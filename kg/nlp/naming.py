"""The names of a document: found in its passages, typed over the whole of it; and which passages deserve more.

With gates, names are looked for only in what the first lets through, and only what the second lets through goes on to
the parser. In the rest only names are found that are known, or that stand in what was read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from kg.data import data_path
from kg.nlp.amounts import FoundAmount, find_amounts
from kg.nlp.cache import remembered, version_of
from kg.nlp.candidates import candidates
from kg.nlp.gate import OPENING, Gate, marks_of, parted
from kg.nlp.known import find_known
from kg.nlp.loading import RECOGNISER, Pipeline
from kg.nlp.names import RECOGNISED, Name, settle_types, spread
from kg.nlp.passages import Passage, part_of
from kg.nlp.references import load_reference_words
from kg.nlp.tokens import is_common

BATCH = 64


@dataclass(frozen=True, slots=True)
class Named:
    """A passage with its names and sums."""

    passage: Passage
    names: tuple[Name, ...]
    amounts: tuple[FoundAmount, ...] = ()

    def part(self, start: int, end: int) -> Named:
        """The part from `start` to `end`, offsets of the passage's text."""
        if (start, end) == (0, len(self.passage.text)):
            return self
        inside = [name for name in self.names if start <= name.start < end]
        sums = [each for each in self.amounts if start <= each.start < end]
        return Named(
            part_of(self.passage, start, end),
            tuple([replace(name, start=name.start - start, end=name.end - start) for name in inside]),
            tuple([replace(each, start=each.start - start, end=each.end - start) for each in sums]),
        )


def find_names(every: Sequence[Passage], pipeline: Pipeline) -> tuple[list[Named], list[Named]]:
    """What is parsed of the passages, with its names and sums, and the rest with its names; without gates all is."""
    known = [Named(each, tuple(find_known(each.text, pipeline.known))) for each in every]
    if pipeline.gates is None:
        return _named(known, [], pipeline)
    kept, aside = _parted(known, pipeline.gates.known, pipeline, opening=OPENING)
    named, others = _named(kept, aside, pipeline)
    parsed, dropped = _parted(named, pipeline.gates.named, pipeline)
    return parsed, [*dropped, *others]


def _parted(
    every: Sequence[Named], gate: Gate, pipeline: Pipeline, *, opening: int = 0
) -> tuple[list[Named], list[Named]]:
    """The parts of passages that pass a gate, and the others."""
    marks = [marks_of(each.names, each.amounts) for each in every]
    passages = [each.passage for each in every]
    parts = parted(passages, marks, gate, pipeline.lexicon, load_reference_words(), opening=opening)
    told = [(every[i].part(*span), passes) for i, span, passes in parts]
    return [part for part, passes in told if passes], [part for part, passes in told if not passes]


def _named(kept: Sequence[Named], aside: Sequence[Named], pipeline: Pipeline) -> tuple[list[Named], list[Named]]:
    """The passages, given with what is known in them, with all their names, typed over the document; `kept` with sums.

    Only `kept` is shown to the recogniser; in the others stand names that are known or were seen there.
    """
    every = [*kept, *aside]
    texts = {i: each.passage.text for i, each in enumerate(every)}
    seen = [*_recognised([each.passage.text for each in kept], pipeline), *([list[Name]()] * len(aside))]
    found = {
        i: candidates(
            each.passage, known=each.names, recognised=seen[i], lexicon=pipeline.lexicon, forms=pipeline.forms
        )
        for i, each in enumerate(every)
    }
    settled = settle_types(spread(found, texts, pipeline.forms), texts, pipeline.lexicon)
    names = [tuple(_placed([_weighed(n, pipeline) for n in settled[i]], texts[i])) for i in range(len(every))]
    told = [replace(each, names=names[i]) for i, each in enumerate(every)]
    summed = [replace(each, amounts=find_amounts(each.passage.text)) for each in told[: len(kept)]]
    return summed, told[len(kept) :]


def _placed(names: Sequence[Name], text: str) -> list[Name]:
    """A city with the state or country that follows it is one name: "Oslo, Norway" is Oslo."""
    out: list[Name] = []
    for name in names:
        city = out[-1] if out else None
        between = text[city.end : name.start] if city and city.type == name.type == "Place" else ""
        if city and between == ", " and not re.match(r",? and ", text[name.end :]):
            out[-1] = replace(city, end=name.end)
        else:
            out.append(name)
    return out


def _recognised(texts: Sequence[str], pipeline: Pipeline) -> list[list[Name]]:
    """What the recogniser sees in each text. It reads the text itself, not what the parser is shown."""

    def say(some: list[int]) -> Iterator[bytes]:
        for doc in pipeline.recogniser.pipe([texts[i] for i in some], batch_size=BATCH):
            yield json.dumps([(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]).encode()

    return [
        [Name(start, end, text[start:end], kind, f"{RECOGNISED} {kind}") for start, end, kind in json.loads(said)]
        for text, said in zip(texts, remembered(pipeline.cache, _recogniser_version, texts, say), strict=True)
    ]


def _recogniser_version() -> str:
    return version_of(data_path(RECOGNISER), f"spacy {version('spacy')}")


def _weighed(name: Name, pipeline: Pipeline) -> Name:
    """The name with what its words say: a name that the registry holds only with a context rule counts, since here the
    text uses it as a name; one that the registry does not hold may consist of ordinary words."""
    if name.entity is not None:
        return name
    if name.surface in pipeline.guarded:
        entity, kind = pipeline.guarded[name.surface]
        return replace(name, entity=entity, type=kind, sure=True, rule=f"{name.rule}; registry")
    return replace(name, common=all(is_common(word.lower(), pipeline.forms) for word in name.surface.split()))
