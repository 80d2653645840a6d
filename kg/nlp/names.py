"""Names: what a document calls things, and what type of thing each is.

A name's type is settled for the whole document by votes: from the registry, from the words beside the name, and from
the model's recogniser. A name whose votes are thin stays unsure: the slot of a relation may then decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.nlp.lexicon import Lexicon, WordForms
from kg.nlp.tokens import is_common
from kg.nlp.vocabulary import longest_first

THINGS = frozenset({"Model", "Chip", "Product"})
SURE_VOTES = 3
WEIGHT = {
    "suffix": 3, "before": 3, "apposition": 3, "after": 2, "full_name": 2, "version": 2, "recognised": 4,
}  # fmt: skip
VERSION = re.compile(r"\w[- ]?v?\d+(?:\.\d+)*[A-Za-z]{0,2}$")
SPELT = 5
RECOGNISED = "recognised as"
BESIDE = {
    "before": re.compile(r"([\w-]+)\s$"),
    "after": re.compile(r"^\s([\w-]+)"),
    "apposition": re.compile(
        r"^\s?,\s(?:an?|the)\s(?:[\w’'&.-]+\s){0,5}?([\w-]+)"
        r"(?=\s(?:that|which|for|in|from|to|with|of|whose|behind|built|[a-z]+(?:ing|ed))\b|[,.)])"
    ),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A surface form at a place in a passage. `entity`: the registry's id. `rule`: what found it, then what typed it.

    `maker`: for the unnamed chips of a named maker, the surface form of the maker. `either`: the types that it may have
    by the registry, where several things have this name. `common`: whether each of its words is an ordinary word too.
    """

    start: int
    end: int
    surface: str
    type: str
    rule: str
    sure: bool = False
    entity: str | None = None
    maker: str | None = None
    either: tuple[str, ...] = ()
    common: bool = False


def same_thing(one: Name, other: Name) -> bool:
    """Whether two names are spelt alike or stand for one entry of the registry."""
    return one.surface == other.surface or (one.entity is not None and one.entity == other.entity)


def spread(found: Mapping[int, Sequence[Name]], texts: Mapping[int, str], forms: WordForms) -> dict[int, list[Name]]:
    """The names of each passage, with those found in one passage also where others use the same words.

    An ordinary word that was taken for a name once ("Releases") is not looked for elsewhere.
    """
    every = [name for names in found.values() for name in names]
    surfaces = {n.surface: n for n in every if n.entity or " " in n.surface or not is_common(n.surface.lower(), forms)}
    words = longest_first(surface for surface in surfaces if len(surface) > 2)
    pattern = re.compile(rf"(?<![\w@#/.-])(?:{words})(?![\w@/]|\.\w)") if words else None
    out: dict[int, list[Name]] = {}
    for key, names in found.items():
        kept = list(names)
        for match in pattern.finditer(texts[key]) if pattern else ():
            if all(match.end() <= name.start or match.start() >= name.end for name in kept):
                model = surfaces[match.group()]
                kept.append(replace(model, start=match.start(), end=match.end(), rule="seen elsewhere"))
        out[key] = sorted(kept, key=lambda name: name.start)
    return out


def settle_types(
    found: Mapping[int, Sequence[Name]], texts: Mapping[int, str], lexicon: Lexicon
) -> dict[int, list[Name]]:
    """Give all mentions of one surface form in a document one type, by votes; the registry's word is final."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, names in found.items():
        for name in names:
            if name.entity is None:
                votes[name.surface].update(_votes(name, texts[key], lexicon))
    typed = {
        key: [_typed(name, votes[name.surface]) if name.entity is None else name for name in names]
        for key, names in found.items()
    }
    named = {name.surface.split()[-1] for names in typed.values() for name in names if _is_full_name(name)}
    typed = {key: [_family_name(name, named) for name in names] for key, names in typed.items()}
    sure = sorted({name.surface: name.type for names in typed.values() for name in names if name.sure}.items())
    return {key: [_spelt_like(name, sure) for name in names] for key, names in typed.items()}


def _is_full_name(name: Name) -> bool:
    return name.type == "Person" and " " in name.surface


def _family_name(name: Name, named: set[str]) -> Name:
    """One word that is the last word of a person's full name in the document is that person."""
    if name.entity is None and not name.either and name.surface in named:
        return replace(name, type="Person", sure=True, rule=f"{name.rule}; family name")
    return name


def _spelt_like(name: Name, sure: Sequence[tuple[str, str]]) -> Name:
    """An unsure name that is one slip away from a sure one of the document takes its type: "Cluade" beside "Claude"."""
    from rapidfuzz.distance import OSA

    if name.sure or name.either or len(name.surface) < SPELT:
        return name
    near = {t for s, t in sure if len(s) >= SPELT and s[0] == name.surface[0] and OSA.distance(s, name.surface) == 1}
    return replace(name, type=near.pop(), sure=True, rule=f"{name.rule}; misspelt") if len(near) == 1 else name


def _typed(name: Name, votes: Counter[str]) -> Name:
    """The name with the type that has most votes; sure if they are many and not the recogniser's alone."""
    seen = Counter({kind.removeprefix(f"{RECOGNISED} "): n for kind, n in votes.items() if kind.startswith(RECOGNISED)})
    others = Counter({kind: n for kind, n in votes.items() if not kind.startswith(RECOGNISED)})
    total = others + Counter({kind: min(n, 2 * WEIGHT["recognised"]) for kind, n in seen.items()})
    fitting = {kind: n for kind, n in total.items() if not name.either or kind in name.either}
    ranked = sorted(fitting.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return name
    kind, best = ranked[0]
    lead = best - (ranked[1][1] if len(ranked) > 1 else 0)
    sure = best >= SURE_VOTES and lead >= 2 and others[kind] > 0
    return replace(name, type=kind, sure=sure, rule=f"{name.rule}; votes {dict(ranked)}")


def _votes(name: Name, text: str, lexicon: Lexicon) -> Counter[str]:
    votes: Counter[str] = Counter()
    words = name.surface.split()
    if len(words) > 1 and words[-1] in lexicon.suffix_types:
        votes[lexicon.suffix_types[words[-1]]] += WEIGHT["suffix"]
    if len(words) > 1 and words[0] in lexicon.prefix_types:
        votes[lexicon.prefix_types[words[0]]] += WEIGHT["suffix"]
    for place, noun in nouns_beside(text, name):
        kinds = lexicon.class_nouns.get(noun, frozenset())
        kinds = kinds & THINGS if place == "after" else kinds
        if len(kinds) == 1:
            votes[next(iter(kinds))] += WEIGHT[place]
    if VERSION.search(name.surface):
        votes["Model"] += WEIGHT["version"]
    if name.rule.startswith(RECOGNISED):
        kind = name.rule.removeprefix(RECOGNISED).split(";")[0].strip()
        if kind == "Person" and 2 <= len(words) <= 3:
            votes[kind] += WEIGHT["full_name"]
        votes[f"{RECOGNISED} {kind}"] += WEIGHT["recognised"]
    return votes


def nouns_beside(text: str, name: Name) -> Iterator[tuple[str, str]]:
    """Common nouns right before the name ("start-up X"), right after it ("X chips") or in apposition ("X, a maker")."""
    for place, pattern in BESIDE.items():
        found = pattern.search(
            text[max(0, name.start - 30) : name.start] if place == "before" else text[name.end : name.end + 120]
        )
        if found and found.group(1) == found.group(1).lower():
            yield place, found.group(1)
