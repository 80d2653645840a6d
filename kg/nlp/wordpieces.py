"""Words cut into the pieces of an uncased BERT vocabulary: the longest known piece first, as its authors define it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD = 100


def numbered(words: Iterable[str], vocabulary: Mapping[str, int]) -> tuple[list[int], list[int]]:
    """The pieces of the words by number, between start and end signs; and where each word begins among them."""
    pieces, begins = [vocabulary[START]], []
    for word in words:
        begins.append(len(pieces))
        if word in vocabulary and (word.startswith("[") or _is_one_part(word)):
            pieces.append(vocabulary[word])
        else:
            pieces += [vocabulary[piece] for part in _parts(word) for piece in _pieces(part, vocabulary)]
    return [*pieces, vocabulary[END]], begins


def _is_one_part(word: str) -> bool:
    """Whether a word is sure to be left as it is by `_parts`."""
    return word.isascii() and word == word.lower() and (word.isalnum() or (len(word) == 1 and word.isprintable()))


def _parts(word: str) -> Iterator[str]:
    """A word in lower case, without accents, control and replacement characters, cut at punctuation and blanks."""
    part = ""
    for letter in unicodedata.normalize("NFD", word.lower()):
        kind = unicodedata.category(letter)
        if kind == "Mn" or letter == "\ufffd" or (kind.startswith("C") and not letter.isspace()):
            continue
        alone = _is_punctuation(letter, kind) or _is_ideograph(letter)
        if (alone or letter.isspace()) and part:
            yield part
            part = ""
        if alone:
            yield letter
        elif not letter.isspace():
            part += letter
    if part:
        yield part


def _is_punctuation(letter: str, kind: str) -> bool:
    symbol = letter.isascii() and letter.isprintable() and not letter.isalnum() and letter != " "
    return symbol or kind.startswith("P")


def _is_ideograph(letter: str) -> bool:
    return 0x4E00 <= ord(letter) <= 0x9FFF or 0x3400 <= ord(letter) <= 0x4DBF or 0xF900 <= ord(letter) <= 0xFAFF


def _pieces(part: str, vocabulary: Mapping[str, int]) -> list[str]:
    if len(part) > LONGEST_WORD:
        return [UNKNOWN]
    out, start = [], 0
    while start < len(part):
        end = len(part)
        while end > start and ("##" if start else "") + part[start:end] not in vocabulary:
            end -= 1
        if end == start:
            return [UNKNOWN]
        out.append(("##" if start else "") + part[start:end])
        start = end
    return out
