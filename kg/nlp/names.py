"""Names: where a document names something, and what type of thing it is.

Candidates come from the registry, the model's recogniser and runs of proper nouns; their type is settled for the whole
document by votes from the registry, from the words beside the name and from the recogniser. A name whose votes are
thin stays unsure: the slot of a relation may then decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from kg.nlp.lexicon import Lexicon, WordForms
from kg.nlp.passages import Passage
from kg.nlp.tokens import Piece, is_common

if TYPE_CHECKING:
    from spacy.tokens import Doc

PROPER = ("NNP", "NNPS")
JOINING = ("&", "-", "–", "/", ".", "+", ":")
SURE_VOTES = 3
WEIGHT = {"suffix": 4, "before": 3, "apposition": 3, "after": 2, "full_name": 2, "version": 2, "after_maker": 2, "label": 1}
LEGAL_WORD = re.compile(r",? ([A-Z][A-Za-z.]+)(?!\w)")
NEXT_WORD = re.compile(r"[ -]((?:v|V)?\d[\w.]*\w|\d|[A-Z][a-z]+)(?![\w-])")
VERSION = re.compile(r"\w[- ]?v?\d+(?:\.\d+)*[A-Za-z]{0,2}$")
UNKNOWN = "Company"
PROPER_NOUNS = "proper nouns"
WEB_NAME = re.compile(r"(?<![\w@/.])[A-Z][\w-]*\.(?:ai|AI|io|com|co|app|dev|org)(?![\w/])")
SPELT = 5


@dataclass(frozen=True, slots=True)
class Name:
    """A surface form at a place in a passage. `entity`: the registry's id. `rule`: what found it, then what typed it.

    `maker`: for the unnamed chips of a named maker, the surface form of the maker.
    """

    start: int
    end: int
    surface: str
    type: str
    rule: str
    sure: bool = False
    entity: str | None = None
    maker: str | None = None


def candidates(
    passage: Passage, doc: Doc, shown: Sequence[Piece], known: Sequence[Name], lexicon: Lexicon, forms: WordForms
) -> list[Name]:
    """Names in one passage: those the registry knows (`known`), the recogniser's, and runs of proper nouns.

    `doc` is what the model was shown, with one token for each piece in `shown` and for each known name.
    """
    found = known if passage.title_case else [_lengthened(name, passage.text, lexicon) for name in known]
    found = [_against_registry(name, passage.text, lexicon) for name in found]
    spans = [(ent.start, ent.end, f"label {ent.label_}") for ent in doc.ents if ent.label_ in lexicon.ner_types]
    _absorb_places(found, passage, doc, shown)
    words = [passage.text[piece.start : piece.end] for piece in shown]
    spans += [(start, end, PROPER_NOUNS) for start, end in _runs(doc, words, lexicon)]
    for web in WEB_NAME.finditer(passage.text):
        _add(found, Name(web.start(), web.end(), web.group(), UNKNOWN, "web name"), passage.text, lexicon)
    for start, end, rule in spans:
        for first, last in _parts(passage, shown[start:end], {name.start for name in found}, lexicon, forms):
            kind = lexicon.ner_types.get(rule.removeprefix("label "), UNKNOWN)
            surface = passage.text[first:last]
            if rule == PROPER_NOUNS and " " not in surface and is_common(surface.lower(), forms):
                rule = "ordinary word"
            _add(found, Name(first, last, surface, kind, rule), passage.text, lexicon)
    for match in _naming(lexicon).finditer(passage.text):
        if not _never(match.group(1), lexicon) and match.group(1) not in lexicon.never_first:
            name = Name(match.start(1), match.end(1), match.group(1), UNKNOWN, "before a verb")
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


def _lengthened(name: Name, text: str, lexicon: Lexicon) -> Name:
    """A known name with what belongs to it: "Widget" in "Widget 3 Pro", "Acme" in "Acme Ventures"."""
    end = name.end
    while word := NEXT_WORD.match(text, end):
        version = word.group(1)[0].isdigit() or word.group(1) in lexicon.version_words
        plan = name.type == "Company" and word.group(1) in lexicon.plan_words
        suffix = lexicon.suffix_types.get(word.group(1)) == "Company" and word.group(1) not in lexicon.never_first
        if plan:
            return Name(name.start, word.end(), text[name.start : word.end()], "Product", "registry, a plan", sure=True)
        if not (version if name.type in THINGS else suffix and name.type == "Company"):
            break
        end = word.end()
    legal = LEGAL_WORD.match(text, end)
    if legal and legal.group(1) in lexicon.legal_endings and name.type == "Company":
        return replace(name, end=legal.end(), surface=text[name.start : legal.end()])
    if end == name.end:
        return name
    return Name(name.start, end, text[name.start : end], name.type, "registry, lengthened", sure=True)


def _against_registry(name: Name, text: str, lexicon: Lexicon) -> Name:
    """Where the text itself calls a known model or product a company ("the robot firm Widget"), it is another one."""
    if name.type in THINGS:
        kinds = [lexicon.class_nouns.get(noun) for place, noun in _nouns_beside(text, name) if place != "after"]
        if frozenset({"Company"}) in kinds:
            return replace(name, type="Company", entity=None, rule="context against the registry")
    return name


@cache
def _naming(lexicon: Lexicon) -> re.Pattern[str]:
    """A single capitalised word that begins a text or sentence, right before a verb that companies do."""
    verbs = "|".join(sorted(lexicon.naming_verbs))
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
            start is not None
            and (
                (token.text in JOINING and (token.text == "&" or not doc[token.i - 1].whitespace_))
                or token.tag_ == "CD"
                or words[token.i] in lexicon.suffix_types
            )
        )
        if inside and start is None:
            start = token.i
        elif not inside and start is not None:
            yield start, token.i
            start = None
    if start is not None:
        yield start, len(doc)


def _parts(
    passage: Passage, shown: Sequence[Piece], held: set[int], lexicon: Lexicon, forms: WordForms
) -> Iterator[tuple[int, int]]:
    """The parts of a token range that can be names: cut at known names and at words that never are, and trimmed."""
    part: list[Piece] = []
    for piece in [*shown, None]:
        surface = passage.text[piece.start : piece.end] if piece else ""
        lowered = passage.title_case and piece is not None and piece.word == surface.lower() != surface
        if piece is not None and piece.start not in held and not lowered and not _never(surface, lexicon):
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


def spread(found: Mapping[int, Sequence[Name]], texts: Mapping[int, str], forms: WordForms) -> dict[int, list[Name]]:
    """The names of each passage, with those found in one passage also where others use the same words.

    An ordinary word that was taken for a name once ("Releases") is not looked for elsewhere.
    """
    every = [name for names in found.values() for name in names]
    surfaces = {n.surface: n for n in every if n.entity or " " in n.surface or not is_common(n.surface.lower(), forms)}
    words = [re.escape(s) for s in sorted(surfaces, key=lambda s: (-len(s), s)) if len(s) > 2]
    pattern = re.compile(r"(?<![\w@#/.-])(?:" + "|".join(words) + r")(?![\w@/]|\.\w)") if words else None
    out: dict[int, list[Name]] = {}
    for key, names in found.items():
        kept = list(names)
        for match in pattern.finditer(texts[key]) if pattern else ():
            if all(match.end() <= name.start or match.start() >= name.end for name in kept):
                model = surfaces[match.group()]
                kept.append(replace(model, start=match.start(), end=match.end(), rule="seen elsewhere"))
        out[key] = sorted(kept, key=lambda name: name.start)
    return out


def settle_types(
    found: Mapping[int, Sequence[Name]], texts: Mapping[int, str], lexicon: Lexicon
) -> dict[int, list[Name]]:
    """Give all mentions of one surface form in a document one type, by votes; the registry's word is final."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, names in found.items():
        for name in names:
            if name.entity is None:
                votes[name.surface].update(_votes(name, texts[key], lexicon))
    typed = {
        key: [_typed(name, votes[name.surface]) if name.entity is None else name for name in names]
        for key, names in found.items()
    }
    sure = sorted({name.surface: name.type for names in typed.values() for name in names if name.sure}.items())
    return {key: [_spelt_like(name, sure) for name in names] for key, names in typed.items()}


