"""A frame: one sequence of states being run, and its data.

The machine runs in a frame, and so does each branch of a Parallel and each iteration of a Map. States see a
frame as their `FrameView`.
"""

from __future__ import annotations

import hashlib
import math
import random
from dataclasses import dataclass
from typing import Any

from asltool.engine.context import execution_context, state_context
from asltool.engine.decisions import CompiledState, ScheduleTask
from asltool.engine.identity import Identity
from asltool.engine.limits import MOST_EVENTS
from asltool.engine.map_plan import MapPlan
from asltool.history.records import Records
from asltool.syntax.model import ABSENT

__all__ = ["Forked", "Frame", "Shared"]


class Shared:
    """What all frames of an execution share: identity, time, random numbers and history.

    ``now`` is the timestamp of the last call, in seconds since the epoch; ``draws`` counts random numbers.

    ``most_events`` is the limit of history events, including the one that ends the execution.
    """

    __slots__ = (
        "_context",
        "activities",
        "draws",
        "identity",
        "input",
        "limits",
        "most_events",
        "now",
        "records",
        "redrive_count",
        "redriven_at",
        "seed",
        "started_at",
    )

    def __init__(
        self, value: Any, identity: Identity, seed: int, *, limits: bool, activities: list[str] | None
    ) -> None:
        self.input = value
        self.identity = identity
        self.seed = seed
        self.limits = limits
        self.activities = activities
        self.draws = 0
        self.now = self.started_at = 0.0
        self.redrive_count = 0
        self.redriven_at: float | None = None
        self.records = Records()
        self.most_events = MOST_EVENTS if limits and not identity.express else math.inf
        self._context: dict[str, Any] | None = None

    def begin(self, now: float) -> None:
        """Set the start time."""
        self.now = self.started_at = now

    def move(self, now: float) -> None:
        """Set the timestamp of a call; time never goes back."""
        self.now = max(self.now, now)

    def count_redrive(self) -> None:
        self.redrive_count += 1
        self.redriven_at = self.now
        self._context = None

    @property
    def context(self) -> dict[str, Any]:
        """The part of the context object that is the same in every state."""
        if self._context is None:
            redrives = self.redrive_count, self.redriven_at
            self._context = execution_context(self.identity, self.input, self.started_at, *redrives)
        return self._context

    def uniform(self) -> float:
        """Return the next random number of the execution's own sequence, from 0 (inclusive) to 1 (exclusive).

        Creating a generator for each number is slow, but the position in the sequence is then one integer in
        a dump.
        """
        self.draws += 1
        return random.Random(f"{self.seed}/{self.draws}").random()

    def rewind(self, draws: int = 0) -> None:
        """Continue after this many numbers of the sequence."""
        self.draws = draws


@dataclass(slots=True)
class Forked:
    """A frame's data while its children run.

    ``document`` is the effective input of the state, ``items`` a Map's items (None in a Parallel). Children
    are started in order; ``results`` has their outputs in that order. ``failed``: a child has failed, and the
    state has not handled that.
    """

    count: int
    document: Any
    items: list[Any] | None
    results: list[Any]
    begun: int = 0
    running: int = 0
    failed: bool = False


