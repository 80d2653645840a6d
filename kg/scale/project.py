"""What the steps of a run go by, beside the documents: names that are known, the schema, judgements, and the code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.data import data_path
from kg.model import content_hash
from kg.resolve.judgements import Judgements, load_judgements
from kg.resolve.registry import load_registry
from kg.scale.files import below, is_address, read_bytes, write_whole
from kg.schema import ID_BASE, load_schema
from kg.store.rejoin import Rules

RESOLVED_BY = ("kg/model.py", "kg/schema.py", "kg/resolve", "kg/store", "kg/scale")


@dataclass(frozen=True, slots=True)
class Project:
    """`judgements`: files of them, in the folder of the run. `entities`: a folder of names in the place of the
    project's own. `extraction`, `resolution`: hashes of all that extraction, and what follows it, depend on."""

    extraction: str
    resolution: str
    judgements: tuple[str, ...] = ()
    entities: str | None = None
    id_base: str = ID_BASE


def project_of(judgements: Iterable[Path], folder: str, *, entities: Path | None = None) -> Project:
    """The project as it is now. Judgements are copied to the folder of the run, which every machine can read.

    Raises `DataError` for mistakes in them.
    """
    from kg.batch.version import extraction_version

    given = [path for path in judgements if path.exists()]
    load_judgements(*given)
    copies = []
    for number, path in enumerate(given):
        content = path.read_bytes()
        copies.append(below(folder, f"judgements-{number}-{hashlib.sha256(content).hexdigest()[:16]}.jsonl"))
        write_whole(copies[-1], content)
    known = [] if entities is None else [path.read_text(encoding="utf-8") for path in sorted(entities.glob("*.jsonl"))]
    extraction = content_hash(extraction_version(), *known)
    resolution = content_hash(extraction, _code(), data_path("seeds/judgements.jsonl").read_text("utf-8"), *copies)
    return Project(extraction, resolution, tuple(copies), str(entities) if entities is not None else None)


@cache
def rules_of(project: Project) -> Rules:
    """Loaded once in each process. Raises `DataError` for mistakes in the files."""
    registry = load_registry(Path(project.entities)) if project.entities is not None else load_registry()
    return Rules(registry, load_schema(), _judgements(project.judgements))


def _judgements(files: Iterable[str]) -> Judgements:
    with TemporaryDirectory() as folder:
        here = []
        for number, file in enumerate(files):
            here.append(Path(folder, f"{number}.jsonl") if is_address(file) else Path(file))
            if is_address(file):
                here[-1].write_bytes(read_bytes(file))
        return load_judgements(*here)


@cache
def _code() -> str:
    root, found = Path(__file__).parent.parent.parent, hashlib.sha256()
    for name in RESOLVED_BY:
        place = root / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]
