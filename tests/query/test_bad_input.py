"""Bad queries and bad data are refused quickly and with a reason: nothing is fetched, nothing lost, nobody dies."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, Store, Triple, parse_query_results

from kg.errors import KgError, QueryError, StoreError
from kg.model import NO_QUALIFIERS, Document, Entity, Evidence, Statement, StatementSet
from kg.query import child
from kg.query.sparql import check, iri, run
from kg.query.tokens import error_at
from kg.store.folder import open_folder
from kg.store.graph import Graph
from tests.commands import Kg

Found = TypeVar("Found")
ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
ALL = "SELECT * { ?a ?b ?c }"
RING = b"".join(b"<x:%d> <x:p> <x:%d> .\n" % (number, (number + 1) % 300) for number in range(300))
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 30))
    + b']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r>&a29;</r></rdf:RDF>'
)


class Quick:
    """A block that must be over within two seconds."""

    def __enter__(self) -> None:
        self.begin = time.monotonic()

    def __exit__(self, *_: object) -> None:
        assert time.monotonic() - self.begin < 2


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine that somebody listens at, to whom nobody may come."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.05)
        yield listener.getsockname()[1]
        with pytest.raises(TimeoutError):
            listener.accept()


SERVICES = [
    "SELECT * { SERVICE <U> { ?a ?b ?c } }",
    "SELECT * { service silent <U> { ?a ?b ?c } }",
    "SELECT * { SeRvIcE<U>{ ?a ?b ?c } }",
    "SELECT * { SERVICE # a comment\n <U> { ?a ?b ?c } }",
    "SELECT * { VALUES ?s { <U> } SERVICE ?s { ?a ?b ?c } }",
    "SELECT * { BIND(<U> AS ?s) SERVICE SILENT ?s { ?a ?b ?c } }",
    "SELECT * { { SELECT * { SERVICE <U> { ?a ?b ?c } } } }",
    "SELECT * { FILTER EXISTS { SERVICE <U> { ?a ?b ?c } } }",
    "PREFIX e: <U> SELECT * { SERVICE e: { ?a ?b ?c } }",
    "PREFIX e: <U> SELECT * { SERVICEe: { ?a ?b ?c } }",
    "PREFIX SERVICE: <U> PREFIX : <U> SELECT * { SERVICE: { ?a ?b ?c } }",
    "BASE <U> SELECT * { SERVICE <> { ?a ?b ?c } }",
    "SELECT * { \\u0053ERVICE <U> { ?a ?b ?c } }",
    "SELECT * { OPTIONAL { ?s ?p 'a\\u0027 } SERVICE <U> { ?a ?b ?c } } #' } \\q",
    "PREFIX b: <x:> SELECT * { OPTIONAL { ?s <a+b:c'> ?o } SERVICE <U> { ?a ?b ?c } OPTIONAL { ?s <a+b:c'> ?o } }",
    "PREFIX a-b: <x:> SELECT * { OPTIONAL { ?s <a-b:c'> ?o } SERVICE <U> { ?a ?b ?c } OPTIONAL { ?s <a-b:c'> ?o } }",
    "SELECT * { VALUES ?v { '''x' } SERVICE <U> { ?a ?b ?c } } #\\q'''\n",
    "SELECT * { VALUES ?v { '''x' } SERVICE <U> { ?a ?b ?c } } #\\uD800'''\n",
    "PREFIX e: <x:> SELECT * { OPTIONAL { ?s ?p e:.SERVICE <U> { ?a ?b ?c } } }",
    "PREFIX e: <x:> SELECT * { OPTIONAL { ?s ?p e:a.b.SERVICE <U> { ?a ?b ?c } } }",
    "PREFIX e: <http://127.0.0.1:PORT> SELECT * { OPTIONAL { ?s ?p e:SERVICEe: { ?a ?b ?c } } }",
    "PREFIX b: <x:> PREFIX : <U> SELECT * { BIND(1 AS ?x) FILTER(?x<b:)SERVICE:x#>\n{ ?a ?b ?c } }",
    "PREFIX b: <x:> PREFIX : <U> SELECT * { FILTER(1<true-b:x)SERVICE:y#>\n{ ?a ?b ?c } }",
]


@pytest.mark.parametrize("query", SERVICES)
def test_no_spelling_of_service_reaches_loopback(query: str, port: int) -> None:
    written = query.replace("<U>", f"<http://127.0.0.1:{port}/>").replace("PORT", str(port))
    with Quick(), pytest.raises(QueryError, match="line "):
        run(b"<x:s> <x:p> <x:o> .\n", written)


@LINUX
def test_should_one_pass_the_kernel_refuses_it_the_socket(port: int) -> None:
    request: child.Request = {
        "query": f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?a ?b ?c }} }}",
        "store": None,
        "union": True,
        "base": None,
        "row_cap": 10,
        "memory": 4 << 30,
        "seconds": 5,
    }
    sent = json.dumps(request).encode() + b"\n"
    done = subprocess.run([sys.executable, "-P", child.__file__], input=sent, capture_output=True, check=True)
    assert "Permission denied" in json.loads(done.stdout)["message"]


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize(
    "update",
    [
        "LOAD <FILE>", "load silent <FILE> INTO GRAPH <x:g>", "BASE <FILE> LOAD <>", "PREFIX f: <FILE> LOAD f:",
        "INSERT DATA { <x:a> <x:b> <x:c> }", "DELETE WHERE { ?a ?b ?c }", "CLEAR ALL", "DROP DEFAULT", "dRoP all",
        "CREATE GRAPH <x:g>", "COPY DEFAULT TO <x:g>", "MOVE DEFAULT TO <x:g>", "ADD DEFAULT TO <x:g>",
        "WITH <x:g> DELETE { ?a ?b ?c } WHERE { ?a ?b ?c }", "DELETE { ?a ?b ?c } USING <x:g> WHERE { ?a ?b ?c }",
        "SELECT * { ?a ?b ?c } ; DROP ALL", "# nothing\nDROP ALL", "PREFIX DROP: <x:> DROP ALL",
    ],
)  # fmt: skip
def test_nothing_is_loaded_and_nothing_lost(update: str, trusted: bool, tmp_path: Path) -> None:
    (tmp_path / "more.nt").write_text("<x:more> <x:more> <x:more> .\n")
    store = Store()
    store.bulk_load(b"<x:s> <x:p> <x:o> .\n", RdfFormat.N_QUADS)
    written = update.replace("FILE", (tmp_path / "more.nt").as_uri())
    with Quick(), pytest.raises(QueryError, match=r"is refused: only SELECT|PREFIX DROP"):
        run(store, written, trusted=trusted)
    assert store.dump(format=RdfFormat.N_QUADS) == b"<x:s> <x:p> <x:o> .\n"


@pytest.mark.parametrize("clause", ["FROM <U>", "FROM NAMED <U>", "from<U>", "FROM <FILE>"])
def test_from_is_refused_and_fetches_nothing_when_trusted(clause: str, port: int, tmp_path: Path) -> None:
    (tmp_path / "more.nt").write_text("<x:more> <x:more> <x:more> .\n")
    clause = clause.replace("FILE", (tmp_path / "more.nt").as_uri()).replace("<U>", f"<http://127.0.0.1:{port}/>")
    query = f"SELECT * {clause} {{ {{ ?a ?b ?c }} UNION {{ GRAPH ?g {{ ?a ?b ?c }} }} }}"
    with pytest.raises(QueryError, match="FROM is refused"):
        run(RING, query)
    assert run(RING, query, trusted=True).rows == ()


def test_from_chooses_among_the_graphs_there_are_when_trusted() -> None:
    quads = b"<x:a> <x:p> 1 <x:g> .\n<x:b> <x:p> 2 <x:h> .\n<x:c> <x:p> 3 .\n".replace(b" 1", b' "1"')
    quads = quads.replace(b" 2", b' "2"').replace(b" 3", b' "3"')
    query = "SELECT ?s FROM <x:g> FROM NAMED <x:h> { { ?s <x:p> ?o } UNION { GRAPH ?g { ?s <x:p> ?o } } }"
    assert run(quads, query, trusted=True).rows == (("<x:a>",), ("<x:b>",))
    everything = "SELECT ?s { ?s <x:p> ?o }"
    assert run(quads, everything).rows == (("<x:a>",), ("<x:b>",), ("<x:c>",))
    assert run(quads, everything, union=False).rows == (("<x:c>",),)


NESTED = {
    "{": "SELECT * " + "{" * 10_000 + "}" * 10_000,
    "(": "SELECT * { FILTER" + "(" * 10_000 + "1" + ")" * 10_000 + " }",
    "[": "SELECT * { ?a ?b " + "[" * 10_000 + "]" * 10_000 + " }",
    "path": "SELECT * { ?a " + "(" * 10_000 + "<x:p>" + ")" * 10_000 + " ?b }",
    "half": "SELECT * { ?a ?b " + "[" * 10_000,
    "exists": "SELECT * { " + "FILTER EXISTS {" * 3_000 + "}" * 3_000 + " }",
    "triple terms": "SELECT * { ?a ?b " + "<<( ?a ?b " * 1_000 + "?c" + " )>>" * 1_000 + " }",
    "reified triples": "SELECT * { ?a ?b " + "<< ?a ?b " * 1_000 + "?c" + " >>" * 1_000 + " }",
    "annotations": "SELECT * { ?a ?b ?c " + "{| ?p ?o " * 1_000 + "|}" * 1_000 + " }",
}


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("query", NESTED.values(), ids=NESTED)
def test_deep_nesting_is_refused(query: str, trusted: bool) -> None:
    with Quick(), pytest.raises(QueryError, match="nested more than 100 deep; flatten"):
        run(RING, query, trusted=trusted)


CHAINS = {
    "!": "SELECT * { FILTER(" + "!" * 40_000 + "true) }",
    "-": "SELECT * { FILTER(" + "- " * 20_000 + "1) }",
    "+": "SELECT * { FILTER(1" + "+1" * 20_000 + ") }",
    "/": "SELECT * { ?a " + "<x:p>/" * 8_000 + "<x:p> ?b }",
    "^": "SELECT * { ?a " + "^" * 40_000 + "<x:p> ?b }",
    "||": "SELECT * { ?a ?b ?c FILTER(?c" + "||?c" * 12_000 + ") }",
    "UNION": "SELECT * { {}" + "UNION{}" * 7_000 + " }",
    "OPTIONAL": "SELECT * { " + "OPTIONAL{}" * 4_900 + " }",
    "MINUS": "SELECT * { ?a ?b ?c " + "MINUS{?a ?b 1}" * 3_000 + " }",
    "EXISTS": "SELECT * { ?a ?b ?c " + "FILTER NOT EXISTS{?a ?b 1}" * 1_800 + " }",
}


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("query", CHAINS.values(), ids=CHAINS)
def test_long_chains_are_refused(query: str, trusted: bool) -> None:
    with Quick(), pytest.raises(QueryError, match=r"more than [14],000 times"):
        run(RING, query, trusted=trusted)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { FILTER(" + "!" * 1_000 + "true) }",
        "SELECT * { FILTER(1" + "+1" * 1_000 + " > 0) }",
        "SELECT * { FILTER(true" + "||true" * 2_000 + ") }",
        "SELECT * { ?a ?b ?c " + "MINUS{?a ?b 1}" * 1_000 + " }",
        "SELECT * { VALUES ?v { " + "1 " * 20_000 + "} }",
        "SELECT * { ?a ?b " + "<<( ?a ?b " * 45 + "?c" + " )>>" * 45 + " }",
    ],
    ids=lambda query: query[:30],
)
def test_what_is_long_within_bounds_runs(query: str) -> None:
    with suppress(QueryError):  # in a process of its own first: the next must not be our death
        run(RING, query, time_limit=10)
    run(RING, query, trusted=True)


NO_IRIS = [
    "x:a b",
    'x:a"b',
    "x:a<b",
    "x:a>b",
    "x:a{b}",
    "x:a|b",
    "x:a\\b",
    "x:a^b",
    "x:a`b",
    "x:a\nb",
    "x:\x00",
    "no scheme",
]


@pytest.mark.parametrize("wrong", NO_IRIS)
def test_iris_with_what_they_cannot_hold_are_refused(wrong: str) -> None:
    with Quick(), pytest.raises(StoreError, match=r"the graph: cannot be opened: .*line 1"):
        run(f"<{wrong}> <x:p> <x:o> .\n".encode(), "ASK {}")
    with Quick(), pytest.raises(QueryError, match="line 1"):
        run(RING, f"SELECT * {{ ?a ?b <{wrong}> }}")
    with pytest.raises(QueryError, match="neither an IRI nor a name"):
        iri(wrong)
    with pytest.raises(ValueError, match="IRI"):
        NamedNode(wrong)
    assert run(RING, "SELECT (IRI(?text) AS ?i) { BIND(?text AS ?t) }", bindings={"text": wrong}).rows == ((None,),)


def test_ids_with_spaces_and_quotes_become_iris() -> None:
    document = Document("one", "Text here.", ())
    odd = {key: Entity(key, 'N "<>\n\x1b[2J', "Company") for key in ('a b"<>{}', "é\\u0020")}
    evidence = Evidence(document.hash, 0, 4, "Text", 'rule "<>', "asserted")
    statement = Statement('s 1"<>', 'a b"<>{}', "investsIn", "é\\u0020", "asserted", NO_QUALIFIERS, (evidence,))
    graph = Graph(StatementSet({document.hash: document}, odd, (statement,)))
    table = graph.query("SELECT ?a ?b ?name { ?a kg:investsIn ?b ; rdfs:label ?name }", a=odd['a b"<>{}'])
    assert table.rows == (("id:a%20b%22%3C%3E%7B%7D", "id:%C3%A9%5Cu0020", 'N "<>\n\x1b[2J'),)


def nested_data(depth: int) -> bytes:
    return b"<x:s> <x:p> " + b"<<( <x:s> <x:p> " * depth + b"<x:o>" + b" )>>" * depth + b" .\n"


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("depth", [101, 1_000, 100_000])
def test_triple_terms_nested_deep_in_data_are_refused(depth: int, trusted: bool) -> None:
    with Quick(), pytest.raises(StoreError, match="line 2: triple terms nested more than 100 deep"):
        run(RING[: RING.index(b"\n") + 1] + nested_data(depth), ALL, trusted=trusted)


def test_triple_terms_nested_deep_in_a_store_are_refused() -> None:
    store = Store()
    store.bulk_load(nested_data(1_000), RdfFormat.N_QUADS)
    with Quick(), pytest.raises(StoreError, match="nested more than 100 deep"):
        run(store, ALL)
    with Quick(), pytest.raises(QueryError, match="nested more than 100 deep"):
        run(store, ALL, trusted=True)


def test_triple_terms_nested_less_deep_are_read() -> None:
    many = b'<x:s> <x:p> "' + b"<<( " * 500 + b'" .\n'
    assert len(run(nested_data(100) + many, ALL).rows) == 2


def test_triple_terms_and_blank_nodes_cannot_be_bound() -> None:
    term: Triple | Literal = Literal("x")
    for _ in range(1_000):
        term = Triple(NamedNode("x:s"), NamedNode("x:p"), term)
    with Quick(), pytest.raises(QueryError, match="cannot bind a Triple"):
        run(RING, ALL, bindings={"c": term})  # type: ignore[dict-item]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], graph: Graph) -> Kg:
    graph.save(tmp_path / "g")
    return Kg(tmp_path, monkeypatch, capsys)


def test_entity_bombs_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "bomb.rdf").write_bytes(BOMB)
    for source in (BOMB, tmp_path / "bomb.rdf", tmp_path):
        with Quick(), pytest.raises(StoreError, match="cannot be opened"):
            run(source, ALL)
    with Quick(), pytest.raises(StoreError, match="no such folder"):
        open_folder(tmp_path / "bomb.rdf")
    with Quick(), pytest.raises(SyntaxError):  # what the runner of the W3C's tests reads results with
        list(parse_query_results(BOMB, QueryResultsFormat.XML))  # type: ignore[arg-type]


def test_the_command_line_gives_a_reason_for_bad_graphs(cli: Kg) -> None:
    folder = cli.folder / "g"
    for name, content in (("kg.json", b"[" * 200_000), ("kg.json", BOMB), ("store/CURRENT", BOMB)):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(content)
        for command in (("query", ALL), ("check",)):
            code, out, said = cli(*command, "--graph", folder)
            assert (code, out) == (1, ""), name
            assert "build the graph again" in said or "cannot be opened" in said
            assert "Traceback" not in said
        (folder / name).write_bytes(kept)
    assert cli("query", "ASK { ?a ?b ?c }", "--graph", folder)[0] == 0


def test_the_command_line_gives_a_reason_for_bad_queries(cli: Kg) -> None:
    query = NESTED["("]
    for bad in (query, CHAINS["!"], "SELECT * { SERVICE <http://127.0.0.1:9/> {} }", "LOAD <file:///etc/hostname>"):
        code, out, said = cli("query", bad, "--graph", cli.folder / "g")
        assert (code, out) == (1, "")
        assert "line 1" in said


def test_control_characters_in_results(cli: Kg) -> None:
    wild = 'a\x00\x07\x1b[2J\r\n\t,"\u202e\U0001f600'
    query = "SELECT ?x { BIND(?x AS ?y) }"
    table = run(b"", query, bindings={"x": wild})
    assert table.rows == ((wild,),)
    assert list(csv.reader(io.StringIO(table.to_csv(), newline=""))) == [["x"], [wild]]
    assert json.loads(table.to_json())["results"]["bindings"][0]["x"]["value"] == wild
    (solution,) = parse_query_results(table.to_tsv(), QueryResultsFormat.TSV)  # type: ignore[misc]
    assert solution["x"] == Literal(wild)
    code, out, _ = cli("query", "SELECT ('a\\u001b[2J\\u0007\\r' AS ?x) {}", "--graph", cli.folder / "g")
    assert code == 0
    assert not {"\x1b", "\x07", "\r"} & set(out)
    assert "\x1b" not in str(error_at("SELECT \x1b[2J", 7, "no"))


@pytest.mark.parametrize("limit", [0, -1, float("inf"), float("nan")])
def test_time_limits_that_are_none(limit: float) -> None:
    with pytest.raises(QueryError, match="a time limit of"):
        run(RING, ALL, time_limit=limit)


def pids_below(parent: int) -> set[int]:
    """The processes that a process started, and that still run."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, above = stat.read_text().rpartition(")")[2].split()[:2]
            if int(above) == parent and state != "Z":
                found.add(int(stat.parent.name))
    return found


CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"
ENDLESS = {
    "count": f"SELECT (COUNT(*) AS ?z) {{ {CROSS} }}",
    "order": f"SELECT * {{ {CROSS} }} ORDER BY ?o ?a",
    "distinct": f"SELECT (COUNT(DISTINCT ?c) AS ?z) {{ {CROSS} }}",
    "group": f"SELECT ?a (MAX(?o) AS ?z) {{ {CROSS} }} GROUP BY ?a ?d ?g ?j",
    "filter": f"ASK {{ {CROSS} FILTER(STR(?a) = CONCAT(STR(?o), 'z')) }}",
    "path": "SELECT (COUNT(*) AS ?z) { ?a (<x:p>|^<x:p>)* ?b . ?c <x:p>* ?d . ?e <x:p>* ?f . ?g <x:p>* ?h }",
    "optional": "SELECT * { " + "OPTIONAL { ?a ?b ?c . ?d ?e ?f } " * 20 + "FILTER(?a = ?f) }",
    "construct": f"CONSTRUCT {{ <x:s> <x:p> <x:o> }} WHERE {{ {CROSS} }}",
    "describe": f"DESCRIBE ?a {{ {CROSS} FILTER(?a = ?f) }}",
    "regex": f"SELECT * {{ {CROSS} FILTER(REGEX(CONCAT(STR(?a), STR(?o)), '(a*)*b')) }}",
    "group_concat": f"SELECT (GROUP_CONCAT(?a) AS ?z) {{ {CROSS} FILTER(STR(?a) < STR(?o)) }}",
}


