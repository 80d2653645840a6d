"""An invented industry, for the named queries: a line a statement, so that results can be worked out by hand."""

from __future__ import annotations

from decimal import Decimal

from kg.model import (
    Amount,
    Belonging,
    Binding,
    Document,
    Entity,
    Evidence,
    Qualifiers,
    Statement,
    StatementSet,
    content_hash,
)
from kg.schema import load_schema

# id | name | type
ENTITIES = """
acmelo | Acmelo | Company
globexa | Globexa | Company
initecha | Initecha | Company
oak-ventures | Oak Ventures | Company
hive | Hive | Company
nimbus | Nimbus Cloud | Company
nimbus-gov | Nimbus Gov | Company
stratus | Stratus | Company
zeta | Zeta Chips | Company
z100 | Z100 | Chip
y9 | Y9 | Chip
zorbu | Zorbu | Model
zorbu-mini | Zorbu Mini | Model
glob-x | Glob-X | Model
widget | Widget | Product
gadget | Gadget | Product
jane-roe | Jane Roe | Person
john-doe | John Doe | Person
bureau | Bureau of Widgets | Government
uni-oslo | University of Oslo | Institution
oslo | Oslo | Place
"""

# id | subject relation object | where it stands: N(ews), W(ire), U(ndated); a status, if not asserted | qualifiers
# A sum: value currency bound kind, the last two exact and increment if not given. Other words: round=, date=, ...
STATEMENTS = """
i01 | oak-ventures investsIn acmelo | N W | 5000000 USD round=seed lead=1 date=2024-11
i02 | oak-ventures investsIn acmelo | W | 20000000 USD exact cumulative
i03 | oak-ventures investsIn globexa | W | 3000000 EUR
i04 | oak-ventures investsIn initecha | W:rumoured | 9000000 USD
i05 | oak-ventures investsIn initecha | U | 1000000 USD exact tranche
i06 | oak-ventures investsIn globexa | U | 40000000 USD up_to
i07 | oak-ventures investsIn acmelo | U | 2000000 USD about
i08 | hive investsIn acmelo | N |
i09 | zeta investsIn globexa | W | 100000000 USD date=2023
i10 | acmelo investsIn globexa | N |
i11 | globexa investsIn acmelo | N |
i12 | globexa investsIn initecha | N |
i13 | initecha investsIn acmelo | N |
i14 | initecha investsIn stratus | N |
i15 | stratus investsIn acmelo | N |
i16 | zeta investsIn globexa | W | 4000000 USD date=2023-05
c01 | acmelo usesCloud nimbus-gov | N |
c02 | nimbus primaryCloudFor acmelo | W |
c03 | nimbus primaryCloudFor globexa | W |
c04 | stratus primaryCloudFor globexa | N |
c05 | initecha usesCloud stratus | W:planned |
h01 | globexa usesChip z100 | N |
h02 | acmelo usesChip z100 | N |
h03 | acmelo usesChip y9 | W |
h04 | uni-oslo usesChip z100 | W:rumoured |
s01 | zeta supplies initecha | N |
r01 | acmelo raises - | N W | 5000000 USD round=seed date=2024-11
r02 | acmelo raises - | W:planned | 30000000 USD round=series_a
v01 | acmelo valuedAt - | N | 50000000 USD date=2024-11
v02 | acmelo valuedAt - | W | 60000000 USD date=2024-11
v03 | acmelo valuedAt - | W:rumoured | 200000000 USD
v04 | acmelo valuedAt - | W | 55000000 EUR date=2024-11
m01 | acmelo hasRevenue - | N | 10000000 USD period=2023
p01 | acmelo partnersWith globexa | N |
p02 | acmelo partnersWith uni-oslo | W:ended |
k01 | acmelo competesWith globexa | N |
k02 | glob-x competesWith zorbu | N |
d01 | acmelo develops widget | N |
d02 | acmelo develops zorbu-mini | W |
a01 | zorbu availableOn nimbus | N |
b01 | widget poweredBy zorbu | N |
b02 | gadget poweredBy widget | W |
e01 | jane-roe ceoOf acmelo | N | role=CEO
e02 | john-doe ceoOf acmelo | W | role=chief
e03 | jane-roe worksFor globexa | W:ended | role=chair
e04 | john-doe founderOf acmelo | U |
q01 | globexa acquires initecha | W:planned | 70000000 USD
q02 | hive acquires stratus | N W:denied |
u01 | initecha subsidiaryOf globexa | N |
l01 | globexa sues acmelo | N |
l02 | bureau investigates globexa | W:rumoured |
w01 | acmelo headquarteredIn oslo | N |
"""

