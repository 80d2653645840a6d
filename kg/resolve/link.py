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
    counts = Counter(surface for surface, _ in {(m.surface, m.start) for m in mentions})
    known = {m.surface: m.entity for m in mentions if m.entity is not None}
    links: dict[str, Link] = {}
    for surface in sorted(types, key=_longest_first):
        found = _registered(surface, types[surface], known.get(surface), registry)
        links[surface] = found or _new(surface, types[surface])
    for short, longer in sorted(_definitions(text, links).items()):
        if not links[short].registered:
            links[short] = _same_as(links[longer], "definition")
    for surface in sorted(links, key=_longest_first):
        full = None if links[surface].registered else _full_form(surface, links)
        if full is not None:
            links[surface] = _same_as(links[full], "short form")
    for surface, found in sorted(links.items()):
        if found.rule == "new" and fold(surface) not in registry.forms:
            near = _misspelt(surface, links, counts)
            links[surface] = near or found
    for mention in mentions:
        if mention.maker is not None and mention.maker in links:
            links[mention.surface] = _unnamed(links[mention.maker])
    return links


def _unnamed(maker: Link) -> Link:
    """The chips of a maker that the text gives no name."""
    return Link(f"{maker.entity}-chips-chip", f"{maker.name} chips", "Chip", "chips of a maker", registered=False)


def _longest_first(surface: str) -> tuple[int, str]:
    return -len(surface), surface


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
    entry_or_none = registry.find(surface, kind)
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


def _full_form(surface: str, links: Mapping[str, Link]) -> str | None:
    """The longer name of which `surface` is the family name (of a person) or the first words (of a company).

    None where longer names of more than one entity fit. A company that the registry knows has its short forms there.
    """
    short, rest = links[surface], surface.split()
    longer = []
    for other, full in links.items():
        words = other.split()
        if full.type != short.type or full.entity == short.entity or len(words) <= len(rest):
            continue
        if full.type == "Person":
            fits = len(rest) == 1 and words[-1] == surface
        else:
            fits = full.type == "Company" and words[: len(rest)] == rest and not full.registered
        if fits:
            longer.append(other)
    return min(longer, key=_longest_first) if len({links[other].entity for other in longer}) == 1 else None


def _misspelt(surface: str, links: Mapping[str, Link], counts: Mapping[str, int]) -> Link | None:
    """The one name of the document that `surface` is a slip of: same first letter, same numbers, few edits.

    Two edits are forgiven only against a long name that the registry knows. A name that it does not know must be of
    the same type and stand in the document more often than its slip.
    """
    from rapidfuzz.distance import OSA

    key = fold(surface)
    allowed = 0 if len(key) < SHORT else 1 if len(key) < LONG else 2
    best: dict[str, tuple[int, Link]] = {}
    for other, target in sorted(links.items()):
        rival = fold(other)
        if target.rule == "misspelling" or rival[:1] != key[:1] or _numbers(other) != _numbers(surface):
            continue
        distance = OSA.distance(key, rival, score_cutoff=allowed)
        usual = target.type == links[surface].type and counts[other] > counts[surface] and distance == 1
        if 0 < distance <= allowed and (target.registered or usual):
            best[target.entity] = min(best.get(target.entity, (distance, target)), (distance, target), key=_distance)
    nearest = sorted(best.values(), key=lambda found: (found[0], found[1].entity))
    if not nearest or (len(nearest) > 1 and nearest[0][0] == nearest[1][0]):
        return None
    return _same_as(nearest[0][1], "misspelling")


def _distance(found: tuple[int, Link]) -> int:
    return found[0]


def _numbers(name: str) -> list[str]:
    """The words of a name that hold a digit: "GPT-4" and "GPT-4o" are two names, not one and its slip."""
    return [word for word in re.split(r"[\s-]+", name.casefold()) if any(c.isdigit() for c in word)]
