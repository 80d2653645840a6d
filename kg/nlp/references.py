"""Pronouns and phrases such as "the company": which name of the document they stand for. When in doubt, none.

Deterministic and local: a reference looks at the subjects of its own sentence, then of the sentences before it; where
two names of a fitting type are equally near, it stays unresolved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.data import data_path, read_yaml
from kg.nlp.frames import PASSIVE, SUBJECTS, VERBS, antecedent, children, conjuncts
from kg.nlp.names import Name
from kg.nlp.parsed import Parsed
from kg.nlp.vocabulary import check_mapping, mapping, strings
from kg.schema import load_schema

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

SENTENCES_BACK = 2
FINANCING, ROLE = "Financing", "Role"
"""No entity types: "the round" stands for the company that raised it, "CEO Jane Roe" for the company that she leads."""
PLAIN_MODIFIERS = ("det", "case", "punct", "amod", "compound", "nmod", "relcl", "prep")


@dataclass(frozen=True, slots=True)
class ReferenceWords:
    """Pronouns and class nouns by the entity type they stand for, in lower case."""

    pronouns: Mapping[str, str]
    nouns: Mapping[str, str]
    determiners: frozenset[str]


@cache
def load_reference_words(path: Path | None = None) -> ReferenceWords:
    """Read `ontology/references.yaml`. Raises `DataError` (file, line, hint) for an unknown key or entity type."""
    path = path or data_path("ontology/references.yaml")
    top = mapping(path, read_yaml(path))
    check_mapping(path, top, set(ReferenceWords.__dataclass_fields__), what="key")
    out = {}
    for section in ("pronouns", "nouns"):
        owner = mapping(path, top.get(section))
        check_mapping(path, owner, {*load_schema().types, FINANCING, ROLE}, what="entity type")
        out[section] = {word: kind for kind in owner for word in strings(path, owner, kind)}
    return ReferenceWords(**out, determiners=frozenset(strings(path, top, "determiners")))


def resolve_references(passages: Sequence[Parsed], words: ReferenceWords) -> tuple[Parsed, ...]:
    """The passages with their references filled in. Names seen earlier in the document are the candidates."""
    before: list[list[list[Name]]] = []
    out = []
    for parsed in passages:
        references: dict[int, Name] = {}
        if parsed.passage.opens:
            before.clear()
        for sentence in parsed.doc.sents:
            for token in () if parsed.passage.title_case else sentence:
                kind = _kind(token, parsed, words)
                if kind and token.i not in parsed.names:
                    name = _antecedent(token, kind, sentence, parsed, before)
                    if name is not None:
                        references[token.i] = name
            before.append(_subjects(sentence, parsed, references))
        out.append(replace(parsed, references=references))
    return tuple(replace(parsed, names={**parsed.names, **unnamed_chips(parsed)}) for parsed in out)


def unnamed_chips(parsed: Parsed) -> dict[int, Name]:
    """The chips of a named maker that have no name of their own: "Acme's chips", "its custom chips", "Acme GPUs"."""
    found = {}
    for i, kinds in parsed.classes.items():
        token = parsed.doc[i]
        if kinds != {"Chip"} or i in parsed.names or _named(token, parsed):
            continue
        modifiers = children(token, "poss", "compound", "nmod", "amod")
        owners = [c for c in modifiers if c.i in parsed.names or c.i in parsed.references]
        if len(owners) != 1 or len(conjuncts(owners[0])) > 1:
            continue
        maker = parsed.names.get(owners[0].i) or parsed.references[owners[0].i]
        if maker.type == "Company":
            start, end = parsed.offsets(owners[0], token)
            surface = parsed.passage.text[start:end]
            found[i] = Name(start, end, surface, "Chip", "unnamed chips of a maker", sure=True, maker=maker.surface)
    return found


def _named(token: Token, parsed: Parsed) -> bool:
    """Whether a name of its own stands before the noun: "Z100 chips"."""
    return any(c.i in parsed.names and parsed.names[c.i].type == "Chip" for c in token.children)


def _kind(token: Token, parsed: Parsed, words: ReferenceWords) -> str | None:
    """The entity type that a referring word asks for; None for any other word."""
    surface = parsed.words[token.i]
    if token.tag_ in ("PRP", "PRP$"):
        return words.pronouns.get(surface)
    kind = words.nouns.get(surface)
    named = any(c.i in parsed.names and parsed.names[c.i].type != "Place" for c in token.children if c.dep_ != "prep")
    if kind is None or named:
        return None
    if kind == ROLE:
        return None if _says_where(token) else ROLE
    if token.tag_ in VERBS:
        return kind
    definite = any(c.lower_ in words.determiners for c in children(token, "det"))
    plain = all(c.dep_ in PLAIN_MODIFIERS for c in token.children)
    return kind if definite and (plain or kind == FINANCING) else None


def _says_where(role: Token) -> bool:
    """Whether a role comes with its own company: "its CEO", "CEO of Acme", "CEO and founder of Acme"."""
    beside = [role, *children(role, "conj")]
    beside += [role.head] if role.dep_ in ("conj", "compound", "nmod") and role.head.tag_.startswith("N") else []
    return any(child.dep_ in ("poss", "prep") for each in beside for child in each.children)


def _fits(name: Name, kind: str) -> bool:
    kind = "Company" if kind in (FINANCING, ROLE) else kind
    if kind == "Product" and name.type == "Model":
        return True
    return name.type == kind or (kind == "Company" and not name.sure and name.type not in ("Person", "Place"))


def _antecedent(token: Token, kind: str, sentence: Span, parsed: Parsed, before: list[list[list[Name]]]) -> Name | None:
    """The only fitting subject before the reference in its sentence; else the only one of the sentences before."""
    if kind == FINANCING:  # who leads the round is not who raises it
        return _of_sentences_before(kind, before)
    around = [(name, relative) for name, relative in _clause_subjects(token, parsed) if _fits(name, kind)]
    if token.tag_ == "PRP$" and around:
        nearest, relative = around[0]
        rivals = {name.surface for name, _ in around} - {nearest.surface}
        return nearest if relative or not rivals else None  # "Acme said that Initech would use its chips": whose?
    own = []
    for other in sentence:
        name = parsed.names.get(other.i)
        if name is None or other.i >= token.i or not _fits(name, kind):
            continue
        if _is_subject(other) and not _is_agent_of_same(other, token):
            own.append(name)
    if own:
        alone = len({name.surface for name in own}) == 1
        return own[-1] if alone or token.tag_ == "PRP$" else None
    if any(parsed.names.get(t.i) and t.dep_ == "poss" for t in sentence if t.i < token.i) and token.tag_ == "PRP":
        return None
    others = [
        name
        for i, name in sorted(parsed.names.items())
        if sentence.start <= i < token.i and _fits(name, kind) and not _is_agent_of_same(parsed.doc[i], token)
    ]
    if len({n.surface for n in others}) == 1 and not before:
        return others[0]
    return _of_sentences_before(kind, before)


def _of_sentences_before(kind: str, before: list[list[list[Name]]]) -> Name | None:
    """The fitting subject of the nearest sentence that has one; None where that sentence has several."""
    for subjects in reversed(before[-SENTENCES_BACK:]):
        for names in subjects:
            fitting = [name for name in names if _fits(name, kind)]
            if fitting:
                return fitting[0] if len({name.surface for name in fitting}) == 1 else None
    return None


def _clause_subjects(token: Token, parsed: Parsed) -> list[tuple[Name, bool]]:
    """The named subjects of the clauses around `token`, innermost first, and whether each is a relative pronoun's."""
    out: list[tuple[Name, bool]] = []
    for verb in token.ancestors:
        for subject in children(verb, *SUBJECTS, "nsubjpass")[:1]:
            if any(inner.i == token.i for inner in subject.subtree):
                continue
            named = antecedent(subject, verb)
            name = _name_of(named, parsed)
            if name is not None:
                out.append((name, named.i != subject.i))
    return out


