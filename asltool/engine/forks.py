"""Parallel and Map: one frame waits while others run side by side for it, and goes on with what they made.

Which event follows which is as the service has it: what comes after a fork follows the child that ended last.
After a failure, the events of what is aborted and the next event of the fork follow the event that failed, as
in the one recorded failure of a Map with other iterations under way (2024-03-10); that branches of a Parallel
and forks inside forks do the same is inferred.

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
"""The states that can be under way when their line of states is aborted; the history tells of them."""


def fork(frame: Frame, step: Fork) -> int:
    """Note that a fork begins; return how many children may begin at once."""
    frame.fork = Forked(step.count, step.document, step.items, [None] * step.count)
    frame.record(f"{frame.state.kind}StateStarted", *(() if step.items is None else (step.count,)))
    return min(step.limit, step.count)


def begin_child(progress: Progress, parent: Frame, previous: int) -> Frame:
    """Make the next child, whose first event follows ``previous``; it still stands in its parent's state."""
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
    """Take over what a child has made; return its parent, and how far the fork is."""
    parent, forked = _close(progress, child)
    forked.results[child.index] = output
    parent.previous = child.previous
    if forked.items is not None:
        parent.previous = child.note("MapIterationSucceeded", parent.state.name, child.index)
    return parent, forked


def fail_child(progress: Progress, child: Frame) -> Frame:
    """Note that a child has failed, and abort all others; return the parent."""
    parent, forked = _close(progress, child)
    failed = child.previous
    if forked.items is not None:
        child.note("MapIterationFailed", parent.state.name, child.index)
    _abort_state(child)
    _abort(progress, parent, failed)
    parent.previous = failed
    return parent


def join(parent: Frame) -> list[Any]:
    """Note that all children have ended well; return their outputs."""
    forked = parent.fork
    assert forked is not None
    parent.note(f"{parent.state.kind}StateSucceeded")
    parent.fork = None
    return forked.results


def _abort(progress: Progress, parent: Frame, failed: int) -> None:
    """End every child of a fork, and theirs, wherever they are; their events follow ``failed``."""
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
    """Note that a child's state ends before its time; one that waits for its turn has entered none yet."""
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
