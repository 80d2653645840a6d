"""A build that was cut off goes on where it was, and one that is run again reads only what has changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from kg import build as build_module
from kg.batch.outcomes import Progress
from kg.batch.workers import Limits
from kg.build import Built, build, extract
from kg.errors import KgError, StoreError
from kg.model import Document, Extracted
from kg.read.options import Reading
from kg.store.folder import LEDGER, open_folder
from kg.store.index import FILE as INDEX

ROOT = Path(__file__).parent.parent.parent
NAMES = ("Acmelo", "Zorbu", "Quillon", "Brintek", "Oskar Labs", "Vendano", "Plumeria", "Tarvik")


def documents(folder: Path, count: int) -> Path:
    """Short articles about invented companies."""
    folder.mkdir()
    for number in range(count):
        one, other = NAMES[number % 8], NAMES[(number * 3 + 1) % 8]
        text = f"{one} acquired {other} for ${number + 2} million on May {number % 28 + 1}, 2024.\n"
        (folder / f"a{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


class Counted:
    """Extraction that counts, and stops at one document."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[str] = []
        self.stop_at: str | None = None
        monkeypatch.setattr(build_module, "extract", self)

    def __call__(self, documents: Iterable[Document], *rest: object, **options: object) -> Iterator[Extracted]:
        for document in documents:
            if document.name == self.stop_at:
                raise KeyboardInterrupt
            self.seen.append(document.name)
            yield from extract([document], *rest, **options)  # type: ignore[arg-type]

    def take(self) -> list[str]:
        seen, self.seen = self.seen, []
        return seen


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def content(out: Path) -> dict[str, bytes]:
    """What is promised byte for byte."""
    files = [out / "graph.nq", out / "kg.json", *(out / "documents").iterdir()]
    return {file.name: file.read_bytes() for file in files}


def test_a_build_that_was_cut_off_goes_on(tmp_path: Path, counted: Counted) -> None:
    source, out = documents(tmp_path / "in", 6), tmp_path / "out"
    counted.stop_at = "a004"
    with pytest.raises(KeyboardInterrupt):
        build([source], out=out)
    with pytest.raises(StoreError, match="cut off; run it again"):
        open_folder(out)
    assert counted.take() == ["a000", "a001", "a002", "a003"]
    counted.stop_at = None
    assert build([source], out=out).read == 6
    assert counted.take() == ["a004", "a005"]
    build([source], out=tmp_path / "whole")
    assert content(out) == content(tmp_path / "whole")


def test_the_old_graph_stays_until_the_new_one_is_whole(tmp_path: Path, counted: Counted) -> None:
    source, out = documents(tmp_path / "in", 3), tmp_path / "out"
    build([source], out=out)
    before = content(out)
    counted.take()
    (source / "a001.txt").write_text("Vendano hired Zorbu.\n", encoding="utf-8")
    counted.stop_at = "a001"
    with pytest.raises(KeyboardInterrupt):
        build([source], out=out)
    assert content(out) == before


def test_only_what_has_changed_is_read_again(tmp_path: Path, counted: Counted) -> None:
    source, out = documents(tmp_path / "in", 6), tmp_path / "out"
    build([source], out=out)
    counted.take()
    assert build([source], out=out).read == 6
    assert counted.take() == []
    (source / "a002.txt").write_text("Vendano acquired Brintek.\n", encoding="utf-8")
    (source / "a003.txt").unlink()
    build([source], out=out)
    assert counted.take() == ["a002"]
    build([source], out=tmp_path / "whole")
    assert content(out) == content(tmp_path / "whole")


@pytest.mark.parametrize("left", [INDEX, LEDGER])
def test_notes_can_be_deleted(tmp_path: Path, counted: Counted, left: str) -> None:
    source, out = documents(tmp_path / "in", 3), tmp_path / "out"
    build([source], out=out)
    before = content(out)
    (out / left).unlink()
    counted.take()
    build([source], out=out)
    assert len(counted.take()) == (3 if left == LEDGER else 0)
    assert content(out) == before


def test_with_add_a_changed_document_replaces_its_old_evidence(tmp_path: Path, counted: Counted) -> None:
    source, out = documents(tmp_path / "in", 4), tmp_path / "out"
    build([source], out=out)
    counted.take()
    (source / "a001.txt").write_text("Vendano acquired Brintek.\n", encoding="utf-8")
    build([source / "a001.txt"], out=out, add=True)
    assert counted.take() == ["a001"]
    build([source], out=tmp_path / "whole")
    assert content(out) == content(tmp_path / "whole")


def test_with_add_what_was_retracted_comes_again_when_it_is_given_again(tmp_path: Path, counted: Counted) -> None:
    from kg.api import edit_graph

    source, out = documents(tmp_path / "in", 3), tmp_path / "out"
    build([source], out=out)
    before = content(out)
    with edit_graph(out) as edit:
        edit.retract("a001")
    build([source / "a002.txt"], out=out, add=True)
    assert "a001" not in {document.name for document in open_folder(out).statement_set.documents.values()}
    build([source / "a001.txt"], out=out, add=True)
    assert content(out) == before
    assert counted.take() == ["a000", "a001", "a002"]


