"""Run states until every frame waits for something or ends.

Functions on the `Progress` of an execution and one of its frames.
"""

from __future__ import annotations

from typing import Any

from asltool.engine import distribution, forks, work
from asltool.engine.decisions import (
    Decision,
    Distribute,
    Fork,
    HoldingState,
    Retry,
    ScheduleTask,
    Stop,
    WaitUntil,
)
from asltool.engine.failures import explain, recover, settle
from asltool.engine.frame import Frame
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
from asltool.engine.progress import Progress
from asltool.engine.resumption import AGAIN, BEGIN, Enter, Plan, Recover, Resume, Resumption, Settle
from asltool.engine.retry import Failure
from asltool.engine.states.forking import ForkingState
from asltool.errors import EvaluationError
from asltool.history.records import FIELDS

__all__ = ["redrive", "run"]


def run(progress: Progress) -> None:
    """Run every frame that can continue."""
    ready, frames = progress.ready, progress.frames
    while ready:
        frame, why = ready.popleft()
        if frame.number not in frames:
            continue
        if why is BEGIN:
            _run(progress, frame, None)
        else:
            _go_on(progress, frame, why)


def redrive(progress: Progress) -> None:
    """Continue every frame that had not succeeded when the execution ended, in its current state.

    Nothing is entered or started again in the history: the next event of a frame follows the one with which
    its state was entered, that of a Fail state ``ExecutionRedriven`` (measured 2026-09-24).
    """
    frames = forks.reopen(progress)
    redriven = progress.reopen()
    for frame in frames:
        if frame.number not in progress.frames:
            continue  # one before it has failed again
        frame.previous = redriven if frame.state.kind == "Fail" else frame.entered_id
        frame.forget_attempts()
        if distribution.is_at_map_run(frame):
            distribution.redrive(progress, frame)
        elif not frame.has_entered:
            _enter(progress, frame)
        elif frame.fork is None:
            progress.go_on(frame, AGAIN)


def _go_on(progress: Progress, frame: Frame, why: Resumption) -> None:
    """Call the frame's state as the resumption requires, and continue with its decision."""
    state = frame.state
    decision: Decision
    try:
        match why:
            case Enter():
                decision = state.enter(frame)
            case Resume(result):
                assert isinstance(state, HoldingState)
                decision = state.leave(frame, result, state.next)
            case Recover(failure):
                decision = state.recover(frame, failure)
            case Settle(failure):
                decision = settle(frame, failure)
                if not isinstance(decision, Stop):
                    forks.forget(progress, frame)
            case Plan(begun):
                decision = distribution.plan(frame, begun)
    except EvaluationError as error:
        decision = recover(frame, error)
    _run(progress, frame, decision)


def _run(progress: Progress, frame: Frame, decision: Decision | None) -> None:
    """Run states one after another, from this decision or from entering the frame's state, until one
    waits."""
    records, now, limited = progress.records, progress.now, progress.limits
    tape, before = records.tape, records.before
    # Where states pause, none is entered here.
    full = 0 if progress.program.pause else (progress.most_events - 1 - before) * FIELDS
    while True:
        state = frame.state
        if decision is None:
            if len(tape) < full:
                frame.before = frame.previous
                tape += (state.entered, frame.previous, now, state.name, frame.input, None)
                frame.previous = frame.entered_id = len(tape) // FIELDS + before
                frame.entered_at = now
                try:
                    decision = state.enter(frame)
                except EvaluationError as error:
                    decision = recover(frame, error)
            elif (decision := _enter_at_pause(progress, frame)) is None:
                return
        if type(decision) is not tuple:
            _hold(progress, frame, decision)
            return
        output, following, assigned = decision
        if (
            limited
            and output is not frame.input
            and len(quick_form(output, 2)) > SURELY_FITS
            and too_large(output)
        ):
            _fail(progress, frame, oversize(state.name))
            return
        if assigned is not None:
            frame.assign(assigned)
            if limited and too_much_to_keep(assigned, frame.variables):
                _fail(progress, frame, too_many_variables(state.name))
                return
        tape += (state.exited, frame.previous, now, state.name, output, assigned)
        frame.previous = len(tape) // FIELDS + before
        if following is None:
            _end(progress, frame, output)
            return
        frame.move(following, output)
        decision = None


def _enter_at_pause(progress: Progress, frame: Frame) -> Decision | None:
    """Enter a state as the program's pause decides; None if the execution fails, its history being full."""
    pause, records, state = progress.program.pause, progress.records, frame.state
    if pause is None or len(records) >= progress.most_events - 1:
        progress.fail(too_many_events())
        return None
    frame.entered_at = frame.now
    enter = pause(frame)
    frame.before = frame.previous
    records.tape += (state.entered, frame.previous, frame.now, state.name, frame.input, None)
    frame.previous = frame.entered_id = len(records)
    try:
        return enter(frame)
    except EvaluationError as error:
        return recover(frame, error)


def _hold(progress: Progress, frame: Frame, decision: Decision) -> None:
    """Carry out the step that a state waits for."""
    match decision:
        case ScheduleTask():
            work.schedule(progress, frame, decision)
        case WaitUntil(moment):
            progress.sleep(frame, "wait", moment)
        case Retry(delay, retrier, attempt):
            frame.count_retry(retrier, attempt)
            progress.sleep(frame, "retry", frame.now + delay)
        case Fork():
            _fork(progress, frame, decision)
        case Distribute():
            distribution.announce(progress, frame, decision)
        case MapPlan():
            distribution.start(progress, frame, decision)
        case Stop(failure):
            _fail(progress, frame, failure)


def _end(progress: Progress, frame: Frame, output: Any) -> None:
    """The frame's last state has been left."""
    if frame.parent is None:
        progress.succeed(output)
        return
    parent, forked = forks.end_child(progress, frame, output)
    if forked.begun < forked.count:
        _enter(progress, forks.begin_child(progress, parent, frame.previous))
    elif not forked.running:
        _join(progress, parent)


def _fail(progress: Progress, frame: Frame, failure: Failure) -> None:
    """The frame ends with a failure that its state has not caught."""
    if frame.parent is None or failure.terminal:
        progress.fail(failure, frame.previous)
        return
    parent = forks.fail_child(progress, frame)
    progress.go_on(parent, Settle(failure))


def _fork(progress: Progress, frame: Frame, decision: Fork) -> None:
    many = forks.fork(frame, decision)
    if not many:
        _join(progress, frame)
    for _ in range(many):
        if frame.fork is not None and not frame.fork.failed:
            _enter(progress, forks.begin_child(progress, frame, frame.previous))


def _enter(progress: Progress, child: Frame) -> None:
    """Let a child enter its first state."""
    assert child.parent is not None
    state = child.parent.state
    assert isinstance(state, ForkingState)
    try:
        child.move(*state.child(child))
    except EvaluationError as error:
        _fail(progress, child, explain(child, error))
        return
    progress.go_on(child, BEGIN)


def _join(progress: Progress, parent: Frame) -> None:
    progress.go_on(parent, Resume(forks.join(parent)))
