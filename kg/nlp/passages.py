"""Passages: the stretches of a document that are parsed by themselves, one for each block that holds language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.model import Block, Document
from kg.nlp.lexicon import Lexicon

SKIPPED = frozenset({"byline"})
LABEL = re.compile(r"([^:.!?]{2,60}):(?=\s+\S)")
NAMED = re.compile(r"([A-Z][\w.&'’+-]*(?: [A-Z0-9][\w.&'’+-]*){0,2}) [-–—] ?(?=\S)")
LAST_SENTENCE = re.compile(r"(?:^|[.!?]\s+)([^.!?]*):\s*$")
HEADLINE = re.compile(r"([^\n]{15,220}?[^\s.!?:,])[.!?]?\s+[-–—]+\s+(?=[\"“‘']?[A-Z0-9$])")
TITLE_CASE_SHARE = 0.7
STOPPED_SHARE = 0.9
"""A text with a full stop is more likely a plain sentence full of names."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Text to parse: a block of the document, by `index`, or a list item together with its unfinished introduction.

    `lead_in`: how many characters at the start were taken from the introduction of the list. `label_end`: the offset
    of the colon or dash of a leading label such as "Partners:", None where there is none. `title_case`: whether nearly
    all words are capitalised, as in headlines. `opens`: whether it begins a new item, which no reference reaches back
    from.
    """

    index: int
    block: Block
    lead_in: int = 0
    label_end: int | None = None
    title_case: bool = False
    opens: bool = False

    @property
    def text(self) -> str:
        """The clean text; offsets in a passage count its characters."""
        return self.block.text


def passages(document: Document, lexicon: Lexicon) -> Iterator[Passage]:
    """The passages of a document in reading order. An item whose introduction breaks off is read together with it."""
    for index, block in enumerate(document.blocks):
        if block.kind in SKIPPED or not block.text.strip():
            continue
        lead = _lead_in(document, block, lexicon)
        if lead:
            joined = _joined(lead, block)
            yield Passage(index, joined, lead_in=len(lead.text) + 1, title_case=_is_title_case(block.text))
            continue
        parts = _headline_and_body(block)
        for number, part in enumerate(parts):
            opens = block.kind == "heading" or (len(parts) > 1 and number == 0)
            yield Passage(index, part, 0, _label_end(part), _is_title_case(part.text), opens)


def _headline_and_body(block: Block) -> tuple[Block, ...]:
    """A block of the form "Headline - what happened": its two parts; any other block as it is."""
    found = HEADLINE.match(block.text)
    if block.kind == "cell" or not found:
        return (block,)
    return _cut(block, 0, found.end(1)), _cut(block, found.end(), len(block.text))


def _cut(block: Block, start: int, end: int) -> Block:
    """The part of a block from `start` to `end`, offsets of its text."""
    first = (0, block.stored_span(start, start + 1)[0])
    rest = tuple((clean - start, stored) for clean, stored in block.segments if start < clean < end)
    emphasis = tuple((max(0, s - start), min(e, end) - start) for s, e in block.emphasis if s < end and e > start)
    return replace(block, text=block.text[start:end], segments=(first, *rest), emphasis=emphasis)


def part_of(passage: Passage, start: int, end: int) -> Passage:
    """The part of a passage from `start` to `end`, offsets of its text."""
    if (start, end) == (0, len(passage.text)):
        return passage
    label_end = passage.label_end if start == 0 and (passage.label_end or 0) < end else None
    opens = passage.opens and start == 0
    return replace(passage, block=_cut(passage.block, start, end), label_end=label_end, opens=opens)


def _joined(lead: Block, block: Block) -> Block:
    shift = len(lead.text) + 1
    moved = tuple((clean + shift, stored) for clean, stored in block.segments)
    return replace(block, text=f"{lead.text} {block.text}", segments=(*lead.segments, *moved), emphasis=())


def _lead_in(document: Document, block: Block, lexicon: Lexicon) -> Block | None:
    """The unfinished sentence that introduces the list of this item; None where there is none."""
    if block.kind != "item" or block.lead_in is None:
        return None
    intro = document.blocks[block.lead_in]
    found = LAST_SENTENCE.search(intro.text)
    words = found.group(1).split() if found else []
    if not found or not words or words[-1].lower() not in lexicon.lead_in_ends:
        return None
    return _cut(intro, found.start(1), found.end(1))


def _label_end(block: Block) -> int | None:
    """The offset of the colon of a leading label: in bold, or short and at the start of a list item."""
    named = NAMED.match(block.text)
    if named and block.kind != "cell":
        return named.end(1) + 1
    found = LABEL.match(block.text)
    if not found:
        return None
    bold = any(start == 0 and end >= found.end() - 1 for start, end in block.emphasis)
    return found.end() - 1 if bold or (block.kind == "item" and found.end() <= 40) else None


def _is_title_case(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if len(word) > 3]
    capitalised = sum(word[0].isupper() for word in words)
    stopped = text.rstrip().endswith(".")
    least, share = (5, STOPPED_SHARE) if stopped else (3, TITLE_CASE_SHARE)
    return len(words) >= least and capitalised / len(words) >= share
