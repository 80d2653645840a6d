"""Where a document may name something: what the registry knows, what the recogniser sees, runs of proper nouns.

Also single words that the text treats as names: in bold, in the form of a web address, right before "raises".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kg.nlp.lexicon import Lexicon, WordForms
from kg.nlp.names import THINGS, Name, nouns_beside
from kg.nlp.passages import Passage
from kg.nlp.tokens import Piece, is_common
from kg.nlp.vocabulary import longest_first

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

PROPER = ("NNP", "NNPS")
JOINING = ("&", "-", "–", "/", ".", "+", ":")
FIRST_WORD = re.compile(r"(?:^|[.!?]\s+)[\"“‘']?([A-Z][A-Za-z0-9]+)(?=, (?:an?|the) )")
DASHES = ("-", "–", "—", ":", "/", "|")
ENDING = re.compile(r" ([A-Z][A-Za-z.]+)(?![\w.-])")
LEGAL_WORD = re.compile(r",? ([A-Z][A-Za-z.]+)(?!\w)")
NEXT_WORD = re.compile(r"[ -]((?:v|V)?\d[\w.]*\w|\d|[A-Z][a-z]+)(?![\w-])")
UNKNOWN = "Company"
ORGANISATIONS = ("Company", "Institution", "Government")
PROPER_NOUNS = "proper nouns"
ORDINARY = "ordinary word"
WEB_NAME = re.compile(r"(?<![\w@/.])[A-Z][\w-]*\.(?:ai|AI|io|com|co|app|dev|org)(?![\w/])")


def candidates(
    passage: Passage, doc: Doc, shown: Sequence[Piece], known: Sequence[Name], *, lexicon: Lexicon, forms: WordForms
) -> list[Name]:
    """Names in one passage: those the registry knows (`known`), the recogniser's, and runs of proper nouns.

    `doc` is what the model was shown, with one token for each piece in `shown` and for each known name.
    """
    found = known if passage.title_case else [_longest(name, known, passage.text, lexicon) for name in known]
    found = [_against_registry(name, passage.text, lexicon) for name in found]
    spans = [(ent.start, ent.end, f"label {ent.label_}") for ent in doc.ents if ent.label_ in lexicon.ner_types]
    _absorb_places(found, passage, doc, shown)
    words = [passage.text[piece.start : piece.end] for piece in shown]
    spans += [(start, end, PROPER_NOUNS) for start, end in _runs(doc, words, lexicon)]
    for web in WEB_NAME.finditer(passage.text):
        _add(found, Name(web.start(), web.end(), web.group(), UNKNOWN, "web name"), passage.text, lexicon)
    for start, end, rule in spans:
        for first, short in _parts(passage, shown[start:end], {name.start for name in found}, lexicon, forms):
            last = _with_ending(passage.text, short, lexicon)
            kind = lexicon.ner_types.get(rule.removeprefix("label "), UNKNOWN)
            surface = passage.text[first:last]
            ordinary = rule == PROPER_NOUNS and " " not in surface and is_common(surface.lower(), forms)
            _add(found, Name(first, last, surface, kind, ORDINARY if ordinary else rule), passage.text, lexicon)
    for match in _naming(lexicon).finditer(passage.text):
        if not _never(match.group(1), lexicon) and match.group(1) not in lexicon.never_first:
            name = Name(match.start(1), match.end(1), match.group(1), UNKNOWN, "before a verb")
            _add(found, name, passage.text, lexicon)
    for match in FIRST_WORD.finditer(passage.text):
        name = Name(match.start(1), match.end(1), match.group(1), UNKNOWN, "before an apposition")
        explained = any(p == "apposition" and n in lexicon.class_nouns for p, n in nouns_beside(passage.text, name))
        if explained and not _never(name.surface, lexicon):
            _add(found, name, passage.text, lexicon)
    for first, last in passage.block.emphasis:
        if _is_bold_name(passage.text[first:last], forms):
            _add(found, Name(first, last, passage.text[first:last], UNKNOWN, "bold"), passage.text, lexicon)
    return sorted(found, key=lambda name: name.start)


def _is_bold_name(text: str, forms: WordForms) -> bool:
    """Whether words in bold look like a name: few, capitalised, and not all of them ordinary."""
    words = text.split()
    if not 1 <= len(words) <= 4 or text != text.strip() or not all(w[:1].isupper() or w[:1].isdigit() for w in words):
        return False
    return text[:1].isalpha() and text[-1].isalnum() and not all(is_common(word.lower(), forms) for word in words)


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


@cache
def _naming(lexicon: Lexicon) -> re.Pattern[str]:
    """A single capitalised word that begins a text or sentence, right before a verb that companies do."""
    verbs = longest_first(lexicon.naming_verbs)
    return re.compile(rf"(?:^|[.!?]\s+)[\"“‘']?([A-Z][A-Za-z0-9]*[a-rt-z0-9]) (?:has |just )?(?:{verbs})\b")


def _absorb_places(found: list[Name], passage: Passage, doc: Doc, shown: Sequence[Piece]) -> None:
    """Where the recogniser sees an organisation that begins with a known place ("Oslo Post"), it is one name."""
    for ent in doc.ents:
        first = next((name for name in found if name.start == shown[ent.start].start), None)
        if ent.label_ == "ORG" and first is not None and first.type == "Place" and ent.end - ent.start > 1:
            start, end = first.start, shown[ent.end - 1].end
            words = passage.text[start:end]
            inside = [name for name in found if start <= name.start < end]
            if len(inside) == 1 and words[len(first.surface) :].strip()[:1].isupper():
                found.remove(first)
                found.append(Name(start, end, words, "Company", "label ORG"))


def _add(found: list[Name], name: Name, text: str, lexicon: Lexicon) -> None:
    """Add a name that overlaps no other. A known name right before it that it completes is absorbed."""
    if any(name.end > other.start and name.start < other.end for other in found):
        return
    before = next((other for other in found if other.end + 1 == name.start), None)
    if before is not None and text[before.end] == " " and name.surface.split()[-1] in lexicon.suffix_types:
        found.remove(before)
        name = replace(
            name, start=before.start, surface=text[before.start : name.end], rule=f"{name.rule} after a name"
        )
    found.append(name)


def _runs(doc: Doc, words: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Maximal runs of tokens tagged as proper nouns, with joining signs, numbers and name endings ("AI") inside."""
    start = None
    for token in doc:
        inside = token.tag_ in PROPER or (
            start is not None and (_joins(token) or token.tag_ == "CD" or words[token.i] in lexicon.suffix_types)
        )
        if inside and start is None:
            start = token.i
        elif not inside and start is not None:
            yield start, token.i
            start = None
    if start is not None:
        yield start, len(doc)


