"""The texts of states and transitions: short in the diagram, complete in the tooltip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from asltool.diagrams.conditions import bare, condition_text
from asltool.diagrams.highlight import DrawnStatus, NamedTransition
from asltool.diagrams.labels import elide, shorten
from asltool.diagrams.services import service
from asltool.history.visits import Iterations
from asltool.syntax.model import Choice, Fail, Map, State, Succeed, Task, Transition, Wait, Working

__all__ = [
    "ShownTransitions",
    "badge",
    "detail",
    "flaws",
    "hint",
    "numbers",
    "said",
    "shown_name",
    "shown_transitions",
    "tally",
    "times",
    "title",
    "tooltip",
]

NAME_LENGTH = 80
"""A state name has at most 80 characters, so no name that is allowed is ever cut."""

DETAIL_LENGTH = 36

_SAID: Mapping[str, str] = {
    "unreached": "not reached",
    "unfinished": "running",
    "partial": "partly covered",
    "uncovered": "not covered",
    "wrong": "has errors",
    "warned": "has warnings",
}
_MARKS: Mapping[DrawnStatus | None, str] = {"partial": "◐", "uncovered": "✕"}

ShownTransitions = dict[tuple[str | None, bool], list[str]]
"""The target of a transition (None: the end) and whether it is a Catcher's, to its conditions."""


def title(state: State) -> str:
    """Return the state's name."""
    return shown_name(state.name)


def shown_name(name: str) -> str:
    """Return a name, shortened if it is longer than allowed."""
    return shorten(name, NAME_LENGTH)


def flaws(faults: Sequence[str]) -> str:
    """Return marks for the number of problems of a state."""
    return f"✕ {len(faults)} problem{'' if len(faults) == 1 else 's'}" if faults else ""


def detail(state: State) -> str:
    """Return a short description of what a state does."""
    return elide(_detail(state), DETAIL_LENGTH)


def _detail(state: State) -> str:
    match state:
        case Task(resource=resource):
            return service(resource) or "Task"
        case Fail(error=str(error)):
            return f"Fail {error}"
        case Wait():
            return _wait(state)
        case Map() if state.processor.mode == "DISTRIBUTED":
            return "Distributed Map"
    return state.type


def _wait(state: Wait) -> str:
    until = state.timestamp or state.timestamp_path
    if until is not None:
        return f"Wait until {bare(until)}"
    seconds = state.seconds if state.seconds_path is None else state.seconds_path
    return f"Wait {bare(str(seconds))} s"


def said(status: str) -> str:
    """Return a status in words."""
    return _SAID.get(status, status)


def times(count: int) -> str:
    """Return a count in words."""
    return f"×{count}"  # noqa: RUF001


def tally(status: DrawnStatus | None, taken: int | None, often: bool = False) -> tuple[str, ...]:
    """Return how often a transition was taken, for its label, or a mark for coverage.

    A count of one is shown only if the state was left ``often``, as for the exit of a loop.
    """
    if taken is None:
        return ()
    mark = _MARKS.get(status, "")
    count = times(taken) if taken > 1 or (often and taken) else ""
    return (f"{mark} {count}".strip(),) if mark or count else ()


def badge(state: State, retries: int, iterations: Iterations | None = None) -> str:
    """Return marks for the result of a run, or else for the allowed retries: ``↻ 3``.

    A run shows its retries, and how many iterations of a Map succeeded and failed.
    """
    marks = [f"↻ {times(retries)}"] if retries else []
    if iterations is not None:
        marks += (f"{mark} {len(each)}" for mark, each in _ended(iterations) if each)
    if marks:
        return " ".join(marks)
    allowed = sum(retrier.max_attempts for retrier in state.retry) if isinstance(state, Working) else 0
    return f"↻ {allowed}" if allowed else ""


def _ended(iterations: Iterations) -> tuple[tuple[str, Sequence[int]], ...]:
    return ("✓", iterations.succeeded), ("✕", iterations.failed)


def tooltip(
    state: State, status: DrawnStatus | None, iterations: Iterations | None = None, notes: Sequence[str] = ()
) -> str:
    """Return all details, one per line: name, type and Resource, retries, comment, result of a run."""
    lines = [state.name, f"Task {state.resource}" if isinstance(state, Task) else _detail(state)]
    if isinstance(state, Working):
        lines += (
            f"retry {', '.join(each.error_equals)}: at most {each.max_attempts} times" for each in state.retry
        )
    lines += filter(None, (state.comment, None if status in ("wrong", "warned") else status))
    if iterations is not None and iterations.failed:
        lines.append(f"failed iterations: {', '.join(map(str, sorted(iterations.failed)))}")
    return "\n".join([*lines, *notes])


def shown_transitions(state: State) -> ShownTransitions:
    """Return a state's transitions.

    Rules with the same target share one, because a history does not distinguish them.
    """
    found: ShownTransitions = {}
    for transition in state.transitions():
        texts = found.setdefault((transition.target, transition.kind == "Catch"), [])
        if transition.kind != "Next":
            texts += _texts(state, transition)
    if state.end or isinstance(state, Succeed | Fail):
        found[None, False] = []
    return found


def numbers(state: State) -> dict[tuple[str | None, bool], list[int | None]]:
    """Return the numbers of a Choice's rules, counted from 1, by target; None is that of the Default."""
    found: dict[tuple[str | None, bool], list[int | None]] = {}
    if isinstance(state, Choice):
        for transition in state.transitions():
            number = transition.index + 1 if transition.kind == "Choice" else None
            found.setdefault((transition.target, False), []).append(number)
    return found


def _texts(state: State, transition: Transition) -> list[str]:
    match state, transition.kind:
        case Choice(choices=choices), "Choice":
            return [condition_text(choices[transition.index].condition)]
        case Working(catch=catch), "Catch":
            return list(catch[transition.index].error_equals)
        case _, "Default":
            return ["Default"]
    return []


def hint(transition: NamedTransition, texts: Sequence[str]) -> str:
    """Return an edge's tooltip: its states and its conditions."""
    return "\n".join((f"{transition.source or 'start'} → {transition.target or 'end'}", *texts))
