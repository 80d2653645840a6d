"""`kg build`: documents in, a graph folder out; on this machine or on many."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands import DEFAULT_GRAPH, DEFAULT_JUDGEMENTS, JudgementFile
from kg.cli.reading import AllowPrivate, AnyLanguage, Columns, Form, Paths, Quick, reading_of
from kg.cli.terminal import build_progress, finish, print_facts, progress, say
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.batch.workers import Limits
    from kg.read.options import Reading
    from kg.resolve.statements import Refused


class EngineName(StrEnum):
    """Where a build in shards is worked on."""

    processes = "processes"
    ray = "ray"


def build_command(
    paths: Paths,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the graph; replaced if it holds one.")
    ] = DEFAULT_GRAPH,
    add: Annotated[bool, typer.Option("--add", help="Keep the documents that the graph holds.")] = False,
    judgements: JudgementFile = DEFAULT_JUDGEMENTS,
    jobs: Annotated[
        int | None,
        typer.Option(envvar="KG_JOBS", help="Processes that read; one a core if not given, 0: none.", min=0),
    ] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds that one document may take.", min=0.1)] = 120.0,
    memory_limit: Annotated[int, typer.Option(help="Megabytes that one document may take.", min=50)] = 1500,
    columns: Columns = None,
    form: Form = None,
    any_language: AnyLanguage = False,
    allow_private: AllowPrivate = False,
    quick: Quick = False,
    engine: Annotated[
        EngineName | None, typer.Option(help="Build in shards, in processes here or on a Ray cluster.")
    ] = None,
    work: Annotated[
        str | None, typer.Option(help="Folder for the shards, which all machines reach; else beside --out.")
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(envvar="KG_CACHE", help="File that keeps what the models say, for new patterns or names."),
    ] = None,
    show: Annotated[int, typer.Option(help="Print this many facts with their sentences.", min=0)] = 0,
) -> None:
    """Turn documents into a graph: statements with evidence, in a folder that the other commands read.

    A build that was cut off goes on where it was when it is run again.
    """
    from kg.batch.workers import Limits

    reading = reading_of(columns, form=form, any_language=any_language, allow_private=allow_private, quick=quick)
    limits = Limits(seconds=time_limit, megabytes=memory_limit)
    if engine is not None:
        if add or show:
            raise KgError("a build in shards is a whole one: leave --add and --show out, or --engine")
        _build_sharded(paths, out, engine.value, work, judgements, jobs=jobs, limits=limits, reading=reading)
        return
    from kg.build import build

    with build_progress(lambda: _count(paths, reading)) as step:
        built = build(
            paths,
            out=out,
            add=add,
            judgements=(judgements,),
            reading=reading,
            jobs=os.cpu_count() or 1 if jobs is None else jobs,
            limits=limits,
            annotations=cache,
            progress=step,
        )
    _sum_up(built.graph.counts, out, Counter(failure.reason for failure in built.failures), built.refused)
    if show:
        print_facts(built.statements, show)
    finish(built.failures, any_done=built.read > 0)


def _build_sharded(
    paths: Iterable[str],
    out: Path,
    engine: str,
    work: str | None,
    judgements: Path,
    *,
    jobs: int | None,
    limits: Limits,
    reading: Reading,
) -> None:
    from kg.scale.build import build_sharded
    from kg.scale.engine import engine_called

    with progress("building") as step:
        built = build_sharded(
            paths,
            out,
            work_folder=work or out.with_name(f"{out.name}.shards"),
            engine=engine_called(engine, jobs or None),
            judgements=(judgements,),
            reading=reading,
            limits=limits,
            progress=lambda what, done, total: step(f"{what}, {done} of {total}"),
        )
    say(f"{built.computed} tasks done, {built.skipped} were done before; shards: {built.folder}")
    _sum_up(built.counts, out, built.failed, built.refused())
    finish(built.failures(), any_done=built.read > 0)


def _count(paths: Iterable[str], reading: Reading) -> int:
    """How many pieces of input there are, an address counting as one."""
    from kg.read.items import items

    paths = list(paths)
    here = [path for path in paths if path != "-" and "://" not in path]
    return sum(1 for _ in items(here, on_error=lambda error: None, options=reading)) + len(paths) - len(here)


def _sum_up(counts: Mapping[str, int], out: Path, failed: Mapping[str, int], refused: Iterable[Refused]) -> None:
    if failed:
        reasons = sorted(failed.items(), key=lambda each: (-each[1], each[0]))
        say(f"{sum(failed.values())} failed: {', '.join(f'{number} {reason}' for reason, number in reasons)}")
    if counts.get("documents"):
        told = "{documents} documents, {entities} entities, {statements} statements; graph: {out}"
        say(told.format(**counts, out=out))
    for each in refused:
        say(f"no name: {each.document}: {each.surface[:40]!r}: {each.reason}")
