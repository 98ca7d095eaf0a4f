"""Files that are read again while a server runs."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from asltool.driver.jobs import Integration
from asltool.integrations.code_files import CodeFiles
from asltool.integrations.handlers import Handlers
from asltool.integrations.lambda_project import LambdaFunctions, named_function
from asltool.integrations.replaceable import Replaceable
from asltool.integrations.tasks_file import find_tasks
from asltool.server.reloading import Reloading
from asltool.service.backend import Backend, BackendSettings
from asltool.service.sources import apply, read_served

ARN = "arn:aws:states:us-east-1:123456789012"
TASKS = """
import asltool
from handler_words import WORD

tasks = asltool.Tasks()


@tasks.handler("greet")
def greet(event, context):
    return WORD + "{mark}"
"""


def definition(function: str = "greet", comment: str = "") -> str:
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:lambda:us-east-1:123456789012:function:{function}",
        "End": True,
    }
    return json.dumps({"Comment": comment, "StartAt": "A", "States": {"A": task}})


class Place:
    """A folder with a definition, a tasks file, a module beside it and a Lambda function."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.definition = self._write("m.asl.json", definition())
        self.tasks = self._write("handler_tasks.py", TASKS.replace("{mark}", "!"))
        self.words = self._write("handler_words.py", 'WORD = "hello"\n')
        self.function = self._write("functions/app.py", "def handler(event, context):\n    return 1\n")

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def make(self) -> Sequence[Integration]:
        handlers = [Handlers(each) for each in find_tasks(str(self.tasks))]
        return [*handlers, LambdaFunctions([named_function(f"count={self.function}:handler")])]


class Running:
    """A backend that is kept up to date: ``look`` reads what has changed, ``output`` runs the machine."""

    def __init__(self, place: Place, backend: Backend, reloading: Reloading) -> None:
        self.place, self.backend, self.reloading = place, backend, reloading

    async def look(self) -> None:
        await self.reloading.look(self.backend)

    async def output(self) -> Any:
        call = self.backend.service.call
        started = await call("StartExecution", {"stateMachineArn": f"{ARN}:stateMachine:m"})
        row = await self.backend.service.conductor.ended(started["executionArn"])
        return row.error if row.output is None else json.loads(row.output)


def reloaded(tmp_path: Path, test: Callable[[Running], Awaitable[None]]) -> None:
    async def main() -> None:
        place = Place(tmp_path)
        given = [str(place.definition)]
        sources, _ = read_served(given)
        handlers = Replaceable(place.make())
        backend = Backend(BackendSettings(integrations=[handlers]))
        await apply(backend.service, sources)
        code = CodeFiles([str(place.tasks)])
        reloading = Reloading(sources, given, lambda: read_served(given), handlers, code, place.make)
        try:
            await test(Running(place, backend, reloading))
        finally:
            await backend.close()

    path = list(sys.path)
    try:
        asyncio.run(main())
    finally:
        sys.path[:] = path
        for name in ("handler_tasks", "handler_words"):
            sys.modules.pop(name, None)


def test_handlers_are_those_of_the_changed_files(tmp_path: Path) -> None:
    async def test(running: Running) -> None:
        assert await running.output() == "hello!"
        running.place.words.write_text('WORD = "good evening"\n', "utf-8")
        await running.look()
        assert await running.output() == "good evening!"
        running.place.tasks.write_text(TASKS.replace("{mark}", "..."), "utf-8")
        await running.look()
        assert await running.output() == "good evening..."

    reloaded(tmp_path, test)


def test_a_changed_definition_updates_its_machine(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "asltool.server")

    async def test(running: Running) -> None:
        running.place.definition.write_text(definition("count"), "utf-8")
        await running.look()
        assert await running.output() == 1
        running.place.function.write_text("def handler(event, context):\n    return 2222\n", "utf-8")
        await running.look()
        assert await running.output() == 2222
        await running.look()

    reloaded(tmp_path, test)
    assert [message.partition(" ")[2] for message in caplog.messages] == [
        f"updated, {tmp_path}/m.asl.json",
        "handlers reloaded",
    ]


def test_files_that_cannot_be_used_change_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def test(running: Running) -> None:
        running.place.tasks.write_text("import asltool\n\ntasks = asltool.Tasks(\n", "utf-8")
        await running.look()
        assert "cannot be imported: SyntaxError" in caplog.text
        caplog.clear()
        running.place.definition.write_text('{"StartAt": "A", "States": {}}', "utf-8")
        await running.look()
        assert "not reloaded: " in caplog.text
        assert await running.output() == "hello!"
        assert sys.modules["handler_words"].WORD == "hello"
        running.place.tasks.write_text(TASKS.replace("{mark}", "???"), "utf-8")
        await running.look()
        assert await running.output() == "hello???"

    reloaded(tmp_path, test)
