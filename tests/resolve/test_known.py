"""A name is looked up in the registry as it stands, in another way of writing it, and with a slip; never by a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolve.known import MAKER_FIRST, Known, find, find_slip, known_names
from kg.resolve.registry import Entry, Registry, fold
from kg.resolve.variants import load_variants

ENTRIES = (
    Entry("acmelo", "Acmelo", "Company", aliases=("Acme Labs",), former=("Elm Works",), kind="lab", parent="oak"),
    Entry("oak", "Oak Holdings Trust", "Company", aliases=("Oak",), kind="conglomerate", parent="root"),
    Entry("root", "Root Trust", "Company"),
    Entry("zorbu", "Zorbu", "Company", kind="robotics", parent="acmelo"),
    Entry("pine", "Pine Capital", "Company", aliases=("Pine",), kind="venture-capital"),
    Entry("bare", "Bare", "Company"),
    Entry("dyne-inc", "Dyne, Inc.", "Company"),
    Entry("zeta-1", "Zeta-1", "Model", kind="model", maker="acmelo"),
    Entry("zeta-2", "Zeta-2", "Model", kind="model", maker="zorbu"),
    Entry("stray", "Stray-7", "Model", kind="model"),
    Entry("z300", "Z300", "Chip", maker="zorbu"),
    Entry("robert-tarn", "Robert Tarn", "Person"),
    Entry("mira-okonjo", "Mira T. Okonjo", "Person"),
    Entry("ada-quill", "Ada Quill", "Person", aliases=("Ada B. Quill",)),
    Entry("kim-lee", "Kim Lee", "Person"),
    Entry("lee-kim", "Lee Kim", "Person"),
    Entry("ministry", "Ministry of Defence", "Government"),
    Entry("centre", "Zorbu Centre", "Institution", aliases=("Acmelo Institute",)),
    Entry("hive", "Hive", "Company", shares=("hive-app",)),
    Entry("hive-app", "Hive", "Product", maker="hive", shares=("hive",)),
    Entry("avon-east", "Avon", "Company", aliases=("Avon East",), shares=("avon-west",)),
    Entry("avon-west", "Avon", "Company", aliases=("Avon West",), shares=("avon-east",)),
    Entry("mardolex", "Mardolex", "Company"),
    Entry("mardulex", "Mardulex", "Company"),
    Entry("brownfox", "Brownfoxes Machines", "Company", aliases=("Brownfoxes",)),
    Entry("tessolare", "Tessolare", "Model", kind="model"),
    Entry("gamma-10", "Gammarath-10", "Model", kind="model"),
)


def registry(*entries: Entry) -> Registry:
    forms = {fold(form) for entry in entries for form in entry.surface_forms}
    return Registry(
        {entry.id: entry for entry in entries},
        {form: tuple(entry.id for entry in entries if form in map(fold, entry.surface_forms)) for form in forms},
    )


REGISTRY = registry(*ENTRIES)
KNOWN = known_names(REGISTRY)


def found_in(known: Known, name: str, kind: str) -> tuple[str, str] | None:
    found = find(name, kind, known)
    return (found.entry.id, found.rule) if found is not None else None


@pytest.mark.parametrize(
    ("name", "kind", "entity", "rule"),
    [
        ("Acmelo", "Company", "acmelo", "registry, folded"),
        ("ACMELO’s", "Company", "acmelo", "registry, folded"),
        ("acme-labs", "Company", "acmelo", "registry, folded"),
        ("Elm Works", "Company", "acmelo", "registry, folded"),
        ("Mira T. Okonjo", "Person", "mira-okonjo", "registry, folded"),
        ("Dr. Mira T. Okonjo", "Person", "mira-okonjo", "title"),
        ("Mira T. Okonjo, PhD", "Person", "mira-okonjo", "title"),
        ("Hive", "Company", "hive", "registry, folded"),
        ("Hive", "Product", "hive-app", "registry, folded"),
        ("Acmelo, Inc.", "Company", "acmelo", "legal form"),
        ("the Acmelo Group", "Company", "acmelo", "legal form"),
        ("Hive Ltd.", "Company", "hive", "legal form"),
        ("Dyne", "Company", "dyne-inc", "legal form"),
        ("Dyne Incorporated", "Company", "dyne-inc", "legal form"),
        ("Acmelo.com", "Company", "acmelo", "domain"),
        ("Dr. Robert Tarn", "Person", "robert-tarn", "title"),
        ("Robert Tarn, Jr.", "Person", "robert-tarn", "title"),
        ("Robert J. Tarn", "Person", "robert-tarn", "middle initial"),
        ("Sen. Robert J. Tarn", "Person", "robert-tarn", "middle initial"),
        ("Ada C. Quill", "Person", "ada-quill", "middle initial"),
        ("Bob Tarn", "Person", "robert-tarn", "nickname"),
        ("Gov. Bob J. Tarn", "Person", "robert-tarn", "nickname"),
        ("Tarn Robert", "Person", "robert-tarn", "order of names"),
        ("Zeta-1 models", "Model", "zeta-1", "class noun"),
        ("Z300 GPUs", "Chip", "z300", "class noun"),
        ("Zorbu Center", "Institution", "centre", "spelling"),
        ("Ministry of Defense", "Government", "ministry", "spelling"),
        ("Defense Ministry", "Government", "ministry", "order of words"),
    ],
)
def test_a_name_is_found_as_it_stands_or_in_another_way_of_writing_it(
    name: str, kind: str, entity: str, rule: str
) -> None:
    assert found_in(KNOWN, name, kind) == (entity, rule)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Zorba", "Company"),
        ("Nobody", "Person"),
        ("Tarn", "Person"),
        ("Robert", "Person"),
        ("R. Tarn", "Person"),
        ("Robert Tess Tarn", "Person"),
        ("Zeta-1 GPUs", "Model"),
        ("Zeta", "Model"),
        ("Zeta-1 Pro", "Model"),
        ("Acmelo Machines", "Company"),
        ("Institute Acmelo", "Institution"),
        ("Ministry of Labour", "Government"),
        ("Acmelo", "Nothing"),
    ],
)
def test_other_names_are_nobodys(name: str, kind: str) -> None:
    assert find(name, kind, KNOWN) is None


@pytest.mark.parametrize("name", ["Mira Okonjo", "Dr. Mira Okonjo", "Okonjo Mira", "Mira R. Okonjo"])
def test_an_initial_that_only_the_registry_has_is_not_left_out(name: str) -> None:
    assert find(name, "Person", KNOWN) is None


def test_a_hyphen_in_a_name_does_not_count_behind_a_title() -> None:
    known = known_names(registry(Entry("kai-fu", "Kai-Fu Okonjo", "Person")))
    assert found_in(known, "Kai Fu Okonjo", "Person") == ("kai-fu", "registry, folded")
    assert found_in(known, "Dr. Kai Fu Okonjo", "Person") == ("kai-fu", "title")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Acmelo", "Model"),
        ("ACMELO", "Person"),
        ("Acmelo Inc.", "Product"),
        ("Acmelo Institute", "Company"),
        ("Robert Tarn", "Company"),
        ("Zeta-1", "Product"),
        ("Hive", "Model"),
    ],
)
def test_a_known_name_of_another_type_is_nobody_elses(name: str, kind: str) -> None:
    assert find(name, kind, KNOWN) is None


def test_a_known_name_is_nobody_elses_though_it_would_be_another_way_of_writing_one() -> None:
    model, company = Entry("zeta", "Zeta", "Model"), Entry("zeta-model", "Zeta Model", "Company")
    assert found_in(known_names(registry(model)), "Zeta Model", "Model") == ("zeta", "class noun")
    assert found_in(known_names(registry(model, company)), "Zeta Model", "Model") is None
    another = Entry("zeta-models", "Zeta Model", "Company")
    assert found_in(known_names(registry(model, company, another)), "Zeta Model", "Model") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Avon", "Company"), ("Avon Inc.", "Company"), ("Avon AI", "Company"), ("Dr. Kim Lee", "Person")],
)
def test_a_name_of_several_entries_is_nobodys(name: str, kind: str) -> None:
    assert find(name, kind, KNOWN) is None


def test_a_name_of_several_entries_is_not_taken_for_another_one_without_ai() -> None:
    entries = [Entry("elm-inc", "Elm AI Inc.", "Company"), Entry("elm-gmbh", "Elm AI GmbH", "Company")]
    known = known_names(registry(Entry("elm", "Elm", "Company", kind="lab"), *entries))
    assert found_in(known, "Elm AI", "Company") is None


def test_a_name_of_several_entries_is_that_of_one_of_them_if_it_stands_there() -> None:
    assert found_in(KNOWN, "Kim Lee", "Person") == ("kim-lee", "registry, folded")
    assert found_in(KNOWN, "Lee-Kim", "Person") == ("lee-kim", "registry, folded")


def test_another_legal_form_than_that_of_the_entry_is_another_company() -> None:
    assert find("Dyne AG", "Company", KNOWN) is None


@pytest.mark.parametrize(
    ("name", "kind", "entity"),
    [
        ("Acmelo Zeta-1", "Model", "zeta-1"),
        ("Acmelo’s Zeta-1", "Model", "zeta-1"),
        ("Acmelo's Zeta 1", "Model", "zeta-1"),
        ("the Acmelo Zeta-1", "Model", "zeta-1"),
        ("Acme Labs Zeta-1", "Model", "zeta-1"),
        ("Elm Works Zeta-1", "Model", "zeta-1"),
        ("Acmelo Inc. Zeta-1", "Model", "zeta-1"),
        ("Acmelo Zeta-1 models", "Model", "zeta-1"),
        ("Oak Zeta-1", "Model", "zeta-1"),
        ("Root Trust Zeta-1", "Model", "zeta-1"),
        ("Zorbu Z300 GPUs", "Chip", "z300"),
        ("Acmelo Z300", "Chip", "z300"),
        ("Root Trust Zeta-2", "Model", "zeta-2"),
        ("Hive Hive", "Product", "hive-app"),
    ],
)
def test_a_thing_may_have_the_name_of_its_maker_before_it_or_of_the_makers_parents(
    name: str, kind: str, entity: str
) -> None:
    assert found_in(KNOWN, name, kind) == (entity, MAKER_FIRST)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Pine Zeta-1", "Model"),
        ("Zorbu Zeta-1", "Model"),
        ("Bare Zeta-2", "Model"),
        ("Acmelo Stray-7", "Model"),
        ("Nobody Zeta-1", "Model"),
        ("Zeta-1 Acmelo", "Model"),
        ("Acmelo big Zeta-1", "Model"),
        ("Acmelo Zeta-1", "Chip"),
        ("Acmelo Robert Tarn", "Person"),
        ("Acmelo Zorbu", "Company"),
        ("Robert Tarn Zeta-1", "Model"),
        ("Avon Zeta-1", "Model"),
    ],
)
def test_no_other_name_may_stand_before_a_thing(name: str, kind: str) -> None:
    assert find(name, kind, KNOWN) is None


@pytest.mark.parametrize(
    ("name", "entity"),
    [("Zorbu AI", "zorbu"), ("ZORBU A.I.", "zorbu"), ("Zorbu AI, Inc.", "zorbu"), ("Acme Labs AI", "acmelo")],
)
def test_a_young_company_may_have_ai_added_to_its_name(name: str, entity: str) -> None:
    assert found_in(KNOWN, name, "Company") == (entity, "word left out")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Oak AI", "Company"),
        ("Pine AI", "Company"),
        ("Bare AI", "Company"),
        ("AI", "Company"),
        ("AI Zorbu", "Company"),
        ("Zorbu Labs", "Company"),
        ("Nobody AI", "Company"),
        ("Zorbu AI", "Product"),
        ("Zeta-1 AI", "Model"),
        ("Zeta-1 AI", "Company"),
    ],
)
def test_no_other_name_may_have_ai_added_to_it(name: str, kind: str) -> None:
    assert find(name, kind, KNOWN) is None


@pytest.mark.parametrize("kind", ["lab", "robotics", "consumer", "startup", "chip-designer", "venture-capital", None])
def test_only_companies_of_the_kinds_in_the_file_may_have_ai_added(kind: str | None) -> None:
    known = known_names(registry(Entry("elm", "Elm", "Company", kind=kind)))
    expected = ("elm", "word left out") if kind in load_variants().left_out_by else None
    assert found_in(known, "Elm AI", "Company") == expected


def test_a_company_that_has_ai_in_its_own_name_is_found_by_that_first() -> None:
    entries = (Entry("elm", "Elm", "Company", kind="lab"), Entry("elm-ai", "Elm AI", "Company", kind="lab"))
    known = known_names(registry(*entries))
    assert found_in(known, "Elm AI", "Company") == ("elm-ai", "registry, folded")
    assert found_in(known, "Elm", "Company") == ("elm", "registry, folded")
    assert found_in(known_names(registry(entries[1])), "Elm", "Company") is None


@pytest.mark.parametrize("kind", ["Company", "Person", "Model", "Product", "Government", "Nothing"])
@pytest.mark.parametrize("name", ["", " ", ".", "--", "™"])
def test_what_is_no_name_is_nobodys(name: str, kind: str) -> None:
    assert find(name, kind, KNOWN) is None
    assert find_slip(name, kind, KNOWN) is None


NAMES = st.lists(
    st.sampled_from(sorted({word for entry in ENTRIES for form in entry.surface_forms for word in form.split()})),
    min_size=1, max_size=4,
).map(" ".join)  # fmt: skip


@given(name=NAMES, kind=st.sampled_from(["Company", "Model", "Person", "Product", "Chip", "Government"]))
def test_what_is_found_is_of_the_type_asked_for_and_known_names_stay_their_own(name: str, kind: str) -> None:
    found = find(name, kind, KNOWN)
    ids = REGISTRY.forms.get(fold(name), ())
    own = [id_ for id_ in ids if REGISTRY.entries[id_].type == kind]
    if found is not None:
        assert found.entry.type == kind
    if ids:
        expected = (own[0], "registry, folded") if len(own) == 1 else None
        assert found_in(KNOWN, name, kind) == expected


@given(name=NAMES, kind=st.sampled_from(["Company", "Model", "Person", "Chip"]))
def test_case_and_blanks_do_not_count(name: str, kind: str) -> None:
    assert found_in(KNOWN, f" {name.upper()} ", kind) == found_in(KNOWN, name, kind)


def test_every_form_of_an_entry_is_found_by_its_type() -> None:
    for entry in ENTRIES:
        for form in entry.surface_forms:
            assert found_in(KNOWN, form, entry.type) == (None if form == "Avon" else (entry.id, "registry, folded"))


def test_the_look_up_is_made_once_for_a_registry() -> None:
    assert known_names(REGISTRY) is known_names(REGISTRY)
    assert known_names(registry(*ENTRIES)) is not known_names(REGISTRY)
    assert known_names(Registry()).loose == {}


@pytest.mark.parametrize(
    ("name", "kind", "entity"),
    [
        ("Amcelo", "Company", "acmelo"),
        ("Acmeol", "Company", "acmelo"),
        ("Robret Tarn", "Person", "robert-tarn"),
        ("Robbert Tarn", "Person", "robert-tarn"),
        ("Mira T. Okonjjo", "Person", "mira-okonjo"),
        ("Ministry of Defnece", "Government", "ministry"),
        ("Ministrry of Defence", "Government", "ministry"),
        ("Brownfoxess", "Company", "brownfox"),
        ("Brownfixes", "Company", "brownfox"),
        ("Brownfoxs", "Company", "brownfox"),
        ("Brownfoxxes Machines", "Company", "brownfox"),
        ("TESOLARE", "Model", "tessolare"),
    ],
)
def test_usual_slips_of_known_names(name: str, kind: str, entity: str) -> None:
    found = find_slip(name, kind, KNOWN)
    assert found is not None
    assert (found.entry.id, found.rule) == (entity, "misspelling of a known name")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Tessolares", "Model"),
        ("Brownfoxe", "Company"),
        ("Brownfoxed", "Company"),
        ("Brownfoxes Machine", "Company"),
        ("Zobru", "Company"),
        ("Acmilo", "Company"),
        ("Cameo", "Company"),
        ("Caemlo", "Company"),
        ("Robert Tern", "Person"),
        ("Robert Tanr", "Person"),
        ("Gamarath-10", "Model"),
        ("Rabert Tarn", "Person"),
        ("Brownfixed Machines", "Company"),
        ("Brownfixas Machines", "Company"),
        ("Brownfoxes Machinery", "Company"),
        ("Zeta-3", "Model"),
        ("Zeta-11", "Model"),
        ("Gammarath-11", "Model"),
        ("Amcelo", "Model"),
        ("Amcelo", "Nothing"),
        ("Nobody at all", "Person"),
        ("", "Company"),
    ],
)
def test_other_differences_are_no_slips(name: str, kind: str) -> None:
    assert find_slip(name, kind, KNOWN) is None


def test_a_slip_of_several_entries_is_of_none() -> None:
    assert find_slip("Mardilex", "Company", KNOWN) is None
    alone = known_names(registry(*(entry for entry in ENTRIES if entry.id != "mardulex")))
    found = find_slip("Mardilex", "Company", alone)
    assert found is not None
    assert found.entry.id == "mardolex"


def test_a_slip_of_several_forms_of_one_entry_is_of_that_entry() -> None:
    known = known_names(registry(Entry("elm", "Zorbudyne", "Company", aliases=("Zorbadyne",))))
    found = find_slip("Zorbidyne", "Company", known)
    assert found is not None
    assert found.entry.id == "elm"


def test_of_entries_that_share_a_name_the_slip_is_of_the_one_of_its_type() -> None:
    entries = (Entry("hives", "Hivestrom", "Company"), Entry("hives-app", "Hivestrom", "Product"))
    known = known_names(registry(*entries))
    found = [find_slip("Hivsetrom", kind, known) for kind in ("Company", "Product", "Model")]
    assert [each.entry.id if each else None for each in found] == ["hives", "hives-app", None]
