"""The command line. The only part that prints: data on stdout, everything else on stderr.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part (each failed document is named). Heavy imports stay inside
the commands, so that `kg --help` is quick.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper

from kg.cli.changing import check_command, conflicts_command, diff_command, report_command, retract_command
from kg.cli.commands import app
from kg.cli.exporting import export_command
from kg.cli.publishing import publish_command
from kg.cli.querying import query_command
from kg.cli.resolving import resolve_command
from kg.cli.terminal import say
from kg.cli.viewing import view_command
from kg.errors import KgError

__all__ = ["app", "run"]

app.command("view")(view_command)
app.command("export")(export_command)
app.command("query")(query_command)
app.command("resolve")(resolve_command)
app.command("retract")(retract_command)
app.command("diff")(diff_command)
app.command("conflicts")(conflicts_command)
app.command("check")(check_command)
app.command("report")(report_command)
app.command("publish")(publish_command)


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
