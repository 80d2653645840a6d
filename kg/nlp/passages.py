"""Passages: the stretches of a document that are parsed by themselves, one for each block that holds language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.model import Block, Document
from kg.nlp.lexicon import Lexicon

SKIPPED = frozenset({"byline"})
LABEL = re.compile(r"([^:.!?]{2,60}):(?=\s+\S)")
LAST_SENTENCE = re.compile(r"(?:^|[.!?]\s+)([^.!?]*):\s*$")
TITLE_CASE_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Passage:
    """Text to parse: a block of the document, by `index`, or a list item together with its unfinished introduction.

    `lead_in`: how many characters at the start were taken from the introduction of the list. `label_end`: the offset
    of the colon of a leading label such as "Partners:", None where there is none. `title_case`: whether nearly all
    words are capitalised, as in headlines.
    """

    index: int
    block: Block
    lead_in: int = 0
    label_end: int | None = None
    title_case: bool = False

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
        yield Passage(
            index=index,
            block=_joined(lead, block) if lead else block,
            lead_in=len(lead.text) + 1 if lead else 0,
            label_end=None if lead else _label_end(block),
            title_case=_is_title_case(block.text),
        )


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
    start, text = found.start(1), found.group(1)
    first = (0, intro.stored_span(start, start + 1)[0])
    rest = tuple((clean - start, stored) for clean, stored in intro.segments if start < clean < found.end(1))
    return replace(intro, text=text, segments=(first, *rest))


def _label_end(block: Block) -> int | None:
    """The offset of the colon of a leading label: in bold, or short and at the start of a list item."""
    found = LABEL.match(block.text)
    if not found:
        return None
    bold = any(start == 0 and end >= found.end() - 1 for start, end in block.emphasis)
    return found.end() - 1 if bold or (block.kind == "item" and found.end() <= 40) else None


def _is_title_case(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if len(word) > 3]
    capitalised = sum(word[0].isupper() for word in words)
    return len(words) >= 3 and capitalised / len(words) >= TITLE_CASE_SHARE
