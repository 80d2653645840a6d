"""Processes that work on one task at a time and can be killed: a task that hangs, or takes its process down, costs no
other one.

The work is a function of a module, since the processes are started afresh: a program that starts them must have its own
work under `if __name__ == "__main__":`.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from kg.errors import KgError

if TYPE_CHECKING:
    from pebble import ProcessPool

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 3
"""Tasks that wait for each worker."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take. `seconds` of the clock; `megabytes` of memory beyond what the loaded worker holds."""

    seconds: float = 120.0
    megabytes: int = 1500


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Done(Generic[Task, Result]):
    """A task with its result, or the reason why there is none: `time`, `memory` or `crash`, and what to say of it."""

    task: Task
    result: Result | None
    reason: str = ""
    message: str = ""


def in_processes(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    load: Callable[[], object],
    jobs: int,
    limits: Limits = LIMITS,
) -> Iterator[Done[Task, Result]]:
    """The results of `work`, in the order in which they come. `load` is run first in each of the `jobs` processes.

    Tasks are taken a few at a time, so there may be endlessly many; where there are fewer than `jobs`, so are
    processes. What `work` raises is raised here. Raises `KgError` where the processes cannot be started.
    """
    from pebble import ProcessPool

    rest = iter(tasks)
    first = list(islice(rest, jobs))
    if not first:
        return
    start = (load, os.getpid(), limits)
    pool = ProcessPool(max_workers=len(first), initializer=_start, initargs=start, context=get_context("spawn"))
    try:
        yield from _results(pool, work, chain(first, rest), jobs * AHEAD, limits)
    except BrokenExecutor as error:
        pool.stop()
        raise KgError("the processes that read ended while they started; see the reason above") from error
    except BaseException:
        pool.stop()
        raise
    else:
        pool.close()
    finally:
        pool.join()


def in_this_process(work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Done[Task, Result]]:
    """The same without other processes and limits, one task after the other."""
    for task in tasks:
        yield Done(task, work(task))


def _results(
    pool: ProcessPool, work: Callable[[Task], Result], tasks: Iterator[Task], most: int, limits: Limits
) -> Iterator[Done[Task, Result]]:
    waiting: dict[Future[Result], Task] = {}
    while True:
        for task in islice(tasks, most - len(waiting)):
            waiting[pool.schedule(_run, args=(work, task), timeout=limits.seconds)] = task
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            yield _done(future, waiting.pop(future), limits)


def _done(future: Future[Result], task: Task, limits: Limits) -> Done[Task, Result]:
    from pebble import ProcessExpired

    try:
        return Done(task, future.result())
    except TimeoutError:
        return Done(task, None, "time", f"took longer than {limits.seconds:g} seconds; split it or raise the limit")
    except MemoryError:
        more = f"took more than {limits.megabytes:,} megabytes of memory; split it or raise the limit"
        return Done(task, None, "memory", more)
    except ProcessExpired as error:
        return Done(task, None, "crash", f"ended the process that read it (exit code {error.exitcode}); leave it out")


def _start(load: Callable[[], object], parent: int, limits: Limits) -> None:
    """Make this process ready for its first task."""
    _end_with(parent)
    load()
    gc.freeze()  # what was loaded is never garbage: do not look at it each time
    _limit_memory(limits.megabytes)


def _run(work: Callable[[Task], Result], task: Task) -> Result:
    return work(task)


def _end_with(parent: int) -> None:
    """Let the system end this process when the one that started it ends, even by a kill (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)


def _limit_memory(megabytes: int) -> None:
    """Let allocation fail beyond so much more data than there is now (Linux; elsewhere only time is limited)."""
    try:
        import resource

        status = Path("/proc/self/status").read_text(encoding="ascii")
    except (ImportError, OSError):
        return
    held = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData:"))
    most = held * 1024 + megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
