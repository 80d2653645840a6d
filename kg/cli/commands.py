"""The commands that read documents, and ask and export a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.reading import AllowPrivate, AnyLanguage, Columns, Form, Paths, Quick, reading_of
from kg.cli.terminal import finish, print_facts, print_table, progress
from kg.errors import KgError, ReadError

if TYPE_CHECKING:
    from kg.evaluate import Record
    from kg.model import Document, StatementSet

app = typer.Typer(
    name="kg",
    help="Build a knowledge graph of AI-industry relationships from news, with the sentence behind every edge.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

GraphFolder = Annotated[Path, typer.Option("--graph", "-g", envvar="KG_GRAPH", help="Folder that `kg build` wrote.")]
JudgementFile = Annotated[
    Path,
    typer.Option("--judgements", "-j", envvar="KG_JUDGEMENTS", help="Decisions about names; made if it is not there."),
]
DEFAULT_GRAPH = Path("out")
DEFAULT_JUDGEMENTS = Path("judgements.jsonl")


class ExtractFormat(StrEnum):
    """How `kg extract` prints what it found."""

    facts = "facts"
    text = "text"


def extract_command(
    paths: Paths,
    *,
    printed: Annotated[
        ExtractFormat, typer.Option("--format", help="facts: one JSON object a document.")
    ] = ExtractFormat.facts,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show names, patterns that fired or were rejected, why.")
    ] = False,
    columns: Columns = None,
    form: Form = None,
    any_language: AnyLanguage = False,
    allow_private: AllowPrivate = False,
    quick: Quick = False,
) -> None:
    """Print what each document states, without building a graph."""
    from kg.export.facts import fact_line
    from kg.read.readers import read

    failures: list[ReadError] = []
    reading = reading_of(columns, form=form, any_language=any_language, allow_private=allow_private, quick=quick)
    documents = read(paths, on_error=failures.append, options=reading)
    if explain:
        finish(failures, any_done=_print_trace(documents, quick=quick) > 0)
        return
    done = 0
    with progress("extracting") as step:
        for done, statements in enumerate(_each_document(documents, failures, step, quick=quick), 1):  # noqa: B007
            if printed is ExtractFormat.text:
                print_facts(statements)
            for record in _records(statements) if printed is ExtractFormat.facts else ():
                print(fact_line(record), flush=True)
    finish(failures, any_done=done > 0)


def explain_command(
    subject: Annotated[str, typer.Argument(help="Name, alias or id of an entity.")],
    relation: Annotated[
        str | None, typer.Argument(metavar="[RELATION]", help="Name of a relation: investsIn or invests_in.")
    ] = None,
    obj: Annotated[str | None, typer.Argument(metavar="[OBJECT]", help="Name, alias or id of an entity.")] = None,
    graph: GraphFolder = DEFAULT_GRAPH,
) -> None:
    """Print why the graph says so: sentences, documents, rules and status. Of an entity alone: every name it has."""
    from kg.export.text import entity_lines, explanation_lines
    from kg.schema import load_schema
    from kg.store.folder import open_folder

    if relation is None:
        for entity in open_folder(graph).explain_entity(subject):
            print(*entity_lines(entity), sep="\n")
        return
    found, schema = open_folder(graph).explain(subject, relation, obj), load_schema()
    if not found:
        raise KgError(f"nothing is stated about {subject} {relation} {obj or ''}".rstrip())
    for explanation in found:
        print(*explanation_lines(explanation, schema), sep="\n")


def eval_command(
    gold: Annotated[Path, typer.Argument(help="Gold facts, one JSON object a document.", exists=True, dir_okay=False)],
    documents: Annotated[Path | None, typer.Option(help="Folder of the texts; else GOLD without suffix.")] = None,
    predicted: Annotated[Path | None, typer.Option(help="Facts to score, else extracted.", exists=True)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    quick: Quick = False,
) -> None:
    """Score extraction against gold facts: precision, recall, F1, F1 with status, by relation."""
    from kg.evaluate import evaluate, read_records, recall_lines, report_json, report_rows
    from kg.schema import load_schema

    failures: list[ReadError] = []
    facts = (
        read_records(predicted) if predicted else _extracted(documents or gold.with_suffix(""), failures, quick=quick)
    )
    report = evaluate(read_records(gold), facts, load_schema())
    if as_json:
        print(report_json(report))
    else:
        header = ("relation", "P", "R", "F1", "F1+st", "right", "got", "gold")
        print_table(header, report_rows(report))
        print(*recall_lines(report), sep="\n")
    finish(failures, any_done=bool(facts))


def _each_document(
    documents: Iterable[Document], failures: list[ReadError], step: Callable[[str], None], *, quick: bool
) -> Iterator[StatementSet]:
    """The statements of each document by itself."""
    from kg.build import extract, pipeline_for
    from kg.resolve.registry import load_registry
    from kg.resolve.statements import resolve
    from kg.schema import load_schema

    schema, registry = load_schema(), load_registry()
    for extracted in extract(documents, pipeline_for(registry, quick=quick), on_error=failures.append):
        step(extracted.document.name)
        yield resolve([extracted], registry, schema)


def _records(statements: StatementSet) -> list[dict[str, object]]:
    from kg.export.facts import fact_records

    return fact_records(statements, mentioned={key: tuple(statements.entities) for key in statements.documents})


def _extracted(folder: Path, failures: list[ReadError], *, quick: bool) -> dict[str, Record]:
    from typing import cast

    from kg.read.readers import read

    found: dict[str, Record] = {}
    with progress("extracting") as step:
        for statements in _each_document(read([folder], on_error=failures.append), failures, step, quick=quick):
            for record in _records(statements):
                found[str(record["doc"])] = cast("Record", record)
    return found


def _print_trace(documents: Iterable[Document], *, quick: bool) -> int:
    """What extraction saw and decided in each document; how many documents there were."""
    from kg.build import pipeline_for
    from kg.nlp.pipeline import annotate
    from kg.nlp.trace import trace_lines
    from kg.resolve.registry import load_registry

    pipeline, done = pipeline_for(load_registry(), quick=quick), 0
    for done, document in enumerate(documents, 1):  # noqa: B007
        print(*trace_lines(annotate(document, pipeline), pipeline), sep="\n")
    return done
