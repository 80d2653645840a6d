"""Trains the recogniser of names: spaCy's `ner`, its word vectors from the stock model, its labels our entity types.

Some passages are learned once more with names exchanged for others of their type, so that what stands around a name
counts for more than the name.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.nlp.lexicon import load_lexicon
from kg.nlp.loading import MODEL
from kg.nlp.passages import passages
from kg.schema import load_schema
from kg.training.gold import GoldDocument

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example

EPOCHS = 7
SHORT_EPOCHS = 2
"""The last epochs learn single sentences too, where little stands around a name."""
INVENTED = 0.5
BATCH = 48
EXCHANGED = 0.6
REPEATED = 0.5
"""The share of the passages that are learned a second time, with other names."""


@dataclass(frozen=True, slots=True)
class Named:
    """A text with the places and types of its names."""

    text: str
    names: tuple[tuple[int, int, str], ...]


def named_texts(documents: Iterable[GoldDocument]) -> list[Named]:
    """The passages of the documents with their names."""
    return [
        Named(passage.text, tuple((name.start, name.end, name.type) for name in document.names(passage.text)))
        for document in documents
        for passage in passages(document.document, load_lexicon())
    ]


def exchanged(named: Named, others: Mapping[str, Sequence[str]], rng: random.Random, *, invent: float = 0.0) -> Named:
    """The text with some of its names exchanged for others of the same type; one form for each name throughout.

    `invent`: the share of the new names that are made up of two.
    """
    chosen: dict[str, str] = {}
    parts, names, cursor, length = list[str](), [], 0, 0
    for start, end, kind in named.names:
        surface = named.text[start:end]
        if surface not in chosen:
            other = invented(others[kind], rng) if rng.random() < invent else rng.choice(others[kind])
            chosen[surface] = other if rng.random() < EXCHANGED else surface
        between = named.text[cursor:start]
        parts += [between, chosen[surface]]
        length += len(between)
        names.append((length, length + len(chosen[surface]), kind))
        length, cursor = length + len(chosen[surface]), end
    return Named("".join(parts) + named.text[cursor:], tuple(names))


def invented(forms: Sequence[str], rng: random.Random) -> str:
    """A name that nobody has: the first half of one and the second half of another."""
    one, other = rng.choice(forms), rng.choice(forms)
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :].lower()


def one_sentence(named: Named, rng: random.Random) -> Named:
    """One of the sentences of a text, cut roughly at full stops, with its names."""
    cuts = [0, *(found.end() for found in re.finditer(r"[.!?]\s+", named.text)), len(named.text)]
    cuts = [cut for cut in cuts if not any(start < cut < end for start, end, _ in named.names)]
    at = rng.randrange(len(cuts) - 1) if len(cuts) > 1 else 0
    first, last = cuts[at], cuts[at + 1] if len(cuts) > 1 else len(named.text)
    inside = tuple((s - first, e - first, kind) for s, e, kind in named.names if first <= s and e <= last)
    return Named(named.text[first:last], inside)


def train_names(
    train: Sequence[Named], held: Sequence[Named], out: Path, *, progress: Callable[[str], None], seed: int = 1
) -> None:
    """Train the recogniser on `train`, write it to `out`; figures on `held` for each epoch go to `progress`."""
    import spacy
    from spacy.util import fix_random_seed, minibatch  # type: ignore[attr-defined]

    fix_random_seed(seed)
    rng = random.Random(seed)
    stock = spacy.load(MODEL)
    nlp = spacy.blank("en")
    ner = nlp.add_pipe("ner", config={"model": stock.config["components"]["ner"]["model"]})
    for kind in load_schema().types:
        ner.add_label(kind)  # type: ignore[attr-defined]
    others: dict[str, list[str]] = defaultdict(list)
    for named in train:
        for start, end, kind in named.names:
            others[kind].append(named.text[start:end])
    others = {kind: sorted(set(forms)) for kind, forms in others.items()}
    first = [_example(nlp, named) for named in train]
    nlp.initialize(lambda: first[:100])
    learned = stock.get_pipe("ner").model.get_ref("tok2vec").to_bytes()  # type: ignore[attr-defined]
    ner.model.get_ref("tok2vec").from_bytes(learned)  # type: ignore[attr-defined]
    optimizer = nlp.create_optimizer()  # type: ignore[no-untyped-call]
    judged = [_example(nlp, named) for named in held]
    for epoch in range(EPOCHS + SHORT_EPOCHS):
        if epoch < EPOCHS:
            some = [named for named in train if named.names and rng.random() < REPEATED]
            examples = first + [_example(nlp, exchanged(named, others, rng)) for named in some]
            optimizer.learn_rate = 0.001 * (1 - epoch / EPOCHS) + 0.0001
        else:
            some = [named for named in train if rng.random() < REPEATED]
            short = [exchanged(one_sentence(named, rng), others, rng, invent=INVENTED) for named in train]
            examples = [_example(nlp, named) for named in (*some, *short)]
            optimizer.learn_rate = 0.0003
        rng.shuffle(examples)
        for batch in minibatch(examples, size=BATCH):  # type: ignore[no-untyped-call]
            nlp.update(batch, sgd=optimizer, drop=0.25)
        with nlp.use_params(optimizer.averages):
            score = nlp.evaluate(judged)
        kinds = {kind: round(found["f"], 2) for kind, found in (score["ents_per_type"] or {}).items()}
        figures = " ".join(f"{name} {score[f'ents_{name}']:.3f}" for name in "prf")
        progress(f"epoch {epoch + 1} of {EPOCHS + SHORT_EPOCHS}: {figures} {kinds}")
    with nlp.use_params(optimizer.averages):
        nlp.to_disk(out, exclude=["vocab"])  # its strings are words of the texts


def _example(nlp: Language, named: Named) -> Example:
    from spacy.training import Example
    from spacy.util import filter_spans

    reference = nlp.make_doc(named.text)
    spans = (reference.char_span(start, end, label=kind, alignment_mode="expand") for start, end, kind in named.names)
    reference.ents = filter_spans([span for span in spans if span is not None])
    return Example(nlp.make_doc(named.text), reference)
