"""Hand-built trees: what the language stage promises is tested on trees that are known to be right.

A tree is written as one word after another, each `form:TAG:label:head`. The head is the form of another word (of the
first one, where a form stands twice) or its number from 0; a word with the label ROOT needs none. An underscore in a
form is a blank: `Jane_Roe` is one token. `//` ends a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.model import Amount, Block
from kg.nlp.lexicon import WordForms
from kg.nlp.loading import Pipeline
from kg.nlp.names import Name
from kg.nlp.parsed import Parsed
from kg.nlp.passages import Passage
from kg.nlp.tokens import Piece
from kg.resolve.registry import Registry, load_registry

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.vocab import Vocab

Tree = Callable[[str], "Doc"]
MakeName = Callable[..., Name]
MakeParsed = Callable[..., Parsed]


@cache
def _vocab() -> Vocab:
    import spacy

    return spacy.blank("en").vocab


def make_tree(spec: str) -> Doc:
    """The tree that `spec` writes down."""
    from spacy.tokens import Doc

    rows, begins = [], True
    starts: list[bool | int | None] = []
    for word in spec.split():
        if word == "//":
            begins = True
            continue
        form, tag, label, *head = word.rsplit(":", 3) if word.count(":") >= 3 else word.split(":")
        rows.append((form.replace("_", " "), tag, label, head[0].replace("_", " ") if head else None))
        starts.append(begins)
        begins = False
    forms = [row[0] for row in rows]

    def head_of(i: int, head: str | None) -> int:
        if head is None:
            return i
        return int(head) if head.isdigit() else forms.index(head)

    return Doc(
        _vocab(),
        words=forms,
        tags=[row[1] for row in rows],
        deps=[row[2] for row in rows],
        heads=[head_of(i, row[3]) for i, row in enumerate(rows)],
        sent_starts=starts,
    )


def find(doc: Doc, form: str) -> Token:
    """The first token with a form."""
    return next(token for token in doc if token.text == form)


def make_name(surface: str, kind: str = "Company", *, start: int = 0, **given: object) -> Name:
    """A name, sure of its type unless said otherwise."""
    values = {"rule": "test", "sure": True, **given}
    return Name(start, start + len(surface), surface, kind, **values)  # type: ignore[arg-type]


def make_parsed(
    spec: str,
    names: Mapping[str, str | Name] | None = None,
    *,
    amounts: Mapping[str, Amount] | None = None,
    references: Mapping[str, Name] | None = None,
    classes: Mapping[str, Iterable[str]] | None = None,
    makers: Mapping[str, tuple[Name, ...]] | None = None,
    label_end: int | None = None,
    title_case: bool = False,
    index: int = 0,
) -> Parsed:
    """A parsed passage over the tree `spec`. The mappings are by form; a name is given by its type or as it is.

    Of a form that stands twice, every token is meant.
    """
    doc = make_tree(spec)
    block = Block("paragraph", doc.text, ((0, 0),))

    def at(form: str) -> list[Token]:
        found = [token for token in doc if token.text == form]
        if not found:
            raise ValueError(f"no word {form!r} in {doc.text!r}")
        return found

    def name(token: Token, given: str | Name) -> Name:
        if isinstance(given, Name):
            return replace(given, start=token.idx, end=token.idx + len(token), surface=token.text)
        return make_name(token.text, given, start=token.idx)

    return Parsed(
        passage=Passage(index, block, label_end=label_end, title_case=title_case),
        doc=doc,
        pieces=tuple(Piece(token.idx, token.idx + len(token), token.text) for token in doc),
        names={token.i: name(token, given) for form, given in (names or {}).items() for token in at(form)},
        amounts={token.i: amount for form, amount in (amounts or {}).items() for token in at(form)},
        references={token.i: meant for form, meant in (references or {}).items() for token in at(form)},
        classes={token.i: frozenset(kinds) for form, kinds in (classes or {}).items() for token in at(form)},
        makers=dict(makers or {}),
    )


@pytest.fixture(scope="session")
def tree() -> Tree:
    return make_tree


@pytest.fixture(scope="session")
def token_of() -> Callable[[Doc, str], Token]:
    return find


@pytest.fixture(scope="session")
def name_of() -> MakeName:
    return make_name


@pytest.fixture(scope="session")
def parsed_of() -> MakeParsed:
    return make_parsed


@pytest.fixture(scope="session")
def plain_forms() -> WordForms:
    """Word forms without any irregular ones."""
    words = frozenset({"acquire", "launch", "new", "chip", "plan", "raise", "big", "deal", "study", "price"})
    extra = {"common_but_nouns": words - {"chip"}} if "common_but_nouns" in WordForms.__dataclass_fields__ else {}
    return WordForms(common=words, irregular_verbs={}, irregular_nouns={}, **extra)


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="session")
def pipeline(registry: Registry) -> Pipeline:
    """The whole pipeline with the shipped registry; loaded once."""
    from kg.build import pipeline_for

    return pipeline_for(registry)


@pytest.fixture(scope="session")
def recognising(pipeline: Pipeline) -> Callable[[Mapping[str, str]], Pipeline]:
    """The pipeline with a stand-in for the recogniser that sees these names, surface form -> type."""
    import spacy

    def seeing(kinds: Mapping[str, str]) -> Pipeline:
        recogniser = spacy.blank("en")
        if kinds:
            patterns = [{"label": kind, "pattern": surface} for surface, kind in kinds.items()]
            recogniser.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
        return replace(pipeline, recogniser=recogniser)

    return seeing


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a data file; gives its path."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file
