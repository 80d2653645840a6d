"""From what a user points at to items: pieces of input that are read each by itself.

Files, folders, globs, `-` (standard input) and http(s) addresses; containers (tables, web archives, mailboxes) are
split here, streaming, so that what is expensive or may go wrong, reading an item, can be left to another process.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from kg.errors import ReadError
from kg.read.forms import HEAD, SINGLE, form_of, known_forms, sniffed, stem_of
from kg.read.options import DEFAULTS, Reading
from kg.read.text import check_file, read_bytes

OnError = Callable[[ReadError], None]

_ADDRESS = re.compile(r"(https?):/{1,2}(?=[^/])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of input that is read by itself, maybe in a process that can be killed: a file, a row of a table, a
    record of a web archive.

    `source`: where it comes from, the same in every run: the path or address as given, with `#17` for the 17th (from
    1) row or record of a container. `name`: the name of the document: the file's stem; of a part, the id that its row
    gives, or `stem-17`. `form`: a key of `kg.read.readers.READERS`. `data`: the bytes, or the file that holds them.
    `given`: what is known from outside: title, date, publisher and url overrule the text's own; `charset` is what
    came with the bytes; `fetched` is the day they were stored, taken for the date where nothing else gives one.
    """

    source: str
    name: str
    form: str
    data: bytes | Path
    given: Mapping[str, str] = field(default_factory=dict)


def item_key(item: Item) -> str:
    """A hash of all that the item's documents are made of: bytes, form, name and what is given; not of its place.

    The file is read for it. Raises `ReadError` where that fails.
    """
    data = hashlib.sha256(item.data).digest() if isinstance(item.data, bytes) else _file_hash(item.data)
    what = json.dumps([item.form, item.name, sorted(item.given.items())]).encode()
    return hashlib.sha256(data + what).hexdigest()[:32]


def items(paths: Iterable[str | Path], *, on_error: OnError, options: Reading = DEFAULTS) -> Iterator[Item]:
    """The items at `paths`, in the order given: files, folders, globs, `-` for standard input, http(s) addresses.

    Files of a folder or glob come sorted by path, hidden ones and those with an unknown suffix are passed over; each
    file and address comes once. What cannot be opened goes to `on_error`, and the rest goes on.
    """
    seen: set[str] = set()
    for path in paths:
        text = _ADDRESS.sub(r"\1://", str(path), count=1)
        if text == "-":
            yield from _opened(sys.stdin.buffer, source="-", name="stdin", on_error=on_error, options=options)
        elif _ADDRESS.match(text):
            if text not in seen:
                seen.add(text)
                yield from _fetched(text, on_error=on_error, options=options)
        else:
            for file in files_at(Path(path), on_error):
                real = str(file.resolve())
                if real not in seen:
                    seen.add(real)
                    yield from _of_file(file, on_error=on_error, options=options)


def split(file: BinaryIO, *, source: str, form: str, on_error: OnError, options: Reading = DEFAULTS) -> Iterator[Item]:
    """The items of one container, from an open file. `form`: such as `.jsonl` or `.warc.gz`.

    What cannot be split off goes to `on_error`; where the file ends too early or is damaged, what came before is kept.
    """
    from kg.read.containers import split_container

    yield from split_container(file, source=source, form=form, on_error=on_error, options=options)


def _of_file(file: Path, *, on_error: OnError, options: Reading) -> Iterator[Item]:
    try:
        check_file(file)
        form = form_of(file.name) or options.form
        with file.open("rb") as opened:
            form = form or (sniffed(opened.read(HEAD)) if not file.suffix else None)
            if form is None:
                message = f"cannot read {file.suffix or 'a file without suffix'!r}; known: {known_forms()}"
                on_error(ReadError(str(file), "format", message))
            elif form in SINGLE:
                yield Item(str(file), stem_of(file.name), form, file)
            else:
                opened.seek(0)
                yield from split(opened, source=str(file), form=form, on_error=on_error, options=options)
    except ReadError as error:
        on_error(error)
    except OSError as error:
        on_error(ReadError(str(file), "unreadable", f"cannot be read ({error.strerror}); check its permissions"))


