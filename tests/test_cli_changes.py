"""`kg build --add`, `retract`, `diff`, `conflicts` and `query --as-of`, as a user meets them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.commands import Kg

TEXTS = {
    "first": (
        "2023-05-01",
        "Oak Ventures invested $5 million in Zorbudyne Labs. Jane Okonjo is the CEO of Zorbudyne Labs.",
    ),
    "second": ("2024-02-01", "Zorbudyne Labs acquired Wendobox. Zorbudyne, Inc. partners with Globexa."),
    "third": ("2024-03-01", "Wendobox said that it was not acquired by Zorbudyne Labs. Oak Ventures acquired Globexa."),
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three documents, and the graphs of the first two, and of all."""
    from kg.api import build_graph

    folder = tmp_path_factory.mktemp("documents")
    for name, (day, text) in TEXTS.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: {day}\n---\n{text}\n", encoding="utf-8")
    build_graph([folder / "first.md", folder / "second.md"], out=folder / "two")
    build_graph([folder / f"{name}.md" for name in TEXTS], out=folder / "three")
    return folder


@pytest.fixture
def kg(documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kg:
    for name in ("two", "three"):
        shutil.copytree(documents / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return Kg(tmp_path, monkeypatch, capsys)


def lines(kg: Kg, name: str) -> bytes:
    return (kg.folder / name / "graph.nq").read_bytes()


def test_adding_a_document_gives_the_graph_of_all(kg: Kg, documents: Path) -> None:
    code, _, err = kg("build", documents / "third.md", "--add", "--out", "two")
    assert code == 0, err
    assert "3 documents" in err
    assert lines(kg, "two") == lines(kg, "three")


def test_adding_what_is_there_changes_nothing(kg: Kg, documents: Path) -> None:
    before = lines(kg, "two")
    assert kg("build", documents / "first.md", "--add", "--out", "two")[0] == 0
    assert lines(kg, "two") == before


def test_adding_to_no_graph_builds_one(kg: Kg, documents: Path) -> None:
    assert kg("build", documents / "first.md", "--add", "--out", "new")[0] == 0
    assert kg("build", documents / "second.md", "--add", "--out", "new")[0] == 0
    assert lines(kg, "new") == lines(kg, "two")


def test_retracting_a_document_leaves_the_graph_built_without_it(kg: Kg) -> None:
    code, _, err = kg("retract", "third", "--graph", "three")
    assert code == 0, err
    assert "2 documents left" in err
    assert lines(kg, "three") == lines(kg, "two")
    texts = {path.stem for path in (kg.folder / "three" / "documents").glob("*.txt")}
    assert texts == {path.stem for path in (kg.folder / "two" / "documents").glob("*.txt")}


def test_retracting_an_unknown_document_changes_nothing_and_names_the_nearest(kg: Kg) -> None:
    before = lines(kg, "three")
    code, _, err = kg("retract", "first", "thirt", "--graph", "three")
    assert (code, lines(kg, "three")) == (1, before)
    assert "the graph has no document 'thirt'; did you mean 'third'" in err


def test_diff_shows_what_came_and_went(kg: Kg) -> None:
    code, out, _ = kg("diff", "two", "three")
    assert code == 0
    assert "+ Oak Ventures acquires Globexa [asserted" in out
    assert all(line[0] in "+~=" for line in out.splitlines())
    back = kg("diff", "three", "two")[1]
    assert "- Oak Ventures acquires Globexa [asserted" in back
    rows = json.loads(kg("diff", "two", "three", "--json")[1])
    assert {"came"} <= {row["kind"] for row in rows}
    assert kg("diff", "two", "two")[1] == ""


def test_conflicts_are_shown_with_a_sentence_for_each_side(kg: Kg) -> None:
    code, out, err = kg("conflicts", "--graph", "three")
    assert code == 0
    assert "asserted and denied:" in out
    assert "asserted: “Zorbudyne Labs acquired Wendobox.” (second, 2024-02-01)" in out
    assert "denied: “Wendobox said that it was not acquired by Zorbudyne Labs.” (third, 2024-03-01)" in out
    assert "1 contradictions" in err
    assert [row["kind"] for row in json.loads(kg("conflicts", "--graph", "three", "--json")[1])] == [
        "asserted and denied"
    ]
    assert kg("conflicts", "--graph", "two")[1] == ""


def test_a_question_as_of_a_day(kg: Kg) -> None:
    asked = "SELECT ?a ?b WHERE { ?a kg:acquires ?b } ORDER BY ?a"
    given = ("--graph", "three", "--format", "csv")
    assert "Wendobox" not in kg("query", asked, *given, "--as-of", "2023-12-31")[1]
    assert kg("query", asked, *given, "--as-of", "2023-12-31")[1].splitlines() == ["a,b"]
    assert len(kg("query", asked, *given, "--as-of", "2024-02")[1].splitlines()) == 2
    assert len(kg("query", asked, *given, "--as-of", "2024-03-01")[1].splitlines()) == 3
    code, _, err = kg("query", asked, *given, "--as-of", "soon")
    assert code == 1
    assert "'soon' is no date: give a year, a month or a day" in err


def test_a_sound_graph_is_checked_and_a_changed_text_is_named(kg: Kg) -> None:
    pytest.importorskip("pyshacl", reason="the extra `check` is not installed")
    code, out, err = kg("check", "--graph", "two")
    assert (code, out, err) == (0, "", "nothing is wrong\n")
    [path] = [p for p in (kg.folder / "two" / "documents").glob("*.txt") if b"acquired" in p.read_bytes()]
    path.write_bytes(path.read_bytes().replace(b"acquired", b"required"))
    code, out, err = kg("check", "--graph", "two")
    assert code == 1
    assert "error: second: " in out
    assert "its hash differs" in out
    assert "1 errors, 0 warnings" in err
    [row] = json.loads(kg("check", "--graph", "two", "--json")[1])
    assert (row["severity"], row["shape"], row["document"]) == ("error", "text-hash", "second")


def test_a_text_that_is_lost_is_a_warning(kg: Kg) -> None:
    pytest.importorskip("pyshacl", reason="the extra `check` is not installed")
    min((kg.folder / "two" / "documents").glob("*.txt")).unlink()
    code, out, err = kg("check", "--graph", "two")
    assert code == 0
    assert out.startswith("warning: ")
    assert "0 errors, 1 warnings" in err
