"""Patterns as data: one file a relation in `ontology/patterns/`, compiled to an index by trigger word.

A *tree* pattern hangs on a trigger (`verb`, `noun` or `word`) and says by which path the tree leads from there to each
end. A *token* pattern is a sequence of words and slots, for headlines and fragments. `ontology/patterns/README.md`
describes the language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.data import Lines, data_path, read_yaml
from kg.errors import DataError
from kg.nlp.lexicon import WordForms
from kg.nlp.vocabulary import check_mapping, mapping, strings
from kg.schema import Relation, Schema

STEPS = frozenset({
    "self", "agent", "patient", "subject", "predicand", "poss", "compound", "appos", "governor", "head", "prep",
    "child", "label", "near",
})  # fmt: skip
KEYS = frozenset({
    "id", "verb", "noun", "word", "subject", "object", "amount", "subject_type", "object_type", "modifier", "beside",
    "governor",
    "without", "tokens", "status", "ignore", "lead", "role", "note", "retype", "retype_labelled", "pairs",
    "presupposed", "within", "strict", "whole", "sure", "alone",
})  # fmt: skip
FLAGS = (
    "strict", "retype", "retype_labelled", "pairs", "presupposed", "lead", "role", "within", "whole", "sure", "alone",
)  # fmt: skip
SLOTS = frozenset({"subject", "object", "amount"})
TRIGGERS = ("verb", "noun", "word")


@dataclass(frozen=True, slots=True)
class Step:
    """One step along the tree: `prep:in|into` is name `prep`, words {in, into}."""

    name: str
    words: frozenset[str] = frozenset()


Walk = tuple[Step, ...]
"""The steps of a path, in order."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a token pattern: a slot, one of some words, or (`gap`) a few words of any kind."""

    slot: str | None
    words: frozenset[str]
    optional: bool
    gap: bool


