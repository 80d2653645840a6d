"""How fast documents come into a graph folder and go out of it, beside a build of all.

`python tests/bench/changes.py [--short] [QUADS]`. The documents are invented, seeded, and shaped like ours: some twenty
names and four relations each, a few names in many documents, most in few. Speeds are of one run: compare its lines.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from kg.model import Document, Evidence, Extracted, Mention, Qualifiers, RelationMention
from kg.resolve.registry import load_registry
from kg.resolve.statements import resolve
from kg.schema import Relation, load_schema
from kg.store.edit import edit_folder
from kg.store.folder import read_counts, write_folder

SIZES = {"--short": 10_000, "": 1_000_000}
PER_DOCUMENT = 300
"""Quads that a document brings, about."""
CHANGED = 100
"""Documents that are added one by one, and taken out again."""
NAMES, FACTS = 20, 7
SYLLABLES = ("ba", "dor", "fel", "gin", "hu", "kra", "lim", "mo", "nex", "pol", "qui", "ra", "sten", "tu", "vol", "zy")


Name = tuple[str, str]
Told = tuple[Name, tuple[Relation, Name] | None]
"""A name with its kind, alone or with what is said of it and another."""


def invented(count: int, rng: random.Random) -> list[Extracted]:
    """So many documents, each about companies and models, some of which the registry knows."""
    schema, known = load_schema(), load_registry().entries.values()
    pool: dict[str, list[str]] = {"Company": [], "Model": [], "Person": []}
    for kind, names in pool.items():
        names.extend([entry.name for entry in known if entry.type == kind][:100])
        rng.shuffle(names)
        while len(names) < count * 5:
            name = "".join(rng.choices(SYLLABLES, k=rng.randint(3, 4))).capitalize()
            names.append(f"{name} {''.join(rng.choices(SYLLABLES, k=2)).capitalize()}" if kind == "Person" else name)
    relations = [r for r in schema.relations.values() if r.domain & pool.keys() and r.range & pool.keys()]
    return [_document(number, pool, relations, rng) for number in range(count)]


def _document(number: int, pool: dict[str, list[str]], relations: list[Relation], rng: random.Random) -> Extracted:
    def some(kinds: frozenset[str]) -> Name:
        kind = rng.choice(sorted(kinds & pool.keys()))
        return pool[kind][int(len(pool[kind]) ** rng.random()) - 1], kind  # the first in about half of the documents

    told: list[Told] = [(some(frozenset([kind])), None) for kind in rng.choices(sorted(pool), k=NAMES - 2 * FACTS)]
    told += [(some(r.domain), (r, some(r.range))) for r in rng.choices(relations, k=FACTS)]
    text, found, stated = f"Document {number}.\n", dict[str, Mention](), list[RelationMention]()
    lines = list[tuple[int, str, Told]]()
    for each in told:
        (name, _), fact = each
        line = f"{name} {fact[0].name} {fact[1][0]}." if fact else f"{name}."
        lines.append((len(text), line, each))
        text += line + "\n"
    whole = Document(f"d{number}", text, (), date=f"20{rng.randint(20, 26)}-{rng.randint(1, 12):02}-01")
    for start, line, ((name, kind), fact) in lines:
        found[name] = Mention(name, start, start + len(name), kind, "bench")
        if fact and fact[1][0] != name:
            relation, (other, other_kind) = fact
            at = start + line.rindex(other)
            found[other] = Mention(other, at, at + len(other), other_kind, "bench")
            date = f"20{rng.randint(20, 26)}" if rng.random() < 0.3 else None
            evidence = Evidence(
                whole.hash, start, start + len(line), line, "bench", "asserted", Qualifiers(date=date), 0.9
            )
            stated.append(RelationMention(relation.name, found[name], found[other], evidence))
    return Extracted(whole, tuple(found.values()), tuple(stated))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def told(what: str, times: list[float], quads: list[int]) -> None:
    ordered, mean = sorted(times), statistics.mean(quads)
    print(
        f"{what}: {mean:.0f} quads in {statistics.median(times) * 1000:.1f} ms in the median, "
        f"{ordered[int(len(ordered) * 0.95)] * 1000:.1f} ms for 95 of 100, {ordered[-1] * 1000:.1f} ms at most"
    )


def megabytes() -> float:
    """The most memory that this process has held; Linux hands on what `getrusage` says from parent to child."""
    status = Path("/proc/self/status")
    if status.exists():
        [held] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(held.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def change(folder: Path, extra: list[Extracted]) -> None:
    """In a process of its own, so that its memory is seen apart from that of the build."""
    adding, added, retracting, retracted = [], [], [], []
    registry, schema = load_registry(), load_schema()
    start = time.perf_counter()
    with edit_folder(folder, registry, schema) as edit:
        print(f"opening for changes {time.perf_counter() - start:.2f} s", end=", ")
        for each in extra:
            start = time.perf_counter()
            added.append(len(edit.add([each]).added))
            adding.append(time.perf_counter() - start)
        start = time.perf_counter()
    print(f"closing, which writes graph.nq anew, {time.perf_counter() - start:.2f} s")
    with edit_folder(folder, registry, schema) as edit:
        for each in extra:
            start = time.perf_counter()
            retracted.append(len(edit.retract(each.document.hash).removed))
            retracting.append(time.perf_counter() - start)
    told("adding a document", adding, added)
    told("retracting it", retracting, retracted)
    print(f"memory of the process that changed it: at most {megabytes():,.0f} MB", flush=True)


def main(quads: int) -> None:
    documents = invented(max(CHANGED // 2, quads // PER_DOCUMENT) + CHANGED, random.Random(7))
    held, extra = documents[:-CHANGED], documents[-CHANGED:]
    registry, schema = load_registry(), load_schema()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "g"
        whole = seconds(lambda: write_folder(folder, resolve(held, registry, schema), schema, extracted=held))
        before = read_counts(folder)
        print(f"{before['quads']:,} quads of {len(held):,} documents; resolved and written in {whole:.1f} s, "
              f"{len(held) / whole:,.0f} documents a second")  # fmt: skip
        lines = (folder / "graph.nq").read_bytes()
        first = seconds(lambda: _index(folder))
        print(f"making the index, once: {first:.1f} s; memory at most {megabytes():,.0f} MB")
        sys.stdout.flush()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            other.submit(change, folder, extra).result()
        print(f"graph.nq as before: {(folder / 'graph.nq').read_bytes() == lines}")


def _index(folder: Path) -> None:
    with edit_folder(folder, load_registry(), load_schema()):
        pass


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    main(numbers[0] if numbers else SIZES["--short" if "--short" in sys.argv[1:] else ""])
