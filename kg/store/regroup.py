"""Which documents are reprints of which when some come or go: only texts that are alike with these are looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kg.model import Document
from kg.resolve.reprints import Age, alike_among, band_keys, settle, signature
from kg.resolve.statements import age
from kg.store.index import Index


def regroup(index: Index, leaving: Collection[str], coming: Iterable[Document]) -> dict[str, str | None]:
    """Bring the texts of the index up to date; each document that is now a reprint of another one than before, with its
    original. It is for the caller to keep that (`TextIndex.set_original`), when nothing needs what was before any more.

    A document that comes and leaves at once has new data, such as its date.
    """
    texts, new = index.texts, {document.hash: document for document in coming}
    near = {other for hash_ in leaving for other in texts.alike(hash_)}
    for hash_ in leaving:
        texts.drop(hash_)
    for hash_, document in new.items():
        own = signature(document.text)
        texts.add(hash_, own, alike_among(own, texts.near(band_keys(own))))
        near.update(texts.alike(hash_))

    def age_of(hash_: str) -> Age:
        return age(hash_, new[hash_] if hash_ in new else index.document(hash_))

    now = settle((near - set(leaving)) | new.keys(), texts.alike, age_of, texts.original)
    now |= dict.fromkeys(set(leaving) - new.keys())
    return {hash_: original for hash_, original in now.items() if original != texts.original(hash_)}
