"""`graph.nq`: the sorted lines of a graph, brought up to date or written anew, without all of them being held."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

RUN = 250_000
"""Lines that are sorted in memory at a time."""
FILES = 64
"""Sorted files that are merged at a time."""


def update_lines(path: Path, changes: Mapping[str, bool]) -> None:
    """Bring a sorted file up to date. `changes`: lines without their ends, and whether they come (True) or go. One that
    is there already, or not there any more, changes nothing."""
    coming = sorted(line + "\n" for line, comes in changes.items() if comes)
    with path.open(encoding="utf-8", newline="\n") as old:
        staying = (line for line in old if changes.get(line[:-1], True))
        fresh = _write(path.with_name(f".{path.name}.new"), _once(heapq.merge(staying, coming)))
    fresh.replace(path)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines (without their ends) as a file, sorted, each once."""
    rest, names = iter(lines), (path.with_name(f".{path.name}.{number}") for number in count())
    runs: list[Path] = []
    while (run := sorted(line + "\n" for line in islice(rest, RUN))) or not runs:
        runs.append(_write(next(names), _once(run)))
    while len(runs) > 1:
        some, runs = runs[:FILES], runs[FILES:]
        runs.append(_merged(some, next(names)))
    runs[0].replace(path)


def _merged(paths: Sequence[Path], into: Path) -> Path:
    with ExitStack() as stack:
        opened = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in paths]
        _write(into, _once(heapq.merge(*opened)))
    for path in paths:
        path.unlink()
    return into


def _write(path: Path, lines: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
    return path


def _once(lines: Iterable[str]) -> Iterator[str]:
    before = None
    for line in lines:
        if line != before:
            yield line
        before = line
