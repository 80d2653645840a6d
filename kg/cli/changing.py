"""The commands about a whole graph: take documents out, compare two, list contradictions, report."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.commands import DEFAULT_GRAPH, DEFAULT_JUDGEMENTS, GraphFolder, JudgementFile
from kg.cli.terminal import say


class ReportFormat(StrEnum):
    """How `kg report` prints a report."""

    text = "text"
    json = "json"
    html = "html"


AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def retract_command(
    documents: Annotated[list[str], typer.Argument(help="Names or hashes of documents.", metavar="DOCUMENT...")],
    graph: GraphFolder = DEFAULT_GRAPH,
    judgements: JudgementFile = DEFAULT_JUDGEMENTS,
) -> None:
    """Take documents out of the graph, with all that they brought: as if it had been built without them."""
    from kg.resolve.judgements import load_judgements
    from kg.resolve.registry import load_registry
    from kg.schema import load_schema
    from kg.store.edit import edit_folder
    from kg.store.folder import read_counts

    before = read_counts(graph)["statements"]
    with edit_folder(graph, load_registry(), load_schema(), judgements=load_judgements(judgements)) as edit:
        edit.retract(*documents)
    after = read_counts(graph)
    say(f"{after['documents']} documents left; statements: {before} before, {after['statements']} now")


def diff_command(
    before: Annotated[Path, typer.Argument(help="Graph folder.")],
    after: Annotated[Path, typer.Argument(help="Graph folder.")],
    as_json: AsJson = False,
) -> None:
    """Print which statements came (+), went (-), changed status (~) or evidence (=) from one graph to another."""
    from kg.export.text import change_line
    from kg.schema import load_schema
    from kg.store.folder import open_folder

    old, new = open_folder(before), open_folder(after)
    changes = old.diff(new)
    if as_json:
        told = [(change.kind, change.after or change.before, change.before) for change in changes]
        rows = [
            {"kind": kind, "id": s.id, "subject": s.subject, "relation": s.relation, "object": s.object,
             "status": s.status, "status_before": was.status if was is not None else None}
            for kind, s, was in told
            if s is not None
        ]  # fmt: skip
        print(json.dumps(rows, indent=2))
        return
    for change in changes:
        print(change_line(change, old.statement_set, new.statement_set, load_schema()))


def conflicts_command(graph: GraphFolder = DEFAULT_GRAPH, as_json: AsJson = False) -> None:
    """Print the statements that contradict each other, with a sentence for each."""
    from kg.export.text import conflict_lines
    from kg.schema import load_schema
    from kg.store.folder import open_folder

    opened, schema = open_folder(graph), load_schema()
    found = opened.conflicts()
    if as_json:
        print(json.dumps([asdict(conflict) for conflict in found], indent=2))
        return
    statements = {statement.id: statement for statement in opened.statement_set.statements}
    for conflict in found:
        print(*conflict_lines(conflict, statements, opened.statement_set, schema), sep="\n")
    say(f"{len(found)} contradictions")


def check_command(graph: GraphFolder = DEFAULT_GRAPH, as_json: AsJson = False) -> None:
    """Check the graph against the shapes of the ontology and the stored texts; exit code 1 if there are errors."""
    from kg.export.text import problem_lines
    from kg.store.folder import open_folder

    found = open_folder(graph).check()
    if as_json:
        print(json.dumps([asdict(problem) for problem in found], indent=2, ensure_ascii=False))
    for problem in () if as_json else found:
        print(*problem_lines(problem), sep="\n")
    errors = sum(problem.severity == "error" for problem in found)
    say(f"{errors} errors, {len(found) - errors} warnings" if found else "nothing is wrong")
    if errors:
        raise typer.Exit(1)


def report_command(
    name: Annotated[str, typer.Argument(help="loops, dependence, central or timeline.")],
    entity: Annotated[str | None, typer.Argument(help="Name, alias or id of an entity.", metavar="[ENTITY]")] = None,
    graph: GraphFolder = DEFAULT_GRAPH,
    form: Annotated[ReportFormat, typer.Option("--format", help="How to print it.")] = ReportFormat.text,
    limit: Annotated[int, typer.Option(help="Print so many rows.", min=1)] = 50,
) -> None:
    """Print a report: money loops, dependence on suppliers, central entities, or the timeline of one entity."""
    from dataclasses import replace

    from kg.export.text import table_lines
    from kg.store.folder import open_folder
    from kg.view.report import report_page

    found = open_folder(graph).report(name, entity)
    shown = replace(found, rows=found.rows[:limit])
    if form is ReportFormat.json:
        rows = [dict(zip(shown.columns, row, strict=True)) for row in shown.rows]
        print(json.dumps({"report": shown.name, "title": shown.title, "rows": rows}, indent=2, ensure_ascii=False))
    elif form is ReportFormat.html:
        print(report_page(shown))
    else:
        print(shown.title, shown.meaning, "", *table_lines(shown.columns, shown.rows), sep="\n")
    if len(found.rows) > limit:
        say(f"only the first {limit} of {len(found.rows)} rows are shown; --limit shows more")
