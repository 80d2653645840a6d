"""From a shard of input to what its documents yield: the heavy step, and the one in which a document may do harm.

A shard is first read straight through. Where that takes its process down, by a crash or because one document takes
longer than it may, it is done again some times, and then with care: each item in a process that can be killed. Only
the items that fail there are given up, with the reason.
"""

from __future__ import annotations

import faulthandler
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.model import Extracted, content_hash
from kg.read.items import Item
from kg.read.options import DEFAULTS, Reading
from kg.scale.documents import document_line
from kg.scale.inputs import Shard, items_of
from kg.scale.names import copy_line
from kg.scale.project import Project, rules_of
from kg.scale.rows import in_parts, packed, part_of
from kg.scale.tasks import At, Done, Made, Run, Task, do, numbered

if TYPE_CHECKING:
    from kg.batch.ledger import Outcome
    from kg.batch.workers import Limits

FAILED = "failed: "


def extract_shards(
    run: Run, shards: Sequence[Shard], project: Project, *, options: Reading = DEFAULTS, limits: Limits | None = None
) -> list[Done]:
    """Extract all shards. `limits`: of each item, else the usual ones; that of memory counts where items are read with
    care, and in this process nothing stops one."""
    from kg.batch.workers import LIMITS

    limits = limits or LIMITS

    def task(number: int, shard: Shard) -> Task:
        at = At(number, run.parts, project)
        make = partial(straight, at, shard, options, limits.seconds if run.engine.apart else None)
        key = content_hash("extracted", project.extraction, str(run.parts), repr(options), repr(shard))
        return Task(numbered("extracted", number), key, run.folder, make)

    def again(task: Task) -> Task:
        number = int(task.name.rpartition("-")[2])
        make = partial(careful, At(number, run.parts, project), shards[number], options, limits)
        return Task(task.name, task.key, task.folder, make)

    return do(run, "extracting", [task(number, shard) for number, shard in enumerate(shards)], instead=again)


def straight(at: At, shard: Shard, options: Reading, seconds: float | None) -> Made:
    """What the documents of a shard yield. An item that takes longer than `seconds` ends this process."""
    failures, found = list[ReadError](), list[Extracted]()
    load(at.project, options)
    for item in items_of(shard, on_error=failures.append, options=options):
        with _ended_after(seconds):
            outcome = outcome_of(item, at.project, options)
        found += outcome.extracted
        failures += outcome.failures
    return of_shard(at, found, failures)


def careful(at: At, shard: Shard, options: Reading, limits: Limits) -> Made:
    """The same, with each item in a process that can be killed: one that fails there is a failure of that item."""
    from kg.batch.workers import in_processes

    failures, found = list[ReadError](), list[Extracted]()
    items = items_of(shard, on_error=failures.append, options=options)
    work = partial(outcome_of, project=at.project, options=options)
    for done in in_processes(work, items, load=partial(load, at.project, options), jobs=1, limits=limits):
        if done.result is None:
            failures.append(ReadError(done.task.source, done.reason, done.message))
        else:
            found += done.result.extracted
            failures += done.result.failures
    return of_shard(at, found, failures)


def of_shard(at: At, found: Sequence[Extracted], failures: Sequence[ReadError] = ()) -> Made:
    """The files of an extracted shard: its documents, and what tells which copy of a text counts."""
    copies = [
        (part_of(each.document.hash, at.parts), copy_line(each, at.number, place)) for place, each in enumerate(found)
    ]
    files = {
        f"{numbered('extracted', at.number)}.jsonl.zst": packed(map(document_line, found)),
        f"{numbered('copies', at.number)}.parts": in_parts(copies, at.parts),
    }
    words = sum(len(each.document.text.split()) for each in found)
    failed = Counter(FAILED + each.reason for each in failures)
    return Made(
        files,
        {"read": len(found), "words": words, **failed},
        [(each.path, each.reason, each.message) for each in failures],
    )


def reason_of(count: str) -> str:
    """The reason that a count of `of_shard` is about; empty for another count."""
    return count.removeprefix(FAILED) if count.startswith(FAILED) else ""


def outcome_of(item: Item, project: Project, options: Reading) -> Outcome:
    """What an item yields, worked out in this process."""
    from kg.build import read_with

    return read_with(item, rules_of(project).registry, options)


def load(project: Project, options: Reading) -> None:
    """What a process needs before its first document."""
    from kg.build import pipeline_for

    pipeline_for(rules_of(project).registry, quick=options.quick)


@contextmanager
def _ended_after(seconds: float | None) -> Iterator[None]:
    """End this process if what is done takes so long. The clock is not Python's, which may hang with the work."""
    if seconds is None:
        yield
        return
    with open(os.devnull, "w", encoding="ascii") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
