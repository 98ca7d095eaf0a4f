"""Task tokens whose answers outlive the process.

An answer waits for the function that does the task to return, so that events keep their order. Until then
the store has it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from asltool.driver.callbacks import Callbacks, Waiting
from asltool.store.port import Store

__all__ = ["Tokens"]

_EARLY = "early answer"
"""The kind of the documents: by token, owned by the ARN of the execution."""


class Tokens(Callbacks):
    """The task tokens of a server. Any thread may answer, but only `succeed` and `fail` are kept."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._early: dict[str, dict[str, Any]] = {}
        self._owners: set[str] = set()

    def recover(self, running: Collection[str]) -> None:
        """Take up the answers that these executions had not had when the process before this one ended."""
        for _, token, answer in self._store.listed(_EARLY):
            if answer["execution"] in running:
                self._early[token] = answer
                self._owners.add(answer["execution"])
            else:
                self._store.remove(_EARLY, token)

    def succeed(self, token: str, output: str) -> None:
        """See `asltool.service.conductor.Conductor.succeed`."""
        waiting = self._jobs.get(token)
        self.send_task_success(token, output)
        self._keep(token, waiting, {"output": output})

    def fail(self, token: str, error: str | None, cause: str | None) -> None:
        """See `asltool.service.conductor.Conductor.fail`."""
        waiting = self._jobs.get(token)
        self.send_task_failure(token, error, cause)
        self._keep(token, waiting, {"error": error, "cause": cause})

    def open(self, token: str, job: Waiting) -> bool:
        opened = super().open(token, job)
        answer = self._early.pop(token, None)
        if opened and answer is not None:
            if "output" in answer:
                self.send_task_success(token, answer["output"])
            else:
                self.send_task_failure(token, answer["error"], answer["cause"])
        return opened

    def forget(self, execution: str) -> None:
        """Remove what was kept for an execution that has ended."""
        if execution in self._owners:
            self._owners.discard(execution)
            for each in self._store.listed(_EARLY, execution):
                self._store.remove(_EARLY, each.key)

    def _keep(self, token: str, waiting: Waiting | None, answer: dict[str, Any]) -> None:
        if waiting is not None and not waiting.returned:
            execution = waiting.call.execution_arn
            self._owners.add(execution)
            self._store.put(_EARLY, token, {**answer, "execution": execution}, execution)
