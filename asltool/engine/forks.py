"""Parallel and Map: a frame waits while child frames run side by side, and continues with their outputs.

Events have the service's predecessors: the event after a fork follows the child that ended last. After a
failure, the events of aborted children and the fork's next event follow the failed event, as in the one
recorded failure of a Map with other iterations running (2024-03-10); for branches of a Parallel and nested
forks this is inferred.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html and
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""

from __future__ import annotations

from typing import Any

from asltool.engine.decisions import Fork
from asltool.engine.frame import Forked, Frame
from asltool.engine.progress import Progress
from asltool.engine.work import cancel

__all__ = ["begin_child", "end_child", "fail_child", "fork", "join"]

_HOLDING = ("Map", "Parallel", "Task", "Wait")
"""The states that can be running when their frame is aborted, with events in the history."""


def fork(frame: Frame, step: Fork) -> int:
    """Start a fork; return how many children may start at once."""
    frame.fork = Forked(step.count, step.document, step.items, [None] * step.count)
    frame.record(f"{frame.state.kind}StateStarted", *(() if step.items is None else (step.count,)))
    return min(step.limit, step.count)


def begin_child(progress: Progress, parent: Frame, previous: int) -> Frame:
    """Make the next child, whose first event follows ``previous``; it has not entered a state yet."""
    forked = parent.fork
    assert forked is not None
    child = progress.new_frame(parent.state, parent.input, parent)
    child.index = forked.begun
    child.previous, child.entered_id, child.entered_at = previous, parent.entered_id, parent.entered_at
    forked.begun += 1
    forked.running += 1
    if forked.items is not None:
        child.item = forked.items[child.index]
        child.record("MapIterationStarted", parent.state.name, child.index)
    return child


def end_child(progress: Progress, child: Frame, output: Any) -> tuple[Frame, Forked]:
    """Take over a child's output; return its parent and the fork."""
    parent, forked = _close(progress, child)
    forked.results[child.index] = output
    parent.previous = child.previous
    if forked.items is not None:
        parent.previous = child.note("MapIterationSucceeded", parent.state.name, child.index)
    return parent, forked


def fail_child(progress: Progress, child: Frame) -> Frame:
    """Record a child's failure, and abort the others; return the parent."""
    parent, forked = _close(progress, child)
    failed = child.previous
    if forked.items is not None:
        child.note("MapIterationFailed", parent.state.name, child.index)
    _abort_state(child)
    _abort(progress, parent, failed)
    parent.previous = failed
    return parent


def join(parent: Frame) -> list[Any]:
    """Record that all children have succeeded; return their outputs."""
    forked = parent.fork
    assert forked is not None
    parent.note(f"{parent.state.kind}StateSucceeded")
    parent.fork = None
    return forked.results


def _abort(progress: Progress, parent: Frame, failed: int) -> None:
    """End every child of a fork and its descendants, wherever they are; their events follow ``failed``."""
    forked = parent.fork
    assert forked is not None
    for child in [frame for frame in progress.frames.values() if frame.parent is parent]:
        if child.fork is not None:
            _abort(progress, child, failed)
        child.previous = failed
        cancel(progress, child)
        progress.timers.drop_all(child.number)
        if forked.items is not None:
            child.note("MapIterationAborted", parent.state.name, child.index)
        _abort_state(child)
        progress.remove(child)
    parent.fork = None


def _abort_state(child: Frame) -> None:
    """Record that a child's state is aborted; a child that waits for its turn has not entered one."""
    assert child.parent is not None
    if child.entered_id != child.parent.entered_id and child.state.kind in _HOLDING:
        child.note(f"{child.state.kind}StateAborted")


def _close(progress: Progress, child: Frame) -> tuple[Frame, Forked]:
    parent = child.parent
    assert parent is not None
    assert parent.fork is not None
    progress.remove(child)
    parent.fork.running -= 1
    return parent, parent.fork
