"""Documents whose facts are known: the gold facts, and our own annotations, which hold places in a text and no text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.data import read_jsonl
from kg.errors import DataError, KgError
from kg.model import Document
from kg.nlp.names import Name
from kg.nlp.vocabulary import longest_first
from kg.read.readers import read_document, read_markdown

Span = tuple[int, int]
RUN, SHARED = 8, 0.2
"""Two texts are near to each other that share more than this share of their runs of so many words."""


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A fact of a document. `sentences`: ranges of the stored text that state it; `amount`: in its currency."""

    subject: str
    relation: str
    object: str | None
    status: str
    amount: float | None
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document with its facts. `forms`: surface form -> entity name; `types`: entity name -> entity type.

    `complete`: whether every name of the document is among the entities, and every sentence that states a fact among
    those of the fact; the gold facts name only what takes part in facts, and one passage for each.
    """

    document: Document
    types: Mapping[str, str]
    forms: Mapping[str, str]
    facts: tuple[GoldFact, ...]
    complete: bool

    def names(self, text: str) -> list[Name]:
        """The names in the text of a passage, longest forms first where they overlap."""
        words = longest_first(form for form in self.forms if form)
        if not words:
            return []
        pattern = re.compile(rf"(?<![\w@#/])(?:{words})(?!\w)")
        return [self._name(found) for found in pattern.finditer(text)]

    def entity(self, surface: str) -> str:
        """The entity of a surface form; the form itself for a name that is not among the entities."""
        return self.forms.get(surface, surface)

    def _name(self, found: re.Match[str]) -> Name:
        kind = self.types[self.forms[found.group()]]
        return Name(found.start(), found.end(), found.group(), kind, "gold", sure=True)


def gold_documents(gold: Path, folder: Path) -> Iterator[GoldDocument]:
    """The documents of a file in the facts form, their texts in `folder`."""
    for _, row in _rows(gold):
        document = read_document(folder / f"{row['doc']}.md")
        forms, types = dict[str, str](), dict[str, str]()
        for entity in row["entities"]:
            types[entity["name"]] = entity["type"]
            forms |= dict.fromkeys((entity["name"], *entity.get("aliases", [])), entity["name"])
        facts = tuple(_gold_fact(fact, document.text) for fact in row["facts"])
        yield GoldDocument(document, types, forms, facts, complete=False)


def _gold_fact(fact: Mapping[str, Any], text: str) -> GoldFact:
    start = text.find(fact["evidence"])
    sentences = ((start, start + len(fact["evidence"])),) if start >= 0 else ()
    amount = (fact.get("amount") or {}).get("value")
    value = None if amount is None else float(amount)
    return GoldFact(fact["subject"], fact["relation"], fact["object"], fact["status"], value, sentences)


def annotated_documents(annotations: Path, texts: Callable[[str], Document]) -> Iterator[GoldDocument]:
    """The documents of our own annotations. `texts`: the document of a name.

    Raises `DataError` where a text is not the one that was annotated.
    """
    for line, row in _rows(annotations):
        document = texts(row["doc"])
        if document.hash != row["hash"]:
            raise DataError(annotations, line, f"{row['doc']} is not the text that was annotated")
        text = document.text
        names = [text[start:end] for start, end in (entity["forms"][0] for entity in row["entities"])]
        forms = {
            text[start:end]: name
            for entity, name in zip(row["entities"], names, strict=True)
            for start, end in entity["forms"]
        }
        types = {name: entity["type"] for entity, name in zip(row["entities"], names, strict=True)}
        facts = tuple(
            GoldFact(
                names[fact["subject"]],
                fact["relation"],
                names[fact["object"]] if fact["object"] is not None else None,
                fact["status"],
                fact.get("amount"),
                tuple((start, end) for start, end in fact["sentences"]),
            )
            for fact in row["facts"]
        )
        yield GoldDocument(document, types, forms, facts, complete=True)


def in_folder(folder: Path) -> Callable[[str], Document]:
    """The documents of a folder, by name."""
    return lambda name: read_document(folder / f"{name}.md")


def in_table(table: Path) -> Callable[[str], Document]:
    """The documents of a JSON lines file with `id` and `text`; their names are the first digits of the ids' SHA-256.

    The function that is given back raises `KgError` for a name that no row has.
    """
    texts = {_short_name(str(row["id"])): str(row["text"]) for _, row in read_jsonl(table)}

    def named(name: str) -> Document:
        if name not in texts:
            raise KgError(f"{table} has no text whose id is {name} in short: is it the file that was annotated?")
        return read_markdown(name, texts[name])

    return named


def _short_name(identifier: str) -> str:
    return hashlib.sha256(identifier.encode()).hexdigest()[:12]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from read_jsonl(path)


def word_runs(text: str) -> frozenset[str]:
    """Every `RUN` words in a row of a text."""
    words = text.lower().split()
    return frozenset(" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def shares_words(text: str, runs: Collection[str]) -> bool:
    """Whether more than `SHARED` of a text's runs of words are among `runs`."""
    own = word_runs(text)
    return sum(run in runs for run in own) > SHARED * len(own)
