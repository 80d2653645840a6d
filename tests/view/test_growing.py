"""Places from before: kept, added to, and given up where the picture is another."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.view.layout import EXACT, HEIGHT, LABEL, positions

Edges = list[tuple[str, str]]
Places = dict[str, tuple[float, float]]


def news(count: int, *, seed: int = 1) -> tuple[list[str], Edges]:
    """Nodes and edges in the order in which they came up: one large part with hubs, and a small one now and then."""
    chance, ends, edges = random.Random(seed), ["n0"], []
    for number in range(1, count):
        name = f"n{number}"
        if number % 9 > 6:  # two of nine: a pair apart
            edges += [(f"n{number - 1}", name)] if number % 9 == 8 else []
            continue
        other = chance.choice(ends)
        edges.append((other, name))
        ends += [other, name]
        if chance.random() < 0.4:
            edges.append((chance.choice(ends), chance.choice(ends)))
    return [f"n{number}" for number in range(count)], edges


def among(nodes: list[str], edges: Edges) -> Edges:
    known = set(nodes)
    return [edge for edge in edges if known.issuperset(edge)]


def clashes(places: Places, width: float = LABEL) -> list[tuple[str, str]]:
    names = sorted(places)
    return [
        (a, b)
        for at, a in enumerate(names)
        for b in names[at + 1 :]
        if abs(places[a][0] - places[b][0]) < width and abs(places[a][1] - places[b][1]) < HEIGHT
    ]


@pytest.mark.parametrize("count", [40, 300, 900])
def test_what_was_there_stays_and_what_is_new_finds_room(count: int) -> None:
    nodes, edges = news(count)
    old = nodes[: count * 19 // 20]
    before = positions(old, among(old, edges))
    places = positions(nodes, edges, before=before)
    assert {node: places[node] for node in old} == before
    assert set(places) == set(nodes)
    assert clashes(places) == []


@pytest.mark.parametrize("count", [300, 2000])
def test_with_a_first_view_hardly_anything_moves(count: int) -> None:
    nodes, edges = news(count)
    old = nodes[: count * 19 // 20]
    before = positions(old, among(old, edges), first=most_connected(old, among(old, edges)))
    places = positions(nodes, edges, before=before, first=most_connected(nodes, edges))
    across, down = (max(place[axis] for place in before.values()) for axis in (0, 1))
    moved = sorted(math.dist(before[node], places[node]) / math.hypot(across, down) for node in old)
    assert moved[len(moved) // 2] == 0
    assert moved[len(moved) * 95 // 100] < 0.03


def most_connected(nodes: list[str], edges: Edges, count: int = 100) -> list[str]:
    ends = [end for edge in edges for end in edge]
    return sorted(nodes, key=lambda node: (-ends.count(node), node))[:count]


def test_a_new_node_stands_near_its_neighbours() -> None:
    nodes, edges = news(900)
    before = positions(nodes, edges)
    hub, other = most_connected(nodes, edges)[:2]
    places = positions([*nodes, "x"], [*edges, ("x", hub)], before=before)
    across, down = (max(place[axis] for place in before.values()) for axis in (0, 1))
    assert math.dist(places["x"], places[hub]) < math.hypot(across, down) / 10
    places = positions([*nodes, "x"], [*edges, ("x", hub), (other, "x")], before=before)
    middle = [(a + b) / 2 for a, b in zip(places[hub], places[other], strict=True)]
    assert math.dist(places["x"], middle) < math.hypot(across, down) / 10


def test_a_new_pair_takes_no_place_of_another_part() -> None:
    nodes, edges = news(300)
    before = positions(nodes, edges)
    places = positions([*nodes, "x", "y"], [*edges, ("x", "y")], before=before)
    assert {node: places[node] for node in nodes} == before
    assert clashes(places) == []
    assert math.dist(places["x"], places["y"]) < 300


def test_a_pair_that_is_now_linked_comes_over() -> None:
    nodes, edges = news(900)
    before = positions([*nodes, "x", "y"], [*edges, ("x", "y")])
    hub = most_connected(nodes, edges)[0]
    assert math.dist(before["x"], before[hub]) > 5000
    places = positions([*nodes, "x", "y"], [*edges, ("x", "y"), ("x", hub)], before=before)
    assert math.dist(places["x"], places[hub]) < 2500
    assert {node: places[node] for node in nodes} == {node: before[node] for node in nodes}


@pytest.mark.parametrize(("shown", "stays"), [(["y"], True), ([], False)])
def test_what_the_first_view_shows_does_not_come_over(shown: list[str], stays: bool) -> None:
    nodes, edges = news(60)
    hub = most_connected(nodes, edges)[0]
    before = {**positions(nodes, edges), "x": (9000.0, 0.0), "y": (9000.0, 100.0)}
    places = positions([*nodes, "x", "y"], [*edges, ("x", "y"), ("x", hub)], before=before, first=[hub, *shown])
    assert ({"x": places["x"], "y": places["y"]} == {"x": before["x"], "y": before["y"]}) is stays


def test_a_longer_label_moves_the_less_connected_node_only() -> None:
    nodes, edges = ["a", "b", "c"], [("a", "b"), ("a", "c")]
    before = {"a": (0.0, 0.0), "b": (80.0, 0.0), "c": (0.0, 200.0)}
    places = positions(nodes, edges, widths={"b": 150.0}, before=before)
    assert places["a"] == before["a"]
    assert places["c"] == before["c"]
    assert places["b"] != before["b"]


def test_another_picture_is_laid_out_anew() -> None:
    nodes, edges = news(60)
    few = dict.fromkeys(nodes[:29], (5.0, 5.0))
    assert positions(nodes, edges, before=few) == positions(nodes, edges)


def test_places_of_nodes_that_are_gone_do_not_matter() -> None:
    nodes, edges = news(60)
    before = positions(nodes, edges)
    assert positions(nodes, edges, before={**before, "gone": (0.0, 0.0)}) == before


def test_a_part_that_outgrew_its_places_is_laid_out_anew() -> None:
    chain = [f"n{number:04}" for number in range(2 * EXACT)]
    pairs = [(f"a{number}", f"b{number}") for number in range(2 * EXACT)]
    ends = [end for pair in pairs for end in pair]
    known = {node: (70.0 * at, 0.0) for at, node in enumerate(chain[:20])}
    before = {**known, **{node: (300.0 * at, 900.0) for at, node in enumerate(ends)}}
    places = positions([*chain, *ends], [*pairwise(chain), *pairs], before=before)
    assert {node: places[node] for node in ends} == {node: before[node] for node in ends}
    assert {node: places[node] for node in known} != known
    assert clashes(places) == []


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 60).flatmap(
        lambda count: st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=80)
    ),
    st.integers(0, 60),
)
def test_the_same_picture_made_again_is_the_same(pairs: list[tuple[int, int]], shown: int) -> None:
    nodes = [f"n{number}" for number in range(61)]
    edges = [(nodes[a], nodes[b]) for a, b in pairs]
    places = positions(nodes, edges, first=nodes[:shown])
    assert positions(nodes[::-1], edges, before=places, first=nodes[:shown]) == places


def test_the_same_large_picture_made_again_is_the_same() -> None:
    nodes, edges = news(900)
    first = most_connected(nodes, edges)
    places = positions(nodes, edges, first=first)
    assert positions(nodes, edges, before=places, first=first) == places