def _opened(file: BinaryIO, *, source: str, name: str, on_error: OnError, options: Reading) -> Iterator[Item]:
    """The items of a stream whose form only its first bytes tell."""
    from kg.read.streams import Joined

    head = file.read(HEAD)
    form = options.form or sniffed(head)
    if form is None:
        message = f"is neither text nor of a known form; say which it is of: {known_forms()}"
        on_error(ReadError(source, "binary", message))
    elif form in SINGLE:
        data = head + file.read(options.max_bytes + 1 - len(head))
        yield Item(source, name, form, data)
    else:
        rest = cast("BinaryIO", Joined(head, file))
        yield from split(rest, source=source, form=form, on_error=on_error, options=options)


def _fetched(address: str, *, on_error: OnError, options: Reading) -> Iterator[Item]:
    """The items at an address."""
    from kg.read.fetch import fetch

    try:
        fetched = fetch(address, options)
    except ReadError as error:
        on_error(error)
        return
    form = fetched.form or options.form or sniffed(fetched.data[:HEAD])
    if form is None:
        on_error(ReadError(address, "format", f"is of no known form; known: {known_forms()}"))
    elif form in SINGLE:
        given = {"url": fetched.address, **({"charset": fetched.charset} if fetched.charset else {})}
        yield Item(address, stem_of(fetched.address.rstrip("/").partition("?")[0]), form, fetched.data, given)
    else:
        yield from split(BytesIO(fetched.data), source=address, form=form, on_error=on_error, options=options)


def files_at(path: Path, on_error: OnError) -> Iterator[Path]:
    """The file itself, the known files below a folder, or those that a glob finds."""
    if path.is_dir():
        yield from _known_files(path, on_error)
    elif glob.has_magic(str(path)) and not os.path.lexists(path):
        found = sorted(Path(match) for match in glob.glob(str(path), recursive=True))
        if not found:
            on_error(ReadError(str(path), "missing", "no file is called so; check the pattern"))
        for match in found:
            if match.is_dir():
                yield from _known_files(match, on_error, may_be_empty=True)
            elif form_of(match.name):
                yield match
    else:
        yield path


def _known_files(path: Path, on_error: OnError, *, may_be_empty: bool = False) -> Iterator[Path]:
    failed: list[OSError] = []
    found = []
    for folder, folders, files in os.walk(path, onerror=failed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in files if not name.startswith(".")]
    known = sorted(file for file in found if form_of(file.name))
    for error in sorted(failed, key=lambda error: str(error.filename)):
        message = f"cannot be read ({error.strerror}); check its permissions"
        on_error(ReadError(str(error.filename), "unreadable", message))
    if not (known or failed or may_be_empty):
        message = f"the folder holds no file with a known suffix ({known_forms()})"
        on_error(ReadError(str(path), "empty", message))
    yield from known


def _file_hash(path: Path) -> bytes:
    check_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise ReadError(str(path), "unreadable", f"cannot be read ({error.strerror}); check its permissions") from error


def item_bytes(item: Item, *, limit: int) -> bytes:
    """The first `limit` bytes of the item. Raises `ReadError` (`missing`, `unreadable`)."""
    return item.data[:limit] if isinstance(item.data, bytes) else read_bytes(item.data, limit=limit)


def whole_bytes(item: Item, options: Reading) -> bytes:
    """All bytes of the item. Raises `ReadError` (`missing`, `unreadable`, `too-long`)."""
    data = item_bytes(item, limit=options.max_bytes + 1)
    if len(data) > options.max_bytes:
        raise ReadError(
            item.source, "too-long", f"has more than {options.max_bytes:,} bytes; raise the limit to read it"
        )
    return data
