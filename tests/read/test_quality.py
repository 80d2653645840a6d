"""Texts in other languages and garbled ones are set aside; names, short texts and a few bad characters are kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kg.data import data_path
from kg.errors import DataError, ReadError
from kg.read.items import Item
from kg.read.options import Reading
from kg.read.quality import foreign_language, function_words, is_mojibake
from kg.read.readers import documents_of, read_document

FOREIGN = {
    "de": (
        "Der Chiphersteller Acmelo übernimmt Borealis für 50 Millionen Euro, wie beide am Freitag mitteilten.",
        "Das Unternehmen will im kommenden Jahr in ein neues Rechenzentrum investieren. Geldgeber ist Oak Ventures.",
    ),
    "fr": (
        "Acmelo a annoncé vendredi le rachat de Borealis pour 50 millions de dollars, avec le soutien de Globex.",
        "La société investit dans un nouveau centre de données et nomme Jeanne Martin à la tête de sa filiale.",
    ),
    "es": (
        "Acmelo anunció el viernes la compra de Borealis por 50 millones de dólares, según un comunicado conjunto.",
    ),
    "it": (
        "Acmelo ha annunciato venerdì l'acquisizione di Borealis per 50 milioni di dollari, con il sostegno di Globex.",
    ),
    "pt": ("A Acmelo anunciou na sexta-feira a compra da Borealis por 50 milhões de dólares, com o apoio da Globex.",),
    "nl": (
        "Acmelo neemt het bedrijf Borealis over voor 50 miljoen euro, zo maakten beide ondernemingen vrijdag bekend.",
    ),
    "sv": ("Acmelo köper Borealis för 50 miljoner dollar, meddelade bolagen på fredagen i ett pressmeddelande.",),
    "pl": (
        "Acmelo poinformowała w piątek o przejęciu firmy Borealis za 50 milionów dolarów, to największa transakcja.",
    ),
    "ru": ("Компания Acmelo объявила в пятницу о покупке Borealis за 50 миллионов долларов, сообщили обе компании.",),
    "zh": ("Acmelo 周五 宣布 以 5000万 美元 收购 初创 公司 Borealis。 该公司 表示， 此次 交易 将于 年底 完成。",),
}
ENGLISH = (
    "Acmelo buys Borealis for $50 million in cash, Globex and Oak Ventures join round, stock jumps",
    "Acmelo, Borealis, Globex, Cormorant AI, Umbrella Labs, Initech Cloud, Hooli, Vandelay, Wonka Chips, Tyrell, Stark",
    "Anna Schmidt Jean Dupont María García Giulia Rossi Ole Hansen Satoshi Tanaka Li Wei Priya Sharma Juan Pérez",
    "Series B: Acmelo $50M (Oak Ventures, Globex), Borealis $20M (Delta Partners), Cormorant €15M (Eole Capital)",
    "Banque de Borée, Société Acmelo, Banco de Globex, Stadtwerke Borealis, Compañía Eólica, Crédit du Nord",
    "Bonjour !",
)


@pytest.mark.parametrize(("language", "text"), [(key, text) for key, texts in FOREIGN.items() for text in texts])
def test_other_languages_are_set_aside(language: str, text: str) -> None:
    with pytest.raises(ReadError) as error:
        documents_of(Item("a.md", "a", ".md", text.encode()))
    assert (error.value.reason, error.value.path) == ("language", "a.md")
    assert foreign_language(text) == language
    assert documents_of(Item("a.md", "a", ".md", text.encode()), options=Reading(any_language=True))


@pytest.mark.parametrize("text", ENGLISH)
def test_english_texts_of_names_and_short_ones_are_kept(text: str) -> None:
    assert foreign_language(text) is None


def test_the_samples_are_english() -> None:
    for path in data_path("seeds/documents").glob("*.txt"):
        assert foreign_language(read_document(path).text) is None


def garbled(text: str) -> str:
    return text.encode().decode("cp1252", "replace")


def test_garbled_texts_are_set_aside() -> None:
    text = garbled("L’été dernier, la société a levé près de dix millions d’euros à Liège – une première. " * 5)
    assert is_mojibake(text)
    with pytest.raises(ReadError) as error:
        documents_of(Item("a.md", "a", ".md", text.encode()))
    assert error.value.reason == "mojibake"


def test_a_few_garbled_characters_lose_no_text() -> None:
    text = "Acmelo’s own chips are made by Globex, and the two companies hold shares of each other, as all of us know. "
    assert not is_mojibake(garbled(text) + text * 3)
    assert not is_mojibake(text * 20 + "naïve café “quoted” – it’s fine… €5 million, Łódź, Zürich, 東京")


def test_without_the_packages_texts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    monkeypatch.setitem(sys.modules, "ftfy.badness", None)
    assert foreign_language(FOREIGN["de"][0]) is None
    assert not is_mojibake(garbled("été à Liège " * 30))


@pytest.mark.parametrize("text", ["- the", "function_words: the", "functions: [the]"])
def test_mistakes_in_the_words_are_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "language.yaml").write_text(text)
    with pytest.raises(DataError, match=r"language\.yaml"):
        function_words(tmp_path / "language.yaml")
