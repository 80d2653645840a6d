"""What may stand in a page that loads nothing: scripts, style and data in the file itself, and the policy for them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

# What could end the element, turn the direction of text, or cannot be written in UTF-8.
_UNSAFE = re.compile("[<>&\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
TEMPLATES = Path(__file__).parent / "templates"


def templates() -> Environment:
    """The templates, which escape all that is put into them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def json_island(data: object) -> str:
    """JSON that may stand in a `script` element: nothing in it can end the element or open another."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def inline_script(source: str) -> str:
    """JavaScript that may stand in a `script` element, without a reference to a source map.

    What would end the element stands in strings and regular expressions only; there `\\x3c` means the same as `<`.
    """
    source = re.sub(r"\n?//# sourceMappingURL=\S*", "", source.replace("\r\n", "\n"))
    return re.sub(r"<(?=/script|!--)", r"\\x3c", source, flags=re.IGNORECASE)


def content_policy(scripts: list[str], css: str) -> str:
    """A Content-Security-Policy that lets these scripts and this style sheet run, by hash, and nothing else load."""

    def digest(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"

    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(digest, scripts)),
            "style-src " + digest(css),
            "img-src data:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
