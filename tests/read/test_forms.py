"""Pages, feeds, mails, Word and PDF files become markdown with their structure and what they say of themselves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.model import Document
from kg.read.fragments import markdown_of, parsed_page
from kg.read.items import Item
from kg.read.options import Reading
from kg.read.readers import documents_of, read_markdown

STORY = "Acmelo bought Borealis for $5 million on Friday, the two companies said in a joint statement to the press. "
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Acmelo buys Borealis | Example News</title>
<meta property="og:title" content="Acmelo buys Borealis"><meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2024-05-03T10:00:00Z">
<link rel="canonical" href="https://news.example/acmelo"></head>
<body><nav><a href="/">Home</a> <a href="/more">More stories</a></nav>
<article><h1>Acmelo buys Borealis</h1><p>{STORY * 2}</p><h2>What it means</h2>
<p>It is the third deal of the year for <b>Acmelo</b>, see <a href="javascript:alert(1)">the list</a>. {STORY}</p>
<ul><li>Acmelo invests in Cormorant</li><li>Delta supplies Acmelo</li></ul>
<table><tr><th>Investor</th><th>Sum</th></tr><tr><td>Oak Ventures</td><td>$5M</td></tr></table>
<script>alert(2)</script></article><footer>Copyright. All rights reserved.</footer></body></html>"""


def documents(data: bytes | str, form: str, **given: str) -> list[Document]:
    content = data.encode() if isinstance(data, str) else data
    return documents_of(Item(f"in/a{form}", "a", form, content, given))


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def test_a_page() -> None:
    (document,) = documents(PAGE, ".html")
    assert (document.title, document.date) == ("Acmelo buys Borealis", "2024-05-03")
    assert (document.publisher, document.url) == ("Example News", "https://news.example/acmelo")
    assert (document.name, document.path) == ("a", "in/a.html")
    found = kinds(document)
    assert [text for kind, text in found if kind == "heading"] == ["Acmelo buys Borealis", "What it means"]
    assert [text for kind, text in found if kind == "item"] == ["Acmelo invests in Cormorant", "Delta supplies Acmelo"]
    assert [text for kind, text in found if kind == "cell"] == ["Investor", "Sum", "Oak Ventures", "$5M"]
    assert "javascript" not in document.text
    assert "alert" not in document.text
    assert "Copyright" not in document.text
    for block in document.blocks:
        start, end = block.stored_span(0, len(block.text))
        assert document.text[start] == block.text[0]
        assert document.text[end - 1] == block.text[-1]


def test_what_is_known_from_outside_comes_before_the_page() -> None:
    given = {"title": "T", "date": "2024-05-04", "url": "https://n.example/x", "publisher": "P"}
    (document,) = documents(PAGE, ".html", **given)
    assert (document.title, document.date, document.url, document.publisher) == tuple(given.values())
    assert documents(PAGE, ".html", fetched="2024-06-01")[0].date == "2024-05-03"
    assert documents("<p>Acme grew.</p>", ".html", fetched="2024-06-01")[0].date == "2024-06-01"


def test_a_page_that_is_no_article_is_kept_whole() -> None:
    (document,) = documents("<title>Acme news</title><div>Acme grew <br>by far<br><br>and so on</div>", ".html")
    assert [text for _, text in kinds(document)] == ["Acme news", "Acme grew", "by far", "and so on"]


@pytest.mark.parametrize(
    ("data", "given"),
    [
        ("<p>Кафе".encode("cp1251"), {"charset": "windows-1251"}),
        ('<meta charset="windows-1251"><p>Кафе'.encode("cp1251"), {}),
        ('<?xml version="1.0" encoding="koi8-r"?><html><p>Кафе'.encode("koi8-r"), {}),
        ("<p>Кафе".encode("utf-16"), {}),
        ("<meta charset=ascii><p>Кафе".encode(), {"charset": "latin-1"}),
        ("<p>К\x00афе".encode() + b"<p>" * 500, {}),
    ],
    ids=["header", "meta", "xml", "utf-16", "utf-8 first", "nul"],
)
def test_encodings_of_pages(data: bytes, given: Mapping[str, str]) -> None:
    assert documents(data, ".html", **given)[0].text == "Кафе"


