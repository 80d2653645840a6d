"""Text that remembers where each of its characters came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traced:
    """Clean text with, for each character, its offset in the stored text and whether mark-up sets it in bold.

    `gap`: the stored offset of mark-up that was dropped right before the character, or -1. The four run in step.
    """

    text: str = ""
    origin: Sequence[int] = ()
    bold: Sequence[bool] = ()
    gap: Sequence[int] = ()

    def cut(self, start: int, end: int | None = None) -> Traced:
        """The characters `start:end`."""
        part = slice(start, end)
        return Traced(self.text[part], self.origin[part], self.bold[part], self.gap[part])

    def segments(self) -> tuple[tuple[int, int], ...]:
        """`(clean offset, stored offset)` wherever clean and stored text fall out of step, and at the start."""
        origin = self.origin
        starts = [i for i in range(len(origin)) if i == 0 or origin[i] != origin[i - 1] + 1]
        return tuple((i, origin[i]) for i in starts)

    def emphasis(self) -> tuple[tuple[int, int], ...]:
        """The half-open ranges in bold, without white space at their ends."""
        ranges, start = [], 0
        for end in range(1, len(self.bold) + 1):
            if end < len(self.bold) and self.bold[end] == self.bold[start]:
                continue
            words = self.text[start:end]
            if self.bold[start] and words.strip():
                first = start + len(words) - len(words.lstrip())
                ranges.append((first, first + len(words.strip())))
            start = end
        return tuple(ranges)


class Tape:
    """Collects characters for one `Traced`."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._origin: list[int] = []
        self._bold: list[bool] = []
        self._gap: list[int] = []
        self._pending_gap = -1

    def add(self, text: str, origin: Sequence[int], *, bold: bool) -> None:
        """Characters with their stored offsets; `origin` is as long as `text`."""
        if not text:
            return
        self._text.append(text)
        self._origin += origin
        self._bold += [bold] * len(text)
        self._gap.append(self._pending_gap)
        self._gap += [-1] * (len(text) - 1)
        self._pending_gap = -1

    def copy(self, part: Traced) -> None:
        """Characters as they stand in another `Traced`."""
        if not part.text:
            return
        self._text.append(part.text)
        self._origin += part.origin
        self._bold += part.bold
        self._gap.append(self._pending_gap if part.gap[0] < 0 else part.gap[0])
        self._gap += part.gap[1:]
        self._pending_gap = -1

    def mark(self, stored: int) -> None:
        """Mark-up at the stored offset was dropped here."""
        if self._pending_gap < 0:
            self._pending_gap = stored

    def take(self) -> Traced:
        """What was collected."""
        return Traced("".join(self._text), self._origin, self._bold, self._gap)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters `start:end` by `by`, which is empty or one blank. `mark`: what goes was mark-up."""

    start: int
    end: int
    by: str = ""
    mark: bool = False


def rewrite(line: Traced, edits: Iterable[Edit]) -> Traced:
    """The text after the edits, which are in order and do not overlap.

    A blank that replaces characters takes the offset of the first of them; one put in takes that of the mark-up there.
    """
    tape, at = Tape(), 0
    for edit in edits:
        tape.copy(line.cut(at, edit.start))
        at = edit.end
        if edit.by:
            stored = line.origin[edit.start] if edit.end > edit.start else line.gap[edit.start]
            bold = bool(line.bold[edit.start]) and edit.start > 0 and bool(line.bold[edit.start - 1])
            tape.add(edit.by, [stored], bold=bold)
        elif edit.mark:
            tape.mark(line.origin[edit.start])
    tape.copy(line.cut(at))
    return tape.take()


def join(lines: Sequence[Traced], breaks: Sequence[int]) -> Traced:
    """The lines as one, with a blank between them. `breaks`: the stored offset of the line end before each line."""
    tape = Tape()
    for number, line in enumerate(lines):
        if number:
            tape.add(" ", [breaks[number]], bold=bool(lines[number - 1].bold[-1] and line.bold[0]))
        tape.copy(line)
    return tape.take()
