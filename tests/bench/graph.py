"""How fast the graph is: loading and named queries, over Oxigraph and over rdflib's memory store beside it.

`python tests/bench/graph.py [--short] [QUADS]`. The graph is invented and seeded (see `invented_graph.py`). Each query
is asked of what most is said about (`hub`) and of what a statement picked at random is about (`ordinary`). Seconds are
those of `Graph.ask` with a time limit, which starts a process that can be killed; `open` is without one, in the process
that has the store open. Speeds are of one run: compare its lines with each other. Every stage runs in a process of its
own, so that none pays for the memory of another, and the peak is its own.
"""

from __future__ import annotations

import json
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from invented_graph import SHAPE, WORDS, invented

from kg.errors import KgError
from kg.model import Entity
from kg.query.named import bindings_of, load_named_queries, named_query
from kg.schema import load_schema
from kg.store.folder import BATCH, open_folder, write_folder
from kg.store.names import Ids, prefixes

if TYPE_CHECKING:
    from rdflib.term import Identifier

SIZES = {"--short": 5_000, "": 1_000_000}
LIMITS = {"--short": 2, "": 10}
"""Seconds after which a query is given up."""
TYPES = {"model": "Model", "person": "Person", "place": "Place"}
"""The type of what a parameter of that name asks about; that of all others is Company."""
GIVEN = {
    "hub": {"date": "2024-01-01", "number": "1", "text": WORDS[0]},
    "ordinary": {"date": "2026-10-01", "number": "1", "text": f"{WORDS[0]} {WORDS[1]}"},
}

Line = dict[str, str | float]