def _name_of(token: Token, parsed: Parsed) -> Name | None:
    """The name that a noun phrase has: its head, or the name in apposition to it ("Acme's rival, Initech")."""
    if token.i in parsed.names:
        return parsed.names[token.i]
    return next((parsed.names[c.i] for c in children(token, "appos") if c.i in parsed.names), None)


def _is_subject(token: Token) -> bool:
    while token.dep_ in ("conj", "appos"):
        token = token.head
    return token.dep_ in (*SUBJECTS, *PASSIVE, "ROOT")


def _is_agent_of_same(subject: Token, reference: Token) -> bool:
    """ "Acme bought it": the subject of the verb cannot be its object."""
    return reference.dep_ in ("dobj", "pobj") and reference.head.i == subject.head.i and reference.tag_ == "PRP"


def _subjects(sentence: Span, parsed: Parsed, references: Mapping[int, Name]) -> list[list[Name]]:
    """What a sentence is about: the names of its main subject, then those of each other subject.

    A sentence without a named subject is about the only name in it, if there is only one.
    """
    subjects = [token for token in sentence if token.dep_ in (*SUBJECTS, "nsubjpass")]
    subjects.sort(key=lambda token: (token.head.dep_ != "ROOT", token.i))
    found = [[name for each in conjuncts(t) if (name := _about(each, parsed, references))] for t in subjects]
    if not any(found):
        names = [parsed.names[i] for i in sorted(parsed.names) if sentence.start <= i < sentence.end]
        return [names] if len({name.surface for name in names}) == 1 else []
    return [names for names in found if names]


def _about(subject: Token, parsed: Parsed, references: Mapping[int, Name]) -> Name | None:
    """The name of a subject, or that of its owner: "Acme's chief said" is about Acme."""
    owners = [c for c in children(subject, "poss") if c.i in parsed.names]
    return _name_of(subject, parsed) or references.get(subject.i) or (parsed.names[owners[0].i] if owners else None)