def test_a_document_on_which_extraction_breaks_is_named_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = documents(tmp_path / "in", 3), tmp_path / "out"

    def annotate(document: Document, *rest: object) -> object:
        if document.name == "a001":
            raise RuntimeError("no parse")
        return right(document, *rest)  # type: ignore[arg-type]

    right = build_module.annotate
    with monkeypatch.context() as patch:
        patch.setattr(build_module, "annotate", annotate)
        built = build([source], out=out)
    assert [(Path(each.path).name, each.reason) for each in built.failures] == [("a001.txt", "internal")]
    assert built.read == 2
    assert build([source], out=out).failures == ()
    build([source], out=tmp_path / "whole")
    assert content(out) == content(tmp_path / "whole")


def test_a_graph_of_nothing_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01")
    built = build([tmp_path / "bad.txt", tmp_path / "missing.txt"], out=tmp_path / "out")
    assert [each.reason for each in built.failures] == ["missing", "binary"]
    assert (built.read, built.graph.counts["documents"]) == (0, 0)
    assert not (tmp_path / "out").exists()


def test_a_table_is_one_document_a_row(tmp_path: Path, counted: Counted) -> None:
    rows = [json.dumps({"id": f"r{n}", "text": f"{NAMES[n]} acquired {NAMES[n + 1]}."}) for n in range(4)]
    table, out = tmp_path / "t.jsonl", tmp_path / "out"
    table.write_text("\n".join(rows), encoding="utf-8")
    assert build([table], out=out).read == 4
    counted.take()
    table.write_text(
        "\n".join([*rows[:2], '{"id": "new", "text": "Tarvik sued Acmelo."}', *rows[2:]]), encoding="utf-8"
    )
    assert build([table], out=out).read == 5
    assert counted.take() == ["new"]


@pytest.mark.slow
def test_processes_build_the_same_graph(tmp_path: Path) -> None:
    source = documents(tmp_path / "in", 12)
    (source / "bad.txt").write_bytes(b"\x00\x01")
    here = build([source], out=tmp_path / "here")
    there = build([source], out=tmp_path / "there", jobs=2, limits=Limits(60, 1000))
    assert content(tmp_path / "there") == content(tmp_path / "here")
    assert [str(each) for each in there.failures] == [str(each) for each in here.failures]


@pytest.mark.slow
def test_a_build_that_was_killed_goes_on(tmp_path: Path) -> None:
    source, out = documents(tmp_path / "in", 60), tmp_path / "out"
    command = [sys.executable, "-m", "kg", "build", str(source), "--out", str(out), "--jobs", "1"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    kills = 0
    for enough in (5, 20, 40):
        running = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, cwd=tmp_path)
        while running.poll() is None and kept(out) < enough:
            time.sleep(0.01)
        kills += running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert kills
    before = kept(out)
    assert before
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "60 documents" in done.stderr
    build([source], out=tmp_path / "whole")
    assert content(out) == content(tmp_path / "whole")


def kept(out: Path) -> int:
    """How many documents the ledger of a running build holds: its file is locked, so a copy is read."""
    try:
        for name in (LEDGER, f"{LEDGER}-journal"):
            if (out / name).exists():
                shutil.copyfile(out / name, out.parent / name)
        db = sqlite3.connect(out.parent / LEDGER)
        return int(db.execute("SELECT count(*) FROM found").fetchone()[0])
    except (OSError, sqlite3.Error):
        return 0


def test_a_failure_survives_pickling() -> None:
    import pickle

    from kg.errors import ReadError

    error = pickle.loads(pickle.dumps(ReadError("a.txt", "binary", "holds NUL bytes")))
    assert isinstance(error, KgError)
    assert (error.path, error.reason, str(error)) == ("a.txt", "binary", "a.txt: holds NUL bytes [binary]")


def test_progress_counts_what_was_known(tmp_path: Path) -> None:
    source, out = documents(tmp_path / "in", 3), tmp_path / "out"
    build([source], out=out)
    (source / "new.txt").write_text("Vendano acquired Brintek.\n", encoding="utf-8")
    (source / "bad.txt").write_bytes(b"\x00\x01")
    steps: list[Progress] = []
    built: Built = build([source], out=out, progress=steps.append)
    assert built.read == 4
    assert (steps[-1].done, steps[-1].known, steps[-1].failed) == (5, 3, 1)


def test_what_the_models_said_can_be_kept_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.nlp import component

    source, out, kept = documents(tmp_path / "in", 3), tmp_path / "out", tmp_path / "said.sqlite"
    build([source], out=out, annotations=kept)
    before = content(out)
    (out / LEDGER).unlink()
    asked: list[object] = []
    monkeypatch.setattr(component, "_answer", lambda *given: asked.append(given))
    build([source], out=out, annotations=kept)
    assert content(out) == before
    assert asked == []


def test_quick_reading_is_another_reading(tmp_path: Path, counted: Counted) -> None:
    source, out = documents(tmp_path / "in", 3), tmp_path / "out"
    build([source], out=out)
    counted.take()
    build([source], out=out, reading=Reading(quick=True))
    assert len(counted.take()) == 3
