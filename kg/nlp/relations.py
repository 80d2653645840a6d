"""From matches to relation mentions: status, amount, date, round and role attached, each with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Amount, Document, Evidence, Mention, Qualifiers, RelationMention
from kg.nlp.dating import date_of
from kg.nlp.judging import (
    JudgedPassage,
    Key,
    Likely,
    beside,
    fact_key,
    likelihoods,
    likely_facts,
    own_sums,
    two_figures,
)
from kg.nlp.loading import Pipeline
from kg.nlp.matching import Match, amount_token, shares_its_sum
from kg.nlp.names import Name
from kg.nlp.parsed import Parsed
from kg.nlp.passages import Passage
from kg.nlp.paths import nearest_round
from kg.nlp.status import Cue, Cues, end_of_role, status_of, weakest
from kg.schema import load_schema

if TYPE_CHECKING:
    from spacy.tokens import Token


def relate(passages: Iterable[JudgedPassage], document: Document, pipeline: Pipeline) -> tuple[RelationMention, ...]:
    """What a document states, in order of place; one mention for each fact of a sentence.

    The patterns come first. The learned component makes each more or less sure, and adds what it is sure of by itself.
    """
    found: dict[tuple[object, ...], RelationMention] = {}
    for passage in passages:
        by_pattern = list(found_by_patterns(passage, document, pipeline))
        sure = [each for each in by_pattern if each.evidence.confidence >= pipeline.calibration.least_with_pattern]
        told = {_told(each) for each in by_pattern}
        likely = likely_facts(passage, calibration=pipeline.calibration, schema=load_schema())
        learned = (_learned(fact, passage.parsed, document) for fact in likely)
        for mention in (*sure, *(each for each in learned if _told(each) not in told)):
            key = _fact_key(mention)
            found[key] = _fuller(found[key], mention) if key in found else mention
    return tuple(sorted(found.values(), key=lambda m: (m.evidence.start, m.evidence.end, m.evidence.rule)))


def found_by_patterns(passage: JudgedPassage, document: Document, pipeline: Pipeline) -> Iterator[RelationMention]:
    """What the patterns find in a passage, sure or not. Sums that no pattern looked for come from the component."""
    parsed, likely, sums = passage.parsed, likelihoods(passage), own_sums(passage)
    for match in passage.matched:
        shared = match.pattern.alone and shares_its_sum(match, passage.matched, parsed)
        mention = _mention(match, parsed, document, pipeline.cues, shared=shared) if match.rejected is None else None
        if mention is None:
            continue
        ends = mention.subject.surface, mention.object.surface if mention.object else ""
        evidence = mention.evidence
        if evidence.qualifiers.amount is None and ends in sums and match.pattern.relation.has_sum:
            evidence = replace(evidence, qualifiers=replace(evidence.qualifiers, amount=sums[ends]))
        sure = pipeline.calibration.confidence(
            mention.relation,
            likely.get((mention.relation, *ends)),
            pattern=match.pattern.id,
            **beside(mention_key(mention), (mention.subject, mention.object), passage),
        )
        yield replace(mention, evidence=replace(evidence, confidence=sure))


def mention_key(mention: RelationMention) -> Key:
    """A relation mention as facts are compared within a document."""
    amount = mention.evidence.qualifiers.amount
    ends = [end.entity or end.surface for end in (mention.subject, mention.object) if end is not None]
    if mention.object is None and amount is not None:
        ends.append(two_figures(float(amount.value)))
    return fact_key(load_schema().relations[mention.relation], ends[0], ends[-1])


def _told(mention: RelationMention) -> tuple[object, ...]:
    """What makes two mentions of one passage the same fact."""
    amount = mention.evidence.qualifiers.amount
    other = mention.object.surface if mention.object else amount and amount.value
    return mention.relation, frozenset((mention.subject.surface, other))


def _learned(fact: Likely, parsed: Parsed, document: Document) -> RelationMention:
    first, last = (parsed.doc[slot.token].sent for slot in (fact.first, fact.last))
    start = parsed.passage.block.stored_span(*parsed.sentence_range(first))[0]
    end = parsed.passage.block.stored_span(*parsed.sentence_range(last))[1]
    text = document.text
    rule = f"learned/{fact.relation}"
    evidence = Evidence(document.hash, start, end, text[start:end], rule, fact.status, fact.qualifiers, fact.confidence)
    return RelationMention(
        relation=fact.relation,
        subject=to_mention(fact.subject, parsed.passage),
        object=to_mention(fact.object, parsed.passage) if fact.object else None,
        evidence=evidence,
    )


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


def _mention(
    match: Match, parsed: Parsed, document: Document, cues: Cues, *, shared: bool = False
) -> RelationMention | None:
    """What a match states. `shared`: the sum that it would have is not its alone."""
    pattern, relation = match.pattern, match.pattern.relation
    amount = None if shared else amount_of(match, parsed)
    if amount is None and not relation.range:
        return None
    status, _ = decided_status(match, parsed, cues)
    qualifiers = Qualifiers(
        amount=amount,
        date=date_of(match.trigger, parsed, certain=status == "asserted"),
        round=nearest_round(match.trigger, parsed) if pattern.amount is not None else None,
        lead=pattern.lead,
        role=_role(match.trigger, parsed) if pattern.role else None,
        period=next((surface for _, _, surface in _in_sentence(parsed, match.trigger)), None)
        if relation.name == "hasRevenue"
        else None,
    )
    start, end = parsed.passage.block.stored_span(*parsed.sentence_range(match.trigger.sent))
    text = document.text
    evidence = Evidence(document.hash, start, end, text[start:end], pattern.id, status, qualifiers)
    return RelationMention(
        relation=relation.name,
        subject=to_mention(match.subject, parsed.passage),
        object=to_mention(match.object, parsed.passage) if match.object else None,
        evidence=evidence,
    )


def amount_of(match: Match, parsed: Parsed) -> Amount | None:
    """The sum that belongs to a match, None without one."""
    token = amount_token(match, parsed)
    return parsed.amounts[token.i] if token is not None else None


def decided_status(match: Match, parsed: Parsed, cues: Cues) -> tuple[str, tuple[Cue, ...]]:
    """How the text holds what a match states, and the cues that say so.

    Where an amount stands for the object, the cues at the amount count too: the weaker claim wins.
    """
    pattern, trigger = match.pattern, match.trigger
    if pattern.status:
        return pattern.status, ()
    over = _end_of_role(match, parsed, cues)
    if over is not None:
        return "ended", (over,)
    found = [status_of(trigger, cues, ignore=pattern.ignore, presupposed=pattern.presupposed)]
    amount = None if match.object or pattern.presupposed else amount_token(match, parsed)
    if amount is not None:
        found.append(status_of(amount, cues, ignore=pattern.ignore))
    statuses = {status for status, _ in found}
    return weakest(statuses), tuple(dict.fromkeys(cue for _, said in found for cue in said))


def _end_of_role(match: Match, parsed: Parsed, cues: Cues) -> Cue | None:
    """Why somebody's role is over, None where nothing says so."""
    if not match.pattern.relation.is_state or match.pattern.relation.domain != {"Person"} or match.object is None:
        return None
    names = parsed.names.items()
    sentence = match.trigger.sent
    here = [i for i, name in names if name.surface == match.subject.surface and sentence.start <= i < sentence.end]
    meant = {i for i, name in names if name.surface not in (match.subject.surface, match.object.surface)}
    return end_of_role(match.trigger, parsed.doc[here[0]] if here else None, meant, cues)


def to_mention(name: Name, passage: Passage) -> Mention:
    """A name with its place in the stored text."""
    start, end = passage.block.stored_span(name.start, name.end)
    return Mention(
        name.surface, start, end, name.type, name.rule, name.sure, name.entity, name.maker, common=name.common
    )


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


def mentions(passages: Iterable[Parsed], aside: Iterable[tuple[Passage, Sequence[Name]]] = ()) -> tuple[Mention, ...]:
    """All names of a document, in order of place. Names of passages that stand aside have the types of the others."""
    found, final = list[Mention](), dict[str, Name]()
    for parsed in passages:
        found += [to_mention(name, parsed.passage) for name in parsed.names.values()]
        final |= {name.surface: name for name in parsed.names.values()}
    for passage, names in aside:
        for name in names:
            known = final.get(name.surface)
            if known is not None:
                found.append(to_mention(replace(name, type=known.type, sure=known.sure), passage))
            elif name.entity or name.either:
                found.append(to_mention(name, passage))
    return tuple(sorted(found, key=lambda m: (m.start, m.end)))
