"""What SPARQL endpoints answer, as cells: terms in the form of the SPARQL 1.1 JSON results.

Virtuoso departs from that form in ways that are mended here: it calls typed literals so, writes booleans as 1 and 0,
gives blank nodes labels that are none, and answers ASK with a table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kg.store.names import XSD

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode

    from kg.store.stores import Json

    Plain = NamedNode | BlankNode | Literal
    Row = list[Plain | None]

_VIRTUOSO_ASK = "__ASK_RETVAL"
_BOOLEANS = {"0": "false", "1": "true"}
_NO_LABEL = re.compile(r"[^A-Za-z0-9]")


def cell_of(term: object) -> Json:
    """The cell of a term, as `kg.query.child` makes it."""
    from pyoxigraph import BlankNode, Literal, NamedNode

    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        told: dict[str, Json] = {"type": "literal", "value": term.value}
        if term.language is not None:
            told["xml:lang"] = term.language
        elif term.datatype.value != XSD + "string":
            told["datatype"] = term.datatype.value
        return told
    raise ValueError(f"{term}, which is no term of RDF 1.1")


def term_of(cell: Mapping[str, Json]) -> Plain:
    """The term in a cell. Raises ValueError for what is none, KeyError where a part is missing."""
    from pyoxigraph import BlankNode, Literal, NamedNode

    value, kind = _text(cell["value"]), cell["type"]
    if kind == "uri":
        return NamedNode(value)
    if kind == "bnode":
        return BlankNode(_NO_LABEL.sub("x", value))
    if kind not in ("literal", "typed-literal"):
        raise ValueError(f"a term of the unknown type {kind!r}")
    if (language := cell.get("xml:lang")) is not None:
        return Literal(value, language=_text(language))
    datatype = _text(cell.get("datatype", XSD + "string"))
    if kind == "typed-literal" and datatype == XSD + "boolean":
        value = _BOOLEANS.get(value, value)
    return Literal(value, datatype=NamedNode(datatype))


class Results:
    """A table that came as SPARQL 1.1 JSON results; `variables` are None for the answer to an ASK."""

    __slots__ = ("_bindings", "boolean", "variables")

    def __init__(self, body: bytes) -> None:
        """Raises ValueError for what is no such table."""
        answer = json.loads(body)
        if not isinstance(answer, dict):
            raise ValueError("the answer is no JSON object")
        self.boolean: bool | None = answer["boolean"] if isinstance(answer.get("boolean"), bool) else None
        self.variables: list[str] = []
        self._bindings: list[Mapping[str, Mapping[str, Json]]] = []
        if self.boolean is None:
            try:
                self.variables = [_text(name) for name in answer["head"]["vars"]]
                self._bindings = list(answer["results"]["bindings"])
            except (KeyError, TypeError) as error:
                raise ValueError("the answer has neither a boolean nor variables and bindings") from error
            if self.variables == [_VIRTUOSO_ASK]:
                self.boolean = self._bindings[0][_VIRTUOSO_ASK]["value"] == "1" if self._bindings else False

    def __len__(self) -> int:
        return len(self._bindings)

    def rows(self) -> Iterator[Row]:
        """The rows, None where a variable is not bound. Raises ValueError for what is no term."""
        try:
            for binding in self._bindings:
                yield [term_of(binding[name]) if name in binding else None for name in self.variables]
        except (KeyError, TypeError) as error:
            raise ValueError(f"a binding lacks a part: {error}") from error


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} where text should be")
    return value
