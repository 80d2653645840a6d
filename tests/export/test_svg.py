"""The SVG: well-formed, with all that the drawing has, and nothing in it that runs, loads or deceives."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kg.export.picture import write_picture
from kg.export.svg import svg
from kg.model import StatementSet
from kg.schema import load_schema
from kg.view.drawing import PrintOptions
from tests.view.drawings import drawn
from tests.view.random_statements import random_statements
from tests.view.sample_statements import hostile, sample

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "rect", "g", "path", "circle", "text"}
ATTRIBUTES = {
    "version", "width", "height", "viewBox", "role", "aria-labelledby", "aria-hidden", "id", "d", "fill", "stroke",
    "stroke-width", "stroke-dasharray", "stroke-linejoin", "cx", "cy", "r", "x", "y", "text-anchor", "font-family",
    "font-size", "font-weight", "textLength", "lengthAdjust",
}  # fmt: skip


@pytest.mark.parametrize("which", [sample, hostile, StatementSet, lambda: random_statements(1, 60, 150)])
@pytest.mark.parametrize("dark", [False, True])
def test_it_is_plain_svg(which: type[StatementSet], dark: bool) -> None:
    given = drawn(which(), dark=dark, all_statuses=True)
    text = svg(given)
    root = ElementTree.fromstring(text.encode("utf-8"))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= ELEMENTS
    assert {name for each in root.iter() for name in each.attrib} <= ATTRIBUTES
    assert root.attrib["viewBox"] == "0 0 1600 1000"
    assert root.attrib["role"] == "img"
    named = {each.attrib["id"]: each for each in root if "id" in each.attrib}
    assert root.attrib["aria-labelledby"].split() == ["title", "desc"]
    assert named["title"].text == given.title
    assert named["desc"].text == given.description
    assert [each.tag for each in root][:3] == [f"{SVG}title", f"{SVG}desc", f"{SVG}rect"]
    assert root.find(f"{SVG}rect").attrib["fill"] == given.paper.ground  # type: ignore[union-attr]


def test_all_of_the_drawing_is_in_it() -> None:
    given = drawn(sample(), all_statuses=True)
    root = ElementTree.fromstring(svg(given).encode("utf-8"))
    parts = {each.attrib["id"]: each for each in root if each.tag == f"{SVG}g"}
    assert [each.text for each in parts["edges"].iter(f"{SVG}title")] == [each.of for each in given.curves]
    assert [each.text for each in parts["nodes"].iter(f"{SVG}title")] == [each.of for each in given.symbols]
    words = [line for each in (*given.notes, *given.names) for line, *_ in each.lines]
    assert [each.text for each in parts["words"].iter(f"{SVG}text")] == words
    assert [each.text for each in parts["legend"].iter(f"{SVG}text")] == [
        line for each in given.margin for line, *_ in each.lines
    ]
    dashed = [each for each in parts["edges"].iter(f"{SVG}path") if "stroke-dasharray" in each.attrib]
    assert len(dashed) == sum(bool(each.dashes) for each in given.curves) == 4


def test_words_take_the_place_that_was_measured() -> None:
    given = drawn(sample())
    root = ElementTree.fromstring(svg(given).encode("utf-8"))
    texts = [each for each in root.iter(f"{SVG}text") if each.attrib.get("aria-hidden") is None]
    widths = {line: wide for each in (*given.names, *given.notes, *given.margin) for line, _, _, wide in each.lines}
    for each in texts:
        assert each.text
        assert float(each.attrib["textLength"]) > 0
    zeta = next(each for each in texts if each.text == "Zetamind")
    assert float(zeta.attrib["textLength"]) == pytest.approx(widths["Zetamind"], abs=0.06)
    assert root.attrib["font-family"].endswith(", sans-serif")


def test_hostile_text_is_harmless() -> None:
    text = svg(drawn(hostile(), all_statuses=True, title="</title><script>alert(5)</script>\u202e\x00\ud800"))
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufffe\uffff]", text)
    assert not re.search(r"(?:href|src|onload|style)\s*=|url\(|@import|<!ENTITY", text.replace("src=x", ""))
    root = ElementTree.fromstring(text.encode("utf-8"))
    assert root.find(f"{SVG}title").text == "</title><script>alert(5)</script>\ufffd"  # type: ignore[union-attr]


def test_the_file(tmp_path: Path) -> None:
    write_picture(sample(), load_schema(), tmp_path / "a.svg")
    write_picture(sample(), load_schema(), tmp_path / "b.svg")
    write_picture(
        sample(), load_schema(), tmp_path / "dark.svg", options=PrintOptions(dark=True, width=900, height=700)
    )
    light = (tmp_path / "a.svg").read_bytes()
    assert light == (tmp_path / "b.svg").read_bytes()
    assert light == svg(drawn(sample())).encode("utf-8")
    assert light.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    assert b'width="900" height="700" viewBox="0 0 900 700"' in (tmp_path / "dark.svg").read_bytes()


@pytest.mark.parametrize("top", [12, 60])
def test_as_many_are_drawn_as_one_asks_for(top: int, tmp_path: Path) -> None:
    write_picture(random_statements(8, 90, 200), load_schema(), tmp_path / "a.svg", top=top)
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    nodes = next(each for each in root if each.attrib.get("id") == "nodes")
    assert len(list(nodes.iter(f"{SVG}title"))) == top
