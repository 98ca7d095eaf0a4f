"""Failures of a state: of its expressions, its children, or its map run."""

from __future__ import annotations

from asltool.engine.decisions import Decision, Retry, Stop
from asltool.engine.frame import Frame
from asltool.engine.retry import Failure
from asltool.errors import EvaluationError

__all__ = ["explain", "explained", "recover", "settle"]

_QUERY_EVALUATION = "States.QueryEvaluationError"


def recover(frame: Frame, error: EvaluationError) -> Decision:
    """Let the state handle an error of its own expressions."""
    failure = explain(frame, error)
    if error.error == _QUERY_EVALUATION and frame.state.forks:
        return settle(frame, failure)
    return _decide(frame, failure)


def settle(frame: Frame, failure: Failure) -> Decision:
    """Let a Parallel or Map handle a failure, and record it unless the state is retried."""
    decision = _decide(frame, failure)
    if not isinstance(decision, Retry):
        frame.record(f"{frame.state.kind}StateFailed")
    return decision


def _decide(frame: Frame, failure: Failure) -> Decision:
    try:
        return frame.state.recover(frame, failure)
    except EvaluationError as error:
        return Stop(explain(frame, error))


def explain(frame: Frame, error: EvaluationError) -> Failure:
    """Return an expression's error as the service reports it for this state; JSONata errors also have an
    event."""
    cause = explained(frame.state.name, frame.entered_id, error)
    if error.error == _QUERY_EVALUATION:
        if frame.previous == frame.entered_id and not frame.state.evaluates_inside:
            frame.previous = frame.before
        frame.record("EvaluationFailed", frame.state.name, error.error, cause, error.location)
    return Failure(error.error, cause)


def explained(state: str, entered_id: int, error: EvaluationError) -> str:
    """Return the service's cause for an expression's error in this state."""
    place = f"the state '{state}' (entered at the event id #{entered_id})"
    return f"An error occurred while executing {place}. {error.cause}"
