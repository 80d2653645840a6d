"""From extracted shards to shards of sorted N-Quads: the steps over all of them, one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from kg.model import content_hash
from kg.scale import names, reprints, statements
from kg.scale.project import Project, rules_of
from kg.scale.rows import rows_of
from kg.scale.tasks import At, Done, Files, Made, Output, Run, Task, do, numbered

Kind = tuple[Sequence[Done], str]
"""Finished tasks, and the kind of their files that is meant."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The finished tasks: those that linked the names of each shard, made the quads of its documents, and those that
    documents share; and all of them. `dropped`: for each shard, the places of copies that do not count."""

    dropped: Sequence[tuple[int, ...]]
    linked: Sequence[Done]
    placed: Sequence[Done]
    shared: Sequence[Done]
    done: Sequence[Done]

    @property
    def counts(self) -> dict[str, int]:
        """How many documents, entities, statements and quads the graph has. A quad of what is known beforehand may be
        in several shards and is counted in each."""
        whole = {what: total(self.shared, what) for what in ("entities", "statements")}
        quads = total(self.placed, "quads") + total(self.shared, "quads")
        return {"documents": total(self.placed, "documents"), **whole, "quads": quads}

    @property
    def quads(self) -> list[Output]:
        """The shards of N-Quads, each sorted."""
        return [*(each.file("documents") for each in self.placed), *(each.file("shared") for each in self.shared)]


def total(done: Iterable[Done], what: str) -> int:
    return sum(each.counts.get(what, 0) for each in done)


def resolve_shards(run: Run, extracted: Sequence[Done], project: Project) -> Resolved:
    """Resolve names and statements of all shards, to what `kg.resolve.statements.resolve` makes of them in one piece.

    What is decided over all documents goes one way: each shard sorts out into parts what it takes, a task for each part
    decides, and the tasks that follow are given what came of it.
    """
    steps, texts = _Steps(run, project), (extracted, "extracted")
    doubles = steps.each_part("looking for copies", "doubles", names.doubles, (extracted, "copies"))
    dropped = _dropped(doubles, len(extracted))
    linked = steps.each_shard("linking names", "linked", names.names, texts, more=dropped)
    joinable = steps.each_part("comparing names", "joinable", names.joinable, (linked, "keys"))
    things = steps.each_part("gathering names", "things", names.things, (linked, "names"), (joinable, "joinable"))
    moves = steps.once("joining names", "moves", names.moves, (things, "things"))
    near = steps.each_part("comparing texts", "near", reprints.near, (linked, "bands"))
    paired = steps.each_part("pairing texts", "paired", reprints.paired, (linked, "signed"), (near, "near"))
    alike = steps.each_part("looking for reprints", "alike", reprints.alike, (linked, "signed"), (paired, "paired"))
    reprinted = steps.once("settling reprints", "reprinted", reprints.reprinted, (alike, "alike"))
    apart, judged = list[Done](), list[Done]()
    joined: list[Kind] = [texts, (linked, "linked"), (moves, "moves")]
    if rules_of(project).judgements.everywhere:
        apart = steps.each_shard("looking for judged names", "apart", names.apart, *joined)
        judged = steps.once("joining judged names", "judged", names.judged, (apart, "apart"))
    placing = [*joined, (reprinted, "reprinted"), *([(judged, "judged")] if judged else [])]
    placed = steps.each_shard("placing documents", "placed", statements.placed, *placing)
    shared = steps.each_part("making statements", "shared", statements.shared, (placed, "stated"), (placed, "named"))
    all_of_them = (
        doubles,
        linked,
        joinable,
        things,
        moves,
        near,
        paired,
        alike,
        reprinted,
        apart,
        judged,
        placed,
        shared,
    )
    return Resolved(dropped, linked, placed, shared, [each for some in all_of_them for each in some])


def _dropped(doubles: Sequence[Done], shards: int) -> list[tuple[int, ...]]:
    """For each shard, the places of the documents that do not count."""
    found = defaultdict[int, list[int]](list)
    for each in doubles:
        for shard, place in rows_of(each.file("doubles").path):
            found[shard].append(place)
    return [tuple(sorted(found[number])) for number in range(shards)]


@dataclass(frozen=True, slots=True)
class _Steps:
    """Makes the tasks of each step, and has them done. A step is a function of where it is (`At`) and of files."""

    run: Run
    project: Project

    def each_shard(
        self, what: str, name: str, step: Callable[..., Made], *inputs: Kind, more: Sequence[object] | None = None
    ) -> list[Done]:
        """A task for each shard, from the files of that shard and those that are there once for all.

        `more`: what else the step is given, for each shard.
        """
        tasks = []
        for number in range(len(inputs[0][0])):
            given = _hash(done[number if len(done) > 1 else 0].file(kind) for done, kind in inputs)
            tasks.append(self._task(name, number, step, inputs, given, *([] if more is None else [more[number]])))
        return do(self.run, what, tasks)

    def each_part(self, what: str, name: str, step: Callable[..., Made], *inputs: Kind) -> list[Done]:
        """A task for each part, from that part of all files."""
        given = _hash(each.file(kind) for done, kind in inputs for each in done)
        return do(self.run, what, [self._task(name, n, step, inputs, given) for n in range(self.run.parts)])

    def once(self, what: str, name: str, step: Callable[..., Made], *inputs: Kind) -> list[Done]:
        """One task, from all files."""
        given = _hash(each.file(kind) for done, kind in inputs for each in done)
        return do(self.run, what, [self._task(name, 0, step, inputs, given)])

    def _task(
        self, name: str, number: int, step: Callable[..., Made], inputs: Sequence[Kind], given: str, *more: object
    ) -> Task:
        at, files = At(number, self.run.parts, self.project), [Files.of(done, kind) for done, kind in inputs]
        key = content_hash(name, str(self.run.parts), self.project.resolution, given, *map(repr, more))
        return Task(numbered(name, number), key, self.run.folder, partial(step, at, *files, *more))


def _hash(files: Iterable[Output]) -> str:
    return content_hash(*(each.hash for each in files))