def test_fragments_become_markdown() -> None:
    html = (
        "<h2>Acme &amp; Co <i>buys</i></h2>intro <a href='x'>here</a><p>One * two *bold* _c_ &lt;b&gt;<br>1. next</p>"
        "<ul><li>first<ul><li>inner</li></ul></li><li><p>last</p></li></ul><ol><li>one<ul><li>in it</li></ul></li></ol>"
        "<blockquote><p>glad</p></blockquote><p style='display: none'>hidden</p><style>p{}</style>"
        "<table><tr><th>A</th><th>B | C</th></tr><tr><td>1</td><td><p>2</p></td></tr></table>"
        "<table><tr><td>left</td><td><p>right</p></td></tr></table># tail"
    )
    text = markdown_of(parsed_page(html, source="a"))
    blocks = read_markdown("a", text).blocks
    assert [block.level for block in blocks if block.kind == "item"] == [1, 2, 1, 1, 2]
    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Acme & Co buys"),
        ("paragraph", "intro here"),
        ("paragraph", "One * two bold* _c_ <b> 1. next"),
        *(("item", "first"), ("item", "inner"), ("item", "last"), ("item", "one")),
        ("item", "in it"),
        ("quote", "glad"),
        *(("cell", "A"), ("cell", "B | C"), ("cell", "1"), ("cell", "2")),
        *(("paragraph", "left"), ("paragraph", "right"), ("paragraph", "# tail")),
    ]


