"""The questions that analysts ask, as queries with names: `ontology/queries/NAME.rq`.

A file opens with comments of a fixed form, the title and then one line a parameter; the query follows. A parameter is
a variable of the query, bound to a value before it runs. One whose default is `any` may be left open.

    # Investors of a company, with sums and the sentences that say so.
    # ?company: the company (entity)
    # ?since: only what was first reported from this day on (date) = 1900-01-01
    # ?round: the round (text) = any
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg.data import data_path, did_you_mean
from kg.errors import DataError, KgError, QueryError
from kg.model import Entity
from kg.query.sparql import iri
from kg.query.tokens import tokenize
from kg.schema import Schema
from kg.store.explain import find_entities, find_relation

if TYPE_CHECKING:
    from kg.query.sparql import Value

ANY = "any"
"""The default of a parameter that may be left open."""
RESERVED = frozenset(("time_limit", "row_cap", "trusted", "union"))
"""Names that `Graph.query` takes for itself."""

_FILE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TITLE = re.compile(r"# (?P<title>[^?\s].*\.)")
_PARAMETER = re.compile(r"# \?(?P<name>\w+): (?P<meaning>\S.*) \((?P<kind>\w+)\)(?: = (?P<default>\S.*))?")
_FORM = "write `# ?name: what it means (kind)`, and ` = default` behind it where it need not be given"
_DATES = ((re.compile(r"[0-9]{4}"), "-01-01"), (re.compile(r"[0-9]{4}-[0-9]{2}"), "-01"))
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable to bind, without `?`. `kind`: entity, relation, date, number or text.

    `default`: the text that stands where none is given; `any` leaves the variable open; None: it must be given.
    """

    name: str
    meaning: str
    kind: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question with a name. `title` is one sentence; `sparql` is the whole file, so that errors name its lines."""

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    sparql: str


def named_query(name: str) -> NamedQuery:
    """The query of that name. Raises `KgError` with the nearest name, or all of them."""
    queries = load_named_queries()
    if name not in queries:
        raise KgError(f"no query is called {name!r}: {did_you_mean(name, queries)}")
    return queries[name]


@cache
def load_named_queries(folder: Path | None = None) -> Mapping[str, NamedQuery]:
    """The queries of a folder, `ontology/queries` if not given, by name and sorted.

    Raises `DataError` (file, line, hint) for a header that is not of the form, and for parameters that are documented
    twice, that the query does not use, or whose default is not of their kind.
    """
    files = sorted((folder or data_path("ontology/queries")).glob("*.rq"), key=lambda path: path.stem)
    return MappingProxyType({path.stem: _read(path) for path in files})


def bindings_of(
    query: NamedQuery, given: Mapping[str, str], entities: Mapping[str, Entity], schema: Schema
) -> dict[str, Value]:
    """What `Graph.query` takes, from texts: entities by name, alias or id, relations by name, dates as
    `2024`, `2024-11` or `2024-11-22`.

    Raises `KgError` for a parameter that is missing, unknown or not of its kind, and for a name of several entities.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known) if known else "it has no parameters"
            raise KgError(f"{query.name} has no parameter {name!r}: {hint}")
    found: dict[str, Value] = {}
    for parameter in query.parameters:
        text = given.get(parameter.name, parameter.default)
        if text is None:
            raise KgError(f"{query.name}: {parameter.name} is missing: {parameter.meaning} ({parameter.kind})")
        if not (text == parameter.default == ANY):
            try:
                found[parameter.name] = _KINDS[parameter.kind](text.strip(), entities, schema)
            except KgError as error:
                raise KgError(f"{query.name}: {parameter.name}: {error}") from error
    return found


def _read(path: Path) -> NamedQuery:
    if not _FILE.fullmatch(path.stem):
        raise DataError(path, None, "not a name", hint="small letters, digits and single hyphens, as in money-loops.rq")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(path, None, "not UTF-8", hint="save it as UTF-8") from error
    lines = text.split("\n")
    title = _TITLE.fullmatch(lines[0])
    if title is None:
        raise DataError(path, 1, "no title", hint="begin with `# ` and a sentence that ends in a full stop")
    variables = _variables(path, text)
    parameters: dict[str, Parameter] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.startswith("#"):
            break
        parameter = _parameter(path, number, line)
        if parameter.name in parameters:
            raise DataError(path, number, f"?{parameter.name} is documented twice", hint="leave one of them")
        if parameter.name not in variables:
            hint = did_you_mean(parameter.name, variables) if variables else "it has no variables"
            raise DataError(path, number, f"the query does not use ?{parameter.name}", hint=hint)
        parameters[parameter.name] = parameter
    return NamedQuery(path.stem, title["title"], tuple(parameters.values()), text)


def _variables(path: Path, text: str) -> frozenset[str]:
    """The variables of the query, without `?`."""
    try:
        tokens = tokenize(text)
    except QueryError as error:
        raise DataError(path, error.line, f"not SPARQL: {error}") from error
    if not tokens:
        raise DataError(path, None, "no query", hint="write SELECT, ASK, CONSTRUCT or DESCRIBE below the header")
    return frozenset(token.text[1:] for token in tokens if token.kind == "variable")


def _parameter(path: Path, number: int, line: str) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    if found is None:
        raise DataError(path, number, "not a parameter", hint=_FORM + "; other comments stand below an empty line")
    parameter = Parameter(found["name"], found["meaning"], found["kind"], found["default"])
    if parameter.kind not in _KINDS:
        raise DataError(path, number, f"unknown kind {parameter.kind!r}", hint=did_you_mean(parameter.kind, _KINDS))
    if parameter.name in RESERVED:
        raise DataError(path, number, f"a parameter may not be called {parameter.name}", hint="rename the variable")
    if parameter.default not in (None, ANY) and parameter.kind in _CHECKED:
        try:
            _CHECKED[parameter.kind](parameter.default or "")
        except KgError as error:
            raise DataError(path, number, f"the default of ?{parameter.name} is wrong: {error}") from error
    return parameter


def _entity(text: str, entities: Mapping[str, Entity], schema: Schema) -> Entity:
    ids = sorted(find_entities(text, entities))
    if len(ids) > 1:
        meant = ", ".join(f"{id_} ({entities[id_].type})" for id_ in ids)
        raise KgError(f"{text!r} is the name of several: {meant}; give one of these ids")
    return entities[ids[0]]


def _relation(text: str, entities: Mapping[str, Entity], schema: Schema) -> Value:
    return iri("kg:" + find_relation(text.removeprefix("kg:"), schema).name)


def _date(text: str) -> str | date:
    """A day, or the text of a year or a month: the queries compare dates of any precision as texts."""
    shape = next((rest for shape, rest in _DATES if shape.fullmatch(text)), None)
    try:
        if shape is not None:
            datetime.fromisoformat(text + shape)
            return text
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise KgError(f"{text!r} is no date; write it as 2024, 2024-11 or 2024-11-22")


def _number(text: str) -> int | Decimal:
    if not _NUMBER.fullmatch(text):
        raise KgError(f"{text!r} is no number; write it as 2 or 0.5")
    return Decimal(text) if "." in text else int(text)


_CHECKED: Mapping[str, Callable[[str], Value]] = {"date": _date, "number": _number}
_KINDS: Mapping[str, Callable[[str, Mapping[str, Entity], Schema], Value]] = {
    "entity": _entity,
    "relation": _relation,
    "date": lambda text, entities, schema: _date(text),
    "number": lambda text, entities, schema: _number(text),
    "text": lambda text, entities, schema: text,
}