# unit or thing | by | owner | name of the owner. Zeta Group is known beforehand, and no document names it.
BELONGINGS = """
nimbus-gov | parent | nimbus | Nimbus Cloud
nimbus | parent | hive | Hive
zeta | parent | zeta-group | Zeta Group
z100 | maker | zeta | Zeta Chips
zorbu | maker | acmelo | Acmelo
glob-x | maker | globexa | Globexa
"""

# document | surface form | entity | rule | count
BINDINGS = """
N | Acmelo | acmelo | registry | 3
W | Acmelo | acmelo | registry | 2
N | Acmelo Inc. | acmelo | legal form | 1
U | Oak | oak-ventures | short form | 1
"""

_ABOUT = {
    "N": {"name": "news", "title": "Widgets today", "publisher": "Daily Widget", "date": "2024-11-22"},
    "W": {"name": "wire", "title": "Off the wire", "publisher": "Widget Wire", "date": "2025-02-10"},
    "U": {"name": "notes"},
}


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _qualifiers(text: str) -> Qualifiers:
    sums = [word for word in text.split() if "=" not in word]
    named = dict(word.split("=") for word in text.split() if "=" in word)
    amount = Amount(Decimal(sums[0]), *sums[1:]) if sums else None
    lead = named.pop("lead", "") == "1"
    return Qualifiers(amount, lead=lead, **named)


def _said(names: dict[str, Entity], fact: str) -> str:
    """The sentence for a fact: `Oak Ventures invests in Acmelo.`"""
    subject, relation, other = fact.split()
    end = names[other].name if other != "-" else "a sum"
    return f"{names[subject].name} {load_schema().relations[relation].label} {end}."


def industry() -> StatementSet:
    """All of the above as statements; each has a sentence of its own in each document that it stands in."""
    aliases = {"acmelo": ("Acmelo", "Acmelo Inc."), "oak-ventures": ("Oak", "Oak Ventures")}
    names = {id_: Entity(id_, name, type_, aliases.get(id_, (name,))) for id_, name, type_ in _rows(ENTITIES)}
    rows = _rows(STATEMENTS)
    texts: dict[str, str] = dict.fromkeys(_ABOUT, "")
    places: dict[tuple[str, str], tuple[int, int]] = {}
    for id_, fact, where, _ in rows:
        for letter in (word[0] for word in where.split()):
            sentence = _said(names, fact)
            start = len(texts[letter])
            places[id_, letter] = (start, start + len(sentence))
            texts[letter] += sentence + " "
    documents = {letter: Document(text=texts[letter], blocks=(), **_ABOUT[letter]) for letter in _ABOUT}
    schema = load_schema()
    statements = []
    for id_, fact, where, told in rows:
        subject, relation, other = fact.split()
        qualifiers = _qualifiers(told)
        evidence = []
        for word in where.split():
            letter, _, status = word.partition(":")
            start, end = places[id_, letter]
            document = documents[letter]
            quote = document.text[start:end]
            evidence.append(Evidence(document.hash, start, end, quote, relation, status or "asserted", qualifiers))
        best = schema.best_status({each.status for each in evidence})
        ends = (subject, relation, None if other == "-" else other)
        statements.append(Statement(id_, *ends, best, qualifiers, tuple(evidence)))
    bindings = (
        Binding(documents[letter].hash, surface, content_hash(surface), entity, rule, int(count), 0, len(surface))
        for letter, surface, entity, rule, count in _rows(BINDINGS)
    )
    return StatementSet(
        documents={each.hash: each for each in documents.values()},
        entities=names,
        statements=tuple(statements),
        bindings=tuple(sorted(bindings, key=lambda b: (b.document, b.surface))),
        belongings=tuple(Belonging(*row) for row in _rows(BELONGINGS)),
    )
