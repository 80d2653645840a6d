"""What all commands share: printing, the progress line, and the exit code for work that was done in part."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.errors import ReadError
    from kg.model import Document, StatementSet

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
    found = list(failures)
    for failure in found:
        say(f"not read: {failure}")
    if found:
        raise typer.Exit(PARTIAL if any_done else 1)


@contextmanager
def progress(verb: str) -> Iterator[Callable[[Document], None]]:
    """A progress line on stderr that appears once the work has taken over two seconds."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(verb, visible=False)
        started, done = time.monotonic(), 0

        def step(document: Document) -> None:
            nonlocal done
            done += 1
            late = time.monotonic() - started > PATIENCE
            bar.update(task, description=f"{verb} {done}: {document.name}", visible=late)

        yield step


def write(out: Path, write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        raise KgError(f"{out}: cannot be written ({error.strerror or error}); check the folder") from error
