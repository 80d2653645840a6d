"""Runs the W3C's SPARQL query evaluation tests: through `kg.query.sparql.run`, and through Oxigraph itself.

`python tests/query/w3c.py FOLDER` reads every `manifest.ttl` below the folder and prints who passes what. A test's
result is right with other names for its blank nodes, with numbers written otherwise, and in another order where the
query asks for none.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import rdflib
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)
from rdflib.collection import Collection
from rdflib.namespace import RDF

from kg.errors import KgError
from kg.query.sparql import run
from kg.query.tokens import tokenize

Term = NamedNode | BlankNode | Literal | Triple
Cell = tuple[object, ...]

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
EVALUATED = (MF.QueryEvaluationTest, MF.CSVResultFormatTest)
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "short", "byte")}
RESULTS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A test. `named`: IRIs of graphs with the files they hold. `calls`: it needs another server, which is refused.

    `lax`: a result may hold a row fewer times than the one written down.
    """

    name: str
    group: str
    query: Path
    data: tuple[Path, ...]
    named: tuple[tuple[str, Path], ...]
    result: Path
    calls: bool
    lax: bool

    @property
    def text(self) -> str:
        return self.query.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave, ready to compare. `kind`: ask, select, graph, or csv, whose cells are bare text.

    `rows` of cells, in the order of the sorted `variables`; `ordered`: the order of the rows means something.
    """

    kind: str
    rows: tuple[tuple[Cell, ...], ...]
    variables: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ours` and `theirs`: None where the test is passed, else what went wrong."""

    case: Case
    ours: str | None
    theirs: str | None


def cases(folder: Path) -> list[Case]:
    """The evaluation tests of every manifest below a folder, in the manifests' order."""
    return [case for manifest in sorted(folder.rglob("manifest.ttl")) for case in _of_manifest(manifest)]


def _of_manifest(manifest: Path) -> Iterable[Case]:
    graph = rdflib.Graph().parse(manifest, format="turtle", publicID=manifest.resolve().as_uri())
    for entries in graph.objects(None, MF.entries):
        for entry in Collection(graph, entries):
            action = graph.value(entry, MF.action)
            if graph.value(entry, RDF.type) not in EVALUATED or action is None:
                continue
            query = _path(graph.value(action, QT.query))
            named = [_named(graph, each) for each in graph.objects(action, QT.graphData)]
            data = tuple(_path(each) for each in graph.objects(action, QT.data))
            if not data and not named:  # then FROM names the files
                text = query.read_text(encoding="utf-8")
                files = re.findall(r"\bFROM\s+(?:NAMED\s+)?<([^:>]+)>", text, re.IGNORECASE)
                named = [((query.parent / file).as_uri(), query.parent / file) for file in files]
            yield Case(
                name=str(graph.value(entry, MF.name)),
                group=manifest.parent.name,
                query=query,
                data=data,
                named=tuple(sorted(set(named))),
                result=_path(graph.value(entry, MF.result)),
                calls=re.search(r"\bSERVICE\b", query.read_text(encoding="utf-8")) is not None,
                lax=graph.value(entry, MF.resultCardinality) == MF.LaxCardinality,
            )


def _named(graph: rdflib.Graph, node: rdflib.term.Node) -> tuple[str, Path]:
    file = graph.value(node, QT.graph)
    if file is None:
        return str(node), _path(node)
    return str(graph.value(node, rdflib.RDFS.label) or file), _path(file)


def _path(node: rdflib.term.Node | None) -> Path:
    return Path(unquote(urlsplit(str(node)).path))


def load(case: Case) -> Store:
    """The data set of a test."""
    store = Store()
    for path in case.data:
        store.load(path=str(path), format=_format(path), base_iri=path.as_uri())
    for name, path in case.named:
        store.load(path=str(path), format=_format(path), base_iri=path.as_uri(), to_graph=NamedNode(name))
    return store


def _format(path: Path) -> RdfFormat:
    return RdfFormat.from_extension(path.suffix[1:]) or RdfFormat.TURTLE


def expected(case: Case) -> Result:
    """The result that the test's authors wrote down."""
    path = case.result
    if path.suffix in RESULTS:
        return _of_solutions(parse_query_results(path=str(path), format=RESULTS[path.suffix]), case)
    if path.suffix == ".csv":
        return _of_csv(path.read_text(encoding="utf-8"))
    graph = rdflib.Graph().parse(path, format="turtle" if path.suffix == ".ttl" else "xml", publicID=path.as_uri())
    told = graph.value(None, RDF.type, RS.ResultSet)
    if told is not None:
        return _of_result_set(graph, told, case)
    return _of_triples(parse(path=str(path), format=_format(path), base_iri=path.as_uri()))