@pytest.mark.slow
@LINUX
@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS)
def test_endless_queries_are_stopped_and_leave_nobody_behind(query: str) -> None:
    others = pids_below(os.getpid())  # of other tests: a browser
    with pytest.raises(QueryError, match=r"stopped after 1 seconds|GiB of memory|larger than"):
        run(RING, query, time_limit=1)
    assert pids_below(os.getpid()) <= others
    assert run(RING, "ASK { ?a ?b ?c }").rows == (("true",),)


DOUBLED = " ".join(f"BIND(CONCAT(?v{number}, ?v{number}) AS ?v{number + 1})" for number in range(40))
BOMBS = {
    "concat": f"SELECT (STRLEN(?v40) AS ?n) {{ BIND('0123456789' AS ?v0) {DOUBLED} }}",
    "long rows": f"SELECT ?v16 {{ ?a ?b ?c BIND('0123456789' AS ?v0) {DOUBLED[: DOUBLED.index('BIND(CONCAT(?v16')]} }}",
    "replace": "SELECT (REPLACE(REPLACE(?x, 'a', ?x), 'a', ?x) AS ?y) { BIND('" + "a" * 2_000 + "' AS ?x) }",
    "values": "SELECT * { VALUES ?a { " + "1 " * 30_000 + "} }",
    "group_concat": "SELECT (GROUP_CONCAT(?v20) AS ?x) { ?a ?b ?c . ?d ?b ?f BIND('0123456789' AS ?v0) "
    + DOUBLED[: DOUBLED.index("BIND(CONCAT(?v20")]
    + " }",
}


@pytest.mark.slow
@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS)
def test_memory_bombs_are_refused(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.query.sparql.MEMORY_LIMIT", 1 << 30)
    with pytest.raises(QueryError, match=r"1 GiB of memory|larger than 64 million characters|50,000; shorten it"):
        run(RING, query, time_limit=20)


@pytest.mark.slow
@LINUX
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_no_query_outlives_the_process_that_asked_it(by: signal.Signals) -> None:
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a shell's `&` may ignore it
    code = f"{heard}\nfrom kg.query.sparql import run\nrun({RING!r}, {ENDLESS['count']!r}, time_limit=60)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL) as asking:
        (asked,) = wait_for(lambda: pids_below(asking.pid))
        time.sleep(0.2)
        asking.send_signal(by)
        asking.wait(timeout=5)
        wait_for(lambda: not running(asked))


def running(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_for(found: Callable[[], Found]) -> Found:
    end = time.monotonic() + 10
    while not (now := found()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return now


def test_every_refusal_is_an_error_of_ours() -> None:
    for query in (*NESTED.values(), *CHAINS.values()):
        with Quick(), pytest.raises(KgError):
            check(query)
