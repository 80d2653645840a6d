"""How fast names are resolved, and how much memory the registry takes: `python tests/bench/names.py [--short]`.

Speeds are of one run on one machine: compare the lines of one run, not runs. The names are invented and seeded.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.model import Document, Extracted, Mention
from kg.resolve.folding import fold
from kg.resolve.known import Known, find, find_slip, known_names
from kg.resolve.registry import Entry, Registry, load_registry
from kg.resolve.spellings import load_spellings, near
from kg.resolve.statements import resolve
from kg.schema import load_schema

SIZES = {"--short": (2_000, 200, 20), "": (100_000, 5_000, 1_000)}
"""Known names, new names, documents."""
CONSONANTS = ["b", "br", "ch", "d", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "qu", "r", "s", "t", "v", "z"]
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in "aeiou"]
LAST = ("", "", "", " AI", " Labs", " Systems", " Robotics", " Health", " Capital")
MENTIONS = 40
"""Mentions of a document, as in the corpus of the project (45 on average)."""


def invented(count: int, rng: random.Random) -> list[str]:
    """So many different names of companies."""
    found: dict[str, None] = {}
    while len(found) < count:
        words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize() for _ in range(rng.randint(1, 2))]
        found[" ".join(words) + rng.choice(LAST)] = None
    return list(found)


def registry_of(names: Sequence[str]) -> Registry:
    entries = {f"e{i}": Entry(f"e{i}", name, "Company") for i, name in enumerate(names)}
    forms: dict[str, tuple[str, ...]] = {}
    for entry in entries.values():
        forms[fold(entry.name)] = (*forms.get(fold(entry.name), ()), entry.id)
    return Registry(entries, forms)


def rate(count: int, work: Callable[[], object]) -> float:
    """How many a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def look_up(names: Sequence[str], known: Known) -> None:
    for name in names:
        if find(name, "Company", known) is None:
            find_slip(name, "Company", known)


def documents(names: Sequence[str], count: int, rng: random.Random) -> list[Extracted]:
    out = []
    for number in range(count):
        chosen = rng.choices(names, k=MENTIONS)
        text = ". ".join((*chosen, str(number)))
        starts = [sum(len(name) + 2 for name in chosen[:i]) for i in range(MENTIONS)]
        mentions = (Mention(n, at, at + len(n), "Company", "bench") for n, at in zip(chosen, starts, strict=True))
        out.append(Extracted(Document(str(number), text, ()), tuple(mentions), ()))
    return out


MEMORY = """
import tracemalloc
from kg.resolve.known import known_names
from kg.resolve.registry import load_registry
tracemalloc.start()
known = known_names(load_registry())
print(len(known.registry.entries), tracemalloc.get_traced_memory()[0] / 2**20)
"""


def main(known_count: int, new_count: int, document_count: int) -> None:
    rng = random.Random(7)
    names = invented(known_count + new_count, rng)
    known, new = names[:known_count], names[known_count:]
    slips = [name[:3] + name[4:] for name in rng.sample(known, new_count)]
    registry = registry_of(known)
    print(f"{known_count:,} known names")
    start = time.perf_counter()
    index = known_names(registry)
    print(f"  index made in {time.perf_counter() - start:.1f} s")
    look_up(known[:new_count], index)
    times = max(1, 200_000 // new_count)
    cached = rate(times * new_count, lambda: look_up(known[:new_count] * times, index))
    print(f"  {cached:12,.0f} mentions a second of names that were looked up before")
    for what, given in (("known names", known[-new_count:]), ("new names", new), ("slips of known names", slips)):
        print(f"  {rate(len(given), lambda given=given: look_up(given, index)):12,.0f} {what} a second, each once")  # type: ignore[misc]
    keys = [fold(name) for name in known]
    spellings = load_spellings(keys)
    tried = [fold(name) for name in new[: max(20, new_count // 100)]]
    by_index = rate(len(tried), lambda: [near(key, spellings) for key in tried])
    by_scan = rate(len(tried), lambda: [process.extract(k, keys, scorer=OSA.distance, score_cutoff=1) for k in tried])
    print(
        f"  {by_index:12,.0f} look-ups of near spellings a second by index, {by_scan:,.0f} by a rapidfuzz scan of all"
    )
    told = documents(load_names(), document_count, rng)
    done = rate(document_count * MENTIONS, lambda: resolve(told, load_registry(), load_schema()))
    print(f"  {done:12,.0f} mentions a second through all of resolution, statements and bindings included")
    entries, megabytes = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True
    ).stdout.split()
    print(f"registry of {entries} entries with its index: {float(megabytes):.0f} MB")


def load_names() -> list[str]:
    return [entry.name for entry in load_registry().entries.values() if entry.type == "Company"]


if __name__ == "__main__":
    main(*SIZES["--short" if "--short" in sys.argv[1:] else ""])
