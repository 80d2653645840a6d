"""Data files are read with errors that say file, line, what, and the nearest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.data import Lines, check_keys, data_path, did_you_mean, read_jsonl, read_yaml
from kg.errors import DataError


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "data"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_come_with_their_line_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    assert list(read_jsonl(_write(tmp_path, '{"a": 1}\n\n{"b": 2}\n'))) == [(1, {"a": 1}), (3, {"b": 2})]


@pytest.mark.parametrize("sign", ["\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}", "\N{NEXT LINE}"])
def test_a_sign_that_ends_a_line_elsewhere_may_stand_in_a_text(tmp_path: Path, sign: str) -> None:
    path = _write(tmp_path, f'{{"a": "one{sign}two"}}\n{{"b": 2}}\n')
    assert list(read_jsonl(path)) == [(1, {"a": f"one{sign}two"}), (2, {"b": 2})]


def test_rows_may_end_as_in_windows(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(b'{"a": 1}\r\n\r\n{"b": 2}\r\n')
    assert list(read_jsonl(path)) == [(1, {"a": 1}), (3, {"b": 2})]


@pytest.mark.parametrize(("text", "line"), [('{"a": 1}\n{"a": }\n', 2), ("[1]\n", 1), ('{"a": 1}\n\n"x"\n', 3)])
def test_a_row_that_is_no_object_is_named_by_line(tmp_path: Path, text: str, line: int) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(DataError) as caught:
        list(read_jsonl(path))
    assert (caught.value.path, caught.value.line) == (str(path), line)


def test_yaml_mappings_remember_their_lines(tmp_path: Path) -> None:
    found = read_yaml(_write(tmp_path, "a: 1\nb:\n  - c: [x, y]\n"))
    assert isinstance(found, Lines)
    assert found == {"a": 1, "b": [{"c": ["x", "y"]}]}
    assert found.lines == {"a": 1, "b": 2}


@pytest.mark.parametrize(("text", "line"), [("a: 1\na: 2\n", 2), ("a: [1\n", 2), ("a: b: c\n", 1)])
def test_yaml_that_is_wrong_is_named_by_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(DataError) as caught:
        read_yaml(_write(tmp_path, text))
    assert caught.value.line == line


def test_an_unknown_key_gets_a_hint() -> None:
    with pytest.raises(DataError, match=r"f\.yaml:7: unknown key 'sujbect' \(did you mean 'subject'\?\)"):
        check_keys(Path("f.yaml"), 7, ["object", "sujbect"], ["object", "subject"], what="key")


def test_a_word_that_is_near_nothing_gets_the_whole_list() -> None:
    assert did_you_mean("zzz", ["b", "a"]) == "known: a, b"


def test_a_folder_that_is_nowhere_is_an_error() -> None:
    with pytest.raises(DataError, match="not found"):
        data_path("ontology/none")
