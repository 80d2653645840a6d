"""The tasks of a run: each makes a few files of the run's folder, and none is done twice.

`manifest/NAME.json` says of a finished task what it was made from (`key`), which files it made, and what it counted. It
is written last, so a task that was cut off left nothing that counts; a later run passes over what it finds finished.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from kg.errors import KgError
from kg.scale.engine import Engine, Lost
from kg.scale.files import below, read_bytes, size_of, write_whole
from kg.scale.project import Project
from kg.scale.rows import part_lines, row_of

MANIFEST = "manifest"
LOOKING = 16
"""Files that are looked at together, to see what is finished: a store of objects takes its time for each."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a task makes: files by name, what it counted, and what is worth telling of single documents."""

    files: Mapping[str, bytes]
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """`make` does the work, on any machine. `key`: a hash of all that its files follow from."""

    name: str
    key: str
    folder: str
    make: Callable[[], Made]


@dataclass(frozen=True, slots=True)
class Output:
    """A file of a finished task: its hash tells whether what follows from it must be made anew."""

    path: str
    hash: str
    size: int


@dataclass(frozen=True, slots=True)
class Done:
    """A finished task. `fresh`: whether this run did it."""

    name: str
    key: str
    files: Mapping[str, Output]
    counts: Mapping[str, int]
    fresh: bool = False

    def file(self, kind: str) -> Output:
        """The file whose name begins so."""
        return next(output for name, output in self.files.items() if name.startswith(kind + "-"))


Progress = Callable[[str, int, int], object]
"""Is told what is being done, how many tasks of it are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run keeps its files, what does its work, and into how many parts it sorts what documents share."""

    folder: str
    engine: Engine
    parts: int
    progress: Progress = lambda what, done, total: None


@dataclass(frozen=True, slots=True)
class At:
    """Which shard or part a step works on, of how many parts, and by what it goes."""

    number: int
    parts: int
    project: Project


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one kind, one of each finished task: few words for many, since every task is sent some."""

    folder: str
    kind: str
    end: str
    count: int

    @classmethod
    def of(cls, done: Sequence[Done], kind: str) -> Files:
        folder, _, end = done[0].file(kind).path.rpartition(numbered(kind, 0))
        return cls(folder, kind, end, len(done))

    def __iter__(self) -> Iterator[str]:
        return map(self.path, range(self.count))

    def path(self, number: int) -> str:
        return f"{self.folder}{numbered(self.kind, number)}{self.end}"


def part_rows(files: Files, number: int) -> Iterator[Any]:
    """The rows of that part of all files."""
    return (row_of(line) for path in files for line in part_lines(path, number))


def numbered(kind: str, number: int) -> str:
    return f"{kind}-{number:05}"


def do(run: Run, what: str, tasks: Sequence[Task], *, instead: Callable[[Task], Task] | None = None) -> list[Done]:
    """Do all tasks that are not done yet; all of them in their order. `what` they are, for the progress.

    `instead`: another way to do a task whose worker dies each time, with care and in processes of its own. Raises
    `KgError` for a task that cannot be done.
    """
    found: dict[str, Done] = {}
    with ThreadPoolExecutor(LOOKING) as looking:
        for task, finished in zip(tasks, looking.map(_finished, tasks), strict=True):
            if finished is not None:
                found[task.name] = finished
    run.progress(what, len(found), len(tasks))

    def work_off(engine: Engine, some: Sequence[Task]) -> Iterator[tuple[Task, Lost]]:
        for task, result in engine.map(work, some):
            if isinstance(result, Lost):
                yield task, result
                continue
            found[task.name] = result
            run.progress(what, len(found), len(tasks))

    lost = list(work_off(run.engine, [task for task in tasks if task.name not in found]))
    if instead is not None and lost:
        lost = list(work_off(run.engine.careful, [instead(task) for task, _ in lost]))
    for task, reason in lost:
        raise KgError(f"{task.name}: its worker died each time ({reason.reason}); give it more memory, and run again")
    return [found[task.name] for task in tasks]


def work(task: Task) -> Done:
    """Do a task: its files first, then the entry that says so."""
    made = task.make()
    outputs = {}
    for name, content in made.files.items():
        path = below(task.folder, name)
        write_whole(path, content)
        outputs[name] = Output(path, hashlib.sha256(content).hexdigest()[:16], len(content))
    done = Done(task.name, task.key, outputs, made.counts, fresh=True)
    files = {name: [output.hash, output.size] for name, output in outputs.items()}
    entry = {"key": task.key, "files": files, "counts": dict(made.counts), "notes": [list(note) for note in made.notes]}
    write_whole(_entry(task.folder, task.name), json.dumps(entry).encode("ascii") + b"\n")
    return done


def notes_of(folder: str, name: str) -> list[list[str]]:
    """What a finished task had to tell of single documents."""
    notes: list[list[str]] = json.loads(read_bytes(_entry(folder, name)))["notes"]
    return notes


def _finished(task: Task) -> Done | None:
    path = _entry(task.folder, task.name)
    if size_of(path) is None:
        return None
    try:
        entry = json.loads(read_bytes(path))
        outputs = {name: Output(below(task.folder, name), *made) for name, made in entry["files"].items()}
        done = Done(task.name, entry["key"], outputs, entry["counts"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # somebody changed it: make it anew
    same = done.key == task.key and all(size_of(each.path) == each.size for each in outputs.values())
    return done if same else None


def _entry(folder: str, name: str) -> str:
    return below(below(folder, MANIFEST), f"{name}.json")
