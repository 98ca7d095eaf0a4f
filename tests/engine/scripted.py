"""Runs a machine whose tasks answer from a script, on a clock that starts at noon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asltool.driver import runner
from asltool.driver.clock import VirtualClock
from asltool.driver.log import Log
from asltool.driver.map_outside import Maps
from asltool.driver.ports import Answer
from asltool.engine import (
    AskAgain,
    CallTask,
    Effect,
    Execution,
    Failed,
    Identity,
    Sleep,
    Submitted,
    Succeeded,
)
from asltool.engine.map_io import Chunk
from asltool.machine import loads

NOON = 1_772_366_400.0
"""2026-03-01T12:00:00Z"""


@dataclass
class Script:
    """A `TaskPort` that answers the calls of each state in turn; the last answer is good for all others."""

    answers: Mapping[str, Sequence[Mapping[str, Any]]]
    calls: list[CallTask] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    _told: list[tuple[int, Answer]] = field(default_factory=list)
    _states: dict[int, str] = field(default_factory=dict)
    _counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def busy(self) -> bool:
        return bool(self._told)

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        self.calls.append(call)
        self._states[ticket] = call.state
        answers = self.answers[call.state]
        answer = answers[min(self._counts[call.state], len(answers) - 1)]
        self._counts[call.state] += 1
        if "submit" in answer:
            self._told.append((ticket, Submitted(answer["submit"])))
        if "ask_again" in answer:
            self._told.append((ticket, AskAgain(answer["ask_again"])))
        elif "succeed" in answer:
            self._told.append((ticket, Succeeded(answer["succeed"])))
        elif "fail" in answer:
            self._told.append((ticket, Failed(answer["fail"], answer.get("cause"))))

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        raise AssertionError("the script has no other processes")

    def cancel(self, ticket: int) -> None:
        self.cancelled.append(self._states[ticket])
        self._told = [told for told in self._told if told[0] != ticket]

    def wait(self, seconds: float | None) -> list[tuple[int, Answer]]:
        assert self._told or seconds is not None, "the script has no answer for what is in flight"
        told, self._told = self._told, []
        return told

    def watch(self, execution: Execution, effects: Sequence[Effect]) -> None:
        self.slept += [effect.until - execution.now for effect in effects if isinstance(effect, Sleep)]


def execute(
    text: str,
    value: Any,
    script: Script,
    seed: int = 7,
    maps: Maps | None = None,
    log: Log | None = None,
) -> Execution:
    """Run the definition in ``text`` to its end."""
    machine = loads(text, "case.asl.json")
    execution = Execution(machine.program, value, Identity(name="case", state_machine="test"), seed)
    _drive(execution, script, NOON, maps, log)
    return execution


def redrive(execution: Execution, script: Script, maps: Maps | None = None) -> None:
    """Redrive an execution a minute after its end, and run it to its next end."""
    later = execution.now + 60
    execution.redrive(later)
    _drive(execution, script, later, maps)


def _drive(
    execution: Execution, script: Script, now: float, maps: Maps | None, log: Log | None = None
) -> None:
    driver = runner.Runner(script, VirtualClock(now), maps, log)
    driver.add(execution, watch=script.watch)
    driver.run()
