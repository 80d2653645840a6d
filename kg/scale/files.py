"""Files of a run, in a folder of this machine or at an address that fsspec knows (`s3://...`, `gs://...`).

A file appears whole or not at all. Reads and writes that break raise `StoreError`.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from kg.data import extra
from kg.errors import StoreError

WHOLE_AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "memory"})
"""Stores in which an object is there once all of it is written: they need no other name meanwhile."""
UNFINISHED = ".unfinished"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def is_address(path: str) -> bool:
    """Whether this is an address for fsspec, not a path of this machine."""
    return _ADDRESS.match(path) is not None


def below(folder: str, name: str) -> str:
    """The file of that name in the folder."""
    return f"{folder.rstrip('/')}/{name}" if is_address(folder) else os.path.join(folder, name)


def make_folder(folder: str) -> None:
    with _told(folder, "the folder cannot be made"):
        if is_address(folder):
            _system(folder).makedirs(_inside(folder), exist_ok=True)
        else:
            os.makedirs(folder, exist_ok=True)


def read_bytes(path: str) -> bytes:
    with open_file(path) as file:
        return file.read()


@contextmanager
def open_file(path: str) -> Iterator[BinaryIO]:
    """The file, open to be read from any place in it."""
    with (
        _told(path, "cannot be read"),
        _system(path).open(_inside(path), "rb") if is_address(path) else open(path, "rb") as opened,
    ):
        yield opened


def write_whole(path: str, content: bytes) -> None:
    """Write the file under another name and then give it its own; in the store of objects, at once."""
    folder, _, name = path.rpartition("/" if is_address(path) else os.sep)
    fresh = below(folder or ".", f".{name}.{platform.node()}-{os.getpid()}{UNFINISHED}")
    with _told(path, "cannot be written"):
        if not is_address(path):
            Path(fresh).write_bytes(content)
            os.replace(fresh, path)
        elif path.partition("://")[0] in WHOLE_AT_ONCE:
            _system(path).pipe_file(_inside(path), content)
        else:
            _system(path).pipe_file(_inside(fresh), content)
            _system(path).mv(_inside(fresh), _inside(path))


def remove_leftovers(folder: str) -> None:
    """Remove what writers left that were killed; nobody may be writing to the folder. Stores of objects have none."""
    if not is_address(folder):
        for path in Path(folder).glob(f".*{UNFINISHED}"):
            path.unlink(missing_ok=True)


def size_of(path: str) -> int | None:
    """The bytes of the file; None where there is none."""
    try:
        return int(_system(path).size(_inside(path))) if is_address(path) else os.path.getsize(path)
    except OSError:
        return None


def files_below(address: str) -> list[str]:
    """The files below the address of a folder, or that a pattern finds, or the one at the address itself; sorted."""
    with _told(address, "cannot be listed"):
        system, inside = _system(address), _inside(address)
        found = system.glob(inside) if any(sign in inside for sign in "*?[") else system.find(inside)
        hidden = [file for file in found if any(part.startswith(".") for part in file[len(inside) :].split("/"))]
        return sorted(str(system.unstrip_protocol(file)) for file in {*found} - {*hidden})


def state_of(path: str) -> str:
    """A text that is another one once the file has changed: its size, and its time or its tag in the store."""
    with _told(path, "cannot be read"):
        if is_address(path):
            return str(_system(path).ukey(_inside(path)))
        found = os.stat(path)
        return f"{found.st_size} {found.st_mtime_ns}"


def _system(path: str) -> Any:  # fsspec has no types
    return extra("fsspec.core", "scale").url_to_fs(path)[0]


def _inside(path: str) -> str:
    return str(extra("fsspec.core", "scale").url_to_fs(path)[1])


@contextmanager
def _told(path: str, problem: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path}: {problem}: {error.strerror or error}; check the path and the rights to it"
        ) from error
