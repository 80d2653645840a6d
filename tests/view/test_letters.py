"""The widths of text: those of the font, and lines that are no wider than they may be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.view.letters import BOLD, REGULAR, broken, fitted, halves, is_measured, letter_widths, text_width

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=60)


def test_widths_are_those_of_the_font() -> None:
    # Arial, Helvetica, Liberation Sans and Arimo agree in these, in units of which an em has 2048.
    assert text_width("A", 2048) == 1366
    assert text_width("iW", 2048) == 455 + 1933
    assert text_width("A", 2048, bold=True) == 1479
    assert text_width("AA", 10) == pytest.approx(13.34, abs=0.01)
    assert set(letter_widths()[REGULAR]) == set(letter_widths()[BOLD])
    assert is_measured("Zürich, Łódź, Αθήνα, Москва, €4B – “x”…")
    assert not is_measured("北京")
    assert text_width("北京", 10) == 20
    assert text_width("e\u0301\u200d", 10) == text_width("e", 10)


@given(TEXTS, st.floats(5, 400))
def test_fitted(text: str, width: float) -> None:
    short = fitted(text, width, 10)
    assert text_width(short, 10) <= max(width, text_width("…", 10))
    assert short == text or short.endswith("…")


@given(TEXTS, st.floats(20, 400), st.integers(1, 4))
def test_broken(text: str, width: float, lines: int) -> None:
    text = " ".join(text.split())
    out = broken(text, width, 10, lines=lines)
    assert 1 <= len(out) <= lines
    assert all(text_width(line, 10) <= width for line in out)
    assert "…" in "".join(out) or " ".join(out) == text


def test_halves() -> None:
    assert halves("Amazon Web Services", 10) == ("Amazon Web", "Services")
    assert halves("Anthropic", 10) == ("Anthropic",)
    assert broken("one two three", text_width("two three", 10), 10, lines=3) == ("one two", "three")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"weight": 500, "first": "0041", "widths": [1]}', ":1: not a row of widths"),
        ('{"weight": 400, "first": "0041", "width": [1]}', ":1: unknown key 'width' (did you mean 'widths'?)"),
        ("{", ":1: not JSON"),
    ],
)
def test_mistakes_in_the_file(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "w.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        letter_widths(path)
    assert message in str(caught.value)
