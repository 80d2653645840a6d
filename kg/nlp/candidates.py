"""Where a document may name something: what the registry knows, and what the recogniser sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.nlp.lexicon import Lexicon, WordForms
from kg.nlp.names import THINGS, Name, nouns_beside
from kg.nlp.passages import Passage
from kg.nlp.tokens import is_common

LEGAL_WORD = re.compile(r",? ([A-Z][A-Za-z.]+)(?!\w)")
NEXT_WORD = re.compile(r"[ -]((?:v|V)?\d[\w.]*\w|\d|[A-Z][a-z]+)(?![\w-])")
ORGANISATIONS = ("Company", "Institution", "Government")


def candidates(
    passage: Passage,
    *,
    known: Sequence[Name],
    recognised: Sequence[Name],
    lexicon: Lexicon,
    forms: WordForms,
) -> list[Name]:
    """Names in one passage: those that the registry knows (`known`), and the `recognised` ones beside them."""
    found = list(known) if passage.title_case else [_longest(name, known, passage.text, lexicon) for name in known]
    found = [_against_registry(name, passage.text, lexicon) for name in found]
    for name in recognised:
        if not _is_first_word(name, passage, forms):
            _add_recognised(found, _trimmed(name, lexicon), passage.text, lexicon)
    return sorted(found, key=lambda name: name.start)


def _longest(name: Name, known: Sequence[Name], text: str, lexicon: Lexicon) -> Name:
    """The name with what belongs to it, as far as that is not the next known name."""
    longer = _lengthened(name, text, lexicon)
    return name if any(name.end <= other.start < longer.end for other in known) else longer


def _lengthened(name: Name, text: str, lexicon: Lexicon) -> Name:
    """A known name with what belongs to it: "Widget" in "Widget 3 Pro", "Acme" in "Acme Ventures"."""
    legal = LEGAL_WORD.match(text, name.end)
    if legal and legal.group(1) in lexicon.legal_endings and name.type == "Company":
        return replace(name, end=legal.end(), surface=text[name.start : legal.end()])
    end, kind = name.end, name.type
    while (word := NEXT_WORD.match(text, end)) and (longer := _continued(kind, word.group(1), lexicon)):
        end, kind = word.end(), longer
    if end == name.end:
        return name
    return Name(name.start, end, text[name.start : end], kind, "registry, lengthened", sure=True)


def _continued(kind: str, word: str, lexicon: Lexicon) -> str | None:
    """The type of a name of type `kind` with one more word; None where the word does not belong to it."""
    if kind in THINGS:
        return kind if word[0].isdigit() or word in lexicon.version_words else None
    if kind != "Company":
        return None
    ending = lexicon.suffix_types.get(word) if word not in lexicon.never_first else None
    return ending if ending in ORGANISATIONS else "Product" if word in lexicon.plan_words else None


def _against_registry(name: Name, text: str, lexicon: Lexicon) -> Name:
    """Where the text itself calls a known model or product a company ("the robot firm Widget"), it is another one."""
    if name.type in THINGS:
        kinds = [lexicon.class_nouns.get(noun) for place, noun in nouns_beside(text, name) if place != "after"]
        if frozenset({"Company"}) in kinds:
            return replace(name, type="Company", entity=None, rule="context against the registry")
    return name


def _add_recognised(found: list[Name], name: Name, text: str, lexicon: Lexicon) -> None:
    """Add a name that the recogniser sees. One that begins with a single known name and goes on absorbs it.

    "Apple Wallet" is one name, whatever the registry knows of Apple.
    """
    inside = [other for other in found if other.end > name.start and other.start < name.end]
    if not inside:
        if not _never(name.surface, lexicon) and any(letter.isalnum() for letter in name.surface):
            found.append(name)
    elif len(inside) == 1 and inside[0].start == name.start and inside[0].end < name.end:
        rest = text[inside[0].end : name.end].strip()
        if rest[:1].isupper() or rest[:1].isdigit():
            found[found.index(inside[0])] = name


def _is_first_word(name: Name, passage: Passage, forms: WordForms) -> bool:
    """Whether a name is an ordinary word that is capitalised only because a list item begins with it."""
    ordinary = is_common(name.surface.lower(), forms, but_nouns=True) and len(name.surface) > 3
    begins = passage.lead_in > 0 and name.start == passage.lead_in
    return begins and ordinary and name.surface == name.surface.capitalize()


def _trimmed(name: Name, lexicon: Lexicon) -> Name:
    """A recognised name without the common noun that says what it is: "Gemma" of "Gemma model"."""
    words = name.surface.split(" ")
    while len(words) > 1 and words[-1] in lexicon.class_nouns:
        words.pop()
        if len(words) > 1 and words[-1] in lexicon.never_first and len(words) < len(name.surface.split(" ")):
            words.pop()
    surface = " ".join(words)
    return replace(name, end=name.start + len(surface), surface=surface)


def _never(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.never_names or word in lexicon.class_nouns or word in ("'s", "’s")
