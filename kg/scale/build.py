"""`kg build` on many machines: in exact steps from files to files, each done once, with the same result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.read.options import DEFAULTS, Reading
from kg.resolve.statements import Refused
from kg.scale.engine import Engine, Here
from kg.scale.extracting import extract_shards, reason_of
from kg.scale.files import below, make_folder, remove_leftovers
from kg.scale.inputs import shards_of
from kg.scale.loading import load
from kg.scale.project import project_of
from kg.scale.resolving import resolve_shards, total
from kg.scale.tasks import MANIFEST, Progress, Run, notes_of, numbered
from kg.store.folder import refuse_stranger

if TYPE_CHECKING:
    from kg.batch.workers import Limits

HERE = Here()
PARTS = (1, 4, 16, 64, 256, 1024, 4096)
"""So many parts there can be: a few numbers, so that a little more input does not sort all of it out anew. More of them
cost more to open than they spare memory."""


@dataclass(frozen=True, slots=True)
class Sharded:
    """What a build in shards yields.

    `folder`: that of the run; `shards`: how many. `read`: documents found, copies counted each. `counts`: documents,
    entities, statements and quads of the graph. `failed`: how many could not be read, by reason; `missing`: what could
    not be read at all. `quads`: the shards of sorted N-Quads, compressed; together they are the graph. `computed`,
    `skipped`: tasks that this run did, and that it found done.
    """

    folder: str
    shards: int
    read: int
    counts: Mapping[str, int]
    failed: Mapping[str, int]
    missing: tuple[ReadError, ...]
    quads: tuple[str, ...]
    computed: int
    skipped: int

    def failures(self) -> Iterator[ReadError]:
        """What could not be read, one by one from the run's folder: there may be many."""
        yield from self.missing
        for number in range(self.shards):
            for path, reason, message in notes_of(self.folder, numbered("extracted", number)):
                yield ReadError(path, reason, message)

    def refused(self) -> Iterator[Refused]:
        """The surface forms that are no names, one by one."""
        for number in range(self.shards if self.read else 0):
            for document, surface, reason in notes_of(self.folder, numbered("linked", number)):
                yield Refused(document, surface, reason)


def build_sharded(
    paths: Iterable[str | Path],
    out: Path | None,
    *,
    work_folder: str | Path,
    engine: Engine = HERE,
    judgements: Iterable[Path] = (),
    entities: Path | None = None,
    reading: Reading = DEFAULTS,
    shards: int | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Sharded:
    """Build the graph of all that lies at `paths` in shards, and write it to the folder `out` if given: the same bytes
    as `kg.build.build` writes.

    `paths`: files, folders and globs of this machine, or addresses for fsspec. `work_folder`: where the steps keep
    their files, and find them again: a run that was cut off goes on there, and one of the same input does nothing. All
    machines must reach it, and the input, by the same path or address. `engine`: what works on the steps, see
    `kg.scale.engine.engine_called`. `judgements`, `reading`: as for `build`. `entities`: a folder of known names in
    place of the project's own. `shards`: about how many, else by the size of the input. `limits`: of what one document
    may take, else the usual ones; with `Here`, none. `progress` is told the step, its tasks that are done, and all.

    Where no document can be read, `out` stays as it is. Raises `DataError` for mistakes in `judgements`, `StoreError`
    for a folder that cannot be read or written, `KgError` for input that cannot be read by several, and for a task
    that ends its worker each time.
    """
    if out is not None:
        refuse_stranger(out)
    folder, missing = str(work_folder), list[ReadError]()
    make_folder(below(folder, MANIFEST))
    remove_leftovers(folder)
    project = project_of(judgements, folder, entities=entities)
    cut = shards_of(paths, on_error=missing.append, options=reading, shards=shards)
    parts = next((count for count in PARTS if count >= len(cut)), PARTS[-1])
    run = Run(folder, engine, parts, progress)
    extracted = extract_shards(run, cut, project, options=reading, limits=limits)
    resolved = resolve_shards(run, extracted, project) if total(extracted, "read") else None
    if resolved is not None and out is not None:
        load(out, extracted, resolved, id_base=project.id_base)
    done = [*extracted, *(resolved.done if resolved is not None else ())]
    failed = Counter(each.reason for each in missing)
    for each in extracted:
        failed.update({reason: count for what, count in each.counts.items() if (reason := reason_of(what))})
    return Sharded(
        folder=folder,
        shards=len(cut),
        read=total(extracted, "read"),
        counts=resolved.counts if resolved is not None else {},
        failed=dict(sorted(failed.items())),
        missing=tuple(missing),
        quads=tuple(each.path for each in resolved.quads) if resolved is not None else (),
        computed=sum(each.fresh for each in done),
        skipped=sum(not each.fresh for each in done),
    )
