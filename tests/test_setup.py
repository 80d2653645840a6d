"""`.ci/find-python` picks the right interpreter, and the Makefile passes its word on.

The pythons here are shell scripts that answer the probe with a line, so nothing is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "sed", "cat", "test")


@dataclass(frozen=True, slots=True)
class Machine:
    """An invented machine: a folder on PATH, a home, and system folders, all empty at first."""

    path: Path
    home: Path
    system: Path

    def python(self, where: Path, *, says: str | None = None, script: str | None = None) -> Path:
        """Put a python at `where` that answers the probe with `says`, or runs `script`; without both it fails."""
        where.parent.mkdir(parents=True, exist_ok=True)
        body = script or (f"echo '{says}'" if says else "echo 'shim: command not found' >&2; exit 127")
        where.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        where.chmod(0o755)
        return where

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        base = {"PATH": str(self.path), "HOME": str(self.home), "KG_SYSTEM_ROOT": str(self.system)}
        return subprocess.run(command, env=base | env, capture_output=True, text=True, check=False, timeout=60)

    def find(self, **env: str) -> subprocess.CompletedProcess[str]:
        return self.run("/bin/sh", str(ROOT / ".ci" / "find-python"), **env)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(path=tmp_path / "bin", home=tmp_path / "home of mine", system=tmp_path / "system")
    for folder in (made.path, made.home, made.system):
        folder.mkdir()
    return made


@pytest.mark.parametrize(
    ("pythons", "best"),
    [
        ({"python3.13": "3.13", "python3.12": "3.12", "python3.11": "3.11", "python3": "3.12"}, "python3.13"),
        ({"python3.12": "3.12", "python3.11": "3.11", "python3": "3.11"}, "python3.12"),
        ({"python3.11": "3.11", "python3": "3.9"}, "python3.11"),
        ({"python3.11": "3.11", "python3": "3.13"}, "python3"),
        ({"python": "3.12"}, "python"),
        ({"python3": "3.14", "python": "3.11"}, "python"),
        ({"python3.13": None, "python3.12": None, "python3": "3.11"}, "python3"),
        ({"python3.13": "3.13 free-threaded", "python3.12": "3.12 without ensurepip", "python3": "3.11"}, "python3"),
    ],
)
def test_prefers_the_newest_that_is_usable(machine: Machine, pythons: Mapping[str, str | None], best: str) -> None:
    for name, says in pythons.items():
        machine.python(machine.path / name, says=says)
    found = machine.find()
    assert (found.returncode, found.stdout, found.stderr) == (0, f"{machine.path / best}\n", "")


@pytest.mark.parametrize(
    "place",
    [
        "home of mine/.pyenv/versions/3.13.0/bin/python3.13",
        "home of mine/.pyenv/versions/3.13.0/bin/python3",
        "home of mine/.local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3.13",
        "home of mine/.local/bin/python3.13",
        "home of mine/miniconda3/envs/new/bin/python3.13",
        "home of mine/miniforge3/bin/python3.13",
        "system/usr/local/bin/python3.13",
        "system/opt/python3.13/bin/python3.13",
        "system/opt/python/cp313-cp313/bin/python3.13",
        "system/opt/conda/bin/python3.13",
    ],
)
def test_looks_where_version_managers_put_them(machine: Machine, tmp_path: Path, place: str) -> None:
    machine.python(machine.path / "python3.13")  # a shim that fails
    machine.python(machine.path / "python3", says="3.11")
    hidden = machine.python(tmp_path / place, says="3.13")
    assert machine.find().stdout == f"{hidden}\n"


def test_the_folders_named_by_the_environment_count(machine: Machine, tmp_path: Path) -> None:
    pyenv = machine.python(tmp_path / "env" / "versions" / "3.12.4" / "bin" / "python3.12", says="3.12")
    assert machine.find(PYENV_ROOT=str(tmp_path / "env")).stdout == f"{pyenv}\n"
    conda = machine.python(tmp_path / "conda" / "bin" / "python3.13", says="3.13")
    both = machine.find(PYENV_ROOT=str(tmp_path / "env"), CONDA_PREFIX=str(tmp_path / "conda"))
    assert both.stdout == f"{conda}\n"


def test_a_failing_shim_does_not_hide_a_later_folder_on_path(machine: Machine, tmp_path: Path) -> None:
    machine.python(machine.path / "python3.12")
    second = machine.python(tmp_path / "second" / "python3.12", says="3.12")
    assert machine.find(PATH=f"{machine.path}:{second.parent}").stdout == f"{second}\n"


@pytest.mark.parametrize(
    ("says", "reason"), [(None, "does not run"), ("3.10", "is 3.10"), ("3.11 without ensurepip", "without ensurepip")]
)
def test_without_a_usable_python_one_line_says_what_to_do(machine: Machine, says: str | None, reason: str) -> None:
    machine.python(machine.path / "python3", says=says)
    found = machine.find()
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1
    for part in ("3.11, 3.12 or 3.13", "venv and ensurepip", "KG_PYTHON=", str(machine.path / "python3"), reason):
        assert part in found.stderr


def test_nothing_at_all_is_one_line_too(machine: Machine) -> None:
    found = machine.find()
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (1, "", 1)
    assert "refused" not in found.stderr


def test_kg_python_overrides_by_path_and_by_name(machine: Machine, tmp_path: Path) -> None:
    machine.python(machine.path / "python3.13", says="3.13")
    mine = machine.python(tmp_path / "mine" / "python", says="3.11")
    assert machine.find(KG_PYTHON=str(mine)).stdout == f"{mine}\n"
    named = machine.python(machine.path / "other", says="3.12")
    assert machine.find(KG_PYTHON="other").stdout == f"{named}\n"


def test_a_kg_python_that_is_no_good_is_refused_not_replaced(machine: Machine) -> None:
    machine.python(machine.path / "python3.13", says="3.13")
    old = machine.python(machine.path / "old", says="3.9")
    found = machine.find(KG_PYTHON=str(old))
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (1, "", 1)
    assert f"KG_PYTHON={old} is 3.9" in found.stderr


def test_the_probe_reads_a_real_python(machine: Machine) -> None:
    assert machine.find(KG_PYTHON=sys.executable).stdout == f"{sys.executable}\n"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("sys.version_info = (3, 10, 1)", "3.10"),
        ("sys.version_info = (3, 14, 0)", "3.14"),
        ("sys.modules['ensurepip'] = None", "without ensurepip"),
        ("sys.modules['venv'] = None", "without venv"),
        ("import platform; platform.python_implementation = lambda: 'PyPy'", "(PyPy)"),
        ("sys.abiflags = 't'", "free-threaded"),
    ],
)
def test_the_probe_sees_what_a_real_python_lacks(machine: Machine, change: str, reason: str) -> None:
    # Runs the probe, which comes last on the command line, in a real Python that was changed first.
    script = f'for probe; do :; done\nexec "{sys.executable}" -c "import sys; {change}; exec(sys.argv[1])" "$probe"'
    changed = machine.python(machine.path / "changed", script=script)
    found = machine.find(KG_PYTHON=str(changed))
    assert found.returncode == 1
    assert reason in found.stderr


@pytest.fixture
def checkout(machine: Machine, tmp_path: Path) -> Path:
    """A folder with the Makefile and empty inputs, and on PATH only the few tools that its recipes call."""
    folder = tmp_path / "check out"
    (folder / ".ci").mkdir(parents=True)
    for name in ("Makefile", ".ci/find-python"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("requirements.lock", "pyproject.toml"):
        (folder / name).touch()
    for tool in TOOLS:
        (machine.path / tool).symlink_to(shutil.which(tool) or pytest.skip(f"no {tool}"))
    return folder


FAKE_PYTHON = """
log='{log}'
case "$*" in
    *platform*) echo 3.12 ;;
    --version) echo 'Python 3.12.0' ;;
    *sys.base_prefix*) echo 'fake 3.12' ;;
    '-m venv --clear .venv') echo "$*" >> "$log"; /bin/mkdir -p .venv/bin; /bin/cp "$0" .venv/bin/python ;;
    *) echo "$*" >> "$log"; exit "$(/bin/cat '{log}.exit' 2>/dev/null || echo 0)" ;;
