"""The options of all commands that read documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.read.options import Reading

Paths = Annotated[
    list[str], typer.Argument(help="Files, folders, globs, web addresses; - is standard input.", metavar="PATH...")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column", help="Of tables, ROLE=NAME: what holds text, title, date, publisher, url or id; else guessed."
    ),
]
Form = Annotated[
    str | None, typer.Option("--form", help="How to read what has no known suffix, such as .html or .jsonl.")
]
AnyLanguage = Annotated[bool, typer.Option("--any-language", help="Keep texts that are not in English.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch addresses inside the own network too.")]
Quick = Annotated[
    bool, typer.Option("--quick", help="Look only at sentences that seem worth it: faster, and some facts are missed.")
]


def reading_of(
    columns: list[str] | None, *, form: str | None, any_language: bool, allow_private: bool, quick: bool
) -> Reading:
    """How input is read, as the options say. Raises `KgError` for a column without a role."""
    from kg.read.options import Reading

    named = {}
    for each in columns or ():
        role, equals, name = each.partition("=")
        if not equals:
            raise KgError(f"--column {each}: write ROLE=NAME, such as text=body")
        named[role] = name
    return Reading(columns=named, form=form, any_language=any_language, allow_private=allow_private, quick=quick)
