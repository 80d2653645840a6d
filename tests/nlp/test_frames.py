"""Who does what to whom, on trees written by hand with the labels of the stock model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp import frames

ACTIVE = "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought"
PASSIVE = "Globex:NNP:nsubjpass:bought was:VBD:auxpass:bought bought:VBN:ROOT by:IN:agent:bought Acme:NNP:pobj:by"
SILENT_PASSIVE = "Globex:NNP:nsubjpass:bought was:VBD:auxpass:bought bought:VBN:ROOT"
REDUCED = "chips:NNS:nsubj:sell made:VBN:acl:chips by:IN:agent:made Acme:NNP:pobj:by sell:VBP:ROOT"
REDUCED_MISTAGGED = "chips:NNS:nsubj:sell made:VBD:acl:chips by:IN:agent:made Acme:NNP:pobj:by sell:VBP:ROOT"
WHICH = "Acme:NNP:nsubj:grew which:WDT:nsubj:bought bought:VBD:relcl:Acme Globex:NNP:dobj:bought grew:VBD:ROOT"
THAT = "firm:NN:nsubj:grew that:WDT:nsubj:bought bought:VBD:relcl:firm Globex:NNP:dobj:bought grew:VBD:ROOT"
WHICH_PASSIVE = (
    "Globex:NNP:nsubj:grew which:WDT:nsubjpass:bought was:VBD:auxpass:bought bought:VBN:relcl:Globex "
    "by:IN:agent:bought Acme:NNP:pobj:by grew:VBD:ROOT"
)
WHICH_OBJECT = "Globex:NNP:nsubj:grew which:WDT:dobj:bought Acme:NNP:nsubj:bought bought:VBD:relcl:Globex grew:VBD:ROOT"
BARE_OBJECT = "Globex:NNP:nsubj:grew Acme:NNP:nsubj:bought bought:VBD:relcl:Globex grew:VBD:ROOT"
WHICH_TWO = (
    "Acme:NNP:nsubj:grew which:WDT:nsubj:bought bought:VBD:relcl:Acme Globex:NNP:dobj:bought "
    "sued:VBD:conj:bought Hooli:NNP:dobj:sued grew:VBD:ROOT"
)
PLANS = "Acme:NNP:nsubj:plans plans:VBZ:ROOT to:TO:aux:buy buy:VB:xcomp:plans Globex:NNP:dobj:buy"
PLANS_TO_START = (
    "Acme:NNP:nsubj:plans plans:VBZ:ROOT to:TO:aux:start start:VB:xcomp:plans buying:VBG:xcomp:start "
    "Globex:NNP:dobj:buying"
)
ASKED = "Acme:NNP:nsubj:asked asked:VBD:ROOT Globex:NNP:dobj:asked to:TO:aux:buy buy:VB:xcomp:asked Hooli:NNP:dobj:buy"
WAS_ASKED = (
    "Globex:NNP:nsubjpass:asked was:VBD:auxpass:asked asked:VBN:ROOT to:TO:aux:buy buy:VB:xcomp:asked "
    "Hooli:NNP:dobj:buy"
)
PARTICIPLE = "Acme:NNP:nsubj:grew grew:VBD:ROOT buying:VBG:advcl:grew Globex:NNP:dobj:buying"
FRONTED = "Founded:VBN:advcl:grew in:IN:prep:Founded 2019:CD:pobj:in Acme:NNP:nsubj:grew grew:VBD:ROOT"
BY_BUYING = "Acme:NNP:nsubj:grew grew:VBD:ROOT by:IN:prep:grew buying:VBG:pcomp:by Globex:NNP:dobj:buying"
TWO_VERBS = (
    "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought and:CC:cc:bought sued:VBD:conj:bought "
    "Hooli:NNP:dobj:sued"
)
TWO_CLAUSES = (
    "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought and:CC:cc:bought Umbra:NNP:nsubj:sued "
    "sued:VBD:conj:bought Hooli:NNP:dobj:sued"
)
TWO_PASSIVES = (
    "Globex:NNP:nsubjpass:bought was:VBD:auxpass:bought bought:VBN:ROOT and:CC:cc:bought closed:VBN:conj:bought "
    "by:IN:agent:closed Acme:NNP:pobj:by"
)
PLAN_NOUN = (
    "Acme:NNP:nsubj:announced announced:VBD:ROOT a:DT:det:plan plan:NN:dobj:announced to:TO:aux:buy "
    "buy:VB:acl:plan Globex:NNP:dobj:buy"
)
OWNED_PLAN = (
    "Acme:NNP:poss:plan 's:POS:case:Acme plan:NN:nsubj:failed to:TO:aux:buy buy:VB:acl:plan Globex:NNP:dobj:buy "
    "failed:VBD:ROOT"
)
PREPOSED = "Acme:NNP:nsubj:praised praised:VBD:ROOT the:DT:det:chip acquired:VBN:amod:chip chip:NN:dobj:praised"


@pytest.mark.parametrize(
    ("spec", "verb", "roles"),
    [
        pytest.param(ACTIVE, "bought", (["Acme"], ["Globex"]), id="active"),
        pytest.param(PASSIVE, "bought", (["Acme"], ["Globex"]), id="passive"),
        pytest.param(SILENT_PASSIVE, "bought", ([], ["Globex"]), id="passive without agent"),
        pytest.param(REDUCED, "made", (["Acme"], ["chips"]), id="reduced relative"),
        pytest.param(REDUCED_MISTAGGED, "made", (["Acme"], ["chips"]), id="reduced relative tagged as past"),
        pytest.param(WHICH, "bought", (["Acme"], ["Globex"]), id="which"),
        pytest.param(THAT, "bought", (["firm"], ["Globex"]), id="that"),
        pytest.param(WHICH_PASSIVE, "bought", (["Acme"], ["Globex"]), id="which was bought"),
        pytest.param(WHICH_OBJECT, "bought", (["Acme"], ["Globex"]), id="which Acme bought"),
        pytest.param(BARE_OBJECT, "bought", (["Acme"], ["Globex"]), id="the firm Acme bought"),
        pytest.param(WHICH_TWO, "sued", (["Acme"], ["Hooli"]), id="which bought and sued"),
        pytest.param(PLANS, "buy", (["Acme"], ["Globex"]), id="plans to buy"),
        pytest.param(PLANS_TO_START, "buying", (["Acme"], ["Globex"]), id="plans to start buying"),
        pytest.param(ASKED, "buy", (["Globex"], ["Hooli"]), id="asked Globex to buy"),
        pytest.param(WAS_ASKED, "buy", (["Globex"], ["Hooli"]), id="was asked to buy"),
        pytest.param(PARTICIPLE, "buying", (["Acme"], ["Globex"]), id="participle"),
        pytest.param(FRONTED, "Founded", ([], ["Acme"]), id="fronted passive participle"),
        pytest.param(BY_BUYING, "buying", (["Acme"], ["Globex"]), id="by buying"),
        pytest.param(TWO_VERBS, "sued", (["Acme"], ["Hooli"]), id="shared subject"),
        pytest.param(TWO_VERBS, "bought", (["Acme"], ["Globex"]), id="first of two verbs"),
        pytest.param(TWO_CLAUSES, "sued", (["Umbra"], ["Hooli"]), id="own subject"),
        pytest.param(TWO_PASSIVES, "closed", (["Acme"], ["Globex"]), id="shared passive subject"),
        pytest.param(PLAN_NOUN, "buy", (["Acme"], ["Globex"]), id="a plan to buy"),
        pytest.param(OWNED_PLAN, "buy", (["Acme"], ["Globex"]), id="Acme's plan to buy"),
        pytest.param(PREPOSED, "acquired", ([], ["chip"]), id="the acquired chip"),
    ],
)
def test_agents_and_patients(tree, token_of, spec: str, verb: str, roles: tuple[list[str], list[str]]) -> None:
    token = token_of(tree(spec), verb)
    found = [t.text for t in frames.agents(token)], [t.text for t in frames.patients(token)]
    assert found == roles


@pytest.mark.parametrize(
    ("spec", "verb", "passive"),
    [
        (ACTIVE, "bought", False),
        (PASSIVE, "bought", True),
        (REDUCED, "made", True),
        (WHICH, "bought", False),
        (TWO_VERBS, "sued", False),
        (TWO_PASSIVES, "closed", True),
        (PLANS, "buy", False),
        ("Acme:NNP:nsubj:bought has:VBZ:aux:bought bought:VBN:ROOT Globex:NNP:dobj:bought", "bought", False),
    ],
)
def test_is_passive(tree, token_of, spec: str, verb: str, passive: bool) -> None:
    assert frames.is_passive(token_of(tree(spec), verb)) is passive


@pytest.mark.parametrize(
    ("spec", "verb", "about"),
    [(ACTIVE, "bought", ["Acme"]), (PASSIVE, "bought", ["Globex"]), (FRONTED, "Founded", ["Acme"])],
)
def test_subject_like_is_what_the_clause_is_about(tree, token_of, spec: str, verb: str, about: list[str]) -> None:
    assert [t.text for t in frames.subject_like(token_of(tree(spec), verb))] == about


def test_conjuncts_are_those_to_the_right_in_order(tree, token_of) -> None:
    doc = tree("Acme:NNP:nsubj:grew Globex:NNP:conj:Acme and:CC:cc:Globex Hooli:NNP:conj:Globex grew:VBD:ROOT")
    assert [t.text for t in frames.conjuncts(token_of(doc, "Acme"))] == ["Acme", "Globex", "Hooli"]
    assert [t.text for t in frames.conjuncts(token_of(doc, "Hooli"))] == ["Hooli"]


COPULA = "Acme:NNP:nsubj:is is:VBZ:ROOT its:PRP$:poss:provider provider:NN:attr:is"
APPOSITION = "Acme:NNP:nsubj:grew the:DT:det:provider provider:NN:appos:Acme grew:VBD:ROOT"
APPOSITION_BEFORE = "The:DT:det:provider provider:NN:nsubj:grew Acme:NNP:appos:provider grew:VBD:ROOT"
SERVES = "Acme:NNP:nsubj:serves serves:VBZ:ROOT as:IN:prep:serves its:PRP$:poss:provider provider:NN:pobj:as"
CHOSE_AS = (
    "Globex:NNP:nsubj:chose chose:VBD:ROOT Acme:NNP:dobj:chose as:IN:prep:chose its:PRP$:poss:provider "
    "provider:NN:pobj:as"
)
COMPOUND = "Acme:NNP:compound:CEO CEO:NN:compound:Jane_Roe Jane_Roe:NNP:nsubj:left left:VBD:ROOT"
NAMED = "Globex:NNP:nsubj:named named:VBD:ROOT Acme:NNP:dobj:named its:PRP$:poss:provider provider:NN:oprd:named"
WAS_NAMED = "Acme:NNP:nsubjpass:named was:VBD:auxpass:named named:VBN:ROOT provider:NN:oprd:named"
FOUNDER_AND_CEO = (
    "Jane_Roe:NNP:nsubj:left founder:NN:appos:Jane_Roe and:CC:cc:founder CEO:NN:conj:founder of:IN:prep:CEO "
    "Acme:NNP:pobj:of left:VBD:ROOT"
)
WILL_BECOME = "Acme:NNP:nsubj:become will:MD:aux:become become:VB:ROOT its:PRP$:poss:provider provider:NN:attr:become"


@pytest.mark.parametrize(
    ("spec", "noun", "said_of"),
    [
        pytest.param(COPULA, "provider", ["Acme"], id="copula"),
        pytest.param(WILL_BECOME, "provider", ["Acme"], id="will become"),
        pytest.param(APPOSITION, "provider", ["Acme"], id="apposition"),
        pytest.param(APPOSITION_BEFORE, "provider", ["Acme"], id="apposition before the name"),
        pytest.param(SERVES, "provider", ["Acme"], id="serves as"),
        pytest.param(CHOSE_AS, "provider", ["Acme"], id="chose Acme as"),
        pytest.param(COMPOUND, "CEO", ["Jane Roe"], id="Acme CEO Jane Roe"),
        pytest.param(NAMED, "provider", ["Acme"], id="named Acme its provider"),
        pytest.param(WAS_NAMED, "provider", ["Acme"], id="was named provider"),
        pytest.param(FOUNDER_AND_CEO, "founder", ["Jane Roe"], id="founder and CEO: founder"),
        pytest.param(FOUNDER_AND_CEO, "CEO", ["Jane Roe"], id="founder and CEO: CEO"),
        pytest.param(ACTIVE, "Globex", [], id="an object is said of nothing"),
    ],
)
def test_predicands(tree, token_of, spec: str, noun: str, said_of: list[str]) -> None:
    assert [t.text for t in frames.predicands(token_of(tree(spec), noun))] == said_of


@pytest.mark.parametrize(
    ("spec", "noun", "verb"),
    [
        pytest.param(ACTIVE, "Globex", "bought", id="object"),
        pytest.param("Acme:NNP:nsubj:led led:VBD:ROOT in:IN:prep:led round:NN:pobj:in", "round", "led", id="of in"),
        pytest.param(
            "Acme:NNP:nsubj:sold sold:VBD:ROOT chips:NNS:dobj:sold and:CC:cc:chips tools:NNS:conj:chips",
            "tools",
            "sold",
            id="coordinated",
        ),
        pytest.param("Acme:NNP:ROOT chips:NNS:dep:Acme", "chips", None, id="none"),
    ],
)
def test_governor(tree, token_of, spec: str, noun: str, verb: str | None) -> None:
    found = frames.governor(token_of(tree(spec), noun))
    assert (found.text if found is not None else None) == verb


def test_prepositional_gives_the_objects_of_the_named_prepositions_only(tree, token_of) -> None:
    doc = tree(
        "Acme:NNP:nsubj:invested invested:VBD:ROOT in:IN:prep:invested Globex:NNP:pobj:in with:IN:prep:invested "
        "Hooli:NNP:pobj:with"
    )
    verb = token_of(doc, "invested")
    assert [t.text for t in frames.prepositional(verb, frozenset({"in", "into"}))] == ["Globex"]
    assert [t.text for t in frames.prepositional(verb, frozenset({"in", "with"}))] == ["Globex", "Hooli"]
    assert list(frames.prepositional(verb, frozenset({"for"}))) == []


def test_prepositional_follows_a_chain(tree, token_of) -> None:
    doc = tree("Acme:NNP:nsubj:rose rose:VBD:ROOT from:IN:prep:rose within:IN:prep:from Globex:NNP:pobj:within")
    assert [t.text for t in frames.prepositional(token_of(doc, "rose"), frozenset({"from"}))] == ["Globex"]


TAGS = ("NNP", "NN", "VBD", "VBN", "VB", "VBG", "VBZ", "IN", "WDT", "TO", "DT", "JJ", "POS")
LABELS = (
    *("nsubj", "nsubjpass", "auxpass", "aux", "dobj", "pobj", "prep", "agent", "conj", "cc", "acl", "relcl", "advcl"),
    *("xcomp", "ccomp", "pcomp", "attr", "oprd", "appos", "compound", "nmod", "amod", "poss", "det", "dep", "neg"),
)
WORDS = ("Acme", "Globex", "that", "to", "by", "as", "in", "bought", "which", "no", "longer", "provider")


@st.composite
def any_tree(draw: st.DrawFn) -> str:
    """A tree that no grammar made: any labels, heads anywhere, but no circle."""
    size = draw(st.integers(1, 9))
    order = draw(st.permutations(range(size)))
    rows = {order[0]: (draw(st.sampled_from(WORDS)), draw(st.sampled_from(TAGS)), "ROOT", order[0])}
    for place in range(1, size):
        head = order[draw(st.integers(0, place - 1))]
        rows[order[place]] = (
            draw(st.sampled_from(WORDS)),
            draw(st.sampled_from(TAGS)),
            draw(st.sampled_from(LABELS)),
            head,
        )
    return " ".join(":".join(map(str, rows[i])) for i in range(size))


@given(any_tree())
def test_any_tree_is_read_to_an_end(tree, spec: str) -> None:
    doc = tree(spec)
    for token in doc:
        for function in (frames.agents, frames.patients, frames.subject_like, frames.predicands, frames.conjuncts):
            assert all(found.doc is doc for found in function(token))
        governor = frames.governor(token)
        assert governor is None or governor.tag_ in frames.VERBS


@given(any_tree())
def test_who_does_a_passive_is_told_by_its_by_phrase_alone(tree, spec: str) -> None:
    for token in tree(spec):
        if frames.children(token, *frames.PASSIVE):
            by = [obj for child in frames.children(token, "agent") for obj in frames.children(child, "pobj")]
            assert frames.is_passive(token)
            assert frames.agents(token) == by
