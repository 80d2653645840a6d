"""The look of print: legible on both papers, and mistakes in the file are named with line and hint."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.data import data_path
from kg.errors import DataError
from kg.view.paper import load_paper, mixed
from kg.view.style import load_style
from tests.view.contrast import contrast, luminance


@pytest.mark.parametrize("dark", [False, True])
def test_contrast(dark: bool) -> None:
    paper, style = load_paper(dark=dark), load_style()
    assert contrast(paper.ink, paper.ground) >= 7
    assert contrast(paper.soft, paper.ground) >= 4.5
    assert (luminance(paper.ground) < 0.1) is dark
    for name, colour in style.relations.items():
        assert contrast(colour, paper.ground) >= 3, name
        assert contrast(mixed(colour, 0.55, paper.ink), paper.ground) >= 4.5, name
    for name, drawn in style.types.items():
        assert contrast(drawn.colour, paper.ground) >= 3, name


def test_what_is_not_shown_at_first_is_faded_with_a_sign() -> None:
    hidden = {name for name, drawn in load_style().statuses.items() if not drawn.shown}
    assert set(load_paper().signs) == hidden
    assert mixed("#000000", 0.5, "#ffffff") == "#808080"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('ink: "#16202b"', 'inc: "#16202b"', ":9: unknown key 'inc' (did you mean 'ink'?)"),
        ('ink: "#16202b"', 'ink: "black"', ":9: bad colour 'black' (as in \"#4e79a7\")"),
        ("faded: 0.5", "faded: 2", ":9: bad 'faded' (a number from 0 to 1)"),
        ("ended: bar", "ended: baar", ":13: unknown sign 'baar' (did you mean 'bar'?)"),
        ("ended: bar", "endet: bar", ":13: unknown status 'endet' (did you mean 'ended'?)"),
        ("fonts: [Arimo,", "fonts: [4,", ":5: bad 'fonts'"),
        ("fonts:", "font:", "unknown key 'font' (did you mean 'fonts'?)"),
    ],
)
def test_mistakes_in_the_file(tmp_path: Path, before: str, after: str, message: str) -> None:
    text = data_path("ontology/print.yaml").read_text(encoding="utf-8")
    assert len(re.findall(re.escape(before), text)) >= 1
    path = tmp_path / "print.yaml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_paper(path)
    assert message in str(caught.value)
