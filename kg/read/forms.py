"""How the form of input is told: by suffix, by media type, else by its first bytes."""

from __future__ import annotations

import re
from pathlib import PurePath

TEXTS = (".md", ".markdown", ".txt", ".text")
PAGES = (".html", ".htm", ".xhtml")
FEEDS = (".rss", ".atom", ".xml")
SINGLE = frozenset((*TEXTS, *PAGES, *FEEDS, ".pdf", ".docx", ".eml"))
"""Forms that are read whole: the keys of `kg.read.readers.READERS`."""
CONTAINERS = frozenset((".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".warc", ".mbox"))
"""Forms that are split into items: the keys of `kg.read.containers.SPLITTERS`."""
COMPRESSED = (".gz", ".zst")
"""What may follow the suffix of a container."""

HEAD = 1024
"""So many bytes are enough for `sniffed`."""

MEDIA_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "application/mbox": ".mbox",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/vnd.apache.parquet": ".parquet",
    "application/warc": ".warc",
}

_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".docx"),
    (b"PAR1", ".parquet"),
    (b"WARC/1.", ".warc"),
    (b"\x1f\x8b", ".gz"),
    (b"\x28\xb5\x2f\xfd", ".zst"),
)
_SIGNS = (
    (re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.DOTALL), ".rss"),
    (
        re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!doctype html|<html|<head|<body)", re.I | re.DOTALL),
        ".html",
    ),
    (re.compile(rb"From \S+ .*\r?\n[\w-]+:"), ".mbox"),
    (
        re.compile(
            rb"(?:(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version):.*\r?\n(?:[ \t].*\r?\n)*){2}",
            re.I,
        ),
        ".eml",
    ),
    (re.compile(rb'\{\s*"'), ".jsonl"),
)


def form_of(name: str) -> str | None:
    """The form that a file's name gives: `.html`, for a container also `.jsonl.gz`; None where it gives none."""
    *_, before, last = ("", "", *(suffix.lower() for suffix in PurePath(name).suffixes))
    if last in SINGLE or last in CONTAINERS:
        return last
    return before + last if last in COMPRESSED and before in CONTAINERS else None


def stem_of(name: str) -> str:
    """The last part of a path or address without the suffix that tells its form."""
    last = PurePath(name).name or name
    form = form_of(last)
    return last[: -len(form)] or last if form else PurePath(last).stem


def sniffed(head: bytes) -> str | None:
    """The form that the first bytes of a file give; plain text where nothing speaks against it, else None.

    Compressed input is taken for a web archive, the one container that is not told from a name by custom.
    """
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return ".warc" + form if form in COMPRESSED else form
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for sign, form in _SIGNS:
        if sign.match(start):
            return form
    return None if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) else ".txt"


def known_forms() -> str:
    """All suffixes, for messages."""
    return ", ".join(sorted(SINGLE | CONTAINERS))
