"""What reading found in each document, kept beside its text: names can be resolved anew without reading it again.

One JSON file a document: its mentions, and its relation mentions without the quotes, which the text holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

from kg.errors import StoreError
from kg.model import Amount, Document, Evidence, Extracted, Mention, Qualifiers, RelationMention, content_hash

Json = dict[str, object]


def write_extracted(folder: Path, extracted: Iterable[Extracted]) -> None:
    """Write `HASH.json` for each document."""
    for each in extracted:
        (folder / f"{each.document.hash}.json").write_text(_line(each), encoding="ascii")


def extracted_hash(each: Extracted) -> str:
    """A hash of the document's metadata and of what was found in it, but not of where it lay."""
    document = each.document
    given = (document.name, document.title, document.publisher, document.date, document.url)
    return content_hash(*(part or "" for part in given), _line(each))


def read_extracted(folder: Path, documents: Mapping[str, Document]) -> tuple[Extracted, ...]:
    """What was found in each document, sorted by hash; nothing if that was not kept. `documents`: with their texts.

    Raises `StoreError` where a file is missing or damaged.
    """
    if not any(folder.glob("*.json")):
        return ()
    return tuple(read_one(folder, document_hash, document) for document_hash, document in sorted(documents.items()))


def read_one(folder: Path, document_hash: str, document: Document) -> Extracted:
    """What was found in one document, which comes with its text. Raises `StoreError` like `read_extracted`."""
    path = folder / f"{document_hash}.json"
    try:
        return extracted_from_json(json.loads(path.read_text(encoding="ascii")), document)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError(f"{path}: missing or damaged ({error!r}); build the graph again") from error


def extracted_to_json(each: Extracted) -> Json:
    """What was found in a document, without the document, as `extracted_from_json` takes it."""
    return {
        "mentions": [_without_defaults(asdict(mention), Mention) for mention in each.mentions],
        "relations": [_relation_to_json(mention) for mention in each.relations],
    }


def _relation_to_json(mention: RelationMention) -> Json:
    evidence = evidence_to_json(mention.evidence)
    del evidence["document"], evidence["quote"]
    return {
        "relation": mention.relation,
        "subject": _without_defaults(asdict(mention.subject), Mention),
        "object": _without_defaults(asdict(mention.object), Mention) if mention.object is not None else None,
        **evidence,
    }


def _line(each: Extracted) -> str:
    return json.dumps(extracted_to_json(each), ensure_ascii=True) + "\n"


def evidence_to_json(evidence: Evidence) -> Json:
    """Evidence as `evidence_from_json` takes it."""
    qualifiers = _without_defaults(asdict(evidence.qualifiers), Qualifiers)
    if evidence.qualifiers.amount is not None:
        qualifiers["amount"] = {**asdict(evidence.qualifiers.amount), "value": str(evidence.qualifiers.amount.value)}
    return {
        "document": evidence.document,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "rule": evidence.rule,
        "status": evidence.status,
        "confidence": evidence.confidence,
        "qualifiers": qualifiers,
    }


def evidence_from_json(values: Json) -> Evidence:
    """The evidence. Raises TypeError, KeyError and ValueError for what is none."""
    start, end, confidence, given = (values[name] for name in ("start", "end", "confidence", "qualifiers"))
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(confidence, int | float)):
        raise TypeError("evidence needs its place and its confidence")
    if not isinstance(given, dict):
        raise TypeError("evidence needs its qualifiers")
    if given.get("amount") is not None:
        given = {**given, "amount": Amount(**{**given["amount"], "value": Decimal(given["amount"]["value"])})}
    document, quote, rule, status = (str(values[name]) for name in ("document", "quote", "rule", "status"))
    return Evidence(document, start, end, quote, rule, status, Qualifiers(**given), confidence)


def _without_defaults(values: Json, kind: type[Mention] | type[Qualifiers]) -> Json:
    defaults = {name: each.default for name, each in kind.__dataclass_fields__.items()}
    return {name: value for name, value in values.items() if value != defaults[name]}


def extracted_from_json(values: Json, document: Document) -> Extracted:
    """What was found in the document. Raises TypeError, KeyError and ValueError for what is none."""
    mentions, relations = values["mentions"], values["relations"]
    if not isinstance(mentions, list) or not isinstance(relations, list):
        raise TypeError("lists of mentions and relations are needed")
    return Extracted(
        document=document,
        mentions=tuple(Mention(**each) for each in mentions),
        relations=tuple(_relation_from_json(each, document) for each in relations),
    )


def _relation_from_json(values: Json, document: Document) -> RelationMention:
    subject, other, start, end = (values[name] for name in ("subject", "object", "start", "end"))
    if not (isinstance(subject, dict) and isinstance(other, dict | None)):
        raise TypeError("a relation mention needs a subject, and an object or null")
    if not (isinstance(start, int) and isinstance(end, int)):
        raise TypeError("a relation mention needs its place")
    evidence = evidence_from_json({**values, "document": document.hash, "quote": document.text[start:end]})
    relation, ends = str(values["relation"]), (Mention(**subject), Mention(**other) if other is not None else None)
    return RelationMention(relation, *ends, evidence)
