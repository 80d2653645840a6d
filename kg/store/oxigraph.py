"""Quads in Oxigraph: in memory, or in a folder on disk."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.store.stores import checked, parsed, update_text

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Quad
    from pyoxigraph import Store as Oxigraph

    from kg.store.stores import GraphName


class OxigraphStore:
    """A store in memory, or in `folder`, which is made if it is not there.

    The folder is open only while something is done with it: readers that open it while another process writes may find
    files gone. `source`: what a query runs on; of a folder that is the folder, so that a child process opens it.
    Raises `StoreError` where the folder cannot be opened or written.
    """

    __slots__ = ("source",)

    def __init__(self, folder: Path | None = None) -> None:
        from pyoxigraph import Store

        self.source: Path | Oxigraph = Store() if folder is None else folder
        self._writing(lambda store: None)

    @property
    def most(self) -> int:
        return sys.maxsize

    def change(self, *, remove: Iterable[Quad] = (), add: Iterable[Quad] = ()) -> None:
        gone, come = checked(remove), checked(add)
        if gone:
            self._writing(lambda store: store.update(update_text(gone, come)))
        elif come:
            self._writing(lambda store: store.extend(come))

    def load(self, nquads: bytes) -> None:
        quads = parsed(nquads)
        self._writing(lambda store: store.bulk_extend(quads))

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: NamedNode | Literal | None = None,  # noqa: A002
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        from pyoxigraph import Store

        try:
            store = Store.read_only(str(self.source)) if isinstance(self.source, Path) else self.source
            yield from store.quads_for_pattern(subject, predicate, object, graph)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"{self.source}: cannot be read: {error}; is another process writing there?") from error

    def graphs(self) -> dict[GraphName, int]:
        return dict(Counter(quad.graph_name for quad in self.quads()))

    def drop(self, graph: NamedNode) -> None:
        self._writing(lambda store: store.remove_graph(graph))

    def clear(self) -> None:
        self._writing(lambda store: store.clear())

    def _writing(self, work: Callable[[Oxigraph], None]) -> None:
        from pyoxigraph import Store

        if not isinstance(self.source, Path):
            work(self.source)
            return
        try:
            store = Store(str(self.source))
            work(store)
            store.flush()
        except (OSError, RuntimeError) as error:
            advice = "check rights and free space, and that no other process writes there"
            raise StoreError(f"{self.source}: cannot be written: {error}; {advice}") from error
