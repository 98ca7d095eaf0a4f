"""Worker processes of a service: they run children of map runs, for CPU-bound handlers.

Only EXPRESS children run there, because STANDARD ones have rows and steps in the store, and only those whose
tasks do not need the service: no task tokens, activities or other executions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from asltool.driver.children import StartPart, Surroundings
from asltool.driver.jobs import Integration, Job, Work
from asltool.driver.processes import Processes
from asltool.engine.decisions import CompiledMachine
from asltool.engine.effects import CallTask
from asltool.engine.map_io import MapPort
from asltool.engine.map_items import Children
from asltool.engine.states.task import TaskState
from asltool.errors import TaskFailed
from asltool.integrations.journal import Journals
from asltool.integrations.missing import no_handler
from asltool.service.time import ServiceClock
from asltool.syntax.resource import Resource

__all__ = ["OWN_SERVICES", "ChildProcesses", "WorkerOptions", "may_leave", "surroundings"]

OWN_SERVICES = ("aws-sdk:eventbridge", "aws-sdk:scheduler", "aws-sdk:sfn", "events", "states")
"""The services whose tasks the server may do itself."""

_TRIES = 3
"""How often a chunk of children begins before the map run fails, if its process is killed each time."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """``count`` processes, or a Dask cluster; ``make`` is a picklable callable that returns a worker's
    integrations.

    ``port`` is what map runs there read from and write to; ``parts`` has the workers of a cluster write
    results.
    """

    count: int
    make: Callable[[], Sequence[Integration]]
    port: MapPort | None = None
    dask: str | None = None
    parts: StartPart | None = None


class ChildProcesses(Processes):
    """The processes of a service, which start with the first children."""

    def __init__(self, elsewhere: WorkerOptions, journals: Journals, clock: ServiceClock) -> None:
        self._elsewhere, self._journals, self._clock = elsewhere, journals, clock
        super().__init__(elsewhere.count, self._now(), tries=_TRIES)

    def renew(self) -> None:
        """Use new processes with the current handlers and clock; the old ones end with their children."""
        self.replace(self._now())

    def _now(self) -> Surroundings:
        return replace(surroundings(self._elsewhere, self._clock), parts=None, journal=self._journals)


def surroundings(elsewhere: WorkerOptions, clock: ServiceClock) -> Surroundings:
    """Return the settings of a worker."""
    make = partial(_made, elsewhere.make)
    return Surroundings(make, elsewhere.port, elsewhere.parts, real_time=not clock.skips)


def may_leave(children: Children) -> bool:
    """Return whether these children may run in another process."""
    return children.express and not any(map(_is_own, _resources(children.machine)))


def _resources(machine: CompiledMachine) -> Iterator[Resource]:
    for state in machine.states.values():
        if isinstance(state, TaskState):
            yield state.resource
        for inside in state.machines:
            yield from _resources(inside)


def _is_own(resource: Resource) -> bool:
    return resource.is_activity or bool(resource.pattern) or resource.service in OWN_SERVICES


def _made(make: Callable[[], Sequence[Integration]]) -> Sequence[Integration]:
    integrations = make()
    return [*integrations, _Failing(integrations)]


class _Failing:
    """The last integration: it fails the tasks that no other integration does, like the service."""

    def __init__(self, integrations: Sequence[Integration]) -> None:
        self._integrations = integrations

    def find(self, call: CallTask) -> Work | None:
        problem = str(no_handler(call, integrations=self._integrations))

        def fail(job: Job) -> None:
            raise TaskFailed("States.Runtime", problem)

        return fail