def ours(case: Case, store: Store) -> Result:
    """What our API gives, through the format of the expected result where that is one of ours.

    Queries with FROM are run as trusted ones: others may not choose graphs.
    """
    chooses = any(token.is_word("FROM") for token in tokenize(case.text, relative=True))
    table = run(store, case.text, union=False, base=case.query.as_uri(), trusted=chooses)
    if table.kind == "graph":
        return _of_rows("graph", table.terms)
    if case.result.suffix == ".csv":
        return _of_csv(table.to_csv())
    if case.result.suffix == ".tsv":
        return _of_solutions(parse_query_results(table.to_tsv(), QueryResultsFormat.TSV), case)
    return _of_solutions(parse_query_results(table.to_json(), QueryResultsFormat.JSON), case)


def theirs(case: Case, store: Store) -> Result:
    """What Oxigraph itself gives."""
    found = store.query(case.text, base_iri=case.query.as_uri())
    if isinstance(found, QueryTriples):
        return _of_triples(found)
    if case.result.suffix == ".csv":
        return _of_csv((found.serialize(format=QueryResultsFormat.CSV) or b"").decode("utf-8"))
    return _of_solutions(found, case)


def differs(found: Result, wanted: Result, *, lax: bool = False) -> str | None:
    """What is wrong with a result, if anything is."""
    if found.kind != wanted.kind:
        return f"a result of kind {found.kind} where {wanted.kind} is right"
    if found.variables != wanted.variables:
        return f"variables {found.variables} where {wanted.variables} is right"
    both = [list(each.rows) for each in (found, wanted)]
    if found.ordered and wanted.ordered:
        both = [[(*row, ("index", number)) for number, row in enumerate(rows)] for rows in both]
    if not _same(both[0], both[1]) and not (lax and set(both[0]) == set(both[1])):
        return f"rows\n    {found.rows}\nwhere right is\n    {wanted.rows}"
    return None


def judge(case: Case) -> Verdict:
    """Runs one test both ways."""
    wanted = expected(case)
    return Verdict(case, _verdict(partial(ours, case), case, wanted), _verdict(partial(theirs, case), case, wanted))


def _verdict(answer: Callable[[Store], Result], case: Case, wanted: Result) -> str | None:
    try:
        return differs(answer(load(case)), wanted, lax=case.lax)
    except (KgError, ValueError, OSError, SyntaxError, RuntimeError) as error:
        return f"{type(error).__name__}: {error}"


def summary(verdicts: Sequence[Verdict]) -> str:
    """Counts by group, and each test that only one of the two passes."""
    groups = sorted({each.case.group for each in verdicts})
    lines = [f"{'group':20} tests  ours  Oxigraph"]
    for group in [*groups, "all"]:
        of = [each for each in verdicts if group in ("all", each.case.group)]
        passed = [sum(each.ours is None for each in of), sum(each.theirs is None for each in of)]
        lines.append(f"{group:20} {len(of):5} {passed[0]:5} {passed[1]:9}")
    called = sum(each.case.calls for each in verdicts)
    lines.append(f"{called} of them need SERVICE, which is refused on purpose")
    lines += [f"only through Oxigraph: {each.case.group}: {each.case.name}: {each.ours}" for each in lost(verdicts)]
    lines += [f"neither: {each.case.group}: {each.case.name}" for each in verdicts if each.ours and each.theirs]
    return "\n".join(lines)