@given(st.text(alphabet="ab <>&;#*_-`[]()|\\\n1.+~=!:/", min_size=1, max_size=40))
def test_words_of_a_page_come_through_markdown(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = markdown_of(parsed_page(f"<p>x{escaped}x</p>", source="a"))
    blocks = read_markdown("a", text).blocks
    shown = "".join("".join(block.text.split()) for block in blocks)
    assert shown.count("a") == words.count("a")
    assert shown.count("b") == words.count("b")


FEED = """<?xml version="1.0" encoding="windows-1252"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Example &amp; News</title>
<item><title>Acmelo &lt;b&gt;buys&lt;/b&gt; Borealis</title><link>javascript:alert(1)</link>
<pubDate>Fri, 03 May 2024 23:30:00 -0800</pubDate><description>Short</description>
<content:encoded><![CDATA[<p>One</p><ul><li><a href="javascript:alert(2)">two</a></li></ul>]]></content:encoded></item>
<item><description>Only this, with a &lt;a href="x"&gt;caf\xe9&lt;/a&gt;.</description><link>https://n.example/2</link>
<source url="https://o.example">Other Wire</source></item>
<item><guid>https://n.example/3</guid></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title type="html">A &lt;i>b&lt;/i></title>
<link href="https://a.example/1"/><updated>2024-05-03T10:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>hi <b>x</b></p></div></content></entry></feed>"""


def test_a_feed() -> None:
    errors: list[ReadError] = []
    item = Item("in/f.xml", "f", ".xml", FEED.encode("cp1252"), {"url": "https://n.example/feed"})
    first, second = documents_of(item, on_error=errors.append)
    assert (first.name, first.path, first.title) == ("f-1", "in/f.xml#1", "Acmelo buys Borealis")
    assert (first.date, first.publisher, first.url) == ("2024-05-03", "Example & News", None)
    assert first.text == "# Acmelo buys Borealis\n\nOne\n\n- two"
    assert (second.text, second.publisher, second.url) == (
        *("Only this, with a café.", "Other Wire", "https://n.example/2"),
    )
    assert [(error.path, error.reason) for error in errors] == [("in/f.xml#3", "empty")]
    with pytest.raises(ReadError, match=r"f\.xml#3"):
        documents_of(item)


def test_an_atom_feed() -> None:
    (document,) = documents(ATOM, ".atom")
    assert (document.title, document.text, document.url) == ("A b", "# A b\n\nhi x", "https://a.example/1")
    assert (document.date, document.publisher) == ("2024-05-03", "F")


def test_xml_may_be_a_page_or_nothing_known() -> None:
    assert documents('<?xml version="1.0"?><html><body><p>Acme grew.</p></body></html>', ".xml")[0].text == "Acme grew."
    for text, reason in (("<x><y/></x>", "format"), ("<rss version='2.0'><channel></channel></rss>", "empty")):
        with pytest.raises(ReadError) as error:
            documents(text, ".xml")
        assert error.value.reason == reason


def mail(plain: str | None, html: str | None, **headers: str) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Fwd: Acmelo – the week", "Example Letters <l@letters.example>"
    message["Date"] = "Fri, 03 May 2024 23:30:00 -0800"
    if plain is not None:
        message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html", charset="iso-8859-1")
    message.add_attachment(b"a,b", maintype="text", subtype="csv", filename="a.csv")
    return bytes(message)


def test_a_mail() -> None:
    both = mail(
        "Acmelo grew.\n\nSee https://l.example", "<table><tr><td><h2>Deals</h2>Acmelo bought café</td></tr></table>"
    )
    (document,) = documents(both, ".eml")
    assert (document.title, document.publisher, document.date) == (
        *("Acmelo – the week", "Example Letters", "2024-05-03"),
    )
    assert document.text == "# Acmelo – the week\n\n## Deals\n\nAcmelo bought café"
    plain = mail("Acmelo grew by far, and so did many others of the kind.", "<p>Open in browser</p>")
    assert kinds(documents(plain, ".eml")[0])[1:] == [
        ("paragraph", "Acmelo grew by far, and so did many others of the kind.")
    ]
    assert kinds(documents(mail("Acmelo grew.", None), ".eml")[0])[1:] == [("paragraph", "Acmelo grew.")]


def test_broken_mails() -> None:
    raw = b'From: "a" <>,;@\nDate: never\nSubject: =?utf-8?q?=FF=?=\nContent-Type: text/plain; charset=none\n\n'
    raw += b"Acme grew.\n"
    (document,) = documents(raw, ".eml")
    assert (document.date, "Acme grew." in document.text) == (None, True)
    with pytest.raises(ReadError) as error:
        documents(b"\n\nAcmelo grew.", ".eml")
    assert error.value.reason == "format"


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, **parts: str | bytes) -> bytes:
    out = io.BytesIO()
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="Own"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
    )
    core = (
        '<p xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dc:title>Acme in brief</dc:title><dcterms:created>2024-05-03T10:00:00Z</dcterms:created></p>"
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        archive.writestr("word/styles.xml", styles)
        archive.writestr("docProps/core.xml", core)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_word_document() -> None:
    item = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'
    cell = "<w:tc>{}</w:tc>".format
    body = "".join(
        (
            paragraph("Acme", '<w:pStyle w:val="Own"/>'),
            paragraph("Deals", '<w:pStyle w:val="berschrift2"/>'),
            "<w:p><w:r><w:t>Acme </w:t></w:r><w:ins><w:r><w:t>bought</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>sold</w:delText></w:r></w:del><w:r><w:t> Globex.</w:t></w:r></w:p>",
            "<w:sdt><w:sdtContent>" + paragraph("In a control.") + "</w:sdtContent></w:sdt>",
            paragraph("one", item.format(0)) + paragraph("inner", item.format(1)) + paragraph("two", item.format(0)),
            "<w:tbl><w:tr>" + cell(paragraph("A")) + cell(paragraph("B|C")) + "</w:tr><w:tr>",
            cell(paragraph("1")) + cell(paragraph("2") + paragraph("3")) + "</w:tr></w:tbl>",
        )
    )
    (document,) = documents(docx(body), ".docx")
    assert (document.title, document.date) == ("Acme in brief", "2024-05-03")
    assert kinds(document) == [
        *(("heading", "Acme"), ("heading", "Deals"), ("paragraph", "Acme bought Globex.")),
        *(("paragraph", "In a control."), ("item", "one"), ("item", "inner"), ("item", "two")),
        *(("cell", "A"), ("cell", "B|C"), ("cell", "1"), ("cell", "2 3")),
    ]
    assert [block.level for block in document.blocks if block.kind == "item"] == [1, 2, 1]


def test_word_documents_that_are_none() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    for data in (out.getvalue(), b"PK\x03\x04 and so on", docx("<w:p>")[:-30], docx("</w:nothing>")):
        with pytest.raises(ReadError) as error:
            documents(data, ".docx")
        assert error.value.reason == "format"


def pdf(*pages: list[str], info: str = "", content: bytes | None = None) -> bytes:
    """A PDF file with a line of text each 14 points."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    objects.append(f"<< {info} >>".encode())
    kids = []
    for lines in pages:
        drawn = "".join(f"({line}) Tj 0 -14 Td\n" for line in lines)
        stream = content or f"BT /F1 11 Tf 72 720 Td\n{drawn}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content_of in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content_of)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def test_a_pdf_file() -> None:
    head, foot = "Example Quarterly", "Page {} of 3"
    first = ["Acmelo buys Borealis", "Acmelo bought Borealis for five million dollars on Friday, the com-"]
    first += ["panies said. The deal is the third of the year for Acmelo, which had raised", "forty million in March."]
    second = ["Oak Ventures led the round. It was joined by Globex and by a number of state-", "owned funds, owned by"]
    third = ["the state of Elbonia, as the papers show."]
    pages = [[head, *lines, foot.format(number)] for number, lines in enumerate((first, second, third), 1)]
    info = "/Title (Acmelo buys Borealis in cash) /CreationDate (D:20240503100000Z)"
    (document,) = documents(pdf(*pages, info=info), ".pdf")
    assert (document.title, document.date) == ("Acmelo buys Borealis in cash", "2024-05-03")
    assert [text for _, text in kinds(document)] == [
        "Acmelo buys Borealis",
        "Acmelo bought Borealis for five million dollars on Friday, the companies said. The deal is the third of the"
        " year for Acmelo, which had raised forty million in March.",
        "Oak Ventures led the round. It was joined by Globex and by a number of state-owned funds, owned by the state"
        " of Elbonia, as the papers show.",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4\nnothing", "format"),
        (pdf(["Acmelo grew."])[:200], "format"),
        (pdf([]), "empty"),
        (b"no PDF at all", "format"),
    ],
)
def test_pdf_files_that_cannot_be_read(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as error:
        documents(data, ".pdf")
    assert error.value.reason == reason


SAMPLES = {
    ".html": PAGE.encode(),
    ".rss": FEED.encode("cp1252"),
    ".eml": mail("Acmelo grew.", "<p>Acmelo <b>grew</b>"),
    ".pdf": pdf(["Acmelo grew."]),
    ".docx": docx(paragraph("Acmelo grew.")),
}


@pytest.mark.parametrize("form", SAMPLES)
def test_the_limits_hold_for_every_form(form: str) -> None:
    for options in (Reading(max_bytes=50), Reading(max_chars=5)):
        with pytest.raises(ReadError) as error:
            documents_of(Item("a", "a", form, SAMPLES[form]), options=options)
        assert error.value.reason == "too-long"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), max_size=6))
def test_damaged_files_are_read_or_refused(form: str, damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(SAMPLES[form])
    for place, other in damage:
        at = place % len(data)
        data[at : at + 3] = other
    errors: list[ReadError] = []
    try:
        documents_of(Item("a", "a", form, bytes(data)), on_error=errors.append)
    except ReadError as error:
        errors.append(error)
    assert "internal" not in {error.reason for error in errors}
