"""What workers are asked to do in tests; they import it in processes of their own."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from kg.errors import DataError


def squared(number: int) -> int:
    return number * number


def refused(number: int) -> int:
    raise DataError("file", number, "is refused", hint="leave it out")


def dying(left: str) -> str:
    """End this process, as often as the file `left` says; then say how often it was begun."""
    path = Path(left)
    times = int(path.read_text(encoding="ascii"))
    path.write_text(str(times - 1), encoding="ascii")
    if times > 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name
