"""How fast nodes get their places, how good the picture is, and how little it changes when documents are added.

`python tests/bench/layout.py [--short] [NODES...]`. The graph is invented, seeded, and shaped like ours: one large part
with few hubs and many nodes of one edge, many parts of two to five nodes, 1.3 edges a node. Times are of the processor,
all threads together.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from kg.view.firstview import LINE, SCREEN, fit_scale
from kg.view.layout import HEIGHT, positions

SIZES = {"--short": (200, 1_000), "": (500, 5_000, 50_000)}
LETTER, SHOWN, ASKED = 7.6, 75, 1_000
Places = Mapping[str, tuple[float, float]]
Edges = Sequence[tuple[str, str]]


def invented(count: int, rng: random.Random) -> tuple[list[str], list[tuple[str, str]]]:
    large, ends, degree = count * 3 // 4, [0], [0] * count
    edges: dict[tuple[int, int], None] = {}

    def link(a: int, b: int) -> None:
        pair = (min(a, b), max(a, b))
        if a != b and pair not in edges:
            edges[pair] = None
            degree[a], degree[b] = degree[a] + 1, degree[b] + 1
            ends.extend(pair)

    def known() -> int:
        a, b = rng.choice(ends), rng.choice(ends)
        return max(a, b, key=lambda node: (degree[node], node)) if rng.random() < 0.25 else a

    for node in range(1, large):
        link(known() if rng.random() < 0.9 else rng.randrange(node), node)
        if rng.random() < 0.5:
            link(known(), known())
    node = large
    while node < count:
        size = min(rng.choice((2, 2, 2, 3, 3, 4, 5)), count - node)
        for more in range(1, size):
            edges[node + rng.randrange(more), node + more] = None
        node += size
    return [f"n{node:06}" for node in range(count)], [(f"n{a:06}", f"n{b:06}") for a, b in edges]


def most_connected(nodes: Sequence[str], edges: Edges) -> list[str]:
    degree = Counter(end for edge in edges for end in edge)
    return sorted(nodes, key=lambda node: (-degree[node], node))[:SHOWN]


def overlapping(places: Places, widths: Mapping[str, float], height: float) -> float:
    """The share of labels that lie over another."""
    order = sorted(places, key=lambda node: (places[node][1], node))
    found = set()
    for at, a in enumerate(order):
        for b in order[at + 1 :]:
            if places[b][1] - places[a][1] >= height:
                break
            if abs(places[a][0] - places[b][0]) < (widths[a] + widths[b]) / 2:
                found |= {a, b}
    return len(found) / len(order)


def extent(places: Places) -> tuple[float, float]:
    across, down = zip(*places.values(), strict=True)
    return max(across) - min(across), max(down) - min(down)


def kept_near(places: Places, edges: Edges, rng: random.Random) -> float:
    """Of the nodes within two edges, the share that is among as many nearest ones on the page."""
    import numpy as np

    near: dict[str, set[str]] = {node: set() for node in places}
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    names, points = list(places), np.array(list(places.values()))
    shares = []
    for node in rng.sample(names, min(ASKED, len(names))):
        wanted = near[node].union(*(near[other] for other in near[node])) - {node}
        if 0 < len(wanted) < len(names) / 3:
            away = np.hypot(*(points - points[names.index(node)]).T)
            nearest = {names[at] for at in np.argsort(away, kind="stable")[: len(wanted) + 1]}
            shares.append(len(nearest & wanted) / len(wanted))
    return sum(shares) / len(shares)


def measure(count: int) -> None:
    import numpy as np

    rng = random.Random(7)
    nodes, edges = invented(count, rng)
    widths = {node: max(60.0, LETTER * rng.choice((3, 5, 6, 8, 8, 9, 10, 12, 14, 18, 22))) for node in nodes}
    first = most_connected(nodes, edges)
    start = time.process_time()
    places = positions(nodes, edges, widths=widths, first=first)
    taken = time.process_time() - start
    print(f"{count:,} nodes, {len(edges):,} edges: {taken:.2f} s, {count / taken:,.0f} nodes a second")
    diagonal = math.hypot(*extent(places))
    lengths = sorted(math.dist(places[a], places[b]) for a, b in edges)
    mean, median = sum(lengths) / len(lengths), lengths[len(lengths) // 2]
    print(f"  edges: {mean:,.0f} pixels on average, {median:,.0f} the median, of a diagonal of {diagonal:,.0f}")
    spots = np.array([places[node] for node in first])
    spots = spots * fit_scale(spots, np.array([widths[node] for node in first]))
    shown = {node: (float(x), float(y)) for node, (x, y) in zip(first, spots, strict=True)}
    full = sum(widths[node] for node in first) * LINE / (SCREEN[0] * SCREEN[1])
    all_over, first_over = overlapping(places, widths, HEIGHT), overlapping(shown, widths, LINE)
    print(f"  overlapping labels: {all_over:.1%} at scale 1, {first_over:.1%} of the first view ({full:.0%} full)")
    print(f"  nodes within two edges that are among the nearest: {kept_near(places, edges, rng):.0%}")
    for share in (0.05, 0.2):
        grow(nodes, edges, widths, share, rng)


def grow(nodes: list[str], edges: Edges, widths: Mapping[str, float], share: float, rng: random.Random) -> None:
    """Lay out what is there without a share of the edges, then all, and say how far nodes moved."""
    old = [edge for edge in edges if rng.random() >= share]
    there = sorted({end for edge in old for end in edge})
    before = positions(there, old, widths=widths, first=most_connected(there, old))
    start = time.process_time()
    places = positions(nodes, edges, widths=widths, first=most_connected(nodes, edges), before=before)
    taken = time.process_time() - start
    diagonal = math.hypot(*extent(before))
    moved = sorted(math.dist(before[node], places[node]) / diagonal for node in there)
    print(f"  {share:.0%} more edges, {len(nodes) - len(there):,} more nodes: {taken:.2f} s; moved, of the diagonal:"
          f" {moved[len(moved) // 2]:.2%} the median, {moved[len(moved) * 95 // 100]:.2%} the 95th percentile,"
          f" {sum(step > 0 for step in moved) / len(moved):.1%} of the nodes at all")  # fmt: skip


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--short"]
    for number in map(int, given) if given else SIZES["--short" if "--short" in sys.argv[1:] else ""]:
        measure(number)
