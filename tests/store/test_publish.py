"""A graph is brought onto a server with what differs, asked there, and read back; other graphs there stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import open_graph
from kg.errors import KgError, StoreError
from kg.model import StatementSet
from kg.query.sparql import run
from kg.schema import ID_BASE, NAMESPACE, load_schema
from kg.store.connect import connect
from kg.store.endpoint import Endpoint
from kg.store.folder import write_folder
from kg.store.oxigraph import OxigraphStore
from kg.store.publish import Published, publish
from kg.store.rdf import to_quads
from kg.store.server import Server
from tests.commands import Kg
from tests.query.invented import industry
from tests.store.servers import oxigraph


@pytest.fixture(scope="module")
def before() -> list[Quad]:
    return to_quads(industry(), load_schema())


@pytest.fixture(scope="module")
def after() -> list[Quad]:
    """The industry without the last statement and without one document."""
    return to_quads(fewer(), load_schema())


def fewer() -> StatementSet:
    all_ = industry()
    gone = next(key for key, document in all_.documents.items() if document.name == "notes")
    left = [
        replace(s, evidence=tuple(e for e in s.evidence if e.document != gone))
        for s in all_.statements[:-1]
        if {e.document for e in s.evidence} != {gone}
    ]
    documents = {key: document for key, document in all_.documents.items() if key != gone}
    bindings = tuple(binding for binding in all_.bindings if binding.document != gone)
    return replace(all_, statements=tuple(left), documents=documents, bindings=bindings)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture
def kg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kg:
    return Kg(tmp_path, monkeypatch, capsys)


@pytest.fixture
def server(address: str) -> str:
    Endpoint(Server(f"{address}/query", f"{address}/update")).clear()
    return address


class Small(OxigraphStore):
    """A store that takes 100 quads in one change, and remembers the changes."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[list[Quad], list[Quad]]] = []

    @property
    def most(self) -> int:
        return 100

    def change(self, *, remove: object = (), add: object = ()) -> None:
        assert isinstance(remove, list)
        assert isinstance(add, list)
        self.changes.append((remove, add))
        super().change(remove=remove, add=add)


def test_only_what_differs_is_sent(before: list[Quad], after: list[Quad]) -> None:
    store = OxigraphStore()
    assert publish(before, store) == Published(len(before), 0, 0, 1)
    come, gone, kept = (len({*a} - {*b}) for a, b in ((after, before), (before, after), (before, before)))
    assert publish(after, store) == Published(come, gone, len(after) - come, 1)
    assert set(store.quads()) == set(after)
    assert publish(after, store) == Published(0, 0, len(after), 0)
    assert gone > 50 > kept


def test_a_store_that_takes_less_gets_several_changes(before: list[Quad], after: list[Quad]) -> None:
    store = Small()
    assert publish(before, store).changes == 1
    assert store.changes == []  # it was loaded
    told: list[tuple[int, int]] = []
    done = publish(after, store, progress=lambda number, all_: told.append((number, all_)))
    assert set(store.quads()) == set(after)
    assert told == [(number, done.changes) for number in range(1, done.changes + 1)]
    assert all(0 < len(gone) + len(come) <= 100 for gone, come in store.changes)
    # Evidence goes only after the statements that cite it.
    notes = next(key for key, document in industry().documents.items() if document.name == "notes")
    places = [str((gone + come)[0].graph_name) for gone, come in store.changes]
    assert "DEFAULT" in places
    assert places.index(f"<{ID_BASE}document/{notes}>") > max(i for i, place in enumerate(places) if place == "DEFAULT")


