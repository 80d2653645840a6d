"""Where the nodes stand: seeded, deterministic, and where they stood before, as far as that is known.

A small connected part is laid out by stress majorisation, a larger one by forces; the parts are packed in rows. With
places from before, what has one keeps it: a new node takes the free place nearest to its neighbours, a new part takes
free room. Then the nodes of the first view are pushed apart, and new ones off the edges of others. In the end no two
labels overlap at scale 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from kg.view.clearing import cleared
from kg.view.firstview import SCREEN, bend, separate
from kg.view.force import force
from kg.view.growing import grown, kept
from kg.view.net import LABEL, Net, inside, net
from kg.view.packing import GAP, beside, bounds, rows, tucked
from kg.view.room import HEIGHT, Box, Place, Room, box, nearest_free, take
from kg.view.stress import EXACT, TINY, grow, spread, stress

__all__ = ["EXACT", "HEIGHT", "LABEL", "positions"]


FEW, FEW_PARTS = 150, 12  # nodes of the largest part, and parts, up to which small ones may stand in its corners
ROUNDS = 8  # at most, until a picture that goes on from its own places is the same


def positions(
    nodes: Iterable[str],
    edges: Iterable[tuple[str, str]],
    *,
    seed: int = 0,
    widths: Mapping[str, float] | None = None,
    before: Mapping[str, Place] | None = None,
    first: Collection[str] = (),
    screen: tuple[float, float] = SCREEN,
) -> dict[str, Place]:
    """Pixel coordinates of every node, whole numbers, the same for the same input in any order.

    `edges` may repeat and may run either way. `widths`: how many pixels a node's label takes. `before`: where nodes
    stood last time, which they keep; ignored where fewer than half of the nodes have such a place. `first`: the nodes
    of the first view: their labels, which keep their size in pixels, do not overlap each other when these nodes fit on
    a `screen` (width and height in pixels; `kg.view.firstview`), as long as they cover no more than half of it.
    Raises `KeyError` for an end of an edge, or a node of the first view, that is not among the nodes.
    """
    graph = net(nodes, edges, widths or {})
    number = {name: at for at, name in enumerate(graph.names)}
    chosen = sorted({number[name] for name in first}, key=lambda node: (-len(graph.near[node]), node))
    places = _laid_out(graph, before or {}, chosen, screen, seed)
    for _ in range(ROUNDS):
        again = _laid_out(graph, places, chosen, screen, seed)
        if again == places:
            break
        places = again
    return places


def _laid_out(
    graph: Net, before: Mapping[str, Place], chosen: Sequence[int], screen: tuple[float, float], seed: int
) -> dict[str, Place]:
    """The places after one round."""
    room = Room()
    stood = kept(graph, before, frozenset(chosen))
    places = grown(graph, stood, room)
    _add_parts(graph, places, room, seed)
    if chosen:
        places = _first_view(graph, places, chosen, screen, stood)
    return {graph.names[node]: place for node, place in sorted(_settled(graph, places, chosen).items())}


def _add_parts(graph: Net, places: dict[int, Place], room: Room, seed: int) -> None:
    """Give places to the parts that have none: in rows if no part has any, else where `room` is free."""
    new = [part for part in graph.parts if part[0] not in places]
    tiny: dict[tuple[tuple[int, ...], ...], list[Place]] = {}
    laid = [_laid(graph, part, seed, tiny) for part in new]
    boxes = [bounds(spots, _widths(graph, part), HEIGHT) for part, spots in zip(new, laid, strict=True)]
    if places:
        end = _end(graph, places)
        steps = [beside(room, end, each) for each in boxes]
    else:
        steps = _beside_largest(graph, new, laid, boxes)
    for part, spots, (across, down) in zip(new, laid, steps, strict=True):
        places.update({node: (x + across, y + down) for node, (x, y) in zip(part, spots, strict=True)})


def _beside_largest(
    graph: Net, parts: Sequence[Sequence[int]], laid: Sequence[Sequence[Place]], boxes: Sequence[Box]
) -> list[Place]:
    """How far to move each part: small ones into the corners that the largest leaves free, else in rows below it."""
    if len(parts) < 2 or len(parts[0]) > FEW or len(parts) > FEW_PARTS:
        return rows(boxes)
    room, at = Room(), dict(zip(parts[0], laid[0], strict=True))
    for node, place in at.items():
        take(room, box(place, graph.widths[node], HEIGHT))
        for other in graph.near[node]:
            for step in range(1, 16):  # the edge itself, lest a part stand on it
                x, y = (a + (b - a) * step / 16 for a, b in zip(place, at[other], strict=True))
                take(room, box((x, y), 8.0, 8.0))
    tucked_in = [(0.0, 0.0), *(tucked(room, boxes[0], each) for each in boxes[1:])]
    left = [number for number, step in enumerate(tucked_in) if step is None]
    below = dict(zip([0, *left], rows([boxes[number] for number in [0, *left]]), strict=True))
    across, down = below[0]
    return [
        below[number] if step is None else (step[0] + across, step[1] + down) for number, step in enumerate(tucked_in)
    ]


def _laid(graph: Net, part: list[int], seed: int, tiny: dict[tuple[tuple[int, ...], ...], list[Place]]) -> list[Place]:
    """Places of one connected part, in its order. `tiny`: what parts of few nodes look like, by their edges."""
    import numpy as np

    near, widths = inside(graph.near, part), _widths(graph, part)
    if len(part) > EXACT:
        return force(near, widths, seed=seed)
    if len(part) > TINY:
        return _pairs(spread(stress(near, seed=seed), np.array(widths), HEIGHT))
    shape = tuple(map(tuple, near))
    if shape not in tiny:
        tiny[shape] = _pairs(stress(near, seed=seed))
    return grow(tiny[shape], widths, HEIGHT)


def _end(graph: Net, places: Mapping[int, Place]) -> Place:
    """Where a new part should stand: by the smallest part, or below the only one."""
    first, *others = (part for part in graph.parts if part[0] in places)
    last = others[-1] if others else first
    left, top, right, bottom = bounds([places[node] for node in last], _widths(graph, last), HEIGHT)
    return ((left + right) / 2, (top + bottom) / 2) if others else (left, bottom + GAP)


def _first_view(
    graph: Net, places: Mapping[int, Place], chosen: Sequence[int], screen: tuple[float, float], stood: Collection[int]
) -> dict[int, Place]:
    """The places with those of the first view pushed apart, and moved off edges if they have not `stood` before; if
    none has, the rest of their parts goes with them."""
    import numpy as np

    points = np.round(np.array([places[node] for node in range(len(graph.names))]))
    widths, links = np.array(_widths(graph, chosen)), inside(graph.near, chosen)
    moved = separate(points[chosen], widths, HEIGHT, screen)
    fresh = [at for at, node in enumerate(chosen) if node not in stood]
    pairs = [(one, other) for one, others in enumerate(links) for other in others]
    moved = cleared(moved, widths, pairs, movable=fresh, height=HEIGHT, screen=screen)
    steps = moved - points[chosen]
    if not stood and steps.any():
        shown = set(chosen)
        nodes = [node for part in graph.parts if not shown.isdisjoint(part) for node in part]
        at = {node: index for index, node in enumerate(nodes)}
        points[nodes] = bend(points[nodes], [at[node] for node in chosen], steps)
    points[chosen] = moved
    return dict(enumerate(_pairs(points)))


def _settled(graph: Net, places: Mapping[int, Place], chosen: Sequence[int]) -> dict[int, Place]:
    """The places in whole pixels; a node that overlaps a more important one takes the nearest free place."""
    room, shown, out = Room(), set(chosen), {}
    for node in sorted(places, key=lambda node: (node not in shown, -len(graph.near[node]), node)):
        out[node], _ = nearest_free(room, places[node], graph.widths[node], HEIGHT)
        take(room, box(out[node], graph.widths[node], HEIGHT))
    return out


def _widths(graph: Net, nodes: Sequence[int]) -> list[float]:
    return [graph.widths[node] for node in nodes]


def _pairs(points: Iterable[Iterable[float]]) -> list[Place]:
    return [(float(x), float(y)) for x, y in points]
