"""The flow in one function: read -> annotate -> relate -> resolve -> store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kg.errors import ReadError
from kg.model import Document, Extracted, StatementSet
from kg.nlp.cache import AnnotationCache
from kg.nlp.known import Known
from kg.nlp.pipeline import Pipeline, annotate, forgetting, load_pipeline
from kg.nlp.relations import mentions, relate
from kg.nlp.retyping import judged_passages
from kg.read.readers import read
from kg.resolve.judgements import load_judgements
from kg.resolve.registry import Registry, load_registry
from kg.resolve.statements import Refused, one_of_each_text, resolve
from kg.schema import load_schema
from kg.store.edit import edit_folder
from kg.store.folder import open_folder, write_folder
from kg.store.graph import Graph

Progress = Callable[[Document], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build yields: the graph, how many documents were read for it, those that could not be read, and the
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
    paths: Iterable[Path],
    *,
    out: Path | None = None,
    add: bool = False,
    judgements: Iterable[Path] = (),
    progress: Progress = lambda document: None,
) -> Built:
    """Turn the documents at `paths` (files and folders) into statements, and write them to the folder `out` if given.

    A document that cannot be read or extracted is reported in `failures`; the rest goes on, and where none is left,
    `out` stays as it is. With `add`, the documents of the graph in `out` are kept; one that comes again (same text)
    changes nothing. `judgements`: files of decisions about names, beside the project's own. `progress` is called
    for each document before it is extracted. Raises `DataError` for mistakes in `ontology/`, `seeds/` or `judgements`,
    `StoreError` for `out`.
    """
    schema, registry, decided = load_schema(), load_registry(), load_judgements(*judgements)
    failures, refused = list[ReadError](), list[Refused]()
    documents = read(paths, on_error=failures.append)
    found = tuple(extract(documents, pipeline_for(registry), progress=progress, on_error=failures.append))
    if add and out is not None and out.exists():
        with edit_folder(out, registry, schema, judgements=decided) as edit:
            refused.extend(edit.add(found).refused)
        return Built(open_folder(out), len(found), tuple(failures), tuple(refused))
    extracted = one_of_each_text(found)
    statements = resolve(extracted, registry, schema, judgements=decided, on_refused=refused.append)
    if out is not None and statements.documents:
        write_folder(out, statements, schema, extracted=extracted)
    return Built(Graph(statements, schema, extracted=extracted), len(found), tuple(failures), tuple(refused))


def extract(
    documents: Iterable[Document],
    pipeline: Pipeline,
    *,
    cache: AnnotationCache | None = None,
    progress: Progress = lambda document: None,
    on_error: Callable[[ReadError], None] | None = None,
) -> Iterator[Extracted]:
    """The names and relation mentions of each document. `cache`: what the models said before is not asked again.

    With `on_error`, a document on which extraction breaks is reported with the reason `internal` and passed over.
    """
    pipeline = replace(pipeline, cache=cache) if cache is not None else pipeline
    for document in documents:
        progress(document)
        try:
            with forgetting(pipeline):
                annotation = annotate(document, pipeline)
                passages = judged_passages(annotation, pipeline)
                named = mentions((passage.parsed for passage in passages), annotation.aside)
                found = Extracted(document, named, relate(passages, document, pipeline))
        except Exception as error:
            if on_error is None:
                raise
            message = f"extraction broke ({error!r}); leave it out and please report it"
            on_error(ReadError(document.path or document.name, "internal", message))
            continue
        yield found


@cache
def pipeline_for(registry: Registry) -> Pipeline:
    """The language pipeline that knows the names of a registry; loaded once for each registry."""
    guarded = {form: (entity, registry.entries[entity].type) for form, entity in registry.guarded_forms().items()}
    shared = [Known(form, types[0], either=types) for form, types in registry.shared_forms().items()]
    known = [Known(row["pattern"], row["label"], row["id"]) for row in registry.ruler_patterns()]
    places = [Known(word, "Place", entity) for word, entity in registry.demonyms().items()]
    return load_pipeline([*shared, *known, *places], guarded)
