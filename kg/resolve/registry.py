"""What is known beforehand: the entity registry of `seeds/entities/`.

A *surface form* of an entry is its name, one of its aliases or one of its former names. Two forms are the same name
if they *fold* to the same key. A *guarded* form is also a common word, a first name or a name of something else, and
means the entry only in a fitting context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from itertools import combinations
from pathlib import Path
from types import MappingProxyType

from kg.data import check_keys, data_path, did_you_mean, read_jsonl, read_yaml
from kg.errors import DataError
from kg.resolve.folding import fold, strip_legal_suffix

__all__ = ["Entry", "Registry", "fold", "load_kinds", "load_registry", "strip_legal_suffix"]

_LISTS = frozenset({"aliases", "guarded", "former", "shares", "demonym"})
_REQUIRED = ("id", "name", "type")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_WIKIDATA = re.compile(r"Q[1-9][0-9]*")
_OWNERS = frozenset({"Company", "Institution"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is known beforehand. `seeds/entities/README.md` says what each field means."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    kind: str | None = None
    country: str | None = None
    parent: str | None = None
    maker: str | None = None
    ticker: str | None = None
    wikidata: str | None = None
    shares: tuple[str, ...] = ()
    demonym: tuple[str, ...] = ()

    @property
    def surface_forms(self) -> tuple[str, ...]:
        """The name, the aliases and the former names, each once, in that order."""
        return tuple(dict.fromkeys((self.name, *self.aliases, *self.former)))


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """All entries by id, and the ids behind each folded surface form. Compared by identity: it is loaded once."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, name: str, kind: str | None = None) -> Entry | None:
        """The entry that `name` stands for, guarded or not; None if there is none or the name is ambiguous.

        Of several entries, the only one of type `kind` is meant. The whole name is tried first, then the name without
        its legal suffix, which can only mean a company.
        """
        if found := self.forms.get(fold(name)):
            fitting = found if len(found) == 1 else [id_ for id_ in found if self.entries[id_].type == kind]
            return self.entries[fitting[0]] if len(fitting) == 1 else None
        stripped = strip_legal_suffix(name)
        found = self.forms.get(fold(stripped), ()) if stripped != name else ()
        companies = [self.entries[id_] for id_ in found if self.entries[id_].type == "Company"]
        return companies[0] if len(companies) == 1 else None

    def ruler_patterns(self) -> list[dict[str, str]]:
        """Patterns for spaCy's EntityRuler, one for each form that is neither guarded nor ambiguous, sorted."""
        return [
            {"label": entry.type, "pattern": form, "id": entry.id}
            for form, entry in sorted(self._forms(guarded=False), key=lambda pair: (pair[0], pair[1].id))
        ]

    def guarded_forms(self) -> Mapping[str, str]:
        """The id for each guarded form that is not ambiguous, sorted by form."""
        return MappingProxyType({form: entry.id for form, entry in sorted(self._forms(guarded=True), key=_first)})

    def shared_forms(self) -> Mapping[str, tuple[str, ...]]:
        """The sorted types for each form that is shared by entries of several types and guarded by none, by form."""
        types: dict[str, tuple[str, ...]] = {}
        for key, ids in self.forms.items():
            entries = [self.entries[id_] for id_ in ids]
            forms = {form for entry in entries for form in entry.surface_forms if fold(form) == key}
            kinds = tuple(sorted({entry.type for entry in entries}))
            if len(kinds) > 1:
                types |= dict.fromkeys(forms.difference(*(entry.guarded for entry in entries)), kinds)
        return MappingProxyType({form: types[form] for form in sorted(types)})

    def demonyms(self) -> Mapping[str, str]:
        """The id of the place for each adjective or noun of nationality, sorted."""
        pairs = ((word, entry.id) for entry in self.entries.values() for word in entry.demonym)
        return MappingProxyType(dict(sorted(pairs)))

    def _forms(self, *, guarded: bool) -> Iterator[tuple[str, Entry]]:
        for entry in self.entries.values():
            for form in entry.surface_forms:
                if (form in entry.guarded) == guarded and len(self.forms[fold(form)]) == 1:
                    yield form, entry


def _first(pair: tuple[str, Entry]) -> str:
    return pair[0]


@dataclass(frozen=True, slots=True)
class _Row:
    """An entry and where it stands, for error messages."""

    path: Path
    line: int
    entry: Entry

    def error(self, message: str, *, hint: str | None = None) -> DataError:
        return DataError(self.path, self.line, f"{self.entry.id}: {message}", hint=hint)


@cache
def load_registry(folder: Path | None = None, *extra: Path) -> Registry:
    """Read the `*.jsonl` files of `folder` (default: `seeds/entities`) and of `extra` (files or folders).

    Raises `DataError` (file, line, hint) for an unknown field, type or kind, a value of the wrong form, an id given
    twice, a parent or maker that does not exist or is no organisation, and a surface form that two entries share
    without naming each other in `shares`.
    """
    kinds = load_kinds()
    rows: dict[str, _Row] = {}
    for path in _files(folder or data_path("seeds/entities"), *extra):
        for line, given in read_jsonl(path):
            row = _Row(path, line, _entry(path, line, given, kinds))
            if first := rows.get(row.entry.id):
                hint = f"first at {first.path}:{first.line}; give one of them another id"
                raise row.error("this id stands twice", hint=hint)
            rows[row.entry.id] = row
    for row in rows.values():
        _check_references(row, rows)
    _check_demonyms(rows.values())
    forms = _index(rows.values())
    _check_sharing(rows, forms)
    entries = {id_: rows[id_].entry for id_ in sorted(rows)}
    return Registry(entries=MappingProxyType(entries), forms=MappingProxyType(forms))


