"""`make model`: trains what ships in `kg/models` anew. Each step can be run by itself: `python -m kg.training STEP`.

The steps, in order: `names` (the recogniser), `examples` (what the relation component learns from), `relations` (the
network; needs the extra `train`, as does the next), `gates` (which sentences are read), `confidence` (the
calibration, on documents that the other steps leave out). And `causes`, which trains nothing: why facts were missed.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from kg.data import data_path, read_jsonl
from kg.errors import KgError
from kg.model import Document
from kg.nlp.marked import MONEY
from kg.schema import load_schema
from kg.training.gold import GoldDocument, annotated_documents, gold_documents, in_folder, in_table
from kg.training.worth import Labelled

MODELS = Path(__file__).parent.parent / "models"
WORK = Path(".cache/training")
SENTENCES = "seeds/training/sentences.txt"
CORE = "extra/core_train.json"
HELD_OUT = 7
"""One annotated document of so many trains nothing; it is for choosing and for figures."""
LAYERS, EPOCHS = 6, 4
GATE_KEEPS = {"known": 0.99, "named": 0.98}
"""The share of the relation mentions that each gate lets through, on documents held out."""
HEARD = 70
"""With fewer annotated facts of a relation than this, what the component says of it does not count."""
LEAST = (0.53, 0.335)
"""The confidence from which a fact is stated that no pattern found, and one that a pattern found."""
NEEDS = "training needs the extra `train` ({}): pip install 'aiindkg[train]'"
NEAR_WORDS = {"Institution": "university", "Place": "city"}
"""The words whose vectors the marks begin with, where the name of the type is not that word itself."""


def annotated(shared: Path) -> Iterator[GoldDocument]:
    """Our own annotations, whose texts stand in the shared corpus and among the shared press releases."""
    yield from annotated_documents(data_path("seeds/training/corpus.jsonl"), in_folder(shared / "corpus"))
    yield from annotated_documents(data_path("seeds/training/press.jsonl"), in_table(shared / "bulk" / "press.jsonl"))


def is_held_out(document: GoldDocument) -> bool:
    """Whether an annotated document trains nothing."""
    return _hash(document.document.name) % HELD_OUT == 0


def _hash(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)


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
    """Train the network on the examples and write it for the runtime."""
    try:
        from kg.training.encoder import load_weights
        from kg.training.relations import meaning_of, prepare, train, write
    except ImportError as error:
        raise KgError(NEEDS.format(error)) from error
    from kg.nlp.component import marks
    from kg.training.examples import read_examples

    schema = load_schema()
    weights, vocabulary = load_weights(marks(schema))
    meaning = meaning_of(schema, vocabulary)
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
    write(network, vocabulary, meaning, MODELS / "relations")


def gates(shared: Path) -> None:
    """Have extraction find what it finds in real documents; train the gates on that.

    One document of `HELD_OUT` trains nothing: on these each threshold is chosen.
    """
    try:
        import torch  # noqa: F401 - missing is said before all is labelled
    except ImportError as error:
        raise KgError(NEEDS.format(error)) from error
    from kg.batch.workers import in_processes
    from kg.training.worth import label_one, load, read_labelled, write_labelled

    found = dict[str, Labelled]()
    for done in in_processes(label_one, real_documents(shared), load=load, jobs=2):
        if done.result is None:
            raise KgError(f"{done.task.name}: {done.message}")
        found[done.task.name] = done.result
    WORK.mkdir(parents=True, exist_ok=True)
    write_labelled((found[name] for name in sorted(found)), WORK / "labelled.jsonl")
    for name in GATE_KEEPS:
        learn_gate(name, list(read_labelled(WORK / "labelled.jsonl")), MODELS / "gate" / f"{name}.npz")


def learn_gate(name: str, every: Sequence[Labelled], path: Path) -> None:
    """Train a gate, choose its threshold and write it; print what it keeps of the documents held out."""
    from kg.nlp.gate import gate_of
    from kg.nlp.references import load_reference_words
    from kg.training.gate import parts_of, train, write
    from kg.training.worth import threshold

    held = [each for each in every if _hash(each.name) % HELD_OUT == 0]
    learned = [each for each in every if _hash(each.name) % HELD_OUT]
    for label, part in (("learned from", learned), ("held out", held)):
        sentences, mentions = sum(len(each.sentences) for each in part), sum(len(each.mentions) for each in part)
        _say(f"{label}: {len(part)} documents, {sentences} sentences, {mentions} relation mentions")
    network = train(name, learned, progress=_say)
    kept = threshold(gate_of(parts_of(network)), name, held, load_reference_words(), share=GATE_KEEPS[name])
    _say(f"least {kept.least:.2f} keeps of the documents held out {kept.mentions:.1%} of the relation mentions, "
         f"{kept.sentences:.1%} of the sentences, {kept.words:.1%} of the words")  # fmt: skip
    write(parts_of(network, least=kept.least), path)


def real_documents(shared: Path) -> Iterator[Document]:
    """The documents of the corpus and the press releases, but for those near to documents kept for figures."""
    from kg.read.readers import read_document, read_markdown
    from kg.training.gold import shares_words, word_runs

    figures = frozenset(
        run for path in (shared / "gold" / "dev").iterdir() for run in word_runs(read_document(path).text)
    )
    corpus = (read_document(path) for path in sorted((shared / "corpus").glob("*.md")))
    rows = (row for _, row in read_jsonl(shared / "bulk" / "press.jsonl"))
    press = (read_markdown(str(row["id"]), str(row["text"])) for row in rows)
    for documents in (corpus, press):
        yield from (each for each in documents if not shares_words(each.text, figures))


def confidence(shared: Path) -> None:
    """Fit the calibration on what trained nothing else: the gold facts for learning, and the annotated documents held
    out. Print how reliable it is on the gold facts."""
    from kg.build import pipeline_for
    from kg.nlp.confidence import FILE
    from kg.nlp.pipeline import annotate
    from kg.resolve.registry import load_registry
    from kg.training.calibration import candidates_of, fit, reliability, write

    pipeline, schema = pipeline_for(load_registry()), load_schema()
    gold_facts = gold_documents(shared / "gold" / "train.jsonl", shared / "gold" / "train")
    candidates = [
        each
        for gold in (*gold_facts, *(gold for gold in annotated(shared) if is_held_out(gold)))
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
    for tenth, count, mean, right in reliability([each for each in candidates if not each.annotated], calibration):
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
    "gates": gates,
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
