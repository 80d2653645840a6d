"""The style file: complete, legible on both grounds, and its mistakes are named with line and hint."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.data import data_path
from kg.errors import DataError
from kg.schema import load_schema
from kg.view.inline import TEMPLATES
from kg.view.style import load_style
from tests.view.contrast import contrast

CASES = Path(__file__).parent.parent / "cases" / "style_errors.jsonl"


def variables(scheme: str) -> dict[str, str]:
    """The colours of explorer.css in the light or the dark scheme."""
    css = (TEMPLATES / "explorer.css").read_text(encoding="utf-8")
    light, by_system, by_choice = re.findall(r":root(?:\S*) \{(.*?)\}", css, re.DOTALL)
    assert by_system.split() == by_choice.split()
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light if scheme == "light" else by_system))


def test_everything_of_the_schema_is_drawn() -> None:
    style, schema = load_style(), load_schema()
    assert set(style.types) == set(schema.types)
    assert set(style.relations) == set(schema.relations)
    assert set(style.statuses) == set(schema.statuses)
    assert {name for name, drawn in style.statuses.items() if drawn.shown} == {"asserted", "planned", "rumoured"}
    assert len({drawn.dashes for drawn in style.statuses.values()}) == len(style.statuses)
    assert len(set(style.relations.values())) == len(style.relations)
    assert len({(drawn.colour, drawn.shape) for drawn in style.types.values()}) == len(style.types)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str) -> None:
    style, page = load_style(), variables(scheme)
    drawn = {name: each.colour for name, each in style.types.items()} | dict(style.relations)
    drawn |= {f"group {number}": colour for number, colour in enumerate(style.groups)}
    pale = {name for name, colour in drawn.items() if contrast(colour, page["ground"]) < 3}
    assert not pale
    for text in ("ink", "soft", "accent"):
        assert min(contrast(page[text], page["ground"]), contrast(page[text], page["side"])) >= 4.5, text
    assert contrast(page["mark-ink"], page["mark"]) >= 4.5


@pytest.mark.parametrize("case", [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()])
def test_mistakes_are_named(case: dict[str, str], tmp_path: Path) -> None:
    text = data_path("ontology/style.yaml").read_text(encoding="utf-8")
    assert text.count(case["old"]) == 1
    broken = tmp_path / "style.yaml"
    broken.write_text(text.replace(case["old"], case["new"]), encoding="utf-8")
    lines = broken.read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(lines, 1) if case["line_of"] in each)
    with pytest.raises(DataError) as caught:
        load_style(broken)
    assert str(caught.value).startswith(f"{broken}:{line}: {case['message']}")
    assert case["hint"] in str(caught.value)