@cache
def load_kinds(path: Path | None = None) -> Mapping[str, frozenset[str]]:
    """The kinds that each entity type may have, from `seeds/entities/kinds.yaml`."""
    path = path or data_path("seeds/entities/kinds.yaml")
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise DataError(path, 1, "must be a mapping from type to kinds")
    out = {}
    for type_, kinds in content.items():
        if not isinstance(kinds, dict) or not kinds:
            raise DataError(path, content.lines[type_], f"{type_!r} must be a mapping from kind to meaning")
        out[type_] = frozenset(kinds)
    return MappingProxyType(out)


def _files(*places: Path) -> Iterator[Path]:
    for place in places:
        files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
        if not files or not files[0].is_file():
            raise DataError(place, None, "no entities here", hint="give a .jsonl file, or a folder that holds some")
        yield from files


def _entry(path: Path, line: int, given: Mapping[str, object], kinds: Mapping[str, frozenset[str]]) -> Entry:
    """The entry in one row, checked for everything that can be seen without the other rows."""
    check_keys(path, line, given, [known.name for known in fields(Entry)], what="field")
    for key in _REQUIRED:
        if key not in given:
            raise DataError(path, line, f"{key!r} is missing", hint="every row needs " + ", ".join(_REQUIRED))
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for key, value in given.items():
        if key in _LISTS:
            lists[key] = _texts(path, line, key, value)
        elif isinstance(value, str) and value and value == value.strip():
            texts[key] = value
        else:
            raise DataError(path, line, f"{key!r} must be a text without spaces at its ends, not {value!r}")
    # mypy cannot see that the keys of `texts` and `lists` are the fields of those types: check_keys and _LISTS do.
    row = _Row(path, line, Entry(**texts, **lists))  # type: ignore[arg-type]
    _check_entry(row, kinds)
    return row.entry


def _texts(path: Path, line: int, key: str, value: object) -> tuple[str, ...]:
    """A list of texts, none of them empty or given twice."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item == item.strip() != "" for item in value):
        raise DataError(path, line, f"{key!r} must be a list of texts without spaces at their ends, not {value!r}")
    if len(set(value)) < len(value):
        raise DataError(path, line, f"{key!r} names something twice: {value!r}")
    return tuple(value)


def _check_entry(row: _Row, kinds: Mapping[str, frozenset[str]]) -> None:
    entry = row.entry
    if not _ID.fullmatch(entry.id):
        raise row.error("not a well-formed id", hint="lower-case letters, digits and single hyphens")
    if entry.type not in kinds:
        raise row.error(f"unknown type {entry.type!r}", hint=did_you_mean(entry.type, kinds))
    if entry.kind is not None and entry.kind not in kinds[entry.type]:
        raise row.error(
            f"unknown kind {entry.kind!r} of {entry.type}", hint=did_you_mean(entry.kind, kinds[entry.type])
        )
    for key, pattern, form in (("country", _COUNTRY, "FR"), ("wikidata", _WIKIDATA, "Q142")):
        value = getattr(entry, key)
        if value is not None and not pattern.fullmatch(value):
            raise row.error(f"{key} {value!r} is not well-formed", hint=f"for example {form}")
    for form in entry.surface_forms:
        if not fold(form):
            raise row.error(f"surface form {form!r} has no letter or digit")
    for form in entry.guarded:
        if form not in entry.surface_forms:
            raise row.error(f"guarded form {form!r} is no form of it", hint=did_you_mean(form, entry.surface_forms))


def _check_references(row: _Row, rows: Mapping[str, _Row]) -> None:
    for key in ("parent", "maker"):
        seen, at = {row.entry.id}, getattr(row.entry, key)
        while at is not None:
            if at not in rows:
                raise row.error(f"{key} {at!r} does not exist", hint=did_you_mean(at, rows))
            if rows[at].entry.type not in _OWNERS:
                raise row.error(f"{key} {at!r} is a {rows[at].entry.type}", hint="it must be a company or institution")
            if at in seen:
                raise row.error(f"{key} {at!r} leads back to {row.entry.id!r}", hint="break the ring")
            seen.add(at)
            at = rows[at].entry.parent


def _check_demonyms(rows: Iterable[_Row]) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        for word in row.entry.demonym:
            if word in seen:
                raise row.error(f"demonym {word!r} belongs to {seen[word]!r}", hint="keep it at one of them")
            seen[word] = row.entry.id


def _index(rows: Iterable[_Row]) -> dict[str, tuple[str, ...]]:
    """The sorted ids that each folded form stands for, sorted by form."""
    ids: dict[str, set[str]] = {}
    for row in rows:
        for form in row.entry.surface_forms:
            ids.setdefault(fold(form), set()).add(row.entry.id)
    return {form: tuple(sorted(ids[form])) for form in sorted(ids)}


def _check_sharing(rows: Mapping[str, _Row], forms: Mapping[str, tuple[str, ...]]) -> None:
    """Sharing a form is recorded at both rows, and nothing is recorded that is not so."""
    order = {id_: number for number, id_ in enumerate(rows)}
    shared: dict[str, set[str]] = {id_: set() for id_ in rows}
    for form, ids in forms.items():
        for first, later in combinations(sorted(ids, key=order.__getitem__), 2):
            shared[first].add(later)
            shared[later].add(first)
            for here, there in ((later, first), (first, later)):
                if there not in rows[here].entry.shares:
                    place = f"{rows[there].path}:{rows[there].line}"
                    hint = f"drop it at one, or name each other in 'shares'; {there} is at {place}"
                    raise rows[here].error(f"the form {form!r} is also one of {there!r}", hint=hint)
    for id_, row in rows.items():
        for other in row.entry.shares:
            if other not in shared[id_]:
                raise row.error(f"shares no form with {other!r}", hint="take it out of 'shares'")
