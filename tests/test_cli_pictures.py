"""`kg export --format svg|png` and `Graph.picture`: what is drawn is what was asked for."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kg.cli import run
from kg.errors import KgError
from kg.model import Amount, Document, Entity, Evidence, Qualifiers, Statement, StatementSet
from kg.schema import load_schema
from kg.store.folder import write_folder
from kg.store.graph import Graph
from kg.view.drawing import PrintOptions

FACTS = (
    ("Oakvest", "investsIn", "Acmelo", "asserted"), ("Oakvest", "investsIn", "Globexa", "planned"),
    ("Acmelo", "competesWith", "Globexa", "asserted"), ("Globexa", "usesChip", "Trinix", "asserted"),
    ("Trinix Works", "develops", "Trinix", "asserted"), ("Farwind", "sues", "Trinix Works", "denied"),
)  # fmt: skip


def invented() -> StatementSet:
    document = Document("news", "words", (), "Oakvest buys in", "The Invented Post", "2031-05-06")
    names = sorted({name for fact in FACTS for name in (fact[0], fact[2])})
    entities = {name.lower().replace(" ", "-"): name for name in names}
    made = {id_: Entity(id_, name, "Chip" if name == "Trinix" else "Company") for id_, name in entities.items()}
    ids = {name: id_ for id_, name in entities.items()}
    statements = []
    for number, (subject, relation, object_, status) in enumerate(FACTS):
        given = Qualifiers(Amount(Decimal(5_000_000), "USD") if relation == "investsIn" else None)
        evidence = Evidence(document.hash, 0, 5, "words", "r", status, given)
        statements.append(Statement(f"{number:016x}", ids[subject], relation, ids[object_], status, given, (evidence,)))
    return StatementSet({document.hash: document}, made, tuple(statements))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pictures") / "graph"
    write_folder(out, invented(), load_schema())
    return out


def lines_of(path: Path) -> set[str]:
    """The lines of the picture in words, without their status."""
    text = path.read_text(encoding="utf-8")
    edges = text[text.index('<g id="edges">') : text.index('<g id="nodes">')]
    return {re.sub(r" \(\w+[^()]*\)$", "", each) for each in re.findall("<title>([^<]*)</title>", edges)}


Export = Callable[..., tuple[int, str]]


@pytest.fixture
def export(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Export:
    """Runs `kg export` on the invented graph; gives its exit code and what it said."""

    def call(out: Path, *more: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["kg", "export", "-g", str(folder), "-o", str(out), *more])
        capsys.readouterr()
        try:
            code = run()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, capsys.readouterr().err

    return call


INVESTS = {"Oakvest invests in Acmelo $5M", "Oakvest invests in Globexa $5M"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--entity", "Oakvest"], INVESTS | {"Acmelo competes with Globexa"}),
        (["--entity", "Trinix Works", "--hops", "2"], {"Trinix Works develops Trinix", "Globexa uses the chip Trinix"}),
        (["--entity", "Farwind", "--all-statuses"], {"Farwind sues Trinix Works"}),
        (["--query", "CONSTRUCT WHERE { ?a kg:investsIn ?b }"], {"Oakvest invests in Acmelo $5M"}),
        (
            ["--query", "CONSTRUCT { ?a kg:competesWith ?b . ?b <http://example.org/rivalOf> ?a } "
             "WHERE { ?a kg:competesWith ?b } ORDER BY ?a LIMIT 1"],
            {"Acmelo competes with Globexa", "rivalOf"},
        ),
        (["--query", "SELECT ?s WHERE { ?s kg:status kg:planned }"], {"Oakvest invests in Globexa $5M"}),
        (["--query", "competitors", "--with", "company=Acmelo"], {"Acmelo competes with Globexa"}),
        (["--query", "investments", "--with", "investor=Oakvest"], INVESTS),
        (["--query", "investors", "--with", "company=Acmelo"], {"Oakvest invests in Acmelo $5M"}),
        (["--top", "3"], INVESTS | {"Acmelo competes with Globexa"}),
    ],
)  # fmt: skip
def test_what_is_drawn(export: Export, tmp_path: Path, options: list[str], expected: set[str]) -> None:
    out = tmp_path / "a.svg"
    code, told = export(out, "-f", "svg", *options)
    assert (code, told) == (0, f"svg: {out}\n")
    assert lines_of(out) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-f", "csv", "--dark"], "kg: --dark is for pictures: use it with --format svg or png\n"),
        (["-f", "csv", "--with", "a=b"], "kg: --with is for pictures"),
        (["-f", "csv", "--all-statuses"], "kg: --all-statuses is for pictures"),
        (["-f", "svg", "--with", "a=b"], "kg: --with is for --query NAME\n"),
        (["-f", "svg", "--entity", "Oakvets"], "kg: no entity is called 'Oakvets'; did you mean 'Oakvest'?\n"),
        (["-f", "svg", "--entity", "Farwind"], "kg: nothing is stated about 'Farwind' with these statuses\n"),
        (["-f", "svg", "--query", "ASK {}"], "kg: the query's result holds no statement"),
        (["-f", "svg", "--query", "no-such"], "kg: no query is called 'no-such'"),
        (["-f", "svg", "--width", "10"], "kg: a picture of 10 by 1000"),
        (["-f", "png", "--scale", "0"], "kg: a picture of 0 million pixels"),
    ],
)
def test_what_is_refused(export: Export, tmp_path: Path, options: list[str], message: str) -> None:
    code, told = export(tmp_path / "a", *options)
    assert code == 1
    assert told.startswith(message)
    assert not (tmp_path / "a").exists()


def test_a_graph_draws_itself(tmp_path: Path) -> None:
    graph = Graph(invented())
    graph.picture(tmp_path / "a.svg", entity="Oakvest", look=PrintOptions("Oakvest's bets", dark=True))
    assert lines_of(tmp_path / "a.svg") == INVESTS | {"Acmelo competes with Globexa"}
    assert ">Oakvest&#39;s bets</title>" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    graph.picture(tmp_path / "b.PNG", result=graph.ask("planned"), look=PrintOptions(scale=1, width=700))
    assert (tmp_path / "b.PNG").read_bytes()[12:24] == b"IHDR\x00\x00\x02\xbc\x00\x00\x03\xe8"
    with pytest.raises(KgError, match="no format of pictures 'pdf': known: png, svg"):
        graph.picture(tmp_path / "c.pdf")


def test_the_picture_says_how_much_it_shows(tmp_path: Path) -> None:
    Graph(invented()).picture(tmp_path / "a.svg", entity="Trinix Works")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "Shown: 2 of 6 entities, 1 of 6 statements. Left out: 1 denied." in text
    assert "Source: 1 document of 2031-05-06; The Invented Post." in text


def test_ids_of_another_base(export: Export, tmp_path: Path) -> None:
    graph = Graph(invented(), id_base="https://example.org/things/")
    found = graph.query("CONSTRUCT WHERE { ?a kg:usesChip ?b }")
    graph.picture(tmp_path / "a.svg", result=found)
    assert lines_of(tmp_path / "a.svg") == {"Globexa uses the chip Trinix"}
    write_folder(tmp_path / "g", invented(), load_schema(), id_base="https://example.org/things/")
    query = ("--query", "CONSTRUCT WHERE { ?a kg:usesChip ?b }")
    code, _ = export(tmp_path / "b.svg", "-f", "svg", "-g", str(tmp_path / "g"), *query)
    assert code == 0
    assert (tmp_path / "b.svg").read_bytes() == (tmp_path / "a.svg").read_bytes()
