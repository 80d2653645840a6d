"""The ids of entities that the registry does not hold, made of their names, and what is no name at all."""

from __future__ import annotations

import re

from kg.model import content_hash
from kg.resolve.folding import fold, strip_legal_suffix

LONGEST = 200
"""Characters of the longest name. What is longer is no name but text that lost its shape."""


def refusal(surface: str) -> str | None:
    """Why a surface form cannot be the name of anything; None if it can."""
    if len(surface) > LONGEST:
        return f"{len(surface)} characters, more than {LONGEST}"
    return None if fold(surface) else "no letter or digit"


def new_id(name: str, kind: str, *, whole: bool = False) -> str:
    """The id of an entity that the registry does not hold: its folded name and its type; equal names get equal ids.

    With `whole`, the legal form of a company counts too.
    """
    return f"{_slug(fold(name if whole else strip_legal_suffix(name)))}-{kind.lower()}"


def in_document(own: str, document: str) -> str:
    """The id of a thing that bears its name in one document alone."""
    return f"{own}-{document[:8]}"


def _slug(key: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", key).strip("-")
    if len(slug) < 2 or not slug.isascii() or len(slug) > 80:
        return f"{slug[:40]}-{content_hash(key)}".strip("-")
    return slug
