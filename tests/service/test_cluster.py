"""Children of map runs on the Dask cluster of a service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from distributed import Client, get_worker

from asltool.driver.children import Surroundings
from asltool.driver.jobs import Integration
from asltool.integrations.dask import connecting
from asltool.integrations.dask.cluster import DaskCluster
from asltool.integrations.handlers import Handlers
from asltool.service.elsewhere import WorkerOptions
from asltool.store import ExecutionRow
from tests.service.conducting import World
from tests.service.test_elsewhere import each


@pytest.fixture
def client() -> Iterator[Client]:
    with ExitStack() as stack:
        yield connecting.connect(stack, "local:2", processes=False)


def make() -> Sequence[Integration]:
    return [Handlers({"do": lambda event, context: get_worker().address})]


def test_executions_share_a_cluster(client: Client, tmp_path: Path) -> None:
    async def main() -> list[ExecutionRow]:
        world = World(tmp_path, [], skips=True, elsewhere=WorkerOptions(0, make, dask=client))
        try:
            rows = [await world.start(each(), name, list(range(100))) for name in ("one", "two")]
            return [await world.conductor.ended(row.arn) for row in rows]
        finally:
            await world.stop()

    for row in asyncio.run(main()):
        assert row.status == "SUCCEEDED"
        assert set(json.loads(row.output or "")) <= set(client.nthreads())


def test_map_runs_have_equal_shares_of_the_workers(client: Client) -> None:
    cluster = DaskCluster(client, Surroundings(make))
    cluster.running.update("a")
    assert cluster.workers == 2
    cluster.running.update("ab")
    assert cluster.workers == 1
    cluster.running.update("cd")
    assert cluster.workers == 1
