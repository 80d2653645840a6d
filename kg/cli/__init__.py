"""The command line. The only part that prints: data on stdout, everything else on stderr.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part (each failed document is named). Heavy imports stay inside
the commands, so that `kg --help` is quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper

from kg.cli.building import build_command
from kg.cli.changing import check_command, conflicts_command, diff_command, report_command, retract_command
from kg.cli.commands import app, eval_command, explain_command, extract_command
from kg.cli.exporting import export_command
from kg.cli.publishing import publish_command
from kg.cli.querying import query_command
from kg.cli.resolving import resolve_command
from kg.cli.terminal import say
from kg.cli.viewing import view_command
from kg.errors import KgError

__all__ = ["app", "run"]

COMMANDS: dict[str, Callable[..., None]] = {
    "build": build_command,
    "extract": extract_command,
    "query": query_command,
    "explain": explain_command,
    "view": view_command,
    "export": export_command,
    "report": report_command,
    "conflicts": conflicts_command,
    "check": check_command,
    "resolve": resolve_command,
    "retract": retract_command,
    "diff": diff_command,
    "publish": publish_command,
    "eval": eval_command,
}
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)


def run() -> int:
    """Run the command line; errors that the user can mend are one message, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a character that the terminal lacks is no failure
    try:
        app(standalone_mode=True)
    except KgError as error:
        say(f"kg: {error}")
        return 1
    except OSError as error:
        say(f"kg: {error.filename or 'input or output'}: {error.strerror or error}")
        return 1
    except KeyboardInterrupt:
        say("kg: stopped")
        return 130
    return 0
