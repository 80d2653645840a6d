"""The last word on the types of names: the relations that they take part in, and what the learned component reads.

A name of the registry, or one whose neighbours say what it is, keeps its type.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from kg.nlp.component import NO_NAME, Heard, judge
from kg.nlp.judging import JudgedPassage, with_elsewhere
from kg.nlp.loading import Pipeline
from kg.nlp.marked import Marked, marked
from kg.nlp.matching import Match, matches
from kg.nlp.names import Name
from kg.nlp.parsed import Annotation, Parsed
from kg.nlp.patterns import Patterns
from kg.schema import load_schema

LEAD = 0.5
"""A name is given another type where the component finds that type this much likelier (natural logarithm)."""
NO_NAME_LEAD = 2.0
MAKER = "Company"
"""The type of those that make chips without a name, and things that begin with their name."""
MOST_MENTIONS = 4
"""The mentions of a name do not speak independently: together they count for no more than so many."""


def judged_passages(annotation: Annotation, pipeline: Pipeline) -> list[JudgedPassage]:
    """The passages with their names as they are typed in the end, and what the component says of them.

    The component is asked twice about a passage in which it found other types.
    """
    matched = [_matched(parsed, pipeline.patterns) for parsed in annotation.parsed]
    typed = _typed_by(matched, annotation.parsed)
    marks = [marked(parsed) for parsed in typed]
    heard = judge(marks, pipeline.component, pipeline.cache)
    again = typed_by_component(typed, marks, heard)
    changed = [i for i, parsed in enumerate(again) if parsed is not typed[i]]
    marks = [marked(parsed) if parsed is not typed[i] else marks[i] for i, parsed in enumerate(again)]
    for i, said in zip(changed, judge([marks[i] for i in changed], pipeline.component, pipeline.cache), strict=True):
        heard[i] = said
    judged = [
        JudgedPassage(
            parsed,
            marks[i],
            heard[i].pairs,
            matched[i] if parsed is annotation.parsed[i] else _matched(parsed, pipeline.patterns),
        )
        for i, parsed in enumerate(again)
    ]
    return with_elsewhere(judged, load_schema())


def typed_by_component(parsed: Sequence[Parsed], marks: Sequence[Marked], heard: Sequence[Heard]) -> tuple[Parsed, ...]:
    """The passages with unsure names typed by the words around all their mentions; what is no name is none."""
    said: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    names: dict[str, Name] = {}
    for passage, each in zip(marks, heard, strict=True):
        for number, kinds in each.kinds.items():
            name = passage.slots[number].name
            if name is not None and not name.sure and name.maker is None:
                said[name.surface].append(kinds)
                names[name.surface] = name
    decided = {surface: _decided(names[surface], kinds) for surface, kinds in said.items()}
    changed = {surface: kind for surface, kind in decided.items() if kind != names[surface].type}
    typed = partial(_typed, kinds=changed, rule="context", sure=False)
    return tuple(_renamed(each, typed) for each in parsed) if changed else tuple(parsed)


def _decided(name: Name, said: Sequence[Mapping[str, float]]) -> str:
    weight = min(len(said), MOST_MENTIONS) / len(said)
    total = {kind: weight * sum(kinds[kind] for kinds in said) for kind in name.either or said[0]}
    least = 0.0 if name.either else LEAD
    leads = {kind: total[kind] - total[name.type] - (NO_NAME_LEAD if kind == NO_NAME else least) for kind in total}
    fitting = [kind for kind in sorted(leads) if leads[kind] >= 0]
    return max(fitting, key=total.__getitem__, default=name.type)


def _typed(name: Name, *, kinds: Mapping[str, str], rule: str, sure: bool) -> Name | None:
    """An unsure name with the type decided for its surface form, if any; None for what is no name.

    The unnamed chips of what is no company are none.
    """
    kind = kinds.get(name.maker or name.surface)
    if name.maker is not None:
        return name if kind in (None, MAKER) else None
    if kind is None or name.sure:
        return name
    return None if kind == NO_NAME else replace(name, type=kind, sure=sure, rule=f"{name.rule}; {rule}")


def _renamed(parsed: Parsed, typed: Callable[[Name], Name | None]) -> Parsed:
    """The passage with its names and references changed; itself where none is."""

    def changed(found: Mapping[int, Name]) -> dict[int, Name]:
        return {i: name for i, name in ((i, typed(name)) for i, name in found.items()) if name is not None}

    names, references = changed(parsed.names), changed(parsed.references)
    of_thing = {surface: tuple(filter(None, map(typed, makers))) for surface, makers in parsed.makers.items()}
    makers = {
        surface: found
        for surface, each in of_thing.items()
        if (found := tuple(maker for maker in each if maker.type == MAKER))
    }
    same = (names, references, makers) == (parsed.names, parsed.references, parsed.makers)
    return parsed if same else replace(parsed, names=names, references=references, makers=makers)


def typed_by_slots(annotation: Annotation, patterns: Patterns) -> Annotation:
    """The annotation with unsure names typed by the relations they take part in: "X raised $5M" makes X a company.

    The type that most slots give a surface form holds for all its mentions; a tie leaves it unsure.
    """
    matched = [_matched(parsed, patterns) for parsed in annotation.parsed]
    return replace(annotation, parsed=_typed_by(matched, annotation.parsed))


def _matched(parsed: Parsed, patterns: Patterns) -> tuple[Match, ...]:
    return tuple(matches(parsed, patterns))


def _typed_by(matched: Sequence[Sequence[Match]], passages: Sequence[Parsed]) -> tuple[Parsed, ...]:
    """The passages with unsure names typed by the slots of what matched in each."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for match in (match for found in matched for match in found):
        if match.rejected is None and match.pattern.retype:
            for name in (match.subject, match.object):
                if name is not None and not name.sure:
                    votes[name.surface][name.type] += 1
    decided = {}
    for surface, counts in votes.items():
        (kind, most), *others = counts.most_common(2)
        if not others or others[0][1] < most:
            decided[surface] = kind
    typed = partial(_typed, kinds=decided, rule="slot", sure=True)
    return tuple(_renamed(parsed, typed) for parsed in passages) if decided else tuple(passages)
