"""Running states: from one to the next, until each line of states waits for something or ends.

Functions on frames; what they change is the frame's execution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from asltool.engine import distribution, forks, work
from asltool.engine.effects import Sleep
from asltool.engine.failures import explain, recover, settle
from asltool.engine.limits import (
    SURELY_FITS,
    oversize,
    quick_form,
    too_large,
    too_many_events,
    too_many_variables,
    too_much_to_keep,
)
from asltool.engine.map_plan import MapPlan
from asltool.engine.steps import Distribute, Fork, Retry, Schedule, Step, Stop, WaitUntil
from asltool.errors import EvaluationError
from asltool.history.records import FIELDS

if TYPE_CHECKING:
    from asltool.engine.frame import Frame
    from asltool.engine.retry import Failure
    from asltool.engine.work import Question

__all__ = ["answer", "run"]


def run(frame: Frame, step: Step | None = None) -> None:
    """Run states back to back, from this step or from entering the frame's state, until one holds."""
    execution = frame.execution
    tape, now, limited = execution.records.tape, execution.now, execution.limits
    while True:
        state = frame.state
        if step is None:
            if limited and len(tape) >= execution.full_tape:
                execution.fail(too_many_events())
                return
            frame.before = frame.previous
            tape += (state.entered, frame.previous, now, state.name, frame.input, None)
            frame.previous = frame.entered_id = len(tape) // FIELDS
            frame.entered_at = now
            try:
                step = state.enter(frame)
            except EvaluationError as error:
                step = recover(frame, error)
        if type(step) is not tuple:
            _hold(frame, step)
            return
        output, following, assigned = step
        if (
            limited
            and output is not frame.input
            and len(quick_form(output, 2)) > SURELY_FITS
            and too_large(output)
        ):
            _fail(frame, oversize(state.name))
            return
        if assigned is not None:
            frame.variables = {**frame.variables, **assigned}
            if limited and too_much_to_keep(assigned, frame.variables):
                _fail(frame, too_many_variables(state.name))
                return
        tape += (state.exited, frame.previous, now, state.name, output, assigned)
        frame.previous = len(tape) // FIELDS
        if following is None:
            _end(frame, output)
            return
        frame.move(following, output)
        step = None


def answer(frame: Frame, question: Question) -> None:
    """Put a question to the frame's state, and run on from what it answers."""
    ask, *about = question
    try:
        step = ask(frame, *about)
    except EvaluationError as error:
        step = recover(frame, error)
    run(frame, step)


def _hold(frame: Frame, step: Step) -> None:
    """See to what a state asks for before it can go on."""
    match step:
        case Schedule():
            work.schedule(frame, step)
        case WaitUntil(moment):
            _sleep(frame, "wait", moment)
        case Retry(delay):
            _sleep(frame, "retry", frame.now + delay)
        case Fork():
            _fork(frame, step)
        case Distribute():
            distribution.announce(frame, step)
        case MapPlan():
            distribution.start(frame, step)
        case Stop(failure):
            _fail(frame, failure)


def _sleep(frame: Frame, kind: Literal["wait", "retry"], moment: float) -> None:
    frame.execution.timers.set(frame.number, kind, moment)
    frame.execution.effects.append(Sleep(moment, frame.state.name, kind))


def _end(frame: Frame, output: Any) -> None:
    """The frame's last state has been left."""
    if frame.parent is None:
        frame.execution.succeed(output)
        return
    parent, forked = forks.end_child(frame, output)
    if forked.begun < forked.count:
        _begin(parent, frame.previous)
    elif not forked.running:
        _join(parent)


def _fail(frame: Frame, failure: Failure) -> None:
    """The frame ends with a failure that its state has not caught."""
    if frame.parent is None or failure.terminal:
        frame.execution.fail(failure, frame.previous)
        return
    parent = forks.fail_child(frame)
    parent.execution.ready.append((parent, (settle, failure)))


def _fork(frame: Frame, step: Fork) -> None:
    many = forks.fork(frame, step)
    if not many:
        _join(frame)
    for _ in range(many):
        if frame.fork is not None:
            _begin(frame, frame.previous)


def _begin(parent: Frame, previous: int) -> None:
    child = forks.begin_child(parent, previous)
    try:
        child.move(*parent.state.child(child))
    except EvaluationError as error:
        _fail(child, explain(child, error))
        return
    child.execution.ready.append((child, None))


def _join(parent: Frame) -> None:
    parent.execution.ready.append((parent, (parent.state.resume, forks.join(parent))))