def lost(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The tests that Oxigraph passes and our API does not, but for those that need what is refused on purpose."""
    return [each for each in verdicts if each.ours is not None and each.theirs is None and not each.case.calls]


def _of_solutions(found: QuerySolutions | QueryBoolean, case: Case) -> Result:
    if isinstance(found, QueryBoolean):
        return Result("ask", ((("boolean", bool(found)),),))
    names = sorted(variable.value for variable in found.variables)
    rows = [[solution[name] for name in names] for solution in found]
    return _of_rows("select", rows, names, ordered=_is_ordered(case))


def _of_triples(triples: Iterable[Triple]) -> Result:
    return _of_rows("graph", {(each.subject, each.predicate, each.object) for each in triples})


def _of_rows(
    kind: str, rows: Iterable[Sequence[Term | None]], names: Sequence[str] = (), *, ordered: bool = False
) -> Result:
    return Result(kind, tuple(tuple(_cell(term) for term in row) for row in rows), tuple(names), ordered)


def _of_csv(text: str) -> Result:
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    order = sorted(range(len(head)), key=lambda column: head[column])
    cells = (tuple(_csv_cell(row[column]) for column in order) for row in rows)
    return Result("csv", tuple(cells), tuple(sorted(head)))


def _csv_cell(cell: str) -> Cell:
    if cell.startswith("_:"):
        return ("blank", cell)
    try:
        return ("number", float(cell))
    except ValueError:
        return ("text", cell)


def _of_result_set(graph: rdflib.Graph, told: rdflib.term.Node, case: Case) -> Result:
    """A result written in the vocabulary of result sets."""
    answer = graph.value(told, RS.boolean)
    if answer is not None:
        return Result("ask", ((("boolean", str(answer) == "true"),),))
    names = sorted(str(name) for name in graph.objects(told, RS.resultVariable))
    solutions = list(graph.objects(told, RS.solution))
    ordered = _is_ordered(case) and all(graph.value(each, RS["index"]) is not None for each in solutions)
    solutions.sort(key=lambda each: int(str(graph.value(each, RS["index"]) or 0)))
    rows = []
    for solution in solutions:
        found = {
            str(graph.value(binding, RS.variable)): _term(graph.value(binding, RS.value))
            for binding in graph.objects(solution, RS.binding)
        }
        rows.append([found.get(name) for name in names])
    return _of_rows("select", rows, names, ordered=ordered)


def _term(node: rdflib.term.Node | None) -> Term:
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype or XSD + "string")))
    raise ValueError(f"no term: {node!r}")


def _is_ordered(case: Case) -> bool:
    """Whether the query orders its rows: ORDER BY behind its last brace."""
    return re.search(r"\bORDER\s+BY\b", case.text.rpartition("}")[2], re.IGNORECASE) is not None


def _cell(term: Term | None) -> Cell:
    """A term as what makes it equal to another: a number by its value, a language without its case."""
    if term is None:
        return ()
    if isinstance(term, NamedNode | BlankNode):
        return ("iri" if isinstance(term, NamedNode) else "blank", term.value)
    if isinstance(term, Triple):
        return ("triple", _cell(term.subject), _cell(term.predicate), _cell(term.object))
    if term.language:
        return ("text", term.value, term.language.lower())
    if term.datatype.value in NUMBERS:
        with suppress(ValueError):
            return ("number", float(f"{float(term.value):.12g}"))
    return ("text", term.value, term.datatype.value)


def _same(found: list[tuple[Cell, ...]], wanted: list[tuple[Cell, ...]]) -> bool:
    """Whether the two are the same bag of rows, with blank nodes matched one to one."""
    plain = Counter(row for row in found if not _has_blank(row))
    if plain != Counter(row for row in wanted if not _has_blank(row)):
        return False
    return _match([row for row in found if _has_blank(row)], [row for row in wanted if _has_blank(row)], {})


def _match(found: list[tuple[Cell, ...]], wanted: list[tuple[Cell, ...]], blanks: Mapping[str, str]) -> bool:
    if not found or not wanted:
        return found == wanted
    for number, row in enumerate(wanted):
        more = dict(blanks)
        if _row_fits(found[0], row, more) and _match(found[1:], wanted[:number] + wanted[number + 1 :], more):
            return True
    return False


def _row_fits(left: Cell, right: Cell, blanks: dict[str, str]) -> bool:
    """Whether two rows or cells are the same, extending the pairs of blank nodes."""
    if len(left) != len(right):
        return False
    if left and left[0] == right[0] == "blank":
        one, other = str(left[1]), str(right[1])
        if one not in blanks and other not in blanks.values():
            blanks[one] = other
        return blanks.get(one) == other
    return all(
        _row_fits(one, other, blanks) if isinstance(one, tuple) and isinstance(other, tuple) else one == other
        for one, other in zip(left, right, strict=True)
    )


def _has_blank(cell: Cell) -> bool:
    return cell[:1] == ("blank",) or any(isinstance(part, tuple) and _has_blank(part) for part in cell)


if __name__ == "__main__":
    every = [judge(case) for case in cases(Path(sys.argv[1]))]
    print(summary(every))
    sys.exit(bool(lost(every)))