def _joins(token: Token) -> bool:
    """Whether a sign joins the words beside it: "&", or a hyphen, colon or dot without blanks around it."""
    if token.text == "&":
        return True
    return token.text in JOINING and not token.whitespace_ and not token.nbor(-1).whitespace_


def _with_ending(text: str, end: int, lexicon: Lexicon) -> int:
    """Where a name ends that the recogniser cut short: "Acme" in "Acme AI raised"."""
    while (word := ENDING.match(text, end)) and word.group(1) in lexicon.suffix_types:
        end = word.end()
    return end


def _parts(
    passage: Passage, shown: Sequence[Piece], held: set[int], lexicon: Lexicon, forms: WordForms
) -> Iterator[tuple[int, int]]:
    """The parts of a token range that can be names: cut at known names and at words that never are, and trimmed."""
    part: list[Piece] = []
    for piece in [*shown, None]:
        surface = passage.text[piece.start : piece.end] if piece else ""
        lowered = passage.title_case and piece is not None and piece.word == surface.lower() != surface
        apart = surface in DASHES and passage.text[piece.end : piece.end + 1] == " " if piece else False
        if piece is not None and piece.start not in held and not (lowered or apart or _never(surface, lexicon)):
            part.append(piece)
            continue
        while part and not _can_begin(passage.text[part[0].start : part[0].end], lexicon):
            part.pop(0)
        while part and not passage.text[part[-1].end - 1].isalnum():
            part.pop()
        if part and not _is_plain(passage, part[0].start, part[-1].end, lexicon, forms):
            yield part[0].start, part[-1].end
        part = []


def _never(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.never_names or word in lexicon.class_nouns or word in ("'s", "’s")


def _can_begin(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.never_first:
        return False
    return any(c.isupper() for c in word) or (word[:1].isalnum() and any(c.isdigit() for c in word) and word.isalnum())


def _is_plain(passage: Passage, start: int, end: int, lexicon: Lexicon, forms: WordForms) -> bool:
    """Ordinary English words that are capitalised only because they begin a sentence or stand in a headline."""
    words = passage.text[start:end]
    if not any(c.isalpha() for c in words) or len(words) < 2:
        return True
    if all(word in lexicon.suffix_types or word in lexicon.never_first for word in words.split()):
        return True
    if passage.title_case and all(
        word == word.capitalize() and is_common(word.lower(), forms) for word in words.split()
    ):
        return True
    if " " in words or words[1:] != words[1:].lower():
        return False
    before = passage.text[:start].rstrip(" \"'“‘([*_")
    if before and before[-1] in ":•-–—":
        return is_common(words.lower(), forms)
    begins = not before or before[-1] in ".!?"
    return begins and (len(words) < 4 or is_common(words.lower(), forms, but_nouns=True))
