"""How names are compared: the key under which spellings of one name meet, and legal suffixes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from kg.data import data_path, read_yaml
from kg.errors import DataError
from kg.nlp.vocabulary import read_vocabulary, table, words

_QUOTES = str.maketrans(dict.fromkeys("‘’‛ʼ`´＇", "'") | dict.fromkeys("®™©℠", "") | {"×": "x"})
_SEPARATORS = re.compile(r"[\s\-‐‑–—_.,·•'\"“”]+")
_EDGES = " -_.,'\"“”"
_WORD = re.compile(r"[^\s,]+")
_WORD_OF_LETTERS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """The key under which `name` is compared: two spellings of one name have one key.

    Case, accents on Latin letters, kinds of quotes, a possessive `'s` at the end, `the` at the start, and spaces,
    hyphens, underscores, dots and commas do not count. Between digits they do: there a dot stays a dot and any other
    run of them is one hyphen, so `3.1`, `31` and `3 1` are three keys. Characters that are not seen (zero-width spaces,
    marks of direction, soft hyphens) do not count, and a letter of another alphabet that looks like a Latin one is that
    one if it stands among Latin letters. Folding twice changes nothing.
    """
    text = name.casefold() if name.isascii() else _plain(name)
    text = " ".join(text.translate(_QUOTES).split()).strip(_EDGES)
    text = _SEPARATORS.sub(_joint, text.removeprefix("the ").removesuffix("'s").replace(" & ", " and "))
    return text if text.isascii() else _WORD_OF_LETTERS.sub(_latin, text)


def _plain(name: str) -> str:
    """The name in lower case without accents, hidden characters and lookalikes."""
    seen = _WORD_OF_LETTERS.sub(_latin, "".join(char for char in name if unicodedata.category(char) != "Cf"))
    text = unicodedata.normalize("NFKC", _without_accents(seen.translate(_QUOTES))).casefold()
    return unicodedata.normalize("NFKC", _without_accents(text))


def _latin(match: re.Match[str]) -> str:
    """A word with its lookalikes as Latin letters, if it has Latin letters of its own."""
    word = match[0]
    return word.translate(_lookalikes()) if any(char.isascii() and char.isalpha() for char in word) else word


@cache
def _lookalikes() -> dict[int, str]:
    """The pairs of `ontology/lookalikes.yaml`. Raises `DataError` for anything but single letters."""
    path = data_path("ontology/lookalikes.yaml")
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise DataError(path, 1, "must be a mapping from a letter to the Latin letter that it looks like")
    for letter, latin in content.items():
        if len(letter) != 1 or letter.isascii() or not (isinstance(latin, str) and len(latin) == 1 and latin.isascii()):
            raise DataError(path, content.lines.get(letter), f"{letter!r}: write one letter: one Latin letter")
    return {ord(letter): str(latin) for letter, latin in content.items()}


def _without_accents(text: str) -> str:
    """Drop marks that stand on an ASCII letter or on none; marks on letters of other scripts carry meaning and stay."""
    out: list[str] = []
    for char in unicodedata.normalize("NFKD", text):
        if not unicodedata.combining(char) or (out and not out[-1].isascii() and _carries_marks(out[-1])):
            out.append(char)
    return "".join(out)


def _carries_marks(char: str) -> bool:
    return char.isalnum() or unicodedata.combining(char) != 0


def _joint(match: re.Match[str]) -> str:
    """What a run of separators leaves behind: nothing, unless digits stand on both sides."""
    text = match.string
    if not (text[: match.start()][-1:].isdigit() and text[match.end() : match.end() + 1].isdigit()):
        return ""
    return "." if match[0] == "." else "-"


def strip_legal_suffix(name: str) -> str:
    """`name` without the words at its end that only tell a company's legal form; never empty.

    Several go together ("Co., Ltd."), and so does a connector left dangling ("& Co."). A name that has none is
    returned as it is.
    """
    suffixes, connectors, _ = _legal_words()
    parts = list(_WORD.finditer(name))
    last = len(parts)
    while last > 1 and _bare(parts[last - 1][0]) in suffixes and not (last == 2 and _bare(parts[0][0]) == "the"):
        last -= 1
        while last > 1 and _bare(parts[last - 1][0]) in connectors:
            last -= 1
    return name if last == len(parts) else name[: parts[last - 1].end()]


def legal_form(name: str) -> str:
    """The words at the end of a name that tell a company's legal form, folded and shortened; empty where none do."""
    rest = name[len(strip_legal_suffix(name)) :]
    suffixes, _, short = _legal_words()
    return " ".join(short.get(bare, bare) for word in _WORD.findall(rest) if (bare := _bare(word)) in suffixes)


def _bare(word: str) -> str:
    return word.strip("()").replace(".", "").casefold()


@cache
def _legal_words() -> tuple[frozenset[str], frozenset[str], Mapping[str, str]]:
    """Suffixes, connectors and short words of `ontology/legal_suffixes.yaml`. Raises `DataError` for anything else."""
    path = data_path("ontology/legal_suffixes.yaml")
    content = read_vocabulary(path, ("suffixes", "connectors", "short"))
    suffixes, connectors = (words(path, content, key) for key in ("suffixes", "connectors"))
    short = table(path, content, "short")
    for key, given in (("suffixes", suffixes), ("connectors", connectors), ("short", (*short, *short.values()))):
        for word in given:
            if _bare(word) != word:
                raise DataError(path, content.lines[key], f"{word!r}: write words in lower case, without dots")
    return frozenset(suffixes), frozenset(connectors), short
