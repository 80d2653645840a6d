"""What the pieces of input give, worked out where that is not known yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kg.batch.ledger import Ledger, Outcome
from kg.batch.workers import Done
from kg.errors import ReadError
from kg.model import content_hash
from kg.read.items import Item, item_key
from kg.read.options import Reading


@dataclass(frozen=True, slots=True)
class Task:
    """An item to read. `key`: the hash of all that its outcome follows from, but for the extraction's version."""

    item: Item
    key: str


Run = Callable[[Iterable[Task]], Iterator[Done[Task, Outcome]]]
"""How tasks are done, in this process or in others; results come in any order."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading is: `name`, what was done last; `done`, how many items are, `known` of them from an earlier run;
    `failed`, how many documents could not be read."""

    name: str
    done: int
    known: int
    failed: int


Report = Callable[[Progress], None]


def fill(ledger: Ledger, tasks: Iterable[Task], run: Run, *, progress: Report) -> None:
    """Bring into the ledger what the tasks give, and it does not know yet."""
    begun: set[str] = set()
    done = known = failed = 0

    def unknown() -> Iterator[Task]:
        nonlocal done, known
        for task in tasks:
            if not ledger.saw(task.item.source, task.key) and task.key not in begun:
                begun.add(task.key)
                yield task
                continue
            done, known = done + 1, known + 1
            progress(Progress(task.item.name, done, known, failed))

    for each in run(unknown()):
        outcome = outcome_of(each)
        ledger.keep(each.task.key, outcome)
        done, failed = done + 1, failed + len(outcome.failures)
        progress(Progress(each.task.item.name, done, known, failed))


def tasks(items: Iterable[Item], *, reading: Reading, on_error: Callable[[ReadError], None]) -> Iterator[Task]:
    """The items as tasks; one whose bytes cannot be read goes to `on_error`."""
    kept = f"{reading.max_chars} {reading.max_bytes} {reading.any_language} {reading.quick}"
    for item in items:
        try:
            key = content_hash(item_key(item), kept)
        except ReadError as error:
            on_error(error)
            continue
        yield Task(item, key)


def outcome_of(done: Done[Task, Outcome]) -> Outcome:
    """What a task gave; a failure where it was stopped."""
    if done.result is not None:
        return done.result
    return Outcome(failures=(ReadError(done.task.item.source, done.reason, done.message),))
