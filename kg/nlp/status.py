"""How the text holds a fact: asserted, planned, rumoured, ended, denied, from cues along the dependency tree.

The walk starts at the trigger and climbs through what governs it ("plans to", "is in talks to", "sources say that");
it never jumps to a cue merely because it stands near. Of several cues the weakest claim wins (guide: "When in doubt
between two, take the weaker claim").
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.data import check_keys, data_path, read_yaml
from kg.nlp.frames import PASSIVE, SUBJECTS, VERBS, children
from kg.nlp.lexicon import WordForms
from kg.nlp.vocabulary import check_mapping, mapping, strings
from kg.schema import load_schema

if TYPE_CHECKING:
    from spacy.tokens import Token

WEAKEST_FIRST = ("denied", "ended", "rumoured", "planned")
SECTIONS = ("verbs", "nouns", "auxiliaries", "adverbs", "adjectives")
CLIMBS = (
    "xcomp",
    "ccomp",
    "acl",
    "pcomp",
    "advcl",
    "conj",
    "prep",
    "pobj",
    "dobj",
    "relcl",
    "attr",
    "nsubj",
    "nsubjpass",
    "oprd",
    "appos",
    "dep",
    "amod",
    "acomp",
)
NEGATIVE = ("neg",)
HYPHENS = ("-", "‑", "–")


@dataclass(frozen=True, slots=True)
class Cues:
    """Cue words by place, each with the status it stands for; all in lower case, verbs and nouns in every form."""

    verbs: Mapping[str, str]
    nouns: Mapping[str, str]
    auxiliaries: Mapping[str, str]
    adverbs: Mapping[str, str]
    adjectives: Mapping[str, str]
    infinitive: str
    implicative: frozenset[str]
    rumour_sources: frozenset[str]
    no_longer: frozenset[str]
    no_longer_as: frozenset[str]
    goes: frozenset[str]
    is_sent_away: frozenset[str]


@cache
def load_cues(forms: WordForms, path: Path | None = None) -> Cues:
    """Read `ontology/status.yaml`. Raises `DataError` (file, line, hint) for an unknown key or status."""
    path = path or data_path("ontology/status.yaml")
    top = mapping(path, read_yaml(path))
    check_mapping(path, top, set(Cues.__dataclass_fields__), what="key")
    inflect = {"verbs": forms.verb, "nouns": forms.noun}
    found: dict[str, dict[str, str]] = {}
    for section in SECTIONS:
        owner = mapping(path, top.get(section))
        check_mapping(path, owner, set(load_schema().statuses), what="status")
        spread = inflect.get(section, lambda word: frozenset({word}))
        found[section] = {
            form: status for status in owner for word in strings(path, owner, status) for form in spread(word)
        }
    infinitive = str(top.get("infinitive", "planned"))

    def verb_forms(key: str) -> frozenset[str]:
        return frozenset(form for word in strings(path, top, key) for form in forms.verb(word))

    check_keys(path, top.lines.get("infinitive"), [infinitive], load_schema().statuses, what="status")
    return Cues(
        **found,
        infinitive=infinitive,
        implicative=verb_forms("implicative"),
        rumour_sources=frozenset(strings(path, top, "rumour_sources")),
        no_longer=frozenset(strings(path, top, "no_longer")),
        no_longer_as=frozenset(strings(path, top, "no_longer_as")),
        goes=verb_forms("goes"),
        is_sent_away=verb_forms("is_sent_away"),
    )


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that bears on the status, and the status it stands for. `kind`: the section, `neg`, `question`, `if`."""

    status: str
    word: str
    kind: str


