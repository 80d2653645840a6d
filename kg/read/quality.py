"""Texts that are set aside: in another language than English, or garbled by a wrong encoding."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path

from kg.data import Lines, check_keys, data_path, read_yaml
from kg.errors import DataError, ReadError
from kg.model import Document

SAMPLE = 20_000
"""The language is told from so many characters."""
FEWEST_WORDS = 12
FEWEST_LOWER = 6
"""A text with fewer words, or fewer without a capital, is kept: names alone sound like any language."""
ENGLISH_SHARE = 0.05
"""English prose has four times this share of function words; lists of names and links still reach it."""
LEAST_MARGIN = 1.5
"""How much likelier, a word, another language must be: the difference of log likelihoods."""
MOJIBAKE_SHARE = 0.01
"""A text is garbled with so many garbled places a character; quotation marks alone make a tenth of it."""

_WORD = re.compile(r"[^\W\d_]+")


def check_quality(document: Document, *, any_language: bool = False) -> None:
    """Raise `ReadError` (`mojibake`, `language`) for a text that is to be set aside.

    Where a package of the extra `read` is missing, what it would have told is not known, and the text is kept.
    """
    path = document.path or document.name
    if is_mojibake(document.text):
        message = "is garbled: it was decoded with a wrong encoding before it was stored; get it anew"
        raise ReadError(path, "mojibake", message)
    if not any_language:
        words = " ".join(block.text for block in document.blocks)[:SAMPLE]
        language = foreign_language(words)
        if language:
            raise ReadError(path, "language", f"is not in English but in {language!r}; allow any language to read it")


def is_mojibake(text: str) -> bool:
    """Whether a wrong encoding garbled more of a text than a few quotation marks."""
    least = MOJIBAKE_SHARE * len(text)
    if len(text.encode("utf-8", "replace")) - len(text) < 2 * least:
        return False
    try:
        badness = import_module("ftfy.badness")
    except ImportError:
        return False
    return int(badness.badness(text)) > max(1, least)


def foreign_language(text: str) -> str | None:
    """The language of a text that is surely not in English (ISO 639-1), else None."""
    words = _WORD.findall(text)
    if len(words) < FEWEST_WORDS or sum(not word[0].isupper() for word in words) < FEWEST_LOWER:
        return None
    english = function_words()
    if sum(word.lower() in english for word in words) >= ENGLISH_SHARE * len(words):
        return None
    try:
        identifier = import_module("py3langid")
    except ImportError:
        return None
    ranked = identifier.rank(text)
    language, score = ranked[0]
    margin = (score - dict(ranked)["en"]) / len(words)
    return str(language) if language != "en" and margin >= LEAST_MARGIN else None


@cache
def function_words(path: Path | None = None) -> frozenset[str]:
    """The function words of English. Raises `DataError` for mistakes in `ontology/language.yaml`."""
    path = path or data_path("ontology/language.yaml")
    data = read_yaml(path)
    if not isinstance(data, Lines):
        raise DataError(path, 1, "must be a mapping")
    check_keys(path, data.line, data, {"function_words"}, what="key")
    words = data.get("function_words")
    if not isinstance(words, list):
        raise DataError(path, data.line, "function_words must be a list")
    return frozenset(map(str, words))
