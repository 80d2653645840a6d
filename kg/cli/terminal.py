"""What all commands share: printing, the progress line, and the exit code for work that was done in part."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import typer

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.batch.outcomes import Progress
    from kg.errors import ReadError
    from kg.model import StatementSet

PARTIAL = 3
PATIENCE = 2.0


def print_facts(statements: StatementSet, limit: int | None = None) -> None:
    from kg.export.text import fact_lines
    from kg.schema import load_schema

    sys.stdout.writelines(line + "\n" for line in fact_lines(statements, load_schema(), limit=limit))


def print_table(header: tuple[str, ...], rows: Iterable[tuple[str | None, ...]]) -> None:
    from kg.export.text import table_lines

    print(*table_lines(header, rows), sep="\n")


def say(message: str) -> None:
    print(message, file=sys.stderr)


def finish(failures: Iterable[ReadError], *, any_done: bool) -> None:
    """Name each failed document; exit 3 if others were done, 1 if none was."""
    found = False
    for failure in failures:
        say(f"not read: {failure}")
        found = True
    if found:
        raise typer.Exit(PARTIAL if any_done else 1)


@contextmanager
def progress(verb: str) -> Iterator[Callable[[str], None]]:
    """A progress line on stderr, with the name of what is worked on, that appears once the work has taken over two
    seconds."""
    with _line() as show:
        done = 0

        def step(name: str) -> None:
            nonlocal done
            done += 1
            show(f"{verb} {done}: {name}")

        yield step


@contextmanager
def build_progress(count: Callable[[], int]) -> Iterator[Callable[[Progress], None]]:
    """A progress line with rate, remaining time and failures. `count`: how much there is; it may take a while."""
    totals: list[int] = []
    Thread(target=lambda: totals.append(count()), daemon=True).start()
    started = time.monotonic()
    with _line() as show:

        def step(at: Progress) -> None:
            worked = at.done - at.known
            rate = worked / max(time.monotonic() - started, 0.001)
            told = [f"reading {at.done}" + (f" of {totals[0]}" if totals else ""), f"{rate:.1f} a second"]
            if totals and worked and totals[0] >= at.done:
                told.append(f"{timedelta(seconds=round((totals[0] - at.done) / rate))} left")
            if at.failed:
                told.append(f"{at.failed} not read")
            show(", ".join(told) + f": {at.name}")

        yield step


@contextmanager
def _line() -> Iterator[Callable[[str], None]]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", visible=False)
        started = time.monotonic()

        def show(text: str) -> None:
            late = time.monotonic() - started > PATIENCE
            bar.update(task, description=escape(text), visible=late)

        yield show


def write(out: Path, write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        raise KgError(f"{out}: cannot be written ({error.strerror or error}); check the folder") from error