def status_of(
    trigger: Token, cues: Cues, *, ignore: frozenset[str] = frozenset(), presupposed: bool = False
) -> tuple[str, tuple[Cue, ...]]:
    """The status of what `trigger` states and the cues that decided; cue words or kinds in `ignore` do not count.

    `presupposed`: the phrase takes the fact for granted ("its chatbot X"), so only words on the trigger itself count.
    """
    every = [cue for node in _noun_phrase(trigger) for cue in _at(node, cues, own_clause=True, first=True)]
    every.extend(_prefixed(trigger, cues))
    every.extend(_of_the_copula(trigger, cues))
    if not presupposed:
        every.extend(_cues(trigger, cues))
    found = tuple(cue for cue in every if cue.word not in ignore and cue.kind not in ignore)
    return weakest({cue.status for cue in found}), found


def weakest(statuses: Collection[str]) -> str:
    """The weakest claim among `statuses`; `asserted` where nothing speaks against it."""
    return next((status for status in WEAKEST_FIRST if status in statuses), "asserted")


def end_of_role(trigger: Token, person: Token | None, meant: Collection[int], cues: Cues) -> Cue | None:
    """The word that says that somebody no longer has the role that a trigger names. `person`: who has it; `meant`: the
    tokens of all names but that of whom the role is of."""
    if trigger.dep_ == "attr" and trigger.head.lower_ in cues.no_longer:
        return Cue("ended", trigger.head.lower_, "past")
    if trigger.dep_ == "pobj" and trigger.head.lower_ == "as" and _is_over(trigger.head.head, cues):
        return Cue("ended", trigger.head.head.lower_, "past")
    if person is None:
        return None
    *_, person = _noun_phrase(person, "appos")
    verb = person.head
    if verb.tag_ not in VERBS:
        return None
    goes = person.dep_ == "nsubj" and verb.lower_ in cues.goes
    is_sent = person.dep_ in ("dobj", "nsubjpass") and verb.lower_ in cues.is_sent_away
    of_another = any(token.i in meant for prep in children(verb, "prep") for token in prep.subtree)
    return Cue("ended", verb.lower_, "going") if (goes or is_sent) and not of_another else None


def _is_over(verb: Token, cues: Cues) -> bool:
    return verb.lower_ in cues.no_longer_as and verb.tag_ == "VBD"


def _prefixed(trigger: Token, cues: Cues) -> Iterator[Cue]:
    """An adjective that a hyphen joins to the trigger or to what stands before it: "ex-chief", "ex-Acme chief"."""
    for node in (trigger, *children(trigger, "compound", "nmod")):
        before = (node.nbor(-2), node.nbor(-1)) if node.i - node.sent.start >= 2 else ()
        if before and before[1].text in HYPHENS and before[0].lower_ in cues.adjectives:
            yield Cue(cues.adjectives[before[0].lower_], before[0].lower_, "adjectives")


def _of_the_copula(trigger: Token, cues: Cues) -> Iterator[Cue]:
    """Cues on the verb that says the noun of somebody: "will become its chief", "stepped down as its chief"."""
    if trigger.dep_ in ("attr", "oprd") and trigger.head.tag_ in VERBS:
        yield from _at(trigger.head, cues, own_clause=True, first=False)
    elif trigger.dep_ == "pobj" and trigger.head.lower_ == "as":
        yield from _governing(trigger.head.head, trigger.head, "prep", cues)
        yield from _at(trigger.head.head, cues, own_clause=trigger.head.head.tag_ in VERBS, first=False)


def _noun_phrase(trigger: Token, *also: str) -> Iterator[Token]:
    """The trigger and the nouns it stands before or beside: "former" in "the former chair and CEO" holds for both.

    `also`: other labels that lead to a noun of the phrase.
    """
    yield trigger
    while trigger.dep_ in ("compound", "nmod", "conj", *also) and trigger.head.tag_ not in VERBS:
        trigger = trigger.head
        yield trigger


def _cues(trigger: Token, cues: Cues) -> Iterator[Cue]:
    """Every cue on the way from the trigger to the top of its sentence."""
    node, came_by, own_clause = trigger, "", True
    if trigger.dep_ == "ROOT" and any(c.lower_ == "to" for c in children(trigger, "aux")):
        yield Cue(cues.infinitive, "to", "infinitive")
    while True:
        yield from _at(node, cues, own_clause=own_clause, first=node.i == trigger.i)
        if node.dep_ not in CLIMBS or node.head.i == node.i or _is_aside(node):
            break
        came_by, child, node = node.dep_, node, node.head
        own_clause = own_clause and _same_clause(child, came_by, cues)
        yield from _governing(node, child, came_by, cues)
    if node.sent[-1].text == "?":
        yield Cue("rumoured", "?", "question")


