"""Other ways in which one name is written: with a title, with a middle initial, by a nickname, the family name first.

Each entity type has its levels, from the nearest to the loosest; each takes away one difference more. Two names of one
type whose loosest keys agree are one name, and the first level at which they agree says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from kg.data import Lines, data_path
from kg.errors import DataError
from kg.nlp.vocabulary import read_vocabulary, strings, table, words
from kg.resolve.folding import fold, legal_form, strip_legal_suffix

COMPANY, PERSON = "Company", "Person"
FOLDING = "folding"


@dataclass(frozen=True, slots=True, eq=False)
class Variants:
    """What `ontology/variants.yaml` says. `nicknames`: short form -> full form; `spellings`: British -> American."""

    titles: frozenset[str]
    name_endings: frozenset[str]
    generations: frozenset[str]
    common_given_names: frozenset[str]
    common_family_names: frozenset[str]
    nicknames: Mapping[str, str]
    class_nouns: Mapping[str, frozenset[str]]
    spellings: Mapping[str, str]
    small_words: frozenset[str]
    domains: frozenset[str]
    formerly: tuple[str, ...]
    now: tuple[str, ...]
    alone: tuple[str, ...]
    also_called: tuple[str, ...]
    before_them: tuple[str, ...]
    company_nouns: frozenset[str]
    left_out: frozenset[str]
    left_out_by: frozenset[str]
    sureness: Mapping[str, float]


@cache
def load_variants(path: Path | None = None) -> Variants:
    """Read the file. Raises `DataError` (file, line, hint) for an unknown key or a value of the wrong form."""
    path = path or data_path("ontology/variants.yaml")
    top = read_vocabulary(path, Variants.__dataclass_fields__)
    given, nouns, shares = (_mapping(path, top, key) for key in ("nicknames", "class_nouns", "sureness"))
    nicknames = {short: full for full in given for short in strings(path, given, full)}
    sureness = {}
    for rule, share in shares.items():
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise DataError(path, shares.lines.get(rule), f"{rule!r} must have a share from 0 to 1, not {share!r}")
        sureness[rule] = float(share)
    return Variants(
        titles=frozenset(words(path, top, "titles")),
        name_endings=frozenset(words(path, top, "name_endings")),
        generations=frozenset(words(path, top, "generations")),
        common_given_names=frozenset(words(path, top, "common_given_names")),
        common_family_names=frozenset(words(path, top, "common_family_names")),
        nicknames=nicknames,
        class_nouns={kind: frozenset(strings(path, nouns, kind)) for kind in nouns},
        spellings=table(path, top, "spellings"),
        small_words=frozenset(words(path, top, "small_words")),
        domains=frozenset(words(path, top, "domains")),
        formerly=words(path, top, "formerly"),
        now=words(path, top, "now"),
        alone=words(path, top, "alone"),
        also_called=words(path, top, "also_called"),
        before_them=words(path, top, "before_them"),
        company_nouns=frozenset(words(path, top, "company_nouns")),
        left_out=frozenset(words(path, top, "left_out")),
        left_out_by=frozenset(words(path, top, "left_out_by")),
        sureness=sureness,
    )


def _mapping(path: Path, top: Lines, key: str) -> Lines:
    value = top[key]
    if not isinstance(value, Lines):
        raise DataError(path, top.lines.get(key), f"{key!r} must be a mapping")
    return value


@lru_cache(maxsize=1 << 16)
def loose_key(name: str, kind: str, *, known: bool = False) -> str:
    """The key at the loosest level of the type: names that are one name have it in common. With `known`, the levels
    count too at which only what everybody knows is taken for one."""
    return _keys(name, kind, known=known)[-1][1]


@lru_cache(maxsize=1 << 16)
def embellished(name: str, kind: str) -> int:
    """How many differences there are to take away from a name: of several, the plainest names the entity."""
    return sum(key != before for (_, before), (_, key) in pairwise(_keys(name, kind, known=False)))


def agreement(one: str, other: str, kind: str, *, known: bool = False) -> str | None:
    """The rule under which two names of one type are one name, the nearest that will do; None where they are two."""
    pairs = zip(_keys(one, kind, known=known), _keys(other, kind, known=known), strict=True)
    found = next((rule for (rule, key), (_, its) in pairs if key == its), None)
    return None if found is not None and at_odds(one, other, kind) else found


def _keys(name: str, kind: str, *, known: bool) -> list[tuple[str, str]]:
    """Rule and key for each level of the type. A level that leaves nothing of a name leaves it as it was."""
    words, out = _words(name), [(FOLDING, fold(name))]
    for rule, change in (*LEVELS.get(kind, ()), *(KNOWN_LEVELS.get(kind, ()) if known else ())):
        words = change(words, kind) or words
        out.append((rule, fold(" ".join(words)) or out[-1][1]))
    return out


def at_odds(one: str, other: str, kind: str) -> bool:
    """Whether two names differ in what both of them say: another middle initial, senior and junior, another legal form
    of a company."""
    if kind == COMPANY:
        forms = tuple(legal_form(" ".join(_words(name))) for name in (one, other))
        return all(forms) and forms[0] != forms[1]
    for marks in (_initials, _generation) if kind == PERSON else ():
        first, second = marks(_words(one)), marks(_words(other))
        if first and second and first != second:
            return True
    return False


def is_common_person(name: str) -> bool:
    """Whether very many people have this name: a given name alone, or a common given name with a common family name."""
    known, given_and_family = load_variants(), [_bare(word) for word in name.split()]
    if len(given_and_family) != 2:
        return len(given_and_family) == 1
    orders = (given_and_family, given_and_family[::-1])
    return any(a in known.common_given_names and b in known.common_family_names for a, b in orders)


def has_initials(name: str) -> bool:
    """Whether a person's name has a middle initial."""
    return bool(_initials(_words(name)))


