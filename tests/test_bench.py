"""The benchmarks run. How fast is for their own output to say; nothing here depends on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = sorted(
    path for path in (Path(__file__).parent / "bench").glob("*.py") if "__main__" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_runs_in_its_short_form(path: Path) -> None:
    done = subprocess.run([sys.executable, path, "--short"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "a second" in done.stdout
