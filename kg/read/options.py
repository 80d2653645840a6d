"""What a caller may choose about reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.data import did_you_mean
from kg.errors import KgError
from kg.read.forms import CONTAINERS, SINGLE, form_of
from kg.read.text import MAX_CHARS

ROLES = ("text", "title", "date", "publisher", "url", "id")
"""What a column of a table can be for a document."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How input is read.

    `max_chars`: the longest stored text, in characters. `max_bytes`: the longest file, row or record that is opened.
    `columns`: by role (`ROLES`), the column of a table, or the dotted path of a key of a JSON object; what is not
    named is guessed. `form`: the suffix that says how to read what has no known one. `any_language`: keep texts that
    are not in English. Of addresses: `url_seconds` and `url_redirects` limit each, and with `allow_private` those
    inside the own network are asked too. `quick`: extraction looks only at sentences that seem worth it: faster, and
    a few facts are missed (`kg.nlp.gate`).
    """

    max_chars: int = MAX_CHARS
    max_bytes: int = 32_000_000
    columns: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    any_language: bool = False
    url_seconds: float = 30.0
    url_redirects: int = 5
    allow_private: bool = False
    quick: bool = False

    def __post_init__(self) -> None:
        for role in sorted(set(self.columns) - set(ROLES)):
            raise KgError(f"a column cannot be {role!r} ({did_you_mean(role, ROLES)})")
        if self.form is not None and form_of(f"a{self.form}") != self.form:
            raise KgError(f"{self.form!r} is no form that can be read ({did_you_mean(self.form, SINGLE | CONTAINERS)})")


DEFAULTS = Reading()
