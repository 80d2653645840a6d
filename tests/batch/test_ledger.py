"""The ledger: what is kept the moment it is known, and forgotten when nothing holds it any more."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kg.batch.ledger import Ledger, Outcome, open_ledger
from kg.errors import ReadError, StoreError
from kg.model import Amount, Document, Evidence, Extracted, Mention, Qualifiers, RelationMention


def told(name: str, text: str, *, date: str | None = None) -> Extracted:
    document = Document(name, text, (), date=date, title="T", path=f"in/{name}.txt")
    one, other = Mention("Zorbu", 0, 5, "Company", "test"), Mention("Acmelo", 6, 12, "Company", "test", sure=True)
    qualifiers = Qualifiers(amount=Amount(Decimal("5.5"), "EUR", "up_to"), date=date)
    evidence = Evidence(document.hash, 0, 12, text[:12], "test", "planned", qualifiers, 0.75)
    return Extracted(document, (one, other), (RelationMention("acquires", one, other, evidence),))


ONE, TWO = told("one", "Zorbu Acmelo 1 \ud800"), told("two", "Zorbu Acmelo 2", date="2024-05")
FAILED = ReadError("in/bad.txt", "binary", "holds NUL bytes \udcff")


def run(ledger: Ledger, contents: dict[str, Outcome], *, add: bool = False) -> None:
    """A whole run; the key of an outcome is its source with a hash of what it is."""
    ledger.begin()
    for source, outcome in contents.items():
        if not ledger.saw(source, key := f"{source} {hash(outcome)}"):
            ledger.keep(key, outcome)
    ledger.finish(add=add)


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l", "1") as ledger:
        ledger.begin()
        assert not ledger.saw("a", "k")
        ledger.keep("k", Outcome((ONE, TWO), (FAILED,)))
    with open_ledger(tmp_path / "l", "1") as ledger:
        ledger.begin()
        assert ledger.documents() == {}
        assert ledger.saw("a", "k")
        found = ledger.documents()
        assert list(found) == sorted([ONE.document.hash, TWO.document.hash])
        assert [ledger.extracted(each) for each in found.values()] == sorted([ONE, TWO], key=lambda e: e.document.hash)
        [failure] = ledger.failures()
    assert (failure.path, failure.reason, failure.message) == ("in/bad.txt", "binary", "holds NUL bytes \\udcff")


def test_another_version_knows_nothing(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l", "1") as ledger:
        run(ledger, {"a": Outcome((ONE,))})
    with open_ledger(tmp_path / "l", "2") as ledger:
        ledger.begin()
        assert not ledger.saw("a", f"a {hash(Outcome((ONE,)))}")
        assert ledger.documents() == {}


def test_of_two_copies_the_first_by_name_counts(tmp_path: Path) -> None:
    text = ONE.document.text
    copies = [told(name, text) for name in ("b", "a", "c")]
    with open_ledger(tmp_path / "l", "1") as ledger:
        ledger.begin()
        for each in copies:
            ledger.saw(each.document.name, each.document.name)
            ledger.keep(each.document.name, Outcome((each,)))
        [found] = ledger.documents().values()
        assert (ledger.extracted(found).document.name, ledger.count()) == ("a", 3)


def test_what_no_source_holds_is_forgotten(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l", "1") as ledger:
        run(ledger, {"a": Outcome((ONE,)), "b": Outcome((TWO,))})
        run(ledger, {"a": Outcome((ONE,))})
        ledger.begin()
        assert not ledger.saw("b", f"b {hash(Outcome((TWO,)))}")
        assert ledger.saw("a", f"a {hash(Outcome((ONE,)))}")


def test_with_add_other_sources_stay(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l", "1") as ledger:
        run(ledger, {"a": Outcome((ONE,))})
        run(ledger, {"b": Outcome((TWO,))}, add=True)
        ledger.begin()
        assert ledger.saw("a", f"a {hash(Outcome((ONE,)))}")
        assert ledger.documents().keys() == {ONE.document.hash}


def test_a_source_with_another_text_replaces_its_document(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l", "1") as ledger:
        run(ledger, {"a": Outcome((ONE,)), "b": Outcome((TWO,)), "c": Outcome((TWO,))})
        ledger.begin()
        ledger.saw("a", "new a")
        ledger.saw("b", "new b")  # c still holds the same text
    with open_ledger(tmp_path / "l", "1") as ledger:  # cut off here; the run goes on
        ledger.begin()
        ledger.saw("a", "new a")
        assert ledger.replaced() == {ONE.document.hash}
        ledger.finish(add=True)
        assert ledger.replaced() == set()


def test_failures_are_tried_again_after_a_whole_run_but_not_after_one_cut_off(tmp_path: Path) -> None:
    outcome = Outcome(failures=(replace_path(FAILED, "x"),))
    with open_ledger(tmp_path / "l", "1") as ledger:
        ledger.begin()
        ledger.saw("x", "k")
        ledger.keep("k", outcome)
        ledger.begin()
        assert ledger.saw("x", "k")
        assert len(ledger.failures()) == 1
        ledger.finish(add=False)
        ledger.begin()
        assert not ledger.saw("x", "k")


def replace_path(error: ReadError, path: str) -> ReadError:
    return ReadError(path, error.reason, error.message)


def test_a_file_is_the_same_source_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    with open_ledger(tmp_path / "l", "1") as ledger:
        ledger.begin()
        monkeypatch.chdir(tmp_path)
        ledger.saw("in/a.txt", "k")
        ledger.keep("k", Outcome((ONE,)))
        monkeypatch.chdir(tmp_path / "in")
        ledger.saw("a.txt", "k")
        assert ledger.count() == 1
        ledger.saw("https://x.example/a.txt", "k")
        assert ledger.count() == 2


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    with (
        open_ledger(tmp_path / "l", "1"),
        pytest.raises(StoreError, match="another build"),
        open_ledger(tmp_path / "l", "1"),
    ):
        pass


def test_a_damaged_ledger_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "l").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="delete it"), open_ledger(tmp_path / "l", "1"):
        pass


def test_keeping_is_all_or_nothing(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l", "1") as ledger:
        ledger.begin()
        ledger.saw("a", "k")
        bad = replace(ONE, mentions=(replace(ONE.mentions[0], start=object()),))  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            ledger.keep("k", Outcome((TWO, bad)))
        assert not ledger.saw("a", "k")
        assert ledger.documents() == {}


def test_it_is_an_ordinary_file(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l", "1") as ledger:
        run(ledger, {"a": Outcome((ONE,))})
    assert [path.name for path in tmp_path.iterdir()] == ["l"]
    db = sqlite3.connect(tmp_path / "l")
    assert db.execute("SELECT count(*) FROM found").fetchone() == (1,)
    db.close()
