"""The pattern files: mistakes are named with file, line and hint, and the shipped files hold together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from kg.data import data_path
from kg.errors import DataError
from kg.nlp.lexicon import load_lexicon
from kg.nlp.loading import Pipeline
from kg.nlp.patterns import KEYS, SLOTS, STEPS, Pattern, Patterns, Step, load_patterns
from kg.nlp.tokens import pieces
from kg.schema import load_schema

Write = Callable[[str, str], Path]

GOOD = """relation: acquires
patterns:
  - id: buy
    verb: [acquire, launch]
    subject: [agent]
    object: [patient, "patient > prep:of|from"]
    amount: [near]
"""


def load(path: Path, forms) -> Patterns:
    return load_patterns(load_schema(), forms, path.parent)


def test_a_row_becomes_a_pattern(write: Write, plain_forms) -> None:
    (pattern,) = load(write("acquires.yaml", GOOD), plain_forms)
    assert pattern.id == "acquires.buy"
    assert pattern.relation.name == "acquires"
    assert pattern.pos == "V"
    assert {"acquire", "acquires", "acquired", "acquiring", "launch"} <= pattern.triggers
    assert pattern.subject == ((Step("agent"),),)
    assert pattern.object == ((Step("patient"),), (Step("patient"), Step("prep", frozenset({"of", "from"}))))
    assert pattern.amount == ((Step("near"),),)


def test_a_tree_pattern_is_found_by_each_form_of_its_trigger(write: Write, plain_forms) -> None:
    patterns = load(write("acquires.yaml", GOOD), plain_forms)
    assert [p.id for p in patterns.by_trigger["acquiring"]] == ["acquires.buy"]
    assert patterns.by_tokens == ()


def test_a_noun_has_singular_and_plural_and_a_word_stays_as_it_is(write: Write, plain_forms) -> None:
    text = """relation: acquires
patterns:
  - {id: n, noun: takeover, subject: [poss], object: ["prep:of"]}
  - {id: w, word: worth, subject: [poss], object: ["prep:of"]}
"""
    noun, word = load(write("acquires.yaml", text), plain_forms)
    assert (noun.pos, noun.triggers) == ("N", {"takeover", "takeovers"})
    assert (word.pos, word.triggers) == ("", {"worth"})


def test_a_token_pattern_has_items_with_alternatives(write: Write, plain_forms) -> None:
    text = 'relation: acquires\npatterns:\n  - {id: t, tokens: "subject buys|acquires * object"}\n'
    patterns = load(write("acquires.yaml", text), plain_forms)
    (pattern,) = patterns.by_tokens
    assert pattern.tokens == ({"subject"}, {"buys", "acquires"}, {"*"}, {"object"})
    assert patterns.by_trigger == {}


def test_the_governor_step_and_condition_take_verbs_in_every_form(write: Write, plain_forms) -> None:
    text = """relation: acquires
patterns:
  - {id: n, noun: takeover, governor: [launch], subject: ["governor:launch > agent"], object: ["prep:of"]}