class Frame:
    """Has only plain values and the current state, so it can be dumped and loaded.

    ``input`` is the state's raw input and ``previous`` the id of the event that the next one follows;
    ``before`` is its value before the state was entered. ``retries`` counts by retrier for this visit to the
    state, ``attempt`` all of them. ``task_id`` and ``work`` are set while the frame waits for a task's
    outcome, ``submitted`` once the work has been accepted, ``fork`` while it waits for children, ``task_id``
    and ``plan`` while it waits for a map run; the plan of a failed map run is kept. In a child, ``index`` is
    its index among its siblings and ``item`` its Map's item.
    """

    __slots__ = (
        "attempt",
        "before",
        "entered_at",
        "entered_id",
        "fork",
        "index",
        "input",
        "item",
        "number",
        "parent",
        "plan",
        "previous",
        "retries",
        "shared",
        "state",
        "submitted",
        "task_id",
        "variables",
        "work",
    )

    def __init__(
        self, shared: Shared, number: int, state: CompiledState, value: Any, parent: Frame | None = None
    ) -> None:
        self.shared = shared
        self.number = number
        self.state = state
        self.input = value
        self.parent = parent
        self.index = 0
        self.item: Any = ABSENT
        self.previous = self.before = self.entered_id = 0
        self.entered_at = 0.0
        # A child sees its parent's variables but cannot change them, since assigning makes a new dict.
        self.variables: dict[str, Any] = {} if parent is None else parent.variables
        self.retries: dict[int, int] = {}
        self.attempt = 0
        self.task_id: int | None = None
        self.work: ScheduleTask | None = None
        self.submitted: Any = None
        self.fork: Forked | None = None
        self.plan: MapPlan | None = None

    def move(self, state: CompiledState, value: Any) -> None:
        """Continue with the next state and reset its attempts."""
        self.state = state
        self.input = value
        if self.attempt:
            self.attempt = 0
            self.retries = {}

    def assign(self, variables: dict[str, Any]) -> None:
        """Set variables; other frames keep the old ones."""
        self.variables = {**self.variables, **variables}

    def count_retry(self, retrier: int, attempt: int) -> None:
        """Count a retry of this retrier."""
        self.retries = {**self.retries, retrier: attempt}

    def try_again(self) -> None:
        """Start the next attempt."""
        self.attempt += 1

    def forget_attempts(self) -> None:
        self.retries, self.attempt = {}, 0

    def forget_task(self) -> None:
        self.task_id = self.work = self.submitted = None

    def record(self, kind: str, *payload: Any) -> None:
        """Add an event to the history, after the frame's last one."""
        shared = self.shared
        self.previous = shared.records.add(kind, self.previous, shared.now, payload)

    def note(self, kind: str, *payload: Any) -> int:
        """Add an event that the frame's next event does not follow, and return its ID."""
        return self.shared.records.add(kind, self.previous, self.shared.now, payload)

    @property
    def context(self) -> dict[str, Any]:
        """The current context object."""
        count = self.attempt if self.state.retries else None
        context = {**self.shared.context, "State": state_context(self.state.name, self.entered_at, count)}
        if self.state.shows_token:
            context["Task"] = {"Token": self.token}
        item = self._map_item()
        return context if item is None else {**context, "Map": {"Item": item}}

    @property
    def token(self) -> str:
        """The task token of this attempt: unique, and the same in a repeated run."""
        shared = self.shared
        attempt = f"{shared.identity.execution_arn}/{self.number}/{self.entered_id}/{self.attempt}"
        if shared.redrive_count:
            attempt = f"{attempt}/{shared.redrive_count}"
        return hashlib.sha256(attempt.encode(errors="replace")).hexdigest()

    def _map_item(self) -> dict[str, Any] | None:
        """Return the context object's part for the innermost Map around this frame."""
        frame: Frame | None = self
        while frame is not None and frame.item is ABSENT:
            frame = frame.parent
        if frame is None:
            return None
        return {"Index": frame.index, "Value": frame.item, "Source": "STATE_DATA"}

    @property
    def has_entered(self) -> bool:
        """Whether this child has entered a state."""
        return self.parent is None or self.entered_id != self.parent.entered_id

    @property
    def document(self) -> Any:
        """The effective input of the state that started this frame."""
        assert self.parent is not None
        assert self.parent.fork is not None
        return self.parent.fork.document

    @property
    def identity(self) -> Identity:
        return self.shared.identity

    @property
    def activities(self) -> list[str] | None:
        return self.shared.activities

    @property
    def now(self) -> float:
        return self.shared.now

    def uniform(self) -> float:
        return self.shared.uniform()
