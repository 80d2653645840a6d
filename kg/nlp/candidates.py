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
JOINED_AFTER = re.compile(r"-((?:[A-Z0-9]|v\d)(?:[\w.]*\w)?)(?!\w)")
JOINED_BEFORE = re.compile(r"(?<![\w@#/.-])(?:[A-Z][\w.]*-)+$")
DOMAIN = re.compile(r"\.(?:AI|ai|io|com|co|org|net)(?![\w.]*\w)")
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
    found = [_joined(name, found, passage.text, lexicon) for name in found]
    for name in recognised:
        if not _is_first_word(name, passage, forms):
            whole = _joined(_trimmed(name, lexicon), found, passage.text, lexicon)
            _add_recognised(found, whole, passage.text, lexicon)
    return sorted(found, key=lambda name: name.start)


def _joined(name: Name, others: Sequence[Name], text: str, lexicon: Lexicon) -> Name:
    """A name with what hyphens join to it, or its internet ending: "Zeta" in "Zeta-Nano-9B", "Acme" in "Acme.AI".

    Not "Zeta-powered", nor what another name holds.
    """
    start, end = name.start, name.end
    if name.type in THINGS:
        while (part := JOINED_AFTER.match(text, end)) and not _is_said_of(part.group(1), lexicon):
            end = part.end()
        before = JOINED_BEFORE.search(text, 0, start)
        start = before.start() if before else start
    if domain := DOMAIN.match(text, end):
        end = domain.end()
    if (start, end) == (name.start, name.end):
        return name
    if any(other.start < end and start < other.end for other in others if other.start != name.start):
        return name
    return replace(name, start=start, end=end, surface=text[start:end], entity=None, either=(), sure=False)


def _is_said_of(word: str, lexicon: Lexicon) -> bool:
    """Whether a word joined to a name makes no longer name but says something of it: "powered", "like", "based"."""
    return word.lower() in lexicon.joined_to_say or word.lower().endswith(("ed", "ing"))


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
            return replace(name, type="Company", entity=None, either=(), rule="context against the registry")
    return name


def _add_recognised(found: list[Name], name: Name, text: str, lexicon: Lexicon) -> None:
    """Add a name that the recogniser sees. One that begins with a single known name and goes on absorbs it.

    "Apple Wallet" is one name, whatever the registry knows of Apple.
    """
    inside = [other for other in found if other.end > name.start and other.start < name.end]
    same = [other for other in inside if (other.start, other.end) == (name.start, name.end)]
    if same and name.type in same[0].either:
        found[found.index(same[0])] = replace(same[0], type=name.type, rule=name.rule)
    elif not inside:
        if not _never(name.surface, lexicon) and any(letter.isalnum() for letter in name.surface):
            found.append(name)
    elif len(inside) == 1 and inside[0].start == name.start and inside[0].end < name.end:
        rest = text[inside[0].end : name.end].strip(" -")
        said = rest in lexicon.never_first or all(_never(word, lexicon) for word in rest.lower().split())
        only_said = inside[0].type in THINGS and said
        if (rest[:1].isupper() or rest[:1].isdigit()) and not only_said:
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
    if surface.endswith(".") and not _is_abbreviation(words[-1], lexicon):
        surface = surface[:-1]
    return replace(name, end=name.start + len(surface), surface=surface)


def _is_abbreviation(word: str, lexicon: Lexicon) -> bool:
    """Whether the full stop at the end of a word belongs to it: "Inc.", "U.S."."""
    return word in lexicon.suffix_types or word in lexicon.legal_endings or "." in word[:-1] or len(word) <= 3


def _never(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.never_names or word in lexicon.class_nouns or word in ("'s", "’s")
