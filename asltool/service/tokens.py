"""Task tokens whose answers survive the process.

An answer is held until the task's function returns, so that events keep their order, and after a restart
until the task is started again. Meanwhile it is in the store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from asltool.driver.callbacks import Callbacks, Waiting
from asltool.engine.effects import CallTask, Effect
from asltool.integrations.activities import activity_token
from asltool.store.port import Store

__all__ = ["Tokens"]

_EARLY = "early answer"
"""The kind of the documents: by token, owned by the ARN of the execution."""


class Tokens(Callbacks):
    """The task tokens of a server. Any thread may answer, but only `succeed` and `fail` are stored.

    ``asleep`` are the ARNs of running child executions that are not replayed yet, so their tokens are not
    known.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.asleep: set[str] = set()
        self._store = store
        self._expected: dict[str, str] = {}
        self._early: dict[str, dict[str, Any]] = {}
        self._owners: set[str] = set()

    def recover(self, running: Collection[str]) -> None:
        """Load the answers that these executions had not received when the previous process ended."""
        for _, token, answer in self._store.listed(_EARLY):
            if answer["execution"] in running:
                self._early[token] = answer
                self._owners.add(answer["execution"])
            else:
                self._store.remove(_EARLY, token)

    def expect(self, effects: Iterable[Effect]) -> None:
        """Accept answers to requested tasks before anything runs them."""
        for effect in effects:
            if isinstance(effect, CallTask):
                activity = effect.resource.events == "Activity"
                token = activity_token(effect) if activity else effect.token
                if token is not None:
                    self._expected[token] = effect.execution_arn

    def succeed(self, token: str, output: str) -> None:
        """See `asltool.service.conductor.Conductor.succeed`."""
        self._answer(token, {"output": output})

    def fail(self, token: str, error: str | None, cause: str | None) -> None:
        """See `asltool.service.conductor.Conductor.fail`."""
        self._answer(token, {"error": error, "cause": cause})

    def heartbeat(self, token: str) -> None:
        """See `asltool.service.conductor.Conductor.heartbeat`."""
        if token in self._jobs or not self._may_come(token):
            self.send_task_heartbeat(token)

    def open(self, token: str, job: Waiting) -> bool:
        opened = super().open(token, job)
        self._expected.pop(token, None)
        answer = self._early.pop(token, None)
        if opened and answer is not None:
            self._send(token, answer)
        return opened

    def forget(self, execution: str) -> None:
        """Remove the stored answers of an execution that has ended."""
        if execution in self._owners:
            self._owners.discard(execution)
            for each in self._store.listed(_EARLY, execution):
                self._store.remove(_EARLY, each.key)

    def _answer(self, token: str, answer: dict[str, Any]) -> None:
        waiting = self._jobs.get(token)
        if waiting is None and token not in self._early and self._may_come(token):
            execution = self._expected.get(token, "")
            self._early[token] = self._keep(token, execution, answer)
            return
        self._send(token, answer)
        if waiting is not None and not waiting.returned:
            self._keep(token, waiting.call.execution_arn, answer)

    def _may_come(self, token: str) -> bool:
        """Return whether a token that is not open may be opened when its task is started again."""
        return token in self._expected or bool(self.asleep)

    def _send(self, token: str, answer: dict[str, Any]) -> None:
        if "output" in answer:
            self.send_task_success(token, answer["output"])
        else:
            self.send_task_failure(token, answer["error"], answer["cause"])

    def _keep(self, token: str, execution: str, answer: dict[str, Any]) -> dict[str, Any]:
        kept = {**answer, "execution": execution}
        self._owners.add(execution)
        self._store.put(_EARLY, token, kept, execution)
        return kept