def _spelt_like(name: Name, sure: Sequence[tuple[str, str]]) -> Name:
    """An unsure name that is one slip away from a sure one of the document takes its type: "Cluade" beside "Claude"."""
    from rapidfuzz.distance import OSA

    if name.sure or len(name.surface) < SPELT:
        return name
    near = {t for s, t in sure if len(s) >= SPELT and s[0] == name.surface[0] and OSA.distance(s, name.surface) == 1}
    return replace(name, type=near.pop(), sure=True, rule=f"{name.rule}; misspelt") if len(near) == 1 else name


def _typed(name: Name, votes: Counter[str]) -> Name:
    """The name with the type that has most votes; sure if they are many and not the recogniser's alone."""
    labels = Counter({kind.removeprefix("label "): n for kind, n in votes.items() if kind.startswith("label ")})
    others = Counter({kind: n for kind, n in votes.items() if not kind.startswith("label ")})
    total = others + Counter({kind: min(n, 2) for kind, n in labels.items()})
    ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return name
    kind, best = ranked[0]
    lead = best - (ranked[1][1] if len(ranked) > 1 else 0)
    sure = best >= SURE_VOTES and lead >= 2 and others[kind] > 0
    return replace(name, type=kind, sure=sure, rule=f"{name.rule}; votes {dict(ranked)}")


