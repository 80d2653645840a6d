"""Text for the page: cleaned names, sums of money, confidences, safe links, quotes cut at the names they hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from kg.model import Amount, Document, Entity

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
SURROGATE = re.compile("[\ud800-\udfff]")
SPACE = re.compile(r"\s+")
SCALES = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K"))


TITLE = "AI industry relations"
"""What a page or a picture is called where nobody gave a title."""


def plain(text: str) -> str:
    """One line that can be shown: runs of white space as one space; no control or direction-changing characters."""
    return SURROGATE.sub("\ufffd", SPACE.sub(" ", UNSEEN.sub("", text))).strip()


def short(text: str, *, limit: int = 28) -> str:
    """`text` cut to at most `limit` characters, the last of them an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def safe_url(url: str | None) -> str | None:
    """The address if a page may link to it: http or https with a host, no blanks or control characters."""
    if url is None or not re.fullmatch(r"(?i)https?://[^\s\x00-\x20\x7f-\xa0<>\"'`\\]+", url) or plain(url) != url:
        return None
    try:
        return url if urlsplit(url).hostname else None
    except ValueError:
        return None


def sum_text(amount: Amount, signs: Mapping[str, str]) -> str:
    """A sum as people write it: `up to $4B`, `CHF 1.25M (cumulative)`. `signs`: currency code -> sign."""
    value, unit = amount.value, ""
    for scale, name in SCALES:
        if abs(value) >= scale:
            value, unit = value / scale, name
            break
    number = f"{value:.2f}".rstrip("0").rstrip(".")
    money = (
        f"{signs[amount.currency]}{number}{unit}" if amount.currency in signs else f"{amount.currency} {number}{unit}"
    )
    before = "" if amount.bound == "exact" else amount.bound.replace("_", " ") + " "
    after = "" if amount.kind == "increment" else f" ({amount.kind})"
    return plain(f"{before}{money}{after}")


def aliases(entity: Entity) -> list[str]:
    """The other names of an entity, sorted."""
    return sorted({plain(alias) for alias in entity.aliases} - {"", plain(entity.name)})


def source_texts(key: str, document: Document | None) -> dict[str, str]:
    """What is said of a document where it is cited: title, publisher, date, checked address, as far as it has them."""
    if document is None:
        return {"title": key}
    texts = {
        "title": plain(document.title or "") or plain(document.name),
        "publisher": plain(document.publisher or ""),
        "date": plain(document.date or ""),
        "url": safe_url(document.url) or "",
    }
    return {name: text for name, text in texts.items() if text}


def percent(confidence: float) -> str:
    """A confidence as people write it: `93%`; empty where it is 1, as nothing was estimated there."""
    return f"{min(confidence, 0.99):.0%}" if confidence < 1 else ""


def marked(quote: str, ends: Collection[Entity]) -> list[tuple[str, bool]]:
    """The quote in pieces, each with whether it is a name of one of `ends`; joined they give `plain(quote)`.

    The longest name wins where two begin at one place; a name counts only as a whole word, in the letter case given,
    unless none is found so: then in any.
    """
    text = plain(quote)
    names = sorted(
        {plain(name) for end in ends for name in (end.name, *end.aliases)} - {""}, key=lambda n: (-len(n), n)
    )
    if not names:
        return [(text, False)] if text else []
    words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    if not words.search(text):
        words = re.compile(words.pattern, re.IGNORECASE)
    pieces, last = [], 0
    for found in words.finditer(text):
        pieces += [(text[last : found.start()], False), (found.group(), True)]
        last = found.end()
    return [piece for piece in [*pieces, (text[last:], False)] if piece[0]]
