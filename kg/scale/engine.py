"""Where the steps of a run are worked on: in this process, in others on this machine, or on many machines."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from kg.errors import KgError

TRIES = 3
"""How often a task is begun whose worker dies."""
AHEAD = 3
"""Tasks for each worker that are handed out at a time, so that none waits and none fills the memory."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Lost:
    """What comes of a task whose worker died each time."""

    reason: str


class Engine(Protocol):
    """Works on tasks. The function, the tasks and the results must be picklable, and small."""

    @property
    def name(self) -> str:
        """As the command line calls it."""

    @property
    def apart(self) -> bool:
        """Whether tasks have processes of their own, and one that ends costs the run no more than that task."""

    @property
    def careful(self) -> Engine:
        """What works on tasks that start processes of their own."""

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """Each task with its result, in the order in which they are done.

        A task whose worker dies is begun again, up to `TRIES` times. What the function raises is raised here.
        """


@dataclass(frozen=True, slots=True)
class Here:
    """One task after the other, in this process: for small builds, tests, and to look for a mistake."""

    name: str = "here"

    @property
    def apart(self) -> bool:
        return False

    @property
    def careful(self) -> Engine:
        return self

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        for task in tasks:
            yield task, function(task)


@dataclass(frozen=True, slots=True)
class Processes:
    """So many processes on this machine."""

    jobs: int
    name: str = "processes"

    @property
    def apart(self) -> bool:
        return True

    @property
    def careful(self) -> Engine:
        return Here()  # Python lets no process of a pool have others

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        from kg.batch.workers import Limits, in_processes

        # A task is many documents: what one of them may take is limited elsewhere.
        limits = Limits(seconds=1e9, megabytes=1 << 30)
        lost: list[tuple[T, Lost]] = []
        for _ in range(TRIES):
            lost = []
            for done in in_processes(function, tasks, load=_nothing, jobs=self.jobs, limits=limits):
                if done.result is None:
                    lost.append((done.task, Lost(done.message)))
                else:
                    yield done.task, done.result
            if not lost:
                return
            tasks = [task for task, _ in lost]
        yield from lost


def _nothing() -> None:
    """What is needed, each task loads."""


def engine_called(name: str, jobs: int | None = None) -> Engine:
    """The engine of that name: `here`, `processes` or `ray`; `jobs`: how many tasks it works on at a time.

    Raises `KgError` for another name, or where the package that it needs is not there.
    """
    if name == "ray":
        from kg.scale.on_ray import Ray

        return Ray(jobs)
    if name not in ("here", "processes"):
        raise KgError(f"no engine {name!r}: known are here, processes and ray")
    jobs = jobs or (multiprocessing.cpu_count() if name == "processes" else 1)
    return Processes(jobs) if jobs > 1 or name == "processes" else Here()
