"""Processes that work: their results, and what becomes of a task that hangs, eats memory or kills its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.batch.workers import Done, Limits, in_processes, in_this_process
from kg.errors import KgError

ROOT = Path(__file__).parent.parent.parent
LIMITS = Limits(seconds=3, megabytes=200)


def nothing() -> None:
    pass


def broken() -> None:
    raise ValueError("no model")


def work(task: str) -> str:
    match task:
        case "hang":
            time.sleep(600)
        case "eat":
            return str(len(b"x" * (1 << 30)))
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "leave":
            os._exit(7)
        case "raise":
            raise ValueError(task)
    return task.upper()


def test_this_process_does_the_same() -> None:
    assert list(in_this_process(work, ["a", "b"])) == [Done("a", "A"), Done("b", "B")]


def test_every_task_gives_its_result() -> None:
    tasks = [f"t{number}" for number in range(40)]
    done = list(in_processes(work, iter(tasks), load=nothing, jobs=2, limits=LIMITS))
    assert sorted((each.task, each.result) for each in done) == sorted((task, task.upper()) for task in tasks)


def test_a_bad_task_costs_no_other() -> None:
    tasks = ["a", "hang", "b", "kill", "c", "eat", "d", "leave", "e", "f"]
    done = {each.task: each for each in in_processes(work, tasks, load=nothing, jobs=2, limits=LIMITS)}
    assert {task: each.reason for task, each in done.items() if each.result is None} == {
        "hang": "time",
        "kill": "crash",
        "eat": "memory",
        "leave": "crash",
    }
    assert {task: each.result for task, each in done.items() if not each.reason} == {t: t.upper() for t in "abcdef"}
    assert "3 seconds" in done["hang"].message
    assert "200 megabytes" in done["eat"].message


def test_without_tasks_no_process_is_started() -> None:
    assert list(in_processes(work, [], load=broken, jobs=2)) == []


def test_what_work_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="raise"):
        list(in_processes(work, ["raise"], load=nothing, jobs=1, limits=LIMITS))


def test_processes_that_cannot_start_are_an_error() -> None:
    with pytest.raises(KgError, match="while they started"):
        list(in_processes(work, ["a"], load=broken, jobs=1, limits=LIMITS))


def test_tasks_are_taken_a_few_at_a_time() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "a"

    results = in_processes(work, endless(), load=nothing, jobs=1, limits=LIMITS)
    for _ in range(5):
        next(results)
    results.close()  # type: ignore[attr-defined]
    assert taken < 20


ORPHANS = """
import sys
sys.path[:0] = sys.argv[1:]
from test_workers import nothing, work
from kg.batch.workers import in_processes
if __name__ == "__main__":
    print(*(each.task for each in in_processes(work, ["a", "hang", "hang"], load=nothing, jobs=2)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the processes of one that was killed")
def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, script, ROOT, Path(__file__).parent], stdout=subprocess.PIPE)
    try:
        children = _wait(lambda: len(found := _children(parent.pid)) >= 2 and found)
    finally:
        parent.kill()
        parent.wait()
    assert children
    assert _wait(lambda: not any(_runs(child) for child in children))


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
    return [child for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def _runs(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _wait(until):  # type: ignore[no-untyped-def]
    for _ in range(200):
        if found := until():
            return found
        time.sleep(0.05)
    return None
