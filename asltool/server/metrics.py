"""The metrics of a server, for Prometheus.

Source: https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from asltool.service.apis import APIS
from asltool.store.execution_log import ExecutionChange

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


_OPERATIONS = frozenset().union(*APIS.values())

_ENDS = ("succeeded", "failed", "timed_out", "aborted")


class Metrics:
    """Counts requests, and executions as a watcher of the service.

    ``counts`` returns how many executions are ``running`` and ``blocked``.
    """

    def __init__(self, counts: Callable[[], Mapping[str, int]]) -> None:
        self._registry = CollectorRegistry()
        self._latency = Histogram(
            "asltool_request_duration_seconds",
            "Time taken to answer a request, by operation.",
            ["operation"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        begun = self._counter("asltool_executions_started", "Executions that have begun.")
        ended = self._counter("asltool_executions_ended", "Executions that have ended, by status.", "status")
        self._executions = {"started": begun, **{each: ended.labels(each) for each in _ENDS}}
        self._steps = self._counter("asltool_steps", "Steps of executions that have been committed.")
        self._commits = self._counter("asltool_commits", "Commits that have made steps durable.")
        for name, text in (
            ("running", "Executions that run."),
            ("blocked", "Executions that cannot continue."),
        ):
            gauge = Gauge(f"asltool_executions_{name}", text, registry=self._registry)
            gauge.set_function(partial(_count, counts, name))

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self._registry)

    def __call__(self, changes: Sequence[ExecutionChange]) -> None:
        """Count the changes of a commit; children of map runs count as steps, but not as executions."""
        tally: Tally[str] = Tally()
        for row, records in changes:
            if records and row.map_run is None:
                tally["started"] += records.before == 0
                tally[row.status.lower()] += 1
        for name, counter in self._executions.items():
            if tally[name]:
                counter.inc(tally[name])
        self._steps.inc(sum(len(records) > 0 for _, records in changes))
        self._commits.inc()

    @contextmanager
    def request(self, operation: str) -> Iterator[None]:
        """Measure a request; unknown operations share one label, so clients cannot invent names."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            label = operation if operation in _OPERATIONS else "unknown"
            self._latency.labels(label).observe(time.perf_counter() - begun)

    def page(self) -> bytes:
        """Return the metrics as text."""
        return generate_latest(self._registry)


def _count(counts: Callable[[], Mapping[str, int]], name: str) -> int:
    return counts()[name]
