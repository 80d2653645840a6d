"""From shards of sorted N-Quads to a graph folder: the same bytes as a build in one piece writes."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from kg.scale.documents import documents_in
from kg.scale.resolving import Resolved
from kg.scale.rows import lines_of
from kg.scale.tasks import Done
from kg.schema import ID_BASE
from kg.store.extracted import write_extracted
from kg.store.folder import DOCUMENTS, LINES, STORE, fresh_folder, new_marker, write_marker, write_text

TOGETHER = 200
"""Files that are merged at a time."""


def load(out: Path, extracted: Sequence[Done], resolved: Resolved, *, id_base: str = ID_BASE) -> None:
    """Write the graph folder `out`; it appears complete or not at all. Raises `StoreError` where it cannot be."""
    from pyoxigraph import RdfFormat, Store

    with fresh_folder(out) as fresh:
        quads = 0
        with (fresh / LINES).open("wb") as lines:
            for quads, line in enumerate(merged([each.path for each in resolved.quads], fresh), 1):  # noqa: B007
                lines.write(line)
        store = Store(str(fresh / STORE))
        store.bulk_load(path=str(fresh / LINES), format=RdfFormat.N_QUADS)
        store.optimize()
        store.flush()
        del store  # closes it: RocksDB holds a lock while it is open
        (fresh / DOCUMENTS).mkdir()
        for shard, dropped in zip(extracted, resolved.dropped, strict=True):
            _write_documents(fresh / DOCUMENTS, shard, set(dropped))
        counts = {**resolved.counts, "quads": quads}
        write_marker(fresh, new_marker(counts, id_base=id_base))


def merged(paths: Sequence[str], folder: Path) -> Iterator[bytes]:
    """The lines of sorted files, sorted, each once. With many files, some are first merged in `folder`."""
    some = [paths[start : start + TOGETHER] for start in range(0, len(paths), TOGETHER)]
    groups = [_once(heapq.merge(*map(lines_of, group))) for group in some]
    if len(groups) == 1:
        yield from groups[0]
        return
    halfway = [folder / f".merged-{number}" for number in range(len(groups))]
    for path, group in zip(halfway, groups, strict=True):
        with path.open("wb") as file:
            file.writelines(group)
    yield from _once(heapq.merge(*map(_plain_lines, halfway)))
    for path in halfway:
        path.unlink()


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines, each once."""
    return (line for line, _ in groupby(lines))


def _plain_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _write_documents(folder: Path, shard: Done, dropped: set[int]) -> None:
    for _, each in documents_in(shard.file("extracted").path, lambda place: place not in dropped):
        write_text(folder / f"{each.document.hash}.txt", each.document.text)
        write_extracted(folder, [each])
