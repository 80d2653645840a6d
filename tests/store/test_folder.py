from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import StoreError
from kg.model import StatementSet
from kg.schema import Schema
from kg.store.folder import open_folder, write_folder


def test_a_folder_reads_back_as_written(tmp_path: Path, sample: StatementSet, schema: Schema) -> None:
    write_folder(tmp_path / "g", sample, schema)
    graph = open_folder(tmp_path / "g")
    assert graph.statement_set == sample
    marker = json.loads((tmp_path / "g" / "kg.json").read_text())
    assert (marker["version"], marker["counts"]["statements"], marker["counts"]["entities"]) == (2, 5, 4)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["g"]


def test_the_same_statements_make_the_same_bytes(tmp_path: Path, sample: StatementSet, schema: Schema) -> None:
    for name in ("one", "two"):
        write_folder(tmp_path / name, sample, schema)
    names = ["graph.nq", "kg.json", *(f"documents/{h}.txt" for h in sample.documents)]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    lines = (tmp_path / "one" / "graph.nq").read_bytes().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(Store.read_only(str(tmp_path / "one" / "store")))


def test_an_older_graph_is_replaced(tmp_path: Path, sample: StatementSet, schema: Schema) -> None:
    write_folder(tmp_path / "g", sample, schema)
    write_folder(tmp_path / "g", replace(sample, statements=sample.statements[:1]), schema)
    assert [s.id for s in open_folder(tmp_path / "g").statements()] == ["s1"]
    assert [p.name for p in tmp_path.iterdir()] == ["g"]


def test_documents_keep_their_bytes(tmp_path: Path, sample: StatementSet, schema: Schema) -> None:
    document = replace(next(iter(sample.documents.values())), text="one\r\ntwo\rthree\n\u2028")
    write_folder(tmp_path / "g", StatementSet({document.hash: document}), schema)
    assert open_folder(tmp_path / "g").statement_set.documents[document.hash].text == document.text


def test_a_folder_of_something_else_is_not_replaced(tmp_path: Path, sample: StatementSet, schema: Schema) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.txt").write_text("cat")
    (tmp_path / "file").write_text("text")
    for name in ("photos", "file"):
        with pytest.raises(StoreError, match="is no graph folder, so it is not replaced"):
            write_folder(tmp_path / name, sample, schema)
    assert (tmp_path / "photos" / "cat.txt").read_text() == "cat"
    (tmp_path / "empty").mkdir()
    write_folder(tmp_path / "empty", sample, schema)
    assert open_folder(tmp_path / "empty").statement_set == sample


def test_a_build_that_fails_leaves_the_old_graph(tmp_path: Path, sample: StatementSet, schema: Schema) -> None:
    write_folder(tmp_path / "g", sample, schema)
    with pytest.raises(StoreError, match="entity"):
        write_folder(tmp_path / "g", replace(sample, entities={}), schema)
    assert open_folder(tmp_path / "g").statement_set == sample
    assert [p.name for p in tmp_path.iterdir()] == ["g"]


def test_a_writer_that_dies_midway_leaves_the_old_graph(
    tmp_path: Path, sample: StatementSet, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "g", sample, schema)

    def full(self: Path, target: Path) -> Path:
        if ".new-" in self.name:
            raise OSError(28, "No space left on device")
        return real(self, target)

    real = Path.rename
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(StoreError, match="No space left"):
        write_folder(tmp_path / "g", StatementSet(), schema)
    assert open_folder(tmp_path / "g").statement_set == sample
    assert [p.name for p in tmp_path.iterdir()] == ["g"]


def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path, sample: StatementSet, schema: Schema) -> None:
    with pytest.raises(StoreError, match="no such folder"):
        open_folder(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="no graph folder"):
        open_folder(tmp_path / "empty")
    write_folder(tmp_path / "g", sample, schema)
    marker = json.loads((tmp_path / "g" / "kg.json").read_text())
    (tmp_path / "g" / "kg.json").write_text(json.dumps({**marker, "version": 1}))
    with pytest.raises(StoreError, match=r"format version 1, this program reads version 2; build the graph again"):
        open_folder(tmp_path / "g")
    (tmp_path / "g" / "kg.json").write_text(json.dumps({**marker, "version": 3}))
    with pytest.raises(StoreError, match=r"format version 3, this program reads version 2; update"):
        open_folder(tmp_path / "g")
    (tmp_path / "g" / "kg.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        open_folder(tmp_path / "g")
    (tmp_path / "g" / "kg.json").write_text(json.dumps(marker))
    (tmp_path / "g" / "store" / "CURRENT").unlink()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_folder(tmp_path / "g")


def test_two_processes_read_one_folder(tmp_path: Path, sample: StatementSet, schema: Schema) -> None:
    write_folder(tmp_path / "g", sample, schema)
    graph = open_folder(tmp_path / "g")
    code = "import sys; from pathlib import Path; from kg.store.folder import open_folder\n"
    code += "print(len(open_folder(Path(sys.argv[1])).statements()))"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, str(tmp_path / "g")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(graph.statements()) == 5
