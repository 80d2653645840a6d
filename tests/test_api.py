"""The Python API: from texts and files to a graph that answers, explains itself and goes into other tools."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.errors import ReadError, StoreError

NEWS = "Oak Ventures invested $5 million in Acmelo last May.\n"


def test_every_public_name_can_be_had() -> None:
    for name in kg.__all__:
        assert getattr(kg, name).__name__ == name
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError, match="module 'kg' has no attribute 'build_grap'"):
        kg.build_grap  # noqa: B018


def test_the_errors_are_one_family() -> None:
    from kg import errors

    raised = [value for value in vars(errors).values() if isinstance(value, type) and value.__module__ == "kg.errors"]
    assert len(raised) >= 5
    assert all(issubclass(error, kg.KgError) for error in raised)


def test_a_text_becomes_a_graph() -> None:
    graph = kg.extract_text(NEWS, name="wire", date="2024-11-22")
    [statement] = graph.statements("investsIn", "Oak Ventures", "Acmelo")
    assert isinstance(statement, kg.Statement)
    assert statement.qualifiers.amount == kg.Amount(5_000_000, "USD")  # type: ignore[arg-type]
    assert statement.qualifiers.date == "2024-05"
    [evidence] = statement.evidence
    assert evidence.quote == NEWS.strip()
    assert graph.statement_set.documents[evidence.document].name == "wire"


def test_without_a_date_last_may_is_no_date() -> None:
    [statement] = kg.extract_text(NEWS).statements("investsIn")
    assert statement.qualifiers.date is None


@pytest.mark.parametrize(("text", "reason"), [("", "empty"), ("a\x00b", "binary"), ("x" * 1_000_001, "too-long")])
def test_a_text_that_is_none_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        kg.extract_text(text)
    assert caught.value.reason == reason


@pytest.mark.parametrize("many", [False, True])
def test_files_become_a_graph_and_a_folder(tmp_path: Path, many: bool) -> None:
    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    path = str(tmp_path / "news.txt")
    graph = kg.build_graph([path, tmp_path / "news.txt"] if many else path, out=str(tmp_path / "g"))
    assert [s.relation for s in graph.statements("investsIn")] == ["investsIn"]
    assert kg.open_graph(str(tmp_path / "g")).to_nquads() == graph.to_nquads()
    assert isinstance(graph, kg.Graph)


def test_without_out_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    kg.build_graph("news.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["news.txt"]


def test_a_failure_is_raised_after_the_rest_is_written(tmp_path: Path) -> None:
    (tmp_path / "a_bad.txt").write_bytes(b"\x00")
    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    with pytest.raises(kg.KgError, match=r"a_bad\.txt: .* \[binary\]"):
        kg.build_graph(tmp_path, out=tmp_path / "g")
    assert kg.open_graph(tmp_path / "g").statements("investsIn")


def test_opening_what_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such folder"):
        kg.open_graph(tmp_path / "nowhere")


def test_the_graph_of_the_articles_answers_in_every_way(seed_graph: kg.Graph) -> None:
    assert seed_graph.query("SELECT ?b WHERE { id:amazon kg:investsIn ?b }").rows == (("id:anthropic",),)
    quotes = [c.quote for e in seed_graph.explain("Google", "investsIn", "Anthropic") for c in e.citations]
    assert any("(May 2023)" in quote for quote in quotes)
    assert seed_graph.to_networkx().has_edge("amazon", "anthropic")
    answer = seed_graph.to_rdflib().query("ASK { id:aws kg:primaryCloudFor id:anthropic }")
    assert answer.askAnswer


def test_documents_come_and_go_without_the_others(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Oak Ventures acquired Acmelo.\n", encoding="utf-8")
    (tmp_path / "two.txt").write_text("Zorbu acquired Acmelo.\n", encoding="utf-8")
    kg.build_graph(tmp_path / "one.txt", out=tmp_path / "g")
    with kg.edit_graph(tmp_path / "g") as edit:
        edit.add(kg.extract_documents(tmp_path / "two.txt"))
        edit.retract("one")
    graph = kg.open_graph(tmp_path / "g")
    assert [s.subject for s in graph.statements("acquires")] == ["zorbu-company"]
    assert graph.counts == {"documents": 1, "entities": 2, "statements": 1}
    with pytest.raises(kg.KgError, match="nowhere"), kg.edit_graph(tmp_path / "g") as edit:
        edit.add(kg.extract_documents(tmp_path / "nowhere.txt"))
    assert kg.open_graph(tmp_path / "g").to_nquads() == graph.to_nquads()
    failures: list[kg.KgError] = []
    assert list(kg.extract_documents(tmp_path / "nowhere.txt", on_error=failures.append)) == []
    assert len(failures) == 1
