"""A distributed Map as its execution sees it: the map run is asked for, and told of.

The children are executions of their own, which a driver runs; see `asltool.driver.map_driver`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from asltool.engine.effects import Failed, Outcome, StartMapRun, Succeeded
from asltool.engine.failures import settle
from asltool.engine.map_items import ItemScope
from asltool.engine.retry import Failure
from asltool.engine.work import Question, drop

if TYPE_CHECKING:
    from asltool.engine.frame import Frame
    from asltool.engine.map_plan import MapPlan
    from asltool.engine.steps import Distribute

__all__ = ["announce", "ask", "is_at_map_run", "redrive", "start", "told"]


def announce(frame: Frame, step: Distribute) -> None:
    """Note that the state begins, and ask it for its plan; the service evaluates some fields only then."""
    frame.record("MapStateStarted", 0 if step.items is None else len(step.items))
    frame.execution.ready.append((frame, (frame.state.plan, step)))


def start(frame: Frame, plan: MapPlan) -> None:
    """Have the map run begin."""
    frame.record("MapRunStarted", plan.arn)
    frame.plan = plan
    _wait(frame)


def _wait(frame: Frame) -> None:
    """Ask for the frame's map run, and wait for its outcome."""
    frame.task_id = frame.previous
    frame.execution.tasks[frame.task_id] = frame
    frame.execution.effects.append(ask(frame))


def is_at_map_run(frame: Frame) -> bool:
    """Return whether the frame stands in a state whose map run has begun and has not succeeded."""
    return frame.plan is not None and frame.plan.entered_id == frame.entered_id


def redrive(frame: Frame) -> None:
    """Have the map run go on with the children that did not succeed."""
    assert frame.plan is not None
    redriven = frame.plan.redrive_count + 1
    frame.plan = replace(frame.plan, redriven_at=frame.now, redrive_count=redriven)
    frame.record("MapRunRedriven", frame.plan.arn, redriven)
    _wait(frame)


def ask(frame: Frame) -> StartMapRun:
    """Return the effect that asks for the frame's map run."""
    execution, plan, task_id = frame.execution, frame.plan, frame.task_id
    assert plan is not None
    assert task_id is not None
    return StartMapRun(
        task_id=task_id,
        state=frame.state.name,
        plan=plan,
        children=frame.state.children,
        scope=ItemScope(frame.input, plan.document, frame.variables, frame.context, execution.now),
        parent=execution.identity,
        seed=execution.seed,
        limits=execution.limits,
        activities=execution.activities,
    )


def told(frame: Frame, outcome: Outcome) -> Question | None:
    """Note how the map run has ended; return what to ask the state."""
    match outcome:
        case Succeeded(output):
            drop(frame)
            frame.plan = None
            succeeded = frame.note("MapRunSucceeded")
            # Leaving the state follows the beginning of the map run, and not its end.
            frame.execution.records.add("MapStateSucceeded", succeeded, frame.execution.now, ())
            return frame.state.resume, output
        case Failed(error, cause):
            drop(frame)
            frame.record("MapRunFailed", error, cause)
            return settle, Failure(error, cause)
    return None