"""
    (pattern,) = load(write("acquires.yaml", text), plain_forms)
    assert pattern.governors == {"launch", "launches", "launched", "launching"}
    assert pattern.subject[0][0] == Step("governor", pattern.governors)


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param(edited("    amount:", "    amuont:"), 7, ["amuont", "did you mean 'amount'?"], id="unknown key"),
        pytest.param(edited("[agent]", "[agnet]"), 5, ["unknown step 'agnet'", "agent", "patient"], id="unknown step"),
        pytest.param(edited("prep:of|from", "pobj:of"), 6, ["unknown step 'pobj'", "prep"], id="unknown later step"),
        pytest.param(edited("acquires", "aquires"), 1, ["aquires", "aiind.ttl"], id="unknown relation"),
        pytest.param(edited("acquires", "develops"), 1, ["develops", "named for"], id="another file's relation"),
        pytest.param(GOOD + "    object_type: Firm\n", 8, ["'Firm'", "Company"], id="unknown entity type"),
        pytest.param(GOOD + "    status: likely\n", 8, ["'likely'", "rumoured"], id="unknown status"),
        pytest.param(edited("    verb: [acquire, launch]\n", ""), 3, ["verb, noun, word"], id="no trigger"),
        pytest.param(GOOD + "    noun: [deal]\n", 3, ["verb, noun, word", "noun"], id="two triggers"),
        pytest.param(GOOD + '    tokens: "subject object"\n', 3, ["tokens"], id="trigger and tokens"),
        pytest.param(edited("id: buy", "note: buy"), 3, ["id"], id="no id"),
        pytest.param(edited("[acquire, launch]", "[acquire, 3]"), 4, ["list of words", "quote"], id="number as word"),
        pytest.param(edited("[agent]", "[agent"), 6, ["not YAML"], id="not YAML"),
        pytest.param(GOOD + "    verb: [buy]\n", 8, ["twice"], id="key given twice"),
        pytest.param(GOOD + "author: me\n", 8, ["unknown key 'author'", "patterns"], id="unknown key on top"),
        pytest.param("relation: acquires\npatterns: buy\n", 2, ["must be a list"], id="patterns are no list"),
        pytest.param(GOOD + GOOD[GOOD.index("  - id") :], 8, ["acquires.buy"], id="id given twice"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_hint(
    write: Write, plain_forms, text: str, line: int, said: list[str]
) -> None:
    path = write("acquires.yaml", text)
    with pytest.raises(DataError) as error:
        load(path, plain_forms)
    assert str(error.value).startswith(f"{path}:{line}: ")
    for part in said:
        assert part in str(error.value)


def test_a_file_without_relation_is_refused(write: Write, plain_forms) -> None:
    with pytest.raises(DataError, match=r"acquires\.yaml.*relation"):
        load(write("acquires.yaml", "patterns: []\n"), plain_forms)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(edited("    subject: [agent]\n", ""), id="no subject"),
        pytest.param(edited('    object: [patient, "patient > prep:of|from"]\n', ""), id="no object"),
        pytest.param(edited("[acquire, launch]", "[]"), id="empty trigger"),
        pytest.param('relation: acquires\npatterns:\n  - {id: t, tokens: "subject buys it"}\n', id="no object slot"),
    ],
)
def test_a_pattern_that_can_never_fire_is_refused(write: Write, plain_forms, text: str) -> None:
    with pytest.raises(DataError):
        load(write("acquires.yaml", text), plain_forms)


@pytest.mark.parametrize("flag", ["lead", "role", "pairs", "strict", "presupposed", "within", "retype", "alone"])
def test_a_switch_must_be_true_or_false(write: Write, plain_forms, flag: str) -> None:
    with pytest.raises(DataError):
        load(write("acquires.yaml", GOOD + f"    {flag}: 'true'\n"), plain_forms)


# The shipped files.


@pytest.fixture(scope="module")
def shipped(pipeline: Pipeline) -> list[Pattern]:
    return list(pipeline.patterns)


def test_every_pattern_file_is_used(shipped: list[Pattern]) -> None:
    files = {path.stem for path in data_path("ontology/patterns").glob("*.yaml")}
    assert files == {pattern.relation.name for pattern in shipped}
    assert files <= set(load_schema().relations)


def test_ids_are_unique_and_tell_the_relation(shipped: list[Pattern]) -> None:
    ids = [pattern.id for pattern in shipped]
    assert len(ids) == len(set(ids)) > 0
    assert all(pattern.id.startswith(pattern.relation.fact_name + ".") for pattern in shipped)


def test_every_tree_pattern_leads_to_both_ends(shipped: list[Pattern]) -> None:
    def aimless(pattern: Pattern) -> bool:
        ends_there = bool(pattern.object) or pattern.pairs
        return not (pattern.subject and (ends_there if pattern.relation.range else pattern.amount))

    assert [p.id for p in shipped if not p.tokens and aimless(p)] == []


def test_every_token_pattern_has_a_slot_for_both_ends(shipped: list[Pattern]) -> None:
    def held(pattern: Pattern) -> set[str]:
        return {slot for item in pattern.tokens for slot in item & SLOTS}

    needed = {p.id: {"subject", "object" if p.relation.range else "amount"} for p in shipped if p.tokens}
    assert {p.id: held(p) for p in shipped if p.tokens and not p.within and not needed[p.id] <= held(p)} == {}


def test_preferred_types_are_types_that_the_relation_takes(shipped: list[Pattern]) -> None:
    wrong = [
        (pattern.id, kind)
        for pattern in shipped
        for kind, allowed in (
            (pattern.subject_type, pattern.relation.domain),
            (pattern.object_type, pattern.relation.range),
        )
        if kind is not None and kind not in allowed
    ]
    assert wrong == []


@pytest.mark.xfail(strict=True, reason="some forms of hyphenated triggers are cut: co-founds, fine-tuning, co-ceo")
def test_words_of_the_patterns_are_single_tokens(shipped: list[Pattern], pipeline: Pipeline) -> None:
    """A trigger that the tokenizer cuts ("tie-up") is never met. Mend: add it to `hyphenated` in names.yaml."""
    lexicon = load_lexicon()

    def is_cut(word: str) -> bool:
        found = pieces(pipeline.nlp, f"they {word} it", (), lexicon)
        return len(found) != 3

    cut = sorted(
        (pattern.id, word)
        for pattern in shipped
        for word in pattern.triggers | pattern.modifiers | pattern.governors | pattern.without
        if is_cut(word)
    )
    assert cut == []


def test_the_page_on_the_pattern_language_names_every_key_and_step() -> None:
    page = (data_path("ontology/patterns") / "README.md").read_text(encoding="utf-8")
    assert sorted(name for name in KEYS | STEPS if f"`{name}" not in page) == []


def test_the_page_on_the_pattern_language_names_no_other_key() -> None:
    page = (data_path("ontology/patterns") / "README.md").read_text(encoding="utf-8")
    table = page.split("## Keys")[1].split("\n## ")[0]
    named = {
        cell.strip("` ")
        for line in table.splitlines()
        if line.startswith("| `")
        for cell in line.split("|")[1].split(",")
    }
    assert named == set(KEYS)


def test_every_switch_of_a_pattern_can_be_written() -> None:
    switches = {field.name for field in fields(Pattern) if field.type == "bool"}
    assert switches <= set(KEYS)
