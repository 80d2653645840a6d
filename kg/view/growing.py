"""A picture that grows: nodes with a place from before keep it, new ones take free places beside their neighbours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set

from kg.view.net import Net, components
from kg.view.packing import bounds
from kg.view.room import HEIGHT, Place, Room, box, nearest_free, take
from kg.view.stress import EDGE, EXACT

FAR = (0.25, 4 * EDGE)  # of the diagonal of a part, and pixels: a longer edge does not hold groups of nodes together


def kept(net: Net, before: Mapping[str, Place], shown: Set[int]) -> dict[int, Place]:
    """The places from before that nodes keep.

    Where fewer than half of the nodes have one, all are given up: this is another picture. So are those of a large part
    that has more than doubled, and those of a group that stood apart and is now linked to a larger one: it comes over,
    unless one of it is `shown` in the first view, where what comes over would only be pushed away again.
    """
    known = {at: before[name] for at, name in enumerate(net.names) if name in before}
    if 2 * len(known) < len(net.names):
        return {}
    out = {}
    for part in net.parts:
        stood = [node for node in part if node in known]
        if stood and (len(part) <= EXACT or 2 * len(stood) >= len(part)):
            out.update({node: known[node] for node in _together(net, stood, known, shown)})
    return out


def _together(net: Net, stood: Sequence[int], known: Mapping[int, Place], shown: Set[int]) -> list[int]:
    """These nodes of a part without the groups of them that stand apart from the largest and only far edges link."""
    left, top, right, bottom = bounds([known[node] for node in stood], [0.0] * len(stood), 0.0)
    far = max(FAR[0] * math.hypot(right - left, bottom - top), FAR[1])
    number = {node: at for at, node in enumerate(stood)}
    close = [
        [number[other] for other in net.near[node] if other in number and math.dist(known[node], known[other]) <= far]
        for node in stood
    ]
    main, *others = ([stood[at] for at in group] for group in components(close))
    left, top, right, bottom = bounds([known[node] for node in main], [0.0] * len(main), 0.0)
    for group in others:
        inside = any(left <= x <= right and top <= y <= bottom for x, y in (known[node] for node in group))
        if inside or not shown.isdisjoint(group):
            main += group
    return main


def grown(net: Net, places: Mapping[int, Place], room: Room) -> dict[int, Place]:
    """These places, and places for all other nodes of their parts; all are taken in `room`.

    Where two labels overlap (one has become longer), the less connected node moves to the nearest free place.
    """
    out: dict[int, Place] = {}
    looked: dict[Place, int] = {}  # as far as all is taken round a place
    small = {node for part in net.parts if len(part) <= EXACT for node in part}
    order = _ranked(net, places)
    while order:
        for node in order:
            spot = places.get(node) or _beside(net, node, out, far=node in small)
            out[node], looked[spot] = nearest_free(room, spot, net.widths[node], HEIGHT, start=looked.get(spot, 0))
            take(room, box(out[node], net.widths[node], HEIGHT))
        order = _ranked(net, {other: None for node in order for other in net.near[node] if other not in out})
    return out


def _ranked(net: Net, nodes: Mapping[int, object]) -> list[int]:
    """The most connected first."""
    return sorted(nodes, key=lambda node: (-len(net.near[node]), node))


def _beside(net: Net, node: int, placed: Mapping[int, Place], *, far: bool) -> Place:
    """Amid the neighbours of a new node; beside its only one, or, if `far`, an edge away from that one's others."""
    hosts = [other for other in net.near[node] if other in placed]
    if len(hosts) > 1 or not far:
        return _mean([placed[host] for host in hosts])
    x, y = placed[hosts[0]]
    others = [placed[other] for other in net.near[hosts[0]] if other in placed]
    away = (x - _mean(others)[0], y - _mean(others)[1]) if others else (0.0, 0.0)
    length = math.hypot(*away)
    across, down = (away[0] / length, away[1] / length) if length > 1 else (0.0, 1.0)
    return x + EDGE * across, y + EDGE * down


def _mean(places: Sequence[Place]) -> Place:
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)
