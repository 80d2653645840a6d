"""The language pipeline: documents in, annotated documents and relation mentions out.

First all names of a document are settled (`kg.nlp.naming`). Then the parser sees it with every name, sum and round as a
single word.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from kg.model import Document
from kg.nlp.amounts import find_amounts
from kg.nlp.cache import remembered, version_of
from kg.nlp.dates import find_dates, find_periods
from kg.nlp.known import find_known
from kg.nlp.loading import MODEL, PARSE, Pipeline
from kg.nlp.names import THINGS, Name
from kg.nlp.naming import BATCH, Named, find_names
from kg.nlp.parsed import Annotation, Parsed
from kg.nlp.passages import Passage, passages
from kg.nlp.references import load_reference_words, resolve_references
from kg.nlp.tokens import Atom, Piece, find_rounds, in_sentence_case, parser_doc, pieces, with_lead_in

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Round = tuple[int, int, str]
"""A financing round: its range of a text and its name."""


def annotate(document: Document, pipeline: Pipeline, *, given: Callable[[str], list[Name]] | None = None) -> Annotation:
    """Names, sums, dates, trees and references of one document.

    `given`: the names in the text of a passage, where they are known (training); else they are found.
    """
    every = list(passages(document, pipeline.lexicon))
    if given is None:
        named, aside = find_names(every, pipeline)
    else:
        named = [Named(each, tuple(given(each.text)), find_amounts(each.text)) for each in every]
        aside = []
    rounds = [tuple(find_rounds(each.passage.text, pipeline.lexicon)) for each in named]
    shown = [_pieces(each, rounds[i], pipeline) for i, each in enumerate(named)]
    docs = _parse(pipeline, named, shown)
    makers = _makers([name for each in (*named, *aside) for name in each.names], pipeline)
    parsed = tuple(
        _parsed(each, rounds[i], docs[i], shown[i], makers, date=document.date, pipeline=pipeline)
        for i, each in enumerate(named)
    )
    beside = tuple((each.passage, each.names) for each in aside)
    return Annotation(document, resolve_references(parsed, load_reference_words()), beside)


def _pieces(named: Named, rounds: Sequence[Round], pipeline: Pipeline) -> list[Piece]:
    """The tokens that the model is shown for a passage."""
    passage = named.passage
    atoms = [Atom(name.start, name.end, name.type) for name in named.names]
    taken = [(name.start, name.end) for name in named.names]
    others = [(with_lead_in(passage.text, a.start, pipeline.lexicon), a.end, "amount") for a in named.amounts]
    others += [(start, end, "round") for start, end, _ in rounds]
    atoms += [Atom(*o) for o in others if all(o[1] <= start or o[0] >= end for start, end in taken)]
    found = pieces(pipeline.nlp, passage.text, atoms, pipeline.lexicon)
    if passage.title_case:
        found = in_sentence_case(found, forms=pipeline.forms, atoms=atoms)
    if passage.lead_in:
        found = [_uncapitalised(piece, passage) if piece.start == passage.lead_in else piece for piece in found]
    if passage.label_end is not None:
        found = [replace(piece, word="is") if piece.start == passage.label_end else piece for piece in found]
    return found


def _uncapitalised(piece: Piece, passage: Passage) -> Piece:
    word = passage.text[piece.start : piece.end]
    return replace(piece, word=piece.word.lower()) if piece.word.lower() == word.lower() else piece


def _parse(pipeline: Pipeline, named: Sequence[Named], shown: Sequence[Sequence[Piece]]) -> list[Doc]:
    """The trees of all passages."""
    docs = [parser_doc(pipeline.nlp, each.passage.text, tokens) for each, tokens in zip(named, shown, strict=True)]
    if pipeline.cache is None:
        return _run(pipeline.nlp, docs)

    def say(some: list[int]) -> Iterator[bytes]:
        for doc in _run(pipeline.nlp, [docs[i] for i in some]):
            yield json.dumps([[token.tag_, token.dep_, token.head.i] for token in doc]).encode()

    keys = [json.dumps([(token.text, bool(token.whitespace_)) for token in doc]) for doc in docs]
    said = remembered(pipeline.cache, _parser_version, keys, say)
    return [_as_said(doc, json.loads(each)) for doc, each in zip(docs, said, strict=True)]


def _run(nlp: Language, docs: Iterable[Doc]) -> list[Doc]:
    for part in PARSE:
        docs = nlp.get_pipe(part).pipe(docs, batch_size=BATCH)  # type: ignore[attr-defined]
    return list(docs)


def _as_said(doc: Doc, said: Sequence[tuple[str, str, int]]) -> Doc:
    """A copy of a document with the tags and the tree that were said of it."""
    from spacy.tokens import Doc

    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=[tag for tag, _, _ in said],
        deps=[label for _, label, _ in said],
        heads=[head for _, _, head in said],
    )


def _parser_version() -> str:
    from spacy.util import get_package_path

    return version_of(get_package_path(MODEL), f"spacy {version('spacy')}")


def _parsed(
    named: Named,
    rounds: Sequence[Round],
    doc: Doc,
    shown: Sequence[Piece],
    makers: Mapping[str, tuple[Name, ...]],
    *,
    date: str | None,
    pipeline: Pipeline,
) -> Parsed:
    """The tree of a passage with what its tokens stand for."""
    passage, names = named.passage, named.names
    at = {piece.start: i for i, piece in enumerate(shown)}
    ending = {piece.end: i for i, piece in enumerate(shown)}
    ends = [piece.end for piece in shown]
    dates = {bisect_right(ends, found.start): found.iso for found in find_dates(passage.text, document_date=date)}
    nouns = pipeline.lexicon.class_nouns
    words = [passage.text[piece.start : piece.end].lower() for piece in shown]
    return Parsed(
        passage=passage,
        doc=doc,
        pieces=tuple(shown),
        names={at[name.start]: name for name in names},
        amounts={ending[found.end]: found.amount for found in named.amounts if found.end in ending},
        rounds={at[start]: name for start, _, name in rounds if start in at},
        dates={i: iso for i, iso in dates.items() if i < len(shown)},
        periods=tuple(find_periods(passage.text)),
        classes={i: nouns[word] for i, word in enumerate(words) if word in nouns},
        makers={name.surface: makers[name.surface] for name in names if name.surface in makers},
    )


def _makers(names: Sequence[Name], pipeline: Pipeline) -> dict[str, tuple[Name, ...]]:
    """For the names of things that begin with the name of a company, that company as a name of its own.

    The company is one that the document names elsewhere, or that the registry knows.
    """
    companies = {name.surface: name for name in names if name.type == "Company"}
    out: dict[str, tuple[Name, ...]] = {}
    for name in names:
        words = name.surface.split(" ") if name.type in THINGS and name.surface not in out else ()
        for count in range(len(words) - 1, 0, -1):
            first = re.sub(r"['’]s$", "", " ".join(words[:count]))
            known = (each for each in find_known(first, pipeline.known) if each.surface == first)
            maker = companies.get(first) or next((each for each in known if each.type == "Company"), None)
            rest = [word for word in words[count:] if word not in pipeline.lexicon.suffix_types]
            if maker is not None and rest and maker.entity != (name.entity or ""):
                out[name.surface] = (maker,)
                break
    return out
