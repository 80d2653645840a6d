"""What a build in shards takes, step by step, and what that comes to for a crawl of 100 million articles.

`python tests/bench/cluster.py [--short] [--write] [TABLE [DOCUMENTS]]`. TABLE: a file of articles, such as a .jsonl, of
which so many are taken, evenly; without it, texts are invented. `--write` puts the figures into the page on planning
(kg/scale/README.md). Seconds are those of one processor at work, whatever else the machine does.
"""

from __future__ import annotations

import json
import math
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kg.read.items import items
from kg.read.options import DEFAULTS
from kg.scale.build import build_sharded
from kg.scale.extracting import load as load_pipeline
from kg.scale.project import project_of
from kg.scale.tasks import MANIFEST

PAGE = Path(__file__).parent.parent.parent / "kg" / "scale" / "README.md"
SHARDS = 8
EXTRACTING, LOADING = "extracting", "loading"
ALONE = ("joining names", "settling reprints", "joining judged names")
"""The steps that one process does for all."""

ARTICLES, WORDS = 100_000_000, 600
CORES = 512
CORE_HOUR, TERABYTE_MONTH, MILLION_READS = 0.04, 23.0, 0.40
"""US dollars: a virtual core for an hour, and in a store of objects a terabyte for a month and a million reads."""
INPUT_SHARDS, PARTS, GATHERED = 10_000, 4096, 9
"""Of the large run: its shards, its parts, and how many kinds of files are read in parts."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`seconds`: of one processor, by step. `sizes`: bytes by kind of file. `counts`: documents, words, quads, names
    in all, names in a shard, names that may be joined, megabytes of memory."""

    seconds: dict[str, float]
    sizes: dict[str, int]
    counts: dict[str, int]