def _is_aside(node: Token) -> bool:
    """A relative clause with a tense of its own: what governs its noun says nothing about it."""
    return node.dep_ == "relcl" and not any(c.lower_ == "to" for c in children(node, "aux"))


def _same_clause(child: Token, label: str, cues: Cues) -> bool:
    """Whether the auxiliaries and the negation of the head also hold for the child."""
    if label == "conj":
        return not children(child, "aux", *SUBJECTS, *PASSIVE)
    if label == "ccomp" and child.head.lower_ in cues.implicative:  # "will allow Acme to use it"
        return any(c.lower_ == "to" for c in children(child, "aux"))
    if label == "advcl":  # "will use it to buy": the purpose is as certain as the means
        return any(c.lower_ == "to" for c in children(child, "aux"))
    return label in ("xcomp", "pcomp", "prep", "pobj", "dobj", "attr", "oprd", "amod", "acomp")


def _at(node: Token, cues: Cues, *, own_clause: bool, first: bool) -> Iterator[Cue]:
    """Cues among the children of one node."""
    if not own_clause:
        return
    for child in node.children:
        word = child.lower_
        if word == "longer" and any(c.lower_ == "no" for c in child.children):
            yield Cue("ended", "no longer", "neg")
        elif child.dep_ in NEGATIVE or (child.dep_ == "det" and word == "no" and first):
            after_no = "ended" if any(c.lower_ == "longer" for c in [*node.children, *child.children]) else "denied"
            yield Cue(after_no, word, "neg")
        elif child.dep_ in ("aux", "auxpass") and word in cues.auxiliaries and node.tag_ in VERBS:
            yield Cue(cues.auxiliaries[word], word, "auxiliaries")
        elif child.dep_ in ("advmod", "npadvmod", "acomp") and word in cues.adverbs:
            yield Cue(cues.adverbs[word], word, "adverbs")
        elif child.dep_ in ("amod", "compound", "nmod") and word in cues.adjectives and first:
            yield Cue(cues.adjectives[word], word, "adjectives")
        elif child.dep_ == "mark" and word in ("if", "whether", "unless"):
            yield Cue("rumoured", word, "if")
        elif child.dep_ == "prep" and word == "according":
            yield from _according_to(child, cues)


def _according_to(prep: Token, cues: Cues) -> Iterator[Cue]:
    for token in prep.subtree:
        if token.lower_ in cues.rumour_sources:
            yield Cue("rumoured", token.lower_, "sources")


def _governing(head: Token, child: Token, label: str, cues: Cues) -> Iterator[Cue]:
    """The cue that the head is for the child: "plans" for "to invest"."""
    word = head.lower_
    to = any(c.lower_ == "to" for c in children(child, "aux"))
    if head.tag_ in VERBS:
        if label in ("xcomp", "ccomp", "dobj", "pobj", "prep", "pcomp", "nsubjpass") and word in cues.verbs:
            yield Cue(cues.verbs[word], word, "verbs")
        elif to and label in ("xcomp", "advcl", "ccomp") and word not in cues.implicative:
            yield Cue(cues.infinitive, "to", "infinitive")
        if label == "ccomp" and any(s.lower_ in cues.rumour_sources for s in children(head, "nsubj")):
            yield Cue("rumoured", word, "sources")
    elif label in ("acl", "relcl", "prep", "pcomp", "pobj") and word in cues.nouns and (to or label != "relcl"):
        yield Cue(cues.nouns[word], word, "nouns")
    elif to and label in ("acl", "relcl"):
        yield Cue(cues.infinitive, "to", "infinitive")
