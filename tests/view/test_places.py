"""Where nodes stood last time: they stay there, in a file that may be damaged or not be written."""

from __future__ import annotations

import random
import statistics
from pathlib import Path

import pytest

from kg.schema import load_schema
from kg.store.folder import PLACES, open_folder, write_folder
from kg.view.layout import HEIGHT, positions
from kg.view.places import read_places, write_places
from tests.view.sample_statements import sample


def industry(count: int, seed: int) -> list[tuple[str, str]]:
    """Edges of a graph like ours: a few nodes have many, most one."""
    rng = random.Random(seed)
    pairs = ((f"n{int(count ** rng.random()) - 1}", f"n{rng.randrange(count)}") for _ in range(count * 13 // 10))
    return [pair for pair in pairs if pair[0] != pair[1]]


def nodes_of(edges: list[tuple[str, str]]) -> list[str]:
    return sorted({end for pair in edges for end in pair})


@pytest.mark.parametrize("count", [60, 700])
def test_old_nodes_hardly_move_when_some_are_added(count: int) -> None:
    edges = industry(count, 3)
    before = positions(nodes_of(edges), edges)
    rng = random.Random(4)
    more = [*edges, *((f"new{n}", rng.choice(nodes_of(edges))) for n in range(count // 20))]
    after = positions(nodes_of(more), more, before=before)
    across = max(abs(x) for place in before.values() for x in place)
    moved = sorted(max(abs(after[node][axis] - place[axis]) for axis in (0, 1)) for node, place in before.items())
    assert statistics.median(moved) <= 0.005 * across
    assert moved[int(len(moved) * 0.95)] <= 0.05 * across


def test_the_same_places_give_the_same_picture() -> None:
    edges = industry(80, 5)
    before = positions(nodes_of(edges), edges)
    assert positions(nodes_of(edges), edges, before=before) == before
    assert positions(list(reversed(nodes_of(edges))), list(reversed(edges))) == before


def test_labels_of_the_first_view_do_not_overlap() -> None:
    edges = industry(900, 6)
    degree = {node: sum(node in pair for pair in edges) for node in nodes_of(edges)}
    first = sorted(degree, key=lambda node: (-degree[node], node))[:60]
    places = positions(nodes_of(edges), edges, widths=dict.fromkeys(first, 80.0), first=first, screen=(1280, 800))
    spots = [places[node] for node in first]
    spread = [max(each[axis] for each in spots) - min(each[axis] for each in spots) for axis in (0, 1)]
    scale = min((1280 - 80) / spread[0], (800 - HEIGHT) / spread[1])
    clashes = [
        (one, other)
        for number, one in enumerate(spots)
        for other in spots[number + 1 :]
        if abs(one[0] - other[0]) * scale < 80 - 4 and abs(one[1] - other[1]) * scale < 20
    ]
    assert clashes == []


def test_the_folder_remembers_and_a_new_build_keeps_it(tmp_path: Path) -> None:
    found = sample()
    write_folder(tmp_path / "g", found, load_schema())
    first = open_folder(tmp_path / "g").view().html
    held = (tmp_path / "g" / PLACES).read_bytes()
    assert set(read_places(tmp_path / "g")) >= {each.subject for each in found.statements}
    write_folder(tmp_path / "g", found, load_schema())
    assert (tmp_path / "g" / PLACES).read_bytes() == held
    assert open_folder(tmp_path / "g").view().html == first


@pytest.mark.parametrize(
    "text", ["", "[", "[1]", '{"a": [1]}', '{"a": ["x", 2]}', '{"a": [1e400, 2]}', '{"a": null}', "[" * 9000]
)
def test_a_damaged_file_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / PLACES).write_text(text, encoding="utf-8")
    assert read_places(tmp_path) == {}


def test_what_cannot_be_written_is_left(tmp_path: Path) -> None:
    assert write_places(tmp_path / "nowhere", {"a": (1.0, 2.0)}) is False
    assert write_places(tmp_path, {"b": (1.4, 2.0), "a": (0.0, -3.0)}) is True
    assert read_places(tmp_path) == {"a": (0.0, -3.0), "b": (1.0, 2.0)}
    assert [path.name for path in tmp_path.iterdir()] == [PLACES]
