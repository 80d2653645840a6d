"""The sorted lines of a graph, with few in memory at a time."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store import lines as lines_module
from kg.store.lines import update_lines, write_lines

LINES = st.lists(st.text(st.sampled_from("ab\u00e9\U0001f600 "), min_size=1, max_size=4), max_size=40)


@given(lines=LINES, run=st.integers(1, 50), files=st.integers(2, 5))
def test_lines_are_written_sorted_and_once(lines: list[str], run: int, files: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "RUN", run)
        patch.setattr(lines_module, "FILES", files)
        path = Path(folder, "g.nq")
        write_lines(path, iter(lines))
        assert path.read_text(encoding="utf-8") == "".join(line + "\n" for line in sorted(set(lines)))
        assert [each.name for each in Path(folder).iterdir()] == ["g.nq"]


@given(lines=LINES, gone=LINES, come=LINES)
def test_lines_are_brought_up_to_date(lines: list[str], gone: list[str], come: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "g.nq")
        write_lines(path, lines)
        update_lines(path, {**dict.fromkeys(gone, False), **dict.fromkeys(come, True)})
        left = (set(lines) - set(gone)) | set(come)
        assert path.read_text(encoding="utf-8") == "".join(line + "\n" for line in sorted(left))
