"""The rows of Parquet files, in small batches."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from kg.errors import ReadError
from kg.read.extras import needed

_ROWS = 64


def parquet_rows(
    file: BinaryIO, chosen: Callable[[list[str]], list[str]], *, source: str
) -> Iterator[dict[str, object]]:
    """The rows of a Parquet file with the columns that `chosen` picks. Raises `ReadError` (`extra`, `format`).

    Its directory stands at its end, so a stream is copied to disk first.
    """
    arrow = needed("pyarrow", source=source)
    parquet = needed("pyarrow.parquet", source=source)
    with tempfile.TemporaryFile() as copy:
        if not file.seekable():
            shutil.copyfileobj(file, copy)
        try:
            table = parquet.ParquetFile(file if file.seekable() else copy)
            columns = chosen(table.schema_arrow.names)
            for batch in table.iter_batches(batch_size=_ROWS, columns=columns, use_threads=False):
                yield from batch.to_pylist()
        except (arrow.ArrowException, OSError) as error:
            raise ReadError(source, "format", f"is no whole Parquet file ({str(error)[:200]}); get it anew") from error
