"""The ids of entities that the registry does not hold, made of their names, and what is no name at all."""

from __future__ import annotations

import re

from kg.model import content_hash
from kg.resolve.folding import fold, strip_legal_suffix
from kg.resolve.variants import COMPANY

_PLAIN = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)*")
SHORTEST_SLUG, LONGEST_SLUG = 2, 80
LONGEST = 200
"""Characters of the longest name. What is longer is no name but text that lost its shape."""


def refusal(surface: str) -> str | None:
    """Why a surface form cannot be the name of anything; None if it can."""
    if len(surface) > LONGEST:
        return f"{len(surface)} characters, more than {LONGEST}"
    return None if any(map(str.isalnum, fold(surface))) else "no letter or digit"


def new_id(name: str, kind: str, *, whole: bool = False) -> str:
    """The id of an entity that the registry does not hold: its folded name and its type; equal names get equal ids.

    With `whole`, the legal form of a company counts too.
    """
    stripped = name if whole or kind != COMPANY else strip_legal_suffix(name)
    return f"{_slug(fold(stripped))}-{kind.lower()}"


def in_document(own: str, document: str) -> str:
    """The id of a thing that bears its name in one document alone."""
    return f"{own}-{document[:8]}"


def _slug(key: str) -> str:
    """The key as part of an IRI: letters, digits and hyphens; with a hash where that is not all of it."""
    slug = re.sub(r"[^a-z0-9]+", "-", key).strip("-")
    if _PLAIN.fullmatch(key) and SHORTEST_SLUG <= len(slug) <= LONGEST_SLUG:
        return slug
    return f"{slug[:40]}-{content_hash(key)}".strip("-")
