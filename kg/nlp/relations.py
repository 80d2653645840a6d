"""From matches to relation mentions: status, amount, date, round and role attached, each with its sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Evidence, Mention, Qualifiers, RelationMention
from kg.nlp.matching import Match, amount_token, matches
from kg.nlp.names import Name
from kg.nlp.parsed import Annotation, Parsed
from kg.nlp.paths import nearest
from kg.nlp.patterns import Patterns
from kg.nlp.status import Cue, Cues, status_of, weakest

if TYPE_CHECKING:
    from spacy.tokens import Token


def relate(annotation: Annotation, patterns: Patterns, cues: Cues) -> tuple[RelationMention, ...]:
    """What a document states, in order of place; one mention for each fact of a sentence."""
    found: dict[tuple[object, ...], RelationMention] = {}
    for parsed in typed_by_slots(annotation, patterns).parsed:
        for match in matches(parsed, patterns):
            if match.rejected is None:
                mention = _mention(match, parsed, annotation, cues)
                if mention is not None:
                    key = _fact_key(mention)
                    found[key] = _fuller(found[key], mention) if key in found else mention
    return tuple(sorted(found.values(), key=lambda m: (m.evidence.start, m.evidence.end, m.evidence.rule)))


def typed_by_slots(annotation: Annotation, patterns: Patterns) -> Annotation:
    """The annotation with unsure names typed by the relations they take part in: "X raised $5M" makes X a company.

    The type that most slots give a surface form holds for all its mentions; a tie leaves it unsure.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for parsed in annotation.parsed:
        for match in matches(parsed, patterns):
            if match.rejected is None and match.pattern.retype:
                for name in (match.subject, match.object):
                    if name is not None and not name.sure:
                        votes[name.surface][name.type] += 1
    decided = {}
    for surface, counts in votes.items():
        (kind, most), *others = counts.most_common(2)
        if not others or others[0][1] < most:
            decided[surface] = kind

    def typed(name: Name) -> Name:
        if name.sure or name.surface not in decided:
            return name
        return replace(name, type=decided[name.surface], sure=True, rule=f"{name.rule}; slot")

    parsed_again = (
        replace(
            parsed,
            names={i: typed(name) for i, name in parsed.names.items()},
            references={i: typed(name) for i, name in parsed.references.items()},
        )
        for parsed in annotation.parsed
    )
    return Annotation(annotation.document, tuple(parsed_again))


def _fact_key(mention: RelationMention) -> tuple[object, ...]:
    """What makes two matches of one sentence the same fact."""
    other = mention.object.surface if mention.object else mention.evidence.qualifiers.amount
    ends = (mention.subject.surface, other)
    amount = mention.evidence.qualifiers.amount
    return mention.relation, ends, mention.evidence.start, amount and amount.value


def _fuller(one: RelationMention, other: RelationMention) -> RelationMention:
    """Of two mentions of one fact in one sentence, the one with more qualifiers."""

    def filled(mention: RelationMention) -> int:
        q = mention.evidence.qualifiers
        return sum(value is not None and value is not False for value in (q.amount, q.date, q.round, q.lead, q.role))

    return other if filled(other) > filled(one) else one


def _mention(match: Match, parsed: Parsed, annotation: Annotation, cues: Cues) -> RelationMention | None:
    pattern, relation = match.pattern, match.pattern.relation
    token = amount_token(match, parsed)
    if token is None and not relation.range:
        return None
    amount = parsed.amounts[token.i] if token is not None else None
    status, _ = decided_status(match, parsed, cues)
    qualifiers = Qualifiers(
        amount=amount,
        date=_date(match.trigger, parsed),
        round=_round(match.trigger, parsed) if pattern.amount is not None else None,
        lead=pattern.lead,
        role=_role(match.trigger, parsed) if pattern.role else None,
        period=next((surface for _, _, surface in _in_sentence(parsed, match.trigger)), None)
        if relation.name == "hasRevenue"
        else None,
    )
    start, end = parsed.passage.block.stored_span(*parsed.sentence_range(match.trigger.sent))
    text = annotation.document.text
    evidence = Evidence(annotation.document.hash, start, end, text[start:end], pattern.id, status, qualifiers)
    return RelationMention(
        relation=relation.name,
        subject=to_mention(match.subject, parsed),
        object=to_mention(match.object, parsed) if match.object else None,
        evidence=evidence,
    )


def decided_status(match: Match, parsed: Parsed, cues: Cues) -> tuple[str, tuple[Cue, ...]]:
    """How the text holds what a match states, and the cues that say so.

    Where an amount stands for the object, the cues at the amount count too: the weaker claim wins.
    """
    pattern, trigger = match.pattern, match.trigger
    if pattern.status:
        return pattern.status, ()
    if pattern.role and trigger.dep_ == "attr" and trigger.head.tag_ == "VBD":  # "she was its president"
        return "ended", (Cue("ended", trigger.head.lower_, "past"),)
    found = [status_of(trigger, cues, ignore=pattern.ignore, presupposed=pattern.presupposed)]
    amount = None if match.object or pattern.presupposed else amount_token(match, parsed)
    if amount is not None:
        found.append(status_of(amount, cues, ignore=pattern.ignore))
    statuses = {status for status, _ in found}
    return weakest(statuses), tuple(dict.fromkeys(cue for _, said in found for cue in said))


def to_mention(name: Name, parsed: Parsed) -> Mention:
    """A name with its place in the stored text."""
    start, end = parsed.passage.block.stored_span(name.start, name.end)
    return Mention(name.surface, start, end, name.type, name.rule, name.sure, name.entity, name.maker)


def _round(trigger: Token, parsed: Parsed) -> str | None:
    found = nearest(trigger, parsed.rounds)
    return parsed.rounds[found.i] if found is not None else None


def _date(trigger: Token, parsed: Parsed) -> str | None:
    """The date nearest to the trigger in the tree of its sentence; None where none is near."""
    found = nearest(trigger, parsed.dates)
    return parsed.dates[found.i] if found is not None and found.sent.start == trigger.sent.start else None


def _role(trigger: Token, parsed: Parsed) -> str:
    """The role as worded: the trigger with the modifiers directly before it."""
    first = trigger
    for token in sorted(trigger.lefts, key=lambda t: -t.i):
        if token.dep_ in ("compound", "amod", "nmod") and token.i not in parsed.names and token.i == first.i - 1:
            first = token
    start, end = parsed.offsets(first, trigger)
    return parsed.passage.text[start:end]


def _in_sentence(parsed: Parsed, trigger: Token) -> Iterator[tuple[int, int, str]]:
    first, last = parsed.sentence_range(trigger.sent)
    yield from (period for period in parsed.periods if first <= period[0] and period[1] <= last)


def mentions(annotation: Annotation) -> tuple[Mention, ...]:
    """All names of a document, in order of place."""
    found = (to_mention(name, parsed) for parsed in annotation.parsed for name in parsed.names.values())
    return tuple(sorted(found, key=lambda m: (m.start, m.end)))
