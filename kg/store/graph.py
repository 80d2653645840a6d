"""The graph as its users hold it: ask it, have it explain itself, hand it to other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from kg.data import did_you_mean
from kg.errors import KgError, StoreError
from kg.model import Document, Entity, Extracted, Statement, StatementSet
from kg.schema import ID_BASE, Schema, load_schema
from kg.store import conflicts, explain, time
from kg.store.diff import Change, diff
from kg.store.names import prefixes
from kg.store.rdf import from_quads, quads_by_line, to_quads

if TYPE_CHECKING:
    from networkx import MultiDiGraph
    from pyoxigraph import Store
    from rdflib import Dataset

    from kg.query.reports import Report
    from kg.query.results import Table
    from kg.query.sparql import Value
    from kg.resolve.review import Doubt
    from kg.store.check import Problem
    from kg.store.explain import EntityExplanation
    from kg.view.drawing import Look


class Graph:
    """Statements with their evidence, held in memory (`Graph(statements)`) or in a folder (`open_folder(path)`).

    A graph is a value: it does not change, and what `to_networkx` and `to_rdflib` return are copies or read-only.
    """

    __slots__ = ("_extracted", "_folder", "_id_base", "_nquads", "_schema", "_statements", "_store", "_texts")

    def __init__(
        self,
        statements: StatementSet,
        schema: Schema | None = None,
        *,
        extracted: tuple[Extracted, ...] = (),
        id_base: str = ID_BASE,
    ) -> None:
        self._statements: StatementSet | None = statements
        self._extracted: Callable[[Mapping[str, Document]], tuple[Extracted, ...]] = lambda documents: extracted
        self._schema = schema or load_schema()
        self._id_base = id_base
        self._folder: Path | None = None
        self._store: Store | None = None
        self._texts: Callable[[], Mapping[str, str]] = dict
        self._nquads: bytes | None = None

    @classmethod
    def over(
        cls,
        store: Store,
        folder: Path,
        texts: Callable[[], Mapping[str, str]],
        extracted: Callable[[Mapping[str, Document]], tuple[Extracted, ...]],
        schema: Schema,
        *,
        id_base: str,
    ) -> Graph:
        """The graph in a store that is open for reading; use `kg.store.folder.open_folder`."""
        graph = cls(StatementSet(), schema, id_base=id_base)
        graph._statements, graph._store, graph._folder = None, store, folder
        graph._texts, graph._extracted = texts, extracted
        return graph

    @property
    def statement_set(self) -> StatementSet:
        """Documents, entities and statements. From a folder they are read once, when first asked for."""
        if self._statements is None:
            quads = self._oxigraph().quads_for_pattern(None, None, None, None)
            self._statements = from_quads(quads, id_base=self._id_base, texts=self._texts())
        return self._statements

    @property
    def entities(self) -> Mapping[str, Entity]:
        """The entities by id."""
        return self.statement_set.entities

    @property
    def counts(self) -> Mapping[str, int]:
        """How many documents, entities and statements there are; of a folder without reading them."""
        if self._folder is not None:
            from kg.store.folder import read_counts

            told = read_counts(self._folder)
            return {what: told[what] for what in ("documents", "entities", "statements")}
        found = self.statement_set
        return {
            "documents": len(found.documents),
            "entities": len(found.entities),
            "statements": len(found.statements),
        }

    def statements(
        self,
        relation: str | None = None,
        subject: str | None = None,
        object: str | None = None,  # noqa: A002  the word of the data model
        status: str | None = None,
    ) -> tuple[Statement, ...]:
        """The statements that fit all that is given, sorted by id. Ends are names, aliases or ids; a symmetric
        relation fits either way round. Raises `KgError` with a hint for a name, relation or status that is unknown.
        """
        return explain.select(
            self.statement_set, self._schema, relation=relation, subject=subject, object=object, status=status
        )

    def explain(
        self,
        subject: str,
        relation: str,
        object: str | None = None,  # noqa: A002  the word of the data model
    ) -> list[explain.Explanation]:
        """What is behind a relation of `subject` (to `object`, if given): statements of every status, the strongest
        first, each with its quotes and their documents. Raises `KgError` like `statements`.
        """
        found = self.statements(relation, subject, object)
        return explain.explain(found, self.statement_set, self._schema)

    def explain_entity(self, name: str) -> list[EntityExplanation]:
        """Why `name` (a name, alias or id) means what it means: for each entity that it may mean, its surface forms by
        document with the rule that bound each. Raises `KgError` with the nearest names for an unknown one.
        """
        return explain.explain_entities(name, self.statement_set)

    def as_of(self, day: str) -> Graph:
        """The graph of what was known to hold on a day: see `kg.store.time.as_of`. Raises `KgError` for no date."""
        return Graph(time.as_of(self.statement_set, day, self._schema), self._schema, id_base=self._id_base)

    def check(self) -> list[Problem]:
        """What is wrong with the graph, by the shapes of the ontology and against the stored texts; see
        `kg.store.check`. Raises `KgError` where the extra `check` is not installed.
        """
        from kg.store.check import check

        held = self._folder is not None  # then nothing is read back, which a damaged graph would not let
        texts = self._texts() if held else {key: each.text for key, each in self.statement_set.documents.items()}
        quads = self._oxigraph().quads_for_pattern(None, None, None, None)
        return check(quads, texts, self._schema, id_base=self._id_base)

    def conflicts(self) -> list[conflicts.Conflict]:
        """The pairs of statements that contradict each other, by kind."""
        return conflicts.conflicts(self.statement_set, self._schema)

    def report(self, name: str, entity: str | None = None) -> Report:
        """The report of that name, about one entity if given: see `kg.query.reports`. Raises `KgError`."""
        from kg.query.reports import report

        return report(name, self.statement_set, self._schema, entity=entity)

    def diff(self, after: Graph) -> list[Change]:
        """What came, went or changed from this graph to `after`."""
        return diff(self.statement_set, after.statement_set)

    def without(self, *documents: str, judgements: Iterable[str | Path] = ()) -> Graph:
        """The graph without these documents (names or hashes) and all that they brought: byte for byte as if it had
        been built without them. Raises `KgError` for a document that is not there, or whose name several have.
        """
        gone = {explain.find_document(each, self.statement_set.documents) for each in documents}
        kept = tuple(each for each in self.extracted if each.document.hash not in gone)
        return self._resolved(kept, judgements)

    def resolved(self, *judgements: str | Path) -> Graph:
        """The graph with its names resolved anew, by the judgements of these files beside the own ones. No document
        is read again. Raises `DataError` for mistakes in them, `StoreError` where the graph lacks what reading found.
        """
        return self._resolved(self.extracted, judgements)

    @property
    def extracted(self) -> tuple[Extracted, ...]:
        """What reading found in each document, sorted by hash. Raises `StoreError` where the graph does not hold it."""
        extracted = self._extracted(self.statement_set.documents)
        if len(extracted) < len(self.statement_set.documents):
            raise StoreError("the graph does not hold what reading found in its documents; build it again")
        return extracted

    def _resolved(self, extracted: tuple[Extracted, ...], judgements: Iterable[str | Path]) -> Graph:
        from kg.resolve.judgements import load_judgements
        from kg.resolve.registry import load_registry
        from kg.resolve.statements import resolve

        decided = load_judgements(*(Path(path) for path in judgements))
        statements = resolve(extracted, load_registry(), self._schema, judgements=decided)
        return Graph(statements, self._schema, extracted=extracted, id_base=self._id_base)

    def review(self, *judgements: str | Path) -> list[Doubt]:
        """What to look at, the least certain first: names that were joined or stayed apart without certainty, and that
        nobody has judged in these files or the project's own.
        """
        from kg.resolve.judgements import load_judgements
        from kg.resolve.review import review

        return review(self.statement_set, load_judgements(*(Path(path) for path in judgements)))

    def query(
        self,
        sparql: str,
        /,
        *,
        time_limit: float = 30.0,
        row_cap: int = 10_000,
        trusted: bool = False,
        **bindings: Value,
    ) -> Table:
        """The result of a SPARQL query; `bindings` fix variables of it (`a=graph.entities["acme"]`).

        It runs in a child process that is killed after `time_limit` seconds; `trusted` runs it here, without limit.
        Raises `QueryError` for a query that is wrong, refused or too slow.
        """
        from kg.query.sparql import run

        return run(
            self._oxigraph() if trusted else self._folder or self.to_nquads(),
            sparql,
            bindings=bindings,
            time_limit=time_limit,
            row_cap=row_cap,
            trusted=trusted,
            id_base=self._id_base,
        )

    def ask(self, name: str, given: Mapping[str, str] | None = None, *, time_limit: float = 30.0) -> Table:
        """The result of a named query (`kg query --list`), its parameters given as text: `{"company": "Anthropic"}`.

        Raises `KgError` for an unknown name, and for a parameter that is missing, unknown or not of its kind.
        """
        from kg.query.named import bindings_of, named_query

        asked = named_query(name)
        bindings = bindings_of(asked, given or {}, self.entities, self._schema)
        # A parameter is never called like an argument of `query`: `kg.query.named` refuses such names.
        return self.query(asked.sparql, time_limit=time_limit, **bindings)  # type: ignore[arg-type]

    def to_nquads(self) -> bytes:
        """All quads as sorted N-Quads in UTF-8: the same bytes for the same statements."""
        if self._nquads is None:
            quads = quads_by_line(self.statement_set, self._schema, id_base=self._id_base)
            self._nquads = "".join(line + "\n" for line in quads).encode("utf-8")
        return self._nquads

    def to_networkx(self) -> MultiDiGraph[str]:
        """Nodes are entity ids with `name` and `type`; edges are statements of every status, keyed by id, with
        `relation`, `status`, `confidence` and the qualifiers they have. Relations without an object become lists on
        their node.
        """
        from kg.store.network import to_networkx

        return to_networkx(self.statement_set)

    def to_rdflib(self) -> Dataset:
        """An rdflib `Dataset` over Oxigraph, all graphs as its default graph, with the prefixes of `kg.query` bound.

        Over a folder it is read-only; of a graph in memory it is a copy.
        """
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        store = self._oxigraph() if self._folder is not None else self._load()
        dataset = Dataset(store=OxigraphStore(store=store), default_union=True)
        for prefix, namespace in prefixes(self._id_base).items():
            dataset.bind(prefix, namespace, replace=True)
        return dataset

    def save(self, out: str | Path) -> None:
        """Write the graph folder `out`; see `kg.store.folder.write_folder`."""
        from kg.store.folder import write_folder

        extracted = self._extracted(self.statement_set.documents)
        write_folder(Path(out), self.statement_set, self._schema, extracted=extracted, id_base=self._id_base)

    def export(self, format: str, out: str | Path) -> None:  # noqa: A002  the word of `kg export`
        """Write the graph to `out` in one of the formats of `kg.export.EXPORTERS`. Raises `KgError` for another."""
        from kg.export import EXPORTERS

        if format not in EXPORTERS:
            raise KgError(f"no export format {format!r}: {did_you_mean(format, EXPORTERS)}")
        EXPORTERS[format](self.statement_set, Path(out))

    def view(self, out: str | Path) -> None:
        """Write the picture of the graph to the HTML file `out`."""
        from kg.view.page import write_page

        write_page(self.statement_set, Path(out))

    def picture(
        self, out: str | Path, *, form: str | None = None, result: Table | None = None, along: Iterable[str] = (),
        entity: str | None = None, hops: int = 1, **look: Unpack[Look],
    ) -> None:  # fmt: skip
        """Draw for print to `out` (`form`: svg or png, else by its ending) what is around `entity`, what a query found
        (`result`), or the best connected: see `kg.view.choice.choose`; for `look`, `kg.view.drawing.PrintOptions`."""
        from kg.export.picture import write_picture
        from kg.view.drawing import PrintOptions

        write_picture(
            self.statement_set, self._schema, Path(out), form=form, result=result, along=along, entity=entity,
            hops=hops, options=PrintOptions(**look), id_base=self._id_base,
        )  # fmt: skip

    def _oxigraph(self) -> Store:
        if self._store is None:
            self._store = self._load()
        return self._store

    def _load(self) -> Store:
        from pyoxigraph import Store

        store = Store()
        store.bulk_extend(to_quads(self.statement_set, self._schema, id_base=self._id_base))
        return store
