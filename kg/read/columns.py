"""Which column of a table, or key of an object, is what of a document: as named, else by the names that are usual."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping

from kg.read.documents import iso_date
from kg.read.options import ROLES

USUAL: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "full_text", "fulltext", "article_text", "articletext", "maintext", "main_text", "body_text"),
        *("content", "body", "article_body", "articlebody", "article", "story", "article_content", "raw_text"),
        *("markdown", "page_content", "plain_text", "html", "raw_html", "raw_content", "document", "transcript"),
        *("description", "summary"),
    ),
    "title": ("title", "headline", "article_title", "head_line", "heading"),
    "date": (
        *("date", "published", "published_at", "publishedat", "publish_date", "published_date", "publication_date"),
        *("date_published", "datepublished", "date_publish", "pub_date", "pubdate", "published_on", "published_time"),
        *("publishdate", "publicationdate", "publisheddate", "article_date", "release_date", "datetime", "timestamp"),
        *("created_at", "created"),
    ),
    "publisher": (
        *("publisher", "publisher_name", "source_name", "sourcename", "site_name", "sitename", "publication", "outlet"),
        *("newspaper", "media", "news_source", "source"),
    ),
    "url": ("url", "link", "article_url", "canonical_url", "source_url", "uri", "permalink", "web_url", "weburl"),
    "id": ("id", "_id", "uuid", "uid", "doc_id", "docid", "document_id", "article_id", "guid"),
}
"""By role, the usual names, best first; blanks and hyphens in a name count as underscores, case does not."""

_NESTS = frozenset(("meta", "metadata", "article", "document", "doc", "data", "attributes", "fields", "_source"))
_DEPTH = 3
_BLANKS = re.compile(r"[\s.-]+")
_COMPACT_DATE = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{4,6}|T.*)?")
_DATE_OF_NUMBERS = re.compile(r"(\d{1,4})([/.])(\d\d?)\2(\d{1,4})(?![\d.])")
_LONGEST_NAME = 1000
_EPOCHS = (10**8, 10**10, 10**13, 10**16, 10**19)
"""Seconds, milliseconds, microseconds and nanoseconds since 1970 lie between these, from 1973 to 2286."""


def roles_of(columns: Iterable[str], named: Mapping[str, str]) -> dict[str, str]:
    """By role, the column that plays it, for every role that one plays."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(_plain_name(column), column)
        by_name.setdefault(column, column)
    found = {}
    for role in ROLES:
        wanted = (named[role],) if role in named else USUAL[role]
        for name in reversed(wanted):
            if name in by_name:
                found[role] = by_name[name]
    return found


def flat(row: Mapping[str, object], *, prefix: str = "", depth: int = _DEPTH) -> dict[str, object]:
    """A row with nested objects as dotted keys: `{"meta": {"title": "A"}}` is `{"meta.title": "A"}`."""
    out: dict[str, object] = {}
    for key, value in row.items():
        if isinstance(value, Mapping) and depth:
            out.update(flat(value, prefix=f"{prefix}{key}.", depth=depth - 1))
        else:
            out[prefix + key] = value
    return out


def as_text(value: object) -> str:
    """A cell as text: paragraphs of a list stand apart; nothing for what is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "\n\n".join(part for part in map(as_text, value) if part.strip())
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None or isinstance(value, bool | Mapping) else str(value)


def as_date(value: object) -> str | None:
    """A cell as ISO 8601 date: of a date, a text, or seconds (also milli-, micro-, nanoseconds) since 1970."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    text = as_text(value).strip()
    if compact := _COMPACT_DATE.fullmatch(text):
        text = "-".join(compact.groups())
    elif numbers := _DATE_OF_NUMBERS.match(text):
        text = _in_order(numbers)
    elif re.fullmatch(r"\d{9,19}(?:\.\d+)?", text):
        return _of_epoch(float(text))
    return iso_date(text)


def given_of(row: Mapping[str, object], roles: Mapping[str, str], named: Mapping[str, str]) -> dict[str, str]:
    """What a row says of its document. A date that is not understood counts only where its column was named."""
    given: dict[str, str] = {}
    for role in ("title", "publisher", "url"):
        value = " ".join(as_text(row.get(roles.get(role, ""))).split())
        if value and (role != "publisher" or role in named or not re.search(r"[/\\]|^[a-z0-9_-]{20,}$", value)):
            given[role] = value
    stated = row.get(roles.get("date", ""))
    date = as_date(stated) or (as_text(stated).strip() if "date" in named else "")
    return {**given, "date": date} if date else given


def name_of(row: Mapping[str, object], roles: Mapping[str, str]) -> str | None:
    """The name that a row's id gives its document, on one line."""
    name = " ".join(as_text(row.get(roles.get("id", ""))).split())
    return name[:_LONGEST_NAME] if name.isprintable() and name else None


def _plain_name(column: str) -> str:
    parts = column.casefold().strip().split(".")
    while len(parts) > 1 and parts[0] in _NESTS:
        parts = parts[1:]
    return _BLANKS.sub("_", ".".join(parts))


def _in_order(numbers: re.Match[str]) -> str:
    """Year, month and day of `2024/5/3`, `3.5.2024` or `5/22/2024`; nothing where day and month may be either."""
    first, sign, second, third = numbers.groups()
    if len(first) == 4:
        return f"{first}-{int(second):02}-{int(third):02}"
    day_first = sign == "." or int(first) > 12
    if len(third) != 4 or not (day_first or int(second) > 12):
        return ""
    day, month = (first, second) if day_first else (second, first)
    return f"{third}-{int(month):02}-{int(day):02}"


def _of_epoch(number: float) -> str | None:
    for power, least in enumerate(_EPOCHS[:-1]):
        if least <= number < _EPOCHS[power + 1]:
            moment = datetime.datetime.fromtimestamp(number / 1000**power, tz=datetime.UTC)
            return moment.date().isoformat()
    return None
