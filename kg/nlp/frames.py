"""Who does what to whom, read off a dependency tree: the logical arguments of verbs and nouns.

Patterns speak of `agent` and `patient`; these functions find them in active and passive clauses, reduced relatives,
infinitives, participles and coordination, so that one pattern serves all of them. Labels are those of the stock model
(ClearNLP style).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS = ("nsubj", "csubj")
PASSIVE = ("nsubjpass", "auxpass", "csubjpass")
PROPER = ("NNP", "NNPS")
RELATIVE = ("WDT", "WP", "WRB")
VERBS = ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ")
DEPTH = 6


def children(token: Token, *labels: str) -> list[Token]:
    """The children of `token` with one of the dependency labels, in order of place."""
    return [child for child in token.children if child.dep_ in labels]


def conjuncts(token: Token) -> list[Token]:
    """`token` and what is coordinated with it to its right: "A, B and C"."""
    out = [token]
    for child in children(token, "conj"):
        out.extend(conjuncts(child))
    return out


def is_passive(verb: Token) -> bool:
    """Whether what the verb is done to stands where its subject would: "was bought", "chips made by X"."""
    if children(verb, *PASSIVE):
        return True
    if verb.tag_ == "VBN" and not children(verb, "aux", *SUBJECTS):
        if verb.dep_ in ("acl", "relcl", "amod", "advcl"):
            return not children(verb, "dobj") or bool(children(verb, "agent"))
        if verb.dep_ == "conj" and verb.head.tag_ in VERBS:
            return is_passive(verb.head)
        return bool(children(verb, "agent"))
    return (
        verb.tag_ == "VBD"
        and verb.dep_ in ("acl", "relcl")
        and bool(children(verb, "agent"))
        and not children(verb, *SUBJECTS)
    )


def agents(verb: Token, depth: int = 0) -> list[Token]:
    """Those who do what the verb says."""
    if depth > DEPTH:
        return []
    if is_passive(verb):
        return [obj for by in children(verb, "agent") for obj in children(by, "pobj")]
    subjects = children(verb, *SUBJECTS)
    if subjects:
        return [antecedent(subject, verb) for subject in subjects]
    return _inherited(verb, depth)


def patients(verb: Token, depth: int = 0) -> list[Token]:
    """Those to whom it is done."""
    if depth > DEPTH:
        return []
    if is_passive(verb):
        return _passive_patients(verb, depth)
    objects = [antecedent(obj, verb) for obj in children(verb, "dobj", "oprd")]
    subjects = children(verb, *SUBJECTS)
    if not objects and verb.dep_ == "relcl" and subjects and not any(c.tag_ in RELATIVE for c in subjects):
        return [verb.head]  # "the start-up that Acme backed"
    return objects


def _passive_patients(verb: Token, depth: int) -> list[Token]:
    subjects = children(verb, "nsubjpass")
    if subjects:
        return [antecedent(subject, verb) for subject in subjects]
    if verb.dep_ in ("acl", "relcl", "amod"):
        return [verb.head]
    if verb.dep_ == "conj" and verb.head.tag_ in VERBS:
        return patients(verb.head, depth + 1)
    return _inherited(verb, depth) if verb.dep_ in ("advcl", "xcomp") else []


def antecedent(token: Token, verb: Token) -> Token:
    """For a relative pronoun, the noun that its clause modifies."""
    if token.tag_ in RELATIVE or (token.lower_ == "that" and verb.dep_ == "relcl"):
        clause = verb
        while clause.dep_ == "conj" and clause.head.tag_ in VERBS:
            clause = clause.head
        if clause.dep_ in ("relcl", "acl"):
            return clause.head
    return token


def subject_like(verb: Token, depth: int = 0) -> list[Token]:
    """What a clause is about: the agent, or the patient of a passive."""
    return patients(verb, depth) if is_passive(verb) else agents(verb, depth)


def _inherited(verb: Token, depth: int) -> list[Token]:
    """The understood subject of a verb that has none of its own."""
    head = verb.head
    if verb.dep_ == "conj" and head.tag_ in VERBS:
        return subject_like(head, depth + 1)
    if verb.dep_ in ("xcomp", "ccomp", "advcl", "dep") and head.i != verb.i:
        return _controller(verb, depth)
    if verb.dep_ == "pcomp":
        return subject_like(_verb_above(head), depth + 1)
    if verb.dep_ in ("acl", "relcl") and _is_infinitive(verb) and head.tag_ not in PROPER:
        above = _verb_above(head)  # "its plan to buy", "announced a plan to buy", "Acme in talks to buy"
        if above.tag_ in PROPER:
            return [above]
        return children(head, "poss") or (subject_like(above, depth + 1) if above.i != head.i else [])
    return [head] if verb.dep_ in ("acl", "relcl", "amod") else []


def _controller(verb: Token, depth: int) -> list[Token]:
    """The subject of a verb that depends on another: "asked Acme to sell" is about Acme, "plans to sell" is not."""
    head = verb.head
    objects = [obj for obj in children(head, "dobj")[:1] if obj.tag_ in PROPER and obj.i < verb.i]
    if objects and _is_infinitive(verb) and verb.dep_ != "advcl" and not is_passive(head):
        return objects
    return subject_like(head, depth + 1) if head.tag_ in VERBS or head.dep_ == "ROOT" else []


def _is_infinitive(verb: Token) -> bool:
    return any(c.lower_ == "to" for c in children(verb, "aux"))


def _verb_above(token: Token) -> Token:
    """The nearest verb that governs `token`, or the top of the sentence."""
    while token.tag_ not in VERBS and token.dep_ != "ROOT":
        token = token.head
    return token


def governor(noun: Token) -> Token | None:
    """The verb whose object (also of a preposition) the noun is: "made" in "made an investment"."""
    while noun.dep_ in ("prep", "conj", "pobj") and noun.head.tag_ not in VERBS:
        noun = noun.head
    return noun.head if noun.head.tag_ in VERBS and noun.head.i != noun.i else None


def prepositional(token: Token, names: frozenset[str]) -> Iterator[Token]:
    """Objects of the prepositions `names` that hang on `token`, chained ones ("from within") included."""
    for child in children(token, "prep", "agent", "dative", "prt", "advmod", "acl"):
        if child.lower_ in names:
            yield from children(child, "pobj", "dobj")
            for inner in children(child, "prep"):
                yield from children(inner, "pobj")


def predicands(noun: Token) -> Iterator[Token]:
    """What a noun is said of: "AWS" for "provider" in "AWS is / becomes / serves as / is named its provider"."""
    head = noun.head
    if noun.dep_ in ("attr", "oprd", "acomp") and head.tag_ in VERBS:
        objects = children(head, "dobj")
        yield from objects if noun.dep_ == "oprd" and objects and not is_passive(head) else subject_like(head)
    elif noun.dep_ == "appos":
        before = [each for each in conjuncts(head) if each.i < noun.i] or [head]
        yield from before if noun.tag_ == "NNS" else before[-1:]  # "A, B and C, president of D": C is
    elif noun.dep_ == "conj" and head.tag_ not in VERBS:
        yield from (found for found in predicands(head) if found.i != noun.i)
    elif noun.dep_ in ("compound", "nmod", "amod") and head.i > noun.i:
        yield head
    elif noun.dep_ == "pobj" and head.lower_ == "as":
        verb = _verb_above(head)
        direct = [obj for obj in children(verb, "dobj") if obj.i < noun.i]
        yield from direct or subject_like(verb)
    elif noun.dep_ in ("ccomp", "xcomp") or children(noun, "nsubj") or (noun.dep_ == "ROOT" and children(noun, "cop")):
        yield from children(noun, "nsubj")
    elif noun.dep_ == "npadvmod":
        yield head
    if noun.dep_ == "dobj" and noun.head.tag_ in VERBS:
        yield from (c for c in children(noun.head, "nsubj") if c.i > noun.head.i)
    yield from children(noun, "appos")
