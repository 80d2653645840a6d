"""`kg resolve`: decide who is who, take decisions back, and have the graph follow."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands import DEFAULT_GRAPH, DEFAULT_JUDGEMENTS, GraphFolder, JudgementFile
from kg.cli.terminal import say
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.model import StatementSet
    from kg.resolve.judgements import Judgement
    from kg.resolve.review import Doubt

Same = Annotated[tuple[str, str] | None, typer.Option("--same", metavar="A B", help="They are one thing.")]
Different = Annotated[tuple[str, str] | None, typer.Option("--different", metavar="A B", help="They are two things.")]
Unsure = Annotated[tuple[str, str] | None, typer.Option("--unsure", metavar="A B", help="Looked at and left open.")]
ANSWERS = {"s": "same", "d": "different", "u": "unsure"}
HERE = "h"
QUESTION = "[s]ame, [d]ifferent, {} [h]ere only, [u]nsure, [b]ack, [q]uit, Enter to pass over: "


def resolve_command(  # noqa: PLR0917  each is an option that the user names
    graph: GraphFolder = DEFAULT_GRAPH,
    judgements: JudgementFile = DEFAULT_JUDGEMENTS,
    review: Annotated[bool, typer.Option("--review", help="Show what is least certain, and take decisions.")] = False,
    limit: Annotated[int, typer.Option(help="Show so many of them.", min=1)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON, and ask nothing.")] = False,
    same: Same = None,
    different: Different = None,
    unsure: Unsure = None,
    document: Annotated[str | None, typer.Option("--in", help="Decide for this document alone: name or hash.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last decision.")] = False,
    by: Annotated[str | None, typer.Option(envvar="KG_BY", help="Who decides; else who is logged in.")] = None,
    why: Annotated[str, typer.Option(help="The reason.")] = "",
) -> None:
    """Decide which names are one thing. The graph follows, and no document is read again.

    A and B are names, ids, or the own ids of surface forms. Without options, the graph is made to follow the file.
    """
    from kg.resolve.judgements import add_judgement, withdrawal
    from kg.store.folder import open_folder

    opened = open_folder(graph)
    found, who, today = opened.statement_set, by or _user(), date.today().isoformat()
    if undo:
        back = withdrawal(judgements, by=who, at=today)
        add_judgement(judgements, back)
        say(f"taken back: {back.left} and {back.right} ({back.why.removeprefix('takes back ')})")
    for verdict, pair in (("same", same), ("different", different), ("unsure", unsure)):
        if pair is not None:
            add_judgement(judgements, _judgement(pair, verdict, found, document, by=who, at=today, why=why))
    if review:
        doubts = opened.review(judgements)[:limit]
        if as_json:
            print(json.dumps([asdict(doubt) for doubt in doubts], indent=2))
            return
        decided = 0
        for judgement in _ask(doubts, judgements, by=who, at=today, why=why):
            add_judgement(judgements, judgement)
            decided += 1
        if not decided:
            return
    after = opened.resolved(judgements)
    after.save(graph)
    counts = len(found.entities), len(after.entities), len(found.statements), len(after.statement_set.statements)
    say("entities: {} before, {} now; statements: {} before, {} now".format(*counts))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # nobody has this number
        return "unknown"


def _judgement(
    pair: tuple[str, str], verdict: str, found: StatementSet, document: str | None, *, by: str, at: str, why: str
) -> Judgement:
    from kg.resolve.judgements import Judgement
    from kg.store.explain import find_document

    left, right = (_id(name, found) for name in pair)
    if left == right and (document is None or verdict != "different"):
        raise KgError(f"{pair[0]!r} and {pair[1]!r} are one entity, {left!r}; name the own id of a surface form")
    about = find_document(document, found.documents) if document is not None else None
    return Judgement(left, right, verdict, by, at, why, about)


def _id(name: str, found: StatementSet) -> str:
    """The id that a name, alias, id or own id means. Raises `KgError` where it means several or none."""
    from kg.store.explain import find_entities

    if any(binding.own == name for binding in found.bindings):
        return name
    ids = find_entities(name, found.entities)
    if len(ids) > 1:
        raise KgError(f"{name!r} is a name of several entities: give one of the ids {', '.join(sorted(ids))}")
    return min(ids)


def _ask(doubts: Iterable[Doubt], judgements: Path, *, by: str, at: str, why: str) -> Iterator[Judgement]:
    """Show each doubt and take the answer from standard input. Where that ends, the rest is only shown."""
    from kg.export.text import doubt_lines
    from kg.resolve.judgements import Judgement, withdrawal

    asking = True
    for number, doubt in enumerate(doubts, 1):
        print(*doubt_lines(number, doubt), sep="\n", flush=True)
        here = "different" if doubt.joined else "same"  # for one document alone: the reverse of how it is
        while asking:
            print(QUESTION.format(here), end="", file=sys.stderr, flush=True)
            answer = sys.stdin.readline()
            asking = answer != ""
            choice = answer.strip().lower()[:1]
            if choice == "q":
                return
            if choice == "b":
                back = withdrawal(judgements, by=by, at=at)
                yield back
                say(f"taken back: {back.left} and {back.right}")
            elif choice in ANSWERS or choice == HERE:
                about = doubt.documents[0] if choice == HERE else None
                yield Judgement(doubt.left, doubt.right, ANSWERS.get(choice, here), by, at, why, about)
                break
            elif choice == "":
                break
    if asking is False:
        print(file=sys.stderr)
