"""What engines promise: every task once, whatever happens to the workers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from kg.errors import DataError, KgError
from kg.scale.engine import TRIES, Engine, Here, Lost, Processes, engine_called
from tests.scale import deeds


def promises(engine: Engine, folder: Path) -> None:
    """Results as they come, what is raised, and workers that die now and then, or each time."""
    assert sorted(engine.map(deeds.squared, range(20))) == [(number, number**2) for number in range(20)]
    assert list(engine.map(deeds.squared, [])) == []
    with pytest.raises(DataError, match=r"^file:3: is refused \(leave it out\)$"):
        list(engine.map(deeds.refused, [3]))
    dying = [folder / "never", folder / "sometimes", folder / "always"]
    for path, times in zip(dying, (0, TRIES - 1, TRIES), strict=True):
        path.write_text(str(times), encoding="ascii")
    done = dict(engine.map(deeds.dying, map(str, dying)))
    assert (done[str(dying[0])], done[str(dying[1])]) == ("never", "sometimes")
    assert isinstance(done[str(dying[2])], Lost)
    assert engine.apart


def test_this_process_works_off_one_task_after_the_other() -> None:
    assert list(Here().map(deeds.squared, [3, 1, 2])) == [(3, 9), (1, 1), (2, 4)]
    with pytest.raises(DataError, match="file:5: is refused"):
        list(Here().map(deeds.refused, [5]))


@pytest.mark.slow
def test_processes(tmp_path: Path) -> None:
    promises(Processes(2), tmp_path)


@pytest.mark.slow
def test_ray(tmp_path: Path, ray_engine: Engine) -> None:
    promises(ray_engine, tmp_path)
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


def test_engines_have_names() -> None:
    assert isinstance(engine_called("here"), Here)
    assert engine_called("processes", 3) == Processes(3)
    with pytest.raises(KgError, match="no engine 'spark': known are here, processes and ray"):
        engine_called("spark")


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(KgError, match=r"install aiindkg\[scale\]"):
        list(engine_called("ray").map(deeds.squared, [1]))