def questions(whom: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each named query about each of `hub` and `ordinary`, with the parameters that must be given."""
    for query in load_named_queries().values():
        for who in ("hub", "ordinary"):
            known = {**GIVEN[who], "relation": max(SHAPE["relations"], key=SHAPE["relations"].get)}
            given = {}
            for parameter in (each for each in query.parameters if each.default is None):
                if parameter.kind == "entity":
                    both = whom[who][TYPES.get(parameter.name, "Company")]
                    given[parameter.name] = both[parameter.name == "to"]
                else:
                    given[parameter.name] = known[parameter.kind]
            if given or who == "hub":
                yield query.name, who, given


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak(who: int) -> float:
    """The most memory that this process, or one of those that it started, held so far, in MB."""
    return resource.getrusage(who).ru_maxrss / (1_000 if sys.platform != "darwin" else 1_000_000)


def build(folder: Path, quads: int) -> Iterator[Line]:
    made = invented(quads, random.Random(5))
    took = seconds(lambda: write_folder(folder / "g", made.statements, load_schema()))
    whom = {"hub": made.hubs, "ordinary": made.ordinary}
    (folder / "whom.json").write_text(json.dumps(whom), encoding="utf-8")
    counts = json.loads((folder / "g" / "kg.json").read_text(encoding="utf-8"))["counts"]
    yield {**counts, "seconds": took, "peak": peak(resource.RUSAGE_SELF)}


def load(folder: Path, _: int) -> Iterator[Line]:
    """Into a folder, in pieces as `write_folder` does, and into memory at once, which rdflib does beside it."""
    from pyoxigraph import RdfFormat, Store

    def in_pieces() -> None:
        store = Store(str(folder / "loaded"))
        with (folder / "g" / "graph.nq").open("rb") as lines:
            while piece := b"".join(islice(lines, BATCH)):
                store.bulk_load(piece, format=RdfFormat.N_QUADS)

    yield {"seconds": seconds(in_pieces), "peak": peak(resource.RUSAGE_SELF)}
    store = Store()
    took = seconds(lambda: store.bulk_load(path=str(folder / "g" / "graph.nq"), format=RdfFormat.N_QUADS))
    yield {"seconds": took, "peak": peak(resource.RUSAGE_SELF)}


def ask(folder: Path, limit: int) -> Iterator[Line]:
    """As a user asks: names are looked up in the store, and a process answers."""
    graph = open_folder(folder / "g")
    for name, who, given in questions(json.loads((folder / "whom.json").read_text(encoding="utf-8"))):
        try:
            rows, took = 0, float("inf")
            for _ in range(3):
                start = time.perf_counter()
                rows = len(graph.ask(name, given, time_limit=limit).rows)
                took = min(took, time.perf_counter() - start)
            yield {"name": name, "who": who, "seconds": took, "rows": rows, "peak": peak(resource.RUSAGE_CHILDREN)}
        except KgError as error:
            yield {"name": name, "who": who, "error": str(error)}
    yield {"start": min(seconds(lambda: graph.query("ASK {}")) for _ in range(5))}


def evaluate(folder: Path, limit: int) -> Iterator[Line]:
    """In one process that has the store open; what the process before gave up is left out."""
    graph, answered = open_folder(folder / "g"), json.loads((folder / "ask.json").read_text(encoding="utf-8"))
    known = {(line["name"], line["who"]) for line in answered if "rows" in line}
    for name, who, given in questions(json.loads((folder / "whom.json").read_text(encoding="utf-8"))):
        if (name, who) in known:
            took = min(seconds(lambda: graph.ask(name, given)) for _ in range(3))  # noqa: B023
            yield {"name": name, "who": who, "seconds": took, "peak": peak(resource.RUSAGE_SELF)}


def rdflib(folder: Path, limit: int) -> Iterator[Line]:
    from rdflib import Dataset

    dataset = Dataset(default_union=True)
    took = seconds(lambda: dataset.parse(folder / "g" / "graph.nq", format="nquads"))
    yield {"name": "", "seconds": took, "peak": peak(resource.RUSAGE_SELF)}
    for prefix, namespace in prefixes().items():
        dataset.bind(prefix, namespace, replace=True)
    entities = open_folder(folder / "g").entities
    signal.signal(signal.SIGALRM, give_up)
    for name, who, given in questions(json.loads((folder / "whom.json").read_text(encoding="utf-8"))):
        bindings = bindings_of(named_query(name), given, entities, load_schema())
        terms = {key: in_rdflib(value) for key, value in bindings.items()}
        line: Line = {"name": name, "who": who}
        start = time.perf_counter()
        signal.alarm(limit)
        try:
            line["rows"] = len(list(dataset.query(named_query(name).sparql, initBindings=terms)))
        except TimeoutError:
            line["error"] = f"over {limit} s"
        except Exception as error:  # noqa: BLE001  rdflib fails on some that Oxigraph answers; the rest goes on
            line["error"] = type(error).__name__
        finally:
            signal.alarm(0)
        yield {**line, "seconds": time.perf_counter() - start}


def give_up(signum: int, frame: object) -> None:
    raise TimeoutError


def in_rdflib(value: object) -> Identifier:
    """A parameter as a term of rdflib."""
    from rdflib import Literal, URIRef

    if isinstance(value, Entity):
        return URIRef(Ids().entity(value.id))
    text = getattr(value, "value", None)
    return URIRef(str(text)) if text is not None else Literal(value)


STAGES = {each.__name__: each for each in (build, load, ask, evaluate, rdflib)}


def staged(name: str, folder: Path, number: int) -> list[Line]:
    """The lines of a stage, run in a process of its own; they are kept in the folder for the stages that follow."""
    command = [sys.executable, __file__, name, str(folder), str(number)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    lines: list[Line] = [json.loads(line) for line in done.stdout.splitlines()]
    (folder / f"{name}.json").write_text(json.dumps(lines), encoding="utf-8")
    return lines


def main(quads: int, limit: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (built,) = staged("build", folder, quads)
        counts = (f"{built[key]:,} {key}" for key in ("quads", "statements", "entities", "documents"))
        print("; ".join(counts), flush=True)
        on_disk, in_memory = staged("load", folder, 0)
        *ours, start = staged("ask", folder, limit)
        opened = staged("evaluate", folder, limit)
        parsed, *theirs = staged("rdflib", folder, limit)
    for what, line in (("written", built), ("on disk", on_disk), ("in memory", in_memory), ("rdflib", parsed)):
        faster = float(parsed["seconds"]) / float(line["seconds"])
        rate = int(built["quads"]) / float(line["seconds"])
        told = f"{line['seconds']:7.1f} s, {rate:9,.0f} quads a second, {faster:5.1f} times rdflib's speed"
        print(f"load, {what:9} {told}; {line['peak']:,.0f} MB")
    report(ours, opened, theirs, limit)
    held = max(float(line.get("peak", 0)) for line in ours)
    print(f"the start of the process that answers is in each: {start['start']:.3f} s; it held {held:,.0f} MB at most")


def report(ours: list[Line], opened: list[Line], theirs: list[Line], limit: int) -> None:
    """The table, and what comes out of it for a process a query and for an open store."""
    inside = {(line["name"], line["who"]): float(line["seconds"]) for line in opened}
    print(f"\n{'query':26}{'about':9}{'rows':>6}{'seconds':>9}{'open':>9}{'rdflib':>11}{'times':>8}{'open':>8}")
    whole: list[float] = []
    ratios: list[tuple[float, float]] = []
    for mine, other in zip(ours, theirs, strict=True):
        shown, rows = str(other.get("error", f"{other['seconds']:.3f}")), mine.get("rows")
        if rows is None:
            whole.append(float(limit))
            print(f"{mine['name']:26}{mine['who']:9}{mine['error']}; rdflib {shown}")
            continue
        both = (float(mine["seconds"]), inside[mine["name"], mine["who"]])
        whole.append(both[0])
        ratio, alone = (float(other["seconds"]) / each for each in both)
        if shown.startswith("over") or "error" not in other:
            ratios.append((ratio, alone))
        differs = f"  rdflib: {other['rows']} rows" if other.get("rows", rows) != rows else ""
        times = f"{both[0]:9.3f}{both[1]:9.3f}{shown:>11}{ratio:8.1f}{alone:8.1f}"
        print(f"{mine['name']:26}{mine['who']:9}{rows:6}{times}{differs}")
    slow = sum(each > 0.5 for each in whole)
    print(f"\nmedian {statistics.median(whole):.3f} s, {slow} of {len(whole)} over 0.5 s")
    for what, at in (("asked with a time limit", 0), ("asked without", 1)):
        found = [each[at] for each in ratios]
        slower = sum(each < 1 for each in found)
        print(f"{what}: {statistics.median(found):.1f} times rdflib's speed in the median, {slower} slower than rdflib")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in STAGES:
        for each in STAGES[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3])):
            print(json.dumps(each), flush=True)
    else:
        numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
        form = "--short" if "--short" in sys.argv[1:] else ""
        main(numbers[0] if numbers else SIZES[form], LIMITS[form])
