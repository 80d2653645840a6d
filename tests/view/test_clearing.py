"""Nodes are moved off the edges of others: never onto more of them, never onto a label, never off the screen."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.view.clearing import MOST, cleared, on_edges
from kg.view.firstview import LINE, fit_scale
from kg.view.layout import HEIGHT, positions

spots = st.tuples(st.integers(-900, 900), st.integers(-900, 900))


def overlapping(points: np.ndarray, widths: np.ndarray) -> set[tuple[int, int]]:
    """Pairs of labels that overlap on the screen that the points fill."""
    on_screen = points * fit_scale(points, widths)
    return {
        (a, b)
        for a in range(len(points))
        for b in range(a)
        if abs(on_screen[a, 0] - on_screen[b, 0]) < (widths[a] + widths[b]) / 2 - 0.01
        and abs(on_screen[a, 1] - on_screen[b, 1]) < LINE - 0.01
    }


def test_a_node_on_an_edge_is_moved_off_it() -> None:
    points = np.array([[0.0, 0.0], [600.0, 0.0], [300.0, 2.0], [300.0, 400.0]])
    links, widths = [(0, 1), (2, 3)], np.full(4, 60.0)
    moved = cleared(points, widths, links, movable=range(4), height=HEIGHT)
    assert on_edges(points, links) == 1
    assert on_edges(moved, links) == 0
    assert moved[[0, 1, 3]].tolist() == points[[0, 1, 3]].tolist()
    assert cleared(points, widths, links, movable=[0, 1, 3], height=HEIGHT).tolist() == points.tolist()


@settings(max_examples=80, deadline=None)
@given(st.lists(spots, min_size=3, max_size=25, unique=True), st.data())
def test_it_gets_no_worse(places: list[tuple[int, int]], data: st.DataObject) -> None:
    points = np.array(places, dtype=float)
    numbers = st.integers(0, len(points) - 1)
    links = data.draw(st.lists(st.tuples(numbers, numbers), max_size=30))
    movable = data.draw(st.sets(numbers))
    widths = np.array(data.draw(st.lists(st.floats(20, 160), min_size=len(points), max_size=len(points))))
    scale = fit_scale(points, widths)
    moved = cleared(points, widths, links, movable=movable, height=HEIGHT)
    before, after = on_edges(points * scale, links), on_edges(moved * scale, links)
    assert after < before or moved.tolist() == points.tolist()
    assert [at for at in range(len(points)) if (moved[at] != points[at]).any() and at not in movable] == []
    assert overlapping(moved, widths) <= overlapping(points, widths)
    assert (fit_scale(moved, widths) >= scale * 0.999).all()


def test_many_nodes_are_left() -> None:
    points = np.array([[float(at), 0.0] for at in range(MOST + 1)])
    moved = cleared(points, np.full(MOST + 1, 9.0), [(0, MOST)], movable=range(MOST + 1), height=HEIGHT)
    assert moved is points


def test_what_has_stood_before_stays_on_its_edge() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "d"), ("e", "c")]
    before = {"a": (0.0, 0.0), "b": (600.0, 0.0), "c": (300.0, 5.0), "d": (300.0, 400.0)}
    places = positions("abcde", edges, before=before, first="abcde")
    assert {node: places[node] for node in before} == before
