"""The graph as its users hold it: ask it, have it explain itself, hand it to other tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from kg.data import did_you_mean
from kg.errors import KgError, StoreError
from kg.model import Entity, Extracted, Statement, StatementSet
from kg.schema import ID_BASE, Schema, load_schema
from kg.store import conflicts, explain, time
from kg.store.diff import Change, diff
from kg.store.entities import entities_called, read_entities
from kg.store.place import Place
from kg.store.rdf import from_quads, quads_by_line, to_quads

if TYPE_CHECKING:
    from networkx import MultiDiGraph
    from pyoxigraph import Store
    from pyvis.network import Network
    from rdflib import Dataset

    from kg.query.reports import Report
    from kg.query.results import Table
    from kg.query.sparql import Value
    from kg.resolve.review import Doubt
    from kg.store.check import Problem
    from kg.store.entities import Quads
    from kg.store.explain import EntityExplanation
    from kg.view.choice import Chosen
    from kg.view.drawing import PrintOptions
    from kg.view.frame import Framed


class Graph:
    """Statements with their evidence, held in memory (`Graph(statements)`), in a folder (`open_folder(path)`) or on a
    server (`open_endpoint(url)`). It is a value: it does not change, and `to_networkx` and `to_rdflib` return copies.
    """

    __slots__ = ("_entities", "_id_base", "_nquads", "_place", "_schema", "_statements", "_store")

    def __init__(
        self,
        statements: StatementSet,
        schema: Schema | None = None,
        *,
        extracted: tuple[Extracted, ...] = (),
        id_base: str = ID_BASE,
    ) -> None:
        self._statements: StatementSet | None = statements
        self._entities: Mapping[str, Entity] | None = None
        self._schema = schema or load_schema()
        self._id_base = id_base
        self._place = Place(extracted=lambda documents: extracted)
        self._store: Store | None = None
        self._nquads: bytes | None = None

    @classmethod
    def at(cls, place: Place, schema: Schema, *, id_base: str) -> Graph:
        """The graph that lies there; use `kg.store.folder.open_folder` or `kg.store.connect.open_endpoint`."""
        graph = cls(StatementSet(), schema, id_base=id_base)
        graph._statements, graph._store, graph._place = None, place.store, place
        return graph

    @property
    def statement_set(self) -> StatementSet:
        """Documents, entities and statements. Read once, when first asked for, where they lie elsewhere."""
        if self._statements is None:
            self._statements = from_quads(
                self._quads(None, None, None, None), id_base=self._id_base, texts=self._place.texts()
            )
        return self._statements

    @property
    def id_base(self) -> str:
        """The base of the ids as IRIs."""
        return self._id_base

    @property
    def entities(self) -> Mapping[str, Entity]:
        """The entities by id. From a folder they are read once, without the statements about them."""
        if self._statements is not None:
            return self._statements.entities
        if self._entities is None:
            self._entities = read_entities(self._quads, id_base=self._id_base)
        return self._entities

    @property
    def counts(self) -> Mapping[str, int]:
        """How many documents, entities and statements there are; of a folder without reading them."""
        if self._place.folder is not None:
            from kg.store.folder import read_counts

            told = read_counts(self._place.folder)
            return {what: told[what] for what in ("documents", "entities", "statements")}
        found = self.statement_set
        counted = {"documents": found.documents, "entities": found.entities, "statements": found.statements}
        return {what: len(each) for what, each in counted.items()}

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

        held = self._place.folder is not None  # then nothing is read back, which a damaged graph would not let
        texts = self._place.texts() if held else {key: each.text for key, each in self.statement_set.documents.items()}
        quads = self._quads(None, None, None, None)
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
        is read again. Raises `DataError` for mistakes in them, `StoreError` where it lacks what reading found."""
        return self._resolved(self.extracted, judgements)

    @property
    def extracted(self) -> tuple[Extracted, ...]:
        """What reading found in each document, sorted by hash. Raises `StoreError` where the graph does not hold it."""
        extracted = self._place.extracted(self.statement_set.documents)
        if len(extracted) < len(self.statement_set.documents):
            remedy = (
                "on a server it never lies: use the folder" if self._place.endpoint is not None else "build it again"
            )
            raise StoreError(f"the graph does not hold what reading found in its documents; {remedy}")
        return extracted

    def _resolved(self, extracted: tuple[Extracted, ...], judgements: Iterable[str | Path]) -> Graph:
        from kg.resolve.anew import resolve_anew

        statements = resolve_anew(extracted, self._schema, judgements)
        return Graph(statements, self._schema, extracted=extracted, id_base=self._id_base)

    def review(self, *judgements: str | Path) -> list[Doubt]:
        """Names that were joined or stayed apart without certainty, the least certain first, and that nobody judged."""
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
        union: bool = True,
        **bindings: Value,
    ) -> Table:
        """The result of a SPARQL query; `bindings` fix variables of it (`a=graph.entities["acme"]`). It runs in a child
        process that is killed after `time_limit` seconds; `trusted` runs it here, without limit. `union`: all graphs
        are one. Raises `QueryError` for a query that is wrong, refused or too slow."""
        from kg.query.sparql import run

        return run(
            self._place.endpoint or (self._oxigraph() if trusted else self._place.folder or self.to_nquads()),
            sparql,
            bindings=bindings,
            time_limit=time_limit,
            row_cap=row_cap,
            trusted=trusted,
            union=union,
            id_base=self._id_base,
        )

    def ask(self, name: str, given: Mapping[str, str] | None = None, *, time_limit: float | None = None) -> Table:
        """The result of a named query (`kg query --list`), its parameters given as text: `{"company": "Anthropic"}`.
        It is one of ours, so it runs in this process, at once; with a `time_limit` in one that can be killed, like
        `query`. Raises `KgError` for an unknown name, and for a parameter that is missing, unknown or not of its kind.
        """
        from kg.query.named import bindings_of, named_query

        asked, texts = named_query(name), given or {}
        names = [texts[each.name].strip() for each in asked.parameters if each.kind == "entity" and each.name in texts]
        held = self._statements is not None or self._entities is not None
        entities = self.entities if held else entities_called(names, self._quads, id_base=self._id_base)
        bindings = bindings_of(asked, texts, entities, self._schema)
        # A parameter is never called like an argument of `query`: `kg.query.named` refuses such names.
        trusted, seconds = time_limit is None, 30.0 if time_limit is None else time_limit
        return self.query(asked.sparql, time_limit=seconds, trusted=trusted, **bindings)  # type: ignore[arg-type]

    def to_nquads(self) -> bytes:
        """All quads as sorted N-Quads in UTF-8: the same bytes for the same statements."""
        if self._nquads is None:
            quads = quads_by_line(self.statement_set, self._schema, id_base=self._id_base)
            self._nquads = "".join(line + "\n" for line in quads).encode("utf-8")
        return self._nquads

    def to_networkx(self) -> MultiDiGraph[str]:
        """The statements as edges; see `kg.store.multigraph.multigraph`."""
        from kg.store.multigraph import multigraph

        return multigraph(self.statement_set)

    def to_rdflib(self) -> Dataset:
        """An rdflib `Dataset` over Oxigraph, all graphs as its default graph, with the prefixes of `kg.query` bound.

        Over a folder it is read-only; of a graph in memory it is a copy.
        """
        from kg.store.dataset import dataset

        return dataset(self._oxigraph() if self._place.folder is not None else self._load(), id_base=self._id_base)

    def save(self, out: str | Path) -> None:
        """Write the graph folder `out`; see `kg.store.folder.write_folder`."""
        from kg.store.folder import write_folder

        extracted = self._place.extracted(self.statement_set.documents)
        write_folder(Path(out), self.statement_set, self._schema, extracted=extracted, id_base=self._id_base)

    def export(self, format: str, out: str | Path) -> None:  # noqa: A002  the word of `kg export`
        """Write the graph to `out` in one of the formats of `kg.export.EXPORTERS`. Raises `KgError` for another."""
        from kg.export import EXPORTERS

        if format not in EXPORTERS:
            raise KgError(f"no export format {format!r}: {did_you_mean(format, EXPORTERS)}")
        EXPORTERS[format](self.statement_set, Path(out))

    def view(self, out: str | Path | None = None, **chosen: Unpack[Chosen]) -> Framed:
        """The explorer over the whole graph, written to the HTML file `out` if given, and shown where a notebook ends a
        cell with it. `chosen`: what it opens on, else the best connected; see `kg.view.choice.Chosen`."""
        from kg.view.frame import framed

        folder = self._place.folder
        return framed(self.statement_set, self._schema, out, folder=folder, id_base=self._id_base, **chosen)

    def to_pyvis(self) -> Network:
        """The basic picture: a pyvis network with given positions, whose page asks nothing of the network."""
        from kg.view import to_pyvis

        return to_pyvis(self.statement_set)

    def picture(
        self, out: str | Path, *, form: str | None = None, look: PrintOptions | None = None, **chosen: Unpack[Chosen]
    ) -> None:
        """Draw for print to `out`, as `form` (svg or png, else the ending of `out`) what is `chosen`, else the best
        connected; see `kg.view.choice.Chosen`."""
        from kg.export.picture import write_picture

        write_picture(
            self.statement_set, self._schema, Path(out), form=form, options=look, id_base=self._id_base, **chosen
        )

    @property
    def _quads(self) -> Quads:
        return self._place.endpoint.quads if self._place.endpoint is not None else self._oxigraph().quads_for_pattern

    def _oxigraph(self) -> Store:
        if self._store is None:
            self._store = self._load()
        return self._store

    def _load(self) -> Store:
        from pyoxigraph import Store

        store = Store()
        store.bulk_extend(to_quads(self.statement_set, self._schema, id_base=self._id_base))
        return store