def test_others_graphs_stay_on_the_server(server: str, before: list[Quad]) -> None:
    stranger = f"{server}/store?graph=http://x.example/theirs"
    Server(f"{server}/query", graph_store_url=f"{server}/store").post(
        NamedNode("http://x.example/theirs"), "<http://x.example/a> <http://x.example/b> 'c' .\n".replace("'", '"')
    )
    endpoint = connect(f"{server}/query")
    publish(before, endpoint)
    publish([], endpoint)
    endpoint.clear()
    assert endpoint.graphs() == {}
    assert run(endpoint, "SELECT ?s { ?s <http://x.example/b> ?o }").rows == (("<http://x.example/a>",),), stranger
    theirs = Quad(
        NamedNode(ID_BASE + "a"), NamedNode(NAMESPACE + "period"), Literal("1"), NamedNode("http://x.example/g")
    )
    ours = Quad(theirs.subject, theirs.predicate, theirs.object, NamedNode(ID_BASE + "graph"))
    for quad in (theirs, ours):
        with pytest.raises(StoreError, match="it is not changed"):
            endpoint.change(add=[quad])


def test_loading_goes_by_updates_or_by_the_graph_store_protocol(server: str, before: list[Quad]) -> None:
    lines = "".join(f"{quad} .\n" for quad in before).encode()
    update, store = f"{server}/update", f"{server}/store"
    for way in (Server(f"{server}/query", update), Server(f"{server}/query", update, store)):
        endpoint = Endpoint(way, most=500)
        endpoint.load(lines)
        assert set(endpoint.quads()) == set(before)
        endpoint.clear()
    with pytest.raises(StoreError, match="no address for updates is known"):
        Endpoint(Server(f"{server}/query")).load(lines)


def test_the_servers_own_default_graph(server: str, before: list[Quad]) -> None:
    """What `oxigraph serve` shows of a folder that `kg build` wrote: nothing stands for the default graph."""
    own = Endpoint(Server(f"{server}/query", f"{server}/update", f"{server}/store"), default_graph=None)
    own.load("".join(f"{quad} .\n" for quad in before).encode())
    found = connect(f"{server}/query")
    assert set(found.quads()) == set(before)
    assert sum(found.graphs().values()) == len(before)
    found.change(remove=before[:5])
    assert set(own.quads()) == set(before[5:])
    own.clear()
    assert found.graphs() == {}


def test_a_graph_is_published_and_asked(server: str, tmp_path: Path, kg: Kg) -> None:
    folder, query, number = tmp_path / "graph", f"{server}/query", len(to_quads(industry(), load_schema()))
    write_folder(folder, industry(), load_schema())
    told = f"{number} quads added, 0 removed, 0 were there; changes: 1\n"
    assert kg("publish", "--graph", folder, "--to", query) == (0, "", told)
    assert "0 quads added, 0 removed" in kg("publish", "--graph", folder, "--to", query)[2]
    for words in (("investors", "--with", "company=Acmelo"), ("SELECT ?s { ?s a kg:Statement } ORDER BY ?s",)):
        there, here = (kg("query", "--graph", place, *words) for place in (query, folder))
        assert there == here
        assert len(here[1]) > 100
    code, _, error = kg("query", "--graph", query, "CLEAR ALL")
    assert (code, "CLEAR is refused" in error) == (1, True)


def test_what_a_graph_on_a_server_can_and_cannot(server: str, before: list[Quad]) -> None:
    publish(before, connect(f"{server}/query"))
    graph = open_graph(f"{server}/query")
    assert {s.id for s in graph.statements("invests_in", "Hive")} == {"i08"}
    assert graph.explain("Hive", "investsIn")[0].citations[0].evidence.quote == "Hive invests in Acmelo."
    assert len(graph.to_networkx()) == len(industry().entities)
    assert graph.ask("units", {"company": "Hive"}).rows
    with pytest.raises(KgError, match="does not hold what reading found in its documents; on a server it never lies"):
        graph.without("news")


def test_no_server_is_one_line(kg: Kg) -> None:
    code, out, error = kg("query", "--graph", "http://127.0.0.1:1/query", "ASK {}")
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert error.startswith("kg: http://127.0.0.1:1/query: cannot be reached: Connection refused")
