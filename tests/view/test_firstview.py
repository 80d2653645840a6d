"""The first view: at the scale at which its nodes fit on the screen, their labels do not overlap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.view.firstview import LINE, SCREEN, STRETCHED, fit_scale, separate
from kg.view.layout import HEIGHT, positions

Places = dict[str, tuple[float, float]]


def overlaps(places: Places, widths: dict[str, float], screen: tuple[float, float] = SCREEN) -> list[tuple[str, str]]:
    """Pairs of labels that overlap when the places are scaled to fill the screen, as a page would scale them."""
    names = sorted(places)
    wide, high = (max(p[axis] for p in places.values()) - min(p[axis] for p in places.values()) for axis in (0, 1))
    most = max(widths[name] for name in names)
    across, down = min(1.0, (screen[0] - most) / max(wide, 1e-9)), min(1.0, (screen[1] - LINE) / max(high, 1e-9))
    across, down = min(across, STRETCHED * down), min(down, STRETCHED * across)
    return [
        (a, b)
        for at, a in enumerate(names)
        for b in names[at + 1 :]
        if abs(places[a][0] - places[b][0]) * across < (widths[a] + widths[b]) / 2
        and abs(places[a][1] - places[b][1]) * down < LINE
    ]


def wheel(count: int) -> tuple[list[str], list[tuple[str, str]]]:
    """A few hubs that are all linked, each with as many others as it is early."""
    hubs = [f"hub{number}" for number in range(12)]
    edges = [(a, b) for at, a in enumerate(hubs) for b in hubs[:at]]
    edges += [(hubs[int(12 * (number / count) ** 2)], f"n{number}") for number in range(count)]
    edges += [(f"n{number}", f"n{number * 7 % count}") for number in range(0, count, 3)]
    return sorted({end for edge in edges for end in edge}), edges


@pytest.mark.parametrize("count", [30, 100, 600, 2000])
def test_labels_of_the_first_view_do_not_overlap(count: int) -> None:
    nodes, edges = wheel(count)
    widths = {node: 60.0 + 9 * (at % 8) for at, node in enumerate(nodes)}
    first = [node for node in nodes if node.startswith("hub") or int(node[1:]) % max(1, count // 60) == 0][:70]
    places = positions(nodes, edges, widths=widths, first=first)
    assert overlaps({node: places[node] for node in first}, widths) == []


def test_without_it_they_do() -> None:
    nodes, edges = wheel(600)
    widths = dict.fromkeys(nodes, 90.0)
    places = positions(nodes, edges, widths=widths)
    first = nodes[:70]
    assert overlaps({node: places[node] for node in first}, widths) != []


def test_a_smaller_screen_is_heeded() -> None:
    nodes, edges = wheel(600)
    widths, screen = dict.fromkeys(nodes, 90.0), (700.0, 500.0)
    first = nodes[:50]
    places = positions(nodes, edges, widths=widths, first=first, screen=screen)
    assert overlaps({node: places[node] for node in first}, widths, screen) == []


spots = st.tuples(st.integers(-30_000, 30_000), st.integers(-30_000, 30_000))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(spots, st.floats(30, 240)), min_size=1, max_size=34))
def test_any_labels_that_leave_half_of_the_screen_free_come_apart(
    labels: list[tuple[tuple[int, int], float]],
) -> None:
    points, widths = np.array([spot for spot, _ in labels], dtype=float), np.array([width for _, width in labels])
    moved = np.round(separate(points, widths, HEIGHT))
    names = [f"n{at:02}" for at in range(len(labels))]
    places = dict(zip(names, map(tuple, moved.tolist()), strict=True))
    assert overlaps(places, dict(zip(names, widths.tolist(), strict=True))) == []
    assert (fit_scale(moved, widths) >= np.minimum(fit_scale(points, widths), LINE / HEIGHT) * 0.999).all()


def test_labels_that_do_not_overlap_stay() -> None:
    points, widths = np.array([[0.0, 0.0], [500.0, 10.0], [90.0, 100.0]]), np.array([80.0, 80.0, 80.0])
    assert separate(points, widths, HEIGHT).tolist() == points.tolist()


def test_a_crowd_on_one_spot_is_set_in_rows_where_it_has_to_be() -> None:
    widths, screen = np.array([50.0 + 3 * (at % 5) for at in range(84)]), (500.0, 400.0)  # two thirds of the screen
    moved = np.round(separate(np.zeros((84, 2)), widths, HEIGHT, screen))
    places = {f"n{at:03}": (float(x), float(y)) for at, (x, y) in enumerate(moved)}
    assert overlaps(places, dict(zip(places, widths.tolist(), strict=True)), screen) == []
    assert len({y for _, y in places.values()}) < 20


def test_too_many_labels_are_no_error() -> None:
    points = np.array([[float(at), 0.0] for at in range(600)])
    assert separate(points, np.full(600, 120.0), HEIGHT, (500.0, 400.0)).shape == (600, 2)
