"""Statement sets for the tests of the page and of the exporters; every name and sentence is invented."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from kg.model import (
    NO_QUALIFIERS,
    Amount,
    Document,
    Entity,
    Evidence,
    Qualifiers,
    Statement,
    StatementSet,
    content_hash,
)

CASES = Path(__file__).parent.parent / "cases" / "graph_statements.jsonl"
TYPES = {
    "Trine 2": "Chip", "Grafix G200": "Chip", "Lyra 3": "Model", "Hart-5": "Model", "Bedstone": "Product",
    "Pilot": "Product",
    "Ilse Marten": "Person", "Tomas Rieger": "Person", "Oslo": "Place", "Lyon": "Place",
    "European Trade Office": "Government", "University of Vessen": "Institution",
}  # fmt: skip
ALIASES = {"Nimbus Cloud": ("Nimbus", "Nimbus Cloud"), "Grafix G200": ("G200", "G200s", "Grafix G200s")}
SOURCES = {
    "wire-1": ("Nimbus doubles its stake in Zetamind", "Morning Wire", "2024-11-22", "https://wire.example/1?a=1&b=2"),
    "digest-2": ("This week in models", "Model Digest", "2024-11", "http://digest.example/2"),
    "press-3": ("Grafix to buy Quillworks", "Press Bureau", "2025-02-03", None),
    "wire-4": ("Hart-5 is here", "Morning Wire", "2025-06-12", "https://wire.example/4"),
}

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "javascript:alert(3)",
    "</script><script>alert(4)</script>",
    "a\u2028b\u2029c", "safe\u202egnp.exe", "=cmd|' /C calc'!A0", "</title></style><!--", "{{ 7*7 }}{% raw %}",
    "\x00\x0b\x1b[31m\ud800",
)  # fmt: skip


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def sample() -> StatementSet:
    """Some 25 entities and 38 statements from four documents, with every status, every type and parallel edges."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    texts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        texts[row["doc"]].append(row["quote"])
    documents = {}
    for name, quotes in texts.items():
        title, publisher, date, url = SOURCES[name]
        documents[name] = Document(
            name=name, text="\n".join(quotes), blocks=(), title=title, publisher=publisher, date=date, url=url
        )
    names = sorted({row[end] for row in rows for end in ("subject", "object") if row[end]})
    entities = {
        slug(name): Entity(slug(name), name, TYPES.get(name, "Company"), ALIASES.get(name, (name,))) for name in names
    }
    statements = [_statement(row, documents[row["doc"]]) for row in rows]
    return StatementSet(
        documents={document.hash: document for document in documents.values()},
        entities=entities,
        statements=tuple(sorted(statements, key=lambda each: each.id)),
    )


def _statement(row: dict[str, Any], document: Document) -> Statement:
    amount = row.get("amount")
    given = Qualifiers(
        amount=Amount(Decimal(amount[0]), *amount[1:]) if amount else None,
        **{key: row[key] for key in ("date", "round", "lead", "role", "period") if key in row},
    )
    start = document.text.index(row["quote"])
    evidence = Evidence(
        document=document.hash, start=start, end=start + len(row["quote"]), quote=row["quote"],
        rule=f"{row['relation']}.01", status=row["status"], qualifiers=given,
        confidence=row.get("confidence", 1.0),
    )  # fmt: skip
    end = slug(row["object"]) if row["object"] else None
    instalment = f"{amount}{row.get('date', '')}"
    return Statement(
        id=content_hash(row["subject"], row["relation"], end or "", instalment), subject=slug(row["subject"]),
        relation=row["relation"], object=end, status=row["status"], qualifiers=given, evidence=(evidence,),
    )  # fmt: skip


def hostile() -> StatementSet:
    """A statement for each hostile text, which stands in every field that takes free text."""
    documents, entities, statements = {}, {}, []
    for number, text in enumerate(HOSTILE):
        document = Document(
            name=f"{text}{number}",
            text=f"{text} and {text}",
            blocks=(),
            title=text,
            publisher=text,
            date=text,
            url=text,
        )
        documents[document.hash] = document
        for end in "ab":
            entities[f"e{number}{end}"] = Entity(f"e{number}{end}", f"{text}{end}", "Company", (text,))
        given = Qualifiers(amount=Amount(Decimal(5), text), date=text, round=text, role=text, period=text)
        evidence = Evidence(document.hash, 0, len(document.text), document.text, text, "asserted", given)
        statements += [
            Statement(f"s{number}", f"e{number}a", "investsIn", f"e{number}b", "asserted", given, (evidence,)),
            Statement(f"t{number}", f"e{number}a", "raises", None, "planned", NO_QUALIFIERS, (evidence,)),
            Statement(
                f"u{number}", f"e{number}b", "raises", None, "rumoured", replace(NO_QUALIFIERS, round=text), (evidence,)
            ),
        ]
    return StatementSet(documents, entities, tuple(sorted(statements, key=lambda each: each.id)))
