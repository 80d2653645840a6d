"""Sentences of CORE: on companies, with one marked pair each and its relation (Borchert et al., EMNLP 2023).

Of all other pairs of a sentence nothing is known. Only sentences whose two ends are names are taken; "the company" is
none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.data import Yaml, read_yaml
from kg.nlp.vocabulary import check_mapping, mapping, strings
from kg.schema import Schema
from kg.training.examples import Label, both_ways
from kg.training.sentences import Told

NAMED = re.compile(r"[A-Z0-9]")
NOT_NAMED = frozenset({"the", "it", "its", "a", "an", "this", "they", "their"})
"""What a pronoun or a description of a company begins with."""
KIND = "Company"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a relation of CORE reads: ours, if any, its ends exchanged or not; and ours of which nothing is known."""

    relation: str | None
    reversed: bool
    unclear: tuple[str, ...]


def read_core(path: Path, rules: Path, schema: Schema) -> Iterator[Told]:
    """The sentences whose relation the rules know."""
    known = {name: _rule(rules, node) for name, node in mapping(rules, read_yaml(rules)).items()}
    for row in json.loads(path.read_text(encoding="utf-8")):
        words = [word.strip() or "_" for word in row["context"]]
        ends = [_span(words, row[f"{end}_start"], row[f"{end}_end"]) for end in ("e1", "e2")]
        text = " ".join(words)
        if row["relation"] in known and all(_is_name(text[start:end]) for start, end in ends):
            rule = known[row["relation"]]
            reverse = bool(row["invert_relation"]) != rule.reversed
            yield _told(row["id"], text, ends[::-1] if reverse else ends, rule, schema)


def _rule(path: Path, node: Yaml) -> Rule:
    given = mapping(path, node)
    check_mapping(path, given, {"relation", "reversed", "unclear"}, what="key")
    relation = next(iter(strings(path, given, "relation")), None)
    return Rule(relation, given.get("reversed") is True, strings(path, given, "unclear"))


def _told(name: str, text: str, ends: list[tuple[int, int]], rule: Rule, schema: Schema) -> Told:
    known = schema.relations[rule.relation] if rule.relation else None
    stated = both_ways(Label(0, 1, known.name, ""), known) if known else ()
    unclear = [Label(*pair, each, "") for each in rule.unclear for pair in ((0, 1), (1, 0))]
    marked = tuple((start, end, KIND) for start, end in ends)
    return Told(name, text, marked, stated, tuple(unclear), asked=(0, 1))


def _span(words: list[str], first: int, last: int) -> tuple[int, int]:
    """The range of the words in their text; without a full stop that was taken for part of the name."""
    start = sum(len(word) + 1 for word in words[:first])
    end = start + len(" ".join(words[first : last + 1]))
    return start, end - 2 if first < last and words[last] in (".", ",") else end


def _is_name(surface: str) -> bool:
    return bool(NAMED.match(surface)) and surface.split(" ", maxsplit=1)[0].lower() not in NOT_NAMED
