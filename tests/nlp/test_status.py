"""The status of a fact: cues along the tree, the weakest claim wins, a cue that merely stands near does not count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.nlp.lexicon import WordForms, load_word_forms
from kg.nlp.loading import Pipeline
from kg.nlp.status import SECTIONS, WEAKEST_FIRST, Cues, end_of_role, load_cues, status_of
from kg.schema import load_schema

Write = Callable[[str, str], Path]

CUES = """
verbs:
  planned: [plan]
  rumoured: [consider]
  ended: [stop]
  denied: [refuse]
nouns:
  planned: [plan]
  rumoured: [talks]
  denied: [refusal]
auxiliaries:
  planned: [will]
  rumoured: [might]
adverbs:
  rumoured: [reportedly]
  ended: [formerly]
  denied: [never]
adjectives:
  planned: [planned]
  ended: [former]
infinitive: planned
implicative: [help]
rumour_sources: [sources]
no_longer: [was]
no_longer_as: [served]
goes: [resign]
is_sent_away: [fire]
"""


@pytest.fixture
def cues(write: Write, plain_forms: WordForms) -> Cues:
    return load_cues(plain_forms, write("status.yaml", CUES))


StatusIn = Callable[..., str]


@pytest.fixture
def status_in(tree, token_of, cues: Cues) -> StatusIn:
    """The status at a word of a tree."""

    def status(spec: str, trigger: str, **given: object) -> str:
        return status_of(token_of(tree(spec), trigger), cues, **given)[0]

    return status


TO_BUY = "to:TO:aux:buy buy:VB:xcomp:{verb} Globex:NNP:dobj:buy"


def governed(verb: str, tag: str = "VBZ") -> str:
    """Acme VERB to buy Globex."""
    return f"Acme:NNP:nsubj:{verb} {verb}:{tag}:ROOT " + TO_BUY.format(verb=verb)


BOUGHT = "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought"
WITH_AUX = "Acme:NNP:nsubj:buy {aux}:MD:aux:buy buy:VB:ROOT Globex:NNP:dobj:buy"
DOES_NOT = "Acme:NNP:nsubj:buy does:VBZ:aux:buy not:RB:neg:buy buy:VB:ROOT Globex:NNP:dobj:buy"
PARTNER = "Globex:NNP:nsubj:is is:VBZ:ROOT its:PRP$:poss:partner {word}:JJ:amod:partner partner:NN:attr:is"
NOUN_TO_BUY = (
    "Acme:NNP:nsubj:announced announced:VBD:ROOT {noun}:NNS:dobj:announced to:TO:aux:buy buy:VB:acl:{noun} "
    "Globex:NNP:dobj:buy"
)
IN_TALKS = (
    "Acme:NNP:nsubj:is is:VBZ:ROOT in:IN:prep:is talks:NNS:pobj:in to:TO:aux:buy buy:VB:acl:talks Globex:NNP:dobj:buy"
)
SAY = "{who}:NNS:nsubj:say say:VBP:ROOT Acme:NNP:nsubj:bought bought:VBD:ccomp:say Globex:NNP:dobj:bought"
ACCORDING = (
    "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought according:VBG:prep:bought to:IN:prep:according "
    "{who}:NNS:pobj:to"
)
NO_LONGER = "Acme:NNP:nsubj:uses no:RB:neg:uses longer:RBR:advmod:uses uses:VBZ:ROOT chips:NNS:dobj:uses"
PARSED_NO_LONGER = NO_LONGER.replace("neg:uses", "neg:longer")
NO_DEAL = "There:EX:expl:is is:VBZ:ROOT no:DT:det:deal deal:NN:attr:is with:IN:prep:deal Globex:NNP:pobj:with"
STOPPED = "Acme:NNP:nsubj:stopped stopped:VBD:ROOT buying:VBG:xcomp:stopped chips:NNS:dobj:buying"
BY_BUYING = "Acme:NNP:nsubj:plans plans:VBZ:ROOT on:IN:prep:plans buying:VBG:pcomp:on Globex:NNP:dobj:buying"


@pytest.mark.parametrize(
    ("spec", "trigger", "status"),
    [
        pytest.param(BOUGHT, "bought", "asserted", id="nothing"),
        pytest.param(governed("plans"), "buy", "planned", id="plans to"),
        pytest.param(governed("planned", "VBD"), "buy", "planned", id="planned to"),
        pytest.param(governed("considers"), "buy", "rumoured", id="considers to"),
        pytest.param(governed("refused", "VBD"), "buy", "denied", id="refused to"),
        pytest.param(governed("helps"), "buy", "asserted", id="helps to: as certain as the verb"),
        pytest.param(governed("rushes"), "buy", "planned", id="a bare infinitive"),
        pytest.param(STOPPED, "buying", "ended", id="stopped buying"),
        pytest.param(BY_BUYING, "buying", "planned", id="plans on buying"),
        pytest.param(IN_TALKS, "buy", "rumoured", id="in talks to"),
        pytest.param(NOUN_TO_BUY.format(noun="plans"), "buy", "planned", id="a plan to"),
        pytest.param(NOUN_TO_BUY.format(noun="refusal"), "buy", "denied", id="a refusal to"),
        pytest.param(NOUN_TO_BUY.format(noun="ways"), "buy", "planned", id="a noun and a bare infinitive"),
        pytest.param(WITH_AUX.format(aux="will"), "buy", "planned", id="will"),
        pytest.param(WITH_AUX.format(aux="might"), "buy", "rumoured", id="might"),
        pytest.param(WITH_AUX.format(aux="did"), "buy", "asserted", id="did"),
        pytest.param(f"{BOUGHT} reportedly:RB:advmod:bought", "bought", "rumoured", id="reportedly"),
        pytest.param(f"{BOUGHT} formerly:RB:advmod:bought", "bought", "ended", id="formerly"),
        pytest.param(f"{BOUGHT} never:RB:neg:bought", "bought", "denied", id="never"),
        pytest.param(DOES_NOT, "buy", "denied", id="does not"),
        pytest.param(NO_LONGER, "uses", "ended", id="no longer"),
        pytest.param(
            PARSED_NO_LONGER,
            "uses",
            "ended",
            id="no longer, as the model parses it",
        ),
        pytest.param(NO_DEAL, "deal", "denied", id="no deal"),
        pytest.param(PARTNER.format(word="former"), "partner", "ended", id="former partner"),
        pytest.param(PARTNER.format(word="planned"), "partner", "planned", id="planned partner"),
        pytest.param(PARTNER.format(word="good"), "partner", "asserted", id="good partner"),
        pytest.param(SAY.format(who="sources"), "bought", "rumoured", id="sources say"),
        pytest.param(SAY.format(who="ministers"), "bought", "asserted", id="ministers say"),
        pytest.param(ACCORDING.format(who="sources"), "bought", "rumoured", id="according to sources"),
        pytest.param(ACCORDING.format(who="Acme"), "bought", "asserted", id="according to Acme"),
        pytest.param(f"Has:VBZ:aux:bought {BOUGHT} ?:.:punct:bought", "bought", "rumoured", id="question"),
        pytest.param(f"{BOUGHT} .:.:punct:bought", "bought", "asserted", id="full stop"),
        pytest.param(
            "if:IN:mark:buys Acme:NNP:nsubj:buys buys:VBZ:advcl:wins Globex:NNP:dobj:buys Hooli:NNP:nsubj:wins "
            "wins:VBZ:ROOT",
            "buys",
            "rumoured",
            id="if",
        ),
    ],
)
def test_status(status_in: StatusIn, spec: str, trigger: str, status: str) -> None:
    assert status_in(spec, trigger) == status


def test_the_cues_that_decided_are_told(tree, token_of, cues: Cues) -> None:
    status, found = status_of(token_of(tree(governed("plans")), "buy"), cues)
    assert status == "planned"
    assert [(cue.word, cue.kind, cue.status) for cue in found] == [("plans", "verbs", "planned")]


@pytest.mark.parametrize(
    ("spec", "status"),
    [
        pytest.param(f"{governed('plans')} not:RB:neg:plans", "denied", id="does not plan to"),
        pytest.param(f"{governed('plans')} reportedly:RB:advmod:plans", "rumoured", id="reportedly plans to"),
        pytest.param(f"{governed('considers')} will:MD:aux:considers", "rumoured", id="will consider to"),
        pytest.param(f"{governed('refuses')} reportedly:RB:advmod:refuses", "denied", id="reportedly refuses to"),
    ],
)
def test_the_weakest_claim_wins(status_in: StatusIn, spec: str, status: str) -> None:
    """The guide: "When in doubt between two, take the weaker claim"."""
    assert status_in(spec, "buy") == status


def test_the_order_of_claims_holds_every_status_but_asserted() -> None:
    assert {*WEAKEST_FIRST, "asserted"} == set(load_schema().statuses)
    assert WEAKEST_FIRST[0] == "denied"


# What stands near and is said of something else.

OR_SELL = (
    "Acme:NNP:nsubj:buy did:VBD:aux:buy not:RB:neg:buy buy:VB:ROOT Globex:NNP:dobj:buy or:CC:cc:buy sell:VB:conj:buy "
    "Hooli:NNP:dobj:sell"
)
BUT_WILL = (
    "Acme:NNP:nsubj:buy did:VBD:aux:buy not:RB:neg:buy buy:VB:ROOT Globex:NNP:dobj:buy but:CC:cc:buy will:MD:aux:sue "
    "sue:VB:conj:buy Hooli:NNP:dobj:sue"
)
AND_NOT = (
    "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought and:CC:cc:bought did:VBD:aux:sue not:RB:neg:sue "
    "sue:VB:conj:bought Hooli:NNP:dobj:sue"
)
RELATIVE = (
    "Acme:NNP:nsubj:plans plans:VBZ:ROOT to:TO:aux:sue sue:VB:xcomp:plans Globex:NNP:dobj:sue which:WDT:nsubj:bought "
    "bought:VBD:relcl:Globex Hooli:NNP:dobj:bought"
)
SUBJECT_RELATIVE = (
    "Acme:NNP:nsubj:rise which:WDT:nsubj:bought bought:VBD:relcl:Acme Hooli:NNP:dobj:bought will:MD:aux:rise "
    "rise:VB:ROOT"
)


@pytest.mark.parametrize(
    ("spec", "trigger", "status"),
    [
        pytest.param(OR_SELL, "sell", "denied", id="did not buy or sell"),
        pytest.param(BUT_WILL, "sue", "planned", id="did not buy but will sue"),
        pytest.param(AND_NOT, "bought", "asserted", id="bought and did not sue: bought"),
        pytest.param(AND_NOT, "sue", "denied", id="bought and did not sue: sue"),
        pytest.param(SUBJECT_RELATIVE, "bought", "asserted", id="Acme, which bought, will rise"),
        pytest.param(
            RELATIVE,
            "bought",
            "asserted",
            id="plans to sue Globex, which bought",
        ),
    ],
)
def test_a_cue_of_another_clause_does_not_count(status_in: StatusIn, spec: str, trigger: str, status: str) -> None:
    assert status_in(spec, trigger) == status


def test_a_headline_infinitive_is_planned(status_in: StatusIn) -> None:
    """The guide: "to acquire" is planned."""
    assert status_in("Acme:NNP:nsubj:buy to:TO:aux:buy buy:VB:ROOT Globex:NNP:dobj:buy", "buy") == "planned"


# What a pattern may say about cues.


@pytest.mark.parametrize("ignored", [{"plans"}, {"verbs"}])
def test_an_ignored_cue_does_not_count(tree, token_of, cues: Cues, ignored: set[str]) -> None:
    token = token_of(tree(governed("plans")), "buy")
    assert status_of(token, cues, ignore=frozenset(ignored)) == ("asserted", ())


def test_the_cues_beside_an_ignored_one_count(status_in: StatusIn) -> None:
    spec = f"{governed('plans')} reportedly:RB:advmod:plans"
    assert status_in(spec, "buy", ignore=frozenset({"verbs"})) == "rumoured"


def test_what_is_taken_for_granted_heeds_words_on_the_trigger_only(status_in: StatusIn) -> None:
    spec = (
        "Acme:NNP:nsubj:praise will:MD:aux:praise praise:VB:ROOT its:PRP$:poss:partner {word}:JJ:amod:partner "
        "partner:NN:dobj:praise"
    )
    assert status_in(spec.format(word="good"), "partner", presupposed=True) == "asserted"
    assert status_in(spec.format(word="former"), "partner", presupposed=True) == "ended"
    assert status_in(spec.format(word="good"), "partner") == "planned"


# The files.


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("verb:\n  planned: [plan]\n", 1, ["unknown key 'verb'", "did you mean 'verbs'?"], id="section"),
        pytest.param("verbs:\n  planed: [plan]\n", 2, ["unknown status 'planed'", "'planned'"], id="status"),
        pytest.param("verbs:\n  planned: [plan, 3]\n", 2, ["list of words"], id="number"),
        pytest.param("adverbs:\n  denied: [never, no]\n", 2, ["list of words", "quote"], id="no is no word"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_hint(
    write: Write, plain_forms: WordForms, text: str, line: int, said: list[str]
) -> None:
    path = write("status.yaml", text)
    with pytest.raises(DataError) as error:
        load_cues(plain_forms, path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert all(part in str(error.value) for part in said)


def test_the_status_of_an_infinitive_must_be_one(write: Write, plain_forms: WordForms) -> None:
    with pytest.raises(DataError):
        load_cues(plain_forms, write("status.yaml", "infinitive: planed\n"))


FRAMES = {
    "verbs": lambda word: (governed(word, "VBD"), "buy"),
    "nouns": lambda word: (NOUN_TO_BUY.format(noun=word), "buy"),
    "auxiliaries": lambda word: (WITH_AUX.format(aux=word), "buy"),
    "adverbs": lambda word: (f"{BOUGHT} {word}:RB:advmod:bought", "bought"),
    "adjectives": lambda word: (PARTNER.format(word=word), "partner"),
}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_shipped_cue_works_where_its_section_says(tree, token_of, pipeline: Pipeline, section: str) -> None:
    words = getattr(pipeline.cues, section)
    wrong = {}
    for word, expected in words.items():
        spec, trigger = FRAMES[section](word)
        status = status_of(token_of(tree(spec), trigger), pipeline.cues)[0]
        if status != expected:
            wrong[word] = status
    assert len(words) > 3
    assert wrong == {}


def test_no_shipped_verb_is_both_a_cue_and_implicative(pipeline: Pipeline) -> None:
    """A verb that leaves the claim as it is cannot weaken it."""
    assert pipeline.cues.implicative & set(pipeline.cues.verbs) == set()


def test_verbs_and_nouns_are_met_in_every_form(pipeline: Pipeline) -> None:
    forms = load_word_forms(pipeline.nlp)
    cues = load_cues(forms)
    assert {cues.verbs[form] for form in ("plan", "plans", "planned", "planning", "sought")} == {"planned"}
    assert {cues.nouns[form] for form in ("plan", "plans", "bid", "bids")} == {"planned"}


# Roles that are over.

IS_CHIEF = "Ann:NNP:nsubj:{verb} {verb}:{tag}:ROOT chief:NN:attr:{verb} of:IN:prep:chief Acme:NNP:pobj:of"
AS_CHIEF = (
    "Ann:NNP:nsubj:{verb} {aux}{verb}:{tag}:ROOT as:IN:prep:{verb} chief:NN:pobj:as of:IN:prep:chief Acme:NNP:pobj:of"
)
GOES = "Acme:NNP:compound:chief chief:NN:compound:Ann Ann:NNP:nsubj:{verb} {verb}:VBD:ROOT"
GOES_FROM = f"{GOES} from:IN:prep:{{verb}} {{place}}:NNP:pobj:from"
IS_SENT = "Acme:NNP:nsubj:{verb} {verb}:VBD:ROOT its:PRP$:poss:Ann chief:NN:compound:Ann Ann:NNP:dobj:{verb}"
WAS_SENT = (
    "Ann:NNP:nsubjpass:fired chief:NN:appos:Ann of:IN:prep:chief Acme:NNP:pobj:of was:VBD:auxpass:fired fired:VBN:ROOT"
)
SENDS = "chief:NN:compound:Ann Ann:NNP:nsubj:fired fired:VBD:ROOT Bob:NNP:dobj:fired"
APART = (
    "chief:NN:compound:Ann Ann:NNP:nsubj:spoke spoke:VBD:ROOT after:IN:mark:resigned Bob:NNP:nsubj:resigned "
    "resigned:VBD:advcl:spoke"
)


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        (IS_CHIEF.format(verb="was", tag="VBD"), "was"),
        (IS_CHIEF.format(verb="is", tag="VBZ"), None),
        (IS_CHIEF.format(verb="became", tag="VBD"), None),
        (AS_CHIEF.format(verb="served", tag="VBD", aux=""), "served"),
        (AS_CHIEF.format(verb="served", tag="VBN", aux="has:VBZ:aux:served "), None),
        (AS_CHIEF.format(verb="joined", tag="VBD", aux=""), None),
        (GOES.format(verb="resigned"), "resigned"),
        (GOES.format(verb="spoke"), None),
        (GOES_FROM.format(verb="resigned", place="Acme"), "resigned"),
        (GOES_FROM.format(verb="resigned", place="Globex"), None),  # from something else
        (IS_SENT.format(verb="fired"), "fired"),
        (IS_SENT.format(verb="praised"), None),
        (WAS_SENT, "fired"),
        (SENDS, None),
        (APART, None),
    ],
)
def test_a_role_is_over_for_who_goes_or_is_sent_away(tree, token_of, cues: Cues, spec: str, word: str | None) -> None:
    doc = tree(spec)
    meant = {token.i for token in doc if token.text == "Globex"}
    found = end_of_role(token_of(doc, "chief"), token_of(doc, "Ann"), meant, cues)
    assert (found and (found.status, found.word)) == (word and ("ended", word))


@pytest.mark.parametrize(
    ("spec", "status"),
    [
        ("Ann:NNP:nsubj:is is:VBZ:ROOT former:NN:attr:is -:NN:attr:is chief:NN:attr:is", "ended"),
        ("Ann:NNP:nsubj:is is:VBZ:ROOT former:NN:attr:is chief:NN:attr:is", "asserted"),  # not joined
        ("Ann:NNP:nsubj:is is:VBZ:ROOT vice:NN:attr:is -:NN:attr:is chief:NN:attr:is", "asserted"),
        (
            "Ann:NNP:nsubj:is is:VBZ:ROOT former:NN:attr:is -:NN:attr:is Acme:NNP:compound:chief chief:NN:attr:is",
            "ended",
        ),
        ("chief:NN:ROOT", "asserted"),
    ],
)
def test_what_a_hyphen_joins_to_a_role_counts(status_in: StatusIn, spec: str, status: str) -> None:
    assert status_in(spec, "chief", presupposed=True) == status
