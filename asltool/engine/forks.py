"""Parallel and Map: a frame waits while child frames run side by side; then it continues with their outputs.

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

__all__ = ["begin_child", "end_child", "fail_child", "forget", "fork", "join", "reopen"]

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
    parent = child.parent
    assert parent is not None
    forked = parent.fork
    assert forked is not None
    progress.remove(child)
    forked.running -= 1
    forked.results[child.index] = output
    parent.previous = child.previous
    if forked.items is not None:
        parent.previous = child.note("MapIterationSucceeded", parent.state.name, child.index)
    return parent, forked


def fail_child(progress: Progress, child: Frame) -> Frame:
    """Record a child's failure, and abort the others; return the parent."""
    parent, failed = child.parent, child.previous
    assert parent is not None
    progress.stop(child)
    assert parent.fork is not None
    if parent.fork.items is not None:
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


def forget(progress: Progress, parent: Frame) -> None:
    """Remove the children of a failed fork and their descendants: its state has handled the failure."""
    parent.fork = None
    for child in [frame for frame in progress.stopped.values() if frame.parent is parent]:
        del progress.stopped[child.number]
        forget(progress, child)


def reopen(progress: Progress) -> list[Frame]:
    """Let the children of all forks run again that have not succeeded; return these frames, and the root.

    If there was too much data, the execution's state runs again with all of its children.
    """
    if progress.error == "States.DataLimitExceeded":
        progress.frames = {progress.root.number: progress.root}
        progress.root.fork = None
    else:
        progress.frames = dict(sorted((progress.frames | progress.stopped).items()))
    progress.stopped = {}
    frames = list(progress.frames.values())
    for frame in frames:
        if frame.fork is not None:
            frame.fork.failed = False
            frame.fork.running = sum(each.parent is frame for each in frames)
    return frames


def _abort(progress: Progress, parent: Frame, failed: int) -> None:
    """End every child of a fork and its descendants, wherever they are; their events follow ``failed``."""
    forked = parent.fork
    assert forked is not None
    forked.failed = True
    for child in [frame for frame in progress.frames.values() if frame.parent is parent]:
        if child.fork is not None:
            _abort(progress, child, failed)
        child.previous = failed
        cancel(progress, child)
        progress.timers.drop_all(child.number)
        if forked.items is not None:
            child.note("MapIterationAborted", parent.state.name, child.index)
        _abort_state(child)
        progress.stop(child)


def _abort_state(child: Frame) -> None:
    """Record that a child's state is aborted; a child that waits for its turn has not entered one."""
    if child.has_entered and child.state.kind in _HOLDING:
        child.note(f"{child.state.kind}StateAborted")
