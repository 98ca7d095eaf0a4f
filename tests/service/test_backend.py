"""What a backend does by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

from asltool.service.backend import Backend, BackendSettings
from asltool.store import ExecutionRow, open_store, open_to_read


def test_executions_that_were_kept_long_enough_are_removed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for name, stopped in (("old", 1_000.0), ("young", 4e9)):
        row = ExecutionRow(arn=name, machine="m", definition="d", started=1.0, input="{}")
        store.end(row._replace(number=store.begin(row), status="SUCCEEDED", stopped=stopped))
    store.commit()
    store.close()

    def kept() -> list[str]:
        store = open_to_read(tmp_path)
        arns = [row.arn for row in store.executions()]
        store.close()
        return arns

    async def serve(keep: float | None) -> None:
        backend = Backend(BackendSettings(data=tmp_path, keep=keep))
        await asyncio.sleep(0)
        await backend.close()

    asyncio.run(serve(None))
    assert kept() == ["young", "old"]
    asyncio.run(serve(90 * 86_400.0))
    assert kept() == ["young"]
