"""How fast documents are read into facts: `python tests/bench/throughput.py [--short] [--documents N] [--quick]`.

Extraction, from text to relation mentions, is timed in turns with plain `nlp.pipe` of the same model over the same
documents, one process each, by CPU time. Where ../shared (or KG_SHARED) holds the press releases, the documents are a
seeded sample of them; else they are invented. Compare the lines of one run, not runs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

TURNS = 3
SIZES = (1_000, 2_000, 4_000)
SHORT_SIZES = (10, 20, 40)
STAGES = {
    "gates": ("kg.nlp.naming", "_parted"),
    "names": ("kg.nlp.naming", "_named"),
    "tokens": ("kg.nlp.pipeline", "_pieces"),
    "parse": ("kg.nlp.pipeline", "_parse"),
    "references": ("kg.nlp.pipeline", "resolve_references"),
    "component": ("kg.nlp.retyping", "judge"),
    "patterns": ("kg.nlp.retyping", "_matched"),
    "relations": ("kg.build", "relate"),
}
"""What is timed by itself: the module in which a function is called, and its name there."""
FILLERS = (
    "The weather in the region stayed mild for most of the week, and visitors enjoyed the gardens.",
    "More details will be given at the annual conference, where talks begin in the morning.",
    "Forward-looking statements involve risks and uncertainties that may cause results to differ materially.",
    "Customers say that they want tools that are simple, safe and easy to learn for every team.",
)
FACTS = (
    "{a} said on Monday that it will acquire {b}, a chip start-up, for ${n} million.",
    "{a} raised ${n} million in a Series B round led by {b}.",
    "{a} and {b} announced a partnership to bring new models to customers.",
)


def invented(count: int, rng: random.Random) -> list[str]:
    """So many texts, of which about one sentence in four states something."""
    names = [
        f"{first}{last}" for first in ("Acme", "Globex", "Initech", "Umbra", "Zeta") for last in ("", " AI", " Labs")
    ]
    texts = []
    for _ in range(count):
        said = [rng.choice(FILLERS) for _ in range(12)]
        for _ in range(4):
            a, b = rng.sample(names, 2)
            said.insert(rng.randrange(len(said)), rng.choice(FACTS).format(a=a, b=b, n=rng.randint(2, 900)))
        texts.append("\n\n".join(" ".join(said[i : i + 3]) for i in range(0, len(said), 3)))
    return texts


def texts_of(count: int) -> list[str]:
    """A seeded sample of the press releases; invented texts where there are none."""
    shared = Path(os.environ.get("KG_SHARED") or Path(__file__).parents[2].parent / "shared")
    table = shared / "bulk" / "press.jsonl"
    rng = random.Random(1)
    if not table.is_file():
        return invented(count, rng)
    lines = [line for line in table.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [str(json.loads(line)["text"]) for line in rng.sample(lines, min(count, len(lines)))]


def seconds(work: Callable[[], object]) -> float:
    """The CPU time that something takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


@contextmanager
def timed(spent: dict[str, float]) -> Iterator[None]:
    """A block in which the CPU time of each stage is added up."""

    def watched(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return function(*given, **named)
            finally:
                spent[stage] += time.process_time() - start

        return run

    with ExitStack() as stack:
        for stage, (module, name) in STAGES.items():
            original = getattr(__import__(module, fromlist=[name]), name)
            stack.enter_context(patch(f"{module}.{name}", watched(stage, original)))
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--only-turns", action="store_true", help="do not show how time and memory grow")
    parser.add_argument("--quick", action="store_true", help="read only what the gate lets through")
    given = parser.parse_args()
    sizes, count, turns = (SHORT_SIZES, 10, 1) if given.short else (SIZES, given.documents, TURNS)
    start = time.process_time()
    from kg.build import extract, pipeline_for
    from kg.read.readers import document_from_text
    from kg.resolve.registry import load_registry

    def facts(texts: Sequence[str]) -> int:
        documents = (document_from_text(str(i), text) for i, text in enumerate(texts))
        return sum(len(each.relations) for each in extract(documents, pipeline))

    pipeline = pipeline_for(load_registry(), quick=given.quick)
    facts(invented(1, random.Random(1)))
    print(f"start: {time.process_time() - start:.2f} s of CPU to the first document")
    texts = texts_of(max(*sizes, count))
    sample = texts[:count]
    words = sum(len(text.split()) for text in sample)

    # before the other pipeline is loaded, as peak memory never falls
    for size in () if given.only_turns else sizes:
        some = texts[:size]
        cost = seconds(partial(facts, some)) / sum(map(len, some))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size} documents: {cost * 1e6:.2f} microseconds a character, peak memory so far {peak:.0f} MB")

    import spacy

    from kg.nlp.loading import MODEL

    plain = spacy.load(MODEL)
    ours, theirs = list[float](), list[float]()
    for _ in range(turns):
        ours.append(seconds(lambda: facts(sample)))
        theirs.append(seconds(lambda: sum(len(doc) for doc in plain.pipe(sample))))
    for name, spent in (("extraction", ours), ("nlp.pipe", theirs)):
        print(
            f"{name}: {words / median(spent):,.0f} words a second, {len(sample) / median(spent):.1f} documents a second"
        )
    ratios = sorted(other / one for one, other in zip(ours, theirs, strict=True))
    print(f"ratio: {median(ratios):.2f} ({', '.join(f'{ratio:.2f}' for ratio in ratios)})")

    stages = defaultdict[str, float](float)
    with timed(stages):
        stages["read"] = seconds(lambda: [document_from_text(str(i), text) for i, text in enumerate(sample)])
        whole = seconds(lambda: facts(sample))
    for stage, took in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"  {stage}: {took / whole:.0%}, {took / words * 1e6:.1f} microseconds a word")
    print(f"  other: {1 - sum(stages.values()) / whole:.0%}")


if __name__ == "__main__":
    main()
