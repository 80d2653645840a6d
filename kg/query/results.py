"""The result of a query as a table: compact to read, typed to compute with, and in the standard formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from html import escape
from typing import TYPE_CHECKING

from kg.data import extra
from kg.errors import KgError
from kg.query.child import Json, encode
from kg.store.names import XSD, compact, prefixes

if TYPE_CHECKING:
    from pathlib import Path

    import pandas
    import polars
    import pyarrow
    from pyoxigraph import QueryResultsFormat

    from kg.query.child import Term

PythonValue = str | int | float | bool | Decimal | date | datetime | None

_TRIPLE = ("subject", "predicate", "object")


@dataclass(frozen=True, slots=True)
class Table:
    """Variables (without `?`) and rows. `kind`: `select`, `ask` (one cell, `true` or `false`), `graph` (triples).

    `rows` are for reading: `id:acme` for an IRI, the bare text of a literal, None where a variable is not bound;
    `terms` are the same cells as RDF terms. `truncated`: there was more than the row cap. Rows come in the order of
    the query's ORDER BY, else sorted.
    """

    kind: str
    variables: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    terms: tuple[tuple[Term | None, ...], ...] = field(repr=False)
    truncated: bool = False
    prefixes: Mapping[str, str] = field(default_factory=prefixes, repr=False)

    def values(self) -> tuple[tuple[PythonValue, ...], ...]:
        """The rows as Python values: numbers, booleans, dates where the datatype has them, else the text shown."""
        return tuple(tuple(_value(term, self.prefixes) for term in row) for row in self.terms)

    def to_json(self) -> str:
        """SPARQL 1.1 Query Results JSON; triples as bindings of `subject`, `predicate` and `object`."""
        if self.kind == "ask":
            return json.dumps({"head": {}, "boolean": self.rows[0][0] == "true"})
        bindings = [
            {name: encode(term) for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.terms
        ]
        return json.dumps(
            {"head": {"vars": list(self.variables)}, "results": {"bindings": bindings}}, ensure_ascii=False
        )

    def to_csv(self) -> str:
        """SPARQL 1.1 Query Results CSV: IRIs in full, lines that end in CR LF."""
        from pyoxigraph import QueryResultsFormat

        return self._serialized(QueryResultsFormat.CSV)

    def to_tsv(self) -> str:
        """SPARQL 1.1 Query Results TSV: terms as in Turtle, IRIs in full."""
        from pyoxigraph import QueryResultsFormat

        return self._serialized(QueryResultsFormat.TSV)

    def to_turtle(self) -> str:
        """The triples of a CONSTRUCT or DESCRIBE as Turtle. Raises `KgError` for another kind of result."""
        from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

        if self.kind != "graph":
            raise KgError("only the result of CONSTRUCT or DESCRIBE is a graph; use another format")
        triples = [
            Triple(subject, predicate, value)
            for subject, predicate, value in self.terms
            if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and value is not None
        ]
        return (serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(self.prefixes)) or b"").decode("utf-8")

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table: numbers, booleans and dates typed where a whole column is of one type, else text as shown.

        Raises `KgError` where the extra `tables` is not installed, as the next three do.
        """
        pyarrow = extra("pyarrow", "tables")
        values, columns = self.values(), {}
        for number, name in enumerate(self.variables):
            try:
                columns[name] = pyarrow.array([row[number] for row in values])
            except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):  # a column of several types
                columns[name] = pyarrow.array([row[number] for row in self.rows], pyarrow.string())
        return pyarrow.table(columns)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame."""
        extra("pandas", "tables")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame."""
        return extra("polars", "tables").from_arrow(self.to_arrow())

    def to_parquet(self, out: str | Path) -> None:
        """Write the table as a Parquet file."""
        extra("pyarrow.parquet", "tables").write_table(self.to_arrow(), str(out))

    def _serialized(self, result_format: QueryResultsFormat) -> str:
        from pyoxigraph import QueryResultsFormat, parse_query_results

        parsed = parse_query_results(self.to_json().encode("utf-8"), QueryResultsFormat.JSON)
        return (parsed.serialize(format=result_format) or b"").decode("utf-8")

    def _repr_html_(self) -> str:
        """How notebooks show it."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.variables)
        body = "".join("<tr>" + "".join(f"<td>{escape(c or '')}</td>" for c in row) + "</tr>" for row in self.rows)
        more = "<p>There are more rows.</p>" if self.truncated else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def table_of(answer: Mapping[str, Json], namespaces: Mapping[str, str], *, ordered: bool) -> Table:
    """The table of an answer of `kg.query.child`. Rows are sorted unless `ordered` says the query did so."""
    kind, rows = str(answer["kind"]), answer.get("rows")
    if kind == "ask":
        shown = "true" if answer["value"] else "false"
        return Table("ask", ("ask",), ((shown,),), ((_boolean(shown),),), prefixes=namespaces)
    names = answer["variables"] if kind == "select" else None
    variables = tuple(str(name) for name in names) if isinstance(names, list) else _TRIPLE
    terms = (
        [tuple(_decode(cell) for cell in row) for row in rows if isinstance(row, list)]
        if isinstance(rows, list)
        else []
    )
    shown_iris: dict[str, str] = {}
    both = [(tuple(_shown(term, namespaces, shown_iris) for term in row), row) for row in terms]
    if not ordered:
        both.sort(key=lambda pair: ([cell or "" for cell in pair[0]], [str(term or "") for term in pair[1]]))
    return Table(
        kind=kind,
        variables=variables,
        rows=tuple(shown for shown, _ in both),
        terms=tuple(row for _, row in both),
        truncated=answer.get("truncated") is True,
        prefixes=namespaces,
    )


def _boolean(text: str) -> Term:
    from pyoxigraph import Literal, NamedNode

    return Literal(text, datatype=NamedNode(XSD + "boolean"))


def _decode(cell: Json) -> Term | None:
    """The term that `encode` wrote."""
    import pyoxigraph as ox

    if not isinstance(cell, dict):
        return None
    value = cell["value"]
    if isinstance(value, dict):
        return _decode_triple(value)
    text = str(value)
    if cell["type"] == "uri":
        return ox.NamedNode(text)
    if cell["type"] == "bnode":
        return ox.BlankNode(text)
    language = cell.get("xml:lang")
    if language is not None:
        return ox.Literal(text, language=str(language))
    datatype = cell.get("datatype")
    return ox.Literal(text) if datatype is None else ox.Literal(text, datatype=ox.NamedNode(str(datatype)))


def _decode_triple(parts: Mapping[str, Json]) -> Term | None:
    from pyoxigraph import BlankNode, NamedNode, Triple

    subject, predicate, value = (_decode(parts[name]) for name in _TRIPLE)
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and value is not None:
        return Triple(subject, predicate, value)
    return None


def _shown(term: Term | None, namespaces: Mapping[str, str], known: dict[str, str] | None = None) -> str | None:
    """The text of a cell; `known` keeps that of the IRIs, most of which come again."""
    import pyoxigraph as ox

    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        known = {} if known is None else known
        shown = known.get(term.value)
        if shown is None:
            shown = known[term.value] = compact(term.value, namespaces)
        return shown
    return term.value if isinstance(term, ox.Literal) else str(term)


_READ: Mapping[str, Callable[[str], PythonValue]] = {
    **dict.fromkeys(("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"), int),
    "decimal": Decimal,
    "double": float,
    "float": float,
    "boolean": lambda text: text in ("true", "1"),
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}


def _value(term: Term | None, namespaces: Mapping[str, str]) -> PythonValue:
    from pyoxigraph import Literal

    if isinstance(term, Literal) and term.datatype.value.startswith(XSD):
        read = _READ.get(term.datatype.value.removeprefix(XSD), str)
        try:
            return read(term.value)
        except (ValueError, InvalidOperation):  # a literal may be outside of its datatype
            return term.value
    return _shown(term, namespaces)