esac
"""


def test_make_setup_is_done_once_and_again_only_when_needed(machine: Machine, checkout: Path, tmp_path: Path) -> None:
    make = shutil.which("make") or pytest.skip("no make")
    log = tmp_path / "log"
    machine.python(machine.path / "python3.12", script=FAKE_PYTHON.format(log=log))

    def setup(*more: str, where: Path = checkout) -> list[str]:
        log.write_text("", encoding="utf-8")
        done = machine.run(make, "-C", str(where), "--no-print-directory", "setup", *more)
        assert (done.returncode == 0) is not Path(f"{log}.exit").exists(), done.stderr
        return log.read_text(encoding="utf-8").splitlines()

    venv, locked, project = setup()
    assert venv == "-m venv --clear .venv"
    assert "--require-hashes" in locked
    assert locked.endswith("--only-binary :all: -r requirements.lock")
    assert "--no-index --no-deps --no-build-isolation" in project
    assert project.endswith("--editable .")
    assert setup() == []

    later = (checkout / ".venv" / ".stamp").stat().st_mtime + 10
    os.utime(checkout / "requirements.lock", (later, later))
    Path(f"{log}.exit").write_text("7", encoding="utf-8")
    assert setup() == [locked]  # pip fails: so does make, and the old stamp stays older than the lock
    Path(f"{log}.exit").unlink()
    assert setup() == [locked, project]  # an update needs no new environment
    os.utime(checkout / "requirements.lock", (later - 60, later - 60))
    assert setup() == []

    machine.python(machine.path / "another", script=FAKE_PYTHON.format(log=log).replace("fake 3.12", "fake 3.11"))
    assert setup("KG_PYTHON=another")[0] == venv  # another Python than the one there
    assert setup("KG_PYTHON=another") == []

    moved = checkout.rename(tmp_path / "moved")
    assert setup(where=moved)[0] == venv  # the scripts in .venv/bin name the old folder
    (moved / ".venv" / "bin" / "python").unlink()
    assert setup(where=moved)[0] == venv  # the interpreter is gone


def test_make_setup_without_a_python_says_so(machine: Machine, checkout: Path) -> None:
    make = shutil.which("make") or pytest.skip("no make")
    done = machine.run(make, "-C", str(checkout), "setup")
    assert done.returncode == 2
    assert "find-python: no usable Python" in done.stderr
    assert not (checkout / ".venv").exists()


def test_make_alone_lists_the_targets(machine: Machine, checkout: Path) -> None:
    make = shutil.which("make") or pytest.skip("no make")
    listed = machine.run(make, "-C", str(checkout), "--no-print-directory").stdout
    targets = [line.split("\t")[0] for line in listed.splitlines()]
    names = ("help", "setup", "demo", "test", "lint", "model", "ontology", "lock", "clean")
    assert targets == [f"make {name}" for name in names]
