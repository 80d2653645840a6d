"""The steps of the cascade that look at a whole document, after the registry's own.

Each goes over the links as they are and gives what it would bind: a surface form, what it stands for, and the rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.nlp.names import THINGS
from kg.resolve.definitions import definitions, other_names, renamings
from kg.resolve.folding import fold
from kg.resolve.known import MAKER_FIRST, find, find_slip
from kg.resolve.linking import BODIES, JUDGED, NEW, Link, Linker, Step, longest_first, of_entry, plainest_first, same_as
from kg.resolve.registry import Registry
from kg.resolve.spellings import slip
from kg.resolve.variants import COMPANY, PERSON, agreement, at_odds, is_company_noun, loose_key, without_title


def _defined(links: Mapping[str, Link], linker: Linker) -> Step:
    """What the document itself says: an acronym, a former name, another name of one thing."""
    said = ((definitions, "definition"), (renamings, "former name"), (other_names, "definition"))
    for reader, rule in said:
        for other, name in reader(linker.text, linker.places):
            one, full = links[other], links[name]
            fits = one.type == full.type or (rule == "definition" and reader is definitions)
            if fits and not one.registered and one.own != full.own:
                yield other, full, rule


def _without_maker(links: Mapping[str, Link], linker: Linker) -> Step:
    """A new thing with the name of a known company before it, where the document also names it without."""
    things = {surface: found for surface, found in sorted(links.items()) if found.type in THINGS and found.rule == NEW}
    for surface, full in things.items():
        words = surface.split()
        for count in range(1, len(words)):
            rest = " ".join(words[count:])
            if find(" ".join(words[:count]), COMPANY, linker.known) is not None:
                named = ((s, found) for s, found in things.items() if found.type == full.type and s != surface)
                target = next((found for s, found in named if agreement(rest, s, full.type) is not None), None)
                if target is not None:
                    yield surface, target, MAKER_FIRST


def _shortened(links: Mapping[str, Link], linker: Linker) -> Step:
    """The family name of a person, the first words of a company, the chief word of a public body.

    None where longer names of more than one entity fit. The longest come first, so that chains end at the longest.
    """
    bound = dict(links)
    for surface in sorted(links, key=longest_first):
        full = None if links[surface].registered else _full_form(surface, bound, linker.known.registry)
        if full is not None and linker.allows(links[surface], bound[full].entity):
            bound[surface] = same_as(bound[full], "short form", links[surface].own)
            yield surface, bound[full], "short form"


def _full_form(surface: str, links: Mapping[str, Link], registry: Registry) -> str | None:
    short, rest = links[surface], surface.split()
    if short.type == PERSON:
        rest = without_title(rest)
    longer = []
    for other, full in links.items():
        if full.type == short.type and full.entity != short.entity:
            forms = (other, *registry.entries[full.entity].surface_forms) if full.registered else (other,)
            if any(_is_short_for(rest, form.split(), full) for form in forms):
                longer.append(other)
    return min(longer, key=longest_first) if len({links[other].entity for other in longer}) == 1 else None


def _is_short_for(rest: Sequence[str], words: Sequence[str], full: Link) -> bool:
    """Whether the words `rest` may stand for the name of more `words`.

    A company leaves out words such as "Systems", and one that the registry knows has its short forms there. A thing is
    known by the end of its name only if that has a number.
    """
    if len(words) <= len(rest):
        return False
    begins, ends = list(words[: len(rest)]) == list(rest), list(words[-len(rest) :]) == list(rest)
    if full.type == COMPANY:
        return begins and not full.registered and is_company_noun(words[-1])
    if full.type in BODIES:
        return len(rest) == 1 and (begins or ends)
    return ends and (full.type == PERSON or (full.type in THINGS and _has_number(" ".join(rest))))


def _has_number(words: str) -> bool:
    return any(map(str.isdigit, words)) and any(map(str.isalpha, words))


def _written_otherwise(links: Mapping[str, Link], linker: Linker) -> Step:
    """One name in several ways of writing it, of which the plainest is the name."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for surface, found in links.items():
        groups[found.type, loose_key(surface, found.type)].append(surface)
    for (kind, _), surfaces in sorted(groups.items()):
        bound: dict[str, Link] = {}
        for surface in sorted(surfaces, key=lambda surface: plainest_first(surface, kind)):
            short = links[surface]
            full = _only([each for each in bound.items() if each[1].entity != short.entity])
            apart = any(at_odds(surface, other, kind) for other in surfaces)
            rule = agreement(surface, full[0], kind) if full is not None and short.rule == NEW and not apart else None
            bound[surface] = short
            if full is not None and rule is not None:
                bound[surface] = same_as(full[1], rule, short.own)
                yield surface, full[1], rule


def _only(found: Sequence[tuple[str, Link]]) -> tuple[str, Link] | None:
    """The first of them, if all are one entity."""
    return found[0] if len({link.entity for _, link in found}) == 1 else None


def _misspelt(links: Mapping[str, Link], linker: Linker) -> Step:
    """A slip that people usually make, in a name of the document; one such name alone.

    A name that the registry does not know is of the same type and stands in the document more often than its slip.
    """
    targets = dict(links)
    for surface in sorted(links, key=lambda surface: (-linker.count(surface), surface)):
        if links[surface].rule == NEW and fold(surface) not in linker.known.registry.forms:
            found = {
                target.entity: target
                for other, target in sorted(targets.items())
                if target.registered
                or (target.type == links[surface].type and linker.count(other) > linker.count(surface))
                if abs(len(surface) - len(other)) <= 1 and slip(surface, other) is not None
            }
            near = next(iter(found.values())) if len(found) == 1 else None
            if near is not None and linker.allows(links[surface], near.entity):
                del targets[surface]  # a slip of one name is not the right spelling of another
                yield surface, near, "misspelling"


def _misspelt_known(links: Mapping[str, Link], linker: Linker) -> Step:
    """A slip in a name that the registry knows, though the document never spells it right."""
    for surface, short in sorted(links.items()):
        found = find_slip(surface, short.type, linker.known) if short.rule == NEW else None
        if found is not None:
            yield surface, of_entry(found.entry, found.rule, short.own), found.rule


def _judged(links: Mapping[str, Link], linker: Linker) -> Step:
    """What people decided about this document alone."""
    by_own = {found.own: surface for surface, found in sorted(links.items())}
    for one, other in linker.judgements.same_in(linker.document):
        for short, full in ((one, other), (other, one)):
            entry = linker.known.registry.entries.get(full)
            if short not in by_own or short in linker.known.registry.entries:
                continue
            if entry is not None:
                yield by_own[short], of_entry(entry, JUDGED, short), JUDGED
                break
            if full in by_own:
                yield by_own[short], links[by_own[full]], JUDGED
                break


STEPS = (_defined, _without_maker, _written_otherwise, _shortened, _misspelt, _misspelt_known, _judged)
"""The steps after the registry's own, in their order. Each gives what it would bind, by the links before it."""
