"""Which documents are reprints, worked out over shards: exactly what `kg.resolve.reprints.reprints` says of all.

Texts that share a band key come together by it; then each pair is sent to the part of its one text and takes that
one's signature along to the part of the other, where the two are compared. What is alike is little, and one process
settles what is a reprint of what.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.model import Document
from kg.resolve.reprints import Age, Signature, alike_among, band_keys, settle, signature
from kg.resolve.statements import age
from kg.scale.rows import in_parts, keyed_line, line_of, packed, part_of, rows_of, wanted_rows
from kg.scale.tasks import At, Files, Made, numbered, part_rows


def signed(at: At, documents: Mapping[str, Document]) -> dict[str, bytes]:
    """Two files of a shard: its texts with their signatures, by hash, and the band keys of these."""
    texts, bands = list[tuple[int, bytes]](), list[tuple[int, bytes]]()
    for hash_, document in documents.items():
        own = signature(document.text)
        row = [hash_, age(hash_, document), *_signature_row(own)]
        texts.append((part_of(hash_, at.parts), line_of(row)))
        bands += [(part_of(str(key), at.parts), line_of([key, hash_])) for key in band_keys(own)]
    return {
        f"{numbered('signed', at.number)}.parts": in_parts(texts, at.parts),
        f"{numbered('bands', at.number)}.parts": in_parts(bands, at.parts),
    }


def near(at: At, bands: Files) -> Made:
    """The pairs of texts that share a key in this part, by the first of the two."""
    sharing = defaultdict[int, set[str]](set)
    for key, hash_ in part_rows(bands, at.number):
        sharing[key].add(hash_)
    pairs = {
        (one, other)
        for texts in map(sorted, sharing.values())
        for place, one in enumerate(texts)
        for other in texts[place + 1 :]
    }
    lines = ((part_of(one, at.parts), line_of([one, other])) for one, other in pairs)
    return Made({f"{numbered('near', at.number)}.parts": in_parts(lines, at.parts)}, {"pairs": len(pairs)})


def paired(at: At, signed: Files, near: Files) -> Made:
    """The pairs whose first text is of this part, with its signature, by the second."""
    beside = defaultdict[str, set[str]](set)
    for one, other in part_rows(near, at.number):
        beside[one].add(other)
    lines = (
        (part_of(other, at.parts), line_of([other, row]))
        for row in part_rows(signed, at.number)
        for other in beside.get(row[0], ())
    )
    return Made({f"{numbered('paired', at.number)}.parts": in_parts(lines, at.parts)})


def alike(at: At, signed: Files, paired: Files) -> Made:
    """The pairs of texts that are alike, of those whose second text is of this part, with the ages of both."""
    beside = defaultdict[str, list[Any]](list)
    for other, row in part_rows(paired, at.number):
        beside[other].append(row)
    lines = []
    for hash_, when, *told in part_rows(signed, at.number):
        others = {other: (age_of_other, own) for other, age_of_other, *own in beside.get(hash_, ())}
        found = alike_among(_signature(told), {other: _signature(own) for other, (_, own) in others.items()})
        lines += [line_of([hash_, when, other, others[other][0]]) for other in found]
    return Made({f"{numbered('alike', at.number)}.jsonl.zst": packed(sorted(lines))}, {"alike": len(lines)})


def reprinted(at: At, alike: Files) -> Made:
    """Each reprint with its original."""
    beside, ages = defaultdict[str, set[str]](set), dict[str, Age]()
    for path in alike:
        for one, age_of_one, other, age_of_other in rows_of(path):
            beside[one].add(other)
            beside[other].add(one)
            ages[one], ages[other] = tuple(age_of_one), tuple(age_of_other)
    found = settle(beside, beside.__getitem__, ages.__getitem__, lambda document: None)
    lines = [keyed_line(document, found[document]) for document in sorted(found) if found[document] is not None]
    return Made({f"{numbered('reprinted', at.number)}.jsonl.zst": packed(lines)}, {"reprints": len(lines)})


def originals_of(path: str, documents: Iterable[str]) -> dict[str, str]:
    """Those of these documents that are reprints, with their originals."""
    return dict(wanted_rows(path, documents))


def _signature_row(own: Signature) -> list[str | int]:
    minima, words, told = (b64encode(each).decode("ascii") for each in (own.minima, own.words, own.told))
    return [minima, own.shingles, words, told]


def _signature(row: Sequence[Any]) -> Signature:
    minima, shingles, words, told = row
    return Signature(b64decode(minima), shingles, b64decode(words), b64decode(told))
