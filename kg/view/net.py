"""The graph as the layout sees it: nodes by number, neighbours, connected parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LABEL = 60.0  # width of a label in pixels, where the caller names none


@dataclass(frozen=True, slots=True)
class Net:
    """Nodes are numbered in the order of their names.

    `near`: the neighbours of each node, in order. `widths`: of each node's label, in pixels. `parts`: the connected
    parts, the largest first, and of equal ones that with the first name.
    """

    names: list[str]
    near: list[list[int]]
    widths: list[float]
    parts: list[list[int]]


def net(nodes: Iterable[str], edges: Iterable[tuple[str, str]], widths: Mapping[str, float]) -> Net:
    """The graph without loops and repeated edges. Raises `KeyError` for an edge whose end is no node."""
    names = sorted(set(nodes))
    number = {name: at for at, name in enumerate(names)}
    near: list[set[int]] = [set() for _ in names]
    for start, end in edges:
        if start not in number or end not in number:
            raise KeyError(f"edge between {start!r} and {end!r}: not both are nodes")
        if start != end:
            near[number[start]].add(number[end])
            near[number[end]].add(number[start])
    ordered = [sorted(some) for some in near]
    wide = [max(LABEL, widths.get(name, LABEL)) for name in names]
    return Net(names, ordered, wide, components(ordered))


def components(near: Sequence[Iterable[int]]) -> list[list[int]]:
    """The connected parts, each in order, the largest first."""
    seen, parts = [False] * len(near), []
    for root in range(len(near)):
        if seen[root]:
            continue
        seen[root], part = True, [root]
        for node in part:
            for other in near[node]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def inside(near: Sequence[Sequence[int]], part: Sequence[int]) -> list[list[int]]:
    """The neighbours of each node of a part, numbered within the part."""
    number = {node: at for at, node in enumerate(part)}
    return [[number[other] for other in near[node] if other in number] for node in part]
