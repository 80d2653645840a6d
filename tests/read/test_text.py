"""Bytes to stored text, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.read.text import decode, read_text

WORDS = "Acme’s café grew 5 %\r\nso they say"


@pytest.mark.parametrize(
    "data",
    [
        WORDS.encode(),
        b"\xef\xbb\xbf" + WORDS.encode(),
        b"\xff\xfe" + WORDS.encode("utf-16-le"),
        b"\xfe\xff" + WORDS.encode("utf-16-be"),
        b"\xff\xfe\x00\x00" + WORDS.encode("utf-32-le"),
        WORDS.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16-le", "utf-16-be", "utf-32-le", "cp1252"],
)
def test_decodes(data: bytes) -> None:
    assert decode(data, path="a.md") == WORDS


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"PK\x03\x04\x00\x00 and so on", "binary"),
        (b"\x01\x02\x03\x04 words", "binary"),
        (b"Acme \x81 grew", "encoding"),
        (b"\xff\xfe" + b"A\x00B", "encoding"),
        (b"\xef\xbb\xbfAcme \xff", "encoding"),
        (b"Acme grew by far", "too-long"),
        ("Acmé".encode() * 4, "too-long"),
    ],
)
def test_refuses(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as error:
        decode(data, path="folder/a.md", max_chars=15)
    assert error.value.reason == reason
    assert str(error.value).startswith("folder/a.md: ")


def test_limit_counts_characters_not_bytes() -> None:
    assert decode("é🔥é".encode(), path="a.md", max_chars=3) == "é🔥é"


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), min_size=1))
def test_utf8_comes_back_unchanged(text: str) -> None:
    if text.strip():
        assert decode(text.encode(), path="a.md") == text


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.md"
    with path.open("wb") as file:
        file.write("é".encode() * 50)
        file.truncate(2**33)
    with pytest.raises(ReadError, match=r"\[(too-long|binary)\]"):
        read_text(path, max_chars=20)


def test_a_cut_character_is_no_encoding_error(tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    path.write_bytes(b"a" + "🔥".encode() * 100)
    with pytest.raises(ReadError) as error:
        read_text(path, max_chars=20)
    assert error.value.reason == "too-long"


def test_files_that_are_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for path, reason in (
        (tmp_path / "no.md", "missing"),
        (tmp_path, "unreadable"),
        (tmp_path / "pipe.md", "unreadable"),
    ):
        with pytest.raises(ReadError) as error:
            read_text(path)
        assert error.value.reason == reason


def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.md"
    path.write_text("Acme grew")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(ReadError) as error:
        read_text(path)
    assert error.value.reason == "unreadable"