def item_of(alternatives: frozenset[str]) -> Item:
    """The item that `alternatives` write down: `subject`, `of|at`, `the?`, `*`."""
    return Item(
        slot=next(iter(sorted(alternatives & SLOTS)), None),
        words=frozenset(word.removesuffix("?") for word in alternatives),
        optional="*" in alternatives or any(word.endswith("?") for word in alternatives),
        gap="*" in alternatives,
    )


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which texts state a relation. Paths are tried in order; the first that leads to a name is taken.

    `triggers`: word forms in lower case. `pos`: V, N or empty (any). `modifiers`, `beside`, `governors`, `without`:
    conditions on the words at the trigger. `tokens`: the sequence of a token pattern, `items` the same.
    `ignore`: status cues that do not
    count here.
    `retype`: whether the slots may settle the type of an unsure name; `retype_labelled`: also against the recogniser.
    `pairs`: the subjects state it of each other. `strict`: only the types that the pattern names. `sure`: only names
    whose type is settled. `whole`: the last name must not modify another noun. `presupposed`: the phrase takes the fact
    for granted. `within`: the subject is the beginning of the object's name. `alone`: the sum counts only where no
    other subject shares it.
    """

    id: str
    relation: Relation
    triggers: frozenset[str] = frozenset()
    pos: str = ""
    subject: tuple[Walk, ...] = ()
    object: tuple[Walk, ...] = ()
    amount: tuple[Walk, ...] | None = None
    subject_type: str | None = None
    object_type: str | None = None
    modifiers: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    governors: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    tokens: tuple[frozenset[str], ...] = ()
    status: str | None = None
    ignore: frozenset[str] = frozenset()
    lead: bool = False
    role: bool = False
    retype: bool = True
    retype_labelled: bool = False
    pairs: bool = False
    presupposed: bool = False
    within: bool = False
    strict: bool = False
    whole: bool = False
    sure: bool = False
    alone: bool = False
    items: tuple[Item, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(map(item_of, self.tokens)))


@dataclass(frozen=True, slots=True)
class Patterns:
    """All patterns: tree patterns by trigger form, token patterns in order of id."""

    by_trigger: Mapping[str, tuple[Pattern, ...]]
    by_tokens: tuple[Pattern, ...]

    def __iter__(self) -> Iterator[Pattern]:
        tree = {pattern.id: pattern for found in self.by_trigger.values() for pattern in found}
        yield from sorted([*tree.values(), *self.by_tokens], key=lambda pattern: pattern.id)


def load_patterns(schema: Schema, forms: WordForms, folder: Path | None = None) -> Patterns:
    """Read and compile every pattern file. Raises `DataError` (file, line, hint) for whatever is unknown or missing."""
    folder = folder or data_path("ontology/patterns")
    by_trigger: dict[str, list[Pattern]] = defaultdict(list)
    by_tokens: list[Pattern] = []
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yaml")):
        for pattern, line in _file_patterns(path, schema, forms):
            if pattern.id in seen:
                raise DataError(path, line, f"pattern id {pattern.id!r} stands in {seen[pattern.id].name} too")
            seen[pattern.id] = path
            for form in pattern.triggers:
                by_trigger[form].append(pattern)
            if pattern.tokens:
                by_tokens.append(pattern)
    return Patterns(
        by_trigger={form: tuple(sorted(found, key=lambda p: p.id)) for form, found in sorted(by_trigger.items())},
        by_tokens=tuple(sorted(by_tokens, key=lambda p: p.id)),
    )


def _file_patterns(path: Path, schema: Schema, forms: WordForms) -> Iterator[tuple[Pattern, int]]:
    top = mapping(path, read_yaml(path))
    check_mapping(path, top, {"relation", "patterns", "note"}, what="key")
    name = str(top.get("relation"))
    if name not in schema.relations or name != path.stem:
        hint = "the file is named for its relation, as in ontology/aiind.ttl"
        raise DataError(path, top.lines.get("relation"), f"unknown relation {name!r} for this file", hint=hint)
    rows = top.get("patterns")
    if not isinstance(rows, list):
        raise DataError(path, top.lines.get("patterns"), "'patterns' must be a list")
    for row in rows:
        owner = mapping(path, row)
        check_mapping(path, owner, set(KEYS), what="key")
        yield _pattern(path, owner, schema.relations[name], schema, forms), owner.line


def _pattern(path: Path, row: Lines, relation: Relation, schema: Schema, forms: WordForms) -> Pattern:
    if not row.get("id"):
        raise DataError(path, row.line, "a pattern needs an id")
    given = [key for key in (*TRIGGERS, "tokens") if key in row]
    if len(given) != 1:
        raise DataError(path, row.line, f"a pattern needs one of verb, noun, word and tokens, not {given}")
    kind = given[0]
    inflect = {"verb": forms.verb, "noun": forms.noun}.get(kind, lambda word: frozenset({word}))
    for key in ("subject_type", "object_type"):
        if key in row and row[key] not in schema.types:
            raise DataError(path, row.lines[key], f"unknown entity type {row[key]!r}", hint=", ".join(schema.types))
    if "status" in row and row["status"] not in schema.statuses:
        raise DataError(path, row.lines["status"], f"unknown status {row['status']!r}", hint=", ".join(schema.statuses))
    _check_complete(path, row, relation, kind)
    return Pattern(
        id=f"{relation.fact_name}.{row['id']}",
        relation=relation,
        triggers=frozenset(form for word in strings(path, row, kind) for form in inflect(word))
        if kind != "tokens"
        else frozenset(),
        pos={"verb": "V", "noun": "N"}.get(kind, ""),
        subject=_paths(path, row, "subject", forms),
        object=_paths(path, row, "object", forms),
        amount=_paths(path, row, "amount", forms) if "amount" in row else None,
        subject_type=_optional(row, "subject_type"),
        object_type=_optional(row, "object_type"),
        modifiers=frozenset(strings(path, row, "modifier")),
        beside=frozenset(strings(path, row, "beside")),
        governors=frozenset(form for word in strings(path, row, "governor") for form in forms.verb(word)),
        without=frozenset(strings(path, row, "without")),
        tokens=tuple(frozenset(item.split("|")) for item in str(row["tokens"]).split()) if kind == "tokens" else (),
        status=_optional(row, "status"),
        ignore=frozenset(strings(path, row, "ignore")),
        lead=row.get("lead") is True,
        role=row.get("role") is True,
        retype=row.get("retype") is not False,
        retype_labelled=row.get("retype_labelled") is True,
        pairs=row.get("pairs") is True,
        presupposed=row.get("presupposed") is True,
        within=row.get("within") is True,
        strict=row.get("strict") is True,
        whole=row.get("whole") is True,
        sure=row.get("sure") is True,
        alone=row.get("alone") is True,
    )


def _check_complete(path: Path, row: Lines, relation: Relation, kind: str) -> None:
    """Raise `DataError` for a pattern that could never fire, and for a switch that is neither true nor false."""
    for key in FLAGS:
        if key in row and not isinstance(row[key], bool):
            raise DataError(path, row.lines[key], f"{key!r} must be true or false, not {row[key]!r}")
    if kind == "tokens":
        slots = {slot for item in str(row["tokens"]).split() for slot in item.split("|")} & SLOTS
        wanted = {"object"} if row.get("within") else {"subject", "object"} if relation.range else {"subject"}
        if wanted - slots:
            raise DataError(path, row.lines["tokens"], f"the tokens lack {', '.join(sorted(wanted - slots))}")
        return
    if not strings(path, row, kind):
        raise DataError(path, row.lines[kind], f"{kind!r} names no trigger")
    wanted = {"subject", "object"} if relation.range and not row.get("pairs") else {"subject"}
    for key in sorted(wanted - row.keys()):
        raise DataError(path, row.line, f"a pattern needs {key!r}", hint="paths from the trigger, as in [agent]")


def _optional(row: Lines, key: str) -> str | None:
    return str(row[key]) if key in row else None


def _paths(path: Path, row: Lines, key: str, forms: WordForms) -> tuple[Walk, ...]:
    return tuple(_path(path, row.lines[key], text, forms) for text in strings(path, row, key))


def _path(path: Path, line: int, text: str, forms: WordForms) -> Walk:
    steps = []
    for part in text.split(">"):
        name, _, listed = part.strip().partition(":")
        if name not in STEPS:
            raise DataError(path, line, f"unknown step {name!r} in {text!r}", hint="known: " + ", ".join(sorted(STEPS)))
        words = {word.strip() for word in listed.split("|") if word.strip()}
        if name == "governor":
            words = {form for word in words for form in forms.verb(word)}
        steps.append(Step(name, frozenset(words)))
    return tuple(steps)
