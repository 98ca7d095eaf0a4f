"""Deliveries to handlers and to AWS, which are retried until they succeed or their retry policy ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from asltool.driver.jobs import find_work
from asltool.driver.ports import Answer, Broken
from asltool.driver.workers import Workers
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.errors import AslToolError, StoreError, TaskFailed
from asltool.service.events.calls import calls_for
from asltool.service.events.dead_letters import DeadLetters
from asltool.service.events.letters import Letter

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["Deliveries"]

_KIND = "letter"

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 600.0
"""Seconds between attempts, which double. That they grow is documented, by how much is not."""


class Deliveries:
    """Delivers letters, each in a task of the running loop; a letter is stored until it is delivered."""

    def __init__(self, service: Service, dead: DeadLetters) -> None:
        self._service, self._dead = service, dead
        self._doers = [*service.integrations, service.conductor.own_calls]
        self._workers: Workers | None = None
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._made = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._closed = False

    def send(self, letter: Letter) -> None:
        """Deliver a letter once it is stored durably."""
        self._service.store.put(_KIND, letter.name, letter.body, created=letter.sent)
        self._begin(letter)

    def recover(self) -> None:
        """Deliver the letters that an earlier process has left."""
        for each in self._service.store.listed(_KIND):
            self._begin(Letter(**each.body))

    def close(self) -> None:
        """Stop deliveries; all letters, including new ones, stay stored."""
        self._closed = True
        for task in self._under_way:
            task.cancel()
        if self._workers is not None:
            self._workers.close()

    def _begin(self, letter: Letter) -> None:
        if self._closed:
            return
        task = asyncio.get_running_loop().create_task(self._carry(letter))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _carry(self, letter: Letter) -> None:
        """Try until it succeeds; the conductor reports failures of the store."""
        with suppress(StoreError, RuntimeError):
            await self._service.conductor.committed()
            while (problem := await self._tried(letter)) is not None:
                letter = replace(letter, attempts=letter.attempts + 1)
                exhausted = self._exhausted(letter, problem)
                if exhausted is not None:
                    self._dead.add(letter, problem, self._service.clock(), exhausted)
                    break
                self._service.store.put(_KIND, letter.name, letter.body)
                await asyncio.sleep(self._pause(letter))
            self._service.store.remove(_KIND, letter.name)
            await self._service.conductor.committed()

    def _exhausted(self, letter: Letter, problem: TaskFailed) -> str | None:
        """Return why a letter is not retried, in the service's words."""
        if isinstance(problem, _Undeliverable):
            return "NotRetryable"
        if letter.attempts > letter.retries.attempts:
            return "MaximumRetryAttempts"
        if self._service.clock() - letter.sent >= letter.retries.seconds:
            return "MaximumEventAgeInSeconds"
        return None

    def _pause(self, letter: Letter) -> float:
        if self._service.conductor.skips:
            return 0.0
        most = min(_FIRST_PAUSE * 2.0 ** (letter.attempts - 1), _LONGEST_PAUSE)
        return self._service.chance.uniform(most / 2, most)

    async def _tried(self, letter: Letter) -> TaskFailed | None:
        """Try once; return the reason for a failure."""
        try:
            call = next((each for each in calls_for(letter) if find_work(self._doers, each)), None)
            if call is None:
                arn = letter.target["Arn"]
                return _Undeliverable("NoHandler", f"no handler or state machine takes the place of {arn}")
            answer = await self._ask(call)
        except AslToolError as problem:
            return _Undeliverable(type(problem).__name__, str(problem))
        if isinstance(answer, Broken):
            return TaskFailed(type(answer.problem).__name__, str(answer.problem))
        if isinstance(answer, Failed):
            return TaskFailed(answer.error or "States.TaskFailed", answer.cause or "")
        return None

    def _ask(self, call: CallTask) -> asyncio.Future[Answer]:
        loop = asyncio.get_running_loop()
        if self._workers is None:
            self._workers = Workers(*self._doers, patient=True)
            self._workers.listen(lambda: _soon(loop, self._take))
        self._made += 1
        asked = self._asked[self._made] = loop.create_future()
        self._workers.start(self._made, call, alone=False)
        return asked

    def _take(self) -> None:
        assert self._workers is not None
        for ticket, answer in self._workers.wait(0):
            if isinstance(answer, Succeeded | Failed | Broken):
                asked = self._asked.pop(ticket, None)
                if asked is not None and not asked.done():
                    asked.set_result(answer)


def _soon(loop: asyncio.AbstractEventLoop, work: Any) -> None:
    with suppress(RuntimeError):  # the loop has ended, and a handler has not
        loop.call_soon_threadsafe(work)


class _Undeliverable(TaskFailed):
    """A delivery that would fail every time."""
