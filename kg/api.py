"""The Python API: functions that give a `Graph`, and that change one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.build import build, extract, pipeline_for
from kg.errors import ReadError
from kg.model import Extracted
from kg.read.options import DEFAULTS, Reading
from kg.read.readers import document_from_text, read
from kg.resolve.judgements import load_judgements
from kg.resolve.registry import load_registry
from kg.resolve.statements import resolve
from kg.schema import load_schema
from kg.store.connect import is_url, open_endpoint
from kg.store.edit import Edit, edit_folder
from kg.store.folder import open_folder
from kg.store.graph import Graph
from kg.store.http import basic


def build_graph(
    paths: str | Path | Iterable[str | Path],
    *,
    out: str | Path | None = None,
    add: bool = False,
    judgements: str | Path | Iterable[str | Path] = (),
    reading: Reading = DEFAULTS,
    jobs: int = 0,
) -> Graph:
    """The graph of the documents at `paths`: a file, a folder, a glob, a web address, or several. With `out`, it is
    also written there, and a build that was cut off goes on.

    With `add`, the documents of the graph in `out` are kept. `judgements`: files of decisions about who is who, beside
    the project's own. `reading`: how documents are read. `jobs`: so many processes read, each document within limits
    of time and memory (your program must then start under `if __name__ == "__main__":`); with 0, this one does.
    Raises the `ReadError` of the first document that cannot be read, after all others have been used and written.
    """
    folder = Path(out) if out is not None else None
    built = build(_given(paths), out=folder, add=add, judgements=_paths(judgements), reading=reading, jobs=jobs)
    if built.failures:
        raise built.failures[0]
    return built.graph


def _given(paths: str | Path | Iterable[str | Path]) -> list[str | Path]:
    return [paths] if isinstance(paths, str | Path) else list(paths)


def _paths(given: str | Path | Iterable[str | Path]) -> list[Path]:
    return [Path(path) for path in _given(given)]


def open_graph(place: str | Path, *, user: str | None = None, password: str = "") -> Graph:
    """The graph that `kg build --out` (or `build_graph(..., out=...)`) wrote to a folder, open for reading.

    Or the graph on a SPARQL server, `place` being the address of its queries, such as `http://localhost:7878/query`:
    queries are answered there; what else is asked is read from there. The documents' texts do not lie there.
    """
    if isinstance(place, str) and is_url(place):
        return open_endpoint(place, headers=basic(user, password) if user is not None else None)
    return open_folder(Path(place))


@contextmanager
def edit_graph(folder: str | Path, *, judgements: str | Path | Iterable[str | Path] = ()) -> Iterator[Edit]:
    """The graph in `folder`, open for changes: documents come in (`edit.add(extract_documents(...))`) and go out
    (`edit.retract(name)`), each change by itself and without reading the others. See `kg.store.edit`."""
    decided = load_judgements(*_paths(judgements))
    with edit_folder(Path(folder), load_registry(), load_schema(), judgements=decided) as edit:
        yield edit


def extract_documents(
    paths: str | Path | Iterable[str | Path],
    *,
    on_error: Callable[[ReadError], None] | None = None,
    reading: Reading = DEFAULTS,
) -> Iterator[Extracted]:
    """What reading finds in each of the documents at `paths`. One that cannot be read goes to `on_error`, and the rest
    goes on; without it, its `ReadError` is raised. `reading`: how documents are read."""

    def refuse(error: ReadError) -> None:
        raise error

    documents = read(_given(paths), on_error=on_error or refuse, options=reading)
    yield from extract(documents, pipeline_for(load_registry(), quick=reading.quick), on_error=on_error)


def extract_text(text: str, *, name: str = "text", date: str | None = None) -> Graph:
    """The graph of one text. `date`: its publication date, ISO 8601, against which "last May" is understood."""
    registry = load_registry()
    document = document_from_text(name, text, date=date)
    extracted = tuple(extract([document], pipeline_for(registry)))
    return Graph(resolve(extracted, registry, load_schema()), extracted=extracted)
