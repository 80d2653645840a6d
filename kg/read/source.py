"""A stored text as the markdown parser sees it, and the way back from what it parsed to stored offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NEWLINE = re.compile(r"\r\n?|\n")
_FRONT_MATTER = re.compile(r"\s*---[ \t]*(?:\r\n?|\n)(.*?)(?:\r\n?|\n)(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.DOTALL)
_KEY_VALUE = re.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)")
_BLOCK = re.compile(r"[>|][+-]?")
_FRONT_KEYS = ("title", "date", "publisher", "author", "url")
_LONGEST_FRONT_MATTER = 5000
_LONG_RUN = re.compile(r"[^\w\s|:=~#+.-]{65,}")
"""Marks that mean nothing so long, but take the parser time in their square. Rules, rows and leaders may be as long."""
_MOST_OPEN_BRACKETS = 5000
"""For each bracket that may open a link, the parser looks for its end; no text that is meant to be read has so many."""


def front_matter(text: str) -> dict[str, str]:
    """The `key: value` lines between `---` lines at the top, keys in lower case; empty if there is none.

    Every line must be of that form (or a list or a continuation below a key), and one key a known one.
    """
    return _front_matter(text)[0]


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """The front matter and the offset where it ends."""
    found = _FRONT_MATTER.match(text, 0, _LONGEST_FRONT_MATTER)
    values: dict[str, str] = {}
    folded = None  # the key whose value is a block of the lines below it: "title: >-"
    for line in _NEWLINE.split(found[1]) if found else ():
        pair = _KEY_VALUE.fullmatch(line.rstrip())
        if pair:
            folded = pair[1].lower() if _BLOCK.fullmatch(pair[2]) else None
            values[pair[1].lower()] = "" if folded else pair[2].strip("\"'")
        elif folded and line.startswith((" ", "\t")):
            values[folded] = f"{values[folded]} {line.strip()}".strip()
        elif line.strip() and not (values and line.startswith((" ", "\t", "- ", "#"))):
            return {}, 0
    return (values, found.end()) if found and any(key in values for key in _FRONT_KEYS) else ({}, 0)


class Source:
    """A stored text, its lines, and what the parser gets to see: as many lines, each as long, some blanked."""

    def __init__(self, text: str) -> None:
        self.text = text
        ends = [match.span() for match in _NEWLINE.finditer(text)]
        self.starts = [0, *(end for _, end in ends)]
        self.ends = [*(start for start, _ in ends), len(text)]
        seen = _LONG_RUN.sub(lambda run: " " * len(run[0]), text.replace("\x00", "\ufffd"))
        if seen.count("[") - seen.count("](") > _MOST_OPEN_BRACKETS:
            seen = seen.replace("[", " ")
        self._lines = [seen[a:b] for a, b in zip(self.starts, self.ends, strict=True)]
        front_end = _front_matter(text)[1]
        self.blank_lines([number for number, start in enumerate(self.starts) if start < front_end])

    @property
    def parsed(self) -> str:
        return "\n".join(self._lines)

    def line(self, number: int) -> str:
        return self._lines[number]

    def blank_lines(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._lines[number] = " " * len(self._lines[number])

    def trace(self, content: str, first_line: int) -> list[int]:
        """The stored offset of each character of a block's content, which begins on that line.

        The parser takes what contains the block (`> `, indents) from the front of each line, never from its middle.
        """
        origin: list[int] = []
        parts = content.split("\n")
        # The parser also strips leading lines that hold only Unicode blanks.
        while parts[0].strip() not in self._lines[first_line] and first_line + len(parts) < len(self._lines):
            first_line += 1
        for number, part in enumerate(parts, first_line):
            if number > first_line:
                origin.append(self.ends[number - 1])
            start, end = self.starts[number], self.ends[number]
            lead = len(part) - len(part.lstrip()) if part.strip() else len(part)
            first = start + max(0, self._lines[number].rfind(part.strip())) - lead
            origin += [min(max(start, first + i), end) for i in range(len(part))]
        return origin

    def trace_cell(self, content: str, line: int, cursor: int) -> tuple[list[int], int]:
        """The stored offsets of a table cell's characters, where `\\|` became `|`, and the column after it."""
        pattern = re.escape(content).replace(r"\|", r"\\?\|")
        found = re.compile(pattern).search(self._lines[line], cursor)
        if not found:
            return [], cursor
        origin, at = [], found.start()
        for char in content:
            at += char == "|" and self._lines[line][at] == "\\"
            origin.append(self.starts[line] + at)
            at += 1
        return origin, found.end()
