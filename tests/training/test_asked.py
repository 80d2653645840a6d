"""What the component was asked about passages is written once each, and read as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from kg.nlp.component import judge, load_component
from kg.nlp.loading import Pipeline
from kg.nlp.marked import marked
from kg.nlp.pipeline import annotate
from kg.read.readers import document_from_text
from kg.training.asked import Asked, asked_of, read_asked, write_asked

TEXT = "Acmelo will acquire Globexa for $5 million.\n\nIt rained.\n\nJane Roe is the chief executive of Acmelo."


def asked(pipeline: Pipeline) -> list[Asked]:
    parsed = annotate(document_from_text("d", TEXT), pipeline).parsed
    return list(asked_of(map(marked, parsed), pipeline.component))


def test_what_is_said_is_what_the_component_says(pipeline: Pipeline) -> None:
    parsed = annotate(document_from_text("d", TEXT), pipeline).parsed
    component = load_component()
    heard = [each for each in judge(list(map(marked, parsed)), component) if each.pairs]
    found = asked(pipeline)
    assert len(found) == len(heard) == 2
    for one, other in zip(found, heard, strict=True):
        numbers = np.frombuffer(one.said, dtype="<f4")[: len(one.pairs) * len(component.labels)]
        likely = 1 / (1 + np.exp(-numbers.reshape(len(one.pairs), -1)))
        for row, ends, pair in zip(likely, one.ends, other.pairs, strict=True):
            said = {label: float(row[k]) for k, label in enumerate(component.labels)}
            assert pair.likely == {label: said[label] for label in component.ends[ends]}


def test_questions_are_written_once_and_read_as_they_were(pipeline: Pipeline, tmp_path: Path) -> None:
    found = asked(pipeline)
    again = replace(found[0], said=b"other")
    assert write_asked([*found, again, *found], tmp_path / "asked.jsonl") == 2
    assert list(read_asked(tmp_path / "asked.jsonl")) == found
