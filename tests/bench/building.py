"""How building a graph grows with processes and with documents, and what memory it takes.

`python tests/bench/building.py [--short] [DOCUMENTS]`. The documents are press releases of the shared folder where it
is there, in an order that is seeded, else short invented ones. Speeds are of one run: compare its lines.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from kg.batch.outcomes import Progress
from kg.build import build
from kg.store.folder import read_counts

SIZES = {"--short": 24, "": 2000}
ROOT = Path(__file__).parent.parent.parent
BULK = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared") / "bulk" / "press.jsonl"
NAMES = ("Acmelo", "Zorbu", "Quillon", "Brintek", "Oskar Labs", "Vendano", "Plumeria", "Tarvik", "Jondas", "Melvik")


@dataclass(slots=True)
class Watch:
    """What is seen of a build while it runs. Seconds since it began, megabytes."""

    started: float = field(default_factory=time.perf_counter)
    times: list[float] = field(default_factory=list)
    workers: list[float] = field(default_factory=list)
    parent: float = 0.0

    def step(self, at: Progress) -> None:
        self.times.append(time.perf_counter() - self.started)
        self.workers.append(max((held(pid) for pid in children()), default=0.0))
        self.parent = max(self.parent, held(os.getpid()))

    @property
    def rate(self) -> float:
        """Documents a second between the first fifth and the last: without starting and ending."""
        first, last = len(self.times) // 5, len(self.times) - 1
        return (last - first) / (self.times[last] - self.times[first])


def held(pid: int) -> float:
    """The memory that a process holds; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def children() -> list[int]:
    try:
        tasks = list(Path("/proc/self/task").iterdir())
        return [int(pid) for task in tasks for pid in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def articles(count: int) -> list[str]:
    rng = random.Random(11)
    if BULK.exists():
        rows = BULK.read_text(encoding="utf-8").splitlines()
        return [str(json.loads(row)["text"]) for row in rng.sample(rows, count)]
    return [
        " ".join(
            f"{rng.choice(NAMES)} acquired {rng.choice(NAMES)} for ${rng.randint(2, 900)} million." for _ in "12345"
        )
        for _ in range(count)
    ]


def measured(texts: list[str], place: Path, *, jobs: int) -> Watch:
    table, out = place / "in.jsonl", place / f"out{len(texts)}-{jobs}"
    rows = (json.dumps({"id": f"d{number}", "text": text}) for number, text in enumerate(texts))
    table.write_text("\n".join(rows), encoding="utf-8")
    watch = Watch()
    built = build([table], out=out, jobs=jobs, progress=watch.step)
    whole = time.perf_counter() - watch.started
    words = sum(len(text.split()) for text in texts)
    print(
        f"{len(texts):,} documents, {words:,} words, {jobs} processes: {watch.rate:.2f} documents a second; "
        f"first result after {watch.times[0]:.1f} s, all read after {watch.times[-1]:.1f} s, "
        f"graph of {read_counts(out)['quads']:,} quads after {whole:.1f} s; {len(built.failures)} failed"
    )
    quarters = [max(watch.workers[len(texts) * n // 4 : len(texts) * (n + 1) // 4 or None]) for n in range(4)]
    print(
        f"  memory of a worker by quarters of the run: {', '.join(f'{each:,.0f}' for each in quarters)} MB at most; "
        f"of the process that started them: {max(watch.parent, held(os.getpid())):,.0f} MB",
        flush=True,
    )
    return watch


def main(count: int) -> None:
    texts = articles(count)
    with tempfile.TemporaryDirectory() as place:
        one = measured(texts[: count // 4], Path(place), jobs=1)
        two = measured(texts[: count // 4], Path(place), jobs=2)
        print(f"two processes: {two.rate / one.rate:.2f} times the documents of one")
        sizes = [count // 4, count // 2, count]
        spent = [two.times[-1]] + [measured(texts[:size], Path(place), jobs=2).times[-1] for size in sizes[1:]]
        words = [sum(len(text.split()) for text in texts[:size]) for size in sizes]
        per = [1000 * seconds / number for seconds, number in zip(spent, words, strict=True)]
        print(f"milliseconds a word at {sizes} documents: {', '.join(f'{each:.3f}' for each in per)}")


if __name__ == "__main__":
    short = "--short" in sys.argv
    sizes = [int(arg) for arg in sys.argv[1:] if arg.isdigit()]
    main(sizes[0] if sizes else SIZES["--short" if short else ""])
