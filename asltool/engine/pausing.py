"""Pausing before states: a `Program` with a `Pause` asks it what each state is to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from asltool.engine.decisions import Decision, HoldingState
from asltool.engine.failures import settle
from asltool.engine.frame import Frame
from asltool.engine.retry import Failure

__all__ = ["EnterState", "Pause", "failed", "given"]

EnterState: TypeAlias = Callable[[Frame], Decision]
"""Decides what a state does with the frame's input, as `CompiledState.enter` does."""

Pause: TypeAlias = Callable[[Frame], EnterState]
"""Called with a frame before its state is entered. It may replace ``frame.input``, and returns what decides
in place of the state: ``frame.state.enter`` itself, or another function."""


def given(frame: Frame, result: Any) -> Decision:
    """Leave a state that is not run: ``result`` is the result of a Parallel or Map, and the output of
    another state.

    Raises:
        EvaluationError: an expression of the state has no value.
    """
    state = frame.state
    if isinstance(state, HoldingState) and state.kind != "Wait":
        return state.leave(frame, result, state.next)
    return result, state.next, None


def failed(frame: Frame, failure: Failure) -> Decision:
    """Let a state that is not run fail: it may retry or catch the failure."""
    return settle(frame, failure) if frame.state.forks else frame.state.recover(frame, failure)
