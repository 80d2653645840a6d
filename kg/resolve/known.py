"""Looking a name up in the registry, from the name itself: as written, in another way of writing it, with a slip."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.resolve.folding import fold
from kg.resolve.registry import Entry, Registry
from kg.resolve.spellings import Spellings, load_spellings, near, slip
from kg.resolve.variants import COMPANY, PERSON, agreement, has_initials, load_variants, loose_key, without_left_out

SURE_SLIPS = frozenset({"swapped", "doubled", "letter"})
"""With an s more or less at its end, most names are of something else."""
MAKER_FIRST = "maker's name before it"
REMEMBERED = 1 << 16
"""So many names are looked up once only."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The registry with what finds its entries: ids by type and loosest key, and spellings by type."""

    registry: Registry
    loose: Mapping[tuple[str, str], tuple[str, ...]]
    spellings: Mapping[str, Spellings]


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and the rule that found it."""

    entry: Entry
    rule: str


@lru_cache(maxsize=8)
def known_names(registry: Registry) -> Known:
    """The look-up over a registry; made once for each."""
    loose: dict[tuple[str, str], set[str]] = defaultdict(set)
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in registry.entries.values():
        for form in entry.surface_forms:
            loose[entry.type, loose_key(form, entry.type, known=True)].add(entry.id)
            keys[entry.type].add(fold(form))
    return Known(
        registry=registry,
        loose={at: tuple(sorted(ids)) for at, ids in loose.items()},
        spellings={kind: load_spellings(found) for kind, found in keys.items()},
    )


@lru_cache(maxsize=REMEMBERED)
def find(name: str, kind: str, known: Known) -> Found | None:
    """The entry of type `kind` that `name` is a name of: as it stands, or written in another way.

    None where there is none, or several. A name that is one of an entry of another type is nobody else's.
    """
    registry = known.registry
    entry = registry.find(name, kind)
    if entry is not None:
        rule = "registry, folded" if fold(name) in registry.forms else "legal form"
        return Found(entry, rule) if entry.type == kind else None
    if fold(name) in registry.forms:
        return None
    ids = known.loose.get((kind, loose_key(name, kind, known=True)), ())
    if len(ids) == 1:
        entry = registry.entries[ids[0]]
        forms = [form for form in entry.surface_forms if kind != PERSON or has_initials(name) or not has_initials(form)]
        rules = [agreement(name, form, kind, known=True) for form in forms]
        return next((Found(entry, rule) for rule in rules if rule is not None), None)
    if ids:
        return None
    return _with_word_left_out(name, known) if kind == COMPANY else _with_maker(name, kind, known)


def _with_maker(name: str, kind: str, known: Known) -> Found | None:
    """The thing that `name` is with the name of its maker, or of the maker's parent, before it."""
    words, registry = name.split(), known.registry
    for count in range(1, len(words)):
        maker = registry.find(re.sub(r"['’]s$", "", " ".join(words[:count])), COMPANY)
        if maker is not None:
            found = find(" ".join(words[count:]), kind, known)
            if found is not None and maker.id in _owners(found.entry, registry):
                return Found(found.entry, MAKER_FIRST)
    return None


def _owners(entry: Entry, registry: Registry) -> set[str]:
    """The maker of a thing and those that the maker belongs to."""
    owners, at = set(), entry.maker
    while at is not None and at not in owners:
        owners.add(at)
        at = registry.entries[at].parent
    return owners


def _with_word_left_out(name: str, known: Known) -> Found | None:
    """The young company that `name` is with "AI" added to it."""
    shorter = without_left_out(name)
    found = find(shorter, COMPANY, known) if shorter is not None else None
    if found is None or found.entry.kind not in load_variants().left_out_by:
        return None
    return Found(found.entry, "word left out")


@lru_cache(maxsize=REMEMBERED)
def find_slip(name: str, kind: str, known: Known) -> Found | None:
    """The one entry of type `kind` that `name` is a slip of; None where there is none, or several.

    Only slips that people usually make count here (`kg.resolve.spellings.slip`): the right name need not stand in the
    text, and most names that are one letter away from a known one are names of their own.
    """
    if kind not in known.spellings:
        return None
    registry = known.registry
    found = {
        id_
        for key in near(fold(name), known.spellings[kind])
        for id_ in registry.forms[key]
        if registry.entries[id_].type == kind
        if any(fold(form) == key and slip(name, form) in SURE_SLIPS for form in registry.entries[id_].surface_forms)
    }
    return Found(registry.entries[found.pop()], "misspelling of a known name") if len(found) == 1 else None