def measured(table: Path, folder: Path) -> Measured:
    """A run over the table, in this process."""
    seconds = defaultdict[str, float](float)
    last = time.process_time()

    def progress(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.process_time()
        seconds[what] += now - last if done else 0.0
        last = now

    work, graph = folder / "work", folder / "graph"
    (work / MANIFEST).mkdir(parents=True)
    load_pipeline(project_of([], str(work)), DEFAULTS)
    made = build_sharded([table], None, work_folder=work, shards=SHARDS, progress=progress)
    last = time.process_time()
    build_sharded([table], graph, work_folder=work, shards=SHARDS)
    seconds[LOADING] = time.process_time() - last
    sizes = defaultdict[str, int](int)
    for path in work.iterdir():
        sizes[path.name.rpartition("-")[0]] += path.stat().st_size if path.is_file() else 0
    sizes |= {"graph.nq": (graph / "graph.nq").stat().st_size, "store": below(graph / "store")}
    entries = [json.loads(path.read_text(encoding="ascii")) for path in sorted((work / MANIFEST).iterdir())]
    told = [entry["counts"] for entry in entries]

    def total(what: str) -> int:
        return sum(counts.get(what, 0) for counts in told)

    in_shards = [counts["names"] for counts in told if "names" in counts]
    counts = {
        "documents": made.counts["documents"],
        "words": total("words"),
        "quads": json.loads((graph / "kg.json").read_text(encoding="utf-8"))["counts"]["quads"],
        "names": total("distinct"),
        "names of a shard": sum(in_shards) // len(in_shards),
        "joinable": total("joinable"),
        "shards": made.shards,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return Measured(dict(seconds), dict(sizes), counts)


def below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def report(found: Measured) -> list[str]:
    """What was measured, as lines of a page."""
    documents, counts = found.counts["documents"], found.counts
    rate = counts["words"] / found.seconds[EXTRACTING]
    lines = [
        f"Measured on {documents:,} articles, {counts['words']:,} words, in {counts['shards']} shards: extraction",
        f"reads {rate:,.0f} words a second and core; the process held {counts['megabytes']:,} MB at the most.",
        "",
        "| step | milliseconds of a core an article |",
        "|---|---:|",
        *(f"| {step} | {1000 * spent / documents:.2f} |" for step, spent in found.seconds.items()),
        "",
        "| kept | bytes an article |",
        "|---|---:|",
        *(f"| {kind} | {size / documents:,.0f} |" for kind, size in sorted(found.sizes.items()) if size),
    ]
    return [*lines, "", f"Quads an article: {counts['quads'] / documents:,.0f}."]


def plan(found: Measured) -> list[str]:
    """What 100 million articles take, as lines of a page."""
    counts, documents = found.counts, found.counts["documents"]
    longer = WORDS * documents / counts["words"]
    growth = math.log(counts["names"] / counts["names of a shard"]) / math.log(counts["shards"])
    names = counts["names"] * (ARTICLES / documents) ** growth
    joinable = names * counts["joinable"] / counts["names"]

    def hours(step: str) -> float:
        """For what grows with the text."""
        return found.seconds[step] / documents * longer * ARTICLES / 3600

    spread = sum(hours(step) for step in found.seconds if step not in (EXTRACTING, LOADING, *ALONE))
    alone = sum(found.seconds.get(step, 0.0) for step in ALONE) * (joinable / max(1, counts["joinable"])) / 3600
    kept = {kind: size / documents * longer * ARTICLES / 1e12 for kind, size in found.sizes.items()}
    quads = counts["quads"] / documents * longer * ARTICLES
    shards = kept["documents"] + kept["shared"]
    between = sum(kept.values()) - kept["graph.nq"] - kept["store"]
    reads = INPUT_SHARDS * PARTS * GATHERED / 1e6
    core_hours = hours(EXTRACTING) + spread
    rows = [
        ("extraction", f"{hours(EXTRACTING):,.0f} core-hours", f"{hours(EXTRACTING) / CORES:,.1f} h on {CORES} cores"),
        ("the other steps in shards and parts", f"{spread:,.0f} core-hours", f"{spread / CORES:,.1f} h"),
        ("joining names, settling reprints (one process)", f"{alone:,.1f} core-hours", f"{alone:,.1f} h"),
        ("names in all, and of them those that may be joined, at the least", f"{names:,.0f}", f"{joinable:,.0f}"),
        ("memory of the process that joins names", f"{joinable * 1000 / 1e9:,.0f} GB", "1 kB a name"),
        ("files of the run", f"{between:,.1f} TB", f"{kept['extracted']:,.1f} TB of it the extracted documents"),
        ("the graph, as compressed N-Quads", f"{shards:,.1f} TB", f"{quads / 1e9:,.1f} billion quads"),
        ("the same in an Oxigraph store", f"{kept['store']:,.1f} TB", f"{hours(LOADING):,.0f} h to merge and load"),
        ("cost of the cores", f"${core_hours * CORE_HOUR:,.0f}", f"${CORE_HOUR} a core-hour"),
        ("cost of the files, for a month", f"${between * TERABYTE_MONTH:,.0f}", f"${TERABYTE_MONTH:g} a TB"),
        ("cost of reading them", f"${reads * MILLION_READS:,.0f}", f"{reads:,.0f} million reads of parts"),
    ]
    head = [f"For {ARTICLES:,} articles of {WORDS} words:", "", "| what | how much | that is |", "|---|---:|---|"]
    return [*head, *(f"| {what} | {much} | {that} |" for what, much, that in rows)]


def sampled(table: Path, count: int, folder: Path) -> Path:
    """So many items of the table, evenly, as a table."""
    total = sum(1 for _ in items([table], on_error=lambda error: None))
    step = max(1, total // count)
    path = folder / "articles.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for item in islice(items([table], on_error=lambda error: None), 0, step * count, step):
            assert isinstance(item.data, bytes)
            lines.write(json.dumps({"id": item.name, "text": item.data.decode("utf-8")}) + "\n")
    return path


def invented(count: int, folder: Path) -> Path:
    """So many texts of a few sentences about companies, some of which are known."""
    rng = random.Random(7)
    pool = ["OpenAI", "Nvidia", "Anthropic", "Microsoft", *(f"Acmelo {n}" for n in range(count * 2))]
    frames = (
        "{a} invested ${n} million in {b}.",
        "{a} acquired {b}.",
        "{a} and {b} announced a partnership, {c} said.",
    )
    path = folder / "articles.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(count):
            a, b, c = rng.sample(pool, 3)
            text = " ".join(frame.format(a=a, b=b, c=c, n=rng.randint(1, 500)) for frame in frames * 3)
            lines.write(json.dumps({"id": f"invented-{number}", "text": f"News {number}. {text}"}) + "\n")
    return path


def main(arguments: list[str]) -> None:
    given = [each for each in arguments if not each.startswith("--")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = int(given[1]) if len(given) > 1 else 600
        table = (
            sampled(Path(given[0]), count, folder) if given else invented(8 if "--short" in arguments else 200, folder)
        )
        found = measured(table, folder)
    parts = {"measured": report(found), "plan": plan(found)}
    print("\n".join([*parts["measured"], "", *parts["plan"]]))
    if "--write" in arguments:
        text = PAGE.read_text(encoding="utf-8")
        for what, lines in parts.items():
            block = "\n".join([f"<!-- {what} -->", *lines, f"<!-- end of {what} -->"])
            before, _, rest = text.partition(f"<!-- {what} -->")
            text = before + block + rest.partition(f"<!-- end of {what} -->")[2]
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
