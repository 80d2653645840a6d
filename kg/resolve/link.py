"""From surface forms to entities, one document at a time: a deterministic cascade whose every step has a name.

Order: the registry's own match; the registry by folded name and without legal suffix; a definition in the document
("Amazon Web Services (AWS)"); a short form of a longer name in the document ("Altman"); a misspelling (edit distance);
else a new entity whose id is made of its name and type. Two registered names are never merged.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.model import Mention, content_hash
from kg.resolve.registry import Registry, fold, strip_legal_suffix

SHORT, LONG = 5, 9


@dataclass(frozen=True, slots=True)
class Link:
    """What a surface form of a document stands for, and the step of the cascade that said so (`rule`)."""

    entity: str
    name: str
    type: str
    rule: str
    registered: bool


def link(mentions: Sequence[Mention], text: str, registry: Registry) -> dict[str, Link]:
    """The entity behind each surface form of a document. `text`: the stored text, for definitions in brackets."""
    types = _types(mentions)
    known = {m.surface: m.entity for m in mentions if m.entity is not None}
    links: dict[str, Link] = {}
    for surface in sorted(types, key=lambda s: (-len(s), s)):
        found = _registered(surface, types[surface], known.get(surface), registry)
        links[surface] = found or _new(surface, types[surface])
    for rule, target_of in (("definition", _definitions(text, links)), ("short form", _short_forms(links))):
        for surface, longer in sorted(target_of.items()):
            if not links[surface].registered:
                links[surface] = _same_as(links[longer], rule)
    for surface, found in sorted(links.items()):
        if not found.registered and found.rule == "new":
            near = _misspelt(surface, found.type, links, registry)
            links[surface] = near or found
    return links


def _types(mentions: Iterable[Mention]) -> dict[str, str]:
    """One type for each surface form: the registry's, a sure one, or the one that most slots gave it."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        weight = 1000 if mention.entity is not None else 10 if mention.sure else 1
        votes[mention.surface][mention.type] += weight
    return {surface: min(found, key=lambda t: (-found[t], t)) for surface, found in votes.items()}


def _registered(surface: str, kind: str, entity: str | None, registry: Registry) -> Link | None:
    if entity is not None:
        entry = registry.entries[entity]
        return Link(entry.id, entry.name, entry.type, "registry", registered=True)
    entry_or_none = registry.find(surface)
    if entry_or_none is None or entry_or_none.type != kind:
        return None
    return Link(entry_or_none.id, entry_or_none.name, entry_or_none.type, "registry, folded", registered=True)


def _new(surface: str, kind: str) -> Link:
    name = re.sub(r"['’]s$", "", surface).strip()
    return Link(new_id(name, kind), name, kind, "new", registered=False)


def new_id(name: str, kind: str) -> str:
    """The id of an entity that the registry does not hold: its folded name and its type; equal names get equal ids."""
    folded = fold(strip_legal_suffix(name))
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if len(slug) < 2 or not slug.isascii() or len(slug) > 80:
        slug = f"{slug[:40]}-{content_hash(folded)}".strip("-")
    return f"{slug}-{kind.lower()}"


def _same_as(target: Link, rule: str) -> Link:
    return Link(target.entity, target.name, target.type, rule, target.registered)


DEFINITION = re.compile(r"\(\s*[\"“']?([A-Z][A-Za-z0-9&.-]{1,11})[\"”']?\s*\)")


def _definitions(text: str, links: Mapping[str, Link]) -> dict[str, str]:
    """Acronyms that the text defines in brackets right after a longer name."""
    out: dict[str, str] = {}
    for found in DEFINITION.finditer(text):
        short = found.group(1)
        before = text[: found.start()].rstrip(" *_")
        longer = next((s for s in sorted(links, key=lambda s: (-len(s), s)) if before.endswith(s) and s != short), None)
        if longer and short in links and _initials_fit(short, longer):
            out[short] = longer
    return out


def _initials_fit(short: str, longer: str) -> bool:
    initials = "".join(word[0] for word in re.split(r"[\s-]+", longer) if word[:1].isalnum())
    letters = short.replace(".", "").replace("&", "").upper()
    return letters in (initials.upper(), "".join(c for c in initials if c.isupper()))


def _short_forms(links: Mapping[str, Link]) -> dict[str, str]:
    """Surface forms that are the family name of a person, or the first words of a company, named in full elsewhere."""
    out: dict[str, str] = {}
    for surface, short in links.items():
        longer = set()
        for other, full in links.items():
            words, rest = other.split(), surface.split()
            if other == surface or full.type != short.type or len(words) <= len(rest):
                continue
            if full.type == "Person" and len(rest) == 1 and words[-1] == surface:
                longer.add(other)
            elif full.type == "Company" and words[: len(rest)] == rest and not full.registered:
                longer.add(other)
        if len({links[other].entity for other in longer}) == 1:
            out[surface] = max(longer, key=lambda s: (len(s), s))
    return out


def _misspelt(surface: str, kind: str, links: Mapping[str, Link], registry: Registry) -> Link | None:
    """The one name of the document that `surface` is a slip of: same first letter, same digits, few edits."""
    from rapidfuzz.distance import OSA

    key = fold(surface)
    allowed = 0 if len(key) < SHORT else 1 if len(key) < LONG else 2
    if not allowed:
        return None
    best: dict[str, tuple[int, Link]] = {}
    for other, target in links.items():
        rival = fold(other)
        if other == surface or rival[:1] != key[:1] or _digits(rival) != _digits(key) or len(rival) < SHORT:
            continue
        distance = OSA.distance(key, rival, score_cutoff=allowed)
        if 0 < distance <= allowed and (target.registered or distance == 1) and target.rule != "misspelling":
            best[target.entity] = min(
                best.get(target.entity, (distance, target)), (distance, target), key=lambda b: b[0]
            )
    nearest = sorted(best.values(), key=lambda b: (b[0], b[1].entity))
    if not nearest or (len(nearest) > 1 and nearest[0][0] == nearest[1][0]):
        return None
    return _same_as(nearest[0][1], "misspelling")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
