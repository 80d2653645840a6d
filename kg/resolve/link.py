"""From surface forms to entities, one document at a time: a deterministic cascade whose every step has a name.

Order: what people decided; the registry's own match; the registry by folded name, without legal suffix, and in other
ways of writing a name; then the steps of `kg.resolve.steps`: a definition in the document ("Amazon Web Services
(AWS)"), a short form of a longer name in it ("Altman"), another way of writing one, a misspelling; else a new entity
whose id is made of its name and type. Two registered names are never merged, and what was judged different never.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kg.model import Mention, content_hash
from kg.resolve.countries import country_beside
from kg.resolve.folding import legal_form
from kg.resolve.ids import in_document, new_id, refusal
from kg.resolve.judgements import NO_JUDGEMENTS, Judgements
from kg.resolve.known import find, known_names
from kg.resolve.linking import ABROAD, BODIES, JUDGED, NEW, UNNAMED, Link, Linker, longest_first, of_entry, same_as
from kg.resolve.registry import Entry, Registry
from kg.resolve.steps import STEPS
from kg.resolve.variants import COMPANY


def link(
    mentions: Sequence[Mention], text: str, registry: Registry, *, judgements: Judgements = NO_JUDGEMENTS
) -> dict[str, Link]:
    """The entity behind each surface form of a document. `text`: the stored text, for definitions in brackets.

    A surface form that `refusal` refuses has none.
    """
    mentions = [mention for mention in mentions if refusal(mention.surface) is None]
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for surface, start, end in sorted({(m.surface, m.start, m.end) for m in mentions}):
        places[surface].append((start, end))
    linker = Linker(known_names(registry), judgements, text, content_hash(text), places)
    known = {m.surface: m.entity for m in mentions if m.entity is not None}
    links = {surface: _by_itself(surface, kind, known.get(surface), linker) for surface, kind in _types(mentions)}
    links |= _set_apart_by_legal_form(links)
    for step in STEPS:
        for surface, target, rule in list(step(links, linker)):
            if linker.allows(links[surface], target.entity):
                links[surface] = same_as(target, rule, links[surface].own)
    for mention in mentions:
        if mention.maker is not None and mention.maker in links:
            links[mention.surface] = _unnamed(links[mention.maker])
    return links


def _unnamed(maker: Link) -> Link:
    """The chips of a maker that the text gives no name."""
    entity = f"{maker.entity}-chips-chip"
    return Link(entity, f"{maker.name} chips", "Chip", UNNAMED, registered=False, own=entity)


def _types(mentions: Iterable[Mention]) -> list[tuple[str, str]]:
    """One type for each surface form, the longest first: the registry's, a sure one, or the one of most mentions."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        weight = 1000 if mention.entity is not None else 10 if mention.sure else 1
        votes[mention.surface][mention.type] += weight
    settled = {surface: min(found, key=lambda t: (-found[t], t)) for surface, found in votes.items()}
    return sorted(settled.items(), key=lambda item: longest_first(item[0]))


def _by_itself(surface: str, kind: str, entity: str | None, linker: Linker) -> Link:
    """What a surface form stands for by the registry alone; else an entity of its own."""
    name = re.sub(r"['’]s$", "", surface).strip()
    own = new_id(name, kind)
    new = Link(own, name, kind, NEW, registered=False, own=own)
    if entity is not None:
        entry = linker.known.registry.entries[entity]
        found = of_entry(entry, "registry", own)
    else:
        looked_up = find(surface, kind, linker.known)
        if looked_up is None:
            return _set_apart(new, linker)
        entry = looked_up.entry
        found = of_entry(entry, looked_up.rule, own)
    abroad = _country_abroad(surface, entry, linker)
    if abroad is not None:
        return replace(new, entity=f"{own}-{abroad.lower()}", rule=ABROAD)
    return found if linker.allows(found, entry.id) else _set_apart(new, linker)


def _country_abroad(surface: str, entry: Entry, linker: Linker) -> str | None:
    """The country that the text places a known public body in, if it is not that of the body: "India's Ministry"."""
    if entry.type not in BODIES or entry.country is None:
        return None
    beside = (country_beside(linker.text, *place, linker.known.registry) for place in linker.places[surface])
    return next((country for country in beside if country not in (None, entry.country)), None)


def _set_apart(new: Link, linker: Linker) -> Link:
    """A new entity; with an id of this document alone if somebody decided that it is not what bears the name else."""
    apart = linker.judgements.different(new.own, new.own, linker.document)
    return replace(new, entity=in_document(new.own, linker.document), rule=JUDGED) if apart else new


def _set_apart_by_legal_form(links: Mapping[str, Link]) -> dict[str, Link]:
    """New companies of one name that the document tells apart by their legal form: "Acme AG" sues "Acme Inc."."""
    forms: dict[str, set[str]] = defaultdict(set)
    for surface, found in links.items():
        if found.rule == NEW and found.type == COMPANY and (form := legal_form(surface)):
            forms[found.entity].add(form)
    return {
        surface: replace(found, entity=new_id(surface, found.type, whole=True))
        for surface, found in links.items()
        if len(forms.get(found.entity, ())) > 1 and legal_form(surface)
    }
