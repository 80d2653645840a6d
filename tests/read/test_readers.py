"""Files, folders and strings to documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.data import data_path
from kg.errors import ReadError
from kg.model import Document
from kg.read.options import Reading
from kg.read.readers import READERS, date_in_name, document_from_text, iso_date, read, read_document


def read_all(*paths: Path, **options: object) -> tuple[list[Document], list[ReadError]]:
    errors: list[ReadError] = []
    return list(read(paths, on_error=errors.append, **options)), errors  # type: ignore[arg-type]


def test_folder_is_read_in_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "sub/c.markdown", "sub/a.text", ".hidden.md", ".git/d.md", "e.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"Text of {name}", encoding="utf-8")
    documents, errors = read_all(tmp_path)
    assert [document.text for document in documents] == [
        *("Text of a.MD", "Text of b.txt", "Text of sub/a.text", "Text of sub/c.markdown")
    ]
    assert [document.name for document in documents] == ["a", "b", "a", "c"]
    assert errors == []
    assert read_all(tmp_path)[0] == documents


def test_a_file_given_twice_is_read_once_and_order_is_kept(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(name)
    documents, _ = read_all(tmp_path / "b.md", tmp_path, tmp_path / "b.md")
    assert [document.name for document in documents] == ["b", "a"]


def test_each_failure_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("Acme grew.")
    (tmp_path / "blank.md").write_text("\n")
    (tmp_path / "page.xyz").write_text("<p>Acme</p>")
    (tmp_path / "none").mkdir()
    paths = [tmp_path / name for name in ("blank.md", "no.md", "page.xyz", "none", "good.md")]
    documents, errors = read_all(*paths)
    assert [document.name for document in documents] == ["good"]
    assert [error.reason for error in errors] == ["empty", "missing", "format", "empty"]
    assert [error.path for error in errors] == [str(path) for path in paths[:4]]
    assert all(suffix in str(errors[2]) for suffix in READERS)


def test_limit_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Acme grew.")
    assert [error.reason for error in read_all(tmp_path, options=Reading(max_chars=9))[1]] == ["too-long"]
    assert len(read_all(tmp_path, options=Reading(max_chars=10))[0]) == 1


def test_metadata_overrules_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Acme grows\n\nExample Wire | May 3, 2024\n\nIt did.")
    own = read_all(tmp_path)[0][0]
    assert (own.title, own.date, own.publisher, own.url) == ("Acme grows", "2024-05-03", "Example Wire", None)
    assert own.path == str(tmp_path / "a.md")
    given = {"date": "2024-06", "publisher": "Other", "url": "https://a.example", "title": "T"}
    overruled = read_all(tmp_path, metadata={"a": given, "b": {}})[0][0]
    assert (overruled.title, overruled.date, overruled.publisher, overruled.url) == (
        *("T", "2024-06", "Other", "https://a.example"),
    )
    documents, errors = read_all(tmp_path, metadata={"a": {"date": "soon"}})
    assert (documents, [error.reason for error in errors]) == ([], ["metadata"])


@pytest.mark.parametrize("mark", [">", ">-", "|", "|+"])
def test_a_value_of_the_front_matter_may_be_a_block_below_its_key(mark: str) -> None:
    text = f"---\ntitle: {mark}\n  Acme grows,\n  and Globex too\nurl: https://a.example\n---\nAcme grew.\n"
    document = document_from_text("a", text)
    assert (document.title, document.url) == ("Acme grows, and Globex too", "https://a.example")


def test_front_matter_comes_first() -> None:
    text = (
        '---\ntitle: "Acme: it grows"\nDate: May 3, 2024\npublisher: Example Wire\nurl: https://a.example\n'
        "tags:\n  - x\n---\n# Other\n\nMay 4, 2024\n"
    )
    document = document_from_text("a", text)
    assert (document.title, document.date, document.publisher) == ("Acme: it grows", "2024-05-03", "Example Wire")
    assert document.url == "https://a.example"
    assert [block.text for block in document.blocks] == ["Other", "May 4, 2024"]
    assert document.text == text


def test_title_is_the_first_heading_of_level_one_else_a_short_first_block() -> None:
    assert document_from_text("a", "News\n\n# Acme grows\n\nIt did.").title == "Acme grows"
    assert document_from_text("a", "## News\n\nAcme grew.").title == "News"
    assert document_from_text("a", "Acme grew. " * 20).title is None


def test_strings() -> None:
    document = document_from_text("a", "Acme grew.", date="22 November 2024", publisher="P", title="T", url="u")
    assert (document.name, document.date, document.publisher) == ("a", "2024-11-22", "P")
    assert (document.title, document.url, document.path) == ("T", "u", None)
    for text, reason in (("", "empty"), ("a\x00b", "binary"), ("Acme", "too-long")):
        with pytest.raises(ReadError) as error:
            document_from_text("a", text, max_chars=3)
        assert error.value.reason == reason
    with pytest.raises(ReadError, match="soon"):
        document_from_text("a", "Acme grew.", date="soon")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        *(("2024", "2024"), ("2024-11", "2024-11"), ("2024-11-22T10:00:00Z", "2024-11-22")),
        *(("Nov. 22, 2024", "2024-11-22"), ("November 2024", "2024-11"), ("2024-13-01", None), ("soon", None)),
    ],
)
def test_iso_dates(text: str, date: str | None) -> None:
    assert iso_date(text) == date


def test_the_sample_articles() -> None:
    first, second = (read_document(path) for path in sorted(data_path("seeds/documents").glob("*.txt")))
    assert (first.title, first.publisher, first.date) == (
        *("Amazon Invests Additional $4 Billion in Anthropic, Deepening AI Partnership", "Reuters", "2024-11-22"),
    )
    kinds = [block.kind for block in first.blocks]
    assert (kinds.count("heading"), kinds.count("item"), kinds.count("byline"), len(kinds)) == (7, 15, 1, 32)
    lead_ins = {first.blocks[block.lead_in].text for block in first.blocks if block.lead_in is not None}
    assert {text.split()[0] for text in lead_ins} == {"Under", "The", "Key"}
    assert (second.title, second.publisher, second.date) == ("Amazon and Anthropic partner with a $4B deal", None, None)
    assert [block.kind for block in second.blocks].count("heading") == 4
    assert len(second.blocks) == 10
    assert second.blocks[1].text.startswith(
        "Amazon is making a big investment in AI startup Anthropic, heating up the rivalry"
    )
    for document in (first, second):
        for block in document.blocks:
            assert not set("*[]<>\\#") & set(block.text)
            assert all(document.text[block.stored_span(at, at + 1)[0]] == char for at, char in enumerate(block.text))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("news-2024-11-22", "2024-11-22"),
        ("wire--2024-3-7-weekly", "2024-03-07"),
        ("wire-2024-1122-acme-raises", "2024-11-22"),
        ("wire-2024-13-40", None),
        ("release-20241122", None),
        ("gpt-4-2024", None),
        ("000_041f29d0206b217d", None),
    ],
)
def test_a_full_date_in_the_name_of_a_file_is_its_date(name: str, expected: str | None) -> None:
    assert date_in_name(name) == expected


def test_the_text_s_own_date_comes_before_the_one_in_the_name(tmp_path: Path) -> None:
    path = tmp_path / "news-2024-11-22.md"
    path.write_text("---\ndate: 2024-11-20\n---\nAcme raised $5M.\n", encoding="utf-8")
    assert read_document(path).date == "2024-11-20"
    path.write_text("Acme raised $5M.\n", encoding="utf-8")
    assert read_document(path).date == "2024-11-22"
