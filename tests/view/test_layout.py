"""Positions: the same for the same graph, apart from each other, without scipy."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.view.layout import EXACT, HEIGHT, LABEL, positions


def grown(count: int, *, seed: int = 1) -> tuple[list[str], list[tuple[str, str]]]:
    """A connected graph with hubs: each node joins one or two earlier ones, the often joined rather."""
    chance, ends = random.Random(seed), [0]
    edges = []
    for node in range(1, count):
        for other in {chance.choice(ends) for _ in range(chance.choice([1, 1, 2]))}:
            edges.append((f"n{other}", f"n{node}"))
            ends += [other, node]
    return [f"n{node}" for node in range(count)], edges


def clashes(places: dict[str, tuple[float, float]], widths: dict[str, float]) -> list[tuple[str, str]]:
    names = sorted(places)
    return [
        (a, b)
        for at, a in enumerate(names)
        for b in names[at + 1 :]
        if abs(places[a][0] - places[b][0]) < (widths[a] + widths[b]) / 2 and abs(places[a][1] - places[b][1]) < HEIGHT
    ]


@pytest.mark.parametrize("count", [1, 2, 5, 25, 60, EXACT, EXACT + 1, 700])
def test_labels_do_not_overlap(count: int) -> None:
    nodes, edges = grown(count)
    widths = {node: LABEL + 11 * (number % 9) for number, node in enumerate(nodes)}
    assert clashes(positions(nodes, edges, widths=widths), widths) == []


def test_parts_do_not_overlap() -> None:
    nodes = [f"{part}{number}" for part in "abcdefgh" for number in range(6)]
    edges = [(f"{part}0", f"{part}{number}") for part in "abcd" for number in range(1, 6)]
    assert clashes(positions(nodes, edges), dict.fromkeys(nodes, LABEL)) == []


@pytest.mark.parametrize("count", [40, EXACT + 100])
def test_order_and_direction_of_the_input_do_not_matter(count: int) -> None:
    nodes, edges = grown(count)
    turned = [(end, start) for start, end in reversed(edges)]
    assert positions(nodes, edges) == positions(nodes[::-1], turned + edges)


def test_another_seed_gives_another_picture() -> None:
    nodes, edges = grown(20)
    assert positions(nodes, edges, seed=1) != positions(nodes, edges, seed=2)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=3), unique=True, max_size=12), st.lists(st.tuples(st.integers(0), st.integers(0))))
def test_every_node_has_a_whole_finite_place_of_its_own(nodes: list[str], pairs: list[tuple[int, int]]) -> None:
    edges = [(nodes[a % len(nodes)], nodes[b % len(nodes)]) for a, b in pairs] if nodes else []
    places = positions(nodes, edges)
    assert set(places) == set(nodes)
    assert len(set(places.values())) == len(nodes)
    assert all(value.is_integer() for place in places.values() for value in place)


def test_an_edge_to_nowhere_is_an_error() -> None:
    with pytest.raises(KeyError, match="'b'"):
        positions(["a"], [("a", "b")])


def test_a_first_view_of_what_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="'b'"):
        positions(["a"], [], first=["b"])


def test_no_nodes_have_no_places() -> None:
    assert positions([], []) == {}


def test_a_loop_is_no_matter() -> None:
    assert positions(["a", "b"], [("a", "a"), ("a", "b")]) == positions(["a", "b"], [("b", "a")])


@pytest.mark.parametrize("hub", [40, 400])
def test_what_hangs_on_one_node_only_stands_about_it(hub: int) -> None:
    leaves = [f"leaf{number}" for number in range(hub)]
    chain = [f"chain{number}" for number in range(EXACT)]
    edges = [("hub", leaf) for leaf in leaves] + [*pairwise(chain), ("hub", chain[0])]
    places = positions(["hub", *leaves, *chain], edges)
    reach = max(math.dist(places["hub"], places[leaf]) for leaf in leaves)
    assert math.pi * reach**2 < 4 * hub * 88 * 76  # pixels of a label with what is kept free about it


def test_linked_nodes_stand_nearer_than_others() -> None:
    nodes, edges = grown(EXACT + 200)
    places = positions(nodes, edges)

    def apart(a: str, b: str) -> float:
        return math.dist(places[a], places[b])

    chance = random.Random(3)
    others = [(chance.choice(nodes), chance.choice(nodes)) for _ in range(2000)]
    assert sum(apart(*edge) for edge in edges) / len(edges) < 0.6 * sum(apart(*pair) for pair in others) / len(others)


def test_scipy_is_not_needed() -> None:
    code = (
        "import sys; sys.modules['scipy'] = None\n"
        "from kg.view.layout import positions\n"
        "for size in (520, 30):\n"
        "    names = [str(n) for n in range(size)]\n"
        "    print(len(positions(names, list(zip(names, names[1:])))))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["520", "30"]


def test_small_parts_stand_in_the_corners_that_the_largest_leaves_free() -> None:
    ring = [f"a{number:02}" for number in range(40)]
    edges = list(pairwise([*ring, ring[0]]))
    whole = positions([*ring, "b", "c"], [*edges, ("b", "c")])
    low, high = ([end(whole[node][axis] for node in ring) for axis in (0, 1)] for end in (min, max))
    for node in ("b", "c"):
        assert all(low[axis] - LABEL <= whole[node][axis] <= high[axis] + LABEL for axis in (0, 1)), "a row of its own"
    assert clashes(whole, dict.fromkeys(whole, LABEL)) == []
