"""Workers that are killed, and documents that kill them: the graph is the same, only such documents are given up."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.batch.workers import Limits
from kg.build import build
from kg.scale.build import Sharded, build_sharded
from kg.scale.engine import Engine, Processes
from tests.scale.sharded import content, files

HARMFUL = """
import os, signal, time
import kg.build

reading = kg.build.read_with

def read_with(item, registry, reading_options):
    if item.name == "kills":
        os.kill(os.getpid(), signal.SIGKILL)
    while item.name == "hangs":
        time.sleep(1)
    return reading(item, registry, reading_options)

kg.build.read_with = read_with
"""
"""What each worker loads at its start: two documents that do it harm."""
SHORT = Limits(seconds=4)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return files(tmp_path / "files", 6)


@pytest.fixture
def whole(given: Path, tmp_path: Path) -> dict[str, bytes]:
    build([given], out=tmp_path / "whole")
    return content(tmp_path / "whole")


@pytest.fixture
def harmful(given: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two more documents, after the graph without them was built."""
    for name in ("kills", "hangs"):
        (given / f"{name}.md").write_text(f"Acmelo acquired Zorbu. It {name}.\\n", encoding="utf-8")
    (tmp_path / "start").mkdir()
    (tmp_path / "start" / "sitecustomize.py").write_text(HARMFUL, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'start'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")


def given_up(made: Sharded) -> dict[str, str]:
    return {Path(failure.path).stem: failure.reason for failure in made.failures()}


@pytest.mark.slow
@pytest.mark.usefixtures("harmful")
def test_a_document_that_ends_its_worker_is_given_up_alone(
    given: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    made = build_sharded(
        [given],
        tmp_path / "graph",
        work_folder=tmp_path / "work",
        engine=Processes(2),
        shards=3,
        limits=Limits(seconds=4),
    )
    assert given_up(made) == {"broken": "binary", "kills": "crash", "hangs": "time"}
    assert content(tmp_path / "graph") == whole


@pytest.mark.slow
@pytest.mark.usefixtures("harmful")
def test_so_it_is_on_ray(given: Path, whole: dict[str, bytes], tmp_path: Path, ray_engine: Engine) -> None:
    (given / "hangs.md").unlink()
    made = build_sharded(
        [given],
        tmp_path / "graph",
        work_folder=tmp_path / "work",
        engine=ray_engine,
        shards=3,
        limits=Limits(seconds=4),
    )
    assert given_up(made) == {"broken": "binary", "kills": "crash"}
    assert content(tmp_path / "graph") == whole


@pytest.mark.slow
def test_a_ray_makes_the_same_graph_also_when_a_worker_is_killed_and_does_nothing_twice(
    given: Path, whole: dict[str, bytes], tmp_path: Path, ray_engine: Engine
) -> None:
    work = tmp_path / "work"

    def made(graph: str) -> Sharded:
        return build_sharded([given], tmp_path / graph, work_folder=work, engine=ray_engine, shards=4)

    with killing((work / "manifest" / "extracted-00000.json").exists) as killed:
        first = made("graph")
    assert killed
    assert content(tmp_path / "graph") == whole
    again = made("again")
    assert (again.computed, again.skipped) == (0, first.computed)
    assert content(tmp_path / "again") == whole


@contextmanager
def killing(ready: Callable[[], bool]) -> Iterator[list[int]]:
    """Kill a worker that is at work, once that is `ready`; which one it was."""
    killed: list[int] = []

    def kill() -> None:
        while not ready():
            time.sleep(0.01)
        while not killed:
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    title = (process / "cmdline").read_bytes()
                except OSError:
                    continue
                if title.startswith(b"ray::work") and not killed:
                    os.kill(int(process.name), signal.SIGKILL)
                    killed.append(int(process.name))

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    yield killed
    thread.join(timeout=60)
