"""Walking the dependency tree along the paths of a pattern, from a trigger to the names at its ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from kg.nlp import frames
from kg.nlp.names import Name
from kg.nlp.parsed import Parsed
from kg.nlp.patterns import Step, Walk

if TYPE_CHECKING:
    from spacy.tokens import Token

NEAR = 4
SOFTWARE = frozenset({"Model", "Product"})
FILTERED = frozenset({"agent", "patient", "subject", "predicand"})
LISTING = frozenset({"including", "like", "such", "as", "namely"})


def walk(token: Token, path: Walk, parsed: Parsed) -> list[Token]:
    """The tokens that a path leads to, in order of place, each once."""
    here = [token]
    for number, step in enumerate(path):
        starts = here if number == 0 else [each for start in here for each in _coordinated(start)]
        found = [end for start in starts for end in _STEPS[step.name](start, step, parsed)]
        here = [end for end in found if end.lower_ in step.words] if step.name in FILTERED and step.words else found
    return sorted(set(here), key=lambda t: t.i)


def _coordinated(token: Token) -> list[Token]:
    """A noun with what is coordinated with it; a verb alone, since each verb has arguments of its own."""
    return [token] if token.tag_ in frames.VERBS else frames.conjuncts(token)


def fillers(token: Token, paths: tuple[Walk, ...], parsed: Parsed) -> list[tuple[Token, Name]]:
    """The names at the end of the first path that leads to any, with what is coordinated with them."""
    for path in paths:
        found: dict[int, tuple[Token, Name]] = {}
        alone = path[-1].name == "predicand" and token.dep_ in ("compound", "nmod", "amod", "appos")
        for end in walk(token, path, parsed):
            for each in [end] if alone else frames.conjuncts(end):
                for at, name in names_at(each, parsed, alone=alone):
                    found.setdefault(at.i, (at, name))
        if found:
            return [found[i] for i in sorted(found)]
    return []


def names_at(token: Token, parsed: Parsed, *, alone: bool = False) -> Iterator[tuple[Token, Name]]:
    """The names that a noun phrase stands for.

    The head itself if it is a name or a reference; else names in apposition or listed ("investors including A and
    B"); else a name that its common noun classifies ("Zeta chips", "the Widget platform", "Acme, a company that").
    `alone`: what stands in a list with the name is not meant.
    """
    if token.i in parsed.names:
        yield token, parsed.names[token.i]
        yield from () if alone else _listed(token, parsed)
    elif token.i in parsed.references:
        yield token, parsed.references[token.i]
    else:
        ends = _examples(token, parsed) or _classified(token, parsed)
        yield from ((end, parsed.names[end.i]) for end in ends)


def _examples(token: Token, parsed: Parsed) -> list[Token]:
    """Names in apposition to a common noun or listed after it: "a system called X", "firms such as A and B"."""
    found = frames.children(token, "appos")
    for clause in frames.children(token, "acl"):
        found += frames.children(clause, "oprd", "dobj") if clause.tag_ == "VBN" else []
    for prep in frames.children(token, "prep"):
        objects = frames.children(prep, "pobj")
        if prep.lower_ in LISTING:
            found += objects
            found += [obj for inner in frames.children(prep, "prep") for obj in frames.children(inner, "pobj")]
        elif prep.lower_ == "of":  # "a group of investors including A"
            found += [end for obj in objects if obj.i in parsed.classes for end in _examples(obj, parsed)]
    return [one for each in found for one in frames.conjuncts(each) if one.i in parsed.names]


def _classified(token: Token, parsed: Parsed) -> list[Token]:
    """Names whose type a common noun says: its modifiers ("Zeta chips"), else what it is said of."""
    kinds = parsed.classes.get(token.i, frozenset())
    if kinds & SOFTWARE:  # "the Zeta model" and "the Zeta app" are said of either
        kinds |= SOFTWARE

    def fitting(ends: Iterable[Token]) -> list[Token]:
        return [
            e for e in ends if e.i in parsed.names and (parsed.names[e.i].type in kinds or not parsed.names[e.i].sure)
        ]

    modifiers = [one for each in frames.children(token, "compound", "nmod") for one in frames.conjuncts(each)]
    of_kind = [one for one in modifiers if one.i in parsed.names and parsed.names[one.i].type in kinds]
    return fitting(modifiers) if of_kind else fitting(frames.predicands(token)) if kinds else []


def _listed(token: Token, parsed: Parsed) -> Iterator[tuple[Token, Name]]:
    """In "A, B and C" the parser often takes B for an apposition; two names of one type with an "and" are a list."""
    kind = parsed.names[token.i].type
    for other in frames.children(token, "appos"):
        alike = other.i in parsed.names and parsed.names[other.i].type == kind
        if alike and (frames.children(token, "conj") or frames.children(other, "conj")):
            yield from ((one, parsed.names[one.i]) for one in frames.conjuncts(other) if one.i in parsed.names)


def nearest(token: Token, marked: Collection[int]) -> Token | None:
    """The marked token that is fewest steps away in the tree, at most `NEAR`; the leftmost of equally near ones."""
    queue, seen = deque([(token, 0)]), {token.i}
    best: tuple[int, int] | None = None
    while queue:
        here, distance = queue.popleft()
        if best is not None and distance > best[0]:
            break
        if here.i in marked:
            best = min(best or (distance, here.i), (distance, here.i))
        around = [*here.children, here.head] if distance < NEAR else []
        for other in around:
            if other.i not in seen:
                seen.add(other.i)
                queue.append((other, distance + 1))
    return token.doc[best[1]] if best else None


def nearest_round(token: Token, parsed: Parsed) -> str | None:
    """The financing round whose words are nearest in the tree; None where none is near."""
    found = nearest(token, parsed.rounds)
    return parsed.rounds[found.i] if found is not None else None


def _near(token: Token, step: Step, parsed: Parsed) -> list[Token]:
    wanted = {i for i in parsed.amounts if not step.words & {parsed.doc[i].head.lower_, parsed.doc[i].head.head.lower_}}
    found = nearest(token, wanted)
    return [found] if found is not None else []


def _children(*labels: str) -> Callable[[Token, Step, Parsed], list[Token]]:
    return lambda token, step, parsed: [
        child for child in frames.children(token, *labels) if not step.words or child.lower_ in step.words
    ]


def _governor(token: Token, step: Step, parsed: Parsed) -> list[Token]:
    found = frames.governor(token)
    return [found] if found is not None and (not step.words or found.lower_ in step.words) else []


def _label(token: Token, step: Step, parsed: Parsed) -> list[Token]:
    """The name that is the whole label of the passage: "Widget" in "Widget: a chatbot powered by Zeta"."""
    end = parsed.passage.label_end
    names = parsed.names.items() if end is not None else ()
    return [parsed.doc[i] for i, name in names if name.start == 0 and name.end in (end, (end or 0) - 1)]


def _prepositional(token: Token, step: Step, parsed: Parsed) -> list[Token]:
    """The objects of prepositions on the word; else on its verb: "made an investment of $5M in Acme"."""
    found = list(frames.prepositional(token, step.words))
    if not found and token.dep_ == "dobj":
        found = [end for end in frames.prepositional(token.head, step.words) if end.i > token.i]
    return found


def _head(token: Token, step: Step, parsed: Parsed) -> list[Token]:
    return [token.head] if token.head.i != token.i and (not step.words or token.head.lower_ in step.words) else []


_STEPS: Mapping[str, Callable[[Token, Step, Parsed], list[Token]]] = {
    "self": lambda token, step, parsed: [token],
    "agent": lambda token, step, parsed: frames.agents(token),
    "patient": lambda token, step, parsed: frames.patients(token),
    "subject": lambda token, step, parsed: frames.subject_like(token),
    "predicand": lambda token, step, parsed: list(frames.predicands(token)),
    "prep": _prepositional,
    "poss": _children("poss"),
    "compound": _children("compound", "nmod", "amod"),
    "appos": _children("appos"),
    "child": lambda token, step, parsed: frames.children(token, *step.words),
    "governor": _governor,
    "head": _head,
    "label": _label,
    "near": _near,
}
