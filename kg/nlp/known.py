"""Finding known surface forms in a text, however many there are: a look-up at each word, no tokens needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.nlp.names import Name

RUN = re.compile(r"[^\W_]+")
"""Letters and digits in a row."""
GOES_ON = re.compile(r"\w|\.\w|[$@]")
"""What shows that a word or an address does not end here."""


@dataclass(frozen=True, slots=True)
class Known:
    """A thing that the registry knows by a surface form. `either`: the types, where several things have this form."""

    form: str
    type: str
    entity: str | None = None
    either: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class KnownForms:
    """Known things by the first run of letters and digits of their form, with the offset of that run in the form."""

    by_run: Mapping[str, Sequence[tuple[int, Known]]] = field(default_factory=dict)


def known_forms(known: Iterable[Known]) -> KnownForms:
    """The look-up table. Of two things with one form the first counts; a form without letter or digit is left out."""
    by_run: dict[str, list[tuple[int, Known]]] = {}
    seen = set[str]()
    for each in known:
        run = RUN.search(each.form)
        if run is not None and each.form not in seen:
            seen.add(each.form)
            by_run.setdefault(run.group(), []).append((run.start(), each))
    return KnownForms(by_run)


def find_known(text: str, forms: KnownForms) -> list[Name]:
    """The known names in a text, in order of place; of overlapping ones the longest, of equally long ones the first."""
    found = list[tuple[int, int, Known]]()
    for run in RUN.finditer(text):
        for offset, each in forms.by_run.get(run.group(), ()):
            start = run.start() - offset
            end = start + len(each.form)
            if start >= 0 and text.startswith(each.form, start) and _stands_alone(text, start, end):
                found.append((start, end, each))
    kept = list[tuple[int, int, Known]]()
    for start, end, each in sorted(found, key=lambda f: (f[0] - f[1], f[0])):
        if all(end <= first or last <= start for first, last, _ in kept):
            kept.append((start, end, each))
    return [
        Name(start, end, each.form, each.type, "registry", not each.either, each.entity, either=each.either)
        for start, end, each in sorted(kept, key=lambda f: f[0])
    ]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the range is no part of a longer word, a sum or an address."""
    before = text[start - 1 : start]
    return not (before.isalnum() or before in ("@", "_")) and not GOES_ON.match(text, end)
