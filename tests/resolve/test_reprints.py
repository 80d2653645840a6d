"""Reprints: the same story in other clothes, and not two stories of one template. All texts here are invented."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Document
from kg.resolve.reprints import Age, Signature, alike, band_keys, reprints, signature
from kg.resolve.statements import age

HEADLINE = "Zorbu buys chip designer Quillstone for $340 million"
BYLINE = "By Jane Roe, Avon Herald | March 4, 2024"
STORY = (
    "Zorbu, the maker of cloud software for hospitals, said on Monday that it had agreed to buy the chip designer "
    "Quillstone for $340 million in cash, its largest purchase so far and its first outside of software.",
    "The price is 12 times the sales that Quillstone had last year. Zorbu will pay $200 million when the deal closes, "
    "which both sides expect in the third quarter, and the rest over 3 years if the next two chips are ready in time.",
    "Quillstone was founded in 2015 by Priya Venkat and Omar Lindqvist, who met at a laboratory in Avon. Its chips "
    "answer questions of a trained model with about half of the power that others need, the company says, and sit in "
    "some 9,000 machines that hospitals have bought since 2021.",
    "“We have been their customer for four years and know what their people can do,” said Tomas Hale, the chief "
    "executive of Zorbu. “Owning the chip means that we can promise a price to a hospital and keep it.” He said that "
    "all 160 people of Quillstone would be kept and that Venkat would lead the new unit.",
    "Globexa and Hive, which hold 31 per cent of Quillstone between them, have agreed to the sale. Acmelo, which sells "
    "to many of the same hospitals, had made an offer of its own in January, two people who know of the talks said; "
    "a spokeswoman for Acmelo did not answer questions about it.",
    "Analysts at Initecha called the price steep but the reasons sound. “Whoever rents chips from a rival will sooner "
    "or later pay what the rival likes,” they wrote in a note to clients, in which they left their view of Zorbu as it "
    "was and raised what they expect for 2026 by a little.",
)
ARTICLE = "\n\n".join((f"# {HEADLINE}", f"**{BYLINE}**", *STORY))

EDITS: Mapping[str, str] = {
    "another byline": ARTICLE.replace(BYLINE, "Omar Pell, Northern Wire Service, 5 March 2024"),
    "another headline": ARTICLE.replace(HEADLINE, "Hospital software maker to own its chips after deal"),
    "no headline, no byline": "\n\n".join(STORY),
    "the last paragraph is dropped": "\n\n".join((f"# {HEADLINE}", BYLINE, *STORY[:-1])),
    "boilerplate is added": ARTICLE + "\n\nSign up for the Harbour Post morning letter. Follow us on all channels. "
    "The Harbour Post is a member of the Coastal Press Group.",
    "small edits": ARTICLE.replace("said on Monday", "announced Monday").replace("per cent", "percent"),
    "other marks and addresses": ARTICLE.replace("“", '"').replace(
        "Globexa", "[Globexa](https://globexa.example/a?b=1)"
    ),
    "all of it in capitals but one paragraph": ARTICLE.replace(STORY[0], STORY[0].upper()),
}
NOTICE = (
    "{name} announces results for the {quarter} quarter of {year}\n\n{name} today announced its results for "
    "the {quarter} quarter of {year}, which ended on {end}. Sales were ${sales} million, against ${before} "
    "million in the same quarter a year before, and earnings per share were {earned} cents. {name} ended the "
    "quarter with ${cash} million in cash and short investments and without debt.\n\nManagement will discuss "
    "the results with investors on a call today at five in the afternoon. Those who wish to take part should "
    "dial in ten minutes before it begins and ask for the call on results. A recording can be heard on the "
    "part of our site that is meant for investors until the results of the next quarter are out.\n\nThis "
    "notice has statements about what is to come. They rest on what the management expects now and are open "
    "to risks that could make what happens differ from what is said here. Among them are changes of demand, "
    "of the cost of parts, of the rates at which money is changed, and of the rules under which we do "
    "business. We do not promise to bring these statements up to date, and readers should not lean on them "
    "more than they would on any other view of the future.\n\nAbout us\n\nOur machines weigh, sort and pack "
    "fruit on farms and in packing houses in more than forty countries. We were founded by two brothers who "
    "grew apples, and farmers still own a good part of our shares."
)
FIRST = NOTICE.format(
    name="Orchardine", quarter="first", year=2024, end="March 31", sales="48.2", before="41.7", earned=17, cash="63.5"
)
NEXT = NOTICE.format(
    name="Orchardine", quarter="second", year=2024, end="June 30", sales="52.9", before="44.1", earned=21, cash="71.8"
)
OTHER = NOTICE.format(
    name="Pomacella", quarter="first", year=2024, end="March 31", sales="48.2", before="41.7", earned=17, cash="63.5"
)
SAME_WEEK = FIRST.replace("48.2", "52.9").replace("63.5", "71.8")


@pytest.mark.parametrize("edit", EDITS)
def test_a_reprint_is_one(edit: str) -> None:
    assert EDITS[edit] != ARTICLE
    assert alike(signature(ARTICLE), signature(EDITS[edit]))
    assert alike(signature(EDITS[edit]), signature(ARTICLE))
    assert set(band_keys(signature(ARTICLE))) & set(band_keys(signature(EDITS[edit])))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FIRST, NEXT),
        (FIRST, OTHER),
        (NEXT, OTHER),
        (ARTICLE, ARTICLE.replace("Zorbu", "Tandrel").replace("Quillstone", "Mirelux")),
        (ARTICLE, "\n\n".join(STORY[:3])),  # an excerpt
        (ARTICLE, FIRST),
        (ARTICLE, "\n\n".join((*STORY[:3], *FIRST.split("\n\n")))),  # two in one
    ],
)
def test_other_stories_are_none(one: str, other: str) -> None:
    assert not alike(signature(one), signature(other))
    assert not alike(signature(other), signature(one))


def test_the_shingles_alone_would_take_a_template_for_one_story() -> None:
    """So that the cases above test what names and numbers decide."""
    for one, other in ((FIRST, SAME_WEEK), (FIRST, OTHER)):
        assert not alike(signature(one), signature(other))
        assert alike(nameless(signature(one)), nameless(signature(other)))


def nameless(known: Signature) -> Signature:
    return Signature(known.minima, known.shingles, known.words, bytes(len(known.told)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zorbu buys Acmelo.", "ZORBU  buys **Acmelo**!", True),
        ("Zorbu buys Acmelo.", "Zorbu buys Acmela.", False),
        ("Zorbu pays $5 million.", "Zorbu pays €5 million.", False),
        ("Zorbu pays 15 million.", "Zorbu pays 1.5 million.", False),
        (STORY[0], STORY[0] + " More.", False),  # too short for anything but equality
        ("***", "---", False),
        ("", "...", False),
        ("Caf\u00e9 buys Acmelo.", "Cafe\u0301 buys Acmelo.", True),
        ("half \ud800 a word", "half \ud800 a word.", True),
    ],
)
def test_a_short_text_has_only_equal_reprints(one: str, other: str, same: bool) -> None:
    assert alike(signature(one), signature(other)) is same


def test_a_signature_is_the_same_everywhere() -> None:
    """Graphs made on two machines must agree, so these numbers may only change with the format of the index."""
    known = signature(ARTICLE)
    assert (len(known.minima), known.shingles) == (512, 309)
    assert band_keys(known)[:2] == (7426588876610168434, 8422800898878873865)


def test_a_long_text_is_hashed_in_blocks() -> None:
    words = [f"w{number}" for number in range(20_000)]
    assert alike(signature(" ".join(words)), signature(" ".join(words[100:])))


def document(name: str, text: str, date: str | None = None) -> Document:
    return Document(name, text, (), date=date)


def found(*documents: Document) -> dict[str, str]:
    """Names of reprints, each with that of its original."""
    names = {each.hash: each.name for each in documents}
    known = {each.hash: signature(each.text) for each in documents}
    ages = {each.hash: age(each.hash, each) for each in documents}
    return {names[one]: names[other] for one, other in reprints(known, ages).items()}


def test_the_original_is_the_earliest() -> None:
    printed = [
        document("a", EDITS["another byline"]),
        document("b", EDITS["another headline"], "2024-03-05"),
        document("c", ARTICLE, "2024-03-04"),
        document("d", EDITS["small edits"], "2024-03-04"),
        document("e", FIRST, "2020-01-01"),
    ]
    assert found(*printed) == {"a": "c", "b": "c", "d": "c"}
    assert found(*printed[:2]) == {"a": "b"}
    assert found(printed[0]) == {}
    assert found() == {}


def test_a_reprint_is_no_original() -> None:
    """Each is alike with the next alone."""
    words = [
        f"{one}{two}{three}" for one in "bdfgk" for two in ("an", "el", "in", "on", "ut", "ar") for three in "lmnprst"
    ]
    chain = [
        document(str(step), " ".join(words[step * 7 : step * 7 + 130]), f"2024-01-0{step + 1}") for step in range(4)
    ]
    assert alike(signature(chain[0].text), signature(chain[1].text))
    assert not alike(signature(chain[0].text), signature(chain[2].text))
    assert found(*chain) == {"1": "0", "3": "2"}
    assert found(*chain[1:]) == {"2": "1"}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_order_of_documents_does_not_matter(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.sampled_from([ARTICLE, *EDITS.values(), FIRST, NEXT, OTHER]), unique=True))
    dates = st.none() | st.sampled_from(["2024-03-04", "2024-03", "2023"])
    documents = {each.hash: each for text in texts for each in [document("d", text, data.draw(dates))]}
    known = {key: signature(each.text) for key, each in documents.items()}
    ages: dict[str, Age] = {key: age(key, each) for key, each in documents.items()}
    expected = reprints(known, ages)
    mixed = data.draw(st.permutations(sorted(known)))
    assert reprints({key: known[key] for key in mixed}, ages) == expected
    assert list(expected) == sorted(expected)
    for one, original in expected.items():
        assert original not in expected
        assert ages[original] < ages[one]
        assert alike(known[one], known[original])
