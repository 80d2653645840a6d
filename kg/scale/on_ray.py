"""The tasks of a run on a Ray cluster, or on a Ray that is started for them on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from kg.data import extra
from kg.scale.engine import AHEAD, TRIES, Engine, Lost

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ray:
    """`jobs`: processors to use of this machine, None for all. With `RAY_ADDRESS`, the cluster of that address."""

    jobs: int | None = None
    name: str = "ray"

    @property
    def apart(self) -> bool:
        return True

    @property
    def careful(self) -> Engine:
        return self

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        ray = self._started()
        gone = ray.exceptions
        work = ray.remote(max_retries=TRIES - 1)(function)
        rest, running = iter(tasks), dict[Any, T]()
        try:
            while True:
                room = max(1, int(ray.cluster_resources().get("CPU", 1))) * AHEAD - len(running)
                running |= {work.remote(task): task for task in islice(rest, max(0, room))}
                if not running:
                    return
                done, _ = ray.wait(list(running), num_returns=1)
                for found in done:
                    task = running.pop(found)
                    try:
                        yield task, ray.get(found)
                    except ray.exceptions.RayTaskError as error:
                        raise error.cause from error
                    except (gone.WorkerCrashedError, gone.NodeDiedError, gone.OutOfMemoryError) as error:
                        yield task, Lost(str(error).strip().partition("\n")[0])
        finally:
            for left in running:
                ray.cancel(left, force=True)

    def _started(self) -> Any:
        """Ray, which somebody may have started already; it then stays as they started it. It reports to nobody."""
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        ray = extra("ray", "scale")
        if not ray.is_initialized():
            mine = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": self.jobs, "include_dashboard": False}
            ray.init(log_to_driver=False, logging_level="ERROR", **mine)
        return ray
