"""What a server counts, for Prometheus.

Source: https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from asltool.service.operations import OPERATIONS

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


class Metrics:
    """Counts requests by itself, and executions as the service reports them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._latency = Histogram(
            "asltool_request_duration_seconds",
            "Time taken to answer a request, by operation.",
            ["operation"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._executions = Counter(
            "asltool_executions",
            "Executions by what became of them: started, succeeded, failed, timed out, aborted.",
            ["status"],
            registry=self._registry,
        )

    @contextmanager
    def request(self, operation: str) -> Iterator[None]:
        """Measure a request; operations that do not exist are one, so that nobody can make up names."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            label = operation if operation in OPERATIONS else "unknown"
            self._latency.labels(label).observe(time.perf_counter() - begun)

    def page(self) -> bytes:
        """Return the metrics as text."""
        return generate_latest(self._registry)
