"""The last word on the types of names: relations decide first, then what the component hears; sure names never change.

What the component says is set by the test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.nlp import retyping as module
from kg.nlp.component import NO_NAME, Component, Heard, Judged
from kg.nlp.judging import JudgedPassage
from kg.nlp.lexicon import WordForms
from kg.nlp.loading import Pipeline
from kg.nlp.marked import Marked, marked
from kg.nlp.matching import matches
from kg.nlp.names import Name
from kg.nlp.parsed import Annotation, Parsed
from kg.nlp.patterns import Patterns, load_patterns
from kg.nlp.pipeline import annotate
from kg.nlp.retyping import (
    LEAD,
    MOST_MENTIONS,
    NO_NAME_LEAD,
    judged_passages,
    typed_by_component,
    typed_by_slots,
)
from kg.read.readers import document_from_text
from kg.schema import load_schema

KINDS = (*load_schema().types, NO_NAME)
BOTH = ("Company", "Product")
"""The types of a shared name: one that several things in the registry have."""
ENOUGH, ENOUGH_FOR_NONE = LEAD + 0.01, NO_NAME_LEAD + 0.01
SPEC = "{one}:NNP:nsubj:{verb} {verb}:VBD:ROOT {other}:NNP:dobj:{verb}"
BOUGHT, LED, MET = (
    SPEC.format(one="Acme", verb=verb, other=other)
    for verb, other in (("bought", "Globex"), ("led", "Globex"), ("met", "Hooli"))
)
IT = "It:PRP:nsubj:met met:VBD:ROOT Hooli:NNP:dobj:met"
BUY, LEAD_IT = (f"id: {verb}, verb: [{verb}], subject: [agent], object: [patient]" for verb in ("bought", "led"))

MakeParsed = Callable[..., Parsed]
Logarithms = Mapping[str, float]


def unsure(kind: str, surface: str = "Acme", either: tuple[str, ...] = ()) -> Name:
    return Name(0, len(surface), surface, kind, "test", either=either)


def types(parsed: Parsed) -> dict[str, tuple[str, bool]]:
    """The names of a passage with their types and whether those are sure."""
    return {name.surface: (name.type, name.sure) for name in parsed.names.values()}


def meant(parsed: Parsed) -> dict[str, str]:
    """The names that the references of a passage stand for, with their types."""
    return {name.surface: name.type for name in parsed.references.values()}


# By the relations that names take part in.


@pytest.fixture
def load(tmp_path: Path, plain_forms: WordForms) -> Callable[..., Patterns]:
    """One pattern of each relation, given as the inside of a YAML mapping."""

    def load_rows(rows: Mapping[str, str]) -> Patterns:
        for relation, row in rows.items():
            text = f"relation: {relation}\npatterns:\n  - {{{row}}}\n"
            (tmp_path / f"{relation}.yaml").write_text(text, encoding="utf-8")
        return load_patterns(load_schema(), plain_forms, tmp_path)

    return load_rows


@pytest.fixture
def patterns(load: Callable[..., Patterns]) -> Patterns:
    return load({"acquires": BUY, "ceoOf": LEAD_IT})


def annotation_of(*passages: Parsed) -> Annotation:
    return Annotation(document_from_text("doc", "text"), passages)


def by_slots(patterns: Patterns, *passages: Parsed) -> tuple[Parsed, ...]:
    return typed_by_slots(annotation_of(*passages), patterns).parsed


@pytest.mark.parametrize(("spec", "kind"), [(BOUGHT, "Company"), (LED, "Person")])
def test_an_unsure_name_has_the_type_that_its_relation_asks_for(
    parsed_of: MakeParsed, patterns: Patterns, spec: str, kind: str
) -> None:
    (found,) = by_slots(patterns, parsed_of(spec, {"Acme": unsure("Product"), "Globex": "Company"}))
    assert types(found) == {"Acme": (kind, True), "Globex": ("Company", True)}
    assert found.names[0].rule == "test; slot"


def test_a_name_that_has_that_type_already_is_made_sure(parsed_of: MakeParsed, patterns: Patterns) -> None:
    (found,) = by_slots(patterns, parsed_of(BOUGHT, {"Acme": unsure("Company"), "Globex": unsure("Company")}))
    assert types(found) == {"Acme": ("Company", True), "Globex": ("Company", True)}


def test_the_type_holds_wherever_the_name_stands(parsed_of: MakeParsed, patterns: Patterns) -> None:
    acme = unsure("Product")
    _, met, it = by_slots(
        patterns,
        parsed_of(BOUGHT, {"Acme": acme, "Globex": "Company"}),
        parsed_of(MET, {"Acme": acme}),
        parsed_of(IT, references={"It": acme}),
    )
    assert types(met) == {"Acme": ("Company", True)}
    assert meant(it) == {"Acme": "Company"}


@pytest.mark.parametrize(
    ("specs", "found"),
    [
        ([BOUGHT, BOUGHT, LED], ("Company", True)),
        ([LED, BOUGHT, LED], ("Person", True)),
        ([LED, BOUGHT], ("Product", False)),
        ([BOUGHT, LED], ("Product", False)),
        ([MET], ("Product", False)),
        (["Acme:NNP:nsubj:bought bought:VBD:ROOT Oslo:NNP:dobj:bought"], ("Product", False)),  # rejected
    ],
)
def test_the_type_that_most_relations_ask_for_counts_and_a_tie_decides_nothing(
    parsed_of: MakeParsed, patterns: Patterns, specs: Sequence[str], found: tuple[str, bool]
) -> None:
    others = {"Globex": "Company", "Hooli": "Company", "Oslo": "Place"}
    passages = [
        parsed_of(spec, {"Acme": unsure("Product")} | {form: kind for form, kind in others.items() if form in spec})
        for spec in specs
    ]
    assert [types(each)["Acme"] for each in by_slots(patterns, *passages)] == [found] * len(specs)


def test_a_sure_name_keeps_its_type_beside_unsure_mentions(parsed_of: MakeParsed, patterns: Patterns) -> None:
    two = {"Acme": unsure("Product"), "Globex": "Company"}
    bought, met = by_slots(patterns, parsed_of(BOUGHT, two), parsed_of(MET, {"Acme": "Product"}))
    assert types(bought)["Acme"] == ("Company", True)
    assert types(met) == {"Acme": ("Product", True)}


def test_the_relations_of_a_sure_name_do_not_type_an_unsure_one(parsed_of: MakeParsed, patterns: Patterns) -> None:
    sure = parsed_of(BOUGHT, {"Acme": "Company", "Globex": "Company"})
    _, met = by_slots(patterns, sure, parsed_of(MET, {"Acme": unsure("Product")}))
    assert types(met) == {"Acme": ("Product", False)}


@pytest.mark.parametrize(("row", "sure"), [(BUY, True), (f"{BUY}, retype: false", False)])
def test_a_pattern_that_settles_no_types_has_no_say(
    parsed_of: MakeParsed, load: Callable[..., Patterns], row: str, sure: bool
) -> None:
    (found,) = by_slots(load({"acquires": row}), parsed_of(BOUGHT, {"Acme": unsure("Company"), "Globex": "Company"}))
    assert types(found)["Acme"] == ("Company", sure)


def test_a_passage_in_which_no_relation_types_a_name_is_the_same(parsed_of: MakeParsed, patterns: Patterns) -> None:
    bought = parsed_of(BOUGHT, {"Acme": unsure("Product"), "Globex": "Company"})
    met = parsed_of("Umbra:NNP:nsubj:met met:VBD:ROOT", {"Umbra": unsure("Product")})
    again = by_slots(patterns, bought, met)
    assert again[0] is not bought
    assert again[1] is met


@pytest.mark.parametrize(
    ("specs", "found"),
    [
        ([BOUGHT], ("Company", True)),
        ([LED], ("Product", False)),  # no person is called so
        ([BOUGHT, LED], ("Company", True)),  # and so that has no vote
        ([BOUGHT, LED, BOUGHT], ("Company", True)),
        ([LED, BOUGHT, LED], ("Company", True)),
    ],
)
def test_a_shared_name_has_the_type_that_its_relations_ask_for_if_it_is_allowed(
    parsed_of: MakeParsed, patterns: Patterns, specs: Sequence[str], found: tuple[str, bool]
) -> None:
    acme = unsure("Product", either=BOTH)
    again = by_slots(patterns, *(parsed_of(spec, {"Acme": acme, "Globex": "Company"}) for spec in specs))
    assert [types(each)["Acme"] for each in again] == [found] * len(specs)


def test_a_relation_that_a_shared_name_cannot_have_is_not_stated(parsed_of: MakeParsed, patterns: Patterns) -> None:
    led = parsed_of(LED, {"Acme": unsure("Product", either=BOTH), "Globex": "Company"})
    assert [match.subject.type for match in matches(led, patterns) if match.rejected is None] == []


# By what the component says.


def says(**leads: float) -> Logarithms:
    """How much likelier than Company the component finds a type; what is not told is far less likely."""
    return {kind: leads.get(kind, 0.0 if kind == "Company" else -9.0) - 3 for kind in KINDS}


def hearing(passage: Marked, said: Mapping[str, Logarithms]) -> Heard:
    """A passage of whose names (surface forms) the component says so."""
    slots = [(i, slot.name.surface) for i, slot in enumerate(passage.slots) if slot.name is not None]
    return Heard((), {i: said[surface] for i, surface in slots if surface in said})


def by_component(*told: tuple[Parsed, Mapping[str, Logarithms]]) -> tuple[Parsed, ...]:
    """The passages, of whose names the component says so."""
    marks = [marked(parsed) for parsed, _ in told]
    heard = [hearing(passage, said) for passage, (_, said) in zip(marks, told, strict=True)]
    return typed_by_component([parsed for parsed, _ in told], marks, heard)


@pytest.fixture(scope="module")
def met(parsed_of: MakeParsed) -> Parsed:
    """Acme, an unsure company, met Hooli, a sure one."""
    return parsed_of(MET, {"Acme": unsure("Company"), "Hooli": "Company"})


@pytest.fixture(scope="module")
def it(parsed_of: MakeParsed) -> Parsed:
    """A passage whose "It" is Acme, the unsure company."""
    return parsed_of(IT, {"Hooli": "Company"}, references={"It": unsure("Company")})


@pytest.mark.parametrize(
    ("lead", "kind"), [(-5, "Company"), (LEAD - 0.01, "Company"), (ENOUGH, "Product"), (LEAD + 5, "Product")]
)
def test_an_unsure_name_has_another_type_where_that_leads_by_enough(met: Parsed, lead: float, kind: str) -> None:
    (found,) = by_component((met, {"Acme": says(Product=lead)}))
    assert types(found) == {"Acme": (kind, False), "Hooli": ("Company", True)}
    assert found.names[0].rule == ("test" if kind == "Company" else "test; context")


def test_of_several_types_that_lead_the_likeliest_is_taken(met: Parsed) -> None:
    for leads, kind in (({"Product": 3, "Model": 4}, "Model"), ({"Product": 4, "Model": 3}, "Product")):
        (found,) = by_component((met, {"Acme": says(**leads)}))
        assert found.names[0].type == kind


@pytest.mark.parametrize(
    ("of_none", "of_product", "kind"),
    [
        (NO_NAME_LEAD - 0.5, LEAD + 0.2, "Product"),  # no name is likelier, but not by enough
        (NO_NAME_LEAD + 0.5, LEAD + 0.2, NO_NAME),
        (NO_NAME_LEAD + 0.5, NO_NAME_LEAD + 0.6, "Product"),
        (NO_NAME_LEAD - 0.5, LEAD - 0.2, "Company"),
    ],
)
def test_each_type_must_lead_by_as_much_as_is_asked_of_it(
    met: Parsed, of_none: float, of_product: float, kind: str
) -> None:
    (found,) = by_component((met, {"Acme": says(Product=of_product, **{NO_NAME: of_none})}))
    assert types(found).get("Acme", (NO_NAME, False)) == (kind, False)


def test_a_sure_name_keeps_its_type_whatever_the_component_says(met: Parsed) -> None:
    (found,) = by_component((met, {"Hooli": says(Product=9)}))
    assert found is met


@pytest.mark.parametrize("kind", ["Product", NO_NAME])
def test_a_sure_mention_neither_changes_with_the_unsure_ones_nor_speaks_for_them(
    parsed_of: MakeParsed, met: Parsed, kind: str
) -> None:
    sure = parsed_of(MET, {"Acme": "Company", "Hooli": "Company"})
    changed, kept = by_component((met, {"Acme": says(**{kind: 9})}), (sure, {"Acme": says(Place=99)}))
    assert types(changed).get("Acme") == (None if kind == NO_NAME else (kind, False))
    assert kept is sure


@pytest.mark.parametrize(
    ("leads", "kind"),
    [
        ({"Product": 0.01}, "Product"),
        ({"Product": -0.01}, "Company"),
        ({"Product": 0.01, "Model": 9}, "Product"),
        ({"Model": 9}, "Company"),
        ({NO_NAME: 99}, "Company"),
        ({"Product": 9, NO_NAME: 99}, "Product"),
    ],
)
def test_a_shared_name_is_what_is_likeliest_of_what_is_allowed(
    parsed_of: MakeParsed, it: Parsed, leads: Mapping[str, float], kind: str
) -> None:
    shared = unsure("Company", either=BOTH)
    named = parsed_of(MET, {"Acme": shared, "Hooli": "Company"})
    again = by_component((named, {"Acme": says(**leads)}), (replace(it, references={0: shared}), {}))
    assert types(again[0]) == {"Acme": (kind, False), "Hooli": ("Company", True)}
    assert meant(again[1]) == {"Acme": kind}
    assert again[0].names[0].either == BOTH


@given(
    st.lists(st.dictionaries(st.sampled_from(KINDS), st.floats(-20, 20)), min_size=1, max_size=6),
    st.sets(st.sampled_from(load_schema().types), min_size=2).map(sorted),
    st.data(),
)
def test_whatever_is_heard_a_shared_name_stays_one_of_an_allowed_type(
    parsed_of: MakeParsed, said: list[dict[str, float]], either: list[str], data: st.DataObject
) -> None:
    parsed = parsed_of(MET, {"Acme": unsure(data.draw(st.sampled_from(either)), either=tuple(either))})
    again = by_component(*((parsed, {"Acme": says(**leads)}) for leads in said))
    total = {kind: sum(says(**leads)[kind] for leads in said) for kind in either}
    for each in again:
        assert total[each.names[0].type] == pytest.approx(max(total.values()), abs=1e-6)


def test_the_unnamed_chips_of_a_maker_are_chips(parsed_of: MakeParsed) -> None:
    parsed = parsed_of(MET, {"Acme": unsure("Chip"), "Hooli": "Company"})
    of_maker = replace(parsed, names={**parsed.names, 0: replace(parsed.names[0], maker="Globex")})
    said = {"Acme": says(Chip=0, Product=9)}
    assert by_component((of_maker, said)) == (of_maker,)
    assert types(by_component((parsed, said))[0])["Acme"] == ("Product", False)


def test_what_is_heard_of_one_mention_holds_for_all(met: Parsed, it: Parsed) -> None:
    heard, other, reference = by_component((met, {"Acme": says(Product=ENOUGH)}), (met, {}), (it, {}))
    assert types(heard) == types(other) == {"Acme": ("Product", False), "Hooli": ("Company", True)}
    assert meant(reference) == {"Acme": "Product"}


def test_what_is_heard_of_a_reference_is_heard_of_its_name(met: Parsed, it: Parsed) -> None:
    named, reference = by_component((met, {}), (it, {"Acme": says(Product=ENOUGH)}))
    assert types(named)["Acme"] == ("Product", False)
    assert meant(reference) == {"Acme": "Product"}


def test_one_name_is_changed_and_another_is_not(parsed_of: MakeParsed) -> None:
    parsed = parsed_of(MET, {"Acme": unsure("Company"), "Hooli": unsure("Company")})
    (found,) = by_component((parsed, {"Acme": says(Product=ENOUGH), "Hooli": says(Product=LEAD / 2)}))
    assert types(found) == {"Acme": ("Product", False), "Hooli": ("Company", False)}


@pytest.mark.parametrize(
    ("leads", "kind"),
    [
        ([0.6 * LEAD], "Company"),
        ([0.6 * LEAD, 0.6 * LEAD], "Product"),  # together
        ([2 * LEAD, -2 * LEAD], "Company"),  # one against the other
        ([3 * LEAD, -LEAD], "Product"),
    ],
)
def test_the_mentions_of_a_name_speak_together(met: Parsed, leads: Sequence[float], kind: str) -> None:
    found = by_component(*((met, {"Acme": says(Product=lead)}) for lead in leads))
    assert [each.names[0].type for each in found] == [kind] * len(leads)


@given(st.lists(st.floats(-2 * LEAD, 2 * LEAD), min_size=1, max_size=3 * MOST_MENTIONS))
def test_many_mentions_speak_no_louder_than_so_many(met: Parsed, leads: list[float]) -> None:
    together = sum(leads) / len(leads) * min(len(leads), MOST_MENTIONS)
    assume(abs(together - LEAD) > 1e-6)
    found = by_component(*((met, {"Acme": says(Product=lead)}) for lead in leads))
    assert {each.names[0].type for each in found} == {"Product" if together > LEAD else "Company"}


def test_what_is_hardly_no_name_stays_one(met: Parsed, it: Parsed) -> None:
    assert by_component((met, {"Acme": says(**{NO_NAME: NO_NAME_LEAD - 0.01})}), (it, {})) == (met, it)


def test_what_is_no_name_is_none_among_names_and_references(met: Parsed, it: Parsed) -> None:
    name, reference = by_component((met, {"Acme": says(**{NO_NAME: ENOUGH_FOR_NONE})}), (it, {}))
    for found, words in ((name, ("acme", "met", "[Company]")), (reference, ("it", "met", "[Company]"))):
        assert types(found) == {"Hooli": ("Company", True)}
        assert found.references == {}
        assert marked(found).words == words


def test_a_passage_without_a_changed_name_is_the_same(parsed_of: MakeParsed, met: Parsed) -> None:
    other = parsed_of("Umbra:NNP:nsubj:met met:VBD:ROOT", {"Umbra": unsure("Company")})
    again = by_component((met, {"Acme": says(Product=9)}), (other, {"Umbra": says(Product=LEAD / 2)}))
    assert again[0] is not met
    assert again[1] is other
    unheard = by_component((met, {}), (other, {}))
    assert unheard[0] is met
    assert unheard[1] is other


# The makers of things, and their unnamed chips.

WIDGET = "Acme:NNP:nsubj:sells sells:VBD:ROOT Acme_Widget:NNP:dobj:sells"
ALONE = "Acme_Widget:NNP:nsubj:fell fell:VBD:ROOT"
CHIPS = "Acme_chips:NNS:nsubj:met met:VBD:ROOT Hooli:NNP:dobj:met"


def makers(parsed: Parsed) -> dict[str, list[tuple[str, str, bool]]]:
    """For each thing, the makers with which its name begins: surface form, type and whether that is sure."""
    return {thing: [(each.surface, each.type, each.sure) for each in found] for thing, found in parsed.makers.items()}


@pytest.fixture(scope="module")
def sells(parsed_of: MakeParsed) -> Parsed:
    """Acme, an unsure company, sells Acme Widget."""
    acme = unsure("Company")
    return parsed_of(WIDGET, {"Acme": acme, "Acme Widget": "Product"}, makers={"Acme Widget": (acme,)})


@pytest.mark.parametrize("kind", ["Product", "Person", NO_NAME])
def test_what_is_no_company_makes_nothing(sells: Parsed, kind: str) -> None:
    (found,) = by_component((sells, {"Acme": says(**{kind: 9})}))
    assert makers(found) == {}
    assert types(found)["Acme Widget"] == ("Product", True)


def test_of_several_makers_those_that_are_companies_stay(sells: Parsed) -> None:
    both = replace(sells, makers={"Acme Widget": (*sells.makers["Acme Widget"], unsure("Company", "Zeta"))})
    (found,) = by_component((both, {"Acme": says(Product=9)}))
    assert makers(found) == {"Acme Widget": [("Zeta", "Company", False)]}


def test_a_maker_whose_type_does_not_change_makes_what_it_made(sells: Parsed, parsed_of: MakeParsed) -> None:
    assert by_component((sells, {"Acme": says(Product=LEAD / 2)}))[0] is sells
    umbra = parsed_of(f"{WIDGET} // Umbra:NNP:ROOT", {"Acme": unsure("Company"), "Umbra": unsure("Company")})
    (found,) = by_component((replace(umbra, makers=sells.makers), {"Umbra": says(Product=9)}))
    assert types(found)["Umbra"] == ("Product", False)
    assert found.makers == sells.makers


@pytest.mark.parametrize(
    ("verb", "found"),
    [("bought", {"Acme Widget": [("Acme", "Company", True)]}), ("led", {})],
    ids=["company", "person"],
)
def test_a_maker_has_the_type_that_its_relations_ask_for(
    parsed_of: MakeParsed, patterns: Patterns, sells: Parsed, verb: str, found: dict[str, list[tuple[str, str, bool]]]
) -> None:
    spec = SPEC.format(one="Acme", verb=verb, other="Globex")
    parsed = parsed_of(spec, {"Acme": unsure("Company"), "Globex": "Company"}, makers=sells.makers)
    assert makers(by_slots(patterns, parsed)[0]) == found


def test_what_is_no_company_makes_nothing_in_other_passages(parsed_of: MakeParsed, sells: Parsed, met: Parsed) -> None:
    alone = parsed_of(ALONE, {"Acme Widget": "Product"}, makers=sells.makers)
    _, found = by_component((met, {"Acme": says(Product=9)}), (alone, {}))
    assert makers(found) == {}


def chips(maker: str = "Acme") -> Name:
    return Name(0, 10, "Acme chips", "Chip", "test", sure=True, maker=maker)


@pytest.mark.parametrize("kind", ["Product", "Person", NO_NAME])
def test_what_is_no_company_has_no_unnamed_chips(parsed_of: MakeParsed, met: Parsed, kind: str) -> None:
    """Wherever they stand, by name or by reference."""
    named = parsed_of(CHIPS, {"Acme chips": chips(), "Hooli": "Company"})
    meaning = parsed_of(IT, {"Hooli": "Company"}, references={"It": chips()})
    other = parsed_of(CHIPS, {"Acme chips": chips("Globex"), "Hooli": "Company"})
    _, *found = by_component((met, {"Acme": says(**{kind: 9})}), (named, {}), (meaning, {}), (other, {}))
    assert [types(each) for each in found[:2]] == [{"Hooli": ("Company", True)}] * 2
    assert found[1].references == {}
    assert found[2] is other


@pytest.mark.parametrize(("before", "lead"), [("Company", LEAD / 2), ("Product", -9)])
def test_the_unnamed_chips_of_a_company_stay(parsed_of: MakeParsed, before: str, lead: float) -> None:
    """Of one that was one, and of one that is heard to be one."""
    acme = parsed_of(MET, {"Acme": unsure(before), "Hooli": "Company"})
    named = parsed_of(CHIPS, {"Acme chips": chips(), "Hooli": "Company"})
    found, kept = by_component((acme, {"Acme": says(Product=lead)}), (named, {}))
    assert types(found)["Acme"] == ("Company", False)
    assert kept is named


def test_what_is_a_person_by_its_relations_has_no_unnamed_chips(parsed_of: MakeParsed, patterns: Patterns) -> None:
    led = parsed_of(LED, {"Acme": unsure("Company"), "Globex": "Company"})
    named = parsed_of(CHIPS, {"Acme chips": chips(), "Hooli": "Company"})
    _, found = by_slots(patterns, led, named)
    assert types(found) == {"Hooli": ("Company", True)}


NAMES = st.lists(st.tuples(st.sampled_from(("Acme", "Umbra", "Zeta")), st.booleans(), st.booleans()), max_size=6)
SAID = st.dictionaries(st.sampled_from(KINDS), st.floats(-20, 20)).map(lambda leads: says(**leads))


@given(st.lists(st.tuples(NAMES, st.lists(SAID, min_size=6, max_size=6)), max_size=4))
def test_whatever_is_heard_only_unsure_names_change_and_each_has_one_type(
    parsed_of: MakeParsed, told: list[tuple[list[tuple[str, bool, bool]], list[Logarithms]]]
) -> None:
    passages, heard = [], []
    for names, said in told:
        spec = " ".join(f"W{i}:NN:{'ROOT' if i == 0 else 'dep:0'}" for i in range(len(names) + 1))
        parsed = parsed_of(spec)
        found = {i: Name(i, i + 1, form, "Company", "test", sure=sure) for i, (form, sure, _) in enumerate(names)}
        named = {i: name for i, name in found.items() if names[i][2]}
        refers = {i: name for i, name in found.items() if not names[i][2]}
        passages.append(replace(parsed, names=named, references=refers))
        heard.append(Heard((), dict(enumerate(said[: len(names)]))))
    again = typed_by_component(passages, [marked(parsed) for parsed in passages], heard)
    typed: dict[str, set[str]] = {}
    for before, after in zip(passages, again, strict=True):
        for old, new in ((before.names, after.names), (before.references, after.references)):
            assert {i: name for i, name in old.items() if name.sure} == {i: n for i, n in new.items() if n.sure}
            for i, name in old.items():
                kind = new[i].type if i in new else NO_NAME
                assert i not in new or replace(name, type=kind, rule=new[i].rule) == new[i]
                if not name.sure:
                    typed.setdefault(name.surface, set()).add(kind)
    assert all(len(kinds) == 1 for kinds in typed.values())


# What is asked, and asked again.


class Ear:
    """A stand-in for `judge`: of names it says so, each time else; the status of its answers is how often it spoke."""

    def __init__(self, *said: Mapping[str, Logarithms]) -> None:
        self.said = said
        self.asked: list[list[Marked]] = []

    def judge(self, passages: Sequence[Marked], component: Component, store: object = None) -> list[Heard]:
        said = self.said[len(self.asked)]
        self.asked.append(list(passages))
        pairs = (Judged(0, 1, {"sues": len(self.asked) / 10}, f"asked {len(self.asked)}"),)
        return [replace(hearing(each, said), pairs=pairs if len(each.slots) > 1 else ()) for each in passages]


Judging = Callable[..., tuple[list[JudgedPassage], list[list[Marked]]]]


@pytest.fixture
def read(pipeline: Pipeline, patterns: Patterns, monkeypatch: pytest.MonkeyPatch) -> Judging:
    """The passages as they are judged where the component says so of names, and what it was asked each time.

    `then`: what it says of them when it is asked again.
    """

    def found(
        said: Mapping[str, Logarithms], *passages: Parsed, then: Mapping[str, Logarithms] | None = None
    ) -> tuple[list[JudgedPassage], list[list[Marked]]]:
        ear = Ear(said, then or {})
        monkeypatch.setattr(module, "judge", ear.judge)
        return judged_passages(annotation_of(*passages), replace(pipeline, patterns=patterns)), ear.asked

    return found


def statuses(found: Sequence[JudgedPassage]) -> list[str]:
    return [each.status for passage in found for each in passage.pairs]


def test_where_no_name_changes_the_first_answer_is_taken(read: Judging, met: Parsed, it: Parsed) -> None:
    found, (first, *again) = read({"Acme": says(Product=LEAD / 3)}, met, it)
    assert [(each.parsed, each.marked) for each in found] == [(met, marked(met)), (it, marked(it))]
    assert statuses(found) == ["asked 1"] * 2
    assert first == [marked(met), marked(it)]
    assert not any(again)


def test_only_passages_with_changed_names_are_asked_about_again(
    read: Judging, parsed_of: MakeParsed, met: Parsed, it: Parsed
) -> None:
    other = parsed_of(
        SPEC.format(one="Umbra", verb="met", other="Zeta"), {"Umbra": unsure("Company"), "Zeta": "Person"}
    )
    found, (first, *again) = read({"Acme": says(Product=ENOUGH)}, other, met, other, it)
    assert [passage.words for passage in first] == [marked(each).words for each in (other, met, other, it)]
    assert [[passage.words for passage in passages] for passages in again] == [
        [("[Product]", "met", "[Company]"), ("[Product]", "it", "met", "[Company]")]
    ]
    assert statuses(found) == ["asked 1", "asked 2", "asked 1", "asked 2"]
    assert [each.marked for each in found] == [marked(each.parsed) for each in found]
    assert [types(each.parsed) for each in found[1:3]] == [
        {"Acme": ("Product", False), "Hooli": ("Company", True)},
        {"Umbra": ("Company", False), "Zeta": ("Person", True)},
    ]
    assert meant(found[3].parsed) == {"Acme": "Product"}


def test_what_is_no_name_is_asked_about_without_it(read: Judging, met: Parsed) -> None:
    (found,), (_, again) = read({"Acme": says(**{NO_NAME: ENOUGH_FOR_NONE})}, met)
    assert types(found.parsed) == {"Hooli": ("Company", True)}
    assert again == [found.marked]
    assert found.marked.words == ("acme", "met", "[Company]")


def test_of_the_second_answer_only_the_pairs_count(read: Judging, met: Parsed) -> None:
    """A name may be heard otherwise where its mark is another; to follow that might never end."""
    found, asked = read({"Acme": says(Product=9)}, met, then={"Acme": says(Model=99)})
    assert types(found[0].parsed)["Acme"] == ("Product", False)
    assert statuses(found) == ["asked 2"]
    assert len(asked) == 2


def test_a_type_that_a_relation_settled_is_heard_of_no_more(read: Judging, parsed_of: MakeParsed) -> None:
    bought = parsed_of(BOUGHT, {"Acme": unsure("Product"), "Globex": "Company"})
    (found,), (first, *again) = read({"Acme": says(Model=9)}, bought)
    assert types(found.parsed) == {"Acme": ("Company", True), "Globex": ("Company", True)}
    assert [passage.words for passage in first] == [("[Company]", "bought", "[Company]")]
    assert not any(again)


def test_of_the_other_passages_the_last_answers_are_told(read: Judging, parsed_of: MakeParsed, met: Parsed) -> None:
    sure = parsed_of(MET, {"Acme": "Company", "Hooli": "Company"})
    found, _ = read({"Acme": says(Product=9)}, met, sure)
    assert statuses(found) == ["asked 2", "asked 1"]
    assert [list(each.elsewhere.values()) for each in found] == [[0.1], [0.2]]


@pytest.fixture
def of_github(read: Judging, recognising: Callable[[Mapping[str, str]], Pipeline]) -> Callable[..., tuple[str, bool]]:
    """Type and sureness of "GitHub" in a text where the recogniser sees these names and the component hears that lead.

    The component also hears that it may be a person or no name.
    """

    def found(text: str, seen: Mapping[str, str], lead: float) -> tuple[str, bool]:
        parsed = annotate(document_from_text("doc", text), recognising({"Hooli": "Company", **seen})).parsed
        ((again,), _) = read({"GitHub": says(Product=lead, Person=20, **{NO_NAME: 30})}, *parsed)
        return types(again.parsed)["GitHub"]

    return found


@pytest.mark.parametrize(
    ("text", "seen", "lead", "found"),
    [
        ("GitHub met Hooli.", {}, 0.1, ("Product", False)),
        ("GitHub met Hooli.", {}, -0.1, ("Company", False)),
        ("GitHub met Hooli.", {"GitHub": "Product"}, 0.1, ("Product", False)),
        ("GitHub met Hooli.", {"GitHub": "Product"}, -0.1, ("Company", False)),  # the component has the last word
        ("GitHub bought Hooli.", {}, 9, ("Company", True)),  # but for relations
        ("The startup GitHub met Hooli.", {}, 9, ("Company", True)),  # and for the words beside a name
        ("The chatbot GitHub met Hooli.", {}, -9, ("Product", True)),
    ],
)
def test_the_context_says_which_thing_of_the_registry_a_shared_name_means(
    of_github: Callable[..., tuple[str, bool]], text: str, seen: Mapping[str, str], lead: float, found: tuple[str, bool]
) -> None:
    assert of_github(text, seen, lead) == found


def test_a_document_without_passages_is_none(read: Judging) -> None:
    assert read({})[0] == []
