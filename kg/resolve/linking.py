"""What the steps of the cascade work on: links from surface forms to entities, and what is known while linking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.resolve.judgements import Judgements
from kg.resolve.known import Known
from kg.resolve.registry import Entry
from kg.resolve.variants import embellished

BODIES = frozenset({"Government", "Institution"})
NEW, JUDGED, UNNAMED, ABROAD = "new", "judgement", "chips of a maker", "body of another country"


@dataclass(frozen=True, slots=True)
class Link:
    """What a surface form of a document stands for, and the step of the cascade that said so (`rule`).

    `own`: the id that the surface form has by itself, whatever it was joined to.
    """

    entity: str
    name: str
    type: str
    rule: str
    registered: bool
    own: str = ""


@dataclass(frozen=True, slots=True)
class Linker:
    """What the steps of the cascade look at. `document`: the hash of the text, for judgements about it alone."""

    known: Known
    judgements: Judgements
    text: str
    document: str
    places: Mapping[str, Sequence[tuple[int, int]]]

    def count(self, surface: str) -> int:
        """How often the document uses a surface form."""
        return len(self.places[surface])

    def allows(self, link: Link, entity: str) -> bool:
        """Whether nobody decided that the surface form behind `link` is not `entity`."""
        return not self.judgements.different(link.own, entity, self.document)


Step = Iterator[tuple[str, Link, str]]
"""Surface form, what it stands for, and the rule."""


def of_entry(entry: Entry, rule: str, own: str) -> Link:
    """The link to an entry of the registry."""
    return Link(entry.id, entry.name, entry.type, rule, registered=True, own=own)


def same_as(target: Link, rule: str, own: str) -> Link:
    return replace(target, rule=rule, own=own)


def longest_first(surface: str) -> tuple[int, str]:
    return -len(surface), surface


def plainest_first(name: str, kind: str) -> tuple[int, int, str]:
    """Sort key for names of one thing: with the fewest differences to take away, then the longest."""
    return embellished(name, kind), -len(name), name
