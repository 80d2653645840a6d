"""The language pipeline: documents in, annotated documents and relation mentions out.

A document is parsed in two steps. First the model's tagger and recogniser see it with known names, sums and rounds as
single words, and all names are settled. Then the parser sees it with every name as a single word.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from kg.data import data_path
from kg.model import Document
from kg.nlp.amounts import FoundAmount, find_amounts
from kg.nlp.cache import remembered, version_of
from kg.nlp.candidates import candidates
from kg.nlp.dates import find_dates, find_periods
from kg.nlp.gate import parted
from kg.nlp.known import find_known
from kg.nlp.loading import MODEL, PARSE, RECOGNISER, Pipeline
from kg.nlp.names import RECOGNISED, THINGS, Name, settle_types, spread
from kg.nlp.parsed import Annotation, Parsed
from kg.nlp.passages import Passage, passages
from kg.nlp.references import load_reference_words, resolve_references
from kg.nlp.tokens import Atom, Piece, find_rounds, in_sentence_case, is_common, parser_doc, pieces, with_lead_in

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 64


@dataclass(frozen=True, slots=True)
class _Summed:
    """A passage with its sums and financing rounds, which are found once and used in both steps."""

    passage: Passage
    amounts: tuple[FoundAmount, ...]
    rounds: tuple[tuple[int, int, str], ...]


def annotate(document: Document, pipeline: Pipeline, *, given: Callable[[str], list[Name]] | None = None) -> Annotation:
    """Names, sums, dates, trees and references of one document.

    `given`: the names in the text of a passage, where they are known (training); else they are found.
    """
    every = list(passages(document, pipeline.lexicon))
    kept, aside = (every, list[Passage]()) if given else _parted(every, pipeline)
    found = [
        _Summed(passage, find_amounts(passage.text), tuple(find_rounds(passage.text, pipeline.lexicon)))
        for passage in kept
    ]
    if given is None:
        names = _names(kept, aside, pipeline)
    else:
        names = {i: given(summed.passage.text) for i, summed in enumerate(found)}
    shown = [_pieces(summed, names[i], pipeline) for i, summed in enumerate(found)]
    docs = _parse(pipeline, found, shown)
    makers = _makers([name for each in names.values() for name in each], pipeline)
    parsed = tuple(
        _parsed(summed, docs[i], shown[i], names[i], makers, date=document.date, pipeline=pipeline)
        for i, summed in enumerate(found)
    )
    beside = tuple((passage, tuple(names[len(kept) + i])) for i, passage in enumerate(aside))
    return Annotation(document, resolve_references(parsed, load_reference_words()), beside)


def _parted(every: list[Passage], pipeline: Pipeline) -> tuple[list[Passage], list[Passage]]:
    """The parts of the passages that are worth reading, and the others; without a gate, all are read."""
    if pipeline.gate is None:
        return every, []
    known = [find_known(passage.text, pipeline.known) for passage in every]
    return parted(every, known, pipeline.gate, pipeline.lexicon, load_reference_words())


def _names(kept: Sequence[Passage], aside: Sequence[Passage], pipeline: Pipeline) -> dict[int, list[Name]]:
    """All names of a document by passage, typed: those of the passages `kept`, then those of the others.

    Only the former are shown to the recogniser; in the others stand names that are known or were seen in the former.
    """
    every = dict(enumerate([*kept, *aside]))
    texts = {i: passage.text for i, passage in every.items()}
    seen = [*_recognised([passage.text for passage in kept], pipeline), *([list[Name]()] * len(aside))]
    named = {
        i: candidates(
            passage,
            known=find_known(passage.text, pipeline.known),
            recognised=seen[i],
            lexicon=pipeline.lexicon,
            forms=pipeline.forms,
        )
        for i, passage in every.items()
    }
    settled = settle_types(spread(named, texts, pipeline.forms), texts, pipeline.lexicon)
    return {i: _placed([_weighed(name, pipeline) for name in names], texts[i]) for i, names in settled.items()}


def _placed(names: Sequence[Name], text: str) -> list[Name]:
    """A city with the state or country that follows it is one name: "Oslo, Norway" is Oslo."""
    out: list[Name] = []
    for name in names:
        city = out[-1] if out else None
        between = text[city.end : name.start] if city and city.type == name.type == "Place" else ""
        if city and between == ", " and not re.match(r",? and ", text[name.end :]):
            out[-1] = replace(city, end=name.end)
        else:
            out.append(name)
    return out


def _recognised(texts: Sequence[str], pipeline: Pipeline) -> list[list[Name]]:
    """What the recogniser sees in each text. It reads the text itself, not what the parser is shown."""

    def say(some: list[int]) -> Iterator[bytes]:
        for doc in pipeline.recogniser.pipe([texts[i] for i in some], batch_size=BATCH):
            yield json.dumps([(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]).encode()

    return [
        [Name(start, end, text[start:end], kind, f"{RECOGNISED} {kind}") for start, end, kind in json.loads(said)]
        for text, said in zip(texts, remembered(pipeline.cache, _recogniser_version, texts, say), strict=True)
    ]


def _recogniser_version() -> str:
    return version_of(data_path(RECOGNISER), f"spacy {version('spacy')}")


def _weighed(name: Name, pipeline: Pipeline) -> Name:
    """The name with what its words say: a name that the registry holds only with a context rule counts, since here the
    text uses it as a name; one that the registry does not hold may consist of ordinary words."""
    if name.entity is not None:
        return name
    if name.surface in pipeline.guarded:
        entity, kind = pipeline.guarded[name.surface]
        return replace(name, entity=entity, type=kind, sure=True, rule=f"{name.rule}; registry")
    return replace(name, common=all(is_common(word.lower(), pipeline.forms) for word in name.surface.split()))


def _pieces(summed: _Summed, names: Sequence[Name], pipeline: Pipeline) -> list[Piece]:
    """The tokens that the model is shown for a passage."""
    passage = summed.passage
    atoms = [Atom(name.start, name.end, name.type) for name in names]
    taken = [(name.start, name.end) for name in names]
    others = [(with_lead_in(passage.text, a.start, pipeline.lexicon), a.end, "amount") for a in summed.amounts]
    others += [(start, end, "round") for start, end, _ in summed.rounds]
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


def _parse(pipeline: Pipeline, found: Sequence[_Summed], shown: Sequence[Sequence[Piece]]) -> list[Doc]:
    """The trees of all passages."""
    docs = [parser_doc(pipeline.nlp, summed.passage.text, tokens) for summed, tokens in zip(found, shown, strict=True)]
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
    summed: _Summed,
    doc: Doc,
    shown: Sequence[Piece],
    names: Sequence[Name],
    makers: Mapping[str, tuple[Name, ...]],
    *,
    date: str | None,
    pipeline: Pipeline,
) -> Parsed:
    """The tree of a passage with what its tokens stand for."""
    passage = summed.passage
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
        amounts={ending[found.end]: found.amount for found in summed.amounts if found.end in ending},
        rounds={at[start]: name for start, _, name in summed.rounds if start in at},
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
