"""The flow in one function: read -> annotate -> relate -> resolve -> store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from kg.batch.ledger import Ledger, Outcome, open_ledger
from kg.batch.outcomes import Report, Run, Task, fill, outcome_of, tasks
from kg.batch.version import extraction_version
from kg.batch.workers import LIMITS, Limits, in_processes, in_this_process
from kg.errors import ReadError
from kg.model import Document, Extracted, StatementSet
from kg.nlp.cache import AnnotationCache, open_cache
from kg.nlp.known import Known
from kg.nlp.loading import Pipeline, load_pipeline, sparing
from kg.nlp.pipeline import annotate
from kg.nlp.relations import mentions, relate
from kg.nlp.retyping import judged_passages
from kg.read.items import Item, items
from kg.read.options import DEFAULTS, Reading
from kg.read.readers import documents_of
from kg.resolve.judgements import Judgements, load_judgements
from kg.resolve.registry import Registry, load_registry
from kg.resolve.statements import Refused, one_of_each_text, resolve
from kg.schema import load_schema
from kg.store.assemble import bring_up_to_date, take_in
from kg.store.folder import LEDGER, holds_graph, make_folder, open_folder, remove_empty
from kg.store.graph import Graph
from kg.store.rejoin import Rules


@dataclass(frozen=True, slots=True)
class Built:
    """What a build yields: the graph, how many documents were found for it, those that could not be read, and the
    surface forms that are no names."""

    graph: Graph
    read: int
    failures: tuple[ReadError, ...]
    refused: tuple[Refused, ...]

    @property
    def statements(self) -> StatementSet:
        """The statements of the graph, with all that they speak of."""
        return self.graph.statement_set


def build(
    paths: Iterable[str | Path],
    *,
    out: Path | None = None,
    add: bool = False,
    judgements: Iterable[Path] = (),
    reading: Reading = DEFAULTS,
    jobs: int = 0,
    limits: Limits = LIMITS,
    annotations: Path | None = None,
    progress: Report = lambda progress: None,
) -> Built:
    """Turn what lies at `paths` (see `kg.read.items.items`) into a graph, and write it to the folder `out` if given.

    What was read is kept in `out` as soon as it is known: a build that was cut off goes on there, and a later one reads
    only what has changed. The graph in `out` is replaced once all is read; with `add`, its documents are kept, but for
    those whose source now holds another text. A document that cannot be read or extracted is reported in `failures`;
    the rest goes on, and where none is left, the graph in `out` stays as it is.

    `judgements`: files of decisions about names, beside the project's own. `jobs`: so many processes read, each within
    `limits`; with 0, this one does, without limits. `annotations`: a file that keeps what the models say, so that new
    patterns or names do not run them anew (`kg.nlp.cache`). Raises `DataError` for mistakes in `ontology/`, `seeds/` or
    `judgements`, `StoreError` for `out`.
    """
    decided, failures = load_judgements(*judgements), list[ReadError]()
    found = items(paths, on_error=failures.append, options=reading)
    todo = tasks(found, reading=reading, on_error=failures.append)
    work = partial(read_item, reading=reading, annotations=annotations)
    run: Run = (
        partial(in_processes, work, load=partial(_load, reading), jobs=jobs, limits=limits)
        if jobs
        else partial(in_this_process, work)
    )
    if out is None:
        return _in_memory(map(outcome_of, run(todo)), decided, failures)
    make_folder(out)
    with open_ledger(out / LEDGER, extraction_version()) as ledger:
        ledger.begin()
        fill(ledger, todo, run, progress=progress)
        failures += ledger.failures()
        count, refused = ledger.count(), _bring_up_to_date(out, ledger, decided, add=add)
    if not holds_graph(out):
        remove_empty(out)
        return Built(Graph(StatementSet(), load_schema()), 0, tuple(failures), ())
    with open_ledger(out / LEDGER, extraction_version()) as ledger:  # the folder may be another one by now
        ledger.finish(add=add)
    return Built(open_folder(out), count, tuple(failures), refused)


def _bring_up_to_date(out: Path, ledger: Ledger, judgements: Judgements, *, add: bool) -> tuple[Refused, ...]:
    """Bring the graph in line with what this run found."""
    found, rules = ledger.documents(), Rules(load_registry(), load_schema(), judgements)

    def read_again(documents: Iterable[str]) -> Iterator[Extracted]:
        return (ledger.extracted(found[document]) for document in documents)

    if not found:
        return ()
    if add and holds_graph(out):
        return take_in(out, found, read_again, rules, gone=ledger.replaced())
    return bring_up_to_date(out, {document: each.hash for document, each in found.items()}, read_again, rules)


def _in_memory(outcomes: Iterable[Outcome], judgements: Judgements, failures: list[ReadError]) -> Built:
    """The same without a folder: all of it at once."""
    found, refused = list[Extracted](), list[Refused]()
    for outcome in outcomes:
        found += outcome.extracted
        failures += outcome.failures
    extracted, schema = one_of_each_text(found), load_schema()
    statements = resolve(extracted, load_registry(), schema, judgements=judgements, on_refused=refused.append)
    return Built(Graph(statements, schema, extracted=extracted), len(found), tuple(failures), tuple(refused))


def read_item(task: Task, *, reading: Reading, annotations: Path | None) -> Outcome:
    """What one piece of input gives: the work of a process."""
    with open_cache(annotations) if annotations is not None else nullcontext() as cache:
        return read_with(task.item, load_registry(), reading, cache=cache)


def read_with(item: Item, registry: Registry, reading: Reading, *, cache: AnnotationCache | None = None) -> Outcome:
    """What an item gives to one who knows the names of a registry."""
    failures = list[ReadError]()
    try:
        documents = documents_of(item, options=reading, on_error=failures.append)
    except ReadError as error:
        return Outcome(failures=(*failures, error))
    found = tuple(
        extract(documents, pipeline_for(registry, quick=reading.quick), cache=cache, on_error=failures.append)
    )
    return Outcome(found, tuple(failures))


def _load(reading: Reading) -> None:
    """What a process needs before its first document."""
    pipeline_for(load_registry(), quick=reading.quick)


def extract(
    documents: Iterable[Document],
    pipeline: Pipeline,
    *,
    cache: AnnotationCache | None = None,
    on_error: Callable[[ReadError], None] | None = None,
) -> Iterator[Extracted]:
    """The names and relation mentions of each document. `cache`: what the models said before is not asked again.

    With `on_error`, a document on which extraction breaks is reported with the reason `internal` and passed over.
    """
    pipeline = replace(pipeline, cache=cache) if cache is not None else pipeline
    for document in documents:
        try:
            with sparing(pipeline):
                annotation = annotate(document, pipeline)
                passages = judged_passages(annotation, pipeline)
                named = mentions((passage.parsed for passage in passages), annotation.aside)
                found = Extracted(document, named, relate(passages, document, pipeline))
        except MemoryError:
            raise  # the document is not to blame for what the process may hold
        except Exception as error:
            if on_error is None:
                raise
            message = f"extraction broke ({error!r}); leave it out and please report it"
            on_error(ReadError(document.path or document.name, "internal", message))
            continue
        yield found


def pipeline_for(registry: Registry, *, quick: bool = False) -> Pipeline:
    """The language pipeline that knows the names of a registry; loaded once for each registry. `quick`: it reads only
    sentences that a gate lets through."""
    return _pipeline_for(registry, quick)  # a cache takes a default that is spelt out for another call


@cache
def _pipeline_for(registry: Registry, quick: bool) -> Pipeline:
    guarded = {form: (entity, registry.entries[entity].type) for form, entity in registry.guarded_forms().items()}
    shared = [Known(form, types[0], either=types) for form, types in registry.shared_forms().items()]
    known = [Known(row["pattern"], row["label"], row["id"]) for row in registry.ruler_patterns()]
    places = [Known(word, "Place", entity) for word, entity in registry.demonyms().items()]
    return load_pipeline([*shared, *known, *places], guarded, quick=quick)
