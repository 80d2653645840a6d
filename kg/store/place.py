"""Where a graph lies that is not in memory: in a folder, or on a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import Document, Extracted

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.store.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Place:
    """`store`: the open store of a `folder`; else the `endpoint` of a server; neither for a graph in memory. `texts`:
    of the documents, by hash. `extracted`: what reading found in them; nothing where it was not kept."""

    store: Store | None = None
    folder: Path | None = None
    endpoint: Endpoint | None = None
    texts: Callable[[], Mapping[str, str]] = dict
    extracted: Callable[[Mapping[str, Document]], tuple[Extracted, ...]] = lambda documents: ()
