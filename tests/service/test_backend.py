"""What a backend does by itself."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path

import pytest

from asltool.service import service
from asltool.service.backend import Backend, BackendSettings
from asltool.service.machines import Examined, examined
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


def test_the_time_stays_ahead_after_a_restart(tmp_path: Path) -> None:
    async def serve(jump: float) -> float:
        backend = Backend(BackendSettings(data=tmp_path, time=lambda: 1_000.0))
        await backend.change_time(skips=None, jump=jump)
        await backend.close()
        return backend.clock.now()

    assert [asyncio.run(serve(jump)) for jump in (60.0, 0.0, 5.0)] == [1_060.0, 1_060.0, 1_065.0]


def test_a_large_definition_is_examined_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[bool] = []

    def seen(definition: str, express: bool) -> Examined:
        threads.append(threading.current_thread() is threading.main_thread())
        return examined(definition, express)

    monkeypatch.setattr(service, "examined", seen)

    async def create(length: int) -> None:
        backend = Backend(BackendSettings())
        definition = {"Comment": "x" * length, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
        request = {
            "name": "m",
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "definition": json.dumps(definition),
        }
        await backend.service.call("CreateStateMachine", request)
        await backend.close()

    asyncio.run(create(10))
    assert threads == []
    asyncio.run(create(60_000))
    assert threads == [False]
