"""The page of the ontology says what the ontology says; `make ontology` writes it anew."""

from __future__ import annotations

import html
import re
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, Graph, URIRef

from kg.schema import NAMESPACE

ONTOLOGY = Path(__file__).parent.parent / "ontology"
PAGE = (ONTOLOGY / "aiind.html").read_text(encoding="utf-8")
WORDS = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", PAGE)).split())


def test_every_term_is_on_the_page_with_its_label_and_definition() -> None:
    graph = Graph().parse(ONTOLOGY / "aiind.ttl")
    terms = {term for term in graph.subjects(RDF.type, None) if str(term).startswith(NAMESPACE)}
    statuses = set(graph.subjects(RDF.type, URIRef(NAMESPACE + "Status")))
    missing = [
        f"{term}: {text}"
        for term in sorted(terms - statuses)  # pyLODE shows classes and properties
        for text in (term, *graph.objects(term, RDFS.label), *graph.objects(term, SKOS.definition))
        if " ".join(str(text).split()) not in WORDS
    ]
    assert missing == [], "run `make ontology`"


def test_the_page_fetches_nothing() -> None:
    assert re.findall(r"""(?:src|href)=["']https?:[^"']+\.(?:js|css|png|woff2?)["']""", PAGE) == []
