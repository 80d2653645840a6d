"""Which places are taken: boxes, found by the cells of a grid that they touch."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

HEIGHT = 62.0  # pixels that a node with its label below it takes
SPARE = 14.0  # pixels between a node that had to look for a place, and others
CELL = (240.0, 80.0)  # pixels: a label as wide as they come, and a little more than its height
STRETCH = 1.6  # how much wider than high a crowd grows: labels and screens are
STEP = 22.0  # pixels between the turns of the search: some places for each label
TURN = math.pi * (3 - math.sqrt(5))

Place: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Room:
    """The boxes that were put down, by cell."""

    cells: dict[tuple[int, int], list[Box]] = field(default_factory=dict)


def box(place: Place, width: float, height: float) -> Box:
    x, y = place
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def is_free(room: Room, wanted: Box) -> bool:
    """Whether no box lies over this one; edges may touch."""
    left, top, right, bottom = wanted
    for cell in _cells(wanted):
        for other in room.cells.get(cell, ()):
            if other[0] < right and left < other[2] and other[1] < bottom and top < other[3]:
                return False
    return True


def take(room: Room, taken: Box) -> None:
    for cell in _cells(taken):
        room.cells.setdefault(cell, []).append(taken)


def nearest_free(
    room: Room, place: Place, width: float, height: float, *, spare: float = SPARE, start: int = 0, step: float = STEP
) -> tuple[Place, int]:
    """The first free place on a spiral round `place`, in whole pixels, and its number on the spiral.

    Number 0 is `place` itself, for which no `spare` room is asked. `start`: the number from which to look.
    """

    def fits(number: int, spot: Place) -> bool:
        more = spare if number else 0.0
        return is_free(room, box(spot, width + 2 * more, height + more))

    tried = ((number, (float(round(x)), float(round(y)))) for number, (x, y) in spiral(place, start=start, step=step))
    return next((spot, number) for number, spot in tried if fits(number, spot))


def spiral(place: Place, *, start: int = 0, step: float = STEP) -> Iterator[tuple[int, Place]]:
    """Places about one that lie evenly and ever further from it, numbered; number 0 is the place itself."""
    for number in itertools.count(start):
        reach, turn = step * math.sqrt(number), TURN * number
        yield number, (place[0] + STRETCH * reach * math.cos(turn), place[1] + reach * math.sin(turn))


def _cells(of: Box) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = of
    rows = range(int(top // CELL[1]), int(bottom // CELL[1]) + 1)
    for column in range(int(left // CELL[0]), int(right // CELL[0]) + 1):
        for row in rows:
            yield column, row
