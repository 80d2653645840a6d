"""Mails, as newsletters come. The stored text is markdown, derived from the part of the mail that says most."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

from kg.errors import ReadError
from kg.model import Document
from kg.read.documents import derived_document, titled, web_address
from kg.read.extras import BREAKS
from kg.read.fragments import markdown_of, parsed_page
from kg.read.items import Item, whole_bytes
from kg.read.options import Reading
from kg.read.text import decode

_MAX_PARTS = 500
_FOLDED_SUBJECT = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.IGNORECASE)
_LEAST_SHARE = 0.5
"""A part of HTML that holds less than this share of the plain part's words is a notice to open the mail elsewhere."""


def read_mail(item: Item, options: Reading) -> list[Document]:
    """A mail: its subject is the title, its sender the publisher, its date as the sender's clock had it.

    Of a text that comes both ways, the HTML is taken, since it has headings and lists, unless it says much less.
    Attachments are passed over. Raises `ReadError`: a reason of `kg.read.text.decode`, `format`.
    """
    data = whole_bytes(item, options)
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise ReadError(item.source, "format", "is no mail: it has no headers")
    subject = _FOLDED_SUBJECT.sub("", _header(message, "Subject")) or None
    said = {
        "title": subject,
        "date": _header(message, "Date") or None,
        "publisher": _sender(message),
        "url": web_address(_header(message, "Archived-At").strip("<>")),
    }
    text = titled(_text(message, item.source, options), subject)
    return [derived_document(item.name, text, source=item.source, said=said, max_chars=options.max_chars)]


def _text(message: EmailMessage, source: str, options: Reading) -> str:
    plain, pages = list[str](), list[str]()
    for number, part in enumerate(message.walk()):
        if number > _MAX_PARTS:
            raise ReadError(source, "too-long", f"has more than {_MAX_PARTS} parts; it is no newsletter")
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
            (plain if kind == "text/plain" else pages).append(_part(part, source, options))
    body = "\n\n".join(plain).replace("\r\n", "\n").strip()
    if not pages:
        return body
    marked = "\n\n".join(markdown_of(parsed_page(page, source=source)) for page in pages if page.strip())
    return body if len(marked.split()) < _LEAST_SHARE * len(body.split()) else marked


def _part(part: EmailMessage, source: str, options: Reading) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return ""
    return decode(payload, path=source, max_chars=options.max_bytes, declared=[part.get_content_charset("")])


def _header(message: EmailMessage, name: str) -> str:
    """A header on one line; nothing where it is missing or cannot be understood."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except BREAKS:
        return ""  # the standard library breaks on some malformed headers


def _sender(message: EmailMessage) -> str | None:
    """The name of the sender, else the address."""
    try:
        senders = message["From"].addresses if message["From"] else ()
    except BREAKS:
        return None
    return (senders[0].display_name or senders[0].addr_spec or None) if senders else None
