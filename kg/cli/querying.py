"""`kg query`: named queries and SPARQL, as a table, in the standard formats, or as a file."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands import DEFAULT_GRAPH
from kg.cli.publishing import User, opened_graph
from kg.cli.terminal import say, write
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.query.results import Table
    from kg.store.graph import Graph
    from kg.view.choice import Chosen


class TableFormat(StrEnum):
    """How `kg query` prints a result."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    parquet = "parquet"


def query_command(  # noqa: PLR0917  each is an option that the user names
    query: Annotated[
        str | None,
        typer.Argument(help="Name of a query, or SPARQL; @FILE reads it from a file, - from standard input."),
    ] = None,
    graph: Annotated[
        str,
        typer.Option("--graph", "-g", envvar="KG_GRAPH", help="Folder that `kg build` wrote, or URL of a server."),
    ] = str(DEFAULT_GRAPH),
    given: Annotated[
        list[str] | None, typer.Option("--with", "-w", metavar="NAME=VALUE", help="A parameter of a named query.")
    ] = None,
    list_them: Annotated[bool, typer.Option("--list", help="List the named queries.")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Ask what was known to hold on this day.")] = None,
    form: Annotated[TableFormat, typer.Option("--format", help="How to print the result.")] = TableFormat.table,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write the result to.")] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds after which the query is stopped.", min=0.1)] = 30.0,
    user: User = None,
) -> None:
    """Ask the graph in SPARQL; the prefixes kg:, id:, p:, ps:, rdfs:, skos:, xsd:, prov: and oa: are known."""
    if list_them:
        _list_queries()
        return
    if query is None:
        raise typer.BadParameter("give a name, SPARQL, or --list", param_hint="'QUERY'")
    opened = opened_graph(graph, user)
    asked = opened if as_of is None else opened.as_of(as_of)
    table = answer(asked, query, given or [], time_limit=time_limit)
    if table.truncated:
        say(f"only the first {len(table.rows)} rows are shown")
    if form is TableFormat.parquet:
        if out is None:
            raise KgError("parquet is no text: say where to write it with --out FILE")
        write(out, lambda: table.to_parquet(out))
        return
    text = _as_text(table, form)
    if out is None:
        sys.stdout.write(text)
    else:
        write(out, lambda: out.write_text(text, encoding="utf-8", newline=""))


def answer(graph: Graph, query: str, given: Iterable[str], *, time_limit: float = 30.0) -> Table:
    """The result of a named query with parameters (`name=value`), or of SPARQL: itself, `@FILE`, or `-` for stdin."""
    parameters = _given(given)
    if _NAME.fullmatch(query):
        return graph.ask(query, parameters, time_limit=time_limit)
    if parameters:
        raise KgError("--with is for named queries; write the value into the SPARQL")
    return graph.query(_query_text(query), time_limit=time_limit)


Entity = Annotated[str | None, typer.Option(help="Show what is around this entity.")]
Hops = Annotated[int, typer.Option(min=1, help="How many statements away from it.")]
Query = Annotated[
    str | None, typer.Option(help="Show what a query finds: its name, or SPARQL (best a CONSTRUCT), @FILE or -.")
]
Given = Annotated[
    list[str] | None, typer.Option("--with", "-w", metavar="NAME=VALUE", help="A parameter of a named query.")
]


def chosen(
    graph: Graph, *, query: str | None, given: Iterable[str] | None, entity: str | None, hops: int, top: int | None
) -> Chosen:
    """What a page or a picture shows, by the options of its command. Raises `KgError` for parameters without a query,
    and as `answer` does."""
    if query is None:
        if given:
            raise KgError("--with is for --query NAME")
        return {"entity": entity, "hops": hops, "top": top}
    result = answer(graph, query, given or [])
    if result.truncated:
        say(f"only the first {len(result.rows)} rows are drawn")
    along = asked_about(query, given or [])
    return {"result": result, "along": along, "entity": entity, "hops": hops, "top": top}


def asked_about(query: str, given: Iterable[str]) -> list[str]:
    """The names of the entities that are parameters of a named query."""
    from kg.query.named import ANY, named_query

    if not _NAME.fullmatch(query):
        return []
    entities = {parameter.name for parameter in named_query(query).parameters if parameter.kind == "entity"}
    return [value.strip() for name, value in _given(given).items() if name in entities and value != ANY]


_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _given(pairs: Iterable[str]) -> dict[str, str]:
    """The parameters of a named query, from `name=value`."""
    out = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise KgError(f"{pair!r}: write a parameter as NAME=VALUE")
        out[name.strip()] = value
    return out


def _list_queries() -> None:
    from kg.query.named import load_named_queries

    for query in load_named_queries().values():
        print(f"{query.name}: {query.title}")
        for parameter in query.parameters:
            default = "" if parameter.default is None else f"; {parameter.default} if not given"
            print(f"    {parameter.name}: {parameter.meaning} ({parameter.kind}{default})")


def _as_text(table: Table, form: TableFormat) -> str:
    from kg.export.text import table_lines

    if form is TableFormat.json:
        return table.to_json() + "\n"
    if form is TableFormat.table:
        return "".join(line + "\n" for line in table_lines(table.variables, table.rows))
    return table.to_csv() if form is TableFormat.csv else table.to_tsv()


def _query_text(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    return Path(query[1:]).read_text(encoding="utf-8", errors="replace") if query.startswith("@") else query
