"""The vocabulary of the language part: word lists from `ontology/names.yaml` and word forms from the spaCy model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.data import Lines, data_path, read_yaml
from kg.nlp.vocabulary import check_mapping, mapping, strings
from kg.schema import load_schema

if TYPE_CHECKING:
    from spacy.language import Language

ATOMS = frozenset({"amount", "round"})
SIBILANTS = ("s", "x", "z", "ch", "sh")
VOWELS = "aeiou"


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What `ontology/names.yaml` says. Keys of `class_nouns`, `parse_as` and `rounds` are in lower case."""

    never_names: frozenset[str]
    never_first: frozenset[str]
    suffix_types: Mapping[str, str]
    prefix_types: Mapping[str, str]
    class_nouns: Mapping[str, frozenset[str]]
    parse_as: Mapping[str, str]
    parse_names_as: Mapping[str, str]
    rounds: Mapping[str, str]
    lead_in_ends: frozenset[str]
    hyphenated: frozenset[str]
    joined_to_say: frozenset[str]
    version_words: frozenset[str]
    plan_words: frozenset[str]
    legal_endings: frozenset[str]
    amount_lead_ins: frozenset[str]


@cache
def load_lexicon(path: Path | None = None) -> Lexicon:
    """Read the word lists. Raises `DataError` (file, line, hint) for an unknown key or entity type."""
    path = path or data_path("ontology/names.yaml")
    top = mapping(path, read_yaml(path))
    check_mapping(path, top, set(Lexicon.__dataclass_fields__), what="key")
    types = set(load_schema().types)
    for section in ("suffix_types", "prefix_types", "class_nouns"):
        check_mapping(path, mapping(path, top.get(section)), types, what="entity type")
    check_mapping(path, mapping(path, top.get("parse_names_as")), types | ATOMS, what="entity type")
    nouns: dict[str, set[str]] = {}
    for entity_type, words in _lists(path, top, "class_nouns").items():
        for word in words:
            nouns.setdefault(word.lower(), set()).add(entity_type)
    return Lexicon(
        never_names=frozenset(strings(path, top, "never_names")),
        never_first=frozenset(strings(path, top, "never_first")),
        suffix_types=_inverted(path, top, "suffix_types"),
        prefix_types=_inverted(path, top, "prefix_types"),
        class_nouns={word: frozenset(kinds) for word, kinds in nouns.items()},
        parse_as=_pairs(path, top, "parse_as"),
        parse_names_as=_pairs(path, top, "parse_names_as"),
        rounds=_inverted(path, top, "rounds"),
        lead_in_ends=frozenset(strings(path, top, "lead_in_ends")),
        hyphenated=frozenset(strings(path, top, "hyphenated")),
        joined_to_say=frozenset(strings(path, top, "joined_to_say")),
        version_words=frozenset(strings(path, top, "version_words")),
        plan_words=frozenset(strings(path, top, "plan_words")),
        legal_endings=frozenset(strings(path, top, "legal_endings")),
        amount_lead_ins=frozenset(strings(path, top, "amount_lead_ins")),
    )


def _pairs(path: Path, top: Lines, section: str) -> dict[str, str]:
    return {key: str(value) for key, value in mapping(path, top.get(section)).items()}


def _lists(path: Path, top: Lines, section: str) -> dict[str, tuple[str, ...]]:
    owner = mapping(path, top.get(section))
    return {key: strings(path, owner, key) for key in owner}


def _inverted(path: Path, top: Lines, section: str) -> dict[str, str]:
    return {word: key for key, words in _lists(path, top, section).items() for word in words}


@dataclass(frozen=True, slots=True, eq=False)
class WordForms:
    """English word forms from the model's lemmatizer tables (WordNet): what is a common word, and irregular forms."""

    common: frozenset[str]
    common_but_nouns: frozenset[str]
    irregular_verbs: Mapping[str, frozenset[str]]
    irregular_nouns: Mapping[str, frozenset[str]]

    def verb(self, lemma: str) -> frozenset[str]:
        """All forms of a verb, in lower case: of "co-lead" also "co-led"."""
        prefix, hyphen, last = lemma.rpartition("-")
        if hyphen:
            return frozenset(f"{prefix}-{form}" for form in self.verb(last))
        past, gerund = _past(lemma), _gerund(lemma)
        return frozenset({lemma, _with_s(lemma), past, gerund}) | self.irregular_verbs.get(lemma, frozenset())

    def noun(self, lemma: str) -> frozenset[str]:
        """Singular and plural, in lower case."""
        return frozenset({lemma, _with_s(lemma)}) | self.irregular_nouns.get(lemma, frozenset())


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(SIBILANTS) else "s")


def _past(verb: str) -> str:
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        return verb[:-1] + "ied"
    return verb + "d" if verb.endswith("e") else _doubled(verb) + "ed"


def _gerund(verb: str) -> str:
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else _doubled(verb)
    return stem + "ing"


def _doubled(verb: str) -> str:
    """The last consonant doubles in verbs of one syllable that end in one vowel and one consonant: "plan", "tap"."""
    one_syllable = sum(letter in VOWELS for letter in verb) == 1
    if one_syllable and 3 <= len(verb) <= 4 and verb[-1] not in VOWELS + "wxyh" and verb[-2] in VOWELS:
        return verb + verb[-1]
    return verb


def load_word_forms(nlp: Language) -> WordForms:
    """The word forms of a loaded model, which must still hold its lemmatizer (it need not be enabled)."""
    lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    index, exceptions = lookups.get_table("lemma_index"), lookups.get_table("lemma_exc")
    common = {word for table in (*index.values(), *exceptions.values()) for word in table}
    others = ("verb", "adj", "adv")
    but_nouns = {word for tables in (index, exceptions) for part in others if part in tables for word in tables[part]}
    return WordForms(
        common=frozenset(common),
        common_but_nouns=frozenset(but_nouns),
        irregular_verbs=_by_lemma(exceptions["verb"]),
        irregular_nouns=_by_lemma(exceptions["noun"]),
    )


def _by_lemma(table: Mapping[str, list[str]]) -> dict[str, frozenset[str]]:
    forms: dict[str, set[str]] = {}
    for form, lemmas in table.items():
        for lemma in lemmas:
            forms.setdefault(lemma, set()).add(form)
    return {lemma: frozenset(found) for lemma, found in forms.items()}
