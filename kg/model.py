"""What flows between the stages: frozen, slotted dataclasses, no behaviour beyond derived values.

The words are those of the design: a *surface form* is text as written, a *mention* is a surface form at a place,
an *entity* is the thing, a *relation mention* is one occurrence of a relation in a text, a *statement* is what all
documents together say about one (subject, relation, object, instalment), *evidence* is the sentence that says so.

Offsets count characters (Unicode code points) of `Document.text` and are half-open: `text[start:end]`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


def content_hash(*parts: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the parts, joined by a character that text does not hold."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table cell ... of a document, as clean text that maps back to the stored text.

    `kind`: `heading`, `paragraph`, `item`, `cell`, `quote`, `byline`. `text`: without mark-up, links reduced to words.
    `segments`: `(clean_start, stored_start)` pairs in rising order; from `clean_start` on, clean and stored text run
    in step until the next segment. `level`: heading level, or nesting depth of a list item, from 1. `lead_in`: for a
    list item, the index (in `Document.blocks`) of the block that introduces the list, if there is one.
    `emphasis`: half-open ranges of `text` that the mark-up sets in bold.
    """

    kind: str
    text: str
    segments: tuple[tuple[int, int], ...]
    level: int = 0
    lead_in: int | None = None
    emphasis: tuple[tuple[int, int], ...] = ()

    def stored_span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the stored text that the range `start:end` of this block's text came from."""
        return self._stored(start), (self._stored(end - 1) + 1 if end > start else self._stored(start))

    def _stored(self, offset: int) -> int:
        clean, stored = self.segments[max(0, bisect_right(self.segments, (offset, 2**62)) - 1)]
        return stored + offset - clean


@dataclass(frozen=True, slots=True)
class Document:
    """A source text. `text` is the stored text; `blocks` is its structure in reading order.

    The stored text is the file's own, exactly as decoded, for markdown and plain text; for other forms (HTML, PDF,
    mail, ...) it is the markdown that reading derives. `name`: the file's name without its suffix, or the id of a row.
    `date`: publication date, ISO 8601, as precise as the source gives it.
    """

    name: str
    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    path: str | None = None

    @property
    def hash(self) -> str:
        """Content hash of the stored text: two copies of one text are one document."""
        return content_hash(self.text)


@dataclass(frozen=True, slots=True)
class Mention:
    """A surface form at a place in one document.

    `type`: one of the schema's entity types. `rule`: what found and typed it, for `kg extract --explain`.
    `sure`: whether the type was settled by the registry or by context; an unsure type may be overruled by the slot
    of a relation. `entity`: the registry's id, where the registry knows the name. `maker`: for the unnamed chips of a
    named maker ("its custom chips"), the surface form of the maker.
    """

    surface: str
    start: int
    end: int
    type: str
    rule: str
    sure: bool = False
    entity: str | None = None
    maker: str | None = None
    common: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money. `value` in whole units of `currency` (ISO 4217). `bound`: exact, up_to, at_least, about.

    `kind`: `increment` (this sum was added), `cumulative` (all sums so far), `tranche` (a part of a named sum).
    Only increments may be summed.
    """

    value: Decimal
    currency: str
    bound: str = "exact"
    kind: str = "increment"


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """What a text says about a fact beside subject, relation and object.

    `date`: when it happened or began, ISO 8601 with the text's own precision (`2024`, `2024-11`, `2024-11-22`).
    `round`: `seed`, `series_a`, ...; `role`: as worded; `period`: what a revenue covers, as worded.
    """

    amount: Amount | None = None
    date: str | None = None
    round: str | None = None
    lead: bool = False
    role: str | None = None
    period: str | None = None


NO_QUALIFIERS = Qualifiers()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that state something: `quote == document.text[start:end]`, the document's hash, the rule that fired.

    `confidence`: how likely the text states it, 0 to 1; 1.0 where nothing was estimated. Kept to three decimals.
    """

    document: str
    start: int
    end: int
    quote: str
    rule: str
    status: str
    qualifiers: Qualifiers = NO_QUALIFIERS
    confidence: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "confidence", round(float(self.confidence), 3))


@dataclass(frozen=True, slots=True)
class RelationMention:
    """One occurrence of a relation in one document. `object` is None for relations with an amount in its place."""

    relation: str
    subject: Mention
    object: Mention | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one document yields before resolution: all mentions of names, and the relation mentions."""

    document: Document
    mentions: tuple[Mention, ...]
    relations: tuple[RelationMention, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """A surface form of one document with the entity that it stands for there, and the rule that said so.

    `document`: its hash. `own`: the id that the surface form has by itself, made of its folded name and type; a
    judgement about the binding names it. `count`: its mentions in the document; `start` and `end`: the first of them.
    """

    document: str
    surface: str
    own: str
    entity: str
    rule: str
    count: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Belonging:
    """What the registry knows beforehand: `entity` is a unit of `owner` (`by` is `parent`) or made by it (`maker`).

    No document need say so: it is there to roll up, never a statement. `name`: the owner's.
    """

    entity: str
    by: str
    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing with an id. `id` is the local part of its IRI. `aliases`: every surface form seen, sorted."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    registered: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What all documents together say about one (subject, relation, object, instalment).

    `subject` and `object` are entity ids. `status` is the best over `evidence`; `qualifiers` are merged from it.
    `evidence` is sorted and never empty.
    """

    id: str
    subject: str
    relation: str
    object: str | None
    status: str
    qualifiers: Qualifiers
    evidence: tuple[Evidence, ...]

    @property
    def confidence(self) -> float:
        """The highest confidence among the evidence that has the statement's status; 0.0 where none has it.

        A statement that two documents support is at least as sure as its best evidence.
        """
        return max((each.confidence for each in self.evidence if each.status == self.status), default=0.0)


@dataclass(frozen=True, slots=True)
class StatementSet:
    """Everything a build found: documents by hash, entities by id, statements sorted by id; which surface form stands
    for which entity, by document and surface form; what is known beforehand of the entities, sorted; which documents
    are reprints, each with its original, which is none itself."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    entities: Mapping[str, Entity] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    bindings: tuple[Binding, ...] = ()
    belongings: tuple[Belonging, ...] = ()
    reprints: Mapping[str, str] = field(default_factory=dict)

    def original(self, document: str) -> str:
        """The hash of the document that this one is a reprint of, or its own."""
        return self.reprints.get(document, document)

    def sources(self, statement: Statement) -> int:
        """How many independent documents state it with its status; an original and its reprints are one."""
        supporting = [each for each in statement.evidence if each.status == statement.status] or statement.evidence
        return len({self.original(each.document) for each in supporting})