def _votes(name: Name, text: str, lexicon: Lexicon) -> Counter[str]:
    votes: Counter[str] = Counter()
    words = name.surface.split()
    if len(words) > 1 and words[-1] in lexicon.suffix_types:
        votes[lexicon.suffix_types[words[-1]]] += WEIGHT["suffix"]
    if len(words) > 1 and words[0] in lexicon.prefix_types:
        votes[lexicon.prefix_types[words[0]]] += WEIGHT["suffix"]
    for place, noun in _nouns_beside(text, name):
        kinds = lexicon.class_nouns.get(noun, frozenset())
        kinds = kinds & THINGS if place == "after" else kinds
        if len(kinds) == 1:
            votes[next(iter(kinds))] += WEIGHT[place]
    if "after a maker" in name.rule:
        votes["Product"] += WEIGHT["after_maker"]
    if VERSION.search(name.surface):
        votes["Model"] += WEIGHT["version"]
    label = name.rule.removeprefix("label ").split(";")[0].split(" after")[0]
    if label in lexicon.ner_types:
        kind = lexicon.ner_types[label]
        if kind == "Person" and 2 <= len(words) <= 3:
            votes[kind] += WEIGHT["full_name"]
        votes[f"label {kind}"] += WEIGHT["label"]
    return votes


THINGS = frozenset({"Model", "Chip", "Product"})
BESIDE = {
    "before": re.compile(r"([\w-]+)\s$"),
    "after": re.compile(r"^\s([\w-]+)"),
    "apposition": re.compile(
        r"^\s?,\s(?:an?|the)\s(?:[\w’'&.-]+\s){0,5}?([\w-]+)"
        r"(?=\s(?:that|which|for|based|founded|in|from|developed|backed|to|with|of|whose|focused|building|using)\b|[,.)])"
    ),
}


def _nouns_beside(text: str, name: Name) -> Iterator[tuple[str, str]]:
    """Common nouns right before the name ("start-up X"), right after it ("X chips") or in apposition ("X, a maker")."""
    for place, pattern in BESIDE.items():
        found = pattern.search(
            text[max(0, name.start - 30) : name.start] if place == "before" else text[name.end : name.end + 120]
        )
        if found and found.group(1) == found.group(1).lower():
            yield place, found.group(1)
