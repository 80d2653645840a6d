"""SPARQL servers for the tests, each on free ports of this machine and in a folder that goes away with it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

PATIENCE = 60.0  # seconds; Virtuoso makes its database first
VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 2000
MaxDirtyBuffers = 1000
ServerThreads = 10
CheckpointInterval = 0
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
MaxClientConnections = 5
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 5
"""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """`oxigraph serve`; gives its address. The default graph is the union, as a user would start it for this graph."""
    beside = Path(sys.executable).with_name("oxigraph")
    program = os.environ.get("KG_OXIGRAPH") or (str(beside) if beside.exists() else shutil.which("oxigraph"))
    if program is None:
        pytest.skip("no program `oxigraph`: install the package `oxigraph` (extra dev), or name it in KG_OXIGRAPH")
    port = free_port()
    command = [program, "serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
    with _running([*command, "--union-default-graph"], folder):
        _wait(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def virtuoso(folder: Path, *, rows: int) -> Iterator[str]:
    """Virtuoso, where anybody may update; gives its address. It sends `rows` rows at most, and so says no manual."""
    program = os.environ.get("KG_VIRTUOSO") or shutil.which("virtuoso-t")
    isql = program and (shutil.which("isql-vt") or str(Path(program).with_name("isql")))
    if not program or not isql:
        pytest.skip("no Virtuoso: install Debian's virtuoso-opensource-7-bin, or name virtuoso-t in KG_VIRTUOSO")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=sql, http=http, rows=rows), encoding="ascii")
    with _running([program, "+foreground", "+configfile", "virtuoso.ini"], folder):
        _wait(f"http://127.0.0.1:{http}/sparql")
        grant = 'exec=GRANT SPARQL_UPDATE TO "SPARQL";'
        subprocess.run(
            [isql, f"127.0.0.1:{sql}", "dba", "dba", grant], check=True, capture_output=True, timeout=PATIENCE
        )
        yield f"http://127.0.0.1:{http}"


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.kill()
            process.wait(timeout=PATIENCE)


def _wait(url: str) -> None:
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(url, timeout=PATIENCE).close()
        except (URLError, ConnectionError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return
