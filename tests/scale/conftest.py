"""A Ray of two processors for the tests that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.scale.engine import Engine, engine_called


@pytest.fixture
def ray_engine() -> Iterator[Engine]:
    ray = pytest.importorskip("ray", reason="ray is not installed: no cluster to test with")
    engine = engine_called("ray", 2)
    try:
        yield engine
    finally:
        ray.shutdown()
