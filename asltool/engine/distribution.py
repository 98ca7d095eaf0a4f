"""Distributed Maps: an execution requests a map run and gets its outcome.

The children are separate executions, which a driver runs; see `asltool.engine.map_run`.
"""

from __future__ import annotations

from dataclasses import replace

from asltool.engine.decisions import Distribute
from asltool.engine.effects import Failed, Outcome, StartMapRun, Succeeded
from asltool.engine.frame import Frame
from asltool.engine.map_items import ItemScope
from asltool.engine.map_plan import MapPlan
from asltool.engine.progress import Progress
from asltool.engine.resumption import Plan, Resume, Settle
from asltool.engine.retry import Failure
from asltool.engine.states.distributed_map import DistributedMap

__all__ = ["announce", "ask", "hear", "is_at_map_run", "plan", "redrive", "start"]


def announce(progress: Progress, frame: Frame, step: Distribute) -> None:
    """Record that the state has started, and request its plan; the service evaluates some fields only
    then."""
    frame.record("MapStateStarted", 0 if step.items is None else len(step.items))
    progress.go_on(frame, Plan(step))


def plan(frame: Frame, begun: Distribute) -> MapPlan:
    """Get the state's plan for its children."""
    return _state(frame).plan(frame, begun)


def start(progress: Progress, frame: Frame, plan: MapPlan) -> None:
    """Start the map run, and wait for its outcome."""
    plan = replace(plan, started_id=frame.previous)
    frame.record("MapRunStarted", plan.arn)
    progress.wait_for_outcome(frame, plan)
    progress.ask(ask(progress, frame))


def is_at_map_run(frame: Frame) -> bool:
    """Return whether the frame is in a state whose map run has started and has not succeeded."""
    return frame.plan is not None and frame.plan.entered_id == frame.entered_id


def redrive(progress: Progress, frame: Frame) -> None:
    """Redrive the map run: run the children that did not succeed.

    Its event follows the start of the state (measured 2026-09-24).
    """
    assert frame.plan is not None
    frame.previous = frame.plan.started_id
    plan = replace(frame.plan, redriven_at=frame.now, redrive_count=frame.plan.redrive_count + 1)
    frame.record("MapRunRedriven", plan.arn, plan.redrive_count)
    progress.wait_for_outcome(frame, plan)
    progress.ask(ask(progress, frame))


def ask(progress: Progress, frame: Frame) -> StartMapRun:
    """Return the effect that runs the frame's map run."""
    plan, task_id = frame.plan, frame.task_id
    assert plan is not None
    assert task_id is not None
    return StartMapRun(
        task_id=task_id,
        state=frame.state.name,
        plan=plan,
        children=_state(frame).children,
        scope=ItemScope(frame.input, plan.document, frame.variables, frame.context, progress.now),
        parent=progress.identity,
        seed=progress.seed,
        limits=progress.limits,
        activities=progress.activities,
        pause=progress.program.pause,
    )


def hear(progress: Progress, frame: Frame, outcome: Outcome) -> None:
    """Record how the map run ended, and resume the frame."""
    match outcome:
        case Succeeded(output):
            progress.stop_waiting(frame)
            frame.plan = None
            succeeded = frame.note("MapRunSucceeded")
            # The state's exit event follows the start of the map run, not its end.
            progress.records.add("MapStateSucceeded", succeeded, progress.now, ())
            progress.go_on(frame, Resume(output))
        case Failed(error, cause):
            progress.stop_waiting(frame)
            frame.record("MapRunFailed", error, cause)
            progress.go_on(frame, Settle(Failure(error, cause)))


def _state(frame: Frame) -> DistributedMap:
    assert isinstance(frame.state, DistributedMap)
    return frame.state
