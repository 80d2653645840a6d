"""The PNG: of the size asked for, painted with everything in its colour, with the font that was measured."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kg.errors import KgError
from kg.export.picture import write_picture
from kg.export.png import png
from kg.schema import load_schema
from tests.view.drawings import drawn
from tests.view.sample_statements import sample

Pixels = NDArray[np.int16]


def pixels(data: bytes) -> Pixels:
    """Height by width by red, green, blue, alpha of a PNG with eight bits a channel, not interlaced."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, packed, header = 8, b"", b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body, at = data[at + 8 : at + 8 + size], at + 12 + size
        header = body if kind == b"IHDR" else header
        packed += body if kind == b"IDAT" else b""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    assert (depth, colour, interlaced) == (8, 6, 0)
    rows = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(height, 1 + 4 * width)
    out = np.zeros((height, 4 * width), dtype=np.uint8)
    for number, row in enumerate(rows):
        above = out[number - 1] if number else np.zeros(4 * width, dtype=np.uint8)
        out[number] = _unfiltered(int(row[0]), row[1:], above)
    return out.reshape(height, width, 4).astype(np.int16)


def _unfiltered(kind: int, row: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if kind in (0, 2):
        return row + above if kind else row
    done = [0] * len(row)
    given, over = row.tolist(), above.tolist()
    for i, value in enumerate(given):
        left, up, corner = (done[i - 4] if i >= 4 else 0), over[i], (over[i - 4] if i >= 4 else 0)
        guess = left if kind == 1 else (left + up) // 2
        if kind == 4:
            far = [abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)]
            guess = (left, up, corner)[far.index(min(far))]
        done[i] = (value + guess) % 256
    return np.array(done, dtype=np.uint8)


def rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_size_and_colours(scale: float) -> None:
    given = drawn(sample(), width=800, height=600)
    seen = pixels(png(given, scale=scale))
    assert seen.shape == (600 * scale, 800 * scale, 4)
    assert (seen[..., 3] == 255).all()
    assert seen[0, 0, :3].tolist() == rgb(given.paper.ground)
    for node in given.symbols:
        if node.of and not node.outline:
            x, y = (int(part * scale) for part in node.centre)
            assert np.abs(seen[y, x, :3] - rgb(node.fill)).max() <= 3, node.of


def test_each_word_is_painted_in_its_box() -> None:
    given = drawn(sample(), dark=True)
    seen = pixels(png(given, scale=1.0))[..., :3]
    for each in (*given.names, *given.margin):
        left, top, right, bottom = (round(side) for side in each.box)
        inked = (np.abs(seen[top:bottom, left:right] - rgb(each.colour)).sum(axis=2) < 90).mean()
        assert inked > 0.03, each.lines
    left, top, right, bottom = (round(side) for side in given.margin[0].box)
    beside = seen[top:bottom, right + 2 : right + 200]
    assert (beside == rgb(given.paper.ground)).all(), "the title is wider than measured"


def test_the_file_is_the_same_each_time(tmp_path: Path) -> None:
    write_picture(sample(), load_schema(), tmp_path / "a.png")
    write_picture(sample(), load_schema(), tmp_path / "b.png")
    data = (tmp_path / "a.png").read_bytes()
    assert data == (tmp_path / "b.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (3200, 2000)


@pytest.mark.parametrize("scale", [0.0, -1.0, 11.0, 9.0, float("nan")])
def test_a_scale_out_of_reason(scale: float) -> None:
    with pytest.raises(KgError, match="choose a scale above 0"):
        png(drawn(sample()), scale=scale)


@pytest.mark.parametrize("module", ["resvg_py", "fontpkg_arimo"])
def test_without_the_extra(module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(KgError, match=rf"{module} is not installed: install aiindkg\[pictures\]"):
        write_picture(sample(), load_schema(), tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()