def _initials(words: list[str]) -> tuple[str, ...]:
    middle = _without_title(words, PERSON)[1:-1]
    return tuple(word[0].casefold() for word in middle if _INITIAL.fullmatch(word))


def _generation(words: list[str]) -> tuple[str, ...]:
    return tuple(_bare(word) for word in words[2:] if _bare(word) in load_variants().generations)


_BETWEEN_WORDS = re.compile(r"[\s\-‐‑–—]+")


def _words(name: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(name) if word]


def _bare(word: str) -> str:
    return word.strip(",()").replace(".", "").casefold()


def _without_legal_form(words: list[str], kind: str) -> list[str]:
    return strip_legal_suffix(" ".join(words)).split()


def without_title(words: list[str]) -> list[str]:
    """The words of a person's name without the title before it: "Ms. Roe" is Roe."""
    titles = load_variants().titles
    return words[1:] if len(words) > 1 and _bare(words[0]) in titles else words


def _without_title(words: list[str], kind: str) -> list[str]:
    known = load_variants()
    while len(words) > 2 and _bare(words[0]) in known.titles:
        words = words[1:]
    while len(words) > 2 and _bare(words[-1]) in known.name_endings:
        words = words[:-1]
    return words


_INITIAL = re.compile(r"[^\W\d_]\.?")


def _without_initials(words: list[str], kind: str) -> list[str]:
    return [word for i, word in enumerate(words) if i in (0, len(words) - 1) or not _INITIAL.fullmatch(word)]


def _with_full_name(words: list[str], kind: str) -> list[str]:
    return [load_variants().nicknames.get(_bare(words[0]), words[0]), *words[1:]] if len(words) > 1 else words


def _in_order(words: list[str], kind: str) -> list[str]:
    """The names of a person by the alphabet: "Lee Kai-fu" and "Kai-Fu Lee" are one."""
    return sorted(fold(word) for word in words) if len(words) > 1 else words


def _without_class_noun(words: list[str], kind: str) -> list[str]:
    nouns = load_variants().class_nouns.get(kind, frozenset())
    return words[:-1] if len(words) > 1 and _bare(words[-1]) in nouns else words


def _in_american(words: list[str], kind: str) -> list[str]:
    spellings = load_variants().spellings
    return [spellings.get(_bare(word), word) for word in words]


def _without_small_words(words: list[str], kind: str) -> list[str]:
    """The words of a body's name by the alphabet: "Ministry of Defence" and "Defence Ministry" are one."""
    small = load_variants().small_words
    return sorted(fold(word) for word in words if _bare(word) not in small)


def _without_domain(words: list[str], kind: str) -> list[str]:
    name, dot, domain = words[-1].rpartition(".") if words else ("", "", "")
    return [*words[:-1], name] if dot and name and domain.casefold() in load_variants().domains else words


Change = Callable[[list[str], str], list[str]]
_THING: tuple[tuple[str, Change], ...] = (("class noun", _without_class_noun),)
LEVELS: Mapping[str, tuple[tuple[str, Change], ...]] = {
    PERSON: (("title", _without_title), ("middle initial", _without_initials)),
    COMPANY: (("legal form", _without_legal_form), ("domain", _without_domain)),
    "Chip": _THING,
    "Model": _THING,
    "Institution": (("spelling", _in_american),),
    "Government": (("spelling", _in_american), ("order of words", _without_small_words)),
}
"""For each type what is taken away, the nearest difference first; types that are not here have none."""
KNOWN_LEVELS: Mapping[str, tuple[tuple[str, Change], ...]] = {
    PERSON: (("nickname", _with_full_name), ("order of names", _in_order)),
}
"""What tells new names apart, but not a new way of writing the name of somebody whom everybody knows."""


def is_company_noun(word: str) -> bool:
    """Whether a company may leave out this word at the end of its name where the text names it in full too."""
    return _bare(word) in load_variants().company_nouns


def without_left_out(name: str) -> str | None:
    """A company's name without the word that such names may leave out at the end; None where there is none."""
    words = strip_legal_suffix(name).split()
    return " ".join(words[:-1]) if len(words) > 1 and _bare(words[-1]) in load_variants().left_out else None
