"""Bring what a store holds in line with a graph: only what differs is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kg.store.rdf import nquads_line
from kg.store.stores import by_graph

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from kg.store.stores import Store

    Step = tuple[list[Quad], list[Quad]]


@dataclass(frozen=True, slots=True)
class Published:
    """Quads that were added and removed, those that had been there already, and in how many changes it was done."""

    added: int
    removed: int
    kept: int
    changes: int


def publish(quads: Iterable[Quad], store: Store, *, progress: Callable[[int, int], object] | None = None) -> Published:
    """Make the store hold these quads and no others.

    One change where the store takes so many at once: then its readers see the old graph or the new one. Else several:
    first the evidence that is new, then the statements, then what evidence is gone; interrupted, do it again. An
    empty store that takes less is loaded. `progress` is told the number of changes made, and of all of them.
    Raises `StoreError`.
    """
    wanted, held = set(quads), set(store.quads())
    add, remove = sorted(wanted - held, key=nquads_line), sorted(held - wanted, key=nquads_line)
    kept = len(wanted) - len(add)
    if not held and len(add) > store.most:
        store.load("".join(nquads_line(quad) + "\n" for quad in add).encode("utf-8"))
        return Published(len(add), 0, 0, 1)
    steps = list(_steps(remove, add, store.most))
    for number, (gone, come) in enumerate(steps, 1):
        store.change(remove=gone, add=come)
        if progress is not None:
            progress(number, len(steps))
    return Published(len(add), len(remove), kept, len(steps))


def _steps(remove: list[Quad], add: list[Quad], most: int) -> Iterator[Step]:
    if not remove and not add:
        return
    if len(remove) + len(add) <= most:
        yield remove, add
        return
    gone, come = by_graph(remove), by_graph(add)
    own = [graph for graph in {*gone, *come} if str(graph) == "DEFAULT"]
    named = sorted({*gone, *come} - {*own}, key=str)
    ends = [graph for graph in named if graph not in come]
    for graph in [*(graph for graph in named if graph in come), *own, *ends]:
        yield from _pieces(gone.get(graph, []), come.get(graph, []), most)


def _pieces(remove: list[Quad], add: list[Quad], most: int) -> Iterator[Step]:
    """The changes of one graph: what is said of one subject stays together as long as it fits."""
    marked = [(quad, True) for quad in remove] + [(quad, False) for quad in add]
    piece: list[tuple[Quad, bool]] = []
    for _, group in groupby(sorted(marked, key=lambda pair: str(pair[0].subject)), key=lambda pair: pair[0].subject):
        members = list(group)
        if piece and len(piece) + len(members) > most:
            yield _step(piece)
            piece = []
        piece += members
        while len(piece) > most:
            yield _step(piece[:most])
            piece = piece[most:]
    if piece:
        yield _step(piece)


def _step(marked: list[tuple[Quad, bool]]) -> Step:
    return [quad for quad, gone in marked if gone], [quad for quad, gone in marked if not gone]
