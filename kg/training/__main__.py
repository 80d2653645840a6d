"""`make model`: trains what ships in `kg/models` anew. Each step can be run by itself: `python -m kg.training STEP`.

The steps, in order: `names` (the recogniser), `examples` (what the relation component learns from), `relations` (the
network; needs the extra `train`, as does the next), `gate` (which sentences are read), `confidence` (the
calibration, on documents that the other steps leave out). And `causes`, which trains nothing: why facts were missed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from kg.data import data_path, read_jsonl
from kg.errors import KgError
from kg.model import Document
from kg.nlp.marked import MONEY
from kg.schema import load_schema
from kg.training.gold import GoldDocument, annotated_documents, gold_documents, in_folder, in_table

MODELS = Path(__file__).parent.parent / "models"
WORK = Path(".cache/training")
SENTENCES = "seeds/training/sentences.txt"
CORE = "extra/core_train.json"
HELD_OUT = 7
"""One annotated document of so many trains nothing; it is for choosing and for figures."""
LAYERS, EPOCHS = 6, 4
PRESS_SHARE = 3
"""Of so many press releases the gate learns from one."""
GATE_LEAST = -2.5
"""The score from which a sentence is read. Of documents that it did not learn, 93 % of the sentences that hold a
mention have it, and 36 % of all words stand in sentences that have it."""
HEARD = 70
"""With fewer annotated facts of a relation than this, what the component says of it does not count."""
LEAST = (0.55, 0.4)
"""The confidence from which a fact is stated that no pattern found, and one that a pattern found."""
NEEDS = "training needs the extra `train` ({}): pip install 'aiindkg[train]'"
NEAR_WORDS = {"Institution": "university", "Place": "city"}
"""The words whose vectors the marks begin with, where the name of the type is not that word itself."""


def annotated(shared: Path) -> Iterator[GoldDocument]:
    """Our own annotations, whose texts stand in the shared corpus and among the shared press releases."""
    yield from annotated_documents(data_path("seeds/training/corpus.jsonl"), in_folder(shared / "corpus"))
    yield from annotated_documents(data_path("seeds/training/press.jsonl"), in_table(shared / "bulk" / "press.jsonl"))


def is_held_out(document: GoldDocument) -> bool:
    """Whether a document trains nothing, by a hash of its name."""
    return int(hashlib.sha256(document.document.name.encode()).hexdigest(), 16) % HELD_OUT == 0


def names(shared: Path) -> None:
    """Train the recogniser of names on our annotations and our own sentences."""
    from kg.training.names import Named, named_texts, train_names
    from kg.training.sentences import read_sentences

    documents = list(annotated(shared))
    train = named_texts(each for each in documents if not is_held_out(each))
    for told in read_sentences(data_path(SENTENCES), load_schema()):
        train.append(Named(told.text, tuple(end for end in told.ends if end[2] != MONEY)))
    held = named_texts(each for each in documents if is_held_out(each))
    train_names(train, held, MODELS / "names", progress=_say)


def examples(shared: Path) -> None:
    """Write the examples: the passages of our annotations, by true and by found names; our own sentences; CORE."""
    from kg.build import pipeline_for
    from kg.nlp.names import Name
    from kg.nlp.pipeline import annotate
    from kg.nlp.retyping import typed_by_slots
    from kg.read.readers import read_markdown
    from kg.resolve.registry import load_registry
    from kg.training.core import read_core
    from kg.training.examples import Example, write_examples
    from kg.training.examples import examples as examples_of
    from kg.training.sentences import example_of, read_sentences

    pipeline, schema = pipeline_for(load_registry()), load_schema()

    def both(gold: GoldDocument) -> Iterator[Example]:
        found = typed_by_slots(annotate(gold.document, pipeline), pipeline.patterns)
        once = [
            *examples_of(gold, annotate(gold.document, pipeline, given=gold.names), schema),
            *examples_of(gold, found, schema),
        ]
        yield from {(each.marked.words, each.stated): each for each in once}.values()

    def found_names(text: str) -> list[Name]:
        return [name for parsed in annotate(read_markdown("", text), pipeline).parsed for name in parsed.names.values()]

    def every() -> Iterator[Example]:
        yield from (each for gold in annotated(shared) if not is_held_out(gold) for each in both(gold))
        own = (example_of(told, pipeline) for told in read_sentences(data_path(SENTENCES), schema))
        yield from (each for each in own if each is not None)
        core = read_core(shared / CORE, data_path("seeds/training/core.yaml"), schema)
        others = (example_of(told, pipeline, others=found_names) for told in core)
        yield from (each for each in others if each is not None)

    WORK.mkdir(parents=True, exist_ok=True)
    count = write_examples(every(), WORK / "examples.jsonl")
    _say(f"{count} examples")


def relations(shared: Path) -> None:
    """Train the network and write it for the runtime."""
    try:
        from kg.training.encoder import load_weights
        from kg.training.export import export
        from kg.training.relations import Meaning, prepare, train
    except ImportError as error:
        raise KgError(NEEDS.format(error)) from error
    from kg.nlp.component import AMOUNT, NO_NAME, admitted_ends, marks
    from kg.nlp.marked import mark
    from kg.training.examples import read_examples

    schema = load_schema()
    weights, vocabulary = load_weights(marks(schema))
    kinds = (*schema.types, NO_NAME)
    numbers = {kind: vocabulary[mark(kind)] for kind in schema.types}
    meaning = Meaning((*sorted(schema.relations), AMOUNT), schema.statuses, kinds, numbers, admitted_ends(schema))
    prepared = (prepare(each, vocabulary, meaning) for each in read_examples(WORK / "examples.jsonl"))
    places = {
        vocabulary[word]: vocabulary[NEAR_WORDS.get(word.strip("[]"), word.strip("[]").lower())]
        for word in marks(schema)
    }
    network = train(
        [each for each in prepared if each is not None],
        weights,
        meaning,
        marks=places,
        layers=LAYERS,
        epochs=EPOCHS,
        progress=_say,
    )
    folder = MODELS / "relations"
    export(network, folder / "network.onnx")
    (folder / "vocabulary.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)), encoding="utf-8")
    config = {"labels": meaning.labels, "statuses": meaning.statuses, "kinds": meaning.kinds}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def gate(shared: Path) -> None:
    """Have extraction find what it finds in the corpus and in some press releases, and train the gate on that."""
    try:
        from kg.training.gate import labelled, read_sentences, train, write, write_sentences
    except ImportError as error:
        raise KgError(NEEDS.format(error)) from error
    from kg.build import pipeline_for
    from kg.read.readers import read_document, read_markdown
    from kg.resolve.registry import load_registry

    def documents() -> Iterator[Document]:
        yield from (read_document(path) for path in sorted((shared / "corpus").glob("*.md")))
        for _, row in read_jsonl(shared / "bulk" / "press.jsonl"):
            name = hashlib.sha256(str(row["id"]).encode()).hexdigest()
            if int(name, 16) % PRESS_SHARE == 0:
                yield read_markdown(name, str(row["text"]))

    WORK.mkdir(parents=True, exist_ok=True)
    count = write_sentences(labelled(documents(), pipeline_for(load_registry())), WORK / "sentences.jsonl")
    _say(f"{count} sentences")
    network, words = train(list(read_sentences(WORK / "sentences.jsonl")), progress=_say)
    write(network, words, MODELS / "gate" / "gate.npz", least=GATE_LEAST)


def confidence(shared: Path) -> None:
    """Fit the calibration on the gold facts for learning, which trained nothing else; print how reliable it is."""
    from kg.build import pipeline_for
    from kg.nlp.confidence import FILE
    from kg.nlp.pipeline import annotate
    from kg.resolve.registry import load_registry
    from kg.training.calibration import candidates_of, fit, reliability, write

    pipeline, schema = pipeline_for(load_registry()), load_schema()
    candidates = [
        each
        for gold in gold_documents(shared / "gold" / "train.jsonl", shared / "gold" / "train")
        for each in candidates_of(gold, annotate(gold.document, pipeline), pipeline, schema).values()
    ]
    learned = Counter(
        schema.relation(fact.relation).name
        for gold in annotated(shared)
        if not is_held_out(gold)
        for fact in gold.facts
    )
    unheard = [relation for relation in sorted(schema.relations) if learned[relation] < HEARD]
    calibration = fit(candidates, sorted(schema.relations), least=LEAST, unheard=unheard)
    write(calibration, MODELS.parent.parent / FILE)
    for tenth, count, mean, right in reliability(candidates, calibration):
        _say(f"{tenth}: {count:5} candidates, mean confidence {mean:.3f}, right {right:.3f}")


def causes(shared: Path) -> None:
    """Print, for the gold facts kept for figures, how many were missed for which cause, by relation."""
    from kg.build import pipeline_for
    from kg.nlp.pipeline import annotate
    from kg.resolve.registry import load_registry
    from kg.training.causes import CAUSES
    from kg.training.causes import causes as causes_of

    pipeline = pipeline_for(load_registry())
    documents = gold_documents(shared / "gold" / "dev.jsonl", shared / "gold" / "dev")
    found = causes_of(((gold, annotate(gold.document, pipeline)) for gold in documents), pipeline, load_schema())
    _say(" | ".join(("relation", *CAUSES)))
    for relation, counts in {**found, "all": sum(found.values(), Counter[str]())}.items():
        _say(" | ".join((relation, *(str(counts[cause]) for cause in CAUSES))))


STEPS: Mapping[str, Callable[[Path], None]] = {
    "names": names,
    "examples": examples,
    "relations": relations,
    "gate": gate,
    "confidence": confidence,
}
REPORTS: Mapping[str, Callable[[Path], None]] = {"causes": causes}
"""Steps that train nothing; only run when named."""


def main() -> int:
    """Run the named steps, or all. Exit code 1 where something that a step needs is missing."""
    parser = argparse.ArgumentParser(prog="python -m kg.training", description=__doc__)
    parser.add_argument("steps", nargs="*", choices=[*STEPS, *REPORTS, []], help="by default all, in this order")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="the folder with corpus/ and gold/")
    given = parser.parse_args()
    if not (given.shared / "corpus").is_dir():
        _say(f"no {given.shared / 'corpus'}: the texts that the annotations are of are not here; say --shared FOLDER")
        return 1
    try:
        for step in given.steps or STEPS:
            _say(step)
            {**STEPS, **REPORTS}[step](given.shared)
    except KgError as error:
        _say(str(error))
        return 1
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
